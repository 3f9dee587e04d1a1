/* wslayx_client_handshake_*: what a C program asks for and gets. The rules
   themselves are tested in Rust. */
#include "harness.h"

#ifndef WSLAY_ORACLE
#include <wslay/wslayx.h>

#include <string.h>

static struct wslayx_client_handshake *start(const char *subprotocols) {
  struct wslayx_client_handshake *handshake = NULL;
  assert_int_equal(wslayx_client_handshake_init(&handshake, "a.example:9000",
                                                "/chat", subprotocols),
                   0);
  assert_non_null(handshake);
  return handshake;
}

/* From a copy that ends where the bytes do, and is gone afterwards. */
static int feed(struct wslayx_client_handshake *handshake, const char *string) {
  size_t length = strlen(string);
  uint8_t *copy = malloc(length > 0 ? length : 1);
  int result;
  assert_non_null(copy);
  memcpy(copy, string, length);
  result = wslayx_client_handshake_feed(handshake, copy, length);
  memset(copy, '#', length);
  free(copy);
  return result;
}

/* The request, piece bytes at a time, as a string. */
static void take_request(struct wslayx_client_handshake *handshake,
                         size_t piece, char text[4096]) {
  size_t total = 0, length;
  const uint8_t *bytes;
  while ((bytes = wslayx_client_handshake_output(handshake, &length)) != NULL) {
    length = length < piece ? length : piece;
    assert_true(length > 0 && total + length < 4096);
    memcpy(text + total, bytes, length);
    total += length;
    assert_int_equal(wslayx_client_handshake_sent(handshake, length), 0);
  }
  assert_int_equal(length, 0);
  text[total] = '\0';
}

/* The key in a request, which is overwritten in it by stars. */
static void take_key(char *request, char key[25]) {
  static const char name[] = "\r\nSec-WebSocket-Key: ";
  char *at = strstr(request, name);
  assert_non_null(at);
  at += strlen(name);
  memcpy(key, at, 24);
  key[24] = '\0';
  memset(at, '*', 24);
}

static void x_the_request(void **state) {
  static const char expected[] =
      "GET /chat HTTP/1.1\r\n"
      "Host: a.example:9000\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Key: ************************\r\n"
      "Sec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: chat, v2\r\n"
      "Origin: http://a.example\r\n"
      "\r\n";
  size_t piece;
  (void)state;
  for (piece = 1; piece < 4096; piece *= 5) {
    struct wslayx_client_handshake *handshake = start("chat, v2");
    char request[4096], key[25];
    assert_int_equal(wslayx_client_handshake_add_header(handshake, "Origin",
                                                        "http://a.example"),
                     0);
    take_request(handshake, piece, request);
    take_key(request, key);
    assert_string_equal(request, expected);
    wslayx_client_handshake_free(handshake);
  }
}

static void x_keys_differ(void **state) {
  char keys[16][25];
  size_t i, j;
  (void)state;
  for (i = 0; i < 16; i++) {
    struct wslayx_client_handshake *handshake = start(NULL);
    char request[4096], accept[WSLAYX_ACCEPT_KEY_SIZE];
    take_request(handshake, 4096, request);
    take_key(request, keys[i]);
    assert_int_equal(wslayx_accept_key(keys[i], 24, accept), 0);
    for (j = 0; j < i; j++) {
      assert_string_not_equal(keys[i], keys[j]);
    }
    wslayx_client_handshake_free(handshake);
  }
}

/* Lets a client talk to a server of this library. */
static void connect_them(struct wslayx_client_handshake *client,
                         struct wslayx_server_handshake *server) {
  size_t length;
  const uint8_t *bytes = wslayx_client_handshake_output(client, &length);
  assert_int_equal(wslayx_server_handshake_feed(server, bytes, length),
                   WSLAYX_REQUEST_WEBSOCKET);
  assert_int_equal(wslayx_client_handshake_sent(client, length), 0);
}

static int answer(struct wslayx_client_handshake *client,
                  struct wslayx_server_handshake *server, size_t piece) {
  int found = WSLAYX_RESPONSE_INCOMPLETE;
  size_t length;
  const uint8_t *bytes;
  while ((bytes = wslayx_server_handshake_output(server, &length)) != NULL) {
    length = length < piece ? length : piece;
    assert_int_equal(found, WSLAYX_RESPONSE_INCOMPLETE);
    assert_int_equal(wslayx_client_handshake_get_status(client), 0);
    assert_null(wslayx_client_handshake_get_header(client, "Upgrade", 0));
    found = wslayx_client_handshake_feed(client, bytes, length);
    assert_int_equal(wslayx_server_handshake_sent(server, length), 0);
  }
  return found;
}

static void x_both_ends(void **state) {
  size_t piece;
  (void)state;
  for (piece = 1; piece < 4096; piece *= 3) {
    struct wslayx_client_handshake *client = start("chat,v2");
    struct wslayx_server_handshake *server = NULL;
    uint8_t buf[8];
    assert_int_equal(wslayx_server_handshake_init(&server), 0);
    connect_them(client, server);
    wslayx_server_handshake_add_header(server, "X-A", "b");
    assert_int_equal(wslayx_server_handshake_accept(server, "v2"), 0);
    assert_int_equal(answer(client, server, piece), WSLAYX_RESPONSE_WEBSOCKET);
    assert_int_equal(wslayx_client_handshake_get_status(client), 101);
    assert_string_equal(wslayx_client_handshake_get_subprotocol(client), "v2");
    assert_string_equal(wslayx_client_handshake_get_header(client, "x-a", 0),
                        "b");
    assert_null(wslayx_client_handshake_get_header(client, "x-a", 1));
    assert_null(wslayx_client_handshake_get_problem(client));
    assert_int_equal(feed(client, "frames"), WSLAYX_RESPONSE_WEBSOCKET);
    assert_int_equal(wslayx_client_handshake_read(client, buf, 4), 4);
    assert_memory_equal(buf, "fram", 4);
    assert_int_equal(wslayx_client_handshake_read(client, buf, 8), 2);
    assert_memory_equal(buf, "es", 2);
    assert_int_equal(wslayx_client_handshake_read(client, buf, 8), 0);
    wslayx_client_handshake_free(client);
    wslayx_server_handshake_free(server);
  }
}

static void x_a_server_that_refuses(void **state) {
  struct wslayx_client_handshake *client = start(NULL);
  uint8_t buf[8];
  (void)state;
  assert_int_equal(
      feed(client, "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\nthere"),
      WSLAYX_RESPONSE_HTTP);
  assert_int_equal(wslayx_client_handshake_get_status(client), 302);
  assert_string_equal(wslayx_client_handshake_get_header(client, "Location", 0),
                      "/elsewhere");
  assert_null(wslayx_client_handshake_get_subprotocol(client));
  assert_null(wslayx_client_handshake_get_problem(client));
  assert_int_equal(wslayx_client_handshake_read(client, buf, 8), 5);
  assert_memory_equal(buf, "there", 5);
  wslayx_client_handshake_free(client);
}

static void x_responses_that_cannot_be_taken(void **state) {
  static const char *const bad[] = {
      "hello\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
      "HTTP/1.1 403 Forbidden\r\nbad line\r\n",
      "\x15\x03\x01",
  };
  uint8_t buf[8];
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(bad); i++) {
    struct wslayx_client_handshake *client = start(NULL);
    at_row("%s", bad[i]);
    assert_int_equal(feed(client, bad[i]), WSLAYX_RESPONSE_BAD);
    assert_non_null(wslayx_client_handshake_get_problem(client));
    assert_null(wslayx_client_handshake_get_subprotocol(client));
    assert_int_equal(feed(client, "frames"), WSLAYX_RESPONSE_BAD);
    assert_int_equal(wslayx_client_handshake_read(client, buf, 8), 0);
    wslayx_client_handshake_free(client);
  }
  at_row(NULL);
}

static void x_limits(void **state) {
  static const char response[] =
      "HTTP/1.1 404 Not Found\r\nX: a\r\nY: b\r\n\r\n";
  struct wslayx_client_handshake *client = start(NULL);
  (void)state;
  wslayx_client_handshake_config_set_max_head_length(client, strlen(response));
  wslayx_client_handshake_config_set_max_header_count(client, 2);
  assert_int_equal(feed(client, response), WSLAYX_RESPONSE_HTTP);
  wslayx_client_handshake_free(client);
  client = start(NULL);
  wslayx_client_handshake_config_set_max_head_length(client,
                                                     strlen(response) - 1);
  assert_int_equal(feed(client, response), WSLAYX_RESPONSE_BAD);
  wslayx_client_handshake_free(client);
  client = start(NULL);
  wslayx_client_handshake_config_set_max_header_count(client, 1);
  assert_int_equal(feed(client, response), WSLAYX_RESPONSE_BAD);
  wslayx_client_handshake_free(client);
}

static void x_strings_that_no_request_can_have(void **state) {
  static const char *const bad[][3] = {
      {NULL, "/", NULL},        {"a", NULL, NULL},
      {"", "/", NULL},          {"a b", "/", NULL},
      {"a\r\nX: y", "/", NULL}, {"user@a", "/", NULL},
      {"a", "", NULL},          {"a", "chat", NULL},
      {"a", "/a b", NULL},      {"a", "/ HTTP/1.1\r\nX: y\r\n", NULL},
      {"a", "/#top", NULL},     {"a", "/", "a b"},
      {"a", "/", "a, a"},       {"a", "/", "a\r\nX: y"},
  };
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(bad); i++) {
    struct wslayx_client_handshake *client = (void *)&client;
    assert_int_equal(
        wslayx_client_handshake_init(&client, bad[i][0], bad[i][1], bad[i][2]),
        WSLAY_ERR_INVALID_ARGUMENT);
    assert_null(client);
  }
}

static void x_headers_that_no_request_can_have(void **state) {
  static const char *const bad[][2] = {
      {"X", "a\r\nCookie: b"},
      {"X", "a\n"},
      {"X\r\nY", "a"},
      {"", "a"},
      {"X Y", "a"},
      {"X", " a"},
      {"Host", "a"},
      {"X", NULL},
      {"upgrade", "h2c"},
      {NULL, "a"},
  };
  struct wslayx_client_handshake *client = start(NULL);
  char request[4096];
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(bad); i++) {
    assert_int_equal(
        wslayx_client_handshake_add_header(client, bad[i][0], bad[i][1]),
        WSLAY_ERR_INVALID_ARGUMENT);
  }
  assert_int_equal(wslayx_client_handshake_sent(client, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  take_request(client, 4096, request);
  assert_null(strstr(request, "Cookie"));
  assert_int_equal(wslayx_client_handshake_add_header(client, "X", "y"),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_client_handshake_sent(client, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  wslayx_client_handshake_free(client);
}

static void x_null_pointers(void **state) {
  struct wslayx_client_handshake *client;
  uint8_t byte = 0;
  size_t length = 7;
  (void)state;
  assert_int_equal(wslayx_client_handshake_init(NULL, "a", "/", NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  wslayx_client_handshake_free(NULL);
  wslayx_client_handshake_config_set_max_head_length(NULL, 1);
  wslayx_client_handshake_config_set_max_header_count(NULL, 1);
  assert_int_equal(wslayx_client_handshake_add_header(NULL, "X", "y"),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_null(wslayx_client_handshake_output(NULL, &length));
  assert_int_equal(length, 0);
  assert_int_equal(wslayx_client_handshake_sent(NULL, 0),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_client_handshake_feed(NULL, &byte, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_client_handshake_get_status(NULL), 0);
  assert_null(wslayx_client_handshake_get_subprotocol(NULL));
  assert_null(wslayx_client_handshake_get_header(NULL, "X", 0));
  assert_null(wslayx_client_handshake_get_problem(NULL));
  assert_int_equal(wslayx_client_handshake_read(NULL, &byte, 1), 0);

  client = start(NULL);
  assert_non_null(wslayx_client_handshake_output(client, NULL));
  assert_int_equal(wslayx_client_handshake_feed(client, NULL, 1),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_client_handshake_feed(client, NULL, 0),
                   WSLAYX_RESPONSE_INCOMPLETE);
  assert_null(wslayx_client_handshake_get_header(client, NULL, 0));
  assert_int_equal(feed(client, "HTTP/1.1 404 \r\n\r\nbody"),
                   WSLAYX_RESPONSE_HTTP);
  assert_int_equal(wslayx_client_handshake_read(client, NULL, 4), 0);
  wslayx_client_handshake_free(client);
}

TEST_GROUP(test_client_handshake, TEST(x_the_request), TEST(x_keys_differ),
           TEST(x_both_ends), TEST(x_a_server_that_refuses),
           TEST(x_responses_that_cannot_be_taken), TEST(x_limits),
           TEST(x_strings_that_no_request_can_have),
           TEST(x_headers_that_no_request_can_have), TEST(x_null_pointers))
#else
/* C wslay leaves the handshake to the program. */
TEST_GROUP(test_client_handshake, TEST(skip_test))
#endif
