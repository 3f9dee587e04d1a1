/*
 * One connection, from its HTTP request to its end. Nothing here waits: each
 * function does what it can and returns, and wanted_events tells epoll what to
 * wait for.
 */
#define _POSIX_C_SOURCE 200809L

#include "epoll_connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wslay/wslay.h>
#include <wslay/wslayx.h>

#include "net.h"

enum {
  HANDSHAKE_MS = 5000,    /* for the whole request, then for the whole answer */
  CLOSE_MS = 3000,        /* for the client to take and answer a Close */
  READ_BUDGET = 262144,   /* bytes a turn; then the others have theirs */
  BACKLOG_MESSAGES = 4096 /* empty messages need memory, too */
};

/* Has connection_settle called for it at the end of this turn of the loop. */
static void touch(struct Connection *connection) {
  struct Server *server = connection->server;
  if (!connection->touched) {
    connection->touched = 1;
    connection->next_touched = server->touched;
    server->touched = connection;
  }
}

static void set_deadline(struct Connection *connection, int ms) {
  struct Server *server = connection->server;
  connection->deadline = server->now + ms;
  if (connection->deadline < server->next_deadline) {
    server->next_deadline = connection->deadline;
  }
}

static void note_progress(struct Connection *connection) {
  if (!connection->closing) {
    connection->pinged = 0;
    set_deadline(connection, connection->server->idle_ms);
  }
}

/* Messages behind a Close stay queued but are never sent: want_write knows. */
int is_full(const struct Connection *connection) {
  wslay_event_context_ptr ctx = connection->ctx;
  return ctx != NULL && wslay_event_want_write(ctx) &&
         (wslay_event_get_queued_msg_length(ctx) >
              connection->server->service->backlog_max ||
          wslay_event_get_queued_msg_count(ctx) > BACKLOG_MESSAGES);
}

/* First what came behind the request; then what the socket has. */
static ssize_t receive(struct Connection *connection, uint8_t *buf,
                       size_t len) {
  ssize_t r =
      (ssize_t)wslayx_server_handshake_read(connection->handshake, buf, len);
  if (r == 0) {
    wslayx_server_handshake_free(connection->handshake);
    connection->handshake = NULL;
    while ((r = recv(connection->fd, buf, len, 0)) == -1 && errno == EINTR)
      ;
  }
  return r;
}

/*
 * wslay_event_recv asks until nothing comes. A client that sends as fast as we
 * read would keep it there, and one that does not read its echoes would fill
 * our memory: so both are told to wait. epoll reports the socket again.
 */
static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct Connection *connection = (struct Connection *)user_data;
  ssize_t r = -1;
  (void)flags;
  errno = EAGAIN;
  if (connection->read_budget > 0 && !is_full(connection)) {
    r = receive(connection, buf, len);
  }
  if (r > 0) {
    size_t taken = (size_t)r;
    connection->read_budget -=
        taken < connection->read_budget ? taken : connection->read_budget;
    note_progress(connection);
    return r;
  }
  wslay_event_set_error(ctx,
                        r == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)
                            ? WSLAY_ERR_WOULDBLOCK
                            : WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  struct Connection *connection = (struct Connection *)user_data;
  ssize_t r;
  (void)flags;
  while ((r = send(connection->fd, data, len, 0)) == -1 && errno == EINTR)
    ;
  if (r == -1) {
    wslay_event_set_error(ctx, errno == EAGAIN || errno == EWOULDBLOCK
                                   ? WSLAY_ERR_WOULDBLOCK
                                   : WSLAY_ERR_CALLBACK_FAILURE);
  } else if (is_full(connection)) {
    /* It is not read now, so that it takes bytes is all we learn of it. */
    note_progress(connection);
  }
  return r;
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  struct Connection *connection = (struct Connection *)user_data;
  (void)ctx;
  /* The library answers Ping and Close. */
  if (!wslay_is_ctrl_frame(arg->opcode) && !connection->closing) {
    connection->server->service->on_message(connection, connection->state, arg);
  }
}

/* Ends the connection at once. What was not sent yet is lost. */
static void drop(struct Connection *connection) {
  static const struct linger reset = {1, 0};
  setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  connection->phase = ENDED;
  touch(connection);
}

/* Decides on the answer to a request that is complete, bad or too late. */
static void start_answer(struct Connection *connection, int request) {
  struct wslayx_server_handshake *handshake = connection->handshake;
  const struct Service *service = connection->server->service;
  if (request == WSLAYX_REQUEST_INCOMPLETE) {
    wslayx_server_handshake_respond(handshake, 408, NULL, NULL, 0);
  } else if (request != WSLAYX_REQUEST_BAD && service->on_request != NULL) {
    service->on_request(handshake, request);
  }
  /* Fails when on_request has refused. */
  connection->upgraded = request == WSLAYX_REQUEST_WEBSOCKET &&
                         wslayx_server_handshake_accept(handshake, NULL) == 0;
  connection->phase = SEND_ANSWER;
  set_deadline(connection, HANDSHAKE_MS);
}

static int has_failed(ssize_t r) {
  return r == -1 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
}

static void read_request(struct Connection *connection) {
  uint8_t buf[4096];
  ssize_t r = recv(connection->fd, buf, sizeof(buf), 0);
  int request;
  if (r == 0 || has_failed(r)) {
    connection->phase = ENDED;
  } else if (r > 0) {
    request =
        wslayx_server_handshake_feed(connection->handshake, buf, (size_t)r);
    if (request < 0) {
      drop(connection); /* out of memory */
    } else if (request != WSLAYX_REQUEST_INCOMPLETE) {
      start_answer(connection, request);
    }
  }
}

/* Gives back what a WebSocket needs and tells the service. */
static void end_talk(struct Connection *connection) {
  const struct Service *service = connection->server->service;
  if (connection->ctx != NULL) {
    if (service->on_close != NULL) {
      service->on_close(connection, connection->state);
    }
    wslay_event_context_free(connection->ctx);
    connection->ctx = NULL;
  }
}

/*
 * Closing while the client's bytes lie unread would reset the connection, and a
 * reset may overtake what was sent last: so the client closes first.
 */
static void start_drain(struct Connection *connection) {
  connection->phase = shutdown(connection->fd, SHUT_WR) == 0 ? DRAIN : ENDED;
  set_deadline(connection, LINGER_MS);
}

static void drain(struct Connection *connection) {
  char rest[16384];
  ssize_t r = recv(connection->fd, rest, sizeof(rest), 0);
  if (r == 0 || has_failed(r)) {
    connection->phase = ENDED;
  }
}

static void start_talk(struct Connection *connection) {
  static const struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback,        NULL, NULL, NULL,
      NULL,          on_msg_recv_callback,
  };
  const struct Service *service = connection->server->service;
  if (wslay_event_context_server_init(&connection->ctx, &callbacks,
                                      connection) != 0) {
    drop(connection);
    return;
  }
  wslay_event_config_set_max_recv_msg_length(connection->ctx,
                                             service->message_max);
  /* Who breaks the protocol still gets the answers to what came before. */
  wslayx_event_config_set_close_after_queued(connection->ctx, 1);
  connection->phase = TALK;
  note_progress(connection);
  if (service->on_open != NULL) {
    service->on_open(connection, &connection->state);
  }
  /* The first frames may be here already; the socket would not tell. They are
   * fewer than fill a backlog, so this takes them all. */
  connection->read_budget = READ_BUDGET;
  wslay_event_recv(connection->ctx);
}

static void send_answer(struct Connection *connection) {
  struct wslayx_server_handshake *handshake = connection->handshake;
  const uint8_t *data;
  size_t length;
  while ((data = wslayx_server_handshake_output(handshake, &length)) != NULL) {
    ssize_t r = send(connection->fd, data, length, 0);
    if (r >= 0) {
      wslayx_server_handshake_sent(handshake, (size_t)r);
    } else if (has_failed(r)) {
      connection->phase = ENDED;
      return;
    } else if (errno != EINTR) {
      return;
    }
  }
  if (connection->upgraded) {
    start_talk(connection);
  } else {
    start_drain(connection);
  }
}

static void talk(struct Connection *connection) {
  wslay_event_context_ptr ctx = connection->ctx;
  if (wslay_event_want_write(ctx)) {
    wslay_event_send(ctx);
  }
  if (!wslay_event_want_read(ctx) && !wslay_event_want_write(ctx)) {
    end_talk(connection);
    start_drain(connection);
  } else if (!wslay_event_want_read(ctx) && !connection->closing) {
    /* A Close came, or an error: the library has queued its own Close. */
    connection->closing = 1;
    set_deadline(connection, CLOSE_MS);
  }
}

static uint32_t wanted_events(const struct Connection *connection) {
  wslay_event_context_ptr ctx = connection->ctx;
  if (connection->phase == SEND_ANSWER) {
    return EPOLLOUT;
  }
  if (connection->phase != TALK) {
    return EPOLLIN;
  }
  return (wslay_event_want_read(ctx) && !is_full(connection) ? EPOLLIN : 0) |
         (wslay_event_want_write(ctx) ? EPOLLOUT : 0);
}

static void watch(struct Connection *connection) {
  struct epoll_event event;
  memset(&event, 0, sizeof(event));
  event.events = wanted_events(connection);
  event.data.ptr = connection;
  if (event.events != connection->events) {
    connection->events = event.events;
    epoll_ctl(connection->server->epoll, EPOLL_CTL_MOD, connection->fd, &event);
  }
}

void connection_begin(struct Server *server, int fd) {
  struct Connection *connection = calloc(1, sizeof(*connection));
  struct epoll_event event;
  int on = 1;
  memset(&event, 0, sizeof(event));
  event.events = EPOLLIN;
  event.data.ptr = connection;
  if (connection == NULL ||
      wslayx_server_handshake_init(&connection->handshake) != 0 ||
      make_non_block(fd) == -1 ||
      epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) == -1) {
    if (connection != NULL) {
      wslayx_server_handshake_free(connection->handshake);
    }
    free(connection);
    close(fd);
    return;
  }
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  connection->server = server;
  connection->fd = fd;
  connection->events = EPOLLIN;
  connection->next = server->first;
  if (server->first != NULL) {
    server->first->previous = connection;
  }
  server->first = connection;
  set_deadline(connection, HANDSHAKE_MS);
}

void connection_ready(struct Connection *connection) {
  if (connection->phase == READ_REQUEST) {
    read_request(connection);
  } else if (connection->phase == TALK) {
    /* What it finds wrong shows in want_read, and a Close for it is queued. */
    connection->read_budget = READ_BUDGET;
    wslay_event_recv(connection->ctx);
  } else if (connection->phase == DRAIN) {
    drain(connection);
  }
  touch(connection);
}

void connection_expired(struct Connection *connection) {
  if (connection->phase == READ_REQUEST) {
    start_answer(connection, WSLAYX_REQUEST_INCOMPLETE);
  } else if (connection->phase != TALK ||
             (connection->closing && wslay_event_want_write(connection->ctx))) {
    drop(connection);
  } else if (connection->closing) {
    /* The client has our Close, or TCP is on the way with it. */
    end_talk(connection);
    start_drain(connection);
  } else if (connection->pinged) {
    close_connection(connection, WSLAY_CODE_GOING_AWAY, "no sign of life");
  } else {
    struct wslay_event_msg ping = {WSLAY_PING, NULL, 0};
    wslay_event_queue_msg(connection->ctx, &ping);
    connection->pinged = 1;
    set_deadline(connection, connection->server->idle_ms);
  }
  touch(connection);
}

void connection_settle(struct Connection *connection) {
  if (connection->phase == SEND_ANSWER) {
    send_answer(connection);
  }
  if (connection->phase == TALK) {
    talk(connection);
  }
  if (connection->phase == ENDED) {
    end_talk(connection);
  } else {
    watch(connection);
  }
}

void connection_free(struct Connection *connection) {
  struct Connection *next = connection->next, *previous = connection->previous;
  end_talk(connection);
  if (next != NULL) {
    next->previous = previous;
  }
  if (previous != NULL) {
    previous->next = next;
  } else {
    connection->server->first = next;
  }
  close(connection->fd); /* which takes it out of epoll */
  wslayx_server_handshake_free(connection->handshake);
  free(connection);
}

void send_message(struct Connection *connection, uint8_t opcode,
                  const uint8_t *message, size_t length) {
  struct wslay_event_msg msg = {opcode, message, length};
  if (connection->phase == TALK && !connection->closing &&
      wslay_event_queue_msg(connection->ctx, &msg) == WSLAY_ERR_NOMEM) {
    /* With a message missing, the rest would be wrong. */
    close_connection(connection, WSLAY_CODE_INTERNAL_SERVER_ERROR, "");
    return;
  }
  touch(connection);
}

void close_connection(struct Connection *connection, uint16_t code,
                      const char *reason) {
  if (connection->phase < TALK) {
    drop(connection);
  } else if (connection->phase == TALK && !connection->closing) {
    connection->closing = 1;
    set_deadline(connection, CLOSE_MS);
    if (wslay_event_queue_close(connection->ctx, code, (const uint8_t *)reason,
                                strlen(reason)) != 0) {
      drop(connection);
    }
  }
  touch(connection);
}
