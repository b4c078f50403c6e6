//! Who signs as what, and who holds the seal device, at any time asked for.

use trien_testkit::pki::Role as Holder;
use trien_types::{Capacity, CertificateId, Role};
use triend::store::{
    Actor, AuditEntry, ContentHash, NewSealAssignment, SealAssignment, SealAssignmentId, ShortText,
    Signer, SignerId, Store, StoreError, Subject, Term, TermError,
};

use crate::school::{
    ADMINISTRATOR, START, School, certificate, clerk, days, from_start, principal, text,
};

fn id_of(holder: Holder) -> CertificateId {
    ContentHash::of(&certificate(holder)).into()
}

#[test]
fn the_register_says_who_a_certificate_belonged_to_at_any_time() {
    let (mut school, principal_id, _) = School::staffed();
    let decision = text("Quyết định 12/QĐ-PGDĐT");
    school
        .store
        .end_signer(
            principal_id,
            days(100),
            Some(&decision),
            ADMINISTRATOR,
            days(99),
        )
        .unwrap();
    // The deputy signs for the principal afterwards, with the same kind of certificate.
    let mut deputy = principal();
    deputy.person = text("Lê Văn Bình");
    deputy.role = Role::VicePrincipal;
    deputy.capacity = Capacity::ForSuperior;
    deputy.term = Term::new(days(100), Some(days(200))).unwrap();
    let deputy_id = school
        .store
        .add_signer(&deputy, ADMINISTRATOR, days(99))
        .unwrap();

    let at = |time| {
        let found = school
            .store
            .signers_with_certificate(id_of(Holder::Principal), time)
            .unwrap();
        found.iter().map(|signer| signer.id).collect::<Vec<_>>()
    };
    assert_eq!(at(START.plus_seconds(-1)), []);
    assert_eq!(at(START), [principal_id]);
    assert_eq!(at(days(100).plus_seconds(-1)), [principal_id]);
    assert_eq!(at(days(100)), [deputy_id]);
    assert_eq!(at(days(200)), []);
    assert_eq!(school.store.signers_at(days(150)).unwrap().len(), 2);

    let ended = school.store.signer(principal_id).unwrap();
    assert_eq!(ended.end_decision, Some(decision));
    assert_eq!(ended.known_role(), Some(Role::Principal));
    assert_eq!(ended.term.until(), Some(days(100)));
    let found = school.store.signer(deputy_id).unwrap();
    assert_eq!(found.known_capacity(), Some(Capacity::ForSuperior));
    let octets = school.store.certificate_of(deputy_id).unwrap();
    assert_eq!(octets, certificate(Holder::Principal));
    assert!(school.store.check_audit().unwrap().is_intact());
}

#[test]
fn the_seal_device_has_one_holder_and_none_after_the_clerk_has_left() {
    let (mut school, principal_id, clerk_id) = School::staffed();
    let device = text("VGCA 5A21");
    let decision = text("Quyết định 7/QĐ-THCS");
    let assignment =
        |clerk, term| NewSealAssignment::new(device.clone(), clerk, decision.clone(), term);
    let store = &mut school.store;
    let refused = store
        .assign_seal(
            &assignment(principal_id, from_start()),
            ADMINISTRATOR,
            START,
        )
        .unwrap_err();
    assert!(matches!(refused, StoreError::NotAClerk), "{refused}");
    let first = store
        .assign_seal(&assignment(clerk_id, from_start()), ADMINISTRATOR, START)
        .unwrap();
    let twice = Term::new(days(10), None).unwrap();
    let refused = store
        .assign_seal(&assignment(clerk_id, twice), ADMINISTRATOR, START)
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::AlreadyThere(Subject::SealAssignment)),
        "{refused}"
    );
    let holder = store.seal_holder(&device, days(5)).unwrap().unwrap();
    assert_eq!((holder.id, holder.clerk), (first, clerk_id));

    store
        .return_seal(first, days(20), ADMINISTRATOR, days(20))
        .unwrap();
    assert_eq!(store.seal_holder(&device, days(20)).unwrap(), None);
    let second = store
        .assign_seal(
            &assignment(clerk_id, twice_from(20)),
            ADMINISTRATOR,
            days(20),
        )
        .unwrap();
    // Nobody took the device back, but the clerk is no clerk any more.
    store
        .end_signer(clerk_id, days(30), None, ADMINISTRATOR, days(30))
        .unwrap();
    assert_eq!(
        store.seal_holder(&device, days(29)).unwrap().unwrap().id,
        second
    );
    assert_eq!(store.seal_holder(&device, days(30)).unwrap(), None);
    let after = store.assign_seal(
        &assignment(clerk_id, twice_from(31)),
        ADMINISTRATOR,
        days(31),
    );
    assert!(matches!(
        after,
        Err(StoreError::Term(TermError::OutsideSigner))
    ));
    assert_eq!(store.seal_assignments().unwrap().len(), 2);
    assert!(store.check_audit().unwrap().is_intact());
}

fn twice_from(day: i64) -> Term {
    Term::new(days(day), None).unwrap()
}

/// All that could have changed.
fn state(store: &Store) -> (AuditEntry, Vec<Signer>, Vec<SealAssignment>) {
    (
        store.last_audit_entry().unwrap(),
        store.signers().unwrap(),
        store.seal_assignments().unwrap(),
    )
}

#[test]
fn entries_that_make_no_sense_are_refused_by_name_and_change_nothing() {
    let (mut school, ..) = School::staffed();
    let store = &mut school.store;
    let before = state(store);
    let again = store.add_signer(&principal(), ADMINISTRATOR, days(1));
    assert!(matches!(
        again,
        Err(StoreError::AlreadyThere(Subject::Signer))
    ));
    let der = certificate(Holder::Principal);
    let cut = &der[..der.len() - 1];
    let mut longer = der.clone();
    longer.push(0);
    for wrong in [&b""[..], b"\x30\x03\x02\x01\x01", cut, &longer] {
        let mut bad = clerk();
        bad.certificate = wrong.to_vec();
        let refused = store.add_signer(&bad, ADMINISTRATOR, days(1));
        assert!(matches!(refused, Err(StoreError::CertificateUnreadable(_))));
    }
    for authority in [Holder::GovernmentRoot, Holder::GovernmentAuthority] {
        let mut bad = principal();
        bad.certificate = certificate(authority);
        let refused = store.add_signer(&bad, ADMINISTRATOR, days(1));
        assert!(matches!(refused, Err(StoreError::CertificateOfAuthority)));
    }
    let mut huge = clerk();
    huge.certificate = vec![0x30; 10_000_000];
    let refused = store.add_signer(&huge, ADMINISTRATOR, days(1));
    assert!(matches!(
        refused,
        Err(StoreError::TooLarge {
            octets: 10_000_000,
            ..
        })
    ));
    assert!(ShortText::new(&"x".repeat(50_000_000)).is_err());
    assert!(Term::new(days(2), Some(days(1))).is_err());

    assert_eq!(before, state(store));
}

#[test]
fn ends_and_assignments_that_make_no_sense_are_refused_by_name_and_change_nothing() {
    let (mut school, principal_id, clerk_id) = School::staffed();
    let store = &mut school.store;
    let before = state(store);
    let unknown = SignerId::from_number(99);
    let nobody = store.end_signer(principal_id, days(5), None, Actor::Signer(unknown), days(1));
    assert!(matches!(
        nobody,
        Err(StoreError::NotFound(Subject::Signer, 99))
    ));
    for id in [unknown, SignerId::from_number(i64::MIN)] {
        let refused = store.end_signer(id, days(5), None, ADMINISTRATOR, days(1));
        assert!(matches!(
            refused,
            Err(StoreError::NotFound(Subject::Signer, _))
        ));
    }
    let early = store.end_signer(principal_id, START, None, ADMINISTRATOR, days(1));
    assert!(matches!(
        early,
        Err(StoreError::Term(TermError::EndsBeforeItStarts))
    ));
    let assignment = NewSealAssignment::new(text("d"), unknown, text("q"), from_start());
    let refused = store.assign_seal(&assignment, ADMINISTRATOR, days(1));
    assert!(matches!(
        refused,
        Err(StoreError::NotFound(Subject::Signer, 99))
    ));
    let too_early = Term::new(START.plus_seconds(-1), None).unwrap();
    let assignment = NewSealAssignment::new(text("d"), clerk_id, text("q"), too_early);
    let refused = store.assign_seal(&assignment, ADMINISTRATOR, days(1));
    assert!(matches!(
        refused,
        Err(StoreError::Term(TermError::OutsideSigner))
    ));
    let refused = store.return_seal(
        SealAssignmentId::from_number(1),
        days(1),
        ADMINISTRATOR,
        days(1),
    );
    assert!(matches!(
        refused,
        Err(StoreError::NotFound(Subject::SealAssignment, 1))
    ));

    assert_eq!(before, state(store));
    // Something ended ends once.
    store
        .end_signer(principal_id, days(5), None, ADMINISTRATOR, days(1))
        .unwrap();
    let twice = store.end_signer(principal_id, days(4), None, ADMINISTRATOR, days(1));
    assert!(matches!(
        twice,
        Err(StoreError::AlreadyEnded(Subject::Signer))
    ));
    assert!(store.check_audit().unwrap().is_intact());
}
