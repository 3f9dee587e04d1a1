//! An event context whose callbacks are the methods of a Rust value. They may call the
//! context, so the value keeps what changes in cells.

use crate::{Given, give, slice_of};
use libc::{c_int, c_void, ssize_t};
use std::ptr::null_mut;
use std::rc::Rc;
use wslay::abi::*;
use wslay::capi::event::*;

/// The callbacks. `ctx` is the context that calls.
pub trait EventProgram: Sized {
    fn recv(&self, ctx: EventContext, room: usize) -> Given;
    fn send(&self, ctx: EventContext, data: &[u8]) -> isize;
    fn genmask(&self, ctx: EventContext) -> Option<[u8; 4]>;
    fn frame_start(&self, _: EventContext, _: &wslay_event_on_frame_recv_start_arg) {}
    fn frame_chunk(&self, _: EventContext, _: &[u8]) {}
    fn frame_end(&self, _: EventContext) {}
    fn message(&self, ctx: EventContext, arg: &wslay_event_on_msg_recv_arg, payload: &[u8]);
    /// The next bytes of the fragmented message that was queued as `id`, whose source lies at
    /// `source`, and whether they are the last.
    fn fragment(&self, _: EventContext, _id: usize, _source: usize, _room: usize) -> (Given, bool) {
        unreachable!("no fragmented message was queued")
    }
}

/// A context, alive until [`EventContext::free`]; the targets see to that.
#[derive(Clone, Copy)]
pub struct EventContext(wslay_event_context_ptr);

/// A server or client context that calls `program`, which must outlive it.
pub fn start<P: EventProgram>(server: bool, frame_reports: bool, program: &Rc<P>) -> EventContext {
    let init = if server { wslay_event_context_server_init } else { wslay_event_context_client_init };
    let mut callbacks = wslay_event_callbacks {
        recv_callback: Some(on_recv::<P>),
        send_callback: Some(on_send::<P>),
        genmask_callback: Some(on_genmask::<P>),
        on_frame_recv_start_callback: None,
        on_frame_recv_chunk_callback: None,
        on_frame_recv_end_callback: None,
        on_msg_recv_callback: Some(on_message::<P>),
    };
    if frame_reports {
        callbacks.on_frame_recv_start_callback = Some(on_start::<P>);
        callbacks.on_frame_recv_chunk_callback = Some(on_chunk::<P>);
        callbacks.on_frame_recv_end_callback = Some(on_end::<P>);
    }
    let mut ctx = null_mut();
    let user_data = Rc::as_ptr(program).cast_mut().cast();
    // SAFETY: the caller keeps the program.
    assert_eq!(unsafe { init(&raw mut ctx, &raw const callbacks, user_data) }, 0);
    EventContext(ctx)
}

macro_rules! calls {
    ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty = $function:ident;)*) => {
        impl EventContext {
            $(pub fn $name(self, $($argument: $type),*) -> $result {
                // SAFETY: the context is alive.
                unsafe { $function(self.0, $($argument),*) }
            })*
        }
    };
}

calls! {
    recv() -> c_int = wslay_event_recv;
    send() -> c_int = wslay_event_send;
    free() -> () = wslay_event_context_free;
    set_error(value: c_int) -> () = wslay_event_set_error;
    shutdown_read() -> () = wslay_event_shutdown_read;
    shutdown_write() -> () = wslay_event_shutdown_write;
    allow_rsv(rsv: u8) -> () = wslay_event_config_set_allowed_rsv_bits;
    set_no_buffering(value: c_int) -> () = wslay_event_config_set_no_buffering;
    set_max_length(length: u64) -> () = wslay_event_config_set_max_recv_msg_length;
    want_read() -> c_int = wslay_event_want_read;
    want_write() -> c_int = wslay_event_want_write;
    read_enabled() -> c_int = wslay_event_get_read_enabled;
    write_enabled() -> c_int = wslay_event_get_write_enabled;
    close_received() -> c_int = wslay_event_get_close_received;
    close_sent() -> c_int = wslay_event_get_close_sent;
    code_received() -> u16 = wslay_event_get_status_code_received;
    code_sent() -> u16 = wslay_event_get_status_code_sent;
    queued_count() -> usize = wslay_event_get_queued_msg_count;
    queued_length() -> usize = wslay_event_get_queued_msg_length;
}

impl EventContext {
    pub fn write(self, room: &mut [u8]) -> isize {
        // SAFETY: the context is alive, the room is ours.
        unsafe { wslay_event_write(self.0, room.as_mut_ptr(), room.len()) }
    }

    pub fn queue(self, opcode: u8, rsv: u8, payload: &[u8]) -> c_int {
        let message = wslay_event_msg { opcode, msg: payload.as_ptr(), msg_length: payload.len() };
        // SAFETY: the context is alive, the message is ours.
        unsafe { wslay_event_queue_msg_ex(self.0, &raw const message, rsv) }
    }

    pub fn queue_close(self, code: u16, reason: &[u8]) -> c_int {
        // SAFETY: the context is alive, the reason is ours.
        unsafe { wslay_event_queue_close(self.0, code, reason.as_ptr(), reason.len()) }
    }

    /// Queues a message whose bytes come from [`EventProgram::fragment`].
    pub fn queue_fragmented<P: EventProgram>(self, opcode: u8, rsv: u8, id: usize) -> c_int {
        let source = wslay_event_msg_source { data: id as *mut c_void };
        let message = wslay_event_fragmented_msg { opcode, source, read_callback: Some(on_fragment::<P>) };
        // SAFETY: the context is alive, the message is ours.
        unsafe { wslay_event_queue_fragmented_msg_ex(self.0, &raw const message, rsv) }
    }
}

/// # Safety
/// `user_data` is a living program of this type.
unsafe fn program<'a, P>(user_data: *mut c_void) -> &'a P {
    // SAFETY: the caller vouches for it.
    unsafe { &*user_data.cast_const().cast() }
}

unsafe extern "C" fn on_recv<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    buf: *mut u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    assert!(len > 0);
    // SAFETY: user_data is the program.
    let given = unsafe { program::<P>(user_data) }.recv(EventContext(ctx), len);
    // SAFETY: the library gives room for len bytes.
    unsafe { give(given, buf, len) }
}

unsafe extern "C" fn on_send<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    data: *const u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    assert!(len > 0);
    // SAFETY: user_data is the program, the library gives len bytes.
    unsafe { program::<P>(user_data).send(EventContext(ctx), slice_of(data, len)) }
}

unsafe extern "C" fn on_genmask<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    buf: *mut u8,
    len: usize,
    user_data: *mut c_void,
) -> c_int {
    assert_eq!(len, 4);
    // SAFETY: user_data is the program.
    let Some(key) = unsafe { program::<P>(user_data) }.genmask(EventContext(ctx)) else { return -1 };
    // SAFETY: the library gives room for 4 bytes.
    unsafe { buf.cast::<[u8; 4]>().write(key) };
    0
}

unsafe extern "C" fn on_start<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_on_frame_recv_start_arg,
    user_data: *mut c_void,
) {
    // SAFETY: user_data is the program, the library gives arg.
    unsafe { program::<P>(user_data).frame_start(EventContext(ctx), &*arg) };
}

unsafe extern "C" fn on_chunk<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_on_frame_recv_chunk_arg,
    user_data: *mut c_void,
) {
    // SAFETY: the library gives arg and its bytes.
    let bytes = unsafe { slice_of((*arg).data, (*arg).data_length) };
    // SAFETY: user_data is the program.
    unsafe { program::<P>(user_data) }.frame_chunk(EventContext(ctx), bytes);
}

unsafe extern "C" fn on_end<P: EventProgram>(ctx: wslay_event_context_ptr, user_data: *mut c_void) {
    // SAFETY: user_data is the program.
    unsafe { program::<P>(user_data) }.frame_end(EventContext(ctx));
}

unsafe extern "C" fn on_message<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    arg: *const wslay_event_on_msg_recv_arg,
    user_data: *mut c_void,
) {
    // SAFETY: the library gives arg, valid during this call.
    let arg = unsafe { &*arg };
    assert_eq!(arg.msg.is_null(), arg.msg_length == 0);
    // SAFETY: the library gives msg_length bytes, valid during this call.
    let payload = unsafe { slice_of(arg.msg, arg.msg_length) };
    // SAFETY: user_data is the program.
    unsafe { program::<P>(user_data) }.message(EventContext(ctx), arg, payload);
}

unsafe extern "C" fn on_fragment<P: EventProgram>(
    ctx: wslay_event_context_ptr,
    buf: *mut u8,
    len: usize,
    source: *const wslay_event_msg_source,
    eof: *mut c_int,
    user_data: *mut c_void,
) -> ssize_t {
    // SAFETY: the library gives its copy of the source.
    let id = unsafe { (*source).data } as usize;
    // SAFETY: user_data is the program.
    let program = unsafe { program::<P>(user_data) };
    let (given, last) = program.fragment(EventContext(ctx), id, source as usize, len);
    // SAFETY: the library gives eof.
    unsafe { eof.write(last.into()) };
    // SAFETY: the library gives room for len bytes.
    unsafe { give(given, buf, len) }
}
