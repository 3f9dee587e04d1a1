//! The send machine: queues, their order, and the bytes that go out (contract Q
//! and S).
//!
//! Messages are queued as encoded frames, so a batch of them is one contiguous run
//! of bytes. A fragmented message stands in the queue as itself; its frames are
//! made one by one when its turn comes. Each call of [`Sender::next`] answers with
//! the one thing to do next. `S` is the caller's handle of a fragmented message's
//! source, which the machine keeps and never looks into.

mod batch;
mod fragmented;
mod lane;
mod queue;
mod shown;
#[cfg(test)]
mod tests;
mod waiting_pongs;

pub use batch::Batch;
pub use fragmented::MAX_FRAGMENT;

use self::fragmented::Fragmented;
use self::lane::{FrameInLane, Lane};
use self::shown::Shown;
use self::waiting_pongs::WaitingPongs;
use super::header;
use super::opcode::CLOSE;
use super::{Role, close};
use crate::mem::Buffer;

/// A client masks this much ahead before it sends, so that the bytes are still in
/// cache when they go out.
const MASK_AHEAD: usize = 64 * 1024;
/// So many control frames go out together at most; it bounds what one step costs.
const CONTROL_FRAMES_A_BATCH: usize = 32;

/// Which of the two queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Control,
    Data,
}

/// What to do next.
pub enum SendStep {
    /// Nothing can be sent.
    Idle,
    /// There is no memory to go on; what is queued stays queued.
    NoMemory,
    /// Send these bytes and give them back with [`Sender::sent`].
    Transmit(Batch),
    /// Get a mask key and call [`Sender::mask`], or [`Sender::fail`].
    NeedMaskKey,
    /// Ask the current fragmented message for its next bytes, then call
    /// [`Sender::fragment_read`], or [`Sender::fail`].
    NeedFragment,
    /// What [`Sender::fail`] announced: everything before it is out. Comes again until
    /// [`Sender::failure_reported`].
    Failed,
}

/// See the module's description.
pub struct Sender<S> {
    role: Role,
    write_enabled: bool,
    /// A Close was queued through `queue_close` or by the library (Q1).
    close_queued: bool,
    /// The library's own Close goes behind the data messages queued before it.
    close_after_queued: bool,
    /// It was queued there: it drops nothing and overtakes nothing.
    close_in_data: bool,
    close_sent: bool,
    /// A callback failed; said once all that is ready is out.
    failed: bool,
    /// The lane whose first frame a callback has just given its key or its bytes: that
    /// frame is begun, whatever the callback queued or disabled.
    prepared: Option<Which>,
    /// The frame in the data lane is one of the first fragmented message.
    fragment_in_lane: bool,
    /// The lane that is sent or masked.
    turn: Which,
    status_sent: u16,
    control: Lane,
    /// The automatic Pongs among the control frames that wait.
    waiting_pongs: WaitingPongs,
    /// What goes before the first fragmented message.
    data: Lane,
    /// Server frames behind those; there are none while other data waits behind those being
    /// sent.
    shown: Shown,
    fragmented: Buffer<Fragmented<S>>,
    queued_count: usize,
    queued_length: usize,
    /// How many bytes of data frames went out together last.
    last_run: u32,
}

/// So much memory is provided for data frames at least, in bytes, and at most beyond what
/// is queued.
const LEAST_PROVIDED: usize = 192;
const MAX_PROVIDED: usize = 56 * 1024;

impl<S> Sender<S> {
    /// With nothing queued.
    pub fn new(role: Role) -> Self {
        Self {
            role,
            write_enabled: true,
            close_queued: false,
            close_after_queued: false,
            close_in_data: false,
            close_sent: false,
            failed: false,
            prepared: None,
            fragment_in_lane: false,
            turn: Which::Data,
            status_sent: close::ABNORMAL_CLOSURE,
            control: Lane::default(),
            waiting_pongs: WaitingPongs::default(),
            data: Lane::default(),
            shown: Shown::default(),
            fragmented: Buffer::new(),
            queued_count: 0,
            queued_length: 0,
            last_run: 0,
        }
    }

    /// Whether writing is enabled.
    pub fn is_enabled(&self) -> bool {
        self.write_enabled
    }

    /// Disables writing for good.
    pub fn disable(&mut self) {
        self.write_enabled = false;
    }

    /// Whether a Close is out.
    pub fn close_sent(&self) -> bool {
        self.close_sent
    }

    /// The code of the Close that is out: 1005 if it had none, 1006 before.
    pub fn status_sent(&self) -> u16 {
        self.status_sent
    }

    /// Messages queued and not wholly out (Q6).
    pub fn queued_count(&self) -> usize {
        self.queued_count
    }

    /// Payload bytes of the non-fragmented ones among them (Q6).
    pub fn queued_length(&self) -> usize {
        self.queued_length
    }

    /// S9.
    pub fn wants_write(&self) -> bool {
        self.write_enabled && self.queued_count > 0
    }

    /// Whether nothing is queued; then no failure is to be reported either, since what it
    /// kept from being sent stays queued.
    pub fn is_idle(&self) -> bool {
        self.queued_count == 0
    }

    /// The next thing to do.
    pub fn next(&mut self) -> SendStep {
        if self.is_idle() {
            return SendStep::Idle;
        }
        if self.shown.has_frames() && self.queue_shown_frames().is_err() {
            return SendStep::NoMemory;
        }
        if self.only_data_waits() {
            let end = self.data.frames().len();
            return self.offer(Which::Data, end);
        }
        self.next_in_order()
    }

    /// A short way to the next batch; without one, [`Sender::next`] says what to do.
    // Its result's parts would be written one by one, and read back together too soon.
    #[inline(always)]
    pub fn next_ready(&mut self) -> Option<Batch> {
        if self.is_idle() || !self.only_data_waits() {
            return None;
        }
        let end = self.data.frames().len();
        self.ready_batch(Which::Data, end)
    }

    /// Whether messages of one frame are all that can go next.
    #[inline]
    fn only_data_waits(&mut self) -> bool {
        // A Close that goes behind the data is one of them.
        self.write_enabled && self.control.is_empty() && !self.data_frames().is_empty()
    }

    #[inline(never)]
    fn next_in_order(&mut self) -> SendStep {
        // Said also when the callback that failed disabled writing before.
        if self.failed && self.control.is_drained() && self.data.is_drained() {
            return SendStep::Failed;
        }
        if !self.write_enabled && self.prepared.is_none() {
            return SendStep::Idle;
        }
        // S2: a frame once begun is finished first.
        if self.data.is_in_mid_frame() || self.prepared == Some(Which::Data) {
            return self.offer_data();
        }
        let control_is_begun = self.control.is_in_mid_frame() || self.prepared == Some(Which::Control);
        if self.close_queued && !self.close_in_data && !control_is_begun {
            self.drop_what_waits_before_close();
        }
        if !self.control_frames().is_empty() {
            return self.offer_control();
        }
        if !self.data_frames().is_empty() {
            return self.offer_data();
        }
        if self.fragmented.is_empty() { SendStep::Idle } else { SendStep::NeedFragment }
    }

    /// The control frames being sent; the waiting ones take their place once they are out.
    fn control_frames(&mut self) -> &[u8] {
        if self.control.refill(self.role) {
            self.waiting_pongs = WaitingPongs::default();
        }
        self.control.frames()
    }

    fn data_frames(&mut self) -> &[u8] {
        self.data.refill(self.role);
        self.data.frames()
    }

    fn offer_data(&mut self) -> SendStep {
        let control_waits = !self.control_frames().is_empty();
        let frames = self.data_frames();
        let end = if control_waits {
            FrameInLane::at_start_of(frames).map_or(0, |frame| frame.length())
        } else {
            frames.len()
        };
        self.offer(Which::Data, end)
    }

    /// Control frames up to and including the first Close: nothing follows that (S6).
    fn offer_control(&mut self) -> SendStep {
        let frames_at_most = if self.close_queued { 1 } else { CONTROL_FRAMES_A_BATCH };
        let frames = self.control_frames();
        let mut end = 0;
        for _ in 0..frames_at_most {
            let rest = frames.get(end..).unwrap_or_default();
            let Some(frame) = FrameInLane::at_start_of(rest) else { break };
            end += frame.length();
            if frame.opcode == CLOSE {
                break;
            }
        }
        self.offer(Which::Control, end)
    }

    /// Sends the frames of a lane up to `end`, masking them first where need be.
    fn offer(&mut self, which: Which, end: usize) -> SendStep {
        match self.ready_batch(which, end) {
            Some(batch) => SendStep::Transmit(batch),
            None if self.failed => SendStep::Failed,
            None => SendStep::NeedMaskKey,
        }
    }

    /// The frames of a lane up to `end`, or as many as are masked, if that will do.
    #[inline]
    fn ready_batch(&mut self, which: Which, end: usize) -> Option<Batch> {
        self.turn = which;
        let lane = self.lane(which);
        let (sent, ready) = (lane.sent(), lane.ready());
        let enough_ready = ready >= end || ready.saturating_sub(sent) >= MASK_AHEAD;
        let no_more_keys = self.failed || !self.write_enabled;
        let is_ready = ready > sent && (enough_ready || no_more_keys);
        is_ready.then(|| Batch::new(self.lane(which).take(), sent..ready.min(end)))
    }

    fn lane(&mut self, which: Which) -> &mut Lane {
        match which {
            Which::Control => &mut self.control,
            Which::Data => &mut self.data,
        }
    }

    /// Answers [`SendStep::NeedMaskKey`].
    pub fn mask(&mut self, key: [u8; 4]) {
        let which = self.turn;
        self.lane(which).mask_next(key);
        self.prepared = Some(which);
    }

    /// Says that a callback failed. What is ready goes out first; then comes
    /// [`SendStep::Failed`].
    pub fn fail(&mut self) {
        self.failed = true;
    }

    /// Disables writing, after the program was told of a failure.
    pub fn failure_reported(&mut self) {
        self.write_enabled = false;
        self.failed = false;
        self.prepared = None;
    }

    /// Answers [`SendStep::Transmit`]: the first `count` bytes of `batch` are out;
    /// `refused` says that the program was offered more.
    #[inline]
    pub fn sent(&mut self, batch: Batch, count: usize, refused: bool) {
        let which = self.turn;
        if which == Which::Data && count == batch.len() && self.nothing_waits_but(&batch) {
            let length = batch.len() + header::PADDED_LENGTH;
            self.last_run = length.min(MAX_PROVIDED) as u32;
            self.all_is_out();
        } else {
            self.account_for_sent(batch, count, refused);
        }
    }

    #[inline(never)]
    fn account_for_sent(&mut self, batch: Batch, count: usize, refused: bool) {
        let which = self.turn;
        let held_back = self.prepared.take() == Some(which) && count == 0;
        self.lane(which).put_back(batch.into_frames(), count, refused || held_back);
        while let Some((frame, close_code)) = self.lane(which).pop_sent() {
            self.account_for(which, &frame);
            if frame.opcode == CLOSE {
                self.close_sent = true;
                self.status_sent = close_code;
                self.write_enabled = false;
                // Nothing follows a Close (S6), whatever is still counted.
                self.data = Lane::default();
                self.shown.forget_frames();
                self.fragmented.release();
            }
        }
        drop(self.lane(which).take_empty());
    }

    /// Whether messages of one frame, all of them in `batch`, are all that is queued.
    fn nothing_waits_but(&self, batch: &Batch) -> bool {
        batch.is_last_of_its_run()
            && !self.close_in_data
            && self.fragmented.is_empty()
            && self.data.waiting.is_empty()
            && !self.shown.has_frames()
            && self.control.is_empty()
    }

    fn all_is_out(&mut self) {
        self.prepared = None;
        self.queued_count = 0;
        self.queued_length = 0;
    }

    fn account_for(&mut self, which: Which, frame: &FrameInLane) {
        if which == Which::Data && self.fragment_in_lane {
            self.fragment_in_lane = false;
            if !frame.fin {
                let memory = self.data.take_empty();
                return self.fragment_stalled(memory);
            }
            if let Some(done) = self.fragmented.pop_front() {
                self.data.waiting = done.behind;
                if self.fragmented.is_empty() {
                    self.fragmented.release();
                }
            }
        } else {
            self.queued_length = self.queued_length.saturating_sub(frame.payload_length);
        }
        self.queued_count = self.queued_count.saturating_sub(1);
    }

    /// S3, D9.
    fn drop_what_waits_before_close(&mut self) {
        while let Some(frame) = FrameInLane::at_start_of(self.control_frames()) {
            if frame.opcode == CLOSE {
                return;
            }
            self.control.remove_first(&frame);
            self.account_for(Which::Control, &frame);
        }
    }
}
