//! The help in the reader's language: of each text the half that is theirs, and headings that clap
//! has in English alone.
//! Knows no command.

use clap::builder::{Resettable, StyledStr};
use clap::{Arg, Command};
use trien::Language;

/// Stands between the Vietnamese and the English of a paragraph.
const BETWEEN: &str = " / ";

/// A command and all that are below it, as whoever reads this language is told of them.
pub(crate) fn in_language(mut command: Command, language: Language) -> Command {
    // What clap adds by itself is there from here on.
    command.build();
    told(command, language)
}

fn told(command: Command, language: Language) -> Command {
    let say = |vi, en| if language == Language::En { en } else { vi };
    let mut command = command
        .mut_args(|arg| argument(arg, language))
        .mut_subcommands(|below| told(below, language));
    let about = command.get_about().map(|about| half(about, language));
    let long = command.get_long_about().map(|about| half(about, language));
    if command.get_name() == "help" {
        let words = "In hướng dẫn của một lệnh";
        command = command.about(say(words, "Print the help of a command"));
    } else if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(long) = long {
        command = command.long_about(long);
    }
    if language == Language::En {
        return command;
    }
    let usage = usage(&mut command);
    let template = template(&command);
    command.override_usage(usage).help_template(template)
}

/// How the command is written, with what clap calls things in English.
fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage).trim();
    usage
        .replace("[OPTIONS]", "[TÙY CHỌN]")
        .replace("[COMMAND]", "[LỆNH]")
        .replace("<COMMAND>", "<LỆNH>")
}

/// The order of clap's own template, with the headings of what there is.
fn template(command: &Command) -> String {
    let mut template = "{about-with-newline}\nCách dùng: {usage}\n".to_owned();
    if command.get_subcommands().any(|below| !below.is_hide_set()) {
        template.push_str("\nLệnh:\n{subcommands}\n");
    }
    if command.get_positionals().any(|arg| !arg.is_hide_set()) {
        template.push_str("\nTham số:\n{positionals}\n");
    }
    template.push_str("\nTùy chọn:\n{options}");
    template
}

fn argument(arg: Arg, language: Language) -> Arg {
    let say = |vi, en| if language == Language::En { en } else { vi };
    let mut help = match arg.get_id().as_str() {
        "help" => say("In hướng dẫn này", "Print this help").to_owned(),
        "version" => say("In phiên bản", "Print the version").to_owned(),
        _ => arg
            .get_help()
            .map(|help| half(help, language))
            .unwrap_or_default(),
    };
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| match value.get_help() {
            Some(means) => format!("{} ({})", value.get_name(), half(means, language)),
            None => value.get_name().to_owned(),
        })
        .collect();
    if !values.is_empty() {
        let one_of = say("một trong", "one of");
        help.push_str(&format!(" [{one_of}: {}]", values.join(", ")));
    }
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if arg.get_action().takes_values() && !defaults.is_empty() {
        let unless_told = say("mặc định", "default");
        help.push_str(&format!(" [{unless_told}: {}]", defaults.join(", ")));
    }
    arg.help(help)
        .long_help(Resettable::Reset)
        .hide_possible_values(true)
        .hide_default_value(true)
}

/// The half of each paragraph that is in this language.
fn half(text: &StyledStr, language: Language) -> String {
    let text = text.to_string();
    let halves = text
        .split("\n\n")
        .map(|paragraph| match paragraph.split_once(BETWEEN) {
            Some((_, english)) if language == Language::En => english,
            Some((vietnamese, _)) => vietnamese,
            None => paragraph,
        });
    halves.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::command::Arguments;

    /// The help of a command and of all below it that people see, in both lengths.
    fn pages(command: &mut Command) -> Vec<String> {
        let mut pages = vec![
            command.render_help().to_string(),
            command.render_long_help().to_string(),
        ];
        let below = command.get_subcommands_mut();
        pages.extend(below.filter(|one| !one.is_hide_set()).flat_map(self::pages));
        pages
    }

    /// Every paragraph that people read, before a half of it is taken.
    fn texts(command: &Command) -> Vec<String> {
        let mut texts: Vec<String> = [command.get_about(), command.get_long_about()]
            .into_iter()
            .flatten()
            .chain(command.get_arguments().filter_map(Arg::get_help))
            .flat_map(|text| {
                let text = text.to_string();
                text.split("\n\n").map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        let below = command.get_subcommands();
        texts.extend(below.filter(|one| !one.is_hide_set()).flat_map(self::texts));
        texts
    }

    #[test]
    fn every_text_of_the_help_has_two_halves() {
        let all = texts(&Arguments::command());
        assert!(all.len() > 60, "{}", all.len());
        for text in all {
            assert_eq!(text.matches(BETWEEN).count(), 1, "{text}");
        }
    }

    #[test]
    fn nothing_of_the_help_is_in_the_other_language() {
        let vietnamese = pages(&mut in_language(Arguments::command(), Language::Vi));
        assert!(vietnamese.len() > 40, "{}", vietnamese.len());
        for page in vietnamese {
            for english in [
                "Usage",
                "Options",
                "OPTIONS",
                "Commands",
                "COMMAND",
                "Arguments",
                "Print",
                "default",
                "possible",
                BETWEEN,
            ] {
                assert!(!page.contains(english), "{english}: {page}");
            }
            assert!(page.contains("Cách dùng: triend"), "{page}");
        }
        for page in pages(&mut in_language(Arguments::command(), Language::En)) {
            assert!(page.is_ascii(), "{page}");
            assert!(page.contains("Usage: triend"), "{page}");
        }
    }
}
