//! Marks of one signature on one document: each is placed by its rule and checked, then all are
//! shown as one.

use trien_pdf::appearance::{ImagePlace, Mark};
use trien_pdf::{
    Document, Drawing, FieldValue, Page, PageArea, PlaceError, PlacedDrawing, SignatureField,
    Widget, signature_fields,
};

use super::image::{SealImage, SignatureImage, proportion};
use super::text::{TextMark, narrowed, points};
use super::title::{gap_below, headings};
use super::{Headings, MarkError, Place, SerifFont};
use crate::WhereShown;

/// Pages that one seal may go across: each gets a widget of its own.
pub(super) const PAGES_UNDER_ONE_SEAL: usize = 500;

/// Pages that one impression of a seal covers at most (NĐ 30/2020, điều 33: five sheets).
const PAGES_OF_ONE_IMPRESSION: usize = 5;

/// How far a mark may reach over the edge of its page, in millimetres: rounding alone.
const SLACK: f64 = 0.05;

/// The least height of a signature that was made smaller to fit under its title, in millimetres.
const LEAST_HEIGHT: f64 = 6.0;

/// Free space above and below a signature under its title, in millimetres.
const CLEAR: f64 = 0.5;

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
    document: &'d Document<'a>,
    font: SerifFont,
    headings: Headings,
    in_field: Option<Box<Drawing>>,
    on_pages: Vec<PlacedDrawing>,
}

/// A page with its index.
struct NumberedPage {
    index: usize,
    page: Page,
}

impl NumberedPage {
    fn size(&self) -> (f64, f64) {
        self.page.view().size()
    }
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
                let drawing = self.image_drawing(image, size, size)?;
                self.put_on_page(&page, area, drawing)
            }
            Place::At { .. } | Place::UpperRight { .. } | Place::OverSignature { .. } => {
                let (page, area) = self.located(place, full)?;
                let drawing = self.image_drawing(image, full, full)?;
                self.put_on_page(&page, area, drawing)
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
        let drawing = self.image_drawing(&seal.image, size, size)?;
        self.put_on_page(&page, area, drawing)
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

    /// Places a seal across the right edges of all pages, `top` millimetres below the upper edge:
    /// each page shows one strip of it, and up to five pages share one impression. Paper has this
    /// rule, electronic records have none: nothing does it unasked.
    ///
    /// # Errors
    /// The document has one page alone or too many, or a strip has no room.
    pub fn seal_across_pages(
        &mut self,
        seal: &SealImage,
        top: f64,
    ) -> Result<Vec<PlacedMark>, MarkError> {
        let mut pages = Vec::new();
        loop {
            match self.page(pages.len()) {
                Ok(page) if pages.len() < PAGES_UNDER_ONE_SEAL => pages.push(page),
                Ok(_) => break,
                Err(MarkError::Place(PlaceError::NoSuchPage { .. })) => break,
                Err(error) => return Err(error),
            }
        }
        let count = pages.len();
        if count < 2 || self.page(count).is_ok() {
            return Err(MarkError::PageCount { pages: count });
        }
        let (width, height) = seal.size();
        // As even as they can be: six pages are three and three, not five and one.
        let impressions = count.div_ceil(PAGES_OF_ONE_IMPRESSION).max(1);
        let mut placed = Vec::with_capacity(count);
        let mut rest = pages.as_slice();
        for left in (1..=impressions).rev() {
            let (group, tail) = rest.split_at(rest.len().div_ceil(left).min(rest.len()));
            rest = tail;
            let Some(strips) = u8::try_from(group.len())
                .ok()
                .and_then(std::num::NonZeroU8::new)
            else {
                break;
            };
            let strip = width / f64::from(strips.get());
            for (page, index) in group.iter().zip(0_u8..) {
                let area = PageArea::new((page.size().0 - strip, top), (strip, height));
                let place = ImagePlace::Strip {
                    index,
                    count: strips,
                };
                let mark =
                    Mark::new(points(strip), points(height))?.with_image(seal.image.clone(), place);
                let drawing = Drawing::new(mark, self.font.embedded([])?);
                placed.push(self.put_on_page(page, area, drawing)?);
            }
        }
        Ok(placed)
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

    fn page(&self, index: usize) -> Result<NumberedPage, MarkError> {
        let page = self.document.page(index)?;
        Ok(NumberedPage { index, page })
    }

    fn field(&self, name: &str) -> Result<SignatureField, MarkError> {
        let fields = signature_fields(self.document, self.document.latest())?;
        fields
            .into_iter()
            .find(|field| field.full_name == name)
            .ok_or_else(|| MarkError::FieldMissing {
                field: name.to_owned(),
            })
    }

    /// An empty field's first widget: the one that signing draws in.
    fn empty_field(&self, name: &str) -> Result<(NumberedPage, PageArea), MarkError> {
        let field = self.field(name)?;
        if !matches!(field.value, FieldValue::Empty) {
            let field = name.to_owned();
            return Err(MarkError::Place(PlaceError::FieldFilled { field }));
        }
        let widget = field.widgets.iter().find(|widget| widget.object.is_some());
        let (page, area) = self.widget_area(name, widget)?;
        Ok((page, area))
    }

    fn widget_area(
        &self,
        name: &str,
        widget: Option<&Widget>,
    ) -> Result<(NumberedPage, PageArea), MarkError> {
        let invisible = || MarkError::FieldInvisible {
            field: name.to_owned(),
        };
        let widget = widget.ok_or_else(invisible)?;
        let rectangle = widget.rectangle.ok_or_else(invisible)?;
        let page = self.document.page_of_widget(widget)?;
        let area = page.view().shown(rectangle);
        if !(area.width > 0.0 && area.height > 0.0) {
            return Err(invisible());
        }
        let number = self
            .document
            .page_number(page.object(), self.document.latest())?;
        let index = number
            .and_then(|number| number.checked_sub(1))
            .ok_or(PlaceError::WidgetWithoutPage)?;
        Ok((NumberedPage { index, page }, area))
    }

    /// The picture of the signature in a field, or the whole widget where it shows none.
    fn signature_area(&self, name: &str) -> Result<(NumberedPage, PageArea), MarkError> {
        let field = self.field(name)?;
        let widget = field.widgets.first();
        let (page, area) = self.widget_area(name, widget)?;
        let images = match widget {
            Some(widget) => self.document.widget_images(&page.page, widget)?,
            None => Vec::new(),
        };
        let size = |area: &PageArea| area.width * area.height;
        let picture = images
            .into_iter()
            .filter(|image| area.contains(image, SLACK))
            .max_by(|one, other| size(one).total_cmp(&size(other)));
        Ok((page, picture.unwrap_or(area)))
    }

    /// An image of `size` in the middle of a box.
    fn image_drawing(
        &self,
        image: &trien_pdf::appearance::Image,
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

    fn put_on_page(
        &mut self,
        page: &NumberedPage,
        area: PageArea,
        drawing: Drawing,
    ) -> Result<PlacedMark, MarkError> {
        if self.in_field.is_some() {
            return Err(MarkError::FieldAmongOthers);
        }
        self.check(page, &area)?;
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
