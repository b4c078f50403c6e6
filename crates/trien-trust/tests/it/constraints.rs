//! Constraints that issuers put on what stands below them, and key usages.

use trien_trust::{Budget, PathFailureReason as Reason, PathPurpose, build_paths};
use trien_x509::asn1::{encode_tlv, sequence};

use crate::pki::{
    Critical, Kind, Missing, Plan, chain_of, entity, issue, now, plan, search, trusting,
};

#[test]
fn an_authority_without_the_authority_flag_is_none() {
    let chain = chain_of(
        &plan(Kind::AuthorityWithout(Missing::Authority)),
        &plan(Kind::Signer),
    );
    let certificate = chain.authority_certificate.id();
    assert_eq!(
        chain.search_at(now()).failure().unwrap().reason(),
        &Reason::NotACa { certificate }
    );
}

#[test]
fn a_signer_cannot_issue() {
    let chain = crate::pki::chain();
    let (signer, below) = (entity("Signer"), entity("Below"));
    let middle = issue(&signer, &chain.authority, &plan(Kind::Signer));
    let target = issue(&below, &signer, &plan(Kind::Signer));
    let anchors = trusting(&[&chain.root_certificate]);
    let result = search(
        &target,
        &[&middle, &chain.authority_certificate],
        &anchors,
        now(),
    );
    let certificate = middle.id();
    assert_eq!(
        result.failure().unwrap().reason(),
        &Reason::NotACa { certificate }
    );
}

#[test]
fn an_authority_whose_key_may_not_sign_certificates_is_refused() {
    let chain = chain_of(
        &plan(Kind::AuthorityWithout(Missing::CertificateSigning)),
        &plan(Kind::Signer),
    );
    let certificate = chain.authority_certificate.id();
    assert_eq!(
        chain.search_at(now()).failure().unwrap().reason(),
        &Reason::KeyUsageForbids { certificate }
    );
}

#[test]
fn a_key_for_encryption_signs_no_document() {
    let chain = chain_of(&plan(Kind::Authority), &plan(Kind::SignerForEncryption));
    let certificate = chain.signer.id();
    assert_eq!(
        chain.search_at(now()).failure().unwrap().reason(),
        &Reason::KeyUsageForbids { certificate }
    );
}

#[test]
fn a_key_usage_that_cannot_be_read_allows_nothing() {
    let bare = chain_of(&plan(Kind::Authority), &plan(Kind::SignerWithoutUsage));
    assert!(bare.search_at(now()).path().is_some());
    let twisted = plan(Kind::SignerWithoutUsage).with("2.5.29.15", Critical::No, vec![4, 1, 0]);
    let chain = chain_of(&plan(Kind::Authority), &twisted);
    assert!(!chain.signer.unreadable_extensions().is_empty());
    let result = chain.search_at(now());
    let failure = result.failure().unwrap();
    assert!(!failure.reason().is_by_time(), "{failure}");
}

#[test]
fn time_stamping_needs_its_extended_key_usage() {
    for (kind, found) in [(Kind::TimeStamper, 1), (Kind::Signer, 0)] {
        let chain = chain_of(&plan(Kind::Authority), &plan(kind));
        let result = build_paths(
            &chain.signer,
            std::slice::from_ref(&chain.authority_certificate),
            &trusting(&[&chain.root_certificate]),
            now(),
            PathPurpose::TimeStamping,
            &Budget::default(),
        );
        assert_eq!(result.paths().count(), found);
        if let Some(failure) = result.failure() {
            assert!(matches!(failure.reason(), Reason::KeyUsageForbids { .. }));
        }
    }
}

#[test]
fn a_path_length_is_kept() {
    let short = Plan {
        path_length: Some(0),
        ..plan(Kind::Authority)
    };
    let chain = chain_of(&short, &plan(Kind::Signer));
    assert!(chain.search_at(now()).path().is_some());
    let below = entity("Below");
    let middle = issue(&below, &chain.authority, &plan(Kind::Authority));
    let target = issue(&entity("Signer"), &below, &plan(Kind::Signer));
    let result = search(
        &target,
        &[&middle, &chain.authority_certificate],
        &trusting(&[&chain.root_certificate]),
        now(),
    );
    let certificate = chain.authority_certificate.id();
    assert_eq!(
        result.failure().unwrap().reason(),
        &Reason::PathTooLong { certificate }
    );
}

/// `NameConstraints` { [0] permittedSubtrees { [4] directoryName { C = country } } }
fn only_names_of(country: &str) -> Vec<u8> {
    let pair = sequence(&[
        &[6, 3, 0x55, 4, 6],
        &encode_tlv(0x13, &[country.as_bytes()]),
    ]);
    let name = sequence(&[&encode_tlv(0x31, &[&pair])]);
    let subtree = sequence(&[&encode_tlv(0xA4, &[&name])]);
    sequence(&[&encode_tlv(0xA0, &[&subtree])])
}

#[test]
fn a_name_outside_the_constraints_is_refused() {
    for (country, permitted) in [("VN", true), ("LA", false)] {
        let bound = plan(Kind::Authority).with("2.5.29.30", Critical::Yes, only_names_of(country));
        let chain = chain_of(&bound, &plan(Kind::Signer));
        let result = chain.search_at(now());
        if permitted {
            assert!(result.path().is_some(), "{:?}", result.failure());
        } else {
            let certificate = chain.signer.id();
            assert_eq!(
                result.failure().unwrap().reason(),
                &Reason::NameNotPermitted { certificate }
            );
        }
    }
}

#[test]
fn a_good_path_counts_although_another_is_bad() {
    let chain = chain_of(
        &plan(Kind::AuthorityWithout(Missing::Authority)),
        &plan(Kind::Signer),
    );
    let good = issue(&chain.authority, &chain.root, &plan(Kind::Authority));
    let result = search(
        &chain.signer,
        &[&chain.authority_certificate, &good],
        &trusting(&[&chain.root_certificate]),
        now(),
    );
    assert_eq!(result.path().unwrap().issuers()[0], good);
    assert_eq!(result.paths().count(), 1);
}
