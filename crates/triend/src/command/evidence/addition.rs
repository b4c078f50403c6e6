//! `triend evidence add`: what is to be kept with a record, gathered from files and the register.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use trien_types::{Capacity, Role};
use triend::store::{ContentHash, Direction, EvidenceItem, NewRecord, ShortText, SignerId, Store};

use super::super::register::{capacity, role};
use super::super::{Context, Ending, Trouble, certificate, file, optional_text, print};

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

pub(super) fn add(addition: &Addition, context: &Context) -> Result<Ending, Trouble> {
    let document = file(&addition.document)?;
    if !is_a_pdf(&document) {
        return Err(Trouble::Given(
            "tệp nêu ở --document không phải là PDF: hãy nêu tệp PDF đã ký",
            "the file of --document is no PDF: name the signed PDF",
        ));
    }
    let document = ContentHash::of(&document);
    let mut store = context.open_or_create()?;
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

/// Whether a file begins as a PDF does (ISO 32000-1, annex H, note 13). One that is damaged further on
/// is a record all the same.
fn is_a_pdf(octets: &[u8]) -> bool {
    const WITHIN: usize = 1024;
    const HEADER: &[u8] = b"%PDF-";
    let start = octets.get(..WITHIN).unwrap_or(octets);
    start.windows(HEADER.len()).any(|window| window == HEADER)
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
