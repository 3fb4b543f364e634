//! Languages by code.
//!
//! Owns the step from the codes that systems write to the tags that the desk keeps. Must not know texts.

/// ISO 639-2 codes, terminological and bibliographic, of languages that have a code of two letters (ISO 639-1), which BCP 47 (RFC
/// 5646 §2.2.1) then wants: the languages that US practices list.
#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    ("eng", "en"), ("spa", "es"), ("zho", "zh"), ("chi", "zh"), ("cmn", "zh"), ("vie", "vi"), ("tgl", "tl"), ("fil", "tl"),
    ("kor", "ko"), ("rus", "ru"), ("ara", "ar"), ("fra", "fr"), ("fre", "fr"), ("hat", "ht"), ("por", "pt"), ("pol", "pl"),
    ("deu", "de"), ("ger", "de"), ("ita", "it"), ("jpn", "ja"), ("hin", "hi"), ("urd", "ur"), ("fas", "fa"), ("per", "fa"),
    ("som", "so"), ("nep", "ne"), ("pan", "pa"), ("ben", "bn"), ("guj", "gu"), ("amh", "am"), ("ukr", "uk"), ("swa", "sw"),
    ("nav", "nv"), ("hye", "hy"), ("arm", "hy"), ("ell", "el"), ("gre", "el"), ("heb", "he"), ("tam", "ta"), ("tel", "te"),
    ("tha", "th"), ("lao", "lo"), ("khm", "km"), ("mya", "my"), ("bur", "my"), ("ron", "ro"), ("rum", "ro"), ("srp", "sr"),
    ("hrv", "hr"), ("bos", "bs"), ("sqi", "sq"), ("alb", "sq"), ("tur", "tr"), ("nld", "nl"), ("dut", "nl"), ("ces", "cs"),
    ("cze", "cs"), ("hun", "hu"), ("kin", "rw"), ("tir", "ti"), ("pus", "ps"), ("ibo", "ig"), ("yor", "yo"), ("yid", "yi"),
    ("mar", "mr"), ("kan", "kn"), ("mal", "ml"), ("sin", "si"), ("swe", "sv"), ("nor", "no"), ("dan", "da"), ("fin", "fi"),
    ("sgn", "ase"),
];
/// Codes that name no language (ISO 639-2): undetermined, several, none, uncoded.
const NONE: [&str; 4] = ["und", "mul", "zxx", "mis"];

/// The primary tag of a code or a tag: `spa`, `es-MX` and `ES` are `es`. None where it is no code.
pub fn language_tag(raw: &str) -> Option<String> {
    let primary = raw.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let shaped = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
    if !shaped || NONE.contains(&primary.as_str()) {
        return None;
    }
    let short = SHORT.iter().find(|(long, _)| *long == primary);
    Some(short.map_or(primary, |(_, tag)| (*tag).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_tags() {
        let table = [
            ("spa", Some("es")),
            ("SPA", Some("es")),
            ("es-MX", Some("es")),
            ("EN", Some("en")),
            ("eng_US", Some("en")),
            ("hmn", Some("hmn")),
            ("und", None),
            ("Spanish", None),
            ("1", None),
            ("", None),
        ];
        for (raw, expected) in table {
            assert_eq!(language_tag(raw).as_deref(), expected, "{raw}");
        }
    }
}
