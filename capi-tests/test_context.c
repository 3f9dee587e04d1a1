/* Contexts: what they start with, the error value, independence. */
#include "peer.h"

static void e1_init_starts_with_the_defaults(void **state) {
  int role;
  (void)state;
  for (role = SERVER; role <= CLIENT; ++role) {
    struct peer peer;
    peer_init(&peer, role);
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
    assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 1);
    assert_int_equal(wslay_event_want_read(peer.ctx), 1);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
    assert_int_equal(wslay_event_get_close_sent(peer.ctx), 0);
    assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1006);
    assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1006);
    assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
    assert_int_equal(wslay_event_get_queued_msg_length(peer.ctx), 0);
    assert_int_equal(peer.recv_calls + peer.send_calls, 0);
    peer_free(&peer);
  }
}

static void e1_init_copies_the_callbacks(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  peer_init_with(&peer, SERVER, &callbacks);
  memset(&callbacks, 0xff, sizeof(callbacks));
  peer_feed_text(&peer, FIN | PING, "x");
  assert_events(&peer, "start ping 1\nchunk \"x\"\nend\nmsg ping \"x\"\n");
  assert_flushed(&peer, "pong \"x\"\n");
  peer_free(&peer);
}

static void e1_set_callbacks_copies_and_keeps_user_data(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  callbacks.on_frame_recv_start_callback = NULL;
  wslay_event_config_set_callbacks(peer.ctx, &callbacks);
  memset(&callbacks, 0xff, sizeof(callbacks));
  peer_feed_text(&peer, FIN | TEXT, "x");
  assert_events(&peer, "chunk \"x\"\nend\nmsg text \"x\"\n");
  peer_free(&peer);
}

static void e1_event_callbacks_may_be_null(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.on_frame_recv_start_callback = NULL;
  callbacks.on_frame_recv_chunk_callback = NULL;
  callbacks.on_frame_recv_end_callback = NULL;
  callbacks.on_msg_recv_callback = NULL;
  peer_init_with(&peer, SERVER, &callbacks);
  peer_feed_text(&peer, FIN | TEXT, "x");
  peer_feed_text(&peer, BINARY, "");
  peer_feed_text(&peer, FIN | PING, "y");
  peer_feed_text(&peer, FIN | CONT, "z");
  peer_input_close(&peer, 1000, "bye");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_events(&peer, "");
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 1);
  assert_flushed(&peer, "close 1000 \"bye\"\n");
  peer_free(&peer);
}

static void e1_maximum_message_length_is_2_31_minus_1(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  /* So that nothing is kept of it, in any implementation. */
  wslay_event_config_set_no_buffering(peer.ctx, 1);
  put_header(&frame, FIN | BINARY, 1, 0x7fffffff, SHORTEST);
  bytes_add_byte(&frame, frame_key[0]);
  peer_feed(&peer, frame.at, frame.length);
  assert_events(&peer, "start binary 2147483647\nchunk \"\\x00\"\n");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  peer_free(&peer);

  bytes_clear(&frame);
  peer_init(&peer, SERVER);
  put_header(&frame, FIN | BINARY, 1, 0x80000000, SHORTEST);
  bytes_add_byte(&frame, frame_key[0]);
  peer_feed(&peer, frame.at, frame.length);
  assert_events(&peer, "");
  assert_failed_with(&peer, 1009);
  peer_free(&peer);
  bytes_free(&frame);
}

static void e1_no_rsv_bit_is_allowed_at_first(void **state) {
  static const int bits[] = {RSV1, RSV2, RSV3};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(bits); ++i) {
    struct peer peer;
    peer_init(&peer, SERVER);
    peer_feed_text(&peer, FIN | TEXT | bits[i], "x");
    assert_events(&peer, "");
    assert_failed_with(&peer, 1002);
    peer_free(&peer);
  }
}

static void e1_free_of_null_does_nothing(void **state) {
  (void)state;
  wslay_event_context_free(NULL);
}

static void e1_free_in_the_middle_of_everything(void **state) {
  static const struct piece piece = {"abc", 0, 0};
  struct pieces pieces = {NULL, &piece, 1, 0, 0, 0};
  struct bytes frame = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.budget = 3;
  peer_feed_text(&peer, TEXT, "half a mess");
  peer_feed_text(&peer, FIN | PING, "x");
  put_frame(&frame, FIN | PING, 1, "half", 4);
  peer_feed(&peer, frame.at, frame.length - 2);
  assert_int_equal(peer_queue_pieces(&peer, BINARY, 0, &pieces), 0);
  assert_int_equal(peer_queue(&peer, TEXT, "waits"), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  peer_free(&peer);
  bytes_free(&frame);
}

static void e2_only_rsv1_can_be_allowed(void **state) {
  int allowed;
  int bits;
  (void)state;
  for (allowed = 0; allowed < 256; ++allowed) {
    for (bits = 1; bits < 8; ++bits) {
      struct peer peer;
      at_row("allowed %d, used %d", allowed, bits);
      peer_init(&peer, SERVER);
      wslay_event_config_set_allowed_rsv_bits(peer.ctx, (uint8_t)allowed);
      peer_feed_text(&peer, FIN | BINARY | bits << 4, "x");
      if (bits == WSLAY_RSV1_BIT && (allowed & WSLAY_RSV1_BIT)) {
        assert_events(&peer, "start binary/4 1\n"
                             "chunk \"x\"\n"
                             "end\n"
                             "msg binary/4 \"x\"\n");
      } else {
        assert_failed_with(&peer, 1002);
      }
      peer_free(&peer);
    }
  }
  at_row(NULL);
}

static void e2_the_allowed_bits_can_be_taken_back(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  peer_feed_text(&peer, FIN | TEXT | RSV1, "x");
  assert_int_equal(peer.messages, 1);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV_NONE);
  peer_feed_text(&peer, FIN | TEXT | RSV1, "x");
  assert_int_equal(peer.messages, 1);
  assert_failed_with(&peer, 1002);
  peer_free(&peer);
}

/* A recv callback that gives nothing and leaves the error value alone shows
   what the error value is. */
static void assert_error_value_fails(struct peer *peer, int fails) {
  peer->end_error = 0;
  assert_int_equal(wslay_event_recv(peer->ctx),
                   fails ? WSLAY_ERR_CALLBACK_FAILURE : 0);
}

static void e3_error_value_starts_as_would_block(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_error_value_fails(&peer, 0);
  peer_free(&peer);
}

static void e3_all_values_but_two_are_failures(void **state) {
  static const int values[] = {WSLAY_ERR_CALLBACK_FAILURE,
                               WSLAY_ERR_WANT_READ,
                               WSLAY_ERR_WANT_WRITE,
                               WSLAY_ERR_NOMEM,
                               WSLAY_ERR_PROTO,
                               -1,
                               1,
                               -402,
                               INT32_MAX,
                               INT32_MIN};
  static const int harmless[] = {0, WSLAY_ERR_WOULDBLOCK};
  struct peer peer;
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(values); ++i) {
    at_row("error value %d", values[i]);
    peer_init(&peer, SERVER);
    wslay_event_set_error(peer.ctx, values[i]);
    assert_error_value_fails(&peer, 1);
    peer_free(&peer);
  }
  for (i = 0; i < COUNT_OF(harmless); ++i) {
    at_row("error value %d", harmless[i]);
    peer_init(&peer, SERVER);
    wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
    wslay_event_set_error(peer.ctx, harmless[i]);
    assert_error_value_fails(&peer, 0);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void e3_one_value_serves_receiving_and_sending(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  assert_error_value_fails(&peer, 1);
  /* It outlives that call. */
  peer.budget = 0;
  peer.refuse_error = 0;
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  peer_free(&peer);
}

static void e3_error_value_is_kept_by_other_calls(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(peer_queue(&peer, TEXT, "x"), 0);
  assert_flushed(&peer, "text \"x\"\n");
  wslay_event_config_set_callbacks(peer.ctx, &peer_callbacks);
  wslay_event_config_set_no_buffering(peer.ctx, 0);
  assert_int_equal(wslay_event_want_read(peer.ctx), 1);
  assert_error_value_fails(&peer, 1);
  peer_free(&peer);
}

static void e3_error_value_is_0_after_a_message(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  peer_input_text(&peer, FIN | TEXT, "x");
  assert_error_value_fails(&peer, 0);
  assert_int_equal(peer.messages, 1);
  peer_free(&peer);
}

static void e3_frame_callbacks_do_not_clear_it(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  peer_input_text(&peer, TEXT, "x");
  assert_error_value_fails(&peer, 1);
  assert_events(&peer, "start text+ 1\nchunk \"x\"\nend\n");
  peer_free(&peer);
}

static void set_failure(struct peer *peer, const void *argument) {
  (void)argument;
  wslay_event_set_error(peer->ctx, WSLAY_ERR_CALLBACK_FAILURE);
}

static void e3_what_a_message_callback_sets_stays(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_MESSAGE] = set_failure;
  peer_input_text(&peer, FIN | TEXT, "x");
  assert_error_value_fails(&peer, 1);
  peer_free(&peer);
}

static void c3_contexts_do_not_share_anything(void **state) {
  struct bytes frame = {NULL, 0, 0};
  struct peer a;
  struct peer b;
  size_t i;
  (void)state;
  peer_init(&a, SERVER);
  peer_init(&b, SERVER);
  wslay_event_config_set_max_recv_msg_length(a.ctx, 2);
  wslay_event_config_set_allowed_rsv_bits(a.ctx, WSLAY_RSV1_BIT);
  wslay_event_config_set_no_buffering(a.ctx, 1);
  put_frame(&frame, FIN | TEXT, 1, "\xc3\xa9", 2);
  for (i = 0; i < frame.length; ++i) {
    peer_feed(&a, frame.at + i, 1);
    peer_feed(&b, frame.at + i, 1);
  }
  assert_events(&a,
                "start text 2\nchunk \"\\xc3\\xa9\"\nend\nmsg text NULL 0\n");
  assert_events(&b, "start text 2\n"
                    "chunk \"\\xc3\\xa9\"\n"
                    "end\n"
                    "msg text \"\\xc3\\xa9\"\n");
  wslay_event_set_error(a.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  wslay_event_set_error(b.ctx, 0);
  assert_error_value_fails(&b, 0);
  wslay_event_set_error(a.ctx, 0);
  peer_feed_text(&a, FIN | TEXT, "abc");
  assert_failed_with(&a, 1009);
  assert_int_equal(wslay_event_get_queued_msg_count(b.ctx), 0);
  peer_feed_text(&b, FIN | TEXT, "abc");
  assert_int_equal(b.messages, 2);
  peer_free(&a);
  peer_feed_text(&b, FIN | TEXT, "abc");
  assert_int_equal(b.messages, 3);
  peer_free(&b);
  bytes_free(&frame);
}

TEST_GROUP(test_context, TEST(e1_init_starts_with_the_defaults),
           TEST(e1_init_copies_the_callbacks),
           TEST(e1_set_callbacks_copies_and_keeps_user_data),
           TEST(e1_event_callbacks_may_be_null),
           TEST(e1_maximum_message_length_is_2_31_minus_1),
           TEST(e1_no_rsv_bit_is_allowed_at_first),
           TEST(e1_free_of_null_does_nothing),
           TEST(e1_free_in_the_middle_of_everything),
           TEST(e2_only_rsv1_can_be_allowed),
           TEST(e2_the_allowed_bits_can_be_taken_back),
           TEST(e3_error_value_starts_as_would_block),
           TEST(e3_all_values_but_two_are_failures),
           TEST(e3_one_value_serves_receiving_and_sending),
           TEST(e3_error_value_is_kept_by_other_calls),
           TEST(e3_error_value_is_0_after_a_message),
           TEST(e3_frame_callbacks_do_not_clear_it),
           TEST(e3_what_a_message_callback_sets_stays),
           TEST(c3_contexts_do_not_share_anything))
