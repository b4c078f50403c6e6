//! Extensions, identifiers, basic constraints, validity.

use trien_x509::asn1::{encode_tlv, sequence};

use super::{authority, holds, leaf, three};
use crate::pki::{Critical, KeyIdentifiers, Kind, Missing, Plan, chain, day, now, plan};

pub(super) fn structures(add: &mut impl FnMut(&str, bool)) {
    let odd = |plan: Plan, critical| plan.with("1.3.6.1.4.1.55738.666.1", critical, vec![5, 0]);
    let yes = |plan: Plan| odd(plan, Critical::Yes);
    add(
        "rfc5280::unknown-critical-extension-ee",
        three(&authority(), &authority(), &yes(leaf())),
    );
    add(
        "rfc5280::unknown-critical-extension-intermediate",
        three(&authority(), &yes(authority()), &leaf()),
    );
    add(
        "rfc5280::unknown-critical-extension-root",
        three(&yes(authority()), &authority(), &leaf()),
    );
    add(
        "own::unknown-noncritical-extension-ee",
        three(&authority(), &authority(), &odd(leaf(), Critical::No)),
    );
    let not_ca = plan(Kind::AuthorityWithout(Missing::Authority));
    add(
        "rfc5280::intermediate-ca-without-ca-bit",
        three(&authority(), &not_ca, &leaf()),
    );
    let no_sign = plan(Kind::AuthorityWithout(Missing::CertificateSigning));
    add(
        "rfc5280::root-inconsistent-ca-extensions",
        three(&no_sign, &authority(), &leaf()),
    );
    let plain = |plan: Plan| Plan {
        identifiers: KeyIdentifiers::Absent,
        ..plan
    };
    add(
        "rfc5280::aki::leaf-missing-aki",
        three(&authority(), &authority(), &plain(leaf())),
    );
    add(
        "rfc5280::ski::intermediate-missing-ski",
        three(&authority(), &plain(authority()), &leaf()),
    );
    add(
        "rfc5280::ski::root-missing-ski",
        three(&plain(authority()), &authority(), &leaf()),
    );
    let policy = || sequence(&[&sequence(&[&encode_tlv(0x06, &[&[0x2a, 3]])])]);
    let constraint = sequence(&[b"\x80\x01\x00"]);
    let under = |plan: Plan| plan.with("2.5.29.32", Critical::No, policy());
    let lax = under(authority()).with("2.5.29.36", Critical::No, constraint);
    add(
        "rfc5280::pc::ica-noncritical-pc",
        three(&authority(), &lax, &under(leaf())),
    );
    let place = encode_tlv(0x86, &[b"http://example.invalid/ca.cer"]);
    let issuers = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02";
    let access = sequence(&[&sequence(&[issuers, &place])]);
    let pointed = leaf().with("1.3.6.1.5.5.7.1.1", Critical::Yes, access);
    add(
        "rfc5280::ee-critical-aia-invalid",
        three(&authority(), &authority(), &pointed),
    );
    add(
        "rfc5280::no-keyusage",
        three(&authority(), &authority(), &plan(Kind::SignerWithoutUsage)),
    );
    let short = Plan {
        path_length: Some(0),
        ..no_sign.clone()
    };
    add(
        "rfc5280::ica-ku-keycertsign",
        three(&authority(), &short, &leaf()),
    );
    let twice =
        leaf()
            .with("1.2.3.4", Critical::No, vec![5, 0])
            .with("1.2.3.4", Critical::No, vec![5, 0]);
    add(
        "rfc5280::duplicate-extensions",
        three(&authority(), &authority(), &twice),
    );
    let good = chain();
    add(
        "rfc5280::chain-untrusted-root",
        holds(
            &good.signer,
            &[&good.authority_certificate, &good.root_certificate],
            &[&chain().root_certificate],
            now(),
        ),
    );
    add(
        "own::root-and-intermediate-swapped",
        holds(
            &good.signer,
            &[&good.root_certificate],
            &[&good.authority_certificate],
            now(),
        ),
    );
    let old = |plan: Plan| plan.valid(day(0), day(500));
    for (id, result) in [
        (
            "expired-root",
            three(&old(authority()), &authority(), &leaf()),
        ),
        (
            "expired-intermediate",
            three(&authority(), &old(authority()), &leaf()),
        ),
        (
            "expired-leaf",
            three(&authority(), &authority(), &old(leaf())),
        ),
    ] {
        add(&format!("own::validity::{id}"), result);
    }
}
