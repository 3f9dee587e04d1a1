/* Comparing what the two sides have shown since the last time. */
#include "compare.h"

#include <string.h>

#include "masks.h"

static bool same_counts(const struct comparison *comparison,
                        const struct side *their_side,
                        const struct event *theirs, const struct event *ours) {
  int64_t count = theirs->values[QUEUED_COUNT] - ours->values[QUEUED_COUNT];
  int64_t length = theirs->values[QUEUED_LENGTH] - ours->values[QUEUED_LENGTH];
  bool same = count == 0 && length == 0;
  if (!same && (comparison->d2 == D2_WAITING || comparison->d2 == D2_UNSENT)) {
    /* The code in our Close, which is queued at some point of the operation. */
    same = count == 0 && length == -2;
    if (!same && length < 0) {
      length += 2;
    }
  }
  return same || mask_d9_dropped_controls(their_side, theirs, count, length);
}

static bool same_state(const struct comparison *comparison,
                       const struct side *their_side,
                       const struct event *theirs, const struct event *ours) {
  for (size_t i = 0; i < QUEUED_COUNT; i++) {
    bool masked = i == CODE_SENT && comparison->d2 == D2_SENT &&
                  mask_d2_code_sent(theirs->values[i], ours->values[i]);
    if (theirs->values[i] != ours->values[i] && !masked) {
      return false;
    }
  }
  return same_counts(comparison, their_side, theirs, ours);
}

static enum verdict difference(struct comparison *comparison, const char *what,
                               size_t event) {
  comparison->what = what;
  comparison->event = event;
  return DIFFERENT;
}

static enum verdict compare_events(struct comparison *comparison,
                                   const struct side sides[BOTH]) {
  const struct record *theirs = &sides[THEIRS].record;
  const struct record *ours = &sides[OURS].record;
  for (size_t i = 0; i < theirs->count || i < ours->count; i++) {
    if (i >= theirs->count || i >= ours->count) {
      return difference(comparison, "the number of events", i);
    }
    const struct event *a = &theirs->events[i];
    const struct event *b = &ours->events[i];
    if (memcmp(a, b, sizeof *a) == 0 ||
        (a->kind == EVENT_STATE && b->kind == EVENT_STATE &&
         same_state(comparison, &sides[THEIRS], a, b))) {
      continue;
    }
    if (mask_d3_code_accepted(a, b) || mask_d4_one_byte_close(a, b)) {
      return ENDS_MASKED;
    }
    return difference(comparison, "an event", i);
  }
  return record_payloads_equal(theirs, ours)
             ? SAME
             : difference(comparison, "payloads", 0);
}

static enum verdict compare_sent(struct comparison *comparison,
                                 const struct side sides[BOTH]) {
  const struct bytes *theirs = &sides[THEIRS].sent;
  const struct bytes *ours = &sides[OURS].sent;
  bool same = bytes_equal(theirs, ours);
  if (comparison->d2 == D2_WAITING && !same) {
    same = mask_d2_close_sent(theirs, ours, sides[THEIRS].plan->client);
    comparison->d2 = D2_SENT;
  }
  return same ? SAME : difference(comparison, "the bytes sent", 0);
}

/* Behind a masked end one side may have sent more, but not something else. */
static bool same_start(const struct bytes *a, const struct bytes *b) {
  size_t shared = a->size < b->size ? a->size : b->size;
  return shared == 0 || memcmp(a->data, b->data, shared) == 0;
}

enum verdict compare_sides(struct comparison *comparison,
                           const struct side sides[BOTH]) {
  enum verdict sent = compare_sent(comparison, sides);
  enum verdict events = compare_events(comparison, sides);
  if (events == SAME) {
    return sent;
  }
  if (events == ENDS_MASKED &&
      !same_start(&sides[THEIRS].sent, &sides[OURS].sent)) {
    return difference(comparison, "the bytes sent", 0);
  }
  return events;
}

/* With limited sends ours may have asked ahead: what both have must be equal.
 */
enum verdict compare_sources(struct comparison *comparison,
                             const struct side sides[BOTH]) {
  const struct record *theirs = &sides[THEIRS].source_calls;
  const struct record *ours = &sides[OURS].source_calls;
  size_t shared = theirs->count < ours->count ? theirs->count : ours->count;
  bool whole = sides[THEIRS].plan->whole_sends;
  bool same = (!whole || theirs->count == ours->count) &&
              (shared == 0 || memcmp(theirs->events, ours->events,
                                     shared * sizeof *theirs->events) == 0);
  return same ? SAME : difference(comparison, "calls of read callbacks", 0);
}

static void print_sent(const struct bytes *bytes, size_t from, FILE *to) {
  fprintf(to, "    %zu bytes sent, from byte %zu:", bytes->size, from);
  for (size_t i = from; i < bytes->size && i < from + 24; i++) {
    fprintf(to, " %02x", bytes->data[i]);
  }
  fputc('\n', to);
}

void compare_print(const struct comparison *comparison,
                   const struct side sides[BOTH], FILE *to) {
  enum { BEFORE = 12, BEHIND = 6 };
  const struct bytes *theirs = &sides[THEIRS].sent;
  const struct bytes *ours = &sides[OURS].sent;
  size_t at = comparison->event;
  size_t from = 0;
  while (from < theirs->size && from < ours->size &&
         theirs->data[from] == ours->data[from]) {
    from++;
  }
  fprintf(to, "  They differ in %s, at event %zu of the last operation.\n",
          comparison->what, at);
  for (size_t i = 0; i < BOTH; i++) {
    fprintf(to, "  %s:\n", sides[i].library->name);
    record_print(&sides[i].record, at > BEFORE ? at - BEFORE : 0, at + BEHIND,
                 to);
    print_sent(&sides[i].sent, from, to);
    if (sides[i].source_calls.count > 0) {
      fputs("   last calls of read callbacks:\n", to);
      size_t count = sides[i].source_calls.count;
      record_print(&sides[i].source_calls, count > 8 ? count - 8 : 0, count,
                   to);
    }
  }
}
