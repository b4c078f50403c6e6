//! A school's list of its people, as spreadsheets and the software of schools save it.
//!
//! Knows the list alone; who signed anything is counted elsewhere.

mod error;
mod heads;
mod list;
mod notes;
mod number;
mod roll;

pub use error::StaffError;
pub use notes::StaffNotes;

pub(super) use list::read;
pub(in crate::archive) use roll::{Roll, Whose};

use crate::archive::SignerRecord;

/// Somebody of a school's list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaffMember {
    /// The name.
    pub name: String,
    /// The number that a certificate's subject carries (CCCD), as the list has it: zeros that a
    /// spreadsheet took from its beginning, a label and blanks make no difference.
    pub identity: Option<String>,
    /// Serial number of the certificate in hexadecimal, where one was issued.
    pub serial: Option<String>,
    /// The school.
    pub school: Option<String>,
}

impl StaffMember {
    /// Whether a certificate is this person's: by its serial number, by the number of the person,
    /// or by the name where the list has neither. Whether the list has a namesake is not asked.
    #[must_use]
    pub fn is(&self, signer: &SignerRecord) -> bool {
        let found = Roll::of(std::iter::once(self)).whose(std::slice::from_ref(signer));
        matches!(found, Whose::Known(_))
    }
}
