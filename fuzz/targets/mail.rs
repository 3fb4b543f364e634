//! E-mail with whatever is attached.
//!
//! Held to: whatever comes is a document within its bounds, with clean text, and each value at a place that is there.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use refdesk::intake::document::Container;
use refdesk_fuzz::{document, tolerant};

fuzz_target!(init: tolerant(), |bytes: &[u8]| -> Corpus { document(&[Container::Email], "a.eml", bytes) });
