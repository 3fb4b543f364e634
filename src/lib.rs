//! Refdesk: a keyboard-driven worklist for the people who take in a specialty clinic's referrals.
//!
//! # The map of the house
//!
//! Dependencies point down this list, never up; `tests/architecture.rs` reads the imports and fails on an arrow that does.
//!
//! | module | owns |
//! | --- | --- |
//! | [`cli`] | the command line: one file a subcommand, exit codes |
//! | [`mod@bench`] | measurements of what is felt at the desk |
//! | [`tui`] | the terminal: model, pure update, keymap, views, the worker behind them |
//! | [`import`] | going live: the files of another system, read and brought over |
//! | [`demo`] | the inventor of a clinic, for a first look and for load |
//! | [`engine`] | the only writer: execute, undo, tick, outbox, intake of a read document |
//! | [`channels`] | the outside: the ways by which messages leave, the answers that come back, the inbox |
//! | [`report`] | what is told in one piece: the shift handover, the downtime pack |
//! | [`config`] | the configuration: schema, defaults, layers, paths, built-in templates and texts |
//! | [`store`] | the only place that names SQLite: rows, log, queue windows, search, backup, check |
//! | [`standards`] | what other systems send, as pure parse and print: FHIR, HL7 v2, X12 |
//! | [`intake`] | bytes in, a read document out, in a jailed child |
//! | [`domain`] | pure: what a referral is, what may happen to it, and when |
//!
//! # How a change happens
//!
//! Every change, from a key, a script, a document or the clock, is a [`domain::command::Command`] in an
//! [`Envelope`](domain::command::Envelope). [`engine::Engine::execute`] opens a transaction, loads the
//! [`Snapshot`](domain::snapshot::Snapshot) that the command has to see, and asks the one pure function
//! [`domain::decide::decide`], which answers with events or with a refusal. Each event carries the old and the new values of
//! the records that it changes; the store applies them, appends them to the hash-chained log, and commits. Then, and only
//! then, there is a receipt. Timers and messages are records like any other, so they are durable with the change that made
//! them. Undo appends the inverse; `refdesk check --deep` replays the log from empty and compares every table.
//!
//! # Where do I put X?
//!
//! | X | goes to |
//! | --- | --- |
//! | a new thing that somebody may do | a variant of `Command`, an arm in `domain::decide`, a row in `tui::action` |
//! | a rule that follows from what is | `domain::decide::settle` and its neighbours `milestones`, `timers` |
//! | what happens when a time comes | `domain::decide::timers` (when) and `clockwork` (what) |
//! | a field of a record | the record in `domain`, its column in `store::tables`, the next file in `assets/migrations` |
//! | a message | `MessageKind`, its texts in `assets/messages`, the decision that queues it |
//! | a requirement, target or task of a specialty | its file in `assets/templates` |
//! | a setting | `config::schema`, and through `Policy` to where it is used |
//! | a kind of document, a field to read | `intake` |
//! | a question to the database | `store`, as a function that costs what it shows |

// What no fuzz target reaches is left out of their build (`fuzz/`), and with it what only that calls.
#![cfg_attr(fuzzing, allow(dead_code))]

#[cfg(not(fuzzing))]
pub mod bench;
pub mod channels;
#[cfg(not(fuzzing))]
pub mod cli;
pub mod config;
#[cfg(not(fuzzing))]
pub mod demo;
pub mod domain;
pub mod engine;
pub mod import;
pub mod intake;
#[cfg(not(fuzzing))]
pub mod report;
pub mod standards;
pub mod store;
#[cfg(not(fuzzing))]
pub mod tui;
