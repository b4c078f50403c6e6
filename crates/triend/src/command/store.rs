//! `triend store`: backups, and whether the store is whole.

use std::path::PathBuf;

use clap::Subcommand;
use triend::store::Store;

use super::audit::trail_lines;
use super::{Context, Ending, Trouble, print};

#[derive(Subcommand)]
pub(crate) enum StoreCommand {
    /// Sao lưu ra một tệp mới / back up to a new file
    Backup {
        /// Tệp / file
        #[arg(value_name = "FILE")]
        target: PathBuf,
    },
    /// Phục hồi từ bản sao lưu, sau khi kiểm tra / restore from a backup, after checking it
    Restore {
        /// Tệp / file
        #[arg(value_name = "FILE")]
        backup: PathBuf,
    },
    /// Kiểm tra tệp và nhật ký / check the file and the log
    Check,
}

pub(super) fn run(command: &StoreCommand, context: &Context) -> Result<Ending, Trouble> {
    match command {
        StoreCommand::Backup { target } => {
            let head = context.open()?.backup(target, context.now)?;
            print([head.to_json().trim_end().to_owned()])?;
            Ok(Ending::Well)
        }
        StoreCommand::Restore { backup } => restore(backup, context),
        StoreCommand::Check => {
            let found = context.open()?.check()?;
            let faults = found.file_faults.iter().cloned();
            print(faults.chain(trail_lines(&found.trail, context)))?;
            Ok(if found.is_intact() {
                Ending::Well
            } else {
                Ending::Found
            })
        }
    }
}

fn restore(backup: &std::path::Path, context: &Context) -> Result<Ending, Trouble> {
    let restored = Store::restore(&context.folder, backup, context.now)?;
    let mut lines = vec![format!(
        "{} {}",
        context.say("đã phục hồi đến mục", "restored up to entry"),
        restored.head.sequence
    )];
    if let Some(lost) = restored.entries_lost {
        let not_in = context.say(
            "mục nhật ký sau bản sao lưu không còn",
            "entries of the log after the backup are gone",
        );
        lines.push(format!("{lost} {not_in}"));
    }
    if let Some(path) = &restored.before {
        let kept = context.say("kho trước đó còn ở", "the store from before is in");
        lines.push(format!("{kept} {}", path.display()));
    }
    for id in &restored.came_back {
        let again = context.say(
            "đã hủy mà nay trở lại, cần hủy lại: hồ sơ",
            "destroyed and back again, destroy it again: record",
        );
        lines.push(format!("{again} {}", id.number()));
    }
    print(lines)?;
    Ok(if restored.came_back.is_empty() {
        Ending::Well
    } else {
        Ending::Found
    })
}
