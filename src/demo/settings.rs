//! What an invented clinic takes from the real policy: opening hours and what each specialty offers.
//!
//! Owns the extract, so that inventing needs neither rights nor texts. Must not know the pools.

use crate::domain::calendar::Calendar;
use crate::domain::policy::Policy;
use crate::domain::template::{Need, Template};
use crate::domain::text::fold;
use std::collections::BTreeMap;

/// What one specialty offers and wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The specialty's name, as letters write it.
    pub specialty: String,
    /// Services, the usual one first.
    pub services: Vec<String>,
    /// Documents that a referral should bring.
    pub documents: Vec<Wanted>,
}

/// A document that a referral should bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The requirement's key.
    pub key: String,
    /// What a letter calls it.
    pub label: String,
    /// Only for these services; for all where empty.
    pub services: Vec<String>,
}

impl Offer {
    /// Keys and labels of the documents that belong to a service.
    pub fn wants(&self, service: &str) -> Vec<(String, String)> {
        let belongs = |want: &&Wanted| {
            want.services.is_empty() || want.services.iter().any(|name| fold(name) == fold(service))
        };
        self.documents
            .iter()
            .filter(belongs)
            .map(|want| (want.key.clone(), want.label.clone()))
            .collect()
    }
}

impl From<&Template> for Offer {
    fn from(template: &Template) -> Offer {
        Offer {
            specialty: template.specialty.clone(),
            services: template.services.clone(),
            documents: template
                .requirements
                .iter()
                .filter(|want| want.need == Need::Document && want.payers.is_empty())
                .map(|want| Wanted {
                    key: want.key.clone(),
                    label: want.label_in("en").to_owned(),
                    services: want.services.clone(),
                })
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
