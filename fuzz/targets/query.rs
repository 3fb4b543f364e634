//! The queries that people type.
//!
//! Held to: no more terms than characters; what is wrong stands where it says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::domain::query::Query;
use refdesk_fuzz::text;

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    match Query::parse(&text) {
        Ok(query) => assert!(query.terms.len() <= text.len()),
        Err(error) => assert!(
            error.at <= text.chars().count() && !error.because.is_empty(),
            "{error}"
        ),
    }
});
