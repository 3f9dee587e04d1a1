/* Queueing and sending while memory runs out. */
#include "sessions.h"

static void queue_texts(struct session *session, uint32_t count, size_t step) {
  uint32_t i;
  for (i = 0; i < count; ++i) {
    do_queue_text(session, i, i * step);
  }
}

/* Both queues grow, also behind a frame of which part is out. */
static void q3_s4_messages_in_both_queues(struct session *session) {
  size_t i;
  if (!do_init(session)) {
    return;
  }
  session->ping_in_send = 3;
  queue_texts(session, 60, 7);
  do_queue(session, PING, 0, "one", 3);
  do_output(session, 500);
  queue_texts(session, 40, 11);
  do_queue(session, PING, 0, "two", 3);
  do_queue(session, PONG, 0, NULL, 0);
  for (i = 0; i < 6; ++i) {
    do_output(session, 1500);
    do_queue(session, BINARY, 0, "x", 1);
  }
  do_output(session, UNLIMITED);
  queue_texts(session, 3, 100);
}

/* Messages stand behind fragmented ones, Pings between their frames. */
static void s2_s5_fragmented_messages(struct session *session) {
  struct fragments fragments[12] = {{0}};
  uint32_t i;
  if (!do_init(session)) {
    return;
  }
  do_queue_text(session, 1, 300);
  for (i = 0; i < 12; ++i) {
    fragments[i].seed = i;
    fragments[i].length = i * 1500;
    fragments[i].piece = i % 2 == 0 ? UNLIMITED : 700;
    do_queue_fragmented(session, &fragments[i]);
    if (i % 3 == 0) {
      queue_texts(session, 10, 40);
    }
  }
  for (i = 0; i < 12; ++i) {
    do_output(session, 3000);
    do_queue(session, PING, 0, "between", 7);
  }
  finish(session);
}

/* Memory is given back while a large backlog goes out. */
static void s4_backlog(struct session *session) {
  uint32_t i;
  if (!do_init(session)) {
    return;
  }
  for (i = 0; i < 5; ++i) {
    do_queue_text(session, i, 60000);
  }
  for (i = 0; i < 30; ++i) {
    do_output(session, 11000);
    if (i % 8 == 0) {
      do_queue_text(session, i, 2000);
    }
  }
}

static void s3_close_overtakes_the_rest(struct session *session) {
  struct fragments fragments = {0};
  if (!do_init(session)) {
    return;
  }
  fragments.length = 9000;
  fragments.piece = UNLIMITED;
  do_queue_fragmented(session, &fragments);
  queue_texts(session, 5, 50);
  do_output(session, 100);
  do_queue(session, PING, 0, "dropped", 7);
  do_close(session, session->variant ? 0 : 1001, session->variant ? "" : "bye");
  do_queue_text(session, 0, 10);
  finish(session);
}

/* What is still queued is freed with the context. */
static void e1_free_with_messages_queued(struct session *session) {
  struct fragments fragments = {0};
  if (!do_init(session)) {
    return;
  }
  fragments.length = 9000;
  fragments.piece = UNLIMITED;
  queue_texts(session, 20, 10);
  do_queue_fragmented(session, &fragments);
  queue_texts(session, 20, 10);
  do_queue_fragmented(session, &fragments);
  do_queue(session, PING, 0, "waits", 5);
  do_output(session, 700);
  wslay_event_context_free(session->ctx);
  session->ctx = NULL;
}

const struct play send_plays[] = {
    PLAY(q3_s4_messages_in_both_queues, BY_SEND, 0),
    PLAY(q3_s4_messages_in_both_queues, BY_WRITE, 0),
    PLAY(q3_s4_messages_in_both_queues, BY_TURNS, 0),
    PLAY(s2_s5_fragmented_messages, BY_SEND, 0),
    PLAY(s2_s5_fragmented_messages, BY_WRITE, 0),
    PLAY(s2_s5_fragmented_messages, BY_TURNS, 0),
    PLAY(s4_backlog, BY_SEND, 0),
    PLAY(s4_backlog, BY_WRITE, 0),
    PLAY(s3_close_overtakes_the_rest, BY_SEND, 0),
    PLAY(s3_close_overtakes_the_rest, BY_WRITE, 1),
    PLAY(e1_free_with_messages_queued, BY_SEND, 0),
    {NULL, NULL, BY_SEND, 0}};
