//! HL7 v2's blocks on a connection, and the acknowledgement of what is in one.
//!
//! Held to: what comes out does not depend on the packets; an acknowledgement has no byte that begins or ends a block, and is short.

#![no_main]

use libfuzzer_sys::fuzz_target;
use refdesk::domain::time::from_seconds;
use refdesk::standards::hl7v2::blocks::{Blocks, Got, block};
use refdesk::standards::hl7v2::receipt::{self, Head, Verdict};

fuzz_target!(|bytes: &[u8]| {
    let Some((size, bytes)) = bytes.split_first() else {
        return;
    };
    let mut whole = Blocks::default();
    let mut at_once = whole.take(bytes);
    at_once.extend(whole.close());
    let mut parts = Blocks::default();
    let mut got = Vec::new();
    for part in bytes.chunks(1 + usize::from(*size)) {
        got.extend(parts.take(part));
        if matches!(got.last(), Some(Got::Noise | Got::TooLong(_))) {
            break;
        }
    }
    got.extend(parts.close());
    assert_eq!(got, at_once);
    for one in got {
        let (Got::Block(message) | Got::TooLong(message)) = one else {
            continue;
        };
        let _ = receipt::count(&message);
        let Some(head) = Head::of(&message) else { continue };
        assert!(head.name().len() <= 60);
        for verdict in [Verdict::Taken, Verdict::Failed("again"), Verdict::Rejected("no")] {
            let said = head.answer(verdict, from_seconds(0)).unwrap_or_default();
            assert!(said.iter().all(|byte| *byte == b'\r' || !byte.is_ascii_control()));
            assert!(said.len() < 4_096, "{}", said.len());
            if !said.is_empty() {
                assert_eq!(Blocks::default().take(&block(&said)), [Got::Block(said)]);
            }
        }
    }
});
