//! Where the mark of a workflow's step goes on a document.

use trien_pdf::{Document, FieldValue, PlaceError, signature_fields};
use trien_policy::{Place as StepPlace, Workflow};

use super::{MarkError, Occurrence, Place};

impl Place {
    /// The place that a workflow has for the mark of a step that is signed in `field`; `None`
    /// where it has none.
    ///
    /// # Errors
    /// The document has no such page, or bears no signature of the step that the mark stands
    /// over; or it cannot be read.
    pub fn of_step(
        document: &Document<'_>,
        workflow: &Workflow,
        (step, field): (&str, &str),
    ) -> Result<Option<Self>, MarkError> {
        let missing = || MarkError::FieldMissing {
            field: field.to_owned(),
        };
        let step = workflow.step(step).ok_or_else(missing)?;
        Ok(Some(match step.place() {
            StepPlace::None => return Ok(None),
            StepPlace::Page {
                page,
                left_mm,
                top_mm,
                next_mm: [right, down],
            } => {
                let number = step.number_of(field).ok_or_else(missing)?;
                let number = f64::from(u32::try_from(number).unwrap_or_default());
                let pages = page_count(document)?;
                let page = page
                    .index(pages)
                    .ok_or(MarkError::Place(PlaceError::NoSuchPage { page: pages }))?;
                Self::At {
                    page,
                    left: left_mm + number * right,
                    top: top_mm + number * down,
                }
            }
            StepPlace::Below { title, page } => {
                let pages = page_count(document)?;
                let page = page
                    .index(pages)
                    .ok_or(MarkError::Place(PlaceError::NoSuchPage { page: pages }))?;
                Self::Below {
                    page,
                    title: title.clone(),
                    occurrence: Occurrence::Only,
                }
            }
            StepPlace::OverSignature { step } => {
                let under = workflow.step(step).ok_or_else(missing)?;
                let fields =
                    signature_fields(document, document.latest()).map_err(MarkError::Read)?;
                let signed = fields.into_iter().find(|one| {
                    matches!(one.value, FieldValue::Signature(_))
                        && under.fields().any(|name| name == one.full_name)
                });
                let field = signed.ok_or_else(|| MarkError::FieldMissing {
                    field: step.clone(),
                })?;
                Self::OverSignature {
                    field: field.full_name,
                }
            }
            // A place that is not known yet is the field's own.
            StepPlace::Field {} | _ => Self::Field {
                field: field.to_owned(),
            },
        }))
    }
}

/// The first index without a page.
fn page_count(document: &Document<'_>) -> Result<usize, MarkError> {
    let mut pages = 0_usize;
    loop {
        match document.page(pages) {
            Ok(_) => pages = pages.saturating_add(1),
            Err(PlaceError::NoSuchPage { .. }) => return Ok(pages),
            Err(error) => return Err(MarkError::Place(error)),
        }
    }
}
