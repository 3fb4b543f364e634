//! iCalendar: the appointments of a calendar file.
//!
//! Owns the lines of RFC 5545 (folding §3.1, parameters §3.2, text escapes §3.3.11, DATE-TIME §3.3.5, DURATION §3.3.6) and what
//! VEVENT says of a visit. RFC 5546 tells what a cancellation is. A time of a zone that is named (§3.2.19) is given in UTC; one of a
//! zone that is not known is none. Must not know referrals, or the clinic's zone: a floating time is given as it stands.

use crate::domain::time::{Zone, parse_moment, parse_zone, print_stamp};
use crate::standards::hl7v2::types::instant;
use crate::standards::{Happening, Sense, Stated, What};

/// At most this many events of a file are read.
const MOST_EVENTS: usize = 10_000;

/// Whether a text is a calendar.
pub fn is_calendar(text: &str) -> bool {
    let lead = text.trim_start_matches(['\u{FEFF}', ' ', '\r', '\n']);
    lead.get(..15)
        .is_some_and(|lead| lead.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

/// A content line: its name, its parameters and its value as written.
struct Line {
    name: String,
    parameters: String,
    value: String,
}

impl Line {
    fn parse(raw: &str) -> Option<Line> {
        // The colon that ends the name is the first outside of a quoted parameter.
        let mut quoted = false;
        let end = raw.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == ':' && !quoted
        })?;
        let (head, value) = raw.split_at_checked(end.0)?;
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        Some(Line {
            name: name.trim().to_ascii_uppercase(),
            parameters: parameters.to_owned(),
            value: value.get(1..).unwrap_or_default().to_owned(),
        })
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.parameters.split(';').find_map(|each| {
            let (key, value) = each.split_once('=')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim_matches('"').to_owned())
        })
    }

    /// The text with its escapes resolved (§3.3.11).
    fn text(&self) -> String {
        let mut out = String::with_capacity(self.value.len());
        let mut chars = self.value.chars();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, true) => match chars.next() {
                    Some('n' | 'N') => out.push('\n'),
                    Some(other) => out.push(other),
                    None => {}
                },
                (c, false) => out.push(c),
            }
        }
        out
    }

    /// Whether it has a day and no time.
    fn is_day(&self) -> bool {
        self.parameter("VALUE")
            .is_some_and(|value| value.eq_ignore_ascii_case("DATE"))
            || !self.value.contains(['T', 't'])
    }

    /// A time as RFC 3339: in UTC where it is so or names a zone, local where it floats. None where it has no time, or one of a
    /// zone that is not known.
    fn moment(&self) -> Option<String> {
        let time = self.time().filter(|_| !self.is_day())?;
        match self.parameter("TZID").filter(|_| !time.ends_with('Z')) {
            Some(name) => parse_moment(&time, zone(&name)?).map(print_stamp),
            None => Some(time),
        }
    }

    /// A time as its digits say, with `Z` where it is UTC.
    fn time(&self) -> Option<String> {
        let raw = self.value.trim();
        let (digits, utc) = match raw.strip_suffix(['Z', 'z']) {
            Some(digits) => (digits, "Z"),
            None => (raw, ""),
        };
        let plain: String = digits.chars().filter(char::is_ascii_digit).collect();
        let at = instant(&plain)?;
        Some(format!("{at}{utc}"))
    }
}

/// What Windows calls the zones of the clinic's country (Unicode CLDR, windowsZones).
const OF_WINDOWS: &[(&str, &str)] = &[
    ("Eastern Standard Time", "America/New_York"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("UTC", "UTC"),
];

/// The zone of a TZID: an IANA name, one with its maker's before it (`/example.org/America/New_York`), or one of Windows.
fn zone(name: &str) -> Option<Zone> {
    let name = name.trim();
    let windows = OF_WINDOWS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    let name = windows.map_or(name, |(_, iana)| iana);
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    (0..parts.len()).find_map(|from| parse_zone(&parts.get(from..)?.join("/")).ok())
}

/// Lines of a file, unfolded.
fn lines(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for raw in text.split('\n').map(|raw| raw.trim_end_matches('\r')) {
        match (raw.strip_prefix([' ', '\t']), out.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            (Some(_), None) | (None, _) => out.push(raw.to_owned()),
        }
    }
    out
}

/// What each event of a calendar states.
///
/// # Errors
/// Where it holds no event, or breaks off within one.
pub fn read(text: &str) -> Result<Vec<Stated>, String> {
    let mut all = Vec::new();
    let mut method = String::new();
    let mut event: Option<Vec<Line>> = None;
    let mut inner = 0_usize;
    let mut more = false;
    for line in lines(text).iter().filter_map(|raw| Line::parse(raw)) {
        let value = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), value.as_str()) {
            ("BEGIN", "VEVENT") => event = Some(Vec::new()),
            ("END", "VEVENT") => {
                let lines = event.take().ok_or("an event ends that never began")?;
                more = all.len() >= MOST_EVENTS;
                if !more {
                    all.push(state(&lines, &method));
                }
            }
            // An alarm within an event has a description of its own.
            ("BEGIN", _) if event.is_some() => inner += 1,
            ("END", _) if event.is_some() => inner = inner.saturating_sub(1),
            ("METHOD", _) if event.is_none() => method = value,
            _ => {
                if let Some(lines) = event.as_mut().filter(|_| inner == 0) {
                    lines.push(line);
                }
            }
        }
    }
    if let Some(last) = all.last_mut().filter(|_| more) {
        last.cut = Some(format!(
            "has more events than the first {MOST_EVENTS}, which were read: bring in the rest in another file"
        ));
    }
    match (event, all.is_empty()) {
        (Some(_), _) => Err("it breaks off within an event".into()),
        (None, true) => Err("it holds no event".into()),
        (None, false) => Ok(all),
    }
}

fn state(lines: &[Line], method: &str) -> Stated {
    let find = |name: &str| lines.iter().find(|line| line.name == name);
    let value = |name: &str| find(name).map(Line::text).unwrap_or_default();
    let status = value("STATUS").to_ascii_uppercase();
    // Scheduling systems put what iCalendar has no word for into a category, or before the summary.
    let categories = value("CATEGORIES");
    let happened = if method == "CANCEL" || status == "CANCELLED" {
        Happening::Cancelled
    } else if let Some(said) = in_words(&categories).or_else(|| in_words(leading(&value("SUMMARY")))) {
        said
    } else if status == "TENTATIVE" {
        Happening::Proposed
    } else {
        Happening::Booked
    };
    let mut stated = Stated::new(Sense::Appointment(happened), "iCalendar event");
    stated.note(What::AppointmentId, &value("UID"), "UID");
    let start = find("DTSTART").and_then(Line::moment);
    stated.note(
        What::AppointmentStart,
        start.as_deref().unwrap_or_default(),
        "DTSTART",
    );
    match find("DTSTART") {
        Some(line) if line.is_day() => stated.doubt("the event has a day and no time"),
        Some(_) if start.is_none() => stated.doubt("the event's time is of a zone that is not known"),
        Some(_) | None => {}
    }
    let since = find("LAST-MODIFIED")
        .or_else(|| find("DTSTAMP"))
        .and_then(Line::moment);
    stated.note(What::AsOf, since.as_deref().unwrap_or_default(), "LAST-MODIFIED");
    let sequence = value("SEQUENCE");
    if sequence.parse::<u64>().is_ok() {
        stated.note(What::Sequence, &sequence, "SEQUENCE");
    }
    if let Some(minutes) = length(find("DTSTART"), find("DTEND"), &value("DURATION")) {
        stated.note(What::AppointmentMinutes, &minutes.to_string(), "DTEND");
    }
    stated.note(What::AppointmentPlace, &value("LOCATION"), "LOCATION");
    stated.note(What::Service, &value("SUMMARY"), "SUMMARY");
    let organizer = find("ORGANIZER").and_then(|line| line.parameter("CN"));
    if let Some(name) = organizer.as_deref().and_then(crate::standards::fhir::spoken) {
        stated.note_person(What::ReferredTo, name, "ORGANIZER");
    }
    for line in lines.iter().filter(|line| line.name == "ATTENDEE") {
        // Whoever is neither a room nor a device, and not the organiser, is the patient.
        let person = !matches!(
            line.parameter("CUTYPE")
                .unwrap_or_default()
                .to_ascii_uppercase()
                .as_str(),
            "ROOM" | "RESOURCE" | "GROUP"
        );
        let name = line
            .parameter("CN")
            .filter(|name| Some(name) != organizer.as_ref());
        if let Some(name) = name
            .filter(|_| person)
            .as_deref()
            .and_then(crate::standards::fhir::spoken)
        {
            stated.note_person(What::PatientName, name, "ATTENDEE");
        }
    }
    note_labelled(&value("DESCRIPTION"), &mut stated);
    stated.note(What::Narrative, &value("DESCRIPTION"), "DESCRIPTION");
    stated
}

/// What stands before a colon or a dash at the head of a summary: `NO SHOW: Echo`.
fn leading(summary: &str) -> &str {
    summary
        .split([':', '–', '—'])
        .next()
        .filter(|head| head.len() < summary.len())
        .unwrap_or_default()
}

fn in_words(raw: &str) -> Option<Happening> {
    let said = crate::domain::text::fold(raw);
    match said.as_str() {
        "no show" | "noshow" | "missed" => Some(Happening::NoShow),
        "completed" | "seen" | "fulfilled" | "done" => Some(Happening::Fulfilled),
        "arrived" | "checked in" => Some(Happening::Arrived),
        "cancelled" | "canceled" => Some(Happening::Cancelled),
        _ => None,
    }
}

/// Lines of the description that name what iCalendar has no property for: `Patient: Lee, Ann`, `DOB: 1970-05-04`,
/// `Referral: R-20417-F`.
fn note_labelled(description: &str, stated: &mut Stated) {
    for line in description.lines() {
        let Some((label, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match crate::domain::text::fold(label).as_str() {
            "patient" | "patient name" | "name" => {
                if let Some(name) = crate::standards::fhir::spoken(value) {
                    stated.note_person(What::PatientName, name, "DESCRIPTION");
                }
            }
            "dob" | "born" | "date of birth" => stated.note(What::Dob, value, "DESCRIPTION"),
            "mrn" | "record number" => stated.note(What::Mrn, value, "DESCRIPTION"),
            "referral" | "referral number" | "reference" | "our reference" => {
                stated.note(What::ReferralId, value, "DESCRIPTION");
            }
            "service" | "reason" => stated.note(What::Service, value, "DESCRIPTION"),
            _ => {}
        }
    }
}

fn length(start: Option<&Line>, end: Option<&Line>, duration: &str) -> Option<i64> {
    use crate::domain::time::parse_stamp;
    if let Some(minutes) = minutes_of(duration) {
        return Some(minutes);
    }
    let (start, end) = (start?, end?);
    // Both in one zone: what counts is their difference.
    if start.parameter("TZID") != end.parameter("TZID") {
        return None;
    }
    let at = |line: &Line| {
        let time = line.time()?;
        parse_stamp(&format!("{}Z", time.trim_end_matches('Z'))).ok()
    };
    let minutes = (at(end)? - at(start)?).num_minutes();
    (minutes > 0).then_some(minutes)
}

/// `PT45M`, `PT1H30M`, `P1D` (§3.3.6).
fn minutes_of(duration: &str) -> Option<i64> {
    let rest = duration
        .trim()
        .strip_prefix('+')
        .unwrap_or(duration.trim())
        .strip_prefix('P')?;
    let (mut minutes, mut number) = (0_i64, String::new());
    for c in rest.chars() {
        let unit = match c {
            '0'..='9' if number.len() < 6 => {
                number.push(c);
                continue;
            }
            'W' => 7 * 24 * 60,
            'D' => 24 * 60,
            'H' => 60,
            'M' => 1,
            'S' => 0,
            'T' => continue,
            _ => return None,
        };
        minutes += number.parse::<i64>().ok()? * unit;
        number.clear();
    }
    (minutes > 0).then_some(minutes)
}

#[cfg(test)]
mod tests;
