/* The event API. Its callbacks call back into the library as deep as it allows.
 */
#include "situations.h"

#include <string.h>
#include <wslay/wslay.h>
#include <wslay/wslayx.h>

#include "../bytes.h"
#include "../frames.h"

enum { LARGE = 100000 };

static wslay_event_context_ptr context;
static struct bytes input;
static size_t input_offset;
static size_t read_step;
static size_t send_step;
static int
    answers; /* whether messages are answered in the callback, how often */
static const uint8_t payload[LARGE];
static const struct wslay_event_msg text = {WSLAY_TEXT_FRAME, payload, 20000};
static const struct wslay_event_msg ping = {WSLAY_PING, payload, 125};

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                       int flags, void *user_data) {
  size_t count = input.length - input_offset;
  (void)flags;
  (void)user_data;
  count = count < len ? count : len;
  count = count < read_step ? count : read_step;
  if (count == 0) {
    wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy(buf, input.at + input_offset, count);
  input_offset += count;
  return (ssize_t)count;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data,
                       size_t len, int flags, void *user_data) {
  (void)data;
  (void)flags;
  (void)user_data;
  if (answers > 0) {
    --answers;
    wslay_event_queue_msg(ctx, &ping);
  }
  return (ssize_t)(len < send_step ? len : send_step);
}

static ssize_t on_read(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                       const union wslay_event_msg_source *source, int *eof,
                       void *user_data) {
  (void)source;
  (void)user_data;
  wslay_event_queue_msg(ctx, &ping);
  memset(buf, 'x', len);
  *eof = 1;
  return (ssize_t)len;
}

static const struct wslay_event_fragmented_msg fragmented = {
    WSLAY_BINARY_FRAME, {.data = NULL}, on_read};

static void on_chunk(wslay_event_context_ptr ctx,
                     const struct wslay_event_on_frame_recv_chunk_arg *arg,
                     void *user_data) {
  (void)arg;
  (void)user_data;
  if (answers > 0) {
    --answers;
    wslay_event_queue_fragmented_msg(ctx, &fragmented);
    wslay_event_send(ctx);
  }
}

static void on_message(wslay_event_context_ptr ctx,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user_data) {
  (void)user_data;
  if (answers > 0) {
    struct wslay_event_msg answer = {WSLAY_BINARY_FRAME, arg->msg,
                                     arg->msg_length};
    --answers;
    wslay_event_queue_msg(ctx, &answer);
    wslay_event_queue_fragmented_msg(ctx, &fragmented);
    wslay_event_recv(ctx);
    wslay_event_send(ctx);
  }
}

static int on_genmask(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
                      void *user_data) {
  (void)ctx;
  (void)user_data;
  memset(buf, 1, len);
  return 0;
}

static const struct wslay_event_callbacks callbacks = {
    on_recv, on_send, on_genmask, NULL, on_chunk, NULL, on_message};
static const struct wslay_event_callbacks without_genmask = {
    on_recv, on_send, NULL, NULL, on_chunk, NULL, on_message};

static void start(size_t a_read, size_t a_send, int answered) {
  input_offset = 0;
  read_step = a_read;
  send_step = a_send;
  answers = answered;
}

static void server(void) {
  start(SIZE_MAX, SIZE_MAX, 2);
  wslay_event_context_server_init(&context, &callbacks, NULL);
}

static void client(void) {
  start(SIZE_MAX, SIZE_MAX, 2);
  wslay_event_context_client_init(&context, &callbacks, NULL);
}

static void end(void) {
  wslay_event_context_free(context);
  bytes_free(&input);
}

static void small_messages(void) {
  server();
  put_frame(&input, FIN | TEXT, 1, "hello", 5);
  put_frame(&input, FIN | PING, 1, payload, 125);
  put_frame(&input, TEXT, 1, "\xe2\x82", 2);
  put_frame(&input, FIN | CONT, 1, "\xac", 1);
  put_close(&input, 1, 1000, "the end");
}

static void large_message(void) {
  server();
  put_frame(&input, FIN | TEXT, 1, payload, LARGE);
}

static void large_message_to_client(void) {
  client();
  put_frame(&input, FIN | TEXT, 0, payload, LARGE);
}

static void message_a_byte_a_read(void) {
  small_messages();
  read_step = 1;
}

static void bad_frame(void) {
  server();
  put_frame(&input, FIN | RSV2 | TEXT, 1, "hello", 5);
}

static void receive(void) {
  wslay_event_recv(context);
}

static void queued_at_server(void) {
  server();
  wslay_event_queue_fragmented_msg(context, &fragmented);
  wslay_event_queue_msg(context, &text);
  wslay_event_queue_close(context, 1000, payload, 10);
}

static void fragmented_at(void) {
  server();
  wslay_event_queue_fragmented_msg(context, &fragmented);
}

static void queued_at_client(void) {
  client();
  wslay_event_queue_fragmented_msg(context, &fragmented);
  wslay_event_queue_msg(context, &text);
}

static void random_keys(void) {
  start(SIZE_MAX, SIZE_MAX, 2);
  wslay_event_context_client_init(&context, &without_genmask, NULL);
  wslay_event_queue_msg(context, &text);
}

static void slow_reader(void) {
  queued_at_client();
  send_step = 100;
}

static void send_all(void) {
  for (int i = 0; i < 100; ++i) {
    wslay_event_send(context);
  }
}

static void write_all(void) {
  static uint8_t room[1000];
  for (int i = 0; i < 100; ++i) {
    wslay_event_write(context, room, sizeof(room));
  }
}

static void make_and_queue(void) {
  wslay_event_context_server_init(&context, &callbacks, NULL);
  wslay_event_context_free(context);
  wslay_event_context_client_init(&context, &callbacks, NULL);
  wslay_event_config_set_callbacks(context, &callbacks);
  wslay_event_config_set_allowed_rsv_bits(context, WSLAY_RSV1_BIT);
  wslay_event_config_set_no_buffering(context, 0);
  wslay_event_config_set_max_recv_msg_length(context, 1000);
  wslay_event_queue_msg(context, &text);
  wslay_event_queue_msg_ex(context, &text, WSLAY_RSV1_BIT);
  wslay_event_queue_fragmented_msg(context, &fragmented);
  wslay_event_queue_fragmented_msg_ex(context, &fragmented, WSLAY_RSV1_BIT);
  wslay_event_queue_close(context, 1000, payload, 100);
}

static void look_and_stop(void) {
  wslay_event_set_error(context, 0);
  wslay_event_want_read(context);
  wslay_event_want_write(context);
  wslay_event_get_read_enabled(context);
  wslay_event_get_write_enabled(context);
  wslay_event_get_close_received(context);
  wslay_event_get_close_sent(context);
  wslay_event_get_status_code_received(context);
  wslay_event_get_status_code_sent(context);
  wslay_event_get_queued_msg_count(context);
  wslay_event_get_queued_msg_length(context);
  wslay_event_shutdown_read(context);
  wslay_event_shutdown_write(context);
}

static void free_all(void) {
  wslay_event_context_free(context);
  context = NULL;
}

static void close_after_queued(void) {
  wslayx_event_config_set_close_after_queued(context, 1);
}

const struct situation event_situations[] = {
    {"recv, small messages, answers sent inside", small_messages, receive, end,
     0},
    {"recv, a large message, answers sent inside", large_message, receive, end,
     0},
    {"recv, the same at a client", large_message_to_client, receive, end, 0},
    {"recv, a byte a read", message_a_byte_a_read, receive, end, 0},
    {"recv, a frame that is refused", bad_frame, receive, end, 0},
    {"send, at a server", queued_at_server, send_all, end, 0},
    {"send, a fragmented message", fragmented_at, send_all, end, 0},
    {"send, at a client", queued_at_client, send_all, end, 0},
    {"send, 100 bytes a call", slow_reader, send_all, end, 0},
    {"send, keys of the system's", random_keys, send_all, end, 1},
    {"write, at a server", queued_at_server, write_all, end, 1},
    {"write, at a client", queued_at_client, write_all, end, 1},
    {"init, configuration, queueing", NULL, make_and_queue, end, 0},
    {"getters, shutdown", queued_at_server, look_and_stop, end, 0},
    {"extensions of the event API", server, close_after_queued, end, 1},
    {"free with messages queued", queued_at_client, free_all, end, 0},
    {NULL, NULL, NULL, NULL, 0},
};
