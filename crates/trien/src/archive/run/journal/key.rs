//! The secret that tells a user's own journals from any that was carried in: HMAC-SHA256 (RFC 2104,
//! FIPS 198-1) under a random key that stays in the user's folder.
//!
//! Knows nothing of what stands in a journal.

use std::fmt;
use std::fs::{DirBuilder, File};
use std::io::{Read, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use super::JournalError;

/// As many random octets as no search finds, and as long as what HMAC-SHA256 gives.
const OCTETS: usize = 32;

/// What SHA-256 digests at a time.
const BLOCK_OCTETS: usize = 64;

/// The name of the key's file.
const FILE: &str = "journal.key";

/// What binds one octet string: HMAC-SHA256.
pub(super) type Seal = [u8; OCTETS];

/// The key of a user's journals. Neither printed nor written anywhere but in its file.
#[derive(Clone, ZeroizeOnDrop)]
pub struct JournalKey([u8; OCTETS]);

impl JournalKey {
    /// A new one.
    ///
    /// # Errors
    /// The operating system gives no random octets.
    pub fn random() -> Result<Self, JournalError> {
        let mut octets = [0; OCTETS];
        getrandom::fill(&mut octets).map_err(|_| JournalError::NoRandomness)?;
        Ok(Self(octets))
    }

    /// The key that is kept in a folder of the user's own; the folder and the key are made when they
    /// are not there. On Unix the key is readable by its owner alone.
    ///
    /// # Errors
    /// It cannot be read or made, others may read it, or the file holds something else.
    pub fn kept_in(folder: &Path) -> Result<Self, JournalError> {
        let path = folder.join(FILE);
        let failed = |error| JournalError::Key(path.clone(), error);
        match Self::read(&path) {
            Err(JournalError::Key(_, error)) if error.kind() == std::io::ErrorKind::NotFound => {}
            read => return read,
        }
        let mut folders = DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
        folders.create(folder).map_err(failed)?;
        // Whole under its name or not there: of two runs that begin at once, one makes it. The
        // file for it is readable by its owner alone from the start.
        let key = Self::random()?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(&key.0).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        match file.persist_noclobber(&path) {
            Ok(_) => Ok(key),
            Err(lost) if lost.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Self::read(&path)
            }
            Err(lost) => Err(failed(lost.error)),
        }
    }

    fn read(path: &Path) -> Result<Self, JournalError> {
        let failed = |error| JournalError::Key(path.to_owned(), error);
        let file = File::open(path).map_err(failed)?;
        if !is_own(&file, 0o077).map_err(failed)? {
            return Err(JournalError::KeyExposed(path.to_owned()));
        }
        let mut read = Zeroizing::new(Vec::with_capacity(OCTETS.saturating_add(1)));
        let most = u64::try_from(OCTETS).unwrap_or(u64::MAX).saturating_add(1);
        file.take(most).read_to_end(&mut read).map_err(failed)?;
        let malformed = |_| JournalError::KeyMalformed(path.to_owned());
        let mut octets: [u8; OCTETS] = read.as_slice().try_into().map_err(malformed)?;
        let key = Self(octets);
        octets.zeroize();
        Ok(key)
    }

    /// What binds `parts` in this order. Each but the last has a fixed length at every place that
    /// calls, so that nothing reads as two.
    pub(super) fn seal(&self, parts: &[&[u8]]) -> Seal {
        self.mac(parts).finalize().into_bytes().into()
    }

    /// Whether `seal` binds `parts`, in time that does not depend on where they differ.
    pub(super) fn is_sealed(&self, parts: &[&[u8]], seal: &[u8]) -> bool {
        self.mac(parts).verify_slice(seal).is_ok()
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        // A shorter key counts as if it were filled up with zeros (RFC 2104, 2).
        let mut block = Zeroizing::new([0; BLOCK_OCTETS]);
        for (filled, octet) in block.iter_mut().zip(self.0) {
            *filled = octet;
        }
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for JournalKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JournalKey(..)")
    }
}

/// Whether a file is this user's, and none of the bits `closed` is open to others. Where files have
/// no such bits, the folder they stand in is what protects them.
#[cfg(unix)]
pub(super) fn is_own(file: &File, closed: u32) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = file.metadata()?;
    let user = rustix::process::geteuid().as_raw();
    Ok(metadata.uid() == user && metadata.mode() & closed == 0)
}

#[cfg(not(unix))]
pub(super) fn is_own(_: &File, _: u32) -> std::io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_are_those_of_rfc_4231() {
        // Test case 2 has a key of four octets; padded with zeros it is the same key for HMAC.
        let mut octets = [0; OCTETS];
        octets[..4].copy_from_slice(b"Jefe");
        let key = JournalKey(octets);
        let seal = key.seal(&[b"what do ya want ", b"for nothing?"]);
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(trien_types::encode_hex(&seal), known);
        assert!(key.is_sealed(&[b"what do ya want for nothing?"], &seal));
        assert!(!key.is_sealed(&[b"what do ya want for nothing"], &seal));
        assert!(!key.is_sealed(&[b"what do ya want for nothing?"], &seal[..31]));
    }

    #[test]
    fn a_key_is_made_once_and_is_its_owner_s_alone() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b");
        let made = JournalKey::kept_in(&place).unwrap();
        assert_eq!(made.0, JournalKey::kept_in(&place).unwrap().0);
        assert_ne!(made.0, JournalKey::random().unwrap().0);
        assert_eq!(format!("{made:?}"), "JournalKey(..)");
        let file = place.join(FILE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |mode| std::fs::set_permissions(&file, PermissionsExt::from_mode(mode));
            assert_eq!(
                std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
            mode(0o640).unwrap();
            assert!(matches!(
                JournalKey::kept_in(&place),
                Err(JournalError::KeyExposed(_))
            ));
            mode(0o600).unwrap();
        }
        for length in [0, 31, 33] {
            std::fs::write(&file, vec![7; length]).unwrap();
            assert!(matches!(
                JournalKey::kept_in(&place),
                Err(JournalError::KeyMalformed(_))
            ));
        }
    }
}
