//! A tagged document: what its trees of parents and identifiers say of the content that was signed,
//! and what signers add to them (ATTACKS.md, X16).

use super::base::{
    CATALOG, CATALOG_BODY, CONTENT_1, CONTENT_2, PAGE_1, PAGE_1_ANNOTATIONS, PAGE_2, SEAL,
    SEAL_FIELD, document_with, page_1,
};
use super::maker::{BOTH, MODIFIED, Maker, PERMITTED};
use super::update::{RawFile, stream};
use crate::pki::Role;

const ROOT: u32 = 60;
const WHOLE: u32 = 61;
const TITLE: u32 = 62;
const REMARK: u32 = 63;
const PARENTS: u32 = 64;
const FIRST_PARENTS: u32 = 65;
const OF_NOTE: u32 = 66;
/// What updates bring.
const NEW: u32 = 70;

const ROOT_BODY: &str = "/Type /StructTreeRoot /K 61 0 R /ParentTree 64 0 R /IDTree << /Names \
     [(nhan-xet) 63 0 R (tieu-de) 62 0 R] >>";

fn whole(kids: &str) -> String {
    format!("<< /Type /StructElem /S /Document /P 60 0 R /K [62 0 R 63 0 R 66 0 R {kids}] >>")
}

fn parents(pairs: &str) -> String {
    format!("<< /Nums [{pairs}] >>")
}

/// An element of an object of the first page (14.7.5.3).
fn for_object(object: u32, entries: &str) -> String {
    format!(
        "<< /Type /StructElem /S /Figure /P 61 0 R {entries} \
         /K << /Type /OBJR /Obj {object} 0 R /Pg 3 0 R >> >>"
    )
}

/// Two marked pieces of the first page, and one of the second that no structure has.
fn tagged() -> RawFile {
    let catalog = CATALOG_BODY.replace(
        "/Type /Catalog",
        "/Type /Catalog /MarkInfo << /Marked true >> /StructTreeRoot 60 0 R",
    );
    let marked = |number: u32, text: &str| {
        format!(
            "/P << /MCID {number} >> BDC BT /F1 14 Tf 60 {} Td ({text}) Tj ET EMC",
            760 - 20 * number
        )
    };
    let first = format!("{} {}", marked(0, "Diem: 5.0"), marked(1, "Can co gang"));
    let page = page_1(PAGE_1_ANNOTATIONS, "5 0 R").replace("/Parent", "/StructParents 0 /Parent");
    let note = "<< /Type /Annot /Subtype /Text /Rect [500 700 520 720] /P 3 0 R /F 4 \
                /StructParent 1 /Contents (Da doi chieu) /Popup 23 0 R >>";
    let element = |entries: &str| format!("<< /Type /StructElem /P 61 0 R /Pg 3 0 R {entries} >>");
    document_with(&[
        (CATALOG, &catalog),
        (PAGE_1, &page),
        (CONTENT_1, &stream("", &first)),
        (CONTENT_2, &stream("", &marked(0, "Trang 2"))),
        (22, note),
        (SEAL, &format!("<< {SEAL_FIELD} /StructParent 2 >>")),
        (ROOT, &format!("<< {ROOT_BODY} /ParentTreeNextKey 2 >>")),
        (WHOLE, &whole("")),
        (TITLE, &element("/S /H1 /ID (tieu-de) /K 0")),
        (REMARK, &element("/S /P /ID (nhan-xet) /K 1")),
        (PARENTS, &parents("0 65 0 R 1 66 0 R")),
        (FIRST_PARENTS, "[62 0 R 63 0 R]"),
        (
            OF_NOTE,
            "<< /Type /StructElem /S /Annot /P 61 0 R /K << /Type /OBJR /Obj 22 0 R >> >>",
        ),
    ])
}

pub(super) fn make(maker: &mut Maker<'_>) {
    let mut document = tagged();
    document.size = NEW + 10;
    let signed = maker.signing(Role::Principal).sign(&document).file;
    let mut certifying = maker.signing(Role::Principal).certifying(&document, 2);
    certifying.catalog = certifying.catalog.map(|catalog| {
        catalog.replace(
            "/Type /Catalog",
            "/Type /Catalog /MarkInfo << /Marked true >> /StructTreeRoot 60 0 R",
        )
    });
    let certified = certifying.sign(&document).file;
    let page_2 = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << \
                  /F1 9 0 R >> /XObject << /Im2 32 0 R >> >> /Contents 6 0 R";
    let keyed = |key: u32| (PAGE_2, format!("{page_2} /StructParents {key} >>"));
    let invented = "<< /Type /StructElem /S /P /P 61 0 R /Pg 4 0 R /ActualText (Len lop) >>";
    for (name, what, objects) in [
        (
            "sound-of-its-own",
            "an element for a signed note that is read aloud as something else",
            vec![
                (WHOLE, whole("70 0 R")),
                (NEW, for_object(22, "/Phoneme (chin)")),
            ],
        ),
        (
            "picture-retagged",
            "an element for a picture of the signed page",
            vec![(WHOLE, whole("70 0 R")), (NEW, for_object(11, ""))],
        ),
        (
            "parents-swapped",
            "the elements of a signed page's content exchanged",
            vec![(PARENTS, parents("0 [63 0 R 62 0 R] 1 66 0 R"))],
        ),
        (
            "parents-swapped-in-place",
            "the list of a signed page's elements written anew in another order",
            vec![(FIRST_PARENTS, "[63 0 R 62 0 R]".to_owned())],
        ),
        (
            "parents-lengthened",
            "an element more in the list of a signed page",
            vec![(FIRST_PARENTS, "[62 0 R 63 0 R 66 0 R]".to_owned())],
        ),
        (
            "parents-removed",
            "a signed page's elements taken out of the tree",
            vec![(PARENTS, parents("1 66 0 R"))],
        ),
        (
            "parents-twice",
            "a second list for a signed page",
            vec![(PARENTS, parents("0 65 0 R 0 [63 0 R 62 0 R] 1 66 0 R"))],
        ),
        (
            "parents-below-a-node",
            "the tree split in nodes, one of which has other elements for a signed page",
            vec![
                (PARENTS, "<< /Kids [70 0 R 71 0 R] >>".to_owned()),
                (
                    NEW,
                    "<< /Limits [0 0] /Nums [0 [62 0 R 62 0 R]] >>".to_owned(),
                ),
                (71, "<< /Limits [1 1] /Nums [1 66 0 R] >>".to_owned()),
            ],
        ),
        (
            "parent-of-a-note",
            "a signed note made the remark",
            vec![(PARENTS, parents("0 65 0 R 1 63 0 R"))],
        ),
        (
            "parents-of-untagged-content",
            "text that reads something else for the content of an untagged page",
            vec![
                keyed(5),
                (PARENTS, parents("0 65 0 R 1 66 0 R 5 [70 0 R]")),
                (NEW, invented.to_owned()),
            ],
        ),
        (
            "parents-of-another-page",
            "an untagged page given the elements of another",
            vec![keyed(0)],
        ),
        (
            "identifier-leads-elsewhere",
            "a signed identifier that leads to another element",
            vec![(
                ROOT,
                format!("<< {ROOT_BODY} /ParentTreeNextKey 2 >>")
                    .replace("(nhan-xet) 63 0 R", "(nhan-xet) 62 0 R"),
            )],
        ),
    ] {
        let bodies: Vec<(u32, &str)> = objects
            .iter()
            .map(|(number, body)| (*number, body.as_str()))
            .collect();
        maker.attack(("X16", name), what, signed.with(&bodies), MODIFIED);
    }
    honest(maker, &signed, &certified);
}

/// What programs that sign tagged documents add: an element for the widget, and its key.
fn honest(maker: &mut Maker<'_>, signed: &RawFile, certified: &RawFile) {
    let added = |root: &str, parents: String, more: Vec<(u32, String)>| {
        let element = "<< /Type /StructElem /S /Form /P 61 0 R /Pg 3 0 R \
                       /K << /Type /OBJR /Obj 26 0 R /Pg 3 0 R >> >>";
        let objects = vec![
            (ROOT, format!("<< {ROOT_BODY} {root} >>")),
            (WHOLE, whole("70 0 R")),
            (PARENTS, parents),
            (NEW, element.to_owned()),
        ];
        [objects, more].concat()
    };
    let flat = added(
        "/ParentTreeNextKey 3",
        parents("0 65 0 R 1 66 0 R 2 70 0 R"),
        Vec::new(),
    );
    let split = added(
        "/ParentTreeNextKey 3",
        "<< /Kids [71 0 R 72 0 R] >>".to_owned(),
        vec![
            (
                71,
                "<< /Limits [0 1] /Nums [0 [62 0 R 63 0 R] 1 66 0 R] >>".to_owned(),
            ),
            (72, "<< /Limits [2 2] /Nums [2 70 0 R] >>".to_owned()),
        ],
    );
    for (file, kind) in [(signed, "approved"), (certified, "certified")] {
        for (name, what, objects) in [
            (
                "signed-with-an-element",
                "a tagged document signed again, with an element for the mark",
                flat.clone(),
            ),
            (
                "signed-and-tree-split",
                "the same by a program that writes the tree of parents anew in nodes",
                split.clone(),
            ),
        ] {
            let mut signing = maker.signing(Role::SchoolSeal);
            signing.field = (SEAL, format!("{SEAL_FIELD} /StructParent 2"));
            signing.objects = objects;
            let id = format!("{kind}-{name}");
            maker.control(("X16", &id), what, signing.sign(file), BOTH);
        }
    }
    let rewritten = parents("0 [62 0 R 63 0 R] 1 66 0 R");
    maker.control(
        ("X16", "parents-rewritten"),
        "the tree of parents written anew with the same elements",
        signed.with(&[(PARENTS, &rewritten)]),
        PERMITTED,
    );
}
