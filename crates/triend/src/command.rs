//! Arguments, the clock, and how the program ends.
//! Does not know what a command does.

mod audit;
mod config;
mod evidence;
mod help;
mod misread;
mod page_drawer;
mod pairing;
mod register;
mod serve;
mod store;
mod token_worker;
mod trouble;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use trien::{Language, MappedFile, UnixTime};
use triend::config::Config;
use triend::store::{Actor, ShortText, SignerId, Store, StoreError, TextFault};

pub(crate) use misread::{Misfit, language as language_asked_for, tell as tell_misread};
pub(crate) use trouble::Trouble;
use trouble::tell;

/// triend là chương trình ký số chạy nền trên máy cắm thiết bị ký (token). Để ký: gõ triend không kèm
/// lệnh nào và để chạy, mở trang của nhà trường rồi bấm ký ở đó; triend tự mở cửa sổ cho xem tài liệu
/// và hỏi mã PIN / triend is the signing daemon of the machine that the token is plugged into. To sign:
/// run triend without a command and leave it running, open the school's page and sign there; triend
/// opens a window that shows the documents and asks for the PIN
///
/// Chưa ký được thì mở `http://127.0.0.1:14741/status`: trang này cho biết thiết bị ký nào dùng được và
/// trang nào được gọi triend. Cách cài để triend tự chạy: docs/DAEMON.md / Where signing does not work,
/// open `http://127.0.0.1:14741/status`: it shows which tokens can be used and which pages may call
/// triend. How it is started with the machine: docs/DAEMON.md
///
/// Các lệnh dưới đây dành cho người quản trị: kết nối, cấu hình, sổ người ký, thông tin lưu kèm hồ sơ,
/// nhật ký (TT 41/2017) và sao lưu / The commands below are for administrators: pairings,
/// configuration, register of signers, evidence kept with records, audit log (TT 41/2017), backups
///
/// Mã thoát: 0 xong; 1 có điều thiếu hoặc sai; 2 không thực hiện được và không có gì thay đổi / Exit
/// status: 0 done; 1 something is missing or not as it was written; 2 it could not be done and nothing
/// has changed
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Thư mục của kho; mặc định trong thư mục của người dùng / folder of the store
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Ngôn ngữ / language
    #[arg(long, value_enum, default_value_t = LanguageName::Vi, global = true)]
    lang: LanguageName,
    /// Người thực hiện, theo số trong sổ người ký / who does it, by number in the register
    #[arg(long = "as", value_name = "ID", global = true)]
    actor: Option<i64>,
    /// Tệp cấu hình TOML; mặc định xem docs/DAEMON.md / configuration file
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    area: Option<Area>,
}

#[derive(Clone, Copy, ValueEnum)]
enum LanguageName {
    Vi,
    En,
}

/// The form of lists.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Để đọc / to read
    Text,
    /// Mỗi mục một dòng JSON / one JSON object a line
    Json,
}

#[derive(Subcommand)]
enum Area {
    /// Chạy triend; cũng là mặc định / run the daemon, which is also the default
    Serve,
    /// Các trang và chương trình được gọi triend / pages and programs that may call the daemon
    #[command(subcommand)]
    Pairings(pairing::PairingCommand),
    /// Tệp cấu hình / configuration file
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Sổ người ký và thiết bị con dấu / register of signers and seal devices
    #[command(subcommand)]
    Register(register::Register),
    /// Thông tin lưu kèm hồ sơ / evidence kept with records
    #[command(subcommand)]
    Evidence(evidence::EvidenceCommand),
    /// Nhật ký / audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Sao lưu, phục hồi, kiểm tra kho / back up, restore, check the store
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// Tiến trình con cho một mô-đun PKCS#11, do chương trình tự khởi động / one PKCS#11 module in
    /// a process of its own, started by this program
    #[command(hide = true)]
    TokenWorker(token_worker::TokenWorker),
    /// Tiến trình con vẽ một trang, do chương trình tự khởi động / draws one page, started by this
    /// program
    #[command(hide = true)]
    PageDrawer(page_drawer::PageDrawer),
}

/// Exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// 0
    Well,
    /// 1
    Found,
    /// 2
    Unable,
    /// Of a hidden command, for the daemon alone.
    Other(u8),
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Well => Self::SUCCESS,
            Ending::Found => Self::from(1),
            Ending::Unable => Self::from(2),
            Ending::Other(status) => Self::from(status),
        }
    }
}

/// What every command is given.
pub(crate) struct Context {
    folder: PathBuf,
    config: Option<PathBuf>,
    language: Language,
    actor: Actor,
    now: UnixTime,
}

impl Context {
    fn say(&self, vi: &'static str, en: &'static str) -> &'static str {
        if self.language == Language::En {
            en
        } else {
            vi
        }
    }

    /// The file that is named, else the user's, else the machine's.
    fn configuration_file(&self) -> Option<PathBuf> {
        let default = || {
            default_configuration_files()
                .into_iter()
                .find(|path| path.exists())
        };
        self.config.clone().or_else(default)
    }

    fn configuration(&self) -> Result<Config, serve::NoConfig> {
        self.configuration_in(self.configuration_file().as_deref())
    }

    /// The configuration of a file; the default where there is none.
    fn configuration_in(&self, path: Option<&Path>) -> Result<Config, serve::NoConfig> {
        let Some(path) = path else {
            return Ok(Config::default());
        };
        let octets = file_octets(path)
            .map_err(|error| serve::NoConfig::Unreadable(path.to_owned(), error))?;
        Config::parse_octets(&octets)
            .map_err(|error| serve::NoConfig::Faults(path.to_owned(), error))
    }

    fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.folder, self.now)
    }

    fn open_or_create(&self) -> Result<Store, StoreError> {
        Store::open_or_create(&self.folder, self.now)
    }
}

/// What was written on the command line. Help and errors of clap's speak this language.
pub(crate) fn parse(language: Language) -> Result<Arguments, clap::Error> {
    let command = help::in_language(Arguments::command(), language);
    Arguments::from_arg_matches(&command.try_get_matches()?)
}

/// Runs the command and says why it was not done.
pub(crate) fn run(arguments: &Arguments) -> Ending {
    let language = match arguments.lang {
        LanguageName::Vi => Language::Vi,
        LanguageName::En => Language::En,
    };
    // They need no store, and nothing of the user's but what they are given.
    match &arguments.area {
        Some(Area::PageDrawer(command)) => return page_drawer::run(command),
        Some(Area::TokenWorker(command)) => return token_worker::run(command),
        Some(_) | None => {}
    }
    let Some(folder) = arguments.data.clone().or_else(default_folder) else {
        let given = Trouble::Given(
            "không biết thư mục của người dùng: hãy nêu --data",
            "the user's folder is unknown: give --data",
        );
        return tell(&given, language);
    };
    let context = Context {
        folder,
        config: arguments.config.clone(),
        language,
        actor: arguments.actor.map_or(Actor::Administrator, |number| {
            Actor::Signer(SignerId::from_number(number))
        }),
        now: triend::clock::now(),
    };
    let result = match &arguments.area {
        None => serve::run(&context),
        Some(area) => run_area(area, &context),
    };
    result.unwrap_or_else(|trouble| tell(&trouble, language))
}

fn run_area(area: &Area, context: &Context) -> Result<Ending, Trouble> {
    match area {
        Area::Serve => serve::run(context),
        Area::Pairings(command) => pairing::run(command, context),
        Area::Config(command) => config::run(command, context),
        Area::PageDrawer(command) => Ok(page_drawer::run(command)),
        Area::Register(command) => register::run(command, context),
        Area::Evidence(command) => evidence::run(command, context),
        Area::Audit(command) => audit::run(command, context),
        Area::Store(command) => store::run(command, context),
        Area::TokenWorker(command) => Ok(token_worker::run(command)),
    }
}

/// Lines on standard error. Where it is gone there is nobody to tell.
fn complain(lines: impl IntoIterator<Item = String>) {
    let mut out = std::io::stderr().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
}

/// Prints lines; a reader that went away is an error like any other.
fn print(lines: impl IntoIterator<Item = String>) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

/// The user's own file, then the machine's.
fn default_configuration_files() -> Vec<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let (users, machines) = if cfg!(windows) {
        (absolute("APPDATA"), absolute("PROGRAMDATA"))
    } else if cfg!(target_os = "macos") {
        let home = absolute("HOME").map(|home| home.join("Library/Application Support"));
        (home, Some(PathBuf::from("/Library/Application Support")))
    } else {
        let home = || absolute("HOME").map(|home| home.join(".config"));
        let users = absolute("XDG_CONFIG_HOME").or_else(home);
        (users, Some(PathBuf::from("/etc")))
    };
    let folders = [users, machines].into_iter().flatten();
    folders
        .map(|folder| folder.join("triend/triend.toml"))
        .collect()
}

/// What is in a small file.
fn file_octets(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    // A configuration has a few hundred octets; a device that never ends is none.
    const LONGEST: u64 = 1 << 20;
    let mut octets = Vec::new();
    std::fs::File::open(path)?
        .take(LONGEST)
        .read_to_end(&mut octets)?;
    Ok(octets)
}

/// A per-user place that is backed up with the user's files and survives updates.
fn default_folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = if cfg!(windows) {
        PathBuf::from(variable("LOCALAPPDATA")?)
    } else if cfg!(target_os = "macos") {
        PathBuf::from(variable("HOME")?).join("Library/Application Support")
    } else {
        // XDG Base Directory Specification: relative values are to be ignored.
        variable("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".local/share")))?
    };
    Some(base.join("triend"))
}

/// A time as the command line takes it: a moment, or the first moment of a day in Vietnam.
fn moment(text: &str) -> Result<UnixTime, Misfit> {
    UnixTime::from_rfc3339(text)
        .or_else(|_| UnixTime::from_rfc3339(&format!("{text}T00:00:00+07:00")))
        .map_err(|_| {
            Misfit::new(
                "cần ngày 2026-09-05 hoặc lúc 2026-09-05T08:00:00+07:00",
                "a day 2026-09-05 or a moment 2026-09-05T08:00:00+07:00 is needed",
            )
        })
}

fn optional_text(text: Option<&String>) -> Result<Option<ShortText>, TextFault> {
    text.map(|text| ShortText::new(text)).transpose()
}

fn file(path: &Path) -> Result<MappedFile, Trouble> {
    MappedFile::open(path).map_err(|error| Trouble::Other(error.into()))
}

/// DER of the first certificate in a file (PEM, DER or .p7b).
fn certificate(path: &Path) -> Result<Vec<u8>, Trouble> {
    trien::trust::certificates_in(&file(path)?)
        .first()
        .map(|certificate| certificate.as_der().to_vec())
        .ok_or(Trouble::Given(
            "tệp không có chứng thư số nào",
            "there is no certificate in the file",
        ))
}
