//! Pages into a document: fonts, pictures, content streams, page tree, form, metadata.
//! Knows nothing of what the pages say.

use std::collections::BTreeMap;

use pdf_writer::{Content, Name, Str};

use super::archive::{OUTPUT_CONDITION, srgb_profile, xmp};
use super::document::{PlainDocument, deflate, text_string};
use super::letter::PageShape;
use super::page::{Faces, HEIGHT, Page, Painted, Style, WIDTH};
use super::{Conformance, RecordError, SignatureFields};
use trien_pdf::appearance::{EmbeddedFont, Image};

/// What a document says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    pub(super) fields: SignatureFields,
    pub(super) conformance: Conformance,
}

/// Kids of one page tree node.
const KIDS: usize = 100;

pub(super) fn assemble(
    pages: &[Page],
    pictures: &[Image],
    faces: &Faces<'_>,
    about: About<'_>,
) -> Result<PlainDocument, RecordError> {
    assemble_shaped(
        pages,
        pictures,
        faces,
        about,
        PageShape::of((WIDTH, HEIGHT)),
    )
}

/// The same on pages that are put into the file in another way.
pub(super) fn assemble_shaped(
    pages: &[Page],
    pictures: &[Image],
    faces: &Faces<'_>,
    about: About<'_>,
    shape: PageShape,
) -> Result<PlainDocument, RecordError> {
    let mut document = PlainDocument::new();
    let mut fonts = BTreeMap::new();
    let mut font_entries = String::new();
    for style in Style::ALL {
        let texts =
            pages
                .iter()
                .flat_map(|page| &page.painted)
                .filter_map(|painted| match painted {
                    Painted::Text {
                        style: own, text, ..
                    } if *own == style => Some(text.as_str()),
                    Painted::Text { .. } | Painted::Rule { .. } | Painted::Picture { .. } => None,
                });
        let font = EmbeddedFont::new(faces.face(style), texts)?;
        let written = font.write(&mut || document.allocate())?;
        let number = document.take(written);
        font_entries.push_str(&format!("/{} {number} 0 R ", style.name()));
        fonts.insert(style, font);
    }
    let mut picture_numbers = Vec::new();
    for picture in pictures {
        let written = picture.write(&mut || document.allocate())?;
        picture_numbers.push(document.take(written));
    }
    let page_numbers: Vec<u32> = pages.iter().map(|_| document.allocate()).collect();
    let tree = page_tree(&mut document, &page_numbers);
    let mut field_numbers = Vec::new();
    for ((page, number), parent) in pages.iter().zip(&page_numbers).zip(&tree.parents) {
        let content = deflate(&content(page, &fonts, shape)?);
        let content = document.add_stream("/Filter /FlateDecode", &content);
        let mut pictures = String::new();
        for painted in &page.painted {
            if let Painted::Picture { index, .. } = painted
                && let Some(picture) = picture_numbers.get(*index)
            {
                pictures.push_str(&format!("/P{index} {picture} 0 R "));
            }
        }
        let mut annotations = String::new();
        if about.fields == SignatureFields::Prepared {
            for (name, rectangle) in &page.fields {
                let field = empty_field(&mut document, name, *rectangle, *number);
                annotations.push_str(&format!("{field} 0 R "));
                field_numbers.push(field);
            }
        }
        let annotations = if annotations.is_empty() {
            String::new()
        } else {
            format!("/Annots [ {annotations}] ")
        };
        document.set(
            *number,
            format!(
                "<< /Type /Page /Parent {parent} 0 R {}\
                 /Resources << /Font << {font_entries}>> /XObject << {pictures}>> >> \
                 {annotations}/Contents {content} 0 R >>",
                shape.entries()
            ),
        );
    }
    finish(&mut document, tree.root, &field_numbers, about);
    Ok(document)
}

/// The root of the page tree and the parent of each page.
struct PageTree {
    root: u32,
    parents: Vec<u32>,
}

/// Writes the nodes of the page tree: one level up to [`KIDS`] pages, two above.
fn page_tree(document: &mut PlainDocument, pages: &[u32]) -> PageTree {
    let root = document.allocate();
    if pages.len() <= KIDS {
        document.set(root, node("", pages, pages.len()));
        return PageTree {
            root,
            parents: vec![root; pages.len()],
        };
    }
    let parent = format!("/Parent {root} 0 R ");
    let mut nodes = Vec::new();
    let mut parents = Vec::new();
    for chunk in pages.chunks(KIDS) {
        let number = document.add(node(&parent, chunk, chunk.len()));
        nodes.push(number);
        parents.extend(std::iter::repeat_n(number, chunk.len()));
    }
    document.set(root, node("", &nodes, pages.len()));
    PageTree { root, parents }
}

fn node(parent: &str, kids: &[u32], count: usize) -> String {
    let kids: String = kids.iter().map(|kid| format!("{kid} 0 R ")).collect();
    format!("<< /Type /Pages {parent}/Kids [ {kids}] /Count {count} >>")
}

fn content(
    page: &Page,
    fonts: &BTreeMap<Style, EmbeddedFont>,
    shape: PageShape,
) -> Result<Vec<u8>, RecordError> {
    let mut content = Content::new();
    let matrix = shape.matrix();
    if matrix != [1.0, 0.0, 0.0, 1.0, 0.0, 0.0] {
        content.transform(matrix);
    }
    for painted in &page.painted {
        match painted {
            Painted::Text {
                left,
                baseline,
                style,
                size,
                text,
            } => {
                if let Some(font) = fonts.get(style) {
                    content
                        .begin_text()
                        .set_font(Name(style.name().as_bytes()), *size)
                        .next_line(*left, *baseline)
                        .show(Str(&font.encode(text)?))
                        .end_text();
                }
            }
            Painted::Rule {
                from,
                to,
                thickness,
            } => {
                content
                    .set_line_width(*thickness)
                    .move_to(from.0, from.1)
                    .line_to(to.0, to.1)
                    .stroke();
            }
            Painted::Picture {
                index,
                left,
                bottom,
                width,
                height,
            } => {
                content
                    .save_state()
                    .transform([*width, 0.0, 0.0, *height, *left, *bottom])
                    .x_object(Name(format!("P{index}").as_bytes()))
                    .restore_state();
            }
        }
    }
    Ok(content.finish().into_vec())
}

/// An unsigned signature field merged with its widget (ISO 32000-2, 12.7.5.5). It has an empty
/// appearance, because PDF/A (ISO 19005-2, 6.3.3) wants one of every visible widget.
fn empty_field(
    document: &mut PlainDocument,
    name: &str,
    [left, bottom, right, top]: [f32; 4],
    page: u32,
) -> u32 {
    let form = document.add_stream(
        &format!(
            "/Type /XObject /Subtype /Form /BBox [ 0 0 {} {} ]",
            right - left,
            top - bottom
        ),
        b"",
    );
    document.add(format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T {} /F 4 /P {page} 0 R \
         /Rect [ {left} {bottom} {right} {top} ] /AP << /N {form} 0 R >> >>",
        text_string(name)
    ))
}

fn finish(document: &mut PlainDocument, pages: u32, fields: &[u32], about: About<'_>) {
    let mut entries = format!("/Type /Catalog /Pages {pages} 0 R /Lang (vi-VN)");
    if !fields.is_empty() {
        let fields: String = fields.iter().map(|field| format!("{field} 0 R ")).collect();
        entries.push_str(&format!(" /AcroForm << /Fields [ {fields}] >>"));
    }
    if about.conformance == Conformance::PdfA2b {
        let metadata = xmp(about.title);
        let metadata = document.add_stream("/Type /Metadata /Subtype /XML", metadata.as_bytes());
        let profile = deflate(&srgb_profile());
        let profile = document.add_stream("/N 3 /Filter /FlateDecode", &profile);
        entries.push_str(&format!(
            " /Metadata {metadata} 0 R /OutputIntents [ << /Type /OutputIntent /S /GTS_PDFA1 \
             /OutputConditionIdentifier ({OUTPUT_CONDITION}) /Info ({OUTPUT_CONDITION}) \
             /DestOutputProfile {profile} 0 R >> ]"
        ));
    }
    document.set(document.root, format!("<< {entries} >>"));
    let info = document.add(format!("<< /Title {} >>", text_string(about.title)));
    document.info = Some(info);
}
