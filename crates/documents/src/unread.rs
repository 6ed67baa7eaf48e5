//! Why something was not read.

use std::fmt;
use std::io;

/// Why something was not read, or not to its end. In words for a person, without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// There is no text in it: what it is ("a picture (PNG)").
    NoText(&'static str),
    /// A format that is not read: which, and what to do.
    Format(&'static str),
    /// It is encrypted.
    Encrypted,
    /// It is damaged or cut off; what stands before that was read.
    Damaged(&'static str),
    /// It must be held as a whole, and is larger than so many bytes.
    TooLarge(u64),
    /// It lies deeper within other things than so many levels.
    TooDeep(usize),
    /// It swells beyond so many times its size.
    Swells(u64),
    /// All that is unpacked together is more than so many bytes.
    TooMuch(u64),
    /// There are more things in it than so many.
    TooMany(u64),
    /// The system's own reason.
    Io(io::ErrorKind),
    /// The reader of this format gave up.
    GaveUp,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoText(what) => write!(f, "{what}: no text in it is read"),
            Self::Format(what) => f.write_str(what),
            Self::Encrypted => f.write_str("encrypted"),
            Self::Damaged(what) => write!(f, "{what}: what stands before that was read"),
            Self::TooLarge(most) => write!(
                f,
                "larger than {} MiB, which is the most that is held of such a file",
                most >> 20
            ),
            Self::TooDeep(most) => write!(f, "packed within more than {most} other files"),
            Self::Swells(times) => write!(
                f,
                "swells beyond {times} times its size when it is unpacked, as no sound file does"
            ),
            Self::TooMuch(most) => {
                write!(f, "more than {} MiB come out of the file that it lies in", most >> 20)
            }
            Self::TooMany(most) => write!(f, "there are more than {most} files in it"),
            Self::Io(io::ErrorKind::PermissionDenied) => {
                f.write_str("this account may not read it")
            }
            Self::Io(io::ErrorKind::NotFound) => f.write_str("it is gone"),
            Self::Io(kind) => write!(f, "it could not be read: {kind}"),
            Self::GaveUp => {
                f.write_str("damaged in a way that the reader of this format does not expect")
            }
        }
    }
}

/// Carries the reason through readers that only know [`io::Error`].
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Unread);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl Unread {
    pub(crate) fn into_error(self) -> io::Error {
        io::Error::other(Refused(self))
    }
}

impl From<&io::Error> for Unread {
    fn from(error: &io::Error) -> Self {
        let mut inner = error.get_ref().map(|inner| inner as &(dyn std::error::Error + 'static));
        while let Some(cause) = inner {
            if let Some(Refused(why)) = cause.downcast_ref() {
                return why.clone();
            }
            if let Some(below) = cause.downcast_ref::<io::Error>() {
                return Self::from(below);
            }
            inner = cause.source();
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged("cut off"),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
                Self::Damaged("damaged")
            }
            kind => Self::Io(kind),
        }
    }
}
