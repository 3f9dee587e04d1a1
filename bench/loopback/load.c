/*
 * Loads an echo server of 127.0.0.1 and measures it.
 *
 *   load PORT PID CONNECTIONS IN_FLIGHT SIZE SECONDS
 *
 * Each of CONNECTIONS keeps IN_FLIGHT text messages of SIZE bytes on their way:
 * for each echo that comes back it sends another. In a warm-up, every byte that
 * comes back is compared; then, for SECONDS, they are counted only, and dropped
 * by the kernel, so that the server has more to do than this program. At the
 * end all echoes are awaited: a byte too many or too few fails.
 *
 * Prints the echoes a second, the nanoseconds of CPU that process PID, the
 * server, took for each, and the share of the time that it was on the CPU.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../frame.h"

enum { RECV_BYTES = 256 * 1024, EVENTS_MAX = 256, WAIT_MS = 5000 };
static const double WARM_UP_SECONDS = 0.3;

enum phase {
  VERIFY, /* compares each byte */
  COUNT,  /* only counts them */
  DRAIN   /* sends no more */
};

struct connection {
  int fd;
  uint64_t sent, received; /* bytes */
};

static struct {
  int epoll;
  enum phase phase;
  size_t in_flight;
  /* Two times `in_flight` frames as they are sent, so that as many lie in one
   * piece from wherever sending goes on. */
  uint8_t *out;
  size_t out_frame;
  /* One frame as it comes back. */
  uint8_t *in;
  size_t in_frame;
  uint64_t echoes;
} load;

static void fail(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void *allocate(size_t length) {
  void *memory = malloc(length);
  if (memory == NULL) {
    fail("malloc");
  }
  return memory;
}

static void make_frames(size_t size) {
  static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
  uint8_t *payload = allocate(size);
  size_t i;
  load_payload(payload, size);
  load.in_frame = frame_header_length(size, 0) + size;
  load.in = allocate(load.in_frame);
  frame_put(load.in, LOAD_FIRST_BYTE, payload, size, NULL);
  load.out_frame = frame_header_length(size, 1) + size;
  load.out = allocate(2 * load.in_flight * load.out_frame);
  for (i = 0; i < 2 * load.in_flight; i++) {
    frame_put(load.out + i * load.out_frame, LOAD_FIRST_BYTE, payload, size,
              key);
  }
  free(payload);
}

/* The opening handshake, which blocks. */
static void shake_hands(int fd) {
  static const char request[] =
      "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  char answer[1024];
  size_t length = 0;
  if (send(fd, request, sizeof request - 1, 0) !=
      (ssize_t)(sizeof request - 1)) {
    fail("request");
  }
  while (length < 4 || memcmp(answer + length - 4, "\r\n\r\n", 4) != 0) {
    ssize_t count = recv(fd, answer + length, sizeof answer - length, 0);
    if (count <= 0) {
      fail("no answer to the opening handshake");
    }
    length += (size_t)count;
  }
  if (memcmp(answer, "HTTP/1.1 101 ", 13) != 0) {
    fail("the opening handshake was refused");
  }
}

static void open_connection(struct connection *connection, int port) {
  struct sockaddr_in address;
  struct epoll_event event;
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((uint16_t)port);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
    fail("connect");
  }
  shake_hands(fd);
  connection->fd = fd;
  connection->sent = 0;
  connection->received = 0;
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = connection;
  if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    fail("epoll_ctl");
  }
}

/* Sends until as many messages are under way as may be, or the socket is full.
 */
static void top_up(struct connection *connection) {
  uint64_t ring = load.in_flight * load.out_frame;
  uint64_t messages = connection->received / load.in_frame + load.in_flight;
  uint64_t until = messages * load.out_frame;
  if (load.phase == DRAIN) {
    /* Only what is begun. */
    until = (connection->sent + load.out_frame - 1) / load.out_frame *
            load.out_frame;
  }
  while (connection->sent < until) {
    ssize_t count = send(connection->fd, load.out + connection->sent % ring,
                         until - connection->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EAGAIN) {
      return;
    }
    if (count <= 0) {
      fail("send");
    }
    connection->sent += (uint64_t)count;
  }
}

/* Compares bytes that came back with those that must, from `at` in the stream.
 */
static void verify(const uint8_t *bytes, size_t length, uint64_t at) {
  while (length > 0) {
    size_t offset = at % load.in_frame;
    size_t piece = load.in_frame - offset;
    if (piece > length) {
      piece = length;
    }
    if (memcmp(bytes, load.in + offset, piece) != 0) {
      errno = 0;
      fail("an echo differs from what was sent");
    }
    bytes += piece;
    length -= piece;
    at += piece;
  }
}

/* Receives all that is there; returns the messages that it ended. */
static uint64_t take_echoes(struct connection *connection) {
  static uint8_t buffer[RECV_BYTES];
  uint64_t before = connection->received / load.in_frame;
  /* TCP drops the bytes instead of copying them (tcp(7)). */
  int flags = MSG_DONTWAIT | (load.phase == VERIFY ? 0 : MSG_TRUNC);
  size_t room = load.phase == VERIFY ? sizeof buffer : 1 << 30;
  ssize_t count;
  do {
    count = recv(connection->fd, buffer, room, flags);
    if (count < 0 && errno == EAGAIN) {
      break;
    }
    if (count <= 0) {
      fail("recv");
    }
    if (load.phase == VERIFY) {
      verify(buffer, (size_t)count, connection->received);
    }
    connection->received += (uint64_t)count;
  } while ((size_t)count == room);
  return connection->received / load.in_frame - before;
}

static void turn(void) {
  struct epoll_event events[EVENTS_MAX];
  int i, count = epoll_wait(load.epoll, events, EVENTS_MAX, WAIT_MS);
  if (count == 0) {
    errno = ETIMEDOUT;
    fail("no echo");
  }
  if (count < 0) {
    fail("epoll_wait");
  }
  for (i = 0; i < count; i++) {
    struct connection *connection = events[i].data.ptr;
    if (events[i].events & EPOLLIN) {
      load.echoes += take_echoes(connection);
    }
    top_up(connection);
  }
}

static double seconds(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) {
    fail("clock_gettime");
  }
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void run_for(enum phase phase, double duration) {
  double end = seconds(CLOCK_MONOTONIC) + duration;
  load.phase = phase;
  while (seconds(CLOCK_MONOTONIC) < end) {
    turn();
  }
}

static bool is_drained(const struct connection *connection) {
  return connection->sent % load.out_frame == 0 &&
         connection->received / load.in_frame >=
             connection->sent / load.out_frame;
}

/* Waits until each echo is back, and fails if anything else is. */
static void drain(struct connection *connections, size_t count) {
  size_t i;
  load.phase = DRAIN;
  for (i = 0; i < count; i++) {
    struct connection *connection = &connections[i];
    top_up(connection);
    while (!is_drained(connection)) {
      turn();
    }
    if (connection->received % load.in_frame != 0) {
      errno = 0;
      fail("the bytes that came back are not the echoes' lengths");
    }
    close(connection->fd);
  }
}

int main(int argc, char **argv) {
  struct connection *connections;
  size_t count, i;
  clockid_t server;
  double wall, cpu;
  if (argc != 7) {
    fprintf(stderr,
            "usage: load PORT PID CONNECTIONS IN_FLIGHT SIZE SECONDS\n");
    return 2;
  }
  count = strtoul(argv[3], NULL, 10);
  load.in_flight = strtoul(argv[4], NULL, 10);
  errno = clock_getcpuclockid(atoi(argv[2]), &server);
  load.epoll = epoll_create1(0);
  if (errno != 0 || load.epoll < 0) {
    fail("clock_getcpuclockid, epoll_create1");
  }
  make_frames(strtoul(argv[5], NULL, 10));
  connections = allocate(count * sizeof *connections);
  for (i = 0; i < count; i++) {
    open_connection(&connections[i], atoi(argv[1]));
  }

  run_for(VERIFY, WARM_UP_SECONDS);
  load.echoes = 0;
  wall = seconds(CLOCK_MONOTONIC);
  cpu = seconds(server);
  run_for(COUNT, atof(argv[6]));
  wall = seconds(CLOCK_MONOTONIC) - wall;
  cpu = seconds(server) - cpu;
  printf("%.1f\t%.1f\t%.3f\n", (double)load.echoes / wall,
         cpu * 1e9 / (double)load.echoes, cpu / wall);
  drain(connections, count);
  return 0;
}
