//! What happened, as Provenance (FHIR R4 §6.3): one for each event, in the order of their numbers.

use super::own::{self, Fields};
use super::{Node, Sheet, Taken};
use crate::domain::chart::Past;
use crate::domain::time::print_stamp;
use serde_json::{Value, json};

/// Resources of history have a name that is no record's number.
const NAME: &str = "event-";

pub fn print(sheet: &Sheet<'_>) -> Vec<Value> {
    sheet
        .chart
        .history
        .iter()
        .enumerate()
        .map(|(place, past)| provenance(place, past, sheet))
        .collect()
}

fn provenance(place: usize, past: &Past, sheet: &Sheet<'_>) -> Value {
    let fact = serde_json::to_value(&past.fact).unwrap_or_default();
    let kind = fact.get("fact").cloned();
    json!({
        "resourceType": "Provenance", "id": format!("{NAME}{place}-{}", sheet.chart.referral.id),
        "extension": [own::rest("history", past, &["at", "actor"])], "target": [sheet.request()],
        "recorded": print_stamp(past.at), "activity": { "coding": [{ "system": own::system("fact"), "code": kind }] },
        "agent": [{ "who": { "display": past.actor } }],
    })
}

pub fn take(taken: &Taken<'_, '_>) -> Result<Vec<Past>, String> {
    let place = |node: &&Node| {
        node.text("id")?
            .strip_prefix(NAME)?
            .split('-')
            .next()?
            .parse::<usize>()
            .ok()
    };
    let ours = |node: &&Node| own::extension(node, "history").is_some();
    let mut nodes: Vec<(usize, &Node)> = taken
        .resources
        .of_type("Provenance")
        .filter(ours)
        .filter_map(|node| Some((place(&node)?, node)))
        .collect();
    nodes.sort_by_key(|(place, _)| *place);
    nodes.dedup_by_key(|(place, _)| *place);
    let one = |(_, node): (usize, &Node)| {
        let fields = own::extension(node, "history")
            .map(Fields::of)
            .ok_or_else(|| own::lost("Provenance"))?;
        fields
            .text("at", node.text("recorded"))
            .text("actor", node.text_at(&["agent", "who", "display"]))
            .record("Provenance", &[], &["actor", "cause"])
    };
    nodes.into_iter().map(one).collect()
}
