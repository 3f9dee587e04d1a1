/* What a program sees of a library: results, events in order, and the getters
   after each. One record is kept for each library, and the two are compared. */
#ifndef DIFF_RECORD_H
#define DIFF_RECORD_H

#include <stdio.h>

#include "bytes.h"

enum event_kind {
  EVENT_STATE,
  EVENT_RECV,
  EVENT_SEND,
  EVENT_START,
  EVENT_CHUNK,
  EVENT_END,
  EVENT_MESSAGE,
  EVENT_QUEUE,
  EVENT_QUEUE_SOURCE,
  EVENT_QUEUE_CLOSE,
  EVENT_CALL,
  EVENT_SOURCE,
  EVENT_ODD
};

/* The values of an EVENT_STATE. */
enum state {
  WANT_READ,
  WANT_WRITE,
  READ_ENABLED,
  WRITE_ENABLED,
  CLOSE_RECEIVED,
  CLOSE_SENT,
  CODE_RECEIVED,
  CODE_SENT,
  QUEUED_COUNT,
  QUEUED_LENGTH,
  /* Not a getter: whether a Close has been queued, by what the program knows.
   */
  CLOSING,
  EVENT_VALUES
};

/* No padding: records are compared with memcmp. */
struct event {
  int64_t kind;
  int64_t values[EVENT_VALUES];
};

struct record {
  struct event *events;
  size_t count;
  size_t capacity;
  /* The payloads that the events stand for, one behind the other. */
  struct bytes payloads;
};

void record_clear(struct record *record);
/* The new event, with all its values 0. */
struct event *record_add(struct record *record, enum event_kind kind);
void record_result(struct record *record, enum event_kind kind, int64_t result);
/* Pieces that follow each other become one event. */
void record_chunk(struct record *record, const uint8_t *data, size_t size);
bool record_payloads_equal(const struct record *a, const struct record *b);
void record_print(const struct record *record, size_t first, size_t last,
                  FILE *to);

#endif
