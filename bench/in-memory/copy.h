/* The transport's copies. */
#ifndef BENCH_COPY_H
#define BENCH_COPY_H

#include <stddef.h>

/*
 * memcpy in pieces. In one, more than 2 KiB take many times as long on some
 * processors when the two lie a few bytes apart modulo 4 KiB, and how they lie
 * is a matter of luck.
 */
void copy_in_pieces(void *to, const void *from, size_t length);

#endif
