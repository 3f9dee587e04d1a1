/* A stream of bytes from one thread to another. It is compiled without
   ThreadSanitizer, which so sees no order between the two threads: a socket's
   or a lock's would hide races of the library behind it. */
#ifndef THREADS_RING_H
#define THREADS_RING_H

#include <stddef.h>
#include <stdint.h>

#define RING_SIZE 1000

struct ring {
  _Atomic size_t written;
  _Atomic size_t read;
  _Atomic uint8_t bytes[RING_SIZE];
};

/* Both move what they can, which may be nothing, and return how much. */
size_t ring_write(struct ring *ring, const uint8_t *data, size_t length);
size_t ring_read(struct ring *ring, uint8_t *data, size_t room);

#endif
