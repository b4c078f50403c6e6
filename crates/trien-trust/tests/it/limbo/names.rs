//! Name constraints (RFC 5280, 4.2.1.10).

use trien_x509::asn1::{encode_tlv, sequence};

use super::{authority, full, holds, leaf, three};
use crate::lists::directory;
use crate::pki::{Critical, entity, issue, now};

fn dns(name: &str) -> Vec<u8> {
    encode_tlv(0x82, &[name.as_bytes()])
}

fn email(name: &str) -> Vec<u8> {
    encode_tlv(0x81, &[name.as_bytes()])
}

fn ip(octets: &[u8]) -> Vec<u8> {
    encode_tlv(0x87, &[octets])
}

/// The directory name of an entity.
fn subject(name: &str) -> Vec<u8> {
    let entity = entity(name);
    directory(issue(&entity, &entity, &leaf()).subject().as_der())
}

#[derive(Clone, Copy)]
enum Trees {
    Permitted,
    Excluded,
}

fn constraints(kind: Trees, names: &[Vec<u8>]) -> Vec<u8> {
    let trees: Vec<u8> = names.iter().flat_map(|name| sequence(&[name])).collect();
    let tag = match kind {
        Trees::Permitted => 0xa0,
        Trees::Excluded => 0xa1,
    };
    sequence(&[&encode_tlv(tag, &[&trees])])
}

/// The root has the constraints, the leaf the alternative names.
fn constrained(kind: Trees, trees: &[Vec<u8>], names: &[Vec<u8>]) -> bool {
    let root = authority().with("2.5.29.30", Critical::Yes, constraints(kind, trees));
    let leaf = leaf().with("2.5.29.17", Critical::No, sequence(&[&names.concat()]));
    three(&root, &authority(), &leaf)
}

pub(super) fn name_constraints(add: &mut impl FnMut(&str, bool)) {
    use Trees::{Excluded, Permitted};
    let d = |name: &str| vec![dns(name)];
    for (id, kind, trees, names) in [
        (
            "permitted-dns-mismatch",
            Permitted,
            d("example.com"),
            d("not-example.com"),
        ),
        (
            "excluded-dns-match",
            Excluded,
            d("example.com"),
            d("example.com"),
        ),
        (
            "permitted-dns-match",
            Permitted,
            d("example.com"),
            d("example.com"),
        ),
        (
            "permitted-dns-match-more",
            Permitted,
            d("example.com"),
            d("foo.bar.example.com"),
        ),
        (
            "excluded-dns-match-second",
            Excluded,
            d("not-allowed.example.com"),
            vec![dns("example.com"), dns("not-allowed.example.com")],
        ),
        (
            "permitted-ip-mismatch",
            Permitted,
            vec![ip(&[192, 0, 2, 0, 255, 255, 255, 0])],
            vec![ip(&[192, 0, 3, 1])],
        ),
        (
            "excluded-ipv4-match",
            Excluded,
            vec![ip(&[192, 0, 2, 0, 255, 255, 255, 0])],
            vec![ip(&[192, 0, 2, 1])],
        ),
        (
            "permitted-ipv4-match",
            Permitted,
            vec![ip(&[192, 0, 2, 0, 255, 255, 255, 0])],
            vec![ip(&[192, 0, 2, 1])],
        ),
        (
            "own::nc::invalid-ipv4-network",
            Permitted,
            vec![ip(&[192, 0, 2, 0, 255, 255, 255])],
            vec![ip(&[192, 0, 2, 1])],
        ),
        (
            "own::nc::permitted-email-match",
            Permitted,
            vec![email("example.com")],
            vec![email("a@example.com")],
        ),
        (
            "own::nc::permitted-email-mismatch",
            Permitted,
            vec![email("example.com")],
            vec![email("a@example.org")],
        ),
    ] {
        add(&full("rfc5280::nc", id), constrained(kind, &trees, &names));
    }
    let by_name = |kind, tree: &str, leaf_name: &str, alternative: &str| {
        let trees = constraints(kind, &[subject(tree)]);
        let root = authority().with("2.5.29.30", Critical::Yes, trees);
        let names = sequence(&[&subject(alternative)]);
        let leaf = leaf().with("2.5.29.17", Critical::No, names);
        let (above, target) = (entity("Root"), entity(leaf_name));
        let anchor = issue(&above, &above, &root);
        holds(&issue(&target, &above, &leaf), &[], &[&anchor], now())
    };
    for (id, kind, tree, name, alternative) in [
        (
            "permitted-dn-mismatch",
            Permitted,
            "foo",
            "not-foo",
            "not-foo",
        ),
        ("excluded-dn-match", Excluded, "foo", "foo", "foo"),
        ("permitted-dn-match", Permitted, "foo", "foo", "foo"),
        (
            "permitted-dn-match-subject-san-mismatch",
            Permitted,
            "foo",
            "not-foo",
            "foo",
        ),
        (
            "excluded-dn-match-sub-mismatch",
            Excluded,
            "foo",
            "foo",
            "not-foo",
        ),
    ] {
        let result = by_name(kind, tree, name, alternative);
        add(&full("rfc5280::nc", id), result);
    }
    let trees = || constraints(Permitted, &d("example.com"));
    let names = || sequence(&[&dns("example.com")]);
    let with_names = leaf().with("2.5.29.17", Critical::No, names());
    let lax = authority().with("2.5.29.30", Critical::No, trees());
    add(
        "rfc5280::nc::permitted-dns-match-noncritical",
        three(&lax, &authority(), &with_names),
    );
    for (id, critical) in [
        ("not-allowed-in-ee-noncritical", Critical::No),
        ("not-allowed-in-ee-critical", Critical::Yes),
    ] {
        let odd = with_names.clone().with("2.5.29.30", critical, trees());
        let result = three(&authority(), &authority(), &odd);
        add(&full("rfc5280::nc", id), result);
    }
}
