//! `triend config`: whether the configuration can be used on this machine.

mod named;

use std::path::PathBuf;

use clap::Subcommand;

use super::serve::{NoConfig, fault_lines, unreadable_line};
use super::{Context, Ending, Trouble, complain, print};

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Kiểm tra tệp cấu hình và những gì tệp nêu trên máy này: mã thoát 1 nếu có điều sai hoặc thiếu,
    /// 2 nếu không đọc được tệp / check the configuration file and what it names on this machine: exit
    /// status 1 where something is wrong or missing, 2 where the file cannot be read
    Check {
        /// Tệp; mặc định là tệp mà triend sẽ đọc / the file that the daemon would read, by default
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

pub(super) fn run(command: &ConfigCommand, context: &Context) -> Result<Ending, Trouble> {
    let ConfigCommand::Check { file } = command;
    let path = file.clone().or_else(|| context.configuration_file());
    match context.configuration_in(path.as_deref()) {
        Ok(config) => {
            let path = path.map(|path| path.display().to_string());
            let lacks = named::lacks(&config, context.language);
            if !lacks.is_empty() {
                // Only a file names anything.
                let path = path.unwrap_or_default();
                print(lacks.iter().map(|line| format!("{path}: {line}")))?;
                return Ok(Ending::Found);
            }
            let none = context.say(
                "không có tệp, dùng giá trị mặc định",
                "no file, defaults are used",
            );
            let good = context.say("dùng được", "can be used");
            print([format!("{}: {good}", path.as_deref().unwrap_or(none))])?;
            Ok(Ending::Well)
        }
        Err(NoConfig::Faults(path, error)) => {
            print(fault_lines(&path, &error, context.language))?;
            Ok(Ending::Found)
        }
        Err(NoConfig::Unreadable(path, error)) => {
            complain([unreadable_line(&path, &error, context.language)]);
            Ok(Ending::Unable)
        }
    }
}
