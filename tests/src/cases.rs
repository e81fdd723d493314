//! How many random cases a test takes.

use std::env;

/// `few`, or `all` if the environment variable `BENNU_TEST_ALL` is 1: a change
/// is tested with few cases again and again, a release once with all of them.
#[must_use]
pub fn cases(few: u32, all: u32) -> u32 {
    match env::var("BENNU_TEST_ALL").as_deref() {
        Ok("1") => all,
        _ => few,
    }
}
