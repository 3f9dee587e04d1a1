/* The opening handshake: what fails for lack of memory is done again with
   memory, and the bytes are then as if nothing had been. A feed that fails ends
   the handshake, and another is begun. */
#include "sessions.h"

#include <stdio.h>
#include <string.h>
#include <wslay/wslayx.h>

/* Enough header lines for the buffers to grow. */
static void put_lines(struct bytes *to, int count) {
  char line[64];
  int i;
  for (i = 0; i < count; ++i) {
    int length = snprintf(line, sizeof(line), "X-%d: %040d\r\n", i, i);
    bytes_add(to, line, (size_t)length);
  }
}

static void put_string(struct bytes *to, const char *string) {
  bytes_add(to, string, strlen(string));
}

/* Notes a result, which is WSLAY_ERR_NOMEM only if memory was refused since the
   count before; a buffer that cannot double makes do with less. Returns whether
   to call again. */
static int lacked(struct session *session, int result, size_t before) {
  CHECK(session, result != WSLAY_ERR_NOMEM || alloc_refused() > before);
  CHECK(session, result >= 0 || result == WSLAY_ERR_NOMEM);
  session->lacks += result == WSLAY_ERR_NOMEM;
  return result == WSLAY_ERR_NOMEM && !alloc_refuses_next();
}

/* Calls until memory does not lack, or lacks for good. */
#define INSIST(session, result, call)                                          \
  do {                                                                         \
    size_t before;                                                             \
    do {                                                                       \
      before = alloc_refused();                                                \
      (result) = (call);                                                       \
    } while (lacked(session, result, before));                                 \
  } while (0)

static const char request[] = "GET /chat HTTP/1.1\r\n"
                              "Host: a.example\r\n"
                              "Upgrade: websocket\r\n"
                              "Connection: Upgrade\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Protocol: chat, v2\r\n";

static int feed_server(struct wslayx_server_handshake *handshake,
                       const struct bytes *input, size_t step) {
  int result = WSLAYX_REQUEST_INCOMPLETE;
  size_t at = 0;
  while (at < input->length && result >= 0) {
    size_t count = input->length - at < step ? input->length - at : step;
    result = wslayx_server_handshake_feed(handshake, input->at + at, count);
    at += count;
  }
  return result;
}

/* A server that was fed all, or NULL if memory lacks for good. */
static struct wslayx_server_handshake *
server_fed(struct session *session, const struct bytes *input, size_t step) {
  struct wslayx_server_handshake *handshake;
  int result;
  int again;
  do {
    size_t before;
    INSIST(session, result, wslayx_server_handshake_init(&handshake));
    CHECK(session, (result == 0) == (handshake != NULL));
    if (handshake == NULL) {
      return NULL;
    }
    before = alloc_refused();
    result = feed_server(handshake, input, step);
    again = lacked(session, result, before);
    if (result < 0) {
      CHECK(session, wslayx_server_handshake_feed(handshake, input->at, 1) ==
                         WSLAY_ERR_NOMEM);
      wslayx_server_handshake_free(handshake);
      handshake = NULL;
    }
  } while (again);
  return handshake;
}

static void take_response(struct session *session,
                          struct wslayx_server_handshake *handshake) {
  uint8_t rest[64];
  size_t length;
  const uint8_t *bytes = wslayx_server_handshake_output(handshake, &length);
  if (bytes != NULL) {
    bytes_add(&session->output, bytes, length);
    CHECK(session, wslayx_server_handshake_sent(handshake, length) == 0);
  }
  length = wslayx_server_handshake_read(handshake, rest, sizeof(rest));
  bytes_add(&session->output, rest, length);
}

static void accept_request(struct session *session, const struct bytes *input) {
  struct wslayx_server_handshake *handshake = server_fed(session, input, 100);
  int result;
  if (handshake == NULL) {
    return;
  }
  INSIST(session, result,
         wslayx_server_handshake_add_header(handshake, "X-A", "b"));
  INSIST(session, result, wslayx_server_handshake_accept(handshake, "v2"));
  CHECK(session, (wslayx_server_handshake_output(handshake, NULL) != NULL) ==
                     (result == 0));
  take_response(session, handshake);
  wslayx_server_handshake_free(handshake);
}

static void refuse_request(struct session *session, const struct bytes *input) {
  struct wslayx_server_handshake *handshake = server_fed(session, input, 7);
  static const uint8_t page[1000] = {'p'};
  int result;
  if (handshake == NULL) {
    return;
  }
  INSIST(session, result,
         wslayx_server_handshake_respond(handshake, 200, "text/html", page,
                                         sizeof(page)));
  take_response(session, handshake);
  wslayx_server_handshake_free(handshake);
}

static void play_server(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  put_string(&input, request);
  put_lines(&input, 50);
  put_string(&input, "\r\nfirst frames");
  accept_request(session, &input);
  bytes_free(&input);

  put_string(&input, "GET / HTTP/1.1\r\nHost: a\r\n");
  put_lines(&input, 50);
  put_string(&input, "\r\n");
  refuse_request(session, &input);
  bytes_free(&input);

  put_string(&input, "hello\r\n");
  {
    struct wslayx_server_handshake *bad = server_fed(session, &input, 1);
    take_response(session, bad);
    wslayx_server_handshake_free(bad);
  }
  bytes_free(&input);
}

static struct wslayx_client_handshake *make_client(struct session *session) {
  struct wslayx_client_handshake *handshake;
  int result;
  int i;
  INSIST(session, result,
         wslayx_client_handshake_init(&handshake, "a.example", "/chat",
                                      "chat, v2"));
  CHECK(session, (result == 0) == (handshake != NULL));
  for (i = 0; i < 50 && handshake != NULL; ++i) {
    INSIST(session, result,
           wslayx_client_handshake_add_header(
               handshake, i % 2 ? "X-A" : "Sec-WebSocket-Extensions",
               "x-extension; parameter=value"));
  }
  return handshake;
}

/* All of the request but its key. */
static void take_request(struct session *session,
                         struct wslayx_client_handshake *handshake) {
  size_t length;
  const uint8_t *bytes = wslayx_client_handshake_output(handshake, &length);
  const uint8_t *end = bytes + length;
  CHECK(session, length > 4 && memcmp(end - 4, "\r\n\r\n", 4) == 0);
  while (bytes < end) {
    const uint8_t *line = bytes;
    bytes = memchr(bytes, '\n', (size_t)(end - bytes));
    bytes = bytes == NULL ? end : bytes + 1;
    if (bytes - line < 15 || memcmp(line, "Sec-WebSocket-K", 15) != 0) {
      bytes_add(&session->output, line, (size_t)(bytes - line));
    }
  }
  CHECK(session, wslayx_client_handshake_sent(handshake, length) == 0);
}

static void play_client(struct session *session) {
  struct bytes input = {NULL, 0, 0};
  struct wslayx_client_handshake *handshake;
  int again = 1;
  size_t at;
  put_string(&input, "HTTP/1.1 404 Not Found\r\n");
  put_lines(&input, 50);
  put_string(&input, "\r\nthe body");
  while (again) {
    int result = WSLAYX_RESPONSE_INCOMPLETE;
    size_t before;
    session->output.length = 0;
    handshake = make_client(session);
    if (handshake == NULL) {
      break;
    }
    take_request(session, handshake);
    before = alloc_refused();
    for (at = 0; at < input.length && result >= 0; ++at) {
      result = wslayx_client_handshake_feed(handshake, input.at + at, 1);
    }
    again = lacked(session, result, before);
    CHECK(session, result < 0 || result == WSLAYX_RESPONSE_HTTP);
    CHECK(session,
          result >= 0 || wslayx_client_handshake_feed(handshake, input.at, 1) ==
                             WSLAY_ERR_NOMEM);
    wslayx_client_handshake_free(handshake);
  }
  bytes_free(&input);
}

static void x_handshake(struct session *session) {
  if (session->role == SERVER) {
    play_server(session);
  } else {
    play_client(session);
  }
}

const struct play handshake_plays[] = {PLAY(x_handshake, BY_SEND, 0),
                                       {NULL, NULL, BY_SEND, 0}};
