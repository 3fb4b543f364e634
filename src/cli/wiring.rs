//! The ways out that a configuration asks for.
//!
//! Owns the step from settings to ways, and the checks that only a way can make. Must not send.

use crate::channels::clearing::Clearing;
use crate::channels::clearing::live::{self, Live};
use crate::channels::exchange::Exchange;
use crate::channels::fax::Fax;
use crate::channels::gammu::Gammu;
use crate::channels::gateway::{Body, Gateway};
use crate::channels::imap::Mailbox;
use crate::channels::letter::{Letterhead, Letters, Paper};
use crate::channels::secret::Secret;
use crate::channels::smstools::Smstools;
use crate::channels::smtp::{Conversation, Smtp, Tls};
use crate::channels::way::{Line, Way, Ways};
use crate::config::channels::{self, EmailWay, FaxWay, LetterWay, SmsWay};
use crate::config::eligibility::Envelope;
use crate::config::{DataDir, Note, Settings};
use crate::domain::policy::Checks;
use crate::domain::text::fold;
use crate::domain::time::Span;
use crate::standards::x12::ask::Submitter;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The longest wait for any answer of a server. RFC 5321 4.5.3.2 allows minutes; a pass of the clock cannot. CAQH CORE's
/// infrastructure rule for eligibility (CORE 250, §4.4.1.3) gives a payer 20 seconds for an answer in real time.
const PATIENCE: Duration = Duration::from_secs(20);

/// What of the channels' settings their ways alone can check.
pub(crate) fn check(settings: &Settings, note: &mut Note<'_>) {
    let channels = &settings.channels;
    if channels.sms == SmsWay::Gateway {
        for why in Body::parse(&channels.gateway.body).err().into_iter().flatten() {
            note(
                &["channels.gateway.body".into()],
                why,
                r#"write JSON such as {"to": "{to}", "text": "{text}"}"#,
            );
        }
    }
}

/// The ways.
pub(crate) fn ways(settings: &Settings, dir: &DataDir) -> Ways {
    let channels = &settings.channels;
    let mut ways = Ways::folder(&dir.outbox());
    let line = |way: Arc<dyn Way>| Line {
        way,
        reads_first: channels.read_first,
    };
    if channels.email == EmailWay::Smtp {
        ways.email = line(Arc::new(smtp(settings)));
    }
    match channels.sms {
        SmsWay::Folder => {}
        SmsWay::Smstools => {
            let modem = &channels.modem;
            ways.sms = line(Arc::new(Smstools::new(&modem.spool, &modem.country)));
        }
        SmsWay::Gammu => {
            let modem = &channels.modem;
            ways.sms = line(Arc::new(Gammu::new(&modem.spool, &modem.country)));
        }
        SmsWay::Gateway => {
            if let Some(gateway) = gateway(&channels.gateway) {
                ways.sms = line(Arc::new(gateway));
            }
        }
    }
    if channels.fax == FaxWay::Hylafax {
        let (spool, prefix) = (&channels.hylafax.spool, &channels.hylafax.prefix);
        ways.fax = line(Arc::new(Fax::new(spool, letterhead(settings), prefix)));
    }
    if channels.letter == LetterWay::Pdf {
        let own = &channels.paper.dir;
        let folder = if own.as_os_str().is_empty() {
            dir.root().join("letters")
        } else {
            own.clone()
        };
        ways.letter = line(Arc::new(Letters::new(&folder, letterhead(settings))));
    }
    if settings.updates.is_on() {
        ways.exchange = Line {
            way: Arc::new(Exchange::new(&settings.updates.folder, &settings.clinic.name)),
            // Nobody words it, so nobody reads the first.
            reads_first: false,
        };
    }
    ways
}

/// The clearing house; none where nobody is asked. An invented clinic's payers answer what is invented for them.
pub(crate) fn clearing(settings: &Settings, dir: &DataDir) -> Option<Clearing> {
    let eligibility = &settings.eligibility;
    if !eligibility.is_on() {
        return super::invented::is(dir).then(|| Clearing::simulated(&settings.clinic.name));
    }
    let submitter = Submitter {
        sender: eligibility.sender.clone(),
        receiver: eligibility.receiver.clone(),
        name: settings.clinic.name.clone(),
        npi: eligibility.npi.clone(),
        production: eligibility.production,
    };
    if eligibility.url.is_empty() {
        return Some(Clearing::folder(&eligibility.folder, submitter));
    }
    let live = Live {
        url: eligibility.url.clone(),
        envelope: match eligibility.envelope {
            Envelope::Plain => live::Envelope::Plain,
            Envelope::Core => live::Envelope::Core,
        },
        user: eligibility.user.clone(),
        secret: secret(&eligibility.secret_file, &eligibility.secret_env),
        patience: PATIENCE,
    };
    Some(Clearing::live(live, submitter))
}

/// How an invented clinic's payers are asked: each has a number that is none.
pub(crate) fn simulated_checks() -> Checks {
    let payers = crate::demo::payers().into_iter();
    Checks {
        payers: payers.map(|name| (fold(&name), "SIMULATED".to_owned())).collect(),
        services: vec!["30".into(), "98".into()],
        timeout: Span::days(1),
        valid: Span::days(30),
        recheck: Span::days(3),
    }
}

fn smtp(settings: &Settings) -> Smtp {
    let (smtp, clinic) = (&settings.channels.smtp, &settings.clinic);
    let from = if smtp.from.is_empty() {
        clinic.email.clone()
    } else {
        smtp.from.clone()
    };
    Smtp {
        host: smtp.host.clone(),
        port: smtp.port,
        tls: match smtp.tls {
            channels::Tls::None => Tls::None,
            channels::Tls::Starttls => Tls::StartTls,
            channels::Tls::Tls => Tls::Wrapped,
        },
        authority: Some(smtp.ca_file.clone()).filter(|path| !path.as_os_str().is_empty()),
        login: secret(&smtp.password_file, &smtp.password_env)
            .filter(|_| !smtp.user.is_empty())
            .map(|secret| (smtp.user.clone(), secret)),
        from,
        sender: clinic.name.clone(),
        patience: PATIENCE,
        open: Conversation::default(),
    }
}

/// The mailbox on a server; none where nobody is asked.
pub(crate) fn mailbox(settings: &Settings) -> Option<Mailbox> {
    let imap = &settings.intake.imap;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Some(Mailbox {
        host: some(&imap.host)?,
        port: imap.port,
        tls: imap.tls,
        authority: Some(imap.ca_file.clone()).filter(|path| !path.as_os_str().is_empty()),
        user: imap.user.clone(),
        password: secret(&imap.password_file, &imap.password_env)?,
        folder: imap.folder.clone(),
        move_to: some(&imap.move_to),
        patience: PATIENCE,
    })
}

/// None only where the body's form is wrong, which [`check`] has said.
fn gateway(gateway: &channels::Gateway) -> Option<Gateway> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Some(Gateway {
        url: gateway.url.clone(),
        body: Body::parse(&gateway.body).ok()?,
        from: gateway.from.clone(),
        token: secret(&gateway.token_file, &gateway.token_env),
        key_header: some(&gateway.key_header),
        country: gateway.country.clone(),
        patience: PATIENCE,
    })
}

/// Where a secret is; none where none is named.
pub(crate) fn secret(file: &Path, variable: &str) -> Option<Secret> {
    if file.as_os_str().is_empty() {
        Some(variable.to_owned())
            .filter(|name| !name.is_empty())
            .map(Secret::Variable)
    } else {
        Some(Secret::File(file.to_owned()))
    }
}

fn letterhead(settings: &Settings) -> Letterhead {
    let clinic = &settings.clinic;
    let named = |label: &str, value: &str| {
        if value.is_empty() {
            String::new()
        } else {
            format!("{label} {value}")
        }
    };
    let reach = [
        named("Tel", &clinic.phone),
        named("Fax", &clinic.fax),
        clinic.email.clone(),
    ];
    let reach: Vec<String> = reach.into_iter().filter(|part| !part.is_empty()).collect();
    Letterhead {
        lines: vec![clinic.name.clone(), reach.join(" · ")],
        zone: clinic.zone.0,
        paper: match settings.channels.paper.size {
            channels::PaperSize::Letter => Paper::Letter,
            channels::PaperSize::A4 => Paper::A4,
        },
    }
}
