//! Collects attacks and their controls, and the signed files most of them start from.
//! Knows nothing of verdicts beyond the words it is told.

use super::base::{Signed, Signing, document_with};
use super::update::RawFile;
use crate::pki::{Role, TestPki};

/// Whether a file was manipulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttackKind {
    /// It was: no verifier may call it valid.
    Attack,
    /// It was not, or harmlessly so: no verifier may refuse it.
    Control,
}

impl AttackKind {
    /// A word for manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Control => "control",
        }
    }
}

/// One manipulated file, or the honest one beside it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attack {
    /// Row of the catalogue of attacks, such as `X3`.
    pub row: &'static str,
    /// The row and a name of its own, in ASCII: the stem of the file's name.
    pub id: String,
    /// Whether it is an attack.
    pub kind: AttackKind,
    /// What was done, in a sentence.
    pub what: &'static str,
    /// The file.
    pub file: Vec<u8>,
    /// What is to be said of each signature, in the order of signing: its field, integrity,
    /// coverage and changes.
    pub signatures: Vec<String>,
    /// What is to be said of the document.
    pub document: &'static str,
    /// What is to be said of all time stamps, in their order.
    pub timestamps: &'static [&'static str],
    /// The sub-indication that an attack is to be told by, where it changes neither a signature
    /// nor what is shown.
    pub because: Option<&'static str>,
}

impl Attack {
    /// The manipulation is not in what was signed but in who signed or when: the sub-indication
    /// tells it.
    pub(super) fn told_by(&mut self, because: &'static str) -> &mut Self {
        self.document = "indeterminate";
        self.because = Some(because);
        self
    }

    /// The same for time stamps.
    pub(super) fn stamps(&mut self, timestamps: &'static [&'static str]) -> &mut Self {
        self.timestamps = timestamps;
        self
    }
}

/// One signature with something forbidden behind it.
pub(super) const MODIFIED: &[&str] = &["HieuTruong intact revision forbidden"];
/// One signature with something permitted behind it.
pub(super) const PERMITTED: &[&str] = &["HieuTruong intact revision permitted"];
/// One signature with an update behind it that changes nothing.
pub(super) const UNCHANGED: &[&str] = &["HieuTruong intact revision none"];
/// One signature over the whole file.
pub(super) const WHOLE: &[&str] = &["HieuTruong intact whole-file none"];
/// One signature whose dictionary or structure is no signature.
pub(super) const REJECTED: &[&str] = &["HieuTruong broken broken none"];
/// One signature whose structure is refused over the whole file.
pub(super) const BROKEN: &[&str] = &["HieuTruong broken whole-file none"];
/// One signature found without cross-references, which are damaged: its field is not known.
pub(super) const UNREADABLE: &[&str] = &["33 0 intact broken forbidden"];
/// Two signatures, nothing forbidden.
pub(super) const BOTH: &[&str] = &[
    "HieuTruong intact revision permitted",
    "ConDau intact whole-file none",
];
/// Two signatures with something forbidden behind both.
pub(super) const BOTH_MODIFIED: &[&str] = &[
    "HieuTruong intact revision forbidden",
    "ConDau intact revision forbidden",
];
/// Signed again in a new field, nothing forbidden.
pub(super) const SIGNED_AGAIN: &[&str] = &[
    "HieuTruong intact revision permitted",
    "Moi intact whole-file none",
];
/// Signed again in a new field, with something forbidden behind the first signature.
pub(super) const SIGNED_AGAIN_MODIFIED: &[&str] = &[
    "HieuTruong intact revision forbidden",
    "Moi intact whole-file none",
];

/// Collects what the classes make.
pub(super) struct Maker<'p> {
    pub(super) pki: &'p TestPki,
    /// Other keys under the same names.
    pub(super) foreign: &'p TestPki,
    pub(super) list: Vec<Attack>,
}

impl<'p> Maker<'p> {
    /// A manipulated file.
    pub(super) fn attack(
        &mut self,
        (row, name): (&'static str, &str),
        what: &'static str,
        file: impl Into<Vec<u8>>,
        signatures: &[&str],
    ) -> &mut Attack {
        let pushed = self.push((row, name), what, file.into(), signatures);
        pushed.document = "invalid";
        pushed
    }

    /// An honest file.
    pub(super) fn control(
        &mut self,
        (row, name): (&'static str, &str),
        what: &'static str,
        file: impl Into<Vec<u8>>,
        signatures: &[&str],
    ) -> &mut Attack {
        let pushed = self.push((row, name), what, file.into(), signatures);
        pushed.kind = AttackKind::Control;
        pushed
    }

    fn push(
        &mut self,
        (row, name): (&'static str, &str),
        what: &'static str,
        file: Vec<u8>,
        signatures: &[&str],
    ) -> &mut Attack {
        self.list.push(Attack {
            row,
            id: format!("{}-{name}", row.to_ascii_lowercase()),
            kind: AttackKind::Attack,
            what,
            file,
            signatures: signatures.iter().map(|line| (*line).to_owned()).collect(),
            // Whether a certificate was revoked is not known offline, so nothing is valid.
            document: "indeterminate",
            timestamps: &[],
            because: None,
        });
        self.list.last_mut().unwrap()
    }

    pub(super) fn signing(&self, role: Role) -> Signing<'p> {
        Signing::new(self.pki, role)
    }

    /// Signed by the principal, who certifies nothing.
    pub(super) fn approved(&self) -> Signed {
        self.approved_with(&[])
    }

    /// The same over a document with some objects other than usual.
    pub(super) fn approved_with(&self, changed: &[(u32, &str)]) -> Signed {
        self.signing(Role::Principal).sign(&document_with(changed))
    }

    /// Signed by the principal, then by the seal.
    pub(super) fn approved_twice(&self) -> Signed {
        let first = self.approved();
        self.signing(Role::SchoolSeal).sign(&first.file)
    }

    /// Certified by the principal.
    pub(super) fn certified(&self, permission: u8) -> Signed {
        let document = document_with(&[]);
        self.signing(Role::Principal)
            .certifying(&document, permission)
            .sign(&document)
    }

    /// Signed by the seal, in its own field.
    pub(super) fn sealed(&self, file: &RawFile) -> Signed {
        self.signing(Role::SchoolSeal).sign(file)
    }
}

impl From<RawFile> for Vec<u8> {
    fn from(file: RawFile) -> Self {
        file.octets
    }
}

impl From<Signed> for Vec<u8> {
    fn from(signed: Signed) -> Self {
        signed.file.octets
    }
}
