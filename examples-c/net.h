/*
 * What the examples need of sockets: waiting, sending, closing. The functions
 * are defined here so that a server compiles as a single file.
 */
#ifndef EXAMPLES_NET_H
#define EXAMPLES_NET_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { LINGER_MS = 1000 /* time for the peer to close after us */ };

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

static inline int send_all(int fd, const uint8_t *data, size_t length) {
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
