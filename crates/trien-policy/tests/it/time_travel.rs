//! One signature judged at many moments (EN 319 102-1, 5.3 to 5.6): certificates end, are revoked
//! or compromised, algorithms break; with and without stamps and archive stamps.

use trien_policy::{
    CertificateStatus, Conclusion, EvidenceKind, Language, PathFact, ProfileChoice, StatusFact,
    judge,
};

use crate::scenario::{Happened, Held, Scenario, day};

fn concluded(scenario: &Scenario, at: &str) -> String {
    let at = day(at);
    let report = judge(
        &scenario.facts(at),
        &ProfileChoice::default(),
        at,
        Language::En,
    );
    let conclusion = report.signatures[0].conclusion;
    if conclusion == Conclusion::Passed {
        return "passed".to_owned();
    }
    conclusion.sub_indication().unwrap().to_lowercase()
}

/// Moments of judgement and what is concluded at each level: basic, time, long-term, archive,
/// renewed.
fn assert_table(happened: Happened, table: &[(&str, [&str; 5])]) {
    for (at, expected) in table {
        let found = Held::ALL.map(|held| concluded(&Scenario::new(held, happened), at));
        assert_eq!(found, *expected, "{happened:?} at {at}");
    }
}

const SOON: &str = "2026-06-02";
const NEXT_YEAR: &str = "2027-06-01";
const SIGNER_EXPIRED: &str = "2028-03-01";
const STAMPING_EXPIRED: &str = "2029-03-01";
const AUTHORITY_EXPIRED: &str = "2030-03-01";

#[test]
fn with_fresh_lists_a_signature_lives_as_long_as_what_proves_its_time() {
    assert_table(
        Happened::Nothing,
        &[
            (SOON, ["passed"; 5]),
            (NEXT_YEAR, ["passed"; 5]),
            // Only a proof of time survives the certificate. Without the answer in the file, lists
            // say nothing of it any more.
            (
                SIGNER_EXPIRED,
                [
                    "out_of_bounds_no_poe",
                    "try_later",
                    "passed",
                    "passed",
                    "passed",
                ],
            ),
            // The stamp's own authority ended: only a later stamp carries it on.
            (
                STAMPING_EXPIRED,
                [
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "passed",
                ],
            ),
            (
                AUTHORITY_EXPIRED,
                [
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "passed",
                ],
            ),
        ],
    );
}

#[test]
fn offline_the_file_must_bring_the_evidence_itself() {
    assert_table(
        Happened::NothingFetched,
        &[
            (
                SOON,
                ["try_later", "try_later", "passed", "passed", "passed"],
            ),
            (
                SIGNER_EXPIRED,
                [
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "passed",
                    "passed",
                    "passed",
                ],
            ),
        ],
    );
}

#[test]
fn a_revocation_after_the_proven_time_changes_nothing_and_one_without_proof_everything() {
    assert_table(
        Happened::SignerRevoked,
        &[
            (SOON, ["passed"; 5]),
            (
                NEXT_YEAR,
                ["revoked_no_poe", "passed", "passed", "passed", "passed"],
            ),
            (
                SIGNER_EXPIRED,
                ["revoked_no_poe", "passed", "passed", "passed", "passed"],
            ),
        ],
    );
}

#[test]
fn a_certificate_revoked_before_signing_never_passes() {
    assert_table(
        Happened::RevokedBefore,
        &[
            (SOON, ["revoked_no_poe"; 5]),
            (NEXT_YEAR, ["revoked_no_poe"; 5]),
        ],
    );
}

#[test]
fn a_compromised_authority_leaves_what_was_proven_and_archived_before() {
    assert_table(
        Happened::AuthorityRevoked,
        &[
            (SOON, ["passed"; 5]),
            // The answer about the signer may have been forged since: only one that is proven to
            // be older counts.
            (
                NEXT_YEAR,
                [
                    "revoked_ca_no_poe",
                    "try_later",
                    "try_later",
                    "passed",
                    "passed",
                ],
            ),
        ],
    );
}

#[test]
fn a_compromised_time_stamping_authority_proves_nothing_any_more() {
    assert_table(
        Happened::StampingRevoked,
        &[
            (SOON, ["passed"; 5]),
            // The signer's certificate is still good by fresh lists: no proof is needed.
            (NEXT_YEAR, ["passed"; 5]),
            (
                SIGNER_EXPIRED,
                [
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                    "out_of_bounds_no_poe",
                ],
            ),
        ],
    );
}

#[test]
fn a_key_that_became_too_short_needs_a_proof_from_before() {
    let late = "2031-03-01";
    for held in Held::ALL {
        let mut scenario = Scenario::new(held, Happened::Nothing);
        scenario.bits = 2_048;
        assert_eq!(concluded(&scenario, SOON), "passed", "{held:?}");
        let expected = if held == Held::Renewed {
            "passed"
        } else {
            "crypto_constraints_failure_no_poe"
        };
        assert_eq!(concluded(&scenario, late), expected, "{held:?}");
        scenario.bits = 1_024;
        let expected = "crypto_constraints_failure_no_poe";
        assert_eq!(concluded(&scenario, SOON), expected, "{held:?}");
    }
}

#[test]
fn an_answer_whose_signer_ended_counts_only_when_it_is_proven_to_be_older() {
    let at = day(NEXT_YEAR);
    let conclude = |held: Held, until: &str| {
        let mut facts = Scenario::new(held, Happened::NothingFetched).facts(at);
        let PathFact::Found { paths } = &mut facts.signatures[0].path else {
            panic!("no path");
        };
        for status in &mut paths[0].certificates[0].statuses {
            status.signer_until = Some(day(until));
        }
        let report = judge(&facts, &ProfileChoice::default(), at, Language::En);
        report.signatures[0].conclusion.sub_indication()
    };
    let late = "2026-06-02";
    assert_eq!(conclude(Held::LongTerm, late), Some("TRY_LATER"));
    assert_eq!(conclude(Held::Archive, late), None);
    assert_eq!(conclude(Held::Archive, "2026-05-31"), Some("TRY_LATER"));
}

#[test]
fn a_revocation_that_is_told_later_than_the_time_of_judgement_is_heard() {
    let at = day(SOON);
    let mut facts = Scenario::new(Held::LongTerm, Happened::NothingFetched).facts(at);
    let PathFact::Found { paths } = &mut facts.signatures[0].path else {
        panic!("no path");
    };
    let revoked = CertificateStatus::Revoked {
        since: day("2026-05-01"),
        reason: None,
    };
    let told = StatusFact::new(EvidenceKind::Crl, revoked, day("2026-07-01"), None);
    paths[0].certificates[0].statuses.push(told);
    let report = judge(&facts, &ProfileChoice::default(), at, Language::En);
    assert_eq!(
        report.signatures[0].conclusion.sub_indication(),
        Some("REVOKED_NO_POE")
    );
}
