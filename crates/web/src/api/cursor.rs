//! Lists come in parts: at most `limit` entries, and where the next part begins.

use auth::Actor;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// No part is longer.
const MOST: u16 = 200;
/// How long a part is if nobody says.
const USUAL: u16 = 50;

/// Which part of a list of an organisation's.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageOf {
    /// The organisation: `root`, or a client's key. Left out, the caller's own.
    #[schemars(length(min = 1, max = 100))]
    organisation: Option<String>,
    /// At most so many entries; 50 if nothing is said.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u16>,
    /// The `next` of the part before.
    #[schemars(length(min = 1, max = 400))]
    after: Option<String>,
}

impl PageOf {
    /// Whose things.
    pub(super) fn organisation<'a>(&'a self, actor: &'a Actor) -> &'a str {
        self.organisation.as_deref().unwrap_or_else(|| actor.home())
    }

    /// Which part.
    pub(super) fn page(&self) -> Page {
        Page::of(self.limit, self.after.clone())
    }
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// At most so many entries; 50 if nothing is said.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u16>,
    /// The `next` of the part before.
    #[schemars(length(min = 1, max = 400))]
    after: Option<String>,
}

/// A part of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub(super) struct Listing<T> {
    /// The entries. There may be fewer than were asked for: only a missing `next` ends the list.
    pub(super) items: Vec<T>,
    /// Where the next part begins; none after the last.
    pub(super) next: Option<String>,
}

/// How many entries are wanted.
pub(super) fn limit(limit: Option<u16>) -> Result<usize, Failure> {
    match limit.unwrap_or(USUAL) {
        0 => Err(Failure::unfit(Some("limit"), "it is at least 1")),
        many if many > MOST => Err(Failure::unfit(Some("limit"), "it is at most 200")),
        many => Ok(usize::from(many)),
    }
}

/// Where a list goes on, in signs that mean nothing to anybody else.
pub(super) fn write(place: &impl Serialize) -> Result<String, Failure> {
    let plain = serde_json::to_vec(place).map_err(|_| Failure::Internal)?;
    Ok(URL_SAFE_NO_PAD.encode(plain))
}

/// The place that these signs say.
pub(super) fn read<P: DeserializeOwned>(after: Option<&str>) -> Result<Option<P>, Failure> {
    let Some(after) = after else { return Ok(None) };
    let plain = URL_SAFE_NO_PAD.decode(after).ok();
    let place = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    place
        .map(Some)
        .ok_or_else(|| Failure::unfit(Some("after"), "take it from `next` of the part before"))
}

impl Page {
    /// A part, whosever list it is.
    pub(super) const fn of(limit: Option<u16>, after: Option<String>) -> Self {
        Self { limit, after }
    }

    /// How many.
    pub(super) fn limit(&self) -> Result<usize, Failure> {
        limit(self.limit)
    }

    /// Where it goes on.
    pub(super) fn after<P: DeserializeOwned>(&self) -> Result<Option<P>, Failure> {
        read(self.after.as_deref())
    }

    /// The part of a list that is read whole. Each entry is known by its key; if the one after which the
    /// list goes on is gone, the caller begins anew.
    pub(super) fn part<T>(
        &self,
        mut items: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Listing<T>, Failure> {
        let limit = self.limit()?;
        if let Some(after) = self.after::<String>()? {
            let at = items.iter().position(|one| key(one) == after).ok_or_else(|| {
                Failure::unfit(Some("after"), "what stood there is gone: read the list anew")
            })?;
            items.drain(..=at);
        }
        let more = items.len() > limit;
        items.truncate(limit);
        let next = match items.last() {
            Some(last) if more => Some(write(&key(last))?),
            _ => None,
        };
        Ok(Listing { items, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_in_parts_whole_and_once() {
        let items: Vec<u32> = (0..7).collect();
        let (mut seen, mut after) = (Vec::new(), None);
        for _ in 0..4 {
            let page = Page { limit: Some(3), after: after.take() };
            let part = page.part(items.clone(), u32::to_string).unwrap();
            seen.extend(part.items);
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, items);
        let page = Page { after: Some(write(&"9").unwrap()), ..Page::default() };
        assert!(page.part(items.clone(), u32::to_string).is_err());
        for bad in ["", "%", "e30", "bnVsbA"] {
            let page = Page { after: Some(bad.to_owned()), ..Page::default() };
            assert!(page.part(items.clone(), u32::to_string).is_err(), "{bad}");
        }
        for bad in [0, 201] {
            assert!(limit(Some(bad)).is_err());
        }
    }
}
