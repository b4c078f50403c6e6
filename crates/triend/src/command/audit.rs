//! `triend audit`: whether the log is what was written, and heads of it.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use trien::net::{AddressPolicy, HttpSettings, HttpTransport};
use trien::{Limits, TimeStampAuthority, write_new_file};
use triend::store::{AuditHead, AuditTrail, HeadSeal, SealError};
use triend::words;

use super::{Context, Ending, Trouble, file, print};

#[derive(Subcommand)]
pub(crate) enum Audit {
    /// Kiểm tra nhật ký và sổ sách / check the log and what it tells of
    Check {
        /// Mốc đã xuất trước đây / head exported earlier
        #[arg(long, value_name = "FILE")]
        head: Vec<PathBuf>,
    },
    /// Mốc hiện tại của nhật ký / the present head of the log
    Head {
        /// Ghi mốc ra tệp, để cất ở nơi khác / write it to a file, to be kept elsewhere
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
        /// Xin dấu thời gian cho mốc và lưu lại / have it time-stamped and keep that
        #[arg(long, value_name = "URL")]
        tsa: Option<String>,
        /// Cho phép kết nối tới địa chỉ nội bộ / let connections lead to private addresses
        #[arg(long, requires = "tsa")]
        allow_private_addresses: bool,
    },
}

pub(super) fn run(command: &Audit, context: &Context) -> Result<Ending, Trouble> {
    match command {
        Audit::Check { head } => check(head, context),
        Audit::Head {
            export,
            tsa,
            allow_private_addresses,
        } => {
            let addresses = if *allow_private_addresses {
                AddressPolicy::AllowPrivate
            } else {
                AddressPolicy::default()
            };
            head(export.as_deref(), tsa.as_deref(), addresses, context)
        }
    }
}

fn check(heads: &[PathBuf], context: &Context) -> Result<Ending, Trouble> {
    let mut exported = Vec::new();
    for path in heads {
        let head = AuditHead::from_json(&file(path)?);
        exported.push(head.map_err(|error| Trouble::Other(error.into()))?);
    }
    let trail = context.open()?.check_audit_against(&exported)?;
    print(trail_lines(&trail, context))?;
    Ok(if trail.is_intact() {
        Ending::Well
    } else {
        Ending::Found
    })
}

/// What the check of a log found, a line each.
pub(super) fn trail_lines(trail: &AuditTrail, context: &Context) -> Vec<String> {
    let mut lines: Vec<String> = trail
        .faults
        .iter()
        .map(|fault| words::fault(fault, context.language))
        .collect();
    if trail.further_faults > 0 {
        let more = context.say("điểm sai nữa", "further faults");
        lines.push(format!("… {} {more}", trail.further_faults));
    }
    let entries = context.say("mục trong nhật ký", "entries in the log");
    lines.push(format!("{} {entries}", trail.entries));
    lines.push(match trail.last_sealed {
        Some(sequence) => format!(
            "{} {sequence}",
            context.say(
                "được dấu thời gian hoặc chữ ký bảo đảm đến mục",
                "vouched for by a time stamp or signature up to entry"
            )
        ),
        None => context
            .say(
                "chưa có mốc nào được đóng dấu thời gian hoặc ký",
                "no head is time-stamped or signed yet",
            )
            .to_owned(),
    });
    lines
}

/// A file that would be replaced is none of ours.
#[derive(Debug)]
struct NotAHead(PathBuf);

impl std::fmt::Display for NotAHead {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}: tệp đã có và không phải là mốc nhật ký, nên không ghi đè; hãy chọn tên khác / the \
             file exists and is no head of the log: choose another name",
            self.0.display()
        )
    }
}

impl std::error::Error for NotAHead {}

fn head(
    export: Option<&Path>,
    tsa: Option<&str>,
    addresses: AddressPolicy,
    context: &Context,
) -> Result<Ending, Trouble> {
    let mut store = context.open()?;
    let head = match tsa {
        None => store.audit_head(context.now)?,
        Some(url) => {
            let mut settings = HttpSettings::default();
            settings.addresses = addresses;
            let transport = HttpTransport::new(settings);
            let authority = TimeStampAuthority::at(url);
            let nobody = trien::trust::TrustAnchors::default();
            let search = trien::EvidenceSearch::new(&nobody, context.now, &transport);
            store
                .seal_audit_head(context.actor, context.now, |octets| {
                    authority
                        .time_stamp(octets, &search, &Limits::default())
                        .map(HeadSeal::TimeStamp)
                })
                .map_err(|error| {
                    if let SealError::Store(error) = error {
                        Trouble::Store(error)
                    } else {
                        Trouble::Other(error.into())
                    }
                })?
        }
    };
    let text = head.to_json();
    if let Some(path) = export {
        // An earlier head is replaced; anything else of that name is somebody's file.
        if path.exists() && AuditHead::from_json(&file(path)?).is_err() {
            return Err(Trouble::Other(Box::new(NotAHead(path.to_owned()))));
        }
        write_new_file(path, None, &[text.as_bytes()])
            .map_err(|error| Trouble::Other(error.into()))?;
    }
    print([text.trim_end().to_owned()])?;
    Ok(Ending::Well)
}
