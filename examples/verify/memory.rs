//! How much memory a run took, its own and that of mapped files apart: pages of a large file are the
//! system's to take back, and are no need of the program.

use trien::Language;

/// What the system says of this process, in octets; `None` where it does not say.
pub(crate) fn said(language: Language) -> Option<String> {
    words(
        &std::fs::read_to_string("/proc/self/status").ok()?,
        language,
    )
}

/// The line about a text of `proc_pid_status(5)`.
fn words(status: &str, language: Language) -> Option<String> {
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        // In kB, which are 1,024 octets here.
        let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
        Some(kilobytes / 1_024)
    };
    let (own, mapped) = (of("RssAnon:")?, of("RssFile:")?);
    let peak = of("VmHWM:")?;
    Some(match language {
        Language::En => format!(
            "memory at the end: {own} MB the program's own, {mapped} MB pages of mapped files \
             (which the system takes back when it needs them); at most {peak} MB of both at a time"
        ),
        Language::Vi | _ => format!(
            "bộ nhớ khi kết thúc: {own} MB của chương trình, {mapped} MB là trang tệp được ánh xạ (hệ \
             thống thu hồi khi cần); cao nhất {peak} MB gồm cả hai"
        ),
    })
}
