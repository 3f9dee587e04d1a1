/* Every block moves when it is reallocated, and freed and fresh memory is
   overwritten: use of stale or unwritten memory shows up in the output. */
#include "failing_alloc.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static size_t requests;
static size_t refused;
static size_t refuse_at;
static int refuse_onwards;
static size_t live;

void alloc_plan(size_t fail_at, int onwards) {
  requests = 0;
  refused = 0;
  refuse_at = fail_at;
  refuse_onwards = onwards;
}

size_t alloc_refused(void) {
  return refused;
}

static int refuses(size_t number) {
  return refuse_at != 0 &&
         (number == refuse_at || (refuse_onwards && number > refuse_at));
}

int alloc_refuses_next(void) {
  return refuses(requests + 1);
}

size_t alloc_live(void) {
  return live;
}

void *nomem_malloc(size_t size) {
  void *block;
  if (refuses(++requests)) {
    ++refused;
    return NULL;
  }
  block = malloc(size);
  if (block == NULL) {
    abort();
  }
  memset(block, 0xaa, size);
  ++live;
  return block;
}

void *nomem_calloc(size_t count, size_t size) {
  void *block = nomem_malloc(count * size);
  return block == NULL ? NULL : memset(block, 0, count * size);
}

void *nomem_realloc(void *old, size_t size) {
  void *block = nomem_malloc(size);
  if (block != NULL && old != NULL) {
    size_t old_size = malloc_usable_size(old);
    memcpy(block, old, old_size < size ? old_size : size);
    nomem_free(old);
  }
  return block;
}

void nomem_free(void *block) {
  if (block != NULL) {
    memset(block, 0xdd, malloc_usable_size(block));
    --live;
    free(block);
  }
}
