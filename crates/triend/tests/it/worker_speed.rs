//! What the worker costs: signatures a second through it, against the same token in this process.

use std::time::{Duration, Instant};

use trien_testkit::pki::Role;
use trien_testkit::tokens::{CONFIG_VARIABLE, TEST_PIN};
use trien_token::{CertificateSelector, FinalTry, Module};
use trien_types::SigningKey as _;

use crate::worker_softhsm::{Drawer, id, open, pin, plan, this_program};

/// Signatures of one round: few, so that some rounds are spared by other work on the machine, and
/// the best tells what the road costs. Rounds alternate, so that the same weather is for all.
const ROUND: u32 = 40;
const ROUNDS: usize = 60;

/// The share that must be reached whatever else the machine does; the target is 0.9, in release
/// and on an idle machine, where this test prints it.
const LOWEST_SHARE: f64 = 0.5;

/// Run again with the tokens in its environment: `SoftHSM` in this process and in a worker.
#[test]
fn rounds() {
    if std::env::var_os("TRIEND_TEST_SPEED").is_none() {
        return;
    }
    let module = trien_testkit::tokens::softhsm_module().unwrap();
    let token = Module::load(&module).unwrap();
    let token = token.token_labelled(Role::Principal.label()).unwrap();
    let selector = CertificateSelector::Id(id(Role::Principal));
    let mut raw = token
        .open_key(&selector, pin(TEST_PIN), FinalTry::Refuse)
        .unwrap();
    let service =
        triend::token_worker::TokenService::new(crate::worker_softhsm::settings(vec![module]));
    let mut key = open(&service, Role::Principal).unwrap();
    let scheme = key.schemes()[0];
    assert_eq!(raw.schemes()[0], scheme);
    let message = [7; 400];
    let mut took = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..ROUND {
            raw.sign(scheme, &message).unwrap();
        }
        took[0].push(start.elapsed());
        let start = Instant::now();
        for _ in 0..ROUND {
            key.sign(scheme, &message).unwrap();
        }
        took[1].push(start.elapsed());
        let start = Instant::now();
        let mut before = key.start(scheme, &message).unwrap();
        for _ in 1..ROUND {
            let next = key.start(scheme, &message).unwrap();
            before.wait().unwrap();
            before = next;
        }
        before.wait().unwrap();
        took[2].push(start.elapsed());
    }
    let rate = |times: &mut Vec<Duration>| {
        let best = times.iter().min().unwrap();
        f64::from(ROUND) / best.as_secs_f64()
    };
    let [raw, one, two] = took.each_mut().map(rate);
    println!(
        "{scheme}, signatures/s: token in this process {raw:.0}; worker, one at a time {one:.0} \
         ({:.1} %), two under way {two:.0} ({:.1} %)",
        100.0 * one / raw,
        100.0 * two / raw
    );
    assert!(two / raw > LOWEST_SHARE);
}

#[test]
fn a_worker_costs_little_of_a_tokens_speed() {
    let Some(drawer) = Drawer::with(&[plan(Role::Principal)]) else {
        return;
    };
    let output = this_program("worker_speed::rounds")
        .env("TRIEND_TEST_SPEED", "1")
        .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}");
    assert!(said.contains("signatures/s"), "{said}");
}
