//! Pictures of pages, for people to look at before they sign.
//! Knows nothing of jobs, and judges nothing; how a page is drawn is `trien-preview`'s.

mod service;

pub use service::{PageOf, Previews};
pub use trien_preview::{
    DrawFault, GREATEST_WIDTH, LEAST_WIDTH, LONGEST_SECONDS, LeftOut, PICTURE_OCTETS, PagePicture,
    run_page_drawer,
};
