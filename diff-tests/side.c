/* Driving one library: the calls that receive and send, repeated until they
   have done all they can, since how much one call does is free (S10). */
#include "side.h"

#include <string.h>

#include "masks.h"

void side_begin(struct side *side, const struct library *library,
                const struct plan *plan) {
  struct side fresh = {0};
  fresh.library = library;
  fresh.plan = plan;
  fresh.record = side->record;
  fresh.source_calls = side->source_calls;
  fresh.sent = side->sent;
  *side = fresh;
  record_clear(&side->record);
  record_clear(&side->source_calls);
  side->sent.size = 0;
  struct wslay_event_callbacks callbacks = side_callbacks(plan->frame_reports);
  int result = (plan->client ? library->client_init : library->server_init)(
      &side->context, &callbacks, side);
  record_result(&side->record, EVENT_CALL, result);
}

void side_end(struct side *side) {
  side->library->free(side->context);
}

void side_record_state(struct side *side) {
  const struct library *library = side->library;
  event_context context = side->context;
  int64_t *values = record_add(&side->record, EVENT_STATE)->values;
  values[WANT_READ] = library->want_read(context);
  values[WANT_WRITE] = library->want_write(context);
  values[READ_ENABLED] = library->read_enabled(context);
  values[WRITE_ENABLED] = library->write_enabled(context);
  values[CLOSE_RECEIVED] = library->close_received(context);
  values[CLOSE_SENT] = library->close_sent(context);
  values[CODE_RECEIVED] = library->code_received(context);
  values[CODE_SENT] = library->code_sent(context);
  values[QUEUED_COUNT] = (int64_t)library->queued_count(context);
  values[QUEUED_LENGTH] = (int64_t)library->queued_length(context);
  /* Without reading, the library may have queued a Close of its own. */
  side->closing |= !values[READ_ENABLED];
  values[CLOSING] = side->closing;
}

/* As often as there is something to read. */
static int receive_all(struct side *side) {
  const struct library *library = side->library;
  size_t before;
  int result;
  do {
    before = side->position;
    result = library->recv(side->context);
  } while (result == 0 && library->read_enabled(side->context) &&
           side->position != before && side->position < side->available);
  return result;
}

void side_receive(struct side *side, size_t available, enum failure failure) {
  side->available = available;
  int result = receive_all(side);
  if (failure != FAIL_NOT && result == 0 &&
      side->library->read_enabled(side->context)) {
    side->recv_failure = failure;
    result = side->library->recv(side->context);
    side->recv_failure = FAIL_NOT;
  }
  record_result(&side->record, EVENT_RECV, result);
}

/* As often as it sends something; a short write ends a call of ours. */
static int send_all(struct side *side) {
  const struct library *library = side->library;
  size_t before;
  int result;
  do {
    before = side->sent.size;
    result = library->send(side->context);
  } while (result == 0 && side->budget > 0 && side->sent.size != before &&
           library->want_write(side->context));
  return result;
}

/* In pieces of random sizes; looks for bytes behind the buffer's end. */
static int write_all(struct side *side) {
  enum { LARGEST = 70000, GUARD = 64 };
  static uint8_t buffer[LARGEST + GUARD];
  struct random random = side_random(side, side->bytes_sent);
  ssize_t result;
  do {
    size_t most = random_chance(&random, 30)   ? 20
                  : random_chance(&random, 80) ? 3000
                                               : LARGEST - 14;
    size_t size = 14 + random_below(&random, most);
    memset(buffer + size, 0xee, GUARD);
    result = side->library->write(side->context, buffer, size);
    bool odd = result > (ssize_t)size;
    for (size_t i = 0; i < GUARD; i++) {
      odd = odd || buffer[size + i] != 0xee;
    }
    if (odd) {
      record_add(&side->record, EVENT_ODD);
      return 0;
    }
    if (result > 0) {
      bytes_append(&side->sent, buffer, (size_t)result);
      side->bytes_sent += (uint64_t)result;
    }
  } while (result > 0);
  return (int)result;
}

static int send_or_write(struct side *side) {
  bool writes = side->plan->ours_writes && side->library->write != NULL;
  return writes ? write_all(side) : send_all(side);
}

void side_send(struct side *side, int budget, int per_call,
               enum failure failure) {
  side->budget = budget;
  side->per_call = per_call;
  side->library->set_error(side->context, 0);
  if (failure == FAIL_GENMASK) {
    side->send_failure = failure;
  }
  int result = send_or_write(side);
  if (failure != FAIL_NOT && result == 0) {
    side->budget = 0;
    side->send_failure = failure;
    result = send_or_write(side);
  }
  side->send_failure = FAIL_NOT;
  side->library->set_error(side->context, 0);
  side->per_call = side->budget = 0;
  record_result(&side->record, EVENT_SEND, result);
}

void side_send_nested(struct side *side, int budget) {
  bool writes = side->plan->ours_writes && side->library->write != NULL;
  side->budget = side->plan->whole_sends ? UNLIMITED : budget;
  side->library->set_error(side->context, 0);
  int result = writes ? write_all(side) : side->library->send(side->context);
  side->budget = 0;
  mask_error_after_short_read();
  side->library->set_error(side->context, 0);
  record_result(&side->record, EVENT_SEND, result);
}
