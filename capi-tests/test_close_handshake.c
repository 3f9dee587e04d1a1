/* Closing handshakes of both roles, all getters at each step (R8, Q1, S6). */
#include "states.h"

static void receive_close(struct peer *peer, int code, const char *reason) {
  peer_input_close(peer, code, reason);
  assert_int_equal(wslay_event_recv(peer->ctx), 0);
}

static void check_state_in_message(struct peer *peer, const void *argument) {
  const struct wslay_event_on_msg_recv_arg *message = argument;
  PEER_CHECK(peer, message->opcode == WSLAY_CONNECTION_CLOSE);
  PEER_CHECK(peer, message->status_code == 1000);
  PEER_CHECK(
      peer,
      strcmp(peer_state(peer),
             "read 0 0 write 1 1 closed 1 0 codes 1000 1006 queued 1 5") == 0);
  PEER_CHECK(peer, peer_queue(peer, PING, "x") == WSLAY_ERR_NO_MORE_MSG);
}

static void r8_peer_closes(void **state) {
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct peer peer;
    peer_init(&peer, role);
    assert_state(&peer, FRESH);
    peer.hooks[IN_MESSAGE] = check_state_in_message;
    receive_close(&peer, 1000, "bye");
    assert_int_equal(peer.messages, 1);
    assert_state(&peer,
                 "read 0 0 write 1 1 closed 1 0 codes 1000 1006 queued 1 5");
    assert_no_more_messages(&peer);
    assert_flushed(&peer, "close 1000 \"bye\"\n");
    assert_state(&peer,
                 "read 0 0 write 0 0 closed 1 1 codes 1000 1000 queued 0 0");
    assert_no_more_messages(&peer);
    peer_input_text(&peer, FIN | TEXT, "late");
    assert_int_equal(wslay_event_recv(peer.ctx), 0);
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer.messages, 1);
    peer_free(&peer);
  }
}

static void r8_peer_closes_without_code(void **state) {
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct peer peer;
    peer_init(&peer, role);
    peer_feed_text(&peer, FIN | CLOSE, "");
    assert_events(&peer, "start close 0\nchunk \"\"\nend\nmsg close NULL 0\n");
    assert_state(&peer,
                 "read 0 0 write 1 1 closed 1 0 codes 1005 1006 queued 1 0");
    assert_flushed(&peer, "close\n");
    assert_state(&peer,
                 "read 0 0 write 0 0 closed 1 1 codes 1005 1005 queued 0 0");
    peer_free(&peer);
  }
}

static void r8_longest_close_is_answered_whole(void **state) {
  struct peer peer;
  char reason[124];
  (void)state;
  memset(reason, 'r', 123);
  reason[123] = 0;
  peer_init(&peer, SERVER);
  receive_close(&peer, 4999, reason);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.output.length, 127);
  assert_memory_equal(peer.output.at, "\x88\x7d\x13\x87", 4);
  assert_memory_equal(peer.output.at + 4, reason, 123);
  assert_int_equal(wslay_event_get_status_code_received(peer.ctx), 4999);
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 4999);
  peer_free(&peer);
}

static void s6_we_close_and_the_peer_answers(void **state) {
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct peer peer;
    peer_init(&peer, role);
    assert_int_equal(
        wslay_event_queue_close(peer.ctx, 1001, (const uint8_t *)"x", 1), 0);
    assert_state(&peer,
                 "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 1 3");
    assert_flushed(&peer, "close 1001 \"x\"\n");
    assert_state(&peer,
                 "read 1 1 write 0 0 closed 0 1 codes 1006 1001 queued 0 0");
    receive_close(&peer, 1001, "x");
    assert_int_equal(peer.messages, 1);
    assert_state(&peer,
                 "read 0 0 write 0 0 closed 1 1 codes 1001 1001 queued 0 0");
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_sent(&peer, "");
    peer_free(&peer);
  }
}

static void s6_peer_may_go_on_after_our_close(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_queue_close(peer.ctx, 1000, NULL, 0);
  assert_flushed(&peer, "close 1000 \"\"\n");
  peer_feed_text(&peer, FIN | TEXT, "still here");
  peer_feed_text(&peer, FIN | PING, "p");
  assert_int_equal(peer.messages, 2);
  assert_state(&peer,
               "read 1 1 write 0 0 closed 0 1 codes 1006 1000 queued 0 0");
  receive_close(&peer, 1002, "");
  assert_state(&peer,
               "read 0 0 write 0 0 closed 1 1 codes 1002 1000 queued 0 0");
  assert_flushed(&peer, "");
  peer_free(&peer);
}

static void r8_both_close_at_once(void **state) {
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct peer peer;
    peer_init(&peer, role);
    wslay_event_queue_close(peer.ctx, 1001, (const uint8_t *)"x", 1);
    receive_close(&peer, 1000, "");
    assert_int_equal(peer.messages, 1);
    assert_state(&peer,
                 "read 0 0 write 1 1 closed 1 0 codes 1000 1006 queued 1 3");
    assert_flushed(&peer, "close 1001 \"x\"\n");
    assert_state(&peer,
                 "read 0 0 write 0 0 closed 1 1 codes 1000 1001 queued 0 0");
    peer_free(&peer);
  }
}

static void r8_no_second_close_after_one_by_queue_msg(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, CLOSE, "\x03\xe8");
  assert_flushed(&peer, "close 1000 \"\"\n");
  receive_close(&peer, 1001, "");
  assert_state(&peer,
               "read 0 0 write 0 0 closed 1 1 codes 1001 1000 queued 0 0");
  assert_flushed(&peer, "");
  peer_free(&peer);
}

static void r8_close_cut_in_two_is_answered_whole(void **state) {
  struct peer peer;
  size_t cut;
  (void)state;
  for (cut = 1; cut < 9; cut++) {
    peer_init(&peer, SERVER);
    receive_close(&peer, 3000, "later");
    peer.budget = cut;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_state(&peer,
                 "read 0 0 write 1 1 closed 1 0 codes 3000 1006 queued 1 7");
    peer.budget = SIZE_MAX;
    assert_flushed(&peer, "close 3000 \"later\"\n");
    peer_free(&peer);
  }
}

static void q1_no_answer_when_writing_is_shut_down(void **state) {
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct peer peer;
    peer_init(&peer, role);
    wslay_event_shutdown_write(peer.ctx);
    assert_state(&peer,
                 "read 1 1 write 0 0 closed 0 0 codes 1006 1006 queued 0 0");
    receive_close(&peer, 1000, "");
    assert_int_equal(peer.messages, 1);
    assert_state(&peer,
                 "read 0 0 write 0 0 closed 1 0 codes 1000 1006 queued 0 0");
    peer_free(&peer);
  }
}

static void r11_shut_down_reading_still_sends(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_shutdown_read(peer.ctx);
  peer_input_close(&peer, 1000, "");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_int_equal(peer.recv_calls, 0);
  assert_state(&peer,
               "read 0 0 write 1 0 closed 0 0 codes 1006 1006 queued 0 0");
  wslay_event_queue_close(peer.ctx, 1008, NULL, 0);
  assert_flushed(&peer, "close 1008 \"\"\n");
  assert_state(&peer,
               "read 0 0 write 0 0 closed 0 1 codes 1006 1008 queued 0 0");
  peer_free(&peer);
}

static void r3_protocol_error_is_no_close_received(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_feed_text(&peer, FIN | RSV3 | TEXT, "x");
  assert_state(&peer,
               "read 0 0 write 1 1 closed 0 0 codes 1006 1006 queued 1 2");
  assert_flushed(&peer, "close 1002 \"\"\n");
  assert_state(&peer,
               "read 0 0 write 0 0 closed 0 1 codes 1006 1002 queued 0 0");
  peer_free(&peer);
}

static void r3_protocol_error_after_our_close_queues_nothing(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_queue_close(peer.ctx, 1001, NULL, 0);
  peer_feed_text(&peer, FIN | RSV3 | TEXT, "x");
  assert_state(&peer,
               "read 0 0 write 1 1 closed 0 0 codes 1006 1006 queued 1 2");
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_close_handshake, TEST(r8_peer_closes),
           TEST(r8_peer_closes_without_code),
           TEST(r8_longest_close_is_answered_whole),
           TEST(s6_we_close_and_the_peer_answers),
           TEST(s6_peer_may_go_on_after_our_close), TEST(r8_both_close_at_once),
           TEST(r8_no_second_close_after_one_by_queue_msg),
           TEST(r8_close_cut_in_two_is_answered_whole),
           TEST(q1_no_answer_when_writing_is_shut_down),
           TEST(r11_shut_down_reading_still_sends),
           TEST(r3_protocol_error_is_no_close_received),
           TEST(r3_protocol_error_after_our_close_queues_nothing))
