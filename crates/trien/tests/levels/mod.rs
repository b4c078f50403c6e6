//! Files of others at each level of PAdES, and what we, DSS and pyHanko say of them, as rows. Used
//! by a test and by the program that prints the table in `docs/LEVELS.md`.

use std::fmt;
use std::path::{Path, PathBuf};

use trien::token::SoftKey;
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{Document, Limits, SignatureRequest, UnixTime, Verification};
use trien_testkit::judges::{BaselineLevel, LevelJudge, Question, ask};
use trien_testkit::levels::ForeignLevels;

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

/// What others made, and ours beside them.
pub(crate) fn files(made: &ForeignLevels, input: &[u8], folder: &Path) -> Vec<Signed> {
    let mut files: Vec<_> = made
        .files
        .iter()
        .map(|file| Signed {
            maker: file.maker.to_string(),
            level: file.level,
            path: file.path.clone(),
        })
        .collect();
    let path = folder.join("trien-B.pdf");
    std::fs::write(&path, own(made, input)).unwrap();
    files.push(Signed {
        maker: "Triện".to_owned(),
        level: BaselineLevel::B,
        path,
    });
    files
}

fn own(made: &ForeignLevels, input: &[u8]) -> Vec<u8> {
    let signer = &made.signer;
    let mut key = SoftKey::new(signer.key().to_owned(), &signer.path_der().unwrap()).unwrap();
    let request = SignatureRequest::new("HieuTruong", made.made_at);
    let document = Document::open(input, &Limits::default()).unwrap();
    trien::sign(&document, &mut key, request).unwrap().to_vec()
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
