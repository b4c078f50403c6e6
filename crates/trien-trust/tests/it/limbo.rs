//! Cases of x509-limbo that are about paths and CRLs rather than host names, made here.
//!
//! Limbo's vectors are in no package index, so the certificates are issued by this maker after
//! limbo's descriptions. `testdata/limbo.json` gives each case limbo's expectation in words of our
//! own, and a reason where we answer otherwise.

mod names;
mod structures;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use trien_trust::revocation::StatusAt;
use trien_types::UnixTime;
use trien_x509::Certificate;

use crate::list_statements::path_of;
use crate::lists::{CRITICAL, CrlPlan, NOT_CRITICAL, ask, extension, pool};
use crate::pki::{Entity, Kind, Plan, chain, day, entity, issue, now, plan, search, trusting};

#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Valid,
    Invalid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    expected: Expected,
    case: String,
    #[serde(default)]
    otherwise: Option<String>,
}

fn authority() -> Plan {
    plan(Kind::Authority)
}

fn leaf() -> Plan {
    plan(Kind::Signer)
}

/// Root, authority, leaf; whether a path is found now.
fn three(root_plan: &Plan, authority_plan: &Plan, leaf: &Plan) -> bool {
    let (root, middle) = (entity("Root"), entity("Authority"));
    let anchor = issue(&root, &root, root_plan);
    let between = issue(&middle, &root, authority_plan);
    let target = issue(&entity("Signer"), &middle, leaf);
    holds(&target, &[&between], &[&anchor], now())
}

fn holds(
    target: &Certificate,
    between: &[&Certificate],
    anchors: &[&Certificate],
    time: UnixTime,
) -> bool {
    search(target, between, &trusting(anchors), time)
        .path()
        .is_some()
}

/// Names of our own stand as they are.
fn full(group: &str, id: &str) -> String {
    if id.starts_with("own::") {
        id.to_owned()
    } else {
        format!("{group}::{id}")
    }
}

/// A chain of authorities with these path lengths below a root with `first`, and a leaf.
fn lengths(first: Option<u32>, below: &[(&str, Option<u32>)]) -> bool {
    let with = |length| Plan {
        path_length: length,
        ..authority()
    };
    let mut above = entity("Root");
    let anchor = issue(&above, &above, &with(first));
    let mut between = Vec::new();
    for (name, length) in below {
        let next = entity(name);
        between.push(issue(&next, &above, &with(*length)));
        above = next;
    }
    let target = issue(&entity("Signer"), &above, &leaf());
    holds(
        &target,
        &between.iter().collect::<Vec<_>>(),
        &[&anchor],
        now(),
    )
}

fn path_lengths(add: &mut impl FnMut(&str, bool)) {
    for (id, result) in [
        (
            "ee-with-intermediate-pathlen-0",
            lengths(None, &[("A", Some(0))]),
        ),
        (
            "intermediate-violates-pathlen-0",
            lengths(Some(0), &[("A", Some(0))]),
        ),
        (
            "intermediate-pathlen-too-long",
            lengths(None, &[("A", Some(0)), ("B", Some(0))]),
        ),
        (
            "intermediate-pathlen-may-increase",
            lengths(Some(1), &[("A", Some(2))]),
        ),
        (
            "self-issued-certs-pathlen",
            lengths(Some(0), &[("Root", Some(0))]),
        ),
        (
            "own::pathlen::three-below-one",
            lengths(Some(1), &[("A", None), ("B", None), ("C", None)]),
        ),
    ] {
        add(&full("pathlen", id), result);
    }
}

fn pathological(add: &mut impl FnMut(&str, bool)) {
    let (root, one, two) = (entity("Root"), entity("One"), entity("Two"));
    let anchor = issue(&root, &root, &authority());
    let cycle = [
        issue(&one, &two, &authority()),
        issue(&two, &one, &authority()),
    ];
    let target = issue(&entity("Signer"), &one, &leaf());
    let members: Vec<&Certificate> = cycle.iter().collect();
    add(
        "pathological::intermediate-cycle-distinct-cas",
        holds(&target, &members, &[&anchor], now()),
    );
    let way_out = issue(&two, &root, &authority());
    add(
        "own::intermediate-cycle-with-a-way-out",
        holds(
            &target,
            &[members[0], members[1], &way_out],
            &[&anchor],
            now(),
        ),
    );
    let (old, new) = (entity("Old"), entity("New"));
    let middle: Entity = entity("Authority");
    let expired = issue(&middle, &old, &authority().valid(day(0), day(500)));
    let current = issue(&middle, &new, &authority());
    let anchors = [
        issue(&old, &old, &authority()),
        issue(&new, &new, &authority()),
    ];
    let target = issue(&entity("Signer"), &middle, &leaf());
    add(
        "pathological::multiple-chains-expired-intermediate",
        holds(
            &target,
            &[&expired, &current],
            &anchors.iter().collect::<Vec<_>>(),
            now(),
        ),
    );
}

fn lists(add: &mut impl FnMut(&str, bool)) {
    let chain = chain();
    let status = |plan: CrlPlan<'_>, by: &Entity| {
        let octets = plan.sign(&by.key);
        ask(&pool(&[&octets], &[]).0, &path_of(&chain), &[]).status_at(now()) == StatusAt::Good
    };
    let plan = |from, until| CrlPlan::by(&chain.authority_certificate, day(from), day(until));
    let number = |critical| extension(20, critical, b"\x02\x01\x01");
    let own = &chain.authority;
    let fresh = || plan(999, 1_001);
    add("crl::revoked-certificate-with-crl", {
        status(fresh().listing(&chain.signer, day(999)), own)
    });
    add("own::crl::certificate-not-on-crl", {
        status(fresh().listing(&chain.root_certificate, day(999)), own)
    });
    add("own::crl::serial-listed-by-another-issuer", {
        let other = CrlPlan::by(&chain.root_certificate, day(999), day(1_001));
        status(other.listing(&chain.signer, day(999)), &chain.root)
    });
    add("own::crl::expired-crl", status(plan(900, 950), own));
    add(
        "own::crl::another-key",
        status(plan(999, 1_001), &chain.root),
    );
    add(
        "crl::crlnumber-critical",
        status(fresh().with(number(CRITICAL)), own),
    );
    add("crl::crlnumber-missing", status(fresh(), own));
    add(
        "own::crl::stranger-of-the-same-name",
        status(fresh(), &entity("Authority")),
    );
    let odd = extension(99, NOT_CRITICAL, b"\x05\x00");
    add(
        "own::crl::unknown-noncritical-extension",
        status(fresh().with(odd), own),
    );
    let odd = extension(99, CRITICAL, b"\x05\x00");
    add(
        "own::crl::unknown-critical-extension",
        status(fresh().with(odd), own),
    );
}

#[test]
fn limbos_cases_end_as_expected_or_for_a_reason_otherwise() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/limbo.json");
    let listed: Vec<Case> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut made: BTreeMap<String, bool> = BTreeMap::new();
    let mut add = |id: &str, holds| {
        assert!(made.insert(id.to_owned(), holds).is_none(), "{id} twice");
    };
    names::name_constraints(&mut add);
    path_lengths(&mut add);
    structures::structures(&mut add);
    pathological(&mut add);
    lists(&mut add);
    let mut differing = Vec::new();
    let mut otherwise = 0;
    for case in &listed {
        let holds = made
            .remove(&case.id)
            .unwrap_or_else(|| panic!("{} is not made", case.id));
        assert!(case.case.len() > 10, "{}", case.id);
        let as_limbo = holds == (case.expected == Expected::Valid);
        otherwise += usize::from(case.otherwise.is_some());
        if as_limbo != case.otherwise.is_none() {
            differing.push(format!("{}: {holds}", case.id));
        }
    }
    let unlisted: Vec<&String> = made.keys().collect();
    assert_eq!(unlisted, Vec::<&String>::new());
    assert_eq!(differing, Vec::<String>::new());
    println!(
        "limbo, made after its descriptions: {} cases, {otherwise} otherwise for a reason",
        listed.len()
    );
}
