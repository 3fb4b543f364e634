//! The domain: what a referral is and what may happen to it.
//!
//! Pure: no clock, no I/O, no rusqlite, ratatui or clap. The words are FHIR R4's where it has them.

pub mod address;
pub mod calendar;
pub mod case;
pub mod chart;
pub mod clocks;
pub mod command;
pub mod compare;
pub mod cover;
pub mod coverage;
pub mod curve;
pub mod decide;
pub mod effort;
pub mod event;
pub mod forecast;
pub mod id;
pub mod lists;
pub mod matching;
pub mod message;
pub mod network;
pub mod person;
pub mod policy;
pub mod priority;
pub mod query;
pub mod record;
pub mod referral;
pub mod refusal;
pub mod requirements;
pub mod rule;
pub mod score;
pub mod snapshot;
pub mod status;
pub mod survival;
pub mod template;
pub mod text;
pub mod texts;
pub mod time;
pub mod timeline;
