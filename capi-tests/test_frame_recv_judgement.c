/* What wslay_frame_recv refuses, and what it leaves to the caller (F6). */
#include "frame_harness.h"

/* The first result that is not WANT_READ, fed whole or byte by byte. */
static ssize_t receive(const uint8_t *bytes, size_t length, int bytewise) {
  static int steps[32];
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb got;
  ssize_t result = WSLAY_ERR_WANT_READ;
  size_t i;
  for (i = 0; i < COUNT_OF(steps); i++) {
    steps[i] = 1;
  }
  if (bytewise) {
    frame_peer_recv_steps(peer, steps, COUNT_OF(steps));
  }
  frame_peer_feed_bytes(peer, bytes, length);
  for (i = 0; i <= length && result == WSLAY_ERR_WANT_READ; i++) {
    result = wslay_frame_recv(peer->context, &got);
  }
  frame_peer_free(peer);
  return result;
}

static void check(const uint8_t *bytes, size_t length, ssize_t expected) {
  assert_int_equal(receive(bytes, length, 0), expected);
  assert_int_equal(receive(bytes, length, 1), expected < 0 ? expected
                                              : expected   ? 1
                                                           : 0);
}

static void f6_control_frame_must_be_final(void **state) {
  unsigned opcode;
  (void)state;
  for (opcode = 8; opcode < 16; opcode++) {
    uint8_t bytes[6] = {0, 0x80, 1, 2, 3, 4};
    bytes[0] = (uint8_t)opcode;
    check(bytes, sizeof(bytes), WSLAY_ERR_PROTO);
    bytes[0] = (uint8_t)(0x80 | opcode);
    check(bytes, sizeof(bytes), 0);
  }
}

static void f6_control_frame_above_125(void **state) {
  unsigned opcode;
  (void)state;
  for (opcode = 8; opcode < 16; opcode++) {
    uint8_t bytes[12] = {0, 126, 0, 126};
    bytes[0] = (uint8_t)(0x80 | opcode);
    check(bytes, sizeof(bytes), WSLAY_ERR_PROTO);
    bytes[1] = 127;
    bytes[2] = bytes[3] = 0;
    bytes[7] = 1;
    check(bytes, sizeof(bytes), WSLAY_ERR_PROTO);
    bytes[1] = 125;
    check(bytes, sizeof(bytes), 10);
  }
}

static void f6_16_bit_length_below_126(void **state) {
  unsigned length;
  (void)state;
  for (length = 0; length <= 126; length++) {
    uint8_t bytes[6] = {0x82, 126, 0, 0, 'x', 'y'};
    bytes[3] = (uint8_t)length;
    check(bytes, sizeof(bytes), length < 126 ? WSLAY_ERR_PROTO : 2);
  }
}

static void check_64_bit_length(uint64_t length, ssize_t expected) {
  uint8_t bytes[12] = {0x82, 127};
  size_t i;
  for (i = 0; i < 8; i++) {
    bytes[2 + i] = (uint8_t)(length >> (56 - 8 * i));
  }
  check(bytes, sizeof(bytes), expected);
}

static void f6_64_bit_length_below_65536(void **state) {
  (void)state;
  check_64_bit_length(0, WSLAY_ERR_PROTO);
  check_64_bit_length(125, WSLAY_ERR_PROTO);
  check_64_bit_length(126, WSLAY_ERR_PROTO);
  check_64_bit_length(65535, WSLAY_ERR_PROTO);
  check_64_bit_length(65536, 2);
}

static void f6_64_bit_length_with_its_top_bit(void **state) {
  (void)state;
  check_64_bit_length((uint64_t)1 << 63, WSLAY_ERR_PROTO);
  check_64_bit_length(UINT64_MAX, WSLAY_ERR_PROTO);
  check_64_bit_length(((uint64_t)1 << 63) | 65536, WSLAY_ERR_PROTO);
  check_64_bit_length(((uint64_t)1 << 63) - 1, 2);
}

static void f6_nothing_else_is_judged(void **state) {
  unsigned first;
  (void)state;
  for (first = 0; first < 256; first++) {
    struct frame_peer *peer = frame_peer_new();
    struct wslay_frame_iocb got;
    uint8_t bytes[3] = {0, 1, 'x'};
    int refused = (first & 0x88) == 0x08;
    bytes[0] = (uint8_t)first;
    frame_peer_feed_bytes(peer, bytes, sizeof(bytes));
    assert_int_equal(wslay_frame_recv(peer->context, &got),
                     refused ? WSLAY_ERR_PROTO : 1);
    if (!refused) {
      assert_int_equal(got.fin, first >> 7);
      assert_int_equal(got.rsv, first >> 4 & 7);
      assert_int_equal(got.opcode, first & 15);
      assert_int_equal(got.mask, 0);
      assert_int_equal(got.data[0], 'x');
    }
    frame_peer_free(peer);
  }
}

TEST_GROUP(test_frame_recv_judgement, TEST(f6_control_frame_must_be_final),
           TEST(f6_control_frame_above_125), TEST(f6_16_bit_length_below_126),
           TEST(f6_64_bit_length_below_65536),
           TEST(f6_64_bit_length_with_its_top_bit),
           TEST(f6_nothing_else_is_judged))
