//! What the columns of a list hold, by the words at their heads.

use crate::archive::mapping::folded;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Name,
    /// The name without the given name.
    Family,
    Given,
    /// By how surely it is the number that certificates carry; the least is the surest.
    Number(u8),
    Serial,
    School,
}

impl Head {
    fn of(text: &str) -> Option<Self> {
        let words = folded(text);
        let is = |names: &[&str]| names.contains(&words.as_str());
        let begins = |names: &[&str]| names.iter().any(|name| words.starts_with(name));
        let has = |names: &[&str]| names.iter().any(|name| words.contains(name));
        // When and by whom a card was issued, and whose number it is otherwise.
        if has(&["ngay", "noicap", "coquancap", "hethan", "bogd", "nganh"]) {
            return None;
        }
        if is(&["ho"]) || (begins(&["ho"]) && has(&["dem", "lot"])) {
            return Some(Self::Family);
        }
        if is(&["ten", "tengoi"]) {
            return Some(Self::Given);
        }
        if is(&["name", "fullname"])
            || begins(&["hoten", "hovaten", "tencanbo", "tengiaovien", "tennhanvien"])
        {
            return Some(Self::Name);
        }
        if has(&["cccd", "cancuoc"]) {
            return Some(Self::Number(0));
        }
        if has(&["cmnd", "chungminh"]) || is(&["cmt", "socmt", "cmtnd", "socmtnd"]) {
            return Some(Self::Number(1));
        }
        if is(&["identity"]) || (has(&["dinhdanh"]) && !has(&["truong", "donvi", "coquan"])) {
            return Some(Self::Number(2));
        }
        // `Số hiệu` alone is that of an official.
        if has(&["serial"])
            || is(&["seri", "soseri"])
            || (has(&["seri", "sohieu"]) && has(&["chungthu", "cts", "chuky"]))
        {
            return Some(Self::Serial);
        }
        is(&[
            "school",
            "truong",
            "tentruong",
            "truonghoc",
            "tentruonghoc",
            "truongcongtac",
            "donvicongtac",
            "cosogiaoduc",
            "tencosogiaoduc",
        ])
        .then_some(Self::School)
    }
}

/// Where a list's columns are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// Whole names; of several columns, the first.
    name: Option<usize>,
    family: Option<usize>,
    given: Option<usize>,
    /// With how surely each is it, the surest first.
    numbers: Vec<(u8, usize)>,
    serial: Option<usize>,
    school: Option<usize>,
    /// Columns that have a head, or stand before one that has.
    width: usize,
}

impl Columns {
    /// The columns under these heads; `None` where none of them has names.
    pub(super) fn of(heads: &csv::StringRecord) -> Option<Self> {
        let mut columns = Self::default();
        columns.add(heads);
        if columns.name.is_none() {
            match (columns.family, columns.given.take()) {
                (Some(family), given) => {
                    columns.name = Some(family);
                    columns.given = given;
                }
                // Without a column for the rest of the name, it is the whole one.
                (None, given) => columns.name = given,
            }
        } else {
            columns.given = None;
        }
        let name = columns.name?;
        // One head over two columns: spreadsheets save the second without one.
        let next = name.saturating_add(1);
        if columns.given.is_none() && heads.get(next).is_some_and(|head| head.trim().is_empty()) {
            columns.given = Some(next);
        }
        Some(columns)
    }

    /// Takes a second line of heads, under those that stand over several columns.
    pub(super) fn add_below(&mut self, heads: &csv::StringRecord) -> Below {
        let is_head = |text: &str| Head::of(text).is_some();
        let names_nobody = cell(heads, self.name).is_none_or(is_head);
        if !names_nobody || !heads.iter().any(is_head) {
            return Below::People;
        }
        self.add(heads);
        Below::Heads
    }

    fn add(&mut self, heads: &csv::StringRecord) {
        for (at, text) in heads.iter().enumerate() {
            if !text.trim().is_empty() {
                self.width = self.width.max(at.saturating_add(1));
            }
            let place = match Head::of(text) {
                None => continue,
                Some(Head::Number(sureness)) => {
                    self.numbers.push((sureness, at));
                    continue;
                }
                Some(Head::Name) => &mut self.name,
                Some(Head::Family) => &mut self.family,
                Some(Head::Given) => &mut self.given,
                Some(Head::Serial) => &mut self.serial,
                Some(Head::School) => &mut self.school,
            };
            place.get_or_insert(at);
        }
        self.numbers.sort_unstable();
    }

    /// How many of the columns are known: by which character parts columns, most are.
    pub(super) fn known(&self) -> usize {
        let places = [self.name, self.given, self.serial, self.school];
        let places = places.into_iter().flatten().count();
        places.saturating_add(self.numbers.len())
    }

    /// Whether a column has the numbers of people.
    pub(super) fn has_numbers(&self) -> bool {
        !self.numbers.is_empty()
    }

    pub(super) fn name(&self, row: &csv::StringRecord) -> String {
        let parts = [cell(row, self.name), cell(row, self.given)];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        parts.join(" ")
    }

    /// What stands under the heads of numbers, the surest first.
    pub(super) fn numbers<'r>(&self, row: &'r csv::StringRecord) -> impl Iterator<Item = &'r str> {
        let cells = self.numbers.iter();
        cells.filter_map(|(_, at)| cell(row, Some(*at)))
    }

    pub(super) fn serial<'r>(&self, row: &'r csv::StringRecord) -> Option<&'r str> {
        cell(row, self.serial)
    }

    pub(super) fn school<'r>(&self, row: &'r csv::StringRecord) -> Option<&'r str> {
        cell(row, self.school)
    }

    /// Whether something stands behind the last column that has a head.
    pub(super) fn is_overrun(&self, row: &csv::StringRecord) -> bool {
        let width = self
            .width
            .max(self.given.map_or(0, |at| at.saturating_add(1)));
        row.iter().skip(width).any(|cell| !cell.trim().is_empty())
    }
}

/// What stands below heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    Heads,
    People,
}

fn cell(row: &csv::StringRecord, at: Option<usize>) -> Option<&str> {
    let text = row.get(at?)?.trim();
    (!text.is_empty()).then_some(text)
}
