/* Receiving while memory runs out. */
#include "sessions.h"

#include <string.h>

#define LARGE 300000

static void put(struct session *session, struct bytes *to, int first_byte,
                uint32_t seed, size_t length) {
  struct bytes text = {NULL, 0, 0};
  put_text(&text, seed, length);
  put_frame(to, first_byte, session->role == SERVER, text.at, text.length);
  bytes_free(&text);
}

/* Every kind of message; data in one frame and in several, with control frames
   between them. */
static void put_small_messages(struct session *session, struct bytes *to) {
  uint32_t i;
  put(session, to, FIN | TEXT, 1, 5);
  put(session, to, FIN | TEXT, 1, 0);
  put(session, to, FIN | PING, 2, 125);
  put(session, to, TEXT, 3, 40);
  put(session, to, FIN | PING, 4, 7);
  put(session, to, CONT, 5, 3000);
  put(session, to, FIN | PONG, 6, 3);
  put(session, to, FIN | CONT, 7, 100);
  put(session, to, FIN | BINARY, 8, 6000);
  put(session, to, FIN | RSV1 | TEXT, 9, 60);
  for (i = 0; i < 30; ++i) {
    put(session, to, FIN | TEXT, i, i * 5);
  }
}

/* Read straight into the message's own memory, where they come in pieces. */
static void put_large_messages(struct session *session, struct bytes *to) {
  put(session, to, FIN | BINARY, 1, LARGE);
  put(session, to, TEXT, 2, 70000);
  put(session, to, FIN | PING, 3, 20);
  put(session, to, FIN | CONT, 4, 70000);
}

/* The context begins with the input, which is freed after it. */
static void converse(struct session *session, struct bytes *input, size_t step,
                     size_t burst) {
  size_t before;
  session->input = input;
  session->step = step;
  if (do_init(session)) {
    wslay_event_config_set_allowed_rsv_bits(session->ctx, WSLAY_RSV1_BIT);
    wslay_event_config_set_no_buffering(session->ctx, session->variant);
    do {
      before = session->input_at;
      do_recv(session, burst);
      do_output(session, 2000);
    } while (session->input_at > before);
    do_recv(session, burst);
    finish(session);
  }
  bytes_free(input);
}

static void r10_messages_bytewise(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  session->echo = 1;
  put_small_messages(session, &input);
  put_close(&input, session->role == SERVER, 1000, "end");
  converse(session, &input, 1, 5000);
}

static void r10_messages_in_pieces(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  session->echo = 1;
  put_small_messages(session, &input);
  put_large_messages(session, &input);
  put_small_messages(session, &input);
  converse(session, &input, 1000, 7000);
}

static void r10_messages_at_once(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  session->echo = 1;
  put_small_messages(session, &input);
  put_large_messages(session, &input);
  put_close(&input, session->role == SERVER, 1000, "end");
  converse(session, &input, UNLIMITED, UNLIMITED);
}

#define ROUNDS 8

/* Without reports of frames, several are read into one memory, which the
   answers take over: where the peer waits for those, and the program sends none
   before. */
static void r10_large_messages_together(struct session *session) {
  struct wslay_event_callbacks callbacks = session_callbacks;
  struct bytes input = {NULL, 0, 0};
  size_t ends[ROUNDS];
  uint32_t i;
  uint32_t j;
  for (i = 0; i < ROUNDS; ++i) {
    for (j = 0; j < 5; ++j) {
      put(session, &input, FIN | (j % 2 == 0 ? TEXT : BINARY), i + j, 3001);
      if (i % 4 == 2 && j == 2) {
        put(session, &input, FIN | PING, i, 5);
      }
      if (i % 4 == 3 && j == 3) {
        /* Answered and sent at once: see the message callback. */
        put(session, &input, FIN | TEXT, i, 3000);
      }
    }
    ends[i] = input.length;
  }
  callbacks.on_frame_recv_start_callback = NULL;
  callbacks.on_frame_recv_chunk_callback = NULL;
  callbacks.on_frame_recv_end_callback = NULL;
  session->echo = 1;
  session->input = &input;
  session->step = UNLIMITED;
  do_init_with(session, &callbacks);
  if (session->ctx != NULL) {
    for (i = 0; i < ROUNDS && wslay_event_want_read(session->ctx); ++i) {
      do_recv(session, ends[i] - session->input_at);
      do_output(session, UNLIMITED);
    }
    finish(session);
  }
  bytes_free(&input);
}

/* The answers wait until the end of the input: the queue of Pongs grows. */
static void r9_r10_pongs_that_wait(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  uint32_t i;
  for (i = 0; i < 50; ++i) {
    put(session, &input, FIN | PING, i, i);
  }
  session->input = &input;
  session->step = 100;
  if (do_init(session)) {
    do_recv(session, UNLIMITED);
    finish(session);
  }
  bytes_free(&input);
}

enum ending {
  CLOSED,
  CLOSED_IN_PIECES,
  WRONG_MASK,
  MALFORMED,
  NOT_UTF8,
  TOO_LONG,
  BAD_CODE,
  READ_FAILURE
};

static void put_ending(struct session *session, struct bytes *to) {
  int masked = session->role == SERVER;
  switch ((enum ending)session->variant) {
  case CLOSED:
  case CLOSED_IN_PIECES:
    put_close(to, masked, 3000, "a reason");
    break;
  case WRONG_MASK:
    put_frame(to, FIN | CONT, !masked, "x", 1);
    break;
  case MALFORMED:
    put(session, to, PING, 1, 2);
    break;
  case NOT_UTF8:
    put_frame(to, FIN | CONT, masked, "ab\xff", 3);
    break;
  case TOO_LONG:
    put(session, to, FIN | CONT, 1, 2000);
    break;
  case BAD_CODE:
    put_close(to, masked, 1005, "");
    break;
  case READ_FAILURE:
    session->end_error = WSLAY_ERR_CALLBACK_FAILURE;
    break;
  }
}

/* The connection ends in the middle of a message; the answer takes memory. */
static void r8_r10_endings(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  put(session, &input, TEXT, 1, 500);
  put_ending(session, &input);
  session->input = &input;
  session->step = session->variant == CLOSED_IN_PIECES ? 3 : UNLIMITED;
  session->may_fail =
      session->variant == MALFORMED || session->variant == READ_FAILURE;
  if (do_init(session)) {
    wslay_event_config_set_max_recv_msg_length(session->ctx, 2000);
    do_recv(session, UNLIMITED);
    CHECK(session, !wslay_event_get_read_enabled(session->ctx));
    CHECK(session, wslay_event_get_queued_msg_count(session->ctx) ==
                       (session->recv_lacked_memory ? 0 : 1));
    if (session->recv_lacked_memory) {
      do_close(session, 1011, "no memory");
    }
    finish(session);
  }
  bytes_free(&input);
}

/* With a message under way, others queued, and a call in the middle. */
static void c2_free_in_the_message_callback(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  put(session, &input, TEXT, 1, 6000);
  put(session, &input, FIN | PING, 2, 20);
  session->input = &input;
  session->step = session->variant ? 9 : UNLIMITED;
  session->free_in_message = 1;
  if (do_init(session)) {
    do_queue_text(session, 3, 100);
    do_recv(session, UNLIMITED);
    finish(session);
  }
  bytes_free(&input);
}

const struct play recv_plays[] = {
    PLAY(r10_messages_bytewise, BY_SEND, 0),
    PLAY(r10_messages_bytewise, BY_WRITE, 1),
    PLAY(r10_messages_in_pieces, BY_SEND, 0),
    PLAY(r10_messages_in_pieces, BY_TURNS, 1),
    PLAY(r10_messages_at_once, BY_SEND, 0),
    PLAY(r10_messages_at_once, BY_WRITE, 1),
    PLAY(r10_large_messages_together, BY_SEND, 0),
    PLAY(r10_large_messages_together, BY_WRITE, 0),
    PLAY(r9_r10_pongs_that_wait, BY_SEND, 0),
    PLAY(r8_r10_endings, BY_SEND, CLOSED),
    PLAY(r8_r10_endings, BY_WRITE, CLOSED_IN_PIECES),
    PLAY(r8_r10_endings, BY_SEND, WRONG_MASK),
    PLAY(r8_r10_endings, BY_SEND, MALFORMED),
    PLAY(r8_r10_endings, BY_WRITE, NOT_UTF8),
    PLAY(r8_r10_endings, BY_SEND, TOO_LONG),
    PLAY(r8_r10_endings, BY_SEND, BAD_CODE),
    PLAY(r8_r10_endings, BY_SEND, READ_FAILURE),
    PLAY(c2_free_in_the_message_callback, BY_SEND, 0),
    PLAY(c2_free_in_the_message_callback, BY_SEND, 1),
    {NULL, NULL, BY_SEND, 0}};
