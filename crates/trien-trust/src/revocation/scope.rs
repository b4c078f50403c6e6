//! Whether a CRL is about a certificate at all (RFC 5280, 6.3.3 (b) and (d)).
//! Looks at no signature and at no entry.

use trien_x509::{
    Certificate, CertificateScope, Crl, DistinguishedName, DistributionPointName, GeneralName,
    IssuingDistributionPoint, ReasonFlags,
};

use super::RejectionReason;
use crate::name_key::NameKey;

/// A distribution point of the certificate asked about, ready to be compared.
struct Point {
    /// The names of the place, or of the CRL's issuer where no place is named.
    names: Vec<NameForm>,
    reasons: ReasonFlags,
    /// Who may issue the list there.
    issuer: PointIssuer,
}

enum PointIssuer {
    /// The certificate's issuer.
    Own,
    /// One of these, by an indirect CRL.
    Named(Vec<NameKey>),
}

/// A general name in the form in which names are compared.
#[derive(PartialEq, Eq)]
enum NameForm {
    Directory(NameKey),
    Other(GeneralName),
}

impl NameForm {
    fn of(name: &GeneralName) -> Self {
        if let GeneralName::Directory(name) = name {
            Self::Directory(NameKey::with_dashes_alike(name))
        } else {
            Self::Other(name.clone())
        }
    }
}

/// What a certificate says about where its status is.
pub(super) struct Scope {
    issuer: NameKey,
    is_authority: bool,
    points: Vec<Point>,
}

impl Scope {
    pub(super) fn of(certificate: &Certificate) -> Self {
        // RFC 5280, 6.3.3, at the end: CRLs of the issuer count whatever the points are, as if
        // one point had the issuer's name. An extension that cannot be read adds none.
        let mut points = vec![Point {
            names: vec![NameForm::Directory(NameKey::with_dashes_alike(
                certificate.issuer(),
            ))],
            reasons: ReasonFlags::ALL,
            issuer: PointIssuer::Own,
        }];
        for point in certificate.crl_distribution_points().unwrap_or_default() {
            let issuers: Vec<&DistinguishedName> = directories(&point.crl_issuer).collect();
            let above = issuers.first().copied().unwrap_or(certificate.issuer());
            let names = match &point.name {
                Some(name) => forms(name, above),
                None => point.crl_issuer.iter().map(NameForm::of).collect(),
            };
            points.push(Point {
                names,
                reasons: point.reasons.unwrap_or(ReasonFlags::ALL),
                issuer: if point.crl_issuer.is_empty() {
                    PointIssuer::Own
                } else {
                    let keys = issuers.into_iter().map(NameKey::with_dashes_alike);
                    PointIssuer::Named(keys.collect())
                },
            });
        }
        Self {
            issuer: NameKey::with_dashes_alike(certificate.issuer()),
            is_authority: certificate
                .basic_constraints()
                .is_some_and(|basic| basic.authority),
            points,
        }
    }

    /// The reasons for which `crl` speaks about the certificate.
    pub(super) fn reasons(&self, crl: &Crl) -> Result<ReasonFlags, RejectionReason> {
        let issuer = NameKey::with_dashes_alike(crl.issuer());
        let of_crl = crl.issuing_distribution_point();
        let indirect = of_crl.is_some_and(|point| point.indirect);
        let place = of_crl.and_then(|point| point.distribution_point.as_ref());
        let place = place.map(|name| forms(name, crl.issuer()));
        let of_list = of_crl
            .and_then(|point| point.only_some_reasons)
            .unwrap_or(ReasonFlags::ALL);
        let mut fits_issuer = false;
        let mut fits_place = false;
        let mut reasons: Option<ReasonFlags> = None;
        for point in &self.points {
            let by_issuer = match &point.issuer {
                PointIssuer::Own => issuer == self.issuer,
                PointIssuer::Named(names) => indirect && names.contains(&issuer),
            };
            fits_issuer |= by_issuer;
            let in_place = place
                .as_ref()
                .is_none_or(|place| place.iter().any(|name| point.names.contains(name)));
            if !(by_issuer && in_place) {
                continue;
            }
            fits_place = true;
            let common = point.reasons.intersection(of_list);
            if !common.is_empty() {
                reasons = Some(reasons.map_or(common, |all| all.union(common)));
            }
        }
        if !fits_issuer {
            return Err(RejectionReason::IssuerDoesNotFit);
        }
        self.kind_fits(of_crl)?;
        if !fits_place {
            return Err(RejectionReason::OtherDistributionPoint);
        }
        reasons.ok_or(RejectionReason::ReasonsDoNotMeet)
    }

    fn kind_fits(&self, of_crl: Option<&IssuingDistributionPoint>) -> Result<(), RejectionReason> {
        let scope = of_crl.map_or(CertificateScope::All, |point| point.scope);
        let fits = match scope {
            CertificateScope::All => true,
            CertificateScope::AuthorityCertificates => self.is_authority,
            CertificateScope::UserCertificates => !self.is_authority,
            // About no public key certificate.
            CertificateScope::AttributeCertificates | CertificateScope::Contradictory | _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(RejectionReason::CertificateKindOutOfScope(scope))
        }
    }
}

fn directories(names: &[GeneralName]) -> impl Iterator<Item = &DistinguishedName> {
    names.iter().filter_map(|name| {
        if let GeneralName::Directory(name) = name {
            Some(name)
        } else {
            None
        }
    })
}

/// A relative name that is none names no place.
fn forms(name: &DistributionPointName, above: &DistinguishedName) -> Vec<NameForm> {
    let names = name.full_names(above).unwrap_or_default();
    names.iter().map(NameForm::of).collect()
}

/// Whether one of `names` is the directory name `wanted`.
pub(super) fn names_directory(names: &[GeneralName], wanted: &DistinguishedName) -> bool {
    let wanted = NameKey::with_dashes_alike(wanted);
    directories(names).any(|name| NameKey::with_dashes_alike(name) == wanted)
}
