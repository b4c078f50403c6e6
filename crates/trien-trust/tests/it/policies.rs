//! Certificate policies, where an explicit one is demanded.

use trien_trust::{
    Budget, InitialPolicies, PathFailureReason as Reason, PathPurpose, PolicyDemand,
    build_paths_with_policies,
};
use trien_x509::asn1::{ObjectIdentifier, encode_tlv, sequence};
use trien_x509::{Certificate, const_oid};

use crate::pki::{Critical, Kind, Plan, entity, issue, now, plan, search, trusting};

const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];
const ONE: &[u8] = &[0x2a, 1];
const TWO: &[u8] = &[0x2a, 2];

fn oid(policy: &[u8]) -> Vec<u8> {
    encode_tlv(6, &[policy])
}

fn having(plan: Plan, policies: &[&[u8]]) -> Plan {
    let list: Vec<Vec<u8>> = policies.iter().map(|one| sequence(&[&oid(one)])).collect();
    plan.with("2.5.29.32", Critical::No, sequence(&[&list.concat()]))
}

/// requireExplicitPolicy after so many certificates.
fn demanding(plan: Plan, after: u8) -> Plan {
    let value = sequence(&[&[0x80, 1, after]]);
    plan.with("2.5.29.36", Critical::Yes, value)
}

fn mapping(plan: Plan, from: &[u8], to: &[u8]) -> Plan {
    let value = sequence(&[&sequence(&[&oid(from), &oid(to)])]);
    plan.with("2.5.29.33", Critical::Yes, value)
}

fn inhibiting_mapping(plan: Plan) -> Plan {
    let value = sequence(&[&[0x80, 1, 0], &[0x81, 1, 0]]);
    plan.with("2.5.29.36", Critical::Yes, value)
}

fn inhibiting_any(plan: Plan) -> Plan {
    plan.with("2.5.29.54", Critical::Yes, vec![2, 1, 0])
}

fn authority() -> Plan {
    plan(Kind::Authority)
}

fn signer() -> Plan {
    plan(Kind::Signer)
}

/// Searches root, upper authority, lower authority, signer. `Err` holds the common name of the
/// certificate at which a policy is missing.
fn outcome(upper_plan: &Plan, lower_plan: &Plan, signer_plan: &Plan) -> Result<(), String> {
    let (root, upper, lower) = (entity("Root"), entity("Upper"), entity("Lower"));
    let anchor = issue(&root, &root, &authority());
    let upper_certificate = issue(&upper, &root, upper_plan);
    let lower_certificate = issue(&lower, &upper, lower_plan);
    let target = issue(&entity("Signer"), &lower, signer_plan);
    let candidates = [&upper_certificate, &lower_certificate];
    let result = search(&target, &candidates, &trusting(&[&anchor]), now());
    let Some(failure) = result.failure() else {
        return Ok(());
    };
    let Reason::PolicyNotPermitted { certificate } = failure.reason() else {
        panic!("{failure}");
    };
    let named = |member: &&Certificate| member.id() == *certificate;
    let at = failure.certificates().find(named).unwrap();
    Err(at.subject().common_name().unwrap().to_owned())
}

fn refused_at(name: &str) -> Result<(), String> {
    Err(name.to_owned())
}

#[test]
fn without_a_demand_no_policy_is_needed() {
    assert_eq!(outcome(&authority(), &authority(), &signer()), Ok(()));
    let one = having(authority(), &[ONE]);
    assert_eq!(
        outcome(&one, &authority(), &having(signer(), &[TWO])),
        Ok(())
    );
}

#[test]
fn a_demanded_policy_must_go_down_to_the_signer() {
    let upper = demanding(having(authority(), &[ONE]), 0);
    let one = having(authority(), &[ONE, TWO]);
    assert_eq!(outcome(&upper, &one, &having(signer(), &[ONE])), Ok(()));
    let signer_with = |policies: &[&[u8]]| outcome(&upper, &one, &having(signer(), policies));
    assert_eq!(signer_with(&[TWO]), refused_at("Signer"));
    assert_eq!(outcome(&upper, &one, &signer()), refused_at("Signer"));
    let gap = outcome(&upper, &authority(), &having(signer(), &[ONE]));
    assert_eq!(gap, refused_at("Lower"));
}

#[test]
fn a_demand_begins_where_it_says() {
    let one = having(authority(), &[ONE]);
    for (after, expected) in [
        (0, refused_at("Signer")),
        (1, refused_at("Signer")),
        // RFC 5280, 6.1.5 (a): the last certificate counts down as well.
        (2, refused_at("Signer")),
        (3, Ok(())),
    ] {
        let upper = demanding(having(authority(), &[ONE]), after);
        assert_eq!(outcome(&upper, &one, &signer()), expected, "{after}");
    }
    let own = demanding(signer(), 0);
    assert_eq!(outcome(&one, &one, &own), refused_at("Signer"));
    assert_eq!(outcome(&one, &one, &having(own, &[ONE])), Ok(()));
}

#[test]
fn any_policy_stands_for_each_until_it_is_inhibited() {
    let upper = demanding(having(authority(), &[ANY]), 0);
    let any = having(authority(), &[ANY]);
    assert_eq!(outcome(&upper, &any, &having(signer(), &[TWO])), Ok(()));
    assert_eq!(outcome(&upper, &any, &having(signer(), &[ANY])), Ok(()));
    let strict = inhibiting_any(demanding(having(authority(), &[ANY]), 0));
    let lower = outcome(&strict, &any, &having(signer(), &[TWO]));
    assert_eq!(lower, refused_at("Lower"));
    let two = having(authority(), &[TWO]);
    assert_eq!(outcome(&strict, &two, &having(signer(), &[TWO])), Ok(()));
    let last = outcome(&strict, &two, &having(signer(), &[ANY]));
    assert_eq!(last, refused_at("Signer"));
}

#[test]
fn a_mapped_policy_is_another_below() {
    let upper = mapping(demanding(having(authority(), &[ONE]), 0), ONE, TWO);
    let two = having(authority(), &[TWO]);
    assert_eq!(outcome(&upper, &two, &having(signer(), &[TWO])), Ok(()));
    let one = having(authority(), &[ONE]);
    let unmapped = outcome(&upper, &one, &having(signer(), &[ONE]));
    assert_eq!(unmapped, refused_at("Lower"));
    // The upper authority forbids what the lower one does.
    let strict = inhibiting_mapping(having(authority(), &[ONE]));
    let lower = mapping(having(authority(), &[ONE]), ONE, TWO);
    let lost = outcome(&strict, &lower, &having(signer(), &[TWO]));
    assert_eq!(lost, refused_at("Signer"));
}

#[test]
fn an_any_policy_that_is_mapped_is_refused() {
    let upper = mapping(demanding(having(authority(), &[ANY]), 0), ANY, TWO);
    let two = having(authority(), &[TWO]);
    assert!(outcome(&upper, &two, &having(signer(), &[TWO])).is_err());
}

/// Whether root, authority and signer hold under what the caller demands.
fn holds_under(initial: &InitialPolicies, authority_plan: &Plan, signer_plan: &Plan) -> bool {
    let (root, middle) = (entity("Root"), entity("Authority"));
    let anchor = issue(&root, &root, &authority());
    let between = [issue(&middle, &root, authority_plan)];
    let target = issue(&entity("Signer"), &middle, signer_plan);
    let result = build_paths_with_policies(
        &target,
        &between,
        &trusting(&[&anchor]),
        now(),
        PathPurpose::DocumentSigning,
        &Budget::default(),
        initial,
    );
    result.path().is_some()
}

fn accepting(policies: &[&str]) -> InitialPolicies {
    let oids = policies
        .iter()
        .map(|text| ObjectIdentifier::from(const_oid::ObjectIdentifier::new(text).unwrap()));
    InitialPolicies::default().accepting(oids)
}

#[test]
fn the_caller_may_demand_policies_and_say_which_are_acceptable() {
    let one = |plan| having(plan, &[ONE]);
    let both = |initial: &InitialPolicies| holds_under(initial, &one(authority()), &one(signer()));
    let explicit = |initial: InitialPolicies| initial.demanding(PolicyDemand::Explicit);
    assert!(both(&explicit(InitialPolicies::default())));
    assert!(both(&explicit(accepting(&["1.2.1", "1.2.2"]))));
    assert!(!both(&explicit(accepting(&["1.2.2"]))));
    assert!(!both(&explicit(accepting(&[]))));
    // Without a demand the set does not count (RFC 5280, 6.1.5 (g)).
    assert!(both(&accepting(&["1.2.2"])));
    let none = explicit(InitialPolicies::default());
    assert!(!holds_under(&none, &one(authority()), &signer()));
}

/// A policy counts by what it is called at the top, and mapping can be forbidden.
#[test]
fn acceptable_policies_are_those_of_the_anchors_domain() {
    let mapped = mapping(having(authority(), &[ONE]), ONE, TWO);
    let below = having(signer(), &[TWO]);
    let explicit = |initial: InitialPolicies| initial.demanding(PolicyDemand::Explicit);
    assert!(holds_under(
        &explicit(accepting(&["1.2.1"])),
        &mapped,
        &below
    ));
    assert!(!holds_under(
        &explicit(accepting(&["1.2.2"])),
        &mapped,
        &below
    ));
    let forbidden = explicit(accepting(&["1.2.1"])).demanding(PolicyDemand::InhibitMapping);
    assert!(!holds_under(&forbidden, &mapped, &below));
    let any = having(authority(), &[ANY]);
    let one = having(signer(), &[ONE]);
    assert!(holds_under(&explicit(accepting(&["1.2.1"])), &any, &one));
    let no_any = explicit(accepting(&["1.2.1"])).demanding(PolicyDemand::InhibitAnyPolicy);
    assert!(!holds_under(&no_any, &any, &one));
}
