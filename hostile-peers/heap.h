/* What a library takes from the heap: every block that malloc, calloc and
   realloc give to anyone in this process is counted, with the eight bytes that
   glibc keeps in front of it. */
#ifndef HOSTILE_HEAP_H
#define HOSTILE_HEAP_H

#include <stddef.h>

struct heap {
  size_t live; /* bytes in use */
  /* The most that were in use. A realloc counts its old and its new block
     together, as an allocator needs that has to move. */
  size_t peak;
  size_t moved;    /* bytes copied by realloc, if it moved every time */
  size_t requests; /* for a block or for another size of one */
};

/* Since the process began; peak since heap_forget_peak(). */
struct heap heap_now(void);
void heap_forget_peak(void);

#endif
