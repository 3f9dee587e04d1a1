/*
 * wslay.h: WebSocket (RFC 6455) framing and messages, for C.
 *
 * The event API (wslay_event_*) queues, sends, receives and reports whole messages
 * over any transport that the program brings. The frame API (wslay_frame_*) below it
 * handles single frames. A letter and number in parentheses names the rule of
 * the library's contract that the tests of a function cite.
 *
 * Generated from the Rust sources: change those and run `make headers`.
 */

#ifndef WSLAY_H
#define WSLAY_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

#ifndef WSLAY_VERSION
#include <wslay/wslayver.h>
#endif

#ifdef _MSC_VER
#include <basetsd.h>
typedef SSIZE_T ssize_t;
#endif

/** Not 0 if an opcode is one of a control frame. */
#define wslay_is_ctrl_frame(opcode) (((opcode) >> 3) & 1)

/** No reserved bit. */
#define WSLAY_RSV_NONE ((uint8_t)0)
/** The first reserved bit, used by compression. */
#define WSLAY_RSV1_BIT ((uint8_t)(1 << 2))
/** The second reserved bit. */
#define WSLAY_RSV2_BIT ((uint8_t)(1 << 1))
/** The third reserved bit. */
#define WSLAY_RSV3_BIT ((uint8_t)(1 << 0))

/** 1 if the first reserved bit is set, else 0. */
#define wslay_get_rsv1(rsv) (((rsv) >> 2) & 1)
/** 1 if the second reserved bit is set, else 0. */
#define wslay_get_rsv2(rsv) (((rsv) >> 1) & 1)
/** 1 if the third reserved bit is set, else 0. */
#define wslay_get_rsv3(rsv) ((rsv) & 1)


/**
 * Error codes. Functions that return `int` or `ssize_t` give one of these on
 * failure.
 */
enum wslay_error {
  /**
   * The frame API needs bytes that the recv callback did not give: call again
   * when there are more.
   */
  WSLAY_ERR_WANT_READ = -100,
  /**
   * The frame API has bytes that the send callback did not take: call again when
   * it can.
   */
  WSLAY_ERR_WANT_WRITE = -101,
  /**
   * The peer sent a malformed frame header.
   */
  WSLAY_ERR_PROTO = -200,
  /**
   * An argument is not acceptable.
   */
  WSLAY_ERR_INVALID_ARGUMENT = -300,
  /**
   * A callback of the frame API broke its contract.
   */
  WSLAY_ERR_INVALID_CALLBACK = -301,
  /**
   * A Close is queued or sent, or writing is disabled: no message can be queued.
   */
  WSLAY_ERR_NO_MORE_MSG = -302,
  /**
   * A callback of the event API failed, or a callback that is needed is NULL, or the
   * peer of an event context sent a malformed frame header.
   */
  WSLAY_ERR_CALLBACK_FAILURE = -400,
  /**
   * Set by a callback through wslay_event_set_error(): nothing could be moved
   * now, try later.
   */
  WSLAY_ERR_WOULDBLOCK = -401,
  /**
   * Memory could not be had.
   */
  WSLAY_ERR_NOMEM = -500,
};

/**
 * Close codes (RFC 6455 section 7.4.1).
 */
enum wslay_status_code {
  /**
   * The purpose of the connection is fulfilled.
   */
  WSLAY_CODE_NORMAL_CLOSURE = 1000,
  /**
   * The endpoint goes away: a server shuts down, a page is left.
   */
  WSLAY_CODE_GOING_AWAY = 1001,
  /**
   * The peer broke the protocol.
   */
  WSLAY_CODE_PROTOCOL_ERROR = 1002,
  /**
   * The endpoint cannot take this type of data.
   */
  WSLAY_CODE_UNSUPPORTED_DATA = 1003,
  /**
   * Stands for a Close without a code. Never sent.
   */
  WSLAY_CODE_NO_STATUS_RCVD = 1005,
  /**
   * Stands for a connection without a Close. Never sent.
   */
  WSLAY_CODE_ABNORMAL_CLOSURE = 1006,
  /**
   * The payload does not fit the message's type: a text was not UTF-8.
   */
  WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA = 1007,
  /**
   * The message goes against a policy of the endpoint.
   */
  WSLAY_CODE_POLICY_VIOLATION = 1008,
  /**
   * The message is too big for the endpoint.
   */
  WSLAY_CODE_MESSAGE_TOO_BIG = 1009,
  /**
   * The client needs an extension that the server did not agree to.
   */
  WSLAY_CODE_MANDATORY_EXT = 1010,
  /**
   * The server met a condition that it cannot handle.
   */
  WSLAY_CODE_INTERNAL_SERVER_ERROR = 1011,
  /**
   * Stands for a failed TLS handshake. Never sent.
   */
  WSLAY_CODE_TLS_HANDSHAKE = 1015,
};

/**
 * Flags handed to send callbacks.
 */
enum wslay_io_flags {
  /**
   * The bytes are a frame's header whose payload follows.
   */
  WSLAY_MSG_MORE = 1,
};

/**
 * Frame opcodes (RFC 6455 section 5.2).
 */
enum wslay_opcode {
  /**
   * A further fragment of the message under way.
   */
  WSLAY_CONTINUATION_FRAME = 0,
  /**
   * A text message, in UTF-8.
   */
  WSLAY_TEXT_FRAME = 1,
  /**
   * A binary message.
   */
  WSLAY_BINARY_FRAME = 2,
  /**
   * The closing handshake.
   */
  WSLAY_CONNECTION_CLOSE = 8,
  /**
   * Asks the peer for a Pong.
   */
  WSLAY_PING = 9,
  /**
   * Answers a Ping.
   */
  WSLAY_PONG = 10,
};

/**
 * The state of the event API; opaque.
 */
struct wslay_event_context;

/**
 * The state of the frame API; opaque.
 */
struct wslay_frame_context;

/**
 * An event context, from its init function to wslay_event_context_free().
 */
typedef struct wslay_event_context *wslay_event_context_ptr;

/**
 * Receives bytes for wslay_event_recv().
 *
 * Stores at most `len` bytes (at least 1) into `buf`, which is valid during the
 * call. `flags` is 0. Returns how many were stored. When there are none now, it sets
 * `WSLAY_ERR_WOULDBLOCK` with wslay_event_set_error() and returns -1. On end of input
 * or an error it sets `WSLAY_ERR_CALLBACK_FAILURE` and returns -1. A result of 0 is
 * the same as -1: the error value says what it means, so do not hand on the 0 that
 * recv() gives at the end of input. A result above `len` counts as a failure.
 * (R1, R2, D5)
 */
typedef ssize_t (*wslay_event_recv_callback)(wslay_event_context_ptr ctx,
                                             uint8_t *buf,
                                             size_t len,
                                             int flags,
                                             void *user_data);

/**
 * Sends bytes for wslay_event_send().
 *
 * `data` points to `len` bytes (at least 1), valid during the call; they may be any
 * number of frames. `flags` is 0 or a combination of `enum wslay_io_flags`. Returns
 * how many bytes were taken. When none can be now, it sets `WSLAY_ERR_WOULDBLOCK`
 * with wslay_event_set_error() and returns -1; on an error it sets
 * `WSLAY_ERR_CALLBACK_FAILURE` and returns -1. A result of 0 is the same as -1. What
 * the callback queues or disables takes effect behind the bytes that it was offered,
 * as far as it takes them. (S4, S10, S11)
 */
typedef ssize_t (*wslay_event_send_callback)(wslay_event_context_ptr ctx,
                                             const uint8_t *data,
                                             size_t len,
                                             int flags,
                                             void *user_data);

/**
 * Makes a mask key for a client's frame.
 *
 * Stores `len` (4) unpredictable bytes into `buf`. Returns 0, or anything else on
 * failure, which disables writing. Where no such callback is given, keys come from
 * the operating system's random source. (S4, S7, D12)
 */
typedef int (*wslay_event_genmask_callback)(wslay_event_context_ptr ctx,
                                            uint8_t *buf,
                                            size_t len,
                                            void *user_data);

/**
 * The start of a received frame. (R4)
 */
struct wslay_event_on_frame_recv_start_arg {
  /**
   * 1 in the last frame of a message, else 0.
   */
  uint8_t fin;
  /**
   * RSV bits.
   */
  uint8_t rsv;
  /**
   * Opcode.
   */
  uint8_t opcode;
  /**
   * Length of the payload in bytes.
   */
  uint64_t payload_length;
};

/**
 * Called when a frame begins: its header and its first payload byte, if it has
 * one, are there. `arg` is valid during the call. (R4)
 */
typedef void (*wslay_event_on_frame_recv_start_callback)(wslay_event_context_ptr ctx,
                                                         const struct wslay_event_on_frame_recv_start_arg *arg,
                                                         void *user_data);

/**
 * A piece of a received frame's payload. (R4)
 */
struct wslay_event_on_frame_recv_chunk_arg {
  /**
   * The bytes, unmasked; valid during the callback.
   */
  const uint8_t *data;
  /**
   * Bytes at `data`; 0 for a frame without payload.
   */
  size_t data_length;
};

/**
 * Called for each piece of a frame's payload, in order, and once for a frame
 * without payload. How a payload is cut depends on what the recv callback gave.
 * `arg` and what it points to are valid during the call. (R4)
 */
typedef void (*wslay_event_on_frame_recv_chunk_callback)(wslay_event_context_ptr ctx,
                                                         const struct wslay_event_on_frame_recv_chunk_arg *arg,
                                                         void *user_data);

/**
 * Called when a frame has been received to its end. (R4)
 */
typedef void (*wslay_event_on_frame_recv_end_callback)(wslay_event_context_ptr ctx,
                                                       void *user_data);

/**
 * A received message. (R7)
 */
struct wslay_event_on_msg_recv_arg {
  /**
   * RSV bits of the first frame.
   */
  uint8_t rsv;
  /**
   * Opcode of the first frame.
   */
  uint8_t opcode;
  /**
   * The message, valid during the callback. NULL if it is empty, and with
   * wslay_event_config_set_no_buffering() for text and binary messages.
   */
  const uint8_t *msg;
  /**
   * Bytes at `msg`.
   */
  size_t msg_length;
  /**
   * The code in a Close, 0 if it has none or the message is no Close.
   */
  uint16_t status_code;
};

/**
 * Called when a message has been received.
 *
 * `arg` and what it points to are valid during the call. Any function but
 * wslay_event_recv() may be called on `ctx`; freeing it takes effect when the
 * outermost call on it returns. (R7, C1, C2)
 */
typedef void (*wslay_event_on_msg_recv_callback)(wslay_event_context_ptr ctx,
                                                 const struct wslay_event_on_msg_recv_arg *arg,
                                                 void *user_data);

/**
 * The callbacks of an event context. Those for received frames and messages and
 * for mask keys may be NULL. A NULL recv or send callback makes the calls that
 * need it fail with `WSLAY_ERR_CALLBACK_FAILURE`. (D12, D13)
 */
struct wslay_event_callbacks {
  /**
   * Needed by wslay_event_recv().
   */
  wslay_event_recv_callback recv_callback;
  /**
   * Needed by wslay_event_send().
   */
  wslay_event_send_callback send_callback;
  /**
   * Needed by clients; may be NULL.
   */
  wslay_event_genmask_callback genmask_callback;
  /**
   * May be NULL.
   */
  wslay_event_on_frame_recv_start_callback on_frame_recv_start_callback;
  /**
   * May be NULL.
   */
  wslay_event_on_frame_recv_chunk_callback on_frame_recv_chunk_callback;
  /**
   * May be NULL.
   */
  wslay_event_on_frame_recv_end_callback on_frame_recv_end_callback;
  /**
   * May be NULL.
   */
  wslay_event_on_msg_recv_callback on_msg_recv_callback;
};

/**
 * A message to queue.
 */
struct wslay_event_msg {
  /**
   * Opcode: `enum wslay_opcode`.
   */
  uint8_t opcode;
  /**
   * The payload, copied when queued. May be NULL if `msg_length` is 0.
   */
  const uint8_t *msg;
  /**
   * Bytes at `msg`; at most 125 in a control message.
   */
  size_t msg_length;
};

/**
 * Where a fragmented message comes from: whatever the program wants to find in
 * its callback.
 */
union wslay_event_msg_source {
  /**
   * A file descriptor.
   */
  int fd;
  /**
   * A pointer; the library never follows it.
   */
  void *data;
};

/**
 * Gives the next bytes of a fragmented message.
 *
 * Stores at most `len` bytes into `buf`, which is valid during the call. `source`
 * points to the library's copy of the source given when the message was queued: the
 * same address for the whole message. Sets `*eof`, 0 on entry, to not 0 when the
 * message ends with these bytes. Returns how many bytes were stored; 0 without
 * `*eof` when there are none now; less than 0 on an error, which disables writing, as
 * does a result above `len`: the call that sends then gives
 * `WSLAY_ERR_CALLBACK_FAILURE`. (S5, D5)
 */
typedef ssize_t (*wslay_event_fragmented_msg_callback)(wslay_event_context_ptr ctx,
                                                       uint8_t *buf,
                                                       size_t len,
                                                       const union wslay_event_msg_source *source,
                                                       int *eof,
                                                       void *user_data);

/**
 * A message to queue whose payload a callback gives piece by piece, each of which
 * goes out as a frame.
 */
struct wslay_event_fragmented_msg {
  /**
   * Opcode, not of a control message.
   */
  uint8_t opcode;
  /**
   * Copied when queued.
   */
  union wslay_event_msg_source source;
  /**
   * Must not be NULL.
   */
  wslay_event_fragmented_msg_callback read_callback;
};

/**
 * A frame context, from wslay_frame_context_init() to wslay_frame_context_free().
 */
typedef struct wslay_frame_context *wslay_frame_context_ptr;

/**
 * Sends bytes for the frame API.
 *
 * `data` points to `len` bytes, valid during the call. `flags` is 0 or a
 * combination of `enum wslay_io_flags`. `user_data` is the pointer given to
 * wslay_frame_context_init(). Returns how many bytes were taken, at most `len`; 0
 * or less when none could be. (F2)
 */
typedef ssize_t (*wslay_frame_send_callback)(const uint8_t *data,
                                             size_t len,
                                             int flags,
                                             void *user_data);

/**
 * Receives bytes for the frame API.
 *
 * Stores at most `len` bytes (at least 1) into `buf`, which is valid during the
 * call. `flags` is 0. Returns how many were stored; 0 or less when there are none. A
 * result above `len` makes the call fail with `WSLAY_ERR_INVALID_CALLBACK`. (F2, D5)
 */
typedef ssize_t (*wslay_frame_recv_callback)(uint8_t *buf,
                                             size_t len,
                                             int flags,
                                             void *user_data);

/**
 * Makes a mask key for the frame API.
 *
 * Stores `len` (4) unpredictable bytes into `buf`. Returns 0, or anything else on
 * failure. Where no such callback is given, keys come from the operating system's
 * random source. (F3, D12)
 */
typedef int (*wslay_frame_genmask_callback)(uint8_t *buf,
                                            size_t len,
                                            void *user_data);

/**
 * The callbacks of a frame context. A NULL send or recv callback makes the calls
 * that need it fail with `WSLAY_ERR_CALLBACK_FAILURE`. (D13)
 */
struct wslay_frame_callbacks {
  /**
   * Needed by wslay_frame_send().
   */
  wslay_frame_send_callback send_callback;
  /**
   * Needed by wslay_frame_recv().
   */
  wslay_frame_recv_callback recv_callback;
  /**
   * Needed to send masked frames; may be NULL.
   */
  wslay_frame_genmask_callback genmask_callback;
};

/**
 * A frame, or a piece of one.
 */
struct wslay_frame_iocb {
  /**
   * 1 in the last frame of a message, else 0.
   */
  uint8_t fin;
  /**
   * RSV bits: `WSLAY_RSV1_BIT` and so on.
   */
  uint8_t rsv;
  /**
   * Opcode, 0 to 15: `enum wslay_opcode`.
   */
  uint8_t opcode;
  /**
   * Length of the whole payload in bytes, 0 to 2^63 - 1.
   */
  uint64_t payload_length;
  /**
   * Not 0 if the payload is masked.
   */
  uint8_t mask;
  /**
   * A piece of the payload. When sending, memory of the caller, read during the
   * call; when receiving, memory of the context, valid until the next call on it.
   */
  const uint8_t *data;
  /**
   * Bytes at `data`.
   */
  size_t data_length;
};

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Makes a context for the server's end of a connection, whose opening handshake is
 * done.
 *
 * `ctx` points to where the new context is stored (NULL on failure); free it with
 * wslay_event_context_free(). The callbacks are copied. `user_data` is handed to them
 * and never followed. One context is used by one thread at a time; different contexts
 * are independent.
 *
 * Returns 0, `WSLAY_ERR_NOMEM`, or `WSLAY_ERR_INVALID_ARGUMENT` if a pointer other
 * than `user_data` is NULL. (E1, C3)
 */
int wslay_event_context_server_init(wslay_event_context_ptr *ctx,
                                    const struct wslay_event_callbacks *callbacks,
                                    void *user_data);

/**
 * Makes a context for the client's end of a connection, which masks what it sends.
 * Otherwise as wslay_event_context_server_init(). (E1)
 */
int wslay_event_context_client_init(wslay_event_context_ptr *ctx,
                                    const struct wslay_event_callbacks *callbacks,
                                    void *user_data);

/**
 * Frees a context and what is queued in it; does nothing for NULL.
 *
 * Inside a callback the free takes effect when the outermost call on the context
 * returns, which then runs no further callback. (E1, C2)
 */
void wslay_event_context_free(wslay_event_context_ptr ctx);

/**
 * Allows RSV bits in both directions.
 *
 * `rsv` is `WSLAY_RSV1_BIT` or `WSLAY_RSV_NONE`, the default; other bits are ignored,
 * since RSV2 and RSV3 can never be allowed. May be called inside callbacks. (E2)
 */
void wslay_event_config_set_allowed_rsv_bits(wslay_event_context_ptr ctx,
                                             uint8_t rsv);

/**
 * Switches the buffering of text and binary messages off (`val` not 0) or on (0, the
 * default).
 *
 * Without it the program takes the payload from its chunk callback, and the message
 * callback gets none; control frames are buffered always. May be called inside
 * callbacks. (R5, R6)
 */
void wslay_event_config_set_no_buffering(wslay_event_context_ptr ctx,
                                         int val);

/**
 * Sets the largest message that is accepted, in bytes; by default 2^31 - 1.
 *
 * A larger one is answered with a Close of code 1009. A control frame is judged by
 * the same limit, alone. Without buffering the limit holds for each frame. May be called inside callbacks; it applies from the next
 * frame on. (R3)
 */
void wslay_event_config_set_max_recv_msg_length(wslay_event_context_ptr ctx,
                                                uint64_t val);

/**
 * Replaces the callbacks, which are copied; NULL changes nothing. May be called inside
 * callbacks: the next one to run is then one of the new. (C1)
 */
void wslay_event_config_set_callbacks(wslay_event_context_ptr ctx,
                                      const struct wslay_event_callbacks *callbacks);

/**
 * Reads through the recv callback until that gives nothing, and reports what is
 * complete through the other callbacks. Answers Pings and Closes by queueing.
 *
 * Returns 0, also when reading is disabled or the peer broke the protocol, which
 * queues a Close and disables reading. Otherwise reading is disabled as well, and the
 * result is `WSLAY_ERR_CALLBACK_FAILURE` if the recv callback failed or the peer sent a
 * malformed header (a Close is queued: send it, if the connection allows it), or
 * `WSLAY_ERR_NOMEM`; or `WSLAY_ERR_INVALID_ARGUMENT` for NULL. Inside itself it does
 * nothing and returns 0. (R1 to R11, C2)
 */
int wslay_event_recv(wslay_event_context_ptr ctx);

/**
 * Sends what is queued through the send callback, until nothing waits or the callback
 * takes no more.
 *
 * Returns 0, also when writing is disabled. A failing send, genmask or fragment
 * callback disables writing, and the result is `WSLAY_ERR_CALLBACK_FAILURE`;
 * `WSLAY_ERR_NOMEM` leaves it enabled; `WSLAY_ERR_INVALID_ARGUMENT` for NULL. May be
 * called inside receive callbacks. Inside itself or wslay_event_write() it does nothing
 * and returns 0. (S1 to S7, C1, C2)
 */
int wslay_event_send(wslay_event_context_ptr ctx);

/**
 * Puts into `buf` what wslay_event_send() would send, until it is full or nothing
 * waits; calls no send callback.
 *
 * `buf` points to `buflen` bytes. A frame whose header does not fit is left for the
 * next call.
 *
 * Returns how many bytes were written, or the errors of wslay_event_send(). An error
 * after bytes were written is returned by the next call, so that none are lost. May be
 * called inside receive callbacks. Inside itself or wslay_event_send() it does nothing
 * and returns 0. (S8, D8, D10)
 */
ssize_t wslay_event_write(wslay_event_context_ptr ctx,
                          uint8_t *buf,
                          size_t buflen);

/**
 * Sets the context's error value, by which a recv or send callback that moved nothing
 * says why: `WSLAY_ERR_WOULDBLOCK` (or 0) to be asked again later, anything else for a
 * failure. The value stays until it is set anew, but is 0 when the message callback
 * runs. May be called inside callbacks. (E3)
 */
void wslay_event_set_error(wslay_event_context_ptr ctx,
                           int val);

/**
 * Disables reading for good. May be called inside callbacks: what is being reported
 * is finished. (R11)
 */
void wslay_event_shutdown_read(wslay_event_context_ptr ctx);

/**
 * Disables writing for good. May be called inside callbacks. (Q1, S1)
 */
void wslay_event_shutdown_write(wslay_event_context_ptr ctx);

/**
 * Queues a message of one frame without RSV bits: wslay_event_queue_msg_ex() with
 * `WSLAY_RSV_NONE`. (Q1 to Q4, Q7)
 */
int wslay_event_queue_msg(wslay_event_context_ptr ctx,
                          const struct wslay_event_msg *arg);

/**
 * Queues a message of one frame.
 *
 * The payload is copied. `rsv` is 0 or RSV bits that are allowed, none for a control
 * message. Control messages go out before data messages that wait.
 *
 * Returns 0, or
 * - `WSLAY_ERR_NO_MORE_MSG` if writing is disabled or a Close was queued by
 *   wslay_event_queue_close() or by the library;
 * - `WSLAY_ERR_INVALID_ARGUMENT` if a control message is longer than 125 bytes, for an
 *   RSV bit that may not be set, or if a pointer is NULL where there is a length;
 * - `WSLAY_ERR_NOMEM`, and nothing is queued.
 *
 * May be called inside callbacks. (Q1 to Q4, Q7)
 */
int wslay_event_queue_msg_ex(wslay_event_context_ptr ctx,
                             const struct wslay_event_msg *arg,
                             uint8_t rsv);

/**
 * Queues a message whose payload a callback gives piece by piece, without RSV bits:
 * wslay_event_queue_fragmented_msg_ex() with `WSLAY_RSV_NONE`. (Q1, Q2, S5)
 */
int wslay_event_queue_fragmented_msg(wslay_event_context_ptr ctx,
                                     const struct wslay_event_fragmented_msg *arg);

/**
 * Queues a message whose payload a callback gives piece by piece.
 *
 * `arg` is copied with the source in it. The callback is asked, when the message's
 * turn has come, for at most 4096 bytes a frame.
 *
 * Returns 0, `WSLAY_ERR_NO_MORE_MSG` as for wslay_event_queue_msg_ex(),
 * `WSLAY_ERR_INVALID_ARGUMENT` for a control opcode, an RSV bit that is not allowed, or
 * a NULL pointer or callback, or `WSLAY_ERR_NOMEM`. May be called inside callbacks.
 * (Q1, Q2, S5)
 */
int wslay_event_queue_fragmented_msg_ex(wslay_event_context_ptr ctx,
                                        const struct wslay_event_fragmented_msg *arg,
                                        uint8_t rsv);

/**
 * Queues a Close; after that no message can be queued, and those that wait are not
 * sent.
 *
 * `status_code` 0 queues an empty Close; other codes go out as given, followed by the
 * `reason_length` bytes (0 to 123, UTF-8) at `reason`, which are copied.
 *
 * Returns 0, `WSLAY_ERR_NO_MORE_MSG` as for wslay_event_queue_msg_ex(),
 * `WSLAY_ERR_INVALID_ARGUMENT` for a longer reason or a NULL pointer where there is a
 * length, or `WSLAY_ERR_NOMEM`. May be called inside callbacks. (Q1, Q2, Q5, S3)
 */
int wslay_event_queue_close(wslay_event_context_ptr ctx,
                            uint16_t status_code,
                            const uint8_t *reason,
                            size_t reason_length);

/**
 * 1 if wslay_event_recv() has something to do once there is input: reading is enabled.
 * 0 otherwise, and for NULL. May be called inside callbacks. (S9)
 */
int wslay_event_want_read(wslay_event_context_ptr ctx);

/**
 * 1 if wslay_event_send() has something to do: writing is enabled and a message waits,
 * be it a fragmented one that has no data now. 0 otherwise, and for NULL. May be called
 * inside callbacks. (S9)
 */
int wslay_event_want_write(wslay_event_context_ptr ctx);

/**
 * 1 if reading is enabled, else 0; 0 for NULL. May be called inside callbacks. (E1)
 */
int wslay_event_get_read_enabled(wslay_event_context_ptr ctx);

/**
 * 1 if writing is enabled, else 0; 0 for NULL. May be called inside callbacks. (E1)
 */
int wslay_event_get_write_enabled(wslay_event_context_ptr ctx);

/**
 * 1 if a Close was received, else 0; 0 for NULL. May be called inside callbacks. (R8)
 */
int wslay_event_get_close_received(wslay_event_context_ptr ctx);

/**
 * 1 if a Close is wholly sent, else 0; 0 for NULL. May be called inside callbacks. (S6)
 */
int wslay_event_get_close_sent(wslay_event_context_ptr ctx);

/**
 * The code of the Close that was received: 1005 if it had none, 1006 before one comes;
 * 0 for NULL. May be called inside callbacks. (E1, R8)
 */
uint16_t wslay_event_get_status_code_received(wslay_event_context_ptr ctx);

/**
 * The code of the Close that was sent: 1005 if it had none, 1006 before one is out; 0
 * for NULL. May be called inside callbacks. (E1, S6)
 */
uint16_t wslay_event_get_status_code_sent(wslay_event_context_ptr ctx);

/**
 * How many messages are queued and not wholly sent; 0 for NULL. May be called inside
 * callbacks. (Q6)
 */
size_t wslay_event_get_queued_msg_count(wslay_event_context_ptr ctx);

/**
 * How many payload bytes the queued messages have together, fragmented ones counting
 * nothing; 0 for NULL. May be called inside callbacks. (Q6)
 */
size_t wslay_event_get_queued_msg_length(wslay_event_context_ptr ctx);

/**
 * Makes a context for the frame API.
 *
 * `ctx` points to where the new context is stored (NULL on failure); free it with
 * wslay_frame_context_free(). The callbacks are copied. `user_data` is handed to them
 * and never followed.
 *
 * Returns 0, `WSLAY_ERR_NOMEM`, or `WSLAY_ERR_INVALID_ARGUMENT` if a pointer other
 * than `user_data` is NULL. (F1)
 */
int wslay_frame_context_init(wslay_frame_context_ptr *ctx,
                             const struct wslay_frame_callbacks *callbacks,
                             void *user_data);

/**
 * Frees a context; does nothing for NULL.
 *
 * Inside one of the context's callbacks the free takes effect when the call that runs
 * the callback returns. (F1, C2)
 */
void wslay_frame_context_free(wslay_frame_context_ptr ctx);

/**
 * Sends a frame, or the next piece of one.
 *
 * At a frame's start `fin`, `rsv`, `opcode`, `payload_length` and `mask` of `iocb` say
 * what it is; `data` and `data_length` are the payload bytes at hand, of which there
 * may be none. Move them on by the result and call again until `payload_length` bytes
 * are out: that ends the frame.
 *
 * Returns how many payload bytes were sent, or
 * - `WSLAY_ERR_WANT_WRITE` if the send callback took less than the header, or nothing
 *   of the payload: call again with the same piece;
 * - `WSLAY_ERR_INVALID_ARGUMENT` if `data_length` is above `payload_length` or above
 *   what is left of it, if `payload_length` is above 2^63 - 1 or, in a control frame,
 *   above 125, or if a pointer is NULL;
 * - `WSLAY_ERR_INVALID_CALLBACK` if the send callback claims more bytes than it was
 *   given, or the genmask callback fails;
 * - `WSLAY_ERR_CALLBACK_FAILURE` if there is no send callback.
 *
 * Inside the context's own send callback it does nothing and returns
 * `WSLAY_ERR_WANT_WRITE`. (F2, F3, D7)
 */
ssize_t wslay_frame_send(wslay_frame_context_ptr ctx,
                         struct wslay_frame_iocb *iocb);

/**
 * Puts into `buf` what wslay_frame_send() would send; calls no send callback.
 *
 * `buf` points to `buflen` bytes. `pwpayloadlen` points to where the number of payload
 * bytes written is stored. The two functions may be mixed, also within a frame.
 *
 * Returns how many bytes of header and payload were written: 0 if the header does not
 * fit, and then no frame has begun. Errors are `WSLAY_ERR_INVALID_ARGUMENT` and, from
 * the genmask callback, `WSLAY_ERR_INVALID_CALLBACK`, as for wslay_frame_send(). (F4, D8)
 */
ssize_t wslay_frame_write(wslay_frame_context_ptr ctx,
                          struct wslay_frame_iocb *iocb,
                          uint8_t *buf,
                          size_t buflen,
                          size_t *pwpayloadlen);

/**
 * Receives a frame, or the next piece of one.
 *
 * Each stage of a frame (two bytes, extended length, mask key, payload) that lacks
 * bytes asks the recv callback once. With payload at hand, or for a frame without any,
 * all fields of `iocb` are filled in: `data` and `data_length` are the payload bytes
 * at hand, unmasked, which belong to the context and are valid until the next call on
 * it; the frame ends when `payload_length` bytes have come.
 *
 * Returns `data_length`, or, leaving `iocb` as it was,
 * - `WSLAY_ERR_WANT_READ` if the stage still lacks bytes: call again;
 * - `WSLAY_ERR_PROTO` if the header is malformed, after which the connection cannot be
 *   read on;
 * - `WSLAY_ERR_INVALID_CALLBACK` if the recv callback claims more bytes than it was
 *   asked for;
 * - `WSLAY_ERR_CALLBACK_FAILURE` if there is no recv callback;
 * - `WSLAY_ERR_INVALID_ARGUMENT` if a pointer is NULL.
 *
 * RSV bits, opcodes and missing masks are not judged. Inside the context's own recv
 * callback it does nothing and returns `WSLAY_ERR_WANT_READ`. (F2, F5, F6)
 */
ssize_t wslay_frame_recv(wslay_frame_context_ptr ctx,
                         struct wslay_frame_iocb *iocb);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* WSLAY_H */
