//! What tells the components of one type apart.

use std::fmt;
use std::sync::Arc;

/// The id of a component, unique among those of its type in a view: a number or
/// a text.
///
/// ```
/// use bennu::ComponentId;
///
/// assert_eq!(ComponentId::from(7_u8), ComponentId::from(7_usize));
/// assert_ne!(ComponentId::from(7_u8), ComponentId::from("7"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ComponentId(Id);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Id {
    Number(i64),
    Text(Arc<str>),
}

impl From<&str> for ComponentId {
    fn from(text: &str) -> Self {
        Self(Id::Text(text.into()))
    }
}

impl From<&String> for ComponentId {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for ComponentId {
    fn from(text: String) -> Self {
        Self(Id::Text(text.into()))
    }
}

impl From<Arc<str>> for ComponentId {
    fn from(text: Arc<str>) -> Self {
        Self(Id::Text(text))
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for ComponentId {
            fn from(number: $integer) -> Self {
                match i64::try_from(number) {
                    Ok(number) => Self(Id::Number(number)),
                    // Another kind than all other numbers, so that no two meet.
                    Err(_) => Self::from(number.to_string()),
                }
            }
        }
    )*};
}

from_integers!(u16, u64, usize, i16, i64, isize, u128, i128);

macro_rules! from_small_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for ComponentId {
            fn from(number: $integer) -> Self {
                Self(Id::Number(i64::from(number)))
            }
        }
    )*};
}

from_small_integers!(u8, u32, i8, i32);

impl fmt::Display for ComponentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Id::Number(number) => write!(formatter, "{number}"),
            Id::Text(text) => write!(formatter, "{text:?}"),
        }
    }
}

impl fmt::Debug for ComponentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
