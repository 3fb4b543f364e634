//! Reading texts from TOML, with everything that is wrong said at once.
//!
//! Owns the shape of the files under `assets/messages` (a table per kind, with `subject`, `body`, `short`) and the checks
//! that make rendering infallible. Must not know where files are kept.

use super::form::{Form, NotationFault};
use super::{ByLanguage, FALLBACK_LANGUAGE, Part, Placeholder, SHORT_MAX, Text, Texts, primary_tag};
use crate::domain::case::Party;
use crate::domain::message::MessageKind;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use toml::de::{DeTable, DeValue};

/// One file of texts.
#[derive(Clone, Debug)]
pub struct TextSource<'a> {
    /// Its name, as errors call it.
    pub file: Cow<'a, str>,
    /// Its language, a BCP 47 primary tag.
    pub language: &'a str,
    /// Its content.
    pub toml: &'a str,
}

/// Something wrong with a file of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// The file.
    pub file: String,
    /// The line, from 1, where there is one.
    pub line: Option<usize>,
    /// `info-request.subject`; empty for the file as a whole.
    pub key: String,
    /// What is wrong.
    pub fault: TextFault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// Not TOML.
    Syntax(String),
    /// No message has this kind.
    UnknownKind,
    /// A text has no such part.
    UnknownPart,
    /// Not a text.
    NotText,
    /// The kind is missing.
    MissingKind,
    /// The part is missing or empty.
    MissingPart,
    /// English, to which the others fall back, is missing altogether.
    NoFallback,
    /// There is no such placeholder.
    UnknownPlaceholder(String),
    /// A brace without its other half.
    UnbalancedBrace,
    /// More patient data than this part may carry to this party.
    TooMuchPatientData(Placeholder),
    /// A subject with a line break: it would end the header of a mail.
    LineBreak,
    /// A control or hidden character.
    HiddenCharacter,
    /// Longer than a text message may be.
    TooLong(usize),
}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextFault::Syntax(message) => write!(f, "not TOML: {message}"),
            TextFault::UnknownKind => f.write_str("no message has this name"),
            TextFault::UnknownPart => f.write_str("a text has `subject`, `body` and `short`, nothing else"),
            TextFault::NotText => f.write_str("must be a text in quotes"),
            TextFault::MissingKind => f.write_str("the text is missing in this language"),
            TextFault::MissingPart => f.write_str("missing or empty"),
            TextFault::NoFallback => {
                f.write_str("there are no English texts, to which other languages fall back")
            }
            TextFault::UnknownPlaceholder(name) => {
                let known: Vec<&str> = Placeholder::ALL.iter().map(|each| each.code()).collect();
                write!(
                    f,
                    "`{{{name}}}` is not known; known are {} (write `{{{{` for a brace)",
                    known.join(", ")
                )
            }
            TextFault::UnbalancedBrace => {
                f.write_str("a brace has no other half (write `{{` or `}}` for a brace)")
            }
            TextFault::TooMuchPatientData(placeholder) => write!(
                f,
                "`{{{}}}` may not be said here: full name and date of birth only in the body to a provider, nothing of \
                 the patient or the reason in a subject, no reason in a text message",
                placeholder.code()
            ),
            TextFault::LineBreak => f.write_str("a subject is one line"),
            TextFault::HiddenCharacter => f.write_str("has a control or invisible character"),
            TextFault::TooLong(length) => write!(
                f,
                "{length} characters; a text message has at most {SHORT_MAX} before values are put in"
            ),
        }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for TextError {}

impl Texts {
    /// Builds texts from files; a later file of a language replaces, kind by kind, what an earlier one said.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn read(sources: &[TextSource<'_>]) -> Result<Texts, Vec<TextError>> {
        let mut errors = Vec::new();
        let texts = by_language(sources, &mut errors);
        if errors.is_empty() {
            Ok(Texts::of(texts))
        } else {
            Err(errors)
        }
    }
}

/// Sources that are named after their languages.
pub(super) fn sources<'a>(texts: &[(&'a str, &'a str)]) -> Vec<TextSource<'a>> {
    let source = |(language, toml): &(&'a str, &'a str)| TextSource {
        file: Cow::Owned(format!("{language}.toml")),
        language,
        toml,
    };
    texts.iter().map(source).collect()
}

/// What can be read, and everything that is wrong.
pub(super) fn by_language(sources: &[TextSource<'_>], errors: &mut Vec<TextError>) -> ByLanguage {
    let mut texts = ByLanguage::new();
    // The last file of each language answers for what the language lacks.
    let mut files: BTreeMap<String, &str> = BTreeMap::new();
    let mut refused: Vec<(String, &str)> = Vec::new();
    for source in sources {
        let language = primary_tag(source.language);
        files.insert(language.clone(), &source.file);
        let of_language = texts.entry(language.clone()).or_default();
        for (kind, text) in read_file(source, errors) {
            match text {
                Some(text) => {
                    of_language.insert(kind.code(), text);
                }
                None => refused.push((language.clone(), kind.code())),
            }
        }
    }
    if !texts.contains_key(FALLBACK_LANGUAGE) {
        errors.push(TextError {
            file: format!("{FALLBACK_LANGUAGE}.toml"),
            line: None,
            key: String::new(),
            fault: TextFault::NoFallback,
        });
    }
    for (language, of_language) in &texts {
        // A notice falls back to English, words and frame: not every clinic's rules say something.
        let must =
            |kind: &MessageKind| kind.is_worded() && (language == FALLBACK_LANGUAGE || !kind.is_notice());
        for kind in MessageKind::ALL.into_iter().filter(must).map(MessageKind::code) {
            let said = refused.iter().any(|(of, code)| of == language && *code == kind);
            if !of_language.contains_key(kind) && !said {
                errors.push(TextError {
                    file: files
                        .get(language)
                        .map_or_else(String::new, |file| (*file).to_owned()),
                    line: None,
                    key: kind.to_owned(),
                    fault: TextFault::MissingKind,
                });
            }
        }
    }
    texts
}

/// The kinds of one file, each with its text, or without one where it was refused and said so.
fn read_file(source: &TextSource<'_>, errors: &mut Vec<TextError>) -> Vec<(MessageKind, Option<Text>)> {
    let (table, faults) = DeTable::parse_recoverable(source.toml);
    let mut note = |start: Option<usize>, key: String, fault: TextFault| {
        errors.push(TextError {
            file: source.file.clone().into_owned(),
            line: start.map(|start| line_at(source.toml, start)),
            key,
            fault,
        });
    };
    if !faults.is_empty() {
        for fault in faults {
            let fault_text = crate::domain::text::line(fault.message());
            note(
                fault.span().map(|span| span.start),
                String::new(),
                TextFault::Syntax(fault_text),
            );
        }
        // Half a file would only add complaints about what the syntax error hid.
        return MessageKind::ALL.into_iter().map(|kind| (kind, None)).collect();
    }
    let mut found = Vec::new();
    for (name, value) in table.into_inner() {
        let code = crate::domain::text::line(name.get_ref());
        let start = name.span().start;
        let Some(kind) = MessageKind::ALL
            .into_iter()
            .find(|kind| kind.code() == code && kind.is_worded())
        else {
            note(Some(start), code, TextFault::UnknownKind);
            continue;
        };
        let DeValue::Table(parts) = value.into_inner() else {
            note(Some(start), code, TextFault::UnknownPart);
            found.push((kind, None));
            continue;
        };
        found.push((kind, read_kind(kind, start, &parts, &mut note)));
    }
    found
}

fn read_kind(
    kind: MessageKind,
    start: usize,
    parts: &DeTable<'_>,
    note: &mut impl FnMut(Option<usize>, String, TextFault),
) -> Option<Text> {
    let key = |part: &str| format!("{}.{part}", kind.code());
    for (name, _) in parts {
        if !Part::ALL.iter().any(|part| part.code() == name.get_ref()) {
            let part = crate::domain::text::line(name.get_ref());
            note(Some(name.span().start), key(&part), TextFault::UnknownPart);
        }
    }
    let mut read = |part: Part| -> Option<Form> {
        let entry = parts.iter().find(|(name, _)| name.get_ref() == part.code());
        let Some((name, value)) = entry else {
            note(Some(start), key(part.code()), TextFault::MissingPart);
            return None;
        };
        let at = Some(name.span().start);
        let DeValue::String(text) = value.get_ref() else {
            note(at, key(part.code()), TextFault::NotText);
            return None;
        };
        let (form, faults) = check(text, kind.party(), part);
        for fault in faults {
            note(at, key(part.code()), fault);
        }
        form
    };
    // Each part is read before any is given up, so that all complaints come at once.
    let (subject, body, short) = (read(Part::Subject), read(Part::Body), read(Part::Short));
    Some(Text {
        subject: subject?,
        body: body?,
        short: short?,
    })
}

/// A part's form and what is wrong with it.
fn check(text: &str, party: Party, part: Part) -> (Option<Form>, Vec<TextFault>) {
    let mut faults = Vec::new();
    if text.trim().is_empty() {
        return (None, vec![TextFault::MissingPart]);
    }
    if part == Part::Subject && text.contains(['\r', '\n']) {
        faults.push(TextFault::LineBreak);
    }
    if text
        .chars()
        .any(|c| c != '\n' && c != '\r' && crate::domain::text::is_hidden(c))
    {
        faults.push(TextFault::HiddenCharacter);
    }
    let length = text.trim().chars().count();
    if part == Part::Short && length > SHORT_MAX {
        faults.push(TextFault::TooLong(length));
    }
    let form = match Form::parse(text) {
        Ok(form) => form,
        Err(notation) => {
            faults.extend(notation.into_iter().map(|fault| match fault {
                NotationFault::Unknown(name) => {
                    TextFault::UnknownPlaceholder(crate::domain::text::line(&name))
                }
                NotationFault::Unbalanced => TextFault::UnbalancedBrace,
            }));
            return (None, faults);
        }
    };
    let told: std::collections::BTreeSet<Placeholder> = form.placeholders().collect();
    faults.extend(
        told.into_iter()
            .filter(|placeholder| !placeholder.allowed(party, part))
            .map(TextFault::TooMuchPatientData),
    );
    (faults.is_empty().then_some(form), faults)
}

/// The line, from 1, on which a byte stands.
fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
