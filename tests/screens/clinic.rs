//! An invented clinic of a dozen referrals, the same each time.

use refdesk::config::Config;
use refdesk::demo;
use refdesk::domain::command::{
    Cause, Command, Envelope, NewCoverage, NewDocument, NewOrganization, NewPatient, NewPractitioner,
    PatientChanges, Receive, Ref,
};
use refdesk::domain::coverage::Eligibility;
use refdesk::domain::id::ReferralId;
use refdesk::domain::person::{Channel, HumanName, Sex};
use refdesk::domain::policy::{Actor, Role};
use refdesk::domain::priority::Priority;
use refdesk::domain::referral::Source;
use refdesk::domain::time::{Stamp, parse_day, parse_stamp};
use refdesk::engine::{Engine, Places};
use refdesk::store::board::Sheet;
use refdesk::tui::live::Live;
use refdesk::tui::msg::{Mouse, Msg};
use refdesk::tui::rig::Rig;
use refdesk::tui::settings::{Settings, View};
use refdesk::tui::width::columns;
use std::sync::Arc;
use tempfile::TempDir;

/// Monday 23 November 2026, 09:14 in New York.
pub const NOW: &str = "2026-11-23T14:14:00Z";

/// The screen over the clinic; the directory lives as long.
pub struct Desk {
    pub rig: Rig<Live>,
    pub dir: TempDir,
}

struct Person {
    family: &'static str,
    given: &'static str,
    dob: &'static str,
    sex: Sex,
    service: &'static str,
    priority: Priority,
    received: &'static str,
    complete: bool,
}

const fn person(
    family: &'static str,
    given: &'static str,
    dob: &'static str,
    sex: Sex,
    service: &'static str,
    priority: Priority,
    received: &'static str,
    complete: bool,
) -> Person {
    Person {
        family,
        given,
        dob,
        sex,
        service,
        priority,
        received,
        complete,
    }
}

const PEOPLE: [Person; 12] = [
    person(
        "Okafor",
        "Ngozi",
        "1964-03-08",
        Sex::Female,
        "Consultation",
        Priority::Stat,
        "2026-11-23T13:51:00Z",
        true,
    ),
    person(
        "Garcia Lopez",
        "María",
        "1968-04-02",
        Sex::Female,
        "Echo",
        Priority::Urgent,
        "2026-11-20T15:02:00Z",
        true,
    ),
    person(
        "陈",
        "伟",
        "1975-09-30",
        Sex::Male,
        "Consultation",
        Priority::Routine,
        "2026-11-12T16:20:00Z",
        true,
    ),
    person(
        "O'Neil",
        "Sean",
        "1951-01-17",
        Sex::Male,
        "Holter",
        Priority::Asap,
        "2026-11-23T12:40:00Z",
        true,
    ),
    person(
        "Nguyễn",
        "Thị Minh Khai",
        "1990-12-05",
        Sex::Female,
        "Consultation",
        Priority::Routine,
        "2026-11-19T14:00:00Z",
        false,
    ),
    person(
        "Иванова",
        "Ольга",
        "1982-07-21",
        Sex::Female,
        "Echo",
        Priority::Routine,
        "2026-11-17T18:30:00Z",
        true,
    ),
    person(
        "Al-Sayed",
        "Yusuf",
        "2019-02-11",
        Sex::Male,
        "Consultation",
        Priority::Urgent,
        "2026-11-18T20:15:00Z",
        false,
    ),
    person(
        "Kowalczyk-Brzęczyszczykiewicz",
        "Małgorzata",
        "1946-06-06",
        Sex::Female,
        "Consultation",
        Priority::Routine,
        "2026-11-16T15:45:00Z",
        true,
    ),
    person(
        "Smith",
        "Jane",
        "1988-08-08",
        Sex::Female,
        "Consultation",
        Priority::Routine,
        "2026-11-13T15:45:00Z",
        true,
    ),
    person(
        "Smith",
        "John",
        "1987-05-14",
        Sex::Male,
        "Echo",
        Priority::Routine,
        "2026-11-10T15:45:00Z",
        true,
    ),
    person(
        "אברהם",
        "שרה",
        "1959-10-10",
        Sex::Female,
        "Consultation",
        Priority::Routine,
        "2026-11-20T17:00:00Z",
        true,
    ),
    person(
        "Duarte",
        "Inês",
        "2001-03-03",
        Sex::Female,
        "Consultation",
        Priority::Routine,
        "2026-11-09T15:45:00Z",
        true,
    ),
];

fn stamp(text: &str) -> Stamp {
    parse_stamp(text).unwrap()
}

fn actor() -> Actor {
    Actor {
        name: "Maria".into(),
        role: Role::Manager,
    }
}

fn received(person: &Person, policy: &refdesk::domain::policy::Policy) -> Command {
    let template = policy.template("cardiology").unwrap();
    let service = template
        .services
        .iter()
        .find(|service| service.to_lowercase().contains(&person.service.to_lowercase()))
        .unwrap_or(&template.services[0]);
    let provided = if person.complete {
        template
            .requirements
            .iter()
            .map(|need| need.key.clone())
            .collect()
    } else {
        Vec::new()
    };
    Command::Receive(Box::new(Receive {
        source: Source::Fax,
        received_at: Some(stamp(person.received)),
        document: None,
        template: "cardiology".into(),
        service: Some(service.clone()),
        priority: Some(person.priority),
        patient: Ref::New(NewPatient {
            name: HumanName {
                family: person.family.into(),
                given: person.given.into(),
                suffix: String::new(),
            },
            dob: parse_day(person.dob).ok(),
            sex: person.sex,
            phone: Some("5550100".into()),
            email: Some("patient@example.org".into()),
            address: Some("1 Main Street, Springfield".into()),
            language: Some(
                if person.family.starts_with("Garcia") {
                    "es"
                } else {
                    "en"
                }
                .into(),
            ),
            preferred: Some(Channel::Email),
            ..NewPatient::default()
        }),
        requester: Some(Ref::New(NewPractitioner {
            name: HumanName {
                family: "Lee".into(),
                given: "Ann".into(),
                suffix: "MD".into(),
            },
            npi: person.complete.then(|| "1234567893".into()),
            phone: Some("5550123".into()),
            fax: Some("5550124".into()),
            email: None,
        })),
        organization: Some(Ref::New(NewOrganization {
            name: "Elm Street Family Practice".into(),
            ..Default::default()
        })),
        facility: None,
        reason_text: "Exertional chest tightness for three weeks, worse on stairs".into(),
        reason_codes: vec!["R07.89".into()],
        procedure_codes: Vec::new(),
        coverages: vec![NewCoverage {
            payer: "Aetna PPO".into(),
            member_id: person.complete.then(|| "W123456789".into()),
            group_no: None,
            subscriber: None,
        }],
        authorization: None,
        provided,
        remarks: Vec::new(),
        replaces: None,
    }))
}

fn build(engine: &mut Engine) -> Vec<ReferralId> {
    let policy = engine.policy().clone();
    let run = |engine: &mut Engine, command: Command, at: &str| {
        let envelope = Envelope::new(command, actor(), Cause::Key);
        engine
            .execute(&envelope, stamp(at))
            .map(|receipt| receipt.referral)
    };
    let mut ids = Vec::new();
    let mut people: Vec<&Person> = PEOPLE.iter().collect();
    people.sort_by_key(|person| person.received);
    for person in people {
        let id = run(engine, received(person, &policy), person.received)
            .unwrap()
            .unwrap();
        ids.push(id);
        let coverage = refdesk::store::Store::sheet(engine.store(), id, 0)
            .unwrap()
            .unwrap();
        let coverage = coverage.snapshot.primary_coverage().unwrap().id;
        let active = Command::SetEligibility {
            referral: id,
            coverage,
            eligibility: if person.family == "אברהם" {
                Eligibility::Inactive
            } else {
                Eligibility::Active
            },
            valid_until: None,
            note: None,
        };
        run(engine, active, person.received).unwrap();
        let later = match person.family {
            "Duarte" => vec![Command::Accept { referral: id }],
            "Smith" if person.given == "John" => vec![
                Command::Accept { referral: id },
                Command::Schedule {
                    referral: id,
                    starts_at: stamp("2026-11-25T15:00:00Z"),
                    minutes: 30,
                    performer: "Dr. Chen".into(),
                    place: "Room 2".into(),
                },
            ],
            _ => Vec::new(),
        };
        for command in later {
            run(engine, command, "2026-11-20T16:00:00Z").unwrap();
        }
    }
    let letter =
        "Dear colleague,\n\nplease see Rosa Alvarez, born 4 May 1970, for palpitations.\n\nDr. Ann Lee\n";
    let read = refdesk::intake::read("letter.txt", letter.as_bytes());
    let hash = "ab".repeat(32);
    let reading = serde_json::to_string(&read).unwrap();
    refdesk::store::content::keep(engine.store().connection(), &hash, letter.as_bytes(), &reading).unwrap();
    let document = NewDocument {
        hash,
        name: "letter.txt".into(),
        kind: "referral".into(),
        size: letter.len() as u64,
    };
    let take = Command::TakeDocument {
        document,
        reason: "no specialty named".into(),
    };
    run(engine, take, "2026-11-23T13:30:00Z").unwrap();
    ids
}

pub fn settings(policy: Arc<refdesk::domain::policy::Policy>) -> Settings {
    let clock = Arc::new(|| stamp(NOW));
    let mut settings = Settings::new(policy, actor(), "test".into(), clock);
    settings.staff = vec!["Maria".into(), "Tom".into(), "Priya".into()];
    settings.queues = vec!["Intake".into(), "Scheduling".into()];
    settings.performers = vec!["Dr. Chen".into(), "Dr. Patel".into()];
    settings.places = vec!["Room 2".into(), "Echo lab".into()];
    settings.views = vec![View::of("Urgent", "priority:urgent", false)];
    settings
}

/// Opens the screen at a size.
pub fn open(width: u16, height: u16) -> Desk {
    open_with(width, height, |_| ())
}

/// Opens it with settings of its own.
pub fn open_with(width: u16, height: u16, change: impl FnOnce(&mut Settings)) -> Desk {
    let dir = TempDir::new().unwrap();
    let mut policy = Config::built_in().unwrap().policy();
    policy.clinic.name = "Riverside Cardiology".into();
    let policy = Arc::new(policy);
    let mut engine = Engine::open(Places::in_dir(dir.path()), policy.clone(), Some(7)).unwrap();
    build(&mut engine);
    let mut settings = settings(policy);
    change(&mut settings);
    let live = Live::new(engine).with_views(dir.path().join("views.toml"));
    let rig = Rig::open(live, settings, stamp(NOW), (width, height));
    Desk { rig, dir }
}

/// Opens the invented clinic of `refdesk demo`, of so many referrals.
pub fn open_with_demo(referrals: u32, size: (u16, u16)) -> (Rig<Live>, TempDir) {
    let dir = TempDir::new().unwrap();
    let policy = Arc::new(Config::built_in().unwrap().policy());
    let mut engine = Engine::open(Places::in_dir(dir.path()), policy.clone(), Some(7)).unwrap();
    let clinic = demo::Settings::from(policy.as_ref());
    let (many, now) = (demo::Size::of(referrals), stamp(NOW));
    demo::build(&mut engine, 1, many, now, &clinic, &mut |_, _| ()).unwrap();
    (Rig::open(Live::new(engine), settings(policy), now, size), dir)
}

/// A second connection on the same file, as a neighbour has it.
pub fn neighbour(desk: &Desk) -> Engine {
    let policy = desk.rig.desk.engine().policy().clone();
    Engine::open(Places::in_dir(desk.dir.path()), policy, Some(8)).unwrap()
}

pub fn by(name: &str, command: Command) -> Envelope {
    Envelope::new(
        command,
        Actor {
            name: name.into(),
            role: Role::Manager,
        },
        Cause::Key,
    )
}

/// So many more routine referrals in Review, each a quarter of an hour after the other.
pub fn crowd(desk: &Desk, count: i64) {
    use refdesk::domain::time::Span;
    let mut engine = neighbour(desk);
    let policy = engine.policy().clone();
    let mut envelopes = Vec::new();
    for number in 0..count {
        let Command::Receive(mut receive) = received(&PEOPLE[8], &policy) else {
            panic!("a referral is received");
        };
        receive.received_at = Some(stamp("2026-11-14T08:00:00Z") + Span::minutes(15 * number));
        if let Ref::New(patient) = &mut receive.patient {
            patient.name.family = format!("Crowd{number:04}");
        }
        envelopes.push(by("Maria", Command::Receive(receive)));
    }
    for result in engine.execute_all(&envelopes, desk.rig.now).unwrap() {
        result.unwrap();
    }
}

/// Where a text stands on the screen.
fn place_of(desk: &Desk, text: &str) -> (u16, u16) {
    let screen = desk.rig.text();
    for (y, line) in screen.lines().enumerate() {
        if let Some(at) = line.find(text) {
            let x = columns(&line[..at]);
            return (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
        }
    }
    panic!("{text} is not on the screen:\n{screen}");
}

/// Clicks on a text of the screen.
pub fn click(desk: &mut Desk, text: &str) {
    let (x, y) = place_of(desk, text);
    desk.rig.tell(Msg::Mouse(Mouse::Press(x, y)));
    desk.rig.tell(Msg::Mouse(Mouse::Release));
}

/// A colleague corrects a patient's address.
pub fn moves_house(desk: &Desk, referral: ReferralId) {
    let changes = PatientChanges {
        address: Some("2 Oak Street, Springfield".into()),
        ..PatientChanges::default()
    };
    let amend = Command::AmendPatient {
        referral,
        changes: Box::new(changes),
    };
    neighbour(desk).execute(&by("Tom", amend), desk.rig.now).unwrap();
}

/// What stands on a referral's sheet.
pub fn sheet(desk: &Desk, referral: ReferralId) -> Sheet {
    desk.rig
        .desk
        .engine()
        .store()
        .sheet(referral, 9)
        .unwrap()
        .unwrap()
}
