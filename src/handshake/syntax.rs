//! The grammar of what stands in a head (RFC 9110 section 5, RFC 3986).

/// A non-empty token (RFC 9110 section 5.6.2): a method, a header's name, a subprotocol.
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        })
}

/// What a program may send as a header's value: visible characters, space, tab, and
/// bytes above ASCII, with no white space at either end (RFC 9110 section 5.5).
pub fn is_field_value(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == b'\t' || !byte.is_ascii_control())
        && bytes.trim_ascii().len() == bytes.len()
}

/// A host with its port, if it has one, as far as single characters tell (RFC 3986
/// section 3.2.2): so it is neither a list nor has a user's name in it.
pub fn is_host(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.iter().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'!' | b'$'..=b'+' | b'-' | b'.' | b':' | b';' | b'=' | b'[' | b']' | b'_' | b'~'
                )
        })
}

/// The path and query of a resource (RFC 6455 section 3), which have no fragment.
pub fn is_resource(bytes: &[u8]) -> bool {
    bytes.starts_with(b"/") && bytes.iter().all(|&byte| byte.is_ascii_graphic() && byte != b'#')
}

/// The non-empty elements of a comma separated list (RFC 9110 section 5.6.1.2).
pub fn elements(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = list;
    ::core::iter::from_fn(move || next_element(&mut rest))
}

#[inline(never)]
fn next_element<'a>(list: &mut &'a [u8]) -> Option<&'a [u8]> {
    while !list.is_empty() {
        let length = list.iter().position(|&byte| byte == b',').unwrap_or(list.len());
        let element = list.get(..length).unwrap_or_default().trim_ascii();
        *list = list.get(length + 1..).unwrap_or_default();
        if !element.is_empty() {
            return Some(element);
        }
    }
    None
}

/// Whether two names are the same, whose case does not matter.
#[inline(never)]
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}
