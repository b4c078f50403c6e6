//! What changed in a job since a given moment: for event streams that were cut and resume.
//! Sends nothing.

use serde_json::Value;

use super::entry::Job;

/// Names a moment in a job's course, as `Last-Event-ID` carries it. The first one is before
/// everything: what a job begins with has numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct NewsId(u64);

/// A change, as it stands now: what changed twice is told once.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct News {
    /// The moment up to which it tells.
    pub id: NewsId,
    /// `job` or `document`.
    pub kind: &'static str,
    /// The job without its documents, or the document.
    pub value: Value,
}

impl NewsId {
    /// Reads what [`NewsId::to_text`] wrote in this run of the daemon; another run's is the
    /// beginning.
    #[must_use]
    pub fn parse(text: &str, run: &str) -> Self {
        let sequence = text
            .split_once('-')
            .filter(|(of, _)| *of == run)
            .and_then(|(_, sequence)| sequence.parse().ok());
        Self(sequence.unwrap_or_default())
    }

    /// As it goes out; `run` names this run of the daemon.
    #[must_use]
    pub fn to_text(self, run: &str) -> String {
        format!("{run}-{}", self.0)
    }
}

impl Job {
    /// Everything that changed since `last`, in the order of its last change.
    #[must_use]
    pub fn news_since(&self, last: NewsId) -> Vec<News> {
        let progress = self.progress();
        let mut news: Vec<News> = progress
            .documents
            .iter()
            .filter(|document| document.changed > last.0)
            .map(|document| News {
                id: NewsId(document.changed),
                kind: "document",
                value: self.document_json(document),
            })
            .collect();
        news.sort_by_key(|news| news.id);
        let now = NewsId(progress.sequence());
        // Behind its documents, as its numbers count them.
        if now > last {
            news.push(News {
                id: now,
                kind: "job",
                value: self.head(&progress),
            });
        }
        news
    }
}
