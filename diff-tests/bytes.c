/* A run of bytes that grows. */
#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *grow(void *memory, size_t size) {
  memory = realloc(memory, size);
  if (memory == NULL) {
    fputs("diff: no memory\n", stderr);
    exit(2);
  }
  return memory;
}

void bytes_append(struct bytes *bytes, const void *data, size_t size) {
  if (size == 0) {
    return;
  }
  if (bytes->size + size > bytes->capacity) {
    bytes->capacity = 2 * (bytes->size + size);
    bytes->data = grow(bytes->data, bytes->capacity);
  }
  memcpy(bytes->data + bytes->size, data, size);
  bytes->size += size;
}

bool bytes_equal(const struct bytes *a, const struct bytes *b) {
  return a->size == b->size &&
         (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}
