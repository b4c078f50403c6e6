//! Files of others at each level of PAdES, and what we, DSS and pyHanko say of them, as rows. Used
//! by a test and by the program that prints the table in `docs/LEVELS.md`.

use std::fmt;
use std::path::{Path, PathBuf};

use trien::token::SoftKey;
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{
    Document, EvidenceSearch, ExtensionLevel, ExtensionRequest, Limits, SignatureRequest,
    TimeStampAuthority, Transport, UnixTime, Verification, extend, sign_and_timestamp,
};
use trien_testkit::judges::{BaselineLevel, LevelJudge, Question, ask, raise_with_dss};
use trien_testkit::levels::{ForeignFile, ForeignLevels};

/// When a file is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Fresh,
    SignerExpired,
    AllExpired,
}

impl Moment {
    pub(crate) const ALL: [Self; 3] = [Self::Fresh, Self::SignerExpired, Self::AllExpired];

    const fn of(self, made: &ForeignLevels) -> UnixTime {
        match self {
            Self::Fresh => made.fresh,
            Self::SignerExpired => made.signer_expired,
            Self::AllExpired => made.all_expired,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Fresh => "an hour later",
            Self::SignerExpired => "the signer expired",
            Self::AllExpired => "the TSA expired too",
        })
    }
}

/// A file to judge.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) maker: String,
    pub(crate) level: BaselineLevel,
    pub(crate) path: PathBuf,
}

/// What others made, what we made, and what was made by one and raised by another. `transport`
/// reaches the services.
pub(crate) fn files(
    made: &ForeignLevels,
    input: &[u8],
    folder: &Path,
    transport: &dyn Transport,
) -> Vec<Signed> {
    let mut files = Vec::new();
    let mut keep = |maker: &str, level: BaselineLevel, path: &Path| {
        files.push(Signed {
            maker: maker.to_owned(),
            level,
            path: path.to_owned(),
        });
    };
    for file in &made.files {
        keep(&file.maker.to_string(), file.level, &file.path);
    }
    for (level, octets) in own(made, input, transport) {
        let path = folder.join(format!("trien-{}.pdf", level.name()));
        std::fs::write(&path, octets).unwrap();
        keep("Triện", level, &path);
    }
    let stamped = |file: &&ForeignFile| file.level == BaselineLevel::T;
    for file in made.files.iter().filter(stamped) {
        let octets = std::fs::read(&file.path).unwrap();
        let path = file.path.with_extension("raised.pdf");
        let octets = raised(made, &octets, ExtensionLevel::BLta, transport);
        std::fs::write(&path, octets).unwrap();
        keep(
            &format!("{} T, raised by us,", file.maker),
            BaselineLevel::Lta,
            &path,
        );
    }
    let (ours, path) = (
        folder.join("trien-T.pdf"),
        folder.join("trien-T.raised.pdf"),
    );
    let stamper = made.services.time_stamps.url();
    let raised = raise_with_dss(&ours, BaselineLevel::Lta, &made.anchors, &stamper, &path);
    if raised.unwrap().is_some() {
        keep("Triện T, raised by DSS,", BaselineLevel::Lta, &path);
    }
    files
}

/// Signed by us at every level.
fn own(
    made: &ForeignLevels,
    input: &[u8],
    transport: &dyn Transport,
) -> [(BaselineLevel, Vec<u8>); 4] {
    let signer = &made.signer;
    let mut key = SoftKey::new(signer.key().to_owned(), &signer.path_der().unwrap()).unwrap();
    let request = SignatureRequest::new("HieuTruong", made.made_at);
    let document = Document::open(input, &Limits::default()).unwrap();
    let basic = trien::sign(&document, &mut key, request.clone()).unwrap();
    let authority = TimeStampAuthority::at(made.services.time_stamps.url());
    let stamped = sign_and_timestamp(&document, &mut key, request, transport, &authority).unwrap();
    let stamped = stamped.finish().to_vec();
    let long_term = raised(made, &stamped, ExtensionLevel::BLt, transport);
    let archived = raised(made, &stamped, ExtensionLevel::BLta, transport);
    [
        (BaselineLevel::B, basic.to_vec()),
        (BaselineLevel::T, stamped),
        (BaselineLevel::Lt, long_term),
        (BaselineLevel::Lta, archived),
    ]
}

fn raised(
    made: &ForeignLevels,
    file: &[u8],
    level: ExtensionLevel,
    transport: &dyn Transport,
) -> Vec<u8> {
    let trust = TrustAnchors::read_dir(&made.anchors, &FolderLimits::default()).unwrap();
    let search = EvidenceSearch::new(&trust.anchors, made.made_at, transport);
    let authority = TimeStampAuthority::at(made.services.time_stamps.url());
    let request = ExtensionRequest::new(level, search).stamped_by(authority);
    let extended = extend(file, &request, &Limits::default()).unwrap();
    extended.document.to_vec()
}

/// What one judge says of the signature of one file, in words that all share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// `B`, `T`, `LT`, `LTA`, or what else it was called.
    pub(crate) level: String,
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    pub(crate) indication: String,
    /// As `OUT_OF_BOUNDS_NO_POE`.
    pub(crate) reason: Option<String>,
}

impl Said {
    fn new(level: &str, indication: &str, reason: Option<&str>) -> Self {
        let end = level.rsplit('-').next().unwrap_or_default();
        Self {
            level: end.to_owned(),
            indication: indication.replace('_', "-"),
            reason: reason.map(str::to_owned),
        }
    }

    /// A file without a verdict on its one signature.
    fn nothing(why: &str) -> Self {
        Self::new("", why, None)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.level, self.indication)?;
        match &self.reason {
            Some(reason) => write!(formatter, ", {reason}"),
            None => Ok(()),
        }
    }
}

/// One file at one moment. A judge that is not set up said nothing.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) file: Signed,
    pub(crate) moment: Moment,
    pub(crate) ours: Said,
    pub(crate) dss: Option<Said>,
    pub(crate) pyhanko: Option<Said>,
}

/// Why a judge may say something else than we do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explanation {
    /// No status of a certificate is known: the file holds none and nobody is asked.
    NobodyAsked,
    /// The file's own status information is past its nextUpdate.
    NothingNewer,
}

impl Explanation {
    pub(crate) const ALL: [Self; 2] = [Self::NobodyAsked, Self::NothingNewer];

    /// Its number in the table.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::NobodyAsked => 1,
            Self::NothingNewer => 2,
        }
    }

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::NobodyAsked => {
                "The file holds no revocation list and no OCSP answer, and nobody is asked. All \
                 say INDETERMINATE. DSS and pyHanko count missing status as a path that cannot be \
                 built; we say what would help: TRY_LATER while the certificate is valid (status \
                 can still be fetched), OUT_OF_BOUNDS_NO_POE once it has expired (a proof of an \
                 earlier moment would be needed)."
            }
            Self::NothingNewer => {
                "The file's lists and answers are older than their nextUpdate at the moment of \
                 judgement. pyHanko wants newer ones for the authority of the last time stamp even \
                 while its certificate is valid, has none offline, and gives up the proof of \
                 existence that this stamp carries. DSS and we take the status that was fresh when \
                 the stamp was made."
            }
        }
    }

    /// Whether it can also change the indication, not its reason alone.
    const fn changes_indication(self) -> bool {
        matches!(self, Self::NothingNewer)
    }
}

impl Row {
    /// Those that answered.
    pub(crate) fn others(&self) -> impl Iterator<Item = (LevelJudge, &Said)> {
        let each = [
            (LevelJudge::Dss, &self.dss),
            (LevelJudge::PyHanko, &self.pyhanko),
        ];
        each.into_iter()
            .filter_map(|(judge, said)| said.as_ref().map(|said| (judge, said)))
    }

    /// Why this judge differs here, where a difference is expected.
    pub(crate) fn explanation(&self, judge: LevelJudge) -> Option<Explanation> {
        use BaselineLevel::{B, Lt, Lta, T};
        use Moment::{AllExpired, SignerExpired};
        match (judge, self.file.level, self.moment) {
            (_, B | T, _) => Some(Explanation::NobodyAsked),
            (LevelJudge::PyHanko, Lt | Lta, SignerExpired)
            | (LevelJudge::PyHanko, Lta, AllExpired) => Some(Explanation::NothingNewer),
            _ => None,
        }
    }

    /// What is wrong with this row: a difference without an explanation, or the reverse.
    pub(crate) fn objections(&self) -> Vec<String> {
        let mut objections = Vec::new();
        let wanted = self.file.level.name();
        if self.ours.level != wanted {
            objections.push(format!("we call it {}", self.ours.level));
        }
        for (judge, said) in self.others() {
            let explanation = self.explanation(judge);
            let free = explanation.is_some_and(Explanation::changes_indication);
            if said.level != wanted {
                objections.push(format!("{judge} calls it {}", said.level));
            }
            if said.indication != self.ours.indication && !free {
                objections.push(format!("{judge} says {said}"));
            }
            if (*said == self.ours) != explanation.is_none() {
                objections.push(format!("{judge} says {said}, explained by {explanation:?}"));
            }
        }
        objections
    }
}

/// Every file at every moment, judged from what it holds alone.
pub(crate) fn rows(made: &ForeignLevels, files: &[Signed]) -> Vec<Row> {
    let mut rows = Vec::new();
    for moment in Moment::ALL {
        let dss = said_by(LevelJudge::Dss, made, files, moment);
        let pyhanko = said_by(LevelJudge::PyHanko, made, files, moment);
        for (number, file) in files.iter().enumerate() {
            let pick = |said: &Option<Vec<Said>>| said.as_ref().map(|said| said[number].clone());
            rows.push(Row {
                file: file.clone(),
                moment,
                ours: ours(&file.path, &made.anchors, moment.of(made)),
                dss: pick(&dss),
                pyhanko: pick(&pyhanko),
            });
        }
    }
    rows
}

fn ours(path: &Path, anchors: &Path, moment: UnixTime) -> Said {
    let trust = TrustAnchors::read_dir(anchors, &FolderLimits::default()).unwrap();
    let octets = std::fs::read(path).unwrap();
    let report = trien::verify(&octets, &Verification::new(&trust.anchors, moment));
    let report = serde_json::to_value(report.named("")).unwrap();
    let signatures = report["signatures"].as_array().unwrap();
    let mut signed = signatures
        .iter()
        .filter(|signature| signature["kind"] != "document-timestamp");
    match (signed.next(), signed.next()) {
        (Some(signature), None) => Said::new(
            signature["level"].as_str().unwrap_or_default(),
            signature["indication"].as_str().unwrap(),
            signature["sub_indication"].as_str(),
        ),
        _ => Said::nothing("not one signature"),
    }
}

fn said_by(
    judge: LevelJudge,
    made: &ForeignLevels,
    files: &[Signed],
    moment: Moment,
) -> Option<Vec<Said>> {
    let mut question = Question::new(&made.anchors);
    question.moment = Some(moment.of(made));
    let paths: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let verdicts = ask(judge, &question, &paths).unwrap()?;
    let said =
        verdicts.iter().map(
            |verdict| match (&verdict.error, verdict.signatures.as_slice()) {
                (None, [one]) => {
                    Said::new(&one.level, &one.indication, one.sub_indication.as_deref())
                }
                (Some(_), _) => Said::nothing("error"),
                (None, _) => Said::nothing("not one signature"),
            },
        );
    Some(said.collect())
}
