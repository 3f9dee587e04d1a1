//! The least that can drive a future: the transport is always ready, so that a future
//! is pending only where a program would wait for input.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Calls `poll` with a context that wakes nobody.
pub fn with_context<T>(poll: impl FnOnce(&mut Context) -> T) -> T {
    poll(&mut Context::from_waker(Waker::noop()))
}

/// Makes one call after the other of a future that only ends when it fails.
pub fn turns(future: impl Future<Output = ()>) -> impl FnMut() {
    let mut future = Box::pin(future);
    move || {
        let poll = with_context(|context| future.as_mut().poll(context));
        assert!(poll.is_pending(), "the session ended");
    }
}

/// Runs a future that has nothing to wait for.
pub fn finish<T>(future: impl Future<Output = T>) -> T {
    match with_context(|context| pin!(future).poll(context)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the transport is always ready"),
    }
}
