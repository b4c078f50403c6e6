//! The people of the school: certificates, a token each, and what the authorities say of them.

use std::fs;
use std::path::{Path, PathBuf};

use trien::token::{Module, Token};
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{Limits, Role as SchoolRole, Signatory, SuppliedEvidence, UnixTime};
use trien_testkit::pki::{
    CertificatePlan, Identity, PkiSettings, Role, SubjectAttribute, TestPki, Validity,
};
use trien_testkit::services::{CrlPlan, RevocationReason, RevokedCertificate, make_crl};
use trien_testkit::tokens::{ContextLogin, Filler, TEST_PIN, TokenPlan, TokenSet, softhsm_module};

use crate::Outcome;

const DAY: i64 = 86_400;
/// Before signing lists were issued, in seconds.
const LISTED_BEFORE: i64 = 60;
/// After signing newer lists were.
const LISTED_AFTER: i64 = 3_600;
/// When the records are verified, after signing.
pub(crate) const JUDGED_AFTER: i64 = 3_660;

/// Further people, beside the roles of the test PKI: token label, name, who issues.
const FURTHER: [(&str, &str, Role); 7] = [
    (
        "GiaoVienBoMon2",
        "Vũ Thị Lan (THỬ NGHIỆM)",
        Role::PublicAuthority,
    ),
    (
        "GiaoVienBoMon3",
        "Đỗ Văn Hải (THỬ NGHIỆM)",
        Role::PublicAuthority,
    ),
    (
        "PhoHieuTruong",
        "Bùi Thị Thủy (THỬ NGHIỆM)",
        Role::GovernmentAuthority,
    ),
    (
        EXPIRED[0],
        "Ngô Văn Hạn (THỬ NGHIỆM)",
        Role::GovernmentAuthority,
    ),
    (
        REVOKED[0],
        "Lý Thị Thu (THỬ NGHIỆM)",
        Role::GovernmentAuthority,
    ),
    (
        EXPIRED[1],
        "Trường cũ một (THỬ NGHIỆM)",
        Role::GovernmentAuthority,
    ),
    (
        REVOKED[1],
        "Trường cũ hai (THỬ NGHIỆM)",
        Role::GovernmentAuthority,
    ),
];

/// Tokens whose certificates are out of their validity: a person's and a seal.
pub(crate) const EXPIRED: [&str; 2] = ["HetHan", "ConDauHetHan"];
/// Tokens whose certificates are revoked: a person's and a seal.
pub(crate) const REVOKED: [&str; 2] = ["DaThuHoi", "ConDauDaThuHoi"];

/// Makes keys, certificates, tokens, anchors and lists; gives SoftHSM's configuration file.
pub(crate) fn set_up(folder: &Path, now: UnixTime) -> Outcome<PathBuf> {
    fs::create_dir_all(folder)?;
    let tokens = folder.join("softhsm");
    if tokens.exists() {
        fs::remove_dir_all(&tokens)?;
    }
    let pki = TestPki::open_or_make(&folder.join("pki"), settings(now))?;
    pki.write_anchors(&folder.join("anchors"))?;
    let mut plans = Vec::new();
    for role in Role::SIGNERS {
        plans.push(plan(
            &pki,
            role.label(),
            pki.identity(role)?,
            role.issuer(),
        )?);
    }
    let mut revoked = Vec::new();
    for (number, (label, name, issuer)) in (100_u32..).zip(FURTHER) {
        let identity = further(&pki, label, (name, number), issuer, now)?;
        plans.push(plan(&pki, label, &identity, issuer)?);
        if REVOKED.contains(&label) {
            revoked.push(identity);
        }
    }
    for (name, at) in [
        ("evidence", now.plus_seconds(LISTED_BEFORE.saturating_neg())),
        ("evidence-later", now.plus_seconds(LISTED_AFTER)),
    ] {
        write_evidence(&pki, &folder.join(name), &revoked, at)?;
    }
    println!(
        "PKI thử nghiệm và {} thiết bị SoftHSM / test PKI and SoftHSM tokens: {} (PIN {TEST_PIN})",
        plans.len(),
        folder.display()
    );
    Ok(TokenSet::make(&tokens, &plans, &Filler::ThisProgram)?.config_path)
}

/// Certificates around the present, in whole days, so that the program works in any year.
fn settings(now: UnixTime) -> PkiSettings {
    let today = now.plus_seconds(now.seconds().rem_euclid(DAY).saturating_neg());
    let mut settings = PkiSettings::default();
    settings.roots = around(today, -3_650, 3_650);
    settings.authorities = around(today, -1_000, 1_825);
    settings.leaves = around(today, -30, 1_000);
    settings
}

fn around(today: UnixTime, from: i64, until: i64) -> Validity {
    let shift = |days: i64| today.plus_seconds(days.saturating_mul(DAY));
    Validity::new(shift(from), shift(until))
}

fn further(
    pki: &TestPki,
    label: &str,
    (name, number): (&str, u32),
    issuer: Role,
    now: UnixTime,
) -> Outcome<Identity> {
    let body = [EXPIRED[1], REVOKED[1]].contains(&label);
    let card = if body {
        format!("MST:0000000001-{number}")
    } else {
        format!("CCCD:000000000{number}")
    };
    let subject = [
        (SubjectAttribute::UserId, card.as_str()),
        (SubjectAttribute::CommonName, name),
        (SubjectAttribute::State, "Hải Phòng"),
        (SubjectAttribute::Country, "VN"),
    ];
    let mut plan = CertificatePlan::signer(issuer, &subject);
    if EXPIRED.contains(&label) {
        let today = now.plus_seconds(now.seconds().rem_euclid(DAY).saturating_neg());
        plan = plan.with_validity(around(today, -400, -10));
    }
    Ok(pki.issue(label, &plan)?)
}

fn plan(pki: &TestPki, label: &str, identity: &Identity, issuer: Role) -> Outcome<TokenPlan> {
    let authority = pki.identity(issuer)?;
    Ok(TokenPlan::new(label, TEST_PIN)
        .with_identity(identity, ContextLogin::NotAsked)?
        .with_certificate(authority.name(), &authority.certificate_der()?))
}

/// The authorities' certificates and a list by each authority and root.
fn write_evidence(pki: &TestPki, folder: &Path, revoked: &[Identity], at: UnixTime) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let authorities = [Role::PublicAuthority, Role::GovernmentAuthority];
    for role in authorities.into_iter().chain(Role::ANCHORS) {
        let mut list = CrlPlan::new(at);
        if role == Role::GovernmentAuthority {
            // A day before anybody signs.
            let since = at.plus_seconds(DAY.saturating_neg());
            let reason = RevocationReason::KeyCompromise;
            for identity in revoked {
                let entry = RevokedCertificate::new(identity.certificate(), since, reason)?;
                list = list.with(entry);
            }
        }
        let identity = pki.identity(role)?;
        let label = role.label();
        fs::write(
            folder.join(format!("{label}.crl")),
            make_crl(identity, &list)?,
        )?;
        if authorities.contains(&role) {
            let path = folder.join(format!("{label}.cer"));
            fs::write(path, identity.certificate_der()?)?;
        }
    }
    Ok(())
}

/// Whom to trust, what is known of certificates, and where the tokens are.
pub(crate) struct Cast {
    pub(crate) anchors: TrustAnchors,
    pub(crate) evidence: SuppliedEvidence,
    pub(crate) later_evidence: SuppliedEvidence,
    /// When the first signature is made.
    pub(crate) now: UnixTime,
    module: Module,
}

impl Cast {
    pub(crate) fn open(folder: &Path, now: UnixTime) -> Outcome<Self> {
        let limits = Limits::default();
        let anchors = folder.join("anchors");
        Ok(Self {
            anchors: TrustAnchors::read_dir(&anchors, &FolderLimits::default())?.anchors,
            evidence: SuppliedEvidence::read_dir(&folder.join("evidence"), &limits)?,
            later_evidence: SuppliedEvidence::read_dir(&folder.join("evidence-later"), &limits)?,
            now,
            module: Module::load(&softhsm_module()?)?,
        })
    }

    pub(crate) fn token(&self, label: &str) -> Outcome<Token> {
        Ok(self.module.token_labelled(label)?)
    }

    /// The certificate on a token: listed without a PIN.
    pub(crate) fn certificate(&self, label: &str) -> Outcome<Vec<u8>> {
        let inventory = self.token(label)?.inventory()?;
        let found = inventory.signing_certificates().next();
        Ok(found.ok_or("the token has no certificate")?.der.clone())
    }
}

/// Whose token signs in a role.
pub(crate) fn label_of(signatory: Signatory) -> &'static str {
    match signatory.role {
        SchoolRole::SubjectTeacher => Role::SubjectTeacher.label(),
        SchoolRole::HomeroomTeacher => Role::HomeroomTeacher.label(),
        SchoolRole::GroupHead => Role::HeadOfGroup.label(),
        SchoolRole::VicePrincipal => "PhoHieuTruong",
        SchoolRole::Clerk => Role::SchoolSeal.label(),
        SchoolRole::Principal | _ => Role::Principal.label(),
    }
}

/// The tokens that sign in a step in turn: three subject teachers, else one.
pub(crate) fn labels_of(signatory: Signatory, at_most: usize) -> Vec<&'static str> {
    let mut labels = vec![label_of(signatory)];
    if signatory.role == SchoolRole::SubjectTeacher && at_most > 1 {
        labels.extend(["GiaoVienBoMon2", "GiaoVienBoMon3"]);
    }
    labels.truncate(at_most);
    labels
}
