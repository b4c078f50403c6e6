//! A second reader beside ours: lopdf, which other people wrote from the same standard. Both read
//! every file of the corpus and our own structures, and give the same objects in the newest
//! revision: types, keys, numbers, strings, references and the octets of streams. Where they do
//! not, the difference is one of the kinds in [`Reason`], or a test fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use lopdf::xref::XrefRecovery;
use trien_pdf::{
    Dictionary, Document, Expected, Object, ObjectId, Placement, ReadError, ReadErrorKind,
    XrefEntry,
};
use trien_types::Limits;

use crate::maker::seeds;

/// Why the two readers differ, each time by a decision of ours or a habit of lopdf's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// The cross-references are damaged. lopdf searches the file for objects, or for a section
    /// near the offset named; we rebuild nothing (ATTACKS.md, ground rule 7).
    CrossReferencesRebuilt,
    /// Encrypted: lopdf deciphers with an empty password, or gives nothing. We show what stands
    /// in the file, which is all that a signature covers.
    Encrypted,
    /// A trailer has `/Encrypt null`, which is no entry at all (ISO 32000-2, 7.3.9). lopdf takes
    /// the file for encrypted and gives nothing.
    EncryptIsNull,
    /// The last startxref has no `%%EOF` behind it. lopdf falls back to the one before; to us
    /// what was appended is there, unfinished.
    RevisionUnfinished,
    /// Another entry leads to this object's header. lopdf believes the number at the place, so
    /// that an update of object 9 replaces object 1; to us the entry for 9 is wrong.
    NumberAtPlace,
    /// The object stream does not hold the object where the entry says, or fewer objects than it
    /// says. lopdf looks for the number in the stream instead.
    ObjectStreamDamaged,
    /// No `endstream` behind /Length. lopdf searches for one, or gives up the object; to us the
    /// stream has no data.
    LengthWrong,
    /// More than one line end stands between the end of /Length and `endstream`. lopdf takes all
    /// but the last for data; to us /Length says where data end.
    LineEndsBehindData,
}

#[derive(Debug, Default)]
struct Comparison {
    /// Objects that both readers give, the same.
    agreed: usize,
    explained: BTreeMap<Reason, usize>,
    /// Differences for which there is no reason.
    unexplained: Vec<String>,
}

impl Comparison {
    fn differ(&mut self, reason: Option<Reason>, what: impl FnOnce() -> String) {
        match reason {
            Some(reason) => *self.explained.entry(reason).or_default() += 1,
            None => self.unexplained.push(what().chars().take(400).collect()),
        }
    }

    /// Reads one file twice and compares.
    fn file(&mut self, name: &str, bytes: &[u8]) {
        let limits = Limits::default();
        let pair = (
            Document::open(bytes, &limits),
            lopdf::Document::load_mem(bytes),
        );
        match pair {
            (Ok(document), Ok(theirs)) => Pair {
                bytes,
                document,
                theirs,
            }
            .compare(name, self),
            (Ok(_), Err(error)) => self.differ(None, || format!("{name}: lopdf: {error}")),
            (Err(error), Ok(theirs)) => {
                let rebuilt = theirs.xref_recovery.is_some();
                self.differ(rebuilt.then_some(Reason::CrossReferencesRebuilt), || {
                    format!("{name}: ours: {error}")
                });
            }
            // Neither reads it: they agree.
            (Err(_), Err(_)) => {}
        }
    }
}

/// One file under both readers.
struct Pair<'a> {
    bytes: &'a [u8],
    document: Document<'a>,
    theirs: lopdf::Document,
}

impl Pair<'_> {
    fn compare(&self, name: &str, comparison: &mut Comparison) {
        let whole = self.reason_of_file();
        for key in ["Root", "Info", "ID"] {
            let ours = self.document.trailer(self.document.latest()).get(key);
            let theirs = self.theirs.trailer.get(key.as_bytes()).ok();
            let same = match (ours, theirs) {
                (Some(ours), Some(theirs)) => self.same(ours, theirs).is_ok(),
                // A rebuilt trailer names the catalog alone.
                (ours, theirs) => ours.is_none() == theirs.is_none(),
            };
            if !same {
                comparison.differ(whole, || format!("{name}: trailer /{key} {theirs:?}"));
            }
        }
        let (ids, displaced) = self.ids();
        for id in ids {
            let ours = self.document.object(id, self.document.latest());
            let theirs = self.theirs.objects.get(&(id.number, id.generation));
            let difference = match (&ours, theirs) {
                (Err(_), None) => continue,
                (Ok(ours), None) if ours.object == Object::Null => continue,
                (Ok(ours), None) => self.lopdf_has_none(&ours.object),
                (Err(error), Some(_)) => Difference::OursRefused {
                    error: error.clone(),
                    in_stream: self.is_in_stream(id),
                },
                (Ok(ours), Some(theirs)) => match self.same(&ours.object, theirs) {
                    Ok(()) => {
                        comparison.agreed += 1;
                        continue;
                    }
                    Err(difference) => difference,
                },
            };
            let reason = whole.or_else(|| match &difference {
                Difference::Other(_) if displaced.contains(&id) => Some(Reason::NumberAtPlace),
                difference => difference.reason(),
            });
            comparison.differ(reason, || format!("{name}: {id}: {difference}"));
        }
    }

    /// Why anything in this file may differ.
    fn reason_of_file(&self) -> Option<Reason> {
        let document = &self.document;
        let mut trailers = document
            .revisions()
            .map(|revision| document.trailer(revision));
        if document.is_encrypted() {
            return Some(Reason::Encrypted);
        }
        if trailers.any(|trailer| trailer.get("Encrypt") == Some(&Object::Null)) {
            return Some(Reason::EncryptIsNull);
        }
        if document.revision_end(document.latest()).is_none() {
            return Some(Reason::RevisionUnfinished);
        }
        // Offsets that were corrected by a few octets give the same objects: no reason.
        (self.theirs.xref_recovery == Some(XrefRecovery::Reconstructed))
            .then_some(Reason::CrossReferencesRebuilt)
    }

    /// Every object that either reader knows, and those whose header another entry leads to.
    fn ids(&self) -> (BTreeSet<ObjectId>, BTreeSet<ObjectId>) {
        let known = self.theirs.objects.keys();
        let mut ids: BTreeSet<ObjectId> = known
            .map(|(number, generation)| ObjectId::new(*number, *generation))
            .collect();
        let mut displaced = BTreeSet::new();
        let largest = ids.last().map_or(0, |id| id.number);
        let sizes = self.document.revisions().filter_map(|revision| {
            let size = self.document.trailer(revision).get("Size")?.as_usize()?;
            u32::try_from(size).ok()
        });
        let size = sizes.max().unwrap_or_default().min(MOST_NUMBERS);
        for number in 0..=largest.max(size) {
            let entry = self.document.entry(number, self.document.latest());
            match entry {
                Ok((XrefEntry::InFile { offset, generation }, _)) => {
                    ids.insert(ObjectId::new(number, generation));
                    let found = self.header_at(offset + self.document.header_offset());
                    displaced.extend(found.filter(|found| found.number != number));
                }
                Ok((XrefEntry::InStream { .. }, _)) => {
                    ids.insert(ObjectId::new(number, 0));
                }
                _ => {}
            }
        }
        (ids, displaced)
    }

    fn is_in_stream(&self, id: ObjectId) -> bool {
        let entry = self.document.entry(id.number, self.document.latest());
        matches!(entry, Ok((XrefEntry::InStream { .. }, _)))
    }

    fn lopdf_has_none(&self, ours: &Object) -> Difference {
        let latest = self.document.latest();
        match ours.as_stream() {
            Some(stream) if self.document.encoded(stream, latest).is_err() => {
                Difference::NoEndStream
            }
            _ => Difference::Other(format!("lopdf has no {ours:?}")),
        }
    }

    /// The object whose header stands at an offset.
    fn header_at(&self, offset: usize) -> Option<ObjectId> {
        let rest = self.bytes.get(offset..)?;
        let text = String::from_utf8_lossy(&rest[..rest.len().min(32)]).into_owned();
        let mut words = text.split_ascii_whitespace();
        let (number, generation) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let id = ObjectId::new(number, generation);
        words.next()?.starts_with("obj").then_some(id)
    }

    fn same(&self, ours: &Object, theirs: &lopdf::Object) -> Result<(), Difference> {
        use lopdf::Object as Theirs;
        let equal = match (ours, theirs) {
            (Object::Null, Theirs::Null) => true,
            (Object::Boolean(ours), Theirs::Boolean(theirs)) => ours == theirs,
            (Object::Integer(ours), Theirs::Integer(theirs)) => ours == theirs,
            // lopdf keeps 24 bits of a number.
            (Object::Real(ours), Theirs::Real(theirs)) => {
                (ours - f64::from(*theirs)).abs() <= ours.abs() * f64::from(f32::EPSILON)
            }
            (Object::Name(ours), Theirs::Name(theirs)) => ours.as_octets() == theirs,
            (Object::String(ours), Theirs::String(theirs, _)) => ours.octets == *theirs,
            (Object::Reference(ours), Theirs::Reference(theirs)) => {
                (ours.number, ours.generation) == *theirs
            }
            (Object::Array(ours), Theirs::Array(theirs)) => {
                for (ours, theirs) in ours.iter().zip(theirs) {
                    self.same(ours, theirs)?;
                }
                ours.len() == theirs.len()
            }
            (Object::Dictionary(ours), Theirs::Dictionary(theirs)) => {
                return self.same_entries(ours, theirs);
            }
            (Object::Stream(ours), Theirs::Stream(theirs)) => {
                // lopdf writes the length of what it found over /Length.
                let mut dictionary = ours.dictionary.clone();
                let length = i64::try_from(theirs.content.len()).unwrap();
                dictionary.set("Length", Object::Integer(length));
                self.same_entries(&dictionary, &theirs.dict)?;
                match self.document.encoded(ours, self.document.latest()) {
                    Ok(data) if data == theirs.content => true,
                    Ok(data) => return Err(Difference::of_data(data, &theirs.content)),
                    Err(_) => return Err(Difference::NoEndStream),
                }
            }
            _ => false,
        };
        equal
            .then_some(())
            .ok_or_else(|| Difference::Other(format!("{ours:?} {theirs:?}")))
    }

    fn same_entries(
        &self,
        ours: &Dictionary,
        theirs: &lopdf::Dictionary,
    ) -> Result<(), Difference> {
        let keys: BTreeSet<&[u8]> = ours.entries().iter().map(|e| e.key.as_octets()).collect();
        let their_keys: BTreeSet<&[u8]> = theirs.iter().map(|(key, _)| key.as_slice()).collect();
        if keys != their_keys {
            return Err(Difference::Other(format!("{keys:?} {their_keys:?}")));
        }
        // Of doubled keys both take the last.
        let last: BTreeMap<&[u8], &Object> = ours
            .entries()
            .iter()
            .map(|entry| (entry.key.as_octets(), &entry.value))
            .collect();
        for (key, value) in last {
            self.same(value, theirs.get(key).unwrap())?;
        }
        Ok(())
    }
}

/// Numbers that are looked up in one file: no file of the corpus has half as many.
const MOST_NUMBERS: u32 = 50_000;

#[derive(Debug)]
enum Difference {
    OursRefused {
        error: ReadError,
        /// By its entry the object stands in an object stream.
        in_stream: bool,
    },
    NoEndStream,
    LineEnds,
    Other(String),
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OursRefused { error, in_stream } => {
                write!(formatter, "{error}, in an object stream: {in_stream}")
            }
            Self::NoEndStream => formatter.write_str("no endstream behind /Length"),
            Self::LineEnds => formatter.write_str("line ends behind the data"),
            Self::Other(what) => formatter.write_str(what),
        }
    }
}

impl Difference {
    fn of_data(ours: &[u8], theirs: &[u8]) -> Self {
        match theirs.strip_prefix(ours) {
            Some(more) if more.iter().all(|octet| b"\r\n".contains(octet)) => Self::LineEnds,
            _ => Self::Other(format!(
                "a stream of {} and {} octets",
                ours.len(),
                theirs.len()
            )),
        }
    }

    fn reason(&self) -> Option<Reason> {
        match self {
            Self::NoEndStream => Some(Reason::LengthWrong),
            Self::LineEnds => Some(Reason::LineEndsBehindData),
            Self::OursRefused { error, in_stream } => {
                let damaged = matches!(
                    error.kind,
                    ReadErrorKind::ObjectNotInStream(_)
                        | ReadErrorKind::Unexpected(Expected::ObjectHeader)
                );
                (*in_stream && damaged).then_some(Reason::ObjectStreamDamaged)
            }
            Self::Other(_) => None,
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            files.push(path);
        }
    }
}

#[test]
fn a_second_reader_gives_the_same_objects_for_every_file_of_the_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !folder.is_dir() {
        eprintln!("SKIPPED corpus: no ../shared/corpus beside the repository");
        return;
    }
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let mut comparison = Comparison::default();
    for path in &files {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        comparison.file(&name, &std::fs::read(path).unwrap());
    }
    assert!(
        comparison.unexplained.is_empty(),
        "{}",
        comparison.unexplained.join("\n")
    );
    // Most of it is compared, and no reason is there for nothing.
    assert!(comparison.agreed > 36 * files.len(), "{comparison:?}");
    let seen: Vec<Reason> = comparison.explained.into_keys().collect();
    assert_eq!(
        seen,
        [
            Reason::CrossReferencesRebuilt,
            Reason::Encrypted,
            Reason::EncryptIsNull,
            Reason::RevisionUnfinished,
            Reason::NumberAtPlace,
            Reason::ObjectStreamDamaged,
            Reason::LengthWrong,
            Reason::LineEndsBehindData,
        ]
    );
}

#[test]
fn a_second_reader_gives_the_same_objects_for_every_structure_before_and_after_we_sign() {
    let mut comparison = Comparison::default();
    for (number, file) in seeds().into_iter().enumerate() {
        comparison.file(&format!("structure {number}"), &file);
        let document = Document::open(&file, &Limits::default()).unwrap();
        let room = NonZeroUsize::new(64).unwrap();
        let placement = Placement::invisible("Moi");
        let appended = document.place(&placement, room).unwrap();
        let mut signed = file.clone();
        signed.extend(appended.complete(b"\x30\x00").unwrap());
        comparison.file(&format!("structure {number}, signed"), &signed);
    }
    assert!(
        comparison.unexplained.is_empty(),
        "{}",
        comparison.unexplained.join("\n")
    );
    // Not one excuse, and every structure is compared.
    assert!(comparison.explained.is_empty(), "{comparison:?}");
    assert!(comparison.agreed > 100, "{comparison:?}");
}
