//! Whether a zip archive is what its directory says: every octet before the directory belongs to
//! one entry that the directory names, and both headers of an entry say the same. Of any other
//! archive, programs that read the directory and programs that read from the front see different
//! files. So do those that take the names of extra fields and those that do not. Knows the records
//! of APPNOTE 4.3 and unpacks nothing.

use std::cell::RefCell;

use super::reading::ReadFile;

/// Flags of an entry that are the same in both headers: encrypted; sizes after the data.
const FLAGS: u16 = ENCRYPTED | DESCRIPTOR;
const ENCRYPTED: u16 = 1;
/// The data descriptor follows the data (APPNOTE 4.4.4, bit 3).
const DESCRIPTOR: u16 = 1 << 3;
/// The method of data that are not packed (APPNOTE 4.4.5).
const STORED: u16 = 0;
/// What nothing is packed to, at most: an empty block of Deflate takes two octets.
const NOTHING_PACKED: u64 = 2;

/// Extra fields (APPNOTE 4.5.3, 4.6.9).
const LONG_VALUES: u16 = 1;
const UNICODE_PATH: u16 = 0x7075;

/// Where the directory stands, and how many entries it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) start: u64,
    pub(super) entries: usize,
}

/// The directory of an archive that is consistent as a whole; `None` for any other one, and for
/// one of more entries than the bound.
pub(super) fn directory(file: &ReadFile, most: usize) -> Option<Directory> {
    let zip = Zip::of(file);
    let (start, end, stated) = zip.ends()?;
    if stated > most {
        return None;
    }
    let mut entries = Vec::new();
    let mut at = start;
    for _ in 0..stated {
        let (entry, next) = zip.central(at)?;
        if next > end {
            return None;
        }
        entries.push(entry);
        at = next;
    }
    if at != end {
        return None;
    }
    entries.sort_unstable_by_key(|entry| entry.local);
    let next = entries.iter().skip(1).map(|entry| entry.local);
    let mut at = 0;
    for (entry, next) in entries.iter().zip(next.chain([start])) {
        if entry.local != at {
            return None;
        }
        zip.is_entry(entry, next)?;
        at = next;
    }
    (at == start).then_some(Directory {
        start: u64::try_from(start).ok()?,
        entries: stated,
    })
}

/// What the directory says of an entry.
struct Entry {
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u64,
    unpacked: u64,
    name: Vec<u8>,
    local: usize,
}

struct Zip {
    file: RefCell<ReadFile>,
    length: usize,
}

impl Zip {
    fn of(file: &ReadFile) -> Self {
        Self {
            file: RefCell::new(file.clone()),
            length: usize::try_from(file.length()).unwrap_or(usize::MAX),
        }
    }

    fn part(&self, at: usize, length: usize) -> Option<Vec<u8>> {
        self.file
            .try_borrow_mut()
            .ok()?
            .part(u64::try_from(at).ok()?, length)
    }

    fn array<const N: usize>(&self, at: usize, offset: usize) -> Option<[u8; N]> {
        let at = u64::try_from(at.checked_add(offset)?).ok()?;
        self.file.try_borrow_mut().ok()?.array(at)
    }

    fn u16(&self, at: usize, offset: usize) -> Option<u16> {
        self.array(at, offset).map(u16::from_le_bytes)
    }

    fn u32(&self, at: usize, offset: usize) -> Option<u32> {
        self.array(at, offset).map(u32::from_le_bytes)
    }

    fn u64(&self, at: usize, offset: usize) -> Option<u64> {
        self.array(at, offset).map(u64::from_le_bytes)
    }

    fn length(&self, at: usize, offset: usize) -> Option<usize> {
        self.u16(at, offset).map(usize::from)
    }

    fn is_signed(&self, at: usize, signature: [u8; 4]) -> Option<()> {
        (self.array(at, 0)? == signature).then_some(())
    }

    /// Begin and end of the directory, and its entries as stated (APPNOTE 4.3.14 to 4.3.16).
    fn ends(&self) -> Option<(usize, usize, usize)> {
        const COMMENT_AT_MOST: usize = 0xFFFF;
        let tail = self.length.saturating_sub(22 + COMMENT_AT_MOST);
        let last = self.part(tail, self.length.checked_sub(tail)?)?;
        let end = memchr::memmem::rfind(&last, b"PK\x05\x06")?.checked_add(tail)?;
        let comment = self.length(end, 20)?;
        if end.checked_add(22)?.checked_add(comment)? != self.length {
            return None;
        }
        let stated = [
            (u64::from(self.u16(end, 4)?), 0xFFFF),
            (u64::from(self.u16(end, 6)?), 0xFFFF),
            (u64::from(self.u16(end, 8)?), 0xFFFF),
            (u64::from(self.u16(end, 10)?), 0xFFFF),
            (u64::from(self.u32(end, 12)?), 0xFFFF_FFFF),
            (u64::from(self.u32(end, 16)?), 0xFFFF_FFFF),
        ];
        let mut values = stated.map(|(value, _)| value);
        let mut directory_end = end;
        let locator = end
            .checked_sub(20)
            .filter(|locator| self.is_signed(*locator, *b"PK\x06\x07").is_some());
        if let Some(locator) = locator {
            let long = usize::try_from(self.u64(locator, 8)?).ok()?;
            self.is_signed(long, *b"PK\x06\x06")?;
            let length = usize::try_from(self.u64(long, 4)?).ok()?;
            // One disk; and nothing between the record and what leads to it.
            let is_one = self.u32(locator, 4)? == 0 && self.u32(locator, 16)? <= 1;
            if !is_one || length < 44 || long.checked_add(12)?.checked_add(length)? != locator {
                return None;
            }
            values = [
                u64::from(self.u32(long, 16)?),
                u64::from(self.u32(long, 20)?),
                self.u64(long, 24)?,
                self.u64(long, 32)?,
                self.u64(long, 40)?,
                self.u64(long, 48)?,
            ];
            let agree =
                |((short, unknown), value): (&(u64, u64), &u64)| short == value || short == unknown;
            if !stated.iter().zip(&values).all(agree) {
                return None;
            }
            directory_end = long;
        }
        let [disk, first_disk, here, entries, length, start] = values;
        if disk != 0 || first_disk != 0 || here != entries {
            return None;
        }
        let start = usize::try_from(start).ok()?;
        let is_whole = start.checked_add(usize::try_from(length).ok()?)? == directory_end;
        is_whole.then_some((start, directory_end, usize::try_from(entries).ok()?))
    }

    /// An entry of the directory (APPNOTE 4.3.12), and where the next one begins.
    fn central(&self, at: usize) -> Option<(Entry, usize)> {
        self.is_signed(at, *b"PK\x01\x02")?;
        let name_at = at.checked_add(46)?;
        let name = self.part(name_at, self.length(at, 28)?)?;
        let extra_at = name_at.checked_add(name.len())?;
        let extra = self.part(extra_at, self.length(at, 30)?)?;
        let next = extra_at
            .checked_add(extra.len())?
            .checked_add(self.length(at, 32)?)?;
        if name.is_empty() || name.contains(&0) || self.u16(at, 34)? != 0 {
            return None;
        }
        has_no_other_name(&extra, &name)?;
        let [unpacked, packed, local] = long_values(
            &extra,
            [self.u32(at, 24)?, self.u32(at, 20)?, self.u32(at, 42)?],
        )?;
        let entry = Entry {
            flags: self.u16(at, 8)?,
            method: self.u16(at, 10)?,
            checksum: self.u32(at, 16)?,
            packed,
            unpacked,
            name,
            local: usize::try_from(local).ok()?,
        };
        // A folder holds nothing itself; and what is not packed is as long as it stands there.
        let is_folder = entry.name.ends_with(b"/");
        let holds = entry.unpacked != 0 || entry.packed > NOTHING_PACKED;
        let is_plain = entry.method == STORED && entry.flags & ENCRYPTED == 0;
        if (is_folder && holds) || (is_plain && entry.packed != entry.unpacked) {
            return None;
        }
        Some((entry, next))
    }

    /// `None` unless the entry's own header (APPNOTE 4.3.7) says what the directory says, and its
    /// data and their descriptor (4.3.9) end where the next one begins.
    fn is_entry(&self, entry: &Entry, next: usize) -> Option<()> {
        let at = entry.local;
        self.is_signed(at, *b"PK\x03\x04")?;
        let name_at = at.checked_add(30)?;
        let name = self.part(name_at, self.length(at, 26)?)?;
        let extra_at = name_at.checked_add(name.len())?;
        let extra = self.part(extra_at, self.length(at, 28)?)?;
        let is_same = name == entry.name
            && self.u16(at, 6)? & FLAGS == entry.flags & FLAGS
            && self.u16(at, 8)? == entry.method;
        if !is_same {
            return None;
        }
        has_no_other_name(&extra, &name)?;
        let checksum = self.u32(at, 14)?;
        let [unpacked, packed] = long_values(&extra, [self.u32(at, 22)?, self.u32(at, 18)?])?;
        let has_descriptor = entry.flags & DESCRIPTOR != 0;
        let agrees = |local: u64, central: u64| local == central || (has_descriptor && local == 0);
        if !(agrees(checksum.into(), entry.checksum.into())
            && agrees(unpacked, entry.unpacked)
            && agrees(packed, entry.packed))
        {
            return None;
        }
        let end = extra_at
            .checked_add(extra.len())?
            .checked_add(usize::try_from(entry.packed).ok()?)?;
        let gap = next.checked_sub(end)?;
        let is_whole = if has_descriptor {
            self.is_descriptor(end, gap, entry)?
        } else {
            gap == 0
        };
        is_whole.then_some(())
    }

    /// Whether octets are the descriptor of an entry: with a signature or without, its sizes in
    /// four octets or eight.
    fn is_descriptor(&self, at: usize, length: usize, entry: &Entry) -> Option<bool> {
        let signature = match length {
            // Some leave it out where there are no data.
            0 => return Some(entry.packed == 0 && entry.unpacked == 0 && entry.checksum == 0),
            12 | 20 => 0,
            16 | 24 => {
                self.is_signed(at, *b"PK\x07\x08")?;
                4
            }
            _ => return Some(false),
        };
        let at = at.checked_add(signature)?;
        let sizes = if length < 20 {
            [u64::from(self.u32(at, 4)?), u64::from(self.u32(at, 8)?)]
        } else {
            [self.u64(at, 4)?, self.u64(at, 12)?]
        };
        Some(self.u32(at, 0)? == entry.checksum && sizes == [entry.packed, entry.unpacked])
    }
}

/// The content of the extra field of a kind (APPNOTE 4.5.1). `None` outside where it comes twice, or
/// a field is cut off; fewer octets than a field begins with are the padding of some writers.
fn extra_field(extra: &[u8], wanted: u16) -> Option<Option<&[u8]>> {
    let (mut rest, mut field) = (extra, None);
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let [id, id_high, length, length_high] = *head;
        let length = usize::from(u16::from_le_bytes([length, length_high]));
        let (content, after) = after.split_at_checked(length)?;
        if u16::from_le_bytes([id, id_high]) == wanted && field.replace(content).is_some() {
            return None;
        }
        rest = after;
    }
    Some(field)
}

/// `None` where an extra field gives an entry another name: programs that know the field and those
/// that do not see different files, whether its checksum holds or not.
fn has_no_other_name(extra: &[u8], name: &[u8]) -> Option<()> {
    /// A version and a checksum of the name in the header stand before the name.
    const BEFORE: usize = 5;
    match extra_field(extra, UNICODE_PATH)? {
        None => Some(()),
        Some(field) => (field.get(BEFORE..)? == name).then_some(()),
    }
}

/// Values of four octets, those too large for them taken from the extra field for that (APPNOTE
/// 4.5.3). `None` where that field comes twice or is cut off.
fn long_values<const N: usize>(extra: &[u8], values: [u32; N]) -> Option<[u64; N]> {
    let mut long = values.map(u64::from);
    if !values.contains(&u32::MAX) {
        return Some(long);
    }
    let Some(mut field) = extra_field(extra, LONG_VALUES)? else {
        return Some(long);
    };
    for (long, value) in long.iter_mut().zip(values) {
        if value == u32::MAX {
            let (octets, after) = field.split_first_chunk::<8>()?;
            *long = u64::from_le_bytes(*octets);
            field = after;
        }
    }
    Some(long)
}

#[cfg(test)]
mod tests;
