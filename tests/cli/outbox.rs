//! `outbox`: messages and what a person does about them.

use super::Clinic;

/// After the minute in which a change is undone with what it would have sent.
const LATER: &str = "2026-03-02T14:02:00Z";

fn clinic() -> Clinic {
    let clinic = Clinic::new();
    clinic.receive("Lee", "urgent");
    clinic
}

fn ids(clinic: &Clinic, state: &str) -> Vec<i64> {
    let said = clinic.run(["outbox", "--json", "--state", state]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    said.objects()
        .iter()
        .map(|message| message["message"].as_i64().unwrap())
        .collect()
}

#[test]
fn messages_are_listed_and_shown() {
    let clinic = clinic();
    let listed = clinic.run(["outbox"]).done();
    let rows: Vec<Vec<&str>> = listed
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let tails: Vec<&[&str]> = rows.iter().map(|row| &row[1..]).collect();
    assert_eq!(
        tails,
        [
            &["R-10001-W", "2", "Mar", "09:01", "queued", "email", "ack-patient"],
            &["R-10001-W", "2", "Mar", "09:01", "queued", "fax", "ack-provider"],
        ]
    );
    let shown = clinic.run(["outbox", "show", rows[1][0]]).done();
    assert!(
        shown.starts_with(
            "To: Irene Hale <8025550100> by fax\nSubject: Referral R-10001-W received by Our clinic\n\n"
        ),
        "{shown}"
    );
    let number = rows[1][0].trim_start_matches("M-");
    assert_eq!(clinic.run(["outbox", "show", number]).done(), shown);
}

#[test]
fn a_person_holds_retries_and_drops_and_the_clock_obeys() {
    let clinic = clinic();
    let [patient, provider] = ids(&clinic, "queued")[..] else {
        panic!("two messages")
    };
    let (patient, provider) = (format!("M-{patient}"), format!("M-{provider}"));
    assert_eq!(
        clinic.run(["outbox", "hold", &patient]).done(),
        "message ack-patient: queued → held\n"
    );
    assert_eq!(
        clinic.run(["outbox", "drop", &provider]).done(),
        "message ack-provider: queued → cancelled\n"
    );
    let tick = clinic.at(LATER, &["tick", "--json"]).objects().remove(0);
    assert_eq!(tick["handed_over"], 0);
    assert_eq!(
        clinic.run(["outbox", "retry", &patient]).done(),
        "message ack-patient: held → queued\n"
    );
    assert_eq!(
        clinic.at(LATER, &["tick", "--json"]).objects()[0]["handed_over"],
        1
    );
    assert_eq!(
        clinic.run(["outbox", "delivered", &patient]).done(),
        "message ack-patient: handed-over → delivered\n"
    );
    assert_eq!(
        clinic.run(["outbox", "acknowledged", &patient]).done(),
        "message ack-patient: delivered → acknowledged\n"
    );
    let refused = clinic.run(["outbox", "retry", &provider]).fails(1);
    assert!(
        refused.starts_with("refdesk: a message that is cancelled cannot become queued (impossible); "),
        "{refused}"
    );
    assert_eq!(
        (
            ids(&clinic, "acknowledged").len(),
            ids(&clinic, "cancelled").len(),
            ids(&clinic, "queued").len()
        ),
        (1, 1, 0)
    );
}

/// A crash between the folder and the database: the file is there, the message is not known to have left.
#[test]
fn a_message_whose_file_is_there_already_is_not_written_twice() {
    let clinic = clinic();
    clinic.at(LATER, &["tick"]).done();
    let file = clinic
        .data()
        .join("outbox/ack-provider.R-10001-W.received.fax.txt");
    let written = std::fs::metadata(&file).unwrap().modified().unwrap();
    let connection = rusqlite::Connection::open(clinic.database()).unwrap();
    connection
        .execute(
            "UPDATE message SET state = 'sending', sender = 'folder-1' WHERE kind = 'ack-provider'",
            [],
        )
        .unwrap();
    drop(connection);
    let tick = clinic.at(LATER, &["tick", "--json"]).objects().remove(0);
    assert_eq!(
        (&tick["handed_over"], &tick["failed"]),
        (&serde_json::json!(1), &serde_json::json!(0))
    );
    assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), written);
    assert_eq!(clinic.data().join("outbox").read_dir().unwrap().count(), 2);
}

#[test]
fn wrong_ids_and_states() {
    let clinic = clinic();
    assert_eq!(
        clinic.run(["outbox", "show", "M-99"]).fails(1),
        "refdesk: there is no message M-99; `refdesk outbox` lists them\n"
    );
    assert!(
        clinic
            .run(["outbox", "show", "ninety"])
            .fails(2)
            .contains("it is not a message id like M-12")
    );
    assert!(
        clinic
            .run(["outbox", "--state", "lost"])
            .fails(2)
            .contains("[possible values: queued, sending, handed-over, uncertain,")
    );
    let said = clinic.run(["outbox", "--state", "failed"]);
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (0, "", "refdesk: no message stands there\n")
    );
}
