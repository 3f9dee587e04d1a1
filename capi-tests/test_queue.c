/* What may be queued, and what the library keeps of it (Q1, Q2, Q3, Q7). */
#include "states.h"

static int queue_bytes(struct peer *peer, int opcode, size_t length, int rsv) {
  static const uint8_t zeros[200];
  struct wslay_event_msg message;
  message.opcode = (uint8_t)opcode;
  message.msg = zeros;
  message.msg_length = length;
  return wslay_event_queue_msg_ex(peer->ctx, &message, (uint8_t)rsv);
}

static int queue_fragmented(struct peer *peer, int opcode, int rsv) {
  static struct pieces none;
  return peer_queue_pieces(peer, opcode, rsv, &none);
}

/* Q1 */

static void q1_nothing_after_queue_close(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, NULL, 0), 0);
  assert_no_more_messages(&peer);
  assert_flushed(&peer, "close 1000 \"\"\n");
  assert_no_more_messages(&peer);
  peer_free(&peer);
}

static void q1_nothing_after_a_close_of_the_library(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_input_close(&peer, 1001, "bye");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_no_more_messages(&peer);
  peer_free(&peer);

  peer_init(&peer, SERVER);
  peer_feed_text(&peer, FIN | RSV1 | TEXT, "x");
  assert_no_more_messages(&peer);
  assert_failed_with(&peer, 1002);
  peer_free(&peer);
}

static void q1_nothing_after_shutdown_write(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  wslay_event_shutdown_write(peer.ctx);
  assert_no_more_messages(&peer);
  peer_free(&peer);
}

static void q1_nothing_after_a_send_failure(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, TEXT, "x"), 0);
  peer.over_claim = 1;
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_no_more_messages(&peer);
  peer_free(&peer);
}

static void q1_a_close_by_queue_msg_counts_when_it_is_sent(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, CLOSE, "\x03\xe9"), 0);
  assert_int_equal(peer_queue(&peer, TEXT, "a"), 0);
  assert_int_equal(peer_queue(&peer, PING, "b"), 0);
  assert_int_equal(queue_fragmented(&peer, TEXT, 0), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 4);
  assert_flushed(&peer, "close 1001 \"\"\n");
  assert_no_more_messages(&peer);
  peer_free(&peer);
}

static void q1_comes_before_q2(void **state) {
  static const uint8_t reason[124] = {0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, NULL, 0), 0);
  assert_int_equal(queue_bytes(&peer, PING, 126, 0), WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(queue_bytes(&peer, TEXT, 1, WSLAY_RSV2_BIT),
                   WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(queue_fragmented(&peer, PING, 0), WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, reason, 124),
                   WSLAY_ERR_NO_MORE_MSG);
  peer_free(&peer);
}

/* Q2 */

static void q2_control_message_above_125_bytes(void **state) {
  struct peer peer;
  int opcode;
  (void)state;
  peer_init(&peer, SERVER);
  for (opcode = 8; opcode < 16; opcode++) {
    assert_int_equal(queue_bytes(&peer, opcode, 126, 0),
                     WSLAY_ERR_INVALID_ARGUMENT);
  }
  assert_state(&peer, FRESH);
  for (opcode = 9; opcode < 16; opcode++) {
    assert_int_equal(queue_bytes(&peer, opcode, 125, 0), 0);
  }
  assert_int_equal(queue_bytes(&peer, TEXT, 126, 0), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 8);
  peer_free(&peer);
}

static void q2_rsv_bits(void **state) {
  struct peer peer;
  int rsv;
  (void)state;
  peer_init(&peer, SERVER);
  for (rsv = 1; rsv < 8; rsv++) {
    assert_int_equal(queue_bytes(&peer, TEXT, 1, rsv),
                     WSLAY_ERR_INVALID_ARGUMENT);
    assert_int_equal(queue_fragmented(&peer, TEXT, rsv),
                     WSLAY_ERR_INVALID_ARGUMENT);
  }
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, 7);
  for (rsv = 1; rsv < 8; rsv++) {
    int result = rsv == WSLAY_RSV1_BIT ? 0 : WSLAY_ERR_INVALID_ARGUMENT;
    assert_int_equal(queue_bytes(&peer, TEXT, 1, rsv), result);
    assert_int_equal(queue_fragmented(&peer, TEXT, rsv), result);
  }
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV_NONE);
  assert_int_equal(queue_bytes(&peer, TEXT, 1, WSLAY_RSV1_BIT),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 2);
  peer_free(&peer);
}

static void q2_rsv1_on_a_control_message(void **state) {
  struct peer peer;
  int opcode;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  for (opcode = 8; opcode < 16; opcode++) {
    assert_int_equal(queue_bytes(&peer, opcode, 1, WSLAY_RSV1_BIT),
                     WSLAY_ERR_INVALID_ARGUMENT);
  }
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void q2_fragmented_control_message(void **state) {
  struct peer peer;
  int opcode;
  (void)state;
  peer_init(&peer, SERVER);
  for (opcode = 0; opcode < 16; opcode++) {
    assert_int_equal(queue_fragmented(&peer, opcode, 0),
                     opcode < 8 ? 0 : WSLAY_ERR_INVALID_ARGUMENT);
  }
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 8);
  peer_free(&peer);
}

/* Q3 */

static void q3_payload_is_copied(void **state) {
  struct peer peer;
  uint8_t text[] = "before";
  struct wslay_event_msg message = {WSLAY_TEXT_FRAME, NULL, 6};
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    peer_init(&peer, role);
    memcpy(text, "before", 6);
    message.msg = text;
    assert_int_equal(wslay_event_queue_msg(peer.ctx, &message), 0);
    assert_memory_equal(text, "before", 6);
    memset(text, 'x', 6);
    memset(&message, 0xff, sizeof(message));
    message.opcode = WSLAY_TEXT_FRAME;
    message.msg_length = 6;
    assert_flushed(&peer, "text \"before\"\n");
    peer_free(&peer);
  }
}

static void q3_null_message_of_no_length(void **state) {
  struct wslay_event_msg message = {WSLAY_TEXT_FRAME, NULL, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  assert_int_equal(wslay_event_queue_msg(peer.ctx, &message), 0);
  message.opcode = WSLAY_PING;
  assert_int_equal(wslay_event_queue_msg(peer.ctx, &message), 0);
  assert_flushed(&peer, "ping \"\"\ntext \"\"\n");
  peer_free(&peer);
}

static void q3_every_length_form(void **state) {
  static const size_t lengths[] = {0, 1, 125, 126, 127, 65535, 65536, 65537};
  static uint8_t payload[65537];
  size_t i;
  (void)state;
  for (i = 0; i < sizeof(payload); i++) {
    payload[i] = (uint8_t)(i * 7 + i / 256);
  }
  for (i = 0; i < COUNT_OF(lengths); i++) {
    struct wslay_event_msg message = {WSLAY_BINARY_FRAME, payload, 0};
    struct bytes expected = {NULL, 0, 0};
    struct peer peer;
    peer_init(&peer, SERVER);
    message.msg_length = lengths[i];
    put_frame(&expected, FIN | BINARY, 0, payload, lengths[i]);
    assert_int_equal(wslay_event_queue_msg(peer.ctx, &message), 0);
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer.output.length, expected.length);
    assert_memory_equal(peer.output.at, expected.at, expected.length);
    bytes_free(&expected);
    peer_free(&peer);
  }
}

/* Q7 */

static void q7_opcodes_go_out_as_given(void **state) {
  static const int opcodes[] = {0, 3, 4, 5, 6, 7};
  struct peer peer;
  size_t i;
  (void)state;
  peer_init(&peer, SERVER);
  for (i = 0; i < COUNT_OF(opcodes); i++) {
    assert_int_equal(peer_queue(&peer, opcodes[i], "x"), 0);
  }
  assert_flushed(&peer, "cont \"x\"\nop3 \"x\"\nop4 \"x\"\nop5 \"x\"\n"
                        "op6 \"x\"\nop7 \"x\"\n");
  peer_free(&peer);
}

static void q7_bit_3_says_which_queue(void **state) {
  struct peer peer;
  int opcode;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, TEXT, "x"), 0);
  assert_int_equal(peer_queue(&peer, 7, "x"), 0);
  for (opcode = 11; opcode < 16; opcode++) {
    assert_int_equal(peer_queue(&peer, opcode, "x"), 0);
  }
  assert_flushed(&peer, "op11 \"x\"\nop12 \"x\"\nop13 \"x\"\nop14 \"x\"\n"
                        "op15 \"x\"\ntext \"x\"\nop7 \"x\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_queue, TEST(q1_nothing_after_queue_close),
           TEST(q1_nothing_after_a_close_of_the_library),
           TEST(q1_nothing_after_shutdown_write),
           TEST(q1_nothing_after_a_send_failure),
           TEST(q1_a_close_by_queue_msg_counts_when_it_is_sent),
           TEST(q1_comes_before_q2), TEST(q2_control_message_above_125_bytes),
           TEST(q2_rsv_bits), TEST(q2_rsv1_on_a_control_message),
           TEST(q2_fragmented_control_message), TEST(q3_payload_is_copied),
           TEST(q3_null_message_of_no_length), TEST(q3_every_length_form),
           TEST(q7_opcodes_go_out_as_given), TEST(q7_bit_3_says_which_queue))
