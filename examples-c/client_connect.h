/* Connects a client: TCP, then the opening handshake. */
#ifndef CLIENT_CONNECT_H
#define CLIENT_CONNECT_H

#include <wslay/wslayx.h>

struct Target {
  const char *host, *port, *path;
  const char *subprotocols; /* a list, or NULL for none */
  int timeout_ms;           /* for connecting, and then for the response */
};

/*
 * Returns a non-blocking socket whose WebSocket is open, or -1 after saying why
 * on stderr. *handshake has the server's first frames; it is to be freed, also
 * after a failure.
 */
int open_websocket(const struct Target *target,
                   struct wslayx_client_handshake **handshake);

#endif
