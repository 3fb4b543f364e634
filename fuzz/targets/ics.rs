//! iCalendar.
//!
//! Held to: clean and bounded; lines that are folded anywhere (RFC 5545 §3.1) say the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::standards::ics;
use refdesk_fuzz::{stated, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    let _ = ics::is_calendar(&text);
    let read = ics::read(&text);
    let mut folded = String::new();
    let mut column = 0;
    for c in text.chars() {
        column = if matches!(c, '\r' | '\n') { 0 } else { column + 1 };
        if column > 7 {
            folded.push_str("\r\n ");
            column = 1;
        }
        folded.push(c);
    }
    assert_eq!(ics::read(&folded), read);
    stated(read, &text);
});
