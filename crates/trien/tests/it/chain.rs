//! Chains of signatures on one file, and that the same input gives the same octets.

use trien::{DigestAlgorithm, SignatureRequest, SignatureScheme};
use trien_testkit::pki::Role;
use trien_testkit::structures::Structure;

use crate::judges::Case;
use crate::school::{SIGNED_AT, assert_accepted, assert_sound, key, plain_record, sign};

#[test]
fn ten_signatures_on_one_file_all_hold() {
    let mut cases = Vec::new();
    for structure in [Structure::ClassicTable, Structure::ObjectStreams] {
        let Some(record) = plain_record(structure) else {
            return;
        };
        let mut file = record.clone();
        let mut fields = Vec::new();
        for number in 0..10_usize {
            let role = Role::SIGNERS[number % Role::SIGNERS.len()];
            let field = format!("{}-{}", role.label(), number + 1);
            let time = SIGNED_AT.plus_seconds(60 * number as i64);
            let request = SignatureRequest::new(&field, time).with_reason("Ký duyệt học bạ");
            let signed = sign(&file, &mut key(role), request).unwrap();
            assert!(signed.starts_with(&file), "signature {}", number + 1);
            file = signed;
            fields.push(field);
        }
        assert!(file.starts_with(&record));
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let name = format!("ten on {structure:?}");
        assert_sound(&file, &fields, &name);
        cases.push(Case::new(name, file, &fields));
    }
    assert_accepted(&cases, &[]);
}

#[test]
fn the_same_request_gives_the_same_octets() {
    for structure in [Structure::ClassicTable, Structure::XrefStream] {
        let Some(record) = plain_record(structure) else {
            return;
        };
        let make = || {
            let scheme = SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256);
            let request = SignatureRequest::new("ConDau", SIGNED_AT)
                .with_reason("Phát hành học bạ")
                .under(scheme);
            sign(&record, &mut key(Role::SchoolSeal), request).unwrap()
        };
        assert!(make() == make(), "{structure:?}");
    }
}
