/*
 * An echo client for Autobahn's fuzzing server: asks how many cases there are,
 * echoes what comes in each, and has the report written.
 *
 *   client PORT AGENT         AGENT is the name in the report
 *
 * Built with CLOSE_AFTER_QUEUED defined, it lets the library's Close go out
 * behind the echoes that are queued. Without, it calls nothing that the
 * distribution's wslay lacks.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wslay/wslay.h>
#ifdef CLOSE_AFTER_QUEUED
#include <wslay/wslayx.h>
#endif

#include "echo.h"

enum { PATH_SIZE = 256, HEAD_SIZE = 4096 };

struct Session {
  struct Connection connection;
  FILE *random;
  long case_count;
};

static int genmask_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                            size_t len, void *user_data) {
  struct Session *session = (struct Session *)user_data;
  (void)ctx;
  return fread(buf, 1, len, session->random) == len ? 0 : -1;
}

/* The answer to getCaseCount is the number in decimal. */
static void take_case_count(wslay_event_context_ptr ctx,
                            const struct wslay_event_on_msg_recv_arg *arg,
                            void *user_data) {
  struct Session *session = (struct Session *)user_data;
  char number[16] = "";
  (void)ctx;
  if (arg->opcode == WSLAY_TEXT_FRAME && arg->msg_length < sizeof(number)) {
    memcpy(number, arg->msg, arg->msg_length);
    session->case_count = strtol(number, NULL, 10);
  }
}

static int connect_to(unsigned short port) {
  struct sockaddr_in address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (fd >= 0 &&
      connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
    close(fd);
    fd = -1;
  }
  return fd;
}

/* Reads the head, and no byte behind it: the first frame may be there. */
static int read_head(int fd, char head[HEAD_SIZE]) {
  size_t length = 0;
  while (length < 4 || memcmp(head + length - 4, "\r\n\r\n", 4) != 0) {
    if (length == HEAD_SIZE || recv(fd, head + length, 1, 0) != 1) {
      return -1;
    }
    ++length;
  }
  return 0;
}

/* The key of RFC 6455, section 1.3, will do, as no cache is between the two.
 * What the server makes of it is not judged here. */
static int handshake(int fd, unsigned short port, const char *path) {
  static const char accepted[] = "HTTP/1.1 101 ";
  char head[HEAD_SIZE];
  int length = snprintf(head, sizeof(head),
                        "GET %s HTTP/1.1\r\n"
                        "Host: localhost:%u\r\n"
                        "Upgrade: websocket\r\n"
                        "Connection: Upgrade\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        "Sec-WebSocket-Version: 13\r\n\r\n",
                        path, (unsigned)port);
  return send(fd, head, (size_t)length, MSG_NOSIGNAL) == length &&
                 read_head(fd, head) == 0 &&
                 memcmp(head, accepted, sizeof(accepted) - 1) == 0
             ? 0
             : -1;
}

/* Opens the path and talks until the server closes. Returns -1 if there was no
 * connection: that one breaks is what some cases want. */
static int visit(struct Session *session, unsigned short port, const char *path,
                 wslay_event_on_msg_recv_callback on_message) {
  struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback, genmask_callback, NULL,
      NULL,          NULL,          on_message};
  wslay_event_context_ptr ctx;
  int fd = connect_to(port);
  session->connection.fd = fd;
  if (fd < 0 || handshake(fd, port, path) != 0 ||
      wslay_event_context_client_init(&ctx, &callbacks, session) != 0) {
    fprintf(stderr, "client: no WebSocket at %s\n", path);
    return -1;
  }
#ifdef CLOSE_AFTER_QUEUED
  wslayx_event_config_set_close_after_queued(ctx, 1);
#endif
  communicate(ctx, fd);
  wslay_event_context_free(ctx);
  return 0;
}

int main(int argc, char **argv) {
  struct Session session = {{-1}, NULL, 0};
  char path[PATH_SIZE];
  unsigned short port;
  long i;
  if (argc != 3) {
    fprintf(stderr, "usage: %s PORT AGENT\n", argv[0]);
    return EXIT_FAILURE;
  }
  port = (unsigned short)atoi(argv[1]);
  session.random = fopen("/dev/urandom", "rb");
  if (session.random == NULL ||
      visit(&session, port, "/getCaseCount", take_case_count) != 0 ||
      session.case_count == 0) {
    return EXIT_FAILURE;
  }
  for (i = 1; i <= session.case_count; ++i) {
    snprintf(path, sizeof(path), "/runCase?case=%ld&agent=%s", i, argv[2]);
    if (visit(&session, port, path, echo_message) != 0) {
      return EXIT_FAILURE;
    }
  }
  snprintf(path, sizeof(path), "/updateReports?agent=%s", argv[2]);
  if (visit(&session, port, path, echo_message) != 0) {
    return EXIT_FAILURE;
  }
  fclose(session.random);
  return EXIT_SUCCESS;
}
