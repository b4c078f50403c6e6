//! What is told of a field whose look does not show its value: what it shows instead, or the font in
//! which nobody can tell. Decides nothing.

use super::font::LookFonts;
use super::look::Look;
use super::value::{says, told};
use super::widget::named;
use super::{Pair, widgets};
use crate::changes::kind::{FilledValues, LookShows, WrongLook};
use crate::changes::step::{Result, Step};
use crate::field::FormField;
use crate::{Dictionary, Object, Stream};

/// Fonts of one look that are asked.
const FONTS: usize = 16;

impl Step<'_, '_> {
    /// What is wrong with the looks of a field that was filled in, where that is its text or a font.
    pub(in crate::changes) fn wrong_look(
        &self,
        old: &FormField,
        new: &FormField,
    ) -> Result<Option<WrongLook>> {
        let Some(values) = self.value_texts(&new.value, self.after)? else {
            return Ok(None);
        };
        for widget in widgets(old, new) {
            if let Some(shows) = self.shows_instead(widget, &values.concat())? {
                let values = FilledValues {
                    old: self.told_value(&old.value, self.before)?,
                    new: self.told_value(&new.value, self.after)?,
                };
                return Ok(Some(WrongLook { values, shows }));
            }
        }
        Ok(None)
    }

    fn shows_instead(&self, widget: Pair<'_>, value: &str) -> Result<Option<LookShows>> {
        let normal = |looks: Object, at| match looks {
            Object::Dictionary(looks) => self.document.value(&looks, "N", at),
            _ => Ok(Object::Null),
        };
        let was = normal(self.old_value(widget.was, "AP")?, self.before)?;
        let is = normal(self.new_value(widget.is, "AP")?, self.after)?;
        let Object::Stream(is) = is else {
            return Ok(None);
        };
        let form = self.fonts_of(self.form_at(self.after)?.as_ref(), "DR", self.after)?;
        let old_form = self.fonts_of(self.form_at(self.before)?.as_ref(), "DR", self.before)?;
        let own = match &was {
            Object::Stream(Stream { dictionary, .. }) => {
                self.fonts_of(dictionary, "Resources", self.before)?
            }
            _ => None,
        };
        let fonts = LookFonts {
            earlier: named(own.as_ref())
                .chain(named(old_form.as_ref()))
                .collect(),
            of_form: form.as_ref(),
            ..LookFonts::default()
        };
        let Some(look) = Look::read(self, &is, &fonts, self.after)? else {
            self.doubt_fonts_of(&is.dictionary, &fonts)?;
            let doubted = fonts.doubted.borrow();
            return Ok(doubted.as_deref().map(told).map(LookShows::DoubtedFont));
        };
        let letters = look.letters.iter();
        let text: String = letters
            .map(|letter| letter.text.as_deref().unwrap_or("\u{FFFD}"))
            .collect();
        Ok((!says(&look.letters, value)).then(|| LookShows::Text(told(&text))))
    }

    /// Where a look is not read to its letters, whether it has a font that nobody knows.
    fn doubt_fonts_of(&self, look: &Dictionary, fonts: &LookFonts<'_>) -> Result<()> {
        let Object::Dictionary(resources) = self.new_value(look, "Resources")? else {
            return Ok(());
        };
        let own = self.fonts_of(look, "Resources", self.after)?;
        for entry in own.iter().flat_map(Dictionary::entries).take(FONTS) {
            if fonts.doubted.borrow().is_some() {
                break;
            }
            fonts.read(self, &resources, &entry.key.to_string(), self.after)?;
        }
        Ok(())
    }
}
