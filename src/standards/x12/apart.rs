//! The answers of one file, told apart: each transaction set, and in it each patient, within the envelope that it came in.
//!
//! Owns when that is certain: sets end where they say (X12.6 §3.8), and the loops of a set hang together by their numbers (HL01, HL02 of
//! the guides 005010X279A1 and 005010X217). What a set says before its first loop, and the loops above a patient's, go with each patient.
//! Must not know what a segment says otherwise.

use super::read::{DEPENDENT, SUBSCRIBER};
use super::{Interchange, MAX_SEGMENTS, Segment};
use crate::standards::apart::{Own, within};
use std::collections::BTreeMap;
use std::ops::Range;

/// Sets of which one may be about several patients.
const OF_PATIENTS: [&str; 4] = ["270", "271", "277", "278"];

/// Each patient's part, each acknowledgement; none where there is one, or one cannot be told from another with certainty.
pub fn apart(text: &str) -> Option<Vec<Own>> {
    let interchange = Interchange::parse(text).ok()?;
    let segments: Vec<Segment<'_>> = interchange.all().collect();
    if segments.len() >= MAX_SEGMENTS {
        return None;
    }
    // The header of the interchange that is open, of its group, and of its set; and what waits for the end of each.
    let (mut sender, mut group, mut set) = (None, None, None);
    let (mut in_group, mut in_interchange, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for (at, segment) in segments.iter().enumerate() {
        match segment.id() {
            "ISA" if sender.is_none() => sender = Some(at),
            "GS" if sender.is_some() && group.is_none() && set.is_none() => group = Some(at),
            "ST" if sender.is_some() && set.is_none() => set = Some(at),
            "SE" => {
                let head: Vec<usize> = std::iter::once(sender?).chain(group).collect();
                let door = if group.is_some() {
                    &mut in_group
                } else {
                    &mut in_interchange
                };
                for unit in patients(&segments, set.take()?..at)? {
                    door.push([head.as_slice(), &unit, &[at]].concat());
                }
            }
            "GE" if group.is_some() && set.is_none() => {
                group = None;
                move_on(&mut in_group, &mut in_interchange, at);
            }
            "IEA" if sender.is_some() && group.is_none() && set.is_none() => {
                sender = None;
                move_on(&mut in_interchange, &mut units, at);
            }
            "TA1" if group.is_none() && set.is_none() => in_interchange.push(vec![sender?, at]),
            "ISA" | "GS" | "ST" | "GE" | "IEA" | "TA1" => return None,
            _ if set.is_some() => {}
            _ => return None,
        }
    }
    if sender.is_some() {
        return None;
    }
    let own = |unit: Vec<usize>| {
        let stand = unit.into_iter().map(|at| span(text, &segments, at));
        stand.collect::<Option<Vec<_>>>().map(joined).map(Own::of)
    };
    within(units.into_iter().map(own).collect::<Option<Vec<_>>>()?)
}

/// What waited for an end has it.
fn move_on(from: &mut Vec<Vec<usize>>, to: &mut Vec<Vec<usize>>, end: usize) {
    for mut unit in from.drain(..) {
        unit.push(end);
        to.push(unit);
    }
}

/// Where a segment stands, with what ends it and the blanks behind.
fn span(text: &str, segments: &[Segment<'_>], at: usize) -> Option<[usize; 2]> {
    let place = |segment: &Segment<'_>| segment.text.as_ptr().addr().checked_sub(text.as_ptr().addr());
    let from = place(segments.get(at)?)?;
    let to = match segments.get(at + 1) {
        Some(next) => place(next)?,
        None => text.len(),
    };
    Some([from, to])
}

/// Parts that follow one another are one.
fn joined(spans: Vec<[usize; 2]>) -> Vec<[usize; 2]> {
    let mut all: Vec<[usize; 2]> = Vec::new();
    for [from, to] in spans {
        match all.last_mut() {
            Some(last) if last[1] == from => last[1] = to,
            Some(_) | None => all.push([from, to]),
        }
    }
    all
}

/// A loop of a set.
struct Loop<'a> {
    parent: &'a str,
    level: &'a str,
    segments: Range<usize>,
}

/// The segments of a set for each patient in it, from its header on; all of them where it is about one.
fn patients(segments: &[Segment<'_>], set: Range<usize>) -> Option<Vec<Vec<usize>>> {
    let header = segments.get(set.start)?;
    let starts: Vec<usize> = set
        .clone()
        .filter(|at| segments.get(*at).is_some_and(|segment| segment.id() == "HL"))
        .collect();
    let whole = || Some(vec![set.clone().collect()]);
    if !OF_PATIENTS.contains(&header.element(1)) {
        return whole();
    }
    let mut loops: BTreeMap<&str, Loop<'_>> = BTreeMap::new();
    let ends = starts.iter().skip(1).copied().chain([set.end]);
    for (from, to) in starts.iter().zip(ends) {
        let hl = segments.get(*from)?;
        let one = Loop {
            parent: hl.element(2),
            level: hl.element(3),
            segments: *from..to,
        };
        if loops.insert(hl.element(1), one).is_some() {
            return None;
        }
    }
    let has_dependants = |id: &str| {
        loops
            .values()
            .any(|one| one.level == DEPENDENT && one.parent == id)
    };
    let about: Vec<&str> = loops
        .iter()
        .filter(|(id, one)| one.level == DEPENDENT || one.level == SUBSCRIBER && !has_dependants(id))
        .map(|(id, _)| *id)
        .collect();
    if about.len() < 2 {
        return whole();
    }
    // Each loop's way up to the top: a loop goes with the patients on its way, and with those on whose way it is.
    let ways: BTreeMap<&str, Vec<&str>> = loops
        .keys()
        .map(|id| Some((*id, way(id, &loops)?)))
        .collect::<Option<_>>()?;
    let on = |way: &str, id: &str| ways.get(way).is_some_and(|way| way.contains(&id));
    let goes = |id: &str, patient: &str| on(id, patient) || on(patient, id);
    if loops
        .keys()
        .any(|id| !about.iter().any(|patient| goes(id, patient)))
    {
        return None;
    }
    let first = *starts.first()?;
    let mut all: Vec<(usize, Vec<usize>)> = Vec::new();
    for patient in about {
        let mut own: Vec<usize> = loops
            .iter()
            .filter(|(id, _)| goes(id, patient))
            .flat_map(|(_, one)| one.segments.clone())
            .chain(set.start..first)
            .collect();
        own.sort_unstable();
        all.push((loops.get(patient)?.segments.start, own));
    }
    all.sort_unstable();
    Some(all.into_iter().map(|(_, own)| own).collect())
}

/// A loop and those above it; none where one of them is not there.
fn way<'a>(id: &'a str, loops: &BTreeMap<&'a str, Loop<'a>>) -> Option<Vec<&'a str>> {
    let mut way = vec![id];
    let mut parent = loops.get(id)?.parent;
    while !parent.is_empty() {
        if way.contains(&parent) {
            return None;
        }
        way.push(parent);
        parent = loops.get(parent)?.parent;
    }
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::What;
    use crate::standards::x12::read;

    const HEAD: &str = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000007*0*P*:~\n";
    const GROUP: &str = "GS*HB*A*B*20260302*1410*7*X*005010X279A1~\n";
    const END: &str = "GE*1*7~\nIEA*1*000000007~\n";
    const TOP: &str =
        "ST*271*0001~\nBHT*0022*11*1*20260302~\nHL*1**20*1~\nNM1*PR*2*CEDAR*****PI*60054~\nHL*2*1*21*1~\n";

    fn told(text: &str) -> Option<Vec<String>> {
        let of = |own: Own| String::from_utf8(own.bytes(text.as_bytes()).unwrap()).unwrap();
        Some(apart(text)?.into_iter().map(of).collect())
    }

    fn subscriber(hl: u32, name: &str) -> String {
        format!("HL*{hl}*2*22*0~\nTRN*2*RD1{hl}-1*9~\nNM1*IL*1*{name}****MI*W{hl}~\nEB*1**30~\n")
    }

    #[test]
    fn each_patient_has_the_loops_above_and_below() {
        let (ann, otto) = (subscriber(3, "LEE*ANN"), subscriber(6, "BRANDT*OTTO"));
        let family = "HL*3*2*22*1~\nNM1*IL*1*LEE*ANN****MI*W3~\n";
        let child =
            |hl: u32| format!("HL*{hl}*3*23*0~\nTRN*2*RD1{hl}-1*9~\nNM1*03*1*LEE*KIM{hl}~\nEB*1**30~\n");
        let whole = |loops: &str| format!("{HEAD}{GROUP}{TOP}{loops}SE*9*0001~\n{END}");
        let table = [
            (whole(&ann), None),
            (
                whole(&format!("{ann}{otto}")),
                Some(vec![whole(&ann), whole(&otto)]),
            ),
            (
                whole(&format!("{family}{}{}{otto}", child(4), child(5))),
                Some(vec![
                    whole(&format!("{family}{}", child(4))),
                    whole(&format!("{family}{}", child(5))),
                    whole(&otto),
                ]),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(told(&text), expected, "{text}");
        }
        // What was about several, and said nothing of any of them, says it of each.
        let of_both = told(&whole(&format!("{ann}{otto}"))).unwrap();
        let said = |text: &String| {
            let stated = read(text).unwrap();
            [What::Trace, What::EligibilityStatus].map(|what| stated.first(what).map(str::to_owned))
        };
        let of = |trace: &str| [Some(trace.to_owned()), Some("active".to_owned())];
        assert_eq!(
            of_both.iter().map(said).collect::<Vec<_>>(),
            [of("RD13-1"), of("RD16-1")]
        );
    }

    #[test]
    fn sets_and_acknowledgements_have_their_envelopes() {
        let ta1 = "TA1*000001203*260302*1405*R*024~\n";
        let set = |number: u32| {
            format!("ST*999*{number:04}~\nAK1*HS*120{number}~\nAK9*A*1*1*1~\nSE*4*{number:04}~\n")
        };
        let text = format!("{HEAD}{ta1}{GROUP}{}{}{END}", set(1), set(2));
        let bare = "IEA*1*000000007~\n";
        assert_eq!(
            told(&text),
            Some(vec![
                format!("{HEAD}{ta1}{bare}"),
                format!("{HEAD}{GROUP}{}{END}", set(1)),
                format!("{HEAD}{GROUP}{}{END}", set(2)),
            ])
        );
        let eight = |text: &str| text.replace("000000007", "000000008");
        let other = format!("{}{}{}", eight(HEAD), set(3), eight(bare));
        let two = format!("{HEAD}{}{bare}{other}", set(1));
        assert_eq!(told(&two), Some(vec![format!("{HEAD}{}{bare}", set(1)), other]));
    }

    #[test]
    fn what_does_not_hang_together_is_left() {
        let (ann, otto) = (subscriber(3, "LEE*ANN"), subscriber(6, "BRANDT*OTTO"));
        let whole = format!("{HEAD}{GROUP}{TOP}{ann}{otto}SE*9*0001~\n{END}");
        assert!(told(&whole).is_some());
        let table = [
            ("a loop under one that is not there", "HL*6*2*", "HL*6*9*"),
            ("two loops of a number", "HL*6*2*", "HL*3*2*"),
            ("loops under one another", "HL*2*1*", "HL*2*6*"),
            ("a provider of nobody", "SE*9", "HL*7*1*21*0~\nAAA*N**43*C~\nSE*9"),
            ("a set that does not end", "SE*9*0001~\n", ""),
            ("a segment between the sets", "GE*1", "NM1*IL*1*X~\nGE*1"),
            ("a trailer of nothing", "ST*271*0001~\n", ""),
        ];
        for (why, is, becomes) in table {
            assert_eq!(told(&whole.replace(is, becomes)), None, "{why}");
        }
    }
}
