//! Single values from text, and the words for what is wrong with them: a
//! person who fills a form in reads them beside the input.

use std::borrow::Cow;
use std::num::IntErrorKind;

pub(super) const REQUIRED: &str = "is required";
pub(super) const NOT_SINGLE: &str = "must be a single value";
pub(super) const NOT_LIST: &str = "must be a list";
pub(super) const NOT_GROUP: &str = "must be a group of fields";
pub(super) const NOT_CHOICE: &str = "is not one of the choices";

/// What is wrong with a value.
pub(super) type Wrong = Cow<'static, str>;

/// A value that is read from one text. Spaces around it don't count.
pub(super) trait Leaf: Sized {
    /// Stands in for a value that could not be read, so that decoding goes on
    /// and finds what else is wrong. One rather than zero, which `NonZero`
    /// would refuse.
    const STAND_IN: Self;

    fn read(text: &str) -> Result<Self, Wrong>;
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl Leaf for $number {
            const STAND_IN: Self = 1;

            fn read(text: &str) -> Result<Self, Wrong> {
                text.trim().parse().map_err(|error: std::num::ParseIntError| {
                    not_whole(text.trim(), error.kind(), &Self::MIN, &Self::MAX)
                })
            }
        }
    )*};
}

whole_numbers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

fn not_whole(
    text: &str,
    kind: &IntErrorKind,
    min: &dyn std::fmt::Display,
    max: &dyn std::fmt::Display,
) -> Wrong {
    let negative = text
        .strip_prefix('-')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    match kind {
        IntErrorKind::PosOverflow => format!("must be {max} or less").into(),
        // An unsigned type takes the sign itself for a wrong digit.
        _ if negative => format!("must be {min} or more").into(),
        _ => "must be a whole number".into(),
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Leaf for $number {
            const STAND_IN: Self = 1.0;

            /// Only finite ones: `nan` and `inf` are no numbers to a person.
            fn read(text: &str) -> Result<Self, Wrong> {
                match text.trim().parse::<Self>() {
                    Ok(number) if number.is_finite() => Ok(number),
                    _ => Err("must be a number".into()),
                }
            }
        }
    )*};
}

numbers!(f32, f64);

impl Leaf for bool {
    const STAND_IN: Self = false;

    /// A checkbox sends its `value`, `on` by default, or nothing at all.
    fn read(text: &str) -> Result<Self, Wrong> {
        match text.trim() {
            "true" | "on" | "1" => Ok(true),
            "false" | "off" | "0" | "" => Ok(false),
            _ => Err("must be true or false".into()),
        }
    }
}

impl Leaf for char {
    const STAND_IN: Self = ' ';

    fn read(text: &str) -> Result<Self, Wrong> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(letter),
            _ => Err("must be a single character".into()),
        }
    }
}
