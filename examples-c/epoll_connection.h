/*
 * What epoll_server.c and epoll_connection.c share: the server knows which
 * sockets are ready and which deadlines have passed, a connection what to do
 * then.
 */
#ifndef EXAMPLES_EPOLL_CONNECTION_H
#define EXAMPLES_EPOLL_CONNECTION_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include <wslay/wslay.h>
#include <wslay/wslayx.h>

#include "epoll_server.h"

/* The life of a connection, in this order. */
enum Phase {
  READ_REQUEST, /* HTTP */
  SEND_ANSWER,
  TALK,  /* WebSocket, up to the end of the closing handshake */
  DRAIN, /* our side of TCP is closed, the client's not yet */
  ENDED
};

struct Server {
  const struct Service *service;
  int epoll;
  int listener;     /* -1 when no more clients are accepted */
  sigset_t waiting; /* the signals that are blocked while it waits: none */
  int idle_ms; /* silence after which a client is asked for a sign of life */
  int64_t now; /* now_ms() of this turn of the loop */
  int64_t accept_again;       /* when accepting pauses; else INT64_MAX */
  int64_t next_deadline;      /* no connection has an earlier one */
  struct Connection *first;   /* all connections */
  struct Connection *touched; /* those that this turn had to do with */
};

struct Connection {
  struct Server *server;
  struct Connection *next, *previous, *next_touched;
  int fd;
  uint32_t events; /* what epoll watches for */
  enum Phase phase;
  int touched, closing, pinged;
  int64_t deadline;
  struct wslayx_server_handshake *handshake; /* until all of it is read */
  int upgraded;                              /* the answer opens a WebSocket */
  size_t read_budget;          /* bytes that may be read in this turn */
  wslay_event_context_ptr ctx; /* NULL but in TALK */
  void *state;
};

/* Takes over a socket that was accepted, or closes it when memory runs out. */
void connection_begin(struct Server *server, int fd);

/* Reads what the socket has. */
void connection_ready(struct Connection *connection);

/* Does what is due at the connection's deadline. */
void connection_expired(struct Connection *connection);

/* Sends what there is to send and goes on to the next phase if it is time. May
 * touch the connection again. */
void connection_settle(struct Connection *connection);

void connection_free(struct Connection *connection);

#endif
