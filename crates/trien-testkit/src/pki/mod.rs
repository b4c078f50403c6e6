//! The declared test PKI: two roots, two issuing authorities, the people of one school, its seal,
//! time-stamping authorities and OCSP responders.
//!
//! Keys are generated and cached under a folder the caller names (below `target`), certificates are
//! issued anew each time: they depend on the keys, the table and the settings alone, never on the
//! clock. Knows nothing of PDF, tokens or servers.

mod error;
mod identity;
mod issue;
mod keys;
mod plan;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use trien_types::UnixTime;

pub use error::{PkiError, PkiStep};
pub use identity::Identity;
pub use plan::{
    CertificatePlan, CertificatePurpose, KeyKind, Pointers, Role, SubjectAttribute, Validity,
};

pub(crate) use issue::digest_for;

use issue::Issuer;
use keys::KeyCache;

/// 2020-01-01T00:00:00Z
const ROOTS_FROM: UnixTime = UnixTime::from_seconds(1_577_836_800);
/// 2050-01-01T00:00:00Z
const ROOTS_UNTIL: UnixTime = UnixTime::from_seconds(2_524_608_000);
/// 2021-01-01T00:00:00Z
const AUTHORITIES_FROM: UnixTime = UnixTime::from_seconds(1_609_459_200);
/// 2045-01-01T00:00:00Z
const AUTHORITIES_UNTIL: UnixTime = UnixTime::from_seconds(2_366_841_600);
/// 2025-08-31T17:00:00Z, the first of September in Vietnam
const LEAVES_FROM: UnixTime = UnixTime::from_seconds(1_756_659_600);
/// 2030-08-31T17:00:00Z: 60 months, as VGCA issues
const LEAVES_UNTIL: UnixTime = UnixTime::from_seconds(1_914_426_000);

/// Where the services of the authorities are, as the certificates point to them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Services {
    /// Certificates carry no pointer.
    Absent,
    /// At `{base}/crl/{label}.crl`, `{base}/ocsp/{label}` and `{base}/issuer/{label}.cer`, where
    /// the label is the issuer's [`Role::label`]. Roots offer lists only, authorities both.
    At(String),
    /// The same paths, each kind of service on a server of its own.
    Each {
        /// Base of the revocation lists.
        crl: String,
        /// Base of the responders.
        ocsp: String,
        /// Base of the issuers' certificates.
        issuer_certificate: String,
    },
}

/// When certificates are valid and where their services are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PkiSettings {
    /// Validity of the roots.
    pub roots: Validity,
    /// Validity of the issuing authorities.
    pub authorities: Validity,
    /// Validity of people, seals, time-stamping authorities and responders.
    pub leaves: Validity,
    /// Pointers to services.
    pub services: Services,
}

impl Default for PkiSettings {
    fn default() -> Self {
        Self {
            roots: Validity::new(ROOTS_FROM, ROOTS_UNTIL),
            authorities: Validity::new(AUTHORITIES_FROM, AUTHORITIES_UNTIL),
            leaves: Validity::new(LEAVES_FROM, LEAVES_UNTIL),
            services: Services::Absent,
        }
    }
}

impl PkiSettings {
    /// The default with pointers to services below `base`, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn with_services(base: &str) -> Self {
        Self {
            services: Services::At(base.to_owned()),
            ..Self::default()
        }
    }

    const fn validity(&self, purpose: CertificatePurpose) -> Validity {
        match purpose {
            CertificatePurpose::Root => self.roots,
            CertificatePurpose::IssuingAuthority => self.authorities,
            CertificatePurpose::CheckedOcspResponder
            | CertificatePurpose::CrlIssuer
            | CertificatePurpose::MixedTimeStamping
            | CertificatePurpose::OcspResponder
            | CertificatePurpose::Signer
            | CertificatePurpose::TimeStamping => self.leaves,
        }
    }

    fn pointers(&self, issuer: Role) -> Option<Pointers> {
        let (crl, ocsp, issuer_certificate) = match &self.services {
            Services::Absent => return None,
            Services::At(base) => (base, base, base),
            Services::Each {
                crl,
                ocsp,
                issuer_certificate,
            } => (crl, ocsp, issuer_certificate),
        };
        let label = issuer.label();
        let responder = format!("{ocsp}/ocsp/{label}");
        Some(Pointers {
            crls: vec![format!("{crl}/crl/{label}.crl")],
            ocsp: if Role::ANCHORS.contains(&issuer) {
                Vec::new()
            } else {
                vec![responder]
            },
            issuer_certificates: vec![format!("{issuer_certificate}/issuer/{label}.cer")],
            ..Pointers::default()
        })
    }
}

/// The test PKI with all its keys.
#[derive(Debug)]
pub struct TestPki {
    keys: KeyCache,
    settings: PkiSettings,
    identities: BTreeMap<Role, Identity>,
}

impl TestPki {
    /// Takes the keys from `folder`, generating those that are not there yet, and issues every
    /// certificate of the table. Many processes may use one folder at once.
    ///
    /// # Errors
    /// The folder cannot be used, or OpenSSL fails.
    pub fn open_or_make(folder: &Path, settings: PkiSettings) -> Result<Self, PkiError> {
        let mut pki = Self {
            keys: KeyCache::open(folder)?,
            settings,
            identities: BTreeMap::new(),
        };
        for role in Role::all() {
            let identity = pki.make(role.label(), &CertificatePlan::of(role), Some(role))?;
            pki.identities.insert(role, identity);
        }
        Ok(pki)
    }

    /// The settings it was made with.
    #[must_use]
    pub const fn settings(&self) -> &PkiSettings {
        &self.settings
    }

    /// The certificate and key of a role.
    ///
    /// # Errors
    /// Never for a role of [`Role::all`].
    pub fn identity(&self, role: Role) -> Result<&Identity, PkiError> {
        self.identities
            .get(&role)
            .ok_or(PkiError::IssuerMissing(role))
    }

    /// Issues a certificate that the table lacks. `name` names its key in the cache: the same
    /// name and kind give the same key again. ASCII letters, digits and hyphens.
    ///
    /// # Errors
    /// The key cache cannot be used, or OpenSSL fails.
    pub fn issue(&self, name: &str, plan: &CertificatePlan) -> Result<Identity, PkiError> {
        self.make(name, plan, None)
    }

    /// DER octets of the roots, [`Role::ANCHORS`] in that order.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn anchors_der(&self) -> Result<Vec<Vec<u8>>, PkiError> {
        Role::ANCHORS
            .into_iter()
            .map(|role| self.identity(role)?.certificate_der())
            .collect()
    }

    /// Writes the certificates below `folder`: `anchors/LABEL.pem` for roots,
    /// `authorities/LABEL.pem` for issuers, `certificates/LABEL.pem` and `.cer` for all.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write_certificates(&self, folder: &Path) -> Result<(), PkiError> {
        let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for (role, identity) in &self.identities {
            let label = role.label();
            let pem = identity.certificate_pem()?;
            if Role::ANCHORS.contains(role) {
                files.push((folder.join(format!("anchors/{label}.pem")), pem.clone()));
            } else if identity.purpose() == CertificatePurpose::IssuingAuthority {
                files.push((folder.join(format!("authorities/{label}.pem")), pem.clone()));
            }
            files.push((folder.join(format!("certificates/{label}.pem")), pem));
            files.push((
                folder.join(format!("certificates/{label}.cer")),
                identity.certificate_der()?,
            ));
        }
        for (path, octets) in files {
            write(&path, &octets)?;
        }
        Ok(())
    }

    /// Writes the anchors alone, one PEM file each, right into `folder`.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write_anchors(&self, folder: &Path) -> Result<(), PkiError> {
        for role in Role::ANCHORS {
            let pem = self.identity(role)?.certificate_pem()?;
            write(&folder.join(format!("{}.pem", role.label())), &pem)?;
        }
        Ok(())
    }

    fn make(
        &self,
        name: &str,
        plan: &CertificatePlan,
        role: Option<Role>,
    ) -> Result<Identity, PkiError> {
        let key = self.keys.key(name, plan.key)?;
        let validity = plan
            .validity
            .unwrap_or_else(|| self.settings.validity(plan.purpose));
        let failed = PkiError::during(PkiStep::IssueCertificate);
        if role == Some(plan.issuer) {
            let own = plan.pointers.as_ref();
            let certificate =
                issue::issue(plan, validity, own, &key, Issuer::Itself).map_err(failed)?;
            return Ok(Identity::new(
                name,
                plan.purpose,
                key,
                certificate,
                Vec::new(),
            ));
        }
        let authority = self.identity(plan.issuer)?;
        let pointers = plan
            .pointers
            .clone()
            .or_else(|| self.settings.pointers(plan.issuer));
        let issuer = Issuer::Authority {
            certificate: authority.certificate(),
            key: authority.key(),
        };
        let certificate =
            issue::issue(plan, validity, pointers.as_ref(), &key, issuer).map_err(failed)?;
        let mut issuers = vec![authority.certificate().clone()];
        issuers.extend_from_slice(authority.issuers());
        Ok(Identity::new(name, plan.purpose, key, certificate, issuers))
    }
}

/// Whole or not at all: tests that run at the same time read the folder. Until then the file lies
/// beside that folder, where nobody takes it for a certificate.
fn write(path: &Path, octets: &[u8]) -> Result<(), PkiError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(PkiError::at(folder))?;
    let beside = folder.parent().unwrap_or(folder);
    let mut file = tempfile::NamedTempFile::new_in(beside).map_err(PkiError::at(beside))?;
    file.write_all(octets).map_err(PkiError::at(path))?;
    let failed = |error: tempfile::PersistError| PkiError::at(path)(error.error);
    file.persist(path).map(drop).map_err(failed)
}
