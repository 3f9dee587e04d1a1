/* The checks on a frame before its payload is reported: bits, masks, opcodes.
 */
#include "peer.h"

enum where { OUTSIDE, INSIDE }; /* of a fragmented message */

struct row {
  const char *name;
  enum role role;
  enum where where;
  int rsv1_allowed;
  int first_byte;
  int masked;
};

static const struct row refused[] = {
    {"RSV1 not allowed", SERVER, OUTSIDE, 0, FIN | RSV1 | TEXT, 1},
    {"RSV2", SERVER, OUTSIDE, 0, FIN | RSV2 | TEXT, 1},
    {"RSV3", SERVER, OUTSIDE, 0, FIN | RSV3 | BINARY, 1},
    {"RSV2 beside an allowed RSV1", SERVER, OUTSIDE, 1,
     FIN | RSV1 | RSV2 | TEXT, 1},
    {"RSV3 beside an allowed RSV1", CLIENT, OUTSIDE, 1,
     FIN | RSV1 | RSV3 | TEXT, 0},
    {"RSV1 on a ping", SERVER, OUTSIDE, 1, FIN | RSV1 | PING, 1},
    {"RSV1 on a pong", CLIENT, OUTSIDE, 1, FIN | RSV1 | PONG, 0},
    {"RSV1 on a close", SERVER, OUTSIDE, 1, FIN | RSV1 | CLOSE, 1},
    {"RSV1 on a ping inside a message", SERVER, INSIDE, 1, FIN | RSV1 | PING,
     1},
    {"RSV1 on a continuation", SERVER, INSIDE, 1, RSV1 | CONT, 1},
    {"RSV1 on the last continuation", SERVER, INSIDE, 1, FIN | RSV1 | CONT, 1},
    {"RSV2 on a ping", SERVER, OUTSIDE, 0, FIN | RSV2 | PING, 1},
    {"unmasked text at a server", SERVER, OUTSIDE, 0, FIN | TEXT, 0},
    {"unmasked ping at a server", SERVER, OUTSIDE, 0, FIN | PING, 0},
    {"unmasked close at a server", SERVER, OUTSIDE, 0, FIN | CLOSE, 0},
    {"unmasked continuation at a server", SERVER, INSIDE, 0, FIN | CONT, 0},
    {"masked text at a client", CLIENT, OUTSIDE, 0, FIN | TEXT, 1},
    {"masked ping at a client", CLIENT, OUTSIDE, 0, FIN | PING, 1},
    {"masked continuation at a client", CLIENT, INSIDE, 0, FIN | CONT, 1},
    {"continuation outside", SERVER, OUTSIDE, 0, FIN | CONT, 1},
    {"continuation outside, not final", CLIENT, OUTSIDE, 0, CONT, 0},
    {"opcode 3", SERVER, OUTSIDE, 0, FIN | 3, 1},
    {"opcode 4", SERVER, OUTSIDE, 0, 4, 1},
    {"opcode 5", CLIENT, OUTSIDE, 0, FIN | 5, 0},
    {"opcode 6", SERVER, OUTSIDE, 0, FIN | 6, 1},
    {"opcode 7", SERVER, OUTSIDE, 0, FIN | 7, 1},
    {"opcode 11", SERVER, OUTSIDE, 0, FIN | 11, 1},
    {"opcode 12", SERVER, OUTSIDE, 0, FIN | 12, 1},
    {"opcode 13", CLIENT, OUTSIDE, 0, FIN | 13, 0},
    {"opcode 14", SERVER, OUTSIDE, 0, FIN | 14, 1},
    {"opcode 15", SERVER, OUTSIDE, 0, FIN | 15, 1},
    {"text inside", SERVER, INSIDE, 0, FIN | TEXT, 1},
    {"text inside, not final", CLIENT, INSIDE, 0, TEXT, 0},
    {"binary inside", SERVER, INSIDE, 0, FIN | BINARY, 1},
    {"opcode 3 inside", SERVER, INSIDE, 0, FIN | 3, 1},
    {"opcode 7 inside", CLIENT, INSIDE, 0, 7, 0},
    {"opcode 11 inside", SERVER, INSIDE, 0, FIN | 11, 1},
    {"opcode 15 inside", SERVER, INSIDE, 0, FIN | 15, 1},
};

static void begin(struct peer *peer, const struct row *row) {
  peer_init(peer, row->role);
  wslay_event_config_set_allowed_rsv_bits(
      peer->ctx, row->rsv1_allowed ? WSLAY_RSV1_BIT : WSLAY_RSV_NONE);
  if (row->where == INSIDE) {
    peer_feed_text(peer, TEXT, "first");
    peer_events(peer);
  }
}

/* Whole, a good frame behind it: that one is not looked at any more. */
static void refuse_whole(const struct row *row, size_t length) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  begin(&peer, row);
  put_frame(&stream, row->first_byte, row->masked, "ab", length);
  put_frame(&stream, FIN | PING, row->role == SERVER, "", 0);
  peer_input(&peer, stream.at, stream.length);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_int_equal(peer.recv_refused, row->where == INSIDE);
  assert_events(&peer, "");
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1006);
  assert_failed_with(&peer, 1002);
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1002);
  peer_free(&peer);
  bytes_free(&stream);
}

/* Bytewise: judged with the first payload byte, or at once without payload. */
static void refuse_bytewise(const struct row *row, size_t length) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  size_t judged_at;
  begin(&peer, row);
  put_frame(&frame, row->first_byte, row->masked, "ab", length);
  judged_at = frame.length - (length > 0 ? length - 1 : 0);
  peer_feed_bytewise(&peer, frame.at, judged_at - 1);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_feed(&peer, frame.at + judged_at - 1, 1);
  assert_events(&peer, "");
  assert_failed_with(&peer, 1002);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r3_refused_frames_queue_1002(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(refused); ++i) {
    at_row("%s", refused[i].name);
    refuse_whole(&refused[i], 2);
    refuse_whole(&refused[i], 0);
  }
  at_row(NULL);
}

static void r3_judged_when_the_first_payload_byte_is_there(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(refused); ++i) {
    at_row("%s", refused[i].name);
    refuse_bytewise(&refused[i], 2);
    refuse_bytewise(&refused[i], 1);
    refuse_bytewise(&refused[i], 0);
  }
  at_row(NULL);
}

static const struct row accepted[] = {
    {"text", SERVER, OUTSIDE, 0, FIN | TEXT, 1},
    {"text at a client", CLIENT, OUTSIDE, 0, FIN | TEXT, 0},
    {"text, not final", SERVER, OUTSIDE, 0, TEXT, 1},
    {"binary", SERVER, OUTSIDE, 0, FIN | BINARY, 1},
    {"binary, not final, at a client", CLIENT, OUTSIDE, 0, BINARY, 0},
    {"ping", SERVER, OUTSIDE, 0, FIN | PING, 1},
    {"pong at a client", CLIENT, OUTSIDE, 0, FIN | PONG, 0},
    {"continuation", SERVER, INSIDE, 0, CONT, 1},
    {"last continuation", CLIENT, INSIDE, 0, FIN | CONT, 0},
    {"ping inside", SERVER, INSIDE, 0, FIN | PING, 1},
    {"pong inside", CLIENT, INSIDE, 0, FIN | PONG, 0},
    {"RSV1 on text", SERVER, OUTSIDE, 1, FIN | RSV1 | TEXT, 1},
    {"RSV1 on binary", CLIENT, OUTSIDE, 1, RSV1 | BINARY, 0},
    {"ping without RSV1 where it is allowed", SERVER, OUTSIDE, 1, FIN | PING,
     1},
};

static void r3_other_frames_pass(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(accepted); ++i) {
    const struct row *row = &accepted[i];
    struct bytes frame = {NULL, 0, 0};
    struct peer peer;
    at_row("%s", row->name);
    begin(&peer, row);
    put_frame(&frame, row->first_byte, row->masked, "ab", 2);
    peer_feed(&peer, frame.at, frame.length);
    assert_non_null(strstr(peer_events(&peer), " 2\nchunk \"ab\"\nend\n"));
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
    assert_int_equal(peer.messages, row->first_byte >> 7);
    peer_free(&peer);
    bytes_free(&frame);
  }
  at_row(NULL);
}

static void r3_bits_and_opcodes_are_judged_before_the_length(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(refused); ++i) {
    const struct row *row = &refused[i];
    struct bytes frame = {NULL, 0, 0};
    struct peer peer;
    at_row("%s", row->name);
    begin(&peer, row);
    wslay_event_config_set_max_recv_msg_length(peer.ctx, 1);
    put_frame(&frame, row->first_byte, row->masked, "ab", 2);
    peer_feed(&peer, frame.at, frame.length);
    assert_failed_with(&peer, 1002);
    peer_free(&peer);
    bytes_free(&frame);
  }
  at_row(NULL);
}

static void r3_checks_come_before_utf8(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, FIN | RSV2 | TEXT, "\xff");
  assert_failed_with(&peer, 1002);
  peer_free(&peer);
}

static void r3_no_second_close_after_the_programs_own(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0), 0);
  peer_feed_text(&peer, FIN | 3, "x");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

static void r3_no_close_after_one_was_sent(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0), 0);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_feed_text(&peer, FIN | 3, "x");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1001);
  peer_free(&peer);
}

static void r3_nothing_is_queued_when_writing_is_disabled(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_shutdown_write(peer.ctx);
  peer_feed_text(&peer, FIN | 3, "x");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_free(&peer);
}

static void r3_close_goes_before_messages_that_wait(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, TEXT, "waits"), 0);
  peer_feed_text(&peer, FIN | 3, "x");
  assert_flushed(&peer, "close 1002 \"\"\n");
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  peer_free(&peer);
}

TEST_GROUP(test_recv_judging, TEST(r3_refused_frames_queue_1002),
           TEST(r3_judged_when_the_first_payload_byte_is_there),
           TEST(r3_other_frames_pass),
           TEST(r3_bits_and_opcodes_are_judged_before_the_length),
           TEST(r3_checks_come_before_utf8),
           TEST(r3_no_second_close_after_the_programs_own),
           TEST(r3_no_close_after_one_was_sent),
           TEST(r3_nothing_is_queued_when_writing_is_disabled),
           TEST(r3_close_goes_before_messages_that_wait))
