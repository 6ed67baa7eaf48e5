//! A form that brings a file along.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use model::Secret;

use crate::failure::Failure;

/// What came.
#[derive(Default)]
pub(crate) struct Upload {
    fields: BTreeMap<String, String>,
    /// The name and the bytes of the file; none if nothing was chosen.
    pub(crate) file: Option<(String, Secret<Vec<u8>>)>,
}

impl Upload {
    /// Reads the form. How much may come is limited by the row of the table.
    pub(crate) async fn read(mut form: Multipart) -> Result<Self, Failure> {
        let wrong = |error: MultipartError| Failure::of(error.status());
        let mut upload = Self::default();
        while let Some(part) = form.next_field().await.map_err(wrong)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(called) => {
                    let bytes = part.bytes().await.map_err(wrong)?;
                    if !bytes.is_empty() {
                        upload.file = Some((called, Secret::new(bytes.to_vec())));
                    }
                }
                None => {
                    upload.fields.insert(name, part.text().await.map_err(wrong)?);
                }
            }
        }
        Ok(upload)
    }

    /// The names of the fields that came.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// A field; empty if it did not come.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}
