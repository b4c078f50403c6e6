//! What CRLs say, and which of them say nothing.

use trien_trust::CertificationPath;
use trien_trust::revocation::{
    RejectionReason as Rejected, SignerRole, StatedStatus, StatementDeviation, StatementKind,
    StatusAnswer,
};
use trien_types::SignatureScheme;
use trien_x509::asn1::{encode_tlv, sequence};
use trien_x509::{Certificate, CertificateScope, ReasonFlags, RevocationReason};

use crate::lists::{
    CRITICAL, CrlPlan, NOT_CRITICAL, TRUE, ask, common_name, directory, extension, generalized,
    pool,
};
use crate::pki::{
    Chain, Critical, Kind, Plan, chain, chain_of, day, entity, issue, now, plan, search, trusting,
};

pub(crate) fn path_of(chain: &Chain) -> CertificationPath {
    chain.search_at(now()).path().unwrap().clone()
}

fn list(chain: &Chain) -> CrlPlan<'_> {
    CrlPlan::by(&chain.authority_certificate, day(900), day(1_100))
}

fn ask_lists(chain: &Chain, lists: &[Vec<u8>], candidates: &[&Certificate]) -> StatusAnswer {
    let lists: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
    ask(&pool(&lists, &[]).0, &path_of(chain), candidates)
}

/// The one answer to one list signed by the authority.
fn ask_list(chain: &Chain, plan: &CrlPlan<'_>) -> Result<StatedStatus, Rejected> {
    let answer = ask_lists(chain, &[plan.sign(&chain.authority.key)], &[]);
    match (answer.statements.as_slice(), answer.rejected.as_slice()) {
        ([one], []) => Ok(one.status),
        ([], [one]) => Err(one.reason.clone()),
        other => panic!("{other:?}"),
    }
}

fn reason(code: u8) -> Vec<u8> {
    extension(21, NOT_CRITICAL, &[0x0a, 1, code])
}

/// Issuing distribution point of these encoded fields.
fn point(fields: &[&[u8]]) -> Vec<u8> {
    extension(28, CRITICAL, &sequence(fields))
}

#[test]
fn a_list_of_the_issuer_says_good_or_revoked_with_all_its_dates() {
    let chain = chain();
    let quiet = list(&chain).listing(&chain.authority_certificate, day(500));
    let answer = ask_lists(&chain, &[quiet.sign(&chain.authority.key)], &[]);
    let statement = &answer.statements[0];
    assert_eq!(statement.status, StatedStatus::Good);
    assert_eq!(statement.kind, StatementKind::Crl);
    assert_eq!(statement.this_update, day(900));
    assert_eq!(statement.next_update, Some(day(1_100)));
    assert_eq!(statement.produced_at, None);
    assert_eq!(statement.signer.role, SignerRole::Issuer);
    assert_eq!(statement.signer.certificate, chain.authority_certificate);
    assert_eq!(statement.reasons, ReasonFlags::ALL);
    assert!(matches!(
        statement.evidence[0].scheme,
        SignatureScheme::Ecdsa(_)
    ));
    assert!(statement.deviations.is_empty());

    let lost = extension(24, NOT_CRITICAL, &generalized(day(950)));
    let listed = list(&chain).listing_with(&chain.signer, day(960), &[reason(1), lost].concat());
    let Ok(StatedStatus::Revoked(revocation)) = ask_list(&chain, &listed) else {
        panic!("not revoked");
    };
    assert_eq!(revocation.time, Some(day(960)));
    assert_eq!(revocation.reason, RevocationReason::KeyCompromise);
    assert_eq!(revocation.invalidity_date, Some(day(950)));
    assert!(!revocation.is_hold());
}

#[test]
fn a_list_in_pem_is_the_same_evidence_as_in_der() {
    let chain = chain();
    let der = list(&chain).sign(&chain.authority.key);
    let base64 = openssl::base64::encode_block(&der);
    let pem = format!("-----BEGIN X509 CRL-----\n{base64}\n-----END X509 CRL-----\n");
    let (pool, ids) = pool(&[&der, pem.as_bytes(), &der], &[]);
    assert_eq!(pool.len(), 1);
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(pool.octets(ids[0]), Some(der.as_slice()));
    assert_eq!(ask(&pool, &path_of(&chain), &[]).statements.len(), 1);
}

#[test]
fn what_cannot_be_read_is_kept_with_its_octets() {
    let (pool, ids) = pool(&[b"no list", b"no list"], &[b"no list", b"\x30\x80"]);
    assert!(pool.is_empty());
    assert_eq!(pool.unreadable().len(), 2);
    assert_eq!(pool.octets(ids[0]), Some(b"no list".as_slice()));
    assert_eq!(ids[0], ids[2]);
}

#[test]
fn a_list_by_somebody_else_or_under_another_key_says_nothing() {
    let chain = chain();
    let stranger = entity("Stranger");
    let by_stranger = issue(&stranger, &chain.root, &plan(Kind::Authority));
    let of_stranger = CrlPlan::by(&by_stranger, day(900), day(1_100));
    let reasons = |octets: Vec<u8>, candidates: &[&Certificate]| {
        let answer = ask_lists(&chain, &[octets], candidates);
        assert!(answer.statements.is_empty());
        answer.rejected[0].reason.clone()
    };
    assert_eq!(
        reasons(of_stranger.sign(&stranger.key), &[&by_stranger]),
        Rejected::IssuerDoesNotFit
    );
    let forged = list(&chain).sign(&stranger.key);
    assert!(matches!(
        reasons(forged.clone(), &[]),
        Rejected::SignatureNotShown { certificate, cause: Some(_) }
            if certificate == chain.authority_certificate.id()
    ));
    // The same with the forger's certificate, self-made under the authority's name.
    let namesake = crate::pki::Entity {
        name: "Authority".to_owned(),
        key: stranger.key.clone(),
    };
    let self_made = issue(&namesake, &namesake, &plan(Kind::Authority));
    assert!(matches!(
        reasons(forged, &[&self_made]),
        Rejected::SignerWithoutPath { certificate, .. } if certificate == self_made.id()
    ));
}

#[test]
fn another_key_of_the_issuer_signs_when_it_leads_to_the_same_anchor() {
    let chain = chain();
    let second = entity("Authority");
    let certificate = issue(&second, &chain.root, &plan(Kind::Authority));
    let octets = list(&chain).sign(&second.key);
    let answer = ask_lists(&chain, &[octets], &[&certificate]);
    let signer = &answer.statements[0].signer;
    assert_eq!(signer.role, SignerRole::CrlIssuer);
    assert_eq!(signer.certificate, certificate);
    let anchor = signer.path.as_ref().unwrap().anchor();
    assert_eq!(anchor, &chain.root_certificate);

    let mute = issue(&second, &chain.root, &plan(Kind::Signer));
    let octets = list(&chain).sign(&second.key);
    let answer = ask_lists(&chain, &[octets], &[&mute]);
    assert!(answer.statements.is_empty(), "without cRLSign");
}

#[test]
fn the_scope_of_a_list_decides_whether_it_speaks_of_a_certificate() {
    let chain = chain();
    let yes = [TRUE];
    let flag = |number: u8| encode_tlv(0x80 | number, &[&yes]);
    let with = |fields: &[&[u8]]| ask_list(&chain, &list(&chain).with(point(fields)));
    assert_eq!(with(&[&flag(1)]), Ok(StatedStatus::Good));
    for (number, scope) in [
        (2, CertificateScope::AuthorityCertificates),
        (5, CertificateScope::AttributeCertificates),
    ] {
        assert_eq!(
            with(&[&flag(number)]),
            Err(Rejected::CertificateKindOutOfScope(scope))
        );
    }
    let uri = encode_tlv(0x86, &[b"http://example.invalid/a.crl"]);
    let place = encode_tlv(0xa0, &[&encode_tlv(0xa0, &[&uri])]);
    assert_eq!(with(&[&place]), Err(Rejected::OtherDistributionPoint));

    // The same list for a certificate that names the place.
    let points = sequence(&[&sequence(&[&place])]);
    let named = chain_of(
        &plan(Kind::Authority),
        &plan(Kind::Signer).with("2.5.29.31", Critical::Yes, points),
    );
    let placed = list(&named).with(point(&[&place]));
    assert_eq!(ask_list(&named, &placed), Ok(StatedStatus::Good));

    let some = encode_tlv(0x83, &[&[5, 0b0110_0000]]);
    let answer = ask_lists(
        &chain,
        &[list(&chain)
            .with(point(&[&some]))
            .sign(&chain.authority.key)],
        &[],
    );
    let reasons = answer.statements[0].reasons;
    assert_eq!(reasons.bits(), 0b110);
    assert!(!reasons.contains(ReasonFlags::ALL));
}

#[test]
fn an_indirect_list_speaks_where_the_certificate_names_its_issuer() {
    let office = entity("Office");
    let office_name = |certificate: &Certificate| certificate.subject().as_der().to_vec();
    let first = chain();
    let certificate = issue(&office, &first.root, &plan(Kind::Authority));
    let names = directory(&office_name(&certificate));
    let points = sequence(&[&sequence(&[&encode_tlv(0xa2, &[&names])])]);
    let signer_plan = plan(Kind::Signer).with("2.5.29.31", Critical::No, points);
    let signer = issue(&entity("Signer"), &first.authority, &signer_plan);
    let result = search(
        &signer,
        &[&first.authority_certificate],
        &trusting(&[&first.root_certificate]),
        now(),
    );
    let path = result.path().unwrap();

    let indirect = point(&[&encode_tlv(0x84, &[&[TRUE]])]);
    let plan_of = || CrlPlan::by(&certificate, day(900), day(1_100)).with(indirect.clone());
    let authority = directory(first.authority_certificate.subject().as_der());
    let by_authority = extension(29, CRITICAL, &sequence(&[&authority]));
    let asked = |octets: Vec<u8>| ask(&pool(&[&octets], &[]).0, path, &[&certificate]);

    let listed = plan_of().listing_with(&signer, day(950), &by_authority);
    let answer = asked(listed.sign(&office.key));
    assert!(matches!(
        answer.statements[0].status,
        StatedStatus::Revoked(_)
    ));
    assert_eq!(answer.statements[0].signer.role, SignerRole::CrlIssuer);
    // The same number of another issuer is another certificate.
    let other = plan_of().listing(&signer, day(950));
    let answer = asked(other.sign(&office.key));
    assert_eq!(answer.statements[0].status, StatedStatus::Good);
    // A list that is not indirect speaks of its own issuer's certificates only.
    let direct = CrlPlan::by(&certificate, day(900), day(1_100));
    let answer = asked(direct.sign(&office.key));
    assert_eq!(answer.rejected[0].reason, Rejected::IssuerDoesNotFit);
}

#[test]
fn a_delta_list_joins_the_newest_complete_list_that_it_adds_to() {
    let chain = chain();
    let key = &chain.authority.key;
    let hold = reason(6);
    let complete = |number, from| {
        CrlPlan::by(&chain.authority_certificate, day(from), day(from + 30)).number(number)
    };
    let held = complete(5, 900).listing_with(&chain.signer, day(890), &hold);
    let delta = |base| complete(7, 920).delta_of(base);
    let joined = |lists: &[&CrlPlan<'_>]| {
        let octets: Vec<Vec<u8>> = lists.iter().map(|plan| plan.sign(key)).collect();
        let answer = ask_lists(&chain, &octets, &[]);
        let found = answer
            .statements
            .iter()
            .find(|statement| statement.kind == StatementKind::DeltaCrl);
        match (found, answer.rejected.as_slice()) {
            (Some(statement), []) => Ok(statement.clone()),
            (None, [rejected]) => Err(rejected.reason.clone()),
            other => panic!("{other:?}"),
        }
    };
    let kept = joined(&[&held, &delta(5)]).unwrap();
    assert!(matches!(kept.status, StatedStatus::Revoked(revocation) if revocation.is_hold()));
    assert_eq!(kept.evidence.len(), 2);
    assert_eq!(kept.this_update, day(920));
    let lifted = delta(5).listing_with(&chain.signer, day(910), &reason(8));
    assert_eq!(
        joined(&[&held, &lifted]).unwrap().status,
        StatedStatus::Good
    );
    let added = delta(4).listing(&chain.signer, day(915));
    let statement = joined(&[&complete(5, 900), &added]).unwrap();
    assert!(matches!(statement.status, StatedStatus::Revoked(_)));
    assert!(statement.deviations.is_empty());

    // No complete list, one too old, one newer than the delta list, one of another scope.
    assert_eq!(joined(&[&delta(5)]), Err(Rejected::DeltaWithoutBase));
    for base in [
        complete(5, 900),
        complete(7, 900),
        complete(6, 900).with(point(&[&encode_tlv(0x81, &[&[TRUE]])])),
    ] {
        assert_eq!(joined(&[&base, &delta(6)]), Err(Rejected::DeltaWithoutBase));
    }
    // What a delta list lists is revoked all the same.
    let alone = joined(&[&added]).unwrap();
    assert!(matches!(alone.status, StatedStatus::Revoked(_)));
    assert_eq!(alone.deviations, [StatementDeviation::BaseMissing]);
}

#[test]
fn an_unknown_critical_extension_unmakes_good_and_leaves_revoked() {
    let chain = chain();
    let odd = extension(99, CRITICAL, b"\x05\x00");
    let unknown = |result: Result<StatedStatus, Rejected>| matches!(result, Err(Rejected::UnknownCriticalExtension(oid)) if oid.to_string() == "2.5.29.99");
    assert!(unknown(ask_list(&chain, &list(&chain).with(odd.clone()))));
    let listed = list(&chain)
        .with(odd.clone())
        .listing(&chain.signer, day(950));
    assert!(matches!(
        ask_list(&chain, &listed),
        Ok(StatedStatus::Revoked(_))
    ));
    // In the entry of another certificate (RFC 5280, 5.3).
    let entry = list(&chain).listing_with(&chain.root_certificate, day(950), &odd);
    assert!(unknown(ask_list(&chain, &entry)));
    let harmless = extension(99, NOT_CRITICAL, b"\x05\x00");
    let entry = list(&chain).listing_with(&chain.root_certificate, day(950), &harmless);
    assert_eq!(ask_list(&chain, &entry), Ok(StatedStatus::Good));
}

/// The national root's trees: the names differ in a dash, the key is the same.
#[test]
fn dashes_are_alike_where_the_key_is_the_issuers() {
    let chain = chain_of(&plan(Kind::Authority), &plan(Kind::Signer));
    let hyphen = crate::pki::Entity {
        name: "CA - RS".to_owned(),
        key: chain.authority.key.clone(),
    };
    let authority = issue(&hyphen, &chain.root, &plan(Kind::Authority));
    let signer = issue(
        &entity("Signer"),
        &hyphen,
        &Plan::clone(&plan(Kind::Signer)),
    );
    let result = search(
        &signer,
        &[&authority],
        &trusting(&[&chain.root_certificate]),
        now(),
    );
    let path = result.path().unwrap();
    let own = authority.subject().as_der();
    let at = own.windows(3).position(|window| window == b" - ").unwrap();
    assert!(at > 0);
    let country = &own[2..own.len() - sequence_of_common_name("CA - RS").len()];
    let dashed = sequence(&[country, &common_name("CA \u{2013} RS")[2..]]);
    let list = CrlPlan {
        issuer: &dashed,
        from: day(900),
        until: Some(day(1_100)),
        entries: Vec::new(),
        extensions: Vec::new(),
    };
    let octets = list.sign(&hyphen.key);
    let answer = ask(&pool(&[&octets], &[]).0, path, &[]);
    assert_eq!(answer.statements[0].status, StatedStatus::Good);
    assert_eq!(
        answer.statements[0].deviations,
        [StatementDeviation::IssuerNameDashes]
    );
    let octets = list.sign(&chain.root.key);
    let answer = ask(&pool(&[&octets], &[]).0, path, &[]);
    assert!(answer.statements.is_empty(), "another key");
}

/// The relative name alone.
fn sequence_of_common_name(text: &str) -> Vec<u8> {
    common_name(text)[2..].to_vec()
}

#[test]
fn a_spent_budget_is_said() {
    let chain = chain();
    let path = path_of(&chain);
    let octets = list(&chain).sign(&chain.authority.key);
    let (pool, _) = pool(&[&octets], &[]);
    let mut budget = trien_trust::Budget::default();
    budget.signatures = 0;
    let subject = trien_trust::revocation::StatusSubject::on(&path)
        .next()
        .unwrap();
    let answer = pool.ask(subject, &[], &budget);
    assert!(matches!(
        answer.rejected[0].reason,
        Rejected::BudgetSpent(_)
    ));
}
