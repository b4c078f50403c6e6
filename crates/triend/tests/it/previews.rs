//! Pictures of pages, drawn by the program itself in a process of its own.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use triend::preview::{DrawFault, Previews};

fn previews() -> Previews {
    Previews::of_program(env!("CARGO_BIN_EXE_triend").into())
}

fn on_disk(octets: &[u8]) -> File {
    let mut file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    file.write_all(octets).unwrap();
    file.reopen().unwrap()
}

/// A PDF of one page with this dictionary and content.
fn pdf(page: &str, content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
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

#[tokio::test]
async fn a_page_of_endless_work_is_given_up_and_costs_a_picture() {
    let fill = "q 1 0 0 1 1 1 cm 0 0 500 500 re W n 0 0 500 500 re f Q\n".repeat(400_000);
    let file = on_disk(&pdf("/MediaBox[0 0 595 842]", &fill));
    let began = Instant::now();
    let fault = previews().page(file, 0, 2000).await.unwrap_err();
    assert_eq!(fault, DrawFault::TooMuch);
    assert!(began.elapsed().as_secs() < 120);
    let whole = on_disk(&pdf("/MediaBox[0 0 595 842]", ""));
    assert!(previews().page(whole, 0, 600).await.is_ok());
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
