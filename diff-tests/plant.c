/* Planted changes, at the table of functions. Only one is planted in a run. */
#include "plant.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The library as it was, and the callbacks of the latest session. */
static struct library honest;
static struct wslay_event_callbacks asked;

static size_t count_plus_one(event_context context) {
  return honest.queued_count(context) + 1;
}

/* Rarely wrong: only for some lengths. */
static size_t length_off(event_context context) {
  size_t length = honest.queued_length(context);
  return length == 125 ? 126 : length;
}

static uint16_t code_of_the_other(event_context context) {
  return honest.code_received(context);
}

static int recv_succeeds(event_context context) {
  honest.recv(context);
  return 0;
}

static int send_fails(event_context context) {
  int result = honest.send(context);
  return honest.close_sent(context) ? WSLAY_ERR_CALLBACK_FAILURE : result;
}

static int queue_succeeds(event_context context,
                          const struct wslay_event_msg *message, uint8_t rsv) {
  int result = honest.queue_msg(context, message, rsv);
  return result == WSLAY_ERR_NO_MORE_MSG ? 0 : result;
}

static int wants_write_no_more(event_context context) {
  return honest.queued_count(context) != 3 && honest.want_write(context);
}

static ssize_t frame_recv_proto(frame_context context,
                                struct wslay_frame_iocb *frame) {
  ssize_t result = honest.frame_recv(context, frame);
  return result == 125 ? WSLAY_ERR_PROTO : result;
}

static ssize_t frame_send_flips_fin(frame_context context,
                                    struct wslay_frame_iocb *frame) {
  struct wslay_frame_iocb changed = *frame;
  changed.fin = !changed.fin;
  return honest.frame_send(context, &changed);
}

static ssize_t drop_byte(event_context context, const uint8_t *data,
                         size_t size, int flags, void *user_data) {
  if (size < 100) {
    return asked.send_callback(context, data, size, flags, user_data);
  }
  ssize_t sent = asked.send_callback(context, data, size - 1, flags, user_data);
  return sent == (ssize_t)size - 1 ? (ssize_t)size : sent;
}

static void
flip_first_bit(event_context context,
               const struct wslay_event_on_frame_recv_chunk_arg *chunk,
               void *user_data) {
  uint8_t data[100];
  struct wslay_event_on_frame_recv_chunk_arg changed = *chunk;
  if (changed.data_length == sizeof data) {
    memcpy(data, chunk->data, sizeof data);
    data[0] ^= 1;
    changed.data = data;
  }
  asked.on_frame_recv_chunk_callback(context, &changed, user_data);
}

static void swallow_pongs(event_context context,
                          const struct wslay_event_on_msg_recv_arg *message,
                          void *user_data) {
  if (message->opcode != WSLAY_PONG) {
    asked.on_msg_recv_callback(context, message, user_data);
  }
}

static void swallow_end(event_context context, void *user_data) {
  if (honest.queued_count(context) != 2) {
    asked.on_frame_recv_end_callback(context, user_data);
  }
}

typedef int init_function(event_context *, event_callbacks, void *);

typedef void any_function(void);

/* What a change puts in place of a function: of the library, or of the
   callbacks that a context is made with. */
struct change {
  const char *name;
  bool is_callback;
  size_t offset;
  any_function *function;
};

#define FUNCTION(name, member, function)                                       \
  { name, false, offsetof(struct library, member), (any_function *)function }
#define CALLBACK(name, member, function)                                       \
  {                                                                            \
    name, true, offsetof(struct wslay_event_callbacks, member),                \
        (any_function *)function                                               \
  }

static const struct change changes[] = {
    FUNCTION("count-plus-one", queued_count, count_plus_one),
    FUNCTION("length-off", queued_length, length_off),
    FUNCTION("codes-swapped", code_sent, code_of_the_other),
    FUNCTION("recv-succeeds", recv, recv_succeeds),
    FUNCTION("send-fails", send, send_fails),
    FUNCTION("queue-succeeds", queue_msg, queue_succeeds),
    FUNCTION("wants-write-no-more", want_write, wants_write_no_more),
    FUNCTION("frame-recv-proto", frame_recv, frame_recv_proto),
    FUNCTION("frame-send-flips-fin", frame_send, frame_send_flips_fin),
    CALLBACK("send-drops-byte", send_callback, drop_byte),
    CALLBACK("chunk-bit-flipped", on_frame_recv_chunk_callback, flip_first_bit),
    CALLBACK("pongs-swallowed", on_msg_recv_callback, swallow_pongs),
    CALLBACK("end-swallowed", on_frame_recv_end_callback, swallow_end),
};

static const struct change *planted;

/* Not where there is none: a callback that is not asked for stays so. */
static void replace(void *table) {
  static any_function *const none = NULL;
  if (memcmp((char *)table + planted->offset, &none, sizeof none) == 0) {
    return;
  }
  memcpy((char *)table + planted->offset, &planted->function,
         sizeof planted->function);
}

static int init(init_function *function, event_context *context,
                event_callbacks callbacks, void *user_data) {
  struct wslay_event_callbacks changed = *callbacks;
  asked = *callbacks;
  replace(&changed);
  return function(context, &changed, user_data);
}

static int server_init(event_context *context, event_callbacks callbacks,
                       void *user_data) {
  return init(honest.server_init, context, callbacks, user_data);
}

static int client_init(event_context *context, event_callbacks callbacks,
                       void *user_data) {
  return init(honest.client_init, context, callbacks, user_data);
}

bool plant(struct library *library, const char *name) {
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    if (strcmp(changes[i].name, name) != 0) {
      continue;
    }
    honest = *library;
    planted = &changes[i];
    if (planted->is_callback) {
      library->server_init = server_init;
      library->client_init = client_init;
    } else {
      replace(library);
    }
    return true;
  }
  return false;
}

void plant_list(void) {
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    puts(changes[i].name);
  }
}
