//! FHIR: requests with the Task, the appointments and the answers that stand around them.
//!
//! Owns which resources say where a referral stands (Task.businessStatus before Task.status before the request's own), and what is
//! loose (`loose`): a resource whose referral, or a referral whose patient, stands elsewhere. A chart that this program printed is taken
//! over whole. Must not know the fields of a request: `standards::fhir` does.

use super::about::{Asked, asked};
use super::around::{check, notes, visits};
use super::fields::when;
use super::loose::{loose_entry, loose_resource};
use super::stated::receive;
use super::{Brought, Read, Reading, Why};
use crate::domain::command::{Command, Import, Standing, TakeOver};
use crate::domain::referral::Owner;
use crate::domain::status::Status;
use crate::domain::text;
use crate::standards::What;
use crate::standards::fhir::{self, Node, Resources, chart};

/// A chart comes with the originals of its documents.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;

/// Reads a line, a document, or the entry of a bundle.
pub fn read(text: &str, reading: &Reading) -> Read {
    let roots = match fhir::parse_up_to(text, LARGEST) {
        Ok(roots) => roots,
        Err(why) => return Read::Wrong(why),
    };
    let entry = roots
        .iter()
        .any(|root| root.text("resourceType").is_none() && root.get("resource").is_some());
    if entry {
        return Read::Loose(roots.iter().filter_map(loose_entry).collect());
    }
    let resources = Resources::of(&roots);
    let requests: Vec<&Node> = requests(&resources).collect();
    let bundled = roots
        .iter()
        .any(|root| matches!(root.text("resourceType"), Some("Bundle" | "Parameters")));
    if !requests.is_empty() && requests.iter().all(|request| is_whole(request, &resources)) {
        return Read::Referrals(referrals(&requests, &resources, reading));
    }
    if roots.iter().all(|root| root.text("resourceType").is_none()) {
        return Read::Wrong("it holds no FHIR resource".into());
    }
    let mut loose = Vec::new();
    for root in &roots {
        if bundled {
            loose.extend(root.each("entry").filter_map(loose_entry));
        } else {
            loose.extend(loose_resource(root, None));
        }
    }
    Read::Loose(loose)
}

/// The referrals of a bundle that was put together from loose resources.
pub fn assembled(text: &str, reading: &Reading) -> Read {
    let roots = match fhir::parse_up_to(text, LARGEST) {
        Ok(roots) => roots,
        Err(why) => return Read::Wrong(why),
    };
    let resources = Resources::of(&roots);
    // The first is the one that the bundle was put together for.
    let first: Vec<&Node> = requests(&resources).take(1).collect();
    Read::Referrals(referrals(&first, &resources, reading))
}

fn requests<'r, 'n>(resources: &'r Resources<'n>) -> impl Iterator<Item = &'n Node> + use<'r, 'n> {
    resources.all().filter(|node| {
        matches!(
            node.text("resourceType"),
            Some("ServiceRequest" | "ReferralRequest")
        )
    })
}

/// Whether the patient of a request comes with it, or nothing refers to one.
fn is_whole(request: &Node, resources: &Resources<'_>) -> bool {
    let subject = request.get("subject").or_else(|| request.get("patient"));
    subject.is_none_or(|subject| subject.text("reference").is_none() || resources.follow(subject).is_some())
}

fn referrals(requests: &[&Node], resources: &Resources<'_>, reading: &Reading) -> Vec<Result<Brought, Why>> {
    if let [only] = requests {
        match chart::take(resources) {
            Ok(Some((chart, originals))) => return vec![Ok(own(only, chart, originals, resources))],
            Ok(None) => {}
            Err(why) => return vec![Err(Why::Refused(why))],
        }
    }
    asked(requests, resources)
        .iter()
        .map(|asked| one(asked, resources, reading).map(Brought::new))
        .collect()
}

/// A chart of our own.
fn own(
    request: &Node,
    chart: crate::domain::chart::Chart,
    originals: Vec<chart::Original>,
    resources: &Resources<'_>,
) -> Brought {
    let external = chart.referral.id.to_string();
    let name = resources.name_of(request).unwrap_or(&external).to_owned();
    Brought {
        command: Command::TakeOver(Box::new(TakeOver {
            name,
            chart: Box::new(chart),
            known: crate::domain::command::Known::default(),
            remarks: Vec::new(),
        })),
        originals: originals
            .into_iter()
            .map(|each| (each.hash, each.bytes))
            .collect(),
        external,
    }
}

fn one(asked: &Asked<'_>, resources: &Resources<'_>, reading: &Reading) -> Result<Import, Why> {
    let request = asked.request;
    if request.text("doNotPerform") == Some("true") {
        return Err(Why::Person(
            "the request says that something is not to be done".into(),
        ));
    }
    let zone = reading.policy.clinic.zone;
    let at = |node: &Node, names: &[&str]| node.text_at(names).and_then(|raw| when(raw, zone));
    let stated = fhir::request(request, resources);
    let task = task_of(asked);
    let received_at = at(request, &["authoredOn"])
        .or_else(|| task.and_then(|task| at(task, &["authoredOn"])))
        .or_else(|| at(request, &["meta", "lastUpdated"]));
    let mut referral = receive(&stated, received_at, reading)?;
    // Doubts of the reader are about the status, which is taken over here.
    referral
        .remarks
        .retain(|doubt| !doubt.contains("the request is") && !doubt.contains("the request was"));
    let since = task
        .and_then(|task| at(task, &["lastModified"]))
        .or_else(|| at(request, &["meta", "lastUpdated"]));
    let status = status(request, task);
    let notes = notes(asked, received_at.unwrap_or(reading.now), reading);
    let (system, external) = names(request, resources);
    Ok(Import {
        system,
        external,
        referral,
        standing: Standing {
            status,
            since,
            reason: task
                .and_then(|task| task.text_at(&["statusReason", "text"]))
                .map(str::to_owned),
            owner: task.and_then(|task| owner(task, resources)),
            performer: stated.first(What::ReferredTo).map(str::to_owned),
            acknowledged_at: None,
            checks: check(asked, resources, reading).into_iter().collect(),
            replaces: request
                .text_at(&["replaces", "identifier", "value"])
                .map(str::to_owned),
        },
        appointments: visits(asked, since, resources, reading),
        notes,
    })
}

/// The system and what it calls the request: its identifier, else its id, else the name that the bundle gives it.
fn names(request: &Node, resources: &Resources<'_>) -> (String, String) {
    let named = request
        .each("identifier")
        .find_map(|each| Some((each.text("system").unwrap_or("FHIR"), each.text("value")?)));
    let (system, external) = match named {
        Some((system, value)) => (system, value),
        None => {
            let name = resources.name_of(request).or_else(|| request.text("id"));
            ("FHIR", name.unwrap_or_default())
        }
    };
    let external = if external.is_empty() {
        let hash = crate::store::content::hash(request.to_json().as_bytes());
        format!("request {}", hash.get(..16).unwrap_or(&hash))
    } else {
        text::line(external)
    };
    (text::line(system), external)
}

/// The task by which the request is fulfilled. Others ask for something on the way: that they are done says nothing of it.
fn task_of<'n>(asked: &Asked<'n>) -> Option<&'n Node> {
    let found: Vec<&Node> = asked.of_type("Task").filter(|task| fulfils(task)).collect();
    // The one that says where it stands, before one that does not.
    let business = |task: &&&Node| task.get("businessStatus").is_some();
    found.iter().find(business).or(found.first()).copied()
}

/// Task.code of `fulfill` (FHIR R4 §12.1.6), a business status, or nothing that says what it is about.
fn fulfils(task: &Node) -> bool {
    let Some(code) = task.get("code").filter(|_| task.get("businessStatus").is_none()) else {
        return true;
    };
    let mut codes = code.each("coding").filter_map(|coding| coding.text("code"));
    codes.any(|code| code == "fulfill")
}

/// Where the referral stands: the task's business status, else the task's status, else the request's own. A task that ended says
/// nothing of a request that has not.
fn status(request: &Node, task: Option<&Node>) -> Option<Status> {
    let own = status_of_request(request);
    let said = task.and_then(status_of_task);
    let live = own.is_some_and(Status::is_open);
    let told = task.is_some_and(|task| task.get("businessStatus").is_some());
    match said {
        Some(said) if live && !said.is_open() && !told => own,
        Some(said) => Some(said),
        None => own,
    }
}

/// Task.businessStatus by BSeR's codes or our own words, else Task.status (FHIR R4 §12.1.2).
fn status_of_task(task: &Node) -> Option<Status> {
    let business = task.get("businessStatus");
    let ours = business
        .and_then(|concept| concept.text("text"))
        .and_then(|word| Status::from_code(&text::fold(word).replace(' ', "-")));
    let coded = || {
        let codings = business.into_iter().flat_map(|concept| concept.each("coding"));
        codings.filter_map(|coding| coding.text("code")).find_map(|code| {
            Status::from_code(code).or_else(|| {
                Status::ALL
                    .into_iter()
                    .find(|status| status.exchange().business_status == code)
            })
        })
    };
    ours.or_else(coded).or_else(|| {
        Some(match task.text("status")? {
            "draft" | "requested" | "received" => Status::Received,
            "accepted" | "ready" | "in-progress" => Status::Accepted,
            "on-hold" => Status::NeedsInfo,
            "rejected" => Status::Declined,
            "cancelled" | "failed" => Status::Cancelled,
            "completed" => Status::Closed,
            "entered-in-error" => Status::EnteredInError,
            _ => return None,
        })
    })
}

/// ServiceRequest.status (FHIR R4 §12.12.2).
fn status_of_request(request: &Node) -> Option<Status> {
    Some(match request.text("status")? {
        "completed" => Status::Closed,
        "revoked" | "cancelled" => Status::Cancelled,
        "entered-in-error" => Status::EnteredInError,
        "on-hold" => Status::NeedsInfo,
        _ => Status::Received,
    })
}

fn owner(task: &Node, resources: &Resources<'_>) -> Option<Owner> {
    let owner = task.get("owner")?;
    let named = resources.follow(owner).and_then(|found| {
        let person = fhir::name(found).map(|name| name.spoken());
        person.or_else(|| found.text("name").map(str::to_owned))
    });
    let name = named.or_else(|| owner.text("display").map(str::to_owned))?;
    super::fields::owner(&name)
}
