//! X12: interchanges of 270, 271, 275, 277, 278, TA1, 997 and 999.
//!
//! Held to: clean and bounded; blanks and line ends between segments change nothing.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::standards::x12::{self, Interchange};
use refdesk_fuzz::{stated, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    let read = x12::read(&text);
    if let Ok(interchange) = Interchange::parse(&text) {
        for segment in interchange.all() {
            assert!(!segment.id().contains(['\r', '\n']) || segment.id().contains(char::is_alphanumeric));
        }
        let spaced = format!("\u{FEFF}\r\n {text}\r\n");
        assert_eq!(x12::read(&spaced), read);
    }
    stated(read.map(|one| vec![one]).map_err(|why| why.to_string()), &text);
});
