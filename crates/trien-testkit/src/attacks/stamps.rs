//! Time stamps (ATTACKS.md, 9).

use trien_types::UnixTime;

use super::base::{Signed, Signing, document_with};
use super::cms::Cms;
use super::maker::{Maker, WHOLE};
use crate::pki::{CertificatePlan, CertificatePurpose, Identity, Role, Validity};

/// An hour after the signature.
pub(super) const STAMPED_AT: &str = "20260531020000Z";

pub(super) fn make(maker: &mut Maker<'_>) {
    tokens(maker);
    authorities(maker);
    moments(maker);
    documents(maker);
}

/// Signed, with a token that `token` makes over the value.
fn stamped<'i>(
    signing: &Signing<'i>,
    signer: &'i Identity,
    token: impl FnOnce(&[u8]) -> Cms<'i>,
) -> Signed {
    signing.sign_as(&document_with(&[]), |octets| {
        Cms::new(signer, octets).stamped(token).make()
    })
}

fn roomy<'p>(maker: &Maker<'p>) -> Signing<'p> {
    let mut signing = maker.signing(Role::Principal);
    signing.room = 8_192;
    signing
}

fn tokens(maker: &mut Maker<'_>) {
    let signing = roomy(maker);
    let signer = signing.identity();
    let authority = maker.pki.identity(Role::TimeStampAuthority).unwrap();
    let other = maker.pki.identity(Role::PublicTimeStampAuthority).unwrap();
    let sound = stamped(&signing, signer, |value| {
        Cms::token(authority, value, STAMPED_AT)
    });
    maker
        .control(("T1", "stamped"), "a sound time stamp", sound, WHOLE)
        .stamps(&["valid"]);
    let transplanted = stamped(&signing, signer, |_| {
        Cms::token(authority, b"the value of another signature", STAMPED_AT)
    });
    maker.attack(
        ("T1", "transplanted"),
        "the token of another signature",
        transplanted,
        WHOLE,
    );
    let edited = stamped(&signing, signer, |value| {
        Cms::token(authority, value, STAMPED_AT).tampered("20260531", "20250531")
    });
    maker.attack(
        ("T2", "time-edited"),
        "the token states another time than it was signed with",
        edited,
        WHOLE,
    );
    let bound = stamped(&signing, signer, |value| {
        let mut token = Cms::token(authority, value, STAMPED_AT);
        token.bound = other;
        token
    });
    maker.attack(
        ("T4", "other-certificate-bound"),
        "the token binds another certificate",
        bound,
        WHOLE,
    );
    for attack in maker.list.iter_mut().rev().take(3) {
        attack.told_by("TRY_LATER").stamps(&["invalid"]);
    }
}

/// T3: whoever stamps must be there for that alone.
fn authorities(maker: &mut Maker<'_>) {
    let signing = roomy(maker);
    let signer = signing.identity();
    let mut plan = CertificatePlan::of(Role::TimeStampAuthority);
    plan.purpose = CertificatePurpose::Signer;
    let without = maker.pki.issue("TsaWithoutUsage", &plan).unwrap();
    plan.purpose = CertificatePurpose::MixedTimeStamping;
    let mixed = maker.pki.issue("TsaMixedUsage", &plan).unwrap();
    for (name, what, authority) in [
        (
            "usage-absent",
            "stamped by a certificate that is for signing",
            &without,
        ),
        (
            "usage-mixed",
            "stamped by a certificate that is for more than stamping",
            &mixed,
        ),
    ] {
        let file = signing.sign_as(&document_with(&[]), |octets| {
            Cms::new(signer, octets)
                .stamped(|value| Cms::token(authority, value, STAMPED_AT))
                .make()
        });
        maker
            .attack(("T3", name), what, file, WHOLE)
            .told_by("TRY_LATER")
            .stamps(&["invalid"]);
    }
}

/// T4, T6, T7: the stated time against validities.
fn moments(maker: &mut Maker<'_>) {
    let signing = roomy(maker);
    let signer = signing.identity();
    let authority = maker.pki.identity(Role::TimeStampAuthority).unwrap();
    let early = stamped(&signing, signer, |value| {
        Cms::token(authority, value, "20250901020000Z")
    });
    maker
        .control(
            ("T6", "just-valid"),
            "stamped on the first day of the signer's certificate",
            early,
            WHOLE,
        )
        .stamps(&["valid"]);
    let from = UnixTime::from_seconds(1_735_689_600);
    let until = UnixTime::from_seconds(1_914_426_000);
    let plan =
        CertificatePlan::of(Role::TimeStampAuthority).with_validity(Validity::new(from, until));
    let older = maker.pki.issue("TsaOlder", &plan).unwrap();
    let before = signing.sign_as(&document_with(&[]), |octets| {
        Cms::new(signer, octets)
            .stamped(|value| Cms::token(&older, value, "20250601020000Z"))
            .make()
    });
    maker
        .attack(
            ("T6", "before-validity"),
            "stamped before the signer's certificate was valid",
            before,
            WHOLE,
        )
        .told_by("NOT_YET_VALID")
        .stamps(&["valid"]);
    let outside = stamped(&signing, signer, |value| {
        Cms::token(authority, value, "20200101020000Z")
    });
    maker
        .attack(
            ("T4", "outside-authority-validity"),
            "stamped outside the authority's validity",
            outside,
            WHOLE,
        )
        .told_by("TRY_LATER")
        .stamps(&["invalid"]);
    let plan = CertificatePlan::of(Role::Principal).with_validity(Validity::new(
        UnixTime::from_seconds(1_756_659_600),
        UnixTime::from_seconds(1_777_593_600),
    ));
    let expired = maker.pki.issue("PrincipalExpired", &plan).unwrap();
    let after = signing.sign_as(&document_with(&[]), |octets| {
        Cms::new(&expired, octets)
            .stamped(|value| Cms::token(authority, value, STAMPED_AT))
            .make()
    });
    maker
        .attack(
            ("T7", "after-expiry"),
            "stamped after the signer's certificate expired",
            after,
            WHOLE,
        )
        .told_by("OUT_OF_BOUNDS_NO_POE")
        .stamps(&["valid"]);
}

/// Document time stamps.
fn documents(maker: &mut Maker<'_>) {
    let authority = maker.pki.identity(Role::TimeStampAuthority).unwrap();
    let stamp = |file: &super::update::RawFile| {
        let mut signing = maker.signing(Role::SchoolSeal);
        signing.sub_filter = "ETSI.RFC3161";
        signing.sign_as(file, |octets| {
            Cms::token(authority, octets, STAMPED_AT).make()
        })
    };
    let approved = maker.approved();
    let certified = maker.certified(1);
    let stamped = stamp(&approved.file);
    let certified_stamped = stamp(&certified.file);
    let mut signing = maker.signing(Role::SchoolSeal);
    signing.sub_filter = "ETSI.RFC3161";
    let duplicated = {
        let value = stamped.file.octets[stamped.gap.0..stamped.gap.1].to_vec();
        let title = approved
            .file
            .with(&[(super::base::INFO, "<< /Title (Hoc ba 2) >>")]);
        let mut again = stamp(&title);
        let (start, end) = again.gap;
        again.file.octets[start..end].copy_from_slice(&value);
        again
    };
    let lines = &[
        "HieuTruong intact revision permitted",
        "ConDau intact whole-file none",
    ];
    maker
        .control(
            ("T9", "document-stamped"),
            "a document time stamp behind a signature",
            stamped,
            lines,
        )
        .stamps(&["valid"]);
    maker
        .control(
            ("C1", "document-stamped"),
            "P=1: a document time stamp",
            certified_stamped,
            lines,
        )
        .stamps(&["valid"]);
    maker
        .attack(
            ("T1", "document-stamp-duplicated"),
            "a document time stamp over other octets than it stamps",
            duplicated,
            &[
                "HieuTruong intact revision permitted",
                "ConDau broken whole-file none",
            ],
        )
        .stamps(&["invalid"]);
}
