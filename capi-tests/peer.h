/* A wslay_event_context with a scripted world around it: what it may read, what
   it may send, which keys it gets, and a log of the event callbacks. */
#ifndef CAPI_TESTS_PEER_H
#define CAPI_TESTS_PEER_H

#include "frames.h"
#include "harness.h"

enum role { SERVER, CLIENT };

enum place {
  IN_RECV,
  IN_SEND,
  IN_GENMASK,
  IN_START,
  IN_CHUNK,
  IN_END,
  IN_MESSAGE,
  IN_READ,
  PLACES
};

struct peer;
/* Runs inside a callback, after it has been logged. argument: the callback's
   (NULL in IN_RECV, IN_SEND, IN_GENMASK, IN_END, IN_READ). */
typedef void (*peer_hook)(struct peer *peer, const void *argument);

struct input_item;

/* One send callback that took bytes. */
struct send_call {
  size_t length;
  int flags;
};

struct peer {
  wslay_event_context_ptr ctx;
  enum role role;

  /* Input: see peer_input_*. At its end, the recv callback sets this error
     value (unless it is 0) and returns -1. */
  struct input_item *items;
  size_t item_count;
  size_t item_at;
  struct bytes input;
  int end_error;
  size_t recv_calls;
  size_t recv_refused; /* those of them that gave nothing */

  /* Output: at most per_call bytes a call and budget bytes in all; then the
     send callback sets refuse_error (unless it is 0) and returns refuse_result.
   */
  struct bytes output;
  size_t taken; /* how much of output peer_sent has described */
  size_t per_call;
  size_t budget;
  int refuse_error;
  ssize_t refuse_result;
  size_t over_claim;    /* above 0: claim that many bytes more than offered */
  int error_on_success; /* set as the error value by calls that take bytes */
  struct send_call *sends;
  size_t send_calls; /* refusals included */
  size_t send_count;

  /* Call number n (from 0) gets peer_key(n); from number genmask_fail_at on,
     genmask_result is returned instead. */
  size_t genmask_calls;
  size_t genmask_fail_at;
  int genmask_result;

  struct bytes log;
  struct bytes shown_log; /* what peer_events gave last */
  struct bytes chunk;     /* of the current frame, not yet in the log */
  size_t chunk_calls;     /* of the current frame */
  size_t messages;
  struct bytes sent_text;

  peer_hook hooks[PLACES];
  void *hook_data;
  const char *complaint; /* the first failed PEER_CHECK */
};

void peer_init(struct peer *peer, enum role role);
/* With some of the callbacks replaced; those of peer_callbacks are the usual.
 */
void peer_init_with(struct peer *peer, enum role role,
                    const struct wslay_event_callbacks *callbacks);
extern const struct wslay_event_callbacks peer_callbacks;
/* Frees the context and fails the test if a PEER_CHECK failed. */
void peer_free(struct peer *peer);

/* For hooks and callbacks: noted, and reported by peer_free. */
#define PEER_CHECK(peer, condition)                                            \
  ((condition) ? (void)0 : peer_complain(peer, #condition))
void peer_complain(struct peer *peer, const char *condition);

/* Input. A run is what one recv callback hands out at most (if fewer are asked
   for, the next call goes on with it). */
void peer_input(struct peer *peer, const void *data, size_t length);
/* In runs of at most step bytes. */
void peer_input_cut(struct peer *peer, const void *data, size_t length,
                    size_t step);
/* A recv callback that returns result, after setting the error value to error
   unless that is 0. Nothing is written. */
void peer_input_result(struct peer *peer, ssize_t result, int error);
/* A recv callback that fills what it was offered and claims more bytes. */
void peer_input_over_claim(struct peer *peer, size_t more);
/* A frame as the other side would send it: masked for a server. */
void peer_input_frame(struct peer *peer, int first_byte, const void *data,
                      size_t length);
void peer_input_text(struct peer *peer, int first_byte, const char *text);
void peer_input_close(struct peer *peer, int code, const char *reason);

/* wslay_event_recv until the input is used up or reading is disabled; the first
   result that is not 0, or 0. (C wslay returns after a short read inside a
   frame header.) */
int peer_recv_all(struct peer *peer);

/* peer_input and wslay_event_recv, which must return 0. */
void peer_feed(struct peer *peer, const void *data, size_t length);
void peer_feed_bytewise(struct peer *peer, const void *data, size_t length);
void peer_feed_text(struct peer *peer, int first_byte, const char *text);

/* What the event callbacks got so far, a line each, and empties the log:
     start text+/4 5      opcode, "+": not final, "/4": RSV bits, payload length
     chunk "Hello"        all chunks of a frame together
     end
     msg text/4 "Hello"   or: msg close "..." 1000, msg text NULL 0
   The text is valid until the next peer_events. */
const char *peer_events(struct peer *peer);
/* A line of the test's own in that log. */
void peer_note(struct peer *peer, const char *line);
/* What was sent since the last call, a line a frame:
     text+/4 "Hello"
     close 1000 "reason"  or: close
   Cut-off frames and wrong mask bits show up as such. */
const char *peer_sent(struct peer *peer);
/* wslay_event_send until nothing waits or nothing moves; each must return 0.
   Then peer_sent. */
const char *peer_flush(struct peer *peer);

#define assert_events(peer, expected)                                          \
  assert_string_equal(peer_events(peer), expected)
#define assert_flushed(peer, expected)                                         \
  assert_string_equal(peer_flush(peer), expected)
#define assert_sent(peer, expected)                                            \
  assert_string_equal(peer_sent(peer), expected)
/* The connection failed with that code: reading is off, writing is not, and the
   Close is what goes out. */
void assert_failed_with(struct peer *peer, int code);

void peer_key(size_t number, uint8_t key[4]);

/* A source for fragmented messages: each piece is one read callback's answer (a
   piece longer than asked for is handed out in parts). */
struct piece {
  const char *text; /* or NULL */
  ssize_t result;   /* returned when text is NULL */
  int eof;
};

struct pieces {
  struct peer *peer;
  const struct piece *at;
  size_t left; /* pieces; at the end: 0 bytes without eof */
  size_t offset;
  size_t calls;
  size_t longest_asked;
};

int peer_queue_pieces(struct peer *peer, int opcode, int rsv,
                      struct pieces *pieces);
ssize_t peer_read_pieces(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                         const union wslay_event_msg_source *source, int *eof,
                         void *user_data);

int peer_queue(struct peer *peer, int opcode, const char *text);

#endif
