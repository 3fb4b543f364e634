//! Deeds: the stretches that plots are made of, and what people say and do in each.
//!
//! Owns single steps and their words. Which come in which order is the plot's.

use super::plot::Plot;
use crate::domain::case::{CallOutcome, Party};
use crate::domain::command::{Command, DeclineReason};
use crate::domain::coverage::{Authorization, Eligibility};
use crate::domain::priority::Priority;
use crate::domain::referral::Owner;
use crate::domain::time::{Span, Stamp};

/// Reasons that are found on looking: that nobody can be reached takes days of calls.
const AT_SIGHT: [DeclineReason; 7] = [
    DeclineReason::Criteria,
    DeclineReason::NotOffered,
    DeclineReason::Insurance,
    DeclineReason::Capacity,
    DeclineReason::InfoNotReceived,
    DeclineReason::OutOfScope,
    DeclineReason::Duplicate,
];

impl Plot<'_> {
    /// Somebody looks through the documents, ticks off what came, and has the coverage checked.
    pub(super) fn looked_through(&mut self, low: i64, high: i64) {
        self.life.office(low, high);
        self.tick_off();
        self.eligible();
    }

    /// What is missing by the list is in the documents.
    pub(super) fn tick_off(&mut self) {
        self.life.look(|referral, sheet| {
            let items = sheet.referral()?.missing.clone();
            (!items.is_empty()).then_some(Command::ProvideItems { referral, items })
        });
    }

    /// The payer answers, mostly yes.
    pub(super) fn eligible(&mut self) {
        self.life.wait(1, 25);
        match self.life.chance.between(0, 19) {
            0 => {}
            1 => self.eligibility(Eligibility::Manual),
            _ => self.eligibility(Eligibility::Active),
        }
    }

    pub(super) fn eligibility(&mut self, eligibility: Eligibility) {
        let remarks = self.remarks;
        let pool = match eligibility {
            Eligibility::Active => Some(&remarks.active),
            Eligibility::Inactive => Some(&remarks.inactive),
            Eligibility::Partial => Some(&remarks.partial),
            Eligibility::Error => Some(&remarks.failed),
            Eligibility::Manual => Some(&remarks.manual),
            Eligibility::Pending | Eligibility::TimedOut => None,
        };
        let note = pool.map(|pool| self.life.chance.text(pool));
        let valid_until =
            (eligibility == Eligibility::Active).then(|| (self.life.at() + Span::days(30)).date_naive());
        self.life.look(move |referral, sheet| {
            Some(Command::SetEligibility {
                referral,
                coverage: sheet.primary_coverage()?.id,
                eligibility,
                valid_until,
                note,
            })
        });
    }

    /// The coverage is a problem: in review where that may wait for it, else after acceptance.
    pub(super) fn insurance(&mut self) {
        const ANSWERS: [Eligibility; 4] = [
            Eligibility::Inactive,
            Eligibility::TimedOut,
            Eligibility::Partial,
            Eligibility::Error,
        ];
        let turn = usize::try_from(self.turn % 4).unwrap_or(0);
        let answer = ANSWERS.get(turn).copied().unwrap_or(Eligibility::Inactive);
        self.life.wait(1, 20);
        self.tick_off();
        if self.priority != Priority::Routine {
            self.life.wait(1, 30);
            self.life.desk(|referral| Command::Accept { referral });
        }
        self.life.wait(1, 30);
        self.eligibility(answer);
        if self.life.chance.percent(50) {
            self.life.office(60, 600);
            self.call(Party::Payer, CallOutcome::CallLater);
        }
    }

    pub(super) fn asked(&mut self) {
        self.life.office(20, 300);
        self.life.look(|referral, sheet| {
            let missing = &sheet.referral()?.missing;
            (!missing.is_empty()).then(|| Command::RequestInfo {
                referral,
                items: Vec::new(),
                message: None,
            })
        });
    }

    pub(super) fn chased(&mut self) {
        let outcome = match self.life.chance.between(0, 2) {
            0 => CallOutcome::LeftMessage,
            1 => CallOutcome::NoAnswer,
            _ => CallOutcome::Reached,
        };
        self.call(Party::Provider, outcome);
    }

    pub(super) fn answered(&mut self, low: f64, high: f64) {
        self.life.share(low, high);
        let reply = self.reply.clone();
        self.life.answer(reply);
    }

    pub(super) fn clinician_asked(&mut self) {
        let question = self.life.chance.text(&self.remarks.clinician_questions);
        let clinician = self.life.clinician().name;
        self.life.desk(move |referral| Command::SendToReview {
            referral,
            clinician,
            question,
        });
    }

    /// Accepted, some by way of a clinician, some by way of a request for information.
    pub(super) fn accepted(&mut self, low: f64, high: f64) {
        // One in eight waits longer than it should.
        let (least, most) = match self.priority {
            Priority::Routine => (120, 3_400),
            Priority::Urgent => (60, 900),
            Priority::Asap => (20, 200),
            Priority::Stat => (5, 40),
        };
        self.looked_through(10, least.min(200));
        if self.life.chance.percent(12) {
            self.life.share(low, high);
        } else {
            self.life.within(least, most, high);
        }
        match self.life.chance.between(0, 9) {
            0 => {
                self.clinician_asked();
                self.life.office(40, 500);
                let text = self.life.chance.text(&self.remarks.clinician_answers);
                let clinician = self.life.clinician();
                self.life
                    .by(clinician.clone(), |referral| Command::AddNote { referral, text });
                self.life.wait(1, 2);
                self.life.by(clinician, |referral| Command::Accept { referral });
            }
            1 => {
                self.owned();
                self.life.wait(1, 3);
                self.life.desk(|referral| Command::Accept { referral });
            }
            _ => self.life.desk(|referral| Command::Accept { referral }),
        }
        if self.life.chance.percent(25) {
            self.life.wait(1, 9);
            self.note();
        }
    }

    /// The decision of one that goes on to a visit: emergencies within the hour, others in their time.
    pub(super) fn decided(&mut self) {
        if self.priority == Priority::Stat {
            self.emergency_call();
            self.life.wait(5, 40);
            self.tick_off();
            self.life.wait(1, 3);
            self.life.desk(|referral| Command::Accept { referral });
        } else {
            self.accepted(0.02, 0.12);
        }
    }

    pub(super) fn emergency_call(&mut self) {
        self.life.wait(6, 24);
        let note = self.life.chance.text(&self.remarks.emergency);
        self.life.desk(|referral| Command::RecordCall {
            referral,
            party: Party::Provider,
            outcome: CallOutcome::Reached,
            note,
            call_again_at: None,
        });
    }

    pub(super) fn call(&mut self, party: Party, outcome: CallOutcome) {
        let remarks = self.remarks;
        let pool = match (party, outcome) {
            (Party::Payer, _) => &remarks.payer,
            (Party::Provider, CallOutcome::Reached) => &remarks.provider_reached,
            (_, CallOutcome::Reached) => &remarks.reached,
            (_, CallOutcome::LeftMessage) => &remarks.left_message,
            (_, CallOutcome::NoAnswer | CallOutcome::Busy) => &remarks.no_answer,
            (_, CallOutcome::CallLater) => &remarks.call_later,
            (_, CallOutcome::WrongNumber) => &remarks.wrong_number,
        };
        let note = self.life.chance.text(pool);
        self.life.desk(move |referral| Command::RecordCall {
            referral,
            party,
            outcome,
            note,
            call_again_at: None,
        });
    }

    pub(super) fn calls_in_vain(&mut self) {
        const TRIES: [(CallOutcome, f64, f64); 4] = [
            (CallOutcome::NoAnswer, 0.3, 0.4),
            (CallOutcome::LeftMessage, 0.45, 0.55),
            (CallOutcome::CallLater, 0.6, 0.7),
            (CallOutcome::WrongNumber, 0.72, 0.8),
        ];
        let tries = usize::try_from(self.life.chance.between(1, 4)).unwrap_or(1);
        for (outcome, low, high) in TRIES.into_iter().take(tries) {
            self.life.share(low, high);
            self.call(Party::Patient, outcome);
        }
    }

    pub(super) fn schedule(&mut self, starts_at: Stamp) {
        let minutes = self
            .life
            .chance
            .pick(&[20_u32, 30, 30, 45, 60])
            .copied()
            .unwrap_or(30);
        let (performer, place) = (self.life.performer(), self.life.room());
        self.life.desk(move |referral| Command::Schedule {
            referral,
            starts_at,
            minutes,
            performer,
            place,
        });
    }

    /// Books for a day that still lies ahead.
    pub(super) fn booked_ahead(&mut self) {
        self.life.later(200, 7_000);
        if self.life.chance.percent(60) {
            self.call(Party::Patient, CallOutcome::Reached);
            self.life.wait(1, 4);
        }
        let slot = self.life.slot(self.life.now(), 1, 24);
        self.schedule(slot);
    }

    /// Books for a share of the time, and lives until the appointment is over.
    pub(super) fn booked(&mut self, visit_low: f64, visit_high: f64) {
        self.life.later(200, 5_000);
        if self.life.chance.percent(50) {
            self.call(Party::Patient, CallOutcome::Reached);
            self.life.wait(1, 4);
        }
        let slot = self.life.moment(visit_low, visit_high);
        self.schedule(slot);
        self.life.until(slot + Span::minutes(75));
    }

    pub(super) fn missed(&mut self) {
        self.booked(0.4, 0.55);
        self.life.desk(|referral| Command::NoShow { referral });
    }

    pub(super) fn visited(&mut self, low: f64, high: f64) {
        if self.priority == Priority::Stat {
            self.life.wait(15, 60);
            let slot = self.life.at() + Span::minutes(90);
            self.schedule(slot);
            self.life.until(slot + Span::minutes(75));
        } else {
            self.booked(low, high);
        }
        self.life.desk(|referral| Command::Complete { referral });
    }

    pub(super) fn closed(&mut self) {
        self.life.later(500, 8_000);
        let note = self.life.chance.text(&self.remarks.closing);
        self.life.desk(|referral| Command::Close { referral, note });
    }

    pub(super) fn declined(&mut self, low: f64, high: f64) {
        self.looked_through(20, 300);
        self.life.share(low, high);
        let reason = self
            .life
            .chance
            .pick(&AT_SIGHT)
            .copied()
            .unwrap_or(DeclineReason::Criteria);
        let who = match reason {
            DeclineReason::Criteria | DeclineReason::NotOffered | DeclineReason::OutOfScope => {
                self.life.clinician()
            }
            DeclineReason::Insurance
            | DeclineReason::Capacity
            | DeclineReason::InfoNotReceived
            | DeclineReason::Duplicate
            | DeclineReason::Unreachable => self.life.manager(),
        };
        self.life.by(who, move |referral| Command::Decline {
            referral,
            reason,
            remedy: None,
        });
    }

    pub(super) fn note(&mut self) {
        let text = self.life.chance.text(&self.remarks.notes);
        self.life.desk(|referral| Command::AddNote { referral, text });
    }

    pub(super) fn owned(&mut self) {
        let owner = Owner::Person(self.life.coordinator().name);
        self.life.look(move |referral, sheet| {
            (sheet.referral()?.owner != owner).then_some(Command::Assign { referral, owner })
        });
    }

    /// The small things that happen to some.
    pub(super) fn now_and_then(&mut self) {
        match self.life.chance.between(0, 9) {
            0 => {
                self.life.office(30, 400);
                self.owned();
            }
            1 => {
                self.life.office(30, 400);
                let title = self.life.chance.text(&self.remarks.tasks);
                let due_at = Some(self.life.at() + Span::days(2));
                self.life.desk(move |referral| Command::AddTask {
                    referral,
                    title,
                    due_at,
                    owner: None,
                });
            }
            2 if self.priority == Priority::Routine => {
                self.life.office(30, 600);
                let reason = self.life.chance.text(&self.remarks.raised);
                self.life.desk(|referral| Command::SetPriority {
                    referral,
                    priority: Priority::Urgent,
                    reason,
                });
            }
            3 if self.priority == Priority::Urgent => {
                self.life.office(30, 600);
                let reason = self.life.chance.text(&self.remarks.lowered);
                let clinician = self.life.clinician();
                self.life.by(clinician, |referral| Command::SetPriority {
                    referral,
                    priority: Priority::Routine,
                    reason,
                });
            }
            4 => {
                self.life.office(30, 400);
                self.authorized();
            }
            5 | 6 => {
                self.life.office(30, 400);
                self.note();
            }
            _ => {}
        }
    }

    pub(super) fn authorized(&mut self) {
        let number = format!("PA-{}", self.life.chance.digits(8));
        let from = self.life.at().date_naive();
        self.life.desk(move |referral| Command::SetAuthorization {
            referral,
            authorization: Authorization {
                number,
                visits: Some(3),
                from: Some(from),
                to: Some(from + Span::days(90)),
            },
        });
    }
}
