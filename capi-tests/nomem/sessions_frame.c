/* The frame API: memory is needed for the context alone. */
#include "sessions.h"

#include <string.h>

static ssize_t on_send(const uint8_t *data, size_t len, int flags,
                       void *user_data) {
  struct session *session = user_data;
  (void)flags;
  bytes_add(&session->output, data, len);
  return (ssize_t)len;
}

/* Gives back what was sent, a few bytes a call. */
static ssize_t on_recv(uint8_t *buf, size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  size_t count = session->output.length - session->input_at;
  (void)flags;
  count = count < session->step ? count : session->step;
  count = count < len ? count : len;
  memcpy(buf, session->output.at + session->input_at, count);
  session->input_at += count;
  return (ssize_t)count;
}

static int on_genmask(uint8_t *buf, size_t len, void *user_data) {
  (void)user_data;
  memset(buf, 0x5a, len);
  return 0;
}

static const struct wslay_frame_callbacks frame_callbacks = {on_send, on_recv,
                                                             on_genmask};

static void send_and_receive(struct session *session,
                             wslay_frame_context_ptr ctx) {
  static const size_t length = 20000;
  struct bytes text = {NULL, 0, 0};
  struct bytes back = {NULL, 0, 0};
  struct wslay_frame_iocb iocb;
  uint8_t buf[64];
  size_t written = 0;
  ssize_t result;
  put_text(&text, 1, length);
  memset(&iocb, 0, sizeof(iocb));
  iocb.fin = 1;
  iocb.opcode = BINARY;
  iocb.mask = session->role == CLIENT;
  iocb.payload_length = length;
  iocb.data = text.at;
  iocb.data_length = length;
  result = wslay_frame_write(ctx, &iocb, buf, sizeof(buf), &written);
  CHECK(session, result == (ssize_t)sizeof(buf));
  bytes_add(&session->output, buf, sizeof(buf));
  iocb.data += written;
  iocb.data_length -= written;
  CHECK(session, wslay_frame_send(ctx, &iocb) == (ssize_t)(length - written));
  do {
    result = wslay_frame_recv(ctx, &iocb);
    if (result > 0) {
      bytes_add(&back, iocb.data, (size_t)result);
    }
  } while (result > 0 || (result == WSLAY_ERR_WANT_READ &&
                          session->input_at < session->output.length));
  CHECK(session, back.length == length);
  CHECK(session, memcmp(back.at, text.at, length) == 0);
  bytes_free(&text);
  bytes_free(&back);
}

static void f1_init_without_memory(struct session *session) {
  wslay_frame_context_ptr ctx;
  size_t refused;
  int result;
  session->step = 700;
  do {
    refused = alloc_refused();
    ctx = (wslay_frame_context_ptr)session;
    result = wslay_frame_context_init(&ctx, &frame_callbacks, session);
    CHECK(session, result == (alloc_refused() > refused ? WSLAY_ERR_NOMEM : 0));
    CHECK(session, (result == 0) == (ctx != NULL));
    session->lacks += result == WSLAY_ERR_NOMEM;
  } while (result == WSLAY_ERR_NOMEM && !alloc_refuses_next());
  if (result == 0) {
    send_and_receive(session, ctx);
  }
  wslay_frame_context_free(ctx);
}

static void d14_event_init_without_memory(struct session *session) {
  do_init(session);
  wslay_event_context_free(session->ctx);
  session->ctx = NULL;
}

const struct play frame_plays[] = {
    PLAY(f1_init_without_memory, BY_SEND, 0),
    PLAY(d14_event_init_without_memory, BY_SEND, 0),
    {NULL, NULL, BY_SEND, 0}};
