//! Updates with octets that readers take for structure when they rebuild a file, and updates at which
//! they stumble and rebuild it (ATTACKS.md, I2).

use trien_pdf::{ChangeClass, ChangeKind, Document, History};
use trien_types::Limits;

use crate::maker::file;

const EVIL: &str = "4 0 obj\n<</Length 3>>stream\nEMC\nendstream\nendobj\n";

/// What an update of object 4 consists of; each test changes one of them.
#[derive(Clone)]
struct Written {
    before: String,
    header: String,
    body: String,
    section: String,
    trailer: String,
    startxref: String,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            before: String::new(),
            header: "4 0 obj\n".to_owned(),
            body: "<</Length 1>>stream\nQ\nendstream".to_owned(),
            section: "4 1".to_owned(),
            trailer: String::new(),
            startxref: String::new(),
        }
    }
}

impl Written {
    fn file(&self) -> Vec<u8> {
        let mut bytes = file(&[
            (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
            (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
            (
                3,
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>".to_owned(),
            ),
            (4, "<</Length 1>>stream\nq\nendstream".to_owned()),
        ]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let named = text.rsplit_once("startxref\n").unwrap().1;
        let previous = named.split_whitespace().next().unwrap().to_owned();
        bytes.extend_from_slice(self.before.as_bytes());
        let offset = bytes.len();
        bytes.extend_from_slice(format!("{}{}\nendobj\n", self.header, self.body).as_bytes());
        let start = bytes.len();
        let end = format!(
            "xref\n{}\n{offset:010} 00000 n \ntrailer\n<</Size 5/Root 1 0 R/Prev {previous}{}>>\n\
             startxref\n{}{start}\n%%EOF\n",
            self.section, self.trailer, self.startxref
        );
        bytes.extend_from_slice(end.as_bytes());
        bytes
    }

    fn changes(&self) -> Vec<ChangeKind> {
        let bytes = self.file();
        let document = Document::open(&bytes, &Limits::default()).unwrap();
        let history = History::of_signed(&document);
        let first = document.revisions().next().unwrap();
        let changes = history.after(first);
        changes.map(|change| change.kind.clone()).collect()
    }
}

fn stream(data: &str) -> String {
    format!("<</Length {}>>stream\n{data}\nendstream", data.len())
}

const fn is_embedded(kind: &ChangeKind) -> bool {
    matches!(kind, ChangeKind::StructureEmbedded { .. })
}

#[test]
fn i2_structure_inside_what_an_update_owns_is_a_change() {
    let plain = Written::default();
    assert!(!plain.changes().iter().any(is_embedded));
    let body = |body: String| Written {
        body,
        ..plain.clone()
    };
    for written in [
        body(stream(&format!("endstream endobj {EVIL}"))),
        body(stream("endstream")),
        body(stream("4%\n0 obj")),
        body(stream("xref\n0 1")),
        body(stream("trailer\n<</Root 4 0 R>>")),
        body(format!("<</Reason({EVIL})/A(startxref 9)>>")),
        body("<</A/endobj>>".to_owned()),
        body(format!("<<%{}\n>>", EVIL.replace('\n', " "))),
        body(format!("{}\n%4 0 obj", stream("Q"))),
        Written {
            trailer: format!("/A({EVIL})"),
            ..plain.clone()
        },
        Written {
            trailer: "/A(4 0 obj)".to_owned(),
            ..plain.clone()
        },
    ] {
        let found = written.changes();
        assert!(found.iter().any(is_embedded), "{found:?}");
    }
    let text = "two of 4 objects, 0 objections; trailer of 9, crossxref, streams /ObjStm (obj)";
    assert!(!body(stream(text)).changes().iter().any(is_embedded));
    // Between objects it was none before.
    let comment = Written {
        before: "%endobj\n".to_owned(),
        ..plain
    };
    let found = comment.changes();
    let is_foreign = |kind: &ChangeKind| matches!(kind, ChangeKind::UnaccountedOctets { .. });
    assert!(found.iter().any(is_foreign), "{found:?}");
}

#[test]
fn i2_numbers_and_trailers_longer_than_readers_take_are_a_change() {
    let zeros = "0".repeat(300);
    let plain = Written::default();
    let is_loose = |written: &Written| {
        let loose = |kind: &ChangeKind| matches!(kind, ChangeKind::LooselyFramed { .. });
        written.changes().iter().any(loose)
    };
    assert!(!is_loose(&plain));
    let keys = |count: usize| (0..count).map(|key| format!("/K{key} {key}")).collect();
    let trailer = |trailer: String| Written {
        trailer,
        ..plain.clone()
    };
    assert!(!is_loose(&trailer(keys(50))));
    for written in [
        trailer(keys(600)),
        Written {
            startxref: zeros.clone(),
            ..plain.clone()
        },
        Written {
            section: format!("4 {zeros}1"),
            ..plain.clone()
        },
        Written {
            section: format!("{zeros}4 1"),
            ..plain.clone()
        },
        Written {
            header: "4 %\n0 obj\n".to_owned(),
            ..plain.clone()
        },
    ] {
        assert!(is_loose(&written), "{:?}", written.changes());
    }
    let commented = Written {
        header: "4 0 obj%\n".to_owned(),
        ..plain.clone()
    };
    assert!(!is_loose(&commented));
    // A word that goes on is no header, whatever stands behind it.
    let joined = Written {
        header: "4 0 obj".to_owned(),
        body: "false".to_owned(),
        ..plain
    };
    assert!(is_loose(&joined));
}

#[test]
fn i2_references_and_headers_of_many_digits_cannot_be_read() {
    let zeros = "0".repeat(300);
    for written in [
        Written {
            header: format!("{zeros}4 0 obj\n"),
            ..Written::default()
        },
        Written {
            header: format!("4 {zeros} obj\n"),
            ..Written::default()
        },
        Written {
            body: format!("<</A {zeros}3 0 R>>"),
            ..Written::default()
        },
        Written {
            body: format!("[3 {zeros} R]"),
            ..Written::default()
        },
    ] {
        let found = written.changes();
        let is_unread = |kind: &ChangeKind| {
            matches!(kind, ChangeKind::Unreadable(_)) && kind.class() == ChangeClass::Forbidden
        };
        assert!(found.iter().any(is_unread), "{found:?}");
    }
}
