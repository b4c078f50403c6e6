//! Finding a place by what the page says: the gap under a title, the national heading.
//! Knows nothing of marks.

use trien_pdf::{PageArea, PageContent, TextLine};

use super::{MarkError, Occurrence};

/// How far under a title its name may stand, in millimetres: NĐ 30/2020 leaves some 30.
const REACH: f64 = 70.0;

/// How far beside the title's own width what stands under it still belongs to it.
const BESIDE: f64 = 12.0;

/// Room under a title with nothing below, in millimetres.
const OPEN_ROOM: f64 = 32.0;

/// Quốc hiệu and tiêu ngữ, as forms write them. The hyphen of the second one comes in three
/// lengths, so its parts are looked for.
const HEADINGS: [&str; 3] = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập",
];

/// What must stand in the same line as "Độc lập" for it to be tiêu ngữ.
const MOTTO_END: &str = "Hạnh phúc";

/// Where a signature under a title goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gap {
    /// Middle of the title, from the left.
    pub(super) centre: f64,
    /// Upper end.
    pub(super) top: f64,
    /// Lower end.
    pub(super) bottom: f64,
}

/// The largest gap between a title and what stands under it.
pub(super) fn gap_below(
    content: &PageContent,
    (page, size): (usize, (f64, f64)),
    title: &str,
    occurrence: Occurrence,
) -> Result<Gap, MarkError> {
    let area = find(content, page, title, occurrence)?;
    let (centre, _) = area.centre();
    let belongs = |line: &&TextLine| {
        let line = line.area();
        let beside = line.left > area.right() + BESIDE || line.right() < area.left - BESIDE;
        let middle = line.centre().0;
        let is_under = (middle - centre).abs() < area.width / 2.0 + BESIDE * 2.0;
        line.centre().1 > area.bottom() && line.top < area.bottom() + REACH && !beside && is_under
    };
    let mut under: Vec<PageArea> = content
        .lines
        .iter()
        .filter(belongs)
        .map(TextLine::area)
        .collect();
    under.sort_by(|one, other| one.top.total_cmp(&other.top));
    let mut widest = Gap {
        centre,
        top: area.bottom(),
        bottom: area.bottom(),
    };
    let mut top = area.bottom();
    for line in &under {
        if line.top - top > widest.bottom - widest.top {
            widest = Gap {
                centre,
                top,
                bottom: line.top,
            };
        }
        top = top.max(line.bottom());
    }
    if under.is_empty() {
        widest.bottom = (area.bottom() + OPEN_ROOM).min(size.1);
    }
    Ok(widest)
}

/// Where the title stands: as a whole line before as a part of one.
fn find(
    content: &PageContent,
    page: usize,
    title: &str,
    occurrence: Occurrence,
) -> Result<PageArea, MarkError> {
    let found = |is_wanted: &dyn Fn(&TextLine, &PageArea) -> bool| -> Vec<PageArea> {
        content
            .lines
            .iter()
            .flat_map(|line| line.find(title).into_iter().map(move |area| (line, area)))
            .filter(|(line, area)| is_wanted(line, area))
            .map(|(_, area)| area)
            .collect()
    };
    // A line that is the title and nothing else is as wide as it.
    let mut areas = found(&|line, area| (line.area().width - area.width).abs() < 1.0);
    if areas.is_empty() {
        areas = found(&|_, _| true);
    }
    let chosen = match (occurrence, areas.as_slice()) {
        (Occurrence::Only, [only]) => Some(only),
        (Occurrence::Only, [_, _, ..]) => {
            return Err(MarkError::TitleAmbiguous {
                title: title.to_owned(),
                count: areas.len(),
            });
        }
        (Occurrence::First, areas) => areas.first(),
        (Occurrence::Last, areas) => areas.last(),
        (Occurrence::Only, []) => None,
    };
    chosen.copied().ok_or_else(|| MarkError::TitleMissing {
        title: title.to_owned(),
        page,
        unreadable: content.unreadable,
    })
}

/// Places of quốc hiệu and tiêu ngữ. On the first page of a document, when no text can be read,
/// the place that the form gives them (NĐ 30/2020, phụ lục I, ô 1).
pub(super) fn headings(content: &PageContent, page: usize, size: (f64, f64)) -> Vec<PageArea> {
    if content.lines.is_empty() {
        return if page == 0 && !content.images.is_empty() {
            vec![PageArea::new((size.0 / 2.0, 20.0), (size.0 / 2.0, 13.0))]
        } else {
            Vec::new()
        };
    }
    content
        .lines
        .iter()
        .filter(|line| {
            HEADINGS
                .iter()
                .any(|heading| !line.find(heading).is_empty())
                && (line.find("Độc lập").is_empty() || !line.find(MOTTO_END).is_empty())
        })
        .map(TextLine::area)
        .collect()
}
