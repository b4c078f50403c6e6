//! Candidates made to cost time.

use trien_trust::{Budget, BudgetItem, PathFailureReason as Reason, PathPurpose, build_paths};
use trien_x509::Certificate;

use crate::pki::{
    Entity, KeyIdentifiers, Kind, Plan, chain, entity, issue, now, plan, search, trusting,
};

/// Certificates that share one name and differ in their octets; none of them is signed by anybody
/// that counts. Made by bending the serial number of one.
fn namesakes(of: &Certificate, count: u32) -> Vec<Certificate> {
    let serial = of.serial().as_octets().to_vec();
    let start = of
        .as_der()
        .windows(serial.len())
        .position(|window| window == serial)
        .unwrap();
    (0..count)
        .map(|number| {
            let mut der = of.as_der().to_vec();
            der[start + 4..start + 8].copy_from_slice(&number.to_be_bytes());
            Certificate::from_der(der).unwrap()
        })
        .collect()
}

#[test]
fn ten_thousand_candidates_do_not_hide_the_path() {
    let chain = chain();
    let impostor = issue(
        &entity("Authority"),
        &entity("Root"),
        &plan(Kind::Authority),
    );
    let mut candidates = namesakes(&impostor, 10_000);
    candidates.push(chain.authority_certificate.clone());
    let result = build_paths(
        &chain.signer,
        &candidates,
        &trusting(&[&chain.root_certificate]),
        now(),
        PathPurpose::DocumentSigning,
        &Budget::default(),
    );
    assert!(result.path().is_some(), "{:?}", result.failure());
}

/// Without identifiers only signatures tell the namesakes apart.
#[test]
fn ten_thousand_namesakes_without_identifiers_spend_the_budget() {
    let without = |kind| Plan {
        identifiers: KeyIdentifiers::Absent,
        ..plan(kind)
    };
    let chain = crate::pki::chain_of(&without(Kind::Authority), &without(Kind::Signer));
    let impostor = issue(
        &entity("Authority"),
        &entity("Root"),
        &without(Kind::Authority),
    );
    let mut candidates = namesakes(&impostor, 10_000);
    candidates.push(chain.authority_certificate.clone());
    let budget_with = |signatures| {
        let mut budget = Budget::default();
        budget.signatures = signatures;
        build_paths(
            &chain.signer,
            &candidates,
            &trusting(&[&chain.root_certificate]),
            now(),
            PathPurpose::DocumentSigning,
            &budget,
        )
    };
    assert_eq!(
        budget_with(200).failure().unwrap().reason(),
        &Reason::BudgetSpent(BudgetItem::Signatures)
    );
    assert!(budget_with(11_000).path().is_some());
}

/// Sixteen authorities that all certify each other have more paths than could ever be walked.
#[test]
fn a_mesh_of_authorities_ends_within_the_budget() {
    let mesh: Vec<Entity> = (0..16).map(|n| entity(&format!("Mesh {n}"))).collect();
    let mut candidates = Vec::new();
    for subject in &mesh {
        for issuer in &mesh {
            if subject.name != issuer.name {
                candidates.push(issue(subject, issuer, &plan(Kind::Authority)));
            }
        }
    }
    let target = issue(&entity("Signer"), &mesh[0], &plan(Kind::Signer));
    let references: Vec<&Certificate> = candidates.iter().collect();
    let stranger = chain().root_certificate;
    let result = search(&target, &references, &trusting(&[&stranger]), now());
    let reason = result.failure().unwrap().reason().clone();
    assert!(matches!(reason, Reason::BudgetSpent(_)), "{reason}");
    let anchor = issue(&mesh[9], &mesh[9], &plan(Kind::Authority));
    let result = search(&target, &references, &trusting(&[&anchor]), now());
    assert!(result.path().is_some(), "{:?}", result.failure());
    assert!(result.paths().count() <= Budget::default().found);
}

#[test]
fn a_path_longer_than_the_budget_is_given_up() {
    let mut above = entity("Root");
    let root = issue(&above, &above, &plan(Kind::Authority));
    let mut candidates = Vec::new();
    for depth in 0..20 {
        let below = entity(&format!("Authority {depth}"));
        candidates.push(issue(&below, &above, &plan(Kind::Authority)));
        above = below;
    }
    let target = issue(&entity("Signer"), &above, &plan(Kind::Signer));
    let search_with = |path_certificates| {
        let mut budget = Budget::default();
        budget.path_certificates = path_certificates;
        build_paths(
            &target,
            &candidates,
            &trusting(&[&root]),
            now(),
            PathPurpose::DocumentSigning,
            &budget,
        )
    };
    assert_eq!(
        search_with(21).failure().unwrap().reason(),
        &Reason::BudgetSpent(BudgetItem::PathCertificates)
    );
    assert_eq!(search_with(22).path().unwrap().certificates().count(), 22);
}

#[test]
fn an_empty_budget_finds_nothing_and_says_so() {
    let chain = chain();
    let mut budget = Budget::default();
    budget.issuers = 0;
    let mut nothing_complete = Budget::default();
    nothing_complete.complete_paths = 0;
    for (budget, item) in [
        (budget, BudgetItem::Issuers),
        (nothing_complete, BudgetItem::CompletePaths),
    ] {
        let result = build_paths(
            &chain.signer,
            std::slice::from_ref(&chain.authority_certificate),
            &trusting(&[&chain.root_certificate]),
            now(),
            PathPurpose::DocumentSigning,
            &budget,
        );
        assert_eq!(
            result.failure().unwrap().reason(),
            &Reason::BudgetSpent(item)
        );
    }
}
