//! What a picture does not show of a page, so that nobody takes it for all there is.
//! Draws nothing, and reads with our own reader alone.

use std::fmt;

use trien::{Dictionary, Document, Object};

/// Most annotations of a page that are looked at; a class list has some hundreds of fields.
const MOST_ANNOTATIONS: usize = 10_000;

/// Bit 2 of an annotation's flags: hidden (ISO 32000-2, 12.5.3).
const HIDDEN: i64 = 1 << 1;

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
    /// Annotations whose appearance could not be found.
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

    /// A field that is filled in, or a button, and has no look.
    fn has_bare_fields(&self, page: &Dictionary) -> bool {
        let annotations = self.array(page, "Annots");
        let mut widgets = annotations
            .iter()
            .take(MOST_ANNOTATIONS)
            .filter_map(|one| self.resolved(one))
            .filter(|one| self.is_name(one, "Subtype", "Widget"));
        widgets.any(|widget| {
            let is_hidden = widget
                .get("F")
                .and_then(Object::as_integer)
                .is_some_and(|flags| flags & HIDDEN != 0);
            let field = match widget.get("FT") {
                Some(_) => Some(widget.clone()),
                None => self.dictionary(&widget, "Parent"),
            };
            // A signature field that waits shows nothing in any program.
            let shows = field.is_some_and(|field| {
                !self.is_name(&field, "FT", "Sig") && field.get("V").is_some()
            });
            shows && !is_hidden && self.dictionary(&widget, "AP").is_none()
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
