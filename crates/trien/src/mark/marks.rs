//! Marks of one signature on one document: each is placed by its rule and checked, then all are
//! shown as one.

use trien_pdf::appearance::{Image, ImagePlace, Mark};
use trien_pdf::{Document, Drawing, PageArea, PlacedDrawing};

use super::finding::NumberedPage;
use super::image::{SealImage, SignatureImage, proportion};
use super::text::{TextMark, narrowed, points};
use super::title::{gap_below, headings};
use super::{Headings, MarkError, Place, SerifFont};
use crate::WhereShown;

/// How far a mark may reach over the edge of its page, in millimetres: rounding alone.
pub(super) const SLACK: f64 = 0.05;

/// The least height of a signature that was made smaller to fit under its title, in millimetres.
const LEAST_HEIGHT: f64 = 6.0;

/// Free space above and below a signature under its title, in millimetres.
const CLEAR: f64 = 0.5;

/// Empty space around a picture in its widget, in millimetres: renderers cut a widget at whole
/// pixels, and would shave the ring of a seal.
const AROUND_PICTURE: f64 = 0.4;

/// Share of a signature's width that the seal covers (NĐ 30/2020, điều 33.1).
const COVERED_SHARE: f64 = 1.0 / 3.0;

/// Distance of a mark in the upper right corner from the upper and the right edge, in millimetres:
/// above the text, whose margin has 20, and as far right as that (vis.10).
const CORNER: (f64, f64) = (2.0, 15.0);

/// Where a mark came to stand.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlacedMark {
    /// The page, from 0.
    pub page: usize,
    /// Its place on the page as it is shown.
    pub area: PageArea,
}

/// The marks of one signature.
#[derive(Debug)]
pub struct Marks<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) font: SerifFont,
    pub(super) headings: Headings,
    pub(super) in_field: Option<Box<Drawing>>,
    pub(super) on_pages: Vec<PlacedDrawing>,
}

impl<'d, 'a> Marks<'d, 'a> {
    /// No mark yet; texts are set in `font`.
    #[must_use]
    pub const fn on(document: &'d Document<'a>, font: SerifFont) -> Self {
        Self {
            document,
            font,
            headings: Headings::KeptClear,
            in_field: None,
            on_pages: Vec::new(),
        }
    }

    /// The same with a word on the national heading.
    #[must_use]
    pub const fn with_headings(mut self, headings: Headings) -> Self {
        self.headings = headings;
        self
    }

    /// Places the picture of a signature. Under a title it is made smaller where there is less
    /// room than its width needs, and in a field too.
    ///
    /// # Errors
    /// The place breaks a rule or is not there.
    pub fn signature(
        &mut self,
        signature: &SignatureImage,
        place: &Place,
    ) -> Result<PlacedMark, MarkError> {
        let full = (signature.width, signature.height());
        let image = &signature.image;
        match place {
            Place::Field { field } => {
                let (page, area) = self.empty_field(field)?;
                let scale = (area.width / full.0).min(area.height / full.1).min(1.0);
                let size = (full.0 * scale, full.1 * scale);
                let drawing = self.image_drawing(image, size, (area.width, area.height))?;
                self.put_in_field(&page, (area, centred(&area, size)), drawing)
            }
            Place::Below {
                page,
                title,
                occurrence,
            } => {
                let page = self.page(*page)?;
                let content = self.document.page_content(&page.page)?;
                let gap = gap_below(&content, (page.index, page.size()), title, *occurrence)?;
                let room = gap.bottom - gap.top - 2.0 * CLEAR;
                let height = full.1.min(room);
                if height < LEAST_HEIGHT.min(full.1) {
                    return Err(MarkError::NoRoom {
                        title: title.clone(),
                        gap: gap.bottom - gap.top,
                    });
                }
                let size = (height * proportion(image), height);
                let left = gap.centre - size.0 / 2.0;
                let top = f64::midpoint(gap.top, gap.bottom) - size.1 / 2.0;
                let area = PageArea::new((left, top), size);
                self.put_picture(&page, area, image)
            }
            Place::At { .. } | Place::UpperRight { .. } | Place::OverSignature { .. } => {
                let (page, area) = self.located(place, full)?;
                self.put_picture(&page, area, image)
            }
        }
    }

    /// Places a seal at its true size.
    ///
    /// # Errors
    /// The place breaks a rule or is not there; a field is smaller than the seal.
    pub fn seal(&mut self, seal: &SealImage, place: &Place) -> Result<PlacedMark, MarkError> {
        let size = seal.size();
        if let Place::Field { field } = place {
            let (page, area) = self.empty_field(field)?;
            let found = (area.width, area.height);
            // A hundredth of a point is what rectangles are rounded to.
            if found.0 + SLACK < size.0 || found.1 + SLACK < size.1 {
                return Err(MarkError::FieldTooSmall {
                    field: field.clone(),
                    needed: size,
                    found,
                });
            }
            let drawing = self.image_drawing(&seal.image, size, found)?;
            return self.put_in_field(&page, (area, centred(&area, size)), drawing);
        }
        let (page, area) = self.located(place, size)?;
        self.put_picture(&page, area, &seal.image)
    }

    /// Places a text.
    ///
    /// # Errors
    /// The place breaks a rule or is not there; a field is smaller than the text at its size; the
    /// font lacks a letter.
    pub fn text(&mut self, text: &TextMark, place: &Place) -> Result<PlacedMark, MarkError> {
        if let Place::Field { field } = place {
            let (page, area) = self.empty_field(field)?;
            let found = (area.width, area.height);
            let drawing = text.drawing(&self.font, Some(found))?.map_err(|needed| {
                MarkError::FieldTooSmall {
                    field: field.clone(),
                    needed,
                    found,
                }
            })?;
            return self.put_in_field(&page, (area, area), drawing);
        }
        let Ok(drawing) = text.drawing(&self.font, None)? else {
            return Err(MarkError::Empty);
        };
        let millimetres = |points: f32| f64::from(points) / super::text::POINTS;
        let size = (
            millimetres(drawing.mark.width()),
            millimetres(drawing.mark.height()),
        );
        let (page, area) = self.located(place, size)?;
        self.put_on_page(&page, area, drawing)
    }

    /// What a signature request is shown as.
    ///
    /// # Errors
    /// No mark was placed, or one in a field along with others.
    pub fn shown(self) -> Result<WhereShown, MarkError> {
        match self.in_field {
            Some(drawing) if self.on_pages.is_empty() => Ok(WhereShown::InField(drawing)),
            Some(_) => Err(MarkError::FieldAmongOthers),
            None if self.on_pages.is_empty() => Err(MarkError::Empty),
            None => Ok(WhereShown::OnPages(self.on_pages)),
        }
    }

    /// The place of something of this size; fields and titles are the caller's.
    fn located(
        &self,
        place: &Place,
        size: (f64, f64),
    ) -> Result<(NumberedPage, PageArea), MarkError> {
        match place {
            Place::At { page, left, top } => {
                let page = self.page(*page)?;
                Ok((page, PageArea::new((*left, *top), size)))
            }
            Place::UpperRight { page } => {
                let page = self.page(*page)?;
                let (top, right) = CORNER;
                let left = page.size().0 - right - size.0;
                // A page narrower than the mark and its margin: as far right as it goes.
                let left = left.max((page.size().0 - size.0).min(right));
                Ok((page, PageArea::new((left, top), size)))
            }
            Place::Below {
                page,
                title,
                occurrence,
            } => {
                let page = self.page(*page)?;
                let content = self.document.page_content(&page.page)?;
                let gap = gap_below(&content, (page.index, page.size()), title, *occurrence)?;
                let left = gap.centre - size.0 / 2.0;
                let top = f64::midpoint(gap.top, gap.bottom) - size.1 / 2.0;
                Ok((page, PageArea::new((left, top), size)))
            }
            Place::OverSignature { field } => {
                let (page, signature) = self.signature_area(field)?;
                let left = signature.left + signature.width * COVERED_SHARE - size.0;
                let top = signature.centre().1 - size.1 / 2.0;
                Ok((page, PageArea::new((left, top), size)))
            }
            Place::Field { field } => {
                let (page, area) = self.empty_field(field)?;
                Ok((page, centred(&area, size)))
            }
        }
    }

    /// An image of `size` in the middle of a box.
    fn image_drawing(
        &self,
        image: &Image,
        (width, height): (f64, f64),
        (box_width, box_height): (f64, f64),
    ) -> Result<Drawing, MarkError> {
        let place = ImagePlace::Sized {
            width: points(width),
            height: points(height),
        };
        let mark =
            Mark::new(points(box_width), points(box_height))?.with_image(image.clone(), place);
        Ok(Drawing::new(mark, self.font.embedded([])?))
    }

    fn check(&self, page: &NumberedPage, area: &PageArea) -> Result<(), MarkError> {
        let size = page.size();
        if !page.page.view().area().contains(area, SLACK) {
            return Err(MarkError::OffPage {
                page: page.index,
                size,
            });
        }
        if self.headings == Headings::KeptClear {
            let content = self.document.page_content(&page.page)?;
            let covered = headings(&content, page.index, size)
                .iter()
                .any(|heading| heading.overlaps(area));
            if covered {
                return Err(MarkError::HeadingCovered { page: page.index });
            }
        }
        Ok(())
    }

    /// `area` is the field, `seen` what is drawn in it.
    fn put_in_field(
        &mut self,
        page: &NumberedPage,
        (_, seen): (PageArea, PageArea),
        drawing: Drawing,
    ) -> Result<PlacedMark, MarkError> {
        if self.in_field.is_some() || !self.on_pages.is_empty() {
            return Err(MarkError::FieldAmongOthers);
        }
        self.check(page, &seen)?;
        self.in_field = Some(Box::new(drawing));
        Ok(PlacedMark {
            page: page.index,
            area: seen,
        })
    }

    /// A picture that fills `area`, in a widget that is a little larger.
    fn put_picture(
        &mut self,
        page: &NumberedPage,
        area: PageArea,
        image: &Image,
    ) -> Result<PlacedMark, MarkError> {
        let size = (area.width, area.height);
        let around = |length: f64| length + 2.0 * AROUND_PICTURE;
        let outer = (around(size.0), around(size.1));
        let drawing = self.image_drawing(image, size, outer)?;
        self.check(page, &area)?;
        self.put_drawing(page, centred(&area, outer), drawing)?;
        Ok(PlacedMark {
            page: page.index,
            area,
        })
    }

    pub(super) fn put_on_page(
        &mut self,
        page: &NumberedPage,
        area: PageArea,
        drawing: Drawing,
    ) -> Result<PlacedMark, MarkError> {
        self.check(page, &area)?;
        self.put_drawing(page, area, drawing)
    }

    fn put_drawing(
        &mut self,
        page: &NumberedPage,
        area: PageArea,
        drawing: Drawing,
    ) -> Result<PlacedMark, MarkError> {
        if self.in_field.is_some() {
            return Err(MarkError::FieldAmongOthers);
        }
        let [left, bottom, ..] = page.page.view().user_space(&area);
        let corner = (narrowed(left), narrowed(bottom));
        self.on_pages
            .push(PlacedDrawing::new(page.index, corner, drawing));
        Ok(PlacedMark {
            page: page.index,
            area,
        })
    }
}

fn centred(area: &PageArea, (width, height): (f64, f64)) -> PageArea {
    let (x, y) = area.centre();
    PageArea::new((x - width / 2.0, y - height / 2.0), (width, height))
}
