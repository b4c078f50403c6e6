//! The objects on a token, as one session sees them.
//! Knows nothing of which key belongs to which certificate.

use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_ULONG, CKA_ALWAYS_AUTHENTICATE, CKA_CERTIFICATE_TYPE, CKA_EC_POINT,
    CKA_ID, CKA_KEY_TYPE, CKA_LABEL, CKA_MODULUS, CKA_PUBLIC_KEY_INFO, CKA_VALUE, CKC_X_509,
    CKK_EC, CKK_EC_EDWARDS, CKK_RSA,
};
use openssl::pkey::{PKey, Public};
use openssl::sha::sha256;
use openssl::x509::X509;
use trien_types::CertificateId;

use crate::TokenError;
use crate::certificate_order::has_issued;
use crate::public_key::{KeyFamily, PublicPart};
use crate::raw::AttributeRead;
use crate::worker::WorkerState;

/// Objects of one class read from a token. A full token holds some tens.
const OBJECTS: usize = 1_024;
/// First buffer for labels, ids and numbers. Some modules answer size queries with 0, so none is
/// made (the sizes are those that working signers use).
const SHORT: usize = 256;
/// First buffer for certificates and keys.
const LONG: usize = 4_096;
/// Second buffer, for a module that finds the first too small without saying what it needs.
const LONGER: usize = 65_536;
/// Largest value taken from a token. Tokens hold 32 to 128 kB in all.
const LONGEST: usize = 1_048_576;

/// A certificate object.
pub(crate) struct CertificateObject {
    pub(crate) id: CertificateId,
    pub(crate) der: Vec<u8>,
    pub(crate) key_id: Vec<u8>,
    pub(crate) label: String,
    /// None if OpenSSL cannot read the certificate or its key.
    pub(crate) public_key: Option<PKey<Public>>,
    /// Whether another certificate on the token was issued with it.
    pub(crate) has_issued: bool,
}

/// A private or public key object.
#[derive(Clone)]
pub(crate) struct KeyObject {
    pub(crate) handle: ObjectHandle,
    pub(crate) key_id: Vec<u8>,
    pub(crate) label: String,
    pub(crate) key_type: Option<CK_ULONG>,
    pub(crate) public: Vec<PublicPart>,
    pub(crate) always_authenticate: bool,
}

impl KeyObject {
    /// Whether `CKA_KEY_TYPE` allows a key of this family; a token that is silent allows any.
    pub(crate) fn may_be(&self, family: KeyFamily) -> bool {
        let expected = match family {
            KeyFamily::Rsa | KeyFamily::RsaPss => CKK_RSA,
            KeyFamily::Ec { .. } => CKK_EC,
            KeyFamily::Ed25519 | KeyFamily::Ed448 => CKK_EC_EDWARDS,
        };
        self.key_type.is_none_or(|found| found == expected)
    }
}

/// Reads every X.509 certificate that the session sees.
pub(crate) fn certificates(
    state: &WorkerState,
    session: &Session,
) -> Result<Vec<CertificateObject>, TokenError> {
    let reader = Reader { state, session };
    let mut certificates = Vec::new();
    for handle in reader.handles(ObjectClass::CERTIFICATE)? {
        let type_ = reader.number(handle, CKA_CERTIFICATE_TYPE)?;
        let Some(der) = reader
            .octets(handle, CKA_VALUE, LONG)?
            .filter(|der| !der.is_empty())
        else {
            continue;
        };
        if type_.is_some_and(|type_| type_ != CKC_X_509) {
            continue;
        }
        let parsed = X509::from_der(&der).ok();
        certificates.push(CertificateObject {
            id: CertificateId::from_sha256(sha256(&der)),
            key_id: reader.octets(handle, CKA_ID, SHORT)?.unwrap_or_default(),
            label: reader.label(handle)?,
            public_key: parsed.and_then(|certificate| certificate.public_key().ok()),
            has_issued: false,
            der,
        });
    }
    let pool: Vec<Vec<u8>> = certificates.iter().map(|held| held.der.clone()).collect();
    for certificate in &mut certificates {
        certificate.has_issued = has_issued(&certificate.der, &pool);
    }
    Ok(certificates)
}

/// Reads every private key that the session sees, with what the token shows of its public part.
pub(crate) fn private_keys(
    state: &WorkerState,
    session: &Session,
    public_keys: &[KeyObject],
) -> Result<Vec<KeyObject>, TokenError> {
    let mut keys = keys(state, session, ObjectClass::PRIVATE_KEY)?;
    for key in &mut keys {
        // A private key on a curve has no point of its own; its twin among the public keys does.
        let mut twins = public_keys.iter().filter(|twin| {
            !key.key_id.is_empty() && twin.key_id == key.key_id && twin.key_type == key.key_type
        });
        if let (Some(twin), None) = (twins.next(), twins.next())
            && key.public.is_empty()
        {
            key.public.clone_from(&twin.public);
        }
    }
    Ok(keys)
}

/// Reads every public key that the session sees.
pub(crate) fn public_keys(
    state: &WorkerState,
    session: &Session,
) -> Result<Vec<KeyObject>, TokenError> {
    keys(state, session, ObjectClass::PUBLIC_KEY)
}

fn keys(
    state: &WorkerState,
    session: &Session,
    class: ObjectClass,
) -> Result<Vec<KeyObject>, TokenError> {
    let reader = Reader { state, session };
    let mut keys = Vec::new();
    for handle in reader.handles(class)? {
        let mut public = Vec::new();
        let mut add = |attribute, part: fn(Vec<u8>) -> PublicPart| {
            let value = reader.octets(handle, attribute, LONG)?;
            public.extend(value.filter(|value| !value.is_empty()).map(part));
            Ok::<_, TokenError>(())
        };
        add(CKA_MODULUS, PublicPart::Modulus)?;
        add(CKA_EC_POINT, PublicPart::Point)?;
        add(CKA_PUBLIC_KEY_INFO, PublicPart::Info)?;
        let always = if class == ObjectClass::PRIVATE_KEY {
            reader.octets(handle, CKA_ALWAYS_AUTHENTICATE, SHORT)?
        } else {
            None
        };
        keys.push(KeyObject {
            handle,
            key_id: reader.octets(handle, CKA_ID, SHORT)?.unwrap_or_default(),
            label: reader.label(handle)?,
            key_type: reader.number(handle, CKA_KEY_TYPE)?,
            public,
            always_authenticate: always.is_some_and(|octets| octets.iter().any(|o| *o != 0)),
        });
    }
    Ok(keys)
}

struct Reader<'a> {
    state: &'a WorkerState,
    session: &'a Session,
}

impl Reader<'_> {
    /// Enumerates a class. Searching by value is not supported by some modules.
    fn handles(&self, class: ObjectClass) -> Result<Vec<ObjectHandle>, TokenError> {
        let template = [Attribute::Class(class)];
        let handles = self
            .session
            .iter_objects(&template)
            .map_err(TokenError::failed)?;
        // The search ends before attributes are read: several modules know only one operation.
        handles
            .take(OBJECTS)
            .collect::<Result<_, _>>()
            .map_err(TokenError::failed)
    }

    /// An attribute's octets; none if the object has no such attribute.
    fn octets(
        &self,
        handle: ObjectHandle,
        attribute: CK_ATTRIBUTE_TYPE,
        first_buffer: usize,
    ) -> Result<Option<Vec<u8>>, TokenError> {
        let mut buffer = first_buffer;
        loop {
            let raw = &self.state.raw;
            match raw.attribute(self.session.handle(), handle.handle(), attribute, buffer)? {
                AttributeRead::Value(value) => return Ok(Some(value)),
                AttributeRead::Absent => return Ok(None),
                AttributeRead::TooSmall(needed) => {
                    let next = needed.unwrap_or(LONGER);
                    if next <= buffer || next > LONGEST {
                        return Ok(None);
                    }
                    buffer = next;
                }
            }
        }
    }

    fn number(
        &self,
        handle: ObjectHandle,
        attribute: CK_ATTRIBUTE_TYPE,
    ) -> Result<Option<CK_ULONG>, TokenError> {
        let octets = self.octets(handle, attribute, SHORT)?;
        Ok(octets.and_then(|octets| Some(CK_ULONG::from_ne_bytes(octets.try_into().ok()?))))
    }

    fn label(&self, handle: ObjectHandle) -> Result<String, TokenError> {
        let octets = self.octets(handle, CKA_LABEL, SHORT)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&octets).into_owned())
    }
}
