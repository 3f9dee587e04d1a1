/* Receiving a Close: its code, its reason, the answer. */
#include "peer.h"

#include <stdio.h>

/* What may appear on the wire; 1012 to 1014 are d3's. */
static int may_be_received(int code) {
  return (code >= 1000 && code <= 1011 && code != 1004 && code != 1005 &&
          code != 1006) ||
         (code >= 3000 && code <= 4999);
}

static void receive_close(struct peer *peer, int code, const char *reason) {
  peer_input_close(peer, code, reason);
  assert_int_equal(wslay_event_recv(peer->ctx), 0);
}

static void assert_close_accepted(int code) {
  char events[160];
  char close[40];
  struct peer peer;
  peer_init(&peer, SERVER);
  receive_close(&peer, code, "bye");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 1);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), code);
  assert_int_equal(peer.messages, 1);
  sprintf(events, " %d\n", code);
  assert_non_null(strstr(peer_events(&peer), events));
  sprintf(close, "close %d \"bye\"\n", code);
  assert_flushed(&peer, close);
  peer_free(&peer);
}

static void assert_close_refused(int code) {
  struct peer peer;
  peer_init(&peer, SERVER);
  receive_close(&peer, code, "bye");
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1006);
  assert_int_equal(peer.messages, 0);
  assert_failed_with(&peer, 1002);
  peer_free(&peer);
}

static void r8_every_code(void **state) {
  int code;
  (void)state;
  for (code = 0; code <= 0xffff; ++code) {
    at_row("code %d", code);
    if (code >= 1012 && code <= 1014) {
      continue;
    }
    if (may_be_received(code)) {
      assert_close_accepted(code);
    } else {
      assert_close_refused(code);
    }
  }
  at_row(NULL);
}

static void d3_codes_1012_to_1014_are_accepted(void **state) {
  (void)state;
  assert_close_accepted(1012);
  assert_close_accepted(1013);
  assert_close_accepted(1014);
}

static void r8_close_is_reported_recorded_and_answered(void **state) {
  int role;
  (void)state;
  for (role = SERVER; role <= CLIENT; ++role) {
    struct peer peer;
    peer_init(&peer, role);
    receive_close(&peer, 1001, "bye");
    assert_events(&peer, "start close 5\nchunk \"\\x03\\xe9"
                         "bye\"\nend\n"
                         "msg close \"\\x03\\xe9"
                         "bye\" 1001\n");
    assert_int_equal(wslay_event_want_read(peer.ctx), 0);
    assert_int_equal(wslay_event_want_write(peer.ctx), 1);
    assert_int_equal(wslay_event_get_close_sent(peer.ctx), 0);
    assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
    assert_int_equal(wslay_event_get_queued_msg_length(peer.ctx), 5);
    assert_int_equal(peer_queue(&peer, TEXT, "x"), WSLAY_ERR_NO_MORE_MSG);
    assert_flushed(&peer, "close 1001 \"bye\"\n");
    assert_int_equal(wslay_event_get_close_sent(peer.ctx), 1);
    assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1001);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
    peer_free(&peer);
  }
}

static void r8_close_without_a_code(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, FIN | CLOSE, "");
  /* r7: status_code is 0, and it is an empty message. */
  assert_events(&peer, "start close 0\nchunk \"\"\nend\nmsg close NULL 0\n");
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 1);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1005);
  assert_flushed(&peer, "close\n");
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1005);
  peer_free(&peer);
}

static void r8_code_without_a_reason(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  receive_close(&peer, 4999, "");
  assert_events(&peer, "start close 2\nchunk \"\\x13\\x87\"\nend\n"
                       "msg close \"\\x13\\x87\" 4999\n");
  assert_flushed(&peer, "close 4999 \"\"\n");
  peer_free(&peer);
}

static void r8_longest_reason(void **state) {
  char reason[124];
  struct bytes expected = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  memset(reason, 'r', 123);
  reason[123] = 0;
  bytes_add_text(&expected, "close 1000 ");
  bytes_add_quoted(&expected, reason, 123);
  bytes_add_text(&expected, "\n");
  peer_init(&peer, SERVER);
  receive_close(&peer, 1000, reason);
  assert_int_equal(peer.messages, 1);
  assert_flushed(&peer, bytes_text(&expected));
  peer_free(&peer);
  bytes_free(&expected);
}

static void note_state(struct peer *peer, const void *argument) {
  char line[80];
  (void)argument;
  sprintf(line, "read %d, received %d, code %d, queued %d",
          wslay_event_get_read_enabled(peer->ctx),
          wslay_event_get_close_received(peer->ctx),
          wslay_event_get_status_code_received(peer->ctx),
          (int)wslay_event_get_queued_msg_count(peer->ctx));
  peer_note(peer, line);
}

static void r8_message_callback_runs_last(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hooks[IN_END] = note_state;
  peer.hooks[IN_MESSAGE] = note_state;
  receive_close(&peer, 1000, "");
  assert_events(&peer, "start close 2\nchunk \"\\x03\\xe8\"\nend\n"
                       "read 1, received 0, code 1006, queued 0\n"
                       "msg close \"\\x03\\xe8\" 1000\n"
                       "read 0, received 1, code 1000, queued 1\n");
  peer_free(&peer);
}

static void r8_forbidden_code_is_no_message(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  receive_close(&peer, 1005, "");
  assert_events(&peer, "start close 2\nchunk \"\\x03\\xed\"\nend\n");
  assert_failed_with(&peer, 1002);
  peer_free(&peer);
}

static void r8_not_answered_when_a_close_was_queued(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0), 0);
  receive_close(&peer, 1000, "bye");
  assert_int_equal(peer.messages, 1);
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 1);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1000);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 1);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

static void r8_not_answered_when_a_close_was_sent(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0), 0);
  assert_flushed(&peer, "close 1001 \"\"\n");
  receive_close(&peer, 1001, "");
  assert_int_equal(peer.messages, 1);
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 1);
  assert_int_equal(wslay_event_get_close_sent(peer.ctx), 1);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  assert_flushed(&peer, "");
  peer_free(&peer);
}

static void r8_close_of_queue_msg_goes_out_alone(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, CLOSE, "\x03\xe9"), 0);
  receive_close(&peer, 1000, "");
  assert_int_equal(peer.messages, 1);
  assert_flushed(&peer, "close 1001 \"\"\n");
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1001);
  peer_free(&peer);
}

static void r8_recorded_but_not_answered_without_writing(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_shutdown_write(peer.ctx);
  receive_close(&peer, 1000, "bye");
  assert_int_equal(peer.messages, 1);
  assert_int_equal(wslay_event_get_close_received(peer.ctx), 1);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1000);
  assert_int_equal(wslay_event_get_close_sent(peer.ctx), 0);
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1006);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_free(&peer);
}

static void r8_answer_goes_before_messages_that_wait(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, TEXT, "waits"), 0);
  assert_int_equal(peer_queue(&peer, PING, "too"), 0);
  receive_close(&peer, 1000, "bye");
  assert_flushed(&peer, "close 1000 \"bye\"\n");
  peer_free(&peer);
}

static void r4_reason_must_be_utf8(void **state) {
  static const struct {
    const char *reason;
    const char *events;
  } rows[] = {
      {"\xff", "start close 3\n"},
      {"ok\xed\xa0\x80", "start close 7\n"},
      {"\x80", "start close 3\n"},
      /* It ends inside a code point: known only at the end. */
      {"\xc3", "start close 3\nchunk \"\\x03\\xe8\\xc3\"\n"},
      {"ok\xf0\x9f\x98",
       "start close 7\nchunk \"\\x03\\xe8ok\\xf0\\x9f\\x98\"\n"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(rows); ++i) {
    struct peer peer;
    at_row("reason %d", (int)i);
    peer_init(&peer, SERVER);
    receive_close(&peer, 1000, rows[i].reason);
    assert_events(&peer, rows[i].events);
    assert_int_equal(wslay_event_get_close_received(peer.ctx), 0);
    assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 1006);
    assert_failed_with(&peer, 1007);
    peer_free(&peer);
  }
  at_row(NULL);
}

static void r4_reason_may_be_any_utf8(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  /* The code's own bytes, 0x0f 0xa0 here, are no part of the text. */
  receive_close(&peer, 4000, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  assert_int_equal(peer.messages, 1);
  assert_flushed(&peer, "close 4000 \"\\xc3\\xa9\\xe2\\x82\\xac"
                        "\\xf0\\x9f\\x98\\x80\"\n");
  peer_free(&peer);
}

static void r4_reason_between_fragments_has_its_own_check(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  /* A code point begun in the text is not finished by the reason. */
  peer_feed_text(&peer, TEXT, "\xc3");
  receive_close(&peer, 1000, "\xc3\xa9");
  assert_int_equal(peer.messages, 1);
  assert_flushed(&peer, "close 1000 \"\\xc3\\xa9\"\n");
  peer_free(&peer);

  peer_init(&peer, SERVER);
  peer_feed_text(&peer, TEXT, "\xc3");
  receive_close(&peer, 1000, "\xa9");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

static void r4_reason_is_judged_before_the_code(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  receive_close(&peer, 1005, "\xff");
  assert_failed_with(&peer, 1007);
  peer_free(&peer);
}

TEST_GROUP(test_recv_close, TEST(r8_every_code),
           BEYOND_C(d3_codes_1012_to_1014_are_accepted),
           TEST(r8_close_is_reported_recorded_and_answered),
           TEST(r8_close_without_a_code), TEST(r8_code_without_a_reason),
           TEST(r8_longest_reason), TEST(r8_message_callback_runs_last),
           TEST(r8_forbidden_code_is_no_message),
           TEST(r8_not_answered_when_a_close_was_queued),
           TEST(r8_not_answered_when_a_close_was_sent),
           TEST(r8_close_of_queue_msg_goes_out_alone),
           TEST(r8_recorded_but_not_answered_without_writing),
           TEST(r8_answer_goes_before_messages_that_wait),
           TEST(r4_reason_must_be_utf8), TEST(r4_reason_may_be_any_utf8),
           TEST(r4_reason_between_fragments_has_its_own_check),
           TEST(r4_reason_is_judged_before_the_code))
