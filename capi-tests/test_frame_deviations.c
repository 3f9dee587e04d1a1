/* Where the frame API is better behaved than C wslay (D5, D6, D7, D12, D13). */
#include "frame_harness.h"

static const uint8_t KEY[4] = {0x37, 0xfa, 0x21, 0x3d};
static const uint8_t HELLO[] = {'H', 'e', 'l', 'l', 'o'};

static void check_false_claim(const int *steps, size_t count) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  ssize_t result = WSLAY_ERR_WANT_READ;
  frame.mask = 1;
  frame_peer_feed(peer, &frame, KEY);
  frame_peer_recv_steps(peer, steps, count);
  while (peer->recv_calls < count) {
    result = wslay_frame_recv(peer->context, &got);
  }
  assert_int_equal(result, WSLAY_ERR_INVALID_CALLBACK);
  frame_peer_free(peer);
}

static void d5_recv_claims_more_than_offered_at_any_stage(void **state) {
  static const int claims[] = {STEP_CLAIM_ONE_MORE, STEP_CLAIM_MOST};
  size_t i;
  int before;
  (void)state;
  for (i = 0; i < COUNT_OF(claims); i++) {
    check_false_claim(&claims[i], 1);
    for (before = 1; before < 11; before++) {
      int steps[2];
      steps[0] = before;
      steps[1] = claims[i];
      check_false_claim(steps, 2);
    }
  }
}

static void
d6_unmasked_frame_after_a_masked_one_is_sent_as_it_is(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  uint8_t expected[32];
  size_t length;
  uint8_t key[4];
  (void)state;
  frame_peer_key(0, key);
  frame.mask = 1;
  length = encode_frame(expected, &frame, key);
  send_whole(peer, frame);
  frame.mask = 0;
  length += encode_frame(expected + length, &frame, key);
  send_whole(peer, frame);
  assert_frame_bytes(peer, expected, length);
  assert_int_equal(peer->genmask_calls, 1);
  frame_peer_free(peer);
}

static void
d6_unmasked_frame_after_a_masked_one_is_read_as_it_is(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  uint8_t mask;
  (void)state;
  for (mask = 2; mask-- > 0;) {
    frame.mask = mask;
    frame_peer_feed(peer, &frame, KEY);
  }
  for (mask = 2; mask-- > 0;) {
    assert_int_equal(wslay_frame_recv(peer->context, &got), 5);
    assert_int_equal(got.mask, mask);
    assert_memory_equal(got.data, HELLO, sizeof(HELLO));
  }
  frame_peer_free(peer);
}

static void d7_piece_beyond_the_frame_is_refused(void **state) {
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct frame_peer *peer = frame_peer_new();
    struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
    uint8_t expected[16];
    size_t length;
    uint8_t key[4];
    frame_peer_key(0, key);
    frame.mask = mask;
    length = encode_frame(expected, &frame, key);
    frame.data_length = 3;
    assert_int_equal(wslay_frame_send(peer->context, &frame), 3);
    assert_int_equal(wslay_frame_send(peer->context, &frame),
                     WSLAY_ERR_INVALID_ARGUMENT);
    assert_frame_bytes(peer, expected, length - 2);
    frame.data = HELLO + 3;
    frame.data_length = 2;
    assert_int_equal(wslay_frame_send(peer->context, &frame), 2);
    assert_frame_bytes(peer, expected, length);
    frame_peer_free(peer);
  }
}

static void unmask_sent(const struct frame_peer *peer, uint8_t payload[5]) {
  size_t i;
  assert_int_equal(peer->sent_length, 11);
  assert_int_equal(peer->sent[0], 0x81);
  assert_int_equal(peer->sent[1], 0x85);
  for (i = 0; i < 5; i++) {
    payload[i] = (uint8_t)(peer->sent[6 + i] ^ peer->sent[2 + i % 4]);
  }
}

static void d12_keys_come_from_the_system_without_genmask(void **state) {
  struct wslay_frame_callbacks callbacks = frame_peer_callbacks();
  uint8_t keys[16][4];
  size_t same = 0;
  size_t i;
  size_t j;
  (void)state;
  callbacks.genmask_callback = NULL;
  for (i = 0; i < 16; i++) {
    struct frame_peer *peer = frame_peer_new_with(&callbacks);
    struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
    uint8_t payload[5];
    frame.mask = 1;
    assert_int_equal(wslay_frame_send(peer->context, &frame), 5);
    unmask_sent(peer, payload);
    assert_memory_equal(payload, HELLO, sizeof(HELLO));
    memcpy(keys[i], peer->sent + 2, 4);
    for (j = 0; j < i; j++) {
      same += memcmp(keys[i], keys[j], 4) == 0;
    }
    frame_peer_free(peer);
  }
  /* Of 120 pairs of random keys, two alike is one chance in 2^51. */
  assert_true(same < 2);
}

static void d13_null_send_callback_fails_when_needed(void **state) {
  struct wslay_frame_callbacks callbacks = frame_peer_callbacks();
  struct frame_peer *peer;
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  (void)state;
  callbacks.send_callback = NULL;
  peer = frame_peer_new_with(&callbacks);
  assert_int_equal(wslay_frame_send(peer->context, &frame),
                   WSLAY_ERR_CALLBACK_FAILURE);
  frame_peer_feed(peer, &frame, KEY);
  assert_int_equal(wslay_frame_recv(peer->context, &got), 5);
  frame_peer_free(peer);
}

static void d13_null_recv_callback_fails_when_needed(void **state) {
  struct wslay_frame_callbacks callbacks = frame_peer_callbacks();
  struct frame_peer *peer;
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  (void)state;
  callbacks.recv_callback = NULL;
  peer = frame_peer_new_with(&callbacks);
  assert_int_equal(wslay_frame_recv(peer->context, &got),
                   WSLAY_ERR_CALLBACK_FAILURE);
  assert_int_equal(wslay_frame_send(peer->context, &frame), 5);
  frame_peer_free(peer);
}

TEST_GROUP(test_frame_deviations,
           BEYOND_C(d5_recv_claims_more_than_offered_at_any_stage),
           BEYOND_C(d6_unmasked_frame_after_a_masked_one_is_sent_as_it_is),
           TEST(d6_unmasked_frame_after_a_masked_one_is_read_as_it_is),
           BEYOND_C(d7_piece_beyond_the_frame_is_refused),
           BEYOND_C(d12_keys_come_from_the_system_without_genmask),
           BEYOND_C(d13_null_send_callback_fails_when_needed),
           BEYOND_C(d13_null_recv_callback_fails_when_needed))
