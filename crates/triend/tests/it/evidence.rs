//! Evidence comes with records, is told to be complete or not, and goes with them.

use std::fs;
use std::path::PathBuf;

use trien::x509::CertStatus;
use trien_testkit::pki::Role as Holder;
use trien_testkit::services::{OcspCertId, OcspPlan, OcspStatusPlan, make_ocsp};
use trien_types::{CertificateId, Role};
use triend::store::{
    AuditEntry, ContentHash, Destroyed, Direction, DocumentPlace, EvidenceItem, EvidenceKind,
    MissingEvidence, NewRecord, NewWithdrawal, Record, RecordId, RecordState, Store, StoreError,
    Subject, Traces,
};

use crate::school::{
    ADMINISTRATOR, START, School, certificate, complete_evidence, crl, days, pki,
    practice_statement, responsibility, text, time_stamp,
};

const DOCUMENT: &[u8] = b"%PDF-1.7 the signed record";

fn outgoing(document: &[u8]) -> NewRecord {
    let mut record = NewRecord::new(Direction::Outgoing, ContentHash::of(document));
    record.number = Some(text("15"));
    record.symbol = Some(text("15/CV-THCS"));
    record
}

fn kept(store: &mut Store, document: &[u8]) -> RecordId {
    store
        .add_record(
            &outgoing(document),
            &complete_evidence(document),
            ADMINISTRATOR,
            START,
        )
        .unwrap()
}

#[test]
fn what_was_kept_comes_back_octet_for_octet() {
    let mut school = School::new();
    let id = kept(&mut school.store, DOCUMENT);
    let evidence = school.store.evidence_of(id).unwrap();
    let kinds: Vec<EvidenceKind> = evidence.iter().map(|item| item.kind).collect();
    assert_eq!(
        kinds,
        [
            EvidenceKind::SignerCertificate,
            EvidenceKind::Crl,
            EvidenceKind::PracticeStatement,
            EvidenceKind::TimeStampAtSigning,
            EvidenceKind::Responsibility,
        ]
    );
    assert_eq!(evidence[0].octets, Some(certificate(Holder::Principal)));
    assert_eq!(evidence[1].octets, Some(crl()));
    assert_eq!(evidence[2].url, Some(text("https://ca.gov.vn/cps.pdf")));
    assert_eq!(evidence[3].octets, Some(time_stamp(DOCUMENT)));
    assert_eq!(evidence[4].role.as_deref(), Some("hieu-truong"));
    assert_eq!(evidence[4].sha256, evidence[0].sha256);
    let found = school.store.records_of(ContentHash::of(DOCUMENT)).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].symbol, Some(text("15/CV-THCS")));
    assert_eq!(found[0].state, RecordState::Kept);
    assert!(school.store.completeness(id).unwrap().is_complete());
    assert!(school.store.check_audit().unwrap().is_intact());
}

#[test]
fn each_missing_item_of_article_9_is_named() {
    let mut school = School::new();
    let store = &mut school.store;
    let principal: CertificateId = ContentHash::of(&certificate(Holder::Principal)).into();
    let cases = [
        (
            EvidenceKind::SignerCertificate,
            vec![MissingEvidence::SignerCertificate],
        ),
        (
            EvidenceKind::Crl,
            vec![MissingEvidence::RevocationInformation(principal)],
        ),
        (
            EvidenceKind::PracticeStatement,
            vec![MissingEvidence::PracticeStatement],
        ),
        (
            EvidenceKind::Responsibility,
            vec![MissingEvidence::Responsibility(principal)],
        ),
        (
            EvidenceKind::TimeStampAtSigning,
            vec![MissingEvidence::TimeStampAtSigning],
        ),
    ];
    for (number, (left_out, missing)) in cases.into_iter().enumerate() {
        let document = format!("record {number}");
        let mut items = complete_evidence(document.as_bytes());
        items.retain(|item| {
            // A responsibility is about a certificate: it goes too.
            let about = left_out == EvidenceKind::SignerCertificate
                && item.kind() == EvidenceKind::Responsibility;
            item.kind() != left_out && !about
        });
        let id = store
            .add_record(&outgoing(document.as_bytes()), &items, ADMINISTRATOR, START)
            .unwrap();
        assert_eq!(store.completeness(id).unwrap().missing, missing);
    }
    // An incoming record wants the time stamp at receipt, which comes later.
    let new = NewRecord::new(Direction::Incoming, ContentHash::of(DOCUMENT));
    let id = store
        .add_record(&new, &complete_evidence(DOCUMENT), ADMINISTRATOR, START)
        .unwrap();
    assert_eq!(
        store.completeness(id).unwrap().missing,
        [MissingEvidence::TimeStampAtReceipt]
    );
    let token = EvidenceItem::TimeStampAtReceipt(time_stamp(DOCUMENT));
    store
        .add_evidence(id, &[token], ADMINISTRATOR, days(1))
        .unwrap();
    assert!(store.completeness(id).unwrap().is_complete());
}

#[test]
fn a_status_speaks_for_a_signer_only_when_it_is_about_that_signer() {
    let mut school = School::new();
    let store = &mut school.store;
    // A teacher of another authority, with the government's list: of no use.
    let teacher = certificate(Holder::HomeroomTeacher);
    let teacher_id: CertificateId = ContentHash::of(&teacher).into();
    let items = [
        EvidenceItem::SignerCertificate(teacher),
        EvidenceItem::Crl(crl()),
        practice_statement(),
        responsibility(Holder::HomeroomTeacher, Role::HomeroomTeacher),
        EvidenceItem::TimeStampAtSigning(time_stamp(DOCUMENT)),
    ];
    let id = store
        .add_record(&outgoing(DOCUMENT), &items, ADMINISTRATOR, START)
        .unwrap();
    let missing = [MissingEvidence::RevocationInformation(teacher_id)];
    assert_eq!(store.completeness(id).unwrap().missing, missing);
    let authority = pki().identity(Holder::PublicAuthority).unwrap();
    let response = |holder| {
        let about = OcspCertId::new(
            pki().identity(holder).unwrap().certificate(),
            authority.certificate(),
            trien_types::DigestAlgorithm::Sha1,
        );
        let plan = OcspStatusPlan::new(about.unwrap(), CertStatus::Good, START);
        let plan = OcspPlan::new(authority, plan).unwrap();
        EvidenceItem::Ocsp(make_ocsp(authority, &plan).unwrap())
    };
    let other = response(Holder::SubjectTeacher);
    store
        .add_evidence(id, &[other], ADMINISTRATOR, START)
        .unwrap();
    assert_eq!(store.completeness(id).unwrap().missing, missing);
    let own = response(Holder::HomeroomTeacher);
    store
        .add_evidence(id, &[own], ADMINISTRATOR, START)
        .unwrap();
    assert!(store.completeness(id).unwrap().is_complete());
}

/// All that could have changed.
fn state(store: &Store) -> (AuditEntry, Vec<Record>, usize) {
    let records = store.records().unwrap();
    let items = records
        .iter()
        .map(|record| store.evidence_of(record.id).unwrap().len());
    let items = items.sum();
    (store.last_audit_entry().unwrap(), records, items)
}

#[test]
fn evidence_that_is_not_what_it_is_said_to_be_changes_nothing() {
    let mut school = School::new();
    let store = &mut school.store;
    let id = kept(store, DOCUMENT);
    let before = state(store);
    let der = certificate(Holder::Principal);
    let junk = vec![0x30, 0x82, 0xff, 0xff, 1];
    let wrong = [
        EvidenceItem::SignerCertificate(crl()),
        EvidenceItem::SignerCertificate(vec![]),
        EvidenceItem::Crl(der.clone()),
        EvidenceItem::Crl(junk.clone()),
        EvidenceItem::Ocsp(crl()),
        EvidenceItem::TimeStampAtReceipt(der.clone()),
        EvidenceItem::TimeStampAtSigning(junk),
    ];
    for item in wrong {
        // The wrong one comes last: what came before it must not stay.
        let items = [responsibility(Holder::Principal, Role::Principal), item];
        let new = outgoing(b"another");
        let refused = store.add_record(&new, &items, ADMINISTRATOR, START);
        let named = matches!(
            refused,
            Err(StoreError::CertificateUnreadable(_) | StoreError::EvidenceUnreadable(..))
        );
        assert!(named, "{refused:?}");
        assert!(
            store
                .add_evidence(id, &items, ADMINISTRATOR, START)
                .is_err()
        );
    }
    let again = store.add_record(&outgoing(DOCUMENT), &[], ADMINISTRATOR, START);
    assert!(matches!(
        again,
        Err(StoreError::AlreadyThere(Subject::Record))
    ));
    let twice = [EvidenceItem::SignerCertificate(der.clone())];
    let refused = store.add_evidence(id, &twice, ADMINISTRATOR, START);
    assert!(matches!(
        refused,
        Err(StoreError::AlreadyThere(Subject::EvidenceItem))
    ));
    let stranger = [
        EvidenceItem::TimeStampAtReceipt(time_stamp(b"x")),
        responsibility(Holder::SchoolSeal, Role::Clerk),
    ];
    let refused = store.add_evidence(id, &stranger, ADMINISTRATOR, START);
    assert!(matches!(refused, Err(StoreError::CertificateUnknown(_))));
    let many = vec![practice_statement(); 1_001];
    let refused = store.add_evidence(id, &many, ADMINISTRATOR, START);
    assert!(matches!(
        refused,
        Err(StoreError::TooMany { items: 1_001, .. })
    ));
    let nowhere = store.add_evidence(RecordId::from_number(77), &[], ADMINISTRATOR, START);
    assert!(matches!(
        nowhere,
        Err(StoreError::NotFound(Subject::Record, 77))
    ));
    assert_eq!(state(store), before);
    assert!(store.check_audit().unwrap().is_intact());
}

fn document_file(school: &School, octets: &[u8]) -> PathBuf {
    let path = school.folder.path().join("record.pdf");
    fs::write(&path, octets).unwrap();
    path
}

#[test]
fn destruction_takes_the_document_and_its_evidence_and_nothing_else() {
    let (mut school, ..) = School::staffed();
    let path = document_file(&school, DOCUMENT);
    let id = kept(&mut school.store, DOCUMENT);
    let other = kept(&mut school.store, b"another record");
    let before = school.store.evidence_of(other).unwrap();
    let token = time_stamp(DOCUMENT);
    assert!(database_holds(&school, &token));
    let decision = text("Biên bản hủy 3/BB-THCS");
    let destroyed = school
        .store
        .destroy(
            id,
            &decision,
            DocumentPlace::File(&path),
            ADMINISTRATOR,
            days(1),
        )
        .unwrap();
    assert!(!path.exists());
    // Certificate and list are the other record's too; the token was this one's alone.
    let Destroyed {
        items,
        octets_removed,
        traces,
        ..
    } = destroyed;
    assert_eq!((items, octets_removed, traces), (5, 1, Traces::Overwritten));
    assert!(!database_holds(&school, &token));
    let store = &mut school.store;
    assert_eq!(store.record(id).unwrap().state, RecordState::Destroyed);
    assert_eq!(store.evidence_of(id).unwrap(), []);
    assert_eq!(store.evidence_of(other).unwrap(), before);
    assert!(store.completeness(other).unwrap().is_complete());
    assert!(store.check_audit().unwrap().is_intact());
    // What is gone is gone.
    for result in [
        store.completeness(id).map(|_| ()),
        store.add_evidence(id, &[practice_statement()], ADMINISTRATOR, days(2)),
        store
            .destroy(
                id,
                &decision,
                DocumentPlace::DestroyedElsewhere,
                ADMINISTRATOR,
                days(2),
            )
            .map(|_| ()),
    ] {
        assert!(
            matches!(result, Err(StoreError::RecordDestroyed(gone)) if gone == id),
            "{result:?}"
        );
    }
    // A certificate that the register needs stays when the last record goes.
    let elsewhere = DocumentPlace::DestroyedElsewhere;
    let destroyed = store
        .destroy(other, &decision, elsewhere, ADMINISTRATOR, days(3))
        .unwrap();
    assert_eq!(destroyed.octets_removed, 2);
    assert_eq!(store.signers().unwrap().len(), 2);
    assert!(store.check_audit().unwrap().is_intact());
}

/// Whether the octets stand anywhere in the store's files, in a run of 64.
fn database_holds(school: &School, octets: &[u8]) -> bool {
    let run = &octets[octets.len() - 64..];
    ["triend.sqlite", "triend.sqlite-wal"].iter().any(|name| {
        let file = fs::read(school.data().join(name)).unwrap_or_default();
        file.windows(run.len()).any(|window| window == run)
    })
}

#[test]
fn only_the_records_own_document_is_destroyed() {
    let mut school = School::new();
    let id = kept(&mut school.store, DOCUMENT);
    let before = state(&school.store);
    let decision = text("Biên bản hủy 3/BB-THCS");
    let path = document_file(&school, b"another document");
    let mut destroy = |path: &std::path::Path| {
        school
            .store
            .destroy(
                id,
                &decision,
                DocumentPlace::File(path),
                ADMINISTRATOR,
                days(1),
            )
            .unwrap_err()
    };
    assert!(matches!(destroy(&path), StoreError::DocumentDiffers(_)));
    assert!(path.exists());
    let missing = path.with_extension("absent");
    assert!(matches!(destroy(&missing), StoreError::File(..)));
    assert!(matches!(
        destroy(path.parent().unwrap()),
        StoreError::DocumentLinked(_)
    ));
    fs::write(&path, DOCUMENT).unwrap();
    let link = path.with_extension("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(destroy(&link), StoreError::DocumentLinked(_)));
    let second = path.with_extension("second");
    fs::hard_link(&path, &second).unwrap();
    assert!(matches!(destroy(&path), StoreError::DocumentLinked(_)));
    assert!(path.exists() && second.exists());
    assert_eq!(state(&school.store), before);
}

#[test]
fn a_destruction_that_was_interrupted_goes_on_and_keeps_its_decision() {
    let mut school = School::new();
    let path = document_file(&school, DOCUMENT);
    let id = kept(&mut school.store, DOCUMENT);
    // In a folder that takes no changes the document cannot go; the destruction has begun.
    let locked = school.folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    let inside = locked.join("record.pdf");
    fs::rename(&path, &inside).unwrap();
    let decision = text("Biên bản hủy 3/BB-THCS");
    let file = DocumentPlace::File(&inside);
    let immutable = immutable(&locked);
    let result = school
        .store
        .destroy(id, &decision, file, ADMINISTRATOR, days(1));
    drop(immutable);
    if result.is_ok() {
        println!("SKIPPED: this user may remove files from every folder");
        return;
    }
    let store = &mut school.store;
    assert_eq!(
        store.record(id).unwrap().state,
        RecordState::DestructionBegun
    );
    assert_eq!(store.evidence_of(id).unwrap().len(), 5);
    // The document went another way meanwhile.
    fs::remove_file(&inside).unwrap();
    let later = text("Biên bản khác");
    store
        .destroy(id, &later, file, ADMINISTRATOR, days(2))
        .unwrap();
    assert_eq!(store.record(id).unwrap().state, RecordState::Destroyed);
    assert!(store.check_audit().unwrap().is_intact());
    let connection = rusqlite::Connection::open(store.path()).unwrap();
    let stands: String = connection
        .query_row("SELECT decision FROM destruction", [], |row| row.get(0))
        .unwrap();
    assert_eq!(stands, decision.as_str());
}

/// Takes the right to change a folder away until dropped. The superuser keeps it.
fn immutable(folder: &std::path::Path) -> impl Drop {
    use std::os::unix::fs::PermissionsExt as _;
    struct Restore(PathBuf);
    impl Drop for Restore {
        fn drop(&mut self) {
            fs::set_permissions(&self.0, fs::Permissions::from_mode(0o700)).unwrap();
        }
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o500)).unwrap();
    Restore(folder.to_owned())
}

#[test]
fn a_withdrawn_record_is_replaced_destroyed_and_reported_in_that_order() {
    let mut school = School::new();
    let store = &mut school.store;
    let received = |document: &[u8]| NewRecord::new(Direction::Incoming, ContentHash::of(document));
    let first = store
        .add_record(&received(DOCUMENT), &[], ADMINISTRATOR, START)
        .unwrap();
    let second = store
        .add_record(&received(b"corrected"), &[], ADMINISTRATOR, days(1))
        .unwrap();
    let sent = kept(store, b"sent");
    let mut notice = NewWithdrawal::new(text("20/TB-PGDĐT"), days(1));
    for wrong in [first, sent, RecordId::from_number(50)] {
        notice.replaced_by = Some(wrong);
        let refused = store.withdraw(first, &notice, ADMINISTRATOR, days(1));
        let named = matches!(
            refused,
            Err(StoreError::NoReplacement(_) | StoreError::NotFound(Subject::Record, 50))
        );
        assert!(named, "{refused:?}");
    }
    let report = text("21/BC-THCS");
    let early = store.report_withdrawal(first, &report, ADMINISTRATOR, days(1));
    assert!(matches!(
        early,
        Err(StoreError::NotFound(Subject::Withdrawal, _))
    ));
    notice.replaced_by = Some(second);
    store
        .withdraw(first, &notice, ADMINISTRATOR, days(1))
        .unwrap();
    let twice = store.withdraw(first, &notice, ADMINISTRATOR, days(1));
    assert!(matches!(
        twice,
        Err(StoreError::AlreadyThere(Subject::Withdrawal))
    ));
    let early = store.report_withdrawal(first, &report, ADMINISTRATOR, days(1));
    assert!(matches!(early, Err(StoreError::StillKept(_))));
    store
        .destroy(
            first,
            &text("20/TB-PGDĐT"),
            DocumentPlace::DestroyedElsewhere,
            ADMINISTRATOR,
            days(2),
        )
        .unwrap();
    store
        .report_withdrawal(first, &report, ADMINISTRATOR, days(2))
        .unwrap();
    // Hash, notice and report stay (nd30.18.4b).
    let stays = store.withdrawal(first).unwrap().unwrap();
    assert_eq!(stays.replaced_by, Some(second));
    assert_eq!(stays.reports.len(), 1);
    assert_eq!(stays.reports[0].reference, report);
    let record = store.record(first).unwrap();
    assert!(record.is_withdrawn);
    assert_eq!(record.sha256, ContentHash::of(DOCUMENT));
    assert_eq!(store.withdrawal(second).unwrap(), None);
    assert!(store.check_audit().unwrap().is_intact());
}
