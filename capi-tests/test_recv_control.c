/* Pings, Pongs, and control frames between the fragments of a message. */
#include "peer.h"

static void r9_ping_queues_a_pong_with_its_payload(void **state) {
  char payload[126];
  int length;
  (void)state;
  for (length = 0; length <= 125; ++length) {
    struct bytes expected = {NULL, 0, 0};
    struct peer peer;
    at_row("length %d", length);
    memset(payload, 'a' + length % 26, sizeof(payload));
    payload[length] = 0;
    bytes_add_text(&expected, "pong ");
    bytes_add_quoted(&expected, payload, (size_t)length);
    bytes_add_text(&expected, "\n");
    peer_init(&peer, length % 2 ? CLIENT : SERVER);
    peer_feed_text(&peer, FIN | PING, payload);
    assert_int_equal(peer.messages, 1);
    assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
    assert_int_equal(wslay_event_get_queued_msg_length(peer.ctx), length);
    assert_int_equal(wslay_event_want_write(peer.ctx), 1);
    assert_flushed(&peer, bytes_text(&expected));
    peer_free(&peer);
    bytes_free(&expected);
  }
  at_row(NULL);
}

static void r9_ping_payload_is_any_bytes(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_input_frame(&peer, FIN | PING, "\xff\x00\x80", 3);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer, "start ping 3\nchunk \"\\xff\\x00\\x80\"\nend\n"
                       "msg ping \"\\xff\\x00\\x80\"\n");
  assert_flushed(&peer, "pong \"\\xff\\x00\\x80\"\n");
  peer_free(&peer);
}

static void note_count(struct peer *peer, const void *argument) {
  char line[32] = "queued ?";
  (void)argument;
  line[7] = (char)('0' + wslay_event_get_queued_msg_count(peer->ctx));
  peer_note(peer, line);
}

static void r9_pong_is_queued_before_the_message_callback(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_MESSAGE] = note_count;
  peer_feed_text(&peer, FIN | PING, "x");
  assert_events(&peer, "start ping 1\nchunk \"x\"\nend\n"
                       "msg ping \"x\"\nqueued 1\n");
  peer_free(&peer);
}

static void r9_several_pings_are_answered_in_order(void **state) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&stream, FIN | PING, 1, "1", 1);
  put_frame(&stream, FIN | PING, 1, "2", 1);
  put_frame(&stream, FIN | TEXT, 1, "x", 1);
  put_frame(&stream, FIN | PING, 1, "3", 1);
  assert_int_equal(peer_queue(&peer, BINARY, "data"), 0);
  peer_feed(&peer, stream.at, stream.length);
  assert_int_equal(peer.messages, 4);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 4);
  assert_flushed(&peer,
                 "pong \"1\"\npong \"2\"\npong \"3\"\nbinary \"data\"\n");
  peer_free(&peer);
  bytes_free(&stream);
}

static void r9_pong_is_only_reported(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, FIN | PONG, "x");
  assert_events(&peer, "start pong 1\nchunk \"x\"\nend\nmsg pong \"x\"\n");
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  peer_free(&peer);
}

static void r9_no_pong_when_no_more_may_be_queued(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, NULL, 0), 0);
  peer_feed_text(&peer, FIN | PING, "x");
  assert_events(&peer, "start ping 1\nchunk \"x\"\nend\nmsg ping \"x\"\n");
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
  assert_flushed(&peer, "close 1000 \"\"\n");
  /* Nor once it is sent; messages are still received. */
  peer_feed_text(&peer, FIN | PING, "y");
  peer_feed_text(&peer, FIN | TEXT, "z");
  assert_int_equal(peer.messages, 3);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  peer_free(&peer);

  peer_init(&peer, SERVER);
  wslay_event_shutdown_write(peer.ctx);
  peer_feed_text(&peer, FIN | PING, "x");
  assert_int_equal(peer.messages, 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_free(&peer);
}

static void r9_pong_is_queued_behind_a_close_of_queue_msg(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, CLOSE, ""), 0);
  peer_feed_text(&peer, FIN | PING, "x");
  /* Q1: such a Close forbids nothing before it is sent. */
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 2);
  peer_free(&peer);
}

static void r5_control_frames_between_fragments(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  peer_feed_text(&peer, FIN | PONG, "0");
  peer_events(&peer);
  peer_feed_text(&peer, TEXT | RSV1, "one");
  peer_feed_text(&peer, FIN | PING, "ping");
  peer_feed_text(&peer, CONT, "two");
  peer_feed_text(&peer, FIN | PONG, "pong");
  peer_feed_text(&peer, FIN | PING, "");
  peer_feed_text(&peer, FIN | CONT, "three");
  assert_events(&peer, "start text+/4 3\nchunk \"one\"\nend\n"
                       "start ping 4\nchunk \"ping\"\nend\nmsg ping \"ping\"\n"
                       "start cont+ 3\nchunk \"two\"\nend\n"
                       "start pong 4\nchunk \"pong\"\nend\nmsg pong \"pong\"\n"
                       "start ping 0\nchunk \"\"\nend\nmsg ping NULL 0\n"
                       "start cont 5\nchunk \"three\"\nend\n"
                       "msg text/4 \"onetwothree\"\n");
  assert_flushed(&peer, "pong \"ping\"\npong \"\"\n");
  peer_free(&peer);
}

static void r5_control_frame_in_pieces_between_fragments(void **state) {
  struct bytes ping = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&ping, FIN | PING, 1, "ping", 4);
  peer_feed_text(&peer, BINARY, "one");
  peer_feed_bytewise(&peer, ping.at, ping.length);
  peer_feed_text(&peer, FIN | CONT, "two");
  assert_events(&peer, "start binary+ 3\nchunk \"one\"\nend\n"
                       "start ping 4\nchunk \"ping\"\nend\nmsg ping \"ping\"\n"
                       "start cont 3\nchunk \"two\"\nend\n"
                       "msg binary \"onetwo\"\n");
  peer_free(&peer);
  bytes_free(&ping);
}

static void r5_close_between_fragments_ends_reading(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, TEXT, "one");
  peer_input_close(&peer, 1001, "");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer, "start text+ 3\nchunk \"one\"\nend\n"
                       "start close 2\nchunk \"\\x03\\xe9\"\nend\n"
                       "msg close \"\\x03\\xe9\" 1001\n");
  peer_feed_text(&peer, FIN | CONT, "two");
  assert_events(&peer, "");
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_recv_control, TEST(r9_ping_queues_a_pong_with_its_payload),
           TEST(r9_ping_payload_is_any_bytes),
           TEST(r9_pong_is_queued_before_the_message_callback),
           TEST(r9_several_pings_are_answered_in_order),
           TEST(r9_pong_is_only_reported),
           TEST(r9_no_pong_when_no_more_may_be_queued),
           TEST(r9_pong_is_queued_behind_a_close_of_queue_msg),
           TEST(r5_control_frames_between_fragments),
           TEST(r5_control_frame_in_pieces_between_fragments),
           TEST(r5_close_between_fragments_ends_reading))
