//! Decimal numbers as people type them, exact: integers of their last place.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A number of at most 999,999 with up to `PLACES` digits after the point, as
/// an integer of those: 12.50 with two places is 1250.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Decimal<const PLACES: usize>(i64);

/// An amount of money, in cents.
pub(crate) type Cents = Decimal<2>;
/// How much of something, in thousandths.
pub(crate) type Quantity = Decimal<3>;

impl<const PLACES: usize> Decimal<PLACES> {
    /// How many digits may stand in front of the point. With it a product of
    /// two stays below 10^18, and sums of a hundred such in cents far below.
    const WHOLE: usize = 6;
    const ONE: i64 = 10_i64.pow(PLACES as u32);

    pub(crate) const fn of(units: i64) -> Self {
        Self(units)
    }

    pub(crate) const fn units(self) -> i64 {
        self.0
    }
}

impl Cents {
    /// This much for each of a quantity; half a cent becomes a whole one.
    pub(crate) fn times(self, quantity: Quantity) -> Self {
        Self((self.0 * quantity.0 + Quantity::ONE / 2) / Quantity::ONE)
    }

    /// A part of it in hundredths; half a cent becomes a whole one.
    pub(crate) fn percent(self, percent: i64) -> Self {
        Self((self.0 * percent + 50) / 100)
    }
}

impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(Self::units).sum())
    }
}

impl<const PLACES: usize> TryFrom<String> for Decimal<PLACES> {
    type Error = String;

    /// With a point or a comma, and no other sign.
    fn try_from(text: String) -> Result<Self, String> {
        let (whole, part) = text
            .trim()
            .split_once(['.', ','])
            .unwrap_or_else(|| (text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
            return Err("must be a number such as 12.50".to_owned());
        }
        if whole.len() > Self::WHOLE {
            return Err("must be below 1,000,000".to_owned());
        }
        if part.len() > PLACES {
            return Err(format!("has more than {PLACES} digits after the point"));
        }
        let number = format!("{whole}{part:0<PLACES$}").parse();
        number.map(Self).map_err(|_| "must be a number".to_owned())
    }
}

impl<const PLACES: usize> fmt::Display for Decimal<PLACES> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}.{:0PLACES$}",
            self.0 / Self::ONE,
            self.0 % Self::ONE
        )
    }
}

/// As one would type it: without zeros that say nothing.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        serializer.serialize_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(text: &str) -> Result<i64, String> {
        Cents::try_from(text.to_owned()).map(Cents::units)
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, wanted) in [
            ("12", 1200),
            ("12.5", 1250),
            (" 0,05 ", 5),
            (".5", 50),
            ("7.", 700),
        ] {
            assert_eq!(cents(text), Ok(wanted), "{text}");
        }
        assert_eq!(cents("999999.99"), Ok(99_999_999));
        for text in ["", ".", "-1", "1e3", "1.2.3", "1.005", "1000000", "x", "١"] {
            assert!(cents(text).is_err(), "{text}");
        }
        assert_eq!(Cents::of(1205).to_string(), "12.05");
    }

    #[test]
    fn sums_are_exact() {
        let price = Cents::of(10);
        assert_eq!((0..10).map(|_| price).sum::<Cents>(), Cents::of(100));
        // A third of a cent goes, half a cent counts.
        assert_eq!(Cents::of(1).times(Quantity::of(333)), Cents::of(0));
        assert_eq!(Cents::of(1).times(Quantity::of(500)), Cents::of(1));
        assert_eq!(Cents::of(1999).times(Quantity::of(1500)), Cents::of(2999));
        assert_eq!(Cents::of(1050).percent(19), Cents::of(200));
        let most = Cents::of(99_999_999).times(Quantity::of(999_999_999));
        assert_eq!(most.units(), 99_999_998_900_000);
    }
}
