//! The terminal: a worklist under the fingers.
//!
//! A key goes one way: input → [`keymap`] → [`update`] (pure) → [`worker`] → a message back → one drawing ([`view`], pure).
//! The screen's thread never waits for the disk, draws nothing when nothing changed, and sleeps until its next deadline.
//! Where to put something: a key or an action in [`action`]; what an action asks in [`asks`]; what is shown of a referral in
//! [`detail`]; a region of the screen in [`view`]. Must not know SQL or the engine: [`worker::Desk`] stands before both.

pub mod action;
pub mod ago;
pub mod asks;
pub mod board;
pub mod chord;
pub mod columns;
pub mod complete;
pub mod create;
pub mod detail;
mod dry;
mod easel;
pub mod entry;
pub mod form;
mod fuzzy;
pub mod glass;
mod gone;
pub mod history;
mod input;
pub mod intake;
pub mod keep;
pub mod keymap;
pub mod layout;
pub mod linear;
pub mod live;
pub mod lookup;
pub mod model;
pub mod msg;
pub mod notice;
pub mod original;
pub mod outbox;
mod outside;
pub mod page;
pub mod palette;
pub mod picture;
pub mod places;
mod pointless;
pub mod proof;
pub mod reader;
pub mod ready;
pub mod rig;
mod run;
mod seed;
pub mod settings;
pub mod spot;
mod steady;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod watch;
pub mod when;
pub mod width;
pub mod words;
pub mod worker;

pub use msg::{Errand, News};
pub use run::run;
pub use settings::Settings;
pub use worker::Desk;
