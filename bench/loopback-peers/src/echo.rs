//! The servers: each echoes until its connection ends.

use std::{pin::pin, task::Poll};

use fastwebsockets::{FragmentCollector, Frame, OpCode, Role, WebSocket};
use futures_util::{Sink, SinkExt, Stream, StreamExt, future::poll_fn};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, tungstenite};

use crate::batching::Batching;

/// A copy of a small payload is cheaper than a list of two pieces.
const WRITEV_THRESHOLD: usize = 16 * 1024;

pub async fn fastwebsockets(stream: TcpStream) {
    let mut socket = WebSocket::after_handshake(Batching::new(stream), Role::Server);
    socket.set_writev_threshold(WRITEV_THRESHOLD);
    let mut socket = FragmentCollector::new(socket);
    while let Ok(frame) = socket.read_frame().await {
        if frame.opcode == OpCode::Close {
            return;
        }
        let echo = Frame::new(true, frame.opcode, None, frame.payload);
        if socket.write_frame(echo).await.is_err() {
            return;
        }
    }
}

/// Feeds back each message, and flushes before it waits for more.
async fn feed_and_flush<S, M, E, F>(mut socket: S)
where
    S: Stream<Item = Result<M, E>> + Sink<M, Error = F> + Unpin,
{
    loop {
        let ready = poll_fn(|context| match socket.poll_next_unpin(context) {
            Poll::Ready(message) => Poll::Ready(Some(message)),
            Poll::Pending => Poll::Ready(None),
        });
        let message = match ready.await {
            Some(message) => message,
            None => {
                if socket.flush().await.is_err() {
                    return;
                }
                socket.next().await
            }
        };
        let Some(Ok(message)) = message else { return };
        if socket.feed(message).await.is_err() {
            return;
        }
    }
}

/// Without timers, which the other libraries do not have.
pub async fn sockudo(stream: TcpStream) {
    let config = sockudo_ws::Config::builder().idle_timeout(0).auto_ping(false).build();
    let socket = sockudo_ws::WebSocketStream::server(stream, config);
    feed_and_flush(pin!(socket)).await;
}

/// It flushes when it reads, which its stream has to put off.
pub async fn tokio_websockets(stream: TcpStream) {
    let socket = tokio_websockets::ServerBuilder::new().serve(Batching::new(stream));
    feed_and_flush(socket).await;
}

pub async fn tungstenite(stream: TcpStream) {
    let role = tungstenite::protocol::Role::Server;
    let socket = WebSocketStream::from_raw_socket(Batching::new(stream), role, None).await;
    feed_and_flush(socket).await;
}
