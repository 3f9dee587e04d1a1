/* Queueing messages of all kinds, valid and not. */
#include "side.h"

#include <string.h>

static uint8_t choose_rsv(struct random *random) {
  return random_chance(random, 12) ? (uint8_t)random_below(random, 8) : 0;
}

static uint8_t choose_opcode(struct random *random) {
  size_t kind = random_below(random, 100);
  return kind < 35   ? WSLAY_TEXT_FRAME
         : kind < 60 ? WSLAY_BINARY_FRAME
         : kind < 75 ? WSLAY_PING
         : kind < 88 ? WSLAY_PONG
         : kind < 91 ? WSLAY_CONNECTION_CLOSE
                     : (uint8_t)random_below(random, 16);
}

static size_t choose_size(struct random *random, bool control) {
  size_t kind = random_below(random, 1000);
  if (control && kind < 900) {
    return random_below(random, 126);
  }
  return kind < 700   ? random_below(random, 130)
         : kind < 930 ? random_below(random, 3000)
         : kind < 990 ? random_below(random, 20000)
                      : 65530 + random_below(random, 12);
}

void queue_message(struct side *side, struct random random,
                   struct record *record) {
  static uint8_t payload[65542];
  struct wslay_event_msg message = {0};
  message.opcode = choose_opcode(&random);
  bool control = wslay_is_ctrl_frame(message.opcode);
  message.msg_length = choose_size(&random, control);
  random_fill(&random, payload, message.msg_length);
  if (message.opcode == WSLAY_CONNECTION_CLOSE) {
    payload[0] = 3;
    payload[1] = 0xe8;
  }
  bool no_payload = message.msg_length == 0 && random_chance(&random, 50);
  message.msg = no_payload ? NULL : payload;
  uint8_t rsv = choose_rsv(&random);
  int result = side->library->queue_msg(side->context, &message, rsv);
  if (result == 0 && control) {
    side->controls_queued++;
    side->closing |= message.opcode == WSLAY_CONNECTION_CLOSE;
  }
  int64_t *values = record_add(record, EVENT_QUEUE)->values;
  values[0] = message.opcode;
  values[1] = (int64_t)message.msg_length;
  values[2] = rsv;
  values[3] = result;
}

void queue_close(struct side *side, struct random random,
                 struct record *record) {
  static const uint16_t codes[] = {0,    1000, 1001, 1005,  1006,
                                   3000, 4999, 999,  65535, 1012};
  uint8_t reason[200];
  memset(reason, 'x', sizeof reason);
  uint16_t code = codes[random_below(&random, sizeof codes / sizeof *codes)];
  size_t size = random_chance(&random, 25) ? 0 : random_below(&random, 126);
  int result = side->library->queue_close(side->context, code,
                                          size > 0 ? reason : NULL, size);
  side->closing |= result == 0;
  int64_t *values = record_add(record, EVENT_QUEUE_CLOSE)->values;
  values[0] = code;
  values[1] = (int64_t)size;
  values[2] = result;
}

static void source_acts(struct side *side, struct source *source) {
  uint64_t what = (uint64_t)source->id << 8 | source->position;
  struct random random = side_random(side, ~what);
  struct random choices = random_from(random_next(&random));
  size_t kind = random_below(&random, 100);
  if (kind < 20) {
    queue_message(side, choices, &side->source_calls);
  } else if (kind < 30) {
    queue_source(side, choices, &side->source_calls);
  } else if (kind < 35) {
    queue_close(side, choices, &side->source_calls);
  } else if (kind < 38) {
    shut_down(side, false, &side->source_calls);
  }
}

static ssize_t read_source(event_context context, uint8_t *buffer, size_t room,
                           const union wslay_event_msg_source *handle, int *eof,
                           void *user_data) {
  struct side *side = user_data;
  struct source *source = handle->data;
  (void)context;
  if (side->plan->sources_act) {
    source_acts(side, source);
  }
  int64_t *values = record_add(&side->source_calls, EVENT_SOURCE)->values;
  values[0] = source->id;
  values[1] = (int64_t)source->position;
  values[2] = (int64_t)room;
  values[3] = *eof;
  if (source->position == source->count) {
    *eof = 1;
    return 0;
  }
  const struct step *step = &source->steps[source->position++];
  *eof = step->eof;
  if (step->size <= 0) {
    return step->size;
  }
  size_t size = (size_t)step->size < room ? (size_t)step->size : room;
  memset(buffer, source->id * 17 + (int)source->position, size);
  return (ssize_t)size;
}

/* Calls that give nothing or fail: wslay_event_write reports these one call
   later than wslay_event_send does. */
static bool may_stall(const struct side *side) {
  return !side->plan->ours_writes;
}

static void plan_source(struct side *side, struct source *source,
                        struct random *random) {
  source->id = (int)side->source_count;
  source->position = 0;
  source->count = 1 + random_below(random, MOST_STEPS);
  for (size_t i = 0; i < source->count; i++) {
    struct step *step = &source->steps[i];
    size_t kind = random_below(random, 100);
    step->size = kind < 15   ? 0
                 : kind < 18 ? -1
                 : kind < 23 ? 4096
                 : kind < 26 ? 5000
                             : 1 + (int)random_below(random, 300);
    step->eof = i + 1 == source->count || random_chance(random, 5);
    if (step->size <= 0 && !may_stall(side)) {
      step->size = 1;
    }
  }
}

void queue_source(struct side *side, struct random random,
                  struct record *record) {
  if (side->source_count == MOST_SOURCES) {
    return;
  }
  struct source *source = &side->sources[side->source_count++];
  plan_source(side, source, &random);
  struct wslay_event_fragmented_msg message = {0};
  size_t kind = random_below(&random, 20);
  message.opcode = kind == 0   ? WSLAY_PING
                   : kind == 1 ? 3
                               : (uint8_t)(WSLAY_TEXT_FRAME + kind % 2);
  message.source.data = source;
  message.read_callback = read_source;
  uint8_t rsv = choose_rsv(&random);
  int result = side->library->queue_fragmented(side->context, &message, rsv);
  int64_t *values = record_add(record, EVENT_QUEUE_SOURCE)->values;
  values[0] = message.opcode;
  values[1] = rsv;
  values[2] = result;
}
