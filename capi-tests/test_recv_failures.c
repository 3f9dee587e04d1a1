/* When receiving fails: the recv callback's refusals, malformed frames, and
   what holds once reading is disabled. */
#include "peer.h"

struct refusal {
  ssize_t result;
  int error;
};

static void r2_nothing_given_reads_as_would_block(void **state) {
  static const struct refusal rows[] = {{0, 0},
                                        {-1, 0},
                                        {-401, 0},
                                        {0, WSLAY_ERR_WOULDBLOCK},
                                        {-1, WSLAY_ERR_WOULDBLOCK},
                                        {-400, WSLAY_ERR_WOULDBLOCK}};
  struct peer peer;
  size_t i;
  (void)state;
  peer_init(&peer, SERVER);
  for (i = 0; i < COUNT_OF(rows); ++i) {
    at_row("result %d, error %d", (int)rows[i].result, rows[i].error);
    peer_input_result(&peer, rows[i].result, rows[i].error);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_int_equal(wslay_event_want_read(peer.ctx), 1);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  }
  at_row(NULL);
  peer_feed_text(&peer, FIN | TEXT, "x");
  assert_int_equal(peer.messages, 1);
  peer_free(&peer);
}

static void assert_callback_failure(struct peer *peer) {
  assert_int_equal(wslay_event_get_read_enabled(peer->ctx), 0);
  assert_int_equal(wslay_event_want_read(peer->ctx), 0);
  assert_int_equal(wslay_event_get_write_enabled(peer->ctx), 1);
  assert_int_equal(wslay_event_want_write(peer->ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer->ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_length(peer->ctx), 0);
  assert_int_equal(wslay_event_get_close_received(peer->ctx), 0);
  assert_int_equal(wslay_event_get_status_code_received(peer->ctx), 1006);
  assert_flushed(peer, "close\n");
  assert_int_equal(wslay_event_get_status_code_sent(peer->ctx), 1005);
}

static void r2_failure_queues_an_empty_close(void **state) {
  static const struct refusal rows[] = {{0, WSLAY_ERR_CALLBACK_FAILURE},
                                        {-1, WSLAY_ERR_CALLBACK_FAILURE},
                                        {-401, WSLAY_ERR_CALLBACK_FAILURE},
                                        {-1, WSLAY_ERR_PROTO},
                                        {-1, WSLAY_ERR_NOMEM},
                                        {-1, -1},
                                        {-1, 1}};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(rows); ++i) {
    struct peer peer;
    at_row("result %d, error %d", (int)rows[i].result, rows[i].error);
    peer_init(&peer, i % 2 ? CLIENT : SERVER);
    peer_input_result(&peer, rows[i].result, rows[i].error);
    assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
    assert_callback_failure(&peer);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void r2_messages_before_the_failure_are_delivered(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_input_text(&peer, FIN | TEXT, "one");
  peer_input_text(&peer, BINARY, "two");
  peer_input_result(&peer, 0, WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_events(&peer, "start text 3\nchunk \"one\"\nend\nmsg text \"one\"\n"
                       "start binary+ 3\nchunk \"two\"\nend\n");
  assert_callback_failure(&peer);
  peer_free(&peer);
}

static void r2_failure_in_the_middle_of_a_frame(void **state) {
  struct bytes frame = {NULL, 0, 0};
  size_t cut;
  (void)state;
  put_frame(&frame, FIN | BINARY, 1, "abc", 3);
  for (cut = 1; cut < frame.length; ++cut) {
    struct peer peer;
    at_row("after %d bytes", (int)cut);
    peer_init(&peer, SERVER);
    peer_input(&peer, frame.at, cut);
    peer_input_result(&peer, -1, WSLAY_ERR_CALLBACK_FAILURE);
    assert_int_equal(peer_recv_all(&peer), WSLAY_ERR_CALLBACK_FAILURE);
    assert_int_equal(peer.messages, 0);
    assert_callback_failure(&peer);
    peer_free(&peer);
  }
  at_row(NULL);
  bytes_free(&frame);
}

static void r2_program_may_queue_a_close_and_send_after_it(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.end_error = WSLAY_ERR_CALLBACK_FAILURE;
  assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  /* The library's own Close is queued already (Q1). */
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1011, NULL, 0),
                   WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, "close\n");
  assert_int_equal(wslay_event_get_close_sent(peer.ctx), 1);
  peer_free(&peer);
}

static void r2_no_second_close_after_the_programs_own(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0), 0);
  peer.end_error = WSLAY_ERR_CALLBACK_FAILURE;
  assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

static void r2_nothing_is_queued_when_writing_is_disabled(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_shutdown_write(peer.ctx);
  peer.end_error = WSLAY_ERR_CALLBACK_FAILURE;
  assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_free(&peer);
}

struct malformed {
  const char *name;
  int first_byte;
  uint64_t length;
  enum length_form form;
};

/* F6, as it comes through the event API. */
static const struct malformed malformed[] = {
    {"ping not final", PING, 0, SHORTEST},
    {"pong not final", PONG, 3, SHORTEST},
    {"close not final", CLOSE, 2, SHORTEST},
    {"unknown control opcode not final", 11, 0, SHORTEST},
    {"ping of 126 bytes", FIN | PING, 126, SHORTEST},
    {"pong of 65536 bytes", FIN | PONG, 65536, SHORTEST},
    {"close of 126 bytes", FIN | CLOSE, 126, SHORTEST},
    {"ping of 1 byte, written in 2", FIN | PING, 1, IN_2_BYTES},
    {"text of 0 bytes, written in 2", FIN | TEXT, 0, IN_2_BYTES},
    {"text of 125 bytes, written in 2", FIN | TEXT, 125, IN_2_BYTES},
    {"text of 0 bytes, written in 8", FIN | TEXT, 0, IN_8_BYTES},
    {"text of 126 bytes, written in 8", FIN | TEXT, 126, IN_8_BYTES},
    {"text of 65535 bytes, written in 8", FIN | TEXT, 65535, IN_8_BYTES},
    {"binary of 2^63 bytes", FIN | BINARY, (uint64_t)1 << 63, IN_8_BYTES},
    {"binary of 2^64 - 1 bytes", FIN | BINARY, UINT64_MAX, IN_8_BYTES},
};

static void fail_by_malformed(const struct malformed *row, size_t step,
                              const char *close) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  peer_init(&peer, SERVER);
  put_frame(&stream, FIN | TEXT, 1, "ok", 2);
  put_header(&stream, row->first_byte, 1, row->length, row->form);
  peer_input_cut(&peer, stream.at, stream.length, step);
  assert_int_equal(peer_recv_all(&peer), WSLAY_ERR_CALLBACK_FAILURE);
  assert_events(&peer, "start text 2\nchunk \"ok\"\nend\nmsg text \"ok\"\n");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  if (close != NULL) {
    assert_flushed(&peer, close);
  }
  peer_free(&peer);
  bytes_free(&stream);
}

static void r2_malformed_frame_fails_the_call(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(malformed); ++i) {
    at_row("%s", malformed[i].name);
    fail_by_malformed(&malformed[i], SIZE_MAX, NULL);
    fail_by_malformed(&malformed[i], 1, NULL);
  }
  at_row(NULL);
}

static void d2_malformed_frame_queues_1002(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(malformed); ++i) {
    at_row("%s", malformed[i].name);
    fail_by_malformed(&malformed[i], SIZE_MAX, "close 1002 \"\"\n");
    fail_by_malformed(&malformed[i], 1, "close 1002 \"\"\n");
  }
  at_row(NULL);
}

static void d2_no_second_close_after_the_programs_own(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0), 0);
  peer_input(&peer, "\x09\x80", 2);
  assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

/* The ways to lose reading. */
static void by_shutdown(struct peer *peer) {
  wslay_event_shutdown_read(peer->ctx);
}

static void by_callback(struct peer *peer) {
  peer_input_result(peer, -1, WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_recv(peer->ctx), WSLAY_ERR_CALLBACK_FAILURE);
}

static void by_malformed_frame(struct peer *peer) {
  peer_input(peer, "\x09\x80", 2);
  assert_int_equal(wslay_event_recv(peer->ctx), WSLAY_ERR_CALLBACK_FAILURE);
}

static void by_protocol_error(struct peer *peer) {
  peer_feed_text(peer, FIN | 3, "x");
}

static void by_bad_utf8(struct peer *peer) {
  peer_feed_text(peer, FIN | TEXT, "\xff");
}

static void by_close(struct peer *peer) {
  peer_feed_text(peer, FIN | CLOSE, "");
}

static void r11_nothing_is_read_once_reading_is_disabled(void **state) {
  static void (*const ways[])(struct peer *) = {
      by_shutdown,       by_callback, by_malformed_frame,
      by_protocol_error, by_bad_utf8, by_close};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(ways); ++i) {
    struct peer peer;
    size_t count;
    at_row("way %d", (int)i);
    peer_init(&peer, SERVER);
    ways[i](&peer);
    peer_events(&peer);
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
    assert_int_equal(wslay_event_want_read(peer.ctx), 0);
    count = wslay_event_get_queued_msg_count(peer.ctx);
    peer.recv_calls = 0;
    peer_input_text(&peer, FIN | TEXT, "x");
    wslay_event_config_set_callbacks(peer.ctx, &peer_callbacks);
    wslay_event_set_error(peer.ctx, 0);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_int_equal(peer.recv_calls, 0);
    assert_events(&peer, "");
    assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), count);
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void r11_bytes_already_read_are_not_dispatched(void **state) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&stream, FIN | CLOSE, 1, "", 0);
  put_frame(&stream, FIN | TEXT, 1, "x", 1);
  peer_feed(&peer, stream.at, stream.length);
  assert_events(&peer, "start close 0\nchunk \"\"\nend\nmsg close NULL 0\n");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer, "");
  peer_free(&peer);
  bytes_free(&stream);
}

TEST_GROUP(test_recv_failures, TEST(r2_nothing_given_reads_as_would_block),
           TEST(r2_failure_queues_an_empty_close),
           TEST(r2_messages_before_the_failure_are_delivered),
           TEST(r2_failure_in_the_middle_of_a_frame),
           TEST(r2_program_may_queue_a_close_and_send_after_it),
           TEST(r2_no_second_close_after_the_programs_own),
           TEST(r2_nothing_is_queued_when_writing_is_disabled),
           TEST(r2_malformed_frame_fails_the_call),
           BEYOND_C(d2_malformed_frame_queues_1002),
           TEST(d2_no_second_close_after_the_programs_own),
           TEST(r11_nothing_is_read_once_reading_is_disabled),
           TEST(r11_bytes_already_read_are_not_dispatched))
