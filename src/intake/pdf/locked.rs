//! A PDF under a password, made into one without.
//!
//! Owns the ways in which a password becomes bytes, and the copy that readers of text and of pictures are given alike: each of
//! them opens passwords in its own way, and none all of them. Must not know what any page says. Encryption: ISO 32000-2, 7.6.

use lopdf::{Document, Object};
use memchr::memmem;
use unicode_normalization::UnicodeNormalization;

/// What the parser would act upon before there is a key, and what stands there meanwhile: as long, and no name of the format.
const VEILED: &[(&[u8], &[u8])] = &[(b"/Encrypt", b"/Encrypx"), (b"/ObjStm", b"/ObjStx")];
/// From this revision of the handler on the owner's password opens the file as the user's does (ISO 32000-2, 7.6.4.4).
const EITHER: i64 = 5;

/// The same file without its password; none where this is another, or the file is damaged.
pub fn opened(bytes: &[u8], password: &str) -> Option<Vec<u8>> {
    let mut document = Document::load_mem(&veiled(bytes)).ok()?;
    unveil(&mut document)?;
    // Letters and their accents are one character or two, as keyboards have it; files know the former.
    let composed: String = password.nfc().collect();
    let either = document
        .get_encrypted()
        .and_then(|how| how.get(b"R")?.as_i64())
        .is_ok_and(|revision| revision >= EITHER);
    if document.authenticate_user_password(&composed).is_ok()
        || either && document.authenticate_owner_password(&composed).is_ok()
    {
        document.decrypt(&composed).ok()?;
    } else {
        // Older files should have it in the format's own encoding, and some programs took the terminal's bytes for it.
        document.authenticate_raw_user_password(&composed).ok()?;
        document.decrypt_raw(&composed).ok()?;
    }
    let mut out = Vec::with_capacity(bytes.len());
    document.save_to(&mut out).ok()?;
    Some(out)
}

fn veiled(bytes: &[u8]) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    for (name, veil) in VEILED {
        let ends = |at: usize| {
            let next = bytes.get(at + name.len());
            !next.is_some_and(u8::is_ascii_alphanumeric)
        };
        for at in memmem::find_iter(bytes, name).filter(|at| ends(*at)) {
            if let Some(place) = copy.get_mut(at..at + veil.len()) {
                place.copy_from_slice(veil);
            }
        }
    }
    copy
}

/// Gives what was veiled its names back; none where nothing says how the file is locked.
fn unveil(document: &mut Document) -> Option<()> {
    let how = document.trailer.remove(b"Encrypx")?;
    let how = match how.as_reference() {
        Ok(_) => how,
        Err(_) => Object::Reference(document.add_object(how)),
    };
    document.trailer.set("Encrypt", how);
    for object in document.objects.values_mut() {
        if let Ok(stream) = object.as_stream_mut()
            && stream.dict.has_type(b"ObjStx")
        {
            stream.dict.set("Type", Object::Name(b"ObjStm".to_vec()));
        }
    }
    Some(())
}
