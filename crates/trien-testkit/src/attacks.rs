//! Files that were manipulated on purpose, each with an honest one beside it, and what is to be
//! said of them: the classes of ATTACKS.md for which nobody published a sample.
//! Knows nothing of how they are judged.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "development only: what cannot be made must stop the maker, aloud; lists of attacks are \
              long"
)]

mod annotations;
mod appended;
mod base;
mod catalog;
mod certification;
mod cms;
mod comments;
mod contents;
mod covered;
mod declared;
mod dictionaries;
mod embedded;
mod extents;
mod fillings;
mod flip;
mod forms;
mod frames;
mod honest;
mod locks;
mod looks;
mod maker;
mod manifest;
mod new_fields;
mod outside;
mod rebuilt;
mod references;
mod remarks;
mod scale;
mod school;
mod sneaky;
mod spaces;
mod stamps;
mod structures;
mod tagged;
mod update;
mod written;

pub use flip::{OutsideFile, flip_octet};
pub use honest::{signed_document, signed_form};
pub use maker::{Attack, AttackKind};
pub use manifest::manifest;
pub use update::{RawFile, RawUpdate, Row, stream};

use crate::pki::TestPki;
use maker::Maker;

/// Every attack and control, from keys of `pki`; what is signed under a foreign root, from those
/// of `foreign`. The same keys give the same octets.
///
/// # Panics
/// A file cannot be made.
#[must_use]
pub fn all(pki: &TestPki, foreign: &TestPki) -> Vec<Attack> {
    let mut maker = Maker {
        pki,
        foreign,
        list: Vec::new(),
    };
    appended::make(&mut maker);
    contents::make(&mut maker);
    dictionaries::make(&mut maker);
    structures::make(&mut maker);
    frames::make(&mut maker);
    embedded::make(&mut maker);
    references::make(&mut maker);
    extents::make(&mut maker);
    written::make(&mut maker);
    catalog::make(&mut maker);
    annotations::make(&mut maker);
    covered::make(&mut maker);
    looks::make(&mut maker);
    certification::make(&mut maker);
    forms::make(&mut maker);
    new_fields::make(&mut maker);
    fillings::make(&mut maker);
    locks::make(&mut maker);
    school::make(&mut maker);
    stamps::make(&mut maker);
    outside::make(&mut maker);
    comments::make(&mut maker);
    declared::make(&mut maker);
    sneaky::make(&mut maker);
    spaces::make(&mut maker);
    rebuilt::make(&mut maker);
    remarks::make(&mut maker);
    tagged::make(&mut maker);
    scale::make(&mut maker);
    maker.list
}
