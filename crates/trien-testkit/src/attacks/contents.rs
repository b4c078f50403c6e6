//! /`ByteRange`, /Contents and the CMS structure in it (ATTACKS.md, 2 and 8).

use super::base::{PRINCIPAL, PRINCIPAL_FIELD, Signed, document_with};
use super::cms::Cms;
use super::maker::{BROKEN, MODIFIED, Maker, REJECTED, WHOLE};
use super::update::Row;
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    ranges(maker);
    values(maker);
    dictionaries(maker);
    structures(maker);
}

/// The digits of the file's range replaced, in the same width: signed octets change, as they do
/// for an attacker who re-signs nothing.
fn range_made(maker: &Maker<'_>, range: impl Fn(usize, usize, usize) -> String) -> Signed {
    let mut signing = maker.signing(Role::Principal);
    signing.form = Box::new(|parts| {
        format!(
            "<< {} /ByteRange {}                                  /Contents {} >>",
            parts.entries, parts.byte_range, parts.contents
        )
    });
    let document = document_with(&[]);
    // Signed once to learn where the parts come to stand, then with the range already in place.
    let first = signing.sign(&document);
    let rest = first.file.octets.len() - first.gap.1;
    let text = range(first.gap.0, first.gap.1, rest);
    let mut again = first.clone();
    let at = again.file.find_last("/ByteRange [") + 11;
    let end = again.file.find_last("/Contents <");
    let room = end - at;
    let padded = format!("{text:room$}");
    assert_eq!(padded.len(), room, "{text}");
    again.file.octets[at..end].copy_from_slice(padded.as_bytes());
    let signed = [
        &again.file.octets[..again.gap.0],
        &again.file.octets[again.gap.1..],
    ]
    .concat();
    let cms = Cms::new(signing.identity(), &signed).make();
    let digits: String = cms.iter().map(|octet| format!("{octet:02x}")).collect();
    let start = again.gap.0 + 1;
    again.file.octets[start..start + digits.len()].copy_from_slice(digits.as_bytes());
    again
}

fn ranges(maker: &mut Maker<'_>) {
    type Range = fn(usize, usize, usize) -> String;
    let cases: [(&str, &str, &str, Range); 7] = [
        (
            "B2",
            "three-pairs",
            "a third pair; the pairs together name the octets that were signed",
            |start, end, rest| format!("[0 {start} {end} {} {} 9]", rest - 9, end + rest - 9),
        ),
        ("B1", "zeros", "[0 0 0 0]", |_, _, _| "[0 0 0 0]".to_owned()),
        (
            "B1",
            "reals",
            "reals instead of integers",
            |start, end, rest| format!("[0.0 {start}.0 {end}.0 {rest}.0]"),
        ),
        ("B1", "odd-count", "three integers", |start, end, _| {
            format!("[0 {start} {end}]")
        }),
        ("B1", "null", "null", |_, _, _| "null".to_owned()),
        (
            "B3",
            "beyond-the-end",
            "the second span ends behind the file",
            |start, end, rest| format!("[0 {start} {end} {}]", rest + 1),
        ),
        (
            "B4",
            "first-span-later",
            "the first span starts at 1",
            |start, end, rest| format!("[1 {} {end} {rest}]", start - 1),
        ),
    ];
    for (row, name, what, range) in cases {
        let file = range_made(maker, range);
        maker.attack((row, name), what, file, REJECTED);
    }
    let wider = range_made(maker, |start, end, rest| {
        format!("[0 {} {end} {rest}]", start - 1)
    });
    maker.attack(
        ("B5", "gap-with-a-space"),
        "the gap begins a space before the value",
        wider,
        REJECTED,
    );
    let ends_early = range_made(maker, |start, end, rest| {
        format!("[0 {start} {end} {}]", rest - 30)
    });
    maker.attack(
        ("B13", "ends-early"),
        "the second span ends before the revision does",
        ends_early,
        REJECTED,
    );
    unnested(maker);
}

/// Two signatures in one revision: the first ends before the second's value.
fn unnested(maker: &mut Maker<'_>) {
    let signing = maker.signing(Role::Principal);
    let seal = maker.signing(Role::SchoolSeal);
    let mut update = document_with(&[]).update();
    let [first, second] = [update.allocate(), update.allocate()];
    update.object(PRINCIPAL, format!("<< {PRINCIPAL_FIELD} /V {first} 0 R >>"));
    let (field, entries) = &seal.field;
    update.object(*field, format!("<< {entries} /V {second} 0 R >>"));
    for (number, by) in [(first, &signing), (second, &seal)] {
        let body = (by.form)(&by.parts());
        update.object(number, body);
    }
    let file = update.table();
    // The last place is filled first: the seal's. Then the principal's, whose range is made to
    // end before the seal's dictionary.
    let sealed = seal.fill(file, second, |signed| {
        Cms::new(seal.identity(), signed).make()
    });
    let early = sealed.file.find_last(&format!("{second} 0 obj"));
    let mut head = sealed.file.clone();
    let behind = head.octets.split_off(early);
    let mut file = signing
        .fill(head, first, |signed| {
            Cms::new(signing.identity(), signed).make()
        })
        .file;
    file.octets.extend(behind);
    maker.attack(
        ("B17", "unnested"),
        "two signatures in one revision; the first ends before the second, which it precedes",
        file,
        &[
            "HieuTruong intact broken none",
            "ConDau broken whole-file none",
        ],
    );
}

/// What stands at /Contents.
fn values(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    let approved = maker.approved();
    let unfilled = {
        let mut file = approved.file.clone();
        file.octets[approved.gap.0 + 1..approved.gap.1 - 1].fill(b'0');
        file
    };
    maker.attack(
        ("B7", "unfilled"),
        "a value of zeros: prepared, and nobody signed",
        unfilled,
        REJECTED,
    );
    for (row, name, what, behind, signatures) in [
        (
            "B11",
            "structure-behind-the-value",
            "a second structure behind the CMS structure",
            "3003020100",
            BROKEN,
        ),
        (
            "B10",
            "zeros-behind-the-value",
            "zeros behind the CMS structure",
            "0000000000",
            WHOLE,
        ),
        (
            "B11",
            "residue-behind-the-value",
            "octets without structure behind the CMS structure, as signers leave them",
            "0102030405",
            WHOLE,
        ),
    ] {
        let mut signed = approved.clone();
        let cms = last_digit(&signed);
        let at = cms + 2;
        signed.file.octets[at..at + behind.len()].copy_from_slice(behind.as_bytes());
        if signatures == WHOLE {
            maker.control((row, name), what, signed, signatures);
        } else {
            maker.attack((row, name), what, signed, signatures);
        }
    }
    maker.control(
        ("B12", "odd-digits"),
        "an odd number of digits",
        reshaped(maker, |digits| digits.strip_suffix('0').unwrap().to_owned()),
        WHOLE,
    );
    maker.control(
        ("B12", "line-breaks"),
        "line breaks between the digits",
        reshaped(maker, |digits| {
            let (head, tail) = digits.split_at(64);
            format!("{head}\n{}", tail.strip_suffix("00").unwrap())
        }),
        WHOLE,
    );
    maker.attack(
        ("B8", "literal-string"),
        "the value as a literal string",
        literal(maker),
        REJECTED,
    );
    let mut indirect = maker.signing(Role::Principal);
    indirect.form = Box::new(|parts| {
        format!(
            "<< {} /ByteRange {} /Contents 60 0 R >>\nendobj\n60 0 obj\n{}",
            parts.entries, parts.byte_range, parts.contents
        )
    });
    let mut update = document.update();
    let number = update.allocate();
    update.object(
        PRINCIPAL,
        format!("<< {PRINCIPAL_FIELD} /V {number} 0 R >>"),
    );
    update.object(number, (indirect.form)(&indirect.parts()));
    let text = String::from_utf8_lossy(&update.octets).into_owned();
    let characters_before = text.find("\n60 0 obj").unwrap();
    let offset = update
        .octets
        .windows(9)
        .position(|window| window == b"\n60 0 obj")
        .unwrap_or(characters_before)
        + 1;
    update.row(
        60,
        Row::At {
            offset,
            generation: 0,
        },
    );
    let file = update.table();
    let signed = indirect.fill(file, number, |octets| {
        Cms::new(indirect.identity(), octets).make()
    });
    maker.attack(
        ("B9", "indirect-value"),
        "/Contents refers to an object",
        signed,
        REJECTED,
    );
}

/// Offset of the last digit of the CMS structure.
fn last_digit(signed: &Signed) -> usize {
    let octets = &signed.file.octets;
    let digits = &octets[signed.gap.0 + 5..signed.gap.0 + 9];
    // ContentInfo is a SEQUENCE with a length in two octets: 30 82 xx xx.
    let length = usize::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
    signed.gap.0 + 1 + 2 * (4 + length) - 2
}

/// Signs a file whose value token is `reshape` of the digits: shorter by one or two octets, or as
/// long with white space inside.
fn reshaped(maker: &Maker<'_>, reshape: impl Fn(&str) -> String) -> Signed {
    let signing = maker.signing(Role::Principal);
    let approved = signing.sign(&document_with(&[]));
    let digits = |from: &Signed| {
        let (start, end) = from.gap;
        String::from_utf8_lossy(&from.file.octets[start + 1..end - 1]).into_owned()
    };
    let old = digits(&approved);
    let shorter = old.len() - reshape(&old).len();
    // What the token loses, white space behind the dictionary gains: offsets stay.
    let rewrite = |token: &str| {
        let (start, end) = approved.gap;
        let mut octets = approved.file.octets[..start].to_vec();
        octets.extend_from_slice(format!("<{token}>").as_bytes());
        octets.resize(octets.len() + shorter, b' ');
        octets.extend_from_slice(&approved.file.octets[end..]);
        octets
    };
    let mut signed = approved.clone();
    signed.gap.1 -= shorter;
    signed.file.octets = rewrite(&reshape(&old));
    let range = format!(
        "[0 {:010} {:010} {:010}]",
        signed.gap.0,
        signed.gap.1,
        signed.file.octets.len() - signed.gap.1
    );
    let at = signed.file.find_last("/ByteRange [") + 11;
    signed.file.octets[at..at + range.len()].copy_from_slice(range.as_bytes());
    let octets = [
        &signed.file.octets[..signed.gap.0],
        &signed.file.octets[signed.gap.1..],
    ]
    .concat();
    let cms = Cms::new(signing.identity(), &octets).make();
    let mut new: String = cms.iter().map(|octet| format!("{octet:02x}")).collect();
    new.push_str(&"0".repeat(old.len() - new.len()));
    let token = format!("<{}>", reshape(&new));
    let (start, end) = signed.gap;
    signed.file.octets[start..end].copy_from_slice(token.as_bytes());
    signed
}

/// A value in parentheses, its octets escaped in octal digits.
fn literal(maker: &Maker<'_>) -> Signed {
    let mut signing = maker.signing(Role::Principal);
    signing.room = 8_192;
    let mut signed = signing.sign(&document_with(&[]));
    let (start, end) = signed.gap;
    let octets = [&signed.file.octets[..start], &signed.file.octets[end..]].concat();
    let cms = Cms::new(signing.identity(), &octets).make();
    let mut text = "(".to_owned();
    for octet in cms {
        text.push_str(&format!("\\{octet:03o}"));
    }
    let room = end - start - 1;
    while text.len() + 4 <= room {
        text.push_str("\\000");
    }
    while text.len() < room {
        text.push('0');
    }
    text.push(')');
    signed.file.octets[start..end].copy_from_slice(text.as_bytes());
    signed
}

/// The dictionary around it.
fn dictionaries(maker: &mut Maker<'_>) {
    let document = document_with(&[]);
    let cases: [(&str, &str, &str, fn(&super::base::Parts) -> String); 3] = [
        (
            "B6",
            "contents-twice",
            "a second /Contents before the value",
            |parts| {
                format!(
                    "<< {} /Contents <00ff> /ByteRange {} /Contents {} >>",
                    parts.entries, parts.byte_range, parts.contents
                )
            },
        ),
        (
            "B6",
            "range-twice",
            "a second /ByteRange before the range",
            |parts| {
                format!(
                    "<< {} /ByteRange [0 5 9 5] /ByteRange {} /Contents {} >>",
                    parts.entries, parts.byte_range, parts.contents
                )
            },
        ),
        ("M3", "no-sub-filter", "no /SubFilter", |parts| {
            format!(
                "<< {} /ByteRange {} /Contents {} >>",
                parts.entries.replace("/SubFilter /ETSI.CAdES.detached", ""),
                parts.byte_range,
                parts.contents
            )
        }),
    ];
    for (row, name, what, form) in cases {
        let mut signing = maker.signing(Role::Principal);
        signing.form = Box::new(form);
        let signed = signing.sign(&document);
        let expected = if row == "M3" { BROKEN } else { REJECTED };
        maker.attack((row, name), what, signed, expected);
    }
    let mut signing = maker.signing(Role::Principal);
    signing.form = Box::new(|parts| {
        format!(
            "<< {} /ByteRange {} % /Contents <00ff>\n/Contents {} >>",
            parts.entries, parts.byte_range, parts.contents
        )
    });
    maker.control(
        ("B18", "comment"),
        "a comment that looks like a value, inside signed octets",
        signing.sign(&document),
        WHOLE,
    );
    let mut signing = maker.signing(Role::Principal);
    signing.sub_filter = "Vi.du";
    maker
        .attack(
            ("M3", "unknown-sub-filter"),
            "a /SubFilter that nobody knows",
            signing.sign(&document),
            &["HieuTruong unsupported whole-file none"],
        )
        .document = "indeterminate";
    maker.attack(
        ("X7", "dictionary-in-object-stream"),
        "the signature dictionary in an object stream; a look-alike around the gap",
        in_object_stream(maker),
        REJECTED,
    );
    // F7 and F8: what is no signature field is never a signature.
    let mut signing = maker.signing(Role::Principal);
    signing.field = (super::base::REMARK, super::base::REMARK_FIELD.to_owned());
    maker
        .control(
            ("F7", "in-a-text-field"),
            "a signature dictionary as the value of a text field",
            signing.sign(&document),
            &[],
        )
        .document = "unsigned";
    let mut signing = maker.signing(Role::Principal);
    signing.field = (60, PRINCIPAL_FIELD.replace("HieuTruong", "NgoaiBieuMau"));
    maker
        .control(
            ("F8", "outside-the-form"),
            "a signature field that the form does not list",
            signing.sign(&document),
            &[],
        )
        .document = "unsigned";
    let stripped = maker.approved();
    let text = format!("<< {PRINCIPAL_FIELD} >>");
    maker.attack(
        ("F1", "value-removed"),
        "the signature field without its value",
        stripped.file.with(&[(PRINCIPAL, &text)]),
        MODIFIED,
    );
}

/// The field's value is in an object stream; the gap is in an object that nothing refers to.
fn in_object_stream(maker: &Maker<'_>) -> Signed {
    let signing = maker.signing(Role::Principal);
    let mut update = document_with(&[]).update();
    let [inner, container, around] = [update.allocate(), update.allocate(), update.allocate()];
    update.object(PRINCIPAL, format!("<< {PRINCIPAL_FIELD} /V {inner} 0 R >>"));
    update.object(around, (signing.form)(&signing.parts()));
    let signed = signing.fill(update.clone().table(), around, |octets| {
        Cms::new(signing.identity(), octets).make()
    });
    // The range and the value of the first signing, packed: the value no longer holds, as nothing
    // that is packed can.
    let body = super::appended::dictionary_body(&signed.file, around);
    let entry = format!("{inner} 0 ");
    let data = format!("{entry}{body}");
    let packed =
        super::update::stream(&format!("/Type /ObjStm /N 1 /First {}", entry.len()), &data);
    update.object(container, packed);
    update.row(
        inner,
        Row::Packed {
            stream: container,
            index: 0,
        },
    );
    signing.fill(update.stream(), around, |octets| {
        Cms::new(signing.identity(), octets).make()
    })
}

/// The structure in /Contents.
fn structures(maker: &mut Maker<'_>) {
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
        .document = "indeterminate";
}
