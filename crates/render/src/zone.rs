//! Moments written out for people.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use model::Micros;

/// The zone in which moments are written out, and the place people know it by.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    place: String,
}

/// No such zone in the time-zone database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no time zone `{0}`: use a name such as `America/Halifax` or `UTC`")]
pub struct UnknownZone(String);

impl Zone {
    /// The zone of this IANA name (`America/Halifax`).
    ///
    /// # Errors
    /// When the time-zone database has no such name.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        let place = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
        Ok(Self { zone, place })
    }

    /// Universal time.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, place: "UTC".to_owned() }
    }

    /// The place shown in brackets after a moment.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The moment at which a day (`2026-01-31`) begins in this zone.
    pub fn start_of_day(&self, day: &str) -> Option<Micros> {
        let day: jiff::civil::Date = day.parse().ok()?;
        let start = day.to_zoned(self.zone.clone()).ok()?;
        Some(Micros(start.timestamp().as_microsecond()))
    }

    /// A moment in this zone. Moments outside the calendar (before the year -9999 or after 9999)
    /// show as the calendar's nearest end.
    pub fn at(&self, moment: Micros) -> Zoned {
        let end = if moment.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(moment.0).unwrap_or(end).to_zoned(self.zone.clone())
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

/// A moment as RFC 3339 in UTC, to the second: the form in which machines are told.
pub fn rfc3339(moment: Micros) -> String {
    let at = Zone::utc().at(moment).timestamp();
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// Serialises [`Micros`] as RFC 3339 text, for documents that strangers read.
pub(crate) mod as_rfc3339 {
    use super::{Micros, Timestamp};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(moment: &Micros, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::rfc3339(*moment))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Micros, D::Error> {
        let text = String::deserialize(from)?;
        let moment: Timestamp =
            text.parse().map_err(|_| D::Error::custom("a moment must be RFC 3339 text"))?;
        Ok(Micros(moment.as_microsecond()))
    }
}

/// The same for a moment that may be missing.
pub(crate) mod as_maybe_rfc3339 {
    use super::Micros;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Moment(#[serde(with = "super::as_rfc3339")] Micros);

    pub(crate) fn serialize<S: Serializer>(at: &Option<Micros>, to: S) -> Result<S::Ok, S::Error> {
        at.map(Moment).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Micros>, D::Error> {
        Ok(Option::<Moment>::deserialize(from)?.map(|moment| moment.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_city() {
        assert_eq!(Zone::named("America/St_Johns").unwrap().place(), "St Johns");
        assert_eq!(
            Zone::named("Mars/Olympus").unwrap_err().to_string(),
            "there is no time zone `Mars/Olympus`: use a name such as `America/Halifax` or `UTC`"
        );
    }

    #[test]
    fn a_day_begins_at_midnight_in_its_zone() {
        let halifax = Zone::named("America/Halifax").unwrap();
        let start = halifax.start_of_day("2026-01-31").unwrap();
        assert_eq!(rfc3339(start), "2026-01-31T04:00:00Z");
        assert_eq!(halifax.start_of_day("31.1.2026"), None);
    }

    #[test]
    fn moments_outside_the_calendar_do_not_fail() {
        assert_eq!(rfc3339(Micros(0)), "1970-01-01T00:00:00Z");
        assert!(rfc3339(Micros(i64::MAX)).starts_with("9999-12-30"));
        assert!(rfc3339(Micros(i64::MIN)).starts_with("-009999-01-02"));
    }
}
