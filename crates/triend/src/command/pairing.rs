//! `triend pairings`: which pages and programs may call the daemon.

use clap::Subcommand;
use serde_json::json;
use trien::UtcOffset;
use triend::caller::{Origin, PairingId, Right};
use triend::pairing::{Given, pair};
use triend::store::{Pairing, ShortText};

use super::{Context, Ending, Format, Misfit, Trouble, print};

#[derive(Subcommand)]
pub(crate) enum PairingCommand {
    /// Liệt kê / list
    List {
        /// Cả những kết nối đã gỡ / also those that have ended
        #[arg(long)]
        all: bool,
        /// Dạng in ra / form of the output
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Gỡ kết nối; có hiệu lực ngay / end a pairing, from the next call on
    Revoke {
        /// Số của kết nối / number of the pairing
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Kết nối trang mà không hỏi người dùng / pair a page without asking the user
    Add {
        /// Trang, ví dụ `https://hocba.example.edu.vn` / the page's origin
        #[arg(value_parser = origin)]
        origin: Origin,
        /// Tên để người dùng nhận ra; mặc định là trang / name that users recognise
        #[arg(long)]
        name: Option<String>,
    },
    /// Cho một kết nối quyền đối với sổ sách: records-read, records-write / give a pairing a right to
    /// the records
    Grant {
        /// Số của kết nối / number of the pairing
        id: i64,
        /// Quyền / right
        #[arg(required = true, value_parser = right)]
        rights: Vec<Right>,
    },
    /// Kết nối chương trình và in mã của nó, một lần / pair a program and print its token, once
    AddProgram {
        /// Tên để người dùng nhận ra / name that users recognise
        name: String,
    },
}

fn origin(text: &str) -> Result<Origin, Misfit> {
    let Some(origin) = Origin::parse(text) else {
        return Err(Misfit::new(
            "cần đúng giao thức, tên máy và cổng nếu khác thường, chữ thường, không có gì phía sau: \
             https://hocba.example.edu.vn",
            "scheme, host and a port that is not the usual one are needed, in lower case, with nothing \
             behind them: https://hocba.example.edu.vn",
        ));
    };
    if origin.is_trustworthy() {
        return Ok(origin);
    }
    Err(Misfit::new(
        "trang phải dùng https; http chỉ được dùng với trang của chính máy này: http://localhost:8080",
        "the page must use https; http is for pages of this machine alone: http://localhost:8080",
    ))
}

fn right(code: &str) -> Result<Right, Misfit> {
    Right::from_code(code).ok_or_else(|| Misfit::none_of(&Right::ALL.map(Right::code)))
}

pub(super) fn run(command: &PairingCommand, context: &Context) -> Result<Ending, Trouble> {
    match command {
        PairingCommand::List { all, format } => {
            let mut pairings = context.open_or_create()?.pairings()?;
            pairings.retain(|pairing| *all || pairing.ended.is_none());
            print(pairings.iter().map(|pairing| match format {
                Format::Json => json_line(pairing),
                Format::Text => text_line(pairing, context),
            }))?;
            Ok(Ending::Well)
        }
        PairingCommand::Revoke { ids } => {
            let mut store = context.open()?;
            let ids: Vec<PairingId> = ids.iter().copied().map(PairingId::from_number).collect();
            store.end_pairings(&ids, context.actor, context.now)?;
            Ok(Ending::Well)
        }
        PairingCommand::Add { origin, name } => {
            let name = ShortText::new(name.as_deref().unwrap_or(origin.as_str()))?;
            let mut store = context.open_or_create()?;
            let origin = Some(origin.clone());
            let (id, _) = pair(&mut store, origin, name, context.actor, context.now)?;
            print([id.number().to_string()])?;
            Ok(Ending::Well)
        }
        PairingCommand::Grant { id, rights } => {
            let rights = rights.iter().copied().collect();
            let id = PairingId::from_number(*id);
            let mut store = context.open()?;
            store.grant_rights(id, &rights, context.actor, context.now)?;
            Ok(Ending::Well)
        }
        PairingCommand::AddProgram { name } => {
            let name = ShortText::new(name)?;
            let mut store = context.open_or_create()?;
            let (_, given) = pair(&mut store, None, name, context.actor, context.now)?;
            if let Given::Token(token) = given {
                print([token.reveal()])?;
            }
            Ok(Ending::Well)
        }
    }
}

fn json_line(pairing: &Pairing) -> String {
    json!({
        "id": pairing.id.number(),
        "origin": pairing.origin.as_ref().map(Origin::as_str),
        "name": pairing.name.as_str(),
        "paired": pairing.paired.to_rfc3339(UtcOffset::VIETNAM),
        "ended": pairing.ended.map(|ended| ended.to_rfc3339(UtcOffset::VIETNAM)),
    })
    .to_string()
}

fn text_line(pairing: &Pairing, context: &Context) -> String {
    let program = context.say("chương trình", "program");
    let until = pairing.ended.map_or_else(String::new, |ended| {
        format!(" – {}", ended.to_rfc3339(UtcOffset::VIETNAM))
    });
    format!(
        "{}  {}  {}  {}{until}",
        pairing.id.number(),
        pairing.origin.as_ref().map_or(program, Origin::as_str),
        pairing.name,
        pairing.paired.to_rfc3339(UtcOffset::VIETNAM),
    )
}
