//! HL7 v2: messages, what they state, the report that one encloses, and the answer to one.
//!
//! Held to: clean and bounded; a message that was cut out and mended is the same when it is read again; what is answered with the sender's
//! own words and delimiters is one message, and nothing of the sender's has become a segment of it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::domain::time::from_seconds;
use refdesk::standards::enclosed::enclosed;
use refdesk::standards::hl7v2::answer::{self, Answering};
use refdesk::standards::hl7v2::{Message, messages, referral, report};
use refdesk_fuzz::{CHART, sound, text};

fuzz_target!(|bytes: &[u8]| {
    let text = text(bytes);
    sound(&referral::read(&text), text.len());
    let _ = (report::enclosed(&text), enclosed(&text));
    for message in messages(&text) {
        let again = messages(&message);
        assert_eq!(again.len(), 1, "a message is one");
        let read = |text: &str| Message::parse(text).map(|message| referral::state(&message));
        assert_eq!(read(&again[0]), read(&message));
    }
    let with = Answering {
        clinic: "Riverside",
        now: from_seconds(1_772_460_000),
    };
    let Some(told) = CHART.messages.first() else {
        return;
    };
    if let Some(said) = answer::print(&text, &CHART, told, with) {
        assert_eq!(messages(&said).len(), 1, "{}", said.escape_debug());
        assert!(said.chars().all(|c| c == '\r' || !c.is_control()));
        assert!(said.len() <= 4 * text.len() + 4_096, "{}", said.len());
    }
});
