/* The callbacks, and the calls that drive them. */
#include "connection.h"

#include <string.h>

const struct pace at_once = {ALL, ALL};
const struct pace a_byte_a_call = {1, 1};
const struct pace a_byte_a_read = {ALL, 1};

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

static ssize_t on_recv(event_context context, uint8_t *buf, size_t len,
                       int flags, void *user_data) {
  struct connection *connection = user_data;
  size_t count = least(least(len, connection->read_step),
                       least(connection->readable, connection->input_left));
  (void)flags;
  connection->play->figures.calls++;
  if (count == 0) {
    connection->play->library->set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy(buf, connection->input, count);
  connection->input += count;
  connection->input_left -= count;
  connection->readable -= count;
  connection->play->figures.bytes_in += count;
  return (ssize_t)count;
}

static ssize_t on_send(event_context context, const uint8_t *data, size_t len,
                       int flags, void *user_data) {
  struct connection *connection = user_data;
  size_t count =
      least(len, least(connection->write_step, connection->writable));
  (void)data;
  (void)flags;
  connection->play->figures.calls++;
  if (count == 0) {
    connection->play->library->set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  connection->writable -= count;
  connection->play->figures.bytes_out += count;
  return (ssize_t)count;
}

static int on_genmask(event_context context, uint8_t *buf, size_t len,
                      void *user_data) {
  struct connection *connection = user_data;
  (void)context;
  connection->play->figures.calls++;
  memset(buf, 0x5a, len);
  return 0;
}

static void on_message(event_context context,
                       const struct wslay_event_on_msg_recv_arg *arg,
                       void *user_data) {
  struct connection *connection = user_data;
  struct play *play = connection->play;
  play->figures.calls++;
  play->figures.messages++;
  connection->last_message = arg->msg_length;
  play_saw_queue(play, play->library->queued_count(context));
}

void connection_open(struct connection *connection, struct play *play,
                     enum role role) {
  const struct library *library = play->library;
  struct wslay_event_callbacks callbacks = {on_recv, on_send, on_genmask, NULL,
                                            NULL,    NULL,    on_message};
  memset(connection, 0, sizeof *connection);
  connection->play = play;
  play->figures.connections++;
  int result = (role == SERVER ? library->server_init : library->client_init)(
      &connection->context, &callbacks, connection);
  play_expect(play, result == 0, "a context could not be made");
  library->set_max_length(connection->context, UINT64_MAX);
}

void connection_close(struct connection *connection) {
  connection->play->library->free(connection->context);
}

void connection_receive(struct connection *connection, const void *bytes,
                        size_t length, struct pace pace) {
  const struct library *library = connection->play->library;
  size_t left_before;
  connection->input = bytes;
  connection->input_left = length;
  connection->read_step = pace.a_read;
  do {
    left_before = connection->input_left;
    connection->readable = pace.a_call;
    connection->play->figures.calls++;
    connection->result = library->recv(connection->context);
    play_saw_queue(connection->play,
                   library->queued_count(connection->context));
  } while (connection->input_left > 0 && connection->input_left < left_before &&
           library->want_read(connection->context));
}

void connection_send(struct connection *connection, size_t a_call,
                     size_t a_write) {
  const struct library *library = connection->play->library;
  uint64_t out_before;
  connection->write_step = a_write;
  do {
    out_before = connection->play->figures.bytes_out;
    connection->writable = a_call;
    connection->play->figures.calls++;
    connection->result = library->send(connection->context);
  } while (connection->play->figures.bytes_out > out_before &&
           library->want_write(connection->context));
}

void connection_queue(struct connection *connection, uint8_t opcode,
                      size_t length) {
  static const uint8_t zeros[LONGEST_QUEUED];
  struct wslay_event_msg message = {opcode, zeros, length};
  struct play *play = connection->play;
  size_t header = length < 126 ? 2 : length < 0x10000 ? 4 : 10;
  play->figures.calls++;
  play->figures.bytes_queued += header + length;
  play->figures.queued_by_program++;
  play_expect(play,
              play->library->queue_msg(connection->context, &message, 0) == 0,
              "a message could not be queued");
}

void connection_queue_fragmented(struct connection *connection,
                                 wslay_event_fragmented_msg_callback source,
                                 void *data) {
  struct wslay_event_fragmented_msg message = {
      WSLAY_BINARY_FRAME, {.data = data}, source};
  struct play *play = connection->play;
  play->figures.calls++;
  play->figures.bytes_queued += sizeof message;
  play->figures.queued_by_program++;
  play_expect(
      play,
      play->library->queue_fragmented(connection->context, &message, 0) == 0,
      "a fragmented message could not be queued");
}

size_t connection_queued(const struct connection *connection) {
  return connection->play->library->queued_count(connection->context);
}
