/*
 * The floor: an echo server without a protocol, which shows what the system
 * calls cost. It takes the size of a message as its argument, receives without
 * looking at the bytes, and sends the echoes from memory: they are right
 * because all messages of the load generator are the same.
 */
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../frame.h"
#include "handshake.h"

enum { RECV_BYTES = 2 << 20 };

struct connection {
  struct handshake handshake;
  int fd;
  uint64_t received, sent; /* bytes since the handshake */
};

struct counters counters;

/* Echoes one behind the other, as many as RECV_BYTES can ask for and one more.
 */
static uint8_t *echoes;
/* A message's bytes as it comes, and as it goes. */
static size_t in_frame, out_frame;
static uint8_t buffer[RECV_BYTES];

const char *connection_setup(const char *argument) {
  size_t size = argument == NULL ? 0 : strtoul(argument, NULL, 10);
  size_t count, i;
  uint8_t *payload = malloc(size + 1);
  in_frame = frame_header_length(size, 1) + size;
  out_frame = frame_header_length(size, 0) + size;
  count = RECV_BYTES / in_frame + 2;
  echoes = malloc(count * out_frame);
  if (payload == NULL || echoes == NULL) {
    perror("floor");
    exit(1);
  }
  load_payload(payload, size);
  for (i = 0; i < count; i++) {
    frame_put(echoes + i * out_frame, LOAD_FIRST_BYTE, payload, size, NULL);
  }
  free(payload);
  return "floor";
}

struct connection *connection_new(int fd) {
  struct connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) {
    close(fd);
    return NULL;
  }
  connection->fd = fd;
  return connection;
}

void connection_free(struct connection *connection) {
  close(connection->fd);
  free(connection);
}

/* False at the end of input. */
static bool receive(struct connection *connection) {
  ssize_t count;
  counters.recvs++;
  count = recv(connection->fd, buffer, sizeof buffer, 0);
  if (count <= 0) {
    return count < 0 && errno == EAGAIN;
  }
  counters.messages -= connection->received / in_frame;
  connection->received += (uint64_t)count;
  counters.messages += connection->received / in_frame;
  return true;
}

static bool send_echoes(struct connection *connection) {
  uint64_t until = connection->received / in_frame * out_frame;
  ssize_t count;
  if (connection->sent == until) {
    return true;
  }
  counters.batches++;
  counters.sends++;
  count = send(connection->fd, echoes + connection->sent % out_frame,
               until - connection->sent, MSG_NOSIGNAL);
  if (count < 0) {
    return errno == EAGAIN;
  }
  connection->sent += (uint64_t)count;
  return true;
}

bool connection_ready(struct connection *connection, uint32_t events) {
  if (!connection->handshake.done) {
    return handshake_continue(&connection->handshake, connection->fd);
  }
  return (!(events & EPOLLIN) || receive(connection)) &&
         send_echoes(connection);
}
