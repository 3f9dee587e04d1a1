//! An echo server on a Rust WebSocket library and tokio, on one thread.
//!
//!     loopback-peers LIBRARY     listens on a free port of 127.0.0.1, prints it, serves
//!                                until it is killed
//!     loopback-peers --list      prints the libraries
//!
//! Each is used in the way that is fastest within its API, on equal terms: text is
//! validated, TCP_NODELAY is set, and echoes go out together, before the server waits
//! for more.

mod batching;
mod echo;
mod handshake;

use std::{env, io, process::exit};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime, task,
};

const LIBRARIES: [&str; 4] = ["fastwebsockets", "sockudo-ws", "tokio-websockets", "tungstenite"];

async fn echo(library: &'static str, mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    handshake::answer(&mut stream).await?;
    match library {
        "fastwebsockets" => echo::fastwebsockets(stream).await,
        "sockudo-ws" => echo::sockudo(stream).await,
        "tokio-websockets" => echo::tokio_websockets(stream).await,
        _ => echo::tungstenite(stream).await,
    }
    Ok(())
}

async fn serve(library: &'static str) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on port {} with {library}", listener.local_addr()?.port());
    loop {
        let (stream, _) = listener.accept().await?;
        task::spawn_local(echo(library, stream));
    }
}

fn main() -> io::Result<()> {
    let argument = env::args().nth(1).unwrap_or_default();
    if argument == "--list" {
        LIBRARIES.iter().for_each(|library| println!("{library}"));
        return Ok(());
    }
    let Some(library) = LIBRARIES.into_iter().find(|library| *library == argument) else {
        eprintln!("usage: loopback-peers LIBRARY | --list");
        exit(2);
    };
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    task::LocalSet::new().block_on(&runtime, serve(library))
}
