/* What comes behind the head of a request or response goes to the event
   context: the recv callback asks the handshake first. */
#include "harness.h"

#ifndef WSLAY_ORACLE
#include "frames.h"

#include <wslay/wslayx.h>

#include <string.h>

/* One end: what its peer sends comes from the handshake, and when that has no
   more, from the wire. */
struct end {
  struct wslayx_server_handshake *server;
  struct wslayx_client_handshake *client;
  const uint8_t *wire;
  size_t wire_length;
  char received[256];
};

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct end *end = user_data;
  size_t count = wslayx_server_handshake_read(end->server, buf, len);
  (void)flags;
  if (count == 0) {
    count = wslayx_client_handshake_read(end->client, buf, len);
  }
  if (count == 0 && end->wire_length > 0) {
    count = end->wire_length < len ? end->wire_length : len;
    memcpy(buf, end->wire, count);
    end->wire += count;
    end->wire_length -= count;
  }
  if (count == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  return (ssize_t)count;
}

static void on_msg_recv_callback(wslay_event_context_ptr ctx,
                                 const struct wslay_event_on_msg_recv_arg *arg,
                                 void *user_data) {
  struct end *end = user_data;
  (void)ctx;
  strncat(end->received, (const char *)arg->msg, arg->msg_length);
  strcat(end->received, ".");
}

static const struct wslay_event_callbacks callbacks = {
    recv_callback, NULL, NULL, NULL, NULL, NULL, on_msg_recv_callback};

/* Three messages, of a client (masked) or of a server. */
static void put_messages(struct bytes *to, int masked) {
  static const char *const texts[] = {"first", "second", "third"};
  size_t i;
  for (i = 0; i < COUNT_OF(texts); i++) {
    put_frame(to, FIN | TEXT, masked, texts[i], strlen(texts[i]));
  }
}

static void assert_received(struct end *end, int is_server) {
  wslay_event_context_ptr ctx;
  int result = is_server
                   ? wslay_event_context_server_init(&ctx, &callbacks, end)
                   : wslay_event_context_client_init(&ctx, &callbacks, end);
  assert_int_equal(result, 0);
  assert_int_equal(wslay_event_recv(ctx), 0);
  assert_int_equal(wslay_event_get_read_enabled(ctx), 1);
  assert_string_equal(end->received, "first.second.third.");
  wslay_event_context_free(ctx);
}

static const char REQUEST[] = "GET / HTTP/1.1\r\nHost: a\r\n"
                              "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Version: 13\r\n\r\n";

/* The handshake is fed until it has the request, cut bytes first; what the
   program has not read by then, the recv callback finds on the wire. */
static void serve(const struct bytes *stream, size_t cut) {
  struct end end;
  int found;
  memset(&end, 0, sizeof(end));
  assert_int_equal(wslayx_server_handshake_init(&end.server), 0);
  found = wslayx_server_handshake_feed(end.server, stream->at, cut);
  end.wire = stream->at + cut;
  end.wire_length = stream->length - cut;
  while (found == WSLAYX_REQUEST_INCOMPLETE) {
    size_t piece = end.wire_length < 9 ? end.wire_length : 9;
    found = wslayx_server_handshake_feed(end.server, end.wire, piece);
    end.wire += piece;
    end.wire_length -= piece;
  }
  assert_int_equal(found, WSLAYX_REQUEST_WEBSOCKET);
  assert_int_equal(wslayx_server_handshake_accept(end.server, NULL), 0);
  assert_received(&end, 1);
  wslayx_server_handshake_free(end.server);
}

static void x_frames_behind_the_request_at_every_cut(void **state) {
  struct bytes stream = {NULL, 0, 0};
  size_t cut;
  (void)state;
  bytes_add(&stream, REQUEST, strlen(REQUEST));
  put_messages(&stream, 1);
  for (cut = 0; cut <= stream.length; cut++) {
    at_row("cut at %lu", (unsigned long)cut);
    serve(&stream, cut);
  }
  at_row(NULL);
  bytes_free(&stream);
}

/* The response to the client's request, and the server's first messages. */
static void put_response(struct bytes *to,
                         struct wslayx_client_handshake *client) {
  struct wslayx_server_handshake *server;
  size_t length;
  const uint8_t *bytes = wslayx_client_handshake_output(client, &length);
  assert_int_equal(wslayx_server_handshake_init(&server), 0);
  assert_int_equal(wslayx_server_handshake_feed(server, bytes, length),
                   WSLAYX_REQUEST_WEBSOCKET);
  assert_int_equal(wslayx_server_handshake_accept(server, NULL), 0);
  bytes = wslayx_server_handshake_output(server, &length);
  bytes_add(to, bytes, length);
  put_messages(to, 0);
  wslayx_server_handshake_free(server);
}

/* As serve(). Returns whether there are further places to cut at. */
static int ask(size_t cut) {
  struct bytes stream = {NULL, 0, 0};
  struct end end;
  int found, more;
  memset(&end, 0, sizeof(end));
  assert_int_equal(wslayx_client_handshake_init(&end.client, "a", "/", NULL),
                   0);
  put_response(&stream, end.client);
  more = cut < stream.length;
  found = wslayx_client_handshake_feed(end.client, stream.at, cut);
  end.wire = stream.at + cut;
  end.wire_length = stream.length - cut;
  while (found == WSLAYX_RESPONSE_INCOMPLETE) {
    size_t piece = end.wire_length < 9 ? end.wire_length : 9;
    found = wslayx_client_handshake_feed(end.client, end.wire, piece);
    end.wire += piece;
    end.wire_length -= piece;
  }
  assert_int_equal(found, WSLAYX_RESPONSE_WEBSOCKET);
  assert_received(&end, 0);
  wslayx_client_handshake_free(end.client);
  bytes_free(&stream);
  return more;
}

static void x_frames_behind_the_response_at_every_cut(void **state) {
  size_t cut = 0;
  (void)state;
  do {
    at_row("cut at %lu", (unsigned long)cut);
  } while (ask(cut++));
  at_row(NULL);
  assert_true(cut > 150);
}

TEST_GROUP(test_handshake_frames,
           TEST(x_frames_behind_the_request_at_every_cut),
           TEST(x_frames_behind_the_response_at_every_cut))
#else
/* C wslay leaves the handshake to the program. */
TEST_GROUP(test_handshake_frames, TEST(skip_test))
#endif
