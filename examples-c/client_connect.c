/* Connects a client: TCP, then the opening handshake of RFC 6455, section 4. */
#define _POSIX_C_SOURCE 200809L

#include "client_connect.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

#include <wslay/wslay.h>
#include <wslay/wslayx.h>

#include "net.h"

static void set_timeout(int fd, int timeout_ms) {
  struct timeval timeout;
  timeout.tv_sec = timeout_ms / 1000;
  timeout.tv_usec = timeout_ms % 1000 * 1000;
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
}

static int connect_to(const struct Target *target) {
  struct addrinfo hints, *list, *at;
  int fd = -1, on = 1;
  memset(&hints, 0, sizeof(hints));
  hints.ai_socktype = SOCK_STREAM;
  if (getaddrinfo(target->host, target->port, &hints, &list) != 0) {
    return -1;
  }
  for (at = list; at != NULL && fd == -1; at = at->ai_next) {
    fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (fd == -1) {
      continue;
    }
    set_timeout(fd, target->timeout_ms);
    if (connect(fd, at->ai_addr, at->ai_addrlen) == -1) {
      close(fd);
      fd = -1;
    }
  }
  freeaddrinfo(list);
  if (fd != -1) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  return fd;
}

static int send_request(int fd, struct wslayx_client_handshake *handshake) {
  size_t length;
  const uint8_t *request = wslayx_client_handshake_output(handshake, &length);
  return send_all(fd, request, length);
}

/* Returns what wslayx_client_handshake_feed has found. */
static int read_response(int fd, struct wslayx_client_handshake *handshake,
                         int timeout_ms) {
  int64_t deadline = now_ms() + timeout_ms;
  int response = WSLAYX_RESPONSE_INCOMPLETE;
  uint8_t buf[4096];
  while (response == WSLAYX_RESPONSE_INCOMPLETE &&
         wait_readable(fd, deadline)) {
    ssize_t r = recv(fd, buf, sizeof(buf), 0);
    if (r == 0 || (r == -1 && errno != EINTR)) {
      break;
    }
    response =
        wslayx_client_handshake_feed(handshake, buf, r > 0 ? (size_t)r : 0);
  }
  return response;
}

static void complain(struct wslayx_client_handshake *handshake, int response) {
  if (response == WSLAYX_RESPONSE_HTTP) {
    fprintf(stderr, "client: the handshake failed: the server answers %u\n",
            wslayx_client_handshake_get_status(handshake));
  } else if (response == WSLAYX_RESPONSE_BAD) {
    fprintf(stderr, "client: the handshake failed: %s\n",
            wslayx_client_handshake_get_problem(handshake));
  } else {
    fprintf(stderr, "client: the handshake failed: no answer\n");
  }
}

static int http_handshake(int fd, const struct Target *target,
                          struct wslayx_client_handshake *handshake) {
  int response;
  if (send_request(fd, handshake) != 0) {
    complain(handshake, WSLAYX_RESPONSE_INCOMPLETE);
    return -1;
  }
  response = read_response(fd, handshake, target->timeout_ms);
  if (response != WSLAYX_RESPONSE_WEBSOCKET) {
    complain(handshake, response);
    return -1;
  }
  return make_non_block(fd);
}

static struct wslayx_client_handshake *
make_handshake(const struct Target *target) {
  struct wslayx_client_handshake *handshake = NULL;
  size_t size = strlen(target->host) + strlen(target->port) + sizeof("[]:");
  char *host = malloc(size);
  int brackets = strchr(target->host, ':') != NULL;
  if (host != NULL) {
    snprintf(host, size, "%s%s%s:%s", brackets ? "[" : "", target->host,
             brackets ? "]" : "", target->port);
    wslayx_client_handshake_init(&handshake, host, target->path,
                                 target->subprotocols);
    free(host);
  }
  return handshake;
}

int open_websocket(const struct Target *target,
                   struct wslayx_client_handshake **handshake) {
  int fd;
  *handshake = make_handshake(target);
  if (*handshake == NULL) {
    fprintf(stderr, "client: no request can be made for %s port %s, %s\n",
            target->host, target->port, target->path);
    return -1;
  }
  fd = connect_to(target);
  if (fd == -1) {
    fprintf(stderr, "client: cannot connect to %s port %s\n", target->host,
            target->port);
  } else if (http_handshake(fd, target, *handshake) != 0) {
    close(fd);
    fd = -1;
  }
  return fd;
}
