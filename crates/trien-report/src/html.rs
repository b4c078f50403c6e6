//! The records as one HTML file that needs no network, no other file and no program but a browser.
//! Knows how data get into the page; what the page does with them is `web/`'s.
//!
//! The file is written as the records come: each hundred of them is a block of JSON, what repeats
//! is written once, and nothing but a bounded table of what repeats is kept. Every text
//! is data: the page makes elements of texts and never markup. A content security policy lets the
//! page run the one script and the one style sheet whose digests it names, show pictures that stand
//! in the file, and reach no host at all.

mod block;
mod packed;
mod parts;

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use trien::Language;
use trien::archive::{REPORT_MARK, Record, Summary, Verdict};

use crate::picture::{DocumentPicture, NotDrawn};
use block::Block;
use packed::{Packed, Row};
use parts::Parts;

/// The page's program and looks, as `cargo xtask web` builds them.
const SCRIPT: &str = include_str!("../assets/report.js");
const STYLE: &str = include_str!("../assets/report.css");

/// Records in a block: few enough that a browser reads a block in no time, and that a block is small
/// beside the program.
const BLOCK: usize = 100;

/// What the report says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HtmlSettings {
    /// The language it opens in; readers can switch.
    pub language: Language,
    /// What was verified, in the reader's words: the name of the school, of the disc.
    pub title: Option<String>,
}

impl HtmlSettings {
    /// In a language, without a title.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            title: None,
        }
    }

    /// The same under a title.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// A report that is being written.
pub struct HtmlReport<W: Write> {
    out: W,
    parts: Parts,
    rows: Vec<u8>,
    records: Vec<u8>,
    in_block: usize,
    count: usize,
    /// Pages without a picture for want of time.
    not_drawn: usize,
}

impl<W: Write> std::fmt::Debug for HtmlReport<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("HtmlReport")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl<W: Write> HtmlReport<W> {
    /// Writes the head of the page.
    ///
    /// # Errors
    /// What the writer says.
    pub fn begin(mut out: W, settings: &HtmlSettings) -> io::Result<Self> {
        #[derive(Serialize)]
        struct About<'s> {
            title: Option<&'s str>,
            version: &'static str,
        }
        let (code, title, needs_script) = match settings.language {
            Language::En => (
                "en",
                "Report on digital signatures",
                "This report needs JavaScript: allow it for this file. It reaches no network.",
            ),
            Language::Vi | _ => (
                "vi",
                "Báo cáo kiểm tra chữ ký số",
                "Báo cáo này cần JavaScript: hãy cho phép với tệp này. Báo cáo không dùng mạng.",
            ),
        };
        write!(
            out,
            "<!DOCTYPE html>\n{REPORT_MARK}\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src \
             'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action \
             'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <noscript><p>{needs_script}</p></noscript>\n",
            digest(SCRIPT),
            digest(STYLE),
        )?;
        let about = About {
            title: settings.title.as_deref(),
            version: env!("CARGO_PKG_VERSION"),
        };
        Block::new("about").write(&mut out, &serde_json::to_vec(&about)?)?;
        Ok(Self {
            out,
            parts: Parts::default(),
            rows: Vec::new(),
            records: Vec::new(),
            in_block: 0,
            count: 0,
            not_drawn: 0,
        })
    }

    /// Writes a file's record, with the pictures of its pages that there are.
    ///
    /// # Errors
    /// What the writer says.
    pub fn record(&mut self, record: &Record, pictures: &[DocumentPicture]) -> io::Result<()> {
        let row = Row::of(record, &mut self.parts);
        let packed = Packed::of(record, &mut self.parts);
        for (list, value) in [
            (&mut self.rows, serde_json::to_vec(&row)?),
            (&mut self.records, serde_json::to_vec(&packed)?),
        ] {
            if !list.is_empty() {
                list.push(b',');
            }
            list.extend_from_slice(&value);
        }
        self.pictures(self.count, pictures)?;
        self.count = self.count.saturating_add(1);
        self.in_block = self.in_block.saturating_add(1);
        if self.in_block >= BLOCK {
            self.end_block()?;
        }
        Ok(())
    }

    /// Writes the pictures of a record, from 0, that has none yet.
    ///
    /// # Errors
    /// What the writer says.
    pub fn pictures(&mut self, record: usize, pictures: &[DocumentPicture]) -> io::Result<()> {
        if pictures.is_empty() {
            return Ok(());
        }
        let late = |picture: &&DocumentPicture| picture.not_drawn == Some(NotDrawn::Time);
        let late = pictures.iter().filter(late).count();
        self.not_drawn = self.not_drawn.saturating_add(late);
        let block = Block::numbered("pictures", record);
        block.write(&mut self.out, &serde_json::to_vec(pictures)?)
    }

    /// Writes the summary and the page's program, and gives the writer.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(mut self, summary: &Summary) -> io::Result<W> {
        self.end_block()?;
        let shown = ShownSummary::of(summary);
        Block::new("summary").write(&mut self.out, &serde_json::to_vec(&shown)?)?;
        Block::new("not-drawn").write(&mut self.out, &serde_json::to_vec(&self.not_drawn)?)?;
        write!(self.out, "<script>{SCRIPT}</script>\n</body>\n</html>\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn end_block(&mut self) -> io::Result<()> {
        if self.in_block == 0 {
            return Ok(());
        }
        let number = self.count.saturating_sub(1) / BLOCK;
        let rows = [
            b"{\"parts\":[".as_slice(),
            &self.parts.take_new(),
            b"],\"rows\":[",
            &self.rows,
            b"]}",
        ]
        .concat();
        Block::numbered("rows", number).write(&mut self.out, &rows)?;
        let records = [b"[".as_slice(), &self.records, b"]"].concat();
        Block::numbered("records", number).write(&mut self.out, &records)?;
        self.rows.clear();
        self.records.clear();
        self.in_block = 0;
        Ok(())
    }
}

/// The summary with its files by verdict, as all reports count them.
#[derive(Serialize)]
struct ShownSummary<'s> {
    #[serde(flatten)]
    summary: &'s Summary,
    verdicts: BTreeMap<Verdict, usize>,
}

impl<'s> ShownSummary<'s> {
    fn of(summary: &'s Summary) -> Self {
        let count = |verdict| (verdict, summary.counts.of(verdict));
        Self {
            summary,
            verdicts: Verdict::ALL.map(count).into_iter().collect(),
        }
    }
}

/// As a content security policy names a script or a style sheet.
fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_s_own_program_ends_no_element_and_names_no_host() {
        for text in [SCRIPT, STYLE] {
            for hostile in ["</script", "</style", "<!--", "@import"] {
                assert!(!text.contains(hostile), "{hostile}");
            }
            let hosts = text.match_indices("://").filter(|(at, _)| {
                !text
                    .get(*at..)
                    .is_some_and(|rest| rest.starts_with("://www.w3.org/"))
            });
            assert_eq!(hosts.count(), 0);
        }
    }
}
