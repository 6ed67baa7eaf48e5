//! gzip, zstd and tar: streams within streams.

use std::io::BufReader;

use flate2::bufread::MultiGzDecoder;

use crate::Unread;
use crate::limits::Metered;
use crate::source::Source;
use crate::walk::Walk;

/// How much packed is read at once.
const BLOCK: usize = 64 << 10;

/// What is packed as gzip keeps its path: it is the same file.
pub(crate) fn gzip(
    walk: &mut Walk<'_>,
    path: &str,
    source: Source<'_>,
    depth: usize,
) -> Result<(), Unread> {
    let plain = MultiGzDecoder::new(BufReader::with_capacity(BLOCK, source.into_read()));
    let budget = walk.budget;
    walk.member(path, Box::new(Metered { plain, budget }), depth + 1);
    Ok(())
}

/// The same for zstd. A frame that asks for a window of more than 128 MiB is refused.
pub(crate) fn zstd(
    walk: &mut Walk<'_>,
    path: &str,
    source: Source<'_>,
    depth: usize,
) -> Result<(), Unread> {
    let input = BufReader::with_capacity(BLOCK, source.into_read());
    let plain = zstd::Decoder::with_buffer(input).map_err(|error| Unread::from(&error))?;
    let budget = walk.budget;
    walk.member(path, Box::new(Metered { plain, budget }), depth + 1);
    Ok(())
}

/// The members of a tar archive, in their order. Links hold nothing of their own.
pub(crate) fn tar(
    walk: &mut Walk<'_>,
    path: &str,
    source: Source<'_>,
    depth: usize,
) -> Result<(), Unread> {
    let budget = walk.budget;
    let mut archive = tar::Archive::new(source.into_read());
    for entry in archive.entries().map_err(|error| Unread::from(&error))? {
        let entry = entry.map_err(|error| Unread::from(&error))?;
        if walk.stopped() {
            break;
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        budget.member()?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.trim_start_matches("./");
        walk.member(&format!("{path}/{name}"), Box::new(entry), depth + 1);
    }
    Ok(())
}
