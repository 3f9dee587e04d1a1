/*
 * A WebSocket client for echo servers. It sends the lines of its standard input
 * and prints what comes back, or sends generated messages; either way each echo
 * has to equal what was sent, or the exit status is not 0.
 *
 *   cc client*.c -lwslay && ./a.out -n 100 -s 1000 localhost 9000
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wslay/wslay.h>

#include "client_connect.h"
#include "client_input.h"
#include "net.h"

enum {
  PENDING_BYTES = 262144, /* with the echoes of this many bytes, or of this */
  PENDING_MESSAGES = 64,  /* many messages due, no further message is made */
  CONTROL_MAX = 125       /* bytes in a control message */
};

static const char ping_payload[] = "are you there?";

struct Options {
  struct Target target;
  long count; /* -1: send the lines of standard input */
  size_t size;
  uint8_t opcode;
  int ping;
};

/* A message on its way: sent, and its echo not yet back. */
struct Pending {
  struct Pending *next;
  uint8_t opcode;
  size_t length;
  uint8_t data[];
};

struct Session {
  const struct Options *options;
  int fd;
  struct wslayx_client_handshake *handshake; /* has the server's first frames */
  struct Input input;
  struct Pending *oldest, *newest;
  size_t pending_bytes; /* in the messages from oldest to newest */
  size_t longest;       /* of the messages sent: no longer one is taken */
  long sent, echoed;
  int pong_due;
  int failed;
  int64_t deadline; /* moves on with what comes up to our Close, not with what
                       we send */
};

static void fail(struct Session *session, const char *reason) {
  if (!session->failed) {
    fprintf(stderr, "client: %s\n", reason);
  }
  session->failed = 1;
}

static void note_progress(struct Session *session) {
  session->deadline = now_ms() + session->options->target.timeout_ms;
}

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct Session *session = (struct Session *)user_data;
  ssize_t r;
  (void)flags;
  /* First what came behind the response, then what the socket has. */
  r = (ssize_t)wslayx_client_handshake_read(session->handshake, buf, len);
  if (r > 0) {
    return r;
  }
  while ((r = recv(session->fd, buf, len, 0)) == -1 && errno == EINTR)
    ;
  if (r > 0) {
    if (!wslay_event_get_close_sent(ctx)) {
      note_progress(session);
    }
  } else if (r == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
  } else {
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
  if (r == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
  } else if (r == -1) {
    wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
  }
  return r;
}

static void take_echo(struct Session *session,
                      const struct wslay_event_on_msg_recv_arg *arg) {
  struct Pending *expected = session->oldest;
  if (expected == NULL) {
    fail(session, "a message came that answers none of ours");
    return;
  }
  if (arg->opcode != expected->opcode || arg->msg_length != expected->length ||
      (arg->msg_length > 0 &&
       memcmp(arg->msg, expected->data, arg->msg_length) != 0)) {
    fail(session, "an echo differs from what was sent");
  }
  if (session->options->count < 0) {
    fwrite(arg->msg_length > 0 ? arg->msg : (const uint8_t *)"", 1,
           arg->msg_length, stdout);
    putchar('\n');
    fflush(stdout);
  }
  session->oldest = expected->next;
  session->pending_bytes -= expected->length;
  session->echoed += 1;
  free(expected);
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  struct Session *session = (struct Session *)user_data;
  (void)ctx;
  if (!wslay_is_ctrl_frame(arg->opcode)) {
    take_echo(session, arg);
  } else if (arg->opcode == WSLAY_PONG &&
             arg->msg_length == strlen(ping_payload) &&
             memcmp(arg->msg, ping_payload, arg->msg_length) == 0) {
    session->pong_due = 0;
  }
}

/* No server can have us keep more than its due. */
static void allow_length(struct Session *session, wslay_event_context_ptr ctx,
                         size_t length) {
  if (length > session->longest) {
    session->longest = length;
    wslay_event_config_set_max_recv_msg_length(ctx, length);
  }
}

/* Queues a message and remembers it until its echo comes. */
static void send_message(struct Session *session, wslay_event_context_ptr ctx,
                         uint8_t opcode, const uint8_t *data, size_t length) {
  struct wslay_event_msg msgarg = {opcode, data, length};
  struct Pending *pending = malloc(sizeof(*pending) + length);
  if (pending == NULL || wslay_event_queue_msg(ctx, &msgarg) != 0) {
    free(pending);
    fail(session, "a message could not be queued");
    return;
  }
  pending->next = NULL;
  pending->opcode = opcode;
  pending->length = length;
  if (length > 0) {
    memcpy(pending->data, data, length);
  }
  if (session->oldest == NULL) {
    session->oldest = pending;
  } else {
    session->newest->next = pending;
  }
  session->newest = pending;
  allow_length(session, ctx, length);
  session->pending_bytes += length;
  session->sent += 1;
}

static void send_generated(struct Session *session,
                           wslay_event_context_ptr ctx) {
  const struct Options *options = session->options;
  uint32_t state = (uint32_t)session->sent;
  uint8_t *data = malloc(options->size + 1);
  size_t i;
  if (data == NULL) {
    fail(session, "out of memory");
    return;
  }
  for (i = 0; i < options->size; ++i) {
    state = state * 1664525 + 1013904223;
    data[i] = (uint8_t)(state >> 24);
    if (options->opcode == WSLAY_TEXT_FRAME) {
      data[i] = (uint8_t)('a' + data[i] % 26);
    }
  }
  send_message(session, ctx, options->opcode, data, options->size);
  free(data);
}

/* Takes what standard input has, and sends the lines that are complete. */
static void send_lines(struct Session *session, wslay_event_context_ptr ctx) {
  const char *line;
  size_t length;
  if (read_input(&session->input) != 0) {
    fail(session, "standard input cannot be read");
  }
  while (!session->failed &&
         (line = take_line(&session->input, &length)) != NULL) {
    send_message(session, ctx, WSLAY_TEXT_FRAME, (const uint8_t *)line, length);
  }
}

/* What was sent stays in memory until its echo comes, so it counts, too. */
static int has_room(const struct Session *session) {
  return session->pending_bytes < PENDING_BYTES &&
         session->sent - session->echoed < PENDING_MESSAGES;
}

static int sent_all(const struct Session *session) {
  return session->options->count < 0 ? session->input.at_end
                                     : session->sent == session->options->count;
}

/* Waits for what may happen next. Returns -1 when the server is too slow. */
static int wait_events(struct Session *session, wslay_event_context_ptr ctx,
                       struct pollfd events[2]) {
  int take_input = session->options->count < 0 && !session->input.at_end &&
                   has_room(session);
  int idle = take_input && session->oldest == NULL && !session->pong_due;
  int r;
  events[0].fd = session->fd;
  events[0].events = (short)((wslay_event_want_read(ctx) ? POLLIN : 0) |
                             (wslay_event_want_write(ctx) ? POLLOUT : 0));
  events[1].fd = take_input ? STDIN_FILENO : -1;
  events[1].events = POLLIN;
  events[0].revents = events[1].revents = 0;
  do {
    int64_t left = session->deadline - now_ms();
    r = poll(events, 2, idle ? -1 : left > 0 ? (int)left : 0);
  } while (r == -1 && errno == EINTR);
  if (idle) {
    note_progress(session);
  }
  if (r <= 0) {
    fail(session, r == 0 ? "the server does not answer" : "poll failed");
    return -1;
  }
  return 0;
}

/* Sends what there is to send; a Close, once nothing more is due. */
static void queue_next(struct Session *session, wslay_event_context_ptr ctx) {
  while (session->options->count > session->sent && has_room(session) &&
         !session->failed) {
    send_generated(session, ctx);
  }
  if (session->failed ||
      (sent_all(session) && session->oldest == NULL && !session->pong_due)) {
    wslay_event_queue_close(ctx, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0);
  }
}

static void check_close(struct Session *session, wslay_event_context_ptr ctx) {
  unsigned received = wslay_event_get_status_code_received(ctx);
  unsigned sent = wslay_event_get_status_code_sent(ctx);
  if (received != WSLAY_CODE_NORMAL_CLOSURE ||
      sent != WSLAY_CODE_NORMAL_CLOSURE || session->oldest != NULL ||
      session->pong_due || !sent_all(session)) {
    fail(session, "the connection was closed too early or for an error");
    fprintf(stderr, "client: codes of the server: %u, of the client: %u\n",
            received, sent);
  }
}

/* The event loop: reads and writes as either gets possible, so that two peers
 * that both have much to say do not wait for each other. */
static void communicate(struct Session *session, wslay_event_context_ptr ctx) {
  allow_length(session, ctx, CONTROL_MAX);
  if (session->options->ping) {
    struct wslay_event_msg ping = {WSLAY_PING, (const uint8_t *)ping_payload,
                                   strlen(ping_payload)};
    session->pong_due = 1;
    wslay_event_queue_msg(ctx, &ping);
  }
  note_progress(session);
  queue_next(session, ctx);
  /* poll does not know of what came behind the response, so this goes first. */
  if (wslay_event_recv(ctx) != 0) {
    fail(session, "the connection broke");
    return;
  }
  queue_next(session, ctx);
  while (wslay_event_want_read(ctx) || wslay_event_want_write(ctx)) {
    struct pollfd events[2];
    if (wait_events(session, ctx, events) != 0) {
      return;
    }
    if (((events[0].revents & POLLIN) && wslay_event_recv(ctx) != 0) ||
        ((events[0].revents & POLLOUT) && wslay_event_send(ctx) != 0) ||
        (events[0].revents & (POLLERR | POLLHUP | POLLNVAL))) {
      fail(session, "the connection broke");
      return;
    }
    if (events[1].revents != 0) {
      send_lines(session, ctx);
    }
    queue_next(session, ctx);
  }
  check_close(session, ctx);
}

static void report(const struct Session *session, int64_t elapsed_ms) {
  const struct Options *options = session->options;
  if (options->count >= 0) {
    printf("%s: %ld of %ld %s messages of %zu bytes echoed in %ld ms\n",
           session->failed ? "FAILED" : "ok", session->echoed, options->count,
           options->opcode == WSLAY_TEXT_FRAME ? "text" : "binary",
           options->size, (long)elapsed_ms);
  }
}

/* Talks to the server to the end. Returns 0 when all was as it should be. */
static int run(const struct Options *options) {
  /* Without a genmask callback the library makes the mask keys. */
  struct wslay_event_callbacks callbacks = {
      recv_callback, send_callback,        NULL, NULL, NULL,
      NULL,          on_msg_recv_callback,
  };
  struct Session session;
  wslay_event_context_ptr ctx;
  int64_t start;
  memset(&session, 0, sizeof(session));
  session.options = options;
  session.fd = open_websocket(&options->target, &session.handshake);
  if (session.fd == -1) {
    wslayx_client_handshake_free(session.handshake);
    return -1;
  }
  start = now_ms();
  if (wslay_event_context_client_init(&ctx, &callbacks, &session) == 0) {
    communicate(&session, ctx);
    wslay_event_context_free(ctx);
  } else {
    fail(&session, "out of memory");
  }
  report(&session, now_ms() - start);
  close_gently(session.fd);
  while (session.oldest != NULL) {
    struct Pending *next = session.oldest->next;
    free(session.oldest);
    session.oldest = next;
  }
  free(session.input.data);
  wslayx_client_handshake_free(session.handshake);
  return session.failed ? -1 : 0;
}

/* Reads a whole number from min to max, or ends the program. */
static long parse_number(const char *text, long min, long max) {
  char *end;
  long number = strtol(text, &end, 10);
  if (*text == '\0' || *end != '\0' || number < min || number > max) {
    fprintf(stderr, "client: %s is not a number from %ld to %ld\n", text, min,
            max);
    exit(EXIT_FAILURE);
  }
  return number;
}

static void parse_options(int argc, char **argv, struct Options *options) {
  int option;
  while ((option = getopt(argc, argv, "n:s:bpP:t:")) != -1) {
    if (option == 'n') {
      options->count = parse_number(optarg, 0, LONG_MAX);
    } else if (option == 's') {
      options->size = (size_t)parse_number(optarg, 0, INT_MAX);
    } else if (option == 'b') {
      options->opcode = WSLAY_BINARY_FRAME;
    } else if (option == 'p') {
      options->ping = 1;
    } else if (option == 'P') {
      options->target.subprotocols = optarg;
    } else if (option == 't') {
      options->target.timeout_ms = 1000 * (int)parse_number(optarg, 1, 86400);
    } else {
      optind = argc;
    }
  }
  if (argc - optind != 2 && argc - optind != 3) {
    fprintf(stderr,
            "usage: %s [-n COUNT] [-s SIZE] [-b] [-p] [-P SUBPROTOCOLS] "
            "[-t SECONDS] HOST PORT [PATH]\n"
            "  -n  send COUNT messages, not the lines of standard input\n"
            "  -s  of SIZE bytes each (default 125)\n"
            "  -b  binary, not text\n"
            "  -p  send a Ping first and expect its Pong\n"
            "  -P  offer these subprotocols, separated by commas\n"
            "  -t  give up when the server is silent for SECONDS "
            "(default 10)\n",
            argv[0]);
    exit(EXIT_FAILURE);
  }
  options->target.host = argv[optind];
  options->target.port = argv[optind + 1];
  options->target.path = argc - optind == 3 ? argv[optind + 2] : "/";
}

int main(int argc, char **argv) {
  struct Options options = {
      {NULL, NULL, NULL, NULL, 10000}, -1, 125, WSLAY_TEXT_FRAME, 0};
  parse_options(argc, argv, &options);
  signal(SIGPIPE, SIG_IGN);
  return run(&options) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
