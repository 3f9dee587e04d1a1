//! A program in Rust on top of the C functions: an event context whose callbacks
//! are scripted, and can run a test's code at any point.
//!
//! The callbacks keep no reference to the session's state while that code runs, as a
//! C program would not.

#![allow(
    dead_code,
    clippy::missing_safety_doc,
    clippy::indexing_slicing,
    clippy::multiple_unsafe_ops_per_block
)]

use libc::{c_int, c_void, ssize_t};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ptr::{null, null_mut, slice_from_raw_parts};
use std::rc::Rc;
use wslay::abi::*;
use wslay::capi::event::*;

/// The places where a test's code can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Recv,
    Send,
    Genmask,
    Start,
    Chunk,
    End,
    Message,
    Fragment,
}

pub const EVERYWHERE: [At; 8] =
    [At::Recv, At::Send, At::Genmask, At::Start, At::Chunk, At::End, At::Message, At::Fragment];

/// What a test runs inside a callback. The message is that of [`At::Message`].
pub type Hook = fn(&Session, Option<&wslay_event_on_msg_recv_arg>);

pub struct Session {
    pub ctx: Cell<wslay_event_context_ptr>,
    pub hook: Cell<Option<(At, Hook)>>,
    /// For a hook that is played with several.
    pub action: Cell<Option<Hook>>,
    /// How often the hook ran, and how many callbacks ran in all.
    pub hook_runs: Cell<usize>,
    pub callbacks_run: Cell<usize>,
    pub freed: Cell<bool>,
    /// For a hook that counts.
    pub countdown: Cell<usize>,
    /// The message of the callback under way, for a hook elsewhere.
    pub shown: Cell<(*const u8, usize)>,
    /// What each recv callback gives.
    pub input: RefCell<VecDeque<Vec<u8>>>,
    pub output: RefCell<Vec<u8>>,
    /// How many bytes a send callback takes.
    pub send_at_most: Cell<usize>,
    pub messages: RefCell<Vec<Vec<u8>>>,
    /// What is left of a fragmented message, in fragments.
    pub fragments: RefCell<VecDeque<Vec<u8>>>,
}

impl Session {
    pub fn server() -> Rc<Self> {
        Self::start(wslay_event_context_server_init, &ALL_CALLBACKS)
    }

    pub fn client() -> Rc<Self> {
        Self::start(wslay_event_context_client_init, &ALL_CALLBACKS)
    }

    /// Without callbacks for frames: messages may take the short ways.
    pub fn server_for_messages() -> Rc<Self> {
        Self::start(wslay_event_context_server_init, &MESSAGE_CALLBACKS)
    }

    pub fn client_for_messages() -> Rc<Self> {
        Self::start(wslay_event_context_client_init, &MESSAGE_CALLBACKS)
    }

    fn start(
        init: unsafe extern "C" fn(
            *mut wslay_event_context_ptr,
            *const wslay_event_callbacks,
            *mut c_void,
        ) -> c_int,
        callbacks: &'static wslay_event_callbacks,
    ) -> Rc<Self> {
        let session = Rc::new(Self {
            ctx: Cell::new(null_mut()),
            hook: Cell::new(None),
            action: Cell::new(None),
            hook_runs: Cell::new(0),
            callbacks_run: Cell::new(0),
            freed: Cell::new(false),
            countdown: Cell::new(0),
            shown: Cell::new((null(), 0)),
            input: RefCell::default(),
            output: RefCell::default(),
            send_at_most: Cell::new(usize::MAX),
            messages: RefCell::default(),
            fragments: RefCell::default(),
        });
        let user_data = Rc::as_ptr(&session);
        let mut ctx = null_mut();
        // SAFETY: the session outlives the context, which its drop frees.
        assert_eq!(unsafe { init(&raw mut ctx, callbacks, user_data.cast_mut().cast()) }, 0);
        session.ctx.set(ctx);
        session
    }

    pub fn recv(&self) -> c_int {
        // SAFETY: the context is alive.
        unsafe { wslay_event_recv(self.ctx.get()) }
    }

    pub fn send(&self) -> c_int {
        // SAFETY: the context is alive.
        unsafe { wslay_event_send(self.ctx.get()) }
    }

    pub fn write(&self, room: &mut [u8]) -> ssize_t {
        // SAFETY: the context is alive, and the room is ours.
        unsafe { wslay_event_write(self.ctx.get(), room.as_mut_ptr(), room.len()) }
    }

    pub fn queue(&self, opcode: u8, payload: &[u8]) -> c_int {
        let message = wslay_event_msg { opcode, msg: payload.as_ptr(), msg_length: payload.len() };
        // SAFETY: the context is alive, and the message is ours.
        unsafe { wslay_event_queue_msg(self.ctx.get(), &raw const message) }
    }

    pub fn queue_fragmented(&self, opcode: u8, fragments: &[&[u8]]) -> c_int {
        self.fragments.borrow_mut().extend(fragments.iter().map(|fragment| fragment.to_vec()));
        let source = wslay_event_msg_source { data: null_mut() };
        let message = wslay_event_fragmented_msg { opcode, source, read_callback: Some(on_fragment) };
        // SAFETY: the context is alive, and the message is ours.
        unsafe { wslay_event_queue_fragmented_msg(self.ctx.get(), &raw const message) }
    }

    pub fn queue_close(&self, code: u16) -> c_int {
        // SAFETY: the context is alive.
        unsafe { wslay_event_queue_close(self.ctx.get(), code, b"bye".as_ptr(), 3) }
    }

    /// Whether the three callbacks for frames are there.
    pub fn report_frames(&self, report: bool) {
        let callbacks = if report { &ALL_CALLBACKS } else { &MESSAGE_CALLBACKS };
        // SAFETY: the context is alive.
        unsafe { wslay_event_config_set_callbacks(self.ctx.get(), callbacks) }
    }

    pub fn free(&self) {
        self.freed.set(true);
        // SAFETY: the context is alive, inside a callback also after an earlier free.
        unsafe { wslay_event_context_free(self.ctx.get()) }
    }

    fn set_error(&self, error: wslay_error) {
        // SAFETY: the context is alive.
        unsafe { wslay_event_set_error(self.ctx.get(), error as c_int) }
    }

    fn ran(&self, at: At, message: Option<&wslay_event_on_msg_recv_arg>) {
        self.callbacks_run.set(self.callbacks_run.get() + 1);
        if let Some((place, hook)) = self.hook.get()
            && place == at
        {
            self.hook_runs.set(self.hook_runs.get() + 1);
            hook(self, message);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.freed.get() {
            self.free();
        }
    }
}

/// A frame as a client (with a key) or a server sends it, at most 65535 bytes.
pub fn frame(first_byte: u8, key: Option<[u8; 4]>, payload: &[u8]) -> Vec<u8> {
    let masked = if key.is_some() { 0x80 } else { 0 };
    let mut bytes = vec![first_byte];
    if payload.len() < 126 {
        bytes.push(masked | payload.len() as u8);
    } else {
        bytes.push(masked | 126);
        bytes.extend((payload.len() as u16).to_be_bytes());
    }
    let key_bytes = key.unwrap_or_default();
    bytes.extend(key.iter().flatten());
    if key_bytes == [0; 4] {
        bytes.extend_from_slice(payload);
        return bytes;
    }
    bytes.extend(payload.iter().zip(key_bytes.iter().cycle()).map(|(byte, key)| byte ^ key));
    bytes
}

const CALLBACKS: wslay_event_callbacks = wslay_event_callbacks {
    recv_callback: Some(on_recv),
    send_callback: Some(on_send),
    genmask_callback: Some(on_genmask),
    on_frame_recv_start_callback: Some(on_start),
    on_frame_recv_chunk_callback: Some(on_chunk),
    on_frame_recv_end_callback: Some(on_end),
    on_msg_recv_callback: Some(on_message),
};

static ALL_CALLBACKS: wslay_event_callbacks = CALLBACKS;

static MESSAGE_CALLBACKS: wslay_event_callbacks = wslay_event_callbacks {
    on_frame_recv_start_callback: None,
    on_frame_recv_chunk_callback: None,
    on_frame_recv_end_callback: None,
    ..CALLBACKS
};

/// # Safety
/// `user_data` is that of a living session.
unsafe fn session<'a>(user_data: *mut c_void) -> &'a Session {
    // SAFETY: the caller vouches for it; all state lies in cells.
    unsafe { &*user_data.cast_const().cast::<Session>() }
}

unsafe extern "C" fn on_recv(
    _: wslay_event_context_ptr,
    buf: *mut u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    // SAFETY: user_data is the session.
    let session = unsafe { session(user_data) };
    session.ran(At::Recv, None);
    let Some(mut bytes) = session.input.borrow_mut().pop_front() else {
        session.set_error(wslay_error::WSLAY_ERR_WOULDBLOCK);
        return -1;
    };
    let rest = bytes.split_off(bytes.len().min(len));
    if !rest.is_empty() {
        session.input.borrow_mut().push_front(rest);
    }
    // SAFETY: the library gives len bytes, of which no more are written.
    unsafe { buf.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    bytes.len() as ssize_t
}

unsafe extern "C" fn on_send(
    _: wslay_event_context_ptr,
    data: *const u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    // SAFETY: user_data is the session.
    let session = unsafe { session(user_data) };
    session.ran(At::Send, None);
    let taken = len.min(session.send_at_most.get());
    // SAFETY: the library gives len bytes.
    session.output.borrow_mut().extend(unsafe { &*slice_from_raw_parts(data, taken) });
    taken as ssize_t
}

unsafe extern "C" fn on_genmask(
    _: wslay_event_context_ptr,
    buf: *mut u8,
    len: usize,
    user_data: *mut c_void,
) -> c_int {
    // SAFETY: user_data is the session.
    unsafe { session(user_data) }.ran(At::Genmask, None);
    // SAFETY: the library gives len bytes.
    unsafe { buf.write_bytes(0x5a, len) };
    0
}

unsafe extern "C" fn on_start(
    _: wslay_event_context_ptr,
    _: *const wslay_event_on_frame_recv_start_arg,
    user_data: *mut c_void,
) {
    // SAFETY: user_data is the session.
    unsafe { session(user_data) }.ran(At::Start, None);
}

unsafe extern "C" fn on_chunk(
    _: wslay_event_context_ptr,
    arg: *const wslay_event_on_frame_recv_chunk_arg,
    user_data: *mut c_void,
) {
    // SAFETY: user_data is the session.
    unsafe { session(user_data) }.ran(At::Chunk, None);
    // SAFETY: the library gives data_length bytes, still there after whatever the hook did.
    let bytes = unsafe { &*slice_from_raw_parts((*arg).data, (*arg).data_length) };
    std::hint::black_box((bytes.first(), bytes.last()));
}

unsafe extern "C" fn on_end(_: wslay_event_context_ptr, user_data: *mut c_void) {
    // SAFETY: user_data is the session.
    unsafe { session(user_data) }.ran(At::End, None);
}

unsafe extern "C" fn on_message(
    _: wslay_event_context_ptr,
    arg: *const wslay_event_on_msg_recv_arg,
    user_data: *mut c_void,
) {
    // SAFETY: user_data is the session.
    let session = unsafe { session(user_data) };
    // SAFETY: the library gives a message, valid during this call.
    let message = unsafe { &*arg };
    session.ran(At::Message, Some(message));
    let bytes = if message.msg_length == 0 {
        Vec::new()
    } else {
        // SAFETY: the library gives msg_length bytes, still there after whatever the hook did.
        unsafe { &*slice_from_raw_parts(message.msg, message.msg_length) }.to_vec()
    };
    session.messages.borrow_mut().push(bytes);
}

unsafe extern "C" fn on_fragment(
    _: wslay_event_context_ptr,
    buf: *mut u8,
    len: usize,
    source: *const wslay_event_msg_source,
    eof: *mut c_int,
    user_data: *mut c_void,
) -> ssize_t {
    // SAFETY: user_data is the session.
    let session = unsafe { session(user_data) };
    // Programs remember in the source where they are.
    let place = source.cast_mut();
    // SAFETY: the library's copy of the source may be written to (S5).
    unsafe { (*place).fd = (*place).fd.wrapping_add(1) };
    session.ran(At::Fragment, None);
    let bytes = session.fragments.borrow_mut().pop_front().unwrap_or_default();
    assert!(bytes.len() <= len);
    // SAFETY: the library gives len bytes, of which no more are written.
    unsafe { buf.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    let last = session.fragments.borrow().is_empty();
    // SAFETY: the library gives eof.
    unsafe { eof.write(last.into()) };
    bytes.len() as ssize_t
}
