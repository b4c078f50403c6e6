//! The words in which certificates of the test PKI are planned: roles, subjects, kinds of keys.
//! Makes no key and no certificate.

use trien_types::UnixTime;

use super::table::{Row, TABLE};

/// Who a certificate of the test PKI belongs to. The names follow FIELD.md 3 and 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Role {
    /// Root under which the public authorities stand.
    NationalRoot,
    /// Root of the government's own authority (VGCA).
    GovernmentRoot,
    /// A public issuing authority under the national root.
    PublicAuthority,
    /// The government's issuing authority under its root.
    GovernmentAuthority,
    /// Giáo viên bộ môn: a person, by the public authority.
    SubjectTeacher,
    /// Giáo viên chủ nhiệm: a person, by the public authority.
    HomeroomTeacher,
    /// Tổ trưởng: a person in an organisation (two UIDs), by the public authority.
    HeadOfGroup,
    /// Hiệu trưởng: a person, by the government authority.
    Principal,
    /// The school's seal: an organisation, by the government authority.
    SchoolSeal,
    /// Time-stamping authority right under the government root.
    TimeStampAuthority,
    /// Time-stamping authority of the public authority.
    PublicTimeStampAuthority,
    /// OCSP responder of the public authority.
    PublicOcspResponder,
    /// OCSP responder of the government authority.
    GovernmentOcspResponder,
}

/// An attribute of a subject name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubjectAttribute {
    /// commonName, 2.5.4.3
    CommonName,
    /// countryName, 2.5.4.6
    Country,
    /// localityName, 2.5.4.7
    Locality,
    /// organizationName, 2.5.4.10
    Organization,
    /// organizationIdentifier, 2.5.4.97
    OrganizationIdentifier,
    /// organizationalUnitName, 2.5.4.11
    OrganizationalUnit,
    /// serialNumber, 2.5.4.5
    SerialNumber,
    /// stateOrProvinceName, 2.5.4.8
    State,
    /// title, 2.5.4.12
    Title,
    /// userId, 0.9.2342.19200300.100.1.1: may occur more than once
    UserId,
}

impl SubjectAttribute {
    /// The attribute's object identifier in dotted form.
    #[must_use]
    pub const fn oid(self) -> &'static str {
        match self {
            Self::CommonName => "2.5.4.3",
            Self::Country => "2.5.4.6",
            Self::Locality => "2.5.4.7",
            Self::Organization => "2.5.4.10",
            Self::OrganizationIdentifier => "2.5.4.97",
            Self::OrganizationalUnit => "2.5.4.11",
            Self::SerialNumber => "2.5.4.5",
            Self::State => "2.5.4.8",
            Self::Title => "2.5.4.12",
            Self::UserId => "0.9.2342.19200300.100.1.1",
        }
    }
}

/// The kind of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// ECDSA over NIST P-256.
    P256,
    /// ECDSA over NIST P-384.
    P384,
    /// ECDSA over NIST P-521.
    P521,
    /// RSA of 2,048 bits: what tokens in schools hold.
    Rsa2048,
    /// RSA of 3,072 bits.
    Rsa3072,
    /// RSA of 4,096 bits.
    Rsa4096,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Ed25519,
        Self::Ed448,
        Self::P256,
        Self::P384,
        Self::P521,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
    ];

    /// A short name for files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Ed448 => "ed448",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
        }
    }
}

/// What a certificate is for: decides its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificatePurpose {
    /// OCSP responder without no-check: its own status must be asked for (RFC 6960, 4.2.2.2.1).
    CheckedOcspResponder,
    /// Signs revocation lists for others and nothing else: keyUsage cRLSign, no authority.
    CrlIssuer,
    /// An authority below a root: basicConstraints CA with path length 0.
    IssuingAuthority,
    /// An authority that stamps time and signs mail with one key, which RFC 3161, 2.3 forbids.
    MixedTimeStamping,
    /// OCSP responder: EKU `OCSPSigning` and no-check (RFC 6960, 4.2.2.2).
    OcspResponder,
    /// A root: basicConstraints CA, no revocation pointers.
    Root,
    /// A person or a seal: keyUsage digitalSignature and nonRepudiation, critical.
    Signer,
    /// A time-stamping authority: critical sole EKU `timeStamping` (RFC 3161, 2.3).
    TimeStamping,
}

/// From when until when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Validity {
    /// First moment.
    pub not_before: UnixTime,
    /// Last moment.
    pub not_after: UnixTime,
}

impl Validity {
    /// Both moments.
    #[must_use]
    pub const fn new(not_before: UnixTime, not_after: UnixTime) -> Self {
        Self {
            not_before,
            not_after,
        }
    }
}

impl Role {
    /// Every role, each after its issuer.
    #[must_use]
    pub fn all() -> [Self; 13] {
        TABLE.map(|row| row.role)
    }

    /// The roles that sign records: people and the seal.
    pub const SIGNERS: [Self; 5] = [
        Self::SubjectTeacher,
        Self::HomeroomTeacher,
        Self::HeadOfGroup,
        Self::Principal,
        Self::SchoolSeal,
    ];

    /// The roots that a verifier of test documents trusts.
    pub const ANCHORS: [Self; 2] = [Self::NationalRoot, Self::GovernmentRoot];

    pub(super) fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.role == self)
    }

    /// An ASCII name: the token's label and the stem of file names.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().map_or("", |row| row.label)
    }

    /// Who issues the certificate; a root issues its own.
    #[must_use]
    pub fn issuer(self) -> Self {
        self.row().map_or(self, |row| row.issuer)
    }
}

/// Where the services about a certificate are, as the certificate itself carries them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pointers {
    /// Revocation lists (RFC 5280, 4.2.1.13): one distribution point that names them all.
    pub crls: Vec<String>,
    /// DER of the name of the indirect list's issuer (`cRLIssuer` of that distribution point).
    pub crl_issuer: Option<Vec<u8>>,
    /// Delta lists (RFC 5280, 4.2.1.15, freshest CRL).
    pub delta_crls: Vec<String>,
    /// OCSP responders (RFC 5280, 4.2.2.1). Left out of responders' own certificates.
    pub ocsp: Vec<String>,
    /// The issuer's certificate (RFC 5280, 4.2.2.1).
    pub issuer_certificates: Vec<String>,
}

/// What one certificate shall be: start from [`CertificatePlan::of`] or
/// [`CertificatePlan::signer`] and change what a test needs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CertificatePlan {
    /// Who issues it.
    pub issuer: Role,
    /// Kind of its key.
    pub key: KeyKind,
    /// What it is for.
    pub purpose: CertificatePurpose,
    /// Subject name, in this order, one attribute per RDN.
    pub subject: Vec<(SubjectAttribute, String)>,
    /// When it is valid; `None` takes the settings' validity for its purpose.
    pub validity: Option<Validity>,
    /// Where services about it are; `None` takes what the settings say of its issuer.
    pub pointers: Option<Pointers>,
}

impl CertificatePlan {
    /// The plan of a role in the table.
    #[must_use]
    pub fn of(role: Role) -> Self {
        let (issuer, key, purpose, subject) = role.row().map_or(
            (role, KeyKind::Rsa2048, CertificatePurpose::Signer, &[][..]),
            |row| (row.issuer, row.key, row.purpose, row.subject),
        );
        Self {
            issuer,
            key,
            purpose,
            subject: subject
                .iter()
                .map(|(attribute, value)| (*attribute, (*value).to_owned()))
                .collect(),
            validity: None,
            pointers: None,
        }
    }

    /// A signer by `issuer` whose subject is `subject`.
    #[must_use]
    pub fn signer(issuer: Role, subject: &[(SubjectAttribute, &str)]) -> Self {
        Self {
            issuer,
            key: KeyKind::Rsa2048,
            purpose: CertificatePurpose::Signer,
            subject: subject
                .iter()
                .map(|(attribute, value)| (*attribute, (*value).to_owned()))
                .collect(),
            validity: None,
            pointers: None,
        }
    }

    /// The same with another kind of key.
    #[must_use]
    pub const fn with_key(mut self, key: KeyKind) -> Self {
        self.key = key;
        self
    }

    /// The same with a validity of its own.
    #[must_use]
    pub const fn with_validity(mut self, validity: Validity) -> Self {
        self.validity = Some(validity);
        self
    }

    /// The same with pointers of its own.
    #[must_use]
    pub fn with_pointers(mut self, pointers: Pointers) -> Self {
        self.pointers = Some(pointers);
        self
    }
}
