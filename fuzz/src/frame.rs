//! A frame context whose callbacks are the methods of a Rust value.

use crate::{Given, give, slice_of};
use libc::{c_int, c_void, ssize_t};
use std::ptr::{null, null_mut};
use wslay::abi::*;
use wslay::capi::frame::*;

/// The callbacks.
pub trait FrameProgram {
    fn recv(&mut self, _room: usize) -> Given {
        Err(-1)
    }
    fn send(&mut self, _data: &[u8]) -> isize {
        -1
    }
    fn genmask(&mut self) -> [u8; 4] {
        [0; 4]
    }
}

/// A context and the program that it calls.
pub struct FrameContext<P: FrameProgram> {
    ctx: wslay_frame_context_ptr,
    program: *mut P,
}

/// A piece that came in.
#[derive(Clone, Debug)]
pub struct Received {
    pub fin: bool,
    pub rsv: u8,
    pub opcode: u8,
    pub masked: bool,
    pub payload_length: u64,
    pub data: Vec<u8>,
}

pub fn no_iocb() -> wslay_frame_iocb {
    wslay_frame_iocb { fin: 0, rsv: 0, opcode: 0, payload_length: 0, mask: 0, data: null(), data_length: 0 }
}

impl<P: FrameProgram> FrameContext<P> {
    pub fn new(program: P) -> Self {
        let callbacks = wslay_frame_callbacks {
            send_callback: Some(on_send::<P>),
            recv_callback: Some(on_recv::<P>),
            genmask_callback: Some(on_genmask::<P>),
        };
        let program = Box::into_raw(Box::new(program));
        let mut ctx = null_mut();
        // SAFETY: the program outlives the context.
        let status = unsafe { wslay_frame_context_init(&raw mut ctx, &raw const callbacks, program.cast()) };
        assert_eq!(status, 0);
        Self { ctx, program }
    }

    pub fn program(&mut self) -> &mut P {
        // SAFETY: it lives as long as `self`, and no callback runs while the reference lives.
        unsafe { &mut *self.program }
    }

    /// Sends `piece` of the frame that `iocb` tells of.
    pub fn send(&mut self, iocb: &wslay_frame_iocb, piece: &[u8]) -> isize {
        let mut iocb = wslay_frame_iocb { data: piece.as_ptr(), data_length: piece.len(), ..*iocb };
        // SAFETY: the context is alive, the iocb and its piece are ours.
        unsafe { wslay_frame_send(self.ctx, &raw mut iocb) }
    }

    /// As [`Self::send`], into `room`; gives the result and the number of payload bytes.
    pub fn write(&mut self, iocb: &wslay_frame_iocb, piece: &[u8], room: &mut [u8]) -> (isize, usize) {
        let mut iocb = wslay_frame_iocb { data: piece.as_ptr(), data_length: piece.len(), ..*iocb };
        let mut of_payload = usize::MAX;
        // SAFETY: the context is alive, all memory is ours.
        let result = unsafe {
            wslay_frame_write(self.ctx, &raw mut iocb, room.as_mut_ptr(), room.len(), &raw mut of_payload)
        };
        (result, of_payload)
    }

    /// The next piece, or the error code.
    pub fn recv(&mut self) -> Result<Received, isize> {
        let mut iocb = no_iocb();
        // SAFETY: the context is alive, the iocb is ours.
        let result = unsafe { wslay_frame_recv(self.ctx, &raw mut iocb) };
        if result < 0 {
            return Err(result);
        }
        assert_eq!(result as usize, iocb.data_length);
        // SAFETY: the library gives data_length bytes, valid until the next call.
        let data = unsafe { slice_of(iocb.data, iocb.data_length) }.to_vec();
        Ok(Received {
            fin: iocb.fin != 0,
            rsv: iocb.rsv,
            opcode: iocb.opcode,
            masked: iocb.mask != 0,
            payload_length: iocb.payload_length,
            data,
        })
    }
}

impl<P: FrameProgram> Drop for FrameContext<P> {
    fn drop(&mut self) {
        // SAFETY: nobody uses the context after that.
        unsafe { wslay_frame_context_free(self.ctx) };
        // SAFETY: the program comes from a box, and its only user is gone.
        drop(unsafe { Box::from_raw(self.program) });
    }
}

unsafe extern "C" fn on_send<P: FrameProgram>(
    data: *const u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    assert!(len > 0);
    // SAFETY: user_data is the program, the library gives len bytes.
    unsafe { (*user_data.cast::<P>()).send(slice_of(data, len)) }
}

unsafe extern "C" fn on_recv<P: FrameProgram>(
    buf: *mut u8,
    len: usize,
    _: c_int,
    user_data: *mut c_void,
) -> ssize_t {
    assert!(len > 0);
    // SAFETY: user_data is the program, the library gives room for len bytes.
    unsafe { give((*user_data.cast::<P>()).recv(len), buf, len) }
}

unsafe extern "C" fn on_genmask<P: FrameProgram>(buf: *mut u8, len: usize, user_data: *mut c_void) -> c_int {
    assert_eq!(len, 4);
    // SAFETY: user_data is the program, the library gives room for 4 bytes.
    unsafe { buf.cast::<[u8; 4]>().write((*user_data.cast::<P>()).genmask()) };
    0
}
