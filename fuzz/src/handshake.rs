//! Both ends of the opening handshake, through the C functions.

use crate::slice_of;
use std::ffi::{CStr, CString, c_char};
use std::ptr::null_mut;
use wslay::capi::handshake::*;

/// What a feed function returns, of either end.
pub const INCOMPLETE: i32 = 0;
pub const WEBSOCKET: i32 = 1;
pub const HTTP: i32 = 2;
pub const BAD: i32 = 3;

/// A string of the library's, copied; nothing for NULL.
fn string(string: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: the library vouches for its strings.
    (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) }.to_bytes().to_vec())
}

/// What the two ends have in common.
pub trait Handshake {
    /// The bytes come from memory that ends with them.
    fn feed(&mut self, bytes: &[u8]) -> i32;
    fn header(&self, name: &CStr, index: usize) -> Option<Vec<u8>>;
    fn problem(&self) -> Option<Vec<u8>>;
    fn output(&mut self) -> Vec<u8>;
    fn read(&mut self, room: usize) -> Vec<u8>;

    /// Feeds all, in pieces of those sizes over and over.
    fn feed_in_pieces(&mut self, bytes: &[u8], sizes: &[u8]) -> i32 {
        let mut rest = bytes;
        let mut sizes = sizes.iter().cycle();
        let mut found = self.feed(b"");
        while !rest.is_empty() {
            let size = usize::from(*sizes.next().unwrap_or(&255)).clamp(1, rest.len());
            let (piece, behind) = rest.split_at(size);
            found = self.feed(&piece.to_vec().into_boxed_slice());
            assert!(found >= INCOMPLETE);
            rest = behind;
        }
        found
    }

    fn read_all(&mut self, room: usize) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let bytes = self.read(room);
            if bytes.is_empty() {
                return all;
            }
            all.extend(bytes);
        }
    }
}

pub struct Server(*mut wslayx_server_handshake);
pub struct Client(*mut wslayx_client_handshake);

impl Server {
    pub fn new() -> Self {
        let mut server = null_mut();
        // SAFETY: the pointer can be written.
        assert_eq!(unsafe { wslayx_server_handshake_init(&raw mut server) }, 0);
        Self(server)
    }

    /// Method, target, host and origin.
    pub fn request(&self) -> [Option<Vec<u8>>; 4] {
        let get = [
            wslayx_server_handshake_get_method,
            wslayx_server_handshake_get_target,
            wslayx_server_handshake_get_host,
            wslayx_server_handshake_get_origin,
        ];
        // SAFETY: the handshake is alive.
        get.map(|get| string(unsafe { get(self.0) }))
    }

    pub fn subprotocols(&self) -> Vec<Vec<u8>> {
        // SAFETY: the handshake is alive.
        let get = |index| string(unsafe { wslayx_server_handshake_get_subprotocol(self.0, index) });
        (0..).map_while(get).collect()
    }

    pub fn accept(&mut self, subprotocol: Option<&[u8]>) -> i32 {
        let subprotocol = subprotocol.map(|name| CString::new(name).unwrap());
        let pointer = subprotocol.as_ref().map_or(std::ptr::null(), |name| name.as_ptr());
        // SAFETY: the handshake is alive, and the string is there.
        unsafe { wslayx_server_handshake_accept(self.0, pointer) }
    }

    pub fn respond(&mut self, status: u32, body: &[u8]) -> i32 {
        let body = body.to_vec().into_boxed_slice();
        // SAFETY: the handshake is alive, and the body is there.
        unsafe {
            wslayx_server_handshake_respond(self.0, status, std::ptr::null(), body.as_ptr(), body.len())
        }
    }

    pub fn add_header(&mut self, name: &CStr, value: &CStr) -> i32 {
        // SAFETY: the handshake is alive, and the strings are there.
        unsafe { wslayx_server_handshake_add_header(self.0, name.as_ptr(), value.as_ptr()) }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// A client, unless the strings are refused.
    pub fn new(host: &CStr, target: &CStr, subprotocols: Option<&CStr>) -> Option<Self> {
        let mut client = null_mut();
        let subprotocols = subprotocols.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: the pointer can be written, and the strings are there.
        let status = unsafe {
            wslayx_client_handshake_init(&raw mut client, host.as_ptr(), target.as_ptr(), subprotocols)
        };
        assert_eq!(status == 0, !client.is_null());
        (status == 0).then_some(Self(client))
    }

    pub fn add_header(&mut self, name: &CStr, value: &CStr) -> i32 {
        // SAFETY: the handshake is alive, and the strings are there.
        unsafe { wslayx_client_handshake_add_header(self.0, name.as_ptr(), value.as_ptr()) }
    }

    pub fn status(&self) -> u32 {
        // SAFETY: the handshake is alive.
        unsafe { wslayx_client_handshake_get_status(self.0) }
    }

    pub fn subprotocol(&self) -> Option<Vec<u8>> {
        // SAFETY: the handshake is alive.
        string(unsafe { wslayx_client_handshake_get_subprotocol(self.0) })
    }
}

impl Handshake for Server {
    fn feed(&mut self, bytes: &[u8]) -> i32 {
        // SAFETY: the handshake is alive, and the bytes are there.
        unsafe { wslayx_server_handshake_feed(self.0, bytes.as_ptr(), bytes.len()) }
    }

    fn header(&self, name: &CStr, index: usize) -> Option<Vec<u8>> {
        // SAFETY: the handshake is alive, and the string is there.
        string(unsafe { wslayx_server_handshake_get_header(self.0, name.as_ptr(), index) })
    }

    fn problem(&self) -> Option<Vec<u8>> {
        // SAFETY: the handshake is alive.
        string(unsafe { wslayx_server_handshake_get_problem(self.0) })
    }

    fn output(&mut self) -> Vec<u8> {
        let mut length = 0;
        // SAFETY: the handshake is alive, and the length can be written.
        let bytes = unsafe { wslayx_server_handshake_output(self.0, &raw mut length) };
        // SAFETY: the library vouches for its bytes.
        unsafe { slice_of(bytes, length) }.to_vec()
    }

    fn read(&mut self, room: usize) -> Vec<u8> {
        let mut bytes = vec![0; room].into_boxed_slice();
        // SAFETY: the handshake is alive, and there is the room.
        let count = unsafe { wslayx_server_handshake_read(self.0, bytes.as_mut_ptr(), room) };
        bytes[..count].to_vec()
    }
}

impl Handshake for Client {
    fn feed(&mut self, bytes: &[u8]) -> i32 {
        // SAFETY: the handshake is alive, and the bytes are there.
        unsafe { wslayx_client_handshake_feed(self.0, bytes.as_ptr(), bytes.len()) }
    }

    fn header(&self, name: &CStr, index: usize) -> Option<Vec<u8>> {
        // SAFETY: the handshake is alive, and the string is there.
        string(unsafe { wslayx_client_handshake_get_header(self.0, name.as_ptr(), index) })
    }

    fn problem(&self) -> Option<Vec<u8>> {
        // SAFETY: the handshake is alive.
        string(unsafe { wslayx_client_handshake_get_problem(self.0) })
    }

    fn output(&mut self) -> Vec<u8> {
        let mut length = 0;
        // SAFETY: the handshake is alive, and the length can be written.
        let bytes = unsafe { wslayx_client_handshake_output(self.0, &raw mut length) };
        // SAFETY: the library vouches for its bytes.
        unsafe { slice_of(bytes, length) }.to_vec()
    }

    fn read(&mut self, room: usize) -> Vec<u8> {
        let mut bytes = vec![0; room].into_boxed_slice();
        // SAFETY: the handshake is alive, and there is the room.
        let count = unsafe { wslayx_client_handshake_read(self.0, bytes.as_mut_ptr(), room) };
        bytes[..count].to_vec()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SAFETY: the handshake is freed once.
        unsafe { wslayx_server_handshake_free(self.0) };
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // SAFETY: the handshake is freed once.
        unsafe { wslayx_client_handshake_free(self.0) };
    }
}

/// The rules of HTTP that httparse does not have: lines end in CR LF, and no other control
/// characters stand in a head than tabs between.
pub fn has_sound_bytes(head: &[u8]) -> bool {
    let lines = head.split(|byte| *byte == b'\n').collect::<Vec<_>>();
    let (last, lines) = lines.split_last().unwrap();
    let is_sound = |line: &&[u8]| {
        line.strip_suffix(b"\r").is_some_and(|text| text.iter().all(|&b| b == b'\t' || !b.is_ascii_control()))
    };
    last.is_empty() && lines.iter().all(is_sound)
}

/// The elements of the fields of that name, which hold lists.
pub fn elements<'a>(headers: &[httparse::Header<'a>], name: &str) -> Vec<&'a [u8]> {
    let lists = values(headers, name);
    let elements = lists.iter().flat_map(|list| list.split(|byte| *byte == b','));
    elements.map(<[u8]>::trim_ascii).filter(|element| !element.is_empty()).collect()
}

pub fn values<'a>(headers: &[httparse::Header<'a>], name: &str) -> Vec<&'a [u8]> {
    let named = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    named.map(|header| header.value).collect()
}

pub fn is_token(text: &[u8]) -> bool {
    let other = b"!#$%&'*+-.^_`|~";
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || other.contains(byte))
}

/// Versions that httparse does not know, and the library reads as 1.1.
pub fn has_higher_version(stream: &[u8]) -> bool {
    stream.windows(8).any(|text| text.starts_with(b"HTTP/1.") && (b'2'..=b'9').contains(&text[7]))
}
