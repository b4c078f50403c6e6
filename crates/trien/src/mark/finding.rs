//! Finding the pages, fields and pictures that places name.

use trien_pdf::{FieldValue, Page, PageArea, PlaceError, SignatureField, Widget, signature_fields};

use super::marks::SLACK;
use super::{MarkError, Marks};

/// A page with its index.
pub(super) struct NumberedPage {
    pub(super) index: usize,
    pub(super) page: Page,
}

impl NumberedPage {
    pub(super) fn size(&self) -> (f64, f64) {
        self.page.view().size()
    }
}

impl Marks<'_, '_> {
    pub(super) fn page(&self, index: usize) -> Result<NumberedPage, MarkError> {
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
    pub(super) fn empty_field(&self, name: &str) -> Result<(NumberedPage, PageArea), MarkError> {
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
    pub(super) fn signature_area(&self, name: &str) -> Result<(NumberedPage, PageArea), MarkError> {
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
}
