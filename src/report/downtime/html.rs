//! The pack as one HTML file for the printer: no script, nothing from outside.

use super::words::{BACK, COLUMNS, OUTCOMES, REFERRAL, age, cells, heading};
use super::{Call, Pack};
use crate::domain::lists::List;
use crate::domain::text;
use crate::domain::time::show_stamp;

/// The look. A part is a table whose head repeats on each of its pages: so each says how old it is.
const STYLE: &str = "\
@page { size: letter; margin: 12mm 12mm 14mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 9pt sans-serif } }
* { box-sizing: border-box }
body { font: 10pt/1.35 'Liberation Sans', Arial, sans-serif; color: #000; margin: 0 }
table { border-collapse: collapse; width: 100% }
.part { break-before: page } .part:first-child { break-before: auto }
.part > thead td { padding: 0 0 2mm } .part > tbody > tr > td { padding: 0 }
.age { border-bottom: 1.5pt solid #000; font-size: 9pt; padding-bottom: 1mm }
h1 { font-size: 15pt; margin: 2mm 0 1mm } .stat h1 { border: 2pt solid #000; padding: 1mm 2mm }
.rows { table-layout: fixed } .rows th { text-align: left; font-size: 8.5pt; border-bottom: 1pt solid #000; padding: 1mm 1.5mm 1mm 0 }
.rows td { border-bottom: .5pt solid #999; padding: 1.2mm 1.5mm 1.2mm 0; vertical-align: top; height: 9mm }
.rows tr, .call, .field { break-inside: avoid }
.rows td:nth-child(1), .rows td:nth-child(2), .rows td:nth-child(4) { white-space: nowrap }
.rows td:nth-child(3) { font-weight: bold } .rows td { overflow-wrap: anywhere }
.rows th:nth-child(1) { width: 12.5% } .rows th:nth-child(2) { width: 10.5% } .rows th:nth-child(3) { width: 20% }
.rows th:nth-child(4) { width: 10.5% } .rows th:nth-child(5) { width: 14% } .rows th:nth-child(6) { width: 17.5% }
.call { border: 1pt solid #000; padding: 2mm 3mm; margin: 0 0 4mm } .call b { font-size: 11.5pt }
.call.stat { border-width: 2.5pt } .tick { white-space: nowrap; margin-right: 4mm; display: inline-block }
.tick::before { content: ''; display: inline-block; width: 3mm; height: 3mm; border: .8pt solid #000; margin-right: 1.2mm; vertical-align: -.3mm }
.blank { display: flex; align-items: flex-end; gap: 2mm; height: 8mm } .blank::after { content: ''; flex: 1; border-bottom: .5pt solid #000 }
.line { border-bottom: .5pt solid #000; height: 8mm } .field { margin-bottom: 1.5mm } .none { color: #555 }
ol li { margin-bottom: 2.5mm }
@media screen { body { max-width: 216mm; margin: 8mm auto; padding: 0 6mm } .part { margin-bottom: 14mm } }
";

/// Outside text on its way into the page: without what hides or turns, and without markup; its direction ends with it.
fn safe(raw: &str) -> String {
    let mut out = String::from("<bdi>");
    for c in text::line(raw).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out.push_str("</bdi>");
    out
}

/// The file.
pub(super) fn html(pack: &Pack) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Downtime pack</title>\n<style>{STYLE}</style></head><body>\n"
    );
    for (list, total, rows) in &pack.lists {
        let class = if *list == List::Emergency { "stat" } else { "" };
        let mut body = String::new();
        if rows.is_empty() {
            body.push_str("<p class=\"none\">none</p>");
        } else {
            let heads: String = COLUMNS.iter().map(|name| format!("<th>{name}</th>")).collect();
            body.push_str(&format!(
                "<table class=\"rows\"><thead><tr>{heads}</tr></thead><tbody>\n"
            ));
            for row in rows {
                let cells: String = cells(pack, row)
                    .iter()
                    .map(|cell| format!("<td>{}</td>", safe(cell)))
                    .collect();
                body.push_str(&format!("<tr>{cells}<td></td></tr>\n"));
            }
            body.push_str("</tbody></table>");
        }
        part(&mut out, pack, class, &heading(*list, *total, rows.len()), &body);
    }
    let calls: String = pack.calls.iter().map(|call| call_sheet(pack, call)).collect();
    let calls = if calls.is_empty() {
        "<p class=\"none\">no call is due</p>".to_owned()
    } else {
        calls
    };
    part(
        &mut out,
        pack,
        "",
        &format!("Call sheets · {}", pack.calls.len()),
        &calls,
    );
    let blank = format!(
        "<div class=\"call\"><div class=\"blank\">referral R-</div><div class=\"blank\">patient, born</div>{}</div>",
        ticks()
    );
    part(&mut out, pack, "", "Blank call sheets", &blank.repeat(4));
    for _ in 0..2 {
        part(&mut out, pack, "", "Blank referral", &blank_referral());
    }
    let back: String = BACK
        .iter()
        .map(|step| format!("<li>{}</li>", safe(step)))
        .collect();
    part(
        &mut out,
        pack,
        "",
        "Bringing it back",
        &format!("<ol>{back}</ol>"),
    );
    out.push_str("</body></html>\n");
    out
}

fn part(out: &mut String, pack: &Pack, class: &str, title: &str, body: &str) {
    out.push_str(&format!(
        "<table class=\"part {class}\"><thead><tr><td><div class=\"age\">{}</div></td></tr></thead><tbody><tr><td><h1>{}</h1>\n{body}</td></tr></tbody></table>\n",
        safe(&age(pack)),
        safe(title)
    ));
}

fn call_sheet(pack: &Pack, call: &Call) -> String {
    let due = call
        .due_at
        .map(|due| format!(" · due {}", show_stamp(pack.zone, due, pack.at)))
        .unwrap_or_default();
    let born = call.dob.map(|dob| format!(" · born {dob}")).unwrap_or_default();
    let tried = match call.attempts {
        0 => String::new(),
        tries => format!(" · tried {tries} times"),
    };
    let (class, head) = if call.emergency {
        ("call stat", "EMERGENCY · ")
    } else {
        ("call", "")
    };
    format!(
        "<div class=\"{class}\"><b>{}</b><br>{}<br>{}{}</div>\n",
        safe(&format!("{head}{} · {}{born}", call.id, call.patient)),
        safe(&format!("{}{due}{tried}", call.what)),
        safe(&call.numbers.join(" · ")),
        ticks()
    )
}

fn ticks() -> String {
    let boxes: String = OUTCOMES
        .iter()
        .map(|outcome| format!("<span class=\"tick\">{outcome}</span>"))
        .collect();
    format!(
        "<div class=\"blank\">time, by</div><div style=\"margin-top:2mm\">{boxes}</div><div class=\"blank\">call again</div><div class=\"blank\">note</div>"
    )
}

fn blank_referral() -> String {
    REFERRAL
        .iter()
        .map(|(label, room)| {
            let more = "<div class=\"line\"></div>".repeat(room.saturating_sub(1));
            format!("<div class=\"field\"><div class=\"blank\">{label}</div>{more}</div>")
        })
        .collect()
}
