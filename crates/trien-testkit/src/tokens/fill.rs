//! Filling tokens through PKCS#11: initialising, setting the PIN, creating objects.
//! Works in the process that calls it, which must have been started with `SOFTHSM2_CONF` set.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, CertificateType, KeyType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use openssl::pkey::{Id, PKey, Private};
use openssl::x509::X509;

use super::plan::{CertificateObject, ContextLogin, KeyObject};
use super::{TokenError, TokenPlan};

/// PIN of the security officer of every test token.
pub const SECURITY_OFFICER_PIN: &str = "so-87654321";

/// Makes one new token per plan with a module that is initialised already.
///
/// # Errors
/// The module refuses, or a key is of a kind tokens cannot hold.
pub fn fill(module: &Pkcs11, plans: &[TokenPlan]) -> Result<(), TokenError> {
    for plan in plans {
        fill_one(module, plan)?;
    }
    Ok(())
}

/// Loads and initialises the module, then makes one new token per plan.
pub(super) fn load_and_fill(path: &str, plans: &[TokenPlan]) -> Result<(), TokenError> {
    let failed = |source| TokenError::Pkcs11 {
        label: None,
        source,
    };
    let module = Pkcs11::new(path).map_err(failed)?;
    module
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .map_err(failed)?;
    fill(&module, plans)
}

fn fill_one(module: &Pkcs11, plan: &TokenPlan) -> Result<(), TokenError> {
    let failed = TokenError::on(&plan.label);
    let mut free = None;
    for slot in module.get_slots_with_token().map_err(&failed)? {
        let info = module.get_token_info(slot).map_err(&failed)?;
        if !info.token_initialized() {
            free = Some(slot);
            break;
        }
    }
    let slot = free.ok_or(TokenError::NoFreeSlot)?;
    let officer = AuthPin::new(SECURITY_OFFICER_PIN.into());
    let user = AuthPin::new(plan.pin.as_str().into());
    module
        .init_token(slot, &officer, &plan.label)
        .map_err(&failed)?;
    let session = module.open_rw_session(slot).map_err(&failed)?;
    session
        .login(UserType::So, Some(&officer))
        .map_err(&failed)?;
    session.init_pin(&user).map_err(&failed)?;
    session.logout().map_err(&failed)?;
    session
        .login(UserType::User, Some(&user))
        .map_err(&failed)?;
    for key in &plan.keys {
        create_key(&session, &plan.label, key)?;
    }
    for certificate in &plan.certificates {
        create_certificate(&session, &plan.label, certificate)?;
    }
    session.logout().map_err(&failed)
}

fn create_key(session: &Session, token: &str, object: &KeyObject) -> Result<(), TokenError> {
    let key = PKey::private_key_from_pkcs8(&object.pkcs8).map_err(TokenError::OpenSsl)?;
    let shared = |class| {
        vec![
            Attribute::Class(class),
            Attribute::Token(true),
            Attribute::Id(object.id.clone()),
            Attribute::Label(object.label.clone().into_bytes()),
        ]
    };
    let mut private = shared(ObjectClass::PRIVATE_KEY);
    private.extend([
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::AlwaysAuthenticate(object.login == ContextLogin::Asked),
    ]);
    let mut public = shared(ObjectClass::PUBLIC_KEY);
    public.extend([Attribute::Private(false), Attribute::Verify(true)]);
    let values = key_values(&key)?;
    private.extend(values.private);
    public.extend(values.public);
    let failed = TokenError::on(token);
    session.create_object(&private).map_err(&failed)?;
    session.create_object(&public).map_err(&failed)?;
    Ok(())
}

struct KeyValues {
    private: Vec<Attribute>,
    public: Vec<Attribute>,
}

/// PKCS#11 v3.0 current mechanisms, 2.1.2 and 2.1.3 (RSA), 2.3.3 and 2.3.4 (EC), 2.3.5 and
/// 2.3.6 (Edwards).
fn key_values(key: &PKey<Private>) -> Result<KeyValues, TokenError> {
    match key.id() {
        Id::RSA => rsa_values(key),
        Id::EC => elliptic_values(key),
        Id::ED25519 | Id::ED448 => edwards_values(key),
        _ => Err(TokenError::KeyKindUnsupported),
    }
}

fn rsa_values(key: &PKey<Private>) -> Result<KeyValues, TokenError> {
    let rsa = key.rsa().map_err(TokenError::OpenSsl)?;
    let public = vec![
        Attribute::KeyType(KeyType::RSA),
        Attribute::Modulus(rsa.n().to_vec()),
        Attribute::PublicExponent(rsa.e().to_vec()),
    ];
    let mut private = public.clone();
    private.push(Attribute::PrivateExponent(rsa.d().to_vec()));
    let parts = [
        rsa.p().map(|part| Attribute::Prime1(part.to_vec())),
        rsa.q().map(|part| Attribute::Prime2(part.to_vec())),
        rsa.dmp1().map(|part| Attribute::Exponent1(part.to_vec())),
        rsa.dmq1().map(|part| Attribute::Exponent2(part.to_vec())),
        rsa.iqmp().map(|part| Attribute::Coefficient(part.to_vec())),
    ];
    private.extend(parts.into_iter().flatten());
    Ok(KeyValues { private, public })
}

fn elliptic_values(key: &PKey<Private>) -> Result<KeyValues, TokenError> {
    use openssl::bn::BigNumContext;
    use openssl::ec::PointConversionForm;
    use openssl::nid::Nid;
    let elliptic = key.ec_key().map_err(TokenError::OpenSsl)?;
    // namedCurve as a DER OBJECT IDENTIFIER (RFC 5480, 2.1.1).
    let parameters: &[u8] = match elliptic.group().curve_name() {
        Some(Nid::X9_62_PRIME256V1) => &[6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7],
        Some(Nid::SECP384R1) => &[6, 5, 0x2B, 0x81, 4, 0, 0x22],
        Some(Nid::SECP521R1) => &[6, 5, 0x2B, 0x81, 4, 0, 0x23],
        _ => return Err(TokenError::KeyKindUnsupported),
    };
    let mut context = BigNumContext::new().map_err(TokenError::OpenSsl)?;
    let point = elliptic
        .public_key()
        .to_bytes(
            elliptic.group(),
            PointConversionForm::UNCOMPRESSED,
            &mut context,
        )
        .map_err(TokenError::OpenSsl)?;
    let shared = vec![
        Attribute::KeyType(KeyType::EC),
        Attribute::EcParams(parameters.to_vec()),
    ];
    let mut private = shared.clone();
    private.push(Attribute::Value(elliptic.private_key().to_vec()));
    let mut public = shared;
    public.push(Attribute::EcPoint(octet_string(&point)));
    Ok(KeyValues { private, public })
}

fn edwards_values(key: &PKey<Private>) -> Result<KeyValues, TokenError> {
    // RFC 8410, 3: id-Ed25519 and id-Ed448.
    let parameters: &[u8] = if key.id() == Id::ED25519 {
        &[6, 3, 0x2B, 0x65, 0x70]
    } else {
        &[6, 3, 0x2B, 0x65, 0x71]
    };
    let shared = vec![
        Attribute::KeyType(KeyType::EC_EDWARDS),
        Attribute::EcParams(parameters.to_vec()),
    ];
    let mut private = shared.clone();
    private.push(Attribute::Value(
        key.raw_private_key().map_err(TokenError::OpenSsl)?,
    ));
    let point = key.raw_public_key().map_err(TokenError::OpenSsl)?;
    let mut public = shared;
    public.push(Attribute::EcPoint(octet_string(&point)));
    Ok(KeyValues { private, public })
}

/// `CKA_EC_POINT` is the DER OCTET STRING of the point.
fn octet_string(contents: &[u8]) -> Vec<u8> {
    crate::der::value(4, contents)
}

fn create_certificate(
    session: &Session,
    token: &str,
    object: &CertificateObject,
) -> Result<(), TokenError> {
    let certificate = X509::from_der(&object.der).map_err(TokenError::OpenSsl)?;
    let subject = certificate
        .subject_name()
        .to_der()
        .map_err(TokenError::OpenSsl)?;
    let issuer = certificate
        .issuer_name()
        .to_der()
        .map_err(TokenError::OpenSsl)?;
    let serial = certificate
        .serial_number()
        .to_bn()
        .map_err(TokenError::OpenSsl)?
        .to_vec();
    session
        .create_object(&[
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::Id(object.id.clone()),
            Attribute::Label(object.label.clone().into_bytes()),
            Attribute::Subject(subject),
            Attribute::Issuer(issuer),
            Attribute::SerialNumber(crate::der::value(2, &serial)),
            Attribute::Value(object.der.clone()),
        ])
        .map(|_| ())
        .map_err(TokenError::on(token))
}
