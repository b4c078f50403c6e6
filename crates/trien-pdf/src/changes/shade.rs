//! Colours of highlighters (ISO 32000-2, 12.5.6.10): which leave the text below them readable when
//! they are multiplied with it.

/// Whether a colour is one that a highlighter may have.
pub(super) type Shade = fn(&[f64]) -> bool;

/// From this luminance on a colour is read as a ground: black on it has a contrast of 5 to 1.
const READABLE: f64 = 0.2;

/// Whether dark letters on white stay readable when this colour is multiplied with them.
pub(super) fn leaves_dark_readable(components: &[f64]) -> bool {
    let in_range = components.iter().all(|value| (0.0..=1.0).contains(value));
    // IEC 61966-2-1, roughly: what components look like is not what they say.
    let linear = |[red, green, blue]: [f64; 3]| {
        let [red, green, blue] = [red, green, blue].map(|value| value.powf(2.2));
        red * 0.2126 + green * 0.7152 + blue * 0.0722
    };
    let luminance = match components {
        [grey] => linear([*grey; 3]),
        [red, green, blue] => linear([*red, *green, *blue]),
        [cyan, magenta, yellow, black] => {
            linear([*cyan, *magenta, *yellow].map(|ink| (1.0 - ink) * (1.0 - black)))
        }
        _ => 0.0,
    };
    in_range && luminance >= READABLE
}

/// From this luminance on, a colour multiplied with dark text on white leaves it readable: yellow
/// has 0.93, pure green 0.72.
const LIGHT: f64 = 0.75;

/// So much red and green at least: cyan, multiplied with letters of its own, leaves none of them.
/// Letters that differ from white in blue alone are hardly seen without a highlighter.
const CHANNEL: f64 = 0.5;

/// Whether a colour of one, three or four components (12.5.2) is light.
pub(super) fn is_light(components: &[f64]) -> bool {
    let in_range = components.iter().all(|value| (0.0..=1.0).contains(value));
    let luminance = match components {
        [grey] => *grey,
        [red, green, blue] => lightness([*red, *green, *blue]),
        [cyan, magenta, yellow, black] => {
            lightness([*cyan, *magenta, *yellow].map(|ink| (1.0 - ink) * (1.0 - black)))
        }
        _ => 0.0,
    };
    in_range && luminance >= LIGHT
}

/// The luminance of ITU-R BT.709; none where letters of the same colour would vanish.
fn lightness([red, green, blue]: [f64; 3]) -> f64 {
    if red < CHANNEL || green < CHANNEL {
        return 0.0;
    }
    red * 0.2126 + green * 0.7152 + blue * 0.0722
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_colours_are_those_of_highlighters() {
        assert!(is_light(&[1.0, 1.0, 0.0]) && is_light(&[0.9]));
        // On letters of the same cyan, multiplied, it would leave nothing of them.
        assert!(!is_light(&[0.0, 1.0, 1.0]) && !is_light(&[1.0, 0.0, 0.0, 0.0]));
        assert!(is_light(&[0.0, 0.0, 1.0, 0.0]) && is_light(&[1.0, 0.8, 0.8]));
        for dark in [
            &[0.0][..],
            &[1.0, 0.0, 0.0],
            &[0.0, 1.0, 0.0],
            &[0.0, 0.0, 0.0, 1.0],
            &[2.0, 2.0, 2.0],
            &[],
        ] {
            assert!(!is_light(dark), "{dark:?}");
        }
    }

    #[test]
    fn dark_letters_are_read_on_strong_colours_and_not_on_dark_ones() {
        for strong in [&[1.0, 0.0, 0.0][..], &[0.15, 0.9, 0.0], &[0.0, 1.0, 1.0]] {
            assert!(
                leaves_dark_readable(strong) && !is_light(strong),
                "{strong:?}"
            );
        }
        for dark in [
            &[0.0, 0.0, 1.0][..],
            &[0.4, 0.4, 0.4],
            &[0.0, 0.0, 0.0, 0.8],
            &[],
        ] {
            assert!(!leaves_dark_readable(dark), "{dark:?}");
        }
    }
}
