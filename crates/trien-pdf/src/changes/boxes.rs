//! Rectangles in user space: left, bottom, right, top in their order.

/// The corners in their order.
pub(super) fn ordered([x, y, other_x, other_y]: [f64; 4]) -> [f64; 4] {
    [
        x.min(other_x),
        y.min(other_y),
        x.max(other_x),
        y.max(other_y),
    ]
}

pub(super) fn size([left, bottom, right, top]: [f64; 4]) -> (f64, f64) {
    ((right - left).max(0.0), (top - bottom).max(0.0))
}

pub(super) fn area(rectangle: [f64; 4]) -> f64 {
    let (width, height) = size(rectangle);
    width * height
}

/// What both have; without an area where they have nothing in common.
pub(super) fn common(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [
        one[0].max(other[0]),
        one[1].max(other[1]),
        one[2].min(other[2]),
        one[3].min(other[3]),
    ]
}

pub(super) fn overlap(one: [f64; 4], other: [f64; 4]) -> bool {
    area(common(one, other)) > 0.0
}

/// Without so much at each edge.
pub(super) fn inset([left, bottom, right, top]: [f64; 4], (across, up): (f64, f64)) -> [f64; 4] {
    [left + across, bottom + up, right - across, top - up]
}
