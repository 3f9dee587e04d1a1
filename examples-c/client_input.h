/* Standard input, cut into lines as it comes. */
#ifndef CLIENT_INPUT_H
#define CLIENT_INPUT_H

#include <stddef.h>

struct Input {
  char *data;
  size_t start, end, capacity; /* data[start..end) has been read, not taken */
  int at_end;
};

/* Reads once. Returns 0, or -1 when that fails. */
int read_input(struct Input *input);

/*
 * Takes the next complete line, without its newline; at the end of the input
 * the last one needs none. Returns NULL when there is no such line. The line
 * lasts until the next read_input.
 */
const char *take_line(struct Input *input, size_t *length);

#endif
