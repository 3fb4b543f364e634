//! Pictures of every container, made in the test.

use super::*;
use crate::intake::typewriter::packers::{Fax, jpeg, pdf, png, tiff};
use crate::intake::typewriter::typed;
use proptest::prelude::*;

fn all(bytes: &[u8]) -> Vec<Result<Picture, Trouble>> {
    let mut out = Vec::new();
    pages(bytes, &mut |decoded| {
        out.push(decoded);
        true
    });
    out
}

fn small() -> Picture {
    typed(&["DOB: 01/02/1990"], (203, 40), 2)
}

#[test]
fn fax_pages_come_out_as_they_went_in() {
    let (page, other) = (small(), typed(&["FILE"], (203, 40), 2));
    for fax in [Fax::Group3, Fax::Group3Mixed, Fax::Group4] {
        for low_first in [false, true] {
            let bytes = tiff(&[&page, &other], fax, low_first, 196);
            assert_eq!(
                all(&bytes),
                [Ok(page.clone()), Ok(other.clone())],
                "{fax:?} {low_first}"
            );
        }
    }
}

#[test]
fn a_wrong_bit_order_is_mended() {
    let page = small();
    let mut bytes = tiff(&[&page], Fax::Group3, true, 196);
    let entry = bytes
        .windows(12)
        .position(|window| window == [10, 1, 3, 0, 1, 0, 0, 0, 2, 0, 0, 0])
        .unwrap();
    bytes[entry + 8] = 1;
    assert_eq!(all(&bytes), [Ok(page)]);
}

#[test]
fn rows_far_apart_are_doubled() {
    let page = small();
    let bytes = tiff(&[&page], Fax::Group4, false, 98);
    let decoded = all(&bytes).remove(0).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (203, 83));
}

#[test]
fn a_damaged_fax_keeps_what_came_before() {
    let page = small();
    let mut bytes = tiff(&[&page], Fax::Group4, false, 196);
    for byte in &mut bytes[300..700] {
        *byte = 0;
    }
    let decoded = all(&bytes).remove(0).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (203, 40));
    assert_eq!(decoded.row(4), page.row(4));
}

#[test]
fn photographs_are_decoded() {
    let page = small();
    assert_eq!(all(&png(&page)), [Ok(page.clone())]);
    let decoded = all(&jpeg(&page)).remove(0).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (203, 40));
    assert!(decoded.row(18).iter().any(|pixel| *pixel < 60));
}

#[test]
fn a_large_photo_comes_out_smaller() {
    let page = Picture {
        width: 8_000,
        height: 6_000,
        grey: vec![200; 48_000_000],
    };
    let decoded = all(&png(&page)).remove(0).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (4_000, 3_000));
    assert_eq!(decoded.row(7)[9], 200);
}

#[test]
fn huge_and_broken_pages_are_told_not_tried() {
    let page = small();
    let mut bytes = tiff(&[&page], Fax::Group4, false, 196);
    let width = bytes
        .windows(8)
        .position(|window| window == [0, 1, 4, 0, 1, 0, 0, 0])
        .unwrap();
    bytes[width + 8..width + 12].copy_from_slice(&60_000_u32.to_le_bytes());
    assert_eq!(all(&bytes), [Err(Trouble::TooLarge)]);
    assert_eq!(all(b"II*\0\xFF\xFF\xFF\xFF"), [Err(Trouble::Damaged)]);
    assert_eq!(all(b"GIF89a"), [Err(Trouble::Unsupported)]);
    let mut picture = png(&page);
    picture.truncate(60);
    assert_eq!(all(&picture), [Err(Trouble::Damaged)]);
}

#[test]
fn a_chain_of_pages_that_bites_its_tail_ends() {
    let page = small();
    let mut bytes = tiff(&[&page], Fax::Group4, false, 196);
    let end = bytes.len() - 4;
    let first: [u8; 4] = bytes[4..8].try_into().unwrap();
    bytes[end..].copy_from_slice(&first);
    assert_eq!(all(&bytes).len(), 1);
}

#[test]
fn pictures_turn_and_shrink() {
    let page = Picture::new(3, 2, vec![0, 1, 2, 3, 4, 5]).unwrap();
    let turned = page.turned();
    assert_eq!((turned.width(), turned.height()), (2, 3));
    assert_eq!(
        turned.rows().flatten().copied().collect::<Vec<_>>(),
        [3, 0, 4, 1, 5, 2]
    );
    let flat = Picture::new(4, 2, vec![10, 20, 30, 40, 10, 20, 30, 40]).unwrap();
    assert_eq!(flat.shrunk(2, 1).row(0), [15, 35]);
    assert_eq!(flat.shrunk(9, 9), flat);
    let even = Picture::new(2, 2, vec![100; 4]).unwrap().stretched(7).unwrap();
    assert!(even.rows().flatten().all(|pixel| *pixel == 100));
    assert!(Picture::new(2, 2, vec![0; 3]).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a stranger sends, decoding ends without a panic that gets out and with pages within bounds.
    #[test]
    fn hostile_pictures_are_survived(
        which in 0_usize..6,
        wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let page = small();
        let mut bytes = match which {
            0 => tiff(&[&page, &page], Fax::Group3, false, 98),
            1 => tiff(&[&page], Fax::Group3Mixed, true, 98),
            2 => tiff(&[&page], Fax::Group4, false, 196),
            3 => png(&page),
            4 => jpeg(&page),
            _ => pdf(&page),
        };
        for (at, byte) in wounds {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        for picture in all(&bytes).into_iter().flatten() {
            prop_assert!(fits(picture.width(), picture.height()));
        }
    }
}
