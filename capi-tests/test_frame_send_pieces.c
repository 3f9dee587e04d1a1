/* wslay_frame_send when the payload comes in pieces and the send callback
 * takes part of what it is offered (F2, F3). */
#include "frame_harness.h"

enum { PAYLOAD = 200, FRAME_CAPACITY = PAYLOAD + 14 };

struct sample {
  uint8_t payload[PAYLOAD];
  struct wslay_frame_iocb frame;
  uint8_t expected[FRAME_CAPACITY];
  size_t expected_length;
};

/* A masked frame with a 2-byte length: the header has all its parts. */
static void make_sample(struct sample *sample, uint8_t mask) {
  uint8_t key[4];
  fill_payload(sample->payload, PAYLOAD);
  sample->frame = text_frame(sample->payload, PAYLOAD);
  sample->frame.mask = mask;
  frame_peer_key(0, key);
  sample->expected_length = encode_frame(sample->expected, &sample->frame, key);
}

static void assert_sample_sent(const struct frame_peer *peer,
                               const struct sample *sample) {
  assert_frame_bytes(peer, sample->expected, sample->expected_length);
  assert_int_equal(peer->genmask_calls, sample->frame.mask);
}

/* F2 */

static void f2_refusal_is_want_write(void **state) {
  static const int steps[] = {STEP_FAIL, STEP_ZERO, 8, STEP_FAIL, STEP_ZERO};
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  (void)state;
  make_sample(&sample, 1);
  frame_peer_send_steps(peer, steps, 5);
  assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                   WSLAY_ERR_WANT_WRITE);
  assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                   WSLAY_ERR_WANT_WRITE);
  assert_int_equal(peer->sent_length, 0);
  assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                   WSLAY_ERR_WANT_WRITE);
  assert_int_equal(peer->sent_length, 8);
  assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                   WSLAY_ERR_WANT_WRITE);
  assert_int_equal(wslay_frame_send(peer->context, &sample.frame), PAYLOAD);
  assert_sample_sent(peer, &sample);
  frame_peer_free(peer);
}

static void f2_claim_above_len_for_the_header(void **state) {
  static const int steps[] = {STEP_CLAIM_ONE_MORE};
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  (void)state;
  make_sample(&sample, 0);
  frame_peer_send_steps(peer, steps, 1);
  assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                   WSLAY_ERR_INVALID_CALLBACK);
  assert_int_equal(peer->send_calls, 1);
  frame_peer_free(peer);
}

static void f2_claim_above_len_for_the_payload(void **state) {
  static const int steps[] = {8, STEP_CLAIM_ONE_MORE};
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct frame_peer *peer = frame_peer_new();
    struct sample sample;
    make_sample(&sample, mask);
    frame_peer_send_steps(peer, steps, 2);
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                     WSLAY_ERR_INVALID_CALLBACK);
    assert_int_equal(peer->send_calls, 2);
    frame_peer_free(peer);
  }
}

/* F3: short writes */

static void f3_short_header_write_goes_on_where_it_stopped(void **state) {
  int cut;
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    int header_length = mask ? 8 : 4;
    for (cut = 1; cut < header_length; cut++) {
      struct frame_peer *peer = frame_peer_new();
      struct sample sample;
      make_sample(&sample, mask);
      frame_peer_send_steps(peer, &cut, 1);
      assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                       WSLAY_ERR_WANT_WRITE);
      assert_int_equal(peer->send_calls, 1);
      assert_int_equal(peer->sent_length, cut);
      send_whole(peer, sample.frame);
      assert_sample_sent(peer, &sample);
      frame_peer_free(peer);
    }
  }
}

static void f3_short_payload_write_is_the_result(void **state) {
  int cut;
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    for (cut = 1; cut < PAYLOAD; cut++) {
      struct frame_peer *peer = frame_peer_new();
      struct sample sample;
      int steps[3];
      steps[0] = mask ? 8 : 4;
      steps[1] = cut;
      steps[2] = STEP_FAIL;
      make_sample(&sample, mask);
      frame_peer_send_steps(peer, steps, 3);
      assert_int_equal(wslay_frame_send(peer->context, &sample.frame), cut);
      sample.frame.data += cut;
      sample.frame.data_length -= (size_t)cut;
      send_whole(peer, sample.frame);
      assert_sample_sent(peer, &sample);
      frame_peer_free(peer);
    }
  }
}

static void f3_one_byte_a_send_call(void **state) {
  static int steps[2 * FRAME_CAPACITY];
  size_t i;
  uint8_t mask;
  (void)state;
  for (i = 0; i < FRAME_CAPACITY; i++) {
    steps[2 * i] = 1;
    steps[2 * i + 1] = STEP_FAIL;
  }
  for (mask = 0; mask <= 1; mask++) {
    struct frame_peer *peer = frame_peer_new();
    struct sample sample;
    make_sample(&sample, mask);
    frame_peer_send_steps(peer, steps, 2 * FRAME_CAPACITY);
    assert_true(send_whole(peer, sample.frame) > 0);
    assert_sample_sent(peer, &sample);
    frame_peer_free(peer);
  }
}

static void f3_refused_frame_keeps_its_mask_key(void **state) {
  static const int steps[] = {STEP_FAIL, STEP_FAIL};
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  (void)state;
  make_sample(&sample, 1);
  frame_peer_send_steps(peer, steps, 2);
  assert_int_equal(send_whole(peer, sample.frame), 2);
  assert_sample_sent(peer, &sample);
  frame_peer_free(peer);
}

/* F3: pieces */

static void f3_empty_piece_sends_the_header_alone(void **state) {
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct frame_peer *peer = frame_peer_new();
    struct sample sample;
    make_sample(&sample, mask);
    sample.frame.data = NULL;
    sample.frame.data_length = 0;
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame), 0);
    assert_frame_bytes(peer, sample.expected, mask ? 8 : 4);
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame), 0);
    assert_frame_bytes(peer, sample.expected, mask ? 8 : 4);
    sample.frame.data = sample.payload;
    sample.frame.data_length = PAYLOAD;
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame), PAYLOAD);
    assert_sample_sent(peer, &sample);
    frame_peer_free(peer);
  }
}

static void f3_payload_in_pieces_of_any_size(void **state) {
  size_t piece;
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    for (piece = 1; piece <= PAYLOAD; piece++) {
      struct frame_peer *peer = frame_peer_new();
      struct sample sample;
      size_t done = 0;
      make_sample(&sample, mask);
      while (done < PAYLOAD) {
        size_t left = PAYLOAD - done;
        sample.frame.data = sample.payload + done;
        sample.frame.data_length = left < piece ? left : piece;
        assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                         sample.frame.data_length);
        done += sample.frame.data_length;
      }
      assert_sample_sent(peer, &sample);
      frame_peer_free(peer);
    }
  }
}

static void f3_later_calls_ignore_the_header_fields(void **state) {
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct frame_peer *peer = frame_peer_new();
    struct sample sample;
    make_sample(&sample, mask);
    sample.frame.data_length = 3;
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame), 3);
    sample.frame.fin = 0;
    sample.frame.rsv = 7;
    sample.frame.opcode = WSLAY_PING;
    sample.frame.mask = !mask;
    sample.frame.data += 3;
    sample.frame.data_length = PAYLOAD - 3;
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame),
                     PAYLOAD - 3);
    assert_int_equal(peer->genmask_calls, mask);
    assert_frame_bytes(peer, sample.expected, sample.expected_length);
    frame_peer_free(peer);
  }
}

static void f3_frame_ends_with_its_last_payload_byte(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  uint8_t expected[3 * FRAME_CAPACITY];
  size_t length = 0;
  size_t i;
  (void)state;
  for (i = 0; i < 3; i++) {
    uint8_t key[4];
    make_sample(&sample, 1);
    frame_peer_key(i, key);
    length += encode_frame(expected + length, &sample.frame, key);
    send_whole(peer, sample.frame);
  }
  assert_frame_bytes(peer, expected, length);
  assert_int_equal(peer->genmask_calls, 3);
  frame_peer_free(peer);
}

TEST_GROUP(test_frame_send_pieces, TEST(f2_refusal_is_want_write),
           TEST(f2_claim_above_len_for_the_header),
           TEST(f2_claim_above_len_for_the_payload),
           TEST(f3_short_header_write_goes_on_where_it_stopped),
           TEST(f3_short_payload_write_is_the_result),
           TEST(f3_one_byte_a_send_call),
           TEST(f3_refused_frame_keeps_its_mask_key),
           TEST(f3_empty_piece_sends_the_header_alone),
           TEST(f3_payload_in_pieces_of_any_size),
           TEST(f3_later_calls_ignore_the_header_fields),
           TEST(f3_frame_ends_with_its_last_payload_byte))
