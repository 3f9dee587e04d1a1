/*
 * A WebSocket echo server on libh2o-evloop, whose WebSocket functions use the
 * shared libwslay. It calls wslay itself only to queue its echoes, as programs
 * for h2o do.
 *
 *   h2o_echoserv PORT      port 0 picks a free one; prints which
 */
#define H2O_USE_LIBUV 0

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <h2o.h>
#include <h2o/websocket.h>

static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_accept_ctx_t accept_context;

/* Without a message the connection has ended. */
static void on_message(h2o_websocket_conn_t *conn,
                       const struct wslay_event_on_msg_recv_arg *arg) {
  if (arg == NULL) {
    h2o_websocket_close(conn);
  } else if (!wslay_is_ctrl_frame(arg->opcode)) {
    struct wslay_event_msg echo = {arg->opcode, arg->msg, arg->msg_length};
    wslay_event_queue_msg(conn->ws_ctx, &echo);
  }
}

static int on_request(h2o_handler_t *self, h2o_req_t *request) {
  const char *key;
  (void)self;
  if (h2o_is_websocket_handshake(request, &key) != 0 || key == NULL) {
    return -1;
  }
  h2o_upgrade_to_websocket(request, key, NULL, on_message);
  return 0;
}

static void on_accept(h2o_socket_t *listener, const char *error) {
  h2o_socket_t *sock;
  if (error == NULL && (sock = h2o_evloop_socket_accept(listener)) != NULL) {
    h2o_accept(&accept_context, sock);
  }
}

static int listen_at(uint16_t port) {
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (fd == -1 ||
      setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
      bind(fd, (struct sockaddr *)&address, size) == -1 ||
      listen(fd, SOMAXCONN) == -1 ||
      getsockname(fd, (struct sockaddr *)&address, &size) == -1) {
    perror("listen");
    exit(EXIT_FAILURE);
  }
  printf("listening on port %u\n", (unsigned)ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

int main(int argc, char **argv) {
  h2o_hostconf_t *host;
  h2o_socket_t *listener;
  if (argc != 2) {
    fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return EXIT_FAILURE;
  }
  h2o_config_init(&config);
  host = h2o_config_register_host(&config,
                                  h2o_iovec_init(H2O_STRLIT("default")), 65535);
  h2o_create_handler(h2o_config_register_path(host, "/", 0),
                     sizeof(h2o_handler_t))
      ->on_req = on_request;
  h2o_context_init(&context, h2o_evloop_create(), &config);
  accept_context.ctx = &context;
  accept_context.hosts = config.hosts;
  listener =
      h2o_evloop_socket_create(context.loop, listen_at((uint16_t)atoi(argv[1])),
                               H2O_SOCKET_FLAG_DONT_READ);
  h2o_socket_read_start(listener, on_accept);
  while (h2o_evloop_run(context.loop, INT32_MAX) == 0) {
  }
  return EXIT_FAILURE;
}
