//! Who of a list a certificate is of. The list's number of a person, or of a certificate, decides;
//! a name does where there is neither, and decides nothing where the list has it twice.

use std::collections::BTreeSet;

use super::StaffMember;
use super::number::Cell;
use crate::archive::SignerRecord;
use crate::archive::mapping::folded;
use crate::archive::subject::{numbers_of, plain};

/// A school's people, to be looked up. They are called by their places in the list.
#[derive(Debug)]
pub(in crate::archive) struct Roll {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    serial: Option<String>,
    number: Option<String>,
    letters: String,
    name: String,
}

/// What a certificate says of its holder.
#[derive(Debug)]
struct Holder {
    serial: String,
    numbers: BTreeSet<String>,
    letters: String,
    name: String,
}

/// Whom certificates are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::archive) enum Whose {
    /// Nobody of the list.
    Nobody,
    /// This person, called so once or more.
    Known(Vec<usize>),
    /// One of these, who have one name; which of them, nothing tells.
    Namesakes(Vec<usize>),
}

impl Entry {
    fn of(member: &StaffMember) -> Self {
        let serial = member.serial.as_deref().map(significant);
        Self {
            serial: serial.filter(|serial| !serial.is_empty()),
            number: member
                .identity
                .as_deref()
                .and_then(|text| Cell::of(text).number()),
            letters: folded(&member.name),
            name: plain(&member.name),
        }
    }

    /// Whether a number says that it is this person.
    fn is_surely(&self, holder: &Holder) -> bool {
        let has_serial = self.serial.as_ref() == Some(&holder.serial);
        let number = self.number.as_ref();
        has_serial || number.is_some_and(|number| holder.numbers.contains(number))
    }

    /// Whether the name may be this person's: the list has no number, or the certificate has none
    /// to hold against it.
    fn may_be(&self, holder: &Holder) -> bool {
        let differs = self.number.is_some() && !holder.numbers.is_empty();
        !differs && !self.letters.is_empty() && self.letters == holder.letters
    }

    fn has_name_alone(&self) -> bool {
        self.serial.is_none() && self.number.is_none()
    }
}

impl Holder {
    fn of(signer: &SignerRecord) -> Self {
        let name = signer.common_name.as_deref().unwrap_or_default();
        Self {
            serial: significant(&signer.serial),
            numbers: numbers_of(&signer.subject)
                .map(|number| folded(&number))
                .collect(),
            letters: folded(name),
            name: plain(name),
        }
    }
}

impl Roll {
    pub(in crate::archive) fn of<'m>(members: impl IntoIterator<Item = &'m StaffMember>) -> Self {
        Self {
            entries: members.into_iter().map(Entry::of).collect(),
        }
    }

    /// Whom the certificates of one person are of.
    pub(in crate::archive) fn whose(&self, signers: &[SignerRecord]) -> Whose {
        let holders: Vec<Holder> = signers.iter().map(Holder::of).collect();
        let places = |is: &dyn Fn(&Entry, &Holder) -> bool| -> Vec<usize> {
            let entries = self.entries.iter().enumerate();
            let found = entries.filter(|(_, entry)| holders.iter().any(|holder| is(entry, holder)));
            found.map(|(at, _)| at).collect()
        };
        let sure = places(&Entry::is_surely);
        if !sure.is_empty() {
            return Whose::Known(sure);
        }
        let has_name_alone = |at: &usize| self.entries.get(*at).is_some_and(Entry::has_name_alone);
        let like = places(&Entry::may_be);
        if !like.iter().any(has_name_alone) {
            return Whose::Nobody;
        }
        // Lists are written without accents too; where they are written, they tell people apart.
        let same = places(&|entry, holder| entry.may_be(holder) && entry.name == holder.name);
        match (same.as_slice(), like.as_slice()) {
            ([one], _) | ([], [one]) if has_name_alone(one) => Whose::Known(vec![*one]),
            ([], _) | ([_], _) => Whose::Namesakes(like),
            _ => Whose::Namesakes(same),
        }
    }
}

/// A serial number without what parts its octets, without leading zeros, and without the `0x` that
/// spreadsheets of this program write, for Excel not to take it for a number.
fn significant(serial: &str) -> String {
    let letters = folded(serial);
    let digits = letters.strip_prefix("0x").unwrap_or(&letters);
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fe7b_11_a_serial_number_is_one_however_it_is_written() {
        for written in ["0x1A2B", "1a2b", "1A:2B", "00 1A 2B", "0X001A2B"] {
            assert_eq!(significant(written), "1a2b", "{written}");
        }
    }
}
