//! Values that a rule can check: telephone numbers, NPIs, codes, e-mail addresses, identifiers.
//!
//! Owns the checks and their sources. Must not know labels or pages.

use super::beneficiary::beneficiary;

/// A value found in a text: normalised, and its place in characters.
pub type Hit = (String, usize, usize);

/// Pieces of a text made of characters for which `keep` holds, with their places.
pub(super) fn pieces(text: &str, keep: impl Fn(char) -> bool) -> Vec<Hit> {
    let mut out: Vec<Hit> = Vec::new();
    let mut open: Option<Hit> = None;
    for (index, c) in text.chars().enumerate() {
        if keep(c) {
            let piece = open.get_or_insert_with(|| (String::new(), index, index));
            piece.0.push(c);
            piece.2 = index + 1;
        } else if let Some(piece) = open.take() {
            out.push(piece);
        }
    }
    out.extend(open);
    out
}

/// North American numbers: ten digits, an optional leading 1, area code and exchange beginning with 2 to 9 (NANPA).
/// Extensions are left out of the value.
pub fn phones(text: &str) -> Vec<Hit> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match phone_at(&chars, at) {
            Some((digits, end)) => {
                out.push((digits, at, end));
                at = end;
            }
            None => at += 1,
        }
    }
    out
}

fn phone_at(chars: &[char], start: usize) -> Option<(String, usize)> {
    let first = *chars.get(start)?;
    let before = start.checked_sub(1).and_then(|index| chars.get(index));
    if !(first.is_ascii_digit() || first == '(' || first == '+')
        || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '#'))
    {
        return None;
    }
    let mut digits = String::new();
    let mut end = start;
    let mut gap = 0;
    for (index, c) in chars.iter().enumerate().skip(start) {
        if c.is_ascii_digit() {
            digits.push(*c);
            gap = 0;
            end = index + 1;
            if digits.len() == if digits.starts_with('1') { 11 } else { 10 } {
                break;
            }
        } else if matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+' | '–') && gap < 2 {
            gap += 1;
        } else {
            return None;
        }
    }
    let after = chars.get(end);
    if after.is_some_and(|c| c.is_ascii_digit() || c.is_alphabetic() && *c != 'x' && *c != 'e') {
        return None;
    }
    if after == Some(&'-') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        return None;
    }
    let ten = if digits.len() == 11 {
        digits.get(1..)?.to_owned()
    } else {
        digits
    };
    let area = ten.chars().next()?;
    let exchange = ten.chars().nth(3)?;
    (ten.len() == 10 && area >= '2' && exchange >= '2').then_some((ten, end))
}

/// Ten digits in a telephone number's usual groups, whether or not the numbering plan assigns them; only behind a label.
pub fn ten_digits(text: &str) -> Option<Hit> {
    let piece = pieces(text, |c| {
        c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+')
    });
    piece.into_iter().find_map(|(piece, start, _)| {
        let lead = piece.chars().take_while(|c| c.is_whitespace()).count();
        let kept = piece.trim();
        let digits: String = kept.chars().filter(char::is_ascii_digit).collect();
        let ten = if digits.len() == 11 && digits.starts_with('1') {
            digits.get(1..)?.to_owned()
        } else {
            digits
        };
        (ten.len() == 10).then(|| (ten, start + lead, start + lead + kept.chars().count()))
    })
}

/// A telephone number without an area code (`555-0123`), or as other countries write theirs: a leading plus or nought. The
/// whole text is such a number; only behind a label.
pub fn other_phone(text: &str) -> Option<Hit> {
    let kept = text.trim();
    let shaped = kept
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+'));
    let digits: String = kept.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<usize> = kept
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    let local = matches!(groups.as_slice(), [3, 4] | [1, 3, 4]);
    let foreign = kept.starts_with(['+', '0']) && (8..=15).contains(&digits.len()) && groups.len() <= 5;
    let lead = text.chars().take_while(|c| c.is_whitespace()).count();
    (shaped && (local || foreign)).then(|| (digits, lead, lead + kept.chars().count()))
}

/// Ten-digit pieces, and whether each passes the check of a National Provider Identifier.
pub fn npis(text: &str) -> Vec<(Hit, bool)> {
    pieces(text, |c| c.is_ascii_digit() || c == ' ' || c == '-')
        .into_iter()
        .filter_map(|(piece, start, _)| {
            let lead = piece.chars().take_while(|c| !c.is_ascii_digit()).count();
            let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
            let length = piece.trim_end_matches([' ', '-']).chars().count();
            (digits.len() == 10).then(|| {
                let begins = matches!(digits.chars().next(), Some('1' | '2'));
                (
                    (digits.clone(), start + lead, start + length),
                    begins && luhn(&format!("80840{digits}")),
                )
            })
        })
        .collect()
}

/// The Luhn check (ISO/IEC 7812-1 annex B); an NPI is checked behind the prefix 80840 (CMS, "NPI check digit
/// calculation").
pub fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .filter_map(|(index, c)| Some((index, c.to_digit(10)?)))
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Codes of CPT's shape: five digits, or four and a letter F, T, U or M (AMA, categories II and III and PLA), or HCPCS
/// level II's letter and four digits. Only within a procedure's label or heading: a postal code looks the same.
pub fn procedures(text: &str) -> Vec<Hit> {
    pieces(text, |c| c.is_ascii_alphanumeric())
        .into_iter()
        .filter(|(piece, ..)| {
            let letters = |at: usize| piece.chars().nth(at);
            let digits = piece.chars().filter(char::is_ascii_digit).count();
            piece.len() == 5
                && (digits == 5
                    || digits == 4 && matches!(letters(4), Some('F' | 'T' | 'U' | 'M'))
                    || digits == 4 && matches!(letters(0), Some('A'..='V')))
        })
        .collect()
}

/// E-mail addresses: one `@`, a dotted domain, the usual characters (RFC 5321 §4.1.2, without quoting).
pub fn emails(text: &str) -> Vec<Hit> {
    pieces(text, |c| {
        c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | '-' | '+' | '%' | '\'' | '&')
    })
    .into_iter()
    .filter_map(|(piece, start, end)| {
        let trimmed = piece.trim_end_matches(['.', '-', '\'']);
        let end = end - (piece.chars().count() - trimmed.chars().count());
        let (local, domain) = trimmed.split_once('@')?;
        let (_, top) = domain.rsplit_once('.')?;
        let fits = !local.is_empty() && !domain.contains('@') && !domain.starts_with('.') && top.len() >= 2;
        let domain = mail_domain(&domain.to_lowercase());
        (fits && top.chars().all(char::is_alphabetic))
            .then(|| (format!("{}@{domain}", local.to_lowercase()), start, end))
    })
    .collect()
}

/// Where US patients have their mail (the commonest hosts).
#[rustfmt::skip]
const MAIL_HOSTS: &[&str] = &[
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "comcast.net", "msn.com", "live.com",
    "att.net", "verizon.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "me.com", "ymail.com", "mail.com",
    "proton.me", "protonmail.com", "earthlink.net", "rocketmail.com",
];

/// A domain that looks like one of the common hosts is that host: `gmai1.corn`.
fn mail_domain(raw: &str) -> String {
    MAIL_HOSTS
        .iter()
        .find(|host| super::spelling::alike(host, raw))
        .map_or_else(|| raw.to_owned(), |host| (*host).to_owned())
}

/// An identifier after its label: the first piece that holds a digit, with the hyphens and spaces that part its groups.
/// `least` is the fewest letters and digits believed.
pub fn identifier(text: &str, least: usize) -> Option<Hit> {
    if let Some(hit) = beneficiary(text) {
        return Some(hit);
    }
    let mut out: Option<Hit> = None;
    // The recogniser reads a hyphen as a dash now and then.
    let text: String = text
        .chars()
        .map(|c| if matches!(c, '–' | '—') { '-' } else { c })
        .collect();
    for (piece, start, end) in pieces(&text, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | '\'')
    }) {
        let trimmed = piece.trim_end_matches(['.', '-', '/']);
        let end = end - (piece.len() - trimmed.len());
        let plain = trimmed.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let digits = trimmed.chars().filter(char::is_ascii_digit).count();
        match &mut out {
            None if digits > 0 && plain => out = Some((trimmed.trim_matches('-').to_owned(), start, end)),
            // A prefix of letters, as on many cards, may stand apart.
            None if (1..=4).contains(&trimmed.len()) && trimmed.chars().all(|c| c.is_ascii_uppercase()) => {
                out = Some((trimmed.to_owned(), start, end));
            }
            None => return None,
            Some(found)
                if start == found.2 + 1
                    && digits == trimmed.len()
                    && (2..=5).contains(&digits)
                    && !found.0.contains('-') =>
            {
                found.0.push_str(trimmed);
                found.2 = end;
            }
            Some(_) => break,
        }
    }
    out.filter(|(value, ..)| {
        value.chars().filter(char::is_ascii_alphanumeric).count() >= least
            && value.chars().any(|c| c.is_ascii_digit())
    })
}

/// The return code that our own requests for information carry: `RQ-` and two groups of four letters and digits
/// without I, O and U, which fax and handwriting confuse with 1, 0 and V.
pub fn return_codes(text: &str) -> Vec<Hit> {
    let group = |part: &str| {
        part.len() == 4
            && part
                .chars()
                .all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() && !matches!(c, 'I' | 'O' | 'U'))
    };
    pieces(text, |c| c.is_ascii_alphanumeric() || c == '-')
        .into_iter()
        .filter_map(|(piece, start, end)| {
            let upper = piece.trim_end_matches('-').to_ascii_uppercase();
            let mut parts = upper.split('-');
            let fits = parts.next() == Some("RQ")
                && parts.next().is_some_and(group)
                && parts.next().is_some_and(group);
            (fits && parts.next().is_none()).then_some((upper, start, end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(hits: Vec<Hit>) -> Vec<String> {
        hits.into_iter().map(|hit| hit.0).collect()
    }

    #[test]
    fn phones_in_the_shapes_people_write() {
        for text in [
            "(415) 555-2671",
            "415.555.2671",
            "415-555-2671",
            "4155552671",
            "+1 415 555 2671",
            "1-415-555-2671",
            "415/555-2671",
            "(415)555-2671 x12",
        ] {
            assert_eq!(values(phones(text)), ["4155552671"], "{text}");
        }
        for text in [
            "123-45-6789",
            "115-555-2671",
            "41555526711",
            "A4155552671",
            "2024-11-15 0900",
        ] {
            assert!(phones(text).is_empty(), "{text}");
        }
        assert_eq!(
            values(phones("T (415) 555-2671 F (415) 555-2672")),
            ["4155552671", "4155552672"]
        );
    }

    #[test]
    fn an_npi_is_checked_behind_its_prefix() {
        let npi = |text: &str| {
            npis(text)
                .into_iter()
                .map(|(hit, good)| (hit.0, good))
                .collect::<Vec<_>>()
        };
        assert_eq!(npi("1234567893"), [("1234567893".to_owned(), true)]);
        assert_eq!(npi("NPI 1234567890."), [("1234567890".to_owned(), false)]);
        assert_eq!(
            npi("5467892394"),
            [("5467892394".to_owned(), false)],
            "an NPI begins with 1 or 2"
        );
    }

    #[test]
    fn procedure_codes_by_shape() {
        assert_eq!(
            values(procedures("99213, 0001U and G0439; not 123456 or ABCDE")),
            ["99213", "0001U", "G0439"]
        );
    }

    #[test]
    fn emails_lose_the_full_stop_after_them() {
        assert_eq!(
            values(emails("Write to Ann.Lee@Example.org. or x@y")),
            ["ann.lee@example.org"]
        );
    }

    #[test]
    fn identifiers_stop_where_they_end() {
        let id = |text: &str| identifier(text, 4).map(|hit| hit.0);
        assert_eq!(id("3PD6-QD9-FE05 Group 2").as_deref(), Some("3PD6-QD9-FE05"));
        assert_eq!(id("XYZ 123 456 789").as_deref(), Some("XYZ123456789"));
        assert_eq!(id("R57040638 has been obtained").as_deref(), Some("R57040638"));
        assert_eq!(id("pending"), None);
        assert_eq!(id("12/31/2026"), None);
    }

    #[test]
    fn return_codes_leave_out_the_letters_that_confuse() {
        assert_eq!(values(return_codes("Ref code: RQ-7K2M-9XQ4.")), ["RQ-7K2M-9XQ4"]);
        assert!(return_codes("RQ-7K2O-9XQ4 RQ-123-4567 XRQ-7K2M-9XQ4").is_empty());
    }
}
