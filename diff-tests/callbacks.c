/* The callbacks of a session: they feed the library, record what it says, and
   in some sessions call it back. */
#include "side.h"

#include <string.h>

#include "masks.h"

/* Ways to see what the error value is worth: set although it is not looked at.
 */
enum { SOME_ERROR = 7 };

enum place { AT_START, AT_END, AT_MESSAGE };

enum call {
  CALL_SHUTDOWN_READ,
  CALL_SHUTDOWN_WRITE,
  CALL_RSV,
  CALL_MAXIMUM,
  CALL_REPORTS
};

struct random side_random(const struct side *side, uint64_t what) {
  return random_from(random_hash(side->plan->seed) ^ what);
}

static void record_call(struct record *record, enum call which,
                        uint64_t argument) {
  struct event *event = record_add(record, EVENT_CALL);
  event->values[0] = which;
  event->values[1] = (int64_t)argument;
}

void shut_down(struct side *side, bool reading, struct record *record) {
  const struct library *library = side->library;
  (reading ? library->shutdown_read : library->shutdown_write)(side->context);
  record_call(record, reading ? CALL_SHUTDOWN_READ : CALL_SHUTDOWN_WRITE, 0);
}

static void configure(struct side *side, struct random *random,
                      enum place place) {
  uint64_t maximum =
      random_chance(random, 80) ? UNLIMITED : random_below(random, 400);
  if (random_chance(random, 50) && !mask_rsv_judged_once(place != AT_START)) {
    uint8_t rsv = (uint8_t)random_below(random, 8);
    side->library->set_allowed_rsv(side->context, rsv);
    record_call(&side->record, CALL_RSV, rsv);
  } else {
    side->library->set_max_length(side->context, maximum);
    record_call(&side->record, CALL_MAXIMUM, maximum);
  }
}

static void change_reports(struct side *side, bool frame_reports) {
  struct wslay_event_callbacks callbacks = side_callbacks(frame_reports);
  side->library->set_callbacks(side->context, &callbacks);
  record_call(&side->record, CALL_REPORTS, frame_reports);
}

static void act(struct side *side, enum place place) {
  struct random random = side_random(side, ++side->event_number);
  /* Messages are answered more often than frames. */
  size_t kind = random_below(&random, place == AT_MESSAGE ? 200 : 1000);
  struct random choices = random_from(random_next(&random));
  if (kind < 60) {
    queue_message(side, choices, &side->record);
  } else if (kind < 70) {
    queue_source(side, choices, &side->record);
  } else if (kind < 74) {
    queue_close(side, choices, &side->record);
  } else if (kind < 77) {
    shut_down(side, random_chance(&random, 50), &side->record);
  } else if (kind < 95) {
    configure(side, &random, place);
  } else if (kind < 135) {
    side_send_nested(side, (int)random_below(&random, 500));
  } else if (kind < 150 && place == AT_MESSAGE) {
    side->library->set_error(side->context, WSLAY_ERR_WOULDBLOCK);
  } else if (kind % 3 == 0 && side->plan->reports_change) {
    change_reports(side, random_chance(&random, 30));
  }
}

/* What every receive callback does last. */
static void after_event(struct side *side, enum place place) {
  side_record_state(side);
  if (side->plan->callbacks_act) {
    act(side, place);
  }
}

/* A callback that gives or takes nothing, as planned or failing. */
static ssize_t refuse(struct side *side, enum failure failure,
                      bool sets_wouldblock, bool gives_zero) {
  const struct library *library = side->library;
  switch (failure) {
  case FAIL_WITH_ERROR:
    library->set_error(side->context, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
  case FAIL_WITH_ZERO:
    library->set_error(side->context, SOME_ERROR);
    return 0;
  case FAIL_SILENTLY:
    return -1;
  default:
    library->set_error(side->context,
                       sets_wouldblock ? WSLAY_ERR_WOULDBLOCK : 0);
    return gives_zero ? 0 : -1;
  }
}

static ssize_t on_recv(event_context context, uint8_t *buffer, size_t room,
                       int flags, void *user_data) {
  struct side *side = user_data;
  const struct plan *plan = side->plan;
  (void)context;
  (void)flags;
  if (side->position >= side->available) {
    return refuse(side, side->recv_failure, plan->recv_sets_wouldblock,
                  plan->recv_gives_zero);
  }
  size_t size = wire_piece(&plan->wire, side->position, side->available);
  if (plan->frame_reports || plan->reports_change) {
    size = mask_room_offered(size);
  }
  if (size > room) {
    size = room;
  }
  memcpy(buffer, plan->wire.bytes.data + side->position, size);
  side->position += size;
  return (ssize_t)size;
}

static ssize_t on_send(event_context context, const uint8_t *data, size_t size,
                       int flags, void *user_data) {
  struct side *side = user_data;
  (void)flags;
  if (size == 0) {
    record_add(&side->record, EVENT_ODD);
  }
  if (side->budget <= 0) {
    return side->send_failure == FAIL_ABOVE_LENGTH
               ? (ssize_t)size + 1
               : refuse(side, side->send_failure,
                        side->plan->send_sets_wouldblock,
                        side->plan->send_gives_zero);
  }
  bool cut = false;
  if (size > (size_t)side->budget) {
    size = (size_t)side->budget;
    cut = true;
  }
  if (side->per_call > 0 && size > (size_t)side->per_call) {
    size = (size_t)side->per_call;
    cut = true;
  }
  bytes_append(&side->sent, data, size);
  side->bytes_sent += size;
  side->budget -= (int)size;
  side->library->set_error(context,
                           mask_error_after_short_write(cut) ? 0 : SOME_ERROR);
  return (ssize_t)size;
}

static int on_genmask(event_context context, uint8_t *key, size_t size,
                      void *user_data) {
  struct side *side = user_data;
  (void)context;
  if (size != 4) {
    record_add(&side->record, EVENT_ODD);
  }
  if (side->send_failure == FAIL_GENMASK) {
    return -1;
  }
  memcpy(key, "\x12\x9a\x5c\xf3", 4);
  return 0;
}

static void on_start(event_context context,
                     const struct wslay_event_on_frame_recv_start_arg *frame,
                     void *user_data) {
  struct side *side = user_data;
  (void)context;
  int64_t *values = record_add(&side->record, EVENT_START)->values;
  values[0] = frame->fin;
  values[1] = frame->rsv;
  values[2] = frame->opcode;
  values[3] = (int64_t)frame->payload_length;
  /* A Ping is answered with a Pong. */
  side->controls_queued += frame->opcode == WSLAY_PING;
  after_event(side, AT_START);
}

static void on_chunk(event_context context,
                     const struct wslay_event_on_frame_recv_chunk_arg *chunk,
                     void *user_data) {
  struct side *side = user_data;
  (void)context;
  record_chunk(&side->record, chunk->data, chunk->data_length);
}

static void on_end(event_context context, void *user_data) {
  struct side *side = user_data;
  (void)context;
  record_add(&side->record, EVENT_END);
  after_event(side, AT_END);
}

static void queue_part(struct side *side,
                       const struct wslay_event_on_msg_recv_arg *message,
                       size_t start, size_t size) {
  struct wslay_event_msg part = {message->opcode, message->msg, size};
  if (start > 0) {
    part.msg += start;
  }
  int result = side->library->queue_msg(side->context, &part, 0);
  record_result(&side->record, EVENT_QUEUE, result);
}

/* Most messages whole and once. */
static void queue_echo(struct side *side,
                       const struct wslay_event_on_msg_recv_arg *message) {
  struct random random = side_random(side, ++side->message_number << 32);
  size_t size = message->msg_length;
  size_t kind = random_below(&random, 100);
  size_t first = kind < 85 ? size : random_below(&random, size + 1);
  if (kind == 84) {
    return;
  }
  queue_part(side, message, 0, first);
  if (kind == 83) {
    queue_part(side, message, 0, size);
  } else if (kind >= 90) {
    /* Now and then as far behind as a header is long. */
    size_t gap = kind < 97 ? 2 * (kind - 90) : random_below(&random, 300);
    size_t rest = size - first > gap ? size - first - gap : 0;
    queue_part(side, message, rest > 0 ? first + gap : 0, rest);
  }
}

static void on_message(event_context context,
                       const struct wslay_event_on_msg_recv_arg *message,
                       void *user_data) {
  struct side *side = user_data;
  (void)context;
  int64_t *values = record_add(&side->record, EVENT_MESSAGE)->values;
  values[0] = message->rsv;
  values[1] = message->opcode;
  values[2] = (int64_t)message->msg_length;
  values[3] = message->status_code;
  values[4] = message->msg == NULL;
  bytes_append(&side->record.payloads, message->msg, message->msg_length);
  side->closing |= message->opcode == WSLAY_CONNECTION_CLOSE;
  if (!side->plan->frame_reports || side->plan->reports_change) {
    side->controls_queued += message->opcode == WSLAY_PING;
  }
  bool echoes = side->plan->echoes && message->opcode <= WSLAY_BINARY_FRAME;
  if (echoes) {
    queue_echo(side, message);
  }
  after_event(side, AT_MESSAGE);
  /* Still there, whatever was queued and sent meanwhile? */
  if (echoes) {
    bytes_append(&side->record.payloads, message->msg, message->msg_length);
  }
}

struct wslay_event_callbacks side_callbacks(bool frame_reports) {
  struct wslay_event_callbacks callbacks = {
      on_recv, on_send, on_genmask, on_start, on_chunk, on_end, on_message,
  };
  if (!frame_reports) {
    callbacks.on_frame_recv_start_callback = NULL;
    callbacks.on_frame_recv_chunk_callback = NULL;
    callbacks.on_frame_recv_end_callback = NULL;
  }
  return callbacks;
}
