//! Frames on the pipes between the daemon and a token worker, and the octets in them.
//! Knows nothing of what a frame asks or answers. Both sides take the other for hostile: a
//! driver can overwrite the worker's memory, and a fault in the daemon must not reach the token.
//!
//! A frame is its length in four octets, the most significant first, and that many octets.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

/// Octets of the longest message that is handed to a worker whole. Signed attributes have some
/// hundred; longer ones are hashed first, where the key signs digests.
pub(super) const MESSAGE_OCTETS: usize = 1_048_576;

/// Octets of the longest request: a message with what goes around it.
pub(super) const REQUEST_OCTETS: usize = MESSAGE_OCTETS + 4_096;

/// Octets of the longest reply: what tokens hold in all (32 to 128 kB each), for more readers
/// than a desk has.
pub(super) const REPLY_OCTETS: usize = 4 * 1_048_576;

/// Octets taken at a time: memory grows with what arrived, not with what was announced. A frame
/// with a PIN fits the first piece, so growing leaves no copy of it behind.
const PIECE_OCTETS: usize = 16_384;

/// Why a frame or its content cannot be used.
#[derive(Debug)]
pub(super) enum FrameFault {
    /// The other side is gone.
    Ended,
    /// The content is not what the protocol has here.
    Malformed,
    /// The pipe failed.
    Pipe,
    /// It is longer than any frame may be.
    TooLong,
}

/// Reads one frame of at most `longest` octets.
pub(super) fn read_frame(
    reader: &mut impl Read,
    longest: usize,
) -> Result<Zeroizing<Vec<u8>>, FrameFault> {
    let mut length = [0_u8; 4];
    read_all(reader, &mut length)?;
    let mut missing = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if missing > longest {
        return Err(FrameFault::TooLong);
    }
    let mut frame = Zeroizing::new(Vec::new());
    while missing > 0 {
        let piece = missing.min(PIECE_OCTETS);
        let filled = frame.len();
        frame.resize(filled.saturating_add(piece), 0);
        read_all(reader, frame.get_mut(filled..).unwrap_or_default())?;
        missing = missing.saturating_sub(piece);
    }
    Ok(frame)
}

fn read_all(reader: &mut impl Read, place: &mut [u8]) -> Result<(), FrameFault> {
    reader.read_exact(place).map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            FrameFault::Ended
        } else {
            FrameFault::Pipe
        }
    })
}

/// A frame that is being written. Wiped when dropped: it may hold a PIN.
pub(super) struct FrameWriter(Zeroizing<Vec<u8>>, #[cfg(test)] usize);

impl FrameWriter {
    /// `octets` is the most that will be put in: the memory never moves, which would leave a copy.
    pub(super) fn with_room(octets: usize) -> Self {
        let mut frame = Zeroizing::new(Vec::with_capacity(octets.saturating_add(4)));
        frame.extend_from_slice(&[0; 4]);
        #[cfg(test)]
        let room = frame.capacity();
        Self(
            frame,
            #[cfg(test)]
            room,
        )
    }

    /// Whether all that was put in fitted the room.
    #[cfg(test)]
    pub(super) fn has_kept_its_place(&self) -> bool {
        self.0.capacity() == self.1
    }

    pub(super) fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// A count or length; one that does not fit four octets makes a frame that is too long.
    pub(super) fn count(&mut self, count: usize) -> &mut Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&count.to_be_bytes());
        self
    }

    pub(super) fn octets(&mut self, octets: &[u8]) -> &mut Self {
        self.count(octets.len());
        self.0.extend_from_slice(octets);
        self
    }

    /// Sends the frame in one write.
    pub(super) fn send(mut self, writer: &mut impl Write, longest: usize) -> io::Result<()> {
        let octets = self.0.len().saturating_sub(4);
        let length = u32::try_from(octets).ok().filter(|_| octets <= longest);
        let length = length.ok_or(io::ErrorKind::InvalidInput)?;
        if let Some(place) = self.0.get_mut(..4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
        writer.write_all(&self.0)?;
        writer.flush()
    }
}

/// Takes the parts out of a frame's octets.
pub(super) struct FrameReader<'a>(&'a [u8]);

impl<'a> FrameReader<'a> {
    pub(super) const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    fn take(&mut self, octets: usize) -> Result<&'a [u8], FrameFault> {
        let (taken, rest) = self
            .0
            .split_at_checked(octets)
            .ok_or(FrameFault::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, FrameFault> {
        self.take(1)?.first().copied().ok_or(FrameFault::Malformed)
    }

    pub(super) fn number(&mut self) -> Result<u64, FrameFault> {
        let octets = self.take(8)?.try_into();
        octets
            .map(u64::from_be_bytes)
            .map_err(|_| FrameFault::Malformed)
    }

    /// A count of at most `most`.
    pub(super) fn count(&mut self, most: usize) -> Result<usize, FrameFault> {
        let octets = self.take(4)?.try_into();
        let count = octets.map(u32::from_be_bytes).ok();
        count
            .and_then(|count| usize::try_from(count).ok())
            .filter(|count| *count <= most)
            .ok_or(FrameFault::Malformed)
    }

    /// Octets, at most `most` of them.
    pub(super) fn octets(&mut self, most: usize) -> Result<&'a [u8], FrameFault> {
        let count = self.count(most)?;
        self.take(count)
    }

    /// A text of at most `most` octets. Drivers give labels in other encodings than UTF-8.
    pub(super) fn text(&mut self, most: usize) -> Result<String, FrameFault> {
        let octets = self.octets(most)?;
        Ok(String::from_utf8_lossy(octets).into_owned())
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), FrameFault> {
        self.0.is_empty().then_some(()).ok_or(FrameFault::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_sent() {
        let mut frame = FrameWriter::with_room(32);
        frame.byte(7).number(9).octets(b"label").count(3);
        let room = frame.0.capacity();
        let mut pipe = Vec::new();
        frame.send(&mut pipe, 64).unwrap();
        assert!(pipe.len() <= room);
        let read = read_frame(&mut pipe.as_slice(), 64).unwrap();
        let mut parts = FrameReader::new(&read);
        assert_eq!(parts.byte().unwrap(), 7);
        assert_eq!(parts.number().unwrap(), 9);
        assert_eq!(parts.text(5).unwrap(), "label");
        assert_eq!(parts.count(3).unwrap(), 3);
        parts.end().unwrap();
    }

    #[test]
    fn a_length_that_is_only_claimed_takes_no_memory_and_no_frame_exceeds_its_limit() {
        let mut claimed = 0x0030_0000_u32.to_be_bytes().to_vec();
        claimed.extend([1; 100]);
        let cut = read_frame(&mut claimed.as_slice(), REPLY_OCTETS);
        assert!(matches!(cut, Err(FrameFault::Ended)));
        let long = read_frame(&mut [0xff; 8].as_slice(), REPLY_OCTETS);
        assert!(matches!(long, Err(FrameFault::TooLong)));
        let mut frame = FrameWriter::with_room(16);
        frame.octets(&[0; 12]);
        assert!(frame.send(&mut Vec::new(), 15).is_err());
    }

    #[test]
    fn parts_that_exceed_the_frame_or_their_limit_are_refused() {
        let octets = [0, 0, 0, 9, 1, 2];
        assert!(FrameReader::new(&octets).octets(64).is_err());
        assert!(FrameReader::new(&[0, 0, 0, 2, 1, 2]).octets(1).is_err());
        assert!(FrameReader::new(&[1]).end().is_err());
        assert!(FrameReader::new(&[1; 7]).number().is_err());
    }
}
