//! What the bytes say does not depend on how they come.

use super::*;

/// All that a program can see of a server.
fn seen_of_server(server: &ServerHandshake, outcome: Outcome) -> Vec<Vec<u8>> {
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

fn seen_of_client(client: &ClientHandshake, outcome: Outcome) -> Vec<Vec<u8>> {
    let mut seen = vec![format!("{outcome:?} {:?}", client.status()).into_bytes()];
    let strings = [client.subprotocol(), client.problem(), client.field(b"Location", 0)];
    seen.extend(strings.iter().map(|string| format!("{string:?}").into_bytes()));
    seen.push(client.rest.as_slice().to_vec());
    seen
}

#[test]
fn a_request_in_any_two_pieces_or_byte_by_byte() {
    for case in requests::all() {
        let bytes = [&case.bytes[..], b"\x81\x80\0\0\0\0first frames"].concat();
        let (server, outcome) = server_fed(&bytes);
        let expected = seen_of_server(&server, outcome);
        for cut in 0..=bytes.len() {
            let (mut server, _) = server_fed(&bytes[..cut]);
            let outcome = server.feed(&bytes[cut..]).unwrap();
            assert_eq!(seen_of_server(&server, outcome), expected, "{} cut at {cut}", case.name);
        }
        let mut server = ServerHandshake::new();
        let outcome = bytes.iter().fold(Outcome::Incomplete, |_, &byte| server.feed(&[byte]).unwrap());
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
        for cut in 0..=bytes.len() {
            let mut client = case.client();
            client.feed(&bytes[..cut]).unwrap();
            let outcome = client.feed(&bytes[cut..]).unwrap();
            assert_eq!(seen_of_client(&client, outcome), expected, "{} cut at {cut}", case.name);
        }
        let mut client = case.client();
        let outcome = bytes.iter().fold(Outcome::Incomplete, |_, &byte| client.feed(&[byte]).unwrap());
        assert_eq!(seen_of_client(&client, outcome), expected, "{} byte by byte", case.name);
    }
}
