/* wslayx_server_handshake_*: what a C program sees of a request, and the bytes
   of its answer. The rules themselves are tested in Rust. */
#include "harness.h"

#ifndef WSLAY_ORACLE
#include <wslay/wslayx.h>

#include <string.h>

static const char REQUEST[] = "GET /chat?room=1 HTTP/1.1\r\n"
                              "Host: server.example.com:9000\r\n"
                              "Upgrade: WebSocket\r\n"
                              "Connection: keep-alive\r\n"
                              "Connection: Upgrade\r\n"
                              "Origin: http://example.com\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Sec-WebSocket-Protocol: chat, superchat\r\n"
                              "X-Empty:\r\n"
                              "\r\n";

static struct wslayx_server_handshake *start(void) {
  struct wslayx_server_handshake *handshake = NULL;
  assert_int_equal(wslayx_server_handshake_init(&handshake), 0);
  assert_non_null(handshake);
  return handshake;
}

/* From a copy that ends where the bytes do, and is gone afterwards. */
static int feed(struct wslayx_server_handshake *handshake, const char *bytes,
                size_t length) {
  uint8_t *copy = malloc(length > 0 ? length : 1);
  int result;
  assert_non_null(copy);
  memcpy(copy, bytes, length);
  result = wslayx_server_handshake_feed(handshake, copy, length);
  memset(copy, '#', length);
  free(copy);
  return result;
}

static int feed_string(struct wslayx_server_handshake *handshake,
                       const char *string) {
  return feed(handshake, string, strlen(string));
}

static void assert_strings(struct wslayx_server_handshake *handshake) {
#define GET(name) wslayx_server_handshake_get_##name
  assert_string_equal(GET(method)(handshake), "GET");
  assert_string_equal(GET(target)(handshake), "/chat?room=1");
  assert_string_equal(GET(host)(handshake), "server.example.com:9000");
  assert_string_equal(GET(origin)(handshake), "http://example.com");
  assert_string_equal(GET(subprotocol)(handshake, 0), "chat");
  assert_string_equal(GET(subprotocol)(handshake, 1), "superchat");
  assert_null(GET(subprotocol)(handshake, 2));
  assert_null(GET(subprotocol)(handshake, SIZE_MAX));
  assert_string_equal(GET(header)(handshake, "UPGRADE", 0), "WebSocket");
  assert_string_equal(GET(header)(handshake, "Connection", 1), "Upgrade");
  assert_null(GET(header)(handshake, "Connection", 2));
  assert_string_equal(GET(header)(handshake, "X-Empty", 0), "");
  assert_null(GET(header)(handshake, "X-Missing", 0));
  assert_null(GET(problem)(handshake));
}

static void assert_no_strings(struct wslayx_server_handshake *handshake) {
  assert_null(GET(method)(handshake));
  assert_null(GET(target)(handshake));
  assert_null(GET(host)(handshake));
  assert_null(GET(origin)(handshake));
  assert_null(GET(subprotocol)(handshake, 0));
  assert_null(GET(header)(handshake, "Host", 0));
  assert_null(GET(problem)(handshake));
}

/* All that is to be sent, piece bytes at a time, as a string. */
static char *take_output(struct wslayx_server_handshake *handshake,
                         size_t piece) {
  static char text[4096];
  size_t total = 0, length;
  const uint8_t *bytes;
  while ((bytes = wslayx_server_handshake_output(handshake, &length)) != NULL) {
    length = length < piece ? length : piece;
    assert_true(length > 0 && total + length < sizeof(text));
    memcpy(text + total, bytes, length);
    total += length;
    assert_int_equal(wslayx_server_handshake_sent(handshake, length), 0);
  }
  assert_int_equal(length, 0);
  text[total] = '\0';
  return text;
}

static const char ACCEPTED[] =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "Sec-WebSocket-Protocol: superchat\r\n"
    "X-Served-By: us\r\n"
    "\r\n";

static void x_a_request_at_once(void **state) {
  struct wslayx_server_handshake *handshake = start();
  (void)state;
  assert_no_strings(handshake);
  assert_int_equal(feed_string(handshake, REQUEST), WSLAYX_REQUEST_WEBSOCKET);
  assert_strings(handshake);
  assert_int_equal(
      wslayx_server_handshake_add_header(handshake, "X-Served-By", "us"), 0);
  assert_string_equal(take_output(handshake, 1), "");
  assert_int_equal(wslayx_server_handshake_accept(handshake, "superchat"), 0);
  assert_string_equal(take_output(handshake, 4096), ACCEPTED);
  wslayx_server_handshake_free(handshake);
}

static void x_a_request_byte_by_byte(void **state) {
  struct wslayx_server_handshake *handshake = start();
  size_t i;
  (void)state;
  for (i = 0; i < strlen(REQUEST) - 1; i++) {
    assert_int_equal(feed(handshake, REQUEST + i, 1),
                     WSLAYX_REQUEST_INCOMPLETE);
    assert_int_equal(feed(handshake, "", 0), WSLAYX_REQUEST_INCOMPLETE);
    assert_no_strings(handshake);
  }
  assert_int_equal(feed(handshake, "\n", 1), WSLAYX_REQUEST_WEBSOCKET);
  assert_strings(handshake);
  wslayx_server_handshake_add_header(handshake, "X-Served-By", "us");
  assert_int_equal(wslayx_server_handshake_accept(handshake, "superchat"), 0);
  assert_string_equal(take_output(handshake, 1), ACCEPTED);
  wslayx_server_handshake_free(handshake);
}

/* A string that the program keeps, up to the free. */
static void x_strings_stay_where_they_are(void **state) {
  struct wslayx_server_handshake *handshake = start();
  const char *target, *subprotocol;
  char *frames = calloc(1, 1 << 20);
  (void)state;
  assert_non_null(frames);
  feed_string(handshake, REQUEST);
  target = wslayx_server_handshake_get_target(handshake);
  subprotocol = wslayx_server_handshake_get_subprotocol(handshake, 1);
  feed(handshake, frames, 1 << 20);
  assert_int_equal(wslayx_server_handshake_accept(handshake, subprotocol), 0);
  take_output(handshake, 4096);
  assert_ptr_equal(wslayx_server_handshake_get_target(handshake), target);
  assert_string_equal(target, "/chat?room=1");
  assert_string_equal(subprotocol, "superchat");
  wslayx_server_handshake_free(handshake);
  free(frames);
}

static void x_frames_behind_the_request(void **state) {
  struct wslayx_server_handshake *handshake = start();
  uint8_t buf[8];
  (void)state;
  feed(handshake, REQUEST, strlen(REQUEST) - 2);
  assert_int_equal(feed_string(handshake, "\r\nabcde"),
                   WSLAYX_REQUEST_WEBSOCKET);
  assert_int_equal(feed_string(handshake, "fg"), WSLAYX_REQUEST_WEBSOCKET);
  assert_int_equal(wslayx_server_handshake_read(handshake, buf, 0), 0);
  assert_int_equal(wslayx_server_handshake_read(handshake, buf, 3), 3);
  assert_memory_equal(buf, "abc", 3);
  assert_int_equal(wslayx_server_handshake_read(handshake, buf, 8), 4);
  assert_memory_equal(buf, "defg", 4);
  assert_int_equal(wslayx_server_handshake_read(handshake, buf, 8), 0);
  feed_string(handshake, "h");
  assert_int_equal(wslayx_server_handshake_read(handshake, buf, 8), 1);
  assert_memory_equal(buf, "h", 1);
  wslayx_server_handshake_free(handshake);
}

static const char PLAIN[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

static void x_a_page_on_the_same_port(void **state) {
  struct wslayx_server_handshake *handshake = start();
  static const char page[] = "<p>\0</p>";
  const char *response;
  (void)state;
  assert_int_equal(feed_string(handshake, PLAIN), WSLAYX_REQUEST_HTTP);
  assert_string_equal(GET(target)(handshake), "/");
  assert_non_null(GET(problem)(handshake));
  assert_int_equal(wslayx_server_handshake_respond(handshake, 200, "text/html",
                                                   (const uint8_t *)page,
                                                   sizeof(page) - 1),
                   0);
  response = take_output(handshake, 7);
  assert_string_equal(response,
                      "HTTP/1.1 200 OK\r\nConnection: close\r\n"
                      "Content-Type: text/html\r\nContent-Length: 8\r\n"
                      "\r\n<p>");
  assert_memory_equal(response + strlen(response) - 3, page, 8);
  wslayx_server_handshake_free(handshake);
}

static void x_the_responses_that_are_ready(void **state) {
  static const struct {
    const char *request, *status;
    int found;
  } rows[] = {
      {PLAIN, "HTTP/1.1 426 ", WSLAYX_REQUEST_HTTP},
      {"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 405 ",
       WSLAYX_REQUEST_HTTP},
      {"hello\r\n", "HTTP/1.1 400 ", WSLAYX_REQUEST_BAD},
      {"GET / HTTP/2.0\r\n", "HTTP/1.1 505 ", WSLAYX_REQUEST_BAD},
      {"\x16\x03\x01", "HTTP/1.1 400 ", WSLAYX_REQUEST_BAD},
  };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(rows); i++) {
    struct wslayx_server_handshake *handshake = start();
    const char *response;
    at_row("%s", rows[i].request);
    assert_int_equal(feed_string(handshake, rows[i].request), rows[i].found);
    assert_int_equal(wslayx_server_handshake_accept(handshake, NULL),
                     WSLAY_ERR_INVALID_ARGUMENT);
    response = take_output(handshake, 4096);
    assert_memory_equal(response, rows[i].status, strlen(rows[i].status));
    assert_non_null(strstr(response, "\r\nConnection: close"));
    assert_non_null(strstr(response, GET(problem)(handshake)));
    wslayx_server_handshake_free(handshake);
  }
  at_row(NULL);
}

static void x_a_client_that_is_too_slow(void **state) {
  struct wslayx_server_handshake *handshake = start();
  (void)state;
  feed(handshake, REQUEST, 40);
  assert_int_equal(
      wslayx_server_handshake_respond(handshake, 408, NULL, NULL, 0), 0);
  assert_string_equal(take_output(handshake, 4096),
                      "HTTP/1.1 408 Request Timeout\r\n"
                      "Connection: close\r\nContent-Length: 0\r\n\r\n");
  assert_int_equal(feed_string(handshake, REQUEST + 40), WSLAYX_REQUEST_BAD);
  wslayx_server_handshake_free(handshake);
}

static void x_limits(void **state) {
  struct wslayx_server_handshake *handshake = start();
  (void)state;
  wslayx_server_handshake_config_set_max_head_length(handshake,
                                                     strlen(PLAIN) - 1);
  assert_int_equal(feed_string(handshake, PLAIN), WSLAYX_REQUEST_BAD);
  assert_memory_equal(take_output(handshake, 4096), "HTTP/1.1 431 ", 13);
  wslayx_server_handshake_free(handshake);
  handshake = start();
  wslayx_server_handshake_config_set_max_header_count(handshake, 0);
  assert_int_equal(feed_string(handshake, PLAIN), WSLAYX_REQUEST_BAD);
  assert_memory_equal(take_output(handshake, 4096), "HTTP/1.1 431 ", 13);
  wslayx_server_handshake_free(handshake);
}

static void x_nothing_is_written_for_a_bad_argument(void **state) {
  static const char *const bad[][2] = {
      {"X", "a\r\nSet-Cookie: b"},
      {"X", "a\n"},
      {"X\r\nY", "a"},
      {"", "a"},
      {"X Y", "a"},
      {"X:", "a"},
      {"X", " a"},
      {"X", "a "},
      {"Upgrade", "h2c"},
      {"host", "a"},
      {"X", NULL},
      {NULL, "a"},
  };
  struct wslayx_server_handshake *handshake = start();
  size_t i;
  (void)state;
  feed_string(handshake, REQUEST);
  for (i = 0; i < COUNT_OF(bad); i++) {
    assert_int_equal(
        wslayx_server_handshake_add_header(handshake, bad[i][0], bad[i][1]),
        WSLAY_ERR_INVALID_ARGUMENT);
  }
  assert_int_equal(wslayx_server_handshake_accept(handshake, "other"),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_accept(handshake, ""),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_respond(
                       handshake, 200, "text/html\r\nX: y", NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(
      wslayx_server_handshake_respond(handshake, 101, NULL, NULL, 0),
      WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(
      wslayx_server_handshake_respond(handshake, 65536 + 200, NULL, NULL, 0),
      WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(
      wslayx_server_handshake_respond(handshake, 200, NULL, NULL, 1),
      WSLAY_ERR_INVALID_ARGUMENT);
  assert_string_equal(take_output(handshake, 4096), "");
  assert_int_equal(wslayx_server_handshake_sent(handshake, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_accept(handshake, NULL), 0);
  assert_null(strstr(take_output(handshake, 4096), "Set-Cookie"));
  wslayx_server_handshake_free(handshake);
}

static void x_null_pointers(void **state) {
  struct wslayx_server_handshake *handshake;
  uint8_t byte = 0;
  size_t length = 7;
  (void)state;
  assert_int_equal(wslayx_server_handshake_init(NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  wslayx_server_handshake_free(NULL);
  wslayx_server_handshake_config_set_max_head_length(NULL, 1);
  wslayx_server_handshake_config_set_max_header_count(NULL, 1);
  assert_int_equal(wslayx_server_handshake_feed(NULL, &byte, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_no_strings(NULL);
  assert_int_equal(wslayx_server_handshake_add_header(NULL, "X", "y"),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_accept(NULL, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_respond(NULL, 200, NULL, NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_null(wslayx_server_handshake_output(NULL, &length));
  assert_int_equal(length, 0);
  assert_int_equal(wslayx_server_handshake_sent(NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_read(NULL, &byte, 1), 0);

  handshake = start();
  assert_int_equal(wslayx_server_handshake_feed(handshake, NULL, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_server_handshake_feed(handshake, NULL, 0),
                   WSLAYX_REQUEST_INCOMPLETE);
  feed_string(handshake, REQUEST);
  feed_string(handshake, "frames");
  assert_null(GET(header)(handshake, NULL, 0));
  assert_int_equal(wslayx_server_handshake_read(handshake, NULL, 6), 0);
  wslayx_server_handshake_accept(handshake, NULL);
  assert_non_null(wslayx_server_handshake_output(handshake, NULL));
  wslayx_server_handshake_free(handshake);
}

TEST_GROUP(test_server_handshake, TEST(x_a_request_at_once),
           TEST(x_a_request_byte_by_byte), TEST(x_strings_stay_where_they_are),
           TEST(x_frames_behind_the_request), TEST(x_a_page_on_the_same_port),
           TEST(x_the_responses_that_are_ready),
           TEST(x_a_client_that_is_too_slow), TEST(x_limits),
           TEST(x_nothing_is_written_for_a_bad_argument), TEST(x_null_pointers))
#else
/* C wslay leaves the handshake to the program. */
TEST_GROUP(test_server_handshake, TEST(skip_test))
#endif
