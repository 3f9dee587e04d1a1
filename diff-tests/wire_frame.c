/* Single frames: writing them, and finding them again. */
#include "wire.h"

#include <string.h>

#include <wslay/wslay.h>

#include "masks.h"

static size_t put_length(uint8_t *header, int form, uint64_t length) {
  static const unsigned sizes[] = {0, 2, 8};
  for (unsigned i = 0; i < sizes[form]; i++) {
    header[i] = (uint8_t)(length >> (8 * (sizes[form] - 1 - i)));
  }
  return sizes[form];
}

void wire_put(struct wire *wire, struct random *random,
              const struct frame *frame, const uint8_t *payload, size_t size) {
  uint8_t header[14];
  uint8_t key[4];
  int form = frame->length_form;
  if (form < 0) {
    form = frame->announced < 126 ? 0 : frame->announced < 65536 ? 1 : 2;
  }
  header[0] = (uint8_t)(frame->fin << 7 | frame->rsv << 4 | frame->opcode);
  header[1] = (uint8_t)(form == 0 ? frame->announced : form == 1 ? 126 : 127);
  header[1] |= (uint8_t)(frame->masked << 7);
  size_t length = 2 + put_length(header + 2, form, frame->announced);
  random_fill(random, key, sizeof key);
  if (frame->masked) {
    memcpy(header + length, key, sizeof key);
    length += sizeof key;
  }
  bytes_append(&wire->bytes, header, length);
  size_t start = wire->bytes.size;
  bytes_append(&wire->bytes, payload, size);
  for (size_t i = 0; frame->masked && i < size; i++) {
    wire->bytes.data[start + i] ^= key[i % 4];
  }
}

/* One character of at most 4 bytes; returns its size. */
static size_t put_character(struct random *random, uint8_t *text) {
  size_t kind = random_below(random, 10);
  uint64_t bits = random_next(random);
  size_t size = kind < 5 ? 1 : kind < 7 ? 2 : kind < 9 ? 3 : 4;
  switch (size) {
  case 1:
    text[0] = (uint8_t)(32 + bits % 90);
    return 1;
  case 2:
    text[0] = (uint8_t)(0xc2 + bits % 0x1e);
    break;
  case 3:
    text[0] = (uint8_t)(0xe1 + bits % 12);
    break;
  default:
    text[0] = (uint8_t)(0xf1 + bits % 3);
  }
  for (size_t i = 1; i < size; i++) {
    text[i] = (uint8_t)(0x80 + (bits >> (8 * i)) % 64);
  }
  return size;
}

static void spoil(struct random *random, uint8_t *text, size_t size) {
  size_t at = random_below(random, size);
  switch (random_below(random, 4)) {
  case 0:
    text[at] = (uint8_t)random_next(random);
    break;
  case 1: /* ends inside a code point */
    text[size - 1] = 0xe2;
    break;
  case 2:
    text[at] = 0xff;
    break;
  default: /* half of a surrogate pair */
    text[at] = 0xed;
    text[at + 1 < size ? at + 1 : at] = 0xa0;
  }
}

void wire_fill_text(struct random *random, uint8_t *text, size_t size,
                    bool valid) {
  size_t at = 0;
  while (at + 4 <= size) {
    at += put_character(random, text + at);
  }
  memset(text + at, 'z', size - at);
  if (!valid && size > 0) {
    spoil(random, text, size);
  }
}

static void add_range(struct ranges *ranges, size_t start, size_t end) {
  if (ranges->count == ranges->capacity) {
    ranges->capacity = 2 * ranges->capacity + 64;
    ranges->items =
        grow(ranges->items, ranges->capacity * sizeof *ranges->items);
  }
  ranges->items[ranges->count++] = (struct range){start, end};
}

/* F6, by the header alone. */
static bool is_malformed(const uint8_t *header, uint64_t length) {
  unsigned form = header[1] & 127;
  if ((header[0] & 8) != 0 && ((header[0] & 0x80) == 0 || form > 125)) {
    return true;
  }
  return (form == 126 && length < 126) ||
         (form == 127 && (length < 65536 || length >> 63 != 0));
}

/* Reads the header at `at`, with zeros for what is cut off; returns its size.
 */
static size_t read_header(const struct wire *wire, size_t at,
                          uint8_t header[14], uint64_t *length) {
  size_t left = wire->bytes.size - at;
  memset(header, 0, 14);
  memcpy(header, wire->bytes.data + at, left < 14 ? left : 14);
  unsigned form = header[1] & 127;
  size_t size = form < 126 ? 0 : form == 126 ? 2 : 8;
  *length = size == 0 ? form : 0;
  for (size_t i = 0; i < size; i++) {
    *length = *length << 8 | header[2 + i];
  }
  return 2 + size + ((header[1] & 0x80) != 0 ? 4 : 0);
}

void wire_scan(struct wire *wire) {
  wire->frames.count = wire->whole.count = 0;
  wire->malformed = false;
  for (size_t at = 0, end; at < wire->bytes.size; at = end) {
    uint8_t header[14];
    uint64_t length;
    size_t size = read_header(wire, at, header, &length);
    size_t left = wire->bytes.size - at;
    if (mask_d11_huge_announcement(length)) {
      wire->bytes.size = at;
      return;
    }
    if (is_malformed(header, length)) {
      wire->malformed = true;
      return;
    }
    size_t there = left < size ? 0 : left - size;
    bool complete = left >= size && length <= there;
    size_t payload = complete ? (size_t)length : there;
    end = complete ? at + size + payload : wire->bytes.size;
    if (complete) {
      add_range(&wire->frames, at, end);
    }
    if (mask_d1_close_in_one_read(header, wire->bytes.data + at + size,
                                  payload)) {
      add_range(&wire->whole, at, end);
    }
  }
}
