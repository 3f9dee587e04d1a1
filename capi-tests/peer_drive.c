/* Driving a peer: feeding, queueing, and describing what it sent. */
#include "peer.h"

void peer_feed(struct peer *peer, const void *data, size_t length) {
  peer_input(peer, data, length);
  assert_int_equal(wslay_event_recv(peer->ctx), 0);
}

void peer_feed_bytewise(struct peer *peer, const void *data, size_t length) {
  const uint8_t *at = data;
  size_t i;
  for (i = 0; i < length; ++i) {
    peer_feed(peer, at + i, 1);
  }
}

void peer_feed_text(struct peer *peer, int first_byte, const char *text) {
  peer_input_text(peer, first_byte, text);
  assert_int_equal(wslay_event_recv(peer->ctx), 0);
}

int peer_queue(struct peer *peer, int opcode, const char *text) {
  struct wslay_event_msg message;
  message.opcode = (uint8_t)opcode;
  message.msg = (const uint8_t *)text;
  message.msg_length = strlen(text);
  return wslay_event_queue_msg(peer->ctx, &message);
}

ssize_t peer_read_pieces(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                         const union wslay_event_msg_source *source, int *eof,
                         void *user_data) {
  struct pieces *pieces = source->data;
  const struct piece *piece = pieces->at;
  size_t length;
  (void)user_data;
  PEER_CHECK(pieces->peer, ctx == pieces->peer->ctx);
  ++pieces->calls;
  if (len > pieces->longest_asked) {
    pieces->longest_asked = len;
  }
  if (pieces->peer->hooks[IN_READ] != NULL) {
    pieces->peer->hooks[IN_READ](pieces->peer, NULL);
  }
  if (pieces->left == 0) {
    return 0;
  }
  length = piece->text != NULL ? strlen(piece->text) - pieces->offset : 0;
  if (length > len) {
    memcpy(buf, piece->text + pieces->offset, len);
    pieces->offset += len;
    return (ssize_t)len;
  }
  if (length > 0) {
    memcpy(buf, piece->text + pieces->offset, length);
  }
  ++pieces->at;
  --pieces->left;
  pieces->offset = 0;
  *eof = piece->eof;
  return piece->text != NULL ? (ssize_t)length : piece->result;
}

int peer_queue_pieces(struct peer *peer, int opcode, int rsv,
                      struct pieces *pieces) {
  struct wslay_event_fragmented_msg message;
  pieces->peer = peer;
  memset(&message, 0, sizeof(message));
  message.opcode = (uint8_t)opcode;
  message.source.data = pieces;
  message.read_callback = peer_read_pieces;
  return wslay_event_queue_fragmented_msg_ex(peer->ctx, &message, (uint8_t)rsv);
}

static void describe_sent(struct peer *peer, const struct frame *frame) {
  struct bytes *text = &peer->sent_text;
  const uint8_t *payload = frame->payload;
  size_t length = (size_t)frame->length;
  if (frame->masked != (peer->role == CLIENT)) {
    bytes_add_text(text, frame->masked ? "MASKED " : "UNMASKED ");
  }
  describe_head(text, frame->fin, frame->rsv, frame->opcode);
  if (frame->opcode == CLOSE && length >= 2) {
    bytes_add_text(text, " %d", payload[0] << 8 | payload[1]);
    payload += 2;
    length -= 2;
  }
  if (frame->opcode != CLOSE || frame->length > 0) {
    bytes_add_byte(text, ' ');
    bytes_add_quoted(text, payload, length);
  }
  bytes_add_byte(text, '\n');
}

const char *peer_sent(struct peer *peer) {
  struct frame frame;
  bytes_clear(&peer->sent_text);
  while (take_frame(&peer->output, &peer->taken, &frame)) {
    describe_sent(peer, &frame);
  }
  if (peer->taken < peer->output.length) {
    bytes_add_text(&peer->sent_text, "%lu bytes of a frame\n",
                   (unsigned long)(peer->output.length - peer->taken));
  }
  return bytes_text(&peer->sent_text);
}

const char *peer_flush(struct peer *peer) {
  size_t before;
  do {
    before = peer->output.length;
    assert_int_equal(wslay_event_send(peer->ctx), 0);
  } while (wslay_event_want_write(peer->ctx) && peer->output.length > before);
  return peer_sent(peer);
}

void assert_failed_with(struct peer *peer, int code) {
  char expected[32];
  struct bytes line = {NULL, 0, 0};
  bytes_add_text(&line, "close %d \"\"\n", code);
  strncpy(expected, bytes_text(&line), sizeof(expected) - 1);
  expected[sizeof(expected) - 1] = 0;
  bytes_free(&line);
  assert_int_equal(wslay_event_get_read_enabled(peer->ctx), 0);
  assert_int_equal(wslay_event_get_write_enabled(peer->ctx), 1);
  assert_int_equal(wslay_event_get_queued_msg_count(peer->ctx), 1);
  assert_flushed(peer, expected);
}
