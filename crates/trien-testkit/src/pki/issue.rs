//! Certificates from plans: names, extensions, serial numbers, signatures.
//! Knows nothing of files.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{Id, PKey, PKeyRef, Private};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder, X509Ref};

use super::{CertificatePlan, CertificatePurpose, Pointers, SubjectAttribute, Validity};
use crate::der;

/// Who signs: nobody but the key itself, or an authority.
#[derive(Clone, Copy)]
pub(super) enum Issuer<'a> {
    Itself,
    Authority {
        certificate: &'a X509Ref,
        key: &'a PKeyRef<Private>,
    },
}

pub(super) fn issue(
    plan: &CertificatePlan,
    validity: Validity,
    pointers: Option<&Pointers>,
    key: &PKey<Private>,
    issuer: Issuer<'_>,
) -> Result<X509, ErrorStack> {
    let subject = name(&plan.subject)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_subject_name(&subject)?;
    builder.set_pubkey(key)?;
    let from = Asn1Time::from_unix(validity.not_before.seconds())?;
    let until = Asn1Time::from_unix(validity.not_after.seconds())?;
    builder.set_not_before(&from)?;
    builder.set_not_after(&until)?;
    let number = serial(plan, validity, pointers, key)?;
    builder.set_serial_number(number.to_asn1_integer()?.as_ref())?;
    let (issuer_name, issuer_certificate, issuer_key) = match issuer {
        Issuer::Itself => (subject.as_ref(), None, key.as_ref()),
        Issuer::Authority { certificate, key } => {
            (certificate.subject_name(), Some(certificate), key)
        }
    };
    builder.set_issuer_name(issuer_name)?;
    extend(&mut builder, plan.purpose, issuer_certificate)?;
    if let Some(pointers) = pointers {
        point(&mut builder, plan.purpose, pointers)?;
    }
    builder.sign(issuer_key, digest_for(issuer_key))?;
    Ok(builder.build())
}

fn name(subject: &[(SubjectAttribute, String)]) -> Result<X509Name, ErrorStack> {
    let mut builder = X509NameBuilder::new()?;
    for (attribute, value) in subject {
        builder.append_entry_by_text(attribute.oid(), value)?;
    }
    Ok(builder.build())
}

/// RFC 5280, 4.1.2.2: positive, at most 20 octets. Here 16 octets of a hash over what tells two
/// certificates of one issuer apart, so that the same plan and key give the same certificate.
fn serial(
    plan: &CertificatePlan,
    validity: Validity,
    pointers: Option<&Pointers>,
    key: &PKey<Private>,
) -> Result<BigNum, ErrorStack> {
    let mut seed = key.public_key_to_der()?;
    for (attribute, value) in &plan.subject {
        seed.extend_from_slice(attribute.oid().as_bytes());
        seed.extend_from_slice(value.as_bytes());
    }
    seed.extend_from_slice(&validity.not_before.seconds().to_be_bytes());
    seed.extend_from_slice(&validity.not_after.seconds().to_be_bytes());
    if let Some(pointers) = pointers {
        for address in pointers
            .crls
            .iter()
            .chain(&pointers.delta_crls)
            .chain(&pointers.ocsp)
            .chain(&pointers.issuer_certificates)
        {
            seed.extend_from_slice(address.as_bytes());
        }
    }
    let digest = hash(MessageDigest::sha256(), &seed)?;
    let mut number = BigNum::from_slice(digest.get(..16).unwrap_or(&digest))?;
    number.clear_bit(127)?;
    number.set_bit(126)?;
    Ok(number)
}

fn extend(
    builder: &mut X509Builder,
    purpose: CertificatePurpose,
    issuer: Option<&X509Ref>,
) -> Result<(), ErrorStack> {
    let mut basic = BasicConstraints::new();
    let mut usage = KeyUsage::new();
    usage.critical();
    let mut extended = None;
    match purpose {
        CertificatePurpose::Root => {
            basic.critical().ca();
            usage.key_cert_sign().crl_sign();
        }
        CertificatePurpose::IssuingAuthority => {
            basic.critical().ca().pathlen(0);
            usage.key_cert_sign().crl_sign();
        }
        CertificatePurpose::Signer => {
            usage.digital_signature().non_repudiation();
            let mut purposes = ExtendedKeyUsage::new();
            purposes.client_auth().email_protection();
            extended = Some(purposes);
        }
        CertificatePurpose::TimeStamping => {
            usage.digital_signature().non_repudiation();
            let mut purposes = ExtendedKeyUsage::new();
            purposes.critical().time_stamping();
            extended = Some(purposes);
        }
        CertificatePurpose::MixedTimeStamping => {
            usage.digital_signature().non_repudiation();
            let mut purposes = ExtendedKeyUsage::new();
            purposes.critical().time_stamping().email_protection();
            extended = Some(purposes);
        }
        CertificatePurpose::CrlIssuer => {
            usage.crl_sign();
        }
        CertificatePurpose::CheckedOcspResponder | CertificatePurpose::OcspResponder => {
            usage.digital_signature();
            let mut purposes = ExtendedKeyUsage::new();
            purposes.other("OCSPSigning");
            extended = Some(purposes);
        }
    }
    builder.append_extension(basic.build()?)?;
    builder.append_extension(usage.build()?)?;
    if let Some(purposes) = extended {
        builder.append_extension(purposes.build()?)?;
    }
    if purpose == CertificatePurpose::OcspResponder {
        // RFC 6960, 4.2.2.2.1: id-pkix-ocsp-nocheck holds NULL.
        builder.append_extension(extension("1.3.6.1.5.5.7.48.1.5", &[0x05, 0x00])?)?;
    }
    let subject_key = SubjectKeyIdentifier::new().build(&builder.x509v3_context(issuer, None))?;
    builder.append_extension(subject_key)?;
    if let Some(issuer) = issuer {
        let authority = AuthorityKeyIdentifier::new()
            .keyid(true)
            .build(&builder.x509v3_context(Some(issuer), None))?;
        builder.append_extension(authority)?;
    }
    Ok(())
}

fn point(
    builder: &mut X509Builder,
    purpose: CertificatePurpose,
    pointers: &Pointers,
) -> Result<(), ErrorStack> {
    const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
    const FRESHEST_CRL: &str = "2.5.29.46";
    const AUTHORITY_INFORMATION_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
    const AD_OCSP: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 48, 1];
    const AD_CA_ISSUERS: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 48, 2];
    // GeneralName ::= CHOICE { ... uniformResourceIdentifier [6] IA5String ... }
    let uri = |address: &String| der::value(0x86, address.as_bytes());
    // RFC 5280, 4.2.1.13: DistributionPoint { [0] DistributionPointName { [0] fullName },
    // [2] cRLIssuer GeneralNames }; directoryName [4] is explicit, because Name is a CHOICE.
    let points = |addresses: &[String], issuer: Option<&Vec<u8>>| {
        let names: Vec<u8> = addresses.iter().flat_map(uri).collect();
        let full_name = der::value(0xA0, &der::value(0xA0, &names));
        let issuer = issuer.map_or_else(Vec::new, |name| der::value(0xA2, &der::value(0xA4, name)));
        der::sequence(&[der::sequence(&[full_name, issuer])])
    };
    if !pointers.crls.is_empty() {
        let value = points(&pointers.crls, pointers.crl_issuer.as_ref());
        builder.append_extension(extension(CRL_DISTRIBUTION_POINTS, &value)?)?;
    }
    if !pointers.delta_crls.is_empty() {
        let value = points(&pointers.delta_crls, None);
        builder.append_extension(extension(FRESHEST_CRL, &value)?)?;
    }
    // RFC 5280, 4.2.2.1: AccessDescription { accessMethod, accessLocation }
    let describe =
        |method: &[u8], address| der::sequence(&[der::value(0x06, method), uri(address)]);
    let mut descriptions = Vec::new();
    if purpose != CertificatePurpose::OcspResponder {
        descriptions.extend(
            pointers
                .ocsp
                .iter()
                .map(|address| describe(AD_OCSP, address)),
        );
    }
    for address in &pointers.issuer_certificates {
        descriptions.push(describe(AD_CA_ISSUERS, address));
    }
    if !descriptions.is_empty() {
        let value = der::sequence(&descriptions);
        builder.append_extension(extension(AUTHORITY_INFORMATION_ACCESS, &value)?)?;
    }
    Ok(())
}

fn extension(oid: &str, contents: &[u8]) -> Result<X509Extension, ErrorStack> {
    let oid = Asn1Object::from_str(oid)?;
    let contents = Asn1OctetString::new_from_bytes(contents)?;
    X509Extension::new_from_der(&oid, false, &contents)
}

/// The digest that matches the issuer's key; EdDSA has its own (RFC 8410, 6).
pub(crate) fn digest_for(key: &PKeyRef<Private>) -> MessageDigest {
    match key.id() {
        Id::ED25519 | Id::ED448 => MessageDigest::null(),
        Id::EC => match key.bits() {
            0..=256 => MessageDigest::sha256(),
            257..=384 => MessageDigest::sha384(),
            _ => MessageDigest::sha512(),
        },
        _ => MessageDigest::sha256(),
    }
}
