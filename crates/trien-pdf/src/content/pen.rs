//! How far stroked lines reach aside (ISO 32000-2, 8.4.3.2 to 8.4.3.5): their width, and the spikes
//! that mitred joins make. Knows no paths: what a line is drawn along, the path tells.

use super::state::Matrix;
use crate::field::number_of;
use crate::{Dictionary, Document, Object, ReadError, RevisionIndex};

/// Mitre limit of a page that sets none (table 51).
const MITRE_LIMIT: f64 = 10.0;

/// How much longer than the limit allows a spike is still reckoned with: programs round.
const ROUNDED: f64 = 1.05;

/// What lines are stroked with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pen {
    /// Before the transformation.
    width: f64,
    /// Style of joins; 0 are mitred.
    join: f64,
    mitre_limit: f64,
}

/// A point where two segments meet, with the directions in which the line comes and goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Join {
    pub(super) at: (f64, f64),
    pub(super) comes: (f64, f64),
    pub(super) goes: (f64, f64),
}

impl Pen {
    pub(super) const START: Self = Self {
        width: 1.0,
        join: 0.0,
        mitre_limit: MITRE_LIMIT,
    };

    /// Follows the operators that set it.
    pub(super) const fn follow(&mut self, operator: &[u8], numbers: &[f64]) {
        match (operator, numbers) {
            (b"w", [width]) => self.width = *width,
            (b"j", [join]) => self.join = *join,
            (b"M", [limit]) => self.mitre_limit = *limit,
            _ => {}
        }
    }

    /// Follows a graphics state (8.4.5).
    pub(super) fn follow_state(
        &mut self,
        document: &Document<'_>,
        state: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<(), ReadError> {
        for (key, of) in [
            ("LW", &mut self.width),
            ("LJ", &mut self.join),
            ("ML", &mut self.mitre_limit),
        ] {
            match document.value(state, key, revision)? {
                Object::Null => {}
                // What is no number may be anything.
                other => *of = number_of(&other).unwrap_or(f64::INFINITY),
            }
        }
        Ok(())
    }

    /// Width of a line; infinite where it may be any.
    pub(super) fn width(&self, matrix: Matrix) -> f64 {
        let width = self.width * matrix.stretch();
        if width.is_finite() {
            width.abs()
        } else {
            f64::INFINITY
        }
    }

    /// How far a line reaches at most from where it is drawn along: round an outline that is not known.
    pub(super) fn longest_reach(&self, matrix: Matrix) -> f64 {
        let width = self.width(matrix);
        if self.is_mitred() && width > 0.0 {
            width * self.limit().max(1.0)
        } else {
            width
        }
    }

    /// Whether spikes are longer than where nobody asked for it.
    pub(super) fn has_long_spikes(&self) -> bool {
        self.is_mitred() && self.limit() > MITRE_LIMIT
    }

    /// How far the spike of a join reaches from it; nothing where it is cut off.
    pub(super) fn spike(&self, join: &Join, matrix: Matrix) -> f64 {
        if !self.is_mitred() {
            return 0.0;
        }
        // The angle is that of the line before it is transformed.
        let Some(back) = matrix.inverse() else {
            return self.longest_reach(matrix);
        };
        let [comes, goes] = [join.comes, join.goes].map(|(x, y)| {
            let [a, b, c, d, ..] = back.0;
            (x * a + y * c, x * b + y * d)
        });
        let lengths = comes.0.hypot(comes.1) * goes.0.hypot(goes.1);
        let cosine = (comes.0 * goes.0 + comes.1 * goes.1) / lengths;
        // 8.4.3.5: the length of a mitre is the width divided by the sine of half the angle.
        let ratio = ((1.0 + cosine) / 2.0).max(0.0).sqrt().recip();
        if ratio <= self.limit() * ROUNDED {
            self.width(matrix) * ratio / 2.0
        } else if ratio.is_finite() || ratio == f64::INFINITY {
            0.0
        } else {
            self.longest_reach(matrix)
        }
    }

    const fn limit(&self) -> f64 {
        if self.mitre_limit.is_nan() {
            f64::INFINITY
        } else {
            self.mitre_limit
        }
    }

    /// Joins of a style that is none are drawn as each program likes.
    fn is_mitred(&self) -> bool {
        self.join != 1.0 && self.join != 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A turn back by so many degrees from going on straight.
    fn turn(degrees: f64) -> Join {
        let angle = degrees.to_radians();
        Join {
            at: (0.0, 0.0),
            comes: (2.0, 0.0),
            goes: (angle.cos(), angle.sin()),
        }
    }

    fn pen(set: &[(&[u8], f64)]) -> Pen {
        let mut pen = Pen::START;
        for (operator, number) in set {
            pen.follow(operator, &[*number]);
        }
        pen
    }

    #[test]
    fn spikes_grow_with_the_turn_until_they_are_cut_off() {
        let thick = pen(&[(b"w", 2.0)]);
        let right = thick.spike(&turn(90.0), Matrix::IDENTITY);
        assert!((right - 2.0_f64.sqrt()).abs() < 1e-9, "{right}");
        let sharp = thick.spike(&turn(160.0), Matrix::IDENTITY);
        assert!((sharp - 5.758_770_483).abs() < 1e-6, "{sharp}");
        assert_eq!(thick.spike(&turn(175.0), Matrix::IDENTITY), 0.0);
        let long = pen(&[(b"w", 2.0), (b"M", 5000.0)]);
        assert!(long.spike(&turn(179.9), Matrix::IDENTITY) > 1000.0);
        assert!(long.has_long_spikes() && !thick.has_long_spikes());
        assert_eq!(long.spike(&turn(180.0), Matrix::IDENTITY), 0.0);
    }

    #[test]
    fn round_and_cut_joins_have_no_spikes() {
        for style in [1.0, 2.0] {
            let pen = pen(&[(b"w", 2.0), (b"M", 5000.0), (b"j", style)]);
            assert_eq!(pen.spike(&turn(160.0), Matrix::IDENTITY), 0.0);
            assert_eq!(pen.longest_reach(Matrix::IDENTITY), 2.0);
        }
        // A style that is none.
        assert!(pen(&[(b"j", 7.0)]).spike(&turn(160.0), Matrix::IDENTITY) > 1.0);
    }

    #[test]
    fn the_angle_is_that_before_the_transformation() {
        // A right angle on the page that was a sharp one before it was stretched aside.
        let join = Join {
            at: (0.0, 0.0),
            comes: (5.0, 5.0),
            goes: (5.0, -5.0),
        };
        let stretched = Matrix([5.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let right = Pen::START.spike(&join, Matrix::IDENTITY) * stretched.stretch();
        assert!(Pen::START.spike(&join, stretched) > 2.0 * right);
        let flat = Matrix([0.0; 6]);
        assert_eq!(
            Pen::START.spike(&join, flat),
            Pen::START.longest_reach(flat)
        );
    }

    #[test]
    fn what_is_no_number_reaches_anywhere() {
        let pen = pen(&[(b"w", f64::NAN)]);
        assert_eq!(pen.width(Matrix::IDENTITY), f64::INFINITY);
        assert_eq!(pen.longest_reach(Matrix::IDENTITY), f64::INFINITY);
    }
}
