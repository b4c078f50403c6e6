//! Octets that no filter makes smaller, for pictures of scanned paper.

/// So many octets, the same for the same `seed` (xorshift; of no use as a secret).
#[must_use]
pub fn noise(seed: u32, octets: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    (0..octets)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .collect()
}
