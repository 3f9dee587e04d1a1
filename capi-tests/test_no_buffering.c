/* Contexts that report data messages in chunks only. */
#include "peer.h"

static void begin(struct peer *peer) {
  peer_init(peer, SERVER);
  wslay_event_config_set_no_buffering(peer->ctx, 1);
}

static void r6_message_has_no_bytes_but_the_chunks_do(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer);
  peer_feed_text(&peer, FIN | TEXT, "Hello");
  assert_events(&peer, "start text 5\nchunk \"Hello\"\nend\nmsg text NULL 0\n");
  peer_feed_text(&peer, FIN | BINARY, "");
  assert_events(&peer, "start binary 0\nchunk \"\"\nend\nmsg binary NULL 0\n");
  peer_free(&peer);
}

static void r6_in_pieces(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  begin(&peer);
  put_frame(&frame, FIN | BINARY, 1, "Hello", 5);
  peer_feed_bytewise(&peer, frame.at, frame.length);
  assert_events(&peer,
                "start binary 5\nchunk \"Hello\"\nend\nmsg binary NULL 0\n");
  peer_free(&peer);
  bytes_free(&frame);
}

static void r6_fragments(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  peer_feed_text(&peer, TEXT | RSV1, "Hel");
  peer_feed_text(&peer, CONT, "lo");
  assert_events(&peer, "start text+/4 3\nchunk \"Hel\"\nend\n"
                       "start cont+ 2\nchunk \"lo\"\nend\n");
  peer_feed_text(&peer, FIN | CONT, "");
  assert_events(&peer, "start cont 0\nchunk \"\"\nend\nmsg text/4 NULL 0\n");
  peer_free(&peer);
}

static void r5_control_frames_are_buffered_all_the_same(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer);
  peer_feed_text(&peer, TEXT, "Hel");
  peer_events(&peer);
  peer_feed_text(&peer, FIN | PING, "ping");
  peer_feed_text(&peer, FIN | PONG, "pong");
  assert_events(&peer, "start ping 4\nchunk \"ping\"\nend\nmsg ping \"ping\"\n"
                       "start pong 4\nchunk \"pong\"\nend\n"
                       "msg pong \"pong\"\n");
  assert_flushed(&peer, "pong \"ping\"\n");
  peer_input_close(&peer, 1000, "bye");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer, "start close 5\nchunk \"\\x03\\xe8"
                       "bye\"\nend\n"
                       "msg close \"\\x03\\xe8"
                       "bye\" 1000\n");
  assert_flushed(&peer, "close 1000 \"bye\"\n");
  peer_free(&peer);
}

static void r6_maximum_is_checked_a_frame_at_a_time(void **state) {
  struct peer peer;
  int i;
  (void)state;
  begin(&peer);
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 5);
  peer_feed_text(&peer, TEXT, "12345");
  for (i = 0; i < 10; ++i) {
    peer_feed_text(&peer, CONT, "12345");
  }
  peer_feed_text(&peer, FIN | CONT, "12345");
  assert_int_equal(peer.messages, 1);
  peer_events(&peer);
  peer_feed_text(&peer, BINARY, "123456");
  assert_events(&peer, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
}

static void r6_maximum_of_a_continuation(void **state) {
  struct peer peer;
  (void)state;
  begin(&peer);
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 5);
  peer_feed_text(&peer, TEXT, "1");
  peer_events(&peer);
  peer_feed_text(&peer, FIN | CONT, "123456");
  assert_events(&peer, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
}

static void r6_any_value_but_0_turns_buffering_off(void **state) {
  static const int values[] = {1, 2, -1, 256, INT32_MIN};
  struct peer peer;
  size_t i;
  (void)state;
  peer_init(&peer, SERVER);
  for (i = 0; i < COUNT_OF(values); ++i) {
    at_row("value %d", values[i]);
    wslay_event_config_set_no_buffering(peer.ctx, values[i]);
    peer_feed_text(&peer, FIN | TEXT, "x");
    assert_events(&peer, "start text 1\nchunk \"x\"\nend\nmsg text NULL 0\n");
    wslay_event_config_set_no_buffering(peer.ctx, 0);
    peer_feed_text(&peer, FIN | TEXT, "x");
    assert_events(&peer, "start text 1\nchunk \"x\"\nend\nmsg text \"x\"\n");
  }
  at_row(NULL);
  peer_free(&peer);
}

/* 3 MB where 100 kB are the most for a frame. */
static void r6_message_may_be_longer_than_the_maximum(void **state) {
  struct bytes piece = {NULL, 0, 0};
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  int i;
  (void)state;
  begin(&peer);
  wslay_event_config_set_max_recv_msg_length(peer.ctx, 100000);
  for (i = 0; i < 100000; ++i) {
    bytes_add_byte(&piece, i);
  }
  put_frame(&frame, CONT, 1, piece.at, piece.length);
  peer_feed_text(&peer, BINARY, "x");
  for (i = 0; i < 30; ++i) {
    peer_feed(&peer, frame.at, frame.length);
    peer_events(&peer);
  }
  peer_feed_text(&peer, FIN | CONT, "y");
  assert_events(&peer, "start cont 1\nchunk \"y\"\nend\nmsg binary NULL 0\n");
  peer_free(&peer);
  bytes_free(&piece);
  bytes_free(&frame);
}

TEST_GROUP(test_no_buffering, TEST(r6_message_has_no_bytes_but_the_chunks_do),
           TEST(r6_in_pieces), TEST(r6_fragments),
           TEST(r5_control_frames_are_buffered_all_the_same),
           TEST(r6_maximum_is_checked_a_frame_at_a_time),
           TEST(r6_maximum_of_a_continuation),
           TEST(r6_any_value_but_0_turns_buffering_off),
           TEST(r6_message_may_be_longer_than_the_maximum))
