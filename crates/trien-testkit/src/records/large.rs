//! Records that are large in one way: many octets in few objects, or many objects.
//! Their content matters to nobody but readers that must stay fast.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "numbers of pages and objects that a test chose: overflow is a failed test"
)]

use std::io::{self, BufWriter, Write};

use super::document::{PlainDocument, text_string};

/// Pixels of an A4 page scanned at 200 dpi (vis.7).
const SCAN: (usize, usize) = (1_654, 2_339);

/// A scan of A4 pages without compression: 11.6 MB each in RGB, in three objects a page. Nine
/// pages make 104 MB.
#[must_use]
pub fn scanned_pages(pages: u8) -> PlainDocument {
    let mut document = PlainDocument::new();
    let root = document.allocate();
    let mut kids = String::new();
    let (width, height) = SCAN;
    for page in 0..pages {
        let pixels = scan(page);
        let image = document.add_stream(
            &format!(
                "/Type /XObject /Subtype /Image /Width {width} /Height {height} \
                 /ColorSpace /DeviceRGB /BitsPerComponent 8"
            ),
            &pixels,
        );
        let content = document.add_stream("", b"q 595.28 0 0 841.89 0 0 cm /Scan Do Q");
        let page = document.add(format!(
            "<< /Type /Page /Parent {root} 0 R /MediaBox [ 0 0 595.28 841.89 ] \
             /Resources << /XObject << /Scan {image} 0 R >> >> /Contents {content} 0 R >>"
        ));
        kids.push_str(&format!("{page} 0 R "));
    }
    document.set(
        root,
        format!("<< /Type /Pages /Kids [ {kids}] /Count {pages} >>"),
    );
    document.set(
        document.root,
        format!("<< /Type /Catalog /Pages {root} 0 R >>"),
    );
    let title = text_string("Sổ ghi chép quét từ bản giấy");
    document.info = Some(document.add(format!("<< /Title {title} >>")));
    document
}

/// Ruled paper with strokes like lines of writing, different on each page.
fn scan(page: u8) -> Vec<u8> {
    let (width, height) = SCAN;
    let blank: Vec<u8> = [246, 243, 234].repeat(width);
    let ruled: Vec<u8> = [170, 190, 215].repeat(width);
    let mut written = blank.clone();
    for (column, pixel) in written.chunks_exact_mut(3).enumerate() {
        let word = column / 23 + usize::from(page) * 5;
        if (180..1_500).contains(&column) && word % 7 != 0 && column % 5 < 3 {
            pixel.copy_from_slice(&[40, 44, 90]);
        }
    }
    let mut pixels = Vec::with_capacity(width * height * 3);
    for row in 0..height {
        pixels.extend_from_slice(match row % 60 {
            _ if !(200..2_200).contains(&row) => &blank,
            0 | 1 => &ruled,
            42..=52 => &written,
            _ => &blank,
        });
    }
    pixels
}

/// Writes offsets as it goes, so that a file of any size takes little memory.
struct Streaming<W: Write> {
    output: BufWriter<W>,
    length: u64,
    /// Offset of each object by its number; 0 until it is written.
    offsets: Vec<u64>,
}

impl<W: Write> Streaming<W> {
    fn raw(&mut self, octets: &[u8]) -> io::Result<()> {
        self.output.write_all(octets)?;
        self.length = self
            .length
            .saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    fn object(&mut self, number: usize, body: &[u8]) -> io::Result<()> {
        if self.offsets.len() <= number {
            self.offsets.resize(number.saturating_add(1), 0);
        }
        if let Some(offset) = self.offsets.get_mut(number) {
            *offset = self.length;
        }
        self.raw(format!("{number} 0 obj\n").as_bytes())?;
        self.raw(body)?;
        self.raw(b"\nendobj\n")
    }
}

/// Objects that each page of [`many_pages`] takes.
pub const OBJECTS_PER_PAGE: usize = 10;

/// Writes a document of `pages` pages, [`OBJECTS_PER_PAGE`] objects each, in a page tree of 100
/// kids a node, with a classic cross-reference table. 20,000 pages are 200,000 objects.
///
/// # Errors
/// The output cannot be written.
pub fn many_pages(output: impl Write, pages: usize) -> io::Result<()> {
    const KIDS: usize = 100;
    const CATALOGUE: usize = 1;
    const FONT: usize = 2;
    let nodes = levels(pages, KIDS);
    let node_count: usize = nodes.iter().map(|level| level.len()).sum();
    let first_node = 3;
    let first_page = first_node + node_count;
    let mut file = Streaming {
        output: BufWriter::with_capacity(1 << 20, output),
        length: 0,
        offsets: vec![0],
    };
    file.raw(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")?;
    let root = first_node + node_count - 1;
    let body = format!("<< /Type /Catalog /Pages {root} 0 R >>");
    file.object(CATALOGUE, body.as_bytes())?;
    let body = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    file.object(FONT, body.as_bytes())?;
    let mut number = first_node;
    let mut below = (first_page, OBJECTS_PER_PAGE);
    for (height, level) in nodes.iter().enumerate() {
        let above = number + level.len();
        for (position, node) in level.iter().enumerate() {
            let parent = if height + 1 == nodes.len() {
                String::new()
            } else {
                format!("/Parent {} 0 R ", above + position / KIDS)
            };
            let mut body = format!("<< /Type /Pages {parent}/Count {} /Kids [", node.pages);
            for kid in 0..node.kids {
                let kid = below.0 + (position * KIDS + kid) * below.1;
                body.push_str(&format!(" {kid} 0 R"));
            }
            body.push_str(" ] >>");
            file.object(number + position, body.as_bytes())?;
        }
        below = (number, 1);
        number = above;
    }
    for page in 0..pages {
        let parent = first_node + page / KIDS;
        write_page(
            &mut file,
            first_page + page * OBJECTS_PER_PAGE,
            parent,
            page,
            FONT,
        )?;
    }
    finish(file, CATALOGUE)
}

/// A node of the page tree: its kids and the pages below it.
struct Node {
    kids: usize,
    pages: usize,
}

/// The nodes of each level, the lowest first; the last level is the root alone.
fn levels(pages: usize, kids: usize) -> Vec<Vec<Node>> {
    let mut levels = Vec::new();
    let mut count = pages;
    let mut per_item = 1;
    loop {
        let level: Vec<Node> = (0..count.div_ceil(kids).max(1))
            .map(|position| {
                let own = kids.min(count - position * kids);
                let first_page = position * kids * per_item;
                Node {
                    kids: own,
                    pages: (own * per_item).min(pages - first_page),
                }
            })
            .collect();
        let length = level.len();
        levels.push(level);
        if length == 1 {
            return levels;
        }
        count = length;
        per_item *= kids;
    }
}

fn write_page<W: Write>(
    file: &mut Streaming<W>,
    first: usize,
    parent: usize,
    page: usize,
    font: usize,
) -> io::Result<()> {
    let [
        content,
        length,
        resources,
        media_box,
        annotations,
        link,
        action,
        border,
        rectangle,
    ] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|offset| first + offset);
    let body = format!(
        "<< /Type /Page /Parent {parent} 0 R /MediaBox {media_box} 0 R \
         /Resources {resources} 0 R /Contents {content} 0 R /Annots {annotations} 0 R >>"
    );
    file.object(first, body.as_bytes())?;
    let text = format!(
        "BT /F 14 Tf 72 760 Td (So dang bo, trang {}) Tj ET",
        page + 1
    );
    let mut body = format!("<< /Length {length} 0 R >>\nstream\n").into_bytes();
    body.extend_from_slice(text.as_bytes());
    body.extend_from_slice(b"\nendstream");
    file.object(content, &body)?;
    file.object(length, text.len().to_string().as_bytes())?;
    let body = format!("<< /Font << /F {font} 0 R >> >>");
    file.object(resources, body.as_bytes())?;
    file.object(media_box, b"[ 0 0 595 842 ]")?;
    let body = format!("[ {link} 0 R ]");
    file.object(annotations, body.as_bytes())?;
    let body = format!(
        "<< /Type /Annot /Subtype /Link /Rect {rectangle} 0 R /Border {border} 0 R \
         /A {action} 0 R >>"
    );
    file.object(link, body.as_bytes())?;
    file.object(action, b"<< /S /URI /URI (https://example.invalid/) >>")?;
    file.object(border, b"[ 0 0 0 ]")?;
    file.object(rectangle, b"[ 72 700 200 720 ]")
}

fn finish<W: Write>(mut file: Streaming<W>, catalogue: usize) -> io::Result<()> {
    let start = file.length;
    let size = file.offsets.len();
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n").into_bytes();
    for offset in file.offsets.iter().skip(1) {
        writeln!(table, "{offset:010} 00000 n ")?;
    }
    file.raw(&table)?;
    let trailer =
        format!("trailer\n<< /Size {size} /Root {catalogue} 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.raw(trailer.as_bytes())?;
    file.output.flush()
}
