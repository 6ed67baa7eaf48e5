//! Pieces of a file worked on by several threads, written in their order.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Pieces that may wait before each thread.
const AHEAD: usize = 4;

/// Reads pieces with `next`, works on them on so many threads, and hands what comes of them to `put`
/// in the order in which they were read. Memory holds a few pieces for each thread.
pub(crate) fn run<P: Send, O: Send>(
    threads: usize,
    mut next: impl FnMut() -> io::Result<Option<P>> + Send,
    work: impl Fn(P) -> O + Sync,
    mut put: impl FnMut(O) -> io::Result<()>,
) -> io::Result<()> {
    if threads <= 1 {
        while let Some(piece) = next()? {
            put(work(piece))?;
        }
        return Ok(());
    }
    let (jobs, todo) = sync_channel::<(P, SyncSender<O>)>(threads * AHEAD);
    let (order, results) = sync_channel::<Receiver<O>>(threads * AHEAD);
    let todo = Mutex::new(todo);
    let work = &work;
    let todo = &todo;
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || -> io::Result<()> {
            while let Some(piece) = next()? {
                // One result each: whoever writes takes them in the order of the pieces.
                let (done, result) = sync_channel(1);
                if order.send(result).is_err() || jobs.send((piece, done)).is_err() {
                    break;
                }
            }
            Ok(())
        });
        for _ in 0..threads {
            scope.spawn(move || {
                loop {
                    let job = todo.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((piece, done)) = job else { return };
                    // Nobody waits for it any more where the writing failed.
                    drop(done.send(work(piece)));
                }
            });
        }
        let mut written = Ok(());
        for result in &results {
            let Ok(out) = result.recv() else {
                written = Err(io::Error::other("a thread ended early"));
                break;
            };
            written = put(out);
            if written.is_err() {
                break;
            }
        }
        drop(results);
        let read = reading.join().unwrap_or_else(|_| Err(io::Error::other("a thread ended early")));
        written.and(read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_out_in_their_order_and_errors_end_it() {
        for threads in [1, 4] {
            let mut numbers = 0..500_u64;
            let mut out = Vec::new();
            run(
                threads,
                || Ok(numbers.next()),
                |number| number * 2,
                |number| {
                    out.push(number);
                    Ok(())
                },
            )
            .unwrap();
            assert_eq!(out, (0..500).map(|number| number * 2).collect::<Vec<_>>());
            let mut numbers = 0..500_u64;
            let full = |number| if number == 40 { Err(io::Error::other("full")) } else { Ok(()) };
            assert!(run(threads, || Ok(numbers.next()), |number| number, full).is_err());
            let mut numbers = 0..500_u64;
            let torn = || match numbers.next() {
                Some(40) => Err(io::Error::other("torn")),
                other => Ok(other),
            };
            assert!(run(threads, torn, |number| number, |_| Ok(())).is_err());
        }
    }
}
