//! What an invented clinic takes from the real policy: opening hours and what each specialty offers.
//!
//! Owns the extract, so that inventing needs neither rights nor texts. Must not know the pools.

use crate::domain::calendar::Calendar;
use crate::domain::policy::Policy;
use crate::domain::template::{Need, Template};
use std::collections::BTreeMap;

/// What one specialty offers and wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The specialty's name, as letters write it.
    pub specialty: String,
    /// Services, the usual one first.
    pub services: Vec<String>,
    /// Documents that every referral should bring: their keys and what a letter calls them.
    pub documents: Vec<(String, String)>,
}

impl From<&Template> for Offer {
    fn from(template: &Template) -> Offer {
        Offer {
            specialty: template.specialty.clone(),
            services: template.services.clone(),
            documents: template
                .requirements
                .iter()
                .filter(|want| {
                    want.need == Need::Document && want.payers.is_empty() && want.services.is_empty()
                })
                .map(|want| (want.key.clone(), want.label_in("en").to_owned()))
                .collect(),
        }
    }
}

/// Opening hours and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Opening hours: people at the desk act within them.
    pub calendar: Calendar,
    /// Offers by the template's key. Only these are referred to.
    pub offers: BTreeMap<String, Offer>,
}

impl From<&Policy> for Settings {
    fn from(policy: &Policy) -> Settings {
        Settings {
            calendar: policy.calendar.clone(),
            offers: policy
                .templates
                .iter()
                .map(|(key, template)| (key.clone(), Offer::from(template)))
                .collect(),
        }
    }
}
