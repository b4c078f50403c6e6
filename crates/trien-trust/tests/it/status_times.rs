//! The status at a moment, as statements of different days give it.

use trien_trust::revocation::{StatusAnswer, StatusAt};
use trien_x509::asn1::{encode_tlv, sequence};

use crate::list_statements::path_of;
use crate::lists::{
    CRITICAL, CrlPlan, NOT_CRITICAL, ResponsePlan, ask, extension, pool, revoked, unknown,
};
use crate::pki::{Chain, Kind, chain, chain_of, day, plan};

fn list(chain: &Chain, from: i64) -> CrlPlan<'_> {
    CrlPlan::by(&chain.authority_certificate, day(from), day(from + 10))
}

fn answer(chain: &Chain, lists: &[CrlPlan<'_>], responses: &[Vec<u8>]) -> StatusAnswer {
    let lists: Vec<Vec<u8>> = lists
        .iter()
        .map(|list| list.sign(&chain.authority.key))
        .collect();
    let lists: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
    let responses: Vec<&[u8]> = responses.iter().map(Vec::as_slice).collect();
    ask(&pool(&lists, &responses).0, &path_of(chain), &[])
}

fn words(status: StatusAt) -> &'static str {
    match status {
        StatusAt::Good => "good",
        StatusAt::OnHold(_) => "hold",
        StatusAt::NotStated => "not stated",
        StatusAt::Revoked(_) => "revoked",
        StatusAt::Unknown => "unknown",
        _ => "new",
    }
}

fn table(answer: &StatusAnswer, rows: &[(i64, &str)]) {
    for (at, expected) in rows {
        assert_eq!(words(answer.status_at(day(*at))), *expected, "day {at}");
    }
}

#[test]
fn a_list_speaks_of_the_time_before_it_and_until_its_next_update() {
    let chain = chain();
    let answer = answer(&chain, &[list(&chain, 900)], &[]);
    table(
        &answer,
        &[
            (100, "good"),
            (900, "good"),
            (910, "good"),
            (911, "not stated"),
        ],
    );
}

#[test]
fn a_revocation_counts_from_its_date_on_whenever_it_was_stated() {
    let chain = chain();
    let late = list(&chain, 990).listing(&chain.signer, day(905));
    let answer = answer(&chain, &[list(&chain, 900), late], &[]);
    table(
        &answer,
        &[
            (904, "good"),
            (905, "revoked"),
            (909, "revoked"),
            (5_000, "revoked"),
        ],
    );
}

#[test]
fn a_hold_lasts_until_a_newer_statement_lifts_it() {
    let chain = chain();
    let hold = extension(21, NOT_CRITICAL, &[0x0a, 1, 6]);
    let held = || list(&chain, 900).listing_with(&chain.signer, day(895), &hold);
    let alone = answer(&chain, &[held()], &[]);
    table(&alone, &[(894, "good"), (895, "hold"), (910, "hold")]);
    let lifted = answer(&chain, &[held(), list(&chain, 905)], &[]);
    table(&lifted, &[(897, "good"), (907, "good")]);
}

#[test]
fn a_responder_that_does_not_know_the_certificate_outweighs_an_older_list() {
    let chain = chain();
    let respond = |at, status| {
        ResponsePlan::about(&chain.signer, &chain.authority_certificate, status, day(at))
            .sign(&chain.authority_certificate, &chain.authority.key)
    };
    let lists = [list(&chain, 900)];
    let later = answer(&chain, &lists, &[respond(905, unknown())]);
    table(&later, &[(905, "unknown")]);
    let lists = [list(&chain, 900)];
    let later = answer(&chain, &lists, &[respond(905, revoked(day(904), 1))]);
    table(&later, &[(903, "good"), (905, "revoked")]);
}

#[test]
fn good_needs_every_reason() {
    let chain = chain();
    let part = |bits: [u8; 3]| {
        let some = encode_tlv(0x83, &[&bits]);
        list(&chain, 900).with(extension(28, CRITICAL, &sequence(&[&some])))
    };
    // keyCompromise and cACompromise; the other six.
    let two = || part([7, 0b0110_0000, 0]);
    let six = || part([7, 0b0001_1111, 0b1000_0000]);
    table(&answer(&chain, &[two()], &[]), &[(905, "not stated")]);
    table(&answer(&chain, &[two(), six()], &[]), &[(905, "good")]);
}

#[test]
fn what_is_said_after_expiry_counts_only_where_expired_certificates_stay_listed() {
    let chain = chain_of(
        &plan(Kind::Authority),
        &plan(Kind::Signer).valid(day(0), day(1_000)),
    );
    let since = crate::lists::generalized(day(500));
    let kept = list(&chain, 1_200).with(extension(60, NOT_CRITICAL, &since));
    let path = chain.search_at(day(900)).path().unwrap().clone();
    let asked = |list: CrlPlan<'_>| {
        let octets = list.sign(&chain.authority.key);
        ask(&pool(&[&octets], &[]).0, &path, &[])
    };
    table(&asked(list(&chain, 1_200)), &[(900, "not stated")]);
    table(&asked(kept), &[(900, "good")]);
    let listed = list(&chain, 1_200).listing(&chain.signer, day(800));
    table(&asked(listed), &[(700, "good"), (900, "revoked")]);
}
