//! What the example says of the sections about channels.

use super::example::Section;

/// Which way each channel takes.
pub(super) const CHANNELS: Section = (
    "channels",
    &[
        "How messages leave. `folder` puts each into the outbox folder as a file, for a person or a program of yours. `refdesk",
        "doctor` says what each channel has and lacks.",
    ],
    &[
        ("email", &["folder, or smtp."]),
        (
            "sms",
            &["folder; smstools or gammu (a modem's spool); or gateway (a service on the network)."],
        ),
        (
            "fax",
            &["folder, or hylafax: jobs for sendfax; see assets/service/refdesk-sendfax."],
        ),
        ("letter", &["folder, or pdf: pages to be printed and posted."]),
        (
            "read_first",
            &[
                "The first message of each kind on a channel waits until somebody has read it (the outbox, `refdesk outbox`).",
                "What goes into the folder never waits for that.",
            ],
        ),
    ],
);

/// The mail server.
pub(super) const SMTP: Section = (
    "channels.smtp",
    &[
        "The mail server. What it refuses for good becomes work at once; what it puts off is tried again for a day.",
    ],
    &[
        ("host", &[]),
        ("port", &[]),
        (
            "tls",
            &[
                "starttls, tls (from the first byte, usually port 465), or none: that for a server on this machine alone.",
            ],
        ),
        (
            "ca_file",
            &["A certificate authority of your own (PEM), beside those of the system."],
        ),
        (
            "from",
            &["The mailbox that mails are from; clinic.email where empty."],
        ),
        ("user", &[]),
        (
            "password_file",
            &["Secrets are never written here: name a file that holds the password and nothing else …"],
        ),
        ("password_env", &["… or a variable of the environment."]),
    ],
);

/// The modem.
pub(super) const MODEM: Section = (
    "channels.modem",
    &[
        "The modem's program, smstools or gammu-smsd. Refdesk keeps a folder `<spool>.refdesk` beside the spool.",
    ],
    &[
        (
            "spool",
            &["The folder from which it takes messages: smstools' `outgoing`, gammu's OutboxPath."],
        ),
        (
            "received",
            &[
                "The folder into which it puts what was received (`incoming`, InboxPath); answers are taken from there, and the",
                "network's reports: smsd sends them on where its modem has `incoming = yes`, gammu-smsd with",
                "`deliveryreport = sms`.",
            ],
        ),
        (
            "sent",
            &["smstools' `sent`: its delivery reports are understood with it."],
        ),
        (
            "failed",
            &[
                "Where it keeps what it could not send (`failed`, ErrorSMSPath); each fails here too, and its file goes.",
            ],
        ),
        ("country", &["The calling code of numbers that have none."]),
    ],
);

/// The gateway.
pub(super) const GATEWAY: Section = (
    "channels.gateway",
    &["A gateway for text messages: one POST of JSON for each."],
    &[
        ("url", &[]),
        (
            "body",
            &["What is sent, as JSON; its texts may hold {to}, {text}, {from} and {key}."],
        ),
        ("from", &[]),
        (
            "token_file",
            &["The secret behind `Authorization: Bearer`: a file that holds nothing else, or a variable."],
        ),
        ("token_env", &[]),
        (
            "key_header",
            &[
                "The header in which the gateway takes an idempotency key: with it nothing is sent twice whatever crashes. Where",
                "it takes none leave it empty: what is not answered then waits for a person.",
            ],
        ),
        ("country", &["The calling code of numbers that have none."]),
    ],
);

/// The fax.
pub(super) const HYLAFAX: Section = (
    "channels.hylafax",
    &["Fax jobs: a PDF and a small text file each, which refdesk-sendfax hands to HylaFAX's sendfax."],
    &[
        ("spool", &[]),
        ("prefix", &["What is dialled before each number, such as \"9,\"."]),
    ],
);

/// Letters.
pub(super) const PAPER: Section = (
    "channels.paper",
    &["Letters and faxes as pages."],
    &[
        (
            "dir",
            &["The folder for letters; `letters` in the data directory where empty."],
        ),
        ("size", &["letter or a4."]),
    ],
);
