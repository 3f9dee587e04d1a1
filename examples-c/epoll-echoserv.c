/*
 * A WebSocket echo server for many clients in one process: nothing in it waits
 * for one of them.
 *
 *   cc epoll-echoserv.c epoll_*.c -lwslay && ./a.out PORT
 *
 * A client that sends but does not read would make its echoes pile up here
 * without bound. So the server stops reading from it while more than
 * BACKLOG_MAX bytes wait (epoll_connection.c does that, for every service), and
 * TCP then makes the client wait, too.
 */
#define _POSIX_C_SOURCE 200809L

#include <wslay/wslay.h>

#include "epoll_server.h"

enum { MESSAGE_MAX = 32 << 20, BACKLOG_MAX = 1 << 20 };

static void on_message(struct Connection *connection, void *state,
                       const struct wslay_event_on_msg_recv_arg *message) {
  (void)state;
  send_message(connection, message->opcode, message->msg, message->msg_length);
}

int main(int argc, char **argv) {
  static const struct Service echo = {
      NULL, MESSAGE_MAX, BACKLOG_MAX, NULL, on_message, NULL,
  };
  return serve(&echo, argc, argv);
}
