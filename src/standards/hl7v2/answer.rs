//! The answer to a referral or an order: where it stands, for the system that sent it.
//!
//! Owns RRI^I12 to I15 (HL7 v2.5.1 §11.5), the answer to REF^I12 to I15, and OSU^O51 (v2.8 §4.17), by which 360X answers an
//! OMG^O19 (IHE PCC 360X). It is written with the sender's own delimiters, so that the sender's segments go back as they came. Must
//! not know when it is sent, or how.

use super::types::{day, person};
use super::{Delimiters, Message as Asked, messages};
use crate::domain::chart::{Chart, Past};
use crate::domain::event::Fact;
use crate::domain::matching::{Known, Level, Trait, compare};
use crate::domain::message::Message;
use crate::domain::person::Patient;
use crate::domain::status::Status;
use crate::domain::text;
use crate::domain::time::{Stamp, parse_day, print_stamp};

/// Who answers, and when.
#[derive(Clone, Copy, Debug)]
pub struct Answering<'a> {
    /// The clinic (MSH-4).
    pub clinic: &'a str,
    /// The time of writing (MSH-7).
    pub now: Stamp,
}

/// Referral status (table 0283): pending, accepted, rejected. What was withdrawn is refused from here on.
const fn referral_status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Received | Status::NeedsInfo | Status::InReview => ("P", "Pending"),
        Status::Accepted
        | Status::Waitlisted
        | Status::Scheduled
        | Status::NoShow
        | Status::AppointmentCancelled
        | Status::Completed
        | Status::CancelRequested
        | Status::Closed => ("A", "Accepted"),
        Status::Declined | Status::Cancelled | Status::EnteredInError => ("R", "Rejected"),
    }
}

/// Order control (table 0119) and order status (table 0038).
const fn order_status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Received | Status::NeedsInfo | Status::InReview => ("SC", "HD"),
        Status::Accepted | Status::Waitlisted => ("OK", "IP"),
        Status::Scheduled => ("SC", "SC"),
        Status::NoShow | Status::AppointmentCancelled | Status::Completed | Status::CancelRequested => {
            ("SC", "IP")
        }
        Status::Closed => ("SC", "CM"),
        Status::Declined => ("UA", "CA"),
        Status::Cancelled => ("OC", "CA"),
        Status::EnteredInError => ("OC", "ER"),
    }
}

/// The answer that a message asks for; none where it is no referral and no order.
pub fn print(asked: &str, chart: &Chart, message: &Message, answering: Answering<'_>) -> Option<String> {
    let all = messages(asked);
    let parsed: Vec<Asked<'_>> = all.iter().filter_map(|each| Asked::parse(each)).collect();
    let asks = |each: &&Asked<'_>| {
        let (code, event) = each.event();
        (code == "REF" && matches!(&*event, "I12" | "I13" | "I14" | "I15"))
            || (code == "OMG" && event == "O19")
    };
    let requests: Vec<&Asked<'_>> = parsed.iter().filter(asks).collect();
    // A file may hold many: that of this patient, else the only one. The patient's two are not told apart: none is answered.
    let own = || {
        let mut own = requests.iter().filter(|each| is_about(each, &chart.patient));
        let first = own.next()?;
        let last = own.clone().next_back().unwrap_or(first);
        let number = senders_number(first);
        let same = |each: &&Asked<'_>| !number.is_empty() && senders_number(each) == number;
        own.all(same).then_some(*last)
    };
    let request = match requests.as_slice() {
        [only] => *only,
        _ => own()?,
    };
    let status = Status::from_code(&message.subject).unwrap_or(chart.referral.status);
    let printer = Printer {
        request,
        chart,
        message,
        status,
        answering,
    };
    let (code, event) = request.event();
    let segments = if code == "OMG" {
        printer.order()
    } else {
        printer.referral(&event)
    };
    let mut out = segments.join("\r");
    out.push('\r');
    Some(out)
}

/// What the sender calls its request: RF1-6, or ORC-2 of an order. A change of it bears the same.
fn senders_number(request: &Asked<'_>) -> String {
    let named = [request.first("RF1").field(6), request.first("ORC").field(2)];
    let named = named.into_iter().find(|field| !field.is_empty());
    named.map(|field| field.whole().into_owned()).unwrap_or_default()
}

/// Whether a request is of a patient: family, given name and date of birth, as far as it has them, are the patient's.
fn is_about(request: &Asked<'_>, patient: &Patient) -> bool {
    let pid = request.first("PID");
    let names = pid.field(5);
    let Some(name) = names.repetitions().find_map(person) else {
        return false;
    };
    let theirs = Known {
        name,
        dob: day(pid.field(7)).and_then(|day| parse_day(&day).ok()),
        ..Known::default()
    };
    let found = compare(&theirs, &Known::of(patient, Vec::new()));
    found.level(Trait::Family) >= Level::Variant
        && found.level(Trait::Given) != Level::Differs
        && matches!(found.level(Trait::Birth), Level::Same | Level::Unknown)
}

struct Printer<'p, 'a> {
    request: &'p Asked<'a>,
    chart: &'p Chart,
    message: &'p Message,
    status: Status,
    answering: Answering<'p>,
}

impl Printer<'_, '_> {
    fn referral(&self, event: &str) -> Vec<String> {
        let (code, words) = referral_status(self.status);
        let asked = self.request.first("RF1");
        let mut rf1 = vec![String::new(); 11];
        let mut set = |number: usize, value: String| {
            if let Some(field) = rf1.get_mut(number - 1) {
                *field = value;
            }
        };
        set(1, self.parts(&[code, words, "HL70283"]));
        // Priority, type and the sender's own number go back as they came.
        for number in [2, 3, 6] {
            set(number, text::line(asked.field(number).text));
        }
        set(9, compact(self.message.created_at));
        set(10, self.parts(&["", &self.reason(), ""]));
        set(11, self.parts(&[&self.chart.referral.id.to_string(), "REFDESK"]));
        let mut segments = vec![
            self.header("RRI", event),
            self.acknowledged(),
            self.segment("RF1", &rf1),
        ];
        segments.extend(self.returned(&["PRD", "PID"]));
        segments.push(self.note());
        segments
    }

    fn order(&self) -> Vec<String> {
        let (control, state) = match order_status(self.status) {
            // Cancelled as its placer asked; else by us.
            ("OC", state) if self.was_taken_back() => ("CR", state),
            told => told,
        };
        let asked = self.request.first("ORC");
        let ours = self.parts(&[&self.chart.referral.id.to_string(), "REFDESK"]);
        let mut orc = vec![String::new(); 16];
        let values = [
            (1, control.to_owned()),
            (2, text::line(asked.field(2).text)),
            (3, ours),
            (4, text::line(asked.field(4).text)),
            (5, state.to_owned()),
            (9, compact(self.message.created_at)),
            (16, self.parts(&["", &self.reason(), ""])),
        ];
        for (number, value) in values {
            if let Some(field) = orc.get_mut(number - 1) {
                *field = value;
            }
        }
        let mut segments = vec![self.header("OSU", "O51"), self.note()];
        segments.extend(self.returned(&["PID"]));
        segments.push(self.segment("ORC", &orc));
        segments.extend(self.returned(&["OBR"]));
        segments
    }

    fn was_taken_back(&self) -> bool {
        let asked = |past: &Past| {
            matches!(
                past.fact,
                Fact::StatusChanged {
                    from: Status::CancelRequested,
                    to: Status::Cancelled,
                    ..
                }
            )
        };
        self.status == Status::Cancelled && self.chart.history.iter().any(asked)
    }

    /// MSH, back to where the request came from.
    fn header(&self, code: &str, event: &str) -> String {
        let (asked, by) = (self.request.first("MSH"), self.by());
        let field = |number: usize, usual: &str| {
            let value = text::line(asked.field(number).text);
            if value.is_empty() { usual.to_owned() } else { value }
        };
        let encoding: String = [by.component, by.repetition, by.escape, by.subcomponent]
            .iter()
            .collect();
        // MSH-10 has at most twenty characters: the key without its rule, `R-20417-S/2`.
        let control: String = self
            .message
            .key
            .split_once('/')
            .map_or("", |(_, rest)| rest)
            .chars()
            .take(20)
            .collect();
        let structure = format!("{code}_{event}");
        let fields = [
            encoding,
            "REFDESK".to_owned(),
            self.escaped(self.answering.clinic),
            field(3, ""),
            field(4, ""),
            compact(self.answering.now),
            String::new(),
            self.parts(&[code, event, &structure]),
            self.escaped(&control),
            field(11, "P"),
            field(12, "2.5.1"),
        ];
        self.segment("MSH", &fields)
    }

    /// MSA: application accept, of the request's control id.
    fn acknowledged(&self) -> String {
        let control = text::line(self.request.first("MSH").field(10).text);
        self.segment("MSA", &["AA".to_owned(), control])
    }

    /// The status in the desk's words and the guide's code.
    fn note(&self) -> String {
        let exchange = self.status.exchange();
        let words = format!(
            "{} (BSeR {} {})",
            self.message.body, exchange.business_status, exchange.business_name
        );
        self.segment("NTE", &["1".to_owned(), String::new(), self.escaped(&words)])
    }

    fn returned(&self, names: &[&str]) -> Vec<String> {
        names
            .iter()
            .flat_map(|name| self.request.all(name))
            .map(|segment| text::line(segment.text))
            .collect()
    }

    fn reason(&self) -> String {
        let referral = &self.chart.referral;
        let reason = referral
            .status_reason
            .clone()
            .filter(|_| referral.status == self.status);
        reason.unwrap_or_default()
    }

    fn by(&self) -> Delimiters {
        self.request.delimiters
    }

    /// Components, without empty ones at the end.
    fn parts(&self, values: &[&str]) -> String {
        let joined = values.iter().map(|value| self.escaped(value)).collect::<Vec<_>>();
        let separator = self.by().component.to_string();
        if values.iter().all(|value| value.is_empty()) {
            return String::new();
        }
        joined
            .join(&separator)
            .trim_end_matches(self.by().component)
            .to_owned()
    }

    fn segment(&self, name: &str, fields: &[String]) -> String {
        let field = self.by().field;
        let mut out = name.to_owned();
        for value in fields {
            out.push(field);
            out.push_str(value);
        }
        if name == "MSH" {
            out
        } else {
            out.trim_end_matches(field).to_owned()
        }
    }

    /// A text with the delimiters in it escaped (§2.7).
    fn escaped(&self, raw: &str) -> String {
        let by = self.by();
        let mut out = String::with_capacity(raw.len());
        for c in text::line(raw).chars() {
            let sequence = [
                (by.field, 'F'),
                (by.component, 'S'),
                (by.subcomponent, 'T'),
                (by.repetition, 'R'),
                (by.escape, 'E'),
            ]
            .into_iter()
            .find(|(delimiter, _)| *delimiter == c);
            match sequence {
                Some((_, letter)) => out.extend([by.escape, letter, by.escape]),
                None => out.push(c),
            }
        }
        out
    }
}

/// `20260302140500+0000` (§2.A.77).
fn compact(at: Stamp) -> String {
    let digits: String = print_stamp(at).chars().filter(char::is_ascii_digit).collect();
    format!("{digits}+0000")
}

#[cfg(test)]
mod tests;
