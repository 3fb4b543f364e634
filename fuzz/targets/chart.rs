//! A chart of ours as a FHIR bundle.
//!
//! Held to: one that is read, printed and read again is the same chart.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::domain::time::from_seconds;
use refdesk::standards::fhir::chart::{self, With};
use refdesk_fuzz::{plain, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    match chart::read(&text) {
        Ok(Some((read, originals))) => {
            let with = With {
                clinic: "Riverside",
                now: from_seconds(1_772_460_000),
                originals: &originals,
            };
            let printed = chart::print(&read, with).to_string();
            let again = chart::read(&printed);
            assert!(again == Ok(Some((read, originals))), "{printed}");
        }
        Ok(None) => {}
        Err(why) => plain(&why),
    }
});
