//! Other people's error messages in words for the desk.
//!
//! Owns the translation of what the system and the parser of JSON say. Must not know who asks.

use std::io;

/// What the system said, without the number that only programmers look up.
pub(crate) fn cause(error: &io::Error) -> String {
    plain(&error.to_string())
}

/// A message without `(os error 2)`.
pub(crate) fn plain(message: &str) -> String {
    let mut out = message.to_owned();
    while let Some((before, rest)) = out.split_once(" (os error ") {
        let Some((_, after)) = rest.split_once(')') else {
            break;
        };
        out = format!("{before}{after}");
    }
    out
}

/// What the parser of times says, whatever the field.
const TIMES: [&str; 6] = [
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
];

/// Why a field cannot be read. A value that stood there is left out: it may be a patient's.
pub(crate) fn field(why: &str) -> String {
    if TIMES.contains(&why) {
        return "a time or a day cannot be read: times are like 2026-11-23T09:30:00Z, days like 2026-11-23"
            .into();
    }
    let why = match (why.find('"'), why.rfind('"')) {
        (Some(from), Some(to)) if from < to => {
            let (before, after) = (
                why.get(..from).unwrap_or_default(),
                why.get(to + 1..).unwrap_or_default(),
            );
            format!("{}{after}", before.trim_end())
        }
        _ => why.to_owned(),
    };
    let mut words: Vec<&str> = Vec::new();
    let mut rest = why.split(' ').peekable();
    while let Some(word) = rest.next() {
        match word {
            // The program's own names of its records mean nothing to a script.
            "struct" | "enum" if rest.peek().is_some() => {
                rest.next();
                words.push("an object");
            }
            "i64" | "u64" | "u32" => words.push("a whole number"),
            "bool" | "boolean" => words.push("true or false"),
            "sequence" => words.push("a list"),
            "map" => words.push("object"),
            "variant" => words.push("value"),
            _ => words.push(word),
        }
    }
    words.join(" ").replace("invalid type:", "wrong type:")
}

/// Why a line is not JSON.
pub(crate) fn json(error: &serde_json::Error) -> String {
    if error.is_eof() {
        format!("the line ends too early, at character {}", error.column())
    } else if error.is_data() {
        "the line is not an object: it must look like {\"command\":\"accept\",\"referral\":\"R-20417-S\"}"
            .into()
    } else {
        format!("the line is not JSON, from character {}", error.column())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_system_are_left_out() {
        assert_eq!(
            plain("a: No such file (os error 2). Kept"),
            "a: No such file. Kept"
        );
    }

    #[test]
    fn values_and_the_programs_names_are_left_out() {
        let table = [
            (
                "invalid type: string \"Gar\\\"cia\", expected struct HumanName",
                "wrong type: string, expected an object",
            ),
            (
                "invalid type: string \"x\", expected i64",
                "wrong type: string, expected a whole number",
            ),
            ("missing field `referral`", "missing field `referral`"),
            (
                "unknown variant `x`, expected `a` or `b`",
                "unknown value `x`, expected `a` or `b`",
            ),
        ];
        for (raw, said) in table {
            assert_eq!(field(raw), said);
        }
        assert!(field("premature end of input").contains("2026-11-23T09:30:00Z"));
    }
}
