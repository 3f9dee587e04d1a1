/* Connects a client: TCP, then the opening handshake. */
#ifndef CLIENT_CONNECT_H
#define CLIENT_CONNECT_H

#include <stdio.h>

struct Target {
  const char *host, *port, *path;
  int timeout_ms; /* for connecting, and then for the response */
};

/*
 * Returns a non-blocking socket that stands where the first frame begins, or -1
 * after saying why on stderr. The key comes from random.
 */
int open_websocket(const struct Target *target, FILE *random);

#endif
