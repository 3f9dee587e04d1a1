//! Callbacks that touch the memory which their program handed to the call under way,
//! for Miri: the program owns it, so it may.

#![allow(clippy::indexing_slicing, clippy::multiple_unsafe_ops_per_block)]

mod session;

use libc::{c_int, c_void, ssize_t};
use session::{At, Hook, Session};
use std::cell::Cell;
use std::ptr::{null, null_mut};
use wslay::abi::*;
use wslay::capi::event::*;
use wslay::capi::frame::*;

thread_local! {
    static BUFFER: Cell<*mut u8> = const { Cell::new(null_mut()) };
}

#[test]
fn s8_callbacks_may_use_the_buffer_that_is_written_to() {
    let mut buffer = [0_u8; 64];
    let start = buffer.as_mut_ptr();
    let scribble: Hook = |_, _| {
        // SAFETY: the buffer has 64 bytes and outlives the call.
        unsafe { *BUFFER.get().add(60) = *BUFFER.get() };
    };
    for at in [At::Genmask, At::Fragment] {
        BUFFER.set(start);
        let session = Session::client();
        session.hook.set(Some((at, scribble)));
        session.queue(1, b"first");
        session.queue_fragmented(2, &[b"one", b"two"]);
        session.queue(1, b"last");
        // SAFETY: the context is alive, and the buffer is ours.
        let written = unsafe { wslay_event_write(session.ctx.get(), start, 60) };
        assert_eq!(written, 11 + 9 + 9 + 10);
        assert!(session.hook_runs.get() >= 2);
    }
}

unsafe extern "C" fn send_and_scramble(
    data: *const u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    // SAFETY: user_data is the test's output; the bytes are the program's own, or lent.
    unsafe {
        let output = user_data.cast::<Vec<u8>>();
        (*output).extend((0..len).map(|i| *data.add(i)));
        let data = data.cast_mut();
        (0..len).for_each(|i| *data.add(i) ^= 0xff);
    }
    len as ssize_t
}

unsafe extern "C" fn touch_buffer(buf: *mut u8, len: usize, _: *mut c_void) -> c_int {
    // SAFETY: the library gives len bytes; the buffer is the test's.
    unsafe {
        buf.write_bytes(1, len);
        *BUFFER.get() = 0;
    }
    0
}

fn frame_context(output: &mut Vec<u8>) -> wslay_frame_context_ptr {
    let callbacks = wslay_frame_callbacks {
        send_callback: Some(send_and_scramble),
        recv_callback: None,
        genmask_callback: Some(touch_buffer),
    };
    let mut ctx = null_mut();
    // SAFETY: the output outlives the context.
    let status =
        unsafe { wslay_frame_context_init(&raw mut ctx, &raw const callbacks, (&raw mut *output).cast()) };
    assert_eq!(status, 0);
    ctx
}

fn piece(data: *const u8, length: usize, mask: u8) -> wslay_frame_iocb {
    wslay_frame_iocb {
        fin: 1,
        rsv: 0,
        opcode: 1,
        payload_length: length as u64,
        mask,
        data,
        data_length: length,
    }
}

#[test]
fn f3_a_send_callback_may_change_the_bytes_it_is_given() {
    for mask in [0, 1] {
        let mut output = Vec::new();
        let mut spare = [0_u8; 1];
        BUFFER.set(spare.as_mut_ptr());
        let mut payload = *b"payload";
        let data = payload.as_mut_ptr();
        let ctx = frame_context(&mut output);
        let mut iocb = piece(data, 7, mask);
        // SAFETY: the context is alive, and the payload is ours.
        assert_eq!(unsafe { wslay_frame_send(ctx, &raw mut iocb) }, 7);
        // SAFETY: the context is not used any more.
        unsafe { wslay_frame_context_free(ctx) };
        assert_eq!(output.len(), 2 + 4 * usize::from(mask) + 7);
    }
}

#[test]
fn f4_payload_may_lie_in_the_buffer_that_is_written_to() {
    let mut output = Vec::new();
    let ctx = frame_context(&mut output);
    let mut buffer = [0_u8; 32];
    let start = buffer.as_mut_ptr();
    BUFFER.set(start);
    let mut of_payload = usize::MAX;
    // SAFETY: the context is alive, and the buffer is ours.
    let written = unsafe {
        start.add(6).copy_from_nonoverlapping(b"payload".as_ptr(), 7);
        let mut iocb = piece(start.add(6), 7, 1);
        wslay_frame_write(ctx, &raw mut iocb, start, 32, &raw mut of_payload)
    };
    assert_eq!((written, of_payload), (13, 7));
    // SAFETY: the context is not used any more.
    unsafe { wslay_frame_context_free(ctx) };
    assert_eq!(&buffer[..6], [0x81, 0x87, 1, 1, 1, 1]);
    let payload: Vec<u8> = buffer[6..13].iter().map(|byte| byte ^ 1).collect();
    assert_eq!(payload, b"payload");
}

#[test]
fn q5_the_reason_is_not_read_without_a_code() {
    let session = Session::server();
    let nowhere = null::<u8>().wrapping_add(1);
    // SAFETY: the context is alive.
    assert_eq!(unsafe { wslay_event_queue_close(session.ctx.get(), 0, nowhere, 5) }, 0);
    session.send();
    assert_eq!(*session.output.borrow(), [0x88, 0]);
}
