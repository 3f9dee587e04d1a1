/* The callbacks of a session: they move its bytes and write its log. */
#include "session.h"

#include <string.h>

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                       int flags, void *user_data) {
  struct session *session = user_data;
  size_t left = session->input->length - session->input_at;
  size_t count = smaller(smaller(len, session->step), session->burst);
  (void)flags;
  ++session->recv_calls;
  count = smaller(count, left);
  if (count == 0) {
    wslay_event_set_error(ctx, left == 0 && session->end_error != 0
                                   ? session->end_error
                                   : WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy(buf, session->input->at + session->input_at, count);
  session->input_at += count;
  session->burst -= session->burst == UNLIMITED ? 0 : count;
  return (ssize_t)count;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data,
                       size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  size_t count = smaller(len, session->budget);
  (void)flags;
  if (count == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  if (++session->sends == session->ping_in_send) {
    do_queue(session, PING, 0, "from send", 9);
  }
  bytes_add(&session->output, data, count);
  session->budget -= session->budget == UNLIMITED ? 0 : count;
  return (ssize_t)count;
}

static int on_genmask(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                      void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  ++session->keys;
  while (len-- > 0) {
    buf[len] = (uint8_t)(session->keys * 31 + len * 17);
  }
  return 0;
}

static uint32_t add_to_sum(uint32_t sum, const uint8_t *data, size_t length) {
  size_t i;
  for (i = 0; i < length; ++i) {
    sum = sum * 31 + data[i];
  }
  return sum;
}

static void on_start(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_start_arg *arg,
                     void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  session->frame_sum = 0;
  bytes_add_text(&session->log, "start %d %d %d %lu\n", arg->fin, arg->rsv,
                 arg->opcode, (unsigned long)arg->payload_length);
}

/* How a payload is cut into chunks may depend on the memory there is. */
static void on_chunk(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_chunk_arg *arg,
                     void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  session->frame_sum =
      add_to_sum(session->frame_sum, arg->data, arg->data_length);
}

static void on_end(wslay_event_context_ptr ctx, void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  bytes_add_text(&session->log, "end %lx\n", (unsigned long)session->frame_sum);
}

static void on_message(wslay_event_context_ptr ctx,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user_data) {
  struct session *session = user_data;
  bytes_add_text(&session->log, "message %d %d %d %lu %lx\n", arg->rsv,
                 arg->opcode, arg->status_code, (unsigned long)arg->msg_length,
                 (unsigned long)add_to_sum(0, arg->msg, arg->msg_length));
  if (arg->opcode == PING && !session->closing) {
    add_message(&session->control_model, 0, PONG, arg->msg, arg->msg_length);
  }
  if (session->echo && !wslay_is_ctrl_frame(arg->opcode)) {
    do_queue(session, arg->opcode, arg->rsv, arg->msg, arg->msg_length);
    if (arg->msg_length % 3 == 0) {
      do_output(session, UNLIMITED);
    }
  }
  if (session->free_in_message) {
    wslay_event_context_free(ctx);
    session->ctx = NULL;
  }
}

const struct wslay_event_callbacks session_callbacks = {
    on_recv, on_send, on_genmask, on_start, on_chunk, on_end, on_message};
