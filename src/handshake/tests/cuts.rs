//! What the bytes say does not depend on how they come.

use super::*;

/// All that a program can see of a server.
fn seen_of_server(server: &ServerHandshake, outcome: server::Outcome) -> Vec<Vec<u8>> {
    let mut seen = vec![format!("{outcome:?}").into_bytes(), server.output().to_vec()];
    let strings = [server.method(), server.target(), server.host(), server.problem()];
    let fields = ["Host", "upgrade", "X-A", "X-B", "Sec-WebSocket-Protocol", "Origin"];
    let fields = fields.iter().flat_map(|name| (0..2).map(|number| server.field(name.as_bytes(), number)));
    let subprotocols = (0..3).map(|number| server.subprotocol(number));
    let strings = strings.into_iter().chain(fields).chain(subprotocols);
    seen.extend(strings.map(|string| format!("{string:?}").into_bytes()));
    seen.push(server.rest.as_slice().to_vec());
    seen
}

fn seen_of_client(client: &ClientHandshake, outcome: client::Outcome) -> Vec<Vec<u8>> {
    let mut seen = vec![format!("{outcome:?} {:?}", client.status()).into_bytes()];
    let strings = [client.subprotocol(), client.problem(), client.field(b"Location", 0)];
    seen.extend(strings.iter().map(|string| format!("{string:?}").into_bytes()));
    seen.push(client.rest.as_slice().to_vec());
    seen
}

/// Where to cut `length` bytes in two; a few places under Miri, which is slow.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..=length).step_by(if cfg!(miri) { 41 } else { 1 })
}

#[test]
fn a_request_in_any_two_pieces_or_byte_by_byte() {
    for case in requests::all() {
        let bytes = [&case.bytes[..], b"\x81\x80\0\0\0\0first frames"].concat();
        let (server, outcome) = server_fed(&bytes);
        let expected = seen_of_server(&server, outcome);
        for cut in cuts(bytes.len()) {
            let (mut server, _) = server_fed(&bytes[..cut]);
            let outcome = server.feed(&bytes[cut..]).unwrap();
            assert_eq!(seen_of_server(&server, outcome), expected, "{} cut at {cut}", case.name);
        }
        let mut server = ServerHandshake::new();
        let outcome =
            bytes.iter().fold(server::Outcome::Incomplete, |_, &byte| server.feed(&[byte]).unwrap());
        assert_eq!(seen_of_server(&server, outcome), expected, "{} byte by byte", case.name);
    }
}

#[test]
fn a_response_in_any_two_pieces_or_byte_by_byte() {
    for case in responses::all() {
        let bytes = [&case.bytes[..], b"\x81\x05first frames"].concat();
        let mut client = case.client();
        let outcome = client.feed(&bytes).unwrap();
        let expected = seen_of_client(&client, outcome);
        for cut in cuts(bytes.len()) {
            let mut client = case.client();
            client.feed(&bytes[..cut]).unwrap();
            let outcome = client.feed(&bytes[cut..]).unwrap();
            assert_eq!(seen_of_client(&client, outcome), expected, "{} cut at {cut}", case.name);
        }
        let mut client = case.client();
        let outcome =
            bytes.iter().fold(client::Outcome::Incomplete, |_, &byte| client.feed(&[byte]).unwrap());
        assert_eq!(seen_of_client(&client, outcome), expected, "{} byte by byte", case.name);
    }
}

/// One byte of a head costs as much at its end as at its beginning.
#[test]
#[cfg_attr(miri, ignore = "counts time")]
fn byte_by_byte_takes_linear_time() {
    let time_for = |length: usize| {
        let mut server = ServerHandshake::new();
        server.limits_mut().head_length = usize::MAX;
        let start = std::time::Instant::now();
        server.feed(b"GET / HTTP/1.1\r\nX: ").unwrap();
        (0..length).for_each(|_| assert_eq!(server.feed(b"x"), Ok(server::Outcome::Incomplete)));
        start.elapsed()
    };
    // Ten times the bytes, and no more than forty times the time.
    let (short, long) = (20_000, 200_000);
    let best = |length| (0..5).map(|_| time_for(length)).min().unwrap();
    assert!(best(long) < best(short) * 40);
}
