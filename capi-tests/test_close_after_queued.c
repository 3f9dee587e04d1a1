/* wslayx_event_config_set_close_after_queued: the library's own Close behind
   the messages queued before it; and that without it nothing has changed (S3).
 */
#include "states.h"

#ifndef WSLAY_ORACLE
#include <wslay/wslayx.h>
#else
/* C wslay has no such function: the tests below are skipped. */
static void
wslayx_event_config_set_close_after_queued(wslay_event_context_ptr ctx,
                                           int val) {
  (void)ctx;
  (void)val;
}
#endif

static void init(struct peer *peer, int close_after_queued) {
  peer_init(peer, SERVER);
  wslayx_event_config_set_close_after_queued(peer->ctx, close_after_queued);
  assert_int_equal(peer_queue(peer, TEXT, "one"), 0);
  assert_int_equal(peer_queue(peer, PING, "two"), 0);
  assert_int_equal(peer_queue(peer, BINARY, "three"), 0);
}

static void s3_close_of_the_library_waits_for_what_is_queued(void **state) {
  struct peer peer;
  (void)state;
  init(&peer, 1);
  peer_feed_text(&peer, FIN | 0x3, "reserved opcode");
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 0);
  assert_int_equal(peer_queue(&peer, TEXT, "late"), WSLAY_ERR_NO_MORE_MSG);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 4);
  assert_flushed(&peer, "ping \"two\"\ntext \"one\"\nbinary \"three\"\n"
                        "close 1002 \"\"\n");
  assert_int_equal(wslay_event_get_close_sent(peer.ctx), 1);
  assert_int_equal(wslay_event_get_status_code_sent(peer.ctx), 1002);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_get_queued_msg_count(peer.ctx), 0);
  peer_free(&peer);
}

static void s3_answer_to_a_close_waits_for_a_fragmented_message(void **state) {
  static const struct piece text[] = {{"a", 0, 0}, {NULL, 0, 0}, {"b", 0, 1}};
  struct pieces pieces = {NULL, text, 3, 0, 0, 0};
  struct peer peer;
  (void)state;
  init(&peer, 1);
  assert_int_equal(peer_queue_pieces(&peer, TEXT, 0, &pieces), 0);
  peer_input_close(&peer, 1000, "bye");
  assert_int_equal(peer_recv_all(&peer), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, "ping \"two\"\ntext \"one\"\nbinary \"three\"\n"
                     "text+ \"a\"\n");
  assert_int_equal(wslay_event_want_write(peer.ctx), 1);
  assert_flushed(&peer, "cont \"b\"\nclose 1000 \"bye\"\n");
  peer_free(&peer);
}

static void s3_off_and_off_again_is_as_in_wslay(void **state) {
  struct peer peer;
  (void)state;
  init(&peer, 0);
  peer_feed_text(&peer, FIN | 0x3, "reserved opcode");
  assert_flushed(&peer, "close 1002 \"\"\n");
  peer_free(&peer);

  init(&peer, 1);
  wslayx_event_config_set_close_after_queued(peer.ctx, 0);
  peer_input_close(&peer, 1001, "");
  assert_int_equal(peer_recv_all(&peer), 0);
  assert_flushed(&peer, "close 1001 \"\"\n");
  peer_free(&peer);
}

static void s3_a_close_of_the_program_overtakes_in_any_case(void **state) {
  struct peer peer;
  (void)state;
  init(&peer, 1);
  assert_int_equal(wslay_event_queue_close(peer.ctx, 1000, NULL, 0), 0);
  peer_feed_text(&peer, FIN | 0x3, "reserved opcode");
  assert_flushed(&peer, "close 1000 \"\"\n");
  wslayx_event_config_set_close_after_queued(NULL, 1);
  peer_free(&peer);
}

static void s3_the_close_keeps_its_place_byte_by_byte(void **state) {
  struct peer peer;
  (void)state;
  init(&peer, 1);
  peer_feed_text(&peer, FIN | 0x3, "reserved opcode");
  peer.per_call = 1;
  assert_flushed(&peer, "ping \"two\"\ntext \"one\"\nbinary \"three\"\n"
                        "close 1002 \"\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_close_after_queued,
           BEYOND_C(s3_close_of_the_library_waits_for_what_is_queued),
           BEYOND_C(s3_answer_to_a_close_waits_for_a_fragmented_message),
           BEYOND_C(s3_off_and_off_again_is_as_in_wslay),
           BEYOND_C(s3_a_close_of_the_program_overtakes_in_any_case),
           BEYOND_C(s3_the_close_keeps_its_place_byte_by_byte))
