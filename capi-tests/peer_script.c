/* What the scripted peer's recv callback hands out, and how tests write it. */
#include "peer_script.h"

enum item_kind { RUN, RESULT, OVER_CLAIM };

struct input_item {
  enum item_kind kind;
  size_t offset; /* RUN: where the rest of it is in peer->input */
  size_t length; /* RUN: of the rest; OVER_CLAIM: how much too much */
  ssize_t result;
  int error;
};

static struct input_item *add_item(struct peer *peer, enum item_kind kind) {
  struct input_item *item;
  if (peer->item_at == peer->item_count) {
    /* All read: start over, so that long sessions stay small. */
    peer->item_at = 0;
    peer->item_count = 0;
    bytes_clear(&peer->input);
  }
  peer->items =
      realloc(peer->items, (peer->item_count + 1) * sizeof(*peer->items));
  if (peer->items == NULL) {
    abort();
  }
  item = &peer->items[peer->item_count++];
  memset(item, 0, sizeof(*item));
  item->kind = kind;
  return item;
}

void peer_input(struct peer *peer, const void *data, size_t length) {
  if (length > 0) {
    struct input_item *item = add_item(peer, RUN);
    item->offset = peer->input.length;
    item->length = length;
    bytes_add(&peer->input, data, length);
  }
}

void peer_input_cut(struct peer *peer, const void *data, size_t length,
                    size_t step) {
  const uint8_t *at = data;
  while (length > 0) {
    size_t run = length < step ? length : step;
    peer_input(peer, at, run);
    at += run;
    length -= run;
  }
}

void peer_input_result(struct peer *peer, ssize_t result, int error) {
  struct input_item *item = add_item(peer, RESULT);
  item->result = result;
  item->error = error;
}

void peer_input_over_claim(struct peer *peer, size_t more) {
  add_item(peer, OVER_CLAIM)->length = more;
}

void peer_input_frame(struct peer *peer, int first_byte, const void *data,
                      size_t length) {
  struct bytes frame = {NULL, 0, 0};
  put_frame(&frame, first_byte, peer->role == SERVER, data, length);
  peer_input(peer, frame.at, frame.length);
  bytes_free(&frame);
}

void peer_input_text(struct peer *peer, int first_byte, const char *text) {
  peer_input_frame(peer, first_byte, text, strlen(text));
}

void peer_input_close(struct peer *peer, int code, const char *reason) {
  struct bytes frame = {NULL, 0, 0};
  put_close(&frame, peer->role == SERVER, code, reason);
  peer_input(peer, frame.at, frame.length);
  bytes_free(&frame);
}

int peer_recv_all(struct peer *peer) {
  int result = 0;
  while (result == 0 && peer->item_at < peer->item_count &&
         wslay_event_get_read_enabled(peer->ctx)) {
    result = wslay_event_recv(peer->ctx);
  }
  return result;
}

static ssize_t give_run(struct peer *peer, struct input_item *item,
                        uint8_t *buf, size_t len) {
  size_t length = len < item->length ? len : item->length;
  memcpy(buf, peer->input.at + item->offset, length);
  item->offset += length;
  item->length -= length;
  peer->item_at += item->length == 0;
  return (ssize_t)length;
}

ssize_t script_next(struct peer *peer, wslay_event_context_ptr ctx,
                    uint8_t *buf, size_t len) {
  struct input_item *item = NULL;
  ssize_t result = -1;
  int error = peer->end_error;
  if (peer->item_at < peer->item_count) {
    item = &peer->items[peer->item_at];
    if (item->kind == RUN) {
      return give_run(peer, item, buf, len);
    }
    ++peer->item_at;
    result = item->result;
    error = item->error;
    if (item->kind == OVER_CLAIM) {
      memset(buf, 0, len);
      return (ssize_t)(len + item->length);
    }
  }
  if (error != 0) {
    wslay_event_set_error(ctx, error);
  }
  peer->recv_refused += result <= 0;
  return result;
}

void script_free(struct peer *peer) {
  free(peer->items);
  bytes_free(&peer->input);
}
