//! A stream that gathers what is written and sends it when there is nothing to read:
//! for libraries that write, or flush, message by message.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// With more than this gathered, it is sent at once; as much in one piece is not
/// gathered.
const GATHER_MAX: usize = 256 * 1024;

pub struct Batching {
    stream: TcpStream,
    gathered: Vec<u8>,
    /// Bytes at the start of `gathered` that are sent.
    sent: usize,
}

impl Batching {
    pub fn new(stream: TcpStream) -> Self {
        Batching { stream, gathered: Vec::new(), sent: 0 }
    }

    fn send_gathered(&mut self, context: &mut Context) -> Poll<io::Result<()>> {
        while self.sent < self.gathered.len() {
            let rest = &self.gathered[self.sent..];
            self.sent += ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
        }
        self.gathered.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Batching {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        buffer: &mut ReadBuf,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_pending()
            && let Poll::Ready(Err(error)) = self.send_gathered(context)
        {
            return Poll::Ready(Err(error));
        }
        read
    }
}

impl AsyncWrite for Batching {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.gathered.len() + bytes.len() >= GATHER_MAX {
            ready!(self.send_gathered(context))?;
            if bytes.len() >= GATHER_MAX {
                return Pin::new(&mut self.stream).poll_write(context, bytes);
            }
        }
        self.gathered.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    /// Leaves the bytes until there is nothing to read.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        ready!(self.send_gathered(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
