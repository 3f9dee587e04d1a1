//! How large a head may get.

use super::*;

#[test]
fn a_head_may_have_its_limit_and_no_byte_more() {
    let request = request_of("GET / HTTP/1.1", &[], &["X: y"]);
    for (limit, outcome, status) in [
        (request.len(), Outcome::WebSocket, 0),
        (request.len() - 1, Outcome::Bad, 431),
        (request.len() - 2, Outcome::Bad, 431),
        (0, Outcome::Bad, 431),
    ] {
        let mut server = ServerHandshake::new();
        server.limits_mut().head_length = limit;
        assert_eq!(server.feed(&[&request[..], b"frames"].concat()), Ok(outcome), "{limit}");
        assert_eq!(status_of(server.output()), status);
    }
}

#[test]
fn a_head_too_long_is_told_at_its_first_byte_too_many() {
    let mut server = ServerHandshake::new();
    let head = [b"GET /", vec![b'a'; 16 * 1024 - 5].as_slice()].concat();
    assert_eq!(server.feed(&head), Ok(Outcome::Incomplete));
    assert_eq!(server.feed(b"a"), Ok(Outcome::Bad));
    assert_eq!(status_of(server.output()), 431);
}

#[test]
fn as_many_header_lines_as_the_limit() {
    let lines = |count: usize| request_of("GET / HTTP/1.1", &[], &vec!["X: y"; count - GOOD.len()]);
    for (count, outcome) in [(100, Outcome::WebSocket), (101, Outcome::Bad)] {
        let (server, found) = server_fed(&lines(count));
        assert_eq!(found, outcome);
        assert_eq!(status_of(server.output()), if count == 100 { 0 } else { 431 });
    }
    let mut server = ServerHandshake::new();
    server.limits_mut().field_count = 5;
    assert_eq!(server.feed(&lines(5)), Ok(Outcome::WebSocket));
    let mut server = ServerHandshake::new();
    server.limits_mut().field_count = 5;
    assert_eq!(server.feed(&lines(6)), Ok(Outcome::Bad));
}

#[test]
fn as_many_subprotocols_as_the_limit() {
    let offer = |count: usize| {
        let list: Vec<_> = (0..count).map(|number| format!("p{number}")).collect();
        request_of("GET / HTTP/1.1", &[], &[&format!("Sec-WebSocket-Protocol: {}", list.join(","))])
    };
    let (server, outcome) = server_fed(&offer(100));
    assert_eq!((outcome, server.subprotocol(99)), (Outcome::WebSocket, Some(c"p99")));
    let (server, outcome) = server_fed(&offer(101));
    assert_eq!((outcome, status_of(server.output())), (Outcome::Bad, 431));
}

#[test]
fn a_response_has_limits_too() {
    let response = response_of("HTTP/1.1 101 x", &[], &[]);
    for (length, count, outcome) in [
        (response.len(), 3, Outcome::WebSocket),
        (response.len() - 1, 3, Outcome::Bad),
        (response.len(), 2, Outcome::Bad),
    ] {
        let mut client = client_with("", &[]);
        client.limits_mut().head_length = length;
        client.limits_mut().field_count = count;
        assert_eq!(client.feed(&response), Ok(outcome));
    }
}

/// Interim responses could else be endless.
#[test]
fn interim_responses_share_the_limit() {
    let mut client = client_with("", &[]);
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    let fed = (0..).find(|_| client.feed(interim).unwrap() != Outcome::Incomplete).unwrap();
    assert_eq!(fed, 16 * 1024 / interim.len());
    assert!(client.problem().is_some());
}
