//! Folders of anchor files.

use std::error::Error;
use std::fs;
use std::path::Path;

use openssl::base64::encode_block;
use openssl::hash::MessageDigest;
use openssl::pkcs7::{Pkcs7, Pkcs7Flags};
use openssl::stack::Stack;
use openssl::x509::X509;
use trien_trust::{
    AnchorFolder, AnchorProblemKind as Problem, AnchorPurposes, FolderLimits, PathPurpose,
    TrustAnchors,
};
use trien_types::UnixTime;
use trien_x509::Certificate;

use crate::pki::{Entity, Kind, Plan, entity, issue_x509, names, plan};

fn root(name: &str) -> X509 {
    let root = entity(name);
    issue_x509(&root, &root, &plan(Kind::Authority))
}

fn read(folder: &Path) -> AnchorFolder {
    TrustAnchors::read_dir(folder, &FolderLimits::default()).unwrap()
}

fn found(folder: &AnchorFolder) -> Vec<String> {
    names(folder.anchors.iter().map(|anchor| anchor.certificate()))
}

/// File names and kinds of the problems.
fn problems(folder: &AnchorFolder) -> Vec<(String, &Problem)> {
    folder
        .problems
        .iter()
        .map(|problem| {
            let name = problem.path.file_name().unwrap().to_str().unwrap();
            (name.to_owned(), &problem.kind)
        })
        .collect()
}

/// A PKCS#7 bag of certificates, signed because OpenSSL's binding makes no other.
fn bag(certificates: &[&X509]) -> Pkcs7 {
    let signer: Entity = entity("Bag signer");
    let own = issue_x509(&signer, &signer, &plan(Kind::Signer));
    let mut stack = Stack::new().unwrap();
    for certificate in certificates {
        stack.push((*certificate).clone()).unwrap();
    }
    Pkcs7::sign(&own, &signer.key, &stack, b"", Pkcs7Flags::BINARY).unwrap()
}

#[test]
fn every_form_of_file_is_read_in_order_of_names() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, octets: &[u8]| fs::write(folder.path().join(name), octets).unwrap();
    let (a, b, c, d, e) = (root("A"), root("B"), root("C"), root("D"), root("E"));
    let two = [
        b"\xEF\xBB\xBFsome words\r\n".to_vec(),
        a.to_pem().unwrap(),
        b"and more\n".to_vec(),
        String::from_utf8(b.to_pem().unwrap())
            .unwrap()
            .replace('\n', "\r\n")
            .into_bytes(),
    ];
    write("1.pem", &two.concat());
    write("2.cer", &c.to_der().unwrap());
    write("3.p7b", &bag(&[&d, &a]).to_der().unwrap());
    write("4.p7b", &bag(&[&e]).to_pem().unwrap());
    write(".hidden", b"nothing");
    let read = read(folder.path());
    let signers = "Bag signer";
    let mut expected = vec!["A", "B", "C", "D", "E"];
    expected.retain(|name| found(&read).iter().any(|found| found == name));
    assert_eq!(expected, ["A", "B", "C", "D", "E"]);
    let order: Vec<String> = found(&read)
        .into_iter()
        .filter(|name| name != signers)
        .collect();
    assert_eq!(order, expected);
    assert!(problems(&read).is_empty(), "{:?}", read.problems);
    // Octet for octet what the file holds.
    let id = Certificate::from_der(c.to_der().unwrap()).unwrap().id();
    assert!(read.anchors.find(id).is_some());
    assert_eq!(
        c.digest(MessageDigest::sha256()).unwrap().as_ref(),
        id.as_octets()
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_count() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let good = root("Good");
    let key = entity("Key").key.private_key_to_pem_pkcs8().unwrap();
    let pem = good.to_pem().unwrap();
    let der = good.to_der().unwrap();
    let bag = bag(&[&good]).to_der().unwrap();
    let words = b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n";
    fs::write(path("a.txt"), b"read me").unwrap();
    fs::write(path("b.pem"), [key, pem.clone()].concat()).unwrap();
    fs::write(path("c.pem"), &pem[..pem.len() - 30]).unwrap();
    fs::write(path("d.pem"), words).unwrap();
    fs::write(path("e.cer"), &der[..der.len() - 1]).unwrap();
    fs::create_dir(path("f")).unwrap();
    fs::write(
        path("g.pem"),
        b"-----BEGIN CERTIFICATE-----\n-----END CMS-----",
    )
    .unwrap();
    fs::write(path("h.p7b"), damaged(&bag)).unwrap();
    std::os::unix::fs::symlink(path("nowhere"), path("i.pem")).unwrap();
    let read = read(folder.path());
    assert_eq!(found(&read), ["Good"]);
    let problems = problems(&read);
    let kinds: Vec<&str> = problems.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "a.txt", "b.pem", "c.pem", "d.pem", "e.cer", "f", "g.pem", "h.p7b", "i.pem"
        ]
    );
    assert!(matches!(problems[0].1, Problem::NotACertificate { .. }));
    assert!(matches!(problems[1].1, Problem::OtherBlock { offset: 0 }));
    assert!(matches!(problems[2].1, Problem::NotClosed { offset: 0 }));
    assert!(matches!(problems[3].1, Problem::NotBase64 { offset: 0 }));
    assert!(matches!(problems[4].1, Problem::NotACertificate { .. }));
    assert!(matches!(problems[5].1, Problem::NotAFile));
    assert!(matches!(problems[6].1, Problem::NotClosed { offset: 0 }));
    assert!(matches!(problems[7].1, Problem::NotSignedData { .. }));
    assert!(matches!(problems[8].1, Problem::Unreadable(_)));
    assert!(read.problems[4].source().is_some());
    assert!(read.problems[4].to_string().contains("e.cer"));
}

/// The version, the first INTEGER inside, becomes something else.
fn damaged(signed_data: &[u8]) -> Vec<u8> {
    let mut octets = signed_data.to_vec();
    let version = octets
        .windows(3)
        .position(|window| window == [2, 1, 1])
        .unwrap();
    octets[version] = 4;
    octets
}

#[test]
fn a_bad_certificate_among_good_ones_is_the_only_one_lost() {
    let folder = tempfile::tempdir().unwrap();
    let first = root("First").to_pem().unwrap();
    let bad = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        encode_block(&[0x30, 3, 2, 1, 0])
    );
    let last = root("Last").to_pem().unwrap();
    let file = [first.as_slice(), bad.as_bytes(), &last].concat();
    fs::write(folder.path().join("bundle.pem"), file).unwrap();
    let read = read(folder.path());
    assert_eq!(found(&read), ["First", "Last"]);
    assert!(matches!(
        problems(&read)[..],
        [(_, Problem::NotACertificate { offset, .. })] if *offset == first.len()
    ));
}

#[test]
fn settings_of_openssl_beside_a_certificate_are_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let pem = String::from_utf8(root("Root").to_pem().unwrap()).unwrap();
    let trusted = pem.replace(" CERTIFICATE", " TRUSTED CERTIFICATE");
    fs::write(folder.path().join("a.pem"), trusted).unwrap();
    let read = read(folder.path());
    assert!(read.anchors.is_empty());
    assert!(matches!(problems(&read)[0].1, Problem::OtherBlock { .. }));
}

#[test]
fn limits_of_a_folder_are_kept_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut octets = 0;
    for name in ["A", "B", "C"] {
        let pem = root(name).to_pem().unwrap();
        octets = octets.max(pem.len());
        fs::write(folder.path().join(name), pem).unwrap();
    }
    let with = |change: &dyn Fn(&mut FolderLimits)| {
        let mut limits = FolderLimits::default();
        change(&mut limits);
        TrustAnchors::read_dir(folder.path(), &limits).unwrap()
    };
    let files = with(&|limits| limits.files = 2);
    assert_eq!(found(&files), ["A", "B"]);
    assert!(matches!(
        files.problems[0].kind,
        Problem::TooManyFiles {
            limit: 2,
            left_out: 1
        }
    ));
    let certificates = with(&|limits| limits.certificates = 2);
    assert_eq!(found(&certificates), ["A", "B"]);
    assert!(matches!(
        problems(&certificates)[..],
        [(_, Problem::TooManyCertificates { limit: 2 })]
    ));
    let exact = u64::try_from(octets).unwrap();
    assert!(
        with(&|limits| limits.file_octets = exact)
            .problems
            .is_empty()
    );
    let large = with(&|limits| limits.file_octets = 10);
    assert!(large.anchors.is_empty());
    assert!(matches!(
        problems(&large)[0].1,
        Problem::TooLarge { limit: 10 }
    ));
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = TrustAnchors::read_dir(&missing, &FolderLimits::default()).unwrap_err();
    assert_eq!(error.path, missing);
    assert!(error.source().is_some());
    assert!(read(folder.path()).anchors.is_empty());
}

#[test]
fn an_anchor_of_a_plan_with_odd_times_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = entity("Old");
    let old = Plan {
        digest: MessageDigest::sha1(),
        ..plan(Kind::Authority)
    };
    let certificate = issue_x509(&root, &root, &old);
    fs::write(folder.path().join("old.crt"), certificate.to_der().unwrap()).unwrap();
    assert_eq!(found(&read(folder.path())), ["Old"]);
}

/// What a folder with these files says of the root called "A": its purposes and end, or nothing.
fn bounded(files: &[(&str, &[u8])]) -> (Option<(AnchorPurposes, Option<UnixTime>)>, usize) {
    let folder = tempfile::tempdir().unwrap();
    for (name, octets) in files {
        fs::write(folder.path().join(name), octets).unwrap();
    }
    let read = read(folder.path());
    let anchor = read.anchors.iter().next();
    (
        anchor.map(|anchor| (anchor.purposes(), anchor.valid_until())),
        read.problems.len(),
    )
}

#[test]
fn bounds_beside_a_file_narrow_its_anchors() {
    let pem = root("A").to_pem().unwrap();
    let end = UnixTime::from_rfc3339("2030-12-31T23:59:59+07:00").ok();
    let text = b"purpose = \"time-stamping\"\nvalid-until = \"2030-12-31T23:59:59+07:00\"\n";
    let only = AnchorPurposes::Only(PathPurpose::TimeStamping);
    assert_eq!(
        bounded(&[("a.pem", &pem), ("a.pem.toml", text)]),
        (Some((only, end)), 0)
    );
    assert_eq!(
        bounded(&[("a.pem", &pem)]),
        (Some((AnchorPurposes::All, None)), 0)
    );
}

#[test]
fn bounds_that_cannot_be_used_leave_nothing_trusted() {
    let pem = root("A").to_pem().unwrap();
    let typing_error = b"purposes = \"signing\"\n".as_slice();
    assert_eq!(
        bounded(&[("a.pem", &pem), ("a.pem.toml", typing_error)]),
        (None, 1)
    );
    // The same certificate twice, bounded in one place only.
    let signing = b"purpose = \"signing\"\n".as_slice();
    let twice = [
        ("a.pem", pem.as_slice()),
        ("b.pem", &pem),
        ("b.pem.toml", signing),
    ];
    assert_eq!(bounded(&twice), (None, 1));
    // Bounds by another name are bounds of nothing, and said.
    let (anchor, problems) = bounded(&[("a.pem", &pem), ("a.toml", signing)]);
    assert!(anchor.is_some());
    assert_eq!(problems, 1);
}

/// With a limit that ends between the two files.
#[test]
fn a_limit_of_files_does_not_part_a_file_from_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, octets: &[u8]| fs::write(folder.path().join(name), octets).unwrap();
    write("a.pem", &root("A").to_pem().unwrap());
    write("a.pem.toml", b"purpose = \"signing\"\n");
    let mut limits = FolderLimits::default();
    limits.files = 1;
    let read = TrustAnchors::read_dir(folder.path(), &limits).unwrap();
    let only = AnchorPurposes::Only(PathPurpose::DocumentSigning);
    assert_eq!(read.anchors.iter().next().unwrap().purposes(), only);
    let alone = TrustAnchors::read_file(&folder.path().join("a.pem"), &limits);
    assert_eq!(alone.anchors.iter().next().unwrap().purposes(), only);
}
