/*
 * The loop: who is ready, whose time is up, who is new, and when to stop.
 *
 * A turn of it has two halves. In the first, connections read, and the service
 * queues and closes as it likes; in the second, those touched by that send, and
 * those that have ended are freed. So nothing is freed while anything still
 * walks over connections or epoll's events, and what a turn queued for one
 * client goes out together.
 */
#define _POSIX_C_SOURCE 200809L

#include "epoll_server.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "epoll_connection.h"
#include "listen.h"
#include "net.h"

enum {
  EVENTS_MAX = 256,
  ACCEPT_MAX = 64, /* clients a turn */
  ACCEPT_PAUSE_MS = 100,
  IDLE_SECONDS = 30
};

static volatile sig_atomic_t signals_caught;

static void on_stop_signal(int number) {
  (void)number;
  signals_caught += 1;
}

/* Where only epoll_pwait lets signals through, none slips in between the check
 * of signals_caught and the wait. */
static void catch_signals(sigset_t *waiting) {
  struct sigaction action;
  sigset_t blocked;
  memset(&action, 0, sizeof(action));
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);
  action.sa_handler = on_stop_signal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  sigemptyset(waiting);
}

static int watch_listener(const struct Server *server, int operation,
                          uint32_t events) {
  struct epoll_event event;
  memset(&event, 0, sizeof(event));
  event.events = events;
  event.data.ptr = NULL; /* tells it from a connection */
  return epoll_ctl(server->epoll, operation, server->listener, &event);
}

/*
 * Without a descriptor or memory for it, a client stays in the queue and epoll
 * would report it at once: so the listener is left alone for a while.
 */
static void accept_clients(struct Server *server) {
  int i;
  for (i = 0; i < ACCEPT_MAX; ++i) {
    int fd = accept(server->listener, NULL, NULL);
    if (fd != -1) {
      connection_begin(server, fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
               errno == ENOMEM) {
      watch_listener(server, EPOLL_CTL_MOD, 0);
      server->accept_again = server->now + ACCEPT_PAUSE_MS;
      return;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    }
    /* Else that client has gone (ECONNABORTED, EPROTO), and others may wait. */
  }
}

static void resume_accepting(struct Server *server) {
  if (server->accept_again <= server->now) {
    server->accept_again = INT64_MAX;
    if (server->listener != -1) {
      watch_listener(server, EPOLL_CTL_MOD, EPOLLIN);
    }
  }
}

/* Deadlines mostly move on before they are reached, so that few turns come here
 * to look for those that did not. */
static void check_deadlines(struct Server *server) {
  struct Connection *connection;
  if (server->next_deadline > server->now) {
    return;
  }
  server->next_deadline = INT64_MAX;
  for (connection = server->first; connection != NULL;
       connection = connection->next) {
    if (connection->deadline <= server->now) {
      connection_expired(connection);
    }
    if (connection->deadline < server->next_deadline) {
      server->next_deadline = connection->deadline;
    }
  }
}

/* The second half of a turn. What happens here may touch others, and the same
 * connection once more: then it is on the list again, and not to be freed yet.
 */
static void settle_touched(struct Server *server) {
  struct Connection *connection;
  while ((connection = server->touched) != NULL) {
    server->touched = connection->next_touched;
    connection->touched = 0;
    connection_settle(connection);
    if (connection->phase == ENDED && !connection->touched) {
      connection_free(connection);
    }
  }
}

/* Milliseconds until something is due, or -1 for ever. */
static int time_to_wait(const struct Server *server) {
  int64_t due = server->next_deadline < server->accept_again
                    ? server->next_deadline
                    : server->accept_again;
  int64_t left = due - now_ms();
  return due == INT64_MAX ? -1
         : left < 0       ? 0
         : left < INT_MAX ? (int)left
                          : INT_MAX;
}

/* No new clients; the others are told. */
static void stop(struct Server *server) {
  struct Connection *connection;
  close(server->listener);
  server->listener = -1;
  for (connection = server->first; connection != NULL;
       connection = connection->next) {
    close_connection(connection, WSLAY_CODE_GOING_AWAY, "the server stops");
  }
  settle_touched(server);
}

/* Returns 0 when a signal ended it. A second signal ends it at once. */
static int run(struct Server *server) {
  struct epoll_event events[EVENTS_MAX];
  while (signals_caught < 2 &&
         (server->listener != -1 || server->first != NULL)) {
    int i, count = epoll_pwait(server->epoll, events, EVENTS_MAX,
                               time_to_wait(server), &server->waiting);
    if (count == -1 && errno != EINTR) {
      perror("epoll_pwait");
      return -1;
    }
    server->now = now_ms();
    for (i = 0; i < count; ++i) {
      if (events[i].data.ptr == NULL) {
        accept_clients(server);
      } else {
        connection_ready((struct Connection *)events[i].data.ptr);
      }
    }
    check_deadlines(server);
    resume_accepting(server);
    settle_touched(server);
    if (signals_caught > 0 && server->listener != -1) {
      stop(server);
    }
  }
  return 0;
}

/* One descriptor a client: the usual 1024 are soon used up. */
static void raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/* Reads a whole number from min to max. Returns -1 if text is none. */
static long parse_number(const char *text, long min, long max) {
  char *end;
  long number = strtol(text, &end, 10);
  return *text == '\0' || *end != '\0' || number < min || number > max ? -1
                                                                       : number;
}

/* Returns 0, or -1 when the command line is wrong. */
static int parse_arguments(struct Server *server, uint16_t *port, int argc,
                           char **argv) {
  long idle = IDLE_SECONDS, number;
  int option;
  while ((option = getopt(argc, argv, "i:")) != -1) {
    idle = option == 'i' ? parse_number(optarg, 1, 86400) : -1;
    if (idle == -1) {
      return -1;
    }
  }
  number = argc - optind == 1 ? parse_number(argv[optind], 0, 65535) : -1;
  server->idle_ms = (int)idle * 1000;
  *port = (uint16_t)number;
  return number == -1 ? -1 : 0;
}

int serve(const struct Service *service, int argc, char **argv) {
  struct Server server;
  uint16_t port;
  int res;
  memset(&server, 0, sizeof(server));
  server.service = service;
  server.next_deadline = server.accept_again = INT64_MAX;
  if (parse_arguments(&server, &port, argc, argv) != 0) {
    fprintf(
        stderr,
        "usage: %s [-i SECONDS] PORT\n"
        "  -i  ask a client for a sign of life after SECONDS (default %d),\n"
        "      and leave it after as many more\n",
        argv[0], IDLE_SECONDS);
    return EXIT_FAILURE;
  }
  catch_signals(&server.waiting);
  raise_descriptor_limit();
  server.listener = open_listener(&port);
  server.epoll = epoll_create1(EPOLL_CLOEXEC);
  if (server.listener == -1 || server.epoll == -1 ||
      watch_listener(&server, EPOLL_CTL_ADD, EPOLLIN) == -1) {
    perror("listen");
    return EXIT_FAILURE;
  }
  printf("listening on port %u\n", (unsigned)port);
  fflush(stdout);
  res = run(&server);
  while (server.first != NULL) {
    connection_free(server.first);
  }
  if (server.listener != -1) {
    close(server.listener);
  }
  close(server.epoll);
  return res == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
