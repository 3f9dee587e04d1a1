/* What a frame sent looks like: masks and their keys, RSV bits, the MORE flag
 * (S5, S7, S11), and what happens without callbacks (D12, D13). */
#include "scenarios.h"
#include "states.h"

static void s7_client_masks_with_one_key_a_frame(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < SCENARIOS; i++) {
    struct peer peer;
    struct frame frame;
    size_t offset = 0;
    size_t number = 0;
    peer_init(&peer, CLIENT);
    scenarios[i].queue(&peer);
    send_rest(&peer);
    while (take_frame(&peer.output, &offset, &frame)) {
      uint8_t key[4];
      peer_key(number++, key);
      assert_int_equal(frame.masked, 1);
      assert_memory_equal(frame.key, key, 4);
    }
    assert_int_equal(offset, peer.output.length);
    assert_int_equal(peer.genmask_calls, number);
    peer_free(&peer);
  }
}

static void s7_server_never_masks(void **state) {
  size_t i;
  (void)state;
  for (i = 0; i < SCENARIOS; i++) {
    struct peer peer;
    struct frame frame;
    size_t offset = 0;
    peer_init(&peer, SERVER);
    scenarios[i].queue(&peer);
    send_rest(&peer);
    while (take_frame(&peer.output, &offset, &frame)) {
      assert_int_equal(frame.masked, 0);
    }
    assert_int_equal(offset, peer.output.length);
    assert_int_equal(peer.genmask_calls, 0);
    peer_free(&peer);
  }
}

static void s5_message_is_one_frame_with_its_rsv(void **state) {
  static const uint8_t payload[70000];
  struct wslay_event_msg message = {WSLAY_BINARY_FRAME, payload, 70000};
  struct peer peer;
  struct frame frame;
  size_t offset = 0;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    peer_init(&peer, role);
    wslay_event_config_set_allowed_rsv_bits(peer.ctx, WSLAY_RSV1_BIT);
    assert_int_equal(
        wslay_event_queue_msg_ex(peer.ctx, &message, WSLAY_RSV1_BIT), 0);
    send_rest(&peer);
    offset = 0;
    assert_int_equal(take_frame(&peer.output, &offset, &frame), 1);
    assert_int_equal(offset, peer.output.length);
    assert_int_equal(frame.fin, 1);
    assert_int_equal(frame.rsv, WSLAY_RSV1_BIT);
    assert_int_equal(frame.opcode, BINARY);
    assert_int_equal(frame.length, 70000);
    assert_memory_equal(frame.payload, payload, 70000);
    peer_free(&peer);
  }
}

static void queue_large(struct peer *peer, struct bytes *expected) {
  static const size_t lengths[] = {70000, 3, 150000, 65536};
  static uint8_t payload[150000];
  size_t i;
  for (i = 0; i < sizeof(payload); i++) {
    payload[i] = (uint8_t)(i * 7 + i / 256);
  }
  for (i = 0; i < COUNT_OF(lengths); i++) {
    struct wslay_event_msg message = {WSLAY_BINARY_FRAME, payload, 0};
    message.msg_length = lengths[i];
    assert_int_equal(wslay_event_queue_msg(peer->ctx, &message), 0);
    put_frame(expected, FIN | BINARY, 0, payload, lengths[i]);
  }
}

/* The stream with its frames unmasked, as a server would have sent it. */
static void unmask_output(struct peer *peer, struct bytes *unmasked) {
  struct frame frame;
  size_t offset = 0;
  while (take_frame(&peer->output, &offset, &frame)) {
    assert_int_equal(frame.masked, peer->role == CLIENT);
    put_frame(unmasked, (frame.fin ? FIN : 0) | frame.rsv << 4 | frame.opcode,
              0, frame.payload, (size_t)frame.length);
  }
  assert_int_equal(offset, peer->output.length);
}

static void s4_large_messages_in_short_writes(void **state) {
  static const size_t steps[] = {997, 4096, 65536, 100003, SIZE_MAX};
  size_t i;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < COUNT_OF(steps); i++) {
      struct bytes expected = {NULL, 0, 0};
      struct bytes unmasked = {NULL, 0, 0};
      struct peer peer;
      peer_init(&peer, role);
      queue_large(&peer, &expected);
      peer.per_call = steps[i];
      send_rest(&peer);
      unmask_output(&peer, &unmasked);
      assert_int_equal(unmasked.length, expected.length);
      assert_memory_equal(unmasked.at, expected.at, expected.length);
      assert_state(&peer, FRESH);
      bytes_free(&expected);
      bytes_free(&unmasked);
      peer_free(&peer);
    }
  }
}

static void check_genmask_failure(size_t fail_at, int result) {
  struct peer peer;
  peer_init(&peer, CLIENT);
  peer_queue(&peer, TEXT, "one");
  peer_queue(&peer, TEXT, "two");
  peer.genmask_fail_at = fail_at;
  peer.genmask_result = result;
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(peer.ctx), 1);
  assert_int_equal(wslay_event_want_write(peer.ctx), 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  peer_free(&peer);
}

static void s4_failing_genmask_fails(void **state) {
  (void)state;
  check_genmask_failure(0, -1);
  check_genmask_failure(0, 1);
  check_genmask_failure(1, -1);
}

/* Where header and payload end of the frame that holds stream position `at`. */
static void locate(struct bytes stream, size_t at, size_t *header_end,
                   size_t *end) {
  struct frame frame;
  size_t offset = 0;
  size_t begin = 0;
  do {
    begin = offset;
    assert_int_equal(take_frame(&stream, &offset, &frame), 1);
  } while (offset <= at);
  *header_end = begin + (frame.total - (size_t)frame.length);
  *end = offset;
}

/* Goes through copies, for take_frame unmasks in place. */
static void check_flags(const struct peer *peer) {
  size_t at = 0;
  size_t i;
  for (i = 0; i < peer->send_count; i++) {
    struct bytes copy = {NULL, 0, 0};
    size_t header_end;
    size_t end;
    at += peer->sends[i].length;
    bytes_add(&copy, peer->output.at, peer->output.length);
    locate(copy, at - 1, &header_end, &end);
    if (at == end) {
      assert_int_equal(peer->sends[i].flags, 0);
    } else if (at == header_end) {
      assert_int_equal(peer->sends[i].flags, WSLAY_MSG_MORE);
    }
    bytes_free(&copy);
  }
  assert_int_equal(at, peer->output.length);
}

static void s11_more_says_that_this_frames_payload_follows(void **state) {
  size_t i;
  enum role role;
  (void)state;
  for (role = SERVER; role <= CLIENT; role++) {
    for (i = 0; i < SCENARIOS; i++) {
      struct peer peer;
      peer_init(&peer, role);
      scenarios[i].queue(&peer);
      send_rest(&peer);
      check_flags(&peer);
      peer_free(&peer);
    }
  }
}

static void s11_no_more_with_a_close_while_data_waits(void **state) {
  struct peer peer;
  (void)state;
  peer_init(&peer, SERVER);
  peer_queue(&peer, TEXT, "waits");
  wslay_event_queue_close(peer.ctx, 0, NULL, 0);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_int_equal(peer.send_count, 1);
  assert_int_equal(peer.sends[0].length, 2);
  assert_int_equal(peer.sends[0].flags, 0);
  peer_free(&peer);
}

static void d12_client_without_genmask_uses_random_keys(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  struct frame frame;
  size_t offset = 0;
  uint8_t last[4] = {0, 0, 0, 0};
  size_t same = 0;
  int i;
  (void)state;
  callbacks.genmask_callback = NULL;
  peer_init_with(&peer, CLIENT, &callbacks);
  for (i = 0; i < 16; i++) {
    assert_int_equal(peer_queue(&peer, TEXT, "Hello"), 0);
  }
  send_rest(&peer);
  for (i = 0; i < 16; i++) {
    assert_int_equal(take_frame(&peer.output, &offset, &frame), 1);
    assert_int_equal(frame.masked, 1);
    assert_int_equal(frame.length, 5);
    assert_memory_equal(frame.payload, "Hello", 5);
    same += memcmp(frame.key, last, 4) == 0;
    memcpy(last, frame.key, 4);
  }
  /* Two pairs alike among random keys is one chance in 2^57. */
  assert_true(same < 2);
  peer_free(&peer);
}

static void d13_null_send_callback_fails_when_needed(void **state) {
  struct wslay_event_callbacks callbacks = peer_callbacks;
  struct peer peer;
  (void)state;
  callbacks.send_callback = NULL;
  peer_init_with(&peer, SERVER, &callbacks);
  assert_int_equal(wslay_event_send(peer.ctx), 0);
  assert_state(&peer, FRESH);
  peer_queue(&peer, TEXT, "x");
  assert_int_equal(wslay_event_send(peer.ctx), WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_event_get_write_enabled(peer.ctx), 0);
  peer_free(&peer);
}

TEST_GROUP(test_send_frames, TEST(s7_client_masks_with_one_key_a_frame),
           TEST(s7_server_never_masks),
           TEST(s5_message_is_one_frame_with_its_rsv),
           TEST(s4_large_messages_in_short_writes),
           TEST(s4_failing_genmask_fails),
           TEST(s11_more_says_that_this_frames_payload_follows),
           TEST(s11_no_more_with_a_close_while_data_waits),
           BEYOND_C(d12_client_without_genmask_uses_random_keys),
           BEYOND_C(d13_null_send_callback_fails_when_needed))
