//! Certificates and revocation evidence from everywhere in a file: the security store, the
//! signatures' own structures, and what the caller supplied; each with the first signed revision
//! that covers it, which a document time stamp can prove the age of.

use std::collections::{BTreeSet, HashMap, HashSet};

use trien_pdf::{Coverage, Document, RevisionIndex, SecurityStore, SignatureDictionary};
use trien_policy::Language;
use trien_trust::revocation::{EvidenceId, EvidenceKind, RevocationEvidence};
use trien_types::{CertificateId, Limits};
use trien_x509::Certificate;
use trien_x509::asn1::{Asn1Error, Reader, Tag};

use super::found::{Contents, FoundSignature, Value};
use super::supplied::SuppliedEvidence;
use crate::words::{read_words, store_words};

/// Everything at hand to build paths from and to ask for statuses.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) certificates: Vec<Certificate>,
    pub(super) revocation: RevocationEvidence,
    covered_from: HashMap<EvidenceId, usize>,
    in_file: HashSet<EvidenceId>,
    /// What of the evidence could not be used.
    findings: Vec<String>,
    /// The language of what is said about evidence.
    pub(super) language: Language,
    known: HashSet<CertificateId>,
}

impl Gathered {
    pub(super) fn of(
        document: Option<&Document<'_>>,
        signatures: &[FoundSignature],
        supplied: &SuppliedEvidence,
        (limits, language): (&Limits, Language),
    ) -> Self {
        let mut gathered = Self {
            language,
            revocation: supplied.revocation.clone(),
            ..Self::default()
        };
        for found in signatures {
            gathered.add_contents(found, document, limits);
        }
        if let Some(document) = document {
            gathered.add_stores(document, signatures, limits);
        }
        gathered.add_certificates(supplied.certificates.iter().cloned());
        gathered
    }

    /// What of the evidence could not be used.
    pub(super) fn problems(&self) -> Vec<String> {
        let language = self.language;
        let unreadable = self.revocation.unreadable().iter().map(|kept| {
            let (vi, en) = match kept.kind {
                EvidenceKind::Crl => ("một danh sách thu hồi (CRL)", "a revocation list"),
                EvidenceKind::Ocsp | _ => ("một trả lời OCSP", "an OCSP response"),
            };
            match language {
                Language::En => format!("{en} cannot be read: {}", kept.error),
                Language::Vi | _ => format!("không đọc được {vi}"),
            }
        });
        let findings = self.findings.iter().cloned();
        findings.chain(unreadable).collect()
    }

    /// The first signed revision that covers all of `evidence`; `None` when a part of it did not
    /// stand in the file or no signature came after it.
    pub(super) fn covered_from(
        &self,
        evidence: impl IntoIterator<Item = EvidenceId>,
    ) -> Option<usize> {
        let mut latest = None;
        for id in evidence {
            latest = latest.max(Some(*self.covered_from.get(&id)?));
        }
        latest
    }

    /// Whether all of `evidence` stands in the file.
    pub(super) fn is_in_file(&self, evidence: impl IntoIterator<Item = EvidenceId>) -> bool {
        evidence.into_iter().all(|id| self.in_file.contains(&id))
    }

    fn add_certificates(&mut self, certificates: impl IntoIterator<Item = Certificate>) {
        for certificate in certificates {
            if self.known.insert(certificate.id()) {
                self.certificates.push(certificate);
            }
        }
    }

    /// What stands in the file, covered by signatures in revision `from` or later.
    fn note(&mut self, id: EvidenceId, from: Option<usize>) {
        self.in_file.insert(id);
        if let Some(from) = from {
            let first = self.covered_from.entry(id).or_insert(from);
            *first = (*first).min(from);
        }
    }

    /// The structure in /Contents, which its own signature leaves out.
    fn add_contents(
        &mut self,
        found: &FoundSignature,
        document: Option<&Document<'_>>,
        limits: &Limits,
    ) {
        let Contents::Parsed(contents) = &found.contents else {
            return;
        };
        let signed = document.and_then(|document| signed_revision(document, found));
        let covered = signed.map(|revision| revision.number().saturating_add(1));
        self.add_certificates(contents.certificates());
        let token = contents
            .time_stamp_token()
            .map(trien_cms::TimeStampToken::signed_data);
        for signed_data in contents.signed_data().into_iter().chain(token) {
            for crl in signed_data.crls() {
                let id = self.revocation.add_crl(crl, limits);
                self.note(id, covered);
            }
        }
        let Some(signer) = contents.signer_info() else {
            return;
        };
        for archival in signer.revocation_info_archival() {
            if let Err(error) = self.add_archival(archival, covered, limits) {
                let field = &found.field;
                self.findings.push(match self.language {
                    Language::En => format!(
                        "the revocation information in the signature {field} cannot be read: {error}"
                    ),
                    Language::Vi | _ => {
                        format!("không đọc được thông tin thu hồi kèm trong chữ ký {field}")
                    }
                });
            }
        }
    }

    /// `RevocationInfoArchival` (ISO 32000-2, 12.8.3.3.2): lists under tag 0, responses under tag 1.
    fn add_archival(
        &mut self,
        octets: &[u8],
        covered: Option<usize>,
        limits: &Limits,
    ) -> Result<(), Asn1Error> {
        let mut reader = Reader::new(octets, limits);
        let mut parts = reader.expect(Tag::SEQUENCE)?.elements()?;
        while !parts.is_empty() {
            let part = parts.element()?;
            let number = part.tag().is_context().then(|| part.tag().number());
            if !matches!(number, Some(0 | 1)) {
                continue;
            }
            let mut all = part.elements()?.expect(Tag::SEQUENCE)?.elements()?;
            while !all.is_empty() {
                let one = all.element()?.raw();
                let id = if number == Some(0) {
                    self.revocation.add_crl(one, limits)
                } else {
                    self.revocation.add_ocsp_response(one, limits)
                };
                self.note(id, covered);
            }
        }
        Ok(())
    }

    /// The security store as of each revision that a document time stamp signed, and as it is now.
    fn add_stores(
        &mut self,
        document: &Document<'_>,
        signatures: &[FoundSignature],
        limits: &Limits,
    ) {
        let stamped: BTreeSet<RevisionIndex> = signatures
            .iter()
            .filter(|found| {
                dictionary_of(found)
                    .and_then(SignatureDictionary::sub_filter)
                    .is_some_and(|name| *name == "ETSI.RFC3161")
            })
            .filter_map(|found| signed_revision(document, found))
            .collect();
        for revision in stamped {
            self.add_store(document, revision, Some(revision.number()), limits);
        }
        self.add_store(document, document.latest(), None, limits);
    }

    fn add_store(
        &mut self,
        document: &Document<'_>,
        revision: RevisionIndex,
        covered: Option<usize>,
        limits: &Limits,
    ) {
        let store = match SecurityStore::read(document, revision, limits) {
            Ok(Some(store)) => store,
            Ok(None) => return,
            Err(error) => {
                self.findings.push(match self.language {
                    Language::En => format!("the security store cannot be read: {error}"),
                    Language::Vi | _ => format!(
                        "không đọc được kho bằng chứng (/DSS) trong tệp: {}",
                        read_words(&error, self.language)
                    ),
                });
                return;
            }
        };
        let findings = store.findings.iter();
        self.findings
            .extend(findings.map(|finding| store_words(finding, self.language)));
        let certificates: Vec<Certificate> = store
            .all_certificates()
            .filter_map(|stored| Certificate::from_der(&*stored.octets).ok())
            .collect();
        self.add_certificates(certificates);
        for stored in store.all_crls() {
            let id = self.revocation.add_crl(&stored.octets, limits);
            self.note(id, covered);
        }
        for stored in store.all_ocsps() {
            let id = self.revocation.add_ocsp_response(&stored.octets, limits);
            self.note(id, covered);
        }
    }
}

fn dictionary_of(found: &FoundSignature) -> Option<&SignatureDictionary> {
    match &found.value {
        Value::Signature(dictionary) => Some(dictionary),
        Value::Unreadable(_) => None,
    }
}

fn signed_revision(document: &Document<'_>, found: &FoundSignature) -> Option<RevisionIndex> {
    let range = dictionary_of(found)?.byte_range.as_ref().ok()?;
    Coverage::of(document, range).revision(document)
}
