//! Widgets that newly show something: signatures and filled fields. What they lie over is looked at
//! when all other changes of the revision are known.

use super::annotation::{covering_of, has_room};
use super::field_fill::widget_pairs;
use super::kind::Covering;
use super::shown::MarkPlace;
use super::step::{Result, Step};
use crate::field::FormField;
use crate::{Dictionary, Object, ObjectId};

/// A widget that newly shows something: the signature of a field, or its value.
#[derive(Debug)]
pub(super) struct NewLook {
    /// Full name of the field.
    pub(super) field: String,
    pub(super) id: Option<ObjectId>,
    pub(super) widget: Dictionary,
    /// What it was, where its field was filled in and not signed.
    pub(super) filling: Option<Filling>,
    /// Who chose its place.
    pub(super) place: MarkPlace,
    pub(super) drawer: Drawer,
}

/// Who draws a widget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawer {
    /// Its own look.
    Look,
    /// Some readers, who draw a sign of their own where somebody is to sign.
    Reader,
}

/// What a filled widget was before.
#[derive(Debug)]
pub(super) struct Filling {
    pub(super) was: Dictionary,
    pub(super) shows: Shows,
}

/// What a widget shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// A state of a button.
    State,
    /// Letters.
    Value,
    /// Nothing: the field was emptied.
    Nothing,
}

impl Step<'_, '_> {
    /// Records that the signature of this field newly shows a widget.
    pub(super) fn shows_mark(
        &mut self,
        field: &str,
        (id, widget): (Option<ObjectId>, &Dictionary),
        (place, drawer): (MarkPlace, Drawer),
    ) {
        self.new_looks.push(NewLook {
            field: field.to_owned(),
            id,
            widget: widget.clone(),
            filling: None,
            place,
            drawer,
        });
    }

    /// Whether nobody can tell what these draw, nor over what. One that shows nothing lies over
    /// nothing.
    pub(super) fn are_hidden(&self, looks: &[NewLook]) -> Result<bool> {
        let mut draws = false;
        for new in looks {
            let shows = new
                .filling
                .as_ref()
                .is_some_and(|filling| filling.shows != Shows::Nothing);
            let awaits = new.drawer == Drawer::Reader && has_room(self, &new.widget)?;
            draws |= shows || awaits || covering_of(self, &new.widget)? != Covering::No;
        }
        Ok(draws && self.is_hidden())
    }

    /// Records that every widget of a filled field shows its value.
    pub(super) fn shows_filling(&mut self, old: &FormField, new: &FormField) -> Result<()> {
        let kind = new.field_type.as_ref().and_then(Object::as_name);
        let shows = if kind.is_some_and(|kind| *kind == "Btn") {
            Shows::State
        } else if self.told_value(&new.value, self.after)?.trim().is_empty() {
            Shows::Nothing
        } else {
            Shows::Value
        };
        for (id, was, is) in widget_pairs(old, new) {
            // With kids, the field itself is no widget.
            if new.kids.is_empty() || id != new.object {
                self.new_looks.push(NewLook {
                    field: new.full_name.clone(),
                    id,
                    widget: is.clone(),
                    filling: Some(Filling {
                        was: was.clone(),
                        shows,
                    }),
                    place: MarkPlace::Prepared,
                    drawer: Drawer::Look,
                });
            }
        }
        Ok(())
    }
}
