//! What is believed of a reading child's answer.
//!
//! Owns its bounds: the child's answer is a stranger's too. Must not know how a child is run.

use crate::domain::text;
use crate::intake::document::{Field, Found, Part, ReadDocument, Value};
use crate::intake::glimpse::MOST;
use crate::intake::picture::Picture;
use crate::intake::sheet::{MAX_PAGES, MAX_RUN_CHARS, MAX_RUNS};
use crate::intake::unreadable;
use crate::standards::apart;
use std::collections::BTreeMap;

/// Bounds on the child's lists.
const MAX_PARTS: usize = 1_000;
const MAX_WARNINGS: usize = 100;
const MAX_SPANS: usize = 10_000;
const MAX_MORE: usize = super::super::structured::MOST;
const MAX_CANDIDATES: usize = 32;
const MAX_VALUE_CHARS: usize = 4_000;

/// Every text is sanitised again and every list bounded.
pub fn clean(name: &str, mut document: ReadDocument) -> ReadDocument {
    document.name = unreadable(name, "").name;
    document.kind_confidence = share(document.kind_confidence);
    document.pages.truncate(MAX_PAGES);
    for page in &mut document.pages {
        page.lines.truncate(MAX_RUNS);
        for line in &mut page.lines {
            line.text = short(&line.text, MAX_RUN_CHARS);
            line.area = line.area.map(share);
        }
    }
    let pages = document.pages.len();
    tidy(&mut document.fields, pages);
    document.segments.truncate(MAX_PAGES);
    for segment in &mut document.segments {
        let last = u32::try_from(pages).unwrap_or(u32::MAX).max(1);
        segment.pages = segment.pages.map(|page| page.clamp(1, last));
        segment.kind_confidence = share(segment.kind_confidence);
        tidy(&mut segment.fields, pages);
    }
    document.more.truncate(MAX_MORE);
    for fields in &mut document.more {
        tidy(fields, pages);
    }
    // More than are told apart are nobody's to believe.
    if document.own.len() > apart::MOST || document.own.iter().any(|own| own.spans.len() > MAX_SPANS) {
        document.own.clear();
    }
    document.parts.truncate(MAX_PARTS);
    for part in &mut document.parts {
        let Part { name, .. } = part;
        *name = short(name, 200);
    }
    document.warnings.truncate(MAX_WARNINGS);
    let reasons = document.for_person.iter_mut().chain(&mut document.cut);
    for warning in document.warnings.iter_mut().chain(reasons) {
        *warning = short(warning, 300);
    }
    document
}

/// The fields of a document of so many pages.
fn tidy(fields: &mut BTreeMap<Field, Vec<Found>>, pages: usize) {
    for found in fields.values_mut() {
        found.truncate(MAX_CANDIDATES);
        for one in found.iter_mut() {
            one.value = match &one.value {
                Value::Name { family, given } => Value::Name {
                    family: short(family, MAX_VALUE_CHARS),
                    given: short(given, MAX_VALUE_CHARS),
                },
                Value::Text(raw) => Value::Text(short(raw, MAX_VALUE_CHARS)),
            };
            one.confidence = share(one.confidence);
            one.place = one
                .place
                .filter(|place| place.page >= 1 && place.page as usize <= pages);
            if let Some(place) = &mut one.place {
                place.area = place.area.map(share);
            }
        }
    }
    fields.retain(|_, found| !found.is_empty());
}

/// A picture, of as many pixels as it says and no more than are asked for.
pub fn picture(answer: &[u8]) -> Option<Picture> {
    let answer = answer.trim_ascii_start();
    let end = answer.iter().take(40).position(|byte| *byte == b'\n')?;
    let (head, rest) = answer.split_at_checked(end + 1)?;
    let head = std::str::from_utf8(head).ok()?.trim_end();
    let mut parts = head.strip_prefix("P5 ")?.split(' ');
    let mut side = || parts.next()?.parse::<usize>().ok();
    let (width, height) = (side()?, side()?);
    let pixels = width.checked_mul(height).filter(|pixels| *pixels <= MOST)?;
    Picture::new(width, height, rest.get(..pixels)?.to_vec())
}

fn short(raw: &str, most: usize) -> String {
    text::line(raw).chars().take(most).collect()
}

fn share(side: f32) -> f32 {
    if side.is_finite() {
        side.clamp(0.0, 1.0)
    } else {
        0.0
    }
}
