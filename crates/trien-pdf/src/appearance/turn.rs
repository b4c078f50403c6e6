//! Quarter turns: how a page is turned when it is shown (ISO 32000-2, 7.7.3.3, /Rotate).
//! Knows nothing of pages.

/// How far something is turned clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuarterTurns {
    /// Not at all.
    None,
    /// By 90 degrees.
    One,
    /// By 180 degrees.
    Two,
    /// By 270 degrees.
    Three,
}

impl QuarterTurns {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::One, Self::Two, Self::Three];

    /// The turn of /Rotate: what is no multiple of 90 turns nothing, as viewers take it.
    #[must_use]
    pub fn of_degrees(degrees: f64) -> Self {
        const QUARTERS: [(f64, QuarterTurns); 3] = [
            (90.0, QuarterTurns::One),
            (180.0, QuarterTurns::Two),
            (270.0, QuarterTurns::Three),
        ];
        let rest = degrees.rem_euclid(360.0);
        QUARTERS
            .into_iter()
            .find(|(quarter, _)| (rest - quarter).abs() < 0.5)
            .map_or(Self::None, |(_, turns)| turns)
    }

    /// Whether width and height change places.
    #[must_use]
    pub const fn swaps_sides(self) -> bool {
        matches!(self, Self::One | Self::Three)
    }

    /// The matrix that turns a drawing the other way, so that it stands upright on a page that
    /// is turned like this (8.3.3).
    pub(super) const fn upright(self) -> Option<[f32; 6]> {
        match self {
            Self::None => None,
            Self::One => Some([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
            Self::Two => Some([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]),
            Self::Three => Some([0.0, -1.0, 1.0, 0.0, 0.0, 0.0]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_of_any_round_are_one_of_four_turns() {
        for (degrees, turns) in [
            (0.0, QuarterTurns::None),
            (90.0, QuarterTurns::One),
            (-90.0, QuarterTurns::Three),
            (450.0, QuarterTurns::One),
            (180.0, QuarterTurns::Two),
            (45.0, QuarterTurns::None),
            (f64::NAN, QuarterTurns::None),
        ] {
            assert_eq!(QuarterTurns::of_degrees(degrees), turns, "{degrees}");
        }
    }
}
