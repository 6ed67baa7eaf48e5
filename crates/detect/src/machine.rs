//! The fastest way that this processor has to look at sixty-four bytes, and to work with their bits.
//!
//! What is worth it is written once, as [`Work`], and built twice: for every processor, and for those
//! with newer instructions. Which of the two is done is asked while the program runs.

use crate::blocks::{Block, Marks};
#[cfg(target_arch = "x86_64")]
use crate::classes::avx2::Avx2;

/// How sixty-four bytes are looked at.
pub(crate) trait Reader: Copy {
    /// Which marks were seen so far.
    type Seen;

    /// None was seen yet.
    fn nothing(self) -> Self::Seen;

    /// What stands where; the marks are added to those that were seen.
    fn block(self, bytes: &[u8; 64], seen: &mut Self::Seen) -> Block;

    /// Says of each mark whether it was seen.
    fn tell(self, seen: &Self::Seen, marks: &mut Marks);
}

/// Something to do with the bits of many blocks. What is to be built for newer processors must become part
/// of [`with`](Self::with), so it and what it calls for each block are `inline(always)`.
pub(crate) trait Work {
    /// Does it.
    fn with(self, reader: impl Reader);
}

/// Does the work with the fastest reader that the processor has.
#[inline]
pub(crate) fn work(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if let Some(newer) = Avx2::known() {
        newer.work(work);
        return;
    }
    work.with(crate::blocks::Portable);
}
