/* A scripted peer around a frame context: what the send callback takes, what
 * the recv callback gives, and an independent encoder for expected bytes. */
#ifndef CAPI_TESTS_FRAME_HARNESS_H
#define CAPI_TESTS_FRAME_HARNESS_H

#include "harness.h"

/* Steps of a script. A positive step moves at most that many bytes; when the
 * script is used up, everything is taken, and all the input is given. */
enum {
  STEP_ZERO = 0,
  STEP_FAIL = -1,
  STEP_CLAIM_ONE_MORE = -2, /* than was offered */
  STEP_CLAIM_MOST = -3      /* the largest ssize_t */
};

enum { FRAME_PEER_CAPACITY = 80000 };

struct frame_peer {
  wslay_frame_context_ptr context;

  const int *send_steps;
  size_t send_step_count;
  size_t send_calls;
  uint8_t sent[FRAME_PEER_CAPACITY];
  uint8_t sent_flags[FRAME_PEER_CAPACITY]; /* of the call that took the byte */
  size_t sent_length;

  const int *recv_steps;
  size_t recv_step_count;
  size_t recv_calls;
  uint8_t input[FRAME_PEER_CAPACITY];
  size_t input_length;
  size_t input_position;

  size_t genmask_calls;
  size_t genmask_length; /* of the last call */
  int genmask_result;

  const char *complaint; /* what a callback was wrongly called with */
};

/* A peer whose three callbacks are set. */
struct frame_peer *frame_peer_new(void);
struct frame_peer *
frame_peer_new_with(const struct wslay_frame_callbacks *callbacks);
/* Frees both and fails the test if there was a complaint. */
void frame_peer_free(struct frame_peer *peer);
struct wslay_frame_callbacks frame_peer_callbacks(void);

void frame_peer_send_steps(struct frame_peer *peer, const int *steps,
                           size_t count);
void frame_peer_recv_steps(struct frame_peer *peer, const int *steps,
                           size_t count);

/* The key genmask gives at its nth call, counted from 0. */
void frame_peer_key(size_t nth, uint8_t key[4]);

/* Bytes that differ from their neighbours also at a distance of 4 and 256. */
void fill_payload(uint8_t *data, size_t length);

/* The header of `frame` in `out` with `key` if it is masked; its length. */
size_t encode_header(uint8_t *out, const struct wslay_frame_iocb *frame,
                     const uint8_t key[4]);
/* Header and whole payload (`data` of `payload_length` bytes). */
size_t encode_frame(uint8_t *out, const struct wslay_frame_iocb *frame,
                    const uint8_t key[4]);

void frame_peer_feed(struct frame_peer *peer,
                     const struct wslay_frame_iocb *frame,
                     const uint8_t key[4]);
void frame_peer_feed_bytes(struct frame_peer *peer, const uint8_t *bytes,
                           size_t length);

/* A text frame, final, of these bytes. */
struct wslay_frame_iocb text_frame(const uint8_t *data, size_t length);

/* Sends the whole frame, moving on by what each call reports. Returns the
 * number of calls that gave WSLAY_ERR_WANT_WRITE. */
size_t send_whole(struct frame_peer *peer, struct wslay_frame_iocb frame);

/* wslay_frame_write with that much room; what it wrote joins the bytes sent,
 * and nothing beyond may be written. */
ssize_t write_piece(struct frame_peer *peer, struct wslay_frame_iocb *frame,
                    size_t room, size_t *payload_length);

void assert_frame_bytes(const struct frame_peer *peer, const uint8_t *expected,
                        size_t length);

#endif
