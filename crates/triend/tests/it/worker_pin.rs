//! Where a PIN is, while a worker runs and afterwards; and the end of the worker with the daemon.
//! The PIN is made up for each run and reaches the process under test through a pipe, so that
//! finding it there means that it was left there.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use trien_testkit::pki::Role;
use trien_testkit::tokens::{CONFIG_VARIABLE, ContextLogin, TokenPlan};
use trien_token::{FinalTry, Pin, PinSource};
use triend::token_worker::{TokenService, forbid_core_dumps};

use crate::school::pki;
use crate::worker_hostile::{compile, ends, kill};
use crate::worker_softhsm::{Drawer, id, settings, this_program};

const MODULE: &str = "TRIEND_TEST_PIN_MODULE";

/// Run again as a daemon of its own; nothing to do otherwise. Says each step and waits for a line
/// before the next: the PIN comes first.
#[test]
fn daemon() {
    let Some(module) = std::env::var_os(MODULE) else {
        return;
    };
    forbid_core_dumps().unwrap();
    // Not through the buffer of standard input, which is nobody's to wipe.
    let mut lines = File::from(std::io::stdin().as_fd().try_clone_to_owned().unwrap());
    let service = TokenService::new(settings(vec![PathBuf::from(&module)]));
    let say = |step: &str| {
        let worker = service.worker_process(module.as_ref()).unwrap();
        println!("\nSTEP {step} {worker}");
    };
    assert!(service.tokens()[0].tokens.is_ok());
    let pin = PinSource::Pin(Pin::from_octets(line(&mut lines)).unwrap());
    let key = service
        .open_key(&id(Role::Principal), pin, FinalTry::Refuse)
        .unwrap();
    let scheme = key.digest_schemes()[0];
    key.sign_message(scheme, b"1").unwrap();
    say("open");
    line(&mut lines);
    key.sign_message(scheme, b"2").unwrap();
    drop(key);
    let reports = service.refresh();
    assert!(reports[0].tokens.is_ok());
    say("closed");
    line(&mut lines);
}

/// One line, octet by octet, in a buffer that is not moved.
fn line(lines: &mut File) -> Vec<u8> {
    let mut read = Vec::with_capacity(64);
    let mut octet = [0];
    while lines.read(&mut octet).unwrap() == 1 && octet != *b"\n" {
        assert!(read.len() < read.capacity());
        read.extend(octet);
    }
    octet = [0];
    assert_eq!(octet, [0]);
    // Taken over whole: the capacity stays, and with it what is wiped.
    read
}

struct Daemon {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Daemon {
    fn start(drawer: &Drawer, module: &std::path::Path) -> Self {
        let mut child = this_program("worker_pin::daemon")
            .env(MODULE, module)
            .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self { child, said }
    }

    fn tell(&mut self, text: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(format!("{text}\n").as_bytes()).unwrap();
    }

    /// Waits for a step; gives the number of the worker.
    fn step(&mut self, name: &str) -> u32 {
        let mut said = String::new();
        while self.said.read_line(&mut said).unwrap() > 0 {
            if let Some(worker) = said.trim().strip_prefix(&format!("STEP {name} ")) {
                return worker.parse().unwrap();
            }
            said.clear();
        }
        panic!("the daemon ended before the step {name}")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A PIN nobody chose: digits of the clock and of the process.
fn made_up_pin() -> String {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    format!("Pin-{}-{}", since.as_nanos(), std::process::id())
}

fn drawer_with(pin: &str, login: ContextLogin) -> Option<Drawer> {
    let identity = pki().identity(Role::Principal).unwrap();
    let plan = TokenPlan::new("Pin", pin)
        .with_identity(identity, login)
        .unwrap();
    Drawer::with(&[plan])
}

/// Places of `text` in the writable memory of a process; none, said aloud, if it may not be read.
fn found_in_memory(process: u32, text: &str) -> Option<usize> {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let Ok(mut memory) = File::open(format!("/proc/{process}/mem")) else {
        println!("SKIPPED: the memory of process {process} may not be read by this user");
        return None;
    };
    let Ok(mut pages) = File::open(format!("/proc/{process}/pagemap")) else {
        println!("SKIPPED: the pages of process {process} may not be told by this user");
        return None;
    };
    let page = page_size();
    let mut found = 0;
    let mut read = 0;
    for map in maps.lines().filter(|map| map.contains(" rw")) {
        let range = map.split_whitespace().next().unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let [start, end] = [start, end].map(|part| u64::from_str_radix(part, 16).unwrap());
        // An allocator maps a gigabyte and uses little of it: what was never written is not read.
        let mut entries = vec![0; usize::try_from((end - start) / page * 8).unwrap()];
        pages.seek(SeekFrom::Start(start / page * 8)).unwrap();
        if pages.read_exact(&mut entries).is_err() {
            continue;
        }
        let is_there = |entry: &[u8]| entry[7] & 0b1100_0000 != 0;
        let entries: Vec<bool> = entries.chunks_exact(8).map(is_there).collect();
        let mut at = start;
        for run in entries.chunk_by(|one, next| one == next) {
            let length = page * u64::try_from(run.len()).unwrap();
            let mut octets = vec![0; usize::try_from(length).unwrap()];
            // Some mappings belong to devices.
            let can_be_read = run[0]
                && memory.seek(SeekFrom::Start(at)).is_ok()
                && memory.read_exact(&mut octets).is_ok();
            at += length;
            if can_be_read {
                read += octets.len();
                found += octets
                    .windows(text.len())
                    .filter(|window| *window == text.as_bytes())
                    .count();
            }
        }
    }
    assert!(read > 100_000, "{read} octets read");
    Some(found)
}

fn page_size() -> u64 {
    let output = Command::new("getconf").arg("PAGESIZE").output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

fn file_of(process: u32, name: &str) -> String {
    let octets = std::fs::read(format!("/proc/{process}/{name}")).unwrap();
    String::from_utf8_lossy(&octets).into_owned()
}

#[test]
fn a_pin_is_in_no_argument_variable_or_limit_and_leaves_the_daemons_memory() {
    let pin = made_up_pin();
    let Some(drawer) = drawer_with(&pin, ContextLogin::NotAsked) else {
        return;
    };
    let mut daemon = Daemon::start(&drawer, &drawer.tokens.module_path);
    daemon.tell(&pin);
    let worker = daemon.step("open");
    let parent = daemon.child.id();
    for process in [parent, worker] {
        assert!(!file_of(process, "cmdline").contains(&pin));
        assert!(!file_of(process, "environ").contains(&pin));
        let limits = file_of(process, "limits");
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        let words: Vec<_> = core.split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{core}");
    }
    assert!(file_of(worker, "cmdline").contains("token-worker"));
    // While the key is open: the daemon has handed the PIN over and forgotten it, and so has our
    // side of the worker; what SoftHSM keeps is its own.
    let open = found_in_memory(parent, &pin);
    daemon.tell("go on");
    daemon.step("closed");
    let closed = found_in_memory(parent, &pin);
    let left_in_worker = found_in_memory(worker, &pin);
    println!(
        "copies of the PIN: {open:?} open, {closed:?} closed, {left_in_worker:?} in the worker"
    );
    for copies in [open, closed, left_in_worker].into_iter().flatten() {
        assert_eq!(copies, 0);
    }
}

#[test]
fn a_pin_that_each_signature_needs_is_in_the_worker_alone_and_only_while_the_key_is_open() {
    let pin = made_up_pin();
    let Some(drawer) = drawer_with(&pin, ContextLogin::Asked) else {
        return;
    };
    let mut daemon = Daemon::start(&drawer, &drawer.tokens.module_path);
    daemon.tell(&pin);
    let worker = daemon.step("open");
    let parent = daemon.child.id();
    let (in_parent, in_worker) = (found_in_memory(parent, &pin), found_in_memory(worker, &pin));
    if let (Some(in_parent), Some(in_worker)) = (in_parent, in_worker) {
        // The search does find what is there.
        assert_eq!((in_parent, in_worker), (0, 1));
    }
    daemon.tell("go on");
    daemon.step("closed");
    for process in [parent, worker] {
        assert_eq!(found_in_memory(process, &pin).unwrap_or(0), 0);
    }
}

#[test]
fn a_killed_daemon_leaves_no_worker_even_one_that_hangs() {
    let pin = made_up_pin();
    let Some(drawer) = drawer_with(&pin, ContextLogin::NotAsked) else {
        return;
    };
    let mut daemon = Daemon::start(&drawer, &drawer.tokens.module_path);
    daemon.tell(&pin);
    let worker = daemon.step("open");
    kill(daemon.child.id());
    ends(worker);

    let Some(hanging) = compile(&drawer, "HANG_INITIALIZE") else {
        return;
    };
    let mut daemon = Daemon::start(&drawer, &hanging);
    let parent = daemon.child.id();
    let worker = loop {
        let all = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let number = entry.unwrap().file_name().to_string_lossy().parse().ok()?;
            let line = std::fs::read_to_string(format!("/proc/{number}/cmdline")).ok()?;
            line.contains(&*hanging.to_string_lossy()).then_some(number)
        });
        if let Some(worker) = all.into_iter().find(|number: &u32| *number != parent) {
            break worker;
        }
        assert!(daemon.child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(5));
    };
    kill(parent);
    ends(worker);
}
