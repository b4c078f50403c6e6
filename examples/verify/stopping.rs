//! An interrupt: the run ends after the records in work, and says how to go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use trien::Language;
use trien_examples::printable;

use crate::arguments::Arguments;

/// Asks the run to end after the records in work; the second time the program ends at once.
pub(crate) fn stop_on_interrupt(stop: &Arc<AtomicBool>) {
    let stop = Arc::clone(stop);
    // Without a handler an interrupt ends the program at once, as it always did.
    let _ = ctrlc::set_handler(move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(2);
        }
        eprintln!("verify: đang dừng… / stopping…");
    });
}

/// What is said at the end of a run that was stopped.
pub(crate) fn stopped(arguments: &Arguments, language: Language) {
    let said = match (&arguments.resume, language) {
        (Some(path), Language::En) => format!(
            "stopped; what is done is kept: run the same command with --resume {} to go on",
            path.display()
        ),
        (Some(path), _) => format!(
            "đã dừng; phần đã kiểm tra được giữ lại: chạy lại cùng lệnh với --resume {} để đi tiếp",
            path.display()
        ),
        (None, Language::En) => {
            "stopped; with --resume FILE the next run keeps what is done and can go on".to_owned()
        }
        (None, _) => {
            "đã dừng; lần sau thêm --resume TỆP để giữ phần đã kiểm tra và đi tiếp được".to_owned()
        }
    };
    eprintln!("verify: {}", printable(&said));
}
