//! The entries of a bundle that is too large to be read at once.
//!
//! Owns the walk through JSON that finds the list `entry` of the outermost object and cuts its elements off, one after the other.
//! Must not know what an entry holds.

use std::io::{BufRead, Result};

/// Where the walk is.
#[derive(Default)]
pub struct Entries {
    depth: usize,
    inside: bool,
    done: bool,
    line: u64,
    /// The last text at depth one: a name, until it is followed by something else.
    name: Vec<u8>,
}

/// An entry with the line on which it begins, or why it is not one.
pub type Found = (u64, std::result::Result<Vec<u8>, &'static str>);

impl Entries {
    /// The next entry; none behind the last. One that is longer than `most` is read over.
    ///
    /// # Errors
    /// The file's.
    pub fn next(&mut self, input: &mut impl BufRead, most: usize) -> Result<Option<Found>> {
        while !self.inside && !self.done {
            if !self.find(input)? {
                return Ok(None);
            }
        }
        if self.done {
            return Ok(None);
        }
        loop {
            match byte(input)? {
                Some(b'{') => break,
                Some(b']') | None => {
                    self.done = true;
                    return Ok(None);
                }
                Some(b'\n') => self.line += 1,
                Some(_) => {}
            }
        }
        let begins = self.line + 1;
        let mut raw = vec![b'{'];
        let (mut depth, mut quoted, mut escaped) = (1, false, false);
        while depth > 0 {
            let Some(byte) = byte(input)? else {
                self.done = true;
                return Ok(Some((begins, Err("the file ends within it"))));
            };
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                b'\n' => self.line += 1,
                _ => {}
            }
            if raw.len() <= most {
                raw.push(byte);
            }
        }
        let long = raw.len() > most;
        Ok(Some((
            begins,
            if long {
                Err("the entry is longer than 64 MB")
            } else {
                Ok(raw)
            },
        )))
    }

    /// Walks to the list of entries; false where the file ends before.
    fn find(&mut self, input: &mut impl BufRead) -> Result<bool> {
        let Some(next) = byte(input)? else {
            self.done = true;
            return Ok(false);
        };
        match next {
            b'"' => self.name = text(input)?,
            b'{' => self.depth += 1,
            b'[' if self.depth == 1 && self.name == b"entry" => self.inside = true,
            b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b'\n' => self.line += 1,
            _ => {}
        }
        Ok(true)
    }
}

/// A text up to its closing mark, as far as a name is long.
fn text(input: &mut impl BufRead) -> Result<Vec<u8>> {
    let (mut all, mut escaped) = (Vec::new(), false);
    while let Some(byte) = byte(input)? {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => break,
            _ => {}
        }
        if all.len() < 16 {
            all.push(byte);
        }
    }
    Ok(all)
}

fn byte(input: &mut impl BufRead) -> Result<Option<u8>> {
    let first = input.fill_buf()?.first().copied();
    if first.is_some() {
        input.consume(1);
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_cut_off_wherever_braces_stand() {
        let text = "{\"resourceType\":\"Bundle\",\"meta\":{\"entry\":[{\"no\":1}]},\n \"entry\":[\n{\"a\":\"}]{\\\"\"},{\"b\":[1,{\"c\":2}]}\n],\"x\":[{}]}";
        let mut input = std::io::Cursor::new(text.as_bytes());
        let mut entries = Entries::default();
        let mut found = Vec::new();
        while let Some((line, raw)) = entries.next(&mut input, 1_000).unwrap() {
            found.push((line, String::from_utf8(raw.unwrap()).unwrap()));
        }
        assert_eq!(
            found,
            [
                (3, "{\"a\":\"}]{\\\"\"}".to_owned()),
                (3, "{\"b\":[1,{\"c\":2}]}".to_owned())
            ]
        );
    }

    #[test]
    fn what_ends_early_or_is_too_long_says_so() {
        let mut entries = Entries::default();
        let mut input = std::io::Cursor::new(&b"{\"entry\":[{\"aaaaaaaa\":1},{\"b\":"[..]);
        assert!(entries.next(&mut input, 4).unwrap().unwrap().1.is_err());
        assert!(entries.next(&mut input, 400).unwrap().unwrap().1.is_err());
        assert!(entries.next(&mut input, 400).unwrap().is_none());
    }
}
