//! The clinic's policy: everything that `decide` may take from the configuration.
//!
//! Owns plain values; where they come from (defaults, file) is `config`'s business.

use super::calendar::Calendar;
use super::case::CallOutcome;
use super::person::Channel;
use super::priority::Priority;
use super::template::{Sla, Target, TargetUnit, Template};
use super::texts::Texts;
use super::time::{Span, Stamp, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a person at the desk may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// May look.
    ReadOnly,
    /// Works the lists.
    Coordinator,
    /// Decides on the medical side.
    Clinician,
    /// Runs the desk.
    Manager,
    /// The program itself: the clock, the reader, the senders.
    System,
}

impl Role {
    /// The name in the configuration.
    pub const fn code(self) -> &'static str {
        match self {
            Role::ReadOnly => "read-only",
            Role::Coordinator => "coordinator",
            Role::Clinician => "clinician",
            Role::Manager => "manager",
            Role::System => "system",
        }
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
}

impl Actor {
    /// The program itself.
    pub fn system() -> Actor {
        Actor {
            name: "refdesk".into(),
            role: Role::System,
        }
    }
}

/// The clinic, as its messages sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Fax.
    pub fax: String,
    /// E-mail.
    pub email: String,
    /// Its zone.
    pub zone: Zone,
}

/// When messages go out, and what follows when nobody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outreach {
    /// A message caused by a key waits this long, so that undo still catches it.
    pub undo_window: Span,
    /// Remind the provider of missing information after this.
    pub info_reminder: Span,
    /// Ask a person to call the provider this long after the request.
    pub info_escalation: Span,
    /// E-mail the patient this long after acceptance without a booking.
    pub booking_email: Span,
    /// Ask a person to call the patient this long after acceptance without a booking.
    pub booking_escalation: Span,
    /// An emergency that nobody acknowledged escalates after this, and again after each further stretch of it.
    pub emergency: Span,
    /// Remind the patient this long before the appointment.
    pub appointment_reminder: Span,
    /// After an appointment's end, wait this long before asking for its outcome.
    pub outcome_grace: Span,
    /// After a visit's end, wait this long for its report before somebody asks for it.
    pub report_reminder: Span,
    /// A report that was handed over and of which nobody says that it arrived is asked after when this has passed.
    pub report_unconfirmed: Span,
    /// When a completed referral closes by itself.
    pub report_closes: ReportCloses,
    /// Messages to patients leave only between these hours of the clinic's zone (hour of day, from and to).
    pub patient_hours: (u32, u32),
    /// Whether a patient must have agreed before the first text message.
    pub sms_needs_consent: bool,
    /// On which channel a provider is written to first, by NPI or by the name of the person or the practice, folded.
    pub provider_channels: BTreeMap<String, Channel>,
    /// When to call again, by the outcome of the last call: one wait a try in a row, the last for all that follow.
    pub call_again: BTreeMap<CallOutcome, Vec<Target>>,
    /// What must be tried before a referral may end because nobody could be reached.
    pub effort: super::effort::Rule,
}

impl Outreach {
    /// How long to wait after the how-manieth try in a row (from 1) that ended so; none when they were reached.
    pub fn call_again_after(&self, outcome: CallOutcome, attempt: usize) -> Option<Target> {
        let waits = self.call_again.get(&outcome)?;
        waits.get(attempt.saturating_sub(1)).or(waits.last()).copied()
    }
}

/// How payers are asked about coverages, where a clearing house is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checks {
    /// The clearing house's number of each payer, by the payer's name, folded.
    pub payers: BTreeMap<String, String>,
    /// Service types that are asked about (X12 EQ01), such as `30` (health benefit plan coverage) and `98` (office visit).
    pub services: Vec<String>,
    /// No answer within this is none.
    pub timeout: Span,
    /// An answer counts for so long, unless the coverage ends before.
    pub valid: Span,
    /// A check that does not reach to the visit is made anew so long before it.
    pub recheck: Span,
}

impl Checks {
    /// The clearing house's number of a payer.
    pub fn payer_id(&self, payer: &str) -> Option<&str> {
        self.payers.get(&super::text::fold(payer)).map(String::as_str)
    }
}

/// When a completed referral closes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportCloses {
    /// When it is known that the report arrived.
    #[default]
    Delivered,
    /// When the channel has taken the report.
    HandedOver,
    /// Never: a person closes.
    Never,
}

/// Which roles may do what needs more than the desk's everyday rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// May decline.
    pub decline: Vec<Role>,
    /// May lower a priority.
    pub lower_priority: Vec<Role>,
}

/// How sure the reader of documents must be of a value. A wrong value reaches a patient, a blank reaches a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// From this confidence on (per cent) a value is filled in.
    pub fill: u32,
    /// From this confidence on a value is offered to a person; below it the field stays blank.
    pub offer: u32,
    /// Fields that are filled in from another confidence on, by name.
    pub fields: BTreeMap<String, u32>,
}

impl Default for Reading {
    fn default() -> Reading {
        Reading {
            fill: 60,
            offer: 25,
            fields: BTreeMap::new(),
        }
    }
}

impl Reading {
    /// Whether a value of this field is filled in at this confidence (0 to 1).
    pub fn fills(&self, field: &str, confidence: f32) -> bool {
        confidence * 100.0 >= self.fields.get(field).copied().unwrap_or(self.fill) as f32
    }

    /// Whether a value is offered at this confidence (0 to 1).
    pub fn offers(&self, confidence: f32) -> bool {
        confidence * 100.0 >= self.offer as f32
    }
}

/// Which senders' systems are told where their referrals stand, where that is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Updates {
    /// All referrals but those that were brought over from another system; else those that came as FHIR or HL7 v2.
    pub all: bool,
}

impl Updates {
    /// Whether a referral that came in so is told of.
    pub const fn about(self, source: super::referral::Source) -> bool {
        use super::referral::Source as S;
        match source {
            S::Fhir | S::Hl7v2 => true,
            S::Fax | S::Email | S::Scan | S::GuestForm | S::Phone => self.all,
            S::Import => false,
        }
    }
}

/// The policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The clinic.
    pub clinic: Clinic,
    /// Opening hours and holidays.
    pub calendar: Calendar,
    /// Templates, by key.
    pub templates: Arc<BTreeMap<String, Template>>,
    /// The clinic's targets, where a template has none.
    pub sla: Sla,
    /// A warning comes when this share (per cent) of a milestone's time has gone.
    pub warn_at_percent: u32,
    /// Who is told of a missed target and of an emergency that nobody has called about.
    pub escalate_to: super::referral::Owner,
    /// The scorer's decision targets, by listed priority, on the patient's clock.
    pub score_targets: ScoreTargets,
    /// Outreach.
    pub outreach: Outreach,
    /// Rights.
    pub rights: Rights,
    /// Texts of the messages.
    pub texts: Texts,
    /// How sure the reader of documents must be.
    pub reading: Reading,
    /// Who is away, and who covers.
    pub cover: super::cover::Cover,
    /// How payers are asked; none where no clearing house is configured.
    pub checks: Option<Checks>,
    /// Whose systems are told where their referrals stand; none where no folder for that is configured.
    pub updates: Option<Updates>,
    /// The clinic's rules, as checked.
    pub rules: Vec<super::rule::Rule>,
}

/// Decision targets of the scorer. A higher priority never has the longer target: checked at load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreTargets {
    /// Asap.
    pub asap: Span,
    /// Urgent.
    pub urgent: Span,
    /// Routine.
    pub routine: Span,
    /// Curves that were learnt, the earliest first: read once, when the program begins, and kept for its life, so that the targets
    /// stay a plain value that is looked at for every row.
    pub learnt: &'static [super::curve::Learnt],
}

impl ScoreTargets {
    /// The curve in force at a moment; none where it is the share of the target.
    pub fn curve_at(&self, now: Stamp) -> Option<&'static super::curve::Learnt> {
        let last = self.learnt.iter().rfind(|learnt| learnt.from <= now)?;
        last.reached.as_ref().map(|_| last)
    }

    /// The longest wait in seconds with which a scored priority does not exceed a score below 100; none for stat.
    pub fn longest(&self, priority: Priority, score: i64, now: Stamp) -> Option<i64> {
        let target = self.of(priority)?.num_seconds().max(1);
        let learnt = self
            .curve_at(now)
            .and_then(|curve| curve.longest(priority, score));
        Some(match learnt {
            // At the target the score is 100.
            Some(longest) => longest.min(target - 1),
            // A row scores at most `s` while 100 · waited < (s + 1) · target.
            None => ((score + 1) * target - 1) / 100,
        })
    }

    /// The target of a scored priority; none for stat, which is never scored.
    pub fn of(&self, priority: Priority) -> Option<Span> {
        match priority {
            Priority::Stat => None,
            Priority::Asap => Some(self.asap),
            Priority::Urgent => Some(self.urgent),
            Priority::Routine => Some(self.routine),
        }
    }
}

impl Policy {
    /// The template with a key.
    pub fn template(&self, key: &str) -> Option<&Template> {
        self.templates.get(key)
    }

    /// The template for a specialty as a referrer wrote it.
    pub fn template_for(&self, specialty: &str) -> Option<&Template> {
        let wanted = super::text::fold(specialty);
        self.templates.values().find(|template| {
            std::iter::once(&template.specialty)
                .chain(&template.aliases)
                .chain(std::iter::once(&template.key))
                .any(|name| super::text::fold(name) == wanted)
        })
    }

    /// The day that it is at the clinic.
    pub fn today(&self, now: Stamp) -> super::time::Day {
        super::time::day_in(self.clinic.zone, now)
    }

    /// A query as it is meant at a moment: its days are the clinic's, and whoever covers somebody finds their work, too.
    pub fn as_asked(&self, query: super::query::Query, now: Stamp) -> super::query::Query {
        self.cover.widen(query.at(now, self.clinic.zone), self.today(now))
    }

    /// An owner as shown at a moment, with whoever covers them.
    pub fn shown_owner(&self, owner: &super::referral::Owner, now: Stamp) -> String {
        self.cover.show(owner, self.today(now))
    }

    /// When to call again after the how-manieth try in a row (from 1) that ended so, in opening hours; none when they were
    /// reached.
    pub fn next_call(&self, outcome: CallOutcome, attempt: usize, now: Stamp) -> Option<Stamp> {
        let wait = self.outreach.call_again_after(outcome, attempt)?;
        Some(match wait.unit {
            TargetUnit::BusinessHours => self.calendar.add_hours(now, wait.amount),
            TargetUnit::BusinessDays => self.calendar.add_days(now, wait.amount),
            TargetUnit::Minutes | TargetUnit::Hours | TargetUnit::Days => {
                let span = wait.span().unwrap_or_else(Span::zero);
                self.calendar.next_open(now + span)
            }
        })
    }

    /// When something is due that is to be done within a target from a moment on.
    pub fn due_within(&self, target: Target, from: Stamp) -> Stamp {
        match target.unit {
            TargetUnit::BusinessHours => self.calendar.add_hours(from, target.amount),
            TargetUnit::BusinessDays => self.calendar.add_days(from, target.amount),
            TargetUnit::Minutes | TargetUnit::Hours | TargetUnit::Days => {
                from + target.span().unwrap_or_else(Span::zero)
            }
        }
    }

    /// The target of a milestone: the template's, else the clinic's.
    pub fn target(
        &self,
        template: &Template,
        milestone: super::case::MilestoneKind,
        priority: Priority,
    ) -> Option<Target> {
        [&template.sla, &self.sla]
            .into_iter()
            .find_map(|sla| sla.get(&milestone)?.get(&priority))
            .copied()
    }
}
