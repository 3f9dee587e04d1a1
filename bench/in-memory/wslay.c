/*
 * A server that echoes and a client that sends, through the public API of
 * whichever libwslay the dynamic linker finds. Received bytes are copied from
 * memory, as a kernel would; sent bytes are counted and dropped.
 */
#include "copy.h"
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wslay/wslay.h>

struct session {
  wslay_event_context_ptr ctx;
  /* The bytes to receive until the next pause. */
  const uint8_t *in, *in_end;
  size_t sent;
  uint32_t key;
  /* Where all that is sent is kept, or NULL. */
  uint8_t *kept;
};

static void fail(const char *what, int result) {
  fprintf(stderr, "in-memory: %s: %d\n", what, result);
  exit(1);
}

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  size_t rest = (size_t)(session->in_end - session->in);
  (void)flags;
  if (rest == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  if (len > rest) {
    len = rest;
  }
  copy_in_pieces(buf, session->in, len);
  session->in += len;
  return (ssize_t)len;
}

static ssize_t count_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                              size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  (void)ctx;
  (void)data;
  (void)flags;
  session->sent += len;
  return (ssize_t)len;
}

static ssize_t keep_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  struct session *session = user_data;
  memcpy(session->kept + session->sent, data, len);
  return count_callback(ctx, data, len, flags, user_data);
}

static int genmask_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                            size_t len, void *user_data) {
  struct session *session = user_data;
  uint32_t key = session->key;
  (void)ctx;
  key ^= key << 13;
  key ^= key >> 17;
  key ^= key << 5;
  session->key = key;
  memcpy(buf, &key, len);
  return 0;
}

static void queue(wslay_event_context_ptr ctx, uint8_t opcode,
                  const uint8_t *payload, size_t length) {
  struct wslay_event_msg message = {opcode, payload, length};
  int result = wslay_event_queue_msg(ctx, &message);
  if (result != 0) {
    fail("wslay_event_queue_msg", result);
  }
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  (void)user_data;
  queue(ctx, arg->opcode, arg->msg, arg->msg_length);
}

static void open_session(struct session *session, const struct run *run,
                         uint8_t *kept) {
  const struct wslay_event_callbacks callbacks = {recv_callback,
                                                  kept == NULL ? count_callback
                                                               : keep_callback,
                                                  genmask_callback,
                                                  NULL,
                                                  NULL,
                                                  NULL,
                                                  on_msg_recv_callback};
  int (*init)(wslay_event_context_ptr *, const struct wslay_event_callbacks *,
              void *) = run->role == ECHO ? wslay_event_context_server_init
                                          : wslay_event_context_client_init;
  int result;
  memset(session, 0, sizeof *session);
  session->key = 0x9e3779b9;
  session->kept = kept;
  result = init(&session->ctx, &callbacks, session);
  if (result != 0) {
    fail("init", result);
  }
}

static void send_queued(struct session *session) {
  int result = wslay_event_send(session->ctx);
  if (result != 0) {
    fail("wslay_event_send", result);
  }
}

static void echo(struct session *session, const uint8_t *in, size_t length) {
  int result;
  session->in = in;
  session->in_end = in + length;
  result = wslay_event_recv(session->ctx);
  if (result != 0) {
    fail("wslay_event_recv", result);
  }
  send_queued(session);
}

static void play_echo(struct session *session, const struct run *run) {
  const struct frames *frames = run->frames;
  size_t frame = frames->client_header + frames->payload_length, i;
  if (!run->single) {
    echo(session, frames->client, frames->client_length);
    return;
  }
  for (i = 0; i < frames->count; i++) {
    echo(session, frames->client + i * frame, frame);
  }
}

static void play_send(struct session *session, const struct run *run) {
  const struct frames *frames = run->frames;
  const uint8_t *payload = frames->server + frames->server_header;
  size_t i;
  for (i = 0; i < frames->count; i++) {
    queue(session->ctx, frames->opcode, payload, frames->payload_length);
    if (run->single) {
      send_queued(session);
    }
    payload += frames->server_header + frames->payload_length;
  }
  if (!run->single) {
    send_queued(session);
  }
}

static void play(struct session *session, const struct run *run) {
  (run->role == ECHO ? play_echo : play_send)(session, run);
}

/* What a burst makes the subject send. */
static size_t expected_length(const struct run *run) {
  return run->role == ECHO ? run->frames->server_length
                           : run->frames->client_length;
}

void wslay_play(const struct run *run, size_t times) {
  struct session session;
  size_t i;
  open_session(&session, run, NULL);
  for (i = 0; i < times; i++) {
    play(&session, run);
  }
  wslay_event_context_free(session.ctx);
  if (session.sent != times * expected_length(run)) {
    fail("bytes are missing", 0);
  }
}

/* Takes the mask off the frames that a client sent, so that they are a
 * server's. */
static void unmask_frames(uint8_t *bytes, const struct frames *frames) {
  size_t header = frames->client_header, i, j;
  uint8_t *from = bytes, *to = bytes;
  for (i = 0; i < frames->count; i++) {
    uint8_t key[4];
    memcpy(key, from + header - 4, 4);
    memmove(to, from, header - 4);
    to[1] ^= 0x80;
    to += header - 4;
    from += header;
    for (j = 0; j < frames->payload_length; j++) {
      *to++ = *from++ ^ key[j % 4];
    }
  }
}

void wslay_verify(const struct run *run) {
  struct session session;
  size_t length = expected_length(run);
  /* Room for more than is right, so that too much is found. */
  uint8_t *kept = calloc(length, 4);
  if (kept == NULL) {
    fail("calloc", 0);
  }
  open_session(&session, run, kept);
  play(&session, run);
  wslay_event_context_free(session.ctx);
  if (session.sent != length) {
    fail("the wrong number of bytes came out", 0);
  }
  if (run->role == SEND) {
    unmask_frames(kept, run->frames);
  }
  if (memcmp(kept, run->frames->server, run->frames->server_length) != 0) {
    fail("wrong bytes came out", 0);
  }
  free(kept);
}
