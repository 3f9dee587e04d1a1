/* Opens a session and calls the library for it. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "callbacks.h"

/* The bytes of a burst, or one message if that has more. */
enum { BURST_BYTES = 64 * 1024 };

void fail(const char *what, long result) {
  fprintf(stderr, "instructions: %s: %ld\n", what, result);
  exit(1);
}

static void *allocate(size_t length) {
  void *memory = calloc(1, length);
  if (memory == NULL) {
    fail("calloc", (long)length);
  }
  return memory;
}

/* A message in `fragments` frames, as the session's peer sends it. */
static size_t put_message(uint8_t *to, const struct opening *opening,
                          const uint8_t *payload) {
  size_t piece = opening->payload_length / opening->fragments;
  uint8_t *at = to;
  size_t i;
  for (i = 0; i < opening->fragments; i++) {
    static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint8_t first = i == 0 ? opening->opcode : WSLAY_CONTINUATION_FRAME;
    if (i + 1 == opening->fragments) {
      first |= FRAME_FIN;
    }
    at += frame_put(at, first, payload + i * piece, piece,
                    opening->client ? NULL : key);
  }
  return (size_t)(at - to);
}

static void make_wire(struct session *session, const struct opening *opening) {
  uint32_t random = 2463534242u;
  size_t length = opening->payload_length;
  session->payload_length = length;
  session->payload = allocate(length);
  session->opcode = opening->opcode;
  session->message_length =
      length +
      opening->fragments *
          frame_header_length(length / opening->fragments, !opening->client);
  session->count = BURST_BYTES / session->message_length;
  session->count += session->count == 0;
  session->wire = allocate(session->count * session->message_length);
  while (session->length < session->count * session->message_length) {
    payload_fill(session->payload, length, opening->content, &random);
    session->length +=
        put_message(session->wire + session->length, opening, session->payload);
  }
}

static void open_context(struct session *session, wslay_event_context_ptr *ctx,
                         const struct opening *opening) {
  struct wslay_event_callbacks callbacks = event_callbacks;
  int result;
  callbacks.on_msg_recv_callback =
      opening->echo ? echo_message_callback : count_message_callback;
  if (opening->no_buffering) {
    callbacks.on_frame_recv_chunk_callback = chunk_callback;
  }
  result = (opening->client
                ? wslay_event_context_client_init
                : wslay_event_context_server_init)(ctx, &callbacks, session);
  if (result != 0) {
    fail("init", result);
  }
  if (opening->no_buffering) {
    wslay_event_config_set_no_buffering(*ctx, 1);
  }
}

void session_open(struct session *session, const struct opening *opening) {
  int result;
  memset(session, 0, sizeof *session);
  make_wire(session, opening);
  open_context(session, &session->ctx, opening);
  result =
      wslay_frame_context_init(&session->frame_ctx, &frame_callbacks, session);
  if (result != 0) {
    fail("wslay_frame_context_init", result);
  }
}

void session_close(struct session *session) {
  wslay_event_context_free(session->ctx);
  wslay_frame_context_free(session->frame_ctx);
  free(session->wire);
  free(session->payload);
}

void session_cycle_context(struct session *session) {
  wslay_event_context_ptr ctx;
  int result = wslay_event_context_server_init(&ctx, &event_callbacks, session);
  if (result != 0) {
    fail("init", result);
  }
  wslay_event_context_free(ctx);
}

void session_recv(struct session *session, const uint8_t *bytes,
                  size_t length) {
  int result;
  session->in = bytes;
  session->in_end = bytes + length;
  result = wslay_event_recv(session->ctx);
  if (result != 0) {
    fail("wslay_event_recv", result);
  }
}

void session_send(struct session *session) {
  int result = wslay_event_send(session->ctx);
  if (result != 0) {
    fail("wslay_event_send", result);
  }
}

void session_queue(struct session *session) {
  struct wslay_event_msg message = {session->opcode, session->payload,
                                    session->payload_length};
  int result = wslay_event_queue_msg(session->ctx, &message);
  if (result != 0) {
    fail("wslay_event_queue_msg", result);
  }
}

void session_queue_fragmented(struct session *session) {
  struct wslay_event_fragmented_msg message = {
      session->opcode, {.data = session}, fragment_callback};
  int result;
  session->fragment_rest = session->payload_length;
  result = wslay_event_queue_fragmented_msg(session->ctx, &message);
  if (result != 0) {
    fail("wslay_event_queue_fragmented_msg", result);
  }
}

void session_frame_recv(struct session *session, const uint8_t *bytes,
                        size_t length) {
  struct wslay_frame_iocb iocb = {0};
  size_t received = 0;
  ssize_t result;
  session->in = bytes;
  session->in_end = bytes + length;
  do {
    result = wslay_frame_recv(session->frame_ctx, &iocb);
    received += result > 0 ? (size_t)result : 0;
  } while (result > 0 || session->in != session->in_end);
  if (result != WSLAY_ERR_WANT_READ) {
    fail("wslay_frame_recv", result);
  }
  session->messages += received / session->payload_length;
}

void session_frame_send(struct session *session) {
  struct wslay_frame_iocb iocb = {0};
  ssize_t result;
  iocb.fin = 1;
  iocb.opcode = session->opcode;
  iocb.data = session->payload;
  iocb.data_length = session->payload_length;
  iocb.payload_length = session->payload_length;
  result = wslay_frame_send(session->frame_ctx, &iocb);
  if (result != (ssize_t)session->payload_length) {
    fail("wslay_frame_send", result);
  }
}
