//! `triend evidence`: what is kept with records, what of it is missing, and how it goes.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use trien::{UnixTime, UtcOffset, write_new_file};
use trien_types::{Capacity, Role};
use triend::entry_json;
use triend::store::{
    ContentHash, Direction, DocumentPlace, EvidenceItem, KeptEvidence, NewRecord, NewWithdrawal,
    Record, RecordId, ShortText, SignerId, Store, Traces,
};
use triend::words;

use super::register::{capacity, role};
use super::{Context, Ending, Format, Trouble, certificate, file, moment, optional_text, print};

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

#[derive(Clone, Copy, ValueEnum)]
enum DirectionName {
    /// Văn bản đến / incoming
    Incoming,
    /// Văn bản đi / outgoing
    Outgoing,
}

#[derive(Args)]
pub(crate) struct Addition {
    /// Tệp PDF đã ký / the signed PDF
    #[arg(long, value_name = "FILE")]
    document: PathBuf,
    /// Đi hay đến / which way it went
    #[arg(long, value_enum)]
    direction: DirectionName,
    /// Số / number
    #[arg(long)]
    number: Option<String>,
    /// Ký hiệu / symbol
    #[arg(long)]
    symbol: Option<String>,
    /// Người ký trong sổ: lưu chứng thư số và trách nhiệm / signer in the register: certificate and
    /// responsibility
    #[arg(long, value_name = "ID")]
    signer: Vec<i64>,
    /// Chứng thư số người ký khác / certificate of another signer
    #[arg(long, value_name = "FILE")]
    certificate: Vec<PathBuf>,
    /// Trách nhiệm của người ký khác, cùng thứ tự: vai-trò[:thẩm-quyền[:quyết định]] / of those, in
    /// their order: role[:capacity[:decision]]
    #[arg(long, value_name = "ROLE")]
    responsibility: Vec<String>,
    /// Danh sách thu hồi / revocation list
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Trả lời OCSP / OCSP response
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Địa chỉ quy chế chứng thực / address of the practice statement
    #[arg(long, value_name = "URL", requires = "cps_file")]
    cps_url: Option<String>,
    /// Tệp quy chế chứng thực, chỉ lưu mã băm / its file, of which the hash is kept
    #[arg(long, value_name = "FILE", requires = "cps_url")]
    cps_file: Option<PathBuf>,
    /// Dấu thời gian khi ký (văn bản đi) / time stamp at signing
    #[arg(long, value_name = "FILE")]
    time_stamp_at_signing: Vec<PathBuf>,
    /// Dấu thời gian khi nhận (văn bản đến) / time stamp at receipt
    #[arg(long, value_name = "FILE")]
    time_stamp_at_receipt: Vec<PathBuf>,
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

fn add(addition: &Addition, context: &Context) -> Result<Ending, Trouble> {
    let mut store = context.open_or_create()?;
    let document = ContentHash::of(&file(&addition.document)?);
    let direction = match addition.direction {
        DirectionName::Incoming => Direction::Incoming,
        DirectionName::Outgoing => Direction::Outgoing,
    };
    let items = items(addition, &store)?;
    let present = store
        .records_of(document)?
        .into_iter()
        .find(|record| record.direction == direction);
    let id = match present {
        Some(_) if addition.number.is_some() || addition.symbol.is_some() => {
            return Err(Trouble::Given(
                "văn bản này đã có trong kho: số và ký hiệu không đổi được",
                "this document is in the store: number and symbol do not change",
            ));
        }
        Some(record) => {
            store.add_evidence(record.id, &items, context.actor, context.now)?;
            record.id
        }
        None => {
            let mut new = NewRecord::new(direction, document);
            new.number = optional_text(addition.number.as_ref())?;
            new.symbol = optional_text(addition.symbol.as_ref())?;
            store.add_record(&new, &items, context.actor, context.now)?
        }
    };
    print([id.number().to_string()])?;
    Ok(Ending::Well)
}

fn items(addition: &Addition, store: &Store) -> Result<Vec<EvidenceItem>, Trouble> {
    let mut items = Vec::new();
    for number in &addition.signer {
        let id = SignerId::from_number(*number);
        let signer = store.signer(id)?;
        items.push(EvidenceItem::SignerCertificate(store.certificate_of(id)?));
        if let (Some(role), Some(capacity)) = (signer.known_role(), signer.known_capacity()) {
            items.push(EvidenceItem::Responsibility {
                certificate: signer.certificate,
                role,
                capacity,
                assignment: signer.decision,
            });
        }
    }
    if addition.responsibility.len() > addition.certificate.len() {
        return Err(Trouble::Given(
            "mỗi --responsibility cần một --certificate",
            "each --responsibility needs a --certificate",
        ));
    }
    let mut responsibilities = addition.responsibility.iter();
    for path in &addition.certificate {
        let octets = certificate(path)?;
        let id = ContentHash::of(&octets).into();
        items.push(EvidenceItem::SignerCertificate(octets));
        if let Some(text) = responsibilities.next() {
            let (role, capacity, assignment) = responsibility(text)?;
            items.push(EvidenceItem::Responsibility {
                certificate: id,
                role,
                capacity,
                assignment,
            });
        }
    }
    if let (Some(url), Some(path)) = (&addition.cps_url, &addition.cps_file) {
        items.push(EvidenceItem::PracticeStatement {
            url: ShortText::new(url)?,
            sha256: ContentHash::of(&file(path)?),
        });
    }
    let mut add = |paths: &[PathBuf], item: fn(Vec<u8>) -> EvidenceItem| {
        for path in paths {
            items.push(item(file(path)?.to_vec()));
        }
        Ok::<(), Trouble>(())
    };
    add(&addition.crl, EvidenceItem::Crl)?;
    add(&addition.ocsp, EvidenceItem::Ocsp)?;
    add(
        &addition.time_stamp_at_signing,
        EvidenceItem::TimeStampAtSigning,
    )?;
    add(
        &addition.time_stamp_at_receipt,
        EvidenceItem::TimeStampAtReceipt,
    )?;
    Ok(items)
}

fn responsibility(text: &str) -> Result<(Role, Capacity, Option<ShortText>), Trouble> {
    let wrong = |_| {
        Trouble::Given(
            "--responsibility có dạng vai-trò[:thẩm-quyền[:quyết định]]",
            "--responsibility has the form role[:capacity[:decision]]",
        )
    };
    let mut parts = text.splitn(3, ':');
    let role = role(parts.next().unwrap_or_default()).map_err(wrong)?;
    let capacity = match parts.next() {
        Some(code) => capacity(code).map_err(wrong)?,
        None => Capacity::Own,
    };
    let assignment = parts.next().map(ShortText::new).transpose()?;
    Ok((role, capacity, assignment))
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
