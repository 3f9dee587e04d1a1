/*
 * The server's side of the opening handshake with the load generator, which
 * always sends the key of RFC 6455 section 1.3 and waits for the answer.
 */
#ifndef LOOPBACK_HANDSHAKE_H
#define LOOPBACK_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>

enum { REQUEST_MAX = 1024 };

struct handshake {
  bool done;
  size_t length;
  char request[REQUEST_MAX];
};

/* Reads what is there and answers at the request's end; false if the connection
 * is over. */
bool handshake_continue(struct handshake *handshake, int fd);

#endif
