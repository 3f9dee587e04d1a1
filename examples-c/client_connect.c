/* Connects a client: TCP, then the opening handshake of RFC 6455, section 4. */
#define _POSIX_C_SOURCE 200809L

#include "client_connect.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

/* 16 random bytes in base64: 21 digits carry 6 bits, one 2, then padding. */
static int make_key(FILE *random, char key[25]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/";
  uint8_t bytes[22];
  size_t i;
  if (fread(bytes, 1, sizeof(bytes), random) != sizeof(bytes)) {
    return -1;
  }
  for (i = 0; i < sizeof(bytes); ++i) {
    key[i] = digits[bytes[i] & (i < 21 ? 0x3f : 0x30)];
  }
  memcpy(key + sizeof(bytes), "==", 3);
  return 0;
}

/* The checks of RFC 6455, section 4.1. */
static int check_response(char *head, const char *expected_accept) {
  int upgrade = 0, connection = 0, accept = 0;
  char *line = next_line(&head), *value;
  if (line == NULL || strncmp(line, "HTTP/1.1 101", 12) != 0 ||
      (line[12] != ' ' && line[12] != '\0')) {
    return -1;
  }
  while ((line = next_line(&head)) != NULL) {
    if ((value = split_header(line)) == NULL) {
      return -1;
    }
    if (strcasecmp(line, "Upgrade") == 0) {
      upgrade = strcasecmp(value, "websocket") == 0;
    } else if (strcasecmp(line, "Connection") == 0) {
      connection |= has_token(value, "upgrade");
    } else if (strcasecmp(line, "Sec-WebSocket-Accept") == 0) {
      accept = strcmp(value, expected_accept) == 0;
    } else if (strcasecmp(line, "Sec-WebSocket-Extensions") == 0 ||
               strcasecmp(line, "Sec-WebSocket-Protocol") == 0) {
      return -1; /* none was asked for */
    }
  }
  return upgrade && connection && accept ? 0 : -1;
}

static int http_handshake(int fd, const struct Target *target, FILE *random) {
  char key[25], accept[WSLAYX_ACCEPT_KEY_SIZE], head[HEAD_MAX + 1];
  int brackets = strchr(target->host, ':') != NULL;
  int length;
  if (make_key(random, key) != 0 ||
      wslayx_accept_key(key, strlen(key), accept) != 0) {
    return -1;
  }
  length = snprintf(head, sizeof(head),
                    "GET %s HTTP/1.1\r\nHost: %s%s%s:%s\r\n"
                    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
                    "\r\n",
                    target->path, brackets ? "[" : "", target->host,
                    brackets ? "]" : "", target->port, key);
  if (length < 0 || (size_t)length >= sizeof(head) ||
      send_all(fd, head, (size_t)length) != 0 ||
      read_head(fd, head, target->timeout_ms) != 0) {
    return -1;
  }
  return check_response(head, accept);
}

int open_websocket(const struct Target *target, FILE *random) {
  int fd = connect_to(target);
  if (fd == -1) {
    fprintf(stderr, "client: cannot connect to %s port %s\n", target->host,
            target->port);
    return -1;
  }
  if (http_handshake(fd, target, random) != 0 || make_non_block(fd) == -1) {
    fprintf(stderr, "client: the handshake failed\n");
    close(fd);
    return -1;
  }
  return fd;
}
