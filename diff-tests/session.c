/* A session of the event API: random operations on both libraries, compared
   after each. */
#include "session.h"

#include <stdarg.h>

#include "compare.h"
#include "masks.h"

struct session {
  struct plan plan;
  struct random random;
  struct comparison comparison;
  FILE *trace;
  struct figures *figures;
};

/* Kept from session to session for their memory. */
static struct side sides[BOTH];
static struct session session;

static void trace(const char *format, ...) {
  if (session.trace != NULL) {
    va_list arguments;
    va_start(arguments, format);
    fputs("  ", session.trace);
    vfprintf(session.trace, format, arguments);
    fputc('\n', session.trace);
    va_end(arguments);
  }
}

/* Ends an operation. */
static enum verdict compare(void) {
  for (size_t i = 0; i < BOTH; i++) {
    side_record_state(&sides[i]);
  }
  enum verdict verdict = compare_sides(&session.comparison, sides);
  if (verdict != DIFFERENT) {
    for (size_t i = 0; i < BOTH; i++) {
      record_clear(&sides[i].record);
      sides[i].sent.size = 0;
    }
  }
  session.figures->operations++;
  return verdict;
}

static enum verdict drain(void) {
  trace("send everything");
  for (size_t i = 0; i < BOTH; i++) {
    side_send(&sides[i], UNLIMITED, 0, FAIL_NOT);
  }
  return compare();
}

static enum verdict receive(enum failure failure) {
  const struct wire *wire = &session.plan.wire;
  struct random *random = &session.random;
  size_t left = wire->bytes.size - sides[OURS].available;
  size_t more = random_chance(random, 50)   ? random_below(random, 60)
                : random_chance(random, 50) ? random_below(random, 3000)
                                            : left;
  size_t available = sides[OURS].available + (more < left ? more : left);
  if (wire->large && random_chance(random, 85)) {
    available = wire_end_of_frames(wire, sides[OURS].available,
                                   1 + random_below(random, 8));
  }
  available = wire_round(wire, available);
  trace("recv, with input up to byte %zu, failure %d", available, failure);
  for (size_t i = 0; i < BOTH; i++) {
    side_receive(&sides[i], available, failure);
  }
  bool failed = true;
  for (size_t i = 0; i < BOTH; i++) {
    const struct record *record = &sides[i].record;
    failed = failed && record->events[record->count - 1].values[0] ==
                           WSLAY_ERR_CALLBACK_FAILURE;
  }
  if (!failed || !wire->malformed) {
    return compare();
  }
  /* What D2 sends must be out before anything else can be compared. */
  session.comparison.d2 = D2_WAITING;
  enum verdict verdict = compare();
  if (verdict == SAME) {
    verdict = drain();
  }
  if (session.comparison.d2 == D2_WAITING) {
    session.comparison.d2 = D2_UNSENT;
  }
  return verdict;
}

static enum failure choose_failure(unsigned percent, enum failure last) {
  bool fails = session.plan.failures && random_chance(&session.random, percent);
  return fails ? (enum failure)(1 + random_below(&session.random, last))
               : FAIL_NOT;
}

static enum verdict operate_receive(void) {
  const struct wire *wire = &session.plan.wire;
  enum failure failure =
      wire->malformed ? FAIL_NOT : choose_failure(10, FAIL_SILENTLY);
  enum verdict verdict = receive(failure);
  /* Answers are made in place where none wait. */
  bool drains = wire->large && random_chance(&session.random, 75);
  return verdict == SAME && drains ? drain() : verdict;
}

static enum verdict operate_send(void) {
  struct random *random = &session.random;
  const struct plan *plan = &session.plan;
  int budget = UNLIMITED;
  int per_call = 0;
  if (!plan->whole_sends && random_chance(random, 75)) {
    budget = (int)random_below(random, random_chance(random, 50) ? 30 : 4000);
    per_call =
        random_chance(random, 15) ? 1 + (int)random_below(random, 50) : 0;
  }
  enum failure failure =
      plan->ours_writes ? FAIL_NOT : choose_failure(5, FAIL_ABOVE_LENGTH);
  if (plan->client && choose_failure(5, FAIL_GENMASK) == FAIL_GENMASK &&
      !mask_genmask_called_ahead(plan->whole_sends)) {
    failure = FAIL_GENMASK;
  }
  trace("send at most %d bytes, %d a call, failure %d", budget, per_call,
        failure);
  for (size_t i = 0; i < BOTH; i++) {
    side_send(&sides[i], budget, per_call, failure);
  }
  return compare();
}

typedef void queue_function(struct side *, struct random, struct record *);

static enum verdict queue(queue_function *function, const char *name) {
  struct random choices = random_from(random_next(&session.random));
  trace("%s", name);
  for (size_t i = 0; i < BOTH; i++) {
    function(&sides[i], choices, &sides[i].record);
  }
  if (session.trace != NULL) {
    const struct record *record = &sides[OURS].record;
    record_print(record, 0, record->count, session.trace);
  }
  return compare();
}

static enum verdict operate_shutdown(void) {
  bool reading = random_chance(&session.random, 50);
  trace("shut down %s", reading ? "reading" : "writing");
  for (size_t i = 0; i < BOTH; i++) {
    shut_down(&sides[i], reading, &sides[i].record);
  }
  return compare();
}

static enum verdict operate_configure(void) {
  struct random *random = &session.random;
  size_t most = session.plan.wire.large ? 300000 : 3000;
  uint64_t maximum =
      random_chance(random, 60) ? UNLIMITED : random_below(random, most);
  uint8_t rsv = (uint8_t)random_below(random, 8);
  int error = random_chance(random, 50) ? WSLAY_ERR_WOULDBLOCK : 0;
  size_t kind = random_below(random, 3);
  if (kind == 0 && mask_rsv_judged_once(wire_is_boundary(
                       &session.plan.wire, sides[OURS].position))) {
    return SAME;
  }
  const char *names[] = {"allowed RSV bits", "maximum length", "error value"};
  long long values[] = {rsv, (long long)maximum, error};
  trace("set %s to %lld", names[kind], values[kind]);
  for (size_t i = 0; i < BOTH; i++) {
    const struct library *library = sides[i].library;
    event_context context = sides[i].context;
    if (kind == 0) {
      library->set_allowed_rsv(context, rsv);
    } else if (kind == 1) {
      library->set_max_length(context, maximum);
    } else {
      library->set_error(context, error);
    }
  }
  return compare();
}

static enum verdict operate(void) {
  size_t kind = random_below(&session.random, 1000);
  return kind < 450   ? operate_receive()
         : kind < 650 ? operate_send()
         : kind < 800 ? queue(queue_message, "queue a message")
         : kind < 880 ? queue(queue_source, "queue a fragmented message")
         : kind < 900 ? queue(queue_close, "queue a Close")
         : kind < 906 ? operate_shutdown()
                      : operate_configure();
}

static void choose_plan(uint64_t seed) {
  struct random *random = &session.random;
  struct plan *plan = &session.plan;
  plan->seed = seed;
  plan->client = random_chance(random, 50);
  plan->ours_writes =
      random_chance(random, 15) && sides[OURS].library->write != NULL;
  plan->whole_sends = plan->ours_writes || random_chance(random, 20);
  plan->sources_act =
      plan->whole_sends && !plan->ours_writes && random_chance(random, 50);
  plan->failures = random_chance(random, 15);
  wire_generate(&plan->wire, random, !plan->client);
  plan->callbacks_act = random_chance(random, plan->wire.large ? 30 : 60);
  plan->frame_reports = random_chance(random, plan->wire.large ? 10 : 50);
  plan->reports_change = plan->callbacks_act && random_chance(random, 10);
  plan->echoes = random_chance(random, plan->wire.large ? 80 : 30);
  plan->recv_sets_wouldblock = random_chance(random, 50);
  plan->recv_gives_zero = random_chance(random, 50);
  plan->send_sets_wouldblock = random_chance(random, 50);
  plan->send_gives_zero = random_chance(random, 50);
  trace(
      "a %s; callbacks act %d, sources act %d, whole sends %d, ours writes "
      "%d, frame reports %d, which change %d, echoes %d, %zu bytes to receive, "
      "large %d",
      plan->client ? "client" : "server", plan->callbacks_act,
      plan->sources_act, plan->whole_sends, plan->ours_writes,
      plan->frame_reports, plan->reports_change, plan->echoes,
      plan->wire.bytes.size, plan->wire.large);
}

static void begin(const struct library libraries[BOTH]) {
  struct random *random = &session.random;
  bool rsv = random_chance(random, 30);
  bool no_buffering = random_chance(random, session.plan.wire.large ? 3 : 20);
  bool limited = random_chance(random, session.plan.wire.large ? 2 : 15);
  size_t maximum = random_below(random, 2000);
  trace("begin; RSV1 %d, no_buffering %d, maximum length %zu", rsv,
        no_buffering, limited ? maximum : 0);
  for (size_t i = 0; i < BOTH; i++) {
    side_begin(&sides[i], &libraries[i], &session.plan);
    if (rsv) {
      libraries[i].set_allowed_rsv(sides[i].context, 7);
    }
    if (no_buffering) {
      libraries[i].set_no_buffering(sides[i].context, 1);
    }
    if (limited) {
      libraries[i].set_max_length(sides[i].context, maximum);
    }
  }
}

/* Until nothing changes any more: a source that stalls goes on next time. */
static enum verdict finish(void) {
  enum verdict verdict = SAME;
  for (size_t i = 0; i < MOST_SOURCES && verdict == SAME &&
                     sides[THEIRS].library->want_write(sides[THEIRS].context);
       i++) {
    verdict = drain();
  }
  return verdict == SAME ? compare_sources(&session.comparison, sides)
                         : verdict;
}

static void end(void) {
  session.figures->event_sessions++;
  session.figures->bytes_received += sides[OURS].position;
  session.figures->bytes_sent += sides[OURS].bytes_sent;
  for (size_t i = 0; i < BOTH; i++) {
    side_end(&sides[i]);
  }
}

bool session_run(uint64_t seed, const struct library libraries[BOTH],
                 struct figures *figures, FILE *to) {
  session.trace = to;
  session.figures = figures;
  session.random = random_from(seed);
  session.comparison = (struct comparison){D2_NOT, 0, NULL};
  sides[OURS].library = &libraries[OURS];
  choose_plan(seed);
  begin(libraries);
  enum verdict verdict = compare();
  size_t left = 20 + random_below(&session.random, 60);
  while (verdict == SAME && left-- > 0) {
    verdict = operate();
  }
  if (verdict == SAME) {
    verdict = finish();
  }
  if (verdict == DIFFERENT && to != NULL) {
    compare_print(&session.comparison, sides, to);
  }
  end();
  return verdict != DIFFERENT;
}
