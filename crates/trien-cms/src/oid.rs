//! The object identifiers of CMS, CAdES and time stamps, under their standards' names.
//! Algorithms are named in `trien-x509`.

use trien_x509::const_oid::ObjectIdentifier as Oid;

// RFC 5652, 4, 5.1, 11.
pub(crate) const ID_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const ID_SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_TIME: Oid = Oid::new_unwrap("1.2.840.113549.1.9.5");

// RFC 5035, 3 and 4.
pub(crate) const SIGNING_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
pub(crate) const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");

// RFC 3161, 2.4.2 and A; RFC 5280 names the purpose.
pub(crate) const ID_CT_TST_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");
pub(crate) const SIGNATURE_TIME_STAMP: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");
pub(crate) const TIME_STAMPING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.8");

// ETSI EN 319 122-1, 5.2.
pub(crate) const SIGNATURE_POLICY: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.15");
pub(crate) const COMMITMENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.16");
pub(crate) const SIGNER_ATTRIBUTES: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.18");
pub(crate) const SIGNER_ATTRIBUTES_V2: Oid = Oid::new_unwrap("0.4.0.19122.1.1");

// RFC 5126, 5.11.1: what a commitment-type-indication names.
pub(crate) const PROOF_OF_ORIGIN: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.6.1");
pub(crate) const PROOF_OF_RECEIPT: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.6.2");
pub(crate) const PROOF_OF_DELIVERY: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.6.3");
pub(crate) const PROOF_OF_SENDER: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.6.4");
pub(crate) const PROOF_OF_APPROVAL: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.6.5");
pub(crate) const PROOF_OF_CREATION: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.6.6");

// X.520, 6.2.1 and 6.4.3: attributes that name a claimed role.
pub(crate) const AT_NAME: Oid = Oid::new_unwrap("2.5.4.41");
pub(crate) const AT_TITLE: Oid = Oid::new_unwrap("2.5.4.12");

/// ISO 32000-2, 12.8.3.3.2: Adobe's revocation information archival.
pub(crate) const REVOCATION_INFO_ARCHIVAL: Oid = Oid::new_unwrap("1.2.840.113583.1.1.8");
