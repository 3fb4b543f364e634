//! FHIR: resources and bundles in JSON, lines of NDJSON, XML; and the update that goes back to the sender.
//!
//! Held to: clean and bounded; a tree that is printed as JSON is read as the same tree; whatever the sender calls its request and its
//! patient, the update is JSON that can be read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::domain::time::from_seconds;
use refdesk::standards::enclosed::enclosed;
use refdesk::standards::fhir::chart::With;
use refdesk::standards::fhir::update::{self, Sender};
use refdesk::standards::fhir::{self, Node};
use refdesk_fuzz::{CHART, stated, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    stated(fhir::read_all(&text), &text);
    let _ = enclosed(&text);
    let Ok(roots) = fhir::parse(&text) else { return };
    for root in &roots {
        // A list at the root is its items, and a text is none of a file's.
        if let Node::Object(_) = root {
            let printed = root.to_json();
            assert_eq!(
                fhir::parse(&printed).as_deref(),
                Ok(std::slice::from_ref(root)),
                "{printed}"
            );
        }
    }
    let Some(told) = CHART.messages.first() else {
        return;
    };
    let with = With {
        clinic: "Riverside",
        now: from_seconds(1_772_460_000),
        originals: &[],
    };
    let said = update::print(&CHART, told, &Sender::of(&text), with).to_string();
    let read = fhir::read(&said).expect("an update is FHIR");
    stated(Ok(vec![read]), &said);
});
