//! What a person is at a school when signing, and by what authority.
//! Does not know who holds a role, or which records it may sign.

use std::fmt;

/// A role in a school's records (TT 27/2020, TT 22/2021; NĐ 30/2020, art. 32 for the clerk).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// Giáo viên bộ môn: marks and comments of the own subject.
    SubjectTeacher,
    /// Giáo viên chủ nhiệm: the class.
    HomeroomTeacher,
    /// Tổ trưởng chuyên môn: plans of the group's members.
    GroupHead,
    /// Phó hiệu trưởng: signs for the principal as [`Capacity::ForSuperior`].
    VicePrincipal,
    /// Hiệu trưởng: the body's competent person.
    Principal,
    /// Văn thư: puts the body's seal, with the body's key (TT 41/2017, art. 6.2b).
    Clerk,
}

/// By what authority somebody signs (NĐ 30/2020, art. 13 and app. I): what stands before the role
/// in the signature block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Capacity {
    /// In one's own name and role; nothing stands before the role.
    #[default]
    Own,
    /// TM., thay mặt: on behalf of a body that decides together.
    OnBehalfOfBody,
    /// Q., quyền: acting head.
    Acting,
    /// KT., ký thay: for the head, by a deputy.
    ForSuperior,
    /// TL., thừa lệnh: by order of the head.
    ByOrder,
    /// TUQ., thừa ủy quyền: by written authorisation of the head.
    ByAuthorisation,
}

impl Role {
    /// Every role, in the order of a record's signature chain.
    pub const ALL: [Self; 6] = [
        Self::SubjectTeacher,
        Self::HomeroomTeacher,
        Self::GroupHead,
        Self::VicePrincipal,
        Self::Principal,
        Self::Clerk,
    ];

    /// The name in stores, files and on command lines. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SubjectTeacher => "giao-vien-bo-mon",
            Self::HomeroomTeacher => "giao-vien-chu-nhiem",
            Self::GroupHead => "to-truong",
            Self::VicePrincipal => "pho-hieu-truong",
            Self::Principal => "hieu-truong",
            Self::Clerk => "van-thu",
        }
    }

    /// The role that a [`Role::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The role in Vietnamese, as people write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::SubjectTeacher => "Giáo viên bộ môn",
            Self::HomeroomTeacher => "Giáo viên chủ nhiệm",
            Self::GroupHead => "Tổ trưởng",
            Self::VicePrincipal => "Phó hiệu trưởng",
            Self::Principal => "Hiệu trưởng",
            Self::Clerk => "Văn thư",
        }
    }
}

impl Capacity {
    /// Every capacity.
    pub const ALL: [Self; 6] = [
        Self::Own,
        Self::OnBehalfOfBody,
        Self::Acting,
        Self::ForSuperior,
        Self::ByOrder,
        Self::ByAuthorisation,
    ];

    /// The name in stores, files and on command lines. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "chinh-danh",
            Self::OnBehalfOfBody => "tm",
            Self::Acting => "q",
            Self::ForSuperior => "kt",
            Self::ByOrder => "tl",
            Self::ByAuthorisation => "tuq",
        }
    }

    /// The capacity that a [`Capacity::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|capacity| capacity.code() == code)
    }

    /// What stands before the role in a signature block: `KT.`; empty for [`Capacity::Own`].
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::OnBehalfOfBody => "TM.",
            Self::Acting => "Q.",
            Self::ForSuperior => "KT.",
            Self::ByOrder => "TL.",
            Self::ByAuthorisation => "TUQ.",
        }
    }
}

/// A role as it is exercised: what a signature claims, and what its field and mark say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Signatory {
    /// The role.
    pub role: Role,
    /// By what authority.
    pub capacity: Capacity,
}

impl Signatory {
    /// Somebody in this role, by this authority.
    #[must_use]
    pub const fn new(role: Role, capacity: Capacity) -> Self {
        Self { role, capacity }
    }

    /// Somebody in the own name and role.
    #[must_use]
    pub const fn own(role: Role) -> Self {
        Self::new(role, Capacity::Own)
    }

    /// The name in files and on command lines: `hieu-truong`, `kt-pho-hieu-truong`. Never changes.
    #[must_use]
    pub fn code(self) -> String {
        if self.capacity == Capacity::Own {
            self.role.code().to_owned()
        } else {
            format!("{}-{}", self.capacity.code(), self.role.code())
        }
    }

    /// The signatory that a [`Signatory::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|one| one.code() == code)
    }

    /// Every role in every capacity.
    pub fn all() -> impl Iterator<Item = Self> {
        Role::ALL.into_iter().flat_map(|role| {
            Capacity::ALL
                .into_iter()
                .map(move |capacity| Self::new(role, capacity))
        })
    }
}

/// As a signature block has it on one line (NĐ 30/2020, app. I, II.7): `KT. Hiệu trưởng, Phó hiệu
/// trưởng`. The text that a signature claims as its role.
impl fmt::Display for Signatory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, title) = (self.capacity.prefix(), self.role.title());
        match self.capacity {
            Capacity::Own => formatter.write_str(title),
            Capacity::Acting => write!(formatter, "{prefix} {title}"),
            Capacity::OnBehalfOfBody => write!(formatter, "{prefix} Nhà trường, {title}"),
            Capacity::ByAuthorisation | Capacity::ByOrder | Capacity::ForSuperior => {
                write!(formatter, "{prefix} {}, {title}", Role::Principal.title())
            }
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_names_one_role_or_capacity_and_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(role));
        }
        for capacity in Capacity::ALL {
            assert_eq!(Capacity::from_code(capacity.code()), Some(capacity));
        }
        let codes: BTreeSet<_> = Role::ALL.iter().map(|role| role.code()).collect();
        assert_eq!(codes.len(), Role::ALL.len());
        assert_eq!(Role::from_code("hieu truong"), None);
        assert_eq!(Capacity::from_code(""), None);
    }

    #[test]
    fn a_signatory_is_told_from_every_other_by_code_and_by_words() {
        let codes: BTreeSet<_> = Signatory::all().map(Signatory::code).collect();
        let words: BTreeSet<_> = Signatory::all().map(|one| one.to_string()).collect();
        let all = Role::ALL.len() * Capacity::ALL.len();
        assert_eq!((codes.len(), words.len()), (all, all));
        let deputy = Signatory::from_code("kt-pho-hieu-truong").unwrap();
        assert_eq!(deputy.capacity, Capacity::ForSuperior);
        assert_eq!(deputy.to_string(), "KT. Hiệu trưởng, Phó hiệu trưởng");
        let own = Signatory::own(Role::Principal);
        assert_eq!(Signatory::from_code(&own.code()), Some(own));
    }

    #[test]
    fn only_an_own_signature_has_nothing_before_the_role() {
        for capacity in Capacity::ALL {
            assert_eq!(capacity.prefix().is_empty(), capacity == Capacity::Own);
        }
    }
}
