/* wslay_event_send: short writes, refusals, masking, MORE (S1, S4, S7, S11). */
#include "scenarios.h"
#include "states.h"

/* S1 */

static void s1_nothing_queued(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, CLIENT);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_calls, 0);
  assert_int_equal(peer.genmask_calls, 0);
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

static void s1_nothing_after_shutdown_write(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "x");
  wslay_event_shutdown_write(peer.ctx);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_calls, 0);
  peer_free(&peer);
}

static void s1_one_call_sends_all_that_waits(void **state) {
  struct peer peer;
  char expected[64 * 16] = "";
  int i;
  (void)state;
  peer_init(&peer, SERVER);
  for (i = 0; i < 64; i++) {
    assert_int_equal(peer_queue(&peer, TEXT, "Hello"), 0);
    strcat(expected, "text \"Hello\"\n");
  }
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_sent(&peer, expected);
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

/* S4: short writes */

static void check_cuts(const struct scenario *scenario, enum role role) {
  struct bytes stream = {NULL, 0, 0};
  size_t cut;
  scenario_stream(scenario, role, &stream);
  for (cut = 0; cut < stream.length; cut++) {
    struct peer peer;
    peer_init(&peer, role);
    scenario->queue(&peer);
    peer.budget = cut;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_int_equal(peer.output.length, cut);
    assert_int_equal(wslay_event_want_write(peer.ctx), 1);
    peer.budget = SIZE_MAX;
    assert_int_equal(wslay_event_send(peer.ctx), 0);
    assert_stream(&peer, &stream, scenario->name);
    assert_int_equal(wslay_event_want_write(peer.ctx), 0);
    peer_free(&peer);
  }
  bytes_free(&stream);
}

static void s4_short_write_at_every_byte(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < SCENARIOS; i++) {
    check_cuts(&scenarios[i], SERVER);
    check_cuts(&scenarios[i], CLIENT);
  }
}

static void check_steps(const struct scenario *scenario, enum role role) {
  struct bytes stream = {NULL, 0, 0};
  size_t step;
  scenario_stream(scenario, role, &stream);
  for (step = 1; step <= 40; step++) {
    struct peer peer;
    peer_init(&peer, role);
    scenario->queue(&peer);
    peer.per_call = step;
    send_rest(&peer);
    assert_stream(&peer, &stream, scenario->name);
    peer_free(&peer);
  }
  bytes_free(&stream);
}

static void s4_every_write_short(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < SCENARIOS; i++) {
    check_steps(&scenarios[i], SERVER);
    check_steps(&scenarios[i], CLIENT);
  }
}

static void s4_short_write_ends_the_call(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "Hello");
  peer.per_call = 1;
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_calls, 1);
  assert_int_equal(peer.output.length, 1);
  assert_int_equal(wslay_event_want_write(peer.ctx), 1);
  peer_free(&peer);
}

/* S4: refusals */

static void check_would_block(ssize_t result, int error) {
  struct peer peer;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "Hello");
  peer.budget = 0;
  peer.refuse_result = result;
  peer.refuse_error = error;
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_calls, 1);
  assert_state(&peer,
               "read 1 1 write 1 1 closed 0 0 codes 1006 1006 queued 1 5");
  peer.budget = SIZE_MAX;
  assert_flushed(&peer, "text \"Hello\"\n");
  peer_free(&peer);
}

static void s4_would_block(void **state) {
  (void)state;
  check_would_block(-1, WSLAY_ERR_WOULDBLOCK);
  check_would_block(0, WSLAY_ERR_WOULDBLOCK);
  check_would_block(-1, 0);
  check_would_block(0, 0);
}

static void check_failure(size_t budget, ssize_t result, int error) {
  struct peer peer;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "Hello");
  peer.budget = budget;
  while (peer.budget > 0) {
    assert_int_equal(wslay_event_send(peer.ctx), 0);
  }
  peer.refuse_result = result;
  peer.refuse_error = error;
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_get_close_sent(peer.ctx), 0);
  peer.send_calls = 0;
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_calls, 0);
  peer_free(&peer);
}

static void s4_any_other_refusal_fails(void **state) {
  (void)state;
  check_failure(0, -1, WSLAY_ERR_CALLBACK_FAILURE);
  check_failure(0, 0, WSLAY_ERR_CALLBACK_FAILURE);
  check_failure(0, -1, WSLAY_ERR_PROTO);
  check_failure(0, -1, 1);
  check_failure(1, -1, WSLAY_ERR_CALLBACK_FAILURE);
  check_failure(2, -1, WSLAY_ERR_CALLBACK_FAILURE);
  check_failure(4, -1, WSLAY_ERR_CALLBACK_FAILURE);
}

static void e3_error_value_is_kept_between_calls(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  wslay_event_set_error(peer.ctx, WSLAY_ERR_CALLBACK_FAILURE);
  peer_queue(&peer, TEXT, "a");
  assert_flushed(&peer, "text \"a\"\n");
  peer_queue(&peer, TEXT, "b");
  peer.budget = 0;
  peer.refuse_error = 0;
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  peer_free(&peer);
}

static void s4_error_value_is_not_looked_at_after_progress(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "Hello");
  peer_queue(&peer, TEXT, "again");
  peer.error_on_success = WSLAY_ERR_CALLBACK_FAILURE;
  peer.per_call = 3;
  send_rest(&peer);
  assert_sent(&peer, "text \"Hello\"\ntext \"again\"\n");
  assert_state(&peer, FRESH);
  peer_free(&peer);
}

/* C wslay does look when the write of a header is short. */
static void s4_error_value_is_not_looked_at_after_one_byte(void **state) {
  struct peer peer;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    peer_init(&peer, role);
    peer_queue(&peer, TEXT, "Hello");
    peer_queue(&peer, TEXT, "again");
    peer.error_on_success = WSLAY_ERR_CALLBACK_FAILURE;
    peer.per_call = 1;
    send_rest(&peer);
    assert_sent(&peer, "text \"Hello\"\ntext \"again\"\n");
    peer_free(&peer);
  }
}

static void s4_claim_above_len_fails(void **state) {
  static const size_t claims[] = {1, 2, 100, SIZE_MAX / 2 - 100000};
  size_t i;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < COUNT_OF(claims); i++) {
      struct peer peer;
      peer_init(&peer, role);
      peer_queue(&peer, TEXT, "Hello");
      peer.over_claim = claims[i];
      assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
      assert_int_equal(peer.send_calls, 1);
      assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
      assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
      peer_free(&peer);
    }
  }
}

/* S9 */

static void s9_want_write(void **state) {
  static struct pieces none;
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  peer_queue(&peer, PING, "");
  assert_int_equal(wslay_event_want_write(peer.ctx), 1);
  assert_flushed(&peer, "ping \"\"\n");
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  peer_queue_pieces(&peer, TEXT, 0, &none);
  assert_int_equal(wslay_event_want_write(peer.ctx), 1);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(wslay_event_want_write(peer.ctx), 1);
  assert_int_equal(wslay_event_want_read(peer.ctx), 1);
  peer_free(&peer);
}

TEST_GROUP(test_send, TEST(s1_nothing_queued),
           TEST(s1_nothing_after_shutdown_write),
           TEST(s1_one_call_sends_all_that_waits),
           TEST(s4_short_write_at_every_byte), TEST(s4_every_write_short),
           TEST(s4_short_write_ends_the_call), TEST(s4_would_block),
           TEST(s4_any_other_refusal_fails),
           TEST(e3_error_value_is_kept_between_calls),
           TEST(s4_error_value_is_not_looked_at_after_progress),
           BEYOND_C(s4_error_value_is_not_looked_at_after_one_byte),
           TEST(s4_claim_above_len_fails), TEST(s9_want_write))
