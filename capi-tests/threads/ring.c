/* The stream of bytes between two threads. */
#include "ring.h"

#include <stdatomic.h>

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

size_t ring_write(struct ring *ring, const uint8_t *data, size_t length) {
  size_t at = atomic_load_explicit(&ring->written, memory_order_relaxed);
  size_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  size_t count = smaller(length, RING_SIZE - (at - read));
  size_t i;
  for (i = 0; i < count; ++i) {
    atomic_store_explicit(&ring->bytes[(at + i) % RING_SIZE], data[i],
                          memory_order_relaxed);
  }
  atomic_store_explicit(&ring->written, at + count, memory_order_release);
  return count;
}

size_t ring_read(struct ring *ring, uint8_t *data, size_t room) {
  size_t at = atomic_load_explicit(&ring->read, memory_order_relaxed);
  size_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  size_t count = smaller(room, written - at);
  size_t i;
  for (i = 0; i < count; ++i) {
    data[i] = atomic_load_explicit(&ring->bytes[(at + i) % RING_SIZE],
                                   memory_order_relaxed);
  }
  atomic_store_explicit(&ring->read, at + count, memory_order_release);
  return count;
}
