//! Certificates for one test each: an entity is a name and a key, a plan says what to issue.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder};
use trien_trust::{Budget, PathPurpose, PathResult, TrustAnchors, build_paths};
use trien_types::UnixTime;
use trien_x509::Certificate;

/// A moment so many days after 2020-01-01.
pub(crate) fn day(days: i64) -> UnixTime {
    UnixTime::from_seconds(1_577_836_800 + days * 86_400)
}

/// A moment at which every plan that says nothing else is valid.
pub(crate) fn now() -> UnixTime {
    day(1_000)
}

/// Name and key of somebody who issues or is issued certificates.
#[derive(Clone)]
pub(crate) struct Entity {
    pub(crate) name: String,
    pub(crate) key: PKey<Private>,
}

pub(crate) fn entity(name: &str) -> Entity {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    Entity {
        name: name.to_owned(),
        key: PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Authority,
    AuthorityWithout(Missing),
    Signer,
    SignerForEncryption,
    SignerWithoutUsage,
    TimeStamper,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Authority,
    CertificateSigning,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyIdentifiers {
    Absent,
    Present,
}

#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    pub(crate) from: UnixTime,
    pub(crate) until: UnixTime,
    pub(crate) path_length: Option<u32>,
    pub(crate) identifiers: KeyIdentifiers,
    pub(crate) digest: MessageDigest,
    /// Object identifier, whether critical, DER.
    pub(crate) more: Vec<(&'static str, Critical, Vec<u8>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Critical {
    No,
    Yes,
}

pub(crate) fn plan(kind: Kind) -> Plan {
    Plan {
        kind,
        from: day(0),
        until: day(3_650),
        path_length: None,
        identifiers: KeyIdentifiers::Present,
        digest: MessageDigest::sha256(),
        more: Vec::new(),
    }
}

impl Plan {
    pub(crate) fn valid(self, from: UnixTime, until: UnixTime) -> Self {
        Self {
            from,
            until,
            ..self
        }
    }

    pub(crate) fn with(mut self, oid: &'static str, critical: Critical, der: Vec<u8>) -> Self {
        self.more.push((oid, critical, der));
        self
    }
}

fn x509_name(name: &str) -> X509Name {
    let mut builder = X509NameBuilder::new().unwrap();
    builder.append_entry_by_text("C", "VN").unwrap();
    builder.append_entry_by_text("CN", name).unwrap();
    builder.build()
}

/// Issues a certificate for `subject`, signed by `issuer`, which may be itself.
pub(crate) fn issue(subject: &Entity, issuer: &Entity, plan: &Plan) -> Certificate {
    let certificate = issue_x509(subject, issuer, plan);
    Certificate::from_der(certificate.to_der().unwrap()).unwrap()
}

pub(crate) fn issue_x509(subject: &Entity, issuer: &Entity, plan: &Plan) -> X509 {
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&x509_name(&subject.name)).unwrap();
    builder.set_issuer_name(&x509_name(&issuer.name)).unwrap();
    builder.set_pubkey(&subject.key).unwrap();
    let from = Asn1Time::from_unix(plan.from.seconds()).unwrap();
    let until = Asn1Time::from_unix(plan.until.seconds()).unwrap();
    builder.set_not_before(&from).unwrap();
    builder.set_not_after(&until).unwrap();
    let mut serial = BigNum::new().unwrap();
    serial.rand(120, MsbOption::ONE, false).unwrap();
    let serial = serial.to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    usages(&mut builder, plan);
    for (oid, critical, der) in &plan.more {
        let value = Asn1OctetString::new_from_bytes(der).unwrap();
        let oid = Asn1Object::from_str(oid).unwrap();
        let extension =
            X509Extension::new_from_der(&oid, *critical == Critical::Yes, &value).unwrap();
        builder.append_extension(extension).unwrap();
    }
    if plan.identifiers == KeyIdentifiers::Present {
        identifiers(&mut builder, issuer);
    }
    builder.sign(&issuer.key, plan.digest).unwrap();
    builder.build()
}

fn usages(builder: &mut X509Builder, plan: &Plan) {
    let mut basic = BasicConstraints::new();
    basic.critical();
    let mut usage = KeyUsage::new();
    usage.critical();
    match plan.kind {
        Kind::Authority => {
            basic.ca();
            usage.key_cert_sign().crl_sign();
        }
        Kind::AuthorityWithout(Missing::Authority) => {
            usage.key_cert_sign().crl_sign();
        }
        Kind::AuthorityWithout(Missing::CertificateSigning) => {
            basic.ca();
            usage.crl_sign();
        }
        Kind::Signer | Kind::TimeStamper => {
            usage.digital_signature().non_repudiation();
        }
        Kind::SignerForEncryption => {
            usage.key_encipherment();
        }
        Kind::SignerWithoutUsage => {}
    }
    if let Some(length) = plan.path_length {
        basic.pathlen(length);
    }
    builder.append_extension(basic.build().unwrap()).unwrap();
    if plan.kind != Kind::SignerWithoutUsage {
        builder.append_extension(usage.build().unwrap()).unwrap();
    }
    if plan.kind == Kind::TimeStamper {
        let mut purposes = ExtendedKeyUsage::new();
        purposes.critical().time_stamping();
        builder.append_extension(purposes.build().unwrap()).unwrap();
    }
}

/// The authority key identifier is taken from a certificate, so one is made with the issuer's key.
fn identifiers(builder: &mut X509Builder, issuer: &Entity) {
    let mut stand_in = X509::builder().unwrap();
    stand_in.set_pubkey(&issuer.key).unwrap();
    let context = stand_in.x509v3_context(None, None);
    let subject_key = SubjectKeyIdentifier::new().build(&context).unwrap();
    stand_in.append_extension(subject_key).unwrap();
    let stand_in = stand_in.build();
    let context = builder.x509v3_context(Some(&stand_in), None);
    let own = SubjectKeyIdentifier::new().build(&context).unwrap();
    let mut authority = AuthorityKeyIdentifier::new();
    let authority = authority.keyid(true).build(&context).unwrap();
    builder.append_extension(own).unwrap();
    builder.append_extension(authority).unwrap();
}

/// A root, an authority below it and a signer below that, all in order.
pub(crate) struct Chain {
    pub(crate) root: Entity,
    pub(crate) authority: Entity,
    pub(crate) root_certificate: Certificate,
    pub(crate) authority_certificate: Certificate,
    pub(crate) signer: Certificate,
}

pub(crate) fn chain() -> Chain {
    chain_of(&plan(Kind::Authority), &plan(Kind::Signer))
}

pub(crate) fn chain_of(authority_plan: &Plan, signer_plan: &Plan) -> Chain {
    let root = entity("Root");
    let authority = entity("Authority");
    Chain {
        root_certificate: issue(&root, &root, &plan(Kind::Authority)),
        authority_certificate: issue(&authority, &root, authority_plan),
        signer: issue(&entity("Signer"), &authority, signer_plan),
        root,
        authority,
    }
}

pub(crate) fn trusting(certificates: &[&Certificate]) -> TrustAnchors {
    TrustAnchors::from_certificates(
        certificates
            .iter()
            .map(|certificate| (*certificate).clone()),
    )
}

/// Paths for signing, with the default budget.
pub(crate) fn search(
    target: &Certificate,
    candidates: &[&Certificate],
    anchors: &TrustAnchors,
    time: UnixTime,
) -> PathResult {
    let candidates: Vec<Certificate> = candidates.iter().map(|one| (*one).clone()).collect();
    build_paths(
        target,
        &candidates,
        anchors,
        time,
        PathPurpose::DocumentSigning,
        &Budget::default(),
    )
}

impl Chain {
    /// The signer's paths at `time` with the root as the only anchor.
    pub(crate) fn search_at(&self, time: UnixTime) -> PathResult {
        let anchors = trusting(&[&self.root_certificate]);
        search(&self.signer, &[&self.authority_certificate], &anchors, time)
    }
}

/// Common names on the path, the target's first.
pub(crate) fn names<'a>(certificates: impl Iterator<Item = &'a Certificate>) -> Vec<String> {
    certificates
        .map(|certificate| certificate.subject().common_name().unwrap().to_owned())
        .collect()
}
