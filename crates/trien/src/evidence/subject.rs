//! Whose certificates must be proven, and as of when: every signature, the time stamps in it and
//! the document time stamps. And the pool of what the document brings along.

use trien_cms::{SignatureContents, SubFilter, TimeStampToken};
use trien_pdf::{
    ByteRange, Document, FieldValue, SecurityStore, SignatureDictionary, signature_fields,
};
use trien_trust::PathPurpose;
use trien_trust::revocation::RevocationEvidence;
use trien_types::{DigestAlgorithm, Limits, UnixTime};
use trien_x509::{Certificate, Digester};

use crate::error::Error;

/// A certificate to be proven.
pub(super) struct Subject {
    pub(super) field: String,
    /// `None` when it is not there.
    pub(super) certificate: Option<Certificate>,
    pub(super) purpose: PathPurpose,
    /// The time at which its path must hold: the earliest that is stamped, or that of the search.
    pub(super) time: UnixTime,
}

/// What a document brings along.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) certificates: Vec<Certificate>,
    pub(super) statuses: RevocationEvidence,
}

#[derive(Default)]
pub(super) struct Found {
    pub(super) subjects: Vec<Subject>,
    pub(super) pool: Pool,
    /// The keys of the signatures in /VRI.
    pub(super) keys: Vec<String>,
}

/// One signature dictionary, read.
pub(crate) struct ReadSignature {
    pub(crate) field: String,
    pub(crate) dictionary: SignatureDictionary,
    pub(crate) contents: Option<SignatureContents>,
}

impl ReadSignature {
    pub(crate) fn is_document_time_stamp(&self) -> bool {
        self.contents
            .as_ref()
            .is_some_and(|contents| contents.sub_filter() == SubFilter::EtsiRfc3161)
    }

    fn end(&self) -> Option<usize> {
        self.dictionary.byte_range.as_ref().ok().map(ByteRange::end)
    }

    /// The times that its signature time stamps prove.
    fn signature_time_stamps(&self, limits: &Limits) -> Vec<(TimeStampToken, bool)> {
        let Some(signer) = self
            .contents
            .as_ref()
            .and_then(|contents| contents.signer_info())
        else {
            return Vec::new();
        };
        let value = signer.signature();
        signer
            .signature_time_stamps()
            .filter_map(|octets| TimeStampToken::parse(octets, limits).ok())
            .map(|token| {
                let intact = token.verify(&value, &[]).intact().is_some();
                (token, intact)
            })
            .collect()
    }

    /// The earliest time proven for this signature by its own time stamps or by a document time
    /// stamp that covers it.
    pub(crate) fn stamped_time(&self, all: &[Self], limits: &Limits) -> Option<UnixTime> {
        let own = self
            .signature_time_stamps(limits)
            .into_iter()
            .filter(|(_, intact)| *intact)
            .map(|(token, _)| token.tst_info().gen_time())
            .min();
        let covering = all
            .iter()
            .filter(|other| other.is_document_time_stamp() && other.end() > self.end())
            .filter_map(Self::document_time)
            .min();
        match (own, covering) {
            (Some(own), Some(covering)) => Some(own.min(covering)),
            (own, covering) => own.or(covering),
        }
    }

    fn document_time(&self) -> Option<UnixTime> {
        let token = self.contents.as_ref()?.time_stamp_token()?;
        Some(token.tst_info().gen_time())
    }
}

/// The signatures of the newest revision.
pub(crate) fn read_signatures(
    document: &Document<'_>,
    limits: &Limits,
) -> Result<Vec<ReadSignature>, Error> {
    let mut signatures = Vec::new();
    for field in signature_fields(document, document.latest())? {
        let FieldValue::Signature(dictionary) = field.value else {
            continue;
        };
        let contents = dictionary
            .sub_filter()
            .and_then(|name| SubFilter::from_name(name.as_octets()))
            .and_then(|sub_filter| {
                SignatureContents::parse(
                    &dictionary.contents,
                    sub_filter,
                    &dictionary.certificates,
                    limits,
                )
                .ok()
            });
        signatures.push(ReadSignature {
            field: field.full_name,
            dictionary: *dictionary,
            contents,
        });
    }
    Ok(signatures)
}

pub(super) fn subjects(
    document: &Document<'_>,
    time: UnixTime,
    pool: Pool,
    limits: &Limits,
) -> Result<Found, Error> {
    let mut found = Found {
        pool,
        ..Found::default()
    };
    if let Some(store) = SecurityStore::read(document, document.latest(), limits)? {
        for datum in store.all_certificates() {
            if let Ok(certificate) = Certificate::from_der(datum.octets.clone()) {
                found.pool.add(certificate);
            }
        }
        for datum in store.all_crls() {
            found.pool.statuses.add_crl(&datum.octets, limits);
        }
        for datum in store.all_ocsps() {
            found.pool.statuses.add_ocsp_response(&datum.octets, limits);
        }
    }
    let signatures = read_signatures(document, limits)?;
    for signature in &signatures {
        found.keys.extend(key(&signature.dictionary.contents));
        let Some(contents) = &signature.contents else {
            found.subjects.push(Subject {
                field: signature.field.clone(),
                certificate: None,
                purpose: PathPurpose::DocumentSigning,
                time,
            });
            continue;
        };
        for certificate in contents.certificates() {
            found.pool.add(certificate);
        }
        let (purpose, stamped) = match contents.time_stamp_token() {
            Some(token) => (PathPurpose::TimeStamping, Some(token.tst_info().gen_time())),
            None => (
                PathPurpose::DocumentSigning,
                signature.stamped_time(&signatures, limits),
            ),
        };
        found.subjects.push(Subject {
            field: signature.field.clone(),
            certificate: contents.claimed_signer(&found.pool.certificates),
            purpose,
            time: stamped.unwrap_or(time),
        });
        for (token, _) in signature.signature_time_stamps(limits) {
            let parsed = token.signed_data().parsed_certificates();
            for certificate in parsed.iter().flatten() {
                found.pool.add(certificate.clone());
            }
            let named = token
                .signed_data()
                .only_signer()
                .map(|signer| signer.identifier());
            let certificate = named.and_then(|identifier| {
                let mut pool = found.pool.certificates.iter();
                pool.find(|certificate| identifier.names(certificate))
            });
            found.subjects.push(Subject {
                field: signature.field.clone(),
                certificate: certificate.cloned(),
                purpose: PathPurpose::TimeStamping,
                time: token.tst_info().gen_time(),
            });
        }
    }
    Ok(found)
}

impl Pool {
    /// What a caller keeps.
    pub(super) fn of(certificates: &[Certificate], statuses: RevocationEvidence) -> Self {
        let mut pool = Self {
            certificates: Vec::new(),
            statuses,
        };
        for certificate in certificates {
            pool.add(certificate.clone());
        }
        pool
    }

    pub(super) fn add(&mut self, certificate: Certificate) {
        if !self
            .certificates
            .iter()
            .any(|known| known.id() == certificate.id())
        {
            self.certificates.push(certificate);
        }
    }
}

/// EN 319 142-1, 5.4.2.3: SHA-1 over /Contents with its padding, in upper-case hexadecimal.
fn key(contents: &[u8]) -> Option<String> {
    let digest = Digester::digest(DigestAlgorithm::Sha1, contents).ok()?;
    Some(trien_types::encode_hex(digest.as_octets()).to_uppercase())
}
