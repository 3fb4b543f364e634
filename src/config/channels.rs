//! How messages leave: which way each channel takes, and what each way needs.
//!
//! Owns the section's keys and defaults. Secrets are named, never written here. Must not open a file or a connection.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Which way each channel takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Channels {
    /// E-mail.
    pub email: EmailWay,
    /// Text messages.
    pub sms: SmsWay,
    /// Faxes.
    pub fax: FaxWay,
    /// Letters.
    pub letter: LetterWay,
    /// Whether a person reads the first message of each kind on a channel before it leaves the house.
    pub read_first: bool,
    /// The mail server.
    pub smtp: Smtp,
    /// The modem's spool, of smstools or of gammu.
    pub modem: Modem,
    /// The gateway.
    pub gateway: Gateway,
    /// The fax spool.
    pub hylafax: Hylafax,
    /// Letters on paper.
    pub paper: Paper,
}

impl Default for Channels {
    fn default() -> Channels {
        Channels {
            email: EmailWay::Folder,
            sms: SmsWay::Folder,
            fax: FaxWay::Folder,
            letter: LetterWay::Folder,
            read_first: true,
            smtp: Smtp::default(),
            modem: Modem::default(),
            gateway: Gateway::default(),
            hylafax: Hylafax::default(),
            paper: Paper::default(),
        }
    }
}

macro_rules! ways {
    ($($(#[$doc:meta])* $name:ident: $($(#[$way_doc:meta])* $way:ident),+;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            /// A file in the outbox folder.
            #[default]
            Folder,
            $($(#[$way_doc])* $way,)+
        }
    )*};
}

ways! {
    /// How an e-mail leaves.
    EmailWay:
        /// By a server.
        Smtp;
    /// How a text message leaves.
    SmsWay:
        /// By the spool of SMS Server Tools 3.
        Smstools,
        /// By the files of gammu-smsd.
        Gammu,
        /// By a gateway on the network.
        Gateway;
    /// How a fax leaves.
    FaxWay:
        /// By a spool of jobs for HylaFAX's `sendfax`.
        Hylafax;
    /// How a letter leaves.
    LetterWay:
        /// As pages to be printed.
        Pdf;
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection.
    pub tls: Tls,
    /// A certificate authority of your own (PEM).
    pub ca_file: PathBuf,
    /// The mailbox that mails are from; the clinic's where empty.
    pub from: String,
    /// User; none where the server asks for no password.
    pub user: String,
    /// The file with the password.
    pub password_file: PathBuf,
    /// Or the variable of the environment that holds it.
    pub password_env: String,
}

impl Default for Smtp {
    fn default() -> Smtp {
        Smtp {
            host: String::new(),
            // RFC 6409: submission.
            port: 587,
            tls: Tls::Starttls,
            ca_file: PathBuf::new(),
            from: String::new(),
            user: String::new(),
            password_file: PathBuf::new(),
            password_env: String::new(),
        }
    }
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Not at all.
    None,
    /// From the greeting on.
    Starttls,
    /// From the first byte.
    Tls,
}

/// A modem's spool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Modem {
    /// The folder from which the modem's program takes messages.
    pub spool: PathBuf,
    /// The folder into which it puts what it received; none where nobody answers.
    pub received: PathBuf,
    /// The folder in which smstools keeps what it sent, to which its delivery reports refer.
    pub sent: PathBuf,
    /// The folder in which it keeps what it could not send.
    pub failed: PathBuf,
    /// The calling code of numbers without one.
    pub country: String,
}

impl Default for Modem {
    fn default() -> Modem {
        Modem {
            spool: PathBuf::new(),
            received: PathBuf::new(),
            sent: PathBuf::new(),
            failed: PathBuf::new(),
            country: "1".into(),
        }
    }
}

/// A gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// Where.
    pub url: String,
    /// The form of the body; its owner checks it.
    pub body: String,
    /// The sender.
    pub from: String,
    /// The file with the token.
    pub token_file: PathBuf,
    /// Or the variable of the environment that holds it.
    pub token_env: String,
    /// The header in which it takes an idempotency key; empty where it takes none.
    pub key_header: String,
    /// The calling code of numbers without one.
    pub country: String,
}

impl Default for Gateway {
    fn default() -> Gateway {
        Gateway {
            url: String::new(),
            body: r#"{"to": "{to}", "from": "{from}", "text": "{text}"}"#.into(),
            from: String::new(),
            token_file: PathBuf::new(),
            token_env: String::new(),
            // draft-ietf-httpapi-idempotency-key-header.
            key_header: "Idempotency-Key".into(),
            country: "1".into(),
        }
    }
}

/// A spool of fax jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hylafax {
    /// The folder.
    pub spool: PathBuf,
    /// What is dialled before each number.
    pub prefix: String,
}

/// Letters on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paper {
    /// The folder for letters; `letters` in the data directory where empty.
    pub dir: PathBuf,
    /// The size.
    pub size: PaperSize,
}

/// A size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperSize {
    /// 8.5 by 11 inches.
    #[default]
    Letter,
    /// 210 by 297 millimetres.
    A4,
}

impl Channels {
    /// The folders and files that are named from where the configuration stands.
    pub(super) fn paths(&mut self) -> [&mut PathBuf; 9] {
        [
            &mut self.smtp.ca_file,
            &mut self.smtp.password_file,
            &mut self.modem.spool,
            &mut self.modem.received,
            &mut self.modem.sent,
            &mut self.modem.failed,
            &mut self.gateway.token_file,
            &mut self.hylafax.spool,
            &mut self.paper.dir,
        ]
    }
}
