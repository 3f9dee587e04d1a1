/* The memory that the library under test gets: counted, and refused where the
   test says so. */
#ifndef NOMEM_FAILING_ALLOC_H
#define NOMEM_FAILING_ALLOC_H

#include <stddef.h>

/* Allocation number fail_at from now on (from 1; 0 for none) is refused, and
   if onwards is not 0, all behind it. */
void alloc_plan(size_t fail_at, int onwards);
/* Requests refused since alloc_plan. */
size_t alloc_refused(void);
/* Whether the next request would be refused. */
int alloc_refuses_next(void);
/* Blocks that the library has not freed. */
size_t alloc_live(void);

/* What the library's malloc, calloc, realloc and free are renamed to. */
void *nomem_malloc(size_t size);
void *nomem_calloc(size_t count, size_t size);
void *nomem_realloc(void *old, size_t size);
void nomem_free(void *block);

#endif
