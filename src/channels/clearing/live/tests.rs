//! A clearing house on a socket of this machine: what it is asked, and what each reply means.

use super::*;
use crate::channels::sample::served;
use crate::domain::time::from_seconds;

const ANSWER: &str = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*1410*^*00501*000000007*0*P*:~\nST*271*1~\nIEA*1*000000007~";

fn submitter() -> Submitter {
    Submitter {
        sender: "RIVERSIDE".into(),
        receiver: "CLEARHOUSE".into(),
        name: "Riverside".into(),
        npi: "1234567893".into(),
        production: true,
    }
}

fn live(url: &str, envelope: Envelope, user: &str, secret: Option<Secret>) -> Live {
    Live {
        url: url.into(),
        envelope,
        user: user.into(),
        secret,
        patience: Duration::from_secs(2),
    }
}

fn post(live: &Live) -> Result<Vec<u8>, Unasked> {
    live.post(&submitter(), "RD1-1", "ISA*270~".into(), from_seconds(0))
}

fn reply(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn a_question_is_a_post_and_its_reply_is_the_answer() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    std::fs::write(&file, "open sesame\n").unwrap();
    let secret = || Some(Secret::File(file.clone()));
    let enveloped = format!(
        "--b\r\nContent-Disposition: form-data; name=\"PayloadType\"\r\n\r\nX12_271_Response_005010X279A1\r\n--b\r\n\
         Content-Disposition: form-data; name=\"Payload\"\r\n\r\n{ANSWER}\r\n--b--\r\n"
    );
    let table = [
        (
            Envelope::Plain,
            "",
            None,
            ANSWER.to_owned(),
            "content-type: application/edi-x12",
        ),
        (
            Envelope::Plain,
            "",
            secret(),
            format!("\r\n{ANSWER}\r\n"),
            "authorization: Bearer open sesame",
        ),
        (
            Envelope::Plain,
            "ann",
            secret(),
            ANSWER.to_owned(),
            "authorization: Basic YW5uOm9wZW4gc2VzYW1l",
        ),
        (
            Envelope::Core,
            "ann",
            secret(),
            enveloped.clone(),
            "name=\"UserName\"\r\n\r\nann\r\n",
        ),
        (
            Envelope::Core,
            "ann",
            secret(),
            enveloped,
            "name=\"Payload\"\r\n\r\nISA*270~\r\n",
        ),
    ];
    for (envelope, user, secret, body, asks) in table {
        let (url, heard) = served("/270", reply("200 OK", &body));
        let answer = post(&live(&url, envelope, user, secret)).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), ANSWER);
        let asked = heard.join().unwrap();
        assert!(asked.starts_with("POST /270 HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains(asks), "{asks}: {asked}");
    }
}

#[test]
fn what_is_no_interchange_is_no_answer() {
    let table = [
        ("200 OK", "<html>sign in</html>", true),
        ("200 OK", "", true),
        ("200 OK", "ISA*00*cut off", true),
        ("202 Accepted", ANSWER.trim_end_matches("IEA*1*000000007~"), true),
        ("400 Bad Request", ANSWER, true),
        ("401 Unauthorized", ANSWER, false),
        ("302 Found", ANSWER, false),
        ("500 Oops", ANSWER, false),
        ("503 Busy", "", false),
    ];
    for (status, body, alone) in table {
        let (url, _) = served("/", reply(status, body));
        match post(&live(&url, Envelope::Plain, "", None)) {
            Err(Unasked::Question(_)) => assert!(alone, "{status}"),
            Err(Unasked::House(_)) => assert!(!alone, "{status}"),
            Ok(_) => panic!("{status} {body}"),
        }
    }
    // Nobody is there, nobody answers, the secret is not there.
    let (url, heard) = served("/", String::new());
    assert!(matches!(
        post(&live(&url, Envelope::Plain, "", None)),
        Err(Unasked::House(_))
    ));
    heard.join().unwrap();
    assert!(matches!(
        post(&live(&url, Envelope::Plain, "", None)),
        Err(Unasked::House(_))
    ));
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(
        post(&live(&url, Envelope::Plain, "", None)),
        Err(Unasked::House(
            "the clearing house gave no answer within 2 s".into()
        ))
    );
    let none = Some(Secret::Variable("REFDESK_NO_SUCH".into()));
    let Err(Unasked::House(why)) = post(&live(&url, Envelope::Plain, "", none)) else {
        panic!("asked without its secret")
    };
    assert!(why.contains("REFDESK_NO_SUCH"));
}

#[test]
fn each_try_has_a_number_of_its_own() {
    let first = payload_id(&submitter(), "RD1-1", from_seconds(0));
    assert_eq!((first.len(), first.matches('-').count()), (36, 4), "{first}");
    assert_ne!(first, payload_id(&submitter(), "RD1-1", from_seconds(1)));
    assert_ne!(first, payload_id(&submitter(), "RD1-2", from_seconds(0)));
}
