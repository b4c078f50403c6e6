//! Small documents with a form of every shape: direct and indirect, flat and in a tree.
//! Knows nothing of signatures.

use trien_testkit::records::PlainDocument;
use trien_testkit::structures::{Structure, write};

/// Where a dictionary or array stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Absent,
    Direct,
    Indirect,
}

/// How the form and the page's annotations are held.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) form: Place,
    pub(crate) fields: Place,
    pub(crate) annotations: Place,
}

impl Shape {
    pub(crate) const ORDINARY: Self = Self {
        form: Place::Direct,
        fields: Place::Direct,
        annotations: Place::Direct,
    };
}

const CATALOGUE: u32 = 1;
const PAGES: u32 = 2;
/// The page that bears the widgets.
pub(crate) const PAGE: u32 = 3;
/// The first object of a form; the others follow it.
pub(crate) const FIRST: u32 = 4;

/// A page with these objects, of which `roots` are the form's fields and `widgets` the page's
/// annotations, by number.
pub(crate) fn file_with_form(
    objects: &[&str],
    roots: &[u32],
    widgets: &[u32],
    shape: Shape,
) -> Vec<u8> {
    let mut document = PlainDocument::new();
    assert_eq!((document.root, document.allocate()), (CATALOGUE, PAGES));
    assert_eq!(document.allocate(), PAGE);
    for object in objects {
        document.add(*object);
    }
    let list = |numbers: &[u32]| {
        let references: String = numbers
            .iter()
            .map(|number| format!("{number} 0 R "))
            .collect();
        format!("[ {references}]")
    };
    let held = |document: &mut PlainDocument, place: Place, key: &str, value: String| match place {
        Place::Absent => String::new(),
        Place::Direct => format!("/{key} {value} "),
        Place::Indirect => format!("/{key} {} 0 R ", document.add(value)),
    };
    let annotations = held(&mut document, shape.annotations, "Annots", list(widgets));
    let fields = held(&mut document, shape.fields, "Fields", list(roots));
    let form = held(
        &mut document,
        shape.form,
        "AcroForm",
        format!("<< {fields}>>"),
    );
    document.set(
        PAGE,
        format!(
            "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [ 0 0 595 842 ] /Resources << >> \
             {annotations}>>"
        ),
    );
    let page_tree = format!("<< /Type /Pages /Kids [ {PAGE} 0 R ] /Count 1 >>");
    document.set(PAGES, page_tree);
    let catalogue = format!("<< /Type /Catalog /Pages {PAGES} 0 R {form}>>");
    document.set(CATALOGUE, catalogue);
    write(&document, Structure::ClassicTable)
}

/// A signature field merged with its widget, with further entries.
pub(crate) fn signature_field(name: &str, entries: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /F 4 /P {PAGE} 0 R \
         /Rect [ 300 100 420 160 ] {entries} >>"
    )
}
