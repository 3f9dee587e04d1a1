/* A growing run of bytes: what the peer sends, gets and writes down. */
#ifndef CAPI_TESTS_BYTES_H
#define CAPI_TESTS_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
  uint8_t
      *at; /* a NUL follows the last byte, so text can be read as a string */
  size_t length;
  size_t capacity;
};

/* {NULL, 0, 0} is an empty one. These never fail: they abort without memory. */
void bytes_add(struct bytes *to, const void *data, size_t length);
void bytes_add_byte(struct bytes *to, int value);
void bytes_add_text(struct bytes *to, const char *format, ...);
/* "Hello\x01" in quotes; above 64 bytes only the length and a checksum. */
void bytes_add_quoted(struct bytes *to, const void *data, size_t length);
const char *bytes_text(struct bytes *of);
void bytes_clear(struct bytes *of);
void bytes_free(struct bytes *of);

#endif
