//! The outbox: what a person decides there becomes so, and each key does what the foot of the window says.

use crate::clinic::{Desk, neighbour, open};
use refdesk::domain::command::{Cause, Claim, Command, Envelope};
use refdesk::domain::message::{Message, MessageState};
use refdesk::domain::policy::Actor;
use refdesk::tui::model::Overlay;
use refdesk::tui::msg::Msg;

fn chosen(desk: &Desk) -> Message {
    match &desk.rig.model.overlay {
        Some(Overlay::Outbox(outbox)) => outbox.current().unwrap().clone(),
        _ => panic!("the outbox is not open: {}", desk.rig.text()),
    }
}

fn stored(desk: &Desk, message: &Message) -> Message {
    desk.rig
        .desk
        .engine()
        .store()
        .message(message.id)
        .unwrap()
        .unwrap()
}

#[test]
fn a_waiting_message_is_kept_back_changed_and_sent() {
    let mut desk = open(80, 24);
    desk.rig.keys("O");
    assert!(
        desk.rig.text().contains("No message needs anybody"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("<tab>");
    let message = chosen(&desk);
    assert_eq!(message.state, MessageState::Queued);
    assert!(
        desk.rig.text().contains("b keep back · x drop · e change"),
        "{}",
        desk.rig.text()
    );
    // Nothing that the foot does not name does anything.
    desk.rig.keys("w");
    assert_eq!(stored(&desk, &message).state, MessageState::Queued);
    desk.rig.keys("b");
    assert_eq!(stored(&desk, &message).state, MessageState::Held);
    desk.rig.keys("<shift-tab>");
    assert_eq!(chosen(&desk).id, message.id);
    desk.rig.keys("e");
    assert!(desk.rig.text().contains(&message.address), "{}", desk.rig.text());
    // An address that cannot be is refused, and nothing typed is lost.
    desk.rig.keys("x@<ctrl-s>");
    assert_eq!(stored(&desk, &message).address, message.address);
    desk.rig.keys("<esc><esc>Oe");
    let typed = format!("{}x@", message.address);
    assert!(desk.rig.text().contains(&typed), "{}", desk.rig.text());
    desk.rig.keys("<backspace><backspace><tab><tab>Soon. <esc>");
    assert!(desk.rig.text().contains("D takes it up"), "{}", desk.rig.text());
    desk.rig.keys("Oe<ctrl-s>");
    let changed = stored(&desk, &message);
    assert!(
        changed.body != message.body && changed.body.contains("Soon."),
        "{}",
        desk.rig.text()
    );
    assert_eq!(
        chosen(&desk).id,
        message.id,
        "back in the outbox: {}",
        desk.rig.text()
    );
    desk.rig.keys("s");
    assert_eq!(stored(&desk, &message).state, MessageState::Queued);
    desk.rig.keys("<tab>");
    let next = chosen(&desk);
    desk.rig.keys("x");
    assert_eq!(stored(&desk, &next).state, MessageState::Cancelled);
}

#[test]
fn an_uncertain_one_is_resolved_by_whoever_knows() {
    for (key, becomes) in [
        ("w", MessageState::HandedOver),
        ("s", MessageState::Queued),
        ("x", MessageState::Cancelled),
    ] {
        let mut desk = open(120, 40);
        let message = desk
            .rig
            .desk
            .engine()
            .store()
            .outbox(Some(MessageState::Queued), 1)
            .unwrap()
            .remove(0);
        let mut other = neighbour(&desk);
        let mut system = |command, at| {
            other
                .execute(&Envelope::new(command, Actor::system(), Cause::Outbox), at)
                .unwrap()
        };
        let (referral, id) = (message.referral, message.id);
        let at = desk.rig.now.max(message.not_before);
        system(
            Command::ClaimMessage {
                referral,
                message: id,
                sender: "smtp-1".into(),
            },
            at,
        );
        let claim = Some(Claim {
            sender: "smtp-1".into(),
            attempt: 1,
        });
        let detail = Some("no answer after the text".to_owned());
        system(
            Command::MoveMessage {
                referral,
                message: id,
                to: MessageState::Uncertain,
                claim,
                detail,
            },
            at,
        );
        desk.rig.keys("O");
        let text = desk.rig.text();
        assert!(
            text.contains("no answer after the text") && text.contains("s send again · w it left · x drop"),
            "{text}"
        );
        desk.rig.keys(key);
        assert_eq!(stored(&desk, &message).state, becomes);
    }
}

#[test]
fn a_message_leads_to_its_referral() {
    let mut desk = open(80, 24);
    desk.rig.keys("O<tab>");
    let message = chosen(&desk);
    desk.rig.keys("<enter>");
    assert_eq!(desk.rig.model.board.cursor, Some(message.referral));
    assert!(desk.rig.model.overlay.is_none());
}

#[test]
fn that_nothing_leaves_is_in_sight_until_it_does() {
    let mut desk = open(80, 24);
    let outbox = desk.rig.desk.engine().places().outbox.clone();
    refdesk::channels::hold::set(&outbox, "restored from a copy").unwrap();
    desk.rig.tell(Msg::Changed);
    assert!(
        desk.rig.text().contains("! nothing leaves · O"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("O");
    let shown = desk.rig.text();
    assert!(shown.contains("Nothing leaves: restored from a copy."), "{shown}");
    refdesk::channels::hold::lift(&outbox).unwrap();
    desk.rig.keys("<esc>");
    desk.rig.tell(Msg::Changed);
    assert!(!desk.rig.text().contains("nothing leaves"));
}
