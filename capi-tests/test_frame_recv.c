/* wslay_frame_recv: pieces, stages and fields of frames as they come in (F5).
 */
#include "frame_harness.h"

static const uint8_t KEY[4] = {0x37, 0xfa, 0x21, 0x3d};
static const uint8_t HELLO[] = {'H', 'e', 'l', 'l', 'o'};
static const size_t BOUNDARIES[] = {0, 1, 125, 126, 127, 65535, 65536, 65537};
enum { LARGEST = 65537, TRIES = 1000 };

static void assert_fields(const struct wslay_frame_iocb *got,
                          const struct wslay_frame_iocb *frame) {
  assert_int_equal(got->fin, frame->fin);
  assert_int_equal(got->rsv, frame->rsv);
  assert_int_equal(got->opcode, frame->opcode);
  assert_int_equal(got->payload_length, frame->payload_length);
  assert_int_equal(got->mask, frame->mask);
}

static void clear_with_junk(struct wslay_frame_iocb *frame) {
  memset(frame, 0xee, sizeof(*frame));
}

/* Receives the whole frame and compares it. Returns the number of WANT_READ. */
static size_t check_received(struct frame_peer *peer,
                             const struct wslay_frame_iocb *frame) {
  size_t done = 0;
  size_t want_reads = 0;
  while (want_reads < TRIES) {
    struct wslay_frame_iocb got;
    ssize_t result;
    clear_with_junk(&got);
    result = wslay_frame_recv(peer->context, &got);
    if (result == WSLAY_ERR_WANT_READ) {
      want_reads += 1;
      continue;
    }
    assert_true(result >= 0);
    assert_fields(&got, frame);
    assert_int_equal(got.data_length, result);
    assert_true(done + got.data_length <= frame->payload_length);
    assert_memory_equal(got.data, frame->data + done, got.data_length);
    done += got.data_length;
    if (done == frame->payload_length) {
      return want_reads;
    }
    assert_true(result > 0);
  }
  fail_msg("the frame never ends");
  return want_reads;
}

static void f5_masked_5_byte_frame_fed_byte_by_byte(void **state) {
  static const int steps[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  size_t i;
  (void)state;
  frame.mask = 1;
  frame_peer_feed(peer, &frame, KEY);
  frame_peer_recv_steps(peer, steps, COUNT_OF(steps));
  for (i = 0; i < 4; i++) {
    assert_int_equal(wslay_frame_recv(peer->context, &got),
                     WSLAY_ERR_WANT_READ);
  }
  for (i = 0; i < 5; i++) {
    clear_with_junk(&got);
    assert_int_equal(wslay_frame_recv(peer->context, &got), 1);
    assert_fields(&got, &frame);
    assert_int_equal(got.data_length, 1);
    assert_int_equal(got.data[0], HELLO[i]);
  }
  assert_int_equal(peer->recv_calls, 11);
  assert_int_equal(wslay_frame_recv(peer->context, &got), WSLAY_ERR_WANT_READ);
  frame_peer_free(peer);
}

static void f5_every_length_form_at_every_boundary(void **state) {
  static uint8_t payload[LARGEST];
  size_t i;
  uint8_t mask;
  (void)state;
  fill_payload(payload, sizeof(payload));
  for (i = 0; i < COUNT_OF(BOUNDARIES); i++) {
    for (mask = 0; mask <= 1; mask++) {
      struct frame_peer *peer = frame_peer_new();
      struct wslay_frame_iocb frame = text_frame(payload, BOUNDARIES[i]);
      frame.mask = mask;
      frame_peer_feed(peer, &frame, KEY);
      assert_int_equal(check_received(peer, &frame), 0);
      assert_int_equal(peer->input_position, peer->input_length);
      frame_peer_free(peer);
    }
  }
}

static void f5_length_up_to_63_bits(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  uint8_t header[14];
  (void)state;
  frame.payload_length = ((uint64_t)1 << 63) - 1;
  frame_peer_feed_bytes(peer, header, encode_header(header, &frame, KEY));
  frame_peer_feed_bytes(peer, HELLO, sizeof(HELLO));
  assert_int_equal(wslay_frame_recv(peer->context, &got), 5);
  assert_fields(&got, &frame);
  assert_memory_equal(got.data, HELLO, sizeof(HELLO));
  assert_int_equal(wslay_frame_recv(peer->context, &got), WSLAY_ERR_WANT_READ);
  frame_peer_free(peer);
}

static void check_cut(size_t length, uint8_t mask, int cut) {
  struct frame_peer *peer = frame_peer_new();
  uint8_t payload[200];
  struct wslay_frame_iocb frame;
  int steps[2];
  fill_payload(payload, sizeof(payload));
  frame = text_frame(payload, length);
  frame.mask = mask;
  frame_peer_feed(peer, &frame, KEY);
  frame_peer_feed(peer, &frame, KEY);
  steps[0] = cut;
  steps[1] = STEP_FAIL;
  frame_peer_recv_steps(peer, steps, 2);
  check_received(peer, &frame);
  check_received(peer, &frame);
  assert_int_equal(peer->input_position, peer->input_length);
  frame_peer_free(peer);
}

static void f5_input_cut_anywhere_gives_the_same_frames(void **state) {
  static const size_t lengths[] = {0, 1, 5, 126, 200};
  size_t i;
  uint8_t mask;
  (void)state;
  for (i = 0; i < COUNT_OF(lengths); i++) {
    for (mask = 0; mask <= 1; mask++) {
      size_t both_frames = 2 * (lengths[i] + 8);
      int cut;
      for (cut = 1; (size_t)cut < both_frames; cut++) {
        check_cut(lengths[i], mask, cut);
      }
    }
  }
}

static void f5_every_call_short(void **state) {
  static int steps[600];
  static const uint8_t payload[200] = {1, 2, 3};
  size_t i;
  int step;
  (void)state;
  for (step = 1; step <= 9; step++) {
    struct frame_peer *peer = frame_peer_new();
    struct wslay_frame_iocb frame = text_frame(payload, sizeof(payload));
    frame.mask = 1;
    frame_peer_feed(peer, &frame, KEY);
    for (i = 0; i < COUNT_OF(steps); i++) {
      steps[i] = i % 2 ? STEP_ZERO : step;
    }
    frame_peer_recv_steps(peer, steps, COUNT_OF(steps));
    assert_true(check_received(peer, &frame) > 0);
    frame_peer_free(peer);
  }
}

static void f2_refusal_is_want_read(void **state) {
  static const int steps[] = {STEP_FAIL, STEP_ZERO, -7};
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  size_t i;
  (void)state;
  frame_peer_feed(peer, &frame, KEY);
  frame_peer_recv_steps(peer, steps, COUNT_OF(steps));
  for (i = 0; i < COUNT_OF(steps); i++) {
    assert_int_equal(wslay_frame_recv(peer->context, &got),
                     WSLAY_ERR_WANT_READ);
    assert_int_equal(peer->recv_calls, i + 1);
  }
  assert_int_equal(check_received(peer, &frame), 0);
  frame_peer_free(peer);
}

static void f5_header_without_payload_is_want_read(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  uint8_t header[14];
  (void)state;
  frame.mask = 1;
  frame_peer_feed_bytes(peer, header, encode_header(header, &frame, KEY));
  assert_int_equal(wslay_frame_recv(peer->context, &got), WSLAY_ERR_WANT_READ);
  assert_int_equal(peer->input_position, 6);
  assert_int_equal(wslay_frame_recv(peer->context, &got), WSLAY_ERR_WANT_READ);
  frame_peer_feed_bytes(peer, (const uint8_t *)"\x7f\x9f\x4d\x51\x58", 5);
  assert_int_equal(check_received(peer, &frame), 0);
  frame_peer_free(peer);
}

static void f5_frames_at_hand_need_no_further_read(void **state) {
  static const size_t lengths[] = {5, 0, 3, 126, 0, 125};
  struct frame_peer *peer = frame_peer_new();
  uint8_t payload[126];
  struct wslay_frame_iocb frames[COUNT_OF(lengths)];
  size_t i;
  (void)state;
  fill_payload(payload, sizeof(payload));
  for (i = 0; i < COUNT_OF(lengths); i++) {
    frames[i] = text_frame(payload, lengths[i]);
    frames[i].mask = 1;
    frames[i].fin = i % 2;
    frame_peer_feed(peer, &frames[i], KEY);
  }
  for (i = 0; i < COUNT_OF(lengths); i++) {
    struct wslay_frame_iocb got;
    assert_int_equal(wslay_frame_recv(peer->context, &got), lengths[i]);
    assert_fields(&got, &frames[i]);
    assert_memory_equal(got.data, payload, lengths[i]);
    assert_int_equal(peer->recv_calls, 1);
  }
  frame_peer_free(peer);
}

static void f5_payload_at_hand_is_given_without_waiting(void **state) {
  static const int steps[] = {9, STEP_FAIL};
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  (void)state;
  frame.mask = 1;
  frame_peer_feed(peer, &frame, KEY);
  frame_peer_recv_steps(peer, steps, COUNT_OF(steps));
  assert_int_equal(wslay_frame_recv(peer->context, &got), 3);
  assert_memory_equal(got.data, "Hel", 3);
  assert_int_equal(wslay_frame_recv(peer->context, &got), WSLAY_ERR_WANT_READ);
  assert_int_equal(wslay_frame_recv(peer->context, &got), 2);
  assert_memory_equal(got.data, "lo", 2);
  assert_fields(&got, &frame);
  frame_peer_free(peer);
}

static void f5_sending_does_not_disturb_receiving(void **state) {
  static const int steps[] = {9};
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  struct wslay_frame_iocb got;
  (void)state;
  frame.mask = 1;
  frame_peer_feed(peer, &frame, KEY);
  frame_peer_recv_steps(peer, steps, COUNT_OF(steps));
  assert_int_equal(wslay_frame_recv(peer->context, &got), 3);
  send_whole(peer, frame);
  assert_memory_equal(got.data, "Hel", 3);
  assert_int_equal(wslay_frame_recv(peer->context, &got), 2);
  assert_memory_equal(got.data, "lo", 2);
  frame_peer_free(peer);
}

TEST_GROUP(test_frame_recv, TEST(f5_masked_5_byte_frame_fed_byte_by_byte),
           TEST(f5_every_length_form_at_every_boundary),
           TEST(f5_length_up_to_63_bits),
           TEST(f5_input_cut_anywhere_gives_the_same_frames),
           TEST(f5_every_call_short), TEST(f2_refusal_is_want_read),
           TEST(f5_header_without_payload_is_want_read),
           TEST(f5_frames_at_hand_need_no_further_read),
           TEST(f5_payload_at_hand_is_given_without_waiting),
           TEST(f5_sending_does_not_disturb_receiving))
