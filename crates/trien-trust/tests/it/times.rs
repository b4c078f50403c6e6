//! Time: what is expired, not valid yet or ended, and what that must not hide.

use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext};
use trien_trust::{
    AnchorPurposes, PathCheck, PathFailureReason as Reason, PathPurpose, TrustAnchor, TrustAnchors,
};
use trien_types::UnixTime;

use crate::pki::{
    Chain, Critical, Kind, Missing, chain, chain_of, day, entity, issue, now, plan, search,
    trusting,
};

#[test]
fn an_expired_authority_was_fine_earlier() {
    let chain = chain_of(
        &plan(Kind::Authority).valid(day(0), day(500)),
        &plan(Kind::Signer),
    );
    assert!(chain.search_at(day(400)).path().is_some());
    let result = chain.search_at(day(600));
    let failure = result.failure().unwrap();
    assert_eq!(
        failure.reason(),
        &Reason::Expired {
            certificate: chain.authority_certificate.id(),
            not_after: day(500),
            time: day(600),
        }
    );
    let path = failure.path_at_another_time().unwrap();
    assert_eq!(path.anchor(), &chain.root_certificate);
    assert!(path.checked().contains(&PathCheck::Signatures));
    assert!(!path.checked().contains(&PathCheck::Validity));
    let outside: Vec<_> = path.outside_validity(day(600)).collect();
    assert_eq!(outside, [&chain.authority_certificate]);
}

#[test]
fn both_ends_of_the_validity_belong_to_it() {
    let chain = chain_of(
        &plan(Kind::Authority),
        &plan(Kind::Signer).valid(day(10), day(20)),
    );
    for (time, holds) in [
        (day(10).plus_seconds(-1), false),
        (day(10), true),
        (day(20), true),
        (day(20).plus_seconds(1), false),
    ] {
        let result = chain.search_at(time);
        assert_eq!(result.path().is_some(), holds, "{time}");
        if time < day(10) {
            assert_eq!(
                result.failure().unwrap().reason(),
                &Reason::NotYetValid {
                    certificate: chain.signer.id(),
                    not_before: day(10),
                    time,
                }
            );
        }
    }
}

#[test]
fn the_certificate_nearest_the_signer_is_named() {
    let chain = chain_of(
        &plan(Kind::Authority).valid(day(0), day(500)),
        &plan(Kind::Signer).valid(day(0), day(400)),
    );
    assert!(matches!(
        chain.search_at(day(600)).failure().unwrap().reason(),
        Reason::Expired { certificate, .. } if *certificate == chain.signer.id()
    ));
}

#[test]
fn expiry_hides_no_other_failure() {
    let signer = plan(Kind::Signer).valid(day(0), day(500));
    let broken = [
        plan(Kind::AuthorityWithout(Missing::Authority)),
        plan(Kind::AuthorityWithout(Missing::CertificateSigning)),
        plan(Kind::Authority).with("1.2.3.4", Critical::Yes, vec![5, 0]),
    ];
    for authority in broken {
        let chain = chain_of(&authority, &signer);
        let result = chain.search_at(day(600));
        assert!(!result.failure().unwrap().reason().is_by_time());
    }
    let chain = chain_of(&plan(Kind::Authority), &signer);
    let unknown = search(
        &chain.signer,
        &[&chain.authority_certificate],
        &trusting(&[]),
        day(600),
    );
    assert!(matches!(
        unknown.failure().unwrap().reason(),
        Reason::NoIssuerFound { .. }
    ));
    let known = chain.search_at(day(600));
    assert!(known.failure().unwrap().reason().is_by_time());
}

#[test]
fn a_path_that_is_valid_is_found_beside_an_expired_one() {
    let chain = chain_of(
        &plan(Kind::Authority).valid(day(0), day(500)),
        &plan(Kind::Signer),
    );
    let renewed = issue(
        &chain.authority,
        &chain.root,
        &plan(Kind::Authority).valid(day(400), day(2_000)),
    );
    let candidates = [&chain.authority_certificate, &renewed];
    let anchors = trusting(&[&chain.root_certificate]);
    let issuer_at = |time| {
        let result = search(&chain.signer, &candidates, &anchors, time);
        result.path().unwrap().issuers()[0].clone()
    };
    assert_eq!(issuer_at(day(300)), chain.authority_certificate);
    assert_eq!(issuer_at(day(600)), renewed);
}

fn with_anchor(chain: &Chain, anchor: TrustAnchor, time: UnixTime) -> Result<(), Reason> {
    let anchors: TrustAnchors = [anchor].into_iter().collect();
    let result = search(
        &chain.signer,
        &[&chain.authority_certificate],
        &anchors,
        time,
    );
    result
        .failure()
        .map_or(Ok(()), |failure| Err(failure.reason().clone()))
}

#[test]
fn trust_in_an_anchor_ends_when_it_is_said_to() {
    let chain = chain();
    let anchor = TrustAnchor::new(chain.root_certificate.clone()).with_valid_until(day(700));
    assert_eq!(with_anchor(&chain, anchor.clone(), day(700)), Ok(()));
    let ended = with_anchor(&chain, anchor, day(701));
    assert_eq!(
        ended,
        Err(Reason::AnchorEnded {
            anchor: chain.root_certificate.id(),
            valid_until: day(700),
            time: day(701),
        })
    );
    assert!(ended.unwrap_err().is_by_time());
}

#[test]
fn an_anchor_for_time_stamping_trusts_no_signer() {
    let chain = chain();
    let anchor = TrustAnchor::new(chain.root_certificate.clone());
    let only = |purpose| {
        let narrowed = anchor.clone().with_purposes(AnchorPurposes::Only(purpose));
        with_anchor(&chain, narrowed, now())
    };
    assert_eq!(only(PathPurpose::DocumentSigning), Ok(()));
    assert_eq!(
        only(PathPurpose::TimeStamping),
        Err(Reason::AnchorNotForPurpose {
            anchor: chain.root_certificate.id(),
            purpose: PathPurpose::DocumentSigning,
        })
    );
}

#[test]
fn an_expired_anchor_is_expired_too() {
    let root = entity("Root");
    let old = plan(Kind::Authority).valid(day(0), day(500));
    let anchor = issue(&root, &root, &old);
    let signer = issue(&entity("Signer"), &root, &plan(Kind::Signer));
    let at = |time| search(&signer, &[], &trusting(&[&anchor]), time);
    assert!(at(day(400)).path().is_some());
    assert!(matches!(
        at(day(600)).failure().unwrap().reason(),
        Reason::Expired { certificate, .. } if *certificate == anchor.id()
    ));
}

/// Away from the last second of a validity, our answer at a time is that of OpenSSL with its time
/// set.
#[test]
fn openssl_with_its_time_set_agrees() {
    let chain = chain_of(
        &plan(Kind::Authority).valid(day(100), day(800)),
        &plan(Kind::Signer).valid(day(200), day(600)),
    );
    for time in (50..1_000).step_by(50).map(day) {
        let time = time.plus_seconds(1);
        let ours = chain.search_at(time).path().is_some();
        assert_eq!(ours, openssl_accepts(&chain, time), "{time}");
    }
}

fn openssl_accepts(chain: &Chain, time: UnixTime) -> bool {
    let x509 = |der: &[u8]| X509::from_der(der).unwrap();
    let mut parameters = X509VerifyParam::new().unwrap();
    parameters
        .set_flags(X509VerifyFlags::PARTIAL_CHAIN)
        .unwrap();
    parameters.set_time(time.seconds());
    let mut store = X509StoreBuilder::new().unwrap();
    store.set_param(&parameters).unwrap();
    store
        .add_cert(x509(chain.root_certificate.as_der()))
        .unwrap();
    let mut between = Stack::new().unwrap();
    between
        .push(x509(chain.authority_certificate.as_der()))
        .unwrap();
    let target = x509(chain.signer.as_der());
    X509StoreContext::new()
        .unwrap()
        .init(&store.build(), &target, &between, |context| {
            context.verify_cert()
        })
        .unwrap()
}
