//! Heads of the log, kept outside or vouched for, show what the log alone cannot.

use trien::SigningKey as _;
use trien::token::SoftKey;
use trien_testkit::pki::Role as Holder;
use triend::store::{Action, AuditFault, AuditHead, HeadSeal, SealError, Store};

use crate::school::{
    ADMINISTRATOR, START, School, behind_the_program, certificate, days, pki, principal, text,
    time_stamp,
};

fn signed_by(holder: Holder, octets: &[u8]) -> HeadSeal {
    let identity = pki().identity(holder).unwrap();
    let path = identity.path_der().unwrap();
    let mut key = SoftKey::new(identity.key().to_owned(), &path).unwrap();
    let scheme = key.schemes()[0];
    HeadSeal::Signature {
        certificate: certificate(holder),
        value: key.sign(scheme, octets).unwrap(),
    }
}

fn seal(
    school: &mut School,
    seal: impl FnOnce(&[u8]) -> HeadSeal,
) -> Result<AuditHead, SealError<std::io::Error>> {
    school
        .store
        .seal_audit_head(ADMINISTRATOR, days(1), |octets| Ok(seal(octets)))
}

#[test]
fn heads_are_time_stamped_and_signed_and_hold() {
    let (mut school, ..) = School::staffed();
    let first = seal(&mut school, |octets| {
        HeadSeal::TimeStamp(time_stamp(octets))
    })
    .unwrap();
    let second = seal(&mut school, |octets| signed_by(Holder::SchoolSeal, octets)).unwrap();
    assert_eq!((first.sequence, second.sequence), (3, 4));
    let trail = school.store.check_audit_against(&[first, second]).unwrap();
    assert_eq!((trail.last_sealed, trail.faults), (Some(4), vec![]));
    let kept = school.store.sealed_heads().unwrap();
    assert_eq!([kept[0].head, kept[1].head], [first, second]);
    let last = school.store.last_audit_entry().unwrap();
    assert_eq!(last.action, Action::HeadSealed.code());
}

#[test]
fn what_does_not_hold_for_the_head_is_not_kept() {
    let (mut school, ..) = School::staffed();
    let before = school.store.last_audit_entry().unwrap();
    let wrong = [
        HeadSeal::TimeStamp(time_stamp(b"other octets")),
        HeadSeal::TimeStamp(vec![]),
        HeadSeal::TimeStamp(certificate(Holder::Principal)),
        signed_by(Holder::SchoolSeal, b"other octets"),
        HeadSeal::Signature {
            certificate: vec![],
            value: vec![],
        },
    ];
    for wrong in wrong {
        let refused = seal(&mut school, |_| wrong);
        assert!(matches!(refused, Err(SealError::DoesNotHold)));
    }
    // The right value under somebody else's certificate.
    let refused = seal(&mut school, |octets| {
        let HeadSeal::Signature { value, .. } = signed_by(Holder::SchoolSeal, octets) else {
            unreachable!()
        };
        HeadSeal::Signature {
            certificate: certificate(Holder::Principal),
            value,
        }
    });
    assert!(matches!(refused, Err(SealError::DoesNotHold)));
    let failed = school
        .store
        .seal_audit_head(ADMINISTRATOR, days(1), |_| Err("the token is gone"));
    assert!(matches!(failed, Err(SealError::Sealing(_))));
    assert_eq!(school.store.last_audit_entry().unwrap(), before);
    assert_eq!(school.store.sealed_heads().unwrap(), []);
}

/// Cuts the end of the log off with everything it tells of, so that log and stores agree.
fn cut_off(school: &School, from: i64) {
    let connection = behind_the_program(&school.store.path());
    connection
        .execute("DELETE FROM audit_entry WHERE sequence >= ?1", [from])
        .unwrap();
    connection
        .execute("DELETE FROM signer WHERE id >= ?1 - 1", [from])
        .unwrap();
    connection
        .execute("DELETE FROM audit_head WHERE sequence >= ?1", [from])
        .unwrap();
}

fn faults(school: &School, exported: &[AuditHead]) -> Vec<AuditFault> {
    let store = Store::open(&school.data(), START).unwrap();
    let mut faults = store.check_audit_against(exported).unwrap().faults;
    faults.retain(|fault| !matches!(fault, AuditFault::SchemaDiffers { .. }));
    faults
}

#[test]
fn an_end_that_was_cut_off_with_all_it_told_of_is_found_by_an_exported_head() {
    let (mut school, ..) = School::staffed();
    for number in 0..3 {
        let mut new = principal();
        new.person = text(&format!("Giáo viên {number}"));
        school
            .store
            .add_signer(&new, ADMINISTRATOR, days(1))
            .unwrap();
    }
    let exported = school.store.audit_head(days(1)).unwrap();
    assert_eq!(exported.sequence, 6);
    assert_eq!(faults(&school, &[exported]), []);
    cut_off(&school, 5);
    // Alone, what is left agrees with itself.
    assert_eq!(faults(&school, &[]), []);
    assert_eq!(
        faults(&school, &[exported]),
        [AuditFault::CutOff { sequence: 6 }]
    );
    // Entries that grow back over the cut are not those that were there.
    let mut store = Store::open(&school.data(), START).unwrap();
    for number in 10..14 {
        let mut new = principal();
        new.person = text(&format!("Giáo viên {number}"));
        store.add_signer(&new, ADMINISTRATOR, days(1)).unwrap();
    }
    assert_eq!(faults(&school, &[]), []);
    assert_eq!(
        faults(&school, &[exported]),
        [AuditFault::WrittenAnew { sequence: 6 }]
    );
}

#[test]
fn a_log_that_is_cut_off_below_a_kept_head_is_found_without_exported_ones() {
    let (mut school, ..) = School::staffed();
    seal(&mut school, |octets| {
        HeadSeal::TimeStamp(time_stamp(octets))
    })
    .unwrap();
    let connection = behind_the_program(&school.store.path());
    connection
        .execute("DELETE FROM audit_entry WHERE sequence >= 3", [])
        .unwrap();
    let found = faults(&school, &[]);
    assert!(found.contains(&AuditFault::CutOff { sequence: 3 }));
}

#[test]
fn a_head_that_was_altered_in_the_database_is_found() {
    for alteration in [
        "UPDATE audit_head SET sequence = 2",
        "UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE sequence = 2)",
        "UPDATE audit_head SET head_time = head_time + 1",
        "UPDATE audit_head SET octets = x'00'",
        "UPDATE audit_head SET seal = 'signature'",
    ] {
        let (mut school, ..) = School::staffed();
        seal(&mut school, |octets| {
            HeadSeal::TimeStamp(time_stamp(octets))
        })
        .unwrap();
        let connection = behind_the_program(&school.store.path());
        assert_eq!(connection.execute(alteration, []).unwrap(), 1);
        let found = faults(&school, &[]);
        let broken = |fault: &AuditFault| matches!(fault, AuditFault::SealBroken { .. });
        assert!(found.iter().any(broken), "{alteration}: {found:?}");
    }
}

#[test]
fn a_head_of_another_store_is_told() {
    let (school, ..) = School::staffed();
    let other = School::new();
    let head = other.store.audit_head(START).unwrap();
    assert_eq!(
        faults(&school, &[head]),
        [AuditFault::HeadOfAnotherStore { sequence: 1 }]
    );
}
