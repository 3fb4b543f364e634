//! The answer to a message that came over a connection: ACK, in its original and its enhanced mode (HL7 v2.5.1 §2.9.2, §2.9.3), and
//! ORG^O20 where an order is answered (§4.4.5).
//!
//! Owns what of a header an answer needs, which answer the sender asked for, and how it is printed: with the sender's own
//! separators, so that what it called its message comes back as it was. Bytes in, bytes out: the sender's alphabet is not
//! guessed. Must not know what became of the message beyond the verdict.

use crate::domain::time::{Stamp, print_stamp};
use sha2::{Digest, Sha256};

/// The longest header that is looked at, and the longest value that is sent back.
const HEADER: usize = 4 << 10;
const VALUE: usize = 250;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept.
    Taken,
    /// It could not be kept now: to be sent again. Says why, without patient data.
    Failed(&'static str),
    /// It is none that is taken, now or later. Says why.
    Rejected(&'static str),
}

/// What an answer needs to know of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    separator: u8,
    /// MSH-2 to MSH-18, in their order.
    fields: Vec<Vec<u8>>,
    /// Stands for the message: two with the same are the same message, sent again.
    occasion: String,
}

impl Head {
    /// Reads the header of a message; none where it has none (§2.5.4: `MSH` and a separator).
    pub fn of(message: &[u8]) -> Option<Head> {
        let message = message
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(message)
            .trim_ascii_start();
        let end = message
            .iter()
            .position(|byte| matches!(byte, b'\r' | b'\n'))
            .unwrap_or(message.len());
        let (header, body) = message.split_at_checked(end)?;
        let rest = header.strip_prefix(b"MSH")?;
        let separator = *rest.first().filter(|byte| byte.is_ascii_punctuation())?;
        let rest = rest.get(1..HEADER.min(rest.len()))?;
        let plain = |field: &[u8]| -> Vec<u8> {
            let bytes = field.iter().filter(|byte| !byte.is_ascii_control());
            bytes.take(VALUE).copied().collect()
        };
        let fields: Vec<Vec<u8>> = rest
            .split(|byte| *byte == separator)
            .take(17)
            .map(plain)
            .collect();
        let mut head = Head {
            separator,
            fields,
            occasion: String::new(),
        };
        head.occasion = head.number(body.trim_ascii());
        Some(head)
    }

    /// A sender that heard no answer sends again, with another time in the header perhaps; one that counts from 1 again every
    /// morning uses a number twice for two messages. So both count: who sends, the number, and what the message says.
    fn number(&self, body: &[u8]) -> String {
        let mut hash = Sha256::new();
        for field in [3, 4, 9, 10] {
            hash.update(self.field(field));
            hash.update([0]);
        }
        hash.update(body);
        let hash = hash.finalize();
        hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// A field of MSH by its number in the standard, from 2.
    fn field(&self, number: usize) -> &[u8] {
        let at = number.saturating_sub(2);
        self.fields.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// A component of a field, from 1.
    fn component(&self, number: usize, part: usize) -> &[u8] {
        let separator = self.field(2).first().copied().unwrap_or(b'^');
        let mut parts = self.field(number).split(|byte| *byte == separator);
        parts.nth(part.saturating_sub(1)).unwrap_or_default()
    }

    /// What stands for the message.
    pub fn occasion(&self) -> &str {
        &self.occasion
    }

    /// The occasion under which it is taken in, by whatever way it comes.
    pub fn heard_as(&self) -> String {
        format!("mllp/{}", self.occasion)
    }

    /// The sender's number of the message (MSH-10) as a part of a file's name.
    pub fn name(&self) -> String {
        let letters = self.field(10).iter().map(|byte| char::from(*byte));
        letters
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .take(60)
            .collect()
    }

    /// The answer that the sender asked for; none where it wants none. An acknowledgement is not acknowledged.
    pub fn answer(&self, verdict: Verdict, now: Stamp) -> Option<Vec<u8>> {
        if matches!(self.component(9, 1), b"ACK" | b"MCF") {
            return None;
        }
        let [accept, application] = [15, 16].map(|number| self.field(number));
        // Table 0155: always, never, on error, on success.
        let wants = |condition: &[u8]| match condition {
            b"AL" => true,
            b"ER" => verdict != Verdict::Taken,
            b"SU" => verdict == Verdict::Taken,
            _ => false,
        };
        let letter = match (accept.is_empty(), application.is_empty()) {
            // Original mode.
            (true, true) => b'A',
            _ if wants(accept) => b'C',
            _ if wants(application) => b'A',
            _ => return None,
        };
        Some(self.print(letter, verdict, now))
    }

    fn print(&self, letter: u8, verdict: Verdict, now: Stamp) -> Vec<u8> {
        let own = if self.field(5).is_empty() {
            b"REFDESK"
        } else {
            self.field(5)
        };
        let encoding = if self.field(2).is_empty() {
            b"^~\\&"
        } else {
            self.field(2)
        };
        let part = encoding.first().copied().unwrap_or(b'^');
        let event = self.component(9, 2);
        // An order is answered by the response that goes with it (§4.4.5), which is an ACK to begin with; every receipt is an ACK.
        let (code, event, structure) = match (letter, self.component(9, 1), event) {
            (b'A', b"OMG", b"O19") => (b"ORG".as_slice(), b"O20".as_slice(), b"ORG_O20".as_slice()),
            _ => (b"ACK".as_slice(), event, b"ACK".as_slice()),
        };
        let mut kind = vec![code];
        if !event.is_empty() {
            kind.push(event);
            // The structure, where the sender names its own (since version 2.3.1).
            kind.extend((!self.component(9, 3).is_empty()).then_some(structure));
        }
        let kind = kind.join(&part);
        let stamp: String = print_stamp(now).chars().filter(char::is_ascii_digit).collect();
        let stamp = format!("{}+0000", stamp.get(..14).unwrap_or(&stamp));
        let or = |field: &'_ [u8], usual: &'static [u8]| -> Vec<u8> {
            if field.is_empty() { usual } else { field }.to_vec()
        };
        // Repeats are answered alike, under the same number.
        let number = format!("RD{}", self.occasion.get(..18).unwrap_or_default());
        let header: [&[u8]; 12] = [
            b"MSH",
            encoding,
            own,
            self.field(6),
            self.field(3),
            self.field(4),
            stamp.as_bytes(),
            b"",
            &kind,
            number.as_bytes(),
            &or(self.field(11), b"P"),
            &or(self.field(12), b"2.5.1"),
        ];
        let mut out = header.join(&self.separator);
        let (code, error) = match verdict {
            Verdict::Taken => (b'A', None),
            Verdict::Failed(why) => (b'E', Some(("207", "Application internal error", why))),
            Verdict::Rejected(why) => (b'R', Some(("200", "Unsupported message type", why))),
        };
        let code = [letter, code];
        let text = error.map_or("", |(_, _, why)| why);
        out.push(b'\r');
        let answered: [&[u8]; 4] = [b"MSA", &code, self.field(10), text.as_bytes()];
        let mut answered = answered.join(&self.separator);
        while answered.last() == Some(&self.separator) && text.is_empty() {
            answered.pop();
        }
        out.extend(answered);
        out.push(b'\r');
        if let Some((number, words, why)) = error {
            // ERR-3 (table 0357), ERR-4 severity, ERR-8 for a person.
            let coded = [number.as_bytes(), words.as_bytes(), b"HL70357"].join(&part);
            let said: [&[u8]; 9] = [b"ERR", b"", b"", &coded, b"E", b"", b"", b"", why.as_bytes()];
            out.extend(said.join(&self.separator));
            out.push(b'\r');
        }
        out
    }
}

/// The answer to what has no header: nobody knows what was called how.
pub fn rejected(why: &'static str, now: Stamp) -> Vec<u8> {
    let head = Head {
        separator: b'|',
        fields: Vec::new(),
        occasion: "0".repeat(24),
    };
    head.print(b'A', Verdict::Rejected(why), now)
}

/// How many messages a block holds: it should be one (§2.10.3 has batches for files).
pub fn count(block: &[u8]) -> usize {
    block
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .map(<[u8]>::trim_ascii_start)
        .filter(|line| {
            line.strip_prefix(b"MSH")
                .and_then(|rest| rest.first())
                .is_some_and(u8::is_ascii_punctuation)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_stamp;

    fn answer(message: &str, verdict: Verdict) -> Option<String> {
        let now = parse_stamp("2026-03-02T14:00:00Z").unwrap();
        let answer = Head::of(message.as_bytes()).unwrap().answer(verdict, now)?;
        Some(String::from_utf8(answer).unwrap().replace('\r', "\n"))
    }

    /// The answer without its own number.
    fn plain(message: &str, verdict: Verdict) -> String {
        let text = answer(message, verdict).unwrap_or_default();
        let at = text.find("RD").map_or(text.len(), |at| at + 2);
        let after = text.get(at + 18..).unwrap_or_default();
        format!("{}{after}", text.get(..at).unwrap())
    }

    #[test]
    fn an_answer_names_the_message_and_says_what_became_of_it() {
        let message = "MSH|^~\\&|EHR|ELM|DESK|HEART|20260302||REF^I12^REF_I12|77|P|2.5.1\rPID|1";
        let head = "MSH|^~\\&|DESK|HEART|EHR|ELM|20260302140000+0000||ACK^I12^ACK|RD|P|2.5.1\n";
        assert_eq!(plain(message, Verdict::Taken), format!("{head}MSA|AA|77\n"));
        assert_eq!(
            plain(message, Verdict::Failed("send it again")),
            format!(
                "{head}MSA|AE|77|send it again\nERR|||207^Application internal error^HL70357|E||||send it again\n"
            )
        );
        assert_eq!(
            plain(message, Verdict::Rejected("no")),
            format!("{head}MSA|AR|77|no\nERR|||200^Unsupported message type^HL70357|E||||no\n")
        );
        // An order has an answer of its own, and its receipt is one like any other.
        let order = message.replace("REF^I12^REF_I12", "OMG^O19^OMG_O19");
        assert_eq!(
            plain(&order, Verdict::Taken),
            format!("{}MSA|AA|77\n", head.replace("ACK^I12^ACK", "ORG^O20^ORG_O20"))
        );
        assert_eq!(
            plain(&order.replace("|2.5.1", "|2.5.1|||AL|NE"), Verdict::Taken),
            format!("{}MSA|CA|77\n", head.replace("I12", "O19"))
        );
        // The sender's own separators, and its older ways.
        assert_eq!(
            plain("MSH:*~\\&:A:B:::::ADT*A08:9", Verdict::Taken),
            "MSH:*~\\&:REFDESK::A:B:20260302140000+0000::ACK*A08:RD:P:2.5.1\nMSA:AA:9\n"
        );
    }

    #[test]
    fn the_sender_says_whether_it_wants_an_answer() {
        let table = [
            ("|", Verdict::Taken, Some("AA")),
            ("AL|NE", Verdict::Taken, Some("CA")),
            ("AL|AL", Verdict::Failed("x"), Some("CE")),
            ("NE|AL", Verdict::Taken, Some("AA")),
            ("NE|NE", Verdict::Failed("x"), None),
            ("ER|", Verdict::Taken, None),
            ("ER|", Verdict::Rejected("x"), Some("CR")),
            ("SU|ER", Verdict::Rejected("x"), Some("AR")),
            ("SU|", Verdict::Taken, Some("CA")),
        ];
        for (conditions, verdict, expected) in table {
            let message = format!("MSH|^~\\&|||||||REF^I12|7|P|2.5|||{conditions}");
            let code = answer(&message, verdict).map(|text| {
                let (_, said) = text.split_once("MSA|").unwrap();
                said.get(..2).unwrap().to_owned()
            });
            assert_eq!(code.as_deref(), expected, "{conditions} {verdict:?}");
        }
        assert_eq!(
            answer("MSH|^~\\&|||||||ACK^I12|7\rMSA|AA|1", Verdict::Taken),
            None
        );
    }

    #[test]
    fn the_same_message_again_is_known_and_another_under_its_number_is_not() {
        let of = |text: &str| Head::of(text.as_bytes()).unwrap().occasion().to_owned();
        let first = of("MSH|^~\\&|A|B|||20260302||REF^I12|7\rPID|1||1\r");
        assert_eq!(first, of("\r\nMSH|^~\\&|A|B|||20260303||REF^I12|7\rPID|1||1"));
        for other in [
            "MSH|^~\\&|A|B|||20260302||REF^I12|8\rPID|1||1",
            "MSH|^~\\&|C|B|||20260302||REF^I12|7\rPID|1||1",
            "MSH|^~\\&|A|B|||20260302||REF^I12|7\rPID|1||2",
        ] {
            assert_ne!(first, of(other), "{other}");
        }
    }

    #[test]
    fn whatever_comes_has_an_answer_or_no_header() {
        let now = parse_stamp("2026-03-02T14:00:00Z").unwrap();
        for text in ["", "MSH", "MSHA", "PID|1", "MSH ", "\u{b}"] {
            assert_eq!(Head::of(text.as_bytes()), None, "{text}");
        }
        for text in ["MSH|", "MSH||||", "MSH|\u{1}\u{1b}[31m|\u{7f}|||||||\u{0}9"] {
            let said = Head::of(text.as_bytes())
                .unwrap()
                .answer(Verdict::Taken, now)
                .unwrap();
            assert!(
                said.iter().all(|byte| *byte == b'\r' || !byte.is_ascii_control()),
                "{text:?}"
            );
        }
        assert!(rejected("no message", now).starts_with(b"MSH|^~\\&|REFDESK|"));
        assert_eq!(count(b"MSH|a\rPID|MSH|\r\nMSH|b"), 2);
    }
}
