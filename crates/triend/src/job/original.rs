//! A document as it came: read so that what is hashed is what is examined and signed.
//! Does not know what is in it, nor where its hash is kept.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Deref;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use trien::MappedFile;

use super::spool::rejection_of;
use crate::rejection::{Code, Rejection};
use crate::store::ContentHash;

/// Documents up to so many octets are read, and no other program can change what was read. Larger
/// ones are mapped: memory does not grow with them, and their results are hashed once more.
const READ_OCTETS: u64 = 4 << 20;

/// Octets of a large file that are hashed at a time.
const PIECE_OCTETS: usize = 64 << 10;

/// A document and its hash.
#[derive(Debug)]
pub(super) struct Original {
    octets: Octets,
    digest: Sha256,
}

#[derive(Debug)]
enum Octets {
    Read(Vec<u8>),
    Mapped(MappedFile),
}

impl Original {
    /// The document in a file of the spool, which must be the one that came, where its hash is known.
    ///
    /// # Errors
    /// It cannot be read, or is not what came.
    pub(super) fn open(path: &Path, came: Option<ContentHash>) -> Result<Self, Rejection> {
        let octets = Octets::open(path).map_err(|error| rejection_of(&error))?;
        let digest = Sha256::new().chain_update(&*octets);
        let original = Self { octets, digest };
        match came {
            Some(came) if came != original.hash() => Err(Code::DocumentChanged.into()),
            Some(_) | None => Ok(original),
        }
    }

    /// Its hash.
    pub(super) fn hash(&self) -> ContentHash {
        ContentHash::from_octets(self.digest.clone().finalize().into())
    }

    /// The hash of it with more behind it.
    pub(super) fn hash_with(&self, appended: &[u8]) -> ContentHash {
        let digest = self.digest.clone().chain_update(appended);
        ContentHash::from_octets(digest.finalize().into())
    }

    /// Whether a file has these octets and those that were appended, and no others. What was read is
    /// compared; what is mapped may have changed along with the file, and is hashed.
    pub(super) fn is_in(&self, file: &Path, appended: &[u8]) -> io::Result<bool> {
        let mut file = File::open(file)?;
        let Octets::Read(original) = &self.octets else {
            return Ok(hash_of(&mut file)? == self.hash_with(appended));
        };
        let length = original.len().saturating_add(appended.len());
        let mut found = Vec::with_capacity(length.saturating_add(1));
        let most = u64::try_from(length).unwrap_or(u64::MAX);
        file.take(most.saturating_add(1)).read_to_end(&mut found)?;
        Ok(found.strip_prefix(original.as_slice()) == Some(appended))
    }
}

/// The hash of a file, which may be large, from where it is read.
fn hash_of(file: &mut File) -> io::Result<ContentHash> {
    let mut digest = Sha256::new();
    let mut some = vec![0; PIECE_OCTETS];
    loop {
        let read = file.read(&mut some)?;
        match some.get(..read) {
            Some([]) | None => break,
            Some(octets) => digest.update(octets),
        }
    }
    Ok(ContentHash::from_octets(digest.finalize().into()))
}

impl Octets {
    fn open(path: &Path) -> io::Result<Self> {
        // Asked before opening: opening a pipe would wait for its other end.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        if length > READ_OCTETS {
            return MappedFile::map(&file).map(Self::Mapped);
        }
        let mut octets = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.take(READ_OCTETS).read_to_end(&mut octets)?;
        Ok(Self::Read(octets))
    }
}

impl Deref for Octets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Read(octets) => octets,
            Self::Mapped(file) => file,
        }
    }
}

impl Deref for Original {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.octets
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_is_not_what_came_is_not_opened_whether_it_is_read_or_mapped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("document");
        for length in [0, 1_000, 5 << 20] {
            let came = vec![b'a'; length];
            fs::write(&path, &came).unwrap();
            let hash = ContentHash::of(&came);
            let original = Original::open(&path, Some(hash)).unwrap();
            assert_eq!((&*original, original.hash()), (came.as_slice(), hash));
            assert_eq!(Original::open(&path, None).unwrap().hash(), hash);
            let mut whole = came.clone();
            whole.extend_from_slice(b"signature");
            assert_eq!(original.hash_with(b"signature"), ContentHash::of(&whole));
            let result = folder.path().join("result");
            fs::write(&result, &whole).unwrap();
            assert!(original.is_in(&result, b"signature").unwrap());
            assert!(!original.is_in(&result, b"signaturf").unwrap());
            whole.push(b'x');
            fs::write(&result, &whole).unwrap();
            assert!(!original.is_in(&result, b"signature").unwrap());
            let other = Original::open(&path, Some(ContentHash::of(b"another")));
            assert_eq!(other.unwrap_err().code(), Code::DocumentChanged);
        }
        let missing = Original::open(&folder.path().join("nothing"), None);
        assert_eq!(missing.unwrap_err().code(), Code::DocumentUnknown);
        assert!(Original::open(folder.path(), None).is_err());
    }
}
