//! What a comparison of revisions reads when a page has many annotations: counted in octets, which
//! a limit bounds, and by no clock.

use trien_pdf::{ChangeKind, Document, History};
use trien_types::Limits;

use crate::maker::file;

/// A page of 4,000 notes, of which each of 3,000 updates changes one: the list of 40 kB would be
/// read anew for each, four times over, if the work followed the document.
#[test]
fn changing_one_of_many_annotations_reads_what_changed() {
    const NOTES: u32 = 4_000;
    const UPDATES: usize = 3_000;
    let list: String = (10..10 + NOTES).map(|n| format!("{n} 0 R ")).collect();
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (
            3,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots 4 0 R>>".to_owned(),
        ),
        (4, format!("[{list}]")),
    ];
    let body = |text| format!("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({text})>>");
    objects.extend((10..10 + NOTES).map(|number| (number, body(0))));
    let mut bytes = file(&objects);
    let text = String::from_utf8_lossy(&bytes);
    let (_, named) = text.rsplit_once("startxref").unwrap();
    let named = named.split_whitespace().next().unwrap();
    let mut previous = named.parse::<usize>().unwrap();
    for update in 1..=UPDATES {
        let (offset, number) = (bytes.len() + 1, 10);
        let note = format!("\n{number} 0 obj\n{}\nendobj\n", body(update));
        bytes.extend_from_slice(note.as_bytes());
        let start = bytes.len();
        let table = format!(
            "xref\n{number} 1\n{offset:010} 00000 n\r\ntrailer\n<</Size 5000/Root 1 0 R/Prev \
             {previous}>>\nstartxref\n{start}\n%%EOF"
        );
        bytes.extend_from_slice(table.as_bytes());
        previous = start;
    }
    let mut limits = Limits::default();
    // Beside the few passes over the file that every comparison may make.
    limits.read_octets = 0;
    let document = Document::open(&bytes, &limits).unwrap();
    assert_eq!(document.revisions().count(), UPDATES + 1);
    let history = History::of_signed(&document);
    for revision in document.revisions().skip(1) {
        let kinds: Vec<_> = history
            .of(revision)
            .iter()
            .map(|change| &change.kind)
            .collect();
        assert!(
            // Notes over notes, which nobody may change; that it can be told is what is tested.
            matches!(kinds.as_slice(), [ChangeKind::AnnotationLost { .. }]),
            "{revision:?}: {kinds:?}"
        );
    }
}
