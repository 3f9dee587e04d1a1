/* Standard input, cut into lines as it comes. */
#define _POSIX_C_SOURCE 200809L

#include "client_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CAPACITY_MIN = 4096 };

/* Makes room behind the bytes that are waiting. */
static int make_room(struct Input *input) {
  size_t capacity = input->capacity > 0 ? 2 * input->capacity : CAPACITY_MIN;
  char *data;
  if (input->start > 0) {
    memmove(input->data, input->data + input->start, input->end - input->start);
    input->end -= input->start;
    input->start = 0;
  }
  if (input->end < input->capacity) {
    return 0;
  }
  data = realloc(input->data, capacity);
  if (data == NULL) {
    return -1;
  }
  input->data = data;
  input->capacity = capacity;
  return 0;
}

int read_input(struct Input *input) {
  ssize_t r;
  if (make_room(input) != 0) {
    return -1;
  }
  r = read(STDIN_FILENO, input->data + input->end,
           input->capacity - input->end);
  if (r > 0) {
    input->end += (size_t)r;
  } else if (r == 0) {
    input->at_end = 1;
  }
  return r >= 0 || errno == EINTR || errno == EAGAIN ? 0 : -1;
}

const char *take_line(struct Input *input, size_t *length) {
  const char *line = input->data + input->start;
  size_t waiting = input->end - input->start;
  const char *newline = waiting > 0 ? memchr(line, '\n', waiting) : NULL;
  if (newline == NULL && (waiting == 0 || !input->at_end)) {
    return NULL;
  }
  *length = newline ? (size_t)(newline - line) : waiting;
  input->start += newline ? *length + 1 : *length;
  return line;
}
