/*
 * The echo of the test programs, server or client, over a connected socket. It
 * calls nothing that the distribution's wslay lacks. A header, so that a
 * program compiles as a single file.
 */
#ifndef ECHO_H
#define ECHO_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wslay/wslay.h>

enum { LINGER_MS = 1000 /* time for the peer to close after us */ };

/* What user_data points to; more may follow it. */
struct Connection {
  int fd;
};

static inline ssize_t io_result(wslay_event_context_ptr ctx, ssize_t r) {
  if (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
  } else if (r <= 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
    r = -1;
  }
  return r;
}

static inline ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                                    size_t len, int flags, void *user_data) {
  struct Connection *connection = (struct Connection *)user_data;
  (void)flags;
  return io_result(ctx, recv(connection->fd, buf, len, 0));
}

static inline ssize_t send_callback(wslay_event_context_ptr ctx,
                                    const uint8_t *data, size_t len, int flags,
                                    void *user_data) {
  struct Connection *connection = (struct Connection *)user_data;
  (void)flags;
  return io_result(ctx, send(connection->fd, data, len, MSG_NOSIGNAL));
}

static inline void echo_message(wslay_event_context_ptr ctx,
                                const struct wslay_event_on_msg_recv_arg *arg,
                                void *user_data) {
  (void)user_data;
  if (!wslay_is_ctrl_frame(arg->opcode)) {
    struct wslay_event_msg echo = {arg->opcode, arg->msg, arg->msg_length};
    wslay_event_queue_msg(ctx, &echo);
  }
}

/* Closing while the peer's bytes lie unread would reset the connection, and a
 * reset may overtake what was sent last: so the peer closes first. */
static inline void close_gently(int fd) {
  char rest[4096];
  struct pollfd event = {0, POLLIN, 0};
  event.fd = fd;
  if (shutdown(fd, SHUT_WR) == 0) {
    while (poll(&event, 1, LINGER_MS) > 0 &&
           recv(fd, rest, sizeof(rest), 0) > 0)
      ;
  }
  close(fd);
}

/*
 * Receives and sends until the WebSocket is closed, then closes the socket.
 * Returns 0, or -1 when the connection broke.
 */
static inline int communicate(wslay_event_context_ptr ctx, int fd) {
  struct pollfd event = {0, 0, 0};
  int on = 1, result = fcntl(fd, F_SETFL, O_NONBLOCK);
  /* C wslay sends a header before its payload: neither may wait. */
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
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
  close_gently(fd);
  return result;
}

#endif
