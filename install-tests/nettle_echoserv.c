/*
 * A forking echo server that answers the handshake with nettle's SHA-1 and
 * base64, the way many programs for wslay do. It needs nothing but
 * wslay/wslay.h and nettle, so it builds with the distribution's wslay too.
 *
 *   nettle_echoserv PORT      port 0 picks a free one; prints which
 */
#define _POSIX_C_SOURCE 200809L

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nettle/base64.h>
#include <nettle/sha1.h>

#include <wslay/wslay.h>

#include "echo.h"

enum { HEAD_MAX = 4096, KEY_LENGTH = 24 };

static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

static void make_accept_key(const char *key, char *accept) {
  struct sha1_ctx sha1;
  uint8_t digest[SHA1_DIGEST_SIZE];
  sha1_init(&sha1);
  sha1_update(&sha1, KEY_LENGTH, (const uint8_t *)key);
  sha1_update(&sha1, sizeof(guid) - 1, (const uint8_t *)guid);
  sha1_digest(&sha1, SHA1_DIGEST_SIZE, digest);
  base64_encode_raw(accept, SHA1_DIGEST_SIZE, digest);
  accept[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE)] = '\0';
}

/* Reads the request up to its empty line; 0 if that does not come. */
static int read_head(int fd, char *head) {
  size_t length = 0;
  ssize_t r;
  while ((r = read(fd, head + length, HEAD_MAX - length)) > 0) {
    length += (size_t)r;
    head[length] = '\0';
    if (strstr(head, "\r\n\r\n") != NULL) {
      return 1;
    }
  }
  return 0;
}

static int handshake(int fd) {
  static const char name[] = "\r\nSec-WebSocket-Key: ";
  char head[HEAD_MAX + 1], answer[256];
  char accept[BASE64_ENCODE_RAW_LENGTH(SHA1_DIGEST_SIZE) + 1];
  const char *key;
  int length;
  if (!read_head(fd, head) || (key = strstr(head, name)) == NULL) {
    return 0;
  }
  key += sizeof(name) - 1;
  if (strcspn(key, "\r") != KEY_LENGTH) {
    return 0;
  }
  make_accept_key(key, accept);
  length = snprintf(answer, sizeof(answer),
                    "HTTP/1.1 101 Switching Protocols\r\n"
                    "Upgrade: websocket\r\n"
                    "Connection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: %s\r\n\r\n",
                    accept);
  return write(fd, answer, (size_t)length) == length;
}

static int serve(int fd) {
  struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback, NULL, NULL, NULL, NULL, echo_message};
  struct Connection connection = {fd};
  wslay_event_context_ptr ctx;
  int result;
  if (!handshake(fd) ||
      wslay_event_context_server_init(&ctx, &callbacks, &connection) != 0) {
    return -1;
  }
  result = communicate(ctx, fd);
  wslay_event_context_free(ctx);
  return result;
}

static int listen_on(unsigned short port) {
  struct sockaddr_in address;
  socklen_t length = sizeof(address);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 ||
      listen(fd, 16) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
    perror("nettle_echoserv");
    exit(EXIT_FAILURE);
  }
  printf("listening on port %u\n", (unsigned)ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

int main(int argc, char **argv) {
  int listener, fd;
  if (argc != 2) {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return EXIT_FAILURE;
  }
  signal(SIGCHLD, SIG_IGN);
  listener = listen_on((unsigned short)atoi(argv[1]));
  while ((fd = accept(listener, NULL, NULL)) >= 0) {
    if (fork() == 0) {
      close(listener);
      return serve(fd) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    close(fd);
  }
  return EXIT_FAILURE;
}
