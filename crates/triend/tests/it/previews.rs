//! Pictures of pages, drawn by the program itself in a process of its own.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use triend::preview::{DrawFault, LeftOut, PageOf, PagePicture, Previews};

/// Draws one page, for a window of its own.
struct Drawing(Previews);

fn previews() -> Drawing {
    Drawing(Previews::of_program(env!("CARGO_BIN_EXE_triend").into()))
}

fn of(job: &str, page: usize) -> PageOf {
    PageOf::new(job.to_owned(), 1, page)
}

impl Drawing {
    async fn page(&self, file: File, page: usize, width: u16) -> Result<PagePicture, DrawFault> {
        self.0.page(file, of("a", page), width).await
    }
}

fn on_disk(octets: &[u8]) -> File {
    let mut file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    file.write_all(octets).unwrap();
    file.reopen().unwrap()
}

/// A PDF of one page with this dictionary and content.
fn pdf(page: &str, content: &str) -> Vec<u8> {
    pdf_with("", page, content)
}

/// The same with something more in the catalog.
fn pdf_with(catalog: &str, page: &str, content: &str) -> Vec<u8> {
    let objects = [
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R {page}>>"),
        format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        ),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let xref = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).unwrap();
    for offset in &offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    let size = offsets.len() + 1;
    write!(
        file,
        "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n"
    )
    .unwrap();
    file
}

/// Width and height in the header of a PNG.
fn pixels(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[tokio::test]
async fn a_page_is_drawn_as_wide_as_asked_with_its_size_in_points() {
    let file = on_disk(&pdf(
        "/MediaBox[0 0 595 842]",
        "1 0 0 rg 100 100 200 200 re f",
    ));
    let picture = previews().page(file, 0, 595).await.unwrap();
    assert!((picture.width - 595.0).abs() < 0.01 && (picture.height - 842.0).abs() < 0.01);
    let (width, height) = pixels(&picture.png);
    assert_eq!(width, 595);
    assert!((841..=842).contains(&height));
    let reader = png::Decoder::new(std::io::Cursor::new(&picture.png));
    let mut reader = reader.read_info().unwrap();
    let mut colours = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut colours).unwrap();
    let samples = info.color_type.samples();
    let colour = |x: usize, y: usize| {
        let at = y * info.line_size + x * samples;
        (colours[at], colours[at + 1], colours[at + 2])
    };
    assert_eq!(colour(200, 842 - 200), (255, 0, 0));
    assert_eq!(colour(20, 20), (255, 255, 255));
}

#[tokio::test]
async fn a_picture_says_of_which_document_it_is() {
    let octets = pdf("/MediaBox[0 0 595 842]", "100 100 200 200 re f");
    let picture = previews().page(on_disk(&octets), 0, 100).await.unwrap();
    let hash = triend::store::ContentHash::of(&octets);
    assert_eq!(&picture.document, hash.as_octets());
}

#[tokio::test]
async fn a_turned_and_cropped_page_is_drawn_as_it_is_shown() {
    let page = "/MediaBox[0 0 595 842]/CropBox[95 42 595 842]/Rotate 90";
    let picture = previews()
        .page(on_disk(&pdf(page, "")), 0, 800)
        .await
        .unwrap();
    assert!((picture.width - 800.0).abs() < 0.01 && (picture.height - 500.0).abs() < 0.01);
    assert_eq!(pixels(&picture.png), (800, 500));
    let scaled = "/MediaBox[0 0 595 842]/UserUnit 2";
    let picture = previews()
        .page(on_disk(&pdf(scaled, "")), 0, 595)
        .await
        .unwrap();
    assert!((picture.width - 1190.0).abs() < 0.01);
}

#[tokio::test]
async fn what_is_no_page_is_refused() {
    let page = "/MediaBox[0 0 595 842]";
    for (octets, index) in [
        (b"not a PDF".to_vec(), 0),
        (Vec::new(), 0),
        (pdf(page, ""), 1),
        (pdf("/MediaBox[0 0 0 0]", ""), 0),
    ] {
        let fault = previews()
            .page(on_disk(&octets), index, 600)
            .await
            .unwrap_err();
        assert_eq!(fault, DrawFault::NoSuchPage);
    }
    let endless = pdf("/MediaBox[0 0 1 1000000000]", "");
    let fault = previews()
        .page(on_disk(&endless), 0, 600)
        .await
        .unwrap_err();
    assert_eq!(fault, DrawFault::TooMuch);
}

/// A page that takes a drawing process minutes.
fn endless() -> Vec<u8> {
    let fill = "q 1 0 0 1 1 1 cm 0 0 500 500 re W n 0 0 500 500 re f Q\n".repeat(400_000);
    pdf("/MediaBox[0 0 595 842]", &fill)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_endless_work_is_given_up_once_and_holds_up_its_own_window_alone() {
    let previews = previews().0;
    let mut endless_file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    endless_file.write_all(&endless()).unwrap();
    let endless = || endless_file.reopen().unwrap();
    let began = Instant::now();
    let drawing: Vec<_> = (0..6)
        .map(|page| {
            let (previews, file) = (previews.clone(), endless());
            // One page, asked for again and again.
            let of = of("hostile", page / 6);
            tokio::spawn(async move { previews.page(file, of, 2000).await })
        })
        .collect();
    // Another window gets its pictures meanwhile.
    let whole = pdf("/MediaBox[0 0 595 842]", "");
    let picture = previews.page(on_disk(&whole), of("other", 0), 600).await;
    assert!(picture.is_ok());
    assert!(drawing.iter().any(|one| !one.is_finished()));
    for one in drawing {
        assert_eq!(one.await.unwrap().unwrap_err(), DrawFault::TooMuch);
    }
    // Two at a time would take three times as long as one where each was tried.
    let took = began.elapsed();
    assert!(took.as_secs() < 600, "{took:?}");
    let again = Instant::now();
    let fault = previews.page(endless(), of("hostile", 0), 2000).await;
    assert_eq!(fault.unwrap_err(), DrawFault::TooMuch);
    assert!(again.elapsed() < took / 2, "it was tried again");
    let next = PageOf::new("hostile".to_owned(), 2, 0);
    let next = previews.page(on_disk(&whole), next, 600).await;
    assert!(next.is_ok(), "other pages of the job are drawn");
}

#[tokio::test]
async fn what_a_picture_does_not_show_is_said() {
    let page = "/MediaBox[0 0 595 842]";
    let left_out = async |catalog: &str, page: &str, content: &str| {
        let octets = pdf_with(catalog, page, content);
        previews()
            .page(on_disk(&octets), 0, 300)
            .await
            .unwrap()
            .left_out
    };
    let widget =
        |rest: &str| format!("{page}/Annots[<</Type/Annot/Subtype/Widget/Rect[9 9 99 99]{rest}>>]");
    assert_eq!(left_out("", page, "").await, []);
    let bare = widget("/FT/Tx/T(a)/V(10)");
    assert_eq!(left_out("", &bare, "").await, [LeftOut::Fields]);
    // Nothing is filled in, or it waits for a signature, or nobody sees it: nothing is missing.
    for nothing in ["/FT/Tx/T(a)", "/FT/Sig/T(a)", "/FT/Tx/T(a)/V(1)/F 2"] {
        assert_eq!(left_out("", &widget(nothing), "").await, [], "{nothing}");
    }
    let annotated = |rest: &str| format!("{page}/Annots[<</Type/Annot/Rect[9 9 99 99]{rest}>>]");
    for kind in [
        "FreeText",
        "Square",
        "Line",
        "Circle",
        "Highlight",
        "Ink",
        "Polygon",
        "StrikeOut",
        "Text",
        "Stamp/Name/Approved",
        "Link",
        "Link/Border[0 0 2]",
        "Link/BS<</W 1>>",
        "Square/AP<<>>",
        "Square/F 36",
    ] {
        let found = left_out("", &annotated(&format!("/Subtype/{kind}")), "").await;
        assert_eq!(found, [LeftOut::Annotations], "{kind}");
    }
    for nothing in [
        "Popup",
        "Link/Border[0 0 0]",
        "Link/BS<</W 0.0>>",
        "Square/F 2",
        "Square/F 32",
        "Widget",
    ] {
        let found = left_out("", &annotated(&format!("/Subtype/{nothing}")), "").await;
        assert_eq!(found, [], "{nothing}");
    }
    let layers = "/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>";
    assert_eq!(left_out(layers, page, "").await, [LeftOut::Layers]);
    let script = "/OpenAction<</S/JavaScript/JS(1)>>";
    assert_eq!(left_out(script, page, "").await, [LeftOut::Scripts]);
    let image = format!(
        "{page}/Resources<</XObject<</I <</Type/XObject>>>>>>/AA<</O<</S/JavaScript/JS(1)>>>>"
    );
    assert_eq!(left_out("", &image, "/I Do").await, [LeftOut::Scripts]);
}

/// Others take another font, or another picture on paper.
#[tokio::test]
async fn fonts_that_are_not_in_the_file_and_images_with_alternates_are_said_to_be_left_out() {
    let text = "BT /F 40 Tf 100 400 Td (J) Tj ET";
    for (font, left_out) in [
        ("/Subtype/Type1/BaseFont/Helvetica", [].as_slice()),
        ("/Subtype/TrueType/BaseFont/TimesNewRomanPS-BoldMT", &[]),
        ("/Subtype/TrueType/BaseFont/Wingdings", &[LeftOut::Fonts]),
        ("/Subtype/Type1/BaseFont/.VnTime", &[LeftOut::Fonts]),
        (
            "/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/uni1EA1]>>",
            &[LeftOut::Fonts],
        ),
        (
            "/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/A/eacute]>>",
            &[],
        ),
        (
            "/Subtype/Type0/BaseFont/Arial/Encoding/Identity-H/DescendantFonts[<</Type/Font\
             /Subtype/CIDFontType2/BaseFont/Arial/CIDSystemInfo<</Registry(Adobe)\
             /Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor>>>>]",
            &[LeftOut::Fonts],
        ),
    ] {
        let page = format!("/MediaBox[0 0 595 842]/Resources<</Font<</F<</Type/Font{font}>>>>>>");
        let octets = pdf(&page, text);
        let picture = previews().page(on_disk(&octets), 0, 300).await.unwrap();
        assert_eq!(picture.left_out, left_out, "{font}");
    }
    let image = "/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8\
                 /Width 20/Height 1";
    for (alternates, left_out) in [
        ("", [].as_slice()),
        ("/Alternates[]", &[]),
        (
            "/Alternates[<</Image 4 0 R/DefaultForPrinting true>>]",
            &[LeftOut::Images],
        ),
    ] {
        let octets = with_external_object(&format!("{image}{alternates}"), "");
        let picture = previews().page(on_disk(&octets), 0, 300).await.unwrap();
        assert_eq!(picture.left_out, left_out, "{alternates}");
    }
}

/// Fresh eyes had each of these signed without a word: other programs show something else.
#[tokio::test]
async fn what_other_programs_make_of_a_form_or_an_action_is_said() {
    let page = "/MediaBox[0 0 595 842]";
    let plain = format!("{page}/Annots[<</Type/Annot/Subtype/Popup/Rect[9 9 99 99]>>]");
    let filled =
        |rest: &str| format!("{page}/Annots[<</Type/Annot/Subtype/Widget/Rect[9 9 99 99]{rest}>>]");
    let look = "/AP<</N<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>>>";
    let value = filled(&format!("/FT/Tx/T(a)/V(10){look}"));
    let parent = filled("/FT/Tx/Parent<</T(a)/V(10)>>");
    let pressed = filled(&format!("/FT/Tx/T(a){look}/AP<</D 1>>"));
    let layered = format!("{page}/Annots[<</Subtype/Popup/Rect[9 9 99 99]/OC<<>>>>]");
    let acting = |action: &str| format!("{page}/Annots[<</Subtype/Popup/Rect[0 0 9 9]{action}>>]");
    let (fields, layers) = (LeftOut::Fields, LeftOut::Layers);
    let (scripts, annotations) = (LeftOut::Scripts, LeftOut::Annotations);
    let screen = format!("{page}/Annots[<</Subtype/Screen/Rect[9 9 99 99]/AP<</N 1>>>>]");
    for (catalog, page, expected) in [
        (
            "/AcroForm<</NeedAppearances true>>",
            value.as_str(),
            vec![fields],
        ),
        ("/AcroForm<</NeedAppearances false>>", &value, vec![]),
        ("", &parent, vec![fields]),
        ("", &pressed, vec![]),
        ("/AcroForm<</XFA(a)>>", &plain, vec![fields]),
        (
            "/OCProperties<</D<</AS[<</Event/View>>]>>>>",
            &plain,
            vec![layers],
        ),
        ("", &layered, vec![layers]),
        (
            "/OpenAction<</S/SetOCGState/State[/ON]>>",
            &plain,
            vec![scripts],
        ),
        (
            "/OpenAction<</S/GoTo/D[0]/Next<</S/JavaScript/JS(1)>>>>",
            &plain,
            vec![scripts],
        ),
        ("/OpenAction<</S/GoTo/D[0]>>", &plain, vec![]),
        ("", &acting("/A<</S/Hide/T(a)>>"), vec![scripts]),
        ("", &acting("/A<</S/URI/URI(http://a)>>"), vec![]),
        (
            "",
            &acting("/AA<</PO<</S/JavaScript/JS(1)>>>>"),
            vec![scripts],
        ),
        (
            "",
            &acting("/Parent<</AA<</C<</S/JavaScript/JS(1)>>>>>>"),
            vec![scripts],
        ),
        ("", &screen, vec![annotations]),
        ("/Collection<</View/T>>", &plain, vec![LeftOut::Attachments]),
    ] {
        let octets = pdf_with(catalog, page, "");
        let picture = previews().page(on_disk(&octets), 0, 300).await.unwrap();
        let mut found = picture.left_out;
        // A look without a stream is left out besides.
        found.retain(|one| *one != annotations || expected.contains(one));
        assert_eq!(found, expected, "{catalog} {page}");
    }
}

/// A page whose content is an external object, too, which no reader minds; its annotations.
fn with_external_object(what: &str, annotations: &str) -> Vec<u8> {
    let resources = "/Resources<</XObject<</A 4 0 R>>>>";
    let page = format!("/MediaBox[0 0 595 842]{resources}{annotations}");
    let octets = pdf(&page, "1 0 0 rg 100 100 200 200 re f /A Do");
    let octets = String::from_utf8(octets).unwrap();
    let place = octets.find("<</Length").unwrap() + 2;
    let (before, after) = octets.split_at(place);
    let grown = format!("{before}{what}{after}");
    // Everything behind the dictionary moves: the table is written anew.
    let xref = grown.find("xref\n").unwrap();
    let old = format!("startxref\n{}", xref - what.len());
    grown
        .replace(&old, &format!("startxref\n{xref}"))
        .into_bytes()
}

#[tokio::test]
async fn forms_without_a_box_and_what_stands_on_paper_alone_are_said_to_be_left_out() {
    let stamp =
        |flags| format!("/Annots[<</Subtype/Stamp/Rect[9 9 99 99]/F {flags}/AP<</N 4 0 R>>>>]");
    let boxed = "/Subtype/Form/BBox[0 0 100 100]";
    let unseen: &[LeftOut] = &[LeftOut::Annotations];
    for (form, annotations, left_out) in [
        (boxed, stamp(4), [].as_slice()),
        (boxed, stamp(36), unseen),
        ("/Subtype/Form", String::new(), unseen),
        ("/Subtype/Form", stamp(4), unseen),
    ] {
        let octets = with_external_object(form, &annotations);
        let picture = previews().page(on_disk(&octets), 0, 300).await.unwrap();
        assert_eq!(picture.left_out, left_out, "{form} {annotations}");
    }
}

#[tokio::test]
async fn an_image_that_states_too_many_pixels_is_left_out_and_the_rest_is_drawn() {
    let image = |size: &str| {
        let of_image = "/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8";
        with_external_object(&format!("{of_image}{size}"), "")
    };
    let began = Instant::now();
    for (size, left_out) in [
        ("/Width 20/Height 1", [].as_slice()),
        ("/Width 100000/Height 100000", &[LeftOut::Images]),
        ("/W 100000/Height 100000/Width 1", &[LeftOut::Images]),
        ("/Width 4294967295/Height 4294967295", &[LeftOut::Images]),
    ] {
        let picture = previews()
            .page(on_disk(&image(size)), 0, 595)
            .await
            .unwrap();
        assert_eq!(picture.left_out, left_out, "{size}");
    }
    assert!(began.elapsed().as_secs() < 600);
}

#[tokio::test]
async fn pages_of_the_corpus_are_drawn_or_refused_and_never_more() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !folder.is_dir() {
        println!(
            "SKIPPED: previews of the corpus: {} is not there",
            folder.display()
        );
        return;
    }
    let mut paths = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "pdf") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let (mut drawn, mut refused) = (0, 0);
    // Each costs a process: a sample of them.
    for path in paths.iter().step_by(paths.len() / 40 + 1) {
        match previews().page(File::open(path).unwrap(), 0, 300).await {
            Ok(picture) => {
                assert_eq!(pixels(&picture.png).0, 300, "{}", path.display());
                drawn += 1;
            }
            Err(_) => refused += 1,
        }
    }
    println!("previews of the corpus: {drawn} drawn, {refused} refused");
    assert!(drawn > refused);
}
