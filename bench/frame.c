/* Writes payloads and frames. Not made to be fast: it runs before what is
 * measured. */
#include "frame.h"

#include <string.h>

static uint32_t next_random(uint32_t *random) {
  *random ^= *random << 13;
  *random ^= *random >> 17;
  *random ^= *random << 5;
  return *random;
}

static void fill_multibyte(uint8_t *payload, size_t length, uint32_t *random) {
  static const char *const letters[] = {"é",  "ж", "λ",    "中", "語",
                                        "한", "€", "🙂", "𝄞"};
  size_t at = 0;
  for (;;) {
    const char *letter =
        letters[next_random(random) % (sizeof letters / sizeof *letters)];
    size_t bytes = strlen(letter);
    if (at + bytes > length) {
      break;
    }
    memcpy(payload + at, letter, bytes);
    at += bytes;
  }
  /* Too little room for the last letter. */
  memset(payload + at, '.', length - at);
}

void payload_fill(uint8_t *payload, size_t length, enum content content,
                  uint32_t *random) {
  size_t i;
  if (content == MULTIBYTE) {
    fill_multibyte(payload, length, random);
    return;
  }
  for (i = 0; i < length; i++) {
    uint32_t number = next_random(random) >> 8;
    payload[i] = (uint8_t)(content == ASCII ? ' ' + number % 95 : number);
  }
}

size_t frame_header_length(size_t payload_length, int masked) {
  size_t extended = payload_length < 126 ? 0 : payload_length < 65536 ? 2 : 8;
  return 2 + extended + (masked ? 4 : 0);
}

/* The length in its shortest form; returns where the header goes on. */
static uint8_t *put_length(uint8_t *to, size_t length, uint8_t mask_bit) {
  int bytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
  *to++ = (uint8_t)(mask_bit | (bytes == 0   ? length
                                : bytes == 2 ? (size_t)126
                                             : (size_t)127));
  while (bytes > 0) {
    *to++ = (uint8_t)((uint64_t)length >> 8 * --bytes);
  }
  return to;
}

size_t frame_put(uint8_t *to, uint8_t first, const uint8_t *payload,
                 size_t length, const uint8_t *key) {
  uint8_t *at = to;
  size_t i;
  *at++ = first;
  at = put_length(at, length, key == NULL ? 0 : 0x80);
  if (key != NULL) {
    memcpy(at, key, 4);
    at += 4;
  }
  for (i = 0; i < length; i++) {
    *at++ = (uint8_t)(payload[i] ^ (key == NULL ? 0 : key[i % 4]));
  }
  return (size_t)(at - to);
}

void load_payload(uint8_t *payload, size_t length) {
  uint32_t random = 2463534242u;
  payload_fill(payload, length, ASCII, &random);
}
