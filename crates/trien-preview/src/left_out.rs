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
    /// Images that could not be decoded, or are too large.
    Images,
    /// Text in fonts that could not be loaded.
    Fonts,
    /// Annotations and forms that other programs draw: those without an appearance of their own, or
    /// without a box, and those that stand on paper alone.
    Annotations,
    /// Scripts, which other programs run and which may change what is shown (12.6.4.17).
    Scripts,
}

impl LeftOut {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Fields,
        Self::Layers,
        Self::Images,
        Self::Fonts,
        Self::Annotations,
        Self::Scripts,
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

/// What the document says that a picture of this page cannot show.
pub(super) fn stated(document: &Document<'_>, page: &Dictionary) -> u8 {
    let reader = Reader { document };
    let mut bits = 0;
    if reader.has_bare_fields(page) {
        bits |= LeftOut::Fields.bit();
    }
    if reader.has_unseen_annotations(page) {
        bits |= LeftOut::Annotations.bit();
    }
    if let Ok((_, catalog)) = document.catalog(document.latest()) {
        if reader.has_layers_off(&catalog) {
            bits |= LeftOut::Layers.bit();
        }
        if reader.has_scripts(&catalog, page) {
            bits |= LeftOut::Scripts.bit();
        }
    }
    bits
}

struct Reader<'d, 'a> {
    document: &'d Document<'a>,
}

impl Reader<'_, '_> {
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
    fn has_unseen_annotations(&self, page: &Dictionary) -> bool {
        self.annotations(page).iter().any(|one| {
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
            is_off_screen || is_made_up
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

    /// A field that is filled in, or a button, and has no look.
    fn has_bare_fields(&self, page: &Dictionary) -> bool {
        let widgets = self.annotations(page);
        let mut widgets = widgets
            .iter()
            .filter(|one| self.is_name(one, "Subtype", "Widget"));
        widgets.any(|widget| {
            let is_hidden = self.flags(widget) & HIDDEN != 0;
            let field = match widget.get("FT") {
                Some(_) => Some(widget.clone()),
                None => self.dictionary(widget, "Parent"),
            };
            // A signature field that waits shows nothing in any program.
            let shows = field.is_some_and(|field| {
                !self.is_name(&field, "FT", "Sig") && field.get("V").is_some()
            });
            shows && !is_hidden && self.dictionary(widget, "AP").is_none()
        })
    }

    fn has_layers_off(&self, catalog: &Dictionary) -> bool {
        let Some(properties) = self.dictionary(catalog, "OCProperties") else {
            return false;
        };
        let Some(usual) = self.dictionary(&properties, "D") else {
            return false;
        };
        !self.array(&usual, "OFF").is_empty() || self.is_name(&usual, "BaseState", "OFF")
    }

    fn has_scripts(&self, catalog: &Dictionary, page: &Dictionary) -> bool {
        let named = self.dictionary(catalog, "Names");
        let is_named = named.is_some_and(|names| names.get("JavaScript").is_some());
        let opens = self.dictionary(catalog, "OpenAction");
        let opens = opens.is_some_and(|action| self.is_name(&action, "S", "JavaScript"));
        is_named || opens || catalog.get("AA").is_some() || page.get("AA").is_some()
    }
}

/// A number that is zero, whole or not.
fn is_zero(number: &Object) -> bool {
    number.as_integer() == Some(0) || matches!(number, Object::Real(number) if *number == 0.0)
}
