//! C-CDA: referral notes and consultation notes.
//!
//! Held to: clean and bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::standards::ccda;
use refdesk::standards::enclosed::enclosed;
use refdesk_fuzz::{stated, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    let _ = enclosed(&text);
    stated(ccda::read(&text).map(|found| found.into_iter().collect()), &text);
});
