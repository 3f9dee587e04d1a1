/* wslay_frame_send with a callback that takes everything: headers, pieces,
 * refusals of bad arguments (F1, F2, F3). */
#include "frame_harness.h"

static const uint8_t HELLO[] = {'H', 'e', 'l', 'l', 'o'};
static const size_t BOUNDARIES[] = {0, 1, 125, 126, 127, 65535, 65536, 65537};
enum { BOUNDARY_COUNT = sizeof(BOUNDARIES) / sizeof(BOUNDARIES[0]) };
enum { LARGEST = 65537 };

/* F1 */

static void f1_init_copies_callbacks_and_keeps_user_data(void **state) {
  struct wslay_frame_callbacks callbacks = frame_peer_callbacks();
  struct frame_peer *peer = frame_peer_new_with(&callbacks);
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  (void)state;
  memset(&callbacks, 0, sizeof(callbacks));
  frame.mask = 1;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 5);
  assert_int_equal(peer->sent_length, 11);
  assert_int_equal(peer->genmask_calls, 1);
  frame_peer_free(peer);
}

static void f1_free_of_null_does_nothing(void **state) {
  (void)state;
  wslay_frame_context_free(NULL);
}

static void f1_contexts_are_independent(void **state) {
  struct frame_peer *a = frame_peer_new();
  struct frame_peer *b = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, 2);
  uint8_t expected[16];
  size_t length;
  (void)state;
  frame.payload_length = 5;
  assert_int_equal(wslay_frame_send(a->context, &frame), 2);
  frame = text_frame(HELLO, sizeof(HELLO));
  assert_int_equal(wslay_frame_send(b->context, &frame), 5);
  length = encode_frame(expected, &frame, NULL);
  assert_frame_bytes(b, expected, length);
  assert_frame_bytes(a, expected, 4);
  frame_peer_free(a);
  frame_peer_free(b);
}

/* F3: the header */

static void f3_first_byte_holds_fin_rsv_and_opcode(void **state) {
  struct frame_peer *peer = frame_peer_new();
  unsigned value;
  (void)state;
  for (value = 0; value < 256; value++) {
    struct wslay_frame_iocb frame = text_frame(NULL, 0);
    frame.fin = (uint8_t)(value >> 7);
    frame.rsv = (uint8_t)(value >> 4 & 7);
    frame.opcode = (uint8_t)(value & 15);
    peer->sent_length = 0;
    assert_int_equal(wslay_frame_send(peer->context, &frame), 0);
    assert_int_equal(peer->sent_length, 2);
    assert_int_equal(peer->sent[0], value);
    assert_int_equal(peer->sent[1], 0);
  }
  frame_peer_free(peer);
}

static void check_boundary(const uint8_t *payload, size_t length,
                           uint8_t mask) {
  static uint8_t expected[LARGEST + 14];
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(payload, length);
  uint8_t key[4];
  size_t expected_length;
  frame.opcode = WSLAY_BINARY_FRAME;
  frame.mask = mask;
  frame_peer_key(0, key);
  expected_length = encode_frame(expected, &frame, key);
  assert_int_equal(wslay_frame_send(peer->context, &frame), length);
  assert_frame_bytes(peer, expected, expected_length);
  assert_int_equal(peer->genmask_calls, mask);
  frame_peer_free(peer);
}

static void f3_shortest_length_form_at_every_boundary(void **state) {
  static uint8_t payload[LARGEST];
  size_t i;
  (void)state;
  fill_payload(payload, sizeof(payload));
  for (i = 0; i < BOUNDARY_COUNT; i++) {
    check_boundary(payload, BOUNDARIES[i], 0);
    check_boundary(payload, BOUNDARIES[i], 1);
  }
}

static void f3_sending_leaves_the_payload_untouched(void **state) {
  struct frame_peer *peer = frame_peer_new();
  uint8_t payload[200];
  uint8_t copy[200];
  struct wslay_frame_iocb frame = text_frame(payload, sizeof(payload));
  (void)state;
  fill_payload(payload, sizeof(payload));
  memcpy(copy, payload, sizeof(copy));
  frame.mask = 1;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 200);
  assert_memory_equal(payload, copy, sizeof(copy));
  frame_peer_free(peer);
}

static void f3_length_up_to_63_bits(void **state) {
  static const uint64_t lengths[] = {(uint64_t)1 << 32, (uint64_t)1 << 40,
                                     ((uint64_t)1 << 63) - 1};
  size_t i;
  (void)state;
  for (i = 0; i < 3; i++) {
    struct frame_peer *peer = frame_peer_new();
    struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
    uint8_t expected[16];
    frame.payload_length = lengths[i];
    assert_int_equal(wslay_frame_send(peer->context, &frame), 5);
    assert_int_equal(encode_header(expected, &frame, NULL), 10);
    memcpy(expected + 10, HELLO, sizeof(HELLO));
    assert_frame_bytes(peer, expected, 15);
    frame_peer_free(peer);
  }
}

static void f3_one_mask_key_of_4_bytes_a_frame(void **state) {
  struct frame_peer *peer = frame_peer_new();
  uint8_t expected[64];
  size_t length = 0;
  size_t i;
  (void)state;
  for (i = 0; i < 3; i++) {
    struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
    uint8_t key[4];
    frame.mask = 1;
    frame_peer_key(i, key);
    length += encode_frame(expected + length, &frame, key);
    send_whole(peer, frame);
    assert_int_equal(peer->genmask_calls, i + 1);
    assert_int_equal(peer->genmask_length, 4);
  }
  assert_frame_bytes(peer, expected, length);
  frame_peer_free(peer);
}

static void f3_header_flag_says_whether_payload_follows(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  (void)state;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 5);
  assert_int_equal(peer->sent_flags[0], WSLAY_MSG_MORE);
  assert_int_equal(peer->sent_flags[1], WSLAY_MSG_MORE);
  assert_int_equal(peer->sent_flags[6], 0);

  frame.data_length = 0;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 0);
  assert_int_equal(peer->sent_length, 9);
  assert_int_equal(peer->sent_flags[7], 0);
  assert_int_equal(peer->sent_flags[8], 0);
  frame_peer_free(peer);
}

/* F3: arguments that are refused */

static void assert_nothing_started(struct frame_peer *peer) {
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  uint8_t expected[16];
  size_t length;
  uint8_t key[4];
  assert_int_equal(peer->sent_length, 0);
  assert_int_equal(peer->send_calls, 0);
  frame.mask = 1;
  frame_peer_key(peer->genmask_calls, key);
  length = encode_frame(expected, &frame, key);
  send_whole(peer, frame);
  assert_frame_bytes(peer, expected, length);
}

static void check_refused(struct wslay_frame_iocb frame) {
  struct frame_peer *peer = frame_peer_new();
  assert_int_equal(wslay_frame_send(peer->context, &frame),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(peer->genmask_calls, 0);
  assert_nothing_started(peer);
  frame_peer_free(peer);
}

static void f3_more_data_than_payload_is_refused(void **state) {
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  (void)state;
  frame.payload_length = 4;
  frame.mask = 1;
  check_refused(frame);
}

static void f3_more_data_than_payload_is_refused_in_mid_frame(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, 2);
  uint8_t expected[16];
  size_t length;
  (void)state;
  frame.payload_length = 4;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 2);
  frame.data_length = 5;
  assert_int_equal(wslay_frame_send(peer->context, &frame),
                   WSLAY_ERR_INVALID_ARGUMENT);
  frame.data = HELLO + 2;
  frame.data_length = 2;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 2);
  frame.data = HELLO;
  length = encode_frame(expected, &frame, NULL);
  assert_frame_bytes(peer, expected, length);
  frame_peer_free(peer);
}

static void f3_control_payload_above_125_is_refused(void **state) {
  static uint8_t payload[126];
  unsigned opcode;
  (void)state;
  for (opcode = 0; opcode < 16; opcode++) {
    struct wslay_frame_iocb frame = text_frame(payload, sizeof(payload));
    struct frame_peer *peer;
    frame.opcode = (uint8_t)opcode;
    if (opcode >= 8) {
      frame.mask = 1;
      check_refused(frame);
    }
    peer = frame_peer_new();
    frame = text_frame(payload, 125);
    frame.opcode = (uint8_t)opcode;
    assert_int_equal(wslay_frame_send(peer->context, &frame), 125);
    frame_peer_free(peer);
  }
}

static void f3_payload_of_2_to_63_is_refused(void **state) {
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  (void)state;
  frame.mask = 1;
  frame.payload_length = (uint64_t)1 << 63;
  check_refused(frame);
  frame.payload_length = UINT64_MAX;
  check_refused(frame);
}

static void f3_failing_genmask_starts_nothing(void **state) {
  static const int results[] = {-1, 1};
  size_t i;
  (void)state;
  for (i = 0; i < 2; i++) {
    struct frame_peer *peer = frame_peer_new();
    struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
    frame.mask = 1;
    peer->genmask_result = results[i];
    assert_int_equal(wslay_frame_send(peer->context, &frame),
                     WSLAY_ERR_INVALID_CALLBACK);
    assert_int_equal(peer->genmask_calls, 1);
    peer->genmask_result = 0;
    assert_nothing_started(peer);
    frame_peer_free(peer);
  }
}

TEST_GROUP(test_frame_send, TEST(f1_init_copies_callbacks_and_keeps_user_data),
           TEST(f1_free_of_null_does_nothing),
           TEST(f1_contexts_are_independent),
           TEST(f3_first_byte_holds_fin_rsv_and_opcode),
           TEST(f3_shortest_length_form_at_every_boundary),
           TEST(f3_sending_leaves_the_payload_untouched),
           TEST(f3_length_up_to_63_bits),
           TEST(f3_one_mask_key_of_4_bytes_a_frame),
           TEST(f3_header_flag_says_whether_payload_follows),
           TEST(f3_more_data_than_payload_is_refused),
           TEST(f3_more_data_than_payload_is_refused_in_mid_frame),
           TEST(f3_control_payload_above_125_is_refused),
           TEST(f3_payload_of_2_to_63_is_refused),
           TEST(f3_failing_genmask_starts_nothing))
