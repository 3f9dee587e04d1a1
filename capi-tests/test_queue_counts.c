/* Queued messages and their length (Q6, D9), and which queue goes first (Q4).
 */
#include "states.h"

static void assert_queued(struct peer *peer, size_t count, size_t length) {
  assert_int_equal(wslay_event_get_queued_msg_count(peer->ctx), count);
  assert_int_equal(wslay_event_get_queued_msg_length(peer->ctx), length);
}

static void q4_control_messages_go_first(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue(&peer, TEXT, "one"), 0);
  assert_int_equal(peer_queue(&peer, PING, "two"), 0);
  assert_int_equal(peer_queue(&peer, BINARY, "three"), 0);
  assert_int_equal(peer_queue(&peer, PONG, "four"), 0);
  assert_flushed(&peer, "ping \"two\"\npong \"four\"\n"
                        "text \"one\"\nbinary \"three\"\n");
  peer_free(&peer);
}

static void q6_counts_of_both_queues(void **state) {
  static struct pieces none;
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  assert_queued(&peer, 0, 0);
  peer_queue(&peer, TEXT, "four");
  assert_queued(&peer, 1, 4);
  peer_queue(&peer, PING, "to");
  assert_queued(&peer, 2, 6);
  peer_queue(&peer, BINARY, "");
  assert_queued(&peer, 3, 6);
  peer_queue_pieces(&peer, TEXT, 0, &none);
  assert_queued(&peer, 4, 6);
  peer_free(&peer);
}

static void q6_close_counts_with_its_code(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_queue_close(peer.ctx, 1000, (const uint8_t *)"bye", 3);
  assert_queued(&peer, 1, 5);
  peer_free(&peer);

  peer_init(&peer, SERVER);
  wslay_event_queue_close(peer.ctx, 0, NULL, 0);
  assert_queued(&peer, 1, 0);
  peer_free(&peer);
}

/* Sends byte by byte; a message counts in full until its last byte is out. */
static void q6_message_leaves_with_its_last_byte(void **state) {
  struct peer peer;
  size_t sent;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "Hello");
  peer_queue(&peer, BINARY, "abc");
  for (sent = 1; sent <= 12; sent++) {
    peer.budget = 1;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer.output.length, sent);
    if (sent < 7) {
      assert_queued(&peer, 2, 8);
    } else if (sent < 12) {
      assert_queued(&peer, 1, 3);
    } else {
      assert_queued(&peer, 0, 0);
    }
  }
  peer_free(&peer);
}

static void q6_fragmented_message_leaves_with_its_last_frame(void **state) {
  static const struct piece text[] = {{"ab", 0, 0}, {"cd", 0, 1}};
  struct pieces pieces = {NULL, text, COUNT_OF(text), 0, 0, 0};
  struct peer peer;
  size_t sent;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  for (sent = 1; sent <= 8; sent++) {
    assert_queued(&peer, 1, 0);
    peer.budget = 1;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer.output.length, sent);
  }
  assert_queued(&peer, 0, 0);
  peer_free(&peer);
}

static void q6_data_behind_a_close_stays_counted(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "never");
  wslay_event_queue_close(peer.ctx, 1000, NULL, 0);
  assert_queued(&peer, 2, 7);
  assert_flushed(&peer, "close 1000 \"\"\n");
  assert_queued(&peer, 1, 5);
  peer_free(&peer);
}

static void d9_dropped_pings_and_pongs_leave_the_counts(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, PING, "one");
  peer_queue(&peer, PONG, "four");
  peer_queue(&peer, TEXT, "never");
  wslay_event_queue_close(peer.ctx, 1000, NULL, 0);
  assert_flushed(&peer, "close 1000 \"\"\n");
  assert_queued(&peer, 1, 5);
  peer_free(&peer);
}

/* RFC 6455 section 5.5.3: the most recent Ping is the one to answer. */
static void d15_waiting_pongs_are_bounded(void **state) {
  struct peer peer;
  size_t i;
  (void)state;
  peer_init(&peer, SERVER);
  peer.budget = 0;
  for (i = 0; i < 1000; i++) {
    peer_feed_text(&peer, FIN | PING, i < 999 ? "old" : "last");
    assert_int_equal(wslay_event_send(peer.ctx), 0);
  }
  assert_in_range(wslay_event_get_queued_msg_count(peer.ctx), 1, 2 * 64);
  assert_in_range(wslay_event_get_queued_msg_length(peer.ctx), 4, 2 * 64 * 4);
  peer.budget = SIZE_MAX;
  assert_true(strstr(peer_flush(&peer), "pong \"last\"\n") != NULL);
  assert_queued(&peer, 0, 0);
  peer_free(&peer);
}

TEST_GROUP(test_queue_counts, TEST(q4_control_messages_go_first),
           TEST(q6_counts_of_both_queues), TEST(q6_close_counts_with_its_code),
           TEST(q6_message_leaves_with_its_last_byte),
           TEST(q6_fragmented_message_leaves_with_its_last_frame),
           TEST(q6_data_behind_a_close_stays_counted),
           BEYOND_C(d9_dropped_pings_and_pongs_leave_the_counts),
           BEYOND_C(d15_waiting_pongs_are_bounded))
