/*
 * Serves many WebSocket connections in one process and one thread, with Linux's
 * epoll. What the program does with them is its Service; epoll-echoserv.c and
 * chat.c are two.
 *
 * Who frees what: a connection belongs to the server, which frees it after
 * on_close. It does so only at two places of its loop, never inside a function
 * below: so a program may close any connection at any time, also while it walks
 * along a list of them.
 */
#ifndef EXAMPLES_EPOLL_SERVER_H
#define EXAMPLES_EPOLL_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include <wslay/wslay.h>
#include <wslay/wslayx.h>

struct Connection;

/* All functions but on_message may be NULL. */
struct Service {
  /* A client asks for a WebSocket, which it will get, or for something else
   * (see enum wslayx_request), which it will be refused: unless the service
   * calls wslayx_server_handshake_respond. */
  void (*on_request)(struct wslayx_server_handshake *, int request);
  /* Bytes. A client that sends a longer message is closed with 1009. */
  uint64_t message_max;
  /* While more bytes wait to be sent to a client, none are read from it. */
  size_t backlog_max;
  /* A WebSocket is open. *state is the program's own, NULL until it sets it. */
  void (*on_open)(struct Connection *, void **state);
  /* A whole text or binary message came. Its bytes last until the return. */
  void (*on_message)(struct Connection *, void *state,
                     const struct wslay_event_on_msg_recv_arg *message);
  /* The connection is about to be freed. Called once for each on_open. */
  void (*on_close)(struct Connection *, void *state);
};

/*
 * Reads the command line and serves until SIGINT or SIGTERM; then every client
 * gets a Close with 1001. Returns the exit status.
 */
int serve(const struct Service *service, int argc, char **argv);

/* Queues a copy of a message. Does nothing when the connection is closing;
 * closes it with 1011 when there is no memory for the copy. */
void send_message(struct Connection *connection, uint8_t opcode,
                  const uint8_t *message, size_t length);

/* Whether the connection's backlog has reached its limit. */
int is_full(const struct Connection *connection);

/* Queues a Close, behind nothing but the frame being sent, and gives the client
 * some seconds to answer it. Does nothing when the connection is closing. */
void close_connection(struct Connection *connection, uint16_t code,
                      const char *reason);

#endif
