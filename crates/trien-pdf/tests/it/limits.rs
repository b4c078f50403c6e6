//! Files that ask for more work or memory than they are worth: what bounds them is a limit with a
//! name, or the structure itself. No clock: a test that hangs is a failed test.

use std::num::NonZeroUsize;

use trien_pdf::{
    Document, FieldValue, History, ObjectId, PlaceError, Placement, ReadErrorKind,
    salvage_signatures, signature_fields,
};
use trien_types::{Limit, Limits};

use crate::maker::{deflated, file, with_xref_stream};

fn limits() -> Limits {
    Limits::default()
}

fn catalog(rest: &str) -> (u32, String) {
    (1, format!("<</Type/Catalog{rest}>>"))
}

/// Why the object of this number is not read.
fn refused(bytes: &[u8], number: u32, limits: &Limits) -> ReadErrorKind {
    let document = Document::open(bytes, limits).unwrap();
    let id = ObjectId::new(number, 0);
    document.object(id, document.latest()).unwrap_err().kind
}

#[test]
fn a_deflate_bomb_in_a_stream_stops_at_the_limit() {
    let bomb = deflated(&vec![0; 8 * 1024 * 1024]);
    let mut limits = limits();
    limits.decoded_octets = 1024 * 1024;
    let bytes = with_xref_stream("/Size 9/W[1 1 1]/Filter/FlateDecode", &bomb);
    let error = Document::open(&bytes, &limits).unwrap_err();
    assert_eq!(
        error.kind,
        ReadErrorKind::LimitReached(Limit::DecodedOctets)
    );
    // Twice deflated, a thousandth of a thousandth.
    let bytes = with_xref_stream(
        "/Size 9/W[1 1 1]/Filter[/FlateDecode/FlateDecode]",
        &deflated(&bomb),
    );
    assert!(Document::open(&bytes, &limits).unwrap_err().is_limit());
}

/// Each stream of a chain alone is under the limit; all of them are kept.
#[test]
fn cross_reference_streams_of_all_revisions_count_together() {
    let mut limits = limits();
    limits.decoded_octets = 1_000_000;
    let data = deflated(&vec![0; 300_000]);
    let chain = |sections: usize| {
        let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n".to_vec();
        let mut previous = String::new();
        for _ in 0..sections {
            let start = bytes.len();
            let head = format!(
                "2 0 obj\n<</Type/XRef/Size 9/W[1 1 1]/Root 1 0 R/Filter/FlateDecode\
                 /Length {}{previous}>>\nstream\n",
                data.len()
            );
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(&data);
            let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
            bytes.extend_from_slice(end.as_bytes());
            previous = format!("/Prev {start}");
        }
        bytes
    };
    assert!(Document::open(&chain(3), &limits).is_ok());
    let error = Document::open(&chain(4), &limits).unwrap_err();
    assert_eq!(
        error.kind,
        ReadErrorKind::LimitReached(Limit::DecodedOctets)
    );
}

#[test]
fn deep_nesting_stops_at_the_limit() {
    for (open, close) in [("[", "]"), ("<</A ", ">>"), ("[<</A ", ">>]")] {
        for depth in [limits().nesting + 1, 200_000] {
            let body = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            let kind = refused(&file(&[catalog(""), (2, body)]), 2, &limits());
            assert_eq!(kind, ReadErrorKind::LimitReached(Limit::Nesting));
        }
    }
    let body = format!("({}", "(".repeat(200_000));
    let kind = refused(&file(&[catalog(""), (2, body)]), 2, &limits());
    assert_eq!(
        kind,
        ReadErrorKind::UnexpectedEnd,
        "parentheses need no stack"
    );
}

#[test]
fn cross_references_of_billions_of_objects_are_refused() {
    for count in ["4294967295", "4000000000", "8388608"] {
        let table = file(&[catalog("")]);
        let text = String::from_utf8(table).unwrap();
        let text = text.replacen("xref\n0 1\n", &format!("xref\n0 {count}\n"), 1);
        let error = Document::open(text.as_bytes(), &limits()).unwrap_err();
        assert!(
            !matches!(error.kind, ReadErrorKind::NoRoot | ReadErrorKind::NoHeader),
            "{count}: {error:?}"
        );
        for dictionary in [
            format!("/Size {count}/W[1 1 1]"),
            format!("/Size 3/Index[0 {count}]/W[1 1 1]"),
            format!("/Size 3/Index[{count} 1]/W[1 1 1]"),
        ] {
            let bytes = with_xref_stream(&dictionary, &[0; 9]);
            assert!(Document::open(&bytes, &limits()).is_err(), "{dictionary}");
        }
    }
    for widths in [
        "[1 9 1]",
        "[0 0 0]",
        "[-1 1 1]",
        "[1 18446744073709551615 1]",
    ] {
        let bytes = with_xref_stream(&format!("/Size 3/W{widths}"), &[0; 99]);
        assert!(Document::open(&bytes, &limits()).is_err(), "{widths}");
    }
}

/// The claim is allowed and the data end after three: nothing is reserved for the rest.
#[test]
fn entries_claimed_but_not_there_are_errors_when_they_are_asked_for() {
    let bytes = with_xref_stream("/Size 8000000/W[1 1 1]", &[0; 9]);
    let document = Document::open(&bytes, &limits()).unwrap();
    assert!(document.entry(2, document.latest()).is_ok());
    assert!(document.entry(7_999_999, document.latest()).is_err());
}

#[test]
fn previous_sections_in_a_circle_are_refused() {
    let text = String::from_utf8(file(&[catalog("")])).unwrap();
    let start = text.find("xref\n").unwrap();
    let own = text.replacen("/Root", &format!("/Prev {start}/Root"), 1);
    let error = Document::open(own.as_bytes(), &limits()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::PreviousLoops);
    // Two sections that name each other.
    let second = own.len() + "\n".len();
    let first = text.replacen("/Root", &format!("/Prev {second:06}/Root"), 1);
    let second = first.len();
    let first = text.replacen("/Root", &format!("/Prev {second:06}/Root"), 1);
    let both = format!(
        "{first}xref\n0 0\ntrailer\n<</Size 2/Root 1 0 R/Prev {start}>>\nstartxref\n{second}\n%%EOF\n"
    );
    let error = Document::open(both.as_bytes(), &limits()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::PreviousLoops);
}

#[test]
fn more_revisions_than_the_limit_are_refused() {
    let mut text = String::from_utf8(file(&[catalog("")])).unwrap();
    let mut start = text.find("xref\n").unwrap();
    for _ in 0..5 {
        let next = text.len();
        text.push_str(&format!(
            "xref\n0 0\ntrailer\n<</Size 2/Root 1 0 R/Prev {start}>>\nstartxref\n{next}\n%%EOF\n"
        ));
        start = next;
    }
    let mut limits = limits();
    limits.revisions = 6;
    let document = Document::open(text.as_bytes(), &limits).unwrap();
    assert_eq!(document.revisions().count(), 6);
    limits.revisions = 5;
    let error = Document::open(text.as_bytes(), &limits).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Revisions));
}

#[test]
fn a_field_tree_that_holds_itself_ends() {
    let objects = [
        catalog("/AcroForm<</Fields[2 0 R 2 0 R]>>"),
        (2, "<</T(a)/FT/Sig/Kids[3 0 R 2 0 R 3 0 R]>>".to_owned()),
        (
            3,
            "<</T(b)/Parent 2 0 R/Kids[2 0 R 3 0 R 4 0 R]>>".to_owned(),
        ),
        (4, "<</T(c)/Parent 3 0 R>>".to_owned()),
    ];
    let bytes = file(&objects);
    let document = Document::open(&bytes, &limits()).unwrap();
    let fields = signature_fields(&document, document.latest()).unwrap();
    let names: Vec<&str> = fields
        .iter()
        .map(|field| field.full_name.as_str())
        .collect();
    assert_eq!(names, ["a.b.c"]);
    assert!(matches!(fields[0].value, FieldValue::Empty));
}

#[test]
fn fields_beyond_the_limit_or_too_deep_are_refused() {
    let mut limits = limits();
    limits.fields = 10;
    let wide = "<</T(x)>>".repeat(11);
    let bytes = file(&[catalog(&format!("/AcroForm<</Fields[{wide}]>>"))]);
    let document = Document::open(&bytes, &limits).unwrap();
    let error = signature_fields(&document, document.latest()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Fields));

    let mut objects = vec![catalog("/AcroForm<</Fields[2 0 R]>>")];
    objects.extend((2..200).map(|n| (n, format!("<</T(x)/Kids[{} 0 R]>>", n + 1))));
    objects.push((200, "<</T(x)/FT/Sig>>".to_owned()));
    let bytes = file(&objects);
    let document = Document::open(&bytes, &Limits::default()).unwrap();
    let error = signature_fields(&document, document.latest()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Nesting));
}

/// Each of 20,000 kids is a reference to one object of 200 kB: 4 GB to read in a file of 400 kB.
#[test]
fn one_large_object_that_is_referred_to_again_and_again_reaches_a_limit() {
    let kids = "3 0 R ".repeat(20_000);
    let objects = [
        catalog("/AcroForm<</Fields[2 0 R]>>"),
        (2, format!("<</T(a)/Kids[{kids}]>>")),
        (3, format!("[{}]", "0 ".repeat(100_000))),
    ];
    let bytes = file(&objects);
    let mut limits = limits();
    limits.read_octets = 1024 * 1024;
    let document = Document::open(&bytes, &limits).unwrap();
    let error = signature_fields(&document, document.latest()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::ReadOctets));
    let error = document.catalog(document.latest()).unwrap_err();
    assert!(error.is_limit(), "what is used up stays used up");
}

/// Objects without an end, each reaching to the end of the file, referred to by an update.
#[test]
fn comparing_revisions_of_objects_without_end_reaches_a_limit() {
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n".to_vec();
    let mut table = String::new();
    for number in 2..6_000 {
        table.push_str(&format!("{:010} 00000 n\r\n", bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj (\n").as_bytes());
    }
    let start = bytes.len();
    let first = format!(
        "xref\n0 2\n0000000000 65535 f\r\n0000000009 00000 n\r\n2 5998\n{table}trailer\n\
         <</Size 6000/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    bytes.extend_from_slice(first.as_bytes());
    let object = bytes.len();
    bytes.extend_from_slice(b"1 0 obj\n<</Type/Catalog/A 1>>\nendobj\n");
    let second = bytes.len();
    let update = format!(
        "xref\n1 1\n{object:010} 00000 n\r\ntrailer\n<</Size 6000/Root 1 0 R/Prev {start}>>\n\
         startxref\n{second}\n%%EOF\n"
    );
    bytes.extend_from_slice(update.as_bytes());
    let mut limits = limits();
    limits.read_octets = 1024 * 1024;
    let document = Document::open(&bytes, &limits).unwrap();
    assert_eq!(document.revisions().count(), 2);
    let history = History::of_signed(&document);
    let told = history.of(document.latest()).iter().any(|change| {
        matches!(
            &change.kind,
            trien_pdf::ChangeKind::Unreadable(error) if error.is_limit()
        )
    });
    assert!(told, "{history:?}");
}

#[test]
fn a_search_for_signatures_without_end_stops() {
    let mut limits = limits();
    limits.read_octets = 1024 * 1024;
    let decoys: String = (2..40_000)
        .map(|number| format!("{number} 0 obj ( /ByteRange\n"))
        .collect();
    let mut bytes = decoys.into_bytes();
    assert!(salvage_signatures(&bytes, &limits).is_empty());
    bytes.splice(
        0..0,
        b"9 0 obj <</ByteRange[0 1 2 3]/Contents<00>>> endobj\n".to_vec(),
    );
    assert_eq!(salvage_signatures(&bytes, &limits).len(), 1);
    let marks = [b"1 0 obj ".to_vec(), b"/ByteRange".repeat(100_000)].concat();
    assert!(salvage_signatures(&marks, &limits).is_empty());
}

#[test]
fn a_page_tree_that_holds_itself_is_refused() {
    for kids in ["[2 0 R]", "[3 0 R]", "[1 0 R]", "[9 0 R]"] {
        let objects = [
            catalog("/Pages 2 0 R"),
            (2, format!("<</Type/Pages/Count 1/Kids {kids}>>")),
            (3, "<</Type/Pages/Count 1/Kids[2 0 R]>>".to_owned()),
        ];
        let bytes = file(&objects);
        let document = Document::open(&bytes, &limits()).unwrap();
        let room = NonZeroUsize::new(64).unwrap();
        let placed = document.place(&Placement::invisible("a"), room);
        assert!(placed.is_err(), "{kids}");
    }
}

#[test]
fn pages_beyond_the_limit_are_refused() {
    let kids: String = (3..40).map(|number| format!("{number} 0 R ")).collect();
    let mut objects = vec![
        catalog("/Pages 2 0 R"),
        (2, format!("<</Type/Pages/Count 38/Kids[{kids}]>>")),
    ];
    objects.extend((3..40).map(|n| (n, "<</Type/Pages/Count 0/Kids[]>>".to_owned())));
    let bytes = file(&objects);
    let mut limits = limits();
    limits.pages = 10;
    let document = Document::open(&bytes, &limits).unwrap();
    let room = NonZeroUsize::new(64).unwrap();
    match document.place(&Placement::invisible("a"), room) {
        Err(PlaceError::Read(error)) => {
            assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Pages));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stream_whose_length_is_itself_is_refused() {
    for length in [
        "2 0 R",
        "3 0 R",
        "-1",
        "9223372036854775807",
        "99999999999999999999",
    ] {
        let objects = [
            catalog(""),
            (2, format!("<</Length {length}>>\nstream\nabc\nendstream")),
            (3, "3 0 R".to_owned()),
        ];
        let bytes = file(&objects);
        let document = Document::open(&bytes, &limits()).unwrap();
        let revision = document.latest();
        let Ok(located) = document.object(ObjectId::new(2, 0), revision) else {
            continue;
        };
        let stream = located.object.as_stream().unwrap();
        assert!(document.encoded(stream, revision).is_err(), "{length}");
    }
}

/// An object stream that lies in itself, or in another one that lies in it.
#[test]
fn object_streams_inside_each_other_are_refused() {
    let data = [[2, 2, 0], [2, 2, 0], [2, 3, 0], [1, 0, 0]].concat();
    let bytes = with_xref_stream("/Size 4/W[1 1 1]", &data);
    let document = Document::open(&bytes, &limits()).unwrap();
    for number in 0..3 {
        let id = ObjectId::new(number, 0);
        assert!(document.object(id, document.latest()).is_err());
    }
}

#[test]
fn one_object_over_the_limit_on_octets_is_refused() {
    let mut limits = limits();
    limits.dictionary_octets = 10_000;
    let bytes = file(&[catalog(""), (2, format!("[{}]", "0 ".repeat(100_000)))]);
    let kind = refused(&bytes, 2, &limits);
    assert_eq!(kind, ReadErrorKind::LimitReached(Limit::DictionaryOctets));
}
