/* Each mask in one function, and how often each was used. */
#include "masks.h"

#include <string.h>

#include <wslay/wslay.h>

#include "side.h"

enum mask {
  D1,
  D2,
  D3,
  D4,
  D6,
  D7,
  D9,
  D11,
  RSV_ONCE,
  GENMASK_AHEAD,
  ERROR_AFTER_SHORT_WRITE,
  ERROR_AFTER_SHORT_READ,
  ROOM_OFFERED,
  AFTER_PROTO,
  MASKS
};

static const char *const names[MASKS] = {
    [D1] = "D1 a Close kept in one read",
    [D2] = "D2 Close after a malformed frame",
    [D3] = "D3 codes 1012 to 1014 accepted",
    [D4] = "D4 a Close of one byte",
    [D6] = "D6 a frame masked since one before was",
    [D7] = "D7 a piece shortened to its frame",
    [D9] = "D9 dropped Pings and Pongs counted",
    [D11] = "D11 a huge announcement cut off",
    [RSV_ONCE] = "RSV bits not changed within a frame",
    [GENMASK_AHEAD] = "no genmask failure, since sends are cut",
    [ERROR_AFTER_SHORT_WRITE] = "no error value after a short write",
    [ERROR_AFTER_SHORT_READ] = "error value cleared after a nested send",
    [ROOM_OFFERED] = "a read shortened to what both ask for",
    [AFTER_PROTO] = "wslay_frame_recv not called after its error",
};

static unsigned long long uses[MASKS];

static bool used(enum mask mask, bool is_used) {
  uses[mask] += is_used;
  return is_used;
}

bool mask_d1_close_in_one_read(const uint8_t *header, const uint8_t *payload,
                               size_t size) {
  static const uint8_t no_key[4];
  const uint8_t *key = (header[1] & 0x80) != 0 ? payload - 4 : no_key;
  if ((header[0] & 15) != WSLAY_CONNECTION_CLOSE) {
    return false;
  }
  for (size_t i = 2; i < size; i++) {
    if (((payload[i] ^ key[i % 4]) & 0x80) != 0) {
      return used(D1, true);
    }
  }
  return false;
}

/* Theirs ends with an empty Close, ours with one of two bytes, 1002. */
bool mask_d2_close_sent(const struct bytes *theirs, const struct bytes *ours,
                        bool masked) {
  size_t header = masked ? 6 : 2;
  if (theirs->size < header || ours->size != theirs->size + 2) {
    return false;
  }
  size_t before = theirs->size - header;
  const uint8_t *empty = theirs->data + before;
  const uint8_t *code = ours->data + before;
  const uint8_t *key = masked ? code + 2 : (const uint8_t *)"\0";
  uint8_t mask_bit = masked ? 0x80 : 0;
  return used(
      D2, (before == 0 || memcmp(theirs->data, ours->data, before) == 0) &&
              empty[0] == 0x88 && empty[1] == mask_bit && code[0] == 0x88 &&
              code[1] == (mask_bit | 2) && (code[header] ^ key[0]) == 0x03 &&
              (code[header + 1] ^ key[1]) == 0xea);
}

bool mask_d2_code_sent(int64_t theirs, int64_t ours) {
  return theirs == WSLAY_CODE_NO_STATUS_RCVD &&
         ours == WSLAY_CODE_PROTOCOL_ERROR;
}

static bool is_close_message(const struct event *event) {
  return event->kind == EVENT_MESSAGE &&
         event->values[1] == WSLAY_CONNECTION_CLOSE;
}

/* wslay_event_recv has returned 0, and reading is disabled with no Close
   received: a Close of the library's own is queued. */
static bool is_refusal(const struct event *event) {
  const struct event *state = event + 1;
  return event->kind == EVENT_RECV && event->values[0] == 0 &&
         state->kind == EVENT_STATE && state->values[READ_ENABLED] == 0 &&
         state->values[CLOSE_RECEIVED] == 0;
}

bool mask_d3_code_accepted(const struct event *theirs,
                           const struct event *ours) {
  return used(D3, is_refusal(theirs) && is_close_message(ours) &&
                      ours->values[3] >= 1012 && ours->values[3] <= 1014);
}

bool mask_d4_one_byte_close(const struct event *theirs,
                            const struct event *ours) {
  return used(D4, is_refusal(ours) && is_close_message(theirs) &&
                      theirs->values[2] == 1);
}

bool mask_d6_stays_masked(bool was_masked, bool masked) {
  return used(D6, was_masked && !masked);
}

size_t mask_d7_shorten(size_t piece, size_t left) {
  return used(D7, piece > left) ? left : piece;
}

bool mask_d9_dropped_controls(const struct side *theirs,
                              const struct event *state, int64_t count,
                              int64_t length) {
  return used(D9, state->values[CLOSING] && count > 0 &&
                      count <= (int64_t)theirs->controls_queued &&
                      length >= 0 && length <= 125 * count);
}

bool mask_d11_huge_announcement(uint64_t length) {
  return used(D11, length > 1 << 20 && length <= INT32_MAX);
}

bool mask_rsv_judged_once(bool at_boundary) {
  return used(RSV_ONCE, !at_boundary);
}

bool mask_genmask_called_ahead(bool whole_sends) {
  return used(GENMASK_AHEAD, !whole_sends);
}

bool mask_error_after_short_write(bool is_short) {
  return used(ERROR_AFTER_SHORT_WRITE, is_short);
}

void mask_error_after_short_read(void) {
  used(ERROR_AFTER_SHORT_READ, true);
}

size_t mask_room_offered(size_t size) {
  enum { ROOM = 4096 - 14 };
  return used(ROOM_OFFERED, size > ROOM) ? ROOM : size;
}

bool mask_frame_recv_after_proto(int64_t result) {
  return used(AFTER_PROTO, result == WSLAY_ERR_PROTO);
}

void masks_print(FILE *to) {
  for (size_t i = 0; i < MASKS; i++) {
    fprintf(to, "%12llu  mask %s\n", uses[i], names[i]);
  }
}
