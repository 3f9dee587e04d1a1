/* A session: the client queues messages of every kind, also inside its
   callbacks, the server sends them back, and when all are back the client
   closes. */
#define _POSIX_C_SOURCE 200809L
#include "end.h"

#include <sched.h>
#include <string.h>
#include <wslay/wslayx.h>

enum kind { TEXT, BINARY, FRAGMENTED, PING, KINDS };

/* The length and the bytes of the client's message `number`. */
static size_t length_of(size_t number) {
  static const size_t lengths[] = {5, 700, 0, 125, LONGEST_MESSAGE};
  size_t length = lengths[number % (sizeof(lengths) / sizeof(lengths[0]))];
  return number % KINDS == PING && length > 125 ? 125 : length;
}

static void put_bytes(uint8_t *to, size_t number, size_t at, size_t length) {
  size_t i;
  for (i = 0; i < length; ++i) {
    to[i] = (uint8_t)('a' + (number + at + i) % 26);
  }
}

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                       int flags, void *user_data) {
  struct end *end = user_data;
  size_t count = ring_read(end->in, buf, len);
  (void)flags;
  if (count == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  return (ssize_t)count;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data,
                       size_t len, int flags, void *user_data) {
  struct end *end = user_data;
  size_t count = ring_write(end->out, data, len);
  (void)flags;
  if (count == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  return (ssize_t)count;
}

static ssize_t on_fragment(wslay_event_context_ptr ctx, uint8_t *buf,
                           size_t len,
                           const union wslay_event_msg_source *source, int *eof,
                           void *user_data) {
  struct end *end = user_data;
  size_t number = (size_t)source->fd;
  size_t left = length_of(number) - end->fragment_at;
  size_t count = left < len ? left : len;
  (void)ctx;
  if (count > 400) {
    count = 400;
  }
  put_bytes(buf, number, end->fragment_at, count);
  end->fragment_at += count;
  *eof = end->fragment_at == length_of(number);
  return (ssize_t)count;
}

static void queue_next(struct end *end) {
  size_t number = end->queued;
  uint8_t payload[LONGEST_MESSAGE];
  struct wslay_event_msg message = {WSLAY_TEXT_FRAME, payload, 0};
  struct wslay_event_fragmented_msg fragmented = {
      WSLAY_TEXT_FRAME, {0}, on_fragment};
  int result;
  if (number == MESSAGES) {
    return;
  }
  message.msg_length = length_of(number);
  put_bytes(payload, number, 0, message.msg_length);
  if (number % KINDS == FRAGMENTED) {
    end->fragment_at = 0;
    fragmented.source.fd = (int)number;
    result = wslay_event_queue_fragmented_msg(end->ctx, &fragmented);
  } else {
    message.opcode = number % KINDS == PING     ? WSLAY_PING
                     : number % KINDS == BINARY ? WSLAY_BINARY_FRAME
                                                : WSLAY_TEXT_FRAME;
    result = wslay_event_queue_msg(end->ctx, &message);
  }
  end->failed |= result != 0;
  ++end->queued;
}

static void check_echo(struct end *end,
                       const struct wslay_event_on_msg_recv_arg *arg) {
  uint8_t expected[LONGEST_MESSAGE];
  /* Pings are answered, not echoed. */
  size_t number = end->echoed % KINDS == PING ? end->echoed + 1 : end->echoed;
  put_bytes(expected, number, 0, length_of(number));
  end->failed |=
      arg->msg_length != length_of(number) ||
      (arg->msg_length > 0 && memcmp(arg->msg, expected, arg->msg_length) != 0);
  end->echoed = number + 1;
}

static void send_back(struct end *end,
                      const struct wslay_event_on_msg_recv_arg *arg) {
  struct wslay_event_msg echo = {0, NULL, 0};
  echo.opcode = arg->opcode;
  echo.msg = arg->msg;
  echo.msg_length = arg->msg_length;
  end->failed |= wslay_event_queue_msg(end->ctx, &echo) != 0;
}

static void on_message(wslay_event_context_ptr ctx,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user_data) {
  struct end *end = user_data;
  (void)ctx;
  if (arg->opcode == WSLAY_PONG) {
    ++end->pongs;
  } else if (wslay_is_ctrl_frame(arg->opcode)) {
    return;
  } else if (end->role == SERVER) {
    send_back(end, arg);
  } else {
    check_echo(end, arg);
  }
  if (end->role == CLIENT) {
    queue_next(end);
  }
}

static int on_genmask(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                      void *user_data) {
  struct end *end = user_data;
  size_t i;
  (void)ctx;
  for (i = 0; i < len; ++i) {
    end->random = end->random * 1664525 + 1013904223;
    buf[i] = (uint8_t)(end->random >> 24);
  }
  return 0;
}

static int all_is_back(const struct end *end) {
  return end->queued == MESSAGES && end->pongs == MESSAGES / KINDS &&
         end->echoed + 1 >= MESSAGES;
}

static void open_context(struct end *end) {
  struct wslay_event_callbacks callbacks = {on_recv, on_send, NULL,      NULL,
                                            NULL,    NULL,    on_message};
  static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==";
  char accepted[WSLAYX_ACCEPT_KEY_SIZE];
  int result;
  /* Every other client takes its keys from the library. */
  if (end->random % 2 == 0) {
    callbacks.genmask_callback = on_genmask;
  }
  result = end->role == CLIENT
               ? wslay_event_context_client_init(&end->ctx, &callbacks, end)
               : wslay_event_context_server_init(&end->ctx, &callbacks, end);
  if (result != 0) {
    end->ctx = NULL;
    end->failed = 1;
    return;
  }
  wslay_event_config_set_allowed_rsv_bits(end->ctx, WSLAY_RSV_NONE);
  wslay_event_config_set_max_recv_msg_length(end->ctx, LONGEST_MESSAGE);
  end->failed |= wslayx_accept_key(key, sizeof(key) - 1, accepted) != 0;
}

#ifdef PLANTED_RACE
static int turns_of_both;
#define PLANTED (void)++turns_of_both
#else
#define PLANTED (void)0
#endif

static void drive(struct end *end) {
  int closing = 0;
  while (!end->failed && (wslay_event_want_read(end->ctx) ||
                          wslay_event_want_write(end->ctx))) {
    PLANTED;
    end->failed |= wslay_event_recv(end->ctx) != 0;
    if (!closing && end->role == CLIENT && all_is_back(end)) {
      closing = 1;
      end->failed |= wslay_event_queue_close(
                         end->ctx, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0) != 0;
    }
    end->failed |= wslay_event_send(end->ctx) != 0;
    sched_yield();
  }
  end->failed |= !wslay_event_get_close_sent(end->ctx) ||
                 !wslay_event_get_close_received(end->ctx);
}

void *end_run(void *argument) {
  struct end *end = argument;
  open_context(end);
  if (end->ctx != NULL) {
    if (end->role == CLIENT) {
      queue_next(end);
      queue_next(end);
      queue_next(end);
    }
    drive(end);
    wslay_event_context_free(end->ctx);
  }
  return NULL;
}
