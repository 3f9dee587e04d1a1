/*
 * A client and an echo server that talk through memory, in one process. It uses
 * what wslay 1.1.1 has, and prints all that a program can observe and count on:
 * built once, it has to print the same with every library it is run with.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <wslay/wslay.h>

enum { PIPE_SIZE = 65536, READ_MAX = 1000 };

/* The bytes on their way from one end to the other. */
struct Pipe {
  uint8_t bytes[PIPE_SIZE];
  size_t written, read;
};

struct End {
  const char *name;
  struct Pipe *in, *out;
  int echoes;
  uint8_t next_key;
  size_t chunk_bytes;
};

static unsigned long checksum(const uint8_t *data, size_t length) {
  unsigned long sum = 5381;
  size_t i;
  for (i = 0; i < length; ++i) {
    sum = (sum * 33 + data[i]) & 0xffffffffUL;
  }
  return sum;
}

static ssize_t pipe_write(struct Pipe *pipe, const uint8_t *data, size_t len) {
  if (len > PIPE_SIZE - pipe->written) {
    return -1;
  }
  memcpy(pipe->bytes + pipe->written, data, len);
  pipe->written += len;
  return (ssize_t)len;
}

static ssize_t recv_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                             size_t len, int flags, void *user_data) {
  struct End *end = (struct End *)user_data;
  size_t waiting = end->in->written - end->in->read;
  (void)flags;
  if (waiting == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  if (len > waiting) {
    len = waiting;
  }
  if (len > READ_MAX) {
    len = READ_MAX;
  }
  memcpy(buf, end->in->bytes + end->in->read, len);
  end->in->read += len;
  return (ssize_t)len;
}

static ssize_t send_callback(wslay_event_context_ptr ctx, const uint8_t *data,
                             size_t len, int flags, void *user_data) {
  struct End *end = (struct End *)user_data;
  (void)ctx;
  (void)flags;
  return pipe_write(end->out, data, len);
}

static int genmask_callback(wslay_event_context_ptr ctx, uint8_t *buf,
                            size_t len, void *user_data) {
  struct End *end = (struct End *)user_data;
  (void)ctx;
  memset(buf, ++end->next_key, len);
  return 0;
}

static void
on_frame_recv_start(wslay_event_context_ptr ctx,
                    const struct wslay_event_on_frame_recv_start_arg *arg,
                    void *user_data) {
  struct End *end = (struct End *)user_data;
  (void)ctx;
  printf("%s: frame fin=%d rsv=%d opcode=%d length=%lu\n", end->name, arg->fin,
         arg->rsv, arg->opcode, (unsigned long)arg->payload_length);
  end->chunk_bytes = 0;
}

static void
on_frame_recv_chunk(wslay_event_context_ptr ctx,
                    const struct wslay_event_on_frame_recv_chunk_arg *arg,
                    void *user_data) {
  struct End *end = (struct End *)user_data;
  (void)ctx;
  end->chunk_bytes += arg->data_length;
}

static void on_frame_recv_end(wslay_event_context_ptr ctx, void *user_data) {
  struct End *end = (struct End *)user_data;
  (void)ctx;
  printf("%s: frame ends after %lu bytes\n", end->name,
         (unsigned long)end->chunk_bytes);
}

static void on_msg_recv(wslay_event_context_ptr ctx,
                        const struct wslay_event_on_msg_recv_arg *arg,
                        void *user_data) {
  struct End *end = (struct End *)user_data;
  printf("%s: message opcode=%d rsv=%d length=%lu sum=%08lx code=%d\n",
         end->name, arg->opcode, arg->rsv, (unsigned long)arg->msg_length,
         checksum(arg->msg, arg->msg_length), arg->status_code);
  if (end->echoes && !wslay_is_ctrl_frame(arg->opcode)) {
    struct wslay_event_msg echo = {arg->opcode, arg->msg, arg->msg_length};
    printf("%s: queued %d\n", end->name, wslay_event_queue_msg(ctx, &echo));
  }
}

static void print_state(wslay_event_context_ptr ctx, const char *name) {
  printf("%s: read %d/%d write %d/%d close %d/%d codes %d/%d queue %lu/%lu\n",
         name, wslay_event_want_read(ctx), wslay_event_get_read_enabled(ctx),
         wslay_event_want_write(ctx), wslay_event_get_write_enabled(ctx),
         wslay_event_get_close_received(ctx), wslay_event_get_close_sent(ctx),
         wslay_event_get_status_code_received(ctx),
         wslay_event_get_status_code_sent(ctx),
         (unsigned long)wslay_event_get_queued_msg_count(ctx),
         (unsigned long)wslay_event_get_queued_msg_length(ctx));
}

static void print_pipe(const char *name, const struct Pipe *pipe) {
  printf("%s wrote %lu bytes, sum=%08lx\n", name, (unsigned long)pipe->written,
         checksum(pipe->bytes, pipe->written));
}

static ssize_t read_fragments(wslay_event_context_ptr ctx, uint8_t *buf,
                              size_t len,
                              const union wslay_event_msg_source *source,
                              int *eof, void *user_data) {
  int *left = (int *)source->data;
  size_t piece = len < 900 ? len : 900;
  (void)ctx;
  (void)user_data;
  memset(buf, 'a' + *left, piece);
  *eof = --*left == 0;
  return (ssize_t)piece;
}

static void queue_messages(wslay_event_context_ptr client, int *fragments) {
  static uint8_t large[20000];
  struct wslay_event_msg text = {WSLAY_TEXT_FRAME, (const uint8_t *)"hello", 5};
  struct wslay_event_msg binary = {WSLAY_BINARY_FRAME, large, sizeof(large)};
  struct wslay_event_msg empty = {WSLAY_TEXT_FRAME, NULL, 0};
  struct wslay_event_msg ping = {WSLAY_PING, (const uint8_t *)"ping", 4};
  struct wslay_event_msg long_ping = {WSLAY_PING, large, 126};
  struct wslay_event_fragmented_msg fragmented = {
      WSLAY_TEXT_FRAME, {0}, read_fragments};
  size_t i;
  fragmented.source.data = fragments;
  for (i = 0; i < sizeof(large); ++i) {
    large[i] = (uint8_t)(i * 7);
  }
  printf("%d\n", wslay_event_queue_msg(client, &text));
  printf("%d\n", wslay_event_queue_msg(client, &binary));
  printf("%d\n", wslay_event_queue_msg(client, &empty));
  printf("%d\n", wslay_event_queue_fragmented_msg(client, &fragmented));
  printf("%d\n", wslay_event_queue_msg(client, &ping));
  printf("%d\n", wslay_event_queue_msg(client, &long_ping));
  printf("%d\n", wslay_event_queue_msg_ex(client, &text, WSLAY_RSV1_BIT));
  printf("%d\n", wslay_event_queue_fragmented_msg_ex(client, &fragmented,
                                                     WSLAY_RSV1_BIT));
}

static void round_trip(wslay_event_context_ptr client,
                       wslay_event_context_ptr server) {
  printf("send %d\n", wslay_event_send(client));
  printf("recv %d\n", wslay_event_recv(server));
  print_state(server, "server");
  printf("send %d\n", wslay_event_send(server));
  printf("recv %d\n", wslay_event_recv(client));
  print_state(client, "client");
}

static int talk(void) {
  static struct Pipe to_server, to_client;
  struct End client_end = {"client", &to_client, &to_server, 0, 0, 0};
  struct End server_end = {"server", &to_server, &to_client, 1, 0, 0};
  struct wslay_event_callbacks callbacks = {
      recv_callback,       send_callback,       genmask_callback,
      on_frame_recv_start, on_frame_recv_chunk, on_frame_recv_end,
      on_msg_recv};
  wslay_event_context_ptr client, server;
  int fragments = 5, closed;
  if (wslay_event_context_client_init(&client, &callbacks, &client_end) != 0 ||
      wslay_event_context_server_init(&server, &callbacks, &server_end) != 0) {
    return 0;
  }
  wslay_event_config_set_max_recv_msg_length(server, 100000);
  queue_messages(client, &fragments);
  print_state(client, "client");
  round_trip(client, server);
  printf("close %d\n", wslay_event_queue_close(client, WSLAY_CODE_GOING_AWAY,
                                               (const uint8_t *)"bye", 3));
  printf("close %d\n", wslay_event_queue_close(client, 0, NULL, 0));
  round_trip(client, server);
  print_pipe("client", &to_server);
  print_pipe("server", &to_client);
  closed = wslay_event_get_close_received(client) &&
           wslay_event_get_close_sent(client) &&
           wslay_event_get_close_received(server) &&
           wslay_event_get_close_sent(server);
  wslay_event_context_free(client);
  wslay_event_context_free(server);
  return closed;
}

int main(void) {
  if (!talk()) {
    return 1;
  }
  puts("both sides closed");
  return 0;
}
