/* Takes the place of the C library's allocation functions, for this program and
   for all that it loads. */
#include "heap.h"

#include <malloc.h>
#include <stdlib.h>

/* glibc's own, behind the names taken here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static struct heap heap;

static size_t size_of(void *block) {
  return block == NULL ? 0 : malloc_usable_size(block) + sizeof(size_t);
}

static void *added(void *block) {
  heap.requests++;
  if (block != NULL) {
    heap.live += size_of(block);
    if (heap.live > heap.peak) {
      heap.peak = heap.live;
    }
  }
  return block;
}

struct heap heap_now(void) {
  return heap;
}

void heap_forget_peak(void) {
  heap.peak = heap.live;
}

void *malloc(size_t size) {
  return added(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
  return added(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
  size_t before = size_of(block);
  void *after = added(__libc_realloc(block, size));
  if (after != NULL || size == 0) {
    size_t now = size_of(after);
    heap.moved += before < now ? before : now;
    heap.live -= before;
  }
  return after;
}

void free(void *block) {
  heap.live -= size_of(block);
  __libc_free(block);
}
