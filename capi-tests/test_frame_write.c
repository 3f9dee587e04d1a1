/* wslay_frame_write: the same bytes into a buffer (F4), also when it takes
 * turns with wslay_frame_send (D8). */
#include "frame_harness.h"

static const uint8_t HELLO[] = {'H', 'e', 'l', 'l', 'o'};
static const size_t BOUNDARIES[] = {0, 1, 125, 126, 127, 65535, 65536, 65537};
enum { LARGEST = 65537, PAYLOAD = 200, ROOM = 70000 };

struct sample {
  uint8_t payload[PAYLOAD];
  struct wslay_frame_iocb frame;
  uint8_t expected[PAYLOAD + 14];
  size_t expected_length;
  size_t header_length;
};

static void make_sample(struct sample *sample, uint8_t mask) {
  uint8_t key[4];
  fill_payload(sample->payload, PAYLOAD);
  sample->frame = text_frame(sample->payload, PAYLOAD);
  sample->frame.mask = mask;
  sample->header_length = mask ? 8 : 4;
  frame_peer_key(0, key);
  sample->expected_length = encode_frame(sample->expected, &sample->frame, key);
}

static void move_on(struct wslay_frame_iocb *frame, size_t length) {
  assert_true(length <= frame->data_length);
  frame->data += length;
  frame->data_length -= length;
}

static void assert_no_send(const struct frame_peer *peer) {
  assert_int_equal(peer->send_calls, 0);
}

static void f4_same_bytes_at_every_boundary(void **state) {
  static uint8_t payload[LARGEST];
  static uint8_t expected[LARGEST + 14];
  size_t i;
  uint8_t mask;
  (void)state;
  fill_payload(payload, sizeof(payload));
  for (i = 0; i < COUNT_OF(BOUNDARIES); i++) {
    for (mask = 0; mask <= 1; mask++) {
      struct frame_peer *peer = frame_peer_new();
      struct wslay_frame_iocb frame = text_frame(payload, BOUNDARIES[i]);
      uint8_t key[4];
      size_t length;
      size_t payload_length;
      frame.mask = mask;
      frame_peer_key(0, key);
      length = encode_frame(expected, &frame, key);
      assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length),
                       length);
      assert_int_equal(payload_length, BOUNDARIES[i]);
      assert_frame_bytes(peer, expected, length);
      assert_no_send(peer);
      assert_int_equal(peer->genmask_calls, mask);
      frame_peer_free(peer);
    }
  }
}

static void f4_without_room_for_the_header_nothing_starts(void **state) {
  static uint8_t payload[LARGEST];
  static const size_t headers[] = {2, 2, 2, 4, 4, 4, 10, 10};
  size_t i;
  size_t room;
  uint8_t mask;
  (void)state;
  for (i = 0; i < COUNT_OF(BOUNDARIES); i++) {
    for (mask = 0; mask <= 1; mask++) {
      struct frame_peer *peer = frame_peer_new();
      struct wslay_frame_iocb frame = text_frame(payload, BOUNDARIES[i]);
      size_t header_length = headers[i] + (mask ? 4 : 0);
      size_t payload_length;
      frame.mask = mask;
      for (room = 0; room < header_length; room++) {
        assert_int_equal(write_piece(peer, &frame, room, &payload_length), 0);
        assert_int_equal(payload_length, 0);
        assert_int_equal(peer->genmask_calls, 0);
      }
      assert_int_equal(write_piece(peer, &frame, room, &payload_length),
                       header_length);
      assert_int_equal(payload_length, 0);
      assert_int_equal(peer->genmask_calls, mask);
      frame_peer_free(peer);
    }
  }
}

static void f4_a_frame_not_begun_may_still_change(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  size_t payload_length;
  (void)state;
  assert_int_equal(write_piece(peer, &frame, 1, &payload_length), 0);
  frame.opcode = WSLAY_PING;
  assert_int_equal(wslay_frame_send(peer->context, &frame), 5);
  assert_int_equal(peer->sent[0], 0x89);
  frame_peer_free(peer);
}

static void f4_cut_anywhere_gives_the_same_bytes(void **state) {
  size_t room;
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct sample sample;
    make_sample(&sample, mask);
    for (room = sample.header_length; room < sample.expected_length; room++) {
      struct frame_peer *peer = frame_peer_new();
      struct wslay_frame_iocb frame = sample.frame;
      size_t payload_length;
      assert_int_equal(write_piece(peer, &frame, room, &payload_length), room);
      assert_int_equal(payload_length, room - sample.header_length);
      move_on(&frame, payload_length);
      assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length),
                       sample.expected_length - room);
      assert_int_equal(payload_length, frame.data_length);
      assert_frame_bytes(peer, sample.expected, sample.expected_length);
      assert_int_equal(peer->genmask_calls, mask);
      frame_peer_free(peer);
    }
  }
}

static void f4_payload_byte_by_byte(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  size_t payload_length;
  (void)state;
  make_sample(&sample, 1);
  write_piece(peer, &sample.frame, sample.header_length, &payload_length);
  while (sample.frame.data_length > 0) {
    assert_int_equal(write_piece(peer, &sample.frame, 0, &payload_length), 0);
    assert_int_equal(payload_length, 0);
    assert_int_equal(write_piece(peer, &sample.frame, 1, &payload_length), 1);
    assert_int_equal(payload_length, 1);
    move_on(&sample.frame, 1);
  }
  assert_frame_bytes(peer, sample.expected, sample.expected_length);
  frame_peer_free(peer);
}

static void f4_empty_piece_writes_the_header_alone(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  size_t payload_length;
  (void)state;
  make_sample(&sample, 1);
  sample.frame.data_length = 0;
  assert_int_equal(write_piece(peer, &sample.frame, ROOM, &payload_length), 8);
  assert_int_equal(payload_length, 0);
  assert_int_equal(write_piece(peer, &sample.frame, ROOM, &payload_length), 0);
  assert_int_equal(payload_length, 0);
  sample.frame.data_length = PAYLOAD;
  assert_int_equal(write_piece(peer, &sample.frame, ROOM, &payload_length),
                   PAYLOAD);
  assert_int_equal(payload_length, PAYLOAD);
  assert_frame_bytes(peer, sample.expected, sample.expected_length);
  frame_peer_free(peer);
}

static void f4_frame_after_frame(void **state) {
  struct frame_peer *peer = frame_peer_new();
  uint8_t expected[64];
  size_t length = 0;
  size_t i;
  (void)state;
  for (i = 0; i < 4; i++) {
    struct wslay_frame_iocb frame = text_frame(HELLO, i);
    uint8_t key[4];
    size_t payload_length;
    frame.mask = 1;
    frame_peer_key(i, key);
    length += encode_frame(expected + length, &frame, key);
    assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length), 6 + i);
  }
  assert_frame_bytes(peer, expected, length);
  frame_peer_free(peer);
}

static void check_refused(struct wslay_frame_iocb frame, int genmask_result,
                          ssize_t expected) {
  struct frame_peer *peer = frame_peer_new();
  size_t payload_length;
  frame.mask = 1;
  peer->genmask_result = genmask_result;
  assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length), expected);
  assert_int_equal(peer->sent_length, 0);
  peer->genmask_result = 0;
  frame = text_frame(HELLO, sizeof(HELLO));
  assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length), 7);
  assert_int_equal(peer->sent[0], 0x81);
  frame_peer_free(peer);
}

static void f4_refuses_what_send_refuses(void **state) {
  static const uint8_t payload[126] = {0};
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  (void)state;
  check_refused(frame, -1, WSLAY_ERR_INVALID_CALLBACK);
  check_refused(frame, 1, WSLAY_ERR_INVALID_CALLBACK);
  frame.payload_length = 4;
  check_refused(frame, 0, WSLAY_ERR_INVALID_ARGUMENT);
  frame.payload_length = (uint64_t)1 << 63;
  check_refused(frame, 0, WSLAY_ERR_INVALID_ARGUMENT);
  frame = text_frame(payload, sizeof(payload));
  frame.opcode = WSLAY_PONG;
  check_refused(frame, 0, WSLAY_ERR_INVALID_ARGUMENT);
}

static void f4_needs_no_send_callback(void **state) {
  struct wslay_frame_callbacks callbacks = {NULL, NULL, NULL};
  struct frame_peer *peer = frame_peer_new_with(&callbacks);
  struct wslay_frame_iocb frame = text_frame(HELLO, sizeof(HELLO));
  size_t payload_length;
  (void)state;
  assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length), 7);
  frame_peer_free(peer);
}

static void d7_written_piece_beyond_the_frame_is_refused(void **state) {
  struct frame_peer *peer = frame_peer_new();
  struct wslay_frame_iocb frame = text_frame(HELLO, 3);
  size_t payload_length;
  (void)state;
  frame.payload_length = 5;
  assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length), 5);
  assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length),
                   WSLAY_ERR_INVALID_ARGUMENT);
  frame.data = HELLO + 3;
  frame.data_length = 2;
  assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length), 2);
  assert_frame_bytes(peer, (const uint8_t *)"\x81\x05Hello", 7);
  frame_peer_free(peer);
}

static void d8_write_goes_on_where_send_stopped(void **state) {
  size_t cut;
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct sample sample;
    make_sample(&sample, mask);
    for (cut = 1; cut < sample.expected_length; cut++) {
      struct frame_peer *peer = frame_peer_new();
      struct wslay_frame_iocb frame = sample.frame;
      int in_header = cut <= sample.header_length;
      size_t payload_length;
      int steps[3] = {0, STEP_FAIL, STEP_FAIL};
      steps[0] = (int)(in_header ? cut : sample.header_length);
      steps[1] = in_header ? STEP_FAIL : (int)(cut - sample.header_length);
      frame_peer_send_steps(peer, steps, 3);
      if (in_header) {
        assert_int_equal(wslay_frame_send(peer->context, &frame),
                         WSLAY_ERR_WANT_WRITE);
      } else {
        assert_int_equal(wslay_frame_send(peer->context, &frame), steps[1]);
        move_on(&frame, (size_t)steps[1]);
      }
      assert_int_equal(write_piece(peer, &frame, ROOM, &payload_length),
                       sample.expected_length - cut);
      assert_int_equal(payload_length, frame.data_length);
      assert_frame_bytes(peer, sample.expected, sample.expected_length);
      assert_int_equal(peer->genmask_calls, mask);
      frame_peer_free(peer);
    }
  }
}

static void d8_send_goes_on_where_write_stopped(void **state) {
  size_t room;
  uint8_t mask;
  (void)state;
  for (mask = 0; mask <= 1; mask++) {
    struct sample sample;
    make_sample(&sample, mask);
    for (room = sample.header_length; room < sample.expected_length; room++) {
      struct frame_peer *peer = frame_peer_new();
      struct wslay_frame_iocb frame = sample.frame;
      size_t payload_length;
      assert_int_equal(write_piece(peer, &frame, room, &payload_length), room);
      move_on(&frame, payload_length);
      assert_int_equal(wslay_frame_send(peer->context, &frame),
                       frame.data_length);
      assert_frame_bytes(peer, sample.expected, sample.expected_length);
      assert_int_equal(peer->genmask_calls, mask);
      frame_peer_free(peer);
    }
  }
}

static void d8_write_and_send_take_turns(void **state) {
  static const int one_byte[] = {1, STEP_FAIL, STEP_FAIL};
  struct frame_peer *peer = frame_peer_new();
  struct sample sample;
  size_t payload_length;
  (void)state;
  make_sample(&sample, 1);
  write_piece(peer, &sample.frame, 9, &payload_length);
  move_on(&sample.frame, payload_length);
  while (sample.frame.data_length > 1) {
    frame_peer_send_steps(peer, one_byte, COUNT_OF(one_byte));
    assert_int_equal(wslay_frame_send(peer->context, &sample.frame), 1);
    move_on(&sample.frame, 1);
    assert_int_equal(write_piece(peer, &sample.frame, 1, &payload_length), 1);
    move_on(&sample.frame, 1);
  }
  send_whole(peer, sample.frame);
  assert_frame_bytes(peer, sample.expected, sample.expected_length);
  frame_peer_free(peer);
}

TEST_GROUP(test_frame_write, BEYOND_C(f4_same_bytes_at_every_boundary),
           BEYOND_C(f4_without_room_for_the_header_nothing_starts),
           BEYOND_C(f4_a_frame_not_begun_may_still_change),
           BEYOND_C(f4_cut_anywhere_gives_the_same_bytes),
           BEYOND_C(f4_payload_byte_by_byte),
           BEYOND_C(f4_empty_piece_writes_the_header_alone),
           BEYOND_C(f4_frame_after_frame),
           BEYOND_C(f4_refuses_what_send_refuses),
           BEYOND_C(f4_needs_no_send_callback),
           BEYOND_C(d7_written_piece_beyond_the_frame_is_refused),
           BEYOND_C(d8_write_goes_on_where_send_stopped),
           BEYOND_C(d8_send_goes_on_where_write_stopped),
           BEYOND_C(d8_write_and_send_take_turns))
