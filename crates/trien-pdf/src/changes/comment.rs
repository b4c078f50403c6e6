//! Comments (ISO 32000-2, 12.5.6) that neither hide nor alter what a page shows: the annotations
//! that may come and go where annotations are permitted. Whatever is not named here may hide
//! something, with a look of its own or without one: viewers draw most kinds unasked.

use super::boxes::{area as area_of, ordered};
use super::mark::{is_device_space, leaves_text_readable};
use super::occupied::{Above, Area, Site, meet, share_height};
use super::shade::{Shade, is_light, leaves_dark_readable};
use super::step::{Result, Step};
use crate::field::{number_of, rectangle_of};
use crate::{Dictionary, Object, ObjectId, RevisionIndex};

/// What every comment may have (12.5.2, table 166; 12.5.6.2, table 172).
const KEYS: [&str; 22] = [
    "Border",
    "BS",
    "C",
    "CA",
    "Contents",
    "CreationDate",
    "F",
    // No key of the standard, and read by nobody: pypdf writes what it means for /F there too.
    "Flags",
    "IRT",
    "Lang",
    "M",
    "NM",
    "P",
    "Popup",
    "RC",
    "RT",
    "Rect",
    "StructParent",
    "Subj",
    "Subtype",
    "T",
    "Type",
];

/// Besides, a note (12.5.6.4), its pop-up (12.5.6.14), free text (12.5.6.6), a link (12.5.6.5) and a
/// mark on text (12.5.6.10).
const OF_A_NOTE: [&str; 5] = ["AP", "Name", "Open", "State", "StateModel"];
const OF_A_POPUP: [&str; 11] = [
    "C",
    "F",
    "M",
    "NM",
    "Open",
    "P",
    "Parent",
    "Rect",
    "StructParent",
    "Subtype",
    "Type",
];
const OF_A_FREE_TEXT: [&str; 7] = ["AP", "CL", "DA", "DS", "IT", "Q", "RD"];
const OF_A_LINE: [&str; 4] = ["AP", "IT", "L", "LE"];
const OF_A_LINK: [&str; 5] = ["A", "Dest", "H", "PA", "QuadPoints"];
const OF_A_HIGHLIGHT: [&str; 3] = ["AP", "BM", "QuadPoints"];

/// Icons of notes (table 175).
const ICONS: [&str; 7] = [
    "Comment",
    "Help",
    "Insert",
    "Key",
    "NewParagraph",
    "Note",
    "Paragraph",
];

/// The side of an icon that viewers draw, at most, in points: programs give up to 50.
const ICON_SIDE: f64 = 64.0;

/// The side of the icon that viewers draw whatever the rectangle's size, in points: 18 to 24.
const DRAWN_ICON_SIDE: f64 = 24.0;

/// The side of an icon with a look of its own: programs draw 16 to 32 points.
const OWN_ICON_SIDE: f64 = 36.0;

/// The widest border of a link or a shape, in points.
const THIN: f64 = 2.0;

/// The share of a page that free text takes at most: a remark, and no second page.
const REMARK_SHARE: f64 = 1.0 / 8.0;

/// Flags of an annotation that takes another place than it says (12.5.3): no zoom, no rotation.
const ELSEWHERE: i64 = 1 << 3 | 1 << 4;

/// How far a highlighter's corners may lie outside its rectangle, in points: programs round.
const ROUNDING: f64 = 2.0;

/// An annotation, where it is listed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'c> {
    pub(super) dictionary: &'c Dictionary,
    pub(super) object: Option<ObjectId>,
    /// The page that lists it; without one, what it could hide is unclear.
    pub(super) site: Option<&'c Site>,
    pub(super) at: RevisionIndex,
}

impl Comment<'_> {
    fn value(&self, step: &Step<'_, '_>, key: &str) -> Result<Object> {
        step.document.value(self.dictionary, key, self.at)
    }

    fn subtype(&self, step: &Step<'_, '_>) -> Result<String> {
        let subtype = self.value(step, "Subtype")?;
        Ok(subtype
            .as_name()
            .map(ToString::to_string)
            .unwrap_or_default())
    }

    fn has_only(&self, more: &[&str]) -> bool {
        let known = |key: &str| KEYS.contains(&key) || more.contains(&key);
        let mut entries = self.dictionary.entries().iter();
        entries.all(|entry| known(&entry.key.to_string()))
    }

    /// Whether it hides and alters nothing of its page.
    pub(super) fn is_harmless(&self, step: &Step<'_, '_>) -> Result<bool> {
        let Some(area) = rectangle_of(&self.value(step, "Rect")?).map(ordered) else {
            return Ok(false);
        };
        if !step.occupied.admits_comment() {
            return Ok(false);
        }
        match self.subtype(step)?.as_str() {
            "Popup" => {
                let mut entries = self.dictionary.entries().iter();
                Ok(entries.all(|entry| OF_A_POPUP.iter().any(|known| entry.key == *known)))
            }
            "Text" if self.has_only(&OF_A_NOTE) => self.is_harmless_note(step, area),
            "Highlight" if self.has_only(&OF_A_HIGHLIGHT) => self.is_highlight(step, area),
            "FreeText" if self.has_only(&OF_A_FREE_TEXT) => self.is_harmless_text(step, area),
            "Link" if self.has_only(&OF_A_LINK) => {
                let width = self.line_width(step)?;
                Ok(width == 0.0 || (width <= THIN && self.stands_alone(step, area)?))
            }
            "Line" if self.has_only(&OF_A_LINE) => self.is_harmless_line(step, area),
            "Circle" | "Square" if self.has_only(&[]) => {
                Ok(self.line_width(step)? <= THIN && self.stands_alone(step, area)?)
            }
            _ => Ok(false),
        }
    }

    /// An icon over nothing; with a look of its own, which may be anything, at a height of the
    /// page where nothing stands that it could complete.
    fn is_harmless_note(&self, step: &Step<'_, '_>, area: Area) -> Result<bool> {
        let is_icon = match self.value(step, "Name")? {
            Object::Null => true,
            Object::Name(name) => ICONS.iter().any(|icon| name == *icon),
            _ => false,
        };
        let [left, bottom, right, top] = area;
        let side = (right - left).max(top - bottom);
        if !is_icon || side > ICON_SIDE {
            return Ok(false);
        }
        if self.dictionary.get("AP").is_some() {
            return Ok(side <= OWN_ICON_SIDE && self.stands_alone(step, area)?);
        }
        // Viewers draw the icon in a size of their own, from one of the corners.
        let drawn = icons_of(area);
        self.is_clear(step, |shown| drawn.iter().any(|icon| meet(*icon, shown)))
    }

    /// Text where nothing stands at its height, that comes: what it says when it goes or changes
    /// was signed. Its look is drawn inside its rectangle (12.5.5).
    fn is_harmless_text(&self, step: &Step<'_, '_>, area: Area) -> Result<bool> {
        let comes = self.at == step.after;
        let flags = self.value(step, "F")?.as_integer().unwrap_or_default();
        // Callouts have a line that leaves the rectangle.
        let is_plain = match self.value(step, "IT")? {
            Object::Null => true,
            Object::Name(intent) => intent == *"FreeText" || intent == *"FreeTextTypeWriter",
            _ => false,
        };
        // 12.5.6.6: it belongs to callouts alone; where a look is, nobody draws it (PyMuPDF).
        let is_stray = self.dictionary.get("CL").is_none() || self.has_look(step)?;
        Ok(comes
            && flags & ELSEWHERE == 0
            && is_plain
            && is_stray
            && self.is_small(step, area)?
            && self.line_width(step)? <= THIN
            && self.stands_alone(step, area)?)
    }

    /// A line where nothing stands at its height, that comes: drawn by its look inside its
    /// rectangle, or by the reader between two points of it and without ends.
    fn is_harmless_line(&self, step: &Step<'_, '_>, area: Area) -> Result<bool> {
        let comes = self.at == step.after;
        let flags = self.value(step, "F")?.as_integer().unwrap_or_default();
        let is_inside = match self.value(step, "L")? {
            Object::Array(ends) => ends.len() == 4 && lie_inside(&ends, area),
            _ => false,
        };
        let is_drawn = self.has_look(step)?
            || (is_inside
                && ["IT", "LE"]
                    .iter()
                    .all(|key| self.dictionary.get(key).is_none()));
        Ok(comes
            && flags & ELSEWHERE == 0
            && is_drawn
            && self.is_small(step, area)?
            && self.line_width(step)? <= THIN
            && self.stands_alone(step, area)?)
    }

    /// Whether it has a normal appearance of one state.
    fn has_look(&self, step: &Step<'_, '_>) -> Result<bool> {
        let Object::Dictionary(appearance) = self.value(step, "AP")? else {
            return Ok(false);
        };
        let normal = step.document.value(&appearance, "N", self.at)?;
        Ok(normal.as_stream().is_some())
    }

    /// Whether it takes no more of its page than a remark.
    fn is_small(&self, step: &Step<'_, '_>, area: Area) -> Result<bool> {
        let page = match self.site {
            Some(site) => step.document.view_of(&site.page, self.at)?,
            None => None,
        };
        Ok(page.is_some_and(|view| area_of(area) <= area_of(view.visible) * REMARK_SHARE))
    }

    fn stands_alone(&self, step: &Step<'_, '_>, area: Area) -> Result<bool> {
        self.is_clear(step, |shown| share_height(area, shown))
    }

    fn is_clear(&self, step: &Step<'_, '_>, touches: impl Fn(Area) -> bool) -> Result<bool> {
        let Some(site) = self.site else {
            return Ok(false);
        };
        let occupied = step.occupied.on(step.document, site, self.object)?;
        Ok(occupied.is_some_and(|areas| !areas.into_iter().any(touches)))
    }

    /// A light colour that is multiplied with the text below it: no other highlighter's on top of
    /// it, since two light colours may multiply to a dark one.
    fn is_highlight(&self, step: &Step<'_, '_>, area: Area) -> Result<bool> {
        let blend = self.value(step, "BM")?;
        let is_multiplied = match &blend {
            Object::Null => true,
            Object::Name(mode) => *mode == "Multiply",
            _ => false,
        };
        let Some(colour) = self.colour(step)? else {
            return Ok(false);
        };
        let inside = match self.value(step, "QuadPoints")? {
            Object::Null => true,
            Object::Array(corners) => lie_inside(&corners, area),
            _ => false,
        };
        let Some(site) = self.site else {
            return Ok(false);
        };
        if !is_multiplied || !inside || !blends_in_device_space(step, site)? {
            return Ok(false);
        }
        let leaves = |shade: Shade| -> Result<bool> {
            Ok(shade(&colour) && leaves_text_readable(step, self.dictionary, self.at, shade)?)
        };
        let is_readable = leaves(is_light)?
            || (leaves(leaves_dark_readable)? && {
                let pale = step.occupied.pale_on(step.document, site)?;
                pale.is_some_and(|pale| !pale.into_iter().any(|below| meet(area, below)))
            });
        if !is_readable {
            return Ok(false);
        }
        let others =
            step.occupied
                .annotations(step.document, site, self.object, Above::Highlight)?;
        Ok(others.is_some_and(|others| !others.into_iter().any(|other| meet(area, other))))
    }

    fn colour(&self, step: &Step<'_, '_>) -> Result<Option<Vec<f64>>> {
        Ok(match self.value(step, "C")? {
            Object::Array(components) => components.iter().map(number_of).collect(),
            _ => None,
        })
    }

    /// The width of its lines, in points (12.5.4): the larger, when two are stated.
    fn line_width(&self, step: &Step<'_, '_>) -> Result<f64> {
        let style = match self.value(step, "BS")? {
            Object::Null => None,
            Object::Dictionary(style) => Some(step.document.value(&style, "W", self.at)?),
            _ => return Ok(f64::INFINITY),
        };
        let border = match self.value(step, "Border")? {
            Object::Null => None,
            Object::Array(border) => {
                let width = border.get(2).cloned().unwrap_or(Object::Boolean(true));
                Some(step.document.resolve(&width, self.at)?)
            }
            _ => return Ok(f64::INFINITY),
        };
        let width = |stated: Object| match stated {
            Object::Null => 1.0,
            stated => number_of(&stated).map_or(f64::INFINITY, f64::abs),
        };
        let stated = style.map(width).into_iter().chain(border.map(width));
        Ok(stated.reduce(f64::max).unwrap_or(1.0))
    }
}

/// 11.4.7: the group of the page may blend in a space of its own making, where light is not what it
/// says.
fn blends_in_device_space(step: &Step<'_, '_>, site: &Site) -> Result<bool> {
    let Object::Dictionary(group) = step.document.value(&site.page, "Group", site.at)? else {
        return Ok(true);
    };
    Ok(is_device_space(
        &step.document.value(&group, "CS", site.at)?,
    ))
}

/// Where viewers may draw an icon: the rectangle, and a square around each corner of it.
fn icons_of(area: Area) -> [Area; 5] {
    let [left, bottom, right, top] = area;
    let around = |x: f64, y: f64| {
        [
            x - DRAWN_ICON_SIDE,
            y - DRAWN_ICON_SIDE,
            x + DRAWN_ICON_SIDE,
            y + DRAWN_ICON_SIDE,
        ]
    };
    [
        area,
        around(left, bottom),
        around(right, bottom),
        around(left, top),
        around(right, top),
    ]
}

fn lie_inside(corners: &[Object], [left, bottom, right, top]: Area) -> bool {
    let numbers: Option<Vec<f64>> = corners.iter().map(number_of).collect();
    let Some(numbers) = numbers else {
        return false;
    };
    let (points, rest) = numbers.as_chunks::<2>();
    rest.is_empty()
        && points.iter().all(|[x, y]| {
            (left - ROUNDING..=right + ROUNDING).contains(x)
                && (bottom - ROUNDING..=top + ROUNDING).contains(y)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_highlighter_stays_in_its_rectangle() {
        let corners = |numbers: &[i64]| -> Vec<Object> {
            numbers
                .iter()
                .map(|number| Object::Integer(*number))
                .collect()
        };
        let area = [0.0, 0.0, 10.0, 10.0];
        assert!(lie_inside(&corners(&[0, 10, 10, 10, 0, 0, 10, 0]), area));
        assert!(!lie_inside(&corners(&[0, 10, 99, 10, 0, 0, 10, 0]), area));
        assert!(!lie_inside(&corners(&[0, 10, 9]), area));
    }
}
