//! Handing over: claimed messages to their ways, together where a way takes them so, else one by one.
//!
//! Owns what of a channel rests because it cannot be reached, and the document that goes with a message. Must not know what becomes
//! of a message in the store.

use super::{Pass, REST};
use crate::channels::enclosure::Enclosure;
use crate::channels::letter::Paper;
use crate::channels::way::{Extent, Handover, Line};
use crate::domain::id::DocumentId;
use crate::domain::message::{Message, MessageKind};
use crate::domain::person::Channel;
use crate::domain::time::Stamp;
use crate::engine::Engine;
use crate::intake::ReadDocument;
use crate::store::due::Due;
use crate::store::{charts, content};
use std::collections::HashMap;
use std::time::Instant;

/// Messages that their ways take together, by their places among those that were claimed.
pub(super) struct Together<'a>(Vec<(Line, Vec<(usize, &'a Message)>)>);

impl Together<'_> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Hands them over, in order; the answers by their places.
    pub fn hand_over(&self, now: Stamp) -> HashMap<usize, Handover> {
        let answers = self.0.iter().flat_map(|(line, messages)| {
            let (places, messages): (Vec<usize>, Vec<&Message>) = messages.iter().copied().unzip();
            places.into_iter().zip(line.way.hand_over_each(&messages, now))
        });
        answers.collect()
    }
}

impl Engine {
    /// What of the claimed goes together: of every channel that neither rests nor waits for a network, where there are several.
    pub(super) fn together<'a>(&self, claimed: &'a [(Due, Message)]) -> Together<'a> {
        // An update is made of its own chart, and a document goes with its own message.
        let alone =
            |message: &Message| message.document.is_some() || message.kind == MessageKind::StatusUpdate;
        let of = |channel: Channel| {
            let line = self.ways.of(channel).clone();
            let rests = self.resting.iter().any(|(resting, _)| *resting == channel);
            if rests || line.way.waits() {
                return None;
            }
            let messages: Vec<(usize, &Message)> = claimed
                .iter()
                .map(|(_, message)| message)
                .enumerate()
                .filter(|(_, message)| message.channel == channel && !alone(message))
                .collect();
            (messages.len() > 1).then_some((line, messages))
        };
        Together(Channel::ALL.into_iter().filter_map(of).collect())
    }

    /// Hands over, in order and one by one, those that have no answer yet; the answers of all.
    pub(super) fn hand_over_the_rest(
        &mut self,
        claimed: &[(Due, Message)],
        mut answers: HashMap<usize, Handover>,
        pass: &mut Pass,
    ) -> Vec<Handover> {
        for (place, handover) in &answers {
            if let Some((due, _)) = claimed.get(*place) {
                self.leave_alone(due.channel, handover, pass.now);
            }
        }
        let mut handovers = Vec::with_capacity(claimed.len());
        for (place, (due, message)) in claimed.iter().enumerate() {
            handovers.push(match answers.remove(&place) {
                Some(handover) => handover,
                None => {
                    let line = self.ways.of(due.channel).clone();
                    self.hand_over(&line, message, pass)
                }
            });
        }
        handovers
    }

    /// A channel that turns out not to be reached rests.
    fn leave_alone(&mut self, channel: Channel, handover: &Handover, now: Stamp) {
        let rests = self.resting.iter().any(|(resting, _)| *resting == channel);
        if !rests && matches!(handover, Handover::Later(_, Extent::Channel)) {
            self.resting.push((channel, now + REST));
        }
    }

    /// Hands a message over, unless its channel has just turned out not to be reached.
    fn hand_over(&mut self, line: &Line, message: &Message, pass: &mut Pass) -> Handover {
        if self
            .resting
            .iter()
            .any(|(channel, _)| *channel == message.channel)
        {
            return Handover::Later("the channel cannot be reached".into(), Extent::Channel);
        }
        let began = Instant::now();
        let handover = match message.document {
            None if message.kind == MessageKind::StatusUpdate => self.update(line, message, pass.now),
            None => line.way.hand_over(message, pass.now),
            Some(document) => match self.enclosure(message, document) {
                Ok(enclosure) => line.way.hand_over_with(message, &enclosure, pass.now),
                Err(why) => Handover::Refused(why),
            },
        };
        if line.way.waits() {
            pass.waited += began.elapsed();
        }
        self.leave_alone(message.channel, &handover, pass.now);
        handover
    }

    /// A status update is made of the chart as it is when it leaves.
    fn update(&self, line: &Line, message: &Message, now: Stamp) -> Handover {
        let connection = self.store.connection();
        let Some((chart, _)) = charts::chart(connection, message.referral, false).ok().flatten() else {
            let why = "the referral cannot be read; run `refdesk check`";
            return Handover::Later(why.to_owned(), Extent::Message);
        };
        let document = chart.referral.source_document;
        let record = document.and_then(|id| self.store.document(id).ok().flatten());
        let original = record.and_then(|record| content::bytes(connection, &record.hash).ok().flatten());
        line.way
            .hand_over_chart(message, &chart, original.as_deref(), now)
    }

    /// The document that goes with a message, as it leaves. Of one whose original has other patients' papers too, what was read on
    /// its own pages goes, and nothing else.
    fn enclosure(&self, message: &Message, id: DocumentId) -> Result<Enclosure, String> {
        let lost = || format!("the document {id} that goes with it cannot be read; send it by hand");
        let connection = self.store.connection();
        let record = self.store.document(id).ok().flatten().ok_or_else(lost)?;
        let shared = content::is_of_several(connection, &record.hash).map_err(|_| lost())?;
        let read = self.reading(id).ok().flatten();
        let foot = message.referral.to_string();
        if shared {
            let known = content::has_parts(connection, &record.hash).map_err(|_| lost())?;
            // What is not parted has its parts still, and nobody has said which of them is meant.
            let own = read
                .filter(|read| known && read.segments.is_empty())
                .ok_or(UNPARTED)?;
            let own = lines(own);
            if own.iter().all(|line| line.trim().is_empty()) {
                return Err(UNPARTED.into());
            }
            let all: Vec<String> = [PARTED.to_owned(), String::new()]
                .into_iter()
                .chain(own)
                .collect();
            return Enclosure::printed(&all, &foot, Paper::Letter);
        }
        let bytes = content::bytes(connection, &record.hash)
            .ok()
            .flatten()
            .ok_or_else(lost)?;
        Enclosure::of(bytes, &read.map(lines).unwrap_or_default(), &foot, Paper::Letter)
    }
}

/// What stands above the lines of a part.
const PARTED: &str = "As it was read: the original has other patients' pages too, and stays at the clinic.";
/// Why nothing goes where a part cannot be told or read.
const UNPARTED: &str = "its original has other patients' pages too, and its own cannot be printed without them; \
    print those by hand and send them";

/// The lines of all pages.
fn lines(read: ReadDocument) -> Vec<String> {
    let pages = read.pages.into_iter();
    pages.flat_map(|page| page.lines).map(|line| line.text).collect()
}
