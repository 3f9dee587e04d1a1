/* The growing byte run. */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_QUOTE 64

static void reserve(struct bytes *of, size_t more) {
  size_t needed = of->length + more + 1;
  size_t capacity = of->capacity ? of->capacity : 64;
  if (needed <= of->capacity) {
    return;
  }
  while (capacity < needed) {
    capacity *= 2;
  }
  of->at = realloc(of->at, capacity);
  if (of->at == NULL) {
    abort();
  }
  of->capacity = capacity;
}

void bytes_add(struct bytes *to, const void *data, size_t length) {
  reserve(to, length);
  if (length > 0) {
    memcpy(to->at + to->length, data, length);
  }
  to->length += length;
  to->at[to->length] = 0;
}

void bytes_add_byte(struct bytes *to, int value) {
  uint8_t byte = (uint8_t)value;
  bytes_add(to, &byte, 1);
}

void bytes_add_text(struct bytes *to, const char *format, ...) {
  char text[256];
  va_list arguments;
  int length;
  va_start(arguments, format);
  length = vsnprintf(text, sizeof(text), format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof(text)) {
    abort();
  }
  bytes_add(to, text, (size_t)length);
}

static uint32_t checksum(const uint8_t *data, size_t length) {
  uint32_t sum = 2166136261u;
  size_t i;
  for (i = 0; i < length; ++i) {
    sum = (sum ^ data[i]) * 16777619u;
  }
  return sum;
}

void bytes_add_quoted(struct bytes *to, const void *data, size_t length) {
  const uint8_t *at = data;
  size_t i;
  if (length > LONGEST_QUOTE) {
    bytes_add_text(to, "<%lu bytes, sum %08lx>", (unsigned long)length,
                   (unsigned long)checksum(at, length));
    return;
  }
  bytes_add_byte(to, '"');
  for (i = 0; i < length; ++i) {
    if (at[i] < 0x20 || at[i] > 0x7e || at[i] == '"' || at[i] == '\\') {
      bytes_add_text(to, "\\x%02x", at[i]);
    } else {
      bytes_add_byte(to, at[i]);
    }
  }
  bytes_add_byte(to, '"');
}

const char *bytes_text(struct bytes *of) {
  reserve(of, 0);
  of->at[of->length] = 0;
  return (const char *)of->at;
}

void bytes_clear(struct bytes *of) {
  of->length = 0;
}

void bytes_free(struct bytes *of) {
  free(of->at);
  of->at = NULL;
  of->length = 0;
  of->capacity = 0;
}
