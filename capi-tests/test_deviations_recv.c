/* Where receiving differs from C on purpose; D2 and D3 are with R2 and R8, D11
   with the memory tests, and D1 has all cuts in test_recv_cuts.c. */
#include "peer.h"

static const char *feed_close(struct peer *peer, const char *reason,
                              size_t step) {
  struct bytes frame = {NULL, 0, 0};
  peer_init(peer, SERVER);
  put_close(&frame, 1, 1000, reason);
  peer_input_cut(peer, frame.at, frame.length, step);
  assert_int_equal(peer_recv_all(peer), 0);
  bytes_free(&frame);
  return peer_flush(peer);
}

static void d1_only_the_code_is_skipped(void **state) {
  static const struct {
    const char *reason;
    const char *sent;
  } rows[] = {
      {"a\xff", "close 1007 \"\"\n"},
      {"\xff\xff\xff", "close 1007 \"\"\n"},
      {"abcd\xc3", "close 1007 \"\"\n"},
      {"abcd\xa9", "close 1007 \"\"\n"},
      {"\xc3\xa9\xc3\xa9", "close 1000 \"\\xc3\\xa9\\xc3\\xa9\"\n"},
      {"", "close 1000 \"\"\n"},
      {"\xf0\x9f\x98\x80", "close 1000 \"\\xf0\\x9f\\x98\\x80\"\n"},
  };
  size_t i;
  size_t step;
  (void)state;
  for (i = 0; i < COUNT_OF(rows); ++i) {
    for (step = 1; step < 16; ++step) {
      struct peer peer;
      at_row("reason %d, step %d", (int)i, (int)step);
      assert_string_equal(feed_close(&peer, rows[i].reason, step),
                          rows[i].sent);
      assert_int_equal(wslay_event_get_close_received(peer.ctx),
                       strncmp(rows[i].sent, "close 1000", 10) == 0);
      peer_free(&peer);
    }
  }
  at_row(NULL);
}

static void d1_reason_fails_at_its_first_bad_byte(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_close(&frame, 1, 1000,
            "a\xff"
            "b");
  peer_feed_bytewise(&peer, frame.at, frame.length - 2);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  peer_feed(&peer, frame.at + frame.length - 2, 1);
  assert_events(&peer, "start close 5\nchunk \"\\x03\\xe8"
                       "a\"\n");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
  bytes_free(&frame);
}

static void d4_close_of_one_byte_is_a_protocol_error(void **state) {
  int role;
  (void)state;
  for (role = SERVER; role <= CLIENT; ++role) {
    struct peer peer;
    peer_init(&peer, role);
    peer_feed_text(&peer, FIN | CLOSE, "\x03");
    assert_int_equal(peer.messages, 0);
    assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
    assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1006);
    assert_failed_with(&peer, 1002);
    assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1002);
    peer_free(&peer);
  }
}

static void d5_recv_callback_that_claims_too_much(void **state) {
  static const size_t claims[] = {1, 2, 100, 4096, 1u << 30, SIZE_MAX / 4};
  size_t i;
  (void)state;
  for (i = 0; i < 3 * COUNT_OF(claims); ++i) {
    struct bytes frame = {NULL, 0, 0};
    struct peer peer;
    at_row("%lu too many, state %d", (unsigned long)claims[i / 3], (int)i % 3);
    peer_init(&peer, SERVER);
    put_frame(&frame, FIN | BINARY, 1, "abcdef", 6);
    /* At the start, inside a header, inside a payload. */
    peer_input(&peer, frame.at, i % 3 * 4);
    peer_input_over_claim(&peer, claims[i / 3]);
    assert_int_equal(peer_recv_all(&peer), WSLAY_ERR_CALLBACK_FAILURE);
    assert_int_equal(peer.messages, 0);
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
    assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 1);
    /* As any other failure of the callback (R2). */
    assert_flushed(&peer, "close\n");
    peer_free(&peer);
    bytes_free(&frame);
  }
  at_row(NULL);
}

/* Into a payload of its own length, where an implementation may read straight
   into the message. */
static void d5_claim_within_a_large_payload(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_header(&frame, FIN | BINARY, 1, 1u << 20, SHORTEST);
  bytes_add(&frame, "abc", 3);
  peer_input(&peer, frame.at, frame.length);
  peer_input_over_claim(&peer, 1);
  assert_int_equal(peer_recv_all(&peer), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(peer.messages, 0);
  peer_free(&peer);
  bytes_free(&frame);
}

static ssize_t claim_too_much(wslay_event_context_ptr ctx, uint8_t *buf,
                              size_t len,
                              const union wslay_event_msg_source *source,
                              int *eof, void *user_data) {
  const size_t *more = source->data;
  (void)ctx;
  (void)user_data;
  memset(buf, 'x', len);
  *eof = 1;
  return (ssize_t)(len + *more);
}

static void d5_read_callback_that_claims_too_much(void **state) {
  static size_t claims[] = {1, 4096, 1u << 30, SIZE_MAX / 4};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(claims); ++i) {
    struct wslay_event_fragmented_msg message;
    struct peer peer;
    at_row("%lu too many", (unsigned long)claims[i]);
    memset(&message, 0, sizeof(message));
    message.opcode = BINARY;
    message.source.data = &claims[i];
    message.read_callback = claim_too_much;
    peer_init(&peer, i % 2 ? CLIENT : SERVER);
    assert_int_equal(wslay_event_queue_fragmented_msg(peer.ctx, &message), 0);
    assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
    assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
    assert_int_equal(peer.output.length, 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void d13_recv_callback_is_null(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.recv_callback = NULL;
  peer_init_with(&peer, SERVER, &callbacks);
  assert_int_equal(wslay_event_recv(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_flushed(&peer, "close\n");
  peer_free(&peer);
}

static void d13_recv_callback_is_not_needed_without_reading(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.recv_callback = NULL;
  peer_init_with(&peer, SERVER, &callbacks);
  wslay_event_shutdown_read(peer.ctx);
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  peer_free(&peer);

  /* Nor when it has come by then. */
  peer_init_with(&peer, SERVER, &callbacks);
  wslay_event_config_set_callbacks(peer.ctx, &peer_callbacks);
  peer_feed_text(&peer, FIN | TEXT, "x");
  assert_int_equal(peer.messages, 1);
  peer_free(&peer);
}

static void d13_send_callback_is_null(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.send_callback = NULL;
  peer_init_with(&peer, SERVER, &callbacks);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer_queue(&peer, TEXT, "x"), 0);
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  peer_free(&peer);
}

TEST_GROUP(test_deviations_recv, BEYOND_C(d1_only_the_code_is_skipped),
           BEYOND_C(d1_reason_fails_at_its_first_bad_byte),
           BEYOND_C(d4_close_of_one_byte_is_a_protocol_error),
           BEYOND_C(d5_recv_callback_that_claims_too_much),
           BEYOND_C(d5_claim_within_a_large_payload),
           BEYOND_C(d5_read_callback_that_claims_too_much),
           BEYOND_C(d13_recv_callback_is_null),
           TEST(d13_recv_callback_is_not_needed_without_reading),
           BEYOND_C(d13_send_callback_is_null))
