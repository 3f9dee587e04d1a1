//! Whether a response opens the WebSocket that was asked for (RFC 6455 section 4.1, the
//! list at its end).

use super::Problem;
use super::fields::Head;
use super::syntax;

const BAD_UPGRADE: Problem = Problem::bad(c"Upgrade is not websocket");
const BAD_CONNECTION: Problem = Problem::bad(c"Connection does not list Upgrade");
const BAD_ACCEPT: Problem = Problem::bad(c"Sec-WebSocket-Accept does not answer the key");
const BAD_SUBPROTOCOL: Problem = Problem::bad(c"a subprotocol that was not offered");
const BAD_EXTENSION: Problem = Problem::bad(c"an extension that was not offered");

/// What was asked for.
pub struct Offer<'a> {
    /// The value that answers the key.
    pub accept: &'a [u8],
    /// A list.
    pub subprotocols: &'a [u8],
    /// Lists, one a line.
    pub extensions: &'a [u8],
}

/// Judges the head of a response with status 101.
///
/// # Errors
/// What is wrong with it.
pub fn verify(head: &Head, offer: &Offer<'_>) -> Result<(), Problem> {
    const SUBPROTOCOL: &[u8] = b"Sec-WebSocket-Protocol";
    let is_websocket = |upgrade: &[u8]| syntax::is_same(upgrade, b"websocket");
    if !head.sole_value(b"Upgrade").is_some_and(is_websocket) {
        return Err(BAD_UPGRADE);
    }
    if !head.lists(b"Connection", b"upgrade") {
        return Err(BAD_CONNECTION);
    }
    if head.sole_value(b"Sec-WebSocket-Accept") != Some(offer.accept) {
        return Err(BAD_ACCEPT);
    }
    let were_offered = |list| extension_names(list).all(|name| was_offered(name, offer.extensions));
    if !head.values(b"Sec-WebSocket-Extensions").all(were_offered) {
        return Err(BAD_EXTENSION);
    }
    let offered = |chosen: &[u8]| syntax::elements(offer.subprotocols).any(|one| one == chosen);
    if head.count(SUBPROTOCOL) > 0 && !head.sole_value(SUBPROTOCOL).is_some_and(offered) {
        return Err(BAD_SUBPROTOCOL);
    }
    Ok(())
}

fn was_offered(name: &[u8], offers: &[u8]) -> bool {
    offers.split(|&byte| byte == b'\n').any(|list| extension_names(list).any(|offered| offered == name))
}

/// The names in a list of extensions, whose parameters may have commas in quotes (RFC
/// 6455 section 9.1).
fn extension_names(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    let outside_quotes = move |&byte: &u8| {
        let escape = quoted && !escaped && byte == b'\\';
        quoted ^= byte == b'"' && !escaped;
        escaped = escape;
        byte == b',' && !quoted
    };
    let extensions = list.split(outside_quotes).map(<[u8]>::trim_ascii);
    extensions.filter(|extension| !extension.is_empty()).map(without_parameters)
}

fn without_parameters(extension: &[u8]) -> &[u8] {
    extension.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii()
}
