//! XML as a stream of tags and text: as much as Office files need, and nothing that can be turned against the reader.
//!
//! Owns the tokens. Must not know what a tag means. No document types, hence no entities of one's own and nothing fetched
//! (reliability rule: no XML entities); nothing is nested, so nothing recurses.

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name …>`; an empty element is an opening followed by a closing.
    Open(&'a str, Attributes<'a>),
    /// `</name>`.
    Close(&'a str),
    /// Text, its entities replaced.
    Text(String),
}

/// What stands in a tag after its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes<'a>(&'a str);

impl Attributes<'_> {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<String> {
        let mut rest = self.0;
        loop {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, after) = after.get(1..)?.split_once(quote)?;
            if key.trim() == name {
                return Some(text(value));
            }
            rest = after;
        }
    }
}

/// The tokens of a part; ends at what cannot be read and at a document type.
pub struct Tokens<'a> {
    rest: &'a str,
    closing: Option<&'a str>,
}

/// Reads a part.
pub fn tokens(source: &str) -> Tokens<'_> {
    Tokens {
        rest: source,
        closing: None,
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.closing.take() {
            return Some(Token::Close(name));
        }
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                if self.rest.is_empty() {
                    return None;
                }
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (found, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                return Some(Token::Text(text(found)));
            };
            if let Some(rest) = tag.strip_prefix("!--") {
                self.rest = rest.split_once("-->")?.1;
            } else if let Some(rest) = tag.strip_prefix("![CDATA[") {
                let (found, rest) = rest.split_once("]]>")?;
                self.rest = rest;
                return Some(Token::Text(found.to_owned()));
            } else if let Some(rest) = tag.strip_prefix('?') {
                self.rest = rest.split_once("?>")?.1;
            } else if tag.starts_with('!') {
                return None;
            } else {
                let (inside, rest) = tag.split_at_checked(end_of_tag(tag)?)?;
                self.rest = rest.strip_prefix('>')?;
                if let Some(name) = inside.strip_prefix('/') {
                    return Some(Token::Close(name.trim()));
                }
                let (inside, empty) = match inside.strip_suffix('/') {
                    Some(inside) => (inside, true),
                    None => (inside, false),
                };
                let cut = inside.find(char::is_whitespace).unwrap_or(inside.len());
                let (name, attributes) = inside.split_at_checked(cut)?;
                self.closing = empty.then_some(name);
                return Some(Token::Open(name, Attributes(attributes)));
            }
        }
    }
}

/// A `>` within quotes does not end a tag.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// Text with the five entities of XML and numbered characters replaced (XML 1.0, §4.1 and §4.6).
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let meant = entity.and_then(|(name, _)| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)
            }
        });
        match (meant, entity) {
            (Some(c), Some((_, after))) => {
                out.push(c);
                rest = after;
            }
            _ => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_entities() {
        let source = "<?xml version=\"1.0\"?><!-- <b> --><a x='1 > 0' y = \"&quot;\">A &amp; B&#233;<br/><![CDATA[<raw>]]></a>";
        let found: Vec<Token<'_>> = tokens(source).collect();
        assert_eq!(found.len(), 6);
        let Some(Token::Open("a", attributes)) = found.first() else {
            panic!("{found:?}")
        };
        assert_eq!(attributes.get("x").as_deref(), Some("1 > 0"));
        assert_eq!(attributes.get("y").as_deref(), Some("\""));
        assert_eq!(attributes.get("z"), None);
        assert_eq!(
            &found[1..],
            [
                Token::Text("A & Bé".into()),
                Token::Open("br", Attributes("")),
                Token::Close("br"),
                Token::Text("<raw>".into()),
                Token::Close("a"),
            ]
        );
    }

    #[test]
    fn entities_of_ones_own_are_no_entities() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>";
        assert_eq!(tokens(bomb).count(), 0);
        assert_eq!(tokens("a &b; c").next(), Some(Token::Text("a &b; c".into())));
        assert_eq!(tokens("<a").count(), 0);
        assert_eq!(tokens("<!--").count(), 0);
    }
}
