/*
 * An echo server over epoll, single-threaded, on whichever libwslay the dynamic
 * linker finds.
 *
 *   server        listens on a free port of 127.0.0.1, prints it, serves until
 * SIGTERM, and then prints its counters
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"

enum { EVENTS_MAX = 256, BACKLOG = 1024 };

static volatile sig_atomic_t stopping;

static void stop(int signal) {
  (void)signal;
  stopping = 1;
}

static void check(const char *what, int result) {
  if (result < 0) {
    perror(what);
    exit(1);
  }
}

/* A listening socket; prints its port. */
static int listen_on_free_port(const char *library) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  check("socket", fd);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check("bind", bind(fd, (struct sockaddr *)&address, sizeof address));
  check("listen", listen(fd, BACKLOG));
  check("getsockname", getsockname(fd, (struct sockaddr *)&address, &length));
  printf("listening on port %d with %s\n", ntohs(address.sin_port), library);
  fflush(stdout);
  return fd;
}

static void add(int epoll, int fd, uint32_t events, void *data) {
  struct epoll_event event;
  event.events = events;
  event.data.ptr = data;
  check("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static void accept_all(int epoll, int listener) {
  int fd, on = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    struct connection *connection = connection_new(fd);
    if (connection != NULL) {
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      add(epoll, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, connection);
    }
  }
}

static void serve(int epoll, int listener) {
  struct epoll_event events[EVENTS_MAX];
  while (!stopping) {
    int i, count = epoll_wait(epoll, events, EVENTS_MAX, -1);
    if (count < 0 && errno != EINTR) {
      check("epoll_wait", count);
    }
    for (i = 0; i < count; i++) {
      struct connection *connection = events[i].data.ptr;
      if (connection == NULL) {
        accept_all(epoll, listener);
      } else if (!connection_ready(connection, events[i].events)) {
        connection_free(connection);
      }
    }
  }
}

int main(int argc, char **argv) {
  struct sigaction action;
  int listener, epoll;
  memset(&action, 0, sizeof action);
  action.sa_handler = stop;
  sigaction(SIGTERM, &action, NULL);
  epoll = epoll_create1(0);
  check("epoll_create1", epoll);
  listener = listen_on_free_port(connection_setup(argc > 1 ? argv[1] : NULL));
  add(epoll, listener, EPOLLIN, NULL);
  serve(epoll, listener);
  printf("messages %llu recvs %llu sends %llu batches %llu\n",
         (unsigned long long)counters.messages,
         (unsigned long long)counters.recvs, (unsigned long long)counters.sends,
         (unsigned long long)counters.batches);
  return 0;
}
