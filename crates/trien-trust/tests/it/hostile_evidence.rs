//! Evidence made to cost time or to break the reader.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use trien_trust::revocation::{StatedStatus, StatusAnswer, StatusAt, StatusSubject};
use trien_trust::{Budget, CertificationPath};
use trien_types::{Limits, UnixTime};
use trien_x509::Certificate;
use trien_x509::asn1::{encode_tlv, sequence};

use crate::list_statements::path_of;
use crate::lists::{
    CRITICAL, CrlPlan, NOT_CRITICAL, ResponsePlan, TRUE, ask, extension, generalized, good, pool,
    revoked,
};
use crate::pki::{Chain, Critical, Kind, chain, chain_of, day, now, plan};

/// Of a processor, in debug builds on a slow machine; in release all of these take milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Time that this thread had of a processor: what else the machine does is not counted. Where the system
/// does not tell it, the time that has gone by.
fn processor_time() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let began = BEGAN.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// A list of a million entries is read once; afterwards a question costs next to nothing.
#[test]
fn a_million_entries_are_looked_up_at_once() {
    let chain = chain();
    let mut plan = CrlPlan::by(&chain.authority_certificate, day(900), day(1_100));
    let date = generalized(day(500));
    let mut entries = Vec::with_capacity(40 << 20);
    for number in 0..1_000_000_u32 {
        // An odd factor permutes the numbers: no order, no repetition.
        let serial = number.wrapping_mul(0x9E37_79B1).to_be_bytes();
        let serial = encode_tlv(0x02, &[&[1], &serial]);
        entries.extend(sequence(&[&serial, &date]));
    }
    plan.entries.push(entries);
    let plan = plan.listing(&chain.signer, day(950));
    let octets = plan.sign(&chain.authority.key);
    let before = processor_time();
    let (pool, _) = pool(&[&octets], &[]);
    let reading = processor_time().saturating_sub(before);
    assert_eq!(
        pool.len(),
        1,
        "{:?}",
        pool.unreadable().first().map(|kept| &kept.error)
    );
    let path = path_of(&chain);
    let first = ask(&pool, &path, &[]);
    assert!(matches!(
        first.statements[0].status,
        StatedStatus::Revoked(_)
    ));
    let before = processor_time();
    for _ in 0..1_000 {
        assert_eq!(ask(&pool, &path, &[]), first);
    }
    // Against the one reading on the same machine, however fast that is.
    let each = processor_time().saturating_sub(before) / 1_000;
    println!("a million entries: read in {reading:?}, asked in {each:?}");
    assert!(each < reading / 50, "{each:?} {reading:?}");
}

/// Ten thousand lists of the issuer's name under a wrong key spend the budget, not the day.
#[test]
fn ten_thousand_forged_lists_end_with_the_budget() {
    let chain = chain();
    let stranger = crate::pki::entity("Stranger");
    let forged: Vec<Vec<u8>> = (0..64)
        .map(|number| {
            CrlPlan::by(&chain.authority_certificate, day(900), day(1_100))
                .number(number)
                .sign(&stranger.key)
        })
        .collect();
    // Distinct octets outside the signed ones are enough to be another piece of evidence.
    let mut pool = trien_trust::revocation::RevocationEvidence::default();
    for number in 0..10_000_usize {
        let mut octets = forged[number % forged.len()].clone();
        let at = octets.len() - 8;
        octets[at..at + 4].copy_from_slice(&u32::try_from(number).unwrap().to_be_bytes());
        pool.add_crl(&octets, &Limits::default());
    }
    let real = CrlPlan::by(&chain.authority_certificate, day(900), day(1_100));
    pool.add_crl(&real.sign(&chain.authority.key), &Limits::default());
    let before = processor_time();
    let answer = ask(&pool, &path_of(&chain), &[]);
    let took = processor_time().saturating_sub(before);
    println!("ten thousand lists: {took:?}");
    assert!(took < PATIENCE, "{took:?}");
    assert!(answer.statements.is_empty());
    assert_eq!(answer.rejected.len(), 10_001);
    let mut budget = Budget::default();
    budget.signatures = 11_000;
    let path = path_of(&chain);
    let answer = pool.ask(StatusSubject::on(&path).next().unwrap(), &[], &budget);
    assert_eq!(answer.status_at(now()), StatusAt::Good);
}

/// A certificate with 10,000 names, below constraints of 10,000 more.
#[test]
fn ten_thousand_names_take_bounded_time() {
    let name = |number: u32| {
        let text = format!("n{number}.example.invalid");
        encode_tlv(0x82, &[text.as_bytes()])
    };
    let names: Vec<Vec<u8>> = (0..10_000).map(name).collect();
    let trees: Vec<Vec<u8>> = names.iter().map(|name| sequence(&[name])).collect();
    let names = sequence(&[&names.concat()]);
    let excluded = sequence(&[&encode_tlv(0xa1, &[&trees.concat()])]);
    let points: Vec<Vec<u8>> = (0..10_000)
        .map(|number| {
            let uri = encode_tlv(0x86, &[format!("http://{number}.invalid").as_bytes()]);
            sequence(&[&encode_tlv(0xa0, &[&encode_tlv(0xa0, &[&uri])])])
        })
        .collect();
    let points = sequence(&[&points.concat()]);
    let before = processor_time();
    let signer = plan(Kind::Signer)
        .with("2.5.29.17", Critical::No, names)
        .with("2.5.29.31", Critical::No, points);
    let free = chain_of(&plan(Kind::Authority), &signer);
    let path = path_of(&free);
    let list = CrlPlan::by(&free.authority_certificate, day(900), day(1_100));
    let octets = list.sign(&free.authority.key);
    let lists: Vec<&[u8]> = vec![&octets];
    let answer = ask(&pool(&lists, &[]).0, &path, &[]);
    assert_eq!(answer.status_at(now()), StatusAt::Good);
    let constrained = plan(Kind::Authority).with("2.5.29.30", Critical::Yes, excluded);
    let bound = chain_of(&constrained, &signer);
    assert!(bound.search_at(now()).path().is_none());
    let took = processor_time().saturating_sub(before);
    println!("ten thousand names: {took:?}");
    assert!(took < PATIENCE, "{took:?}");
}

struct Seeds {
    chain: Chain,
    path: CertificationPath,
    /// Each with whether it is a list.
    evidence: Vec<(bool, Vec<u8>)>,
}

fn seeds() -> Seeds {
    let chain = chain();
    let key = &chain.authority.key;
    let list = || CrlPlan::by(&chain.authority_certificate, day(900), day(1_100));
    let hold = extension(21, NOT_CRITICAL, &[0x0a, 1, 6]);
    let point = extension(28, CRITICAL, &sequence(&[&encode_tlv(0x84, &[&[TRUE]])]));
    let respond = |status| {
        ResponsePlan::about(&chain.signer, &chain.authority_certificate, status, now())
            .carrying(&chain.authority_certificate)
            .sign(&chain.authority_certificate, key)
    };
    let evidence = vec![
        (true, list().number(5).sign(key)),
        (
            true,
            list()
                .number(6)
                .delta_of(5)
                .listing(&chain.signer, day(950))
                .sign(key),
        ),
        (
            true,
            list()
                .with(point)
                .listing_with(&chain.signer, day(950), &hold)
                .sign(key),
        ),
        (false, respond(good())),
        (false, respond(revoked(day(950), 1))),
    ];
    Seeds {
        path: path_of(&chain),
        evidence,
        chain,
    }
}

fn asked(seeds: &Seeds, evidence: &[(bool, Vec<u8>)]) -> StatusAnswer {
    let of = |lists: bool| -> Vec<&[u8]> {
        evidence
            .iter()
            .filter(|(is_list, _)| *is_list == lists)
            .map(|(_, octets)| octets.as_slice())
            .collect()
    };
    let candidates: Vec<&Certificate> = vec![&seeds.chain.root_certificate];
    ask(&pool(&of(true), &of(false)).0, &seeds.path, &candidates)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bent evidence never panics, and what it says was signed: an altered piece says exactly
    /// what it said before, or nothing.
    #[test]
    fn bent_evidence_says_nothing_that_was_not_signed(
        which in 0_usize..5,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        thread_local! {
            static SEEDS: Seeds = seeds();
        }
        SEEDS.with(|seeds| {
            let (is_list, original) = &seeds.evidence[which];
            let mut bent = original.clone();
            for (at, value) in &changes {
                let at = at.index(bent.len());
                bent[at] = *value;
            }
            if let Some(cut) = cut {
                bent.truncate(cut.index(original.len()));
            }
            let before = asked(seeds, &[(*is_list, original.clone())]);
            let after = asked(seeds, &[(*is_list, bent.clone())]);
            for statement in &after.statements {
                let same = before.statements.iter().any(|one| {
                    (one.status, one.this_update, one.next_update, one.produced_at, one.reasons)
                        == (
                            statement.status,
                            statement.this_update,
                            statement.next_update,
                            statement.produced_at,
                            statement.reasons,
                        )
                });
                prop_assert!(same, "{statement:?}");
            }
            let mut all = seeds.evidence.clone();
            all.push((*is_list, bent));
            let together = asked(seeds, &all);
            for time in [day(0), day(949), day(950), now(), day(5_000)] {
                let _ = together.status_at(time);
            }
            prop_assert!(matches!(together.status_at(now()), StatusAt::Revoked(_)));
            Ok(())
        })?;
    }

    /// An authority that signs nonsense: entries, extensions and distribution points at random.
    #[test]
    fn signed_nonsense_is_read_without_harm(
        tail in proptest::collection::vec(any::<u8>(), 0..24),
        number in 15_u8..64,
        critical in any::<bool>(),
        value in proptest::collection::vec(any::<u8>(), 0..24),
        point in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..24)),
    ) {
        let mut signer = plan(Kind::Signer);
        if let Some(point) = point {
            signer = signer.with("2.5.29.31", Critical::No, point);
        }
        let chain = chain_of(&plan(Kind::Authority), &signer);
        let key = &chain.authority.key;
        let critical = if critical { CRITICAL } else { NOT_CRITICAL };
        let odd = extension(number, critical, &value);
        let list = || CrlPlan::by(&chain.authority_certificate, day(900), day(1_100));
        let serial = encode_tlv(0x02, &[chain.signer.serial().as_octets()]);
        let mut entry = list();
        entry.entries.push(sequence(&[&serial, &generalized(day(950)), &tail]));
        let lists = [
            entry.sign(key),
            list().listing_with(&chain.signer, day(950), &odd).sign(key),
            list().with(odd.clone()).sign(key),
        ];
        let mut response =
            ResponsePlan::about(&chain.signer, &chain.authority_certificate, good(), now());
        response.single_extensions = odd;
        let response = response.sign(&chain.authority_certificate, key);
        let lists: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
        let (pool, _) = pool(&lists, &[&response]);
        // A certificate whose distribution points cannot be read is on no path.
        let result = chain.search_at(now());
        if let Some(path) = result.path() {
            let answer = ask(&pool, path, &[]);
            prop_assert_eq!(answer.statements.len() + answer.rejected.len(), pool.len());
            let revoked = matches!(answer.status_at(now()), StatusAt::Revoked(_));
            let held = matches!(answer.status_at(now()), StatusAt::OnHold(_));
            // The second list lists the certificate, whatever its entry says beside; only a
            // certificate issuer can make it another's.
            let unread = answer.rejected_of_note().count() > 0;
            prop_assert!(revoked || held || unread || number == 29, "{answer:?}");
        }
    }

    /// Octets that are anything at all.
    #[test]
    fn noise_is_kept_as_unreadable(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (pool, ids) = pool(&[&octets], &[&octets]);
        prop_assert!(pool.is_empty());
        prop_assert_eq!(pool.octets(ids[0]), Some(octets.as_slice()));
    }
}

/// A next update before the moment, a list from the future, dates at the ends of the calendar.
#[test]
fn odd_dates_are_only_dates() {
    let chain = chain();
    let first = UnixTime::from_rfc3339("0001-01-01T00:00:00Z").unwrap();
    let last = UnixTime::from_rfc3339("9998-12-31T00:00:00Z").unwrap();
    for (from, until) in [(first, last), (last, first), (first, first), (last, last)] {
        let octets =
            CrlPlan::by(&chain.authority_certificate, from, until).sign(&chain.authority.key);
        let answer = ask(&pool(&[&octets], &[]).0, &path_of(&chain), &[]);
        assert_eq!(answer.statements[0].this_update, from);
        assert_eq!(answer.statements[0].next_update, Some(until));
    }
}
