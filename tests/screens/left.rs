//! What is left of something typed when it was left, refused, or done in part: all of it, for those whom it still concerns.

use crate::clinic::{Desk, by, moves_house, neighbour, open, sheet};
use refdesk::domain::command::{Command, NewCoverage};
use refdesk::domain::id::ReferralId;
use refdesk::domain::status::Status;
use refdesk::tui::chord::Chord;
use refdesk::tui::form::Form;
use refdesk::tui::keep::capture;
use refdesk::tui::model::Overlay;
use refdesk::tui::msg::{Effect, Msg};
use refdesk::tui::update::update;
use refdesk::tui::worker::serve;

fn notes(desk: &Desk, id: ReferralId) -> usize {
    sheet(desk, id).snapshot.notes.len()
}

fn form(desk: &mut Desk) -> &mut Form {
    match &mut desk.rig.model.overlay {
        Some(Overlay::Form(form)) => form,
        _ => panic!("no form"),
    }
}

/// Puts a text into a field, as if it were typed there.
fn put(desk: &mut Desk, field: &str, text: &str) {
    let form = form(desk);
    form.set(field, text);
    form.touched = true;
}

fn said(desk: &Desk) -> Vec<String> {
    let notices = desk.rig.model.notices.history();
    notices.map(|notice| notice.text.clone()).collect()
}

#[test]
fn a_kept_form_does_not_write_old_values_over_a_colleagues() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    desk.rig.keys("ep");
    put(&mut desk, "phone", "5550199");
    desk.rig.keys("<esc>");
    moves_house(&desk, id);
    desk.rig.keys("jkep");
    assert_eq!(form(&mut desk).value("address"), "2 Oak Street, Springfield");
    desk.rig.keys("<ctrl-s>");
    let now = sheet(&desk, id);
    let patient = now
        .snapshot
        .patient(now.snapshot.referral().unwrap().patient)
        .unwrap();
    assert_eq!(
        (patient.phone.as_deref(), patient.address.as_deref()),
        (Some("5550199"), Some("2 Oak Street, Springfield"))
    );
}

#[test]
fn what_was_found_for_a_field_is_found_again() {
    let mut desk = open(80, 24);
    desk.rig.keys("4s");
    put(&mut desk, "performer", "Dr");
    let at = form(&mut desk)
        .fields
        .iter()
        .position(|field| field.name == "performer")
        .unwrap();
    form(&mut desk).focus = at;
    desk.rig.keys("<down>");
    let chosen = form(&mut desk).value("performer");
    assert_eq!(chosen, "Dr. Patel");
    desk.rig.keys("<esc>s");
    assert_eq!(form(&mut desk).value("performer"), chosen);
}

#[test]
fn a_referral_being_made_is_lost_by_no_other() {
    let mut desk = open(80, 24);
    desk.rig.keys("Nlovelace<enter><tab>Ada<esc><esc>");
    let open_before = desk.rig.model.counts.open;
    desk.rig.keys("/smith, jane");
    let at = match &desk.rig.model.overlay {
        Some(Overlay::Find(lookup, _)) => lookup
            .hits
            .iter()
            .position(|hit| matches!(hit.target, refdesk::store::board::Target::Patient(_))),
        _ => None,
    };
    desk.rig.keys(&"<down>".repeat(at.unwrap()));
    desk.rig
        .keys("<tab><enter>cardio<enter><esc><esc><esc><esc><esc>");
    assert_eq!(desk.rig.model.making.len(), 2, "{}", desk.rig.text());
    assert_eq!(capture(&desk.rig.model).typed.making.len(), 2);
    // The document's own is made: both are there still.
    desk.rig.keys("Ia<enter><enter><enter>cardio<enter><enter>");
    assert_eq!(desk.rig.model.counts.open, open_before + 1, "{}", desk.rig.text());
    assert_eq!(desk.rig.model.making.len(), 2, "{:?}", desk.rig.model.typed());
    // They wait in the list, and each is taken up by its line.
    desk.rig.keys("1D");
    assert!(
        desk.rig.text().contains("by hand · lovelace"),
        "{}",
        desk.rig.text()
    );
    desk.rig.keys("1");
    assert!(matches!(desk.rig.model.overlay, Some(Overlay::Create(_))));
    assert_eq!(desk.rig.model.making.len(), 1);
}

#[test]
fn a_receipt_clears_what_it_is_for_and_nothing_else() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    let now = desk.rig.now;
    let press = |desk: &mut Desk, keys: &str| -> Vec<Effect> {
        let mut asked = Vec::new();
        for chord in Chord::parse_all(keys) {
            asked.extend(update(&mut desk.rig.model, Msg::Key(chord), now));
        }
        asked.retain(|effect| matches!(effect, Effect::Execute { .. }));
        asked
    };
    let note = press(&mut desk, "nhello<enter>");
    let accept = press(&mut desk, "a");
    // The accept is through first: the note's own answer has not come, and it is refused.
    for effect in accept.into_iter().chain(note) {
        let answer = serve(&mut desk.rig.desk, effect, now).unwrap();
        desk.rig.tell(answer);
    }
    assert_eq!(
        (notes(&desk, id), desk.rig.model.kept.len()),
        (0, 1),
        "{:?}",
        said(&desk)
    );
    assert!(desk.rig.model.sent.is_empty());
}

#[test]
fn of_a_batch_only_those_that_failed_are_kept_and_counted() {
    let mut desk = open(120, 40);
    desk.rig.keys("   ");
    let marked: Vec<ReferralId> = desk.rig.model.board.marks.keys().copied().collect();
    let stale = marked[1];
    let note = Command::AddNote {
        referral: stale,
        text: "mine".into(),
    };
    neighbour(&desk).execute(&by("Tom", note), desk.rig.now).unwrap();
    desk.rig.keys("nhello<enter>");
    let counts: Vec<usize> = marked.iter().map(|id| notes(&desk, *id)).collect();
    assert_eq!(counts, [1, 1, 1]);
    let told = &said(&desk)[0];
    assert!(told.starts_with("note: 2 of 3 referrals"), "{told}");
    assert!(told.contains(&format!("{stale} was changed since")), "{told}");
    let kept: Vec<Vec<ReferralId>> = desk
        .rig
        .model
        .kept
        .iter()
        .map(|draft| draft.targets.clone())
        .collect();
    assert_eq!(kept, [vec![stale]]);
}

#[test]
fn an_undo_of_a_batch_says_what_stayed_and_why() {
    let mut desk = open(120, 40);
    desk.rig.keys("  ");
    let marked: Vec<ReferralId> = desk.rig.model.board.marks.keys().copied().collect();
    desk.rig.keys("ay");
    let waitlist = Command::Waitlist {
        referral: marked[0],
        reason: "no slot".into(),
    };
    neighbour(&desk)
        .execute(&by("Tom", waitlist), desk.rig.now)
        .unwrap();
    desk.rig.keys("u");
    let told = &said(&desk)[0];
    assert!(told.starts_with("undone: 1 of 2 referrals"), "{told}");
    assert!(
        told.contains(&format!("{}: the referral was changed since", marked[0])),
        "{told}"
    );
    let status = |id| sheet(&desk, id).snapshot.referral().unwrap().status;
    assert_eq!(
        [status(marked[0]), status(marked[1])],
        [Status::Waitlisted, Status::Received]
    );
}

#[test]
fn the_second_coverage_is_corrected_with_its_own_values() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    let second = Command::SetCoverage {
        referral: id,
        coverage: None,
        values: NewCoverage {
            payer: "Medicaid".into(),
            member_id: Some("M1".into()),
            group_no: None,
            subscriber: None,
        },
    };
    neighbour(&desk)
        .execute(&by("Tom", second), desk.rig.now)
        .unwrap();
    desk.rig.keys("jkec2");
    assert_eq!(
        (form(&mut desk).value("payer"), form(&mut desk).value("member")),
        ("Medicaid".into(), "M1".into())
    );
    desk.rig.keys("<tab>2<ctrl-s>");
    let payers = |desk: &Desk| {
        let mut known = sheet(desk, id).snapshot.coverages;
        known.sort_by_key(|coverage| coverage.rank);
        let of = |coverage: &refdesk::domain::coverage::Coverage| {
            (
                coverage.payer.clone(),
                coverage.member_id.clone().unwrap_or_default(),
            )
        };
        known.iter().map(of).collect::<Vec<_>>()
    };
    let pair = |payer: &str, member: &str| (payer.to_owned(), member.to_owned());
    assert_eq!(
        payers(&desk),
        [pair("Aetna PPO", "W123456789"), pair("Medicaid", "M12")]
    );
    // Another one begins empty.
    desk.rig.keys("ec3");
    assert_eq!(form(&mut desk).value("payer"), "");
    desk.rig.keys("Humana<ctrl-s>");
    assert_eq!(payers(&desk)[2], pair("Humana", ""));
}

#[test]
fn a_senders_fax_is_corrected_on_their_record_for_every_referral() {
    let mut desk = open(80, 24);
    let id = desk.rig.model.board.cursor.unwrap();
    let other = desk.rig.model.board.rows[2].queue.id;
    let sender = |desk: &Desk, id| {
        let sheet = sheet(desk, id);
        let who = sheet.snapshot.referral().unwrap().requester;
        sheet.snapshot.practitioner(who).unwrap().clone()
    };
    let before = sender(&desk, id);
    assert_eq!(sender(&desk, other).id, before.id);
    desk.rig.keys("er");
    put(&mut desk, "fax", "5550777");
    put(&mut desk, "provider", "Leigh, Ann");
    desk.rig.keys("<ctrl-s>");
    for each in [id, other] {
        let now = sender(&desk, each);
        assert_eq!(
            (now.id, now.fax.as_deref()),
            (before.id, Some("5550777")),
            "{:?}",
            said(&desk)
        );
        assert_eq!(
            now.name.filed(),
            "Leigh, Ann".to_owned() + before.name.filed().trim_start_matches("Lee, Ann")
        );
    }
    desk.rig.keys("u");
    assert_eq!(sender(&desk, other).fax, before.fax);
    // Somebody else is somebody else, and gets nothing that was not seen.
    let email = refdesk::domain::command::PractitionerChanges {
        email: Some("lee@example.org".into()),
        ..Default::default()
    };
    let changes = refdesk::domain::command::ReferralChanges {
        practitioner: Some(Box::new(email)),
        ..Default::default()
    };
    let amend = Command::AmendReferral {
        referral: id,
        changes: Box::new(changes),
    };
    neighbour(&desk).execute(&by("Tom", amend), desk.rig.now).unwrap();
    desk.rig.keys("jker");
    put(&mut desk, "provider", "Brown, Bea");
    put(&mut desk, "npi", "1245319599");
    desk.rig.keys("<ctrl-s>");
    let now = sender(&desk, id);
    assert_ne!(now.id, before.id);
    assert_eq!(
        (now.name.filed().as_str(), now.email.as_deref()),
        ("Brown, Bea", None)
    );
    let lee = sender(&desk, other);
    assert_eq!(
        (lee.email.as_deref(), lee.npi),
        (Some("lee@example.org"), before.npi)
    );
}
