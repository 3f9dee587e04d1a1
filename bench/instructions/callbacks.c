/*
 * The callbacks: they give bytes from memory, as a kernel would, and count what
 * is sent and reported.
 */
#include "callbacks.h"

#include "session.h"

/*
 * memcpy, but not libc's: that would count as the library's. The empty assembly
 * keeps the compiler from making a call to memcpy of the loop.
 */
static void copy(uint8_t *to, const uint8_t *from, size_t length) {
  for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t)) {
    uint64_t word;
    __builtin_memcpy(&word, from, sizeof word);
    __builtin_memcpy(to, &word, sizeof word);
    from += sizeof word;
    to += sizeof word;
    __asm__ volatile("" : : : "memory");
  }
  for (; length > 0; length--) {
    *to++ = *from++;
    __asm__ volatile("" : : : "memory");
  }
}

static ssize_t give(struct session *session, uint8_t *buf, size_t len) {
  size_t rest = (size_t)(session->in_end - session->in);
  if (len > rest) {
    len = rest;
  }
  copy(buf, session->in, len);
  session->in += len;
  return (ssize_t)len;
}

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  (void)flags;
  if (session->in == session->in_end) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  return give(session, buf, len);
}

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  (void)data;
  (void)flags;
  session->sent += len;
  return (ssize_t)len;
}

static int genmask_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                            size_t len, void *user_data) {
  static const uint8_t key[4] = {0x5a, 0xc3, 0x17, 0x88};
  (void)ctx;
  (void)user_data;
  copy(buf, key, len);
  return 0;
}

void echo_message_callback(wslay_event_context_ptr ctx,
                           const struct wslay_event_on_msg_recv_arg *arg,
                           void *user_data) {
  struct wslay_event_msg message = {arg->opcode, arg->msg, arg->msg_length};
  int result = 0;
  /* The library itself answers a Ping. */
  if (!wslay_is_ctrl_frame(arg->opcode)) {
    result = wslay_event_queue_msg(ctx, &message);
  }
  if (result != 0) {
    fail("wslay_event_queue_msg", result);
  }
  count_message_callback(ctx, arg, user_data);
}

void count_message_callback(wslay_event_context_ptr ctx,
                            const struct wslay_event_on_msg_recv_arg *arg,
                            void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  (void)arg;
  session->messages++;
}

void chunk_callback(wslay_event_context_ptr ctx,
                    const struct wslay_event_on_frame_recv_chunk_arg *arg,
                    void *user_data) {
  (void)ctx;
  (void)arg;
  (void)user_data;
}

ssize_t fragment_callback(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                          const union wslay_event_msg_source *source, int *eof,
                          void *user_data) {
  struct session *session = source->data;
  size_t at = session->payload_length - session->fragment_rest;
  (void)ctx;
  (void)user_data;
  if (len >= session->fragment_rest) {
    len = session->fragment_rest;
    *eof = 1;
  }
  copy(buf, session->payload + at, len);
  session->fragment_rest -= len;
  return (ssize_t)len;
}

static ssize_t frame_recv_callback(uint8_t *buf, size_t len, int flags,
                                   void *user_data) {
  struct session *session = user_data;
  (void)flags;
  return session->in == session->in_end ? -1 : give(session, buf, len);
}

static ssize_t frame_send_callback(const uint8_t *data, size_t len, int flags,
                                   void *user_data) {
  return send_callback(NULL, data, len, flags, user_data);
}

static int frame_genmask_callback(uint8_t *buf, size_t len, void *user_data) {
  return genmask_callback(NULL, buf, len, user_data);
}

const struct wslay_event_callbacks event_callbacks = {
    recv_callback, send_callback, genmask_callback, NULL, NULL, NULL, NULL};

const struct wslay_frame_callbacks frame_callbacks = {
    frame_send_callback, frame_recv_callback, frame_genmask_callback};
