//! In the place of [`crate::Model`], in a build without the engine.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};

use detect::KindRef;

use crate::error::{LoadError, RunError};
use crate::finder::Told;

/// A token classifier. There is none in this build.
#[derive(Debug)]
pub struct Model(Infallible);

impl Model {
    /// Refuses: see [`LoadError::NotBuiltIn`].
    ///
    /// # Errors
    /// Always.
    pub fn load(_: &Path, _: &BTreeMap<String, KindRef>) -> Result<Self, LoadError> {
        Err(LoadError::NotBuiltIn)
    }

    /// The files that decide what it finds.
    pub fn files(&self) -> Vec<PathBuf> {
        match self.0 {}
    }

    /// What the model was loaded from.
    pub fn path(&self) -> &Path {
        match self.0 {}
    }

    /// What its labels name, each with the kind of which it is reported.
    pub fn labels(&self) -> Vec<(String, Option<KindRef>)> {
        match self.0 {}
    }

    /// The labels that lead to no finding.
    pub fn unreported(&self) -> Vec<String> {
        match self.0 {}
    }

    pub(crate) fn find(&self, _: &[u8]) -> Result<Vec<Told>, RunError> {
        match self.0 {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_without_the_engine_says_how_to_build_one_with_it() {
        let error = Model::load(Path::new("."), &BTreeMap::new()).unwrap_err().to_string();
        assert!(error.contains("cargo build --release --features onnx"), "{error}");
    }
}
