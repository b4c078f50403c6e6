//! A school of the test PKI and its store.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;
use trien_testkit::pki::{PkiSettings, Role as Holder, TestPki};
use trien_testkit::services::{CrlPlan, TimeStampPlan, make_crl, make_time_stamp};
use trien_types::{Capacity, Digest, DigestAlgorithm, Role, UnixTime};
use triend::store::{
    Actor, ContentHash, EvidenceItem, NewSigner, ShortText, SignerId, Store, Term,
};

/// 2026-09-05T08:00:00+07:00, the first school day.
pub(crate) const START: UnixTime = UnixTime::from_seconds(1_788_570_000);

pub(crate) const ADMINISTRATOR: Actor = Actor::Administrator;

/// A folder of the build that other runs find again.
fn kept_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

pub(crate) fn pki() -> &'static TestPki {
    static PKI: OnceLock<TestPki> = OnceLock::new();
    PKI.get_or_init(|| {
        TestPki::open_or_make(&kept_folder("triend-keys"), PkiSettings::default()).unwrap()
    })
}

pub(crate) fn certificate(holder: Holder) -> Vec<u8> {
    pki().identity(holder).unwrap().certificate_der().unwrap()
}

pub(crate) fn text(text: &str) -> ShortText {
    ShortText::new(text).unwrap()
}

pub(crate) fn days(days: i64) -> UnixTime {
    START.plus_seconds(days * 86_400)
}

pub(crate) fn from_start() -> Term {
    Term::new(START, None).unwrap()
}

pub(crate) fn principal() -> NewSigner {
    NewSigner::new(
        text("Nguyễn Thị Hòa"),
        text("Trường THCS Thái Học"),
        Role::Principal,
        certificate(Holder::Principal),
        from_start(),
    )
}

pub(crate) fn clerk() -> NewSigner {
    NewSigner::new(
        text("Trần Văn Thư"),
        text("Trường THCS Thái Học"),
        Role::Clerk,
        certificate(Holder::SchoolSeal),
        from_start(),
    )
}

/// A store in a folder that goes away with the value.
pub(crate) struct School {
    pub(crate) folder: TempDir,
    pub(crate) store: Store,
}

impl School {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let store = Store::create(&folder.path().join("data"), START).unwrap();
        Self { folder, store }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One with a principal and a clerk in the register.
    pub(crate) fn staffed() -> (Self, SignerId, SignerId) {
        let mut school = Self::new();
        let principal = school
            .store
            .add_signer(&principal(), ADMINISTRATOR, START)
            .unwrap();
        let clerk = school
            .store
            .add_signer(&clerk(), ADMINISTRATOR, START)
            .unwrap();
        (school, principal, clerk)
    }
}

/// A list of the government's authority, which issues principals and seals.
pub(crate) fn crl() -> Vec<u8> {
    let authority = pki().identity(Holder::GovernmentAuthority).unwrap();
    make_crl(authority, &CrlPlan::new(START)).unwrap()
}

/// A time stamp over `octets`.
pub(crate) fn time_stamp(octets: &[u8]) -> Vec<u8> {
    let imprint = ContentHash::of(octets).as_octets().to_vec();
    let imprint = Digest::new(DigestAlgorithm::Sha256, imprint).unwrap();
    let authority = pki().identity(Holder::TimeStampAuthority).unwrap();
    let plan = TimeStampPlan::new(imprint, START)
        .with_path_of(authority)
        .unwrap();
    make_time_stamp(authority, &plan).unwrap()
}

pub(crate) fn practice_statement() -> EvidenceItem {
    EvidenceItem::PracticeStatement {
        url: text("https://ca.gov.vn/cps.pdf"),
        sha256: ContentHash::of(b"quy che chung thuc"),
    }
}

pub(crate) fn responsibility(holder: Holder, role: Role) -> EvidenceItem {
    EvidenceItem::Responsibility {
        certificate: ContentHash::of(&certificate(holder)).into(),
        role,
        capacity: Capacity::Own,
        assignment: Some(text("Quyết định 7/QĐ-THCS")),
    }
}

/// All that art. 9.1a asks for with a record that the principal signed.
pub(crate) fn complete_evidence(document: &[u8]) -> Vec<EvidenceItem> {
    vec![
        EvidenceItem::SignerCertificate(certificate(Holder::Principal)),
        EvidenceItem::Crl(crl()),
        practice_statement(),
        responsibility(Holder::Principal, Role::Principal),
        EvidenceItem::TimeStampAtSigning(time_stamp(document)),
    ]
}

/// The database as somebody would open it who goes around the program.
pub(crate) fn behind_the_program(database: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(database).unwrap();
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    let guards: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(statement);
    connection
        .pragma_update(None, "foreign_keys", "off")
        .unwrap();
    for guard in guards {
        connection
            .execute_batch(&format!("DROP TRIGGER {guard}"))
            .unwrap();
    }
    connection
}
