//! `triend evidence`: what is kept with records, what of it is missing, and how it goes.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use trien::{UnixTime, UtcOffset, write_new_file};
use triend::entry_json;
use triend::store::{
    ContentHash, Direction, DocumentPlace, KeptEvidence, NewWithdrawal, Record, RecordId,
    ShortText, Traces,
};
use triend::words;

mod addition;

use addition::{Addition, add};

use super::{Context, Ending, Format, Trouble, file, moment, print};

#[derive(Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Lưu thông tin kèm một hồ sơ, hoặc thêm vào hồ sơ đã có / keep evidence with a record
    Add(Box<Addition>),
    /// Xem thông tin lưu kèm / show what is kept
    Show {
        /// Số của hồ sơ trong kho / number of the record in the store
        id: i64,
        /// Ghi từng mục ra thư mục này / write each item into this folder
        #[arg(long, value_name = "DIR")]
        export: Option<PathBuf>,
    },
    /// Liệt kê hồ sơ / list records
    List {
        /// Chỉ hồ sơ của văn bản này / only those of this document
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// Dạng in ra / form of the output
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Kiểm tra còn thiếu gì theo Điều 9 / what art. 9 asks for and is missing
    Check {
        /// Chỉ hồ sơ này; mặc định tất cả / only this record; all unless told
        id: Option<i64>,
    },
    /// Hủy thông tin cùng với văn bản (Điều 10) / destroy evidence together with the document
    Destroy(Destruction),
    /// Ghi nhận thông báo thu hồi / record a notice of withdrawal
    Withdraw {
        /// Số của hồ sơ trong kho / number of the record in the store
        id: i64,
        /// Số và ký hiệu thông báo / number and symbol of the notice
        #[arg(long)]
        notice: String,
        /// Thời điểm thông báo; mặc định là bây giờ / time of the notice; now unless told
        #[arg(long, value_name = "TIME", value_parser = moment)]
        notice_time: Option<UnixTime>,
        /// Hồ sơ thay thế / record that takes its place
        #[arg(long, value_name = "ID")]
        replaced_by: Option<i64>,
    },
    /// Ghi nhận báo lại đã xóa văn bản bị thu hồi / record the report that it was deleted
    Report {
        /// Số của hồ sơ trong kho / number of the record in the store
        id: i64,
        /// Số và ký hiệu báo cáo / number and symbol of the report
        #[arg(long)]
        reference: String,
    },
}

#[derive(Args)]
pub(crate) struct Destruction {
    /// Số của hồ sơ trong kho / number of the record in the store
    id: i64,
    /// Quyết định hoặc biên bản hủy / decision
    #[arg(long)]
    decision: String,
    /// Tệp văn bản, sẽ bị xóa cùng / the document, which is removed too
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "destroyed_elsewhere"
    )]
    document: Option<PathBuf>,
    /// Văn bản đã được hủy ở hệ thống khác / another system has destroyed the document
    #[arg(long, conflicts_with = "document")]
    destroyed_elsewhere: bool,
}

pub(super) fn run(command: &EvidenceCommand, context: &Context) -> Result<Ending, Trouble> {
    match command {
        EvidenceCommand::Add(addition) => add(addition, context),
        EvidenceCommand::Show { id, export } => {
            show(RecordId::from_number(*id), export.as_deref(), context)
        }
        EvidenceCommand::List { document, format } => list(document.as_deref(), *format, context),
        EvidenceCommand::Check { id } => check(id.map(RecordId::from_number), context),
        EvidenceCommand::Destroy(destruction) => destroy(destruction, context),
        EvidenceCommand::Withdraw {
            id,
            notice,
            notice_time,
            replaced_by,
        } => {
            let time = notice_time.unwrap_or(context.now);
            let mut new = NewWithdrawal::new(ShortText::new(notice)?, time);
            new.replaced_by = replaced_by.map(RecordId::from_number);
            let id = RecordId::from_number(*id);
            context
                .open()?
                .withdraw(id, &new, context.actor, context.now)?;
            Ok(Ending::Well)
        }
        EvidenceCommand::Report { id, reference } => {
            let reference = ShortText::new(reference)?;
            let id = RecordId::from_number(*id);
            context
                .open()?
                .report_withdrawal(id, &reference, context.actor, context.now)?;
            Ok(Ending::Well)
        }
    }
}

fn show(id: RecordId, export: Option<&Path>, context: &Context) -> Result<Ending, Trouble> {
    let store = context.open()?;
    let record = store.record(id)?;
    let items = store.evidence_of(id)?;
    let mut lines = vec![record_line(&record, context)];
    for item in &items {
        lines.push(item_line(item));
    }
    if let Some(withdrawal) = store.withdrawal(id)? {
        lines.push(format!(
            "  {}: {} ({})",
            context.say("thu hồi theo", "withdrawn by"),
            withdrawal.notice,
            time(withdrawal.notice_time)
        ));
        for report in &withdrawal.reports {
            lines.push(format!(
                "  {}: {} ({})",
                context.say("báo lại", "reported"),
                report.reference,
                time(report.time)
            ));
        }
    }
    if let Some(folder) = export {
        for (number, item) in (1_usize..).zip(&items) {
            if let Some(octets) = &item.octets {
                let name = format!("{number}-{}.der", item.kind.code());
                write_new_file(&folder.join(name), None, &[octets.as_slice()])
                    .map_err(|error| Trouble::Other(error.into()))?;
            }
        }
    }
    print(lines)?;
    Ok(Ending::Well)
}

fn item_line(item: &KeptEvidence) -> String {
    let mut line = format!("  {}: {}", words::evidence_kind(item.kind), item.sha256);
    let role = item.role.as_deref();
    let capacity = item.capacity.as_deref();
    let texts = [
        item.url.as_ref().map(ShortText::as_str),
        role,
        capacity,
        item.assignment.as_ref().map(ShortText::as_str),
    ];
    for text in texts.into_iter().flatten() {
        line.push_str(" · ");
        line.push_str(text);
    }
    line
}

fn list(document: Option<&Path>, format: Format, context: &Context) -> Result<Ending, Trouble> {
    let store = context.open()?;
    let records = match document {
        Some(path) => store.records_of(ContentHash::of(&file(path)?))?,
        None => store.records()?,
    };
    print(records.iter().map(|record| {
        if format == Format::Json {
            entry_json::record(record).to_string()
        } else {
            record_line(record, context)
        }
    }))?;
    Ok(Ending::Well)
}

fn time(time: UnixTime) -> String {
    time.to_rfc3339(UtcOffset::VIETNAM)
}

fn record_line(record: &Record, context: &Context) -> String {
    let direction = if record.direction == Direction::Incoming {
        context.say("đến", "incoming")
    } else {
        context.say("đi", "outgoing")
    };
    let text = |text: &Option<ShortText>| text.as_ref().map_or("–", ShortText::as_str).to_owned();
    let withdrawn = if record.is_withdrawn {
        context.say(", bị thu hồi", ", withdrawn")
    } else {
        ""
    };
    format!(
        "{}\t{direction}\t{}\t{}\t{}\t{}{withdrawn}\t{}",
        record.id.number(),
        text(&record.number),
        text(&record.symbol),
        time(record.kept),
        words::record_state(record.state, context.language),
        record.sha256
    )
}

fn check(id: Option<RecordId>, context: &Context) -> Result<Ending, Trouble> {
    let store = context.open()?;
    let records = match id {
        Some(id) => vec![store.record(id)?],
        None => store.records()?,
    };
    let mut lines = Vec::new();
    let mut ending = Ending::Well;
    for record in &records {
        // Asked for by number, a destroyed one is an error; among all it has its line.
        if id.is_none() && record.state == triend::store::RecordState::Destroyed {
            continue;
        }
        let found = store.completeness(record.id)?;
        for missing in &found.missing {
            ending = Ending::Found;
            lines.push(format!(
                "{}\t{}",
                record.id.number(),
                words::missing(*missing, context.language)
            ));
        }
        if found.is_complete() {
            let complete = context.say("đầy đủ", "complete");
            lines.push(format!("{}\t{complete}", record.id.number()));
        }
    }
    print(lines)?;
    Ok(ending)
}

fn destroy(destruction: &Destruction, context: &Context) -> Result<Ending, Trouble> {
    let decision = ShortText::new(&destruction.decision)?;
    let place = match &destruction.document {
        Some(path) => DocumentPlace::File(path),
        None => DocumentPlace::DestroyedElsewhere,
    };
    let destroyed = context.open()?.destroy(
        RecordId::from_number(destruction.id),
        &decision,
        place,
        context.actor,
        context.now,
    )?;
    let mut lines = vec![format!(
        "{} {}",
        destroyed.items,
        context.say("mục đã hủy", "items destroyed")
    )];
    if destroyed.traces == Traces::JournalStillHeld {
        lines.push(
            context
                .say(
                    "chương trình khác đang đọc: dấu vết mất khi kho được đóng",
                    "another program is reading: traces go when the store is closed",
                )
                .to_owned(),
        );
    }
    print(lines)?;
    Ok(Ending::Well)
}
