/*
 * Frames as bytes (RFC 6455 section 5.2), for programs that play them at a
 * library. The same arguments give the same bytes in every run.
 */
#ifndef BENCH_FRAME_H
#define BENCH_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_FIN = 0x80, FRAME_HEADER_MAX = 14 };

/* What payloads consist of. */
enum content {
  ASCII,     /* text of printable ASCII */
  MULTIBYTE, /* text of code points of 2, 3 and 4 bytes */
  BINARY     /* random bytes */
};

/* Fills `payload`; `random` is any number but 0, and moves on. */
void payload_fill(uint8_t *payload, size_t length, enum content content,
                  uint32_t *random);

/* Bytes of a frame's header, including the mask key if it is masked. */
size_t frame_header_length(size_t payload_length, int masked);

/*
 * Writes a frame to `to`, which has room for it, and returns its length.
 * `first` is the first byte: FRAME_FIN, RSV bits, opcode. `key` has 4 bytes, or
 * is NULL for a frame without mask.
 */
size_t frame_put(uint8_t *to, uint8_t first, const uint8_t *payload,
                 size_t length, const uint8_t *key);

/* The message of the loopback benchmark: one text frame of ASCII. */
enum { LOAD_FIRST_BYTE = FRAME_FIN | 1 };
void load_payload(uint8_t *payload, size_t length);

#endif
