/* The maximum message length. */
#include "peer.h"

static void begin(struct peer *peer, uint64_t maximum) {
  peer_init(peer, SERVER);
  wslay_event_config_set_max_recv_msg_length(peer->ctx, maximum);
}

static void r3_message_of_the_maximum_passes(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer, 5);
  peer_feed_text(&peer, FIN | TEXT, "Hello");
  peer_feed_text(&peer, FIN | BINARY, "Hello");
  assert_int_equal(peer.messages, 2);
  peer_free(&peer);
}

static void r3_message_above_the_maximum_queues_1009(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer, 4);
  peer_feed_text(&peer, FIN | TEXT, "Hello");
  assert_events(&peer, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
}

static void r3_announced_length_is_judged_at_the_first_byte(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  begin(&peer, 1000);
  put_header(&frame, FIN | BINARY, 1, 1001, SHORTEST);
  peer_feed(&peer, frame.at, frame.length);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_feed(&peer, "x", 1);
  assert_events(&peer, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r3_fragments_add_up(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer, 10);
  peer_feed_text(&peer, TEXT, "123456");
  peer_feed_text(&peer, CONT, "7890");
  peer_feed_text(&peer, FIN | CONT, "");
  assert_int_equal(peer.messages, 1);
  /* The next message counts from 0. */
  peer_feed_text(&peer, TEXT, "123456");
  peer_events(&peer);
  peer_feed_text(&peer, CONT, "78901");
  assert_events(&peer, "");
  assert_int_equal(peer.messages, 1);
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
}

static void r3_control_frames_are_judged_alone(void **state) {
  static const int opcodes[] = {PING, PONG, CLOSE};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(opcodes); ++i) {
    struct peer peer;
    at_row("opcode %d", opcodes[i]);
    begin(&peer, 10);
    peer_feed_text(&peer, TEXT, "12345678");
    /* Not added to the 8, nor they to it. */
    peer_feed_text(&peer, FIN | PING, "1234567890");
    peer_feed_text(&peer, CONT, "90");
    peer_flush(&peer);
    assert_int_equal(peer.messages, 1);
    peer_events(&peer);
    peer_feed_text(&peer, FIN | opcodes[i],
                   "\x03\xe8"
                   "345678901");
    assert_events(&peer, "");
    assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
    assert_failed_with(&peer, 1009);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void r3_maximum_0_lets_empty_messages_pass(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer, 0);
  peer_feed_text(&peer, FIN | TEXT, "");
  peer_feed_text(&peer, FIN | PING, "");
  peer_feed_text(&peer, BINARY, "");
  peer_feed_text(&peer, FIN | CONT, "");
  assert_int_equal(peer.messages, 3);
  peer_flush(&peer);
  peer_feed_text(&peer, FIN | BINARY, "x");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
}

static void r3_maximum_may_change_between_frames(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  begin(&peer, 3);
  put_frame(&frame, FIN | TEXT, 1, "abc", 3);
  peer_feed(&peer, frame.at, frame.length - 2);
  /* This frame has been judged. */
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 0);
  peer_feed(&peer, frame.at + frame.length - 2, 2);
  assert_int_equal(peer.messages, 1);
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 4);
  peer_feed_text(&peer, TEXT, "abc");
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 6);
  peer_feed_text(&peer, CONT, "def");
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 5);
  peer_feed_text(&peer, FIN | PONG, "12345");
  peer_feed_text(&peer, FIN | CONT, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r3_sum_that_leaves_63_bits_is_above_the_maximum(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  begin(&peer, INT64_MAX);
  peer_feed_text(&peer, BINARY, "x");
  peer_events(&peer);
  put_header(&frame, FIN | CONT, 1, INT64_MAX, SHORTEST);
  bytes_add_byte(&frame, 0);
  peer_feed(&peer, frame.at, frame.length);
  assert_events(&peer, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
  bytes_free(&frame);
}

static void r3_length_is_judged_before_utf8(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer, 1);
  peer_feed_text(&peer, FIN | TEXT, "\xff\xff");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
}

TEST_GROUP(test_recv_limits, TEST(r3_message_of_the_maximum_passes),
           TEST(r3_message_above_the_maximum_queues_1009),
           TEST(r3_announced_length_is_judged_at_the_first_byte),
           TEST(r3_fragments_add_up), TEST(r3_control_frames_are_judged_alone),
           TEST(r3_maximum_0_lets_empty_messages_pass),
           TEST(r3_maximum_may_change_between_frames),
           TEST(r3_sum_that_leaves_63_bits_is_above_the_maximum),
           TEST(r3_length_is_judged_before_utf8))
