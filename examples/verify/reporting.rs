//! The forms of the result that are files: spreadsheet and HTML report, record by record.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use trien::archive::{Found, Question, Record, Source, Summary};
use trien::mark::SerifFont;
use trien::{Language, NewFile};
use trien_examples::{Ending, SealServices, clock, print_chain, printable, seal_report};
use trien_report::{
    HtmlReport, HtmlSettings, Illustrator, PdfError, PdfReport, Separator, Spreadsheet, Thumbnails,
};

use crate::arguments::{Arguments, Format};
use crate::running;

/// The form that was asked for, as far as it is written.
pub(crate) struct Reporting {
    form: Form,
    /// The file that it is written to until it is whole.
    temporary: Option<PathBuf>,
    /// Records that are written.
    count: usize,
    illustrator: Option<Illustrator>,
}

enum Form {
    Html(Box<HtmlReport<Out>>),
    Csv(Box<Spreadsheet<Out>>),
}

type Out = BufWriter<Place>;

/// Where it goes: a file that has its name when it is whole, or standard output.
enum Place {
    File(NewFile),
    Output(io::Stdout),
}

impl Write for Place {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(octets),
            Self::Output(output) => output.write(octets),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Output(output) => output.flush(),
        }
    }
}

impl Reporting {
    /// Begins the form; none for text and JSON.
    pub(crate) fn begin(arguments: &Arguments, language: Language) -> io::Result<Option<Self>> {
        if !matches!(arguments.format, Format::Html | Format::Csv) {
            return Ok(None);
        }
        let place = match &arguments.output {
            Some(target) => Place::File(NewFile::begin(target, &[]).map_err(io::Error::other)?),
            None => Place::Output(io::stdout()),
        };
        let temporary = match &place {
            Place::File(file) => Some(file.temporary().to_owned()),
            Place::Output(_) => None,
        };
        let out = BufWriter::new(place);
        let form = if arguments.format == Format::Csv {
            let separator: Separator = arguments.separator.into();
            let mut question = Question::default();
            (question.from, question.to) = (arguments.from, arguments.to);
            let spreadsheet = Spreadsheet::begin(out, language, separator)?;
            Form::Csv(Box::new(spreadsheet.asked(question)))
        } else {
            let mut settings = HtmlSettings::new(language);
            settings.title.clone_from(&arguments.title);
            Form::Html(Box::new(HtmlReport::begin(out, &settings)?))
        };
        Ok(Some(Self {
            illustrator: illustrator(arguments),
            form,
            temporary,
            count: 0,
        }))
    }

    /// The file that it is written to until it is whole.
    pub(crate) fn temporary(&self) -> Option<&Path> {
        self.temporary.as_deref()
    }

    /// Writes a record. `source` is where its octets are.
    pub(crate) fn record(&mut self, record: &Record, source: Option<&Source>) -> io::Result<()> {
        match &mut self.form {
            Form::Csv(spreadsheet) => spreadsheet.record(record),
            Form::Html(report) => {
                report.record(record, &[])?;
                let number = self.count;
                self.count = number.saturating_add(1);
                if let (Some(illustrator), Some(source)) = (&mut self.illustrator, source) {
                    illustrator.note_file();
                    illustrator.begin(number, record, || opened(source));
                    while let Some((number, pictures)) = illustrator.next_due() {
                        report.pictures(number, &pictures)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Ends the form, which then has its name. Dropped instead, it leaves no half of a report.
    pub(crate) fn finish(mut self, summary: Option<&Summary>) -> io::Result<()> {
        if let (Form::Html(report), Some(illustrator)) = (&mut self.form, &mut self.illustrator) {
            while let Some((number, pictures)) = illustrator.next_left() {
                report.pictures(number, &pictures)?;
            }
        }
        let out = match (self.form, summary) {
            (Form::Html(report), Some(summary)) => report.finish(summary)?,
            (Form::Html(_), None) => return Err(io::Error::other("nothing was counted")),
            (Form::Csv(spreadsheet), _) => spreadsheet.finish()?,
        };
        match out.into_inner().map_err(io::IntoInnerError::into_error)? {
            Place::File(file) => file.finish().map_err(io::Error::other),
            Place::Output(mut output) => output.flush(),
        }
    }
}

/// Writes and signs the PDF report. It is signed now, whatever time the records are judged at.
pub(crate) fn seal(
    arguments: &Arguments,
    path: &Path,
    (report, summary): (&PdfReport, &Summary),
    language: Language,
) -> Ending {
    let written = SerifFont::find()
        .map_err(PdfError::from)
        .and_then(|font| report.write(summary, &font));
    let octets = match written {
        Ok(octets) => octets,
        Err(error) => {
            print_chain("verify", &error);
            return Ending::Unable;
        }
    };
    let services = SealServices::new(arguments.anchors.as_ref(), running::addresses(arguments))
        .with_evidence(arguments.evidence.as_ref());
    let by = (&arguments.keys, &arguments.seal);
    match seal_report(&octets, path, by, services, (clock(), language)) {
        Ok(done) => {
            eprintln!("verify: {}", printable(&done));
            Ending::Well
        }
        Err(trouble) => {
            eprintln!("verify: {}", printable(&trouble));
            Ending::Unable
        }
    }
}

/// Pictures show what a mask would hide.
fn illustrator(arguments: &Arguments) -> Option<Illustrator> {
    let which: Thumbnails = arguments.thumbnails.into();
    if arguments.mask || which == Thumbnails::None {
        return None;
    }
    Illustrator::new(which)
        .inspect_err(|error| print_chain("verify", error))
        .ok()
}

/// The octets as a file: that of an entry of an archive has no name.
fn opened(source: &Source) -> io::Result<File> {
    if let Some(path) = source.path() {
        return File::open(path);
    }
    let octets = source.open().map_err(io::Error::other)?;
    let mut file = tempfile::tempfile()?;
    file.write_all(&octets)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// The sources of records that are judged and not told yet, in their order: whoever tells a record
/// takes its source. As many as a run judges ahead.
#[derive(Default)]
pub(crate) struct Sources {
    waiting: Mutex<VecDeque<Option<Source>>>,
}

impl Sources {
    /// A file begins to be judged.
    pub(crate) fn note(&self, found: &Found) {
        let source = match found {
            Found::File(source) => Some(source.clone()),
            Found::Unreadable { .. } | _ => None,
        };
        if let Ok(mut waiting) = self.waiting.lock() {
            waiting.push_back(source);
        }
    }

    /// The source of the record that is told next.
    pub(crate) fn take(&self) -> Option<Source> {
        self.waiting.lock().ok()?.pop_front().flatten()
    }
}
