/* The scripted peer: its callbacks, setting up and taking down. */
#include "peer.h"
#include "peer_script.h"

void peer_complain(struct peer *peer, const char *condition) {
  if (peer->complaint == NULL) {
    peer->complaint = condition;
  }
}

void peer_key(size_t number, uint8_t key[4]) {
  key[0] = (uint8_t)(number + 1);
  key[1] = (uint8_t)(0x80 + number);
  key[2] = (uint8_t)(number * 7 + 3);
  key[3] = (uint8_t)(0xff - number);
}

static void run_hook(struct peer *peer, enum place place,
                     const void *argument) {
  if (peer->hooks[place] != NULL) {
    peer->hooks[place](peer, argument);
  }
}

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                       int flags, void *user_data) {
  struct peer *peer = user_data;
  (void)flags;
  ++peer->recv_calls;
  PEER_CHECK(peer, ctx == peer->ctx);
  PEER_CHECK(peer, len > 0);
  run_hook(peer, IN_RECV, NULL);
  return script_next(peer, ctx, buf, len);
}

static ssize_t take_output(struct peer *peer, const uint8_t *data, size_t len,
                           int flags) {
  size_t length = len < peer->per_call ? len : peer->per_call;
  length = length < peer->budget ? length : peer->budget;
  bytes_add(&peer->output, data, length);
  if (peer->budget != SIZE_MAX) {
    peer->budget -= length;
  }
  peer->sends =
      realloc(peer->sends, (peer->send_count + 1) * sizeof(struct send_call));
  if (peer->sends == NULL) {
    abort();
  }
  peer->sends[peer->send_count].length = length;
  peer->sends[peer->send_count].flags = flags;
  ++peer->send_count;
  return (ssize_t)length;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data,
                       size_t len, int flags, void *user_data) {
  struct peer *peer = user_data;
  ++peer->send_calls;
  PEER_CHECK(peer, ctx == peer->ctx);
  PEER_CHECK(peer, len > 0);
  PEER_CHECK(peer, (flags & ~WSLAY_MSG_MORE) == 0);
  run_hook(peer, IN_SEND, NULL);
  if (peer->over_claim > 0) {
    return (ssize_t)(len + peer->over_claim);
  }
  if (peer->budget == 0) {
    if (peer->refuse_error != 0) {
      wslay_event_set_error(ctx, peer->refuse_error);
    }
    return peer->refuse_result;
  }
  if (peer->error_on_success != 0) {
    wslay_event_set_error(ctx, peer->error_on_success);
  }
  return take_output(peer, data, len, flags);
}

static int on_genmask(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                      void *user_data) {
  struct peer *peer = user_data;
  size_t number = peer->genmask_calls++;
  PEER_CHECK(peer, ctx == peer->ctx);
  PEER_CHECK(peer, len == 4);
  run_hook(peer, IN_GENMASK, NULL);
  if (number >= peer->genmask_fail_at) {
    return peer->genmask_result;
  }
  peer_key(number, buf);
  return 0;
}

static void log_chunk(struct peer *peer) {
  if (peer->chunk_calls > 0) {
    bytes_add_text(&peer->log, "chunk ");
    bytes_add_quoted(&peer->log, peer->chunk.at, peer->chunk.length);
    bytes_add_byte(&peer->log, '\n');
  }
  peer->chunk_calls = 0;
  bytes_clear(&peer->chunk);
}

static void on_start(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_start_arg *arg,
                     void *user_data) {
  struct peer *peer = user_data;
  PEER_CHECK(peer, ctx == peer->ctx);
  PEER_CHECK(peer, arg->fin <= 1);
  log_chunk(peer);
  bytes_add_text(&peer->log, "start ");
  describe_head(&peer->log, arg->fin, arg->rsv, arg->opcode);
  bytes_add_text(&peer->log, " %llu\n",
                 (unsigned long long)arg->payload_length);
  run_hook(peer, IN_START, arg);
}

static void on_chunk(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_chunk_arg *arg,
                     void *user_data) {
  struct peer *peer = user_data;
  PEER_CHECK(peer, ctx == peer->ctx);
  bytes_add(&peer->chunk, arg->data, arg->data_length);
  ++peer->chunk_calls;
  run_hook(peer, IN_CHUNK, arg);
}

static void on_end(wslay_event_context_ptr ctx, void *user_data) {
  struct peer *peer = user_data;
  PEER_CHECK(peer, ctx == peer->ctx);
  log_chunk(peer);
  bytes_add_text(&peer->log, "end\n");
  run_hook(peer, IN_END, NULL);
}

static void on_message(wslay_event_context_ptr ctx,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user_data) {
  struct peer *peer = user_data;
  PEER_CHECK(peer, ctx == peer->ctx);
  PEER_CHECK(peer, (arg->msg == NULL) == (arg->msg_length == 0));
  ++peer->messages;
  log_chunk(peer);
  bytes_add_text(&peer->log, "msg ");
  describe_head(&peer->log, 1, arg->rsv, arg->opcode);
  if (arg->msg == NULL) {
    bytes_add_text(&peer->log, " NULL %lu", (unsigned long)arg->msg_length);
  } else {
    bytes_add_byte(&peer->log, ' ');
    bytes_add_quoted(&peer->log, arg->msg, arg->msg_length);
  }
  if (arg->status_code != 0) {
    bytes_add_text(&peer->log, " %d", arg->status_code);
  }
  bytes_add_byte(&peer->log, '\n');
  run_hook(peer, IN_MESSAGE, arg);
}

const struct wslay_event_callbacks peer_callbacks = {
    on_recv, on_send, on_genmask, on_start, on_chunk, on_end, on_message};

void peer_init_with(struct peer *peer, enum role role,
                    const struct wslay_event_callbacks *callbacks) {
  int result;
  memset(peer, 0, sizeof(*peer));
  peer->role = role;
  peer->end_error = WSLAY_ERR_WOULDBLOCK;
  peer->per_call = SIZE_MAX;
  peer->budget = SIZE_MAX;
  peer->refuse_error = WSLAY_ERR_WOULDBLOCK;
  peer->refuse_result = -1;
  peer->genmask_fail_at = SIZE_MAX;
  peer->genmask_result = -1;
  result = role == SERVER
               ? wslay_event_context_server_init(&peer->ctx, callbacks, peer)
               : wslay_event_context_client_init(&peer->ctx, callbacks, peer);
  assert_int_equal(result, 0);
  assert_non_null(peer->ctx);
}

void peer_init(struct peer *peer, enum role role) {
  peer_init_with(peer, role, &peer_callbacks);
}

void peer_free(struct peer *peer) {
  wslay_event_context_free(peer->ctx);
  script_free(peer);
  free(peer->sends);
  bytes_free(&peer->output);
  bytes_free(&peer->log);
  bytes_free(&peer->shown_log);
  bytes_free(&peer->chunk);
  bytes_free(&peer->sent_text);
  if (peer->complaint != NULL) {
    fail_msg("inside a callback: %s", peer->complaint);
  }
}

const char *peer_events(struct peer *peer) {
  log_chunk(peer);
  bytes_clear(&peer->shown_log);
  bytes_add(&peer->shown_log, bytes_text(&peer->log), peer->log.length);
  bytes_clear(&peer->log);
  return bytes_text(&peer->shown_log);
}

void peer_note(struct peer *peer, const char *line) {
  log_chunk(peer);
  bytes_add_text(&peer->log, "%s\n", line);
}
