/* Which message goes next (S2), and what a waiting Close does (S3). */
#include "scenarios.h"
#include "states.h"

#include <stdio.h>

static void s2_each_queue_in_its_order(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "a");
  peer_queue(&peer, PING, "1");
  peer_queue(&peer, BINARY, "b");
  peer_queue(&peer, PONG, "2");
  peer_queue(&peer, TEXT, "c");
  peer_queue(&peer, PING, "3");
  assert_flushed(&peer, "ping \"1\"\npong \"2\"\nping \"3\"\n"
                        "text \"a\"\nbinary \"b\"\ntext \"c\"\n");
  peer_free(&peer);
}

static void s2_many_control_messages(void **state) {
  enum role role;
  size_t cut;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (cut = 0; cut <= 200; cut += 50) {
      struct bytes expected = {NULL, 0, 0};
      struct peer peer;
      int i;
      peer_init(&peer, role);
      peer_queue(&peer, TEXT, "last");
      for (i = 0; i < 100; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%d", i);
        assert_int_equal(peer_queue(&peer, i % 2 ? PONG : PING, text), 0);
        bytes_add_text(&expected, "%s \"%d\"\n", i % 2 ? "pong" : "ping", i);
      }
      bytes_add_text(&expected, "text \"last\"\n");
      peer.budget = cut;
      assert_int_equal(wslay_event_send(peer.ctx), 0);
      assert_int_equal(peer.output.length, cut);
      peer.budget = SIZE_MAX;
      assert_flushed(&peer, bytes_text(&expected));
      bytes_free(&expected);
      peer_free(&peer);
    }
  }
}

/* Sends `cut` bytes of two texts, queues what `late` says, sends the rest. */
static const char *send_with_late(struct peer *peer, enum role role, size_t cut,
                                  void (*late)(struct peer *)) {
  peer_init(peer, role);
  peer_queue(peer, TEXT, "Hello");
  peer_queue(peer, BINARY, "second");
  peer->budget = cut;
  assert_int_equal(wslay_event_send(peer->ctx), 0);
  assert_int_equal(peer->output.length, cut);
  peer->budget = SIZE_MAX;
  late(peer);
  return peer_flush(peer);
}

static size_t text_frame_length(enum role role) {
  return role == CLIENT ? 11 : 7;
}

static size_t binary_frame_length(enum role role) {
  return role == CLIENT ? 12 : 8;
}

static void late_ping(struct peer *peer) {
  assert_int_equal(peer_queue(peer, PING, "late"), 0);
}

static void late_close(struct peer *peer) {
  assert_int_equal(wslay_event_queue_close(peer->ctx, 1000, NULL, 0), 0);
}

static void late_ping_and_close(struct peer *peer) {
  late_ping(peer);
  late_close(peer);
}

static void s2_control_goes_before_data_that_waits(void **state) {
  enum role role;
  size_t cut;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (cut = 1; cut < text_frame_length(role); cut++) {
      struct peer peer;
      assert_string_equal(send_with_late(&peer, role, cut, late_ping),
                          "text \"Hello\"\nping \"late\"\nbinary \"second\"\n");
      peer_free(&peer);
    }
  }
}

static void s2_frame_once_begun_is_finished_first(void **state) {
  enum role role;
  size_t cut;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    size_t first = text_frame_length(role);
    for (cut = first + 1; cut < first + binary_frame_length(role); cut++) {
      struct peer peer;
      assert_string_equal(send_with_late(&peer, role, cut, late_ping),
                          "text \"Hello\"\nbinary \"second\"\nping \"late\"\n");
      peer_free(&peer);
    }
  }
}

static void s3_close_goes_before_data_that_waits(void **state) {
  enum role role;
  size_t cut;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (cut = 1; cut < text_frame_length(role); cut++) {
      struct peer peer;
      assert_string_equal(send_with_late(&peer, role, cut, late_close),
                          "text \"Hello\"\nclose 1000 \"\"\n");
      assert_state(&peer,
                   "read 1 1 write 0 0 closed 0 1 codes 1006 1000 queued 1 6");
      assert_int_equal(wslay_event_send(peer.ctx), 0);
      assert_sent(&peer, "");
      peer_free(&peer);
    }
  }
}

static void s3_close_drops_waiting_pings_and_pongs(void **state) {
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct peer peer;
    assert_string_equal(send_with_late(&peer, role, 1, late_ping_and_close),
                        "text \"Hello\"\nclose 1000 \"\"\n");
    peer_free(&peer);

    peer_init(&peer, role);
    peer_queue(&peer, PING, "a");
    peer_queue(&peer, PONG, "b");
    late_close(&peer);
    assert_flushed(&peer, "close 1000 \"\"\n");
    peer_free(&peer);
  }
}

static void s3_ping_once_begun_is_finished_first(void **state) {
  size_t cut;
  (void)state;
  for (cut = 1; cut < 6; cut++) {
    struct peer peer;
    peer_init(&peer, SERVER);
    peer_queue(&peer, PING, "ping");
    peer_queue(&peer, PONG, "pong");
    peer.budget = cut;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    peer.budget = SIZE_MAX;
    late_close(&peer);
    assert_flushed(&peer, "ping \"ping\"\nclose 1000 \"\"\n");
    peer_free(&peer);
  }
}

static void s3_close_of_the_library_drops_pongs(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "never");
  peer_input_text(&peer, FIN | PING, "are you there");
  peer_input_close(&peer, 1001, "");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

static void s3_close_of_the_library_ends_a_fragmented_message(void **state) {
  static const struct piece text[] = {{"one", 0, 0}, {"two", 0, 1}};
  struct pieces pieces = {NULL, text, COUNT_OF(text), 0, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  peer.budget = 3;
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  peer.budget = SIZE_MAX;
  peer_input_close(&peer, 1001, "");
  assert_int_equal(wslay_event_recv(peer.ctx), 0);
  assert_flushed(&peer, "text+ \"one\"\nclose 1001 \"\"\n");
  assert_state(&peer,
               "read 0 0 write 0 0 closed 1 1 codes 1001 1001 queued 1 0");
  peer_free(&peer);
}

/* A Close queued as a message waits its turn among the control messages. */
static void q1_close_by_queue_msg_drops_nothing_before_it(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "never");
  peer_queue(&peer, PING, "before");
  peer_queue(&peer, CLOSE, "\x03\xe8");
  peer_queue(&peer, PING, "behind");
  assert_flushed(&peer, "ping \"before\"\nclose 1000 \"\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_send_order, TEST(s2_each_queue_in_its_order),
           TEST(s2_many_control_messages),
           TEST(s2_control_goes_before_data_that_waits),
           TEST(s2_frame_once_begun_is_finished_first),
           TEST(s3_close_goes_before_data_that_waits),
           TEST(s3_close_drops_waiting_pings_and_pongs),
           TEST(s3_ping_once_begun_is_finished_first),
           TEST(s3_close_of_the_library_drops_pongs),
           TEST(s3_close_of_the_library_ends_a_fragmented_message),
           TEST(q1_close_by_queue_msg_drops_nothing_before_it))
