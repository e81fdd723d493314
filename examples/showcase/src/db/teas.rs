//! What the tea shop sells.

use std::fmt;

use serde::Deserialize;

/// An amount of money, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Price(pub(crate) u32);

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tea {
    /// What the database calls it.
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) note: &'static str,
    pub(crate) kind: Kind,
    /// Of 100 grams.
    pub(crate) price: Price,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Black,
    Green,
    Herbal,
}

impl Tea {
    const fn new(
        slug: &'static str,
        name: &'static str,
        note: &'static str,
        kind: Kind,
        cents: u32,
    ) -> Self {
        Self {
            slug,
            name,
            note,
            kind,
            price: Price(cents),
        }
    }

    pub(crate) fn find(slug: &str) -> Option<&'static Self> {
        TEAS.iter().find(|tea| tea.slug == slug)
    }
}

pub(crate) const TEAS: &[Tea] = &[
    Tea::new("assam", "Assam", "Malt, honey, strong", Kind::Black, 890),
    Tea::new(
        "darjeeling",
        "Darjeeling",
        "Light, of muscat",
        Kind::Black,
        1290,
    ),
    Tea::new(
        "keemun",
        "Keemun",
        "Cocoa, a little smoke",
        Kind::Black,
        1150,
    ),
    Tea::new(
        "sencha",
        "Sencha",
        "Fresh grass, the sea",
        Kind::Green,
        1090,
    ),
    Tea::new("jasmine", "Jasmine", "Of seven nights", Kind::Green, 1340),
    Tea::new("genmaicha", "Genmaicha", "Roasted rice", Kind::Green, 790),
    Tea::new("mint", "Mint", "From Meknès", Kind::Herbal, 490),
    Tea::new("rooibos", "Rooibos", "Red, sweet, mild", Kind::Herbal, 590),
];

impl fmt::Display for Price {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "€ {}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_has_two_decimals() {
        assert_eq!(Price(1205).to_string(), "€ 12.05");
        assert_eq!(Price(0).to_string(), "€ 0.00");
    }
}
