//! Whether a file is the scan of a paper: every page an image, and no text.

use trien_pdf::Document;
use trien_types::Limits;

/// Pages looked at: a book that begins with so many images is a scan.
const PAGES: usize = 50;

/// Whether the pages are images without text. What cannot be read is no scan.
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
        let content = document
            .page(index)
            .ok()
            .and_then(|page| document.page_content(&page).ok());
        content.is_some_and(|content| {
            !content.images.is_empty()
                && content.lines.is_empty()
                && content.unreadable == 0
                && !content.is_cut
        })
    })
}
