//! What must hold between the settings of the channels: what each way that is chosen needs, and what cannot be.
//!
//! Must not open a file or a connection.

use super::channels::{Channels, EmailWay, FaxWay, Gateway, SmsWay, Smtp, Tls};
use super::check::Note;
use crate::domain::address;
use crate::domain::text;

/// What each way that is chosen needs, and what cannot be.
pub(super) fn check(channels: &Channels, clinic_email: &str, note: &mut Note<'_>) {
    if channels.email == EmailWay::Smtp {
        check_smtp(&channels.smtp, clinic_email, note);
    }
    match channels.sms {
        SmsWay::Folder => {}
        SmsWay::Smstools | SmsWay::Gammu => {
            needs(
                "channels.modem.spool",
                channels.modem.spool.as_os_str().is_empty(),
                "name the folder from which the modem's program takes messages",
                note,
            );
            check_country("channels.modem.country", &channels.modem.country, note);
        }
        SmsWay::Gateway => check_gateway(&channels.gateway, note),
    }
    if channels.fax == FaxWay::Hylafax {
        needs(
            "channels.hylafax.spool",
            channels.hylafax.spool.as_os_str().is_empty(),
            "name the folder for fax jobs",
            note,
        );
        let prefix = &channels.hylafax.prefix;
        if !prefix.chars().all(|c| c.is_ascii_digit() || c == ',') {
            note(
                &["channels.hylafax.prefix".into()],
                "has something that cannot be dialled".into(),
                "write digits, and a comma for a pause",
            );
        }
    }
}

fn needs(key: &str, empty: bool, fix: &str, note: &mut Note<'_>) {
    if empty {
        note(
            &[key.to_owned()],
            format!("{key} is empty, and the channel needs it"),
            fix,
        );
    }
}

fn check_smtp(smtp: &Smtp, clinic_email: &str, note: &mut Note<'_>) {
    needs(
        "channels.smtp.host",
        smtp.host.trim().is_empty(),
        "name the mail server",
        note,
    );
    one_line("channels.smtp.host", &smtp.host, note);
    let (key, from) = if smtp.from.is_empty() {
        ("clinic.email", clinic_email)
    } else {
        ("channels.smtp.from", smtp.from.as_str())
    };
    if from.is_empty() {
        needs(
            "channels.smtp.from",
            true,
            "write the mailbox that mails are from, or set clinic.email",
            note,
        );
    } else if !address::is_email(from) {
        note(
            &[key.to_owned()],
            format!("{key} is not an e-mail address"),
            "write it as intake@clinic.example",
        );
    }
    one_secret(
        "channels.smtp.password",
        &smtp.password_file,
        &smtp.password_env,
        !smtp.user.is_empty(),
        note,
    );
    one_line("channels.smtp.user", &smtp.user, note);
    if smtp.tls == Tls::None && !is_this_machine(&smtp.host) {
        note(
            &["channels.smtp.tls".into()],
            "mail would cross the network in the clear".into(),
            "choose starttls or tls; none is for a server on this machine",
        );
    }
}

fn check_gateway(gateway: &Gateway, note: &mut Note<'_>) {
    let url = gateway.url.as_str();
    needs(
        "channels.gateway.url",
        url.is_empty(),
        "write the gateway's address",
        note,
    );
    let host = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split(['/', '?']).next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = url.starts_with("http://") && is_this_machine(name);
    if !url.is_empty() && (host.is_empty() || !(url.starts_with("https://") || local)) {
        note(
            &["channels.gateway.url".into()],
            "is not an address that begins with https://".into(),
            "http:// is for a gateway on this machine",
        );
    }
    one_line("channels.gateway.url", url, note);
    one_line("channels.gateway.from", &gateway.from, note);
    one_secret(
        "channels.gateway.token",
        &gateway.token_file,
        &gateway.token_env,
        false,
        note,
    );
    let token = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !gateway.key_header.chars().all(token) {
        note(
            &["channels.gateway.key_header".into()],
            "is not the name of a header".into(),
            "write letters and hyphens, or nothing",
        );
    }
    check_country("channels.gateway.country", &gateway.country, note);
}

fn check_country(key: &str, code: &str, note: &mut Note<'_>) {
    if code.is_empty() || code.len() > 3 || !code.chars().all(|c| c.is_ascii_digit()) || code.starts_with('0')
    {
        note(
            &[key.to_owned()],
            format!("{key} is not a calling code"),
            "write 1 for North America, 49 for Germany",
        );
    }
}

/// Secrets are in one place, and there where one is needed.
pub(super) fn one_secret(
    key: &str,
    file: &std::path::Path,
    variable: &str,
    needed: bool,
    note: &mut Note<'_>,
) {
    let keys = [format!("{key}_file"), format!("{key}_env")];
    let both = !file.as_os_str().is_empty() && !variable.is_empty();
    let neither = file.as_os_str().is_empty() && variable.is_empty();
    if both {
        note(
            &keys,
            "the secret is named twice".into(),
            "name the file or the variable",
        );
    } else if neither && needed {
        note(
            &keys,
            "there is a user, and no password".into(),
            "name the file, or the variable of the environment, that holds it",
        );
    }
}

pub(super) fn one_line(key: &str, value: &str, note: &mut Note<'_>) {
    if text::line(value) != value || value.contains(['\n', '\r']) {
        note(
            &[key.to_owned()],
            format!("{key} has a line break or a control character"),
            "write it on one line",
        );
    }
}

pub(super) fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "::1" | "[::1]")
}
