//! What OCSP responses say, and which of them say nothing.

use trien_trust::revocation::{
    RejectionReason as Rejected, SignerRole, StatedStatus, StatusAnswer,
};
use trien_x509::asn1::{encode_tlv, octet_string, sequence};
use trien_x509::{Certificate, OcspResponseStatus, RevocationReason};

use crate::list_statements::path_of;
use crate::lists::{ResponsePlan, ask, generalized, good, pool, revoked, unknown};
use crate::pki::{Chain, Critical, Entity, Kind, Plan, chain, day, entity, issue, now, plan};

/// A plan for a responder's certificate.
fn responder_plan() -> Plan {
    let ocsp_signing = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x09";
    plan(Kind::Signer).with("2.5.29.37", Critical::No, sequence(&[ocsp_signing]))
}

fn response(chain: &Chain, status: Vec<u8>) -> ResponsePlan<'_> {
    ResponsePlan::about(&chain.signer, &chain.authority_certificate, status, now())
}

fn ask_response(chain: &Chain, octets: &[u8], candidates: &[&Certificate]) -> StatusAnswer {
    ask(&pool(&[], &[octets]).0, &path_of(chain), candidates)
}

fn direct(chain: &Chain, status: Vec<u8>) -> Vec<u8> {
    response(chain, status).sign(&chain.authority_certificate, &chain.authority.key)
}

fn rejected(answer: &StatusAnswer) -> &Rejected {
    assert!(answer.statements.is_empty());
    &answer.rejected[0].reason
}

#[test]
fn the_issuer_itself_answers_good_revoked_and_unknown() {
    let chain = chain();
    let status = |status| {
        let answer = ask_response(&chain, &direct(&chain, status), &[]);
        assert_eq!(answer.statements[0].signer.role, SignerRole::Issuer);
        assert_eq!(answer.statements[0].produced_at, Some(now()));
        answer.statements[0].status
    };
    assert_eq!(status(good()), StatedStatus::Good);
    assert_eq!(status(unknown()), StatedStatus::Unknown);
    let StatedStatus::Revoked(revocation) = status(revoked(day(600), 4)) else {
        panic!("not revoked");
    };
    assert_eq!(revocation.time, Some(day(600)));
    assert_eq!(revocation.reason, RevocationReason::Superseded);
}

fn delegated(chain: &Chain, issuer: &Entity, plan: &Plan) -> StatusAnswer {
    let responder = entity("Responder");
    let certificate = issue(&responder, issuer, plan);
    let octets = response(chain, good())
        .carrying(&certificate)
        .sign(&certificate, &responder.key);
    ask_response(chain, &octets, &[])
}

#[test]
fn a_responder_that_the_issuer_authorised_answers() {
    let chain = chain();
    let answer = delegated(&chain, &chain.authority, &responder_plan());
    let signer = &answer.statements[0].signer;
    assert_eq!(signer.role, SignerRole::DelegatedResponder);
    let path = signer.path.as_ref().unwrap();
    assert_eq!(path.issuers()[0], chain.authority_certificate);
    let no_check = responder_plan().with("1.3.6.1.5.5.7.48.1.5", Critical::No, vec![5, 0]);
    let answer = delegated(&chain, &chain.authority, &no_check);
    assert_eq!(
        answer.statements[0].signer.role,
        SignerRole::DelegatedResponderNoCheck
    );
}

#[test]
fn nobody_else_answers() {
    let chain = chain();
    let not_authorised =
        |answer: &StatusAnswer| matches!(rejected(answer), Rejected::SignerNotAuthorised { .. });
    // Any other certificate of the issuer, such as a teacher's.
    let teacher = delegated(&chain, &chain.authority, &plan(Kind::Signer));
    assert!(not_authorised(&teacher));
    // A responder of the root is not one of the authority (RFC 6960, 4.2.2.2).
    let of_root = delegated(&chain, &chain.root, &responder_plan());
    assert!(not_authorised(&of_root));
    let stranger = delegated(&chain, &entity("Stranger"), &responder_plan());
    assert!(not_authorised(&stranger));
    // Authorised by somebody who only has the authority's name.
    let namesake = delegated(&chain, &entity("Authority"), &responder_plan());
    assert!(not_authorised(&namesake));
}

#[test]
fn a_responder_must_be_valid_when_it_signs() {
    let chain = chain();
    let late = responder_plan().valid(day(0), day(999));
    let answer = delegated(&chain, &chain.authority, &late);
    assert!(matches!(
        rejected(&answer),
        Rejected::ResponderOutsideValidity { produced_at, .. } if *produced_at == now()
    ));
    let early = responder_plan().valid(day(1_001), day(2_000));
    let answer = delegated(&chain, &chain.authority, &early);
    assert!(matches!(
        rejected(&answer),
        Rejected::ResponderOutsideValidity { .. }
    ));
}

#[test]
fn a_response_under_the_wrong_key_or_about_another_certificate_says_nothing() {
    let chain = chain();
    let forged = response(&chain, good()).sign(&chain.authority_certificate, &entity("x").key);
    assert!(matches!(
        rejected(&ask_response(&chain, &forged, &[])),
        Rejected::SignatureNotShown { cause: Some(_), .. }
    ));
    let other = issue(&entity("Other"), &chain.authority, &plan(Kind::Signer));
    let about_other = ResponsePlan::about(&other, &chain.authority_certificate, good(), now())
        .sign(&chain.authority_certificate, &chain.authority.key);
    let answer = ask_response(&chain, &about_other, &[]);
    assert_eq!(rejected(&answer), &Rejected::AboutOtherCertificates);
    assert_eq!(answer.rejected_of_note().count(), 0);
    let unnamed = response(&chain, good()).sign(&other, &chain.authority.key);
    let answer = ask_response(&chain, &unnamed, &[]);
    assert_eq!(rejected(&answer), &Rejected::SignerNotFound);
}

#[test]
fn a_responder_that_does_not_answer_is_listed() {
    let chain = chain();
    let answer = ask_response(&chain, b"\x30\x03\x0a\x01\x03", &[]);
    assert_eq!(
        rejected(&answer),
        &Rejected::Unsuccessful(OcspResponseStatus::TryLater)
    );
}

#[test]
fn archive_cutoff_and_unknown_critical_extensions_count() {
    let chain = chain();
    let cutoff_oid = b"\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x06";
    let cutoff = sequence(&[cutoff_oid, &octet_string(&generalized(day(10)))]);
    let with = |extensions: Vec<u8>, status: Vec<u8>| {
        let mut plan = response(&chain, status);
        plan.single_extensions = extensions;
        let octets = plan.sign(&chain.authority_certificate, &chain.authority.key);
        ask_response(&chain, &octets, &[])
    };
    let answer = with(cutoff, good());
    assert_eq!(answer.statements[0].retained_since, Some(day(10)));
    let odd_oid = encode_tlv(0x06, &[&[0x2a, 3]]);
    let odd = sequence(&[&odd_oid, b"\x01\x01\xff", &octet_string(b"\x05\x00")]);
    assert!(matches!(
        rejected(&with(odd.clone(), good())),
        Rejected::UnknownCriticalExtension(_)
    ));
    let still = with(odd, revoked(day(600), 1));
    assert!(matches!(
        still.statements[0].status,
        StatedStatus::Revoked(_)
    ));
}
