//! Each layer by itself, under Criterion: `cargo bench -p trien --bench layers`. What is slow in a
//! row of `rows` shows here as slow in one layer.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
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
use trien::trust::{Budget, PathPurpose, TrustAnchors, build_paths};
use trien::x509::{Certificate, Digester};
use trien::{DigestAlgorithm, Limits, ProfileChoice, UnixTime, Verification};
use trien_cms::{SignatureContents, SubFilter};
use trien_pdf::{Document, FieldValue, History, signature_fields};
use trien_testkit::pki::{Role, TestPki};
use trien_testkit::records;
use trien_testkit::structures::{Structure, write};

/// As the program that makes files has it.
const SIGNED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200);
const JUDGED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 365 * 86_400);

fn pki() -> TestPki {
    inputs::pki(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap()
}

fn ten(pki: &TestPki) -> Vec<u8> {
    let page = write(&inputs::page(0, 49_000), Structure::ClassicTable);
    inputs::signed(pki, page, 10).unwrap()
}

fn pdf(criterion: &mut Criterion) {
    let file = ten(&pki());
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("pdf");
    group.bench_function("open, 11 revisions", |bencher| {
        bencher.iter(|| Document::open(black_box(&file), &limits).unwrap());
    });
    group.bench_function("signature fields, 10", |bencher| {
        bencher.iter(|| {
            let document = Document::open(black_box(&file), &limits).unwrap();
            signature_fields(&document, document.latest()).unwrap()
        });
    });
    group.bench_function("compare 11 revisions", |bencher| {
        bencher.iter(|| {
            let document = Document::open(black_box(&file), &limits).unwrap();
            History::of_signed(&document)
        });
    });
    let mut pages = Vec::new();
    records::many_pages(&mut pages, 2_000).unwrap();
    group.bench_function("open, 20,000 objects", |bencher| {
        bencher.iter(|| Document::open(black_box(&pages), &limits).unwrap());
    });
    group.finish();
}

fn x509(criterion: &mut Criterion) {
    let pki = pki();
    let signer = pki.identity(Role::Principal).unwrap();
    let der = signer.certificate_der().unwrap();
    let issuer = pki.identity(Role::Principal.issuer()).unwrap();
    let issuer = Certificate::from_der(issuer.certificate_der().unwrap()).unwrap();
    let certificate = Certificate::from_der(der.clone()).unwrap();
    let key = issuer.public_key().unwrap();
    let mut group = criterion.benchmark_group("x509");
    group.bench_function("read a certificate again", |bencher| {
        bencher.iter(|| Certificate::from_der(black_box(der.as_slice())).unwrap());
    });
    group.bench_function("verify a certificate, RSA", |bencher| {
        bencher.iter(|| black_box(&certificate).verify_signature(&key).unwrap());
    });
    let octets = vec![7; 50 * 1_024];
    group.throughput(Throughput::Bytes(50 * 1_024));
    group.bench_function("SHA-256 of 50 kB", |bencher| {
        bencher.iter(|| Digester::digest(DigestAlgorithm::Sha256, black_box(&octets)).unwrap());
    });
    group.finish();
}

fn cms(criterion: &mut Criterion) {
    let pki = pki();
    let page = write(&inputs::page(0, 49_000), Structure::ClassicTable);
    let file = inputs::signed(&pki, page, 1).unwrap();
    let limits = Limits::default();
    let document = Document::open(&file, &limits).unwrap();
    let fields = signature_fields(&document, document.latest()).unwrap();
    let FieldValue::Signature(signature) = &fields[0].value else {
        panic!("no signature");
    };
    let parse = || {
        let contents = black_box(&signature.contents);
        SignatureContents::parse(contents, SubFilter::EtsiCadesDetached, &[], &limits).unwrap()
    };
    let contents = parse();
    let spans = signature.byte_range.as_ref().unwrap().spans();
    let spans = spans.map(|span| span.of(&file).unwrap());
    let mut group = criterion.benchmark_group("cms");
    group.bench_function("parse", |bencher| bencher.iter(parse));
    group.bench_function("verify over 50 kB, RSA", |bencher| {
        bencher.iter(|| black_box(&contents).verify(&spans, &[]));
    });
    group.finish();
}

fn trust_and_policy(criterion: &mut Criterion) {
    let pki = pki();
    let read = |der: Vec<u8>| Certificate::from_der(der).unwrap();
    let anchors = pki.anchors_der().unwrap().into_iter().map(read);
    let anchors = TrustAnchors::from_certificates(anchors);
    let path: Vec<Certificate> = pki
        .identity(Role::Principal)
        .unwrap()
        .path_der()
        .unwrap()
        .into_iter()
        .map(read)
        .collect();
    criterion.bench_function("trust/path that was built before", |bencher| {
        let purpose = PathPurpose::DocumentSigning;
        let budget = Budget::default();
        bencher.iter(|| build_paths(&path[0], &path, &anchors, SIGNED_AT, purpose, &budget));
    });
    let file = ten(&pki);
    let verification = Verification::new(&anchors, JUDGED_AT);
    let facts = trien::inspect(&file, &verification);
    criterion.bench_function("policy/judge 10 signatures", |bencher| {
        let profile = ProfileChoice::default();
        bencher.iter(|| trien::judge(&facts, &profile, JUDGED_AT, verification.language));
    });
}

criterion_group!(layers, pdf, x509, cms, trust_and_policy);
criterion_main!(layers);
