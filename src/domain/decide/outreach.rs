//! Messages that a decision queues.
//!
//! Owns the choice of channel, address, language and time, and the unique key (rule, referral, occasion). Must not know
//! how a message leaves.

use super::draft::Draft;
use super::{facts, tasks};
use crate::domain::case::{Appointment, Party};
use crate::domain::command::Cause;
use crate::domain::event::Fact;
use crate::domain::id::{DocumentId, MessageId, ReferralId};
use crate::domain::message::{Message, MessageKind, MessageState};
use crate::domain::person::{Channel, Consent, Organization, Patient, Practitioner};
use crate::domain::refusal::Refusal;
use crate::domain::rule::Words;
use crate::domain::template::{PATIENT_CHANNELS, PROVIDER_CHANNELS};
use crate::domain::text::fold;
use crate::domain::texts::Facts;
use crate::domain::time::{Stamp, at_local, clock, day_in};

/// Queues a message, once per occasion; where nobody can be written to, a person gets a task instead.
///
/// # Errors
/// Only a defect.
pub fn queue(draft: &mut Draft<'_>, kind: MessageKind, occasion: &str, extra: Facts) -> Result<(), Refusal> {
    queue_by(draft, kind, kind.code(), occasion, extra, With::default())
}

/// What a message is about beside the referral, and what goes with it.
#[derive(Clone, Copy, Default)]
pub struct With<'v> {
    /// The appointment that it names; where none is given, the next one, or the last.
    pub visit: Option<&'v Appointment>,
    /// The document that is enclosed.
    pub document: Option<DocumentId>,
    /// What a notice says.
    pub words: Option<&'v Words>,
}

impl<'v> With<'v> {
    /// About an appointment.
    pub const fn visit(visit: &'v Appointment) -> With<'v> {
        With {
            visit: Some(visit),
            document: None,
            words: None,
        }
    }
}

/// As [`queue`], about a certain appointment or with a document.
///
/// # Errors
/// Only a defect.
pub fn queue_with(
    draft: &mut Draft<'_>,
    kind: MessageKind,
    occasion: &str,
    extra: Facts,
    with: With<'_>,
) -> Result<(), Refusal> {
    queue_by(draft, kind, kind.code(), occasion, extra, with)
}

/// The unique key of a message: what it says, about whom, on which occasion.
pub(super) fn key(kind: MessageKind, referral: ReferralId, occasion: &str) -> String {
    format!("{}/{referral}/{occasion}", kind.code())
}

/// The same for a rule of another name than the message's.
///
/// # Errors
/// Only a defect.
pub(super) fn queue_by(
    draft: &mut Draft<'_>,
    kind: MessageKind,
    rule: &str,
    occasion: &str,
    extra: Facts,
    with: With<'_>,
) -> Result<(), Refusal> {
    // What happened before a clinic went live was told there.
    if draft.cause == Cause::Import {
        return Ok(());
    }
    let id = draft.id()?;
    let key = key(kind, id, occasion);
    if draft.next.messages.iter().any(|message| message.key == key) {
        return Ok(());
    }
    let route = match route(draft, kind) {
        Ok(route) => route,
        Err(because) => {
            tasks::tell(draft, kind, &key, because)?;
            draft.record(Fact::MessageBlocked {
                message: kind,
                because: because.to_owned(),
            });
            return Ok(());
        }
    };
    let texts = &draft.policy.texts;
    let (language, words) = match with.words {
        Some(words) => facts::said(words, texts, kind, route.language),
        None => (route.language, None),
    };
    let mut facts = facts::about(draft, &language, with.visit)?;
    facts.extend(extra);
    facts.extend(words);
    let rendered = texts.render(kind, &language, route.channel == Channel::Sms, &facts);
    let message = Message {
        id: MessageId(draft.fresh()),
        referral: id,
        key,
        kind,
        channel: route.channel,
        address: route.address,
        recipient: route.recipient,
        language: rendered.language,
        subject: rendered.subject,
        body: rendered.body,
        state: MessageState::Queued,
        detail: None,
        created_at: draft.now,
        not_before: not_before(draft, kind),
        attempt: 0,
        sender: None,
        sent_at: None,
        released_by: None,
        document: with.document,
    };
    let channel = message.channel;
    draft.put(message)?;
    draft.record(Fact::MessageQueued {
        message: kind,
        channel,
        rule: rule.to_owned(),
    });
    Ok(())
}

/// When a message to this party may leave, from now on: patients are written to within their hours.
pub(super) fn opens_at(draft: &Draft<'_>, kind: MessageKind) -> Stamp {
    match kind.party() {
        Party::Patient => in_patient_hours(
            draft.now,
            draft.policy.outreach.patient_hours,
            draft.policy.clinic.zone,
        ),
        Party::Provider | Party::Payer => draft.now,
    }
}

/// Where the party of a message is reached on a channel as things are; none where it is not any more.
pub(super) fn address_now(draft: &Draft<'_>, kind: MessageKind, channel: Channel) -> Option<String> {
    let referral = draft.next.referral()?;
    match kind.party() {
        Party::Patient => patient_address(draft, draft.next.patient(referral.patient)?, channel),
        Party::Provider => provider_address(draft, channel),
        Party::Payer => None,
    }
}

fn provider_address(draft: &Draft<'_>, channel: Channel) -> Option<String> {
    let referral = draft.next.referral()?;
    let requester = draft.next.practitioner(referral.requester);
    let practice = draft.next.organization(referral.requester_org);
    match channel {
        Channel::Fax => requester
            .and_then(|r| r.fax.clone())
            .or(practice.and_then(|p| p.fax.clone())),
        Channel::Email => requester
            .and_then(|r| r.email.clone())
            .or(practice.and_then(|p| p.email.clone())),
        Channel::Sms | Channel::Letter | Channel::Phone | Channel::Exchange => None,
    }
}

struct Route {
    channel: Channel,
    address: String,
    recipient: String,
    language: String,
}

fn route(draft: &Draft<'_>, kind: MessageKind) -> Result<Route, &'static str> {
    let Some(referral) = draft.next.referral() else {
        return Err("no referral");
    };
    match kind.party() {
        Party::Patient => {
            let patient = draft
                .next
                .patient(referral.patient)
                .ok_or("no patient on record")?;
            // The e-mail that follows an unanswered prompt is an e-mail, whatever the patient prefers.
            let only = (kind == MessageKind::BookingEmail).then_some(Channel::Email);
            // Whoever does not answer is written to on paper first.
            let only = only
                .or((kind == MessageKind::ContactRequest && patient.address.is_some())
                    .then_some(Channel::Letter));
            let wanted = only.or(patient.preferred).into_iter().chain(
                if only.is_some() {
                    [].as_slice()
                } else {
                    &PATIENT_CHANNELS
                }
                .iter()
                .copied(),
            );
            if only.is_none() && patient.preferred == Some(Channel::Phone) {
                return Err("the patient wants to be called");
            }
            wanted
                .into_iter()
                .find_map(|channel| {
                    patient_address(draft, patient, channel).map(|address| (channel, address))
                })
                .map(|(channel, address)| Route {
                    channel,
                    address,
                    recipient: patient.name.spoken(),
                    language: patient.language.clone(),
                })
                .ok_or("no address, or not agreed to")
        }
        Party::Provider => {
            let requester = draft.next.practitioner(referral.requester);
            let practice = draft.next.organization(referral.requester_org);
            let recipient = requester
                .map(|r| r.name.spoken())
                .or(practice.map(|p| p.name.clone()))
                .ok_or("no referring provider on record")?;
            // An answer goes back the way that was agreed on, else the way the referral came.
            let agreed = agreed_channel(draft, requester, practice);
            let came = (referral.source == crate::domain::referral::Source::Email).then_some(Channel::Email);
            agreed
                .into_iter()
                .chain(came)
                .chain(PROVIDER_CHANNELS)
                .find_map(|channel| provider_address(draft, channel).map(|address| (channel, address)))
                .map(|(channel, address)| Route {
                    channel,
                    address,
                    recipient,
                    language: "en".into(),
                })
                .ok_or("no fax number or e-mail on record")
        }
        Party::Payer => Err("payers are not written to"),
    }
}

/// The channel that the clinic has set down for a person, or else for a practice.
fn agreed_channel(
    draft: &Draft<'_>,
    requester: Option<&Practitioner>,
    practice: Option<&Organization>,
) -> Option<Channel> {
    let agreed = &draft.policy.outreach.provider_channels;
    if agreed.is_empty() {
        return None;
    }
    let npi = requester.and_then(|person| person.npi.clone());
    let person = requester.map(|person| fold(&person.name.spoken()));
    let practice = practice.map(|practice| fold(&practice.name));
    let names = npi.into_iter().chain(person).chain(practice);
    names.into_iter().find_map(|name| agreed.get(&name).copied())
}

fn patient_address(draft: &Draft<'_>, patient: &Patient, channel: Channel) -> Option<String> {
    match channel {
        Channel::Email if patient.email_consent != Consent::Refused => patient.email.clone(),
        Channel::Sms => {
            let agreed = match patient.sms_consent {
                Consent::Given => true,
                Consent::Unknown => !draft.policy.outreach.sms_needs_consent,
                Consent::Refused => false,
            };
            patient.phone.clone().filter(|_| agreed)
        }
        Channel::Letter => patient.address.clone(),
        Channel::Email | Channel::Fax | Channel::Phone | Channel::Exchange => None,
    }
}

/// A message that a person caused waits for the undo window; one to a patient also for the hours in which patients are
/// written to.
pub(super) fn not_before(draft: &Draft<'_>, kind: MessageKind) -> Stamp {
    let outreach = &draft.policy.outreach;
    let emergency = draft
        .next
        .referral()
        .is_some_and(|referral| referral.is_emergency());
    let mut at = draft.now;
    if matches!(draft.cause, Cause::Key | Cause::Script) && !emergency {
        at += outreach.undo_window;
    }
    match kind.party() {
        Party::Patient => in_patient_hours(at, outreach.patient_hours, draft.policy.clinic.zone),
        Party::Provider | Party::Payer => at,
    }
}

fn in_patient_hours(at: Stamp, (from, to): (u32, u32), zone: crate::domain::time::Zone) -> Stamp {
    let day = day_in(zone, at);
    let next = day.succ_opt().unwrap_or(day);
    let opens = at_local(zone, day, clock(from, 0));
    // The day's last hour is the next day's first.
    let closes = match to {
        0..24 => at_local(zone, day, clock(to, 0)),
        _ => at_local(zone, next, clock(0, 0)),
    };
    if at < opens {
        opens
    } else if at < closes || from >= to {
        at
    } else {
        at_local(zone, next, clock(from, 0))
    }
}

/// Whether a message announces an appointment that has begun, or that is none any more: then it is not to leave.
pub(super) fn is_over(draft: &Draft<'_>, kind: MessageKind) -> bool {
    let announces = matches!(
        kind,
        MessageKind::ScheduledPatient | MessageKind::AppointmentReminder
    );
    let ahead = |appointment: &Appointment| appointment.starts_at > draft.now;
    announces && !draft.next.live_appointment().is_some_and(ahead)
}

/// Drops messages of these kinds that have not left: what they say is no longer so.
///
/// # Errors
/// Only a defect.
pub fn drop_unsent(draft: &mut Draft<'_>, kinds: &[MessageKind], because: &str) -> Result<(), Refusal> {
    let unsent: Vec<Message> = draft
        .next
        .messages
        .iter()
        .filter(|message| {
            kinds.contains(&message.kind)
                && matches!(message.state, MessageState::Queued | MessageState::Held)
        })
        .cloned()
        .collect();
    for mut message in unsent {
        let (kind, from) = (message.kind, message.state);
        message.state = MessageState::Cancelled;
        message.detail = Some(because.to_owned());
        draft.put(message)?;
        draft.record(Fact::MessageMoved {
            message: kind,
            from,
            to: MessageState::Cancelled,
        });
    }
    Ok(())
}
