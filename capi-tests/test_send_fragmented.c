/* Fragmented messages: frames, the read callback, its source (S5, S2). */
#include "scenarios.h"
#include "states.h"

#define PIECES(list)                                                           \
  { NULL, list, COUNT_OF(list), 0, 0, 0 }

static void s5_frame_a_piece(void **state) {
  static const struct piece list[] = {
      {"one", 0, 0}, {"two", 0, 0}, {"three", 0, 1}};
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    struct pieces pieces = PIECES(list);
    struct peer peer;
    peer_init(&peer, role);
    assert_int_equal(peer_queue_pieces(&peer, TEXT, 0, &pieces), 0);
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_sent(&peer, "text+ \"one\"\ncont+ \"two\"\ncont \"three\"\n");
    assert_int_equal(pieces.calls, 3);
    assert_state(&peer, FRESH);
    peer_free(&peer);
  }
}

static void s5_eof_with_the_first_piece(void **state) {
  static const struct piece list[] = {{"all", 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, BINARY, 0, &pieces);
  assert_flushed(&peer, "binary \"all\"\n");
  peer_free(&peer);
}

static void s5_eof_without_bytes_is_an_empty_final_frame(void **state) {
  static const struct piece empty[] = {{"", 0, 1}};
  static const struct piece late[] = {{"one", 0, 0}, {"", 0, 1}};
  struct pieces nothing = PIECES(empty);
  struct pieces something = PIECES(late);
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer_queue_pieces(&peer, BINARY, 0, &nothing);
  peer_queue_pieces(&peer, TEXT, 0, &something);
  assert_flushed(&peer, "binary \"\"\ntext+ \"one\"\ncont \"\"\n");
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void s5_rsv1_on_the_first_frame_only(void **state) {
  static const struct piece list[] = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
  assert_int_equal(peer_queue_pieces(&peer, TEXT, WSLAY_RSV1_BIT, &pieces), 0);
  assert_flushed(&peer, "text+/4 \"a\"\ncont+ \"b\"\ncont \"c\"\n");
  peer_free(&peer);
}

static void q7_first_frame_carries_any_opcode(void **state) {
  static const struct piece list[] = {{"a", 0, 0}, {"b", 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(peer_queue_pieces(&peer, 3, 0, &pieces), 0);
  assert_flushed(&peer, "op3+ \"a\"\ncont \"b\"\n");
  peer_free(&peer);
}

static void s5_nothing_without_eof_ends_the_call(void **state) {
  static const struct piece list[] = {
      {"", 0, 0}, {"one", 0, 0}, {"", 0, 0}, {"two", 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  peer_queue(&peer, TEXT, "behind");
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(pieces.calls, 1);
  assert_sent(&peer, "");
  assert_state(&peer,
               "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 2 6");
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(pieces.calls, 3);
  assert_sent(&peer, "text+ \"one\"\n");
  assert_state(&peer,
               "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 2 6");
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, "cont \"two\"\ntext \"behind\"\n");
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void check_failing_read(ssize_t result, int error) {
  struct piece list[2] = {{"one", 0, 0}, {NULL, 0, 0}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  list[1].result = result;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  wslay_event_set_error(peer.ctx, error);
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_sent(&peer, "text+ \"one\"\n");
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(pieces.calls, 2);
  peer_free(&peer);
}

static void s5_failing_read_callback_fails(void **state) {
  (void)state;
  check_failing_read(-1, WSLAY_ERR_CALLBACK_FAILURE);
  check_failing_read(-1, 0);
  check_failing_read(-1, WSLAY_ERR_WOULDBLOCK);
  check_failing_read(WSLAY_ERR_WOULDBLOCK, WSLAY_ERR_WOULDBLOCK);
}

/* A read callback that claims more than it was offered. */
static ssize_t over_claiming_read(wslay_event_context_ptr ctx, uint8_t *buf,
                                  size_t len,
                                  const union wslay_event_msg_source *source,
                                  int *eof, void *user_data) {
  (void)ctx;
  (void)user_data;
  memset(buf, 'x', len);
  *eof = 1;
  return (ssize_t)(len + *(size_t *)source->data);
}

static void d5_read_callback_claims_more_than_offered(void **state) {
  size_t claims[] = {1, 100, SIZE_MAX / 2 - 100000};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(claims); i++) {
    struct wslay_event_fragmented_msg message = {
        WSLAY_TEXT_FRAME, {0}, over_claiming_read};
    struct peer peer;
    peer_init(&peer, SERVER);
    message.source.data = &claims[i];
    wslay_event_queue_fragmented_msg(peer.ctx, &message);
    assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
    assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
    assert_int_equal(peer.output.length, 0);
    peer_free(&peer);
  }
}

static void s5_at_most_4096_bytes_a_frame(void **state) {
  static char text[10001];
  struct piece list[1] = {{NULL, 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  struct frame frame;
  size_t offset = 0;
  size_t done = 0;
  size_t i;
  (void)state;
  for (i = 0; i < 10000; i++) {
    text[i] = (char)('a' + i % 23);
  }
  list[0].text = text;
  peer_init(&peer, CLIENT);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  send_rest(&peer);
  while (take_frame(&peer.output, &offset, &frame)) {
    assert_true(frame.length <= 4096);
    assert_int_equal(frame.opcode, done == 0 ? TEXT : CONT);
    assert_memory_equal(frame.payload, text + done, (size_t)frame.length);
    done += (size_t)frame.length;
    assert_int_equal(frame.fin, done == 10000);
  }
  assert_int_equal(done, 10000);
  assert_int_equal(offset, peer.output.length);
  assert_true(pieces.longest_asked <= 4096);
  assert_true(pieces.longest_asked > 0);
  peer_free(&peer);
}

/* Counts down in its source, as programs do that keep their place there. */
struct countdown {
  const union wslay_event_msg_source *seen_at;
  size_t moved;
  size_t calls;
  size_t eof_set;
};

static ssize_t counting_read(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len,
                             const union wslay_event_msg_source *source,
                             int *eof, void *user_data) {
  struct countdown *countdown = ((struct peer *)user_data)->hook_data;
  (void)ctx;
  (void)len;
  countdown->calls += 1;
  countdown->moved +=
      countdown->seen_at != NULL && countdown->seen_at != source;
  countdown->seen_at = source;
  countdown->eof_set += *eof != 0;
  buf[0] = (uint8_t)('0' + source->fd);
  *eof = source->fd == 0;
  ((union wslay_event_msg_source *)source)->fd -= 1;
  return 1;
}

static void s5_source_is_one_copy_that_may_be_written(void **state) {
  struct wslay_event_fragmented_msg message = {
      WSLAY_TEXT_FRAME, {5}, counting_read};
  struct countdown countdown = {NULL, 0, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer.hook_data = &countdown;
  peer.per_call = 2;
  assert_int_equal(wslay_event_queue_fragmented_msg(peer.ctx, &message), 0);
  message.source.fd = 99;
  message.read_callback = NULL;
  assert_flushed(&peer, "text+ \"5\"\ncont+ \"4\"\ncont+ \"3\"\n"
                        "cont+ \"2\"\ncont+ \"1\"\ncont \"0\"\n");
  assert_int_equal(countdown.calls, 6);
  assert_int_equal(countdown.moved, 0);
  assert_int_equal(countdown.eof_set, 0);
  assert_true(countdown.seen_at != &message.source);
  assert_int_equal(message.source.fd, 99);
  peer_free(&peer);
}

static void s2_control_goes_between_fragments(void **state) {
  static const struct piece list[] = {
      {"one", 0, 0}, {"two", 0, 0}, {"three", 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  peer.budget = 4;
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  peer_queue(&peer, PING, "between");
  peer_queue(&peer, TEXT, "behind");
  peer.budget = SIZE_MAX;
  assert_flushed(&peer, "text+ \"one\"\nping \"between\"\ncont+ \"two\"\n"
                        "cont \"three\"\ntext \"behind\"\n");
  peer_free(&peer);
}

static void s2_control_goes_out_while_a_message_stalls(void **state) {
  static const struct piece list[] = {
      {"one", 0, 0}, {"", 0, 0}, {"", 0, 0}, {"two", 0, 1}};
  struct pieces pieces = PIECES(list);
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, "text+ \"one\"\n");
  peer_queue(&peer, PING, "now");
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, "ping \"now\"\n");
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, "cont \"two\"\n");
  peer_free(&peer);
}

static void s2_one_fragmented_message_after_the_other(void **state) {
  static const struct piece a[] = {{"a1", 0, 0}, {"a2", 0, 1}};
  static const struct piece b[] = {{"b1", 0, 0}, {"b2", 0, 1}};
  struct pieces first = PIECES(a);
  struct pieces second = PIECES(b);
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &first);
  peer_queue_pieces(&peer, BINARY, 0, &second);
  assert_flushed(&peer, "text+ \"a1\"\ncont \"a2\"\n"
                        "binary+ \"b1\"\ncont \"b2\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_send_fragmented, TEST(s5_frame_a_piece),
           TEST(s5_eof_with_the_first_piece),
           TEST(s5_eof_without_bytes_is_an_empty_final_frame),
           TEST(s5_rsv1_on_the_first_frame_only),
           TEST(q7_first_frame_carries_any_opcode),
           TEST(s5_nothing_without_eof_ends_the_call),
           TEST(s5_failing_read_callback_fails),
           BEYOND_C(d5_read_callback_claims_more_than_offered),
           TEST(s5_at_most_4096_bytes_a_frame),
           TEST(s5_source_is_one_copy_that_may_be_written),
           TEST(s2_control_goes_between_fragments),
           TEST(s2_control_goes_out_while_a_message_stalls),
           TEST(s2_one_fragmented_message_after_the_other))
