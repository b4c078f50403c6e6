//! Whether a file is the scan of a paper: every page an image, and no text but what a program
//! recognised on it and laid there unseen.

use trien_pdf::{Document, PageArea, PageContent};
use trien_types::Limits;

/// Pages looked at: a book that begins with so many images is a scan.
const PAGES: usize = 50;

/// The share of a page that images cover where unseen text on it is that of a scan: margins that
/// scanners cut away stay below a tenth on each side.
const COVERED_BY_A_SCAN: f64 = 0.8;

/// Whether the pages are images without text of their own. What cannot be read is no scan.
pub(super) fn is_scan(bytes: &[u8], limits: &Limits) -> bool {
    let Ok(document) = Document::open(bytes, limits) else {
        return false;
    };
    if document.is_encrypted() {
        return false;
    }
    let Some(pages) = document.page_count().filter(|pages| *pages > 0) else {
        return false;
    };
    (0..pages.min(PAGES)).all(|index| {
        document.page(index).is_ok_and(|page| {
            document
                .page_content(&page)
                .is_ok_and(|content| is_scanned(&content, page.view().area()))
        })
    })
}

/// A page with no text, or with none that is painted and images all over it.
fn is_scanned(content: &PageContent, page: PageArea) -> bool {
    if content.images.is_empty() || content.painted > 0 || content.is_cut {
        return false;
    }
    let has_text = !content.lines.is_empty() || content.unreadable > 0;
    !has_text || covered(&content.images, page) >= COVERED_BY_A_SCAN
}

/// The share of a page that images cover; strips of a scan lie side by side.
fn covered(images: &[PageArea], page: PageArea) -> f64 {
    let within = |low: f64, high: f64, end: f64| (high.min(end) - low.max(0.0)).max(0.0);
    let on_page = images.iter().map(|image| {
        within(image.left, image.right(), page.width)
            * within(image.top, image.bottom(), page.height)
    });
    on_page.sum::<f64>() / (page.width * page.height)
}
