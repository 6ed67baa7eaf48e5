//! Mistakes made on purpose, to prove that the simulation finds mistakes.
//!
//! `if planted::bug("name") { … }` stands in the real code where a real mistake would stand. Without
//! the feature `planted` the question is a constant `false` and the branch is not compiled in. With
//! it (only the crate `sim` asks for it) still nothing happens until [`plant`] is called in this
//! thread: no setting and no variable of the environment can do it.

#[cfg(feature = "planted")]
mod soil {
    use std::cell::Cell;

    thread_local! {
        static PLANTED: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// Whether this mistake is to be made now.
    pub fn bug(name: &str) -> bool {
        PLANTED.get() == Some(name)
    }

    /// Plants a mistake in this thread, or none.
    pub fn plant(name: Option<&'static str>) {
        PLANTED.set(name);
    }
}

#[cfg(feature = "planted")]
pub use soil::{bug, plant};

/// Whether this mistake is to be made now: never.
#[cfg(not(feature = "planted"))]
pub const fn bug(_name: &str) -> bool {
    false
}
