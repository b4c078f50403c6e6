//! The daemon's side: starts a drawing process for a page, and ends it in time.
//! Does not read documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::{DrawFault, PICTURE_OCTETS, PagePicture};

/// Pictures that are drawn at the same time, for all windows.
const AT_ONCE: usize = 4;

/// Pictures that are drawn at the same time for one window, which shows one page and fetches the
/// next: pages that take long hold up those of their own job alone.
const AT_ONCE_FOR_ONE: usize = 2;

/// How long a picture may take. Pages of schools take a tenth of a second; people do not wait longer.
const LONGEST: Duration = Duration::from_secs(8);

/// Pages that are remembered as taking too much: drawn again they would take as long again.
const MOST_REMEMBERED: usize = 1_000;

/// Draws pages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Previews {
    program: Arc<PathBuf>,
    permits: Arc<Semaphore>,
    windows: Arc<Mutex<Windows>>,
}

/// Which page of which document of which job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct PageOf {
    /// Name of the job.
    pub job: String,
    /// Number of the document, from 1.
    pub document: u32,
    /// Number of the page, from 0.
    pub page: usize,
}

impl PageOf {
    /// Names a page.
    #[must_use]
    pub const fn new(job: String, document: u32, page: usize) -> Self {
        Self {
            job,
            document,
            page,
        }
    }
}

/// What is known of jobs whose pages are drawn.
#[derive(Debug, Default)]
struct Windows {
    /// Those for which something is drawn now.
    permits: BTreeMap<String, Weak<Semaphore>>,
    /// Pages that took too much.
    given_up: BTreeSet<PageOf>,
}

impl Default for Previews {
    fn default() -> Self {
        Self::new()
    }
}

impl Previews {
    /// With drawing processes of the running program. Where the system does not tell which that
    /// is, nothing is drawn.
    #[must_use]
    pub fn new() -> Self {
        Self::of_program(std::env::current_exe().unwrap_or_default())
    }

    /// With drawing processes of another program that has the hidden command `page-drawer`.
    #[must_use]
    pub fn of_program(program: PathBuf) -> Self {
        Self {
            program: Arc::new(program),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            windows: Arc::default(),
        }
    }

    /// Draws a page of a job, `width` pixels wide. Where nobody waits for the picture any more, its
    /// process is ended. A page that took too much once is not tried again.
    ///
    /// # Errors
    /// Why there is no picture.
    pub async fn page(
        &self,
        document: File,
        of: PageOf,
        width: u16,
    ) -> Result<PagePicture, DrawFault> {
        let own = self.of_window(&of.job);
        let _turn = own.acquire().await.map_err(|_| DrawFault::Failed)?;
        if self.lock().given_up.contains(&of) {
            return Err(DrawFault::TooMuch);
        }
        let permit = self.permits.acquire().await;
        let permit = permit.map_err(|_| DrawFault::Failed)?;
        let mut child = self
            .start(document, of.page, width)
            .map_err(|_| DrawFault::Failed)?;
        let drawn = tokio::time::timeout(LONGEST, picture_of(&mut child)).await;
        // Killed when it is dropped.
        drop((child, permit));
        let drawn = drawn.unwrap_or(Err(DrawFault::TooMuch));
        if matches!(drawn, Err(DrawFault::TooMuch)) {
            let given_up = &mut self.lock().given_up;
            if given_up.len() >= MOST_REMEMBERED {
                given_up.clear();
            }
            given_up.insert(of);
        }
        drawn
    }

    /// The turns of one job.
    fn of_window(&self, job: &str) -> Arc<Semaphore> {
        let mut windows = self.lock();
        windows
            .permits
            .retain(|_, permits| permits.strong_count() > 0);
        if let Some(permits) = windows.permits.get(job).and_then(Weak::upgrade) {
            return permits;
        }
        let permits = Arc::new(Semaphore::new(AT_ONCE_FOR_ONE));
        windows
            .permits
            .insert(job.to_owned(), Arc::downgrade(&permits));
        permits
    }

    fn lock(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, document: File, page: usize, width: u16) -> std::io::Result<Child> {
        Command::new(self.program.as_path())
            .arg("page-drawer")
            .arg(format!("--page={page}"))
            .arg(format!("--width={width}"))
            .env_clear()
            .stdin(Stdio::from(document))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

async fn picture_of(child: &mut Child) -> Result<PagePicture, DrawFault> {
    let mut octets = Vec::new();
    if let Some(out) = child.stdout.take() {
        let mut out = out.take(PICTURE_OCTETS);
        out.read_to_end(&mut octets)
            .await
            .map_err(|_| DrawFault::Failed)?;
    }
    let status = child.wait().await.map_err(|_| DrawFault::Failed)?;
    if !status.success() {
        // No status: a signal, such as that of the time limit.
        return Err(status
            .code()
            .map_or(DrawFault::TooMuch, DrawFault::of_status));
    }
    PagePicture::parse(&octets).ok_or(DrawFault::Failed)
}
