//! Words that begin sentences and headings in capitals and are nobody's name.

use super::{Flags, is};

/// Words, and that they are common.
pub(super) const WORDS: &[(&str, Flags)] = &[(
    "the a an i he she it we you they this that these those there here what when where who why how",
    is::COMMON,
)];
