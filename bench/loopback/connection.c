/*
 * Receives what is there, then sends all that the library queued meanwhile: one
 * batch.
 */
#include "connection.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wslay/wslay.h>

#include "handshake.h"

struct connection {
  int fd;
  wslay_event_context_ptr ctx;
  /* The socket gave less than it was asked for, so it has no more until epoll
   * says. */
  bool drained;
  /* The peer has shut down: the socket has to be read to the end. */
  bool hung_up;
  /* The socket took less than it was given, so it takes no more until epoll
   * says. */
  bool full;
  struct handshake handshake;
};

struct counters counters;

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct connection *connection = user_data;
  ssize_t result;
  (void)flags;
  if (connection->drained) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  counters.recvs++;
  result = recv(connection->fd, buf, len, 0);
  if (result <= 0) {
    wslay_event_set_error(ctx, result < 0 && errno == EAGAIN
                                   ? WSLAY_ERR_WOULDBLOCK
                                   : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
  }
  connection->drained = (size_t)result < len && !connection->hung_up;
  return result;
}

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  struct connection *connection = user_data;
  ssize_t result;
  counters.sends++;
  result = send(connection->fd, data, len,
                MSG_NOSIGNAL | (flags & WSLAY_MSG_MORE ? MSG_MORE : 0));
  connection->full = result < (ssize_t)len;
  if (result < 0) {
    wslay_event_set_error(ctx, errno == EAGAIN ? WSLAY_ERR_WOULDBLOCK
                                               : WSLAY_ERR_CALLBACK_FAILURE);
  }
  return result;
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  struct wslay_event_msg message = {arg->opcode, arg->msg, arg->msg_length};
  (void)user_data;
  if (wslay_is_ctrl_frame(arg->opcode)) {
    return;
  }
  counters.messages++;
  if (wslay_event_queue_msg(ctx, &message) != 0) {
    wslay_event_queue_close(ctx, WSLAY_CODE_INTERNAL_SERVER_ERROR, NULL, 0);
  }
}

const char *connection_setup(const char *argument) {
  Dl_info info;
  int (*function)(wslay_event_context_ptr) = wslay_event_recv;
  void *address;
  (void)argument;
  memcpy(&address, &function, sizeof address);
  return dladdr(address, &info) != 0 ? info.dli_fname : "?";
}

struct connection *connection_new(int fd) {
  static const struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback,       NULL, NULL, NULL,
      NULL,          on_msg_recv_callback};
  struct connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) {
    close(fd);
    return NULL;
  }
  connection->fd = fd;
  if (wslay_event_context_server_init(&connection->ctx, &callbacks,
                                      connection) != 0) {
    connection_free(connection);
    return NULL;
  }
  return connection;
}

void connection_free(struct connection *connection) {
  wslay_event_context_free(connection->ctx);
  close(connection->fd);
  free(connection);
}

bool connection_ready(struct connection *connection, uint32_t events) {
  wslay_event_context_ptr ctx = connection->ctx;
  if (!connection->handshake.done) {
    return handshake_continue(&connection->handshake, connection->fd);
  }
  if (events & EPOLLIN) {
    connection->drained = false;
    connection->hung_up = (events & (EPOLLRDHUP | EPOLLHUP)) != 0;
    if (wslay_event_recv(ctx) != 0) {
      return false;
    }
  }
  if (events & EPOLLOUT) {
    connection->full = false;
  }
  if (!connection->full && wslay_event_want_write(ctx)) {
    counters.batches++;
    if (wslay_event_send(ctx) != 0) {
      return false;
    }
  }
  return wslay_event_want_read(ctx) || wslay_event_want_write(ctx);
}
