//! What a file may say of itself: extensions, versions, language, metadata, security stores,
//! identities, values that pages inherit (ATTACKS.md, C1, S4, X1, X12, X15, X17).

use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, DANGLING, INFO, PAGE_1, PAGE_1_ANNOTATIONS, PAGES,
    certification, document_with,
};
use super::maker::{MODIFIED, Maker, PERMITTED};
use super::update::{RawFile, stream};
use crate::pki::Role;

pub(super) fn make(maker: &mut Maker<'_>) {
    declarations(maker);
    stores(maker);
    identities(maker);
    inherited(maker);
}

/// What the catalogue may declare (X17), and what P=1 lets a file say of itself (C1).
fn declarations(maker: &mut Maker<'_>) {
    let approved = maker.approved().file;
    let open = CATALOG_BODY.trim_end_matches(">>");
    let esic = "/BaseVersion /1.7 /ExtensionLevel 2";
    for (name, what, entry) in [
        (
            "extension-acts",
            "an extension with an action",
            format!("/Extensions << /ESIC << {esic} /A << /S /JavaScript /JS (1) >> >> >>"),
        ),
        (
            "extension-refers",
            "an extension that refers to a page",
            format!("/Extensions << /ESIC << {esic} /P 3 0 R >> >>"),
        ),
        (
            "extension-is-text",
            "an extension that is none",
            "/Extensions << /ESIC (2) >>".to_owned(),
        ),
        (
            "version-falls",
            "a version below that of the header",
            "/Version /1.0".to_owned(),
        ),
        (
            "version-unknown",
            "a version that there is not",
            "/Version /9.9".to_owned(),
        ),
    ] {
        let catalog = format!("{open}{entry} >>");
        maker.attack(
            ("X17", name),
            what,
            approved.with(&[(CATALOG, &catalog)]),
            MODIFIED,
        );
    }
    let catalog = format!("{open}/Extensions << /ESIC << {esic} /URL (https://iso.org) >> >> >>");
    maker.control(
        ("X17", "extension-with-address"),
        "an extension with its address",
        approved.with(&[(CATALOG, &catalog)]),
        PERMITTED,
    );
    let final_one = maker.certified(1);
    let perms = format!("{open}/Perms << /DocMDP {} 0 R >>", final_one.dictionary);
    for (name, what, entry) in [
        ("language", "P=1: a language declared", "/Lang (vi)"),
        (
            "tagged",
            "P=1: the document called tagged",
            "/MarkInfo << /Marked true >>",
        ),
        (
            "piece-info",
            "P=1: a program's own data",
            "/PieceInfo << /X << /LastModified (D:2026) /Private 1 >> >>",
        ),
    ] {
        let catalog = format!("{perms} {entry} >>");
        maker.attack(
            ("C1", name),
            what,
            final_one.file.with(&[(CATALOG, &catalog)]),
            MODIFIED,
        );
    }
    maker.attack(
        ("C1", "title"),
        "P=1: another title",
        informed(&final_one.file, "<< /Title (Hoc ba 2) >>", "/Info 21 0 R"),
        MODIFIED,
    );
    maker.control(
        ("C1", "date-of-change"),
        "P=1: the date of change, as programs that stamp a document write it",
        informed(
            &final_one.file,
            "<< /Title (Hoc ba) /ModDate (D:20260601080000+07'00') >>",
            "/Info 21 0 R",
        ),
        PERMITTED,
    );
    let catalog = format!("{open}/Lang (vi) >>");
    maker.control(
        ("X15", "language"),
        "no certification: a language declared",
        approved.with(&[(CATALOG, &catalog)]),
        PERMITTED,
    );
}

/// What a security store may hold.
fn stores(maker: &mut Maker<'_>) {
    let signed = maker.certified(2);
    let open = CATALOG_BODY.trim_end_matches(">>");
    let perms = format!("{open}/Perms << /DocMDP {} 0 R >>", signed.dictionary);
    let datum = stream("/Filter /ASCIIHexDecode", "3000>");
    let elsewhere = stream("/F (chung-thu.der)", "");
    let store = |entries: &str| format!("{perms} /DSS << {entries} >> >>");
    let content = format!("/Certs [{CONTENT_1} 0 R]");
    for (name, what, entries, datum) in [
        (
            "store-of-content",
            "a page's content as a certificate",
            content.as_str(),
            &datum,
        ),
        (
            "store-outside",
            "a certificate in another file",
            "/Certs [62 0 R]",
            &elsewhere,
        ),
    ] {
        let file = signed.file.with(&[(CATALOG, &store(entries)), (62, datum)]);
        maker.attack(("C1", name), what, file, MODIFIED);
    }
    // Page 2 refers to an object that was not there.
    let awaited = format!("/Certs [{} 0 R]", DANGLING);
    let open_hole = document_with(&[]);
    let mut signing = maker.signing(Role::Principal);
    signing.entries = certification(2);
    let mut roomy = open_hole;
    roomy.size = 64;
    signing.catalog = Some(format!("{open}/Perms << /DocMDP 64 0 R >> >>"));
    let signed = signing.sign(&roomy);
    let catalog = format!(
        "{open}/Perms << /DocMDP {} 0 R >> /DSS << {awaited} >> >>",
        signed.dictionary
    );
    maker.attack(
        ("S4", "store-fills-a-hole"),
        "a certificate of the number that a page refers to",
        signed.file.with(&[(CATALOG, &catalog), (DANGLING, &datum)]),
        MODIFIED,
    );
}

/// What /Info leads to (X12).
fn identities(maker: &mut Maker<'_>) {
    maker.attack(
        ("X12", "information-is-content"),
        "the document information is a page's content",
        informed(
            &maker.approved().file,
            "<< /Title (Hoc ba) >>",
            "/Info 5 0 R",
        ),
        MODIFIED,
    );
}

/// The file with another document information.
fn informed(file: &RawFile, information: &str, trailer: &str) -> RawFile {
    let mut update = file.update();
    update.object(INFO, information);
    update.trailer = trailer.to_owned();
    update.table()
}

/// Page 1 inherits its resources and its box, and a program writes them onto the page.
fn inherited(maker: &mut Maker<'_>) {
    let parent = "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /Resources 7 0 R \
                  /MediaBox [0 0 595 842] >>";
    let bare =
        format!("<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Annots [{PAGE_1_ANNOTATIONS}] >>");
    let full = bare.replace(
        " /Contents",
        " /Resources 7 0 R /MediaBox [0 0 595 842] /Rotate 0 /Contents",
    );
    let inheriting: RawFile = maker
        .approved_with(&[(PAGES, parent), (PAGE_1, &bare)])
        .file;
    maker.control(
        ("X1", "inherited-values-repeated"),
        "what a page inherits written onto the page",
        inheriting.with(&[(PAGE_1, &full)]),
        PERMITTED,
    );
    maker.attack(
        ("X1", "inherited-box-changed"),
        "another box than the inherited one written onto the page",
        inheriting.with(&[(PAGE_1, &full.replace("595 842]", "595 742]"))]),
        MODIFIED,
    );
}
