/* Sending from inside receive callbacks, as programs do to answer at once. */
#include "peer.h"

static const enum place receive_places[] = {IN_RECV, IN_START, IN_CHUNK, IN_END,
                                            IN_MESSAGE};

/* Queues and sends a message; it must be out before the callback goes on. */
static void answer(struct peer *peer, const void *argument) {
  size_t before = peer->output.length;
  (void)argument;
  PEER_CHECK(peer, peer_queue(peer, TEXT, "now") == 0);
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
  PEER_CHECK(peer, peer->output.length > before);
  PEER_CHECK(peer, wslay_event_get_queued_msg_count(peer->ctx) == 0);
}

static void c1_sending_from_every_receive_callback(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < 2 * COUNT_OF(receive_places); ++i) {
    struct peer peer;
    at_row("callback %d, role %d", receive_places[i / 2], (int)i % 2);
    peer_init(&peer, i % 2 ? CLIENT : SERVER);
    peer.hooks[receive_places[i / 2]] = answer;
    peer_feed_text(&peer, FIN | BINARY, "abc");
    peer_feed_text(&peer, FIN | BINARY, "def");
    assert_events(&peer, "start binary 3\nchunk \"abc\"\nend\n"
                         "msg binary \"abc\"\n"
                         "start binary 3\nchunk \"def\"\nend\n"
                         "msg binary \"def\"\n");
    assert_int_equal(
        strncmp(peer_sent(&peer), "text \"now\"\ntext \"now\"\n", 22), 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void echo(struct peer *peer, const void *argument) {
  const struct wslay_event_on_msg_recv_arg *arg = argument;
  struct wslay_event_msg message;
  uint8_t copy[8];
  PEER_CHECK(peer, arg->msg_length <= sizeof(copy));
  memcpy(copy, arg->msg, arg->msg_length);
  message.opcode = arg->opcode;
  message.msg = arg->msg;
  message.msg_length = arg->msg_length;
  PEER_CHECK(peer, wslay_event_queue_msg(peer->ctx, &message) == 0);
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
  /* The library's copy for us outlives that. */
  PEER_CHECK(peer, memcmp(copy, arg->msg, arg->msg_length) == 0);
}

static void c1_received_message_is_echoed_in_place(void **state) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer.hooks[IN_MESSAGE] = echo;
  put_frame(&stream, FIN | TEXT, 0, "one", 3);
  put_frame(&stream, BINARY, 0, "tw", 2);
  put_frame(&stream, FIN | CONT, 0, "o", 1);
  put_frame(&stream, FIN | TEXT, 0, "three", 5);
  peer_feed(&peer, stream.at, stream.length);
  assert_int_equal(peer.messages, 3);
  assert_sent(&peer, "text \"one\"\nbinary \"two\"\ntext \"three\"\n");
  peer_free(&peer);
  bytes_free(&stream);
}

static void echo_chunk(struct peer *peer, const void *argument) {
  const struct wslay_event_on_frame_recv_chunk_arg *arg = argument;
  struct wslay_event_msg message;
  message.opcode = BINARY;
  message.msg = arg->data;
  message.msg_length = arg->data_length;
  PEER_CHECK(peer, wslay_event_queue_msg(peer->ctx, &message) == 0);
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
}

static void c1_received_chunks_are_echoed_in_place(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_CHUNK] = echo_chunk;
  put_frame(&frame, FIN | TEXT, 1, "abc", 3);
  peer_feed_bytewise(&peer, frame.at, frame.length);
  assert_events(&peer, "start text 3\nchunk \"abc\"\nend\nmsg text \"abc\"\n");
  assert_sent(&peer, "binary \"a\"\nbinary \"b\"\nbinary \"c\"\n");
  peer_free(&peer);
  bytes_free(&frame);
}

static void send_now(struct peer *peer, const void *argument) {
  (void)argument;
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == 0);
}

static void c1_pong_may_be_sent_from_its_ping(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_MESSAGE] = send_now;
  peer_feed_text(&peer, FIN | PING, "x");
  assert_sent(&peer, "pong \"x\"\n");
  peer_free(&peer);
}

static void c1_close_may_be_answered_from_its_message(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_MESSAGE] = send_now;
  peer_input_close(&peer, 1001, "bye");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_sent(&peer, "close 1001 \"bye\"\n");
  assert_int_equal(wslay_event_get_close_sent(peer.ctx), 1);
  assert_int_equal(wslay_event_want_read(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  peer_free(&peer);
}

static void c1_sending_goes_on_with_a_frame_half_out(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, TEXT, "half"), 0);
  peer.budget = 3;
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.output.length, 3);
  peer.budget = SIZE_MAX;
  peer.hooks[IN_MESSAGE] = send_now;
  peer_feed_text(&peer, FIN | PING, "x");
  assert_sent(&peer, "text \"half\"\npong \"x\"\n");
  peer_free(&peer);
}

static void send_and_fail(struct peer *peer, const void *argument) {
  (void)argument;
  PEER_CHECK(peer, peer_queue(peer, TEXT, "x") == 0);
  PEER_CHECK(peer, wslay_event_send(peer->ctx) == WSLAY_ERR_CALLBACK_FAILURE);
  wslay_event_set_error(peer->ctx, WSLAY_ERR_WOULDBLOCK);
}

static void c1_failing_to_send_does_not_stop_receiving(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.budget = 0;
  peer.refuse_error = WSLAY_ERR_CALLBACK_FAILURE;
  peer.hooks[IN_START] = send_and_fail;
  peer_feed_text(&peer, FIN | TEXT, "abc");
  peer.hooks[IN_START] = NULL;
  peer_feed_text(&peer, FIN | TEXT, "def");
  assert_int_equal(peer.messages, 2);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  peer_free(&peer);
}

static void write_now(struct peer *peer, const void *argument) {
  uint8_t buffer[32];
  ssize_t length;
  (void)argument;
  PEER_CHECK(peer, peer_queue(peer, TEXT, "now") == 0);
  length = wslay_event_write(peer->ctx, buffer, sizeof(buffer));
  PEER_CHECK(peer, length == (peer->role == CLIENT ? 9 : 5));
  if (length > 0) {
    bytes_add(&peer->output, buffer, (size_t)length);
  }
}

static void c1_writing_from_every_receive_callback(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < 2 * COUNT_OF(receive_places); ++i) {
    struct peer peer;
    at_row("callback %d, role %d", receive_places[i / 2], (int)i % 2);
    peer_init(&peer, i % 2 ? CLIENT : SERVER);
    peer.hooks[receive_places[i / 2]] = write_now;
    peer_feed_text(&peer, FIN | BINARY, "abc");
    assert_events(&peer, "start binary 3\nchunk \"abc\"\nend\n"
                         "msg binary \"abc\"\n");
    assert_int_equal(strncmp(peer_sent(&peer), "text \"now\"\n", 11), 0);
    assert_int_equal(peer.send_calls, 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

TEST_GROUP(test_reentrancy_send, TEST(c1_sending_from_every_receive_callback),
           TEST(c1_received_message_is_echoed_in_place),
           TEST(c1_received_chunks_are_echoed_in_place),
           TEST(c1_pong_may_be_sent_from_its_ping),
           TEST(c1_close_may_be_answered_from_its_message),
           TEST(c1_sending_goes_on_with_a_frame_half_out),
           TEST(c1_failing_to_send_does_not_stop_receiving),
           BEYOND_C(c1_writing_from_every_receive_callback))
