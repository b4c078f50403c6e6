//! OpenSSL's verification errors as reasons.
//! Knows the numbers of OpenSSL 3 (`x509_vfy.h`), which are part of its ABI.

use openssl::x509::X509VerifyResult;
use trien_types::CertificateId;
use trien_x509::{Certificate, KeyUsage};

use super::PathFailureReason as Reason;

/// `NO_EXPLICIT_POLICY`. OpenSSL checks policies last, so that all else holds.
pub(super) fn is_missing_policy(result: X509VerifyResult) -> bool {
    result.as_raw() == 43
}

/// The reason that `result` is on the complete path whose certificate `at` OpenSSL stopped at.
///
/// Not here, and so `Other` if they ever come: times (9, 10: not asked for), a missing or wrong
/// issuer (2, 18 to 21, 27 to 31: seen from the chain being another one), revocation lists, host
/// names, DANE, Suite B and key sizes, none of which are asked for; nor critical extensions (34),
/// which `extensions` decides.
pub(super) fn reason(
    result: X509VerifyResult,
    at: &Certificate,
    issuer: Option<CertificateId>,
) -> Reason {
    let certificate = at.id();
    match result.as_raw() {
        // UNABLE_TO_DECRYPT_CERT_SIGNATURE, CERT_SIGNATURE_FAILURE
        4 | 7 => Reason::SignatureDoesNotHold {
            certificate,
            issuer: issuer.unwrap_or(certificate),
        },
        // UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, NO_ISSUER_PUBLIC_KEY,
        // UNSUPPORTED_SIGNATURE_ALGORITHM
        6 | 24 | 95 => Reason::SignatureNotDecided {
            certificate,
            issuer: issuer.unwrap_or(certificate),
            cause: None,
        },
        // CERT_CHAIN_TOO_LONG, PATH_LENGTH_EXCEEDED
        22 | 25 => Reason::PathTooLong { certificate },
        // INVALID_PURPOSE, KEYUSAGE_NO_CERTSIGN, KEYUSAGE_NO_DIGITAL_SIGNATURE
        26 | 32 | 39 => Reason::KeyUsageForbids { certificate },
        // INVALID_POLICY_EXTENSION, NO_EXPLICIT_POLICY
        42 | 43 => Reason::PolicyNotPermitted { certificate },
        // PERMITTED_VIOLATION, EXCLUDED_VIOLATION, SUBTREE_MINMAX, UNSUPPORTED_CONSTRAINT_TYPE,
        // UNSUPPORTED_CONSTRAINT_SYNTAX, UNSUPPORTED_NAME_SYNTAX
        47..=49 | 51..=53 => Reason::NameNotPermitted { certificate },
        // INVALID_CA: the flag, or a key usage that is there without keyCertSign
        79 if at.basic_constraints().is_some_and(|basic| basic.authority)
            && at
                .key_usage()
                .is_some_and(|usage| !usage.contains(KeyUsage::KEY_CERT_SIGN)) =>
        {
            Reason::KeyUsageForbids { certificate }
        }
        79 => Reason::NotACa { certificate },
        code => Reason::Other {
            code,
            text: result.error_string(),
        },
    }
}
