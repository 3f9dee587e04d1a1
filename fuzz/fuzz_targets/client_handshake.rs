//! A response, cut in any way, comes to the same outcome; it opens the WebSocket exactly
//! if a judge built on httparse says so.
//!
//! The fuzzer's bytes: options, how many piece sizes follow, the sizes, and what the server
//! sends, in which the letters ACCEPT as a value stand for what answers the key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wslay::capi::extensions::{WSLAYX_ACCEPT_KEY_SIZE, wslayx_accept_key};
use wslay_fuzz::handshake::*;

const SUBPROTOCOLS: &std::ffi::CStr = c"chat, v2.chat";

/// What answers the key in the request.
fn accept_of(request: &[u8]) -> Vec<u8> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut parsed = httparse::Request::new(&mut headers);
    assert_eq!(parsed.parse(request), Ok(httparse::Status::Complete(request.len())));
    let key = values(parsed.headers, "Sec-WebSocket-Key")[0].to_vec();
    let mut accept = [0_u8; WSLAYX_ACCEPT_KEY_SIZE];
    // SAFETY: both are ours, and as long as they must be.
    assert_eq!(unsafe { wslayx_accept_key(key.as_ptr().cast(), key.len(), accept.as_mut_ptr().cast()) }, 0);
    accept[..28].to_vec()
}

fn replace(stream: &[u8], accept: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = stream;
    while let Some(at) = rest.windows(8).position(|letters| letters == b": ACCEPT") {
        replaced.extend([&rest[..at], b": ", accept].concat());
        rest = &rest[at + 8..];
    }
    replaced.extend(rest);
    replaced
}

/// RFC 6455 section 4.1, for a client without extensions.
fn judge(headers: &[httparse::Header], accept: &[u8], offers: bool) -> i32 {
    let sole = |name| match values(headers, name)[..] {
        [value] => Some(value),
        _ => None,
    };
    let subprotocol = values(headers, "Sec-WebSocket-Protocol");
    let offered = match subprotocol[..] {
        [] => true,
        [name] => offers && [&b"chat"[..], b"v2.chat"].contains(&name),
        _ => false,
    };
    let extension = !elements(headers, "Sec-WebSocket-Extensions").is_empty();
    let connection = elements(headers, "Connection");
    let good = sole("Upgrade").is_some_and(|value| value.eq_ignore_ascii_case(b"websocket"))
        && connection.iter().any(|element| element.eq_ignore_ascii_case(b"upgrade"))
        && sole("Sec-WebSocket-Accept") == Some(accept)
        && !extension
        && offered;
    if good { WEBSOCKET } else { BAD }
}

/// That the library has found what httparse and the judge say.
fn compare(client: &Client, stream: &[u8], found: i32, accept: &[u8], offers: bool) {
    let mut headers = [httparse::EMPTY_HEADER; 101];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(stream);
    let Ok(httparse::Status::Complete(length)) = parsed else {
        // What httparse does not take opens nothing, but that it knows no HTTP/1.2, nor bytes
        // above ASCII in a reason.
        let lenient = has_higher_version(stream) || parsed == Err(httparse::Error::Status);
        assert!(found == BAD || found == INCOMPLETE || lenient);
        return;
    };
    if !has_sound_bytes(&stream[..length])
        || stream.starts_with(b"\r\n\r\n")
        || length > 16384
        || response.headers.len() > 100
    {
        assert_eq!(found, BAD);
        return;
    }
    match (response.version, response.code.unwrap()) {
        (_, ..=99) | (Some(0), ..=199) | (_, 1000..) => assert_eq!(found, BAD),
        (_, 101) => assert_eq!(found, judge(response.headers, accept, offers), "{response:?}"),
        (_, 100..=199) => compare(client, &stream[length..], found, accept, offers),
        (_, status) => assert_eq!((found, client.status()), (HTTP, u32::from(status))),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&[options, count], rest)) = bytes.split_first_chunk::<2>() else { return };
    let (sizes, stream) = rest.split_at(usize::from(count % 8).min(rest.len()));
    let offers = options & 1 != 0;
    let mut all_seen = Vec::new();
    for cut in [false, true] {
        let subprotocols = offers.then_some(SUBPROTOCOLS);
        let mut client = Client::new(c"a.example", c"/", subprotocols).unwrap();
        let accept = accept_of(&client.output());
        let stream = replace(stream, &accept);
        let found = if cut { client.feed_in_pieces(&stream, sizes) } else { client.feed(&stream) };
        assert_eq!(client.problem().is_some(), found == BAD);
        compare(&client, &stream, found, &accept, offers);
        let rest = client.read_all(1 + usize::from(options));
        assert!(stream.ends_with(&rest) && (found != BAD || rest.is_empty()));
        all_seen.push((found, client.status(), client.subprotocol(), client.problem(), rest.len()));
    }
    assert_eq!(all_seen[0], all_seen[1]);
});
