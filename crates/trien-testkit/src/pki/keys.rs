//! Keys of the test PKI: generated once, cached in a folder that is never committed.
//! Knows nothing of certificates.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;

use super::{KeyKind, PkiError, PkiStep};

/// Octets of a key file: RSA-4096 in PEM has 3.3 kB.
const KEY_FILE_OCTETS: u64 = 64 * 1024;

/// A folder of PEM files, one per key. Processes may share it.
#[derive(Debug, Clone)]
pub(super) struct KeyCache {
    folder: PathBuf,
}

impl KeyCache {
    pub(super) fn open(folder: &Path) -> Result<Self, PkiError> {
        fs::create_dir_all(folder).map_err(PkiError::at(folder))?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// The key of this name and kind; the same one whichever process generated it first.
    pub(super) fn key(&self, name: &str, kind: KeyKind) -> Result<PKey<Private>, PkiError> {
        let path = self.folder.join(format!("{name}.{}.pem", kind.name()));
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        let key = generate(kind).map_err(PkiError::during(PkiStep::GenerateKey))?;
        let pem = key
            .private_key_to_pem_pkcs8()
            .map_err(PkiError::during(PkiStep::Encode))?;
        let mut file =
            tempfile::NamedTempFile::new_in(&self.folder).map_err(PkiError::at(&self.folder))?;
        file.write_all(&pem).map_err(PkiError::at(file.path()))?;
        match file.persist_noclobber(&path) {
            Ok(_) => Ok(key),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                read(&path)?.ok_or(PkiError::File {
                    path,
                    source: error.error,
                })
            }
            Err(error) => Err(PkiError::File {
                path,
                source: error.error,
            }),
        }
    }
}

fn read(path: &Path) -> Result<Option<PKey<Private>>, PkiError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(PkiError::at(path)(error)),
    };
    let mut pem = Vec::new();
    file.take(KEY_FILE_OCTETS)
        .read_to_end(&mut pem)
        .map_err(PkiError::at(path))?;
    PKey::private_key_from_pem(&pem)
        .map(Some)
        .map_err(PkiError::during(PkiStep::ReadKey))
}

fn generate(kind: KeyKind) -> Result<PKey<Private>, ErrorStack> {
    match kind {
        KeyKind::Ed25519 => PKey::generate_ed25519(),
        KeyKind::Ed448 => PKey::generate_ed448(),
        KeyKind::P256 => elliptic(Nid::X9_62_PRIME256V1),
        KeyKind::P384 => elliptic(Nid::SECP384R1),
        KeyKind::P521 => elliptic(Nid::SECP521R1),
        KeyKind::Rsa2048 => PKey::from_rsa(Rsa::generate(2048)?),
        KeyKind::Rsa3072 => PKey::from_rsa(Rsa::generate(3072)?),
        KeyKind::Rsa4096 => PKey::from_rsa(Rsa::generate(4096)?),
    }
}

fn elliptic(curve: Nid) -> Result<PKey<Private>, ErrorStack> {
    let group = EcGroup::from_curve_name(curve)?;
    PKey::from_ec_key(EcKey::generate(&group)?)
}
