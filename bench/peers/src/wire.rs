//! The transport: bytes to read lie in memory and are copied out, as a kernel would do;
//! bytes that are written are counted and dropped. It is always ready, until its bytes
//! are read.

use std::{
    cell::{Cell, RefCell},
    io::{self, IoSlice, Read, Write},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wtx::stream::{StreamReader, StreamWriter};

const PIECE: usize = 2048;

/// What to copy at once, as `bench/in-memory/copy.h` says.
pub fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.chunks(PIECE)
}

/// What both sides of a transport share.
#[derive(Default)]
pub struct Wire<'a> {
    unread: Cell<&'a [u8]>,
    sent: Cell<usize>,
    kept: Option<RefCell<Vec<u8>>>,
}

impl<'a> Wire<'a> {
    /// One that keeps what is written.
    pub fn keeping() -> Self {
        Wire { kept: Some(RefCell::default()), ..Wire::default() }
    }

    /// The bytes to read next.
    pub fn put(&self, bytes: &'a [u8]) {
        self.unread.set(bytes);
    }

    /// How many bytes were written.
    pub fn sent(&self) -> usize {
        self.sent.get()
    }

    /// What was written.
    pub fn into_kept(self) -> Vec<u8> {
        self.kept.map(RefCell::into_inner).unwrap_or_default()
    }

    /// What there is to read, at most `length` bytes.
    pub fn take(&self, length: usize) -> &'a [u8] {
        let unread = self.unread.get();
        let (bytes, rest) = unread.split_at(length.min(unread.len()));
        self.unread.set(rest);
        bytes
    }

    fn copy(&self, buffer: &mut [u8]) -> usize {
        let bytes = self.take(buffer.len());
        for (to, from) in buffer.chunks_mut(PIECE).zip(pieces(bytes)) {
            to[..from.len()].copy_from_slice(from);
        }
        bytes.len()
    }

    pub fn write(&self, bytes: &[u8]) -> usize {
        if let Some(kept) = &self.kept {
            kept.borrow_mut().extend_from_slice(bytes);
        }
        self.sent.set(self.sent.get() + bytes.len());
        bytes.len()
    }

    fn write_slices(&self, slices: &[IoSlice]) -> usize {
        slices.iter().map(|slice| self.write(slice)).sum()
    }
}

/// The library's end of a wire.
#[derive(Clone, Copy)]
pub struct Transport<'w, 'a>(pub &'w Wire<'a>);

impl Read for Transport<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.copy(buffer) {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            length => Ok(length),
        }
    }
}

impl Write for Transport<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(self.0.write(bytes))
    }

    fn write_vectored(&mut self, slices: &[IoSlice]) -> io::Result<usize> {
        Ok(self.0.write_slices(slices))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Nobody is woken: each turn polls anew.
impl AsyncRead for Transport<'_, '_> {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        let bytes = self.0.take(buffer.remaining());
        if bytes.is_empty() {
            return Poll::Pending;
        }
        for piece in pieces(bytes) {
            buffer.put_slice(piece);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Transport<'_, '_> {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(self.0.write(bytes)))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context,
        slices: &[IoSlice],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(self.0.write_slices(slices)))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl StreamReader for Transport<'_, '_> {
    async fn read(&mut self, buffer: &mut [u8]) -> wtx::Result<usize> {
        std::future::poll_fn(|_| match self.0.copy(buffer) {
            0 => Poll::Pending,
            length => Poll::Ready(Ok(length)),
        })
        .await
    }
}

impl StreamWriter for Transport<'_, '_> {
    async fn write_all(&mut self, bytes: &[u8]) -> wtx::Result<()> {
        self.0.write(bytes);
        Ok(())
    }

    async fn write_all_vectored(&mut self, slices: &[&[u8]]) -> wtx::Result<()> {
        for bytes in slices {
            self.0.write(bytes);
        }
        Ok(())
    }
}
