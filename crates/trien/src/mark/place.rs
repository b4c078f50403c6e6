//! Where a mark goes: rules, not coordinates, wherever the page tells them.

/// Which of several equal titles is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Occurrence {
    /// There must be one alone.
    #[default]
    Only,
    /// The one that the page paints first.
    First,
    /// The one that the page paints last.
    Last,
}

/// Whether the national heading (quốc hiệu and tiêu ngữ) may be covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Headings {
    /// A mark that would cover it is an error. On a page whose text cannot be read, such as a
    /// scan, the heading is taken to stand where the form of NĐ 30/2020 has it: at the top of the
    /// first page, in the right half.
    #[default]
    KeptClear,
    /// It may be covered.
    MayBeCovered,
}

/// Where a mark goes. Pages count from 0; millimetres are those of the page as it is shown.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// In the middle of an existing empty field.
    Field {
        /// Full name.
        field: String,
    },
    /// With its upper left corner at a place.
    At {
        /// The page.
        page: usize,
        /// Distance from the left edge in millimetres.
        left: f64,
        /// Distance from the upper edge in millimetres.
        top: f64,
    },
    /// In the upper right corner, above the text of the page: copies and attachments (vis.5,
    /// vis.6).
    UpperRight {
        /// The page.
        page: usize,
    },
    /// Centred between a title, such as "HIỆU TRƯỞNG", and the name under it (vis.1).
    Below {
        /// The page.
        page: usize,
        /// The title as it stands on the page.
        title: String,
        /// Which one, if there are several.
        occurrence: Occurrence,
    },
    /// Over the left third of the signature in a field (vis.2): for seals.
    OverSignature {
        /// Full name of the field that was signed.
        field: String,
    },
}
