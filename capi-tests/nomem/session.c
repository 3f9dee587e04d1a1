/* The calls of a session: each checked for what a lack of memory may change. */
#include "session.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

void complain(struct session *session, const char *condition, const char *file,
              int line) {
  if (!session->failed) {
    fprintf(stderr, "  %s:%d: not so: %s\n", file, line, condition);
  }
  session->failed = 1;
}

/* What holds at any time. */
static void check_getters(struct session *session) {
  wslay_event_context_ptr ctx = session->ctx;
  int reads = wslay_event_get_read_enabled(ctx);
  int writes = wslay_event_get_write_enabled(ctx);
  int received = wslay_event_get_close_received(ctx);
  int sent = wslay_event_get_close_sent(ctx);
  size_t count = wslay_event_get_queued_msg_count(ctx);
  CHECK(session, wslay_event_want_read(ctx) == reads);
  CHECK(session, wslay_event_want_write(ctx) == (writes && count > 0));
  CHECK(session, count > 0 || wslay_event_get_queued_msg_length(ctx) == 0);
  CHECK(session, !received || !reads);
  CHECK(session, received == (wslay_event_get_status_code_received(ctx) !=
                              WSLAY_CODE_ABNORMAL_CLOSURE));
  CHECK(session, !sent || !writes);
  CHECK(session, sent == (wslay_event_get_status_code_sent(ctx) !=
                          WSLAY_CODE_ABNORMAL_CLOSURE));
}

/* Whether a call that gave `result` is to be repeated: it lacked memory, which
   there is now. */
static int lacked_memory(struct session *session, int result, size_t refused) {
  if (result != WSLAY_ERR_NOMEM) {
    return 0;
  }
  ++session->lacks;
  CHECK(session, alloc_refused() > refused);
  return alloc_refused() > refused && !alloc_refuses_next();
}

void do_init_with(struct session *session,
                  const struct wslay_event_callbacks *callbacks) {
  int result;
  size_t refused;
  do {
    refused = alloc_refused();
    session->ctx = (wslay_event_context_ptr)session;
    result =
        session->role == SERVER
            ? wslay_event_context_server_init(&session->ctx, callbacks, session)
            : wslay_event_context_client_init(&session->ctx, callbacks,
                                              session);
    CHECK(session, result == (alloc_refused() > refused ? WSLAY_ERR_NOMEM : 0));
    CHECK(session, (result == 0) == (session->ctx != NULL));
  } while (lacked_memory(session, result, refused));
  if (session->ctx != NULL) {
    check_getters(session);
  }
}

int do_init(struct session *session) {
  do_init_with(session, &session_callbacks);
  return session->ctx != NULL;
}

void do_recv(struct session *session, size_t burst) {
  size_t refused = alloc_refused();
  size_t calls;
  int result;
  session->burst = burst;
  result = wslay_event_recv(session->ctx);
  if (session->free_in_message && session->ctx == NULL) {
    return;
  }
  if (result == WSLAY_ERR_NOMEM) {
    session->recv_lacked_memory = 1;
    ++session->lacks;
    CHECK(session, alloc_refused() > refused);
    CHECK(session, !wslay_event_get_read_enabled(session->ctx));
    calls = session->recv_calls;
    CHECK(session, wslay_event_recv(session->ctx) == 0);
    CHECK(session, session->recv_calls == calls);
  } else {
    CHECK(session, result == 0 || (session->may_fail &&
                                   result == WSLAY_ERR_CALLBACK_FAILURE));
  }
  check_getters(session);
}

static int may_queue(const struct session *session) {
  return !session->closing && wslay_event_get_read_enabled(session->ctx) &&
         wslay_event_get_write_enabled(session->ctx);
}

/* The result of a call that queues, and whether it is to be repeated. */
static int repeat_queueing(struct session *session, int result, size_t refused,
                           size_t count, size_t length) {
  size_t counted = wslay_event_get_queued_msg_count(session->ctx);
  size_t measured = wslay_event_get_queued_msg_length(session->ctx);
  if (result == 0) {
    CHECK(session, counted == count + 1);
  } else {
    CHECK(session,
          result == WSLAY_ERR_NOMEM ||
              (result == WSLAY_ERR_NO_MORE_MSG && !may_queue(session)));
    CHECK(session, counted == count && measured == length);
  }
  check_getters(session);
  return lacked_memory(session, result, refused);
}

#define QUEUE(session, result, call)                                           \
  do {                                                                         \
    size_t refused, count, length_before;                                      \
    do {                                                                       \
      refused = alloc_refused();                                               \
      count = wslay_event_get_queued_msg_count((session)->ctx);                \
      length_before = wslay_event_get_queued_msg_length((session)->ctx);       \
      result = call;                                                           \
    } while (repeat_queueing(session, result, refused, count, length_before)); \
  } while (0)

void do_queue(struct session *session, int opcode, int rsv, const void *data,
              size_t length) {
  struct wslay_event_msg message;
  int result;
  message.opcode = (uint8_t)opcode;
  message.msg = data;
  message.msg_length = length;
  QUEUE(session, result,
        wslay_event_queue_msg_ex(session->ctx, &message, (uint8_t)rsv));
  if (result == 0) {
    add_message(wslay_is_ctrl_frame(opcode) ? &session->control_model
                                            : &session->data_model,
                rsv, opcode, data, length);
  }
}

void do_queue_text(struct session *session, uint32_t seed, size_t length) {
  struct bytes text = {NULL, 0, 0};
  put_text(&text, seed, length);
  do_queue(session, TEXT, 0, text.at, text.length);
  bytes_free(&text);
}

static ssize_t read_fragments(wslay_event_context_ptr ctx, uint8_t *buf,
                              size_t len,
                              const union wslay_event_msg_source *source,
                              int *eof, void *user_data) {
  struct session *session = user_data;
  struct fragments *from = source->data;
  struct bytes text = {NULL, 0, 0};
  size_t left = from->length - from->at;
  size_t give = left < from->piece ? left : from->piece;
  CHECK(session, ctx == session->ctx && from->session == session);
  CHECK(session, from->source == NULL || from->source == source);
  from->source = source;
  if (!from->stalled && from->at >= from->length / 2) {
    from->stalled = 1;
    return 0;
  }
  give = give < len ? give : len;
  put_text(&text, from->seed, from->length);
  if (give > 0) {
    memcpy(buf, text.at + from->at, give);
  }
  bytes_free(&text);
  from->at += give;
  *eof = from->at == from->length;
  return (ssize_t)give;
}

void do_queue_fragmented(struct session *session, struct fragments *fragments) {
  struct wslay_event_fragmented_msg message;
  struct bytes text = {NULL, 0, 0};
  int result;
  fragments->session = session;
  message.opcode = TEXT;
  message.source.data = fragments;
  message.read_callback = read_fragments;
  QUEUE(session, result,
        wslay_event_queue_fragmented_msg(session->ctx, &message));
  if (result == 0) {
    put_text(&text, fragments->seed, fragments->length);
    add_message(&session->data_model, 0, TEXT, text.at, text.length);
    bytes_free(&text);
  }
}

void do_close(struct session *session, int code, const char *reason) {
  int result;
  QUEUE(session, result,
        wslay_event_queue_close(session->ctx, (uint16_t)code,
                                (const uint8_t *)reason, strlen(reason)));
  session->closing |= result == 0;
}

static void send_once(struct session *session) {
  int writes = wslay_event_get_write_enabled(session->ctx);
  size_t refused;
  int result;
  do {
    refused = alloc_refused();
    result = wslay_event_send(session->ctx);
    CHECK(session, result == 0 || result == WSLAY_ERR_NOMEM);
    CHECK(session,
          result == 0 || wslay_event_get_write_enabled(session->ctx) == writes);
    check_getters(session);
  } while (lacked_memory(session, result, refused));
}

/* Not 0 if something was written. */
static int write_once(struct session *session, size_t room) {
  uint8_t buf[8192];
  int writes = wslay_event_get_write_enabled(session->ctx);
  size_t refused;
  ssize_t result;
  do {
    refused = alloc_refused();
    result = wslay_event_write(session->ctx, buf, room);
    CHECK(session, result >= 0 || result == WSLAY_ERR_NOMEM);
    CHECK(session, result <= (ssize_t)room);
    CHECK(session,
          result >= 0 || wslay_event_get_write_enabled(session->ctx) == writes);
    check_getters(session);
  } while (result < 0 && lacked_memory(session, (int)result, refused));
  if (result > 0) {
    bytes_add(&session->output, buf, (size_t)result);
    session->budget -= session->budget == UNLIMITED ? 0 : (size_t)result;
  }
  return result > 0;
}

void do_output(struct session *session, size_t budget) {
  static const size_t rooms[] = {137, 20, 4100, 8192, 999, 8192};
  size_t room;
  size_t i = 0;
  session->budget = budget;
  if (session->way == BY_SEND ||
      (session->way == BY_TURNS && session->turn++ % 2 == 0)) {
    send_once(session);
    return;
  }
  do {
    room = rooms[i++ % COUNT_OF(rooms)];
    room = room < session->budget ? room : session->budget;
  } while (write_once(session, room));
}

void finish(struct session *session) {
  int i;
  session->refused += alloc_refused();
  alloc_plan(0, 0);
  if (session->ctx != NULL) {
    /* A fragmented message that has nothing to give now ends a call. */
    for (i = 0; i < 20 && wslay_event_want_write(session->ctx); ++i) {
      do_output(session, UNLIMITED);
    }
    CHECK(session, !wslay_event_want_write(session->ctx));
    if (!wslay_event_get_close_sent(session->ctx)) {
      CHECK(session, wslay_event_get_queued_msg_count(session->ctx) == 0);
      CHECK(session, wslay_event_get_queued_msg_length(session->ctx) == 0);
    }
    check_output(session);
    wslay_event_context_free(session->ctx);
    session->ctx = NULL;
  }
  CHECK(session, alloc_live() == 0);
}
