/* wslay_event_queue_close and Closes queued as messages (Q2, Q5, Q7, S6). */
#include "states.h"

static void q5_code_0_is_an_empty_close(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(
      wslay_event_queue_close(peer.ctx, 0, (const uint8_t *)"why", 3), 0);
  assert_flushed(&peer, "close\n");
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1005);
  peer_free(&peer);
}

static void q5_code_0_does_not_look_at_the_reason(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 0, NULL, 3), 0);
  assert_flushed(&peer, "close\n");
  peer_free(&peer);
}

static void q5_code_is_not_judged(void **state) {
  static const uint16_t codes[] = {1,    999,  1004, 1005, 1006,
                                   1015, 2000, 5000, 65535};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(codes); i++) {
    struct peer peer;
    peer_init(&peer, SERVER);
    assert_int_equal(wslay_event_queue_close(peer.ctx, codes[i], NULL, 0), 0);
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer.output.length, 4);
    assert_int_equal(peer.output.at[2] << 8 | peer.output.at[3], codes[i]);
    assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), codes[i]);
    peer_free(&peer);
  }
}

static void q2_reason_of_at_most_123_bytes(void **state) {
  uint8_t reason[200];
  struct bytes expected = {NULL, 0, 0};
  struct peer peer;
  (void)state;
  memset(reason, 'r', sizeof(reason));
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, reason, 124),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, reason, 200),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_state(&peer, FRESH);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, reason, 123), 0);
  memset(reason, 'x', sizeof(reason));
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  bytes_add(&expected, "\x88\x7d\x03\xe8", 4);
  while (expected.length < 127) {
    bytes_add_byte(&expected, 'r');
  }
  assert_int_equal(peer.output.length, expected.length);
  assert_memory_equal(peer.output.at, expected.at, expected.length);
  bytes_free(&expected);
  peer_free(&peer);
}

/* The limit of Q2 comes before Q5, which ignores the reason itself. */
static void q2_reason_above_123_bytes_with_code_0(void **state) {
  static const uint8_t reason[124] = {0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 0, reason, 124),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void q1_second_close_is_refused(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, NULL, 0), 0);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1001, NULL, 0),
                   WSLAY_ERR_NO_MORE_MSG);
  assert_flushed(&peer, "close 1000 \"\"\n");
  peer_free(&peer);
}

static void q7_second_close_stays_unsent(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, CLOSE, "\x03\xe9"), 0);
  assert_int_equal(peer_queue(&peer, CLOSE, "\x03\xea"), 0);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1003, NULL, 0), 0);
  assert_flushed(&peer, "close 1001 \"\"\n");
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1001);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_flushed(&peer, "");
  peer_free(&peer);
}

static void s6_close_by_queue_msg_records_its_code(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, CLOSE, "\x0f\xa0reason"), 0);
  assert_state(&peer,
               "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 1 8");
  assert_flushed(&peer, "close 4000 \"reason\"\n");
  assert_state(&peer,
               "read 1 1 write 0 0 closed 0 1 codes 1006 4000 queued 0 0");
  peer_free(&peer);
}

static void s6_close_without_code_records_1005(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  assert_int_equal(peer_queue(&peer, CLOSE, ""), 0);
  assert_flushed(&peer, "close\n");
  assert_state(&peer,
               "read 1 1 write 0 0 closed 0 1 codes 1006 1005 queued 0 0");
  peer_free(&peer);
}

static void s6_nothing_is_recorded_before_the_last_byte(void **state) {
  struct peer peer;
  size_t sent;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_queue_close(peer.ctx, 1001, (const uint8_t *)"x", 1);
  for (sent = 0; sent < 5; sent++) {
    assert_state(&peer,
                 "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 1 3");
    peer.budget = 1;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
  }
  assert_state(&peer,
               "read 1 1 write 0 0 closed 0 1 codes 1006 1001 queued 0 0");
  assert_sent(&peer, "close 1001 \"x\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_queue_close, TEST(q5_code_0_is_an_empty_close),
           TEST(q5_code_0_does_not_look_at_the_reason),
           TEST(q5_code_is_not_judged), TEST(q2_reason_of_at_most_123_bytes),
           TEST(q2_reason_above_123_bytes_with_code_0),
           TEST(q1_second_close_is_refused), TEST(q7_second_close_stays_unsent),
           TEST(s6_close_by_queue_msg_records_its_code),
           TEST(s6_close_without_code_records_1005),
           TEST(s6_nothing_is_recorded_before_the_last_byte))
