//! The rows of `docs/PERFORMANCE.md` that are work in one process, under Criterion:
//! `cargo bench -p trien --bench rows`. Rows of whole processes are run by `cargo xtask peers`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs,
    reason = "a program for developers: what fails must stop it, aloud"
)]

#[allow(dead_code, reason = "the program that writes files uses the rest")]
#[path = "../examples/measure/inputs.rs"]
mod inputs;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use trien::trust::TrustAnchors;
use trien::x509::Certificate;
use trien::{
    DigestAlgorithm, Document, Limits, SignatureRequest, SignatureScheme, UnixTime, Verification,
};
use trien_testkit::pki::{Role, TestPki};
use trien_testkit::structures::{Structure, write};

/// As the program that makes files has it.
const SIGNED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200);
const JUDGED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 365 * 86_400);

fn pki() -> TestPki {
    inputs::pki(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

fn anchors(pki: &TestPki) -> TrustAnchors {
    let roots = pki.anchors_der().unwrap().into_iter();
    TrustAnchors::from_certificates(roots.map(|der| Certificate::from_der(der).unwrap()))
}

fn verifying(criterion: &mut Criterion) {
    let pki = pki();
    let anchors = anchors(&pki);
    let verification = Verification::new(&anchors, JUDGED_AT);
    let mut group = criterion.benchmark_group("verify");
    for (name, octets, times) in [
        ("50 kB, 1 signature", 49_000, 1),
        ("50 kB, 10 signatures", 49_000, 10),
        ("3 kB, 3 signatures", 3_000, 3),
    ] {
        let page = write(&inputs::page(0, octets), Structure::ClassicTable);
        let file = inputs::signed(&pki, page, times).unwrap();
        group.throughput(Throughput::Elements(1));
        group.bench_function(name, |bencher| {
            bencher.iter(|| trien::verify(black_box(&file), &verification));
        });
    }
    let objects = write(&inputs::many_objects(30_000), Structure::ObjectStreams);
    let file = inputs::signed(&pki, objects, 2).unwrap();
    group.sample_size(10);
    group.bench_function("30,000 objects in streams, 2 signatures", |bencher| {
        bencher.iter(|| trien::verify(black_box(&file), &verification));
    });
    group.finish();
}

fn signing(criterion: &mut Criterion) {
    let pki = pki();
    let mut key = inputs::key(pki.identity(Role::Principal).unwrap()).unwrap();
    let file = write(&inputs::page(0, 49_000), Structure::ClassicTable);
    let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);
    let mut group = criterion.benchmark_group("sign");
    group.throughput(Throughput::Elements(1));
    group.bench_function("50 kB, RSA-2048 in memory", |bencher| {
        bencher.iter(|| {
            let request = SignatureRequest::new("HieuTruong", SIGNED_AT).under(scheme);
            let document = Document::open(black_box(&file), &Limits::default()).unwrap();
            let signed = trien::sign(&document, &mut key, request).unwrap();
            signed.to_vec()
        });
    });
    group.finish();
}

criterion_group!(rows, verifying, signing);
criterion_main!(rows);
