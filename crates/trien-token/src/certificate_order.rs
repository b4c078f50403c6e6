//! A signer's certificate followed by its issuers, out of a heap of certificates.
//! Judges no trust, time or purpose: an issuer is one whose name and key fit.

use openssl::x509::{X509, X509Ref};

/// Certificates of one path. Real ones have 2 to 5.
const PATH: usize = 16;

/// `signer`, then its issuer out of `pool`, then that one's, as far as they are known; the root
/// is neither needed nor refused. Certificates that OpenSSL cannot read are not used.
#[must_use]
pub fn certificate_path(signer: &[u8], pool: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut path = vec![signer.to_vec()];
    let readable: Vec<(X509, &Vec<u8>)> = pool
        .iter()
        .filter_map(|der| Some((X509::from_der(der).ok()?, der)))
        .collect();
    let Ok(mut current) = X509::from_der(signer) else {
        return path;
    };
    while path.len() < PATH {
        let issuer = readable
            .iter()
            .find(|(candidate, der)| !path.contains(der) && is_issuer(candidate, &current));
        let Some((issuer, der)) = issuer else { break };
        path.push((*der).clone());
        current = issuer.clone();
    }
    path
}

/// Whether `certificate` issued another one of `pool`. Octets that OpenSSL cannot read issued
/// nothing.
pub(crate) fn has_issued(certificate: &[u8], pool: &[Vec<u8>]) -> bool {
    let Ok(issuer) = X509::from_der(certificate) else {
        return false;
    };
    pool.iter()
        .filter(|der| der.as_slice() != certificate)
        .filter_map(|der| X509::from_der(der).ok())
        .any(|subject| is_issuer(&issuer, &subject))
}

fn is_issuer(candidate: &X509Ref, subject: &X509Ref) -> bool {
    // The name's octets as they stand in the certificates.
    let names = (
        candidate.subject_name().to_der(),
        subject.issuer_name().to_der(),
    );
    let (Ok(candidate_name), Ok(issuer_name)) = names else {
        return false;
    };
    candidate_name == issuer_name
        && candidate
            .public_key()
            .is_ok_and(|key| subject.verify(&key).unwrap_or(false))
}
