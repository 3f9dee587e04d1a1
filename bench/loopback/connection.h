/* One connection of the echo server: the opening handshake, then the library.
 */
#ifndef LOOPBACK_CONNECTION_H
#define LOOPBACK_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

struct connection;

/* What the server did since it began, handshakes aside. */
struct counters {
  /* Messages echoed. */
  uint64_t messages;
  /* System calls, those that gave EAGAIN included. */
  uint64_t recvs, sends;
  /* Times that the server sent what was queued. */
  uint64_t batches;
};

extern struct counters counters;

/* Called once with the program's argument or NULL; the path or name of what
 * echoes. */
const char *connection_setup(const char *argument);

/* Takes over the file descriptor, which is non-blocking; NULL without memory.
 */
struct connection *connection_new(int fd);
void connection_free(struct connection *connection);

/*
 * Does what epoll says is possible, edge-triggered, until nothing more is.
 * False when the connection is over.
 */
bool connection_ready(struct connection *connection, uint32_t events);

#endif
