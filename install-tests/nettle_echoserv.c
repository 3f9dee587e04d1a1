/*
 * A forking echo server that answers the handshake with nettle's SHA-1 and
 * base64, the way many programs for wslay do. It needs nothing but
 * wslay/wslay.h and nettle, so it builds with the distribution's wslay too.
 *
 *   nettle_echoserv PORT      port 0 picks a free one; prints which
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nettle/base64.h>
#include <nettle/sha1.h>

#include <wslay/wslay.h>

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

static ssize_t io_result(wslay_event_context_ptr ctx, ssize_t r) {
  if (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
  } else if (r <= 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
    r = -1;
  }
  return r;
}

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  (void)flags;
  return io_result(ctx, recv(*(int *)user_data, buf, len, 0));
}

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  (void)flags;
  return io_result(ctx, send(*(int *)user_data, data, len, MSG_NOSIGNAL));
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  (void)user_data;
  if (!wslay_is_ctrl_frame(arg->opcode)) {
    struct wslay_event_msg echo = {arg->opcode, arg->msg, arg->msg_length};
    wslay_event_queue_msg(ctx, &echo);
  }
}

static int communicate(int fd) {
  struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback,       NULL, NULL, NULL,
      NULL,          on_msg_recv_callback};
  struct pollfd event = {0, 0, 0};
  wslay_event_context_ptr ctx;
  int result = 0;
  if (!handshake(fd) || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
      wslay_event_context_server_init(&ctx, &callbacks, &fd) != 0) {
    return -1;
  }
  event.fd = fd;
  while (result == 0 &&
         (wslay_event_want_read(ctx) || wslay_event_want_write(ctx))) {
    event.events = (short)((wslay_event_want_read(ctx) ? POLLIN : 0) |
                           (wslay_event_want_write(ctx) ? POLLOUT : 0));
    if (poll(&event, 1, -1) < 0 ||
        ((event.revents & POLLIN) && wslay_event_recv(ctx) != 0) ||
        ((event.revents & POLLOUT) && wslay_event_send(ctx) != 0) ||
        (event.revents & (POLLERR | POLLHUP | POLLNVAL))) {
      result = -1;
    }
  }
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
      return communicate(fd) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    close(fd);
  }
  return EXIT_FAILURE;
}
