/* wslay_event_write taking turns with wslay_event_send (D8), and its failures
 * (D5, D10, D12). */
#include "scenarios.h"
#include "states.h"

enum { ROOM = 100000 };

static void check_send_then_write(const struct scenario *scenario,
                                  enum role role, struct bytes *stream) {
  size_t cut;
  for (cut = 1; cut < stream->length; cut++) {
    struct peer peer;
    peer_init(&peer, role);
    scenario->queue(&peer);
    peer.budget = cut;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer_write(&peer, ROOM), stream->length - cut);
    assert_stream(&peer, stream, scenario->name);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    peer_free(&peer);
  }
}

static void check_write_then_send(const struct scenario *scenario,
                                  enum role role, struct bytes *stream) {
  size_t cut;
  for (cut = 1; cut < stream->length; cut++) {
    struct peer peer;
    peer_init(&peer, role);
    scenario->queue(&peer);
    assert_true(peer_write(&peer, cut) >= 0);
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_stream(&peer, stream, scenario->name);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    peer_free(&peer);
  }
}

static void check_turns(const struct scenario *scenario, enum role role,
                        struct bytes *stream) {
  size_t step;
  for (step = 1; step <= 20; step++) {
    struct peer peer;
    size_t turns = 0;
    peer_init(&peer, role);
    scenario->queue(&peer);
    peer.per_call = step;
    while (wslay_event_want_write(peer.ctx)) {
      assert_int_equal(wslay_event_send(peer.ctx), 0);
      assert_true(peer_write(&peer, step) >= 0);
      assert_true(++turns < 10000);
    }
    assert_stream(&peer, stream, scenario->name);
    peer_free(&peer);
  }
}

static void for_every_scenario(void (*check)(const struct scenario *, enum role,
                                             struct bytes *)) {
  struct bytes stream = {NULL, 0, 0};
  size_t i;
  enum role role;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < SCENARIOS; i++) {
      scenario_stream(&scenarios[i], role, &stream);
      check(&scenarios[i], role, &stream);
    }
  }
  bytes_free(&stream);
}

static void d8_write_goes_on_where_send_stopped(void **state) {
  (void)state;
  for_every_scenario(check_send_then_write);
}

static void d8_send_goes_on_where_write_stopped(void **state) {
  (void)state;
  for_every_scenario(check_write_then_send);
}

static void d8_write_and_send_take_turns(void **state) {
  (void)state;
  for_every_scenario(check_turns);
}

static void assert_writing_failed(struct peer *peer) {
  assert_int_equal(wslay_event_get_write_enabled(peer->ctx), 0);
  assert_int_equal(wslay_event_want_write(peer->ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(peer->ctx), 1);
  assert_int_equal(peer_write(peer, ROOM), 0);
  assert_int_equal(wslay_event_send(peer->ctx), 0);
}

static void d10_failing_genmask_disables_writing(void **state) {
  static const int results[] = {-1, 1};
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(results); i++) {
    struct peer peer;
    peer_init(&peer, CLIENT);
    peer_queue(&peer, TEXT, "Hello");
    peer.genmask_fail_at = 0;
    peer.genmask_result = results[i];
    assert_int_equal(peer_write(&peer, ROOM), WSLAY_ERR_CALLBACK_FAILURE);
    assert_writing_failed(&peer);
    peer_free(&peer);
  }
}

/* Bytes already in the buffer are reported first, the failure after them. */
static void d10_failing_genmask_behind_written_bytes(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  peer_queue(&peer, TEXT, "Hello");
  peer_queue(&peer, TEXT, "again");
  peer.genmask_fail_at = 1;
  assert_int_equal(peer_write(&peer, ROOM), 11);
  assert_int_equal(peer.genmask_calls, 2);
  peer.genmask_fail_at = SIZE_MAX;
  assert_int_equal(peer_write(&peer, ROOM), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(peer.genmask_calls, 2);
  assert_writing_failed(&peer);
  assert_sent(&peer, "text \"Hello\"\n");
  peer_free(&peer);
}

static void s5_failing_read_callback_fails_write(void **state) {
  static const struct piece list[] = {{NULL, -1, 0}};
  struct pieces pieces = {NULL, list, COUNT_OF(list), 0, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  assert_int_equal(peer_write(&peer, ROOM), WSLAY_ERR_CALLBACK_FAILURE);
  assert_writing_failed(&peer);
  peer_free(&peer);
}

static void s5_failing_read_callback_behind_written_bytes(void **state) {
  static const struct piece list[] = {{"one", 0, 0}, {NULL, -1, 0}};
  struct pieces pieces = {NULL, list, COUNT_OF(list), 0, 0, 0};
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue_pieces(&peer, TEXT, 0, &pieces);
  assert_int_equal(peer_write(&peer, ROOM), 5);
  assert_int_equal(pieces.calls, 2);
  assert_int_equal(peer_write(&peer, ROOM), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(pieces.calls, 2);
  assert_writing_failed(&peer);
  assert_sent(&peer, "text+ \"one\"\n");
  peer_free(&peer);
}

static ssize_t over_claiming_read(wslay_event_context_ptr ctx, uint8_t *buf,
                                  size_t len,
                                  const union wslay_event_msg_source *source,
                                  int *eof, void *user_data) {
  (void)ctx;
  (void)source;
  (void)user_data;
  memset(buf, 'x', len);
  *eof = 1;
  return (ssize_t)len + 1;
}

static void d5_read_callback_claims_more_in_write(void **state) {
  struct wslay_event_fragmented_msg message = {
      WSLAY_TEXT_FRAME, {0}, over_claiming_read};
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  wslay_event_queue_fragmented_msg(peer.ctx, &message);
  assert_int_equal(peer_write(&peer, ROOM), WSLAY_ERR_CALLBACK_FAILURE);
  assert_writing_failed(&peer);
  peer_free(&peer);
}

static void d12_client_without_genmask_can_write(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.genmask_callback = NULL;
  peer_init_with(&peer, CLIENT, &callbacks);
  peer_queue(&peer, TEXT, "Hello");
  assert_int_equal(peer_write(&peer, ROOM), 11);
  assert_sent(&peer, "text \"Hello\"\n");
  peer_free(&peer);
}

TEST_GROUP(test_event_write_mixed,
           BEYOND_C(d8_write_goes_on_where_send_stopped),
           BEYOND_C(d8_send_goes_on_where_write_stopped),
           BEYOND_C(d8_write_and_send_take_turns),
           BEYOND_C(d10_failing_genmask_disables_writing),
           BEYOND_C(d10_failing_genmask_behind_written_bytes),
           BEYOND_C(s5_failing_read_callback_fails_write),
           BEYOND_C(s5_failing_read_callback_behind_written_bytes),
           BEYOND_C(d5_read_callback_claims_more_in_write),
           BEYOND_C(d12_client_without_genmask_can_write))
