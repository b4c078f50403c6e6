//! `GET /consent/documents/{n}/pages/{p}`: a picture of a page of the job that is asked about.
//! Does not draw.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::session::Session;
use super::view;
use crate::consent::Subject;
use crate::daemon::Daemon;
use crate::preview::{DrawFault, GREATEST_WIDTH, LEAST_WIDTH, PageOf};
use crate::rejection::{Code, Rejection};

/// Width and height of the page in PDF points, so that the mark can be outlined on the picture.
const PAGE_SIZE: HeaderName = HeaderName::from_static("x-trien-page-size");

/// What the picture does not show of the page.
const LEFT_OUT: HeaderName = HeaderName::from_static("x-trien-left-out");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    width: u16,
}

pub(super) async fn show(
    session: Session,
    State(daemon): State<Daemon>,
    Path((number, page)): Path<(u32, usize)>,
    Query(wanted): Query<Wanted>,
) -> Result<impl IntoResponse, Rejection> {
    let (_, ask, _) = daemon
        .asks()
        .of_session(&session.0)
        .ok_or(Code::ConsentUnknown)?;
    let (document, came) = view::document(&daemon, &ask, number).await?;
    if view::pages(&daemon, &ask, number)?.is_some_and(|pages| page >= pages) {
        return Err(Rejection::in_words(
            Code::DocumentUnknown,
            "không có trang này".to_owned(),
            "there is no such page".to_owned(),
        ));
    }
    let width = wanted.width.clamp(LEAST_WIDTH, GREATEST_WIDTH);
    let Subject::Signing { job } = ask.subject else {
        return Err(Code::JobUnknown.into());
    };
    let of = PageOf::new(job, number, page);
    let drawn = daemon.previews().page(document, of, width).await;
    let picture = drawn.map_err(rejection)?;
    // What is shown is what came, and what came is what is signed.
    if came.as_octets() != &picture.document {
        return Err(Code::DocumentChanged.into());
    }
    let size = format!("{:.3} {:.3}", picture.width, picture.height);
    let left_out: Vec<&str> = picture.left_out.iter().map(|one| one.code()).collect();
    let headers = [
        (header::CONTENT_TYPE, "image/png".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (PAGE_SIZE, size),
        (LEFT_OUT, left_out.join(" ")),
    ];
    Ok((headers, picture.png))
}

fn rejection(fault: DrawFault) -> Rejection {
    let vietnamese = match fault {
        DrawFault::NoSuchPage => "không đọc được trang này",
        DrawFault::ReadersDiffer => "hai cách đọc cho hai trang khác nhau",
        DrawFault::TooMuch => "trang quá lớn hoặc vẽ quá lâu",
        DrawFault::Failed | _ => "chương trình vẽ gặp lỗi",
    };
    Rejection::in_words(
        Code::PreviewUnavailable,
        vietnamese.to_owned(),
        fault.to_string(),
    )
}
