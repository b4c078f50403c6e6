//! Keeps a folder of trust anchors: adds a root after its fingerprint was compared, and lists
//! what is trusted.
//!
//! Exit status: 0 done, 1 refused, 2 something could not be read or written.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use trien::trust::{
    AnchorFolder, AnchorPurposes, FolderLimits, KnownCertificate, KnownRole, TrustAnchor,
    TrustAnchors,
};
use trien::{UnixTime, UtcOffset};
use trien_examples::{Ending, print_chain};

/// Quản lý các chứng thư số gốc được tin cậy. Keeps the folder of trusted roots.
///
/// Mã thoát / exit status: 0 xong / done; 1 từ chối / refused; 2 không đọc hoặc ghi được / could
/// not read or write.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Thêm một chứng thư số gốc sau khi đã đối chiếu vân tay / add a root, fingerprint compared
    Add(Addition),
    /// Liệt kê các chứng thư số đang được tin cậy / list what is trusted
    List {
        /// Thư mục / folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Args)]
struct Addition {
    /// Tệp chứng thư số (PEM, DER, .p7b) / certificate file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Thư mục để thêm vào / folder to add to
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// SHA-256 do nơi phát hành công bố, dấu hai chấm tùy ý / as the publisher gives it
    #[arg(long, value_name = "SHA256", value_parser = fingerprint)]
    fingerprint: Option<String>,
    /// Tôi đã tự đối chiếu vân tay in trên màn hình với nơi phát hành / I compared it myself
    #[arg(long)]
    yes_i_compared: bool,
    /// Chỉ tin cho một mục đích / trust for one purpose only
    #[arg(long, value_enum)]
    purpose: Option<Purpose>,
    /// Thời điểm cuối còn tin, ví dụ 2030-12-31T23:59:59+07:00 / last moment of the trust
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<UnixTime>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Purpose {
    Signing,
    TimeStamping,
}

/// 64 hexadecimal digits, whatever stands between them.
fn fingerprint(text: &str) -> Result<String, String> {
    let digits: String = text
        .chars()
        .filter(|sign| !matches!(sign, ':' | ' ' | '-'))
        .map(|sign| sign.to_ascii_lowercase())
        .collect();
    if digits.len() == 64 && digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(digits)
    } else {
        Err("SHA-256 có 64 chữ số thập lục phân / a SHA-256 has 64 hexadecimal digits".to_owned())
    }
}

fn moment(text: &str) -> Result<UnixTime, String> {
    UnixTime::from_rfc3339(text).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let result = match &Arguments::parse().command {
        Command::Add(addition) => add(addition),
        Command::List { folder } => list(folder),
    };
    match result {
        Ok(ending) => ending.into(),
        Err(error) => {
            print_chain("anchors", &error);
            Ending::Unable.into()
        }
    }
}

fn list(path: &Path) -> io::Result<Ending> {
    let folder =
        TrustAnchors::read_dir(path, &FolderLimits::default()).map_err(io::Error::other)?;
    let AnchorFolder {
        anchors, problems, ..
    } = folder;
    for (number, anchor) in (1_usize..).zip(&anchors) {
        println!("{number}.");
        show(anchor);
    }
    println!("Đang tin {0} chứng thư số / {0} trusted", anchors.len());
    for problem in &problems {
        print_chain("anchors", problem);
    }
    Ok(if problems.is_empty() {
        Ending::Well
    } else {
        Ending::Unable
    })
}

fn show(anchor: &TrustAnchor) {
    let certificate = anchor.certificate();
    let date = |time: UnixTime| time.to_rfc3339(UtcOffset::VIETNAM);
    println!("  Chủ thể / subject:  {}", certificate.subject());
    println!("  Nơi cấp / issuer:   {}", certificate.issuer());
    println!("  Từ / from:          {}", date(certificate.not_before()));
    println!("  Đến / until:        {}", date(certificate.not_after()));
    println!("  SHA-256:            {}", grouped(anchor));
    match KnownCertificate::find(certificate.id()) {
        Some(known) => println!("  Được biết là / known as: {known} — {}", publisher(known)),
        None => println!("  Không có trong danh mục đã biết / not among the known ones"),
    }
    if let AnchorPurposes::Only(purpose) = anchor.purposes() {
        println!("  Chỉ dùng cho / only for: {purpose}");
    }
    if let Some(end) = anchor.valid_until() {
        println!("  Chỉ tin đến / trusted until: {}", date(end));
    }
}

/// Upper case in pairs, as publishers print fingerprints.
fn grouped(anchor: &TrustAnchor) -> String {
    let octets = anchor.certificate().id();
    let pairs: Vec<String> = octets
        .as_octets()
        .iter()
        .map(|octet| format!("{octet:02X}"))
        .collect();
    pairs.join(":")
}

fn publisher(known: KnownCertificate) -> &'static str {
    match known.role() {
        KnownRole::NationalRoot => "đối chiếu tại / compare at rootca.gov.vn",
        KnownRole::GovernmentRoot | KnownRole::GovernmentIssuer => {
            "đối chiếu tại / compare at ca.gov.vn"
        }
        KnownRole::Issuer | _ => "đối chiếu với nơi cấp / compare with the authority",
    }
}

fn refuse(vietnamese: &str, english: &str) -> Ending {
    eprintln!("anchors: TỪ CHỐI: {vietnamese} / REFUSED: {english}");
    Ending::Objection
}

fn add(addition: &Addition) -> io::Result<Ending> {
    let read = TrustAnchors::read_file(&addition.file, &FolderLimits::default());
    for problem in &read.problems {
        print_chain("anchors", problem);
    }
    if read.anchors.is_empty() {
        return Ok(Ending::Unable);
    }
    for anchor in &read.anchors {
        show(anchor);
    }
    let chosen: Vec<&TrustAnchor> = read
        .anchors
        .iter()
        .filter(|anchor| {
            let wanted = addition.fingerprint.as_ref();
            wanted.is_none_or(|wanted| anchor.certificate().id().to_string() == *wanted)
        })
        .collect();
    let anchor = match (chosen.as_slice(), &addition.fingerprint) {
        ([], _) => {
            return Ok(refuse(
                "vân tay không khớp với chứng thư số nào trong tệp",
                "the fingerprint is of no certificate in the file",
            ));
        }
        ([one], Some(_)) => *one,
        ([one], None) if addition.yes_i_compared => *one,
        ([_], None) => {
            return Ok(refuse(
                "hãy đối chiếu SHA-256 với nơi phát hành rồi ghi --fingerprint SHA256, hoặc \
                 --yes-i-compared",
                "compare the SHA-256 with the publisher, then give --fingerprint SHA256, or \
                 --yes-i-compared",
            ));
        }
        ([..], _) => {
            return Ok(refuse(
                "tệp có nhiều chứng thư số; hãy ghi --fingerprint của một chứng thư số",
                "the file has several certificates; give the --fingerprint of one",
            ));
        }
    };
    write(anchor, addition)
}

/// The bounds are written first: without them the root would be trusted for more.
fn write(anchor: &TrustAnchor, addition: &Addition) -> io::Result<Ending> {
    let certificate = anchor.certificate();
    fs::create_dir_all(&addition.to)?;
    let file = addition.to.join(format!("{}.cer", certificate.id()));
    let mut bounds = String::new();
    if let Some(purpose) = addition.purpose {
        bounds.push_str(match purpose {
            Purpose::Signing => "purpose = \"signing\"\n",
            Purpose::TimeStamping => "purpose = \"time-stamping\"\n",
        });
    }
    if let Some(until) = addition.until {
        let until = until.to_rfc3339(UtcOffset::VIETNAM);
        bounds.push_str(&format!("valid-until = \"{until}\"\n"));
    }
    if file.exists() {
        return Ok(refuse(
            "chứng thư số này đã có trong thư mục; hãy xóa tệp cũ nếu muốn thay",
            "the folder has this certificate already; remove the old file to replace it",
        ));
    }
    if !bounds.is_empty() {
        let beside = file.with_extension("cer.toml");
        new_file(&beside, bounds.as_bytes())?;
    }
    new_file(&file, certificate.as_der())?;
    println!("Đã thêm / added: {}", file.display());
    Ok(Ending::Well)
}

fn new_file(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(octets)?;
    file.sync_all()
}
