//! The command line of `verify`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use trien::UnixTime;
use trien::archive::{first_moment, last_moment};
use trien_examples::{KeyArguments, LanguageName, SealArguments};
use trien_report::{Separator, Thumbnails};

/// Kiểm tra chữ ký số trong tệp PDF, không cần mạng. Verifies the signatures of PDF files offline.
///
/// Mã thoát / exit status: 0 tất cả hợp lệ / all valid; 1 có tệp chưa hợp lệ / something is not;
/// 2 có tệp không đọc được / something could not be read.
#[derive(Parser)]
#[command(version)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are independent of each other"
)]
pub(crate) struct Arguments {
    /// text: cho người đọc / for people; json: một dòng cho mỗi tệp / one line per file; html: báo
    /// cáo một tệp, mở được không cần mạng / one file to open offline; csv: bảng tính / spreadsheet
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// Ghi kết quả html hoặc csv vào tệp này thay vì đầu ra chuẩn / write html or csv to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Tiêu đề báo cáo html, ví dụ tên trường / title of the html report, such as the school's name
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Hình trang trong báo cáo html: tệp cần xem lại, tất cả, không (--mask thì không có hình) /
    /// pictures of pages in the html report; none with --mask
    #[arg(long, value_enum, default_value = "objections")]
    pub(crate) thumbnails: ThumbnailsName,
    /// Dấu phân cách trong csv: Excel dùng dấu phẩy thập phân thì cần chấm phẩy / between the cells
    /// of csv
    #[arg(long, value_enum, default_value = "comma")]
    pub(crate) separator: SeparatorName,
    /// Ghi thêm báo cáo PDF có ký, bằng thiết bị hoặc khóa mềm nêu ở --token, --soft-key… / also
    /// write a signed PDF report, with the token or the soft key named
    #[arg(long, value_name = "FILE")]
    pub(crate) seal_report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) keys: KeyArguments,
    #[command(flatten)]
    pub(crate) seal: SealArguments,
    /// Thư mục chứng thư số gốc được tin cậy (PEM, DER, .p7b) / folder of trusted roots
    #[arg(long, value_name = "DIR")]
    pub(crate) anchors: Option<PathBuf>,
    /// Bộ quy tắc áp dụng / the rules that judge
    #[arg(long, value_enum, default_value = "tt41_2017")]
    pub(crate) profile: ProfileName,
    /// Tệp TOML điều chỉnh bộ quy tắc / TOML file with an administrator's changes to the rules
    #[arg(long, value_name = "FILE")]
    pub(crate) profile_overrides: Option<PathBuf>,
    /// Thư mục chứng thư số, CRL, OCSP lưu sẵn (.cer .crl .ocsp) / folder of certificates, CRLs and
    /// OCSP responses kept for offline use
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
    /// Không dùng mạng (mặc định) / no network (the default)
    #[arg(long, conflicts_with = "online")]
    pub(crate) offline: bool,
    /// Tải CRL, OCSP và chứng thư số còn thiếu / fetch missing CRLs, OCSP responses and certificates
    #[arg(long)]
    pub(crate) online: bool,
    /// Cùng --online, --tsa: cho phép kết nối tới địa chỉ nội bộ / let connections lead to private
    /// addresses
    #[arg(long)]
    pub(crate) allow_private_addresses: bool,
    /// Thời điểm xét, ví dụ 2026-05-31T08:00:00+07:00; mặc định: bây giờ, hoặc thời điểm trong nhật
    /// ký của --resume / time of judgement
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) at: Option<UnixTime>,
    /// Xét theo quy trình ký: tên quy trình có sẵn hoặc tệp TOML / hold against a workflow: the
    /// name of a ready one, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) workflow: Option<String>,
    /// Ngôn ngữ / language
    #[arg(long, value_enum, default_value = "vi")]
    pub(crate) lang: LanguageName,
    /// Kể lại các phiên bản: ai ký, thay đổi những gì / tell the revisions: who signed, what changed
    #[arg(long)]
    pub(crate) explain: bool,
    /// Số luồng; mặc định: số lõi máy / threads, as many as the machine has cores by default
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Cuối cùng in bộ nhớ đã dùng: của chương trình và của các tệp được ánh xạ / at the end tell the
    /// memory used, the program's own and that of mapped files
    #[arg(long)]
    pub(crate) stats: bool,
    /// Nhật ký: ghi những tệp đã kiểm tra, chạy lại thì đi tiếp / journal: keeps what is done, and
    /// goes on from there
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Ghi tổng hợp (trien.archive/1, JSON) theo năm câu hỏi của đoàn kiểm tra / write the summary
    #[arg(long, value_name = "FILE")]
    pub(crate) summary: Option<PathBuf>,
    /// Tệp TOML: thư mục nào là loại hồ sơ nào, quy trình, hạn ký, trường / what folders mean
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// In tệp ánh xạ mặc định để chép và sửa / print the mapping that is known by default
    #[arg(long)]
    pub(crate) print_mapping: bool,
    /// Từ ngày: tổng hợp chỉ tính hồ sơ ký trong kỳ, ví dụ 05/09/2026 / start of the period whose
    /// records are counted
    #[arg(long, value_name = "DAY", value_parser = parse_start)]
    pub(crate) from: Option<UnixTime>,
    /// Đến hết ngày / end of the period, that day included
    #[arg(long, value_name = "DAY", value_parser = parse_end)]
    pub(crate) to: Option<UnixTime>,
    /// Kể các tệp không còn chứng minh được đến thời điểm này / tell the files that cannot be proven
    /// until then
    #[arg(long, value_name = "DAY", value_parser = parse_start)]
    pub(crate) provable_until: Option<UnixTime>,
    /// Che họ tên (còn chữ đầu) và số định danh (còn số cuối) / mask names and numbers of people
    #[arg(long)]
    pub(crate) mask: bool,
    /// Đối chiếu đĩa hoặc thư mục với bản kê đã ký: thiếu, thừa, bị sửa / hold a folder against a
    /// signed manifest: missing, added, changed
    #[arg(long, value_name = "FILE", conflicts_with = "make_manifest")]
    pub(crate) manifest: Option<PathBuf>,
    /// Người phải ký bản kê: số sê-ri chứng thư số, số định danh (CCCD, MST của tổ chức) hoặc tên (có
    /// thể trùng); mặc định: con dấu của một tổ chức / who must have signed the manifest, by serial
    /// number, own number or name (not unique); an organisation's seal by default
    #[arg(long, value_name = "SERIAL|NUMBER|NAME", requires = "manifest")]
    pub(crate) manifest_signer: Option<String>,
    /// Lập bản kê (PDF) các hồ sơ của một thư mục; sau đó ký bằng sign / write a manifest of a
    /// folder's records, to be signed by `sign`
    #[arg(long, value_name = "FILE")]
    pub(crate) make_manifest: Option<PathBuf>,
    /// Tệp, thư mục, tệp zip, mẫu tên (*.pdf) / files, folders, zip archives, patterns
    #[arg(required_unless_present = "print_mapping", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Html,
    Csv,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ThumbnailsName {
    Objections,
    All,
    None,
}

impl From<ThumbnailsName> for Thumbnails {
    fn from(name: ThumbnailsName) -> Self {
        match name {
            ThumbnailsName::Objections => Self::Objections,
            ThumbnailsName::All => Self::All,
            ThumbnailsName::None => Self::None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeparatorName {
    Comma,
    Semicolon,
}

impl From<SeparatorName> for Separator {
    fn from(name: SeparatorName) -> Self {
        match name {
            SeparatorName::Comma => Self::Comma,
            SeparatorName::Semicolon => Self::Semicolon,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    #[value(name = "tt41_2017")]
    Tt41,
    #[value(name = "tt15_2025")]
    Tt15,
    #[value(name = "nd68_2024")]
    Nd68,
    #[value(name = "nd23_2025")]
    Nd23,
    /// có hiệu lực khi ký, trường công lập / in force at signing, public school
    Public,
    /// có hiệu lực khi ký, trường tư thục / in force at signing, private school
    Private,
}

fn parse_time(text: &str) -> Result<UnixTime, String> {
    UnixTime::from_rfc3339(text).map_err(|_| {
        "không phải là thời điểm: hãy viết cả ngày, giờ và múi giờ, ví dụ \
         2026-05-31T08:00:00+07:00 / no time: write day, hour and offset"
            .to_owned()
    })
}

/// A time, or the start of a day in Vietnam.
fn parse_start(text: &str) -> Result<UnixTime, String> {
    first_moment(text).map_err(|error| error.to_string())
}

/// A time, or the last second of a day in Vietnam.
fn parse_end(text: &str) -> Result<UnixTime, String> {
    last_moment(text).map_err(|error| error.to_string())
}
