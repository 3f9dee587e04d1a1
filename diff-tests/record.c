/* Keeping and printing what was observed. */
#include "record.h"

#include <string.h>

struct description {
  const char *name;
  /* Names of the values, each ended by a space. */
  const char *values;
};

static const struct description descriptions[] = {
    [EVENT_STATE] = {"state", "want_read want_write read_enabled write_enabled "
                              "close_received close_sent code_received "
                              "code_sent count length closing "},
    [EVENT_RECV] = {"recv", "result "},
    [EVENT_SEND] = {"send", "result "},
    [EVENT_START] = {"on_frame_recv_start", "fin rsv opcode length "},
    [EVENT_CHUNK] = {"on_frame_recv_chunk", "length "},
    [EVENT_END] = {"on_frame_recv_end", ""},
    [EVENT_MESSAGE] = {"on_msg_recv", "rsv opcode length code is_null "},
    [EVENT_QUEUE] = {"queue_msg", "opcode length rsv result "},
    [EVENT_QUEUE_SOURCE] = {"queue_fragmented_msg", "opcode rsv result "},
    [EVENT_QUEUE_CLOSE] = {"queue_close", "code length result "},
    [EVENT_CALL] = {"call", "which argument "},
    [EVENT_SOURCE] = {"read_callback", "id step room eof "},
    [EVENT_ODD] = {"impossible", "what "},
};

void record_clear(struct record *record) {
  record->count = 0;
  record->payloads.size = 0;
}

struct event *record_add(struct record *record, enum event_kind kind) {
  if (record->count == record->capacity) {
    record->capacity = 2 * record->capacity + 256;
    record->events =
        grow(record->events, record->capacity * sizeof *record->events);
  }
  struct event *event = &record->events[record->count++];
  memset(event, 0, sizeof *event);
  event->kind = kind;
  return event;
}

void record_result(struct record *record, enum event_kind kind,
                   int64_t result) {
  record_add(record, kind)->values[0] = result;
}

void record_chunk(struct record *record, const uint8_t *data, size_t size) {
  struct event *event =
      record->count > 0 ? &record->events[record->count - 1] : NULL;
  if (event == NULL || event->kind != EVENT_CHUNK) {
    event = record_add(record, EVENT_CHUNK);
  }
  event->values[0] += (int64_t)size;
  bytes_append(&record->payloads, data, size);
}

bool record_payloads_equal(const struct record *a, const struct record *b) {
  return bytes_equal(&a->payloads, &b->payloads);
}

static void print_event(const struct event *event, FILE *to) {
  const struct description *description = &descriptions[event->kind];
  const char *name = description->values;
  fprintf(to, "    %s", description->name);
  for (size_t i = 0; *name != '\0'; i++) {
    size_t length = strcspn(name, " ");
    fprintf(to, " %.*s=%lld", (int)length, name, (long long)event->values[i]);
    name += length + 1;
  }
  fputc('\n', to);
}

void record_print(const struct record *record, size_t first, size_t last,
                  FILE *to) {
  for (size_t i = first; i < last && i < record->count; i++) {
    print_event(&record->events[i], to);
  }
}
