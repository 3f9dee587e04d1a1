/* The UTF-8 check across fragments, and what it does not look at. */
#include "peer.h"

static const char mixed[] = "a\xc3\xa9"
                            "b\xe2\x82\xac"
                            "c\xf0\x9f\x98\x80"
                            "d";

static void r4_code_points_may_be_cut_by_fragments(void **state) {
  size_t length = strlen(mixed);
  size_t i;
  size_t j;
  (void)state;
  for (i = 0; i <= length; ++i) {
    for (j = i; j <= length; ++j) {
      struct peer peer;
      at_row("cut at %d and %d", (int)i, (int)j);
      peer_init(&peer, SERVER);
      peer_input_frame(&peer, TEXT, mixed, i);
      peer_input_frame(&peer, CONT, mixed + i, j - i);
      /* Its bytes are no part of the text. */
      peer_input_frame(&peer, FIN | PING, "\xff", 1);
      peer_input_frame(&peer, FIN | CONT, mixed + j, length - j);
      assert_int_equal(wslay_event_recv(peer.ctx), 0);
      assert_int_equal(peer.messages, 2);
      assert_non_null(strstr(peer_events(&peer), "msg text \"a\\xc3\\xa9"
                                                 "b\\xe2\\x82\\xac"
                                                 "c\\xf0\\x9f\\x98\\x80"
                                                 "d\"\n"));
      peer_free(&peer);
    }
  }
  at_row(NULL);
}

static void r4_impossible_sequence_fails_in_its_own_fragment(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, TEXT, "ok\xed\xa0");
  assert_events(&peer, "start text+ 4\n");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void r4_impossible_sequence_across_fragments(void **state) {
  static const char *const pairs[][2] = {{"\xc3", "a"},
                                         {"\xed", "\xa0\x80"},
                                         {"\xe0", "\x80"},
                                         {"\xf4", "\x90"},
                                         {"\xf0\x9f\x98", "\xc3\xa9"}};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(pairs); ++i) {
    struct peer peer;
    at_row("pair %d", (int)i);
    peer_init(&peer, SERVER);
    peer_feed_text(&peer, TEXT, pairs[i][0]);
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
    peer_events(&peer);
    peer_input_text(&peer, CONT, pairs[i][1]);
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_int_equal(strncmp(peer_events(&peer), "start cont+ ", 12), 0);
    assert_failed_with(&peer, 1007);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void r4_message_that_ends_inside_a_code_point(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, TEXT, "ok\xe2");
  peer_feed_text(&peer, FIN | CONT, "\x82");
  assert_events(&peer, "start text+ 3\nchunk \"ok\\xe2\"\nend\n"
                       "start cont 1\nchunk \"\\x82\"\n");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void r4_empty_last_fragment_ends_inside_a_code_point(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, TEXT, "\xc3");
  peer_feed_text(&peer, FIN | CONT, "");
  assert_events(&peer, "start text+ 1\nchunk \"\\xc3\"\nend\n"
                       "start cont 0\nchunk \"\"\n");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void r4_text_marked_rsv1_is_not_checked(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  peer_feed_text(&peer, FIN | RSV1 | TEXT, "\xff\xc3");
  peer_feed_text(&peer, RSV1 | TEXT, "\xff\xc3");
  peer_feed_text(&peer, CONT, "\xed\xa0");
  peer_feed_text(&peer, FIN | CONT, "\xe2");
  assert_int_equal(peer.messages, 2);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  /* The next one is, from its start. */
  peer_feed_text(&peer, FIN | TEXT, "\xc3\xa9");
  assert_int_equal(peer.messages, 3);
  peer_feed_text(&peer, FIN | TEXT, "\xff");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void r4_only_text_is_checked(void **state) {
  static const int opcodes[] = {BINARY, PING, PONG};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(opcodes); ++i) {
    struct peer peer;
    at_row("opcode %d", opcodes[i]);
    peer_init(&peer, SERVER);
    peer_feed_text(&peer, FIN | opcodes[i], "\xff\xed\xa0\xc3");
    assert_int_equal(peer.messages, 1);
    peer_feed_text(&peer, FIN | TEXT, "\xc3\xa9");
    assert_int_equal(peer.messages, 2);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void r4_fragmented_binary_is_not_checked(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer_feed_text(&peer, BINARY, "\xff");
  peer_feed_text(&peer, FIN | CONT, "\xc3");
  assert_int_equal(peer.messages, 1);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  peer_free(&peer);
}

static void r4_checked_without_buffering_too(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_no_buffering(peer.ctx, 1);
  peer_feed_text(&peer, TEXT, "\xe2\x82");
  peer_feed_text(&peer, FIN | CONT, "\xac");
  assert_int_equal(peer.messages, 1);
  peer_feed_text(&peer, FIN | TEXT, "\xe2\x82");
  assert_int_equal(peer.messages, 1);
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void r4_nothing_after_the_failure_is_dispatched(void **state) {
  struct bytes stream = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  put_frame(&stream, FIN | TEXT, 1, "\xff", 1);
  put_frame(&stream, FIN | PING, 1, "x", 1);
  peer_feed(&peer, stream.at, stream.length);
  assert_events(&peer, "start text 1\n");
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
  assert_failed_with(&peer, 1007);
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1007);
  peer_free(&peer);
  bytes_free(&stream);
}

static void r4_long_text_in_pieces_of_all_sizes(void **state) {
  struct bytes text = {NULL, 0, 0};
  struct bytes frame = {NULL, 0, 0};
  size_t step;
  (void)state;
  while (text.length < 20000) {
    bytes_add(&text, mixed, strlen(mixed));
    bytes_add(&text, "plain", text.length % 6);
  }
  put_frame(&frame, FIN | TEXT, 1, text.at, text.length);
  for (step = 1; step < 6000; step = step * 2 + step % 3) {
    struct peer peer;
    at_row("pieces of %d", (int)step);
    peer_init(&peer, SERVER);
    peer_input_cut(&peer, frame.at, frame.length, step);
    assert_int_equal(peer_recv_all(&peer), 0);
    assert_int_equal(peer.messages, 1);
    assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
    peer_free(&peer);
  }
  at_row(NULL);
  bytes_free(&text);
  bytes_free(&frame);
}

TEST_GROUP(test_recv_utf8_messages,
           TEST(r4_code_points_may_be_cut_by_fragments),
           TEST(r4_impossible_sequence_fails_in_its_own_fragment),
           TEST(r4_impossible_sequence_across_fragments),
           TEST(r4_message_that_ends_inside_a_code_point),
           TEST(r4_empty_last_fragment_ends_inside_a_code_point),
           TEST(r4_text_marked_rsv1_is_not_checked),
           TEST(r4_only_text_is_checked),
           TEST(r4_fragmented_binary_is_not_checked),
           TEST(r4_checked_without_buffering_too),
           TEST(r4_nothing_after_the_failure_is_dispatched),
           TEST(r4_long_text_in_pieces_of_all_sizes))
