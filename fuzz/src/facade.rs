//! The whole verifying road over arbitrary octets, and a stored stage of signing taken up again,
//! under the default limits.

use trien::trust::TrustAnchors;
use trien::{Conclusion, Prepared, ResumeError, UnixTime, Verification, verify};
use trien_cms::{SignedAttributes, SignedData};
use trien_pdf::{ByteRange, Document, SignatureDictionary, salvage_signatures};
use trien_types::{DigestAlgorithm, Limits, SignatureScheme, encode_hex};
use trien_x509::{Certificate, Digester};

/// 2026-05-31T08:00:00+07:00: a time is an input, and seeds should meet the same one.
const TIME: UnixTime = UnixTime::from_seconds(1_780_189_200);

/// Any octets lead to a report.
pub fn verify_facade(octets: &[u8]) {
    let anchors = TrustAnchors::default();
    let report = verify(octets, &Verification::new(&anchors, TIME));
    // Without an anchor nothing can be concluded to be valid.
    for signature in &report.signatures {
        assert_ne!(signature.conclusion, Conclusion::Passed);
    }
}

/// The text of a stored stage. Octets that are a signed file are made into the stage that would
/// have led to it, digest and attributes right: what its update does is then all that is judged.
pub fn prepared(octets: &[u8]) {
    if octets.starts_with(b"{") {
        let text = String::from_utf8_lossy(octets);
        assert!(Prepared::resume(b"%PDF-1.7\n", &text).is_err());
        return;
    }
    let Some((original, text)) = stage(octets) else {
        return;
    };
    match Prepared::resume(original, &text) {
        Ok(prepared) => {
            let again = Prepared::resume(original, &prepared.to_json());
            let again = again.expect("what was taken up is stored and taken up again");
            assert_eq!(again.to_be_signed(), prepared.to_be_signed());
        }
        Err(error) => assert_ne!(error, ResumeError::SignedAttributesDiffer),
    }
}

/// The original and the stage before the last signature of a file; its signer is the one whose
/// certificate is in the file.
fn stage(octets: &[u8]) -> Option<(&[u8], String)> {
    let limits = Limits::default();
    let whole = |found: &SignatureDictionary| -> Option<ByteRange> {
        let range = found.byte_range.as_ref().ok()?;
        (range.end() == octets.len()).then_some(*range)
    };
    let signatures = salvage_signatures(octets, &limits);
    let signature = signatures.iter().rfind(|found| whole(found).is_some())?;
    let gap = whole(signature)?.gap();
    let contents = SignedData::parse(&signature.contents, &limits).ok()?;
    let signer = Certificate::from_der(contents.certificates().first()?.to_vec()).ok()?;
    let document = Document::open(octets, &limits).ok()?;
    let mut revisions = document.revisions().rev().skip(1);
    let end = revisions.find_map(|before| document.revision_end(before))?;
    let line_end = octets.get(end..)?.iter().take(2);
    let line_end = line_end.take_while(|octet| b"\r\n".contains(octet)).count();
    let (original, update) = octets.split_at(end + line_end);
    let mut update = update.to_vec();
    let first_digit = gap.start().checked_sub(original.len())? + 1;
    let digits = first_digit..gap.end() - original.len() - 1;
    update.get_mut(digits)?.fill(b'0');
    let filled = [original, &update].concat();
    let spans = [&filled[..gap.start()], &filled[gap.end()..]];
    let digest = Digester::digest(DigestAlgorithm::Sha256, &spans.concat()).ok()?;
    let scheme = SignatureScheme::Ecdsa(DigestAlgorithm::Sha256);
    let attributes = SignedAttributes::for_pades(&digest, &signer, scheme, &[]).ok()?;
    let text = format!(
        r#"{{"schema":"trien.prepared/1","original_octets":{},"appended":"{}","gap":[{},{}],
        "signed_attributes":"{}","digest":"{}","certificates":["{}"],"scheme":
        {{"algorithm":"ECDSA","digest":"SHA-256","mask_digest":null,"salt_octets":null}}}}"#,
        original.len(),
        encode_hex(&update),
        gap.start(),
        gap.end(),
        encode_hex(attributes.to_be_signed()),
        encode_hex(digest.as_octets()),
        encode_hex(signer.as_der()),
    );
    Some((original, text))
}
