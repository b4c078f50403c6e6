//! The names of the fields of a step: patterns, and what they stand for.

use std::collections::BTreeMap;

use trien_types::Signatory;

/// How the fields of a step are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fields {
    /// By a pattern: `{role}` stands for the signer's role, `{n}` for a number from 1.
    Pattern(String),
    /// One by one.
    Named(Vec<String>),
}

pub(super) const ROLE: &str = "{role}";
pub(super) const NUMBER: &str = "{n}";

/// A role as field names have it: `kt-pho-hieu-truong` is `KtPhoHieuTruong`.
pub(super) fn role_word(signatory: Signatory) -> String {
    let code = signatory.code();
    code.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

impl Fields {
    /// The field of the `number`-th signature by a signatory; `None` where there is no such one.
    pub(super) fn name(&self, signatory: Signatory, number: usize) -> Option<String> {
        match self {
            Self::Pattern(pattern) => Some(
                pattern
                    .replace(ROLE, &role_word(signatory))
                    .replace(NUMBER, &number.to_string()),
            ),
            Self::Named(names) => names.get(number.checked_sub(1)?).cloned(),
        }
    }

    /// Every field of a step with who may sign in it.
    pub(super) fn slots(
        &self,
        signatories: &[Signatory],
        at_most: usize,
    ) -> BTreeMap<String, Vec<Signatory>> {
        let mut slots: BTreeMap<String, Vec<Signatory>> = BTreeMap::new();
        for number in 1..=at_most {
            for signatory in signatories {
                if let Some(name) = self.name(*signatory, number) {
                    let who = slots.entry(name).or_default();
                    if !who.contains(signatory) {
                        who.push(*signatory);
                    }
                }
            }
        }
        slots
    }
}

/// Whether a name can be that of a field everywhere: no dot, which makes a field's child
/// (ISO 32000-2, 12.7.4.2), and nothing but ASCII, which every program writes alike.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trien_types::{Capacity, Role};

    #[test]
    fn a_field_carries_the_role_and_the_number() {
        let deputy = Signatory::new(Role::VicePrincipal, Capacity::ForSuperior);
        let pattern = Fields::Pattern("{role}-{n}".into());
        assert_eq!(pattern.name(deputy, 3).unwrap(), "KtPhoHieuTruong-3");
        let teacher = Signatory::own(Role::SubjectTeacher);
        let slots = pattern.slots(&[teacher, deputy], 2);
        assert_eq!(slots.len(), 4);
        assert_eq!(slots["GiaoVienBoMon-2"], [teacher]);
        let named = Fields::Named(vec!["Toan".into(), "NguVan".into()]);
        assert_eq!(named.slots(&[teacher], 2).len(), 2);
        assert_eq!(named.name(teacher, 3), None);
    }
}
