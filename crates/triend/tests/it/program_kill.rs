//! The program itself, or the process of its token, is killed at random points of batches and started
//! again: nothing that was signed is lost, nothing is signed twice, and the person is asked once for
//! each batch, and once more only where something is left to sign.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trien::{IntegrityFact, Verification};
use trien_testkit::tokens::TEST_PIN;
use triend::store::ContentHash;

use crate::csc_desk::{Desk, anchors};
use crate::job_desk::{anchors_in, letter, now, states};
use crate::job_kill::{TokenObject, holding, kill};

/// Documents of a batch.
const BATCH: usize = 12;
/// Batches; `TRIEND_KILLS` asks for more.
const KILLS: usize = 16;
/// The longest that the program signs before it is killed, in microseconds.
const LONGEST_LIFE_MICROSECONDS: u64 = 250_000;

fn word(desk: &Desk) -> String {
    format!("Authorization: Bearer {}\r\n", desk.callers[0])
}

/// The job as it is; none where the program is gone.
fn show(desk: &Desk, address: &str) -> Option<Value> {
    let (_, body) = desk
        .exchange(&format!("GET {address}"), &word(desk), "")
        .ok()?;
    serde_json::from_slice(&body).ok()
}

pub(crate) fn until(desk: &Desk, address: &str, wanted: &[&str]) -> Value {
    loop {
        let job = show(desk, address).unwrap();
        if wanted.contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub(crate) const OVER: &[&str] = &["finished", "stopped", "cancelled"];

/// Hashes of the results that a job is said to have, by their numbers.
fn results(desk: &Desk, address: &str, job: &Value) -> BTreeMap<usize, ContentHash> {
    let states = states(job);
    let signed = states
        .iter()
        .enumerate()
        .filter(|(_, state)| **state == "signed");
    signed
        .map(|(index, _)| {
            (
                index + 1,
                ContentHash::of(&download(desk, address, index + 1)),
            )
        })
        .collect()
}

fn download(desk: &Desk, address: &str, number: usize) -> Vec<u8> {
    let line = format!("GET {address}/documents/{number}");
    let (head, octets) = desk.exchange(&line, &word(desk), "").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    octets
}

/// Signs a batch, kills what it is told to in the middle, and gives which documents were said to be
/// signed before.
fn interrupted_batch(desk: &Desk, certificate: &str, round: usize) -> (String, Vec<usize>) {
    let documents =
        vec![json!({"name": "Học bạ kín", "pdf": STANDARD.encode(letter())}); BATCH];
    let order = json!({"documents": documents, "signature": {"level": "b-b"}});
    let reply = desk.call("/v1/jobs", &order);
    assert_eq!(reply.status, 201, "{reply:?}");
    let address = format!("/v1/jobs/{}", reply.json["job"].as_str().unwrap());
    until(desk, &address, &["awaiting-consent"]);
    desk.window().sign_with(certificate, TEST_PIN);
    let random = RandomState::new().hash_one(round) % LONGEST_LIFE_MICROSECONDS;
    let mut said = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_micros(random));
            if kills_the_program(round) {
                kill(desk.process());
            } else {
                desk.kill_workers();
            }
        });
        while let Some(job) = show(desk, &address) {
            let signed = states(&job).into_iter().enumerate();
            said = signed
                .filter(|(_, state)| *state == "signed")
                .map(|(index, _)| index + 1)
                .collect();
            if OVER.contains(&job["state"].as_str().unwrap()) && !kills_the_program(round) {
                break;
            }
        }
    });
    (address, said)
}

/// Three times the program, once the process of its token.
const fn kills_the_program(round: usize) -> bool {
    round % 4 != 3
}

#[test]
fn a_batch_survives_the_end_of_the_program_and_of_its_token_wherever_it_comes() {
    let Some(mut desk) = Desk::new() else { return };
    let kills = std::env::var("TRIEND_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let certificate = desk.credential();
    let mut object = TokenObject::of(desk.tokens());
    let roots = anchors_in(&anchors(&desk.folder));
    let (mut interrupted, mut kept, mut asked) = (0, 0, 0);
    for round in 0..kills {
        let (address, said) = interrupted_batch(&desk, &certificate, round);
        asked += 1;
        if kills_the_program(round) {
            object.mend();
            desk.start_again();
        } else {
            until(&desk, &address, OVER);
            object.mend();
        }
        let mut job = show(&desk, &address).unwrap();
        assert!(OVER.contains(&job["state"].as_str().unwrap()), "{job}");
        let before = results(&desk, &address, &job);
        for number in &said {
            assert!(before.contains_key(number), "{number} is lost: {job}");
        }
        kept += before.len();
        if before.len() < BATCH {
            interrupted += 1;
            let code = job["stopped"]["code"].as_str().unwrap();
            assert!(["interrupted", "token-failed"].contains(&code), "{job}");
            assert_eq!(desk.unseen_windows(), 0, "asked without need");
            let reply = desk.call(&format!("{address}/retries"), &json!({}));
            assert!(reply.status < 300, "{reply:?}");
            until(&desk, &address, &["awaiting-consent"]);
            desk.window().sign_with(&certificate, TEST_PIN);
            asked += 1;
            job = until(&desk, &address, OVER);
        }
        assert_eq!(job["state"], "finished", "{job}");
        let after = results(&desk, &address, &job);
        assert_eq!(after.len(), BATCH);
        for (number, hash) in before {
            assert_eq!(after[&number], hash, "{number} was signed twice");
        }
        for number in [1, BATCH] {
            let octets = download(&desk, &address, number);
            assert!(octets.starts_with(letter()));
            let report = trien::verify(&octets, &Verification::new(&roots, now()));
            assert_eq!(report.signatures.len(), 1);
            assert_eq!(report.signatures[0].facts.integrity, IntegrityFact::Intact);
        }
        let gone = desk.call(&format!("{address}/collected"), &json!({}));
        assert!(gone.status < 300, "{gone:?}");
    }
    assert_eq!(desk.unseen_windows(), 0, "asked without need");
    println!(
        "{kills} kills: {interrupted} batches interrupted, {kept} of {} results kept across them, \
         {asked} times asked, SoftHSM's token mended {} times",
        kills * BATCH,
        object.mended
    );
    assert!(interrupted > 0);
    let held = holding(desk.folder.path(), TEST_PIN.as_bytes());
    assert!(held.is_empty(), "the PIN is in {held:?}");
}
