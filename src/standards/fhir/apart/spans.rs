//! Where the values of a JSON text stand.
//!
//! Owns the walk over a text that was read as JSON already: strings, braces and nothing else. What it finds is held against what was
//! read ([`super`]), so that the two agree or nothing is told apart.

/// The members of the object that begins at a place: each name as written, and where its value stands.
pub fn members(text: &str, at: usize) -> Option<Vec<(&str, [usize; 2])>> {
    let mut all = Vec::new();
    let mut at = opens(text, at, b'{')?;
    while byte(text, at)? != b'}' {
        let end = value(text, at)?;
        let name = text.get(at + 1..end.checked_sub(1)?)?;
        at = blank(text, end);
        at = blank(text, opens(text, at, b':')?);
        let end = value(text, at)?;
        all.push((name, [at, end]));
        at = behind(text, end)?;
    }
    Some(all)
}

/// Where the items of the list that begins at a place stand.
pub fn items(text: &str, at: usize) -> Option<Vec<[usize; 2]>> {
    let mut all = Vec::new();
    let mut at = opens(text, at, b'[')?;
    while byte(text, at)? != b']' {
        let end = value(text, at)?;
        all.push([at, end]);
        at = behind(text, end)?;
    }
    Some(all)
}

/// Where the first value of a text begins.
pub fn begins(text: &str) -> usize {
    text.find(|c: char| c != '\u{FEFF}' && !c.is_whitespace())
        .unwrap_or(text.len())
}

fn byte(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}

/// Behind a mark, and the blanks after it.
fn opens(text: &str, at: usize, mark: u8) -> Option<usize> {
    (byte(text, at)? == mark).then(|| blank(text, at + 1))
}

fn blank(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Behind the comma after a value; at the end of its list or object where there is none.
fn behind(text: &str, end: usize) -> Option<usize> {
    let at = blank(text, end);
    match byte(text, at)? {
        b',' => Some(blank(text, at + 1)),
        b'}' | b']' => Some(at),
        _ => None,
    }
}

/// Where the value that begins at a place ends.
fn value(text: &str, from: usize) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (place, byte) in rest.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(from + place),
            b'}' | b']' => depth -= 1,
            b',' | b':' if depth == 0 => return Some(from + place),
            _ if depth == 0 && byte.is_ascii_whitespace() => return Some(from + place),
            _ => {}
        }
        let whole = matches!(byte, b'"' | b'}' | b']') && depth == 0 && !quoted && !escaped;
        if whole && (place > 0) {
            return Some(from + place + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_wherever_braces_stand() {
        let text = " {\"a\\\"\" : \"}]{\\\\\" ,\n\"b\":[ 1 ,{\"c\":\"\"}, \"x\",-2e3 ],\"d\":{},\"e\":[],\"f\":true}";
        let at = begins(text);
        let found = members(text, at).unwrap();
        let shown: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, [from, to])| (*name, text.get(*from..*to).unwrap()))
            .collect();
        assert_eq!(
            shown,
            [
                ("a\\\"", "\"}]{\\\\\""),
                ("b", "[ 1 ,{\"c\":\"\"}, \"x\",-2e3 ]"),
                ("d", "{}"),
                ("e", "[]"),
                ("f", "true")
            ]
        );
        let list: Vec<&str> = items(text, found[1].1[0])
            .unwrap()
            .iter()
            .map(|[from, to]| text.get(*from..*to).unwrap())
            .collect();
        assert_eq!(list, ["1", "{\"c\":\"\"}", "\"x\"", "-2e3"]);
        for broken in ["", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1]", "[1,2"] {
            assert_eq!(members(broken, 0), None, "{broken}");
            assert_eq!(items(broken, 0), None, "{broken}");
        }
    }
}
