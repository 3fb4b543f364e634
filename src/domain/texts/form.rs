//! One text with its placeholders, taken apart once and put together often.
//!
//! Owns the notation: `{name}` is a placeholder, `{{` and `}}` are braces, and a line that begins with `? ` is said only
//! where all its placeholders have a value. Must not know kinds, languages or who may be told what.

use super::{Facts, Placeholder, value};

/// The mark of a line that is said only where its values are known.
const OPTIONAL: &str = "? ";

/// A text taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    optional: bool,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Value(Placeholder),
}

/// What is wrong with a text's notation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotationFault {
    /// There is no such placeholder.
    Unknown(String),
    /// A brace without its other half.
    Unbalanced,
}

impl Form {
    /// Takes a text apart.
    ///
    /// # Errors
    /// Every unknown placeholder, and braces that do not pair.
    pub fn parse(text: &str) -> Result<Form, Vec<NotationFault>> {
        let mut faults = Vec::new();
        let lines = text
            .trim()
            .lines()
            .map(|line| Line::parse(line.trim_end(), &mut faults))
            .collect();
        if faults.is_empty() {
            Ok(Form { lines })
        } else {
            Err(faults)
        }
    }

    /// The placeholders in it.
    pub fn placeholders(&self) -> impl Iterator<Item = Placeholder> + '_ {
        self.lines.iter().flat_map(Line::placeholders)
    }

    /// Everything on one line, with single spaces.
    pub fn one_line(&self, facts: &Facts) -> String {
        let said: Vec<String> = self
            .lines
            .iter()
            .filter_map(|line| line.render(facts, false))
            .collect();
        crate::domain::text::squeeze(&said.join(" "))
    }

    /// Line by line; where a line fell out, no gap of two empty lines stays.
    pub fn lines(&self, facts: &Facts) -> String {
        let mut out = String::new();
        for line in self.lines.iter().filter_map(|line| line.render(facts, true)) {
            if line.is_empty() && (out.is_empty() || out.ends_with("\n\n")) {
                continue;
            }
            out.push_str(&line);
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out
    }
}

impl Line {
    fn parse(text: &str, faults: &mut Vec<NotationFault>) -> Line {
        let (optional, text) = match text.strip_prefix(OPTIONAL) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    literal.push(c);
                }
                '{' => {
                    let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    match Placeholder::from_code(&name) {
                        Some(placeholder) => pieces.push(Piece::Value(placeholder)),
                        None if name.contains(|c: char| c.is_whitespace() || c == '{') => {
                            faults.push(NotationFault::Unbalanced);
                        }
                        None => faults.push(NotationFault::Unknown(name)),
                    }
                }
                '}' => faults.push(NotationFault::Unbalanced),
                other => literal.push(other),
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Line { optional, pieces }
    }

    fn placeholders(&self) -> impl Iterator<Item = Placeholder> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(placeholder) => Some(*placeholder),
            Piece::Literal(_) => None,
        })
    }

    /// The line, or nothing where it falls out: it is optional and lacks a value, or it consisted of a value only and
    /// there is none.
    fn render(&self, facts: &Facts, keep_lines: bool) -> Option<String> {
        let mut lacks = false;
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Value(placeholder) => {
                    let value = value(facts, *placeholder, keep_lines);
                    lacks |= value.is_empty();
                    out.push_str(&value);
                }
            }
        }
        let out = out.trim_end().to_owned();
        let falls_out = lacks && (self.optional || out.trim().is_empty());
        (!falls_out).then_some(out)
    }
}
