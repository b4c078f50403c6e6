//! `triend register`: who signs as what, and who holds the seal device.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use trien::{UnixTime, UtcOffset};
use trien_types::{Capacity, Role};
use triend::entry_json;
use triend::store::{
    ContentHash, NewSealAssignment, NewSigner, SealAssignment, SealAssignmentId, ShortText, Signer,
    SignerId, Term, TermError,
};

use super::{Context, Ending, Format, Misfit, Trouble, certificate, moment, optional_text, print};

#[derive(Subcommand)]
pub(crate) enum Register {
    /// Thêm người ký / add a signer
    Add(Addition),
    /// Liệt kê / list
    List {
        /// Chỉ các mục có hiệu lực vào lúc này / only what holds at this time
        #[arg(long, value_name = "TIME", value_parser = moment)]
        at: Option<UnixTime>,
        /// Chỉ các mục của chứng thư số này / only those of this certificate
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
        /// Dạng in ra / form of the output
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Kết thúc một mục / end an entry
    End {
        /// Số của mục / number of the entry
        id: i64,
        /// Từ lúc nào không còn hiệu lực / from when on it no longer holds
        #[arg(long, value_name = "TIME", value_parser = moment)]
        until: UnixTime,
        /// Quyết định / decision
        #[arg(long)]
        decision: Option<String>,
    },
    /// Giao thiết bị con dấu cho văn thư / give the seal device to a clerk
    AssignSeal(SealAddition),
    /// Nhận lại thiết bị con dấu / take the seal device back
    ReturnSeal {
        /// Số của lần giao / number of the assignment
        id: i64,
        /// Từ lúc nào / from when on
        #[arg(long, value_name = "TIME", value_parser = moment)]
        until: UnixTime,
    },
}

#[derive(Args)]
pub(crate) struct Addition {
    /// Họ và tên / name of the person
    #[arg(long)]
    person: String,
    /// Trường hoặc cơ quan / school or other body
    #[arg(long)]
    body: String,
    /// Vai trò: giao-vien-bo-mon, giao-vien-chu-nhiem, to-truong, pho-hieu-truong, hieu-truong,
    /// van-thu / role
    #[arg(long, value_parser = role)]
    role: Role,
    /// Thẩm quyền: chinh-danh, tm, q, kt, tl, tuq / capacity
    #[arg(long, default_value = "chinh-danh", value_parser = capacity)]
    capacity: Capacity,
    /// Tệp chứng thư số (PEM, DER) / certificate file
    #[arg(long, value_name = "FILE")]
    certificate: PathBuf,
    #[command(flatten)]
    term: TermArguments,
    /// Quyết định / decision
    #[arg(long)]
    decision: Option<String>,
}

#[derive(Args)]
pub(crate) struct SealAddition {
    /// Nhãn hoặc số hiệu thiết bị / label or serial number of the device
    #[arg(long)]
    device: String,
    /// Số của văn thư trong sổ người ký / number of the clerk in the register
    #[arg(long, value_name = "ID")]
    clerk: i64,
    /// Quyết định giao / decision that assigns it
    #[arg(long)]
    decision: String,
    #[command(flatten)]
    term: TermArguments,
}

#[derive(Args)]
struct TermArguments {
    /// Từ lúc nào; mặc định là bây giờ / from when; now unless told
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<UnixTime>,
    /// Đến lúc nào / until when
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<UnixTime>,
}

impl TermArguments {
    fn term(&self, context: &Context) -> Result<Term, Trouble> {
        let term = Term::new(self.from.unwrap_or(context.now), self.until);
        term.map_err(|error: TermError| Trouble::Store(error.into()))
    }
}

pub(super) fn role(code: &str) -> Result<Role, Misfit> {
    Role::from_code(code).ok_or_else(|| Misfit::none_of(&Role::ALL.map(Role::code)))
}

pub(super) fn capacity(code: &str) -> Result<Capacity, Misfit> {
    Capacity::from_code(code).ok_or_else(|| Misfit::none_of(&Capacity::ALL.map(Capacity::code)))
}

pub(super) fn run(command: &Register, context: &Context) -> Result<Ending, Trouble> {
    match command {
        Register::Add(addition) => add(addition, context),
        Register::List {
            at,
            certificate,
            format,
        } => list(*at, certificate.as_ref(), *format, context),
        Register::End {
            id,
            until,
            decision,
        } => {
            let decision = optional_text(decision.as_ref())?;
            let id = SignerId::from_number(*id);
            let mut store = context.open()?;
            store.end_signer(id, *until, decision.as_ref(), context.actor, context.now)?;
            Ok(Ending::Well)
        }
        Register::AssignSeal(addition) => assign(addition, context),
        Register::ReturnSeal { id, until } => {
            let id = SealAssignmentId::from_number(*id);
            context
                .open()?
                .return_seal(id, *until, context.actor, context.now)?;
            Ok(Ending::Well)
        }
    }
}

fn add(addition: &Addition, context: &Context) -> Result<Ending, Trouble> {
    let mut new = NewSigner::new(
        ShortText::new(&addition.person)?,
        ShortText::new(&addition.body)?,
        addition.role,
        certificate(&addition.certificate)?,
        addition.term.term(context)?,
    );
    new.capacity = addition.capacity;
    new.decision = optional_text(addition.decision.as_ref())?;
    let id = context
        .open_or_create()?
        .add_signer(&new, context.actor, context.now)?;
    print([id.number().to_string()])?;
    Ok(Ending::Well)
}

fn assign(addition: &SealAddition, context: &Context) -> Result<Ending, Trouble> {
    let new = NewSealAssignment::new(
        ShortText::new(&addition.device)?,
        SignerId::from_number(addition.clerk),
        ShortText::new(&addition.decision)?,
        addition.term.term(context)?,
    );
    let id = context
        .open()?
        .assign_seal(&new, context.actor, context.now)?;
    print([id.number().to_string()])?;
    Ok(Ending::Well)
}

fn list(
    at: Option<UnixTime>,
    file: Option<&PathBuf>,
    format: Format,
    context: &Context,
) -> Result<Ending, Trouble> {
    let store = context.open()?;
    let mut signers = match at {
        Some(time) => store.signers_at(time)?,
        None => store.signers()?,
    };
    let mut seals = store.seal_assignments()?;
    if let Some(path) = file {
        let id = ContentHash::of(&certificate(path)?).into();
        signers.retain(|signer| signer.certificate == id);
        seals.clear();
    }
    if let Some(time) = at {
        let mut held = Vec::new();
        for seal in seals {
            if store
                .seal_holder(&seal.device, time)?
                .is_some_and(|holder| holder.id == seal.id)
            {
                held.push(seal);
            }
        }
        seals = held;
    }
    let signer_line = |signer: &Signer| signer_line(signer, format);
    let seal_line = |seal: &SealAssignment| seal_line(seal, format, context);
    print(
        signers
            .iter()
            .map(signer_line)
            .chain(seals.iter().map(seal_line)),
    )?;
    Ok(Ending::Well)
}

fn time(time: UnixTime) -> String {
    time.to_rfc3339(UtcOffset::VIETNAM)
}

fn term_text(term: Term) -> String {
    let until = term.until().map_or_else(String::new, time);
    format!("{} – {until}", time(term.from()))
}

fn signer_line(signer: &Signer, format: Format) -> String {
    if format == Format::Json {
        return entry_json::signer(signer).to_string();
    }
    let title = signer
        .known_role()
        .map_or_else(|| signer.role.clone(), |role| role.title().to_owned());
    let prefix = signer.known_capacity().map_or("?", Capacity::prefix);
    let space = if prefix.is_empty() { "" } else { " " };
    format!(
        "{}\t{prefix}{space}{title}\t{}\t{}\t{}\t{}",
        signer.id.number(),
        signer.person,
        signer.body,
        term_text(signer.term),
        signer.certificate
    )
}

fn seal_line(seal: &SealAssignment, format: Format, context: &Context) -> String {
    if format == Format::Json {
        return entry_json::seal_assignment(seal).to_string();
    }
    format!(
        "{}\t{}\t{}\t{} {}\t{}\t{}",
        seal.id.number(),
        context.say("thiết bị con dấu", "seal device"),
        seal.device,
        context.say("văn thư", "clerk"),
        seal.clerk.number(),
        term_text(seal.term),
        seal.decision
    )
}
