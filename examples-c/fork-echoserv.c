/*
 * A WebSocket echo server that forks one child a client. communicate() and the
 * three callbacks above it are what the tutorial explains; the rest is sockets,
 * HTTP and processes.
 *
 *   cc fork-echoserv.c -lwslay && ./a.out PORT     (port 0 picks a free one)
 *
 * A real server wants an idle timeout, too: here CHILD_MAX clients that say
 * nothing keep all others out. The tutorial's loop waits without end, and stays
 * that short.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <wslay/wslay.h>
#include <wslay/wslayx.h>

#include "listen.h"
#include "net.h"

enum {
  HANDSHAKE_MS = 5000, /* time for the whole request head to arrive */
  CHILD_MAX = 512,     /* clients at once; more wait in the backlog */
  ACCEPT_PAUSE_MS = 100,
  MESSAGE_MAX = 32 << 20, /* bytes; for a longer message the client is closed */
  QUEUE_BYTES = 1 << 20,  /* with more than this waiting to be sent, or more */
  QUEUE_MESSAGES = 4096   /* messages, be they empty, nothing is read */
};

struct Session {
  int fd;
  struct wslayx_server_handshake *handshake; /* has the client's first frames */
};

/*
 * A client that sends but does not read has to wait, or its echoes would pile
 * up without bound. With nothing to write there is nothing to wait for:
 * messages behind a Close stay queued, but are never sent.
 */
static int is_full(wslay_event_context_ptr ctx) {
  return wslay_event_want_write(ctx) &&
         (wslay_event_get_queued_msg_length(ctx) > QUEUE_BYTES ||
          wslay_event_get_queued_msg_count(ctx) > QUEUE_MESSAGES);
}

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct Session *session = (struct Session *)user_data;
  ssize_t r;
  (void)flags;
  if (is_full(ctx)) {
    /* wslay_event_recv asks until nothing comes, whatever poll was asked. */
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  /* First what came behind the request, then what the socket has. */
  r = (ssize_t)wslayx_server_handshake_read(session->handshake, buf, len);
  if (r > 0) {
    return r;
  }
  while ((r = recv(session->fd, buf, len, 0)) == -1 && errno == EINTR)
    ;
  if (r == -1) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    } else {
      wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
    }
  } else if (r == 0) {
    /* A peer that hangs up without a Close frame has failed, too. */
    wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
    r = -1;
  }
  return r;
}

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  struct Session *session = (struct Session *)user_data;
  ssize_t r;
  int sflags = 0;
#ifdef MSG_MORE
  /* Only C wslay sets it, as it sends a header before its payload. */
  if (flags & WSLAY_MSG_MORE) {
    sflags |= MSG_MORE;
  }
#else
  (void)flags;
#endif
  while ((r = send(session->fd, data, len, sflags)) == -1 && errno == EINTR)
    ;
  if (r == -1) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    } else {
      wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
    }
  }
  return r;
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  (void)user_data;
  /* The library answers Ping and Close; the rest is ours to echo. */
  if (!wslay_is_ctrl_frame(arg->opcode)) {
    struct wslay_event_msg msgarg = {arg->opcode, arg->msg, arg->msg_length};
    if (wslay_event_queue_msg(ctx, &msgarg) == WSLAY_ERR_NOMEM) {
      /* With an echo missing, the rest would be wrong. */
      wslay_event_queue_close(ctx, WSLAY_CODE_INTERNAL_SERVER_ERROR, NULL, 0);
      wslay_event_shutdown_read(ctx);
    }
  }
}

/* Answers the client's HTTP request. Returns 0 when it is a WebSocket now. */
static int http_handshake(int fd, struct wslayx_server_handshake *handshake) {
  int64_t deadline = now_ms() + HANDSHAKE_MS;
  int request = WSLAYX_REQUEST_INCOMPLETE;
  uint8_t buf[4096];
  const uint8_t *response;
  size_t length;
  while (request == WSLAYX_REQUEST_INCOMPLETE && wait_readable(fd, deadline)) {
    ssize_t r = recv(fd, buf, sizeof(buf), 0);
    if (r == 0 || (r == -1 && errno != EINTR)) {
      return -1;
    }
    request =
        wslayx_server_handshake_feed(handshake, buf, r > 0 ? (size_t)r : 0);
  }
  if (request == WSLAYX_REQUEST_INCOMPLETE) {
    wslayx_server_handshake_respond(handshake, 408, NULL, NULL, 0);
  } else if (request == WSLAYX_REQUEST_WEBSOCKET) {
    /* An echo is an echo in whatever subprotocol the client likes best. */
    wslayx_server_handshake_accept(
        handshake, wslayx_server_handshake_get_subprotocol(handshake, 0));
  } /* else the response is ready, and refuses */
  response = wslayx_server_handshake_output(handshake, &length);
  if (response == NULL || send_all(fd, response, length) != 0) {
    return -1;
  }
  return request == WSLAYX_REQUEST_WEBSOCKET ? 0 : -1;
}

/* Waits for what may happen next. Returns 0, or -1 when it cannot. */
static int wait_event(wslay_event_context_ptr ctx, struct pollfd *event) {
  int r;
  /* A full queue wants write, so at least one of the two is asked for. */
  event->events = 0;
  if (wslay_event_want_read(ctx) && !is_full(ctx)) {
    event->events |= POLLIN;
  }
  if (wslay_event_want_write(ctx)) {
    event->events |= POLLOUT;
  }
  while ((r = poll(event, 1, -1)) == -1 && errno == EINTR)
    ;
  if (r == -1) {
    perror("poll");
  }
  return r == -1 ? -1 : 0;
}

/* Serves a WebSocket to its end. Returns 0, or -1 when it ended in an error. */
static int communicate(struct Session *session) {
  wslay_event_context_ptr ctx;
  struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback,        NULL, NULL, NULL,
      NULL,          on_msg_recv_callback,
  };
  struct pollfd event;
  int res;

  if (wslay_event_context_server_init(&ctx, &callbacks, session) != 0) {
    return -1;
  }
  wslay_event_config_set_max_recv_msg_length(ctx, MESSAGE_MAX);
  /* Who breaks the protocol still gets the echoes of what came before. */
  wslayx_event_config_set_close_after_queued(ctx, 1);

  event.fd = session->fd;
  /* poll does not know of what came behind the request, so this goes first. */
  res = wslay_event_recv(ctx) == 0 ? 0 : -1;
  /* An open connection wants at least one of the two; a closed one, neither. */
  while (res == 0 &&
         (wslay_event_want_read(ctx) || wslay_event_want_write(ctx))) {
    if (wait_event(ctx, &event) != 0 ||
        ((event.revents & POLLIN) && wslay_event_recv(ctx) != 0) ||
        ((event.revents & POLLOUT) && wslay_event_send(ctx) != 0) ||
        (event.revents & (POLLERR | POLLHUP | POLLNVAL))) {
      /* None of them fails for anything a further try could mend. */
      res = -1;
    }
  }
  /* A failed recv has queued a Close that tells the peer why. */
  if (res == -1 && wslay_event_want_write(ctx)) {
    wslay_event_send(ctx);
  }
  wslay_event_context_free(ctx);
  return res;
}

/* Serves one client, which has yet to ask for a WebSocket. */
static int serve_client(int fd) {
  struct Session session = {fd, NULL};
  int on = 1, res = -1;
  if (wslayx_server_handshake_init(&session.handshake) == 0 &&
      http_handshake(fd, session.handshake) == 0 && make_non_block(fd) == 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    res = communicate(&session);
  }
  wslayx_server_handshake_free(session.handshake);
  return res;
}

static volatile sig_atomic_t stopping;
static pid_t children[CHILD_MAX];
static size_t child_count;

static void on_stop_signal(int number) {
  (void)number;
  stopping = 1;
}

/* It has to be caught, or it would not wake pselect. */
static void on_child_signal(int number) {
  (void)number;
}

static void set_handler(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

static void reap_children(void) {
  pid_t pid;
  while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
    size_t i = 0;
    while (i < child_count && children[i] != pid) {
      ++i;
    }
    if (i < child_count) {
      children[i] = children[--child_count];
    }
  }
}

static void end_children(void) {
  size_t i;
  for (i = 0; i < child_count; ++i) {
    kill(children[i], SIGTERM);
  }
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
    ;
}

/* Takes a waiting client, if it is still there, and gives it a child. */
static void accept_client(int listener, const sigset_t *child_mask) {
  int fd = accept(listener, NULL, NULL);
  pid_t pid;
  if (fd == -1) {
    /* Where there is no room for it, the client stays and would wake pselect at
     * once. Else it has gone (ECONNABORTED, EPROTO), and others may wait. */
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
        errno == ENOMEM) {
      poll(NULL, 0, ACCEPT_PAUSE_MS);
    }
    return;
  }
  pid = fork();
  if (pid == 0) {
    int res;
    close(listener);
    set_handler(SIGINT, SIG_DFL);
    set_handler(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, child_mask, NULL);
    res = serve_client(fd);
    close_gently(fd);
    _exit(res == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  if (pid == -1) {
    perror("fork");
  } else {
    children[child_count++] = pid;
  }
  close(fd);
}

/*
 * Accepts clients until a signal asks to stop. The signals are blocked but in
 * pselect, so none can slip in between a check and the wait.
 */
static int serve(int listener) {
  sigset_t blocked, waiting;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  sigemptyset(&waiting);
  set_handler(SIGPIPE, SIG_IGN);
  set_handler(SIGCHLD, on_child_signal);
  set_handler(SIGINT, on_stop_signal);
  set_handler(SIGTERM, on_stop_signal);
  while (!stopping) {
    fd_set readable;
    int r;
    reap_children();
    FD_ZERO(&readable);
    if (child_count < CHILD_MAX) {
      FD_SET(listener, &readable);
    }
    r = pselect(listener + 1, &readable, NULL, NULL, NULL, &waiting);
    if (r > 0) {
      accept_client(listener, &waiting);
    } else if (r == -1 && errno != EINTR) {
      perror("pselect");
      break;
    }
  }
  end_children();
  return stopping ? 0 : -1;
}

int main(int argc, char **argv) {
  char *end;
  long number = argc == 2 ? strtol(argv[1], &end, 10) : -1;
  uint16_t port = (uint16_t)number;
  int listener;
  if (number < 0 || number > 65535 || *argv[1] == '\0' || *end != '\0') {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return EXIT_FAILURE;
  }
  listener = open_listener(&port);
  if (listener == -1) {
    perror("listen");
    return EXIT_FAILURE;
  }
  printf("listening on port %u\n", (unsigned)port);
  fflush(stdout);
  return serve(listener) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
