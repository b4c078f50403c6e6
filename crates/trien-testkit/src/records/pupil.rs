//! Pupils who do not exist, put together from common Vietnamese names by a number.
//! Knows nothing of reports.

/// A pupil who does not exist.
#[derive(Debug, Clone)]
pub(super) struct Pupil {
    pub(super) name: String,
    pub(super) born: String,
    pub(super) birthplace: &'static str,
    pub(super) ethnicity: &'static str,
    pub(super) father: String,
    pub(super) mother: String,
    pub(super) identifier: String,
    pub(super) seed: u32,
}

const FAMILY: [&str; 9] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ",
];
const MIDDLE: [&str; 7] = ["Thị", "Văn", "Ngọc", "Minh", "Quỳnh", "Đức", "Hữu"];
const GIVEN: [&str; 11] = [
    "Hương",
    "Dũng",
    "Ánh",
    "Khuê",
    "Trường",
    "Phượng",
    "Thủy",
    "Nghĩa",
    "Bảo",
    "Yến",
    "Kiệt",
];

impl Pupil {
    /// The pupil of a number: the same on every machine.
    pub(super) fn number(seed: u32) -> Self {
        let mut choose = Choice(seed);
        let family = choose.of(&FAMILY);
        let name = format!("{family} {} {}", choose.of(&MIDDLE), choose.of(&GIVEN));
        let father = format!(
            "{family} {} {}",
            choose.of(&["Văn", "Đức", "Hữu"]),
            choose.of(&GIVEN)
        );
        let mother = format!("{} Thị {}", choose.of(&FAMILY), choose.of(&GIVEN));
        Self {
            name,
            born: format!(
                "{:02}/{:02}/2014",
                choose.below(28).saturating_add(1),
                choose.below(12).saturating_add(1)
            ),
            birthplace: choose.of(&["Hải Phòng", "Hải Dương", "Quảng Ninh", "Thái Bình"]),
            ethnicity: choose.of(&["Kinh", "Tày", "Mường", "Kinh"]),
            father,
            mother,
            identifier: format!("000{:09}", seed.saturating_add(100)),
            seed,
        }
    }
}

/// A small generator for what differs between pupils.
pub(super) struct Choice(pub(super) u32);

impl Choice {
    pub(super) fn below(&mut self, bound: u16) -> u16 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let high = u16::try_from(self.0 >> 16).unwrap_or_default();
        high.checked_rem(bound).unwrap_or_default()
    }

    pub(super) fn of<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let bound = u16::try_from(choices.len()).unwrap_or_default();
        let index = usize::from(self.below(bound));
        choices.get(index).copied().unwrap_or_default()
    }
}
