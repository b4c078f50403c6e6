//! The CMS structure in /Contents, and who made it (ATTACKS.md, 8; L7).
//! Knows nothing of where it stands.

use super::base::document_with;
use super::cms::Cms;
use super::maker::{BROKEN, Maker, WHOLE};
use crate::pki::Role;

/// The structure in /Contents.
pub(super) fn make(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    let other = maker.pki.identity(Role::HomeroomTeacher).unwrap();
    type Make<'i> = fn(Cms<'i>, &'i crate::pki::Identity) -> Cms<'i>;
    let cases: [(&str, &str, &str, Make<'_>); 6] = [
        (
            "M5",
            "content-inside",
            "the signed octets inside a detached signature",
            |cms, _| cms.enveloping(),
        ),
        ("M7", "two-signers", "two SignerInfos", |mut cms, _| {
            cms.signer_infos = 2;
            cms
        }),
        ("M7", "no-signer", "no SignerInfo", |mut cms, _| {
            cms.signer_infos = 0;
            cms
        }),
        (
            "M7",
            "other-signer-named",
            "the SignerInfo names another certificate than the one that signed",
            |mut cms, other| {
                cms.named = other;
                cms.certificates.push(other);
                cms
            },
        ),
        (
            "M7",
            "other-certificate-bound",
            "the signing-certificate attribute holds another certificate's hash",
            |mut cms, other| {
                cms.bound = other;
                cms
            },
        ),
        (
            "M7",
            "certificate-absent",
            "the signer's certificate is not in the structure",
            |mut cms, other| {
                cms.certificates = vec![other];
                cms
            },
        ),
    ];
    for (row, name, what, make) in cases {
        let mut signing = maker.signing(Role::Principal);
        signing.room = if name == "content-inside" {
            24_000
        } else {
            6_000
        };
        let signed = signing.sign_as(&document, |octets| {
            make(Cms::new(signing.identity(), octets), other).make()
        });
        maker.attack((row, name), what, signed, BROKEN);
    }
    let mut signing = maker.signing(Role::Principal);
    signing.room = 6_000;
    let more = signing.sign_as(&document, |octets| {
        let mut cms = Cms::new(signing.identity(), octets);
        cms.certificates.push(other);
        cms.make()
    });
    maker.control(
        ("M7", "more-certificates"),
        "certificates of others beside the signer's",
        more,
        WHOLE,
    );
    foreign_root(maker);
}

/// L7: whoever signs under a root of their own offers it in the document.
fn foreign_root(maker: &mut Maker<'_>) {
    let foreign = maker.foreign;
    let [root, signer] =
        [Role::GovernmentRoot, Role::Principal].map(|role| foreign.identity(role).unwrap());
    let document = document_with(&[]);
    let hexadecimal: String = root
        .certificate_der()
        .unwrap()
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    let mut signing = maker.signing(Role::Principal);
    signing.catalog = Some(format!(
        "{} /DSS << /Certs [60 0 R] >> >>",
        super::base::CATALOG_BODY.trim_end_matches(">>")
    ));
    signing.objects = vec![(
        60,
        super::update::stream("/Filter /ASCIIHexDecode", &format!("{hexadecimal}>")),
    )];
    let signed = signing.sign_as(&document, |octets| Cms::new(signer, octets).make());
    maker
        .attack(
            ("L7", "anchor-in-the-document"),
            "signed under a root that only the document itself offers",
            signed,
            WHOLE,
        )
        .told_by("NO_CERTIFICATE_CHAIN_FOUND");
}
