//! The daemon's side: starts a drawing process for a page, and ends it in time.
//! Does not read documents.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::{DrawFault, LONGEST_SECONDS, PICTURE_OCTETS, PagePicture};

/// Pictures that are drawn at the same time: a window shows one page, and fetches the next.
const AT_ONCE: usize = 2;

/// Draws pages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Previews {
    program: Arc<PathBuf>,
    permits: Arc<Semaphore>,
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
        }
    }

    /// Draws a page, from 0, `width` pixels wide. Where nobody waits for the picture any more, its
    /// process is ended.
    ///
    /// # Errors
    /// Why there is no picture.
    pub async fn page(
        &self,
        document: File,
        page: usize,
        width: u16,
    ) -> Result<PagePicture, DrawFault> {
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| DrawFault::Failed)?;
        let mut child = self
            .start(document, page, width)
            .map_err(|_| DrawFault::Failed)?;
        match tokio::time::timeout(Duration::from_secs(LONGEST_SECONDS), picture_of(&mut child))
            .await
        {
            Ok(result) => result,
            // Killed when it is dropped.
            Err(_) => Err(DrawFault::TooMuch),
        }
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
