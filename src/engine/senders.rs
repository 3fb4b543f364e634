//! Which sender on record is meant: practitioners by NPI, else by name and how they are reached; practices by name and how they
//! are reached.
//!
//! Owns that a letter never goes to a namesake: where what is known of both contradicts, whoever is heard of is somebody new. Must
//! not know patients.

use crate::domain::command::{
    NewOrganization, NewPractitioner, PractitionerChanges, Receive, Ref, ReferralChanges,
};
use crate::domain::id::{OrganizationId, PractitionerId, ReferralId};
use crate::domain::matching::sender::{Agreement, Reached, agreement, meant, other_fax};
use crate::domain::person::{Organization, Practitioner};
use crate::store::{Connection, StoreError, lookup};

/// Puts the sender and the practice on record in the place of those who are heard of, and says where a paper names another fax
/// than the record: what is faxed goes by the record until somebody has looked.
///
/// # Errors
/// The store's.
pub fn resolve(connection: &Connection, receive: &mut Receive) -> Result<(), StoreError> {
    if let Some(Ref::New(new)) = &receive.organization
        && let Some(here) = practice(connection, new)?
    {
        receive.organization = Some(Ref::Known(here));
    }
    if let Some(Ref::New(new)) = &receive.requester
        && let Some(here) = requester(connection, new, receive.organization.as_ref())?
    {
        if other_fax(heard(new), known(&here)) {
            receive.remarks.push(OTHER_FAX.to_owned());
        }
        receive.requester = Some(Ref::Known(here.id));
    }
    Ok(())
}

/// The same for a correction of a referral. Where whoever is named is the one who sent it, what is otherwise is a correction of
/// their record: it is not dropped. An NPI that is somebody else's on record names that one.
///
/// # Errors
/// The store's.
pub fn amended(
    connection: &Connection,
    referral: ReferralId,
    changes: &mut ReferralChanges,
) -> Result<(), StoreError> {
    if let Some(Ref::New(new)) = &changes.organization
        && let Some(here) = practice(connection, new)?
    {
        changes.organization = Some(Ref::Known(here));
    }
    let own = lookup::requester_of(connection, referral)?;
    if let Some(Ref::New(new)) = &changes.requester
        && let Some(here) = requester(connection, new, changes.organization.as_ref())?
    {
        if own == Some(here.id) {
            changes.practitioner = PractitionerChanges::between(&here, &stated(new, &here));
            changes.requester = None;
        } else {
            changes.requester = Some(Ref::Known(here.id));
        }
    }
    let npi = changes
        .practitioner
        .as_ref()
        .and_then(|changes| changes.npi.as_deref());
    if let Some(npi) = npi.filter(|npi| !npi.is_empty())
        && let Some(other) = lookup::practitioner_of(connection, npi)?
        && own != Some(other.id)
    {
        changes.practitioner = None;
        changes.requester = Some(Ref::Known(other.id));
    }
    Ok(())
}

/// What is said of somebody, and where nothing is said, what is known.
fn stated(new: &NewPractitioner, here: &Practitioner) -> NewPractitioner {
    let or = |said: &Option<String>, known: &Option<String>| said.clone().or_else(|| known.clone());
    NewPractitioner {
        name: new.name.clone(),
        npi: or(&new.npi, &here.npi),
        phone: or(&new.phone, &here.phone),
        fax: or(&new.fax, &here.fax),
        email: or(&new.email, &here.email),
    }
}

const OTHER_FAX: &str = "the paper names another fax for its sender than the record: put right which of them holds before anything is \
                         faxed there";

/// The practitioner on record.
///
/// # Errors
/// The store's.
pub fn requester(
    connection: &Connection,
    new: &NewPractitioner,
    practice: Option<&Ref<OrganizationId, NewOrganization>>,
) -> Result<Option<Practitioner>, StoreError> {
    if let Some(npi) = &new.npi {
        return lookup::practitioner_of(connection, npi);
    }
    let named = lookup::practitioners_named(connection, &new.name)?;
    let weighed = named.into_iter().map(|here| {
        let agreement = match agreement(heard(new), known(&here)) {
            Agreement::Silent => at(practice, here.organization),
            told @ (Agreement::Agrees | Agreement::Contradicts) => told,
        };
        (here, agreement)
    });
    Ok(meant(weighed.collect()))
}

/// What their practices say where nothing else does: who writes from another is another.
fn at(practice: Option<&Ref<OrganizationId, NewOrganization>>, here: Option<OrganizationId>) -> Agreement {
    match (practice, here) {
        (Some(Ref::Known(practice)), Some(here)) if *practice == here => Agreement::Agrees,
        (Some(Ref::Known(_) | Ref::New(_)), Some(_)) => Agreement::Contradicts,
        (Some(_), None) | (None, _) => Agreement::Silent,
    }
}

/// The practitioner on record whom a chart of another system names.
///
/// # Errors
/// The store's.
pub fn same_requester(
    connection: &Connection,
    theirs: &Practitioner,
    practice: Option<OrganizationId>,
) -> Result<Option<PractitionerId>, StoreError> {
    let new = NewPractitioner {
        name: theirs.name.clone(),
        npi: theirs.npi.clone(),
        phone: theirs.phone.clone(),
        fax: theirs.fax.clone(),
        email: theirs.email.clone(),
    };
    let practice = practice.map(Ref::Known);
    Ok(requester(connection, &new, practice.as_ref())?.map(|here| here.id))
}

/// The practice on record.
///
/// # Errors
/// The store's.
pub fn practice(
    connection: &Connection,
    new: &NewOrganization,
) -> Result<Option<OrganizationId>, StoreError> {
    let heard = Reached {
        fax: new.fax.as_deref(),
        phone: new.phone.as_deref(),
        email: new.email.as_deref(),
    };
    of_name(connection, &new.name, heard)
}

/// The practice on record that a chart of another system names.
///
/// # Errors
/// The store's.
pub fn same_practice(
    connection: &Connection,
    theirs: &Organization,
) -> Result<Option<OrganizationId>, StoreError> {
    of_name(connection, &theirs.name, reached(theirs))
}

fn of_name(
    connection: &Connection,
    name: &str,
    heard: Reached<'_>,
) -> Result<Option<OrganizationId>, StoreError> {
    let named = lookup::organizations_named(connection, name)?;
    let weighed = named
        .iter()
        .map(|here| (here.id, agreement(heard, reached(here))));
    Ok(meant(weighed.collect()))
}

fn reached(organization: &Organization) -> Reached<'_> {
    Reached {
        fax: organization.fax.as_deref(),
        phone: organization.phone.as_deref(),
        email: organization.email.as_deref(),
    }
}

fn heard(new: &NewPractitioner) -> Reached<'_> {
    Reached {
        fax: new.fax.as_deref(),
        phone: new.phone.as_deref(),
        email: new.email.as_deref(),
    }
}

fn known(here: &Practitioner) -> Reached<'_> {
    Reached {
        fax: here.fax.as_deref(),
        phone: here.phone.as_deref(),
        email: here.email.as_deref(),
    }
}
