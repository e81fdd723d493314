//! Tells the developer of addresses that were not written, because a browser
//! would run them: once for each place in the program, by its name alone.

use std::collections::HashSet;
use std::panic::Location;
use std::sync::Mutex;

use bennu_core::url::{RefusedUrl, report_to};

/// Places in a program are few; only names of attributes that are made at run
/// time could be more.
const MAX_PLACES: usize = 1_000;

type Place = (&'static Location<'static>, String);

/// Logs what the core refuses from now on.
pub(crate) fn log() {
    report_to(report);
}

fn report(url: RefusedUrl<'_>) {
    static TOLD: Mutex<Option<HashSet<Place>>> = Mutex::new(None);
    let is_first = match TOLD.lock() {
        Ok(mut told) => {
            let told = told.get_or_insert_default();
            told.len() < MAX_PLACES && told.insert((url.location, url.attribute.to_owned()))
        }
        // Invariant: nothing above panics.
        Err(_) => false,
    };
    if is_first {
        tracing::warn!(
            "{url}; if the program vouches for the address, wrap it: `TrustedUrl(url)` (said once \
             for this place)"
        );
    }
}
