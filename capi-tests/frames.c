/* Building frames and taking streams of them apart. */
#include "frames.h"

const uint8_t frame_key[4] = {0x37, 0xfa, 0x21, 0x3d};

static void put_number(struct bytes *to, uint64_t value, int size) {
  while (size-- > 0) {
    bytes_add_byte(to, (int)(value >> (8 * size) & 0xff));
  }
}

void put_header(struct bytes *to, int first_byte, int masked, uint64_t length,
                enum length_form form) {
  int mask_bit = masked ? 0x80 : 0;
  bytes_add_byte(to, first_byte);
  if (form == SHORTEST && length > 125) {
    form = length > 0xffff ? IN_8_BYTES : IN_2_BYTES;
  }
  if (form == SHORTEST) {
    bytes_add_byte(to, mask_bit | (int)length);
  } else {
    bytes_add_byte(to, mask_bit | (form == IN_2_BYTES ? 126 : 127));
    put_number(to, length, form);
  }
  if (masked) {
    bytes_add(to, frame_key, sizeof(frame_key));
  }
}

void put_frame(struct bytes *to, int first_byte, int masked, const void *data,
               size_t length) {
  size_t i;
  size_t start;
  put_header(to, first_byte, masked, length, SHORTEST);
  start = to->length;
  bytes_add(to, data, length);
  for (i = 0; masked && i < length; ++i) {
    to->at[start + i] ^= frame_key[i % 4];
  }
}

void put_close(struct bytes *to, int masked, int code, const char *reason) {
  struct bytes payload = {NULL, 0, 0};
  put_number(&payload, (uint64_t)code, 2);
  bytes_add_text(&payload, "%s", reason);
  put_frame(to, FIN | CLOSE, masked, payload.at, payload.length);
  bytes_free(&payload);
}

/* Reads a header; returns its size, or 0 when it is not all there. */
static size_t take_header(const uint8_t *at, size_t left, struct frame *frame) {
  size_t size = 2;
  size_t extra;
  size_t i;
  if (left < 2) {
    return 0;
  }
  frame->fin = at[0] >> 7;
  frame->rsv = at[0] >> 4 & 7;
  frame->opcode = at[0] & 15;
  frame->masked = at[1] >> 7;
  frame->length = at[1] & 127;
  extra = frame->length == 126 ? 2 : frame->length == 127 ? 8 : 0;
  if (left < size + extra + (frame->masked ? 4 : 0)) {
    return 0;
  }
  frame->length = extra > 0 ? 0 : frame->length;
  for (i = 0; i < extra; ++i) {
    frame->length = frame->length << 8 | at[size++];
  }
  for (i = 0; i < 4; ++i) {
    frame->key[i] = frame->masked ? at[size++] : 0;
  }
  return size;
}

int take_frame(struct bytes *from, size_t *offset, struct frame *frame) {
  size_t left = from->length - *offset;
  uint8_t *at = left > 0 ? from->at + *offset : NULL;
  size_t header = take_header(at, left, frame);
  size_t i;
  if (header == 0 || frame->length > left - header) {
    return 0;
  }
  for (i = 0; i < frame->length; ++i) {
    at[header + i] ^= frame->key[i % 4];
  }
  frame->payload = at + header;
  frame->total = header + (size_t)frame->length;
  *offset += frame->total;
  return 1;
}

void describe_head(struct bytes *to, int fin, int rsv, int opcode) {
  static const char *const names[16] = {
      "cont",  "text", "binary", "op3",  "op4",  "op5",  "op6",  "op7",
      "close", "ping", "pong",   "op11", "op12", "op13", "op14", "op15"};
  bytes_add_text(to, "%s%s", names[opcode & 15], fin ? "" : "+");
  if (rsv != 0) {
    bytes_add_text(to, "/%d", rsv);
  }
}
