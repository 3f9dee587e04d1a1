/*
 * What both examples need of sockets and of HTTP: waiting, reading a head and
 * taking its lines apart, closing. The functions are defined here so that the
 * server compiles as a single file.
 */
#ifndef EXAMPLES_NET_H
#define EXAMPLES_NET_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum {
  HEAD_MAX = 8192, /* longest head that is taken */
  LINGER_MS = 1000 /* time for the peer to close after us */
};

static inline int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Returns 1 when fd has bytes or an end to read, 0 when time ran out. */
static inline int wait_readable(int fd, int64_t deadline) {
  struct pollfd event;
  int r;
  event.fd = fd;
  event.events = POLLIN;
  do {
    int64_t left = deadline - now_ms();
    r = poll(&event, 1, left > 0 ? (int)left : 0);
  } while (r == -1 && errno == EINTR);
  return r > 0;
}

static inline int send_all(int fd, const char *data, size_t length) {
  while (length > 0) {
    ssize_t r = send(fd, data, length, 0);
    if (r == -1 && errno != EINTR) {
      return -1;
    }
    if (r > 0) {
      data += r;
      length -= (size_t)r;
    }
  }
  return 0;
}

/*
 * Reads a head with its closing empty line, as a string. Returns 0, the HTTP
 * status that says what is wrong with it, or -1 when the peer is gone.
 *
 * The peer may send its first frames right behind the head. They are peeked at
 * but not taken, so that the event loop finds them in the socket.
 */
static inline int read_head(int fd, char head[HEAD_MAX + 1], int timeout_ms) {
  int64_t deadline = now_ms() + timeout_ms;
  size_t length = 0;
  while (length < HEAD_MAX) {
    size_t end = length, peeked;
    int complete = 0;
    ssize_t r;
    if (!wait_readable(fd, deadline)) {
      return 408;
    }
    r = recv(fd, head + length, HEAD_MAX - length, MSG_PEEK);
    if (r <= 0) {
      return -1;
    }
    peeked = length + (size_t)r;
    while (end < peeked && !complete) {
      ++end;
      complete = end >= 4 && memcmp(head + end - 4, "\r\n\r\n", 4) == 0;
    }
    if (recv(fd, head + length, end - length, 0) != (ssize_t)(end - length)) {
      return -1;
    }
    length = end;
    if (complete) {
      head[length] = '\0';
      return strlen(head) == length ? 0 : 400;
    }
  }
  return 431;
}

/*
 * Cuts the next line out of a head that read_head has read, and moves on behind
 * it. Returns NULL at the empty line.
 */
static inline char *next_line(char **head) {
  char *line = *head, *end = strstr(line, "\r\n");
  if (end == line) {
    return NULL;
  }
  *end = '\0';
  *head = end + 2;
  return line;
}

/*
 * Cuts a header line behind its name. Returns the value, without the space
 * around it, or NULL when this is no header line.
 */
static inline char *split_header(char *line) {
  size_t length = strspn(line, "!#$%&'*+-.^_`|~0123456789"
                               "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  char *value = line + length;
  if (length == 0 || *value != ':' || strpbrk(value, "\r\n")) {
    return NULL;
  }
  *value++ = '\0';
  value += strspn(value, " \t");
  length = strlen(value);
  while (length > 0 && strchr(" \t", value[length - 1])) {
    value[--length] = '\0';
  }
  return value;
}

/* Looks for a token in a comma separated list, without regard to case. */
static inline int has_token(const char *list, const char *token) {
  size_t token_length = strlen(token);
  for (;;) {
    size_t length, item;
    list += strspn(list, ", \t");
    length = item = strcspn(list, ",");
    while (length > 0 && strchr(" \t", list[length - 1])) {
      --length;
    }
    if (length == token_length && strncasecmp(list, token, length) == 0) {
      return 1;
    }
    if (list[item] == '\0') {
      return 0;
    }
    list += item;
  }
}

static inline int make_non_block(int fd) {
  int flags = fcntl(fd, F_GETFL, 0);
  return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/*
 * Closes the connection. Closing while the peer's bytes lie unread would reset
 * it, and a reset may overtake what was sent last: so the peer closes first.
 */
static inline void close_gently(int fd) {
  int64_t deadline = now_ms() + LINGER_MS;
  char rest[4096];
  if (shutdown(fd, SHUT_WR) == 0) {
    while (wait_readable(fd, deadline) && recv(fd, rest, sizeof(rest), 0) > 0)
      ;
  }
  close(fd);
}

#endif
