/* The scripted peer of the frame API tests. */
#include "frame_harness.h"

static int next_step(const int *steps, size_t count, size_t call, size_t len) {
  return call < count ? steps[call] : (int)len;
}

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static ssize_t false_claim(int step, size_t len) {
  return step == STEP_CLAIM_MOST ? (ssize_t)(SIZE_MAX / 2) : (ssize_t)len + 1;
}

static void complain(struct frame_peer *peer, const char *what) {
  if (peer->complaint == NULL) {
    peer->complaint = what;
  }
}

static ssize_t on_send(const uint8_t *data, size_t len, int flags,
                       void *user_data) {
  struct frame_peer *peer = user_data;
  int step =
      next_step(peer->send_steps, peer->send_step_count, peer->send_calls, len);
  size_t taken;
  peer->send_calls += 1;
  if (len == 0) {
    complain(peer, "send callback with nothing to send");
  }
  if (step == STEP_CLAIM_ONE_MORE || step == STEP_CLAIM_MOST) {
    return false_claim(step, len);
  }
  if (step <= 0) {
    return step;
  }
  taken = smaller((size_t)step, len);
  if (taken > FRAME_PEER_CAPACITY - peer->sent_length) {
    complain(peer, "more is sent than any test expects");
    return -1;
  }
  memcpy(peer->sent + peer->sent_length, data, taken);
  memset(peer->sent_flags + peer->sent_length, flags, taken);
  peer->sent_length += taken;
  return (ssize_t)taken;
}

static ssize_t on_recv(uint8_t *buf, size_t len, int flags, void *user_data) {
  struct frame_peer *peer = user_data;
  int step =
      next_step(peer->recv_steps, peer->recv_step_count, peer->recv_calls, len);
  size_t given;
  peer->recv_calls += 1;
  if (flags != 0 || len == 0) {
    complain(peer, "recv callback with flags, or without room");
    return -1;
  }
  if (step == STEP_CLAIM_ONE_MORE || step == STEP_CLAIM_MOST) {
    memset(buf, 0x81, len);
    return false_claim(step, len);
  }
  if (step <= 0) {
    return step;
  }
  given = smaller((size_t)step, len);
  given = smaller(given, peer->input_length - peer->input_position);
  if (given == 0) {
    return -1;
  }
  memcpy(buf, peer->input + peer->input_position, given);
  peer->input_position += given;
  return (ssize_t)given;
}

static int on_genmask(uint8_t *buf, size_t len, void *user_data) {
  struct frame_peer *peer = user_data;
  if (len == 4) {
    frame_peer_key(peer->genmask_calls, buf);
  }
  peer->genmask_calls += 1;
  peer->genmask_length = len;
  return peer->genmask_result;
}

struct wslay_frame_callbacks frame_peer_callbacks(void) {
  struct wslay_frame_callbacks callbacks = {on_send, on_recv, on_genmask};
  return callbacks;
}

struct frame_peer *
frame_peer_new_with(const struct wslay_frame_callbacks *callbacks) {
  struct frame_peer *peer = calloc(1, sizeof(*peer));
  assert_non_null(peer);
  assert_int_equal(wslay_frame_context_init(&peer->context, callbacks, peer),
                   0);
  assert_non_null(peer->context);
  return peer;
}

struct frame_peer *frame_peer_new(void) {
  struct wslay_frame_callbacks callbacks = frame_peer_callbacks();
  return frame_peer_new_with(&callbacks);
}

void frame_peer_free(struct frame_peer *peer) {
  const char *complaint = peer->complaint;
  wslay_frame_context_free(peer->context);
  free(peer);
  if (complaint != NULL) {
    fail_msg("%s", complaint);
  }
}

void frame_peer_send_steps(struct frame_peer *peer, const int *steps,
                           size_t count) {
  peer->send_steps = steps;
  peer->send_step_count = count;
  peer->send_calls = 0;
}

void frame_peer_recv_steps(struct frame_peer *peer, const int *steps,
                           size_t count) {
  peer->recv_steps = steps;
  peer->recv_step_count = count;
  peer->recv_calls = 0;
}

void frame_peer_key(size_t nth, uint8_t key[4]) {
  static const uint8_t base[4] = {0x37, 0xfa, 0x21, 0x3d};
  size_t i;
  for (i = 0; i < 4; i++) {
    key[i] = (uint8_t)(base[i] + nth * (2 * i + 1));
  }
}

void fill_payload(uint8_t *data, size_t length) {
  size_t i;
  for (i = 0; i < length; i++) {
    data[i] = (uint8_t)(i * 7 + i / 256 + 1);
  }
}

size_t encode_header(uint8_t *out, const struct wslay_frame_iocb *frame,
                     const uint8_t key[4]) {
  uint64_t length = frame->payload_length;
  size_t length_bytes = length <= 125 ? 0 : length <= 65535 ? 2 : 8;
  uint8_t length_code = length_bytes == 0   ? (uint8_t)length
                        : length_bytes == 2 ? 126
                                            : 127;
  size_t i;
  out[0] = (uint8_t)((frame->fin ? 0x80 : 0) | frame->rsv << 4 | frame->opcode);
  out[1] = (uint8_t)((frame->mask ? 0x80 : 0) | length_code);
  for (i = 0; i < length_bytes; i++) {
    out[2 + i] = (uint8_t)(length >> (8 * (length_bytes - 1 - i)));
  }
  if (!frame->mask) {
    return 2 + length_bytes;
  }
  memcpy(out + 2 + length_bytes, key, 4);
  return 2 + length_bytes + 4;
}

size_t encode_frame(uint8_t *out, const struct wslay_frame_iocb *frame,
                    const uint8_t key[4]) {
  size_t header_length = encode_header(out, frame, key);
  size_t payload_length = (size_t)frame->payload_length;
  size_t i;
  for (i = 0; i < payload_length; i++) {
    out[header_length + i] =
        (uint8_t)(frame->data[i] ^ (frame->mask ? key[i % 4] : 0));
  }
  return header_length + payload_length;
}

void frame_peer_feed(struct frame_peer *peer,
                     const struct wslay_frame_iocb *frame,
                     const uint8_t key[4]) {
  assert_true(peer->input_length + 14 + frame->payload_length <=
              FRAME_PEER_CAPACITY);
  peer->input_length +=
      encode_frame(peer->input + peer->input_length, frame, key);
}

void frame_peer_feed_bytes(struct frame_peer *peer, const uint8_t *bytes,
                           size_t length) {
  assert_true(peer->input_length + length <= FRAME_PEER_CAPACITY);
  memcpy(peer->input + peer->input_length, bytes, length);
  peer->input_length += length;
}

struct wslay_frame_iocb text_frame(const uint8_t *data, size_t length) {
  struct wslay_frame_iocb frame = {1, 0, WSLAY_TEXT_FRAME, 0, 0, NULL, 0};
  frame.payload_length = length;
  frame.data = data;
  frame.data_length = length;
  return frame;
}

size_t send_whole(struct frame_peer *peer, struct wslay_frame_iocb frame) {
  size_t want_writes = 0;
  for (;;) {
    ssize_t result = wslay_frame_send(peer->context, &frame);
    if (result == WSLAY_ERR_WANT_WRITE) {
      want_writes += 1;
      continue;
    }
    assert_true(result >= 0);
    assert_true((size_t)result <= frame.data_length);
    frame.data += result;
    frame.data_length -= (size_t)result;
    if (frame.data_length == 0) {
      return want_writes;
    }
    assert_true(result > 0);
  }
}

ssize_t write_piece(struct frame_peer *peer, struct wslay_frame_iocb *frame,
                    size_t room, size_t *payload_length) {
  size_t left = FRAME_PEER_CAPACITY - peer->sent_length;
  uint8_t *to = peer->sent + peer->sent_length;
  ssize_t result;
  size_t i;
  assert_true(room <= left);
  memset(to, 0xa5, left);
  *payload_length = SIZE_MAX;
  result = wslay_frame_write(peer->context, frame, to, room, payload_length);
  for (i = result > 0 ? (size_t)result : 0; i < left; i++) {
    assert_int_equal(to[i], 0xa5);
  }
  if (result >= 0) {
    assert_true((size_t)result <= room);
    assert_true(*payload_length <= (size_t)result);
    peer->sent_length += (size_t)result;
  }
  return result;
}

void assert_frame_bytes(const struct frame_peer *peer, const uint8_t *expected,
                        size_t length) {
  assert_int_equal(peer->sent_length, length);
  assert_memory_equal(peer->sent, expected, length);
}
