//! A desk for tests: an engine on a folder of its own, and a clock that only the test moves.

use refdesk::config::Config;
use refdesk::domain::command::{
    Cause, Command, Envelope, NewCoverage, NewOrganization, NewPatient, NewPractitioner, Receive, Ref,
};
use refdesk::domain::id::ReferralId;
use refdesk::domain::person::{Consent, HumanName};
use refdesk::domain::policy::{Actor, Policy, Role};
use refdesk::domain::priority::Priority;
use refdesk::domain::record::Entity;
use refdesk::domain::referral::{Referral, Source};
use refdesk::domain::refusal::Refusal;
use refdesk::domain::snapshot::Snapshot;
use refdesk::domain::time::{Span, Stamp, parse_day, parse_stamp};
use refdesk::engine::{Engine, Failure, Places, Receipt};
use refdesk::store::{Connection, records};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// A Monday morning; the clinic's zone is New York by default, so it is 09:00 there.
pub const MONDAY: &str = "2026-03-02T14:00:00Z";

pub fn at(text: &str) -> Stamp {
    parse_stamp(text).unwrap()
}

pub fn policy() -> Arc<Policy> {
    static POLICY: OnceLock<Arc<Policy>> = OnceLock::new();
    Arc::clone(POLICY.get_or_init(|| Arc::new(Config::built_in().unwrap().policy())))
}

pub fn actor(name: &str, role: Role) -> Actor {
    Actor {
        name: name.into(),
        role,
    }
}

pub fn ana() -> Actor {
    actor("ana", Role::Coordinator)
}

pub fn max() -> Actor {
    actor("max", Role::Manager)
}

/// A folder in memory where the machine has one: these tests commit thousands of times.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub struct Desk {
    pub engine: Engine,
    pub now: Stamp,
    pub dir: Arc<TempDir>,
}

impl Desk {
    pub fn new() -> Desk {
        Desk::in_folder(Arc::new(folder()))
    }

    /// A desk whose configuration says something of its own.
    pub fn configured(text: &str) -> Desk {
        let config = Config::from_text(text, Path::new("config.toml")).unwrap();
        Desk::open(Arc::new(folder()), Arc::new(config.policy()))
    }

    pub fn in_folder(dir: Arc<TempDir>) -> Desk {
        Desk::open(dir, policy())
    }

    fn open(dir: Arc<TempDir>, policy: Arc<Policy>) -> Desk {
        Desk {
            engine: Engine::open(Places::in_dir(dir.path()), policy, None).unwrap(),
            now: at(MONDAY),
            dir,
        }
    }

    /// A neighbour: another engine on the same file.
    pub fn neighbour(&self) -> Desk {
        Desk {
            now: self.now,
            ..Desk::in_folder(Arc::clone(&self.dir))
        }
    }

    pub fn by(&mut self, actor: &Actor, command: Command) -> Result<Receipt, Refusal> {
        self.send(&Envelope::new(command, actor.clone(), Cause::Key))
    }

    /// A refusal is an answer; anything else that fails is a defect.
    pub fn send(&mut self, envelope: &Envelope) -> Result<Receipt, Refusal> {
        match self.engine.execute(envelope, self.now) {
            Ok(receipt) => Ok(receipt),
            Err(Failure::Refused(refusal)) => Err(refusal),
            Err(Failure::Store(error)) => panic!("the store failed: {error}"),
        }
    }

    /// What the manager does must work.
    pub fn does(&mut self, command: Command) -> Receipt {
        self.by(&max(), command)
            .unwrap_or_else(|refusal| panic!("refused: {refusal}"))
    }

    pub fn receive(&mut self, receive: Receive) -> ReferralId {
        self.does(Command::Receive(Box::new(receive))).referral.unwrap()
    }

    pub fn after(&mut self, span: Span) -> &mut Desk {
        self.now += span;
        self
    }

    pub fn tick(&mut self) {
        self.engine.tick(self.now, 10_000).unwrap();
    }

    pub fn snapshot(&self, id: ReferralId) -> Snapshot {
        records::of_referral(self.engine.store().connection(), id).unwrap()
    }

    pub fn referral(&self, id: ReferralId) -> Referral {
        self.snapshot(id).referral().unwrap().clone()
    }

    pub fn connection(&self) -> &Connection {
        self.engine.store().connection()
    }

    /// Every question of `check`, the replay too.
    pub fn assert_sound(&self) {
        assert_sound(&self.engine);
    }
}

pub fn assert_sound(engine: &Engine) {
    for finding in engine.store().check(true).unwrap() {
        assert!(finding.ok, "{}: {}", finding.check, finding.detail);
    }
}

/// A referral with everything that cardiology asks for, so that nothing but the test decides where it stands.
pub fn complete(priority: Priority) -> Receive {
    Receive {
        source: Source::Fax,
        received_at: None,
        document: None,
        template: "cardiology".into(),
        service: None,
        priority: Some(priority),
        patient: Ref::New(patient(0)),
        requester: Some(Ref::New(NewPractitioner {
            name: name("Hale", "Irene"),
            npi: Some("1234567893".into()),
            fax: Some("8025550100".into()),
            ..NewPractitioner::default()
        })),
        organization: Some(Ref::New(NewOrganization {
            name: "Green Mountain Family Practice".into(),
            ..NewOrganization::default()
        })),
        facility: None,
        reason_text: "palpitations".into(),
        reason_codes: vec!["I48.91".into()],
        procedure_codes: Vec::new(),
        coverages: vec![NewCoverage {
            payer: "Cedar Health PPO".into(),
            member_id: Some("A1".into()),
            group_no: None,
            subscriber: None,
        }],
        authorization: None,
        provided: ["ecg", "visit-note", "medications", "lipids"]
            .map(String::from)
            .into(),
        remarks: Vec::new(),
        replaces: None,
    }
}

/// The same without its papers: ECG and note are missing.
pub fn incomplete(priority: Priority) -> Receive {
    Receive {
        provided: vec!["medications".into(), "lipids".into()],
        ..complete(priority)
    }
}

pub fn name(family: &str, given: &str) -> HumanName {
    HumanName {
        family: family.into(),
        given: given.into(),
        suffix: String::new(),
    }
}

/// Patients that differ by number; each can be written to by e-mail.
pub fn patient(number: usize) -> NewPatient {
    NewPatient {
        name: name(&format!("Patient{number}"), "Noor"),
        // Nobody is taken for somebody else whose name is a figure away.
        dob: parse_day("1970-05-17")
            .ok()
            .map(|day| day + Span::days(number as i64 * 397 % 20_000)),
        email: Some(format!("p{number}@example.org")),
        email_consent: Consent::Given,
        ..NewPatient::default()
    }
}

pub fn schedule(referral: ReferralId, starts_at: Stamp) -> Command {
    Command::Schedule {
        referral,
        starts_at,
        minutes: 30,
        performer: "Dr. Osei".into(),
        place: "Room 2".into(),
    }
}

const TABLES: [&str; 18] = [
    "patient",
    "organization",
    "practitioner",
    "referral",
    "coverage",
    "milestone",
    "task",
    "timer",
    "info_request",
    "note",
    "appointment",
    "message",
    "document",
    "content",
    "action",
    "event",
    "counter",
    "tally",
];

/// A hash over every row of every table.
pub fn digest(connection: &Connection) -> Vec<u8> {
    let mut hash = Sha256::new();
    for table in TABLES {
        let mut statement = connection
            .prepare_cached(&format!("SELECT * FROM {table} ORDER BY 1"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                hash.update(format!("{:?}\u{1f}", row.get_ref(column).unwrap()));
            }
        }
        hash.update(table);
    }
    hash.finalize().to_vec()
}

const ENTITIES: [(Entity, &str); 13] = [
    (Entity::Patient, "patient"),
    (Entity::Practitioner, "practitioner"),
    (Entity::Organization, "organization"),
    (Entity::Referral, "referral"),
    (Entity::Coverage, "coverage"),
    (Entity::Milestone, "milestone"),
    (Entity::Task, "task"),
    (Entity::Timer, "timer"),
    (Entity::InfoRequest, "info_request"),
    (Entity::Note, "note"),
    (Entity::Appointment, "appointment"),
    (Entity::Message, "message"),
    (Entity::Document, "document"),
];

/// Every record of the file, as one snapshot in the order of the numbers.
pub fn world(connection: &Connection) -> Snapshot {
    let mut world = Snapshot::default();
    for (entity, table) in ENTITIES {
        for id in numbers(connection, &format!("SELECT id FROM {table} ORDER BY id")) {
            records::see(connection, &mut world, entity, id).unwrap();
        }
    }
    world
}

/// The same world whatever the order in which its records were put.
pub fn sorted(mut world: Snapshot) -> Snapshot {
    macro_rules! sort {
        ($($field:ident),*) => {$( world.$field.sort_by_key(|record| record.id.0); )*};
    }
    sort!(
        patients,
        practitioners,
        organizations,
        referrals,
        coverages,
        milestones,
        tasks,
        timers,
        requests,
        notes,
        appointments,
        messages,
        documents
    );
    world
}

pub fn numbers(connection: &Connection, sql: &str) -> Vec<i64> {
    let mut statement = connection.prepare_cached(sql).unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

pub fn number(connection: &Connection, sql: &str) -> i64 {
    numbers(connection, sql)[0]
}

/// The files that the outbox handed over, without what a crash left half-written.
pub fn handed_over(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = match std::fs::read_dir(dir.join("outbox")) {
        Ok(entries) => entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with('.'))
            .collect(),
        Err(_) => Vec::new(),
    };
    names.sort();
    names
}
