//! Integers as text. Pages are full of small numbers, so these skip the detour
//! over a buffer, whose copy would cost more than the digits.

/// Appends a number.
#[inline]
pub(crate) fn write_number(number: u32, out: &mut String) {
    if number < SHORT {
        write_short(number, out);
    } else {
        out.push_str(itoa::Buffer::new().format(number));
    }
}

/// Appends a number of up to five digits.
#[inline]
pub(crate) fn write_short(number: u32, out: &mut String) {
    debug_assert!(number < SHORT, "longer numbers go through itoa");
    match number {
        0..10 => one(number, out),
        10..100 => two(number, out),
        100..1000 => {
            one(number / 100, out);
            two(number % 100, out);
        }
        1000..10_000 => {
            two(number / 100, out);
            two(number % 100, out);
        }
        _ => {
            one(number / 10_000, out);
            two(number / 100 % 100, out);
            two(number % 100, out);
        }
    }
}

/// From here on numbers have more than five digits.
pub(crate) const SHORT: u32 = 100_000;

#[inline]
fn one(digit: u32, out: &mut String) {
    out.push(char::from(b'0' + (digit % 10) as u8));
}

#[inline]
fn two(digits: u32, out: &mut String) {
    const PAIRS: &str = "\
        0001020304050607080910111213141516171819\
        2021222324252627282930313233343536373839\
        4041424344454647484950515253545556575859\
        6061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899";
    let at = 2 * digits as usize;
    out.push_str(PAIRS.get(at..at + 2).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_written_as_others_write_them() {
        for number in 0..SHORT {
            let mut out = String::new();
            write_short(number, &mut out);
            assert_eq!(out, number.to_string());
        }
    }
}
