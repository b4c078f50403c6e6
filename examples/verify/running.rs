//! The run: what is given, record by record, and what is said at the end.

use std::io::{self, BufWriter, IsTerminal};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use trien::archive::{
    Archive, Detail, Ended, Fingerprint, Journal, Manifest, Mask, Procedure, Run, RunError, Walk,
};
use trien::net::AddressPolicy;
use trien::trust::TrustAnchors;
use trien::{Language, ProfileChoice, Report, UnixTime, Verification, Workflow, WorkflowReport};
use trien_examples::{Ending, clock_doubt, file_words, online, printable};

use crate::arguments::{Arguments, Format};
use crate::progress::Progress;
use crate::reporting::{Reporting, Sources};
use crate::seen::Seen;
use crate::stopping::{stop_on_interrupt, stopped};
use crate::telling::{Told, left_out, numbers, open_questions, outside_period, own_files, text_of};
use crate::{inputs, journals, manifests, memory, outputs, reporting};

pub(crate) fn run(arguments: &Arguments) -> Result<Ending, RunError> {
    // The default, which may be said aloud.
    let _ = arguments.offline;
    let language = Language::from(arguments.lang);
    if let Err(refused) = sensible(arguments, language) {
        eprintln!("verify: {}", printable(&refused));
        return Ok(Ending::Unable);
    }
    let Some((anchors, mut ending)) = inputs::anchors(arguments) else {
        return Ok(Ending::Unable);
    };
    // Under other rules than were asked for, no verdict is better than one.
    let Some(profile) = inputs::profile(arguments) else {
        return Ok(Ending::Unable);
    };
    let Some(mapping) = inputs::mapping(arguments) else {
        return Ok(Ending::Unable);
    };
    let Some(workflow) = inputs::workflow(arguments) else {
        return Ok(Ending::Unable);
    };
    let Some(key) = journals::key(arguments) else {
        return Ok(Ending::Unable);
    };
    let Some(at) = journals::time(arguments, key.as_ref()) else {
        return Ok(Ending::Unable);
    };
    let mut verification = Verification::new(&anchors, at);
    verification.profile = profile;
    let (supplied, supplied_ending) = inputs::supplied(arguments);
    verification.supplied = supplied;
    ending = ending.max(supplied_ending);
    verification.language = language;
    let transport = arguments.online.then(|| online(addresses(arguments)));
    let stop = Arc::new(AtomicBool::new(false));
    let mask = arguments.mask.then(|| Mask::new(language));
    let teller = |name: &str, verdict, report: &Report, workflow: Option<&WorkflowReport>| {
        let Some(mask) = &mask else {
            return text_of(arguments, (name, verdict), report, workflow);
        };
        let (name, report, workflow) = mask.report(name, report, workflow);
        text_of(arguments, (&name, verdict), &report, workflow.as_ref())
    };
    let mut run = Run::new(&verification, &mapping, &stop);
    run.jobs = jobs(arguments);
    run.transport = transport.as_deref();
    run.procedure = procedure(arguments, workflow.as_ref());
    run.detail = detail(arguments);
    run.fingerprint = fingerprint(arguments);
    if arguments.format == Format::Text {
        run.teller = Some(&teller);
    }
    let given = match &arguments.manifest {
        None => None,
        Some(path) => match manifests::read(path, &verification) {
            Some(given) => Some(given),
            None => return Ok(Ending::Unable),
        },
    };
    let mut journal = match journals::open(arguments, &run, key.as_ref()) {
        Ok(journal) => journal,
        Err(error) => {
            eprintln!("verify: {}", printable(&error.sentence(language)));
            return Ok(Ending::Unable);
        }
    };
    let mut seen = Seen::new(arguments, &mapping);
    seen.reporting = Reporting::begin(arguments, language).map_err(RunError::Told)?;
    let ended = all(arguments, &run, &stop, (journal.as_mut(), &mut seen))?;
    ending = ending.max(seen.ending);
    about_the_run(arguments, &seen, (at, language));
    if ended == Ended::Stopped || seen.files == 0 {
        seen.reporting = None;
    }
    if ended == Ended::Stopped {
        stopped(arguments, language);
        return Ok(Ending::Unable);
    }
    ending = ending.max(conclude(arguments, &verification, seen, given.as_ref())?);
    Ok(ending)
}

/// Where connections may lead.
pub(crate) fn addresses(arguments: &Arguments) -> AddressPolicy {
    if arguments.allow_private_addresses {
        AddressPolicy::AllowPrivate
    } else {
        AddressPolicy::default()
    }
}

/// Which workflows are asked about.
fn procedure<'w>(arguments: &Arguments, workflow: Option<&'w Workflow>) -> Procedure<'w> {
    let is_counted = arguments.mapping.is_some()
        || arguments.summary.is_some()
        || matches!(arguments.format, Format::Html | Format::Csv)
        || arguments.seal_report.is_some();
    match workflow {
        Some(workflow) => Procedure::One(workflow),
        None if is_counted => Procedure::ByCategory,
        None => Procedure::None,
    }
}

/// What is said of the run itself, never of its results: an interrupted run says the same of these.
fn about_the_run(arguments: &Arguments, seen: &Seen, (at, language): (UnixTime, Language)) {
    if (arguments.stats || (seen.files > 1 && io::stderr().is_terminal()))
        && let Some(memory) = memory::said(language)
    {
        eprintln!("verify: {memory}");
    }
    if let Some(taken) = journals::taken(seen, at, language) {
        eprintln!("verify: {taken}");
    }
}

/// Whether the options go together; asked before any work.
fn sensible(arguments: &Arguments, language: Language) -> Result<(), String> {
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && from > to
    {
        return Err(inputs::backward_period(language).to_owned());
    }
    outputs::check(arguments, language)
}

/// What is said and written when the run is over.
fn conclude(
    arguments: &Arguments,
    verification: &Verification<'_>,
    mut seen: Seen,
    given: Option<&manifests::Given>,
) -> Result<Ending, RunError> {
    if seen.files == 0 && given.is_none() {
        eprintln!("verify: không tìm thấy tệp PDF nào / no PDF file was found");
        return Ok(Ending::Unable);
    }
    let (at, language) = (verification.validation_time, verification.language);
    let anchors = verification.anchors;
    remarks(arguments, anchors, &seen, at);
    let profile_id = match &verification.profile {
        ProfileChoice::Always(profile) => profile.id,
        ProfileChoice::InForce(_) | _ => "in-force",
    };
    let mut ending = Ending::Well;
    let listed = seen.listed.take().unwrap_or_default();
    if let Some(given) = given {
        let mut out = io::stdout().lock();
        let read = (listed, seen.folders.as_slice(), seen.mask.as_ref());
        let checked = manifests::check(given, read, arguments, &mut out);
        let (held, count) = checked.map_err(RunError::Told)?;
        ending = ending.max(held);
        seen.manifest = Some(count);
    } else if let Some(path) = &arguments.make_manifest {
        let manifest = Manifest::new(at, profile_id, anchors.iter().count(), listed);
        ending = ending.max(manifests::make(
            path,
            manifest,
            seen.mask.as_ref(),
            language,
        ));
    }
    Ok(ending.max(close(arguments, seen, at, (profile_id, anchors))?))
}

/// Judges all records and tells each.
fn all(
    arguments: &Arguments,
    run: &Run<'_>,
    stop: &Arc<AtomicBool>,
    (journal, seen): (Option<&mut Journal>, &mut Seen),
) -> Result<Ended, RunError> {
    let is_archive = is_archive(arguments);
    // Before the patterns among the paths are spelled out, which may take as long as the run.
    if is_archive {
        stop_on_interrupt(stop);
    }
    let mut walk = Walk::default();
    walk.stop = Arc::clone(stop);
    walk.written = outputs::written(arguments);
    let temporary = seen.reporting.as_ref().and_then(Reporting::temporary);
    walk.written.extend(temporary.map(Path::to_owned));
    let archive = Archive::walked(&arguments.paths, walk);
    if arguments.manifest.is_some() {
        seen.folders = archive.folders();
    }
    let language = run.verification.language;
    let progress = Progress::of(is_archive.then(|| archive.clone()), language);
    let mut told = Told::new(BufWriter::new(io::stdout().lock()), arguments.format);
    let invalid = |error: trien::archive::RecordError| io::Error::other(error);
    let sources = Sources::default();
    let files = archive.files();
    let left_out = files.left_out();
    let files = files.inspect(|found| sources.note(found));
    let ended = run.each(files, journal, |judged| {
        seen.note(&judged);
        let source = sources.take();
        let mut text = judged.told.clone().unwrap_or_default();
        let mut line = judged.line.clone();
        if let (Some(tally), Some(record)) = (&mut seen.tally, &judged.record) {
            tally.add(record);
        }
        if let Some(mask) = &mut seen.mask {
            // What cannot be masked is not told.
            let record = judged.record.as_ref();
            mask.learn(record.ok_or_else(|| io::Error::other("a record cannot be masked"))?);
            line = mask.line(&line).map_err(invalid)?;
        }
        for missing in &judged.missing {
            let said = format!(
                "{}: {}",
                seen.named(&judged.file),
                seen.missing(&judged, missing)
            );
            progress.aside(|| eprintln!("verify: {}", printable(&said)));
        }
        if seen.reporting.is_some() || seen.sealed.is_some() {
            let masked = match &judged.record {
                Some(_) if !arguments.mask => None,
                _ => Some(line.record().map_err(invalid)?),
            };
            if let Some(record) = masked.as_ref().or(judged.record.as_ref()) {
                seen.report(record, source.as_ref())?;
            }
        }
        if let Some(belonging) = seen.note_period(&judged) {
            if arguments.format == Format::Json {
                line = line.with_period(belonging).map_err(invalid)?;
            }
            text.extend(outside_period(belonging, language));
        }
        progress.step();
        progress.aside(|| told.record(&judged, &line, &text))
    })?;
    told.flush().map_err(RunError::Told)?;
    seen.left_out = left_out.counts();
    seen.own_files = left_out.own();
    Ok(ended)
}

/// Whether there may be more than one record.
fn is_archive(arguments: &Arguments) -> bool {
    let is_one = |path: &std::path::PathBuf| path.is_file() && !is_zip(path);
    arguments.paths.len() > 1 || !arguments.paths.iter().all(is_one)
}

fn is_zip(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// Whether somebody reads what lines say: for counting, masks and reports.
fn detail(arguments: &Arguments) -> Detail {
    let is_read = arguments.summary.is_some()
        || arguments.provable_until.is_some()
        || arguments.from.is_some()
        || arguments.to.is_some()
        || arguments.mask
        || arguments.seal_report.is_some()
        || matches!(arguments.format, Format::Html | Format::Csv);
    if is_read {
        Detail::Record
    } else {
        Detail::Line
    }
}

/// The report for people alone does not tell what a record's content hashes to.
fn fingerprint(arguments: &Arguments) -> Fingerprint {
    let is_told = arguments.format != Format::Text
        || detail(arguments) == Detail::Record
        || arguments.resume.is_some()
        || arguments.manifest.is_some()
        || arguments.make_manifest.is_some();
    if is_told {
        Fingerprint::Taken
    } else {
        Fingerprint::Omitted
    }
}

fn jobs(arguments: &Arguments) -> NonZeroUsize {
    let cores = || {
        if is_archive(arguments) {
            std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
        } else {
            NonZeroUsize::MIN
        }
    };
    arguments.jobs.unwrap_or_else(cores)
}

/// What is to be known about all verdicts.
fn remarks(arguments: &Arguments, anchors: &TrustAnchors, seen: &Seen, at: UnixTime) {
    if anchors.is_empty() && seen.signed > 0 {
        eprintln!(
            "verify: chưa cài chứng thư số gốc (--anchors THƯ_MỤC): biết được văn bản có còn nguyên \
             vẹn hay không, chưa biết người ký có đáng tin hay không / no trust anchors: integrity \
             is known, trust is not"
        );
    }
    if arguments.at.is_some() {
        return;
    }
    let ends = anchors
        .iter()
        .map(|anchor| anchor.certificate().not_after());
    if let Some(doubt) = clock_doubt(at, seen.newest, ends.max()) {
        eprintln!("verify: {doubt}");
    }
}

/// What is said and written when all records are judged.
fn close(
    arguments: &Arguments,
    seen: Seen,
    at: UnixTime,
    (profile, anchors): (&str, &TrustAnchors),
) -> Result<Ending, RunError> {
    let language = Language::from(arguments.lang);
    if let Some(passed) = left_out(&seen.left_out, language) {
        eprintln!("verify: {passed}");
    }
    if let Some(own) = own_files(seen.own_files, language) {
        eprintln!("verify: {own}");
    }
    if seen.files > 1 && (arguments.format == Format::Text || io::stderr().is_terminal()) {
        eprintln!("{}", numbers(&seen, language));
    }
    let Some(tally) = seen.tally else {
        if let Some(reporting) = seen.reporting {
            reporting.finish(None).map_err(RunError::Told)?;
        }
        return Ok(Ending::Well);
    };
    let mut summary = tally.finish(at, profile, anchors.iter().count());
    if let Some(mask) = &seen.mask {
        summary = mask.summary(&summary);
    }
    summary.left_out = seen.left_out;
    summary.manifest = seen.manifest;
    if let Some(reporting) = seen.reporting {
        reporting.finish(Some(&summary)).map_err(RunError::Told)?;
    }
    let sealing = arguments.seal_report.is_some();
    let sealed = match (&arguments.seal_report, seen.sealed) {
        (Some(path), Some(report)) => {
            reporting::seal(arguments, path, (&report, &summary), language)
        }
        _ => Ending::Well,
    };
    if arguments.summary.is_some() || arguments.format == Format::Html || sealing {
        for open in open_questions(&summary, language) {
            eprintln!("verify: {}", printable(&open));
        }
    }
    let mut told = Told::new(io::stdout().lock(), arguments.format);
    told.ageing(&summary, language).map_err(RunError::Told)?;
    let mut ending = sealed;
    if !summary.ageing.is_empty() {
        ending = ending.max(Ending::Objection);
    }
    if let Some(path) = &arguments.summary
        && let Err(error) = outputs::write_summary(path, &summary)
    {
        eprintln!("verify: {}", printable(&file_words(&error, language)));
        ending = Ending::Unable;
    }
    Ok(ending)
}
