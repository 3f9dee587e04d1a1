/* The scenarios, and sending them by either function. */
#include "scenarios.h"

static void queue_one_text(struct peer *peer) {
  peer_queue(peer, TEXT, "Hello");
}

static void queue_close_with_reason(struct peer *peer) {
  wslay_event_queue_close(peer->ctx, 1001, (const uint8_t *)"going", 5);
}

static void queue_mixture(struct peer *peer) {
  peer_queue(peer, TEXT, "first");
  peer_queue(peer, BINARY, "");
  peer_queue(peer, PING, "ping");
  peer_queue(peer, TEXT, "third");
  peer_queue(peer, PONG, "");
}

static void queue_fragments(struct peer *peer) {
  static const struct piece text[] = {
      {"one", 0, 0}, {"t", 0, 0}, {"three", 0, 0}, {"", 0, 1}};
  static struct pieces pieces;
  memset(&pieces, 0, sizeof(pieces));
  pieces.at = text;
  pieces.left = COUNT_OF(text);
  peer_queue(peer, TEXT, "before");
  peer_queue_pieces(peer, BINARY, 0, &pieces);
  peer_queue(peer, TEXT, "behind");
}

static void queue_medium_message(struct peer *peer) {
  uint8_t payload[300];
  struct wslay_event_msg message = {WSLAY_BINARY_FRAME, payload, 0};
  size_t i;
  message.msg_length = sizeof(payload);
  for (i = 0; i < sizeof(payload); i++) {
    payload[i] = (uint8_t)(i * 7 + i / 256);
  }
  wslay_event_queue_msg(peer->ctx, &message);
  peer_queue(peer, TEXT, "end");
}

static void queue_all_and_close(struct peer *peer) {
  peer_queue(peer, TEXT, "never");
  peer_queue(peer, PING, "dropped");
  wslay_event_queue_close(peer->ctx, 1000, NULL, 0);
}

const struct scenario scenarios[SCENARIOS] = {
    {"one text", queue_one_text},
    {"close", queue_close_with_reason},
    {"mixture", queue_mixture},
    {"fragments", queue_fragments},
    {"medium message", queue_medium_message},
    {"close before all", queue_all_and_close}};

void send_rest(struct peer *peer) {
  size_t turns = 0;
  while (wslay_event_want_write(peer->ctx)) {
    assert_int_equal(wslay_event_send(peer->ctx), 0);
    assert_true(++turns < 10000);
  }
}

void scenario_stream(const struct scenario *scenario, enum role role,
                     struct bytes *stream) {
  struct peer peer;
  peer_init(&peer, role);
  scenario->queue(&peer);
  send_rest(&peer);
  bytes_clear(stream);
  bytes_add(stream, peer.output.at, peer.output.length);
  assert_true(stream->length > 0);
  peer_free(&peer);
}

ssize_t peer_write(struct peer *peer, size_t room) {
  const size_t beyond = 64;
  uint8_t *buf = malloc(room + beyond);
  size_t written;
  ssize_t result;
  size_t i;
  assert_non_null(buf);
  memset(buf, 0xa5, room + beyond);
  result = wslay_event_write(peer->ctx, buf, room);
  written = result > 0 ? (size_t)result : 0;
  assert_true(written <= room);
  for (i = written; i < room + beyond; i++) {
    assert_int_equal(buf[i], 0xa5);
  }
  bytes_add(&peer->output, buf, written);
  free(buf);
  return result;
}

void assert_stream(const struct peer *peer, const struct bytes *expected,
                   const char *name) {
  if (peer->output.length != expected->length ||
      memcmp(peer->output.at, expected->at, expected->length) != 0) {
    fail_msg("another stream: %s", name);
  }
}
