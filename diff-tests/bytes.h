/* A run of bytes that grows. */
#ifndef DIFF_BYTES_H
#define DIFF_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
  uint8_t *data;
  size_t size;
  size_t capacity;
};

/* realloc that ends the program when there is no memory. */
void *grow(void *memory, size_t size);
void bytes_append(struct bytes *bytes, const void *data, size_t size);
bool bytes_equal(const struct bytes *a, const struct bytes *b);

#endif
