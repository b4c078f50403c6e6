//! The object identifiers of the API for what a key signs with (RFC 8017, 5758, 4055).
//! Judges no strength beyond that nothing below SHA-256 has a name here.

use trien::x509::AlgorithmIdentifier;
use trien::x509::asn1;
use trien::x509::const_oid::ObjectIdentifier;
use trien::{DigestAlgorithm, Limits, SignatureScheme};

use super::CscError;
use super::parameters::Parameters;

/// rsaEncryption: RSA with PKCS #1 v1.5, the digest named beside it.
const RSA: &str = "1.2.840.113549.1.1.1";
/// RSASSA-PSS, with parameters.
const RSA_PSS: &str = "1.2.840.113549.1.1.10";

/// The digests, with the identifiers that go with each.
const DIGESTS: [Names; 3] = [
    Names {
        digest: DigestAlgorithm::Sha256,
        oid: "2.16.840.1.101.3.4.2.1",
        rsa: "1.2.840.113549.1.1.11",
        ecdsa: "1.2.840.10045.4.3.2",
    },
    Names {
        digest: DigestAlgorithm::Sha384,
        oid: "2.16.840.1.101.3.4.2.2",
        rsa: "1.2.840.113549.1.1.12",
        ecdsa: "1.2.840.10045.4.3.3",
    },
    Names {
        digest: DigestAlgorithm::Sha512,
        oid: "2.16.840.1.101.3.4.2.3",
        rsa: "1.2.840.113549.1.1.13",
        ecdsa: "1.2.840.10045.4.3.4",
    },
];

struct Names {
    digest: DigestAlgorithm,
    oid: &'static str,
    rsa: &'static str,
    ecdsa: &'static str,
}

/// The digest of an identifier; none below SHA-256.
pub(super) fn digest_of_oid(oid: &str) -> Option<DigestAlgorithm> {
    let names = DIGESTS.iter().find(|names| names.oid == oid)?;
    Some(names.digest)
}

/// The digest with so many octets.
pub(super) fn digest_of_length(octets: usize) -> Option<DigestAlgorithm> {
    let names = DIGESTS
        .iter()
        .find(|names| names.digest.octets() == octets)?;
    Some(names.digest)
}

/// The exact identifier of a scheme.
fn exact(scheme: SignatureScheme) -> Option<&'static str> {
    let named = |digest| DIGESTS.iter().find(|names| names.digest == digest);
    match scheme {
        SignatureScheme::RsaPkcs1v15(digest) => named(digest).map(|names| names.rsa),
        SignatureScheme::RsaPss(parameters) => named(parameters.digest).map(|_| RSA_PSS),
        SignatureScheme::Ecdsa(digest) => named(digest).map(|names| names.ecdsa),
        // EdDSA and ML-DSA sign messages, not digests.
        SignatureScheme::Dsa(_)
        | SignatureScheme::Ed25519
        | SignatureScheme::Ed448
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | _ => None,
    }
}

/// `key.algo` of a key that signs digests so: the generic identifier first, then the exact ones.
pub(super) fn identifiers(schemes: &[SignatureScheme]) -> Vec<&'static str> {
    let is_pkcs1 = |scheme: &SignatureScheme| matches!(scheme, SignatureScheme::RsaPkcs1v15(_));
    let mut identifiers: Vec<&'static str> = Vec::new();
    if schemes
        .iter()
        .any(|scheme| is_pkcs1(scheme) && exact(*scheme).is_some())
    {
        identifiers.push(RSA);
    }
    for identifier in schemes.iter().filter_map(|scheme| exact(*scheme)) {
        if !identifiers.contains(&identifier) {
            identifiers.push(identifier);
        }
    }
    identifiers
}

/// Every identifier that some key is offered with.
pub(super) fn all_identifiers() -> Vec<&'static str> {
    let exact = DIGESTS.iter().flat_map(|names| [names.rsa, names.ecdsa]);
    [RSA, RSA_PSS].into_iter().chain(exact).collect()
}

/// The scheme that `signAlgo`, `hashAlgo` and `signAlgoParams` name together, which is one of
/// `offered`.
pub(super) fn scheme(
    parameters: &Parameters<'_>,
    offered: &[SignatureScheme],
) -> Result<SignatureScheme, CscError> {
    let named = parameters.required_string("signAlgo")?;
    let stated = match parameters.hash_algorithm()? {
        None => None,
        Some(oid) => Some(
            digest_of_oid(&oid)
                .ok_or_else(|| CscError::invalid(parameters.hash_algorithm_name()))?,
        ),
    };
    if !identifiers(offered).contains(&named.as_str()) {
        return Err(CscError::invalid("signAlgo"));
    }
    let scheme = if named == RSA {
        let missing = || CscError::missing("string", parameters.hash_algorithm_name());
        SignatureScheme::RsaPkcs1v15(stated.ok_or_else(missing)?)
    } else if named == RSA_PSS {
        pss_scheme(parameters)?
    } else {
        let scheme = offered
            .iter()
            .find(|scheme| exact(**scheme) == Some(&named));
        *scheme.ok_or_else(|| CscError::invalid("signAlgo"))?
    };
    if stated.is_some_and(|stated| stated != scheme.digest_algorithm()) {
        return Err(CscError::invalid(parameters.hash_algorithm_name()));
    }
    if offered.contains(&scheme) {
        Ok(scheme)
    } else if named == RSA_PSS {
        Err(CscError::invalid("signAlgoParams"))
    } else {
        Err(CscError::invalid("signAlgo"))
    }
}

fn pss_scheme(parameters: &Parameters<'_>) -> Result<SignatureScheme, CscError> {
    const NAME: &str = "signAlgoParams";
    let der = parameters
        .octets(NAME)?
        .ok_or_else(|| CscError::missing("string", NAME))?;
    let invalid = || CscError::invalid(NAME);
    let oid = ObjectIdentifier::new(RSA_PSS).map_err(|_| invalid())?;
    let whole = asn1::sequence(&[&asn1::oid(oid), &der]);
    AlgorithmIdentifier::from_der(&whole, &Limits::default())
        .map_err(|_| invalid())?
        .signature_scheme(None)
        .map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use trien::PssParameters;

    use super::super::Version;
    use super::super::parameters::Body;
    use super::*;

    const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;

    fn read(json: &str, offered: &[SignatureScheme]) -> Result<SignatureScheme, String> {
        let body = Body::new(json.into());
        let scheme = body
            .parameters(Version::One)
            .and_then(|parameters| scheme(&parameters, offered));
        scheme.map_err(|error| error.description().to_owned())
    }

    /// DER of the parameters of a scheme in base64, as a client sends them.
    fn parameters_of(scheme: SignatureScheme) -> String {
        let identifier = AlgorithmIdentifier::for_signature(scheme).unwrap();
        STANDARD.encode(identifier.parameters().unwrap())
    }

    #[test]
    fn generic_and_exact_identifiers_are_listed_and_lead_to_one_scheme() {
        let pkcs1 = SignatureScheme::RsaPkcs1v15(SHA256);
        let pss = SignatureScheme::RsaPss(PssParameters::matching(SHA256));
        let offered = [pkcs1, pss, SignatureScheme::Ed25519];
        assert_eq!(
            identifiers(&offered),
            [RSA, "1.2.840.113549.1.1.11", RSA_PSS]
        );
        let generic = r#"{"signAlgo":"1.2.840.113549.1.1.1","hashAlgo":"2.16.840.1.101.3.4.2.1"}"#;
        assert_eq!(read(generic, &offered), Ok(pkcs1));
        assert_eq!(
            read(r#"{"signAlgo":"1.2.840.113549.1.1.11"}"#, &offered),
            Ok(pkcs1)
        );
        let params = parameters_of(pss);
        let json = |params: &str| {
            format!(r#"{{"signAlgo":"1.2.840.113549.1.1.10","signAlgoParams":"{params}"}}"#)
        };
        assert_eq!(read(&json(&params), &offered), Ok(pss));
        // RFC 4055, 3.1: the defaults are SHA-1's.
        assert_eq!(
            read(&json("MAA="), &offered),
            Err("Invalid parameter signAlgoParams".into())
        );
        assert_eq!(
            read(&json("AAAA"), &offered),
            Err("Invalid parameter signAlgoParams".into())
        );
    }

    #[test]
    fn contradictions_missing_names_and_weak_digests_are_told_by_name() {
        let offered = [SignatureScheme::RsaPkcs1v15(SHA256)];
        for (json, expected) in [
            ("{}", "Missing (or invalid type) string parameter signAlgo"),
            (
                r#"{"signAlgo":"1.2.840.113549.1.1.1"}"#,
                "Missing (or invalid type) string parameter hashAlgo",
            ),
            (
                r#"{"signAlgo":"1.2.840.113549.1.1.11","hashAlgo":"2.16.840.1.101.3.4.2.2"}"#,
                "Invalid parameter hashAlgo",
            ),
            // SHA-1, alone and with RSA.
            (
                r#"{"signAlgo":"1.2.840.113549.1.1.1","hashAlgo":"1.3.14.3.2.26"}"#,
                "Invalid parameter hashAlgo",
            ),
            (
                r#"{"signAlgo":"1.2.840.113549.1.1.5"}"#,
                "Invalid parameter signAlgo",
            ),
            (
                r#"{"signAlgo":"1.2.840.113549.1.1.12"}"#,
                "Invalid parameter signAlgo",
            ),
            (
                r#"{"signAlgo":"1.2.840.113549.1.1.1","hashAlgo":"2.16.840.1.101.3.4.2.3"}"#,
                "Invalid parameter signAlgo",
            ),
            (
                r#"{"signAlgo":"1.2.840.10045.4.3.2"}"#,
                "Invalid parameter signAlgo",
            ),
        ] {
            assert_eq!(read(json, &offered), Err(expected.to_owned()), "{json}");
        }
    }
}
