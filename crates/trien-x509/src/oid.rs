//! The object identifiers this crate knows, under their standards' names.
//! Says nothing about what they are used for.

use const_oid::ObjectIdentifier as Oid;

// Digests: RFC 1321, ISO/IEC 10118-3, OIW, NIST CSOR.
pub(crate) const MD5: Oid = Oid::new_unwrap("1.2.840.113549.2.5");
pub(crate) const RIPEMD160: Oid = Oid::new_unwrap("1.3.36.3.2.1");
pub(crate) const SHA1: Oid = Oid::new_unwrap("1.3.14.3.2.26");
pub(crate) const SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(crate) const SHA384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.3");
pub(crate) const SHA224: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.4");
pub(crate) const SHA512_256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.6");
pub(crate) const SHA3_224: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.7");
pub(crate) const SHA3_256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.8");
pub(crate) const SHA3_384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.9");
pub(crate) const SHA3_512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.10");
pub(crate) const SHAKE256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.12");
/// SHAKE256 whose output length in bits is the parameter (RFC 8419, 2.3).
pub(crate) const SHAKE256_LEN: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.2.18");

// RSA: RFC 8017, A.2; RFC 5754; OIW; TeleTrusT; NIST CSOR.
pub(crate) const RSA_ENCRYPTION: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
/// RSA as X.509 (1988) names it; met in old time stamps.
pub(crate) const RSA_X509: Oid = Oid::new_unwrap("2.5.8.1.1");
pub(crate) const MD5_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.4");
pub(crate) const SHA1_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.5");
pub(crate) const SHA1_WITH_RSA_OIW: Oid = Oid::new_unwrap("1.3.14.3.2.29");
pub(crate) const MGF1: Oid = Oid::new_unwrap("1.2.840.113549.1.1.8");
pub(crate) const RSASSA_PSS: Oid = Oid::new_unwrap("1.2.840.113549.1.1.10");
pub(crate) const SHA256_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.11");
pub(crate) const SHA384_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.12");
pub(crate) const SHA512_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.13");
pub(crate) const SHA224_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.14");
pub(crate) const SHA512_256_WITH_RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.16");
pub(crate) const RIPEMD160_WITH_RSA: Oid = Oid::new_unwrap("1.3.36.3.3.1.2");
pub(crate) const SHA3_224_WITH_RSA: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.13");
pub(crate) const SHA3_256_WITH_RSA: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.14");
pub(crate) const SHA3_384_WITH_RSA: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.15");
pub(crate) const SHA3_512_WITH_RSA: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.16");

// ECDSA: RFC 5758, ANSI X9.62, NIST CSOR, RFC 8702.
pub(crate) const EC_PUBLIC_KEY: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
/// The arc of the ECDSA identifiers itself, used as "ECDSA with the digest stated beside it".
pub(crate) const ECDSA: Oid = Oid::new_unwrap("1.2.840.10045.4");
pub(crate) const CURVE_P256: Oid = Oid::new_unwrap("1.2.840.10045.3.1.7");
pub(crate) const CURVE_P384: Oid = Oid::new_unwrap("1.3.132.0.34");
pub(crate) const CURVE_P521: Oid = Oid::new_unwrap("1.3.132.0.35");
pub(crate) const ECDSA_WITH_SHA1: Oid = Oid::new_unwrap("1.2.840.10045.4.1");
pub(crate) const ECDSA_WITH_SHA224: Oid = Oid::new_unwrap("1.2.840.10045.4.3.1");
pub(crate) const ECDSA_WITH_SHA256: Oid = Oid::new_unwrap("1.2.840.10045.4.3.2");
pub(crate) const ECDSA_WITH_SHA384: Oid = Oid::new_unwrap("1.2.840.10045.4.3.3");
pub(crate) const ECDSA_WITH_SHA512: Oid = Oid::new_unwrap("1.2.840.10045.4.3.4");
pub(crate) const ECDSA_WITH_SHA3_224: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.9");
pub(crate) const ECDSA_WITH_SHA3_256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.10");
pub(crate) const ECDSA_WITH_SHA3_384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.11");
pub(crate) const ECDSA_WITH_SHA3_512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.12");
pub(crate) const ECDSA_WITH_SHAKE256: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.6.33");

// DSA: RFC 3279, RFC 5758, NIST CSOR.
pub(crate) const DSA: Oid = Oid::new_unwrap("1.2.840.10040.4.1");
pub(crate) const DSA_WITH_SHA1: Oid = Oid::new_unwrap("1.2.840.10040.4.3");
pub(crate) const DSA_WITH_SHA224: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.1");
pub(crate) const DSA_WITH_SHA256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.2");
pub(crate) const DSA_WITH_SHA384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.3");
pub(crate) const DSA_WITH_SHA512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.4");
pub(crate) const DSA_WITH_SHA3_224: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.5");
pub(crate) const DSA_WITH_SHA3_256: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.6");
pub(crate) const DSA_WITH_SHA3_384: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.7");
pub(crate) const DSA_WITH_SHA3_512: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.8");

// EdDSA: RFC 8410, 3.
pub(crate) const ED25519: Oid = Oid::new_unwrap("1.3.101.112");
pub(crate) const ED448: Oid = Oid::new_unwrap("1.3.101.113");

// ML-DSA: NIST CSOR, RFC 9881, 2. Keys and signatures share them.
pub(crate) const ML_DSA_44: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.17");
pub(crate) const ML_DSA_65: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.18");
pub(crate) const ML_DSA_87: Oid = Oid::new_unwrap("2.16.840.1.101.3.4.3.19");

// Name attributes: X.520, RFC 4519, RFC 2985, ETSI EN 319 412-1.
pub(crate) const COMMON_NAME: Oid = Oid::new_unwrap("2.5.4.3");
pub(crate) const SURNAME: Oid = Oid::new_unwrap("2.5.4.4");
pub(crate) const SERIAL_NUMBER: Oid = Oid::new_unwrap("2.5.4.5");
pub(crate) const COUNTRY: Oid = Oid::new_unwrap("2.5.4.6");
pub(crate) const LOCALITY: Oid = Oid::new_unwrap("2.5.4.7");
pub(crate) const STATE: Oid = Oid::new_unwrap("2.5.4.8");
pub(crate) const STREET: Oid = Oid::new_unwrap("2.5.4.9");
pub(crate) const ORGANIZATION: Oid = Oid::new_unwrap("2.5.4.10");
pub(crate) const ORGANIZATIONAL_UNIT: Oid = Oid::new_unwrap("2.5.4.11");
pub(crate) const TITLE: Oid = Oid::new_unwrap("2.5.4.12");
pub(crate) const TELEPHONE_NUMBER: Oid = Oid::new_unwrap("2.5.4.20");
pub(crate) const GIVEN_NAME: Oid = Oid::new_unwrap("2.5.4.42");
pub(crate) const ORGANIZATION_IDENTIFIER: Oid = Oid::new_unwrap("2.5.4.97");
pub(crate) const EMAIL_ADDRESS: Oid = Oid::new_unwrap("1.2.840.113549.1.9.1");
pub(crate) const USER_ID: Oid = Oid::new_unwrap("0.9.2342.19200300.100.1.1");
pub(crate) const DOMAIN_COMPONENT: Oid = Oid::new_unwrap("0.9.2342.19200300.100.1.25");

// Certificate extensions: RFC 5280, 4.2.
pub(crate) const SUBJECT_KEY_IDENTIFIER: Oid = Oid::new_unwrap("2.5.29.14");
pub(crate) const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
pub(crate) const BASIC_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.19");
pub(crate) const AUTHORITY_KEY_IDENTIFIER: Oid = Oid::new_unwrap("2.5.29.35");
pub(crate) const EXTENDED_KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.37");

pub(crate) const CRL_DISTRIBUTION_POINTS: Oid = Oid::new_unwrap("2.5.29.31");
pub(crate) const FRESHEST_CRL: Oid = Oid::new_unwrap("2.5.29.46");
pub(crate) const AUTHORITY_INFORMATION_ACCESS: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.1.1");
pub(crate) const ACCESS_OCSP: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1");
pub(crate) const ACCESS_CA_ISSUERS: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.2");

// CRL and CRL entry extensions: RFC 5280, 5.2 and 5.3; X.509, 9.5.
pub(crate) const CRL_NUMBER: Oid = Oid::new_unwrap("2.5.29.20");
pub(crate) const REASON_CODE: Oid = Oid::new_unwrap("2.5.29.21");
pub(crate) const INVALIDITY_DATE: Oid = Oid::new_unwrap("2.5.29.24");
pub(crate) const DELTA_CRL_INDICATOR: Oid = Oid::new_unwrap("2.5.29.27");
pub(crate) const ISSUING_DISTRIBUTION_POINT: Oid = Oid::new_unwrap("2.5.29.28");
pub(crate) const CERTIFICATE_ISSUER: Oid = Oid::new_unwrap("2.5.29.29");
pub(crate) const EXPIRED_CERTIFICATES_ON_CRL: Oid = Oid::new_unwrap("2.5.29.60");

// OCSP: RFC 6960, 4.2.1 and 4.4.
pub(crate) const OCSP_BASIC: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.1");
pub(crate) const OCSP_NONCE: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.2");
pub(crate) const OCSP_NO_CHECK: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.5");
pub(crate) const OCSP_ARCHIVE_CUTOFF: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.6");
