//! What a picture does not show of a page, so that nobody takes it for all there is.
//! Draws nothing, and reads with our own reader alone.

use std::fmt;

use trien::{Dictionary, Document, Object};

/// Most annotations of a page that are looked at; a class list has some hundreds of fields.
const MOST_ANNOTATIONS: usize = 10_000;

/// Bit 2 of an annotation's flags: hidden (ISO 32000-2, 12.5.3).
const HIDDEN: i64 = 1 << 1;

/// Bit 3: printed (12.5.3).
const PRINT: i64 = 1 << 2;

/// Bit 6: not shown on the screen.
const NO_VIEW: i64 = 1 << 5;

/// Bit 9: shown once the pointer is there, where it is not otherwise.
const TOGGLE_NO_VIEW: i64 = 1 << 8;

/// Fields above a widget that are asked for what it inherits (12.7.4.1); forms have two or three.
const MOST_PARENTS: usize = 32;

/// Actions that change nothing that is shown (12.6.4); every other one may.
const HARMLESS_ACTIONS: [&str; 4] = ["GoTo", "GoToR", "URI", "Named"];

/// Annotations that other programs play, or show in another way than their pictures do (12.5.6.18,
/// 13.2, 13.6).
const PLAYED: [&str; 5] = ["Screen", "Movie", "Sound", "3D", "RichMedia"];

/// Annotations that no program gives a look of its own on the page: a pop-up belongs to another
/// annotation, and fields are looked at by themselves.
const WITHOUT_LOOK: [&str; 2] = ["Popup", "Widget"];

/// What may be missing in a picture. The names stand in answers to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LeftOut {
    /// Fields with no appearance of their own: other programs make one up (12.7.4.3).
    Fields,
    /// Layers that are switched off and can be switched on (8.11).
    Layers,
    /// Images that could not be decoded, are too large, or have alternates (8.9.5.4).
    Images,
    /// Text in fonts that could not be loaded, or are not in the file and not in every program.
    Fonts,
    /// Annotations and forms that other programs draw: those without an appearance of their own, or
    /// without a box, and those that stand on paper alone.
    Annotations,
    /// Scripts and other actions, which other programs run and which may change what is shown (12.6.4).
    Scripts,
    /// Files that other programs show in place of the pages (12.3.5).
    Attachments,
}

impl LeftOut {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Fields,
        Self::Layers,
        Self::Images,
        Self::Fonts,
        Self::Annotations,
        Self::Scripts,
        Self::Attachments,
    ];

    /// The name in answers. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Layers => "layers",
            Self::Images => "images",
            Self::Fonts => "fonts",
            Self::Annotations => "annotations",
            Self::Scripts => "scripts",
            Self::Attachments => "attachments",
        }
    }

    /// Its place in the octet that the drawing process gives.
    pub(super) const fn bit(self) -> u8 {
        match self {
            Self::Fields => 1,
            Self::Layers => 2,
            Self::Images => 4,
            Self::Fonts => 8,
            Self::Annotations => 16,
            Self::Scripts => 32,
            Self::Attachments => 64,
        }
    }

    /// Those whose places are set.
    pub(super) fn of_bits(bits: u8) -> Vec<Self> {
        let all = Self::ALL.into_iter();
        all.filter(|one| bits & one.bit() != 0).collect()
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// What the document says that pictures of its pages cannot show, whichever is looked at.
#[must_use]
pub fn left_out_of_document(document: &Document<'_>) -> Vec<LeftOut> {
    LeftOut::of_bits(Reader { document }.of_document())
}

/// What the document says that a picture of this page cannot show.
pub(super) fn stated(document: &Document<'_>, page: &Dictionary) -> u8 {
    let reader = Reader { document };
    reader.of_document() | reader.of_page(page)
}

struct Reader<'d, 'a> {
    document: &'d Document<'a>,
}

impl Reader<'_, '_> {
    fn of_document(&self) -> u8 {
        let Ok((_, catalog)) = self.document.catalog(self.document.latest()) else {
            return 0;
        };
        let has_own_form = catalog.get("NeedsRendering").is_some()
            || self
                .dictionary(&catalog, "AcroForm")
                .is_some_and(|form| form.get("XFA").is_some());
        [
            (has_own_form, LeftOut::Fields),
            (self.has_layers_off(&catalog), LeftOut::Layers),
            (self.has_scripts(&catalog), LeftOut::Scripts),
            (catalog.get("Collection").is_some(), LeftOut::Attachments),
        ]
        .iter()
        .filter(|(is_so, _)| *is_so)
        .fold(0, |bits, (_, one)| bits | one.bit())
    }

    fn of_page(&self, page: &Dictionary) -> u8 {
        let annotations = self.annotations(page);
        let acts = page.get("AA").is_some() || annotations.iter().any(|one| self.acts(one));
        [
            (self.has_bare_fields(&annotations), LeftOut::Fields),
            (
                self.has_unseen_annotations(&annotations),
                LeftOut::Annotations,
            ),
            // Not every program asks their layers (12.5.2, /OC).
            (
                annotations.iter().any(|one| one.get("OC").is_some()),
                LeftOut::Layers,
            ),
            (acts, LeftOut::Scripts),
        ]
        .iter()
        .filter(|(is_so, _)| *is_so)
        .fold(0, |bits, (_, one)| bits | one.bit())
    }

    /// What a field or widget has of a key, itself or from the fields above it.
    fn inherited(&self, widget: &Dictionary, key: &str) -> Option<Object> {
        let mut field = widget.clone();
        for _ in 0..MOST_PARENTS {
            if field.get(key).is_some() {
                return self
                    .document
                    .value(&field, key, self.document.latest())
                    .ok();
            }
            field = self.dictionary(&field, "Parent")?;
        }
        None
    }

    /// Whether an annotation, or the field it belongs to, has an action that may change what is shown.
    fn acts(&self, annotation: &Dictionary) -> bool {
        let own = self.dictionary(annotation, "A");
        own.is_some_and(|action| self.may_change(&action))
            || self.inherited(annotation, "AA").is_some()
    }

    fn may_change(&self, action: &Dictionary) -> bool {
        let is_harmless = HARMLESS_ACTIONS
            .iter()
            .any(|kind| self.is_name(action, "S", kind));
        !is_harmless || action.get("Next").is_some()
    }

    fn dictionary(&self, of: &Dictionary, key: &str) -> Option<Dictionary> {
        let value = self.document.value(of, key, self.document.latest()).ok()?;
        value.as_dictionary().cloned()
    }

    fn array(&self, of: &Dictionary, key: &str) -> Vec<Object> {
        let value = self.document.value(of, key, self.document.latest());
        let array = value
            .ok()
            .and_then(|value| value.as_array().map(<[_]>::to_vec));
        array.unwrap_or_default()
    }

    fn resolved(&self, object: &Object) -> Option<Dictionary> {
        let object = self.document.resolve(object, self.document.latest()).ok()?;
        object.as_dictionary().cloned()
    }

    fn is_name(&self, of: &Dictionary, key: &str, name: &str) -> bool {
        let value = self.document.value(of, key, self.document.latest()).ok();
        value.is_some_and(|value| {
            value
                .as_name()
                .is_some_and(|found| found.as_octets() == name.as_bytes())
        })
    }

    fn annotations(&self, page: &Dictionary) -> Vec<Dictionary> {
        let annotations = self.array(page, "Annots");
        annotations
            .iter()
            .take(MOST_ANNOTATIONS)
            .filter_map(|one| self.resolved(one))
            .collect()
    }

    fn flags(&self, annotation: &Dictionary) -> i64 {
        let flags = self.document.value(annotation, "F", self.document.latest());
        flags.ok().and_then(|flags| flags.as_integer()).unwrap_or(0)
    }

    /// An annotation that other programs draw, or print, and the renderer does not.
    fn has_unseen_annotations(&self, annotations: &[Dictionary]) -> bool {
        annotations.iter().any(|one| {
            let flags = self.flags(one);
            let is_off_screen = flags & NO_VIEW != 0;
            if flags & HIDDEN != 0 || (is_off_screen && flags & (PRINT | TOGGLE_NO_VIEW) == 0) {
                return false;
            }
            let is_one_of =
                |kinds: &[&str]| kinds.iter().any(|kind| self.is_name(one, "Subtype", kind));
            let has_own_look = self
                .dictionary(one, "AP")
                .is_some_and(|appearance| appearance.get("N").is_some());
            let is_made_up = !has_own_look
                && !is_one_of(&WITHOUT_LOOK)
                && (!is_one_of(&["Link"]) || self.has_border(one));
            is_off_screen || is_made_up || is_one_of(&PLAYED)
        })
    }

    /// Whether an annotation without an appearance has a border: one unless it says otherwise
    /// (12.5.2 and 12.5.4).
    fn has_border(&self, annotation: &Dictionary) -> bool {
        if let Some(style) = self.dictionary(annotation, "BS") {
            return style.get("W").is_none_or(|width| !is_zero(width));
        }
        if annotation.get("Border").is_some() {
            let border = self.array(annotation, "Border");
            return border.get(2).is_some_and(|width| !is_zero(width));
        }
        true
    }

    /// A field that is filled in, or a button, and has no look, or one that other programs are told to
    /// make anew.
    fn has_bare_fields(&self, annotations: &[Dictionary]) -> bool {
        let catalog = self.document.catalog(self.document.latest()).ok();
        let form = catalog.and_then(|(_, catalog)| self.dictionary(&catalog, "AcroForm"));
        let is_made_anew = form.is_some_and(|form| {
            let needed = self
                .document
                .value(&form, "NeedAppearances", self.document.latest());
            matches!(needed, Ok(Object::Boolean(true)))
        });
        let mut widgets = annotations
            .iter()
            .filter(|one| self.is_name(one, "Subtype", "Widget"));
        widgets.any(|widget| {
            let is_hidden = self.flags(widget) & HIDDEN != 0;
            let kind = self.inherited(widget, "FT");
            // A signature field that waits shows nothing in any program.
            let signs = kind.is_some_and(|kind| {
                kind.as_name()
                    .is_some_and(|name| name.as_octets() == b"Sig")
            });
            let has_look = self
                .dictionary(widget, "AP")
                .is_some_and(|appearance| appearance.get("N").is_some());
            !is_hidden
                && !signs
                && self.inherited(widget, "V").is_some()
                && (is_made_anew || !has_look)
        })
    }

    fn has_layers_off(&self, catalog: &Dictionary) -> bool {
        let Some(properties) = self.dictionary(catalog, "OCProperties") else {
            return false;
        };
        let Some(usual) = self.dictionary(&properties, "D") else {
            return false;
        };
        // What a layer is used for may switch it off, or on (8.11.4.4).
        !self.array(&usual, "OFF").is_empty()
            || !self.array(&usual, "AS").is_empty()
            || self.is_name(&usual, "BaseState", "OFF")
    }

    fn has_scripts(&self, catalog: &Dictionary) -> bool {
        let named = self.dictionary(catalog, "Names");
        let is_named = named.is_some_and(|names| names.get("JavaScript").is_some());
        let opens = self.dictionary(catalog, "OpenAction");
        let opens = opens.is_some_and(|action| self.may_change(&action));
        is_named || opens || catalog.get("AA").is_some()
    }
}

/// A number that is zero, whole or not.
fn is_zero(number: &Object) -> bool {
    number.as_integer() == Some(0) || matches!(number, Object::Real(number) if *number == 0.0)
}
