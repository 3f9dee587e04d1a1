/* One library in a session: its context, what it is fed, what it has shown.
   Both sides follow one plan, and choose by the same random numbers. */
#ifndef DIFF_SIDE_H
#define DIFF_SIDE_H

#include "library.h"
#include "random.h"
#include "record.h"
#include "wire.h"

enum { UNLIMITED = 1 << 30, MOST_SOURCES = 64, MOST_STEPS = 6 };

/* What is the same on both sides for a whole session. */
struct plan {
  uint64_t seed;
  bool client;
  /* Receive callbacks queue, send, shut down and configure. */
  bool callbacks_act;
  /* The callbacks for frames are there. */
  bool frame_reports;
  /* Receive callbacks take away the callbacks for frames, or give them. */
  bool reports_change;
  /* Messages are queued back, from the memory in which they are shown. */
  bool echoes;
  /* So do the read callbacks of fragmented messages; only with whole_sends,
     since a library may read ahead of what it has sent, and not with
     ours_writes, where a full buffer may come between reading and sending. */
  bool sources_act;
  /* Every send has an unlimited budget. */
  bool whole_sends;
  /* Our side uses wslay_event_write; implies whole_sends. */
  bool ours_writes;
  bool failures;
  /* How a callback says that it would block. */
  bool recv_sets_wouldblock;
  bool recv_gives_zero;
  bool send_sets_wouldblock;
  bool send_gives_zero;
  struct wire wire;
};

enum failure {
  FAIL_NOT,
  FAIL_WITH_ERROR,
  /* As FAIL_WITH_ERROR, but the callback returns 0. */
  FAIL_WITH_ZERO,
  /* The callback leaves the error value as it is. */
  FAIL_SILENTLY,
  /* A send callback returns more than it was given. */
  FAIL_ABOVE_LENGTH,
  FAIL_GENMASK,
  FAILURES
};

/* A source of a fragmented message: what each call of its callback gives. */
struct step {
  int size;
  bool eof;
};

struct source {
  int id;
  size_t position;
  size_t count;
  struct step steps[MOST_STEPS];
};

struct side {
  const struct library *library;
  const struct plan *plan;
  event_context context;
  struct record record;
  /* Calls of read callbacks, for the whole session. */
  struct record source_calls;
  struct bytes sent;
  size_t position;
  size_t available;
  int budget;
  int per_call;
  enum failure recv_failure;
  enum failure send_failure;
  uint64_t event_number;
  uint64_t message_number;
  size_t source_count;
  struct source sources[MOST_SOURCES];
  /* A Close has been queued or received. */
  bool closing;
  size_t controls_queued;
  uint64_t bytes_sent;
};

/* side.c: operations that are recorded, with the getters after them. */
void side_begin(struct side *side, const struct library *library,
                const struct plan *plan);
void side_end(struct side *side);
void side_record_state(struct side *side);
void side_receive(struct side *side, size_t available, enum failure failure);
void side_send(struct side *side, int budget, int per_call,
               enum failure failure);
/* One call from inside a callback. */
void side_send_nested(struct side *side, int budget);

/* queueing.c: the choices are made by `random`, the same on both sides. */
void queue_message(struct side *side, struct random random,
                   struct record *record);
void queue_source(struct side *side, struct random random,
                  struct record *record);
void queue_close(struct side *side, struct random random,
                 struct record *record);

/* callbacks.c */
struct wslay_event_callbacks side_callbacks(bool frame_reports);
struct random side_random(const struct side *side, uint64_t what);
void shut_down(struct side *side, bool reading, struct record *record);

#endif
