//! A web page or a message's HTML as typed text that keeps tables' cells apart.
//!
//! Owns what a tag means for the layout. Must not know what the text says; entities and the rest are the mail parser's.

use mail_parser::decoders::html::html_to_text;

/// Tags before which a line ends.
const BREAKS: &[&str] = &[
    "tr", "/tr", "table", "/table", "p", "/p", "div", "/div", "li", "h1", "h2", "h3", "h4", "/h1", "/h2",
    "/h3", "/h4", "hr", "ul", "/ul", "dt", "/dd",
];
/// Tags that part cells; the bar is what a typed table has there.
const CELLS: &[&str] = &["/td", "/th", "/dt"];

/// The text of HTML.
pub fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let name: String = after
            .chars()
            .take(8)
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect::<String>()
            .to_ascii_lowercase();
        if BREAKS.contains(&name.as_str()) {
            out.push_str("<br>");
        } else if CELLS.contains(&name.as_str()) {
            out.push_str(" &#124; ");
        }
        out.push('<');
        rest = after;
    }
    out.push_str(rest);
    html_to_text(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_rows_stay_apart() {
        let shown = text(
            "<p>Hi</p><table><tr><td>Member ID</td><td>H55</td></tr><tr><th>Dx</th><td>I10 &amp; more</td></tr></table>Bye",
        );
        let lines: Vec<&str> = shown
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(lines, ["Hi", "Member ID | H55 |", "Dx | I10 & more |", "Bye"]);
    }
}
