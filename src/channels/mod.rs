//! The outside: the ways by which messages leave (folder, SMTP, SMS by modem spool or gateway, fax, letters), the hold on all
//! of them, the folders and the listener that bring documents, and the second reader of these.

pub mod answers;
pub mod clearing;
pub mod enclosure;
pub mod exchange;
pub mod fax;
pub mod folder;
pub mod gammu;
pub mod gateway;
pub mod hold;
pub mod imap;
pub mod letter;
pub mod lock;
pub mod mail;
pub mod mllp;
pub mod second_reader;
pub mod secret;
pub mod smstools;
pub mod smtp;
pub mod spool;
pub mod watch;
pub mod way;

#[cfg(test)]
mod sample;
