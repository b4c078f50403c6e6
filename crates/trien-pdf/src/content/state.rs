//! Matrices and the text state (ISO 32000-2, 8.3.3, 9.3).
//! Knows nothing of fonts or operators.

/// A matrix [a b c d e f] (8.3.3): a point is a row in front of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Matrix(pub(crate) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) const fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First this, then `next`.
    pub(super) const fn then(self, next: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [na, nb, nc, nd, ne, nf] = next.0;
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    pub(crate) const fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (x * a + y * c + e, x * b + y * d + f)
    }

    /// How many times longer it makes a length at most, turns aside.
    pub(crate) fn stretch(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        a.hypot(b).max(c.hypot(d))
    }

    /// What takes back this one; `None` when it flattens.
    pub(crate) fn inverse(self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0;
        let determinant = a * d - b * c;
        let inverse = Self([
            d / determinant,
            -b / determinant,
            -c / determinant,
            a / determinant,
            (c * f - d * e) / determinant,
            (b * e - a * f) / determinant,
        ]);
        inverse
            .0
            .iter()
            .all(|value| value.is_finite())
            .then_some(inverse)
    }

    /// Left, bottom, right and top of the box around a rectangle that this matrix places.
    pub(crate) fn around(self, [left, bottom, right, top]: [f64; 4]) -> [f64; 4] {
        let corners = [(left, bottom), (right, bottom), (left, top), (right, top)]
            .map(|corner| self.apply(corner));
        let all = |pick: fn((f64, f64)) -> f64, fold: fn(f64, f64) -> f64, start: f64| {
            corners.into_iter().map(pick).fold(start, fold)
        };
        [
            all(|corner| corner.0, f64::min, f64::INFINITY),
            all(|corner| corner.1, f64::min, f64::INFINITY),
            all(|corner| corner.0, f64::max, f64::NEG_INFINITY),
            all(|corner| corner.1, f64::max, f64::NEG_INFINITY),
        ]
    }
}

/// The parameters of the text state (9.3.1) that move letters.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextState {
    pub(super) character_spacing: f64,
    pub(super) word_spacing: f64,
    /// A share: 1 is the ordinary width.
    pub(super) horizontal_scaling: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) size: f64,
    /// Index of the font among those read, if one is set.
    pub(super) font: Option<usize>,
    /// Whether letters are painted: modes 3 and 7 paint none (9.3.6).
    pub(super) is_painted: bool,
}

impl TextState {
    pub(super) const START: Self = Self {
        character_spacing: 0.0,
        word_spacing: 0.0,
        horizontal_scaling: 1.0,
        leading: 0.0,
        rise: 0.0,
        size: 0.0,
        font: None,
        is_painted: true,
    };
}
