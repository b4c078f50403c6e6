//! How the work of a comparison grows with the file: counted in octets of objects read, each time
//! they are, and by no clock. What doubles the file may double the work, and an update of one object
//! may not cost what the document costs.

use trien_pdf::{Document, History, ReadErrorKind, signature_fields};
use trien_types::{Limit, Limits};

use crate::maker::{deflated, file, update};

/// What growing by two may do to the work: a little more than twice, for what grows by its
/// logarithm and for numbers that become longer.
const TWICE: f64 = 2.35;

/// Octets read by all that a verification asks of a document.
fn work(bytes: &[u8]) -> u64 {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    assert_eq!(
        history.after(document.revisions().next().unwrap()).count() > 0,
        { document.revisions().count() > 1 }
    );
    let _fields = signature_fields(&document, document.latest());
    document.octets_read()
}

/// The work at a size, twice and four times it.
fn assert_grows_with_the_file(what: &str, size: usize, make: impl Fn(usize) -> Vec<u8>) {
    let files = [1, 2, 4].map(|times| make(size * times));
    let works = files.each_ref().map(|bytes| work(bytes));
    let lengths = files.each_ref().map(Vec::len);
    println!("{what}: {works:?} octets read of files of {lengths:?}");
    for pair in works.windows(2) {
        let grown = pair[1] as f64 / pair[0] as f64;
        assert!(grown < TWICE, "{what}: {works:?}, files of {lengths:?}");
    }
}

fn page(parent: u32, rest: &str) -> String {
    format!("<</Type/Page/Parent {parent} 0 R/MediaBox[0 0 99 99]{rest}>>")
}

fn kids(numbers: impl Iterator<Item = u32>) -> String {
    numbers.map(|number| format!("{number} 0 R ")).collect()
}

/// Pages in nodes of 50, and an update that changes one page's number of notes.
fn register(pages: usize) -> Vec<u8> {
    let nodes = u32::try_from(pages / 50).unwrap();
    let first = 10 + nodes;
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (
            2,
            format!(
                "<</Type/Pages/Count {pages}/Kids[{}]>>",
                kids(10..10 + nodes)
            ),
        ),
    ];
    for node in 0..nodes {
        let from = first + node * 50;
        let list = kids(from..from + 50);
        objects.push((
            10 + node,
            format!("<</Type/Pages/Parent 2 0 R/Count 50/Kids[{list}]>>"),
        ));
        objects.extend((from..from + 50).map(|number| (number, page(10 + node, ""))));
    }
    let size = objects.len() + 100;
    let mut bytes = file(&objects);
    update(&mut bytes, size, &[(first, page(10, "/Rotate 90"))]);
    bytes
}

#[test]
fn a_change_costs_what_it_touches_and_one_pass_over_the_file() {
    let [small, large] = [200, 20_000].map(register);
    let [of_small, of_large] = [&small, &large].map(|bytes| work(bytes));
    // Each revision after the first adds nothing that grows with the document.
    let again = |bytes: &[u8], size: usize| {
        let mut bytes = bytes.to_vec();
        let first = u32::try_from(10 + size / 50).unwrap();
        for degrees in [180, 270, 0] {
            let rotated = page(10, &format!("/Rotate {degrees}"));
            update(&mut bytes, size + size / 50 + 110, &[(first, rotated)]);
        }
        work(&bytes)
    };
    let [more_small, more_large] = [
        again(&small, 200) - of_small,
        again(&large, 20_000) - of_large,
    ];
    println!(
        "three more updates: {more_small} octets in a small file, {more_large} in a large one"
    );
    // The root lists 4 nodes or 400.
    assert!(
        more_large < more_small + 100_000,
        "{more_small} {more_large}"
    );
    assert!(of_large < 4 * u64::try_from(large.len()).unwrap());
}

#[test]
fn pages_in_a_balanced_tree() {
    assert_grows_with_the_file("pages", 2_000, register);
}

#[test]
fn one_wide_array_of_pages() {
    assert_grows_with_the_file("a wide array", 2_000, |pages| {
        let last = 10 + u32::try_from(pages).unwrap();
        let mut objects = vec![
            (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
            (
                2,
                format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids(10..last)),
            ),
        ];
        objects.extend((10..last).map(|number| (number, page(2, ""))));
        let mut bytes = file(&objects);
        update(&mut bytes, pages + 20, &[(last - 1, page(2, "/Rotate 90"))]);
        bytes
    });
}

#[test]
fn a_tree_as_deep_as_it_is_long() {
    assert_grows_with_the_file("a deep tree", 1_000, |depth| {
        let last = 10 + u32::try_from(depth).unwrap();
        let mut objects = vec![
            (1, "<</Type/Catalog/Pages 10 0 R>>".to_owned()),
            (last, page(last - 1, "")),
        ];
        objects.extend((10..last).map(|number| {
            let node = format!(
                "<</Type/Pages/Count 1/Parent {} 0 R/Kids[{} 0 R]>>",
                number - 1,
                number + 1
            );
            (number, node)
        }));
        let mut bytes = file(&objects);
        update(
            &mut bytes,
            depth + 20,
            &[(last, page(last - 1, "/Rotate 90"))],
        );
        bytes
    });
}

#[test]
fn revisions_that_each_change_one_object() {
    let revisions = |count: usize| {
        let mut bytes = file(&[
            (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
            (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
            (3, page(2, "")),
        ]);
        for number in 0..count {
            let body = page(2, &format!("/Rotate {}", 90 * (number % 4)));
            update(&mut bytes, 4, &[(3, body)]);
        }
        bytes
    };
    assert_grows_with_the_file("revisions", 2_500, revisions);
    let limits = Limits::default();
    let bytes = revisions(limits.revisions + 1);
    let error = Document::open(&bytes, &limits).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Revisions));
}

fn fields(count: usize) -> Vec<u8> {
    let last = 10 + u32::try_from(count).unwrap();
    let field = |number: u32, value: &str| {
        let body = format!(
            "<</FT/Tx/T(F{number})/V({value})/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R>>"
        );
        (number, body)
    };
    let list = kids(10..last);
    let mut objects = vec![
        (
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 4 0 R>>>>".to_owned(),
        ),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (3, page(2, "/Annots 4 0 R")),
        (4, format!("[{list}]")),
    ];
    objects.extend((10..last).map(|number| field(number, "9")));
    let mut bytes = file(&objects);
    update(&mut bytes, count + 20, &[field(10, "10")]);
    bytes
}

#[test]
fn fields_of_a_form() {
    assert_grows_with_the_file("fields", 5_000, fields);
}

#[test]
fn a_hundred_thousand_fields_are_read_and_more_are_a_limit_by_name() {
    let limits = Limits::default();
    let most = fields(limits.fields - 1);
    let read = work(&most);
    assert!(read < 16 * u64::try_from(most.len()).unwrap(), "{read}");
    let bytes = fields(limits.fields + 1);
    let document = Document::open(&bytes, &limits).unwrap();
    let error = signature_fields(&document, document.latest()).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Fields));
}

/// Widgets that all show another look behind an update: those of one field, or of as many fields.
fn widgets(count: usize, owner: impl Fn(u32) -> String, fields: &str, value: &str) -> Vec<u8> {
    let last = 10 + u32::try_from(count).unwrap();
    let number_of_look = |widget: u32| widget + u32::try_from(count).unwrap();
    let widget = |number: u32, look: u32| {
        let owner = owner(number).replace("VALUE", value);
        let body = format!(
            "<</Type/Annot/Subtype/Widget/Rect[0 0 90 9]/P 3 0 R/AP<</N {look} 0 R>>{owner}>>"
        );
        (number, body)
    };
    let look = |number: u32, text: &str| {
        let data = format!("/Tx BMC BT /Helv 9 Tf 1 1 Td ({text}) Tj ET EMC");
        let body = format!(
            "<</Subtype/Form/BBox[0 0 90 9]/Resources<</Font<</Helv 7 0 R>>>>/Length {}>>\nstream\n\
             {data}\nendstream",
            data.len()
        );
        (number, body)
    };
    let list = kids(10..last);
    let field = |value: &str| {
        let body = format!("<</FT/Tx/T(k)/V({value})/DA(/Helv 9 Tf 0 g)/Kids[{list}]>>");
        (6, body)
    };
    let fields = fields.replace("ALL", &list);
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>".to_owned()),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (3, page(2, &format!("/Annots[{list}]"))),
        (5, format!("<</Fields[{fields}]>>")),
        field("5"),
        (
            7,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        ),
        look(8, "5"),
    ];
    objects.extend((10..last).map(|number| widget(number, 8)));
    let mut bytes = file(&objects);
    let mut changed = vec![field("6")];
    changed.extend((10..last).map(|number| widget(number, number_of_look(number))));
    changed.extend((10..last).map(|number| look(number_of_look(number), "6")));
    update(&mut bytes, 2 * count + 20, &changed);
    bytes
}

#[test]
fn a_field_of_many_widgets_each_with_a_look_of_its_own() {
    assert_grows_with_the_file("widgets of a field", 1_000, |count| {
        widgets(count, |_| "/Parent 6 0 R".to_owned(), "6 0 R", "")
    });
}

#[test]
fn many_fields_of_one_name() {
    assert_grows_with_the_file("fields of a name", 1_000, |count| {
        let owner = |_| "/FT/Tx/T(same)/V(VALUE)/DA(/Helv 9 Tf 0 g)".to_owned();
        widgets(count, owner, "ALL", "6")
    });
}

/// Object streams whose objects all name the next stream's, so that reading one leads to the next.
#[test]
fn object_streams_that_refer_to_one_another() {
    assert_grows_with_the_file("object streams", 100, |streams| {
        const EACH: u32 = 20;
        let streams = u32::try_from(streams).unwrap();
        let first = 10 + streams;
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut entries: Vec<[u64; 4]> = Vec::new();
        let mut put = |bytes: &mut Vec<u8>, number: u32, body: &[u8]| {
            entries.push([u64::from(number), 1, bytes.len() as u64, 0]);
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
        };
        let list = kids(first..first + streams * EACH);
        put(&mut bytes, 1, b"<</Type/Catalog/Pages 2 0 R/Rows 4 0 R>>");
        put(&mut bytes, 2, b"<</Type/Pages/Count 1/Kids[3 0 R]>>");
        put(&mut bytes, 3, page(2, "").as_bytes());
        put(&mut bytes, 4, format!("[{list}]").as_bytes());
        let mut packed = Vec::new();
        for stream in 0..streams {
            let (mut head, mut body) = (String::new(), String::new());
            for index in 0..EACH {
                let number = first + stream * EACH + index;
                let next = first + (stream + 1) % streams * EACH + index;
                head.push_str(&format!("{number} {} ", body.len()));
                body.push_str(&format!("<</Next {next} 0 R>> "));
                packed.push([
                    u64::from(number),
                    2,
                    u64::from(10 + stream),
                    u64::from(index),
                ]);
            }
            let data = deflated(format!("{head}{body}").as_bytes());
            let mut object = format!(
                "<</Type/ObjStm/N {EACH}/First {}/Filter/FlateDecode/Length {}>>\nstream\n",
                head.len(),
                data.len()
            )
            .into_bytes();
            object.extend_from_slice(&data);
            object.extend_from_slice(b"\nendstream");
            put(&mut bytes, 10 + stream, &object);
        }
        let size = first + streams * EACH + 1;
        let own = size - 1;
        entries.push([u64::from(own), 1, bytes.len() as u64, 0]);
        entries.extend(packed);
        entries.sort_unstable();
        let index: String = entries.iter().map(|[n, ..]| format!("{n} 1 ")).collect();
        let data: Vec<u8> = entries
            .iter()
            .flat_map(|[_, kind, place, more]| {
                let mut entry = vec![u8::try_from(*kind).unwrap()];
                entry.extend_from_slice(&place.to_be_bytes()[3..]);
                entry.extend_from_slice(&more.to_be_bytes()[6..]);
                entry
            })
            .collect();
        let start = bytes.len();
        let head = format!(
            "{own} 0 obj\n<</Type/XRef/Root 1 0 R/Size {size}/W[1 5 2]/Index[{index}]/Length {}>>\n\
             stream\n",
            data.len()
        );
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(&data);
        let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
        bytes.extend_from_slice(end.as_bytes());
        let size = usize::try_from(size).unwrap();
        update(&mut bytes, size, &[(3, page(2, "/Rotate 90"))]);
        bytes
    });
}
