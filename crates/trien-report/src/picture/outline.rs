//! Where marks and changes are on a page as it is shown.
//! Draws nothing.

use serde::Serialize;
use trien::archive::Record;
use trien::{ChangeVerdict, PageView};

/// Outlines on a page: whoever adds 100,000 annotations shall not make the report unreadable.
const OUTLINES: usize = 100;

/// A place on a page as it is shown, in parts of its width and height from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Outline {
    /// The signature, from 0.
    pub signature: usize,
    /// What is there.
    pub kind: OutlineKind,
    /// Left, top, width, height, each 0 to 1.
    pub area: [f64; 4],
}

/// What is outlined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OutlineKind {
    /// The mark of a signature.
    Mark,
    /// A change that may follow the signature.
    Permitted,
    /// A change that may not.
    Forbidden,
}

/// Width over height, where both are something.
pub(super) fn proportion(view: &PageView) -> Option<f64> {
    let (width, height) = view.size();
    let proportion = width / height;
    (proportion.is_finite() && proportion > 0.0).then_some(proportion)
}

pub(super) fn outlines_of(record: &Record, page: usize, view: &PageView) -> Vec<Outline> {
    let mut outlines: Vec<Outline> = Vec::new();
    for (signature, of) in record.signatures.iter().enumerate() {
        let mark = of
            .placed
            .iter()
            .filter(|placed| placed.page == page)
            .map(|placed| (OutlineKind::Mark, placed.rectangle));
        let changes = of
            .change_list
            .iter()
            .filter(|change| change.page == Some(page))
            .filter_map(|change| {
                let kind = match change.verdict {
                    ChangeVerdict::Permitted => OutlineKind::Permitted,
                    ChangeVerdict::Forbidden | _ => OutlineKind::Forbidden,
                };
                Some((kind, change.rectangle?))
            });
        for (kind, rectangle) in mark.chain(changes) {
            let Some(area) = part_of_page(view, rectangle) else {
                continue;
            };
            // The same change stands behind each of the signatures before it.
            let known = |known: &Outline| known.kind == kind && known.area == area;
            if outlines.len() < OUTLINES && !outlines.iter().any(known) {
                outlines.push(Outline {
                    signature,
                    kind,
                    area,
                });
            }
        }
    }
    outlines
}

/// `None` for what cannot be seen.
fn part_of_page(view: &PageView, rectangle: [f64; 4]) -> Option<[f64; 4]> {
    let area = view.shown(rectangle);
    let (width, height) = view.size();
    let (left, right) = (area.left.max(0.0), area.right().min(width));
    let (top, bottom) = (area.top.max(0.0), area.bottom().min(height));
    let parts = [
        left / width,
        top / height,
        (right - left) / width,
        (bottom - top) / height,
    ];
    let seen = right > left && bottom > top && parts.iter().all(|part| part.is_finite());
    seen.then_some(parts.map(|part| (part * 10_000.0).round() / 10_000.0))
}
