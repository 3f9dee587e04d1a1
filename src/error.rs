//! What can go wrong, and the one place where it becomes a `WSLAY_ERR_*` code.
//!
//! The rest of the crate speaks of [`Error`]; only this file knows the numbers.

use crate::abi::wslay_error;
use libc::c_int;

/// A failure that a caller of the library can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The frame API needs input that the recv callback could not give.
    WantRead,
    /// The frame API has output that the send callback could not take.
    WantWrite,
    /// The peer's frame header breaks RFC 6455 section 5.2 or 5.5.
    Protocol,
    /// The caller handed over something the function does not take.
    InvalidArgument,
    /// A callback of the frame API broke its contract.
    InvalidCallback,
    /// No message can be queued any more.
    NoMoreMessages,
    /// A callback of the event API failed.
    CallbackFailure,
    /// Memory could not be had.
    NoMemory,
}

impl Error {
    /// The value of `enum wslay_error` that C sees.
    #[must_use]
    pub const fn code(self) -> c_int {
        let code = match self {
            Self::WantRead => wslay_error::WSLAY_ERR_WANT_READ,
            Self::WantWrite => wslay_error::WSLAY_ERR_WANT_WRITE,
            Self::Protocol => wslay_error::WSLAY_ERR_PROTO,
            Self::InvalidArgument => wslay_error::WSLAY_ERR_INVALID_ARGUMENT,
            Self::InvalidCallback => wslay_error::WSLAY_ERR_INVALID_CALLBACK,
            Self::NoMoreMessages => wslay_error::WSLAY_ERR_NO_MORE_MSG,
            Self::CallbackFailure => wslay_error::WSLAY_ERR_CALLBACK_FAILURE,
            Self::NoMemory => wslay_error::WSLAY_ERR_NOMEM,
        };
        code as c_int
    }
}

/// 0 for success, the error's code otherwise.
pub fn status(result: Result<(), Error>) -> c_int {
    match result {
        Ok(()) => 0,
        Err(error) => error.code(),
    }
}

impl From<crate::mem::OutOfMemory> for Error {
    fn from(_: crate::mem::OutOfMemory) -> Self {
        Self::NoMemory
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_the_code_of_contract_1_4() {
        let table = [
            (Error::WantRead, -100),
            (Error::WantWrite, -101),
            (Error::Protocol, -200),
            (Error::InvalidArgument, -300),
            (Error::InvalidCallback, -301),
            (Error::NoMoreMessages, -302),
            (Error::CallbackFailure, -400),
            (Error::NoMemory, -500),
        ];
        for (error, code) in table {
            assert_eq!(error.code(), code, "{error:?}");
            assert_eq!(status(Err(error)), code);
        }
        assert_eq!(status(Ok(())), 0);
    }
}
