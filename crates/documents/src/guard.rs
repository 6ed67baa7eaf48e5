//! Readers that panic.
//!
//! Some formats are read by crates that are not ours, and strangers write the files. A panic there is
//! a file that was not read, and no reason to end; nor to write about it on the terminal.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs `work`; `None` where it panicked.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                before(info);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work)).ok();
    GUARDED.set(outer);
    done
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(super::guarded(|| 7), Some(7));
        assert_eq!(super::guarded(|| -> u8 { panic!("no") }), None);
    }
}
