//! Tables of appointments (CSV).
//!
//! Held to: clean and bounded; a byte order mark changes nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::standards::table;
use refdesk_fuzz::{stated, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    let read = table::read(&text);
    assert_eq!(table::read(&format!("\u{FEFF}{text}")), read);
    assert_eq!(
        table::is_schedule(&format!("\u{FEFF}{text}")),
        table::is_schedule(&text)
    );
    stated(read, &text);
});
