//! Which paths are found, and why none is.

use trien_trust::{PathCheck, PathFailureReason as Reason, PathResult};
use trien_x509::Certificate;

use crate::pki::{
    Critical, KeyIdentifiers, Kind, Plan, chain, entity, issue, names, now, plan, search, trusting,
};

#[test]
fn a_path_goes_from_the_signer_to_the_root() {
    let chain = chain();
    let result = chain.search_at(now());
    let path = result.path().unwrap();
    assert_eq!(names(path.certificates()), ["Signer", "Authority", "Root"]);
    assert_eq!(path.target(), &chain.signer);
    assert_eq!(path.anchor(), &chain.root_certificate);
    assert_eq!(path.issuers()[0], chain.authority_certificate);
    assert_eq!(result.paths().count(), 1);
    for check in [
        PathCheck::Signatures,
        PathCheck::Policies,
        PathCheck::Validity,
    ] {
        assert!(path.checked().contains(&check), "{check:?}");
    }
}

#[test]
fn an_anchor_may_be_its_own_path() {
    let chain = chain();
    for anchor in [&chain.root_certificate, &chain.signer] {
        let result = search(anchor, &[], &trusting(&[anchor]), now());
        // A root signs certificates, not documents.
        if anchor == &chain.signer {
            assert_eq!(result.path().unwrap().certificates().count(), 1);
        } else {
            let id = anchor.id();
            let reason = result.failure().unwrap().reason();
            assert_eq!(reason, &Reason::KeyUsageForbids { certificate: id });
        }
    }
}

#[test]
fn an_authority_below_an_absent_root_is_an_anchor() {
    let chain = chain();
    let anchors = trusting(&[&chain.authority_certificate]);
    let result = search(&chain.signer, &[], &anchors, now());
    let path = result.path().unwrap();
    assert_eq!(names(path.certificates()), ["Signer", "Authority"]);
}

#[test]
fn a_path_goes_on_past_an_anchor_to_the_next() {
    let chain = chain();
    let anchors = trusting(&[&chain.root_certificate, &chain.authority_certificate]);
    let result = search(&chain.signer, &[], &anchors, now());
    let lengths: Vec<usize> = result
        .paths()
        .map(|path| path.certificates().count())
        .collect();
    assert_eq!(lengths, [2, 3]);
}

#[test]
fn a_cross_certificate_leads_to_the_other_root() {
    let chain = chain();
    let other = entity("Other Root");
    let other_root = issue(&other, &other, &plan(Kind::Authority));
    let cross = issue(&chain.root, &other, &plan(Kind::Authority));
    let candidates = [
        &chain.authority_certificate,
        &cross,
        &chain.root_certificate,
    ];
    let result = search(&chain.signer, &candidates, &trusting(&[&other_root]), now());
    let path = result.path().unwrap();
    assert_eq!(
        names(path.certificates()),
        ["Signer", "Authority", "Root", "Other Root"]
    );
    let both = trusting(&[&other_root, &chain.root_certificate]);
    let result = search(&chain.signer, &candidates, &both, now());
    assert_eq!(result.paths().count(), 2);
    assert_eq!(result.path().unwrap().anchor(), &chain.root_certificate);
}

#[test]
fn roots_that_certify_each_other_make_no_endless_path() {
    let chain = chain();
    let other = entity("Other Root");
    let there = issue(&chain.root, &other, &plan(Kind::Authority));
    let back = issue(&other, &chain.root, &plan(Kind::Authority));
    let candidates = [&chain.authority_certificate, &there, &back];
    let stranger = crate::pki::chain().root_certificate;
    let result = search(&chain.signer, &candidates, &trusting(&[&stranger]), now());
    let failure = result.failure().unwrap();
    assert!(
        matches!(failure.reason(), Reason::NoIssuerFound { certificate, .. }
            if *certificate == back.id()),
        "{failure}"
    );
    assert_eq!(
        names(failure.certificates()),
        ["Signer", "Authority", "Root", "Other Root"]
    );
}

#[test]
fn a_root_that_changed_its_key_is_followed_by_key_identifiers() {
    let result = rolled_over(KeyIdentifiers::Present);
    let path = result.path().unwrap();
    assert_eq!(names(path.certificates()), ["Signer", "Root", "Root"]);
}

/// The limit of handing OpenSSL one path at a time: without identifiers it takes the anchor for
/// the signer's issuer.
#[test]
fn a_root_that_changed_its_key_without_identifiers_is_not_followed() {
    let result = rolled_over(KeyIdentifiers::Absent);
    let reason = result.failure().unwrap().reason();
    assert!(matches!(reason, Reason::IssuerNotLinked { .. }), "{reason}");
}

fn rolled_over(identifiers: KeyIdentifiers) -> PathResult {
    let with = |kind| Plan {
        identifiers,
        ..plan(kind)
    };
    let (old, new) = (entity("Root"), entity("Root"));
    let old_root = issue(&old, &old, &with(Kind::Authority));
    let new_by_old = issue(&new, &old, &with(Kind::Authority));
    let signer = issue(&entity("Signer"), &new, &with(Kind::Signer));
    search(&signer, &[&new_by_old], &trusting(&[&old_root]), now())
}

#[test]
fn a_missing_issuer_is_named() {
    let chain = chain();
    let anchors = trusting(&[&chain.root_certificate]);
    let result = search(&chain.signer, &[], &anchors, now());
    let failure = result.failure().unwrap();
    assert_eq!(
        failure.reason(),
        &Reason::NoIssuerFound {
            certificate: chain.signer.id(),
            subject: chain.signer.subject().clone(),
            issuer: chain.authority_certificate.subject().clone(),
        }
    );
    assert!(
        failure.to_string().contains("CN=Authority,C=VN"),
        "{failure}"
    );
    assert_eq!(failure.path_at_another_time(), None);
}

#[test]
fn an_unknown_root_is_named_and_not_trusted() {
    let chain = chain();
    let other = crate::pki::chain();
    // Same names, other keys.
    let anchors = trusting(&[&other.root_certificate]);
    let candidates = [&chain.authority_certificate, &chain.root_certificate];
    let result = search(&chain.signer, &candidates, &anchors, now());
    let root = chain.root_certificate.id();
    let reason = result.failure().unwrap().reason();
    assert_eq!(reason, &Reason::RootNotAnAnchor { root });
}

#[test]
fn without_anchors_nothing_is_trusted() {
    let chain = chain();
    let candidates = [&chain.authority_certificate, &chain.root_certificate];
    let result = search(&chain.signer, &candidates, &trusting(&[]), now());
    assert!(result.path().is_none());
    let alone = search(&chain.root_certificate, &[], &trusting(&[]), now());
    let root = chain.root_certificate.id();
    assert_eq!(
        alone.failure().unwrap().reason(),
        &Reason::RootNotAnAnchor { root }
    );
}

#[test]
fn a_forged_certificate_is_no_part_of_a_path() {
    let chain = chain();
    let without = Plan {
        identifiers: KeyIdentifiers::Absent,
        ..plan(Kind::Signer)
    };
    let forged = issue(&entity("Signer"), &entity("Authority"), &without);
    let anchors = trusting(&[&chain.root_certificate]);
    let result = search(&forged, &[&chain.authority_certificate], &anchors, now());
    assert_eq!(
        result.failure().unwrap().reason(),
        &Reason::SignatureDoesNotHold {
            certificate: forged.id(),
            issuer: chain.authority_certificate.id(),
        }
    );
}

#[test]
fn each_flipped_octet_of_the_signed_part_breaks_the_path() {
    let chain = chain();
    let anchors = trusting(&[&chain.root_certificate]);
    let der = chain.signer.as_der();
    let mut broken = 0;
    for position in 0..der.len() {
        let mut octets = der.to_vec();
        octets[position] ^= 1;
        let Ok(bent) = Certificate::from_der(octets) else {
            continue;
        };
        broken += 1;
        let result = search(&bent, &[&chain.authority_certificate], &anchors, now());
        assert!(result.path().is_none(), "octet {position}");
    }
    assert!(broken > 100);
}

#[test]
fn names_are_compared_without_case_and_string_type() {
    let chain = chain();
    let shouting = crate::pki::Entity {
        name: "  AUTHORITY ".to_owned(),
        key: chain.authority.key.clone(),
    };
    let signer = issue(&entity("Signer"), &shouting, &plan(Kind::Signer));
    let anchors = trusting(&[&chain.root_certificate]);
    let result = search(&signer, &[&chain.authority_certificate], &anchors, now());
    assert!(result.path().is_some(), "{:?}", result.failure());
}

#[test]
fn an_algorithm_that_is_unknown_decides_nothing() {
    // The signature algorithm of the signer's certificate, in both places, becomes 1.2.840.10045.4.3.99.
    let chain = chain();
    let der = chain.signer.as_der();
    let ecdsa_with_sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let mut octets = der.to_vec();
    let mut changed = 0;
    for start in 0..der.len() - ecdsa_with_sha256.len() {
        if der[start..].starts_with(&ecdsa_with_sha256) {
            octets[start + 7] = 99;
            changed += 1;
        }
    }
    assert_eq!(changed, 2);
    let bent = Certificate::from_der(octets).unwrap();
    let anchors = trusting(&[&chain.root_certificate]);
    let result = search(&bent, &[&chain.authority_certificate], &anchors, now());
    let failure = result.failure().unwrap();
    assert!(
        matches!(
            failure.reason(),
            Reason::SignatureNotDecided { cause: Some(_), .. }
        ),
        "{failure}"
    );
    assert!(std::error::Error::source(failure).is_some());
}

#[test]
fn an_old_digest_is_not_refused_here() {
    let old = Plan {
        digest: openssl::hash::MessageDigest::sha1(),
        ..plan(Kind::Authority)
    };
    let chain = crate::pki::chain_of(&old, &plan(Kind::Signer));
    let result = chain.search_at(now());
    assert!(result.path().is_some(), "{:?}", result.failure());
}

#[test]
fn an_unknown_critical_extension_is_named() {
    let strange = plan(Kind::Signer).with("1.2.3.4", Critical::Yes, vec![5, 0]);
    let chain = crate::pki::chain_of(&plan(Kind::Authority), &strange);
    let result = chain.search_at(now());
    let failure = result.failure().unwrap();
    assert!(
        matches!(failure.reason(), Reason::CriticalExtensionUnknown { certificate, extension: Some(oid) }
            if *certificate == chain.signer.id() && oid.to_string() == "1.2.3.4"),
        "{failure}"
    );
    let harmless = plan(Kind::Signer).with("1.2.3.4", Critical::No, vec![5, 0]);
    let chain = crate::pki::chain_of(&plan(Kind::Authority), &harmless);
    assert!(chain.search_at(now()).path().is_some());
}
