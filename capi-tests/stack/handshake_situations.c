/* The opening handshake of wslayx.h. */
#include "situations.h"

#include <string.h>
#include <wslay/wslayx.h>

static struct wslayx_server_handshake *server;
static struct wslayx_client_handshake *client;
static uint8_t response[4096];
static size_t response_length;

static const char request[] = "GET /chat?room=1 HTTP/1.1\r\n"
                              "Host: example.com\r\n"
                              "Upgrade: websocket\r\n"
                              "Connection: keep-alive, Upgrade\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Protocol: chat, superchat\r\n"
                              "Sec-WebSocket-Version: 13\r\n"
                              "Origin: http://example.com\r\n\r\n";

static void end(void) {
  wslayx_server_handshake_free(server);
  wslayx_client_handshake_free(client);
  server = NULL;
  client = NULL;
}

static void accept_key(void) {
  char accept[WSLAYX_ACCEPT_KEY_SIZE];
  wslayx_accept_key("dGhlIHNhbXBsZSBub25jZQ==", 24, accept);
}

static void serve(void) {
  static uint8_t rest[100];
  size_t length;
  wslayx_server_handshake_init(&server);
  wslayx_server_handshake_config_set_max_head_length(server, 4000);
  wslayx_server_handshake_config_set_max_header_count(server, 20);
  wslayx_server_handshake_feed(server, (const uint8_t *)request, 40);
  wslayx_server_handshake_feed(server, (const uint8_t *)request + 40,
                               sizeof(request) - 1 - 40);
  wslayx_server_handshake_get_method(server);
  wslayx_server_handshake_get_target(server);
  wslayx_server_handshake_get_host(server);
  wslayx_server_handshake_get_origin(server);
  wslayx_server_handshake_get_subprotocol(server, 1);
  wslayx_server_handshake_get_header(server, "Upgrade", 0);
  wslayx_server_handshake_get_problem(server);
  wslayx_server_handshake_add_header(server, "X-Test", "yes");
  wslayx_server_handshake_accept(server, "chat");
  wslayx_server_handshake_output(server, &length);
  wslayx_server_handshake_sent(server, length);
  wslayx_server_handshake_read(server, rest, sizeof(rest));
}

static void refuse(void) {
  static const uint8_t body[] = "not here";
  size_t length;
  wslayx_server_handshake_init(&server);
  wslayx_server_handshake_feed(server, (const uint8_t *)request,
                               sizeof(request) - 1);
  wslayx_server_handshake_respond(server, 404, "text/plain", body,
                                  sizeof(body) - 1);
  wslayx_server_handshake_output(server, &length);
}

static void ask(void) {
  size_t length;
  wslayx_client_handshake_init(&client, "example.com", "/chat", "chat");
  wslayx_client_handshake_config_set_max_head_length(client, 4000);
  wslayx_client_handshake_config_set_max_header_count(client, 20);
  wslayx_client_handshake_add_header(client, "X-Test", "yes");
  wslayx_client_handshake_output(client, &length);
}

/* A server that answers a client's request, and the client when it is answered.
 */
static void asked(void) {
  const uint8_t *bytes;
  ask();
  bytes = wslayx_client_handshake_output(client, &response_length);
  wslayx_server_handshake_init(&server);
  wslayx_server_handshake_feed(server, bytes, response_length);
  wslayx_client_handshake_sent(client, response_length);
  wslayx_server_handshake_accept(server, "chat");
  bytes = wslayx_server_handshake_output(server, &response_length);
  response_length =
      response_length < sizeof(response) ? response_length : sizeof(response);
  memcpy(response, bytes, response_length);
}

static void be_answered(void) {
  static uint8_t rest[100];
  wslayx_client_handshake_feed(client, response, response_length);
  wslayx_client_handshake_get_status(client);
  wslayx_client_handshake_get_subprotocol(client);
  wslayx_client_handshake_get_header(client, "Upgrade", 0);
  wslayx_client_handshake_get_problem(client);
  wslayx_client_handshake_read(client, rest, sizeof(rest));
}

const struct situation handshake_situations[] = {
    {"accept_key", NULL, accept_key, end, 1},
    {"server_handshake, accepted", NULL, serve, end, 1},
    {"server_handshake, refused", NULL, refuse, end, 1},
    {"client_handshake, the request", NULL, ask, end, 1},
    {"client_handshake, the response", asked, be_answered, end, 1},
    {NULL, NULL, NULL, NULL, 0},
};
