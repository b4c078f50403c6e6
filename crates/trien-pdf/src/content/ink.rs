//! What areas and letters are painted with (ISO 32000-2, 8.6, 8.4.5): how light it is, as far as the
//! device's own colours tell. Any other colour may be light and dark at once.

use super::Sought;
use super::colour_space::redefines_device_colours;
use super::operators::Interpreter;
use super::pen::Pen;
use crate::{Dictionary, Object, ReadError};

/// Blending that leaves a colour on white what it is (11.3.5).
const PLAIN_BLENDING: [&str; 3] = ["Compatible", "Multiply", "Normal"];

/// The darkest and the lightest component of a colour, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tone {
    pub(crate) darkest: f64,
    pub(crate) lightest: f64,
}

impl Tone {
    /// Nobody can tell.
    pub(super) const UNKNOWN: Self = Self {
        darkest: 0.0,
        lightest: 1.0,
    };

    const BLACK: Self = Self {
        darkest: 0.0,
        lightest: 0.0,
    };

    /// Of one, three or four components of the device.
    fn of(components: &[f64]) -> Self {
        let around = |values: &[f64]| Self {
            darkest: values.iter().copied().fold(f64::INFINITY, f64::min),
            lightest: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        match components {
            [_] | [_, _, _] => around(components),
            [cyan, magenta, yellow, black] => {
                around(&[cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black)))
            }
            _ => Self::UNKNOWN,
        }
    }
}

/// The space that the numbers of a colour belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    /// One of the device's.
    Device,
    /// Any other.
    Other,
    /// A graphics state or the resources make other colours of those that are set.
    Altered,
}

/// What lines, areas and letters are painted with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    filling: Tone,
    space: Space,
    /// Mode in which letters are painted (9.3.6): filled, and nothing else, in mode 0.
    letters: f64,
    /// What lines are stroked with.
    pub(super) pen: Pen,
}

impl Ink {
    pub(super) const START: Self = Self {
        filling: Tone::BLACK,
        space: Space::Device,
        letters: 0.0,
        pen: Pen::START,
    };

    /// How light an area is.
    pub(super) const fn tone(&self) -> Tone {
        match self.space {
            Space::Altered => Tone::UNKNOWN,
            Space::Device | Space::Other => self.filling,
        }
    }

    /// How light a letter is.
    pub(super) const fn tone_of_letters(&self) -> Tone {
        if self.letters == 0.0 {
            self.tone()
        } else {
            Tone::UNKNOWN
        }
    }

    /// Whether letters are stroked (9.3.6): around their outlines, as far as the pen reaches.
    pub(super) fn strokes_letters(&self) -> bool {
        ![0.0, 3.0, 4.0, 7.0].contains(&self.letters)
    }

    /// Follows the operators that set a colour for filling.
    pub(super) fn follow(&mut self, operator: &[u8], numbers: &[f64]) {
        if self.space == Space::Altered && operator != b"Tr" {
            return;
        }
        match (operator, numbers) {
            (b"g", [_]) | (b"rg", [_, _, _]) | (b"k", [_, _, _, _]) => {
                self.filling = Tone::of(numbers);
                self.space = Space::Device;
            }
            (b"g" | b"rg" | b"k", _) => self.filling = Tone::UNKNOWN,
            (b"sc" | b"scn", _) => {
                self.filling = if self.space == Space::Device {
                    Tone::of(numbers)
                } else {
                    Tone::UNKNOWN
                };
            }
            (b"Tr", [mode]) => self.letters = *mode,
            _ => {}
        }
    }

    /// 8.6.8: a space is set, and black in it; of any space but the device's nobody can tell.
    pub(super) fn set_space(&mut self, name: Option<&Object>) {
        let name = name.and_then(Object::as_name);
        let is = |wanted: &str| name.is_some_and(|name| *name == *wanted);
        if self.space == Space::Altered {
            return;
        }
        (self.space, self.filling) = if is("DeviceGray") || is("DeviceRGB") || is("DeviceCMYK") {
            (Space::Device, Tone::BLACK)
        } else {
            (Space::Other, Tone::UNKNOWN)
        };
    }

    /// From here on colours are not what they say.
    pub(super) const fn alter(&mut self) {
        self.space = Space::Altered;
    }
}

impl Interpreter<'_, '_> {
    /// What a graphics state (8.4.5) and the resources of a stream (8.6.5.6) make of colours.
    pub(super) fn follow_state(
        &mut self,
        name: Option<&Object>,
        resources: &Dictionary,
    ) -> Result<(), ReadError> {
        let states = self.document.value(resources, "ExtGState", self.revision)?;
        let named = name.and_then(Object::as_name).map(ToString::to_string);
        let state = named
            .as_ref()
            .and_then(|name| states.as_dictionary()?.get(name));
        let state = match state {
            Some(state) => self.document.resolve(state, self.revision)?,
            None => Object::Null,
        };
        let Object::Dictionary(state) = state else {
            return Ok(());
        };
        self.state
            .ink
            .pen
            .follow_state(self.document, &state, self.revision)?;
        // 8.4.5, table 57: letters of another font and size, which `Tf` alone is followed for.
        let is_two_ways = state.get("Font").is_some() || state.duplicate_key().is_some();
        if self.sought == Sought::Look && is_two_ways {
            self.found.unclear = self.found.unclear.saturating_add(1);
        }
        let blending = self.document.value(&state, "BM", self.revision)?;
        let is_plain = match &blending {
            Object::Null => true,
            Object::Name(mode) => PLAIN_BLENDING.iter().any(|plain| *mode == *plain),
            _ => false,
        };
        let transfers = ["TR", "TR2"].iter().any(|key| {
            let value = state.get(key);
            value.is_some_and(|value| {
                let name = value.as_name();
                name.is_none_or(|name| *name != "Identity" && *name != "Default")
            })
        });
        if !is_plain || transfers || state.duplicate_key().is_some() {
            self.state.ink.alter();
        }
        Ok(())
    }

    /// Whether resources make other colours of the device's.
    pub(super) fn enter(&mut self, resources: &Dictionary) -> Result<(), ReadError> {
        if redefines_device_colours(self.document, resources, self.revision)? {
            self.state.ink.alter();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Name;

    fn space(name: &str) -> Object {
        Object::Name(Name::from(name))
    }

    #[test]
    fn colours_of_the_device_are_as_light_as_they_say() {
        let mut ink = Ink::START;
        assert_eq!(ink.tone(), Tone::BLACK);
        ink.follow(b"rg", &[1.0, 0.5, 0.25]);
        assert_eq!((ink.tone().darkest, ink.tone().lightest), (0.25, 1.0));
        ink.follow(b"k", &[0.0, 0.0, 0.0, 1.0]);
        assert_eq!(ink.tone(), Tone::BLACK);
        ink.set_space(Some(&space("DeviceGray")));
        ink.follow(b"sc", &[1.0]);
        assert_eq!((ink.tone().darkest, ink.tone().lightest), (1.0, 1.0));
    }

    #[test]
    fn any_other_colour_may_be_light_and_dark() {
        let mut ink = Ink::START;
        ink.set_space(Some(&space("Cs1")));
        ink.follow(b"scn", &[1.0, 1.0, 1.0]);
        assert_eq!(ink.tone(), Tone::UNKNOWN);
        ink.follow(b"g", &[1.0]);
        assert_eq!(ink.tone().darkest, 1.0);
        ink.alter();
        assert_eq!(ink.tone(), Tone::UNKNOWN);
    }

    #[test]
    fn letters_that_are_not_only_filled_have_the_colour_of_lines() {
        let mut ink = Ink::START;
        ink.follow(b"Tr", &[1.0]);
        assert_eq!(ink.tone_of_letters(), Tone::UNKNOWN);
        assert_eq!(ink.tone(), Tone::BLACK);
    }
}
