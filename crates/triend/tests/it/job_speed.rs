//! What a job costs beside the token itself: documents a second against the same token's own
//! signatures, and memory with many large documents. Measured by hand, in release:
//! `cargo test --release -p triend --test it job_speed -- --ignored --nocapture --test-threads 1`.

use std::time::{Duration, Instant};

use serde_json::json;
use trien_testkit::pki::Role;
use trien_testkit::records::{Conformance, PageShape, official_letter};
use trien_testkit::structures::{Structure, write};
use trien_testkit::tokens::{CONFIG_VARIABLE, TEST_PIN};
use trien_token::{CertificateSelector, FinalTry, Module, Token};
use trien_types::SigningKey as _;
use triend::job::JobState;

use crate::job_desk::{Desk, approved, drawer, letter, runtime};
use crate::worker_softhsm::{id, pin, this_program};

/// Set for the process that measures.
const MEASURES: &str = "TRIEND_JOB_SPEED";

/// Where the spool is, where not on the build's own disk. An ext4 without a journal, as machines
/// for builds have, looks a long way for an inode when many files were removed just before.
const PLACE: &str = "TRIEND_JOB_SPEED_FOLDER";

fn place() -> std::path::PathBuf {
    let build = || env!("CARGO_TARGET_TMPDIR").into();
    std::env::var_os(PLACE).map_or_else(build, std::path::PathBuf::from)
}

/// Documents of the batch that is timed.
const BATCH: usize = 500;

/// Documents of the batch whose memory is measured, and their octets.
const LARGE_BATCH: usize = 1_000;
const LARGE_OCTETS: usize = 2_000_000;

/// Signatures of the token alone, before and after.
const RAW: u32 = 250;

/// Bounds that hold whatever else the machine does; the targets are 0.8 and 300 MB.
const LOWEST_SHARE: f64 = 0.3;
const MOST_MEGABYTES: u64 = 300;

fn raw_rate(token: &Token) -> f64 {
    let selector = CertificateSelector::Id(id(Role::Principal));
    let mut key = token
        .open_key(&selector, pin(TEST_PIN), FinalTry::Refuse)
        .unwrap();
    let scheme = key.schemes()[0];
    let start = Instant::now();
    for _ in 0..RAW {
        key.sign(scheme, &[7; 400]).unwrap();
    }
    f64::from(RAW) / start.elapsed().as_secs_f64()
}

/// From the person's answer to the end of the job.
async fn signing_time(desk: &Desk, address: &str) -> Duration {
    desk.answer(address, approved(Role::Principal, TEST_PIN))
        .await;
    let start = Instant::now();
    let job = desk.job(address);
    while !job.state().is_over() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(job.state(), JobState::Finished);
    start.elapsed()
}

/// Processor time of this process so far, in milliseconds; the token's worker is another one.
fn processor_milliseconds() -> f64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = status.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(11).take(2);
    // Hundredths of a second, user's and system's.
    ticks
        .map(|ticks| ticks.parse::<f64>().unwrap())
        .sum::<f64>()
        * 10.0
}

/// Run again with the tokens in its environment.
#[test]
fn batch() {
    if std::env::var_os(MEASURES).is_none() {
        return;
    }
    let module = Module::load(&trien_testkit::tokens::softhsm_module().unwrap()).unwrap();
    let token = module.token_labelled(Role::Principal.label()).unwrap();
    let folder = tempfile::TempDir::new_in(place()).unwrap();
    let settings =
        crate::worker_softhsm::settings(vec![trien_testkit::tokens::softhsm_module().unwrap()]);
    let desk = Desk::at(folder.path(), settings, |_| {}, None);
    let documents: Vec<(&str, &[u8])> = vec![("a", letter()); BATCH];
    for round in 1..=3 {
        let before = raw_rate(&token);
        let (took, busy) = runtime().block_on(async {
            let address = desk.create(&documents, json!({"level": "b-b"})).await;
            desk.until(&address, &["awaiting-consent"]).await;
            let start = processor_milliseconds();
            let took = signing_time(&desk, &address).await;
            let busy = processor_milliseconds() - start;
            desk.call("DELETE", &address).await.is_ok();
            (took, busy)
        });
        let after = raw_rate(&token);
        let rate = BATCH as f64 / took.as_secs_f64();
        let share = rate / f64::midpoint(before, after);
        println!(
            "round {round}: {BATCH} documents of {} octets in {took:.2?}: {rate:.0}/s with login \
             and disk; the token alone {before:.0}/s before and {after:.0}/s after: {:.0} %; {:.2} ms \
             of processor time for each beside the token",
            letter().len(),
            100.0 * share,
            busy / BATCH as f64
        );
        assert!(share > LOWEST_SHARE);
    }
}

#[test]
#[ignore = "measured by hand, in release"]
fn a_job_is_about_as_fast_as_its_token() {
    let Some(drawer) = drawer() else { return };
    let output = this_program("job_speed::batch")
        .env(MEASURES, "1")
        .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complained}");
}

/// The most memory that this process ever had, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes / 1_000
}

#[test]
fn large_batch() {
    if std::env::var_os(MEASURES).is_none() {
        return;
    }
    let folder = tempfile::TempDir::new_in(place()).unwrap();
    let settings =
        crate::worker_softhsm::settings(vec![trien_testkit::tokens::softhsm_module().unwrap()]);
    let desk = Desk::at(folder.path(), settings, |_| {}, None);
    let mut large = official_letter(PageShape::A4, 1, Conformance::PdfA2b).unwrap();
    let seeds = 0..u32::try_from(LARGE_OCTETS / 4).unwrap();
    let scan: Vec<u8> = seeds
        .flat_map(|seed| seed.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    large.add_stream("", &scan);
    let document = write(&large, Structure::ClassicTable);
    let before = peak();
    runtime().block_on(async {
        let names: Vec<_> = (0..LARGE_BATCH).map(|_| json!({"name": "a"})).collect();
        let body = json!({"documents": names, "signature": {"level": "b-b"}});
        let reply = desk.post("/v1/jobs", &body).await;
        let address = reply.is_ok().headers["location"]
            .to_str()
            .unwrap()
            .to_owned();
        for number in 1..=LARGE_BATCH {
            let path = format!("{address}/documents/{number}");
            desk.put(&path, &document).await.is_ok();
        }
        let received = peak();
        desk.until(&address, &["awaiting-consent"]).await;
        let examined = peak();
        let took = signing_time(&desk, &address).await;
        let job = desk.show(&address).await;
        assert_eq!(job["signed"], LARGE_BATCH);
        println!(
            "{LARGE_BATCH} documents of {} octets signed in {took:.1?}; peak memory in MB: \
             {before} before, {received} received, {examined} examined, {} signed",
            document.len(),
            peak()
        );
    });
    assert!(peak() < MOST_MEGABYTES);
}

#[test]
#[ignore = "measured by hand, in release: four gigabytes of disk"]
fn a_thousand_large_documents_need_little_memory() {
    let Some(drawer) = drawer() else { return };
    let output = this_program("job_speed::large_batch")
        .env(MEASURES, "1")
        .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&output.stdout));
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complained}");
}
