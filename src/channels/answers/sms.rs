//! Text messages as a modem's program received them: smstools' `incoming` files, gammu's inbox.
//!
//! Owns both forms. Must not know who has which number.

use crate::domain::id::MessageId;
use crate::domain::text;

/// A text message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// The sender's number, as the network gave it; digits with an optional `+`.
    pub from: String,
    /// What it says.
    pub said: String,
    /// What a report of the network says, where it is one.
    pub report: Option<Report>,
}

/// A delivery report of the network (3GPP TS 23.040, TP-Status).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The network's number of the message, under which smstools kept it; gammu names only whom it went to.
    pub number: Option<String>,
    /// What became of it; none while the network still tries.
    pub delivered: Option<bool>,
    /// In the words of the modem's program.
    pub words: String,
}

/// The longest file that is looked at: a text message of many parts is a few thousand characters.
const LONGEST: usize = 64 * 1024;

/// Reads a file of smstools' `incoming` folder ("SMS file format", received messages).
pub fn smstools(bytes: &[u8]) -> Option<Sms> {
    let bytes = bytes.get(..LONGEST.min(bytes.len()))?;
    let split = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let (head, body) = (bytes.get(..split)?, bytes.get(split + 2..)?);
    let head = String::from_utf8_lossy(head);
    let header = |name: &str| {
        head.lines()
            .find_map(|line| line.split_once(':').filter(|(each, _)| each.trim() == name))
            .map(|(_, value)| value.trim().to_owned())
    };
    let wide = header("Alphabet").is_some_and(|name| name.get(..3).is_some_and(|name| name == "UCS"));
    let said = if wide { utf_16(body, false) } else { narrow(body) };
    let report = said
        .trim_start()
        .starts_with("SMS STATUS REPORT")
        .then(|| report(&said))
        .flatten();
    Some(Sms {
        from: number(&header("From")?)?,
        said,
        report,
    })
}

/// What `gammu-smsd` writes as the text of a delivery report (`deliveryreport = sms`), and what it says of the message.
const REPORTS: [(&str, Option<bool>); 4] = [
    ("Delivered", Some(true)),
    ("Failed", Some(false)),
    ("Pending", None),
    ("Unknown", None),
];

/// Reads a file of gammu's inbox: the sender stands in its name (gammu-smsd-files(7)).
pub fn gammu(name: &str, bytes: &[u8]) -> Option<Sms> {
    let bytes = bytes.get(..LONGEST.min(bytes.len()))?;
    let mut parts = name.strip_prefix("IN")?.split('_');
    let from = number(parts.nth(3)?)?;
    let said = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, true),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, false),
        _ => narrow(bytes),
    };
    let report = REPORTS
        .iter()
        .find(|(word, _)| *word == said)
        .map(|(word, delivered)| Report {
            number: None,
            delivered: *delivered,
            words: format!("the network says: {word}"),
        });
    Some(Sms { from, said, report })
}

/// The number of one of our messages in the name of a file of the modem's program: `refdesk-m12`, `OUT…_m12.txtd`.
pub fn ours(name: &str) -> Option<MessageId> {
    let number = match name.strip_prefix("refdesk-m") {
        Some(rest) => rest,
        None => name.strip_prefix("OUT")?.rsplit_once("_m")?.1,
    };
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(MessageId)
}

/// The network's number under which smstools sent a file of its `sent` folder.
pub fn sent_number(file: &str) -> Option<&str> {
    file.lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix("Message_id:"))
        .map(str::trim)
}

fn report(said: &str) -> Option<Report> {
    let field = |name: &str| {
        said.lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    let words = field("Status")?;
    let code: u32 = words.split(',').next()?.trim().parse().ok()?;
    Some(Report {
        number: Some(field("Message_id")?.to_owned()),
        // 0 to 31 is done, 32 to 63 is still tried, the rest is over.
        delivered: match code {
            0..=31 => Some(true),
            32..=63 => None,
            _ => Some(false),
        },
        words: text::line(words).chars().take(120).collect(),
    })
}

fn number(raw: &str) -> Option<String> {
    let digits = text::digits(raw);
    let plain = raw.chars().all(|c| c.is_ascii_digit() || " +-".contains(c));
    (plain && (3..=15).contains(&digits.len())).then_some(digits)
}

/// UTF-8, or the Latin alphabet that modems' programs write where it is not.
fn narrow(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

fn utf_16(bytes: &[u8], little: bool) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| {
        let pair: [u8; 2] = pair.try_into().ok()?;
        Some(if little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
