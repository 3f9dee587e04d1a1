/* Peers that read slowly, and long queues. */
#include "connection.h"

static void queue_many(struct connection *connection, size_t count,
                       size_t length) {
  for (size_t i = 0; i < count; i++) {
    connection_queue(connection, WSLAY_TEXT_FRAME, length);
  }
}

/* n messages of `argument` bytes are queued and sent at the given pace. */
static void drain(struct play *play, enum role role, size_t a_call,
                  size_t a_write) {
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, role);
  queue_many(&connection, play->n, (size_t)play->scenario->argument);
  connection_send(&connection, a_call, a_write);
  play_expect(play, connection_queued(&connection) == 0, "not all was sent");
  play_end(play);
  connection_close(&connection);
}

static void server_at_once(struct play *play) {
  drain(play, SERVER, ALL, ALL);
}

static void client_at_once(struct play *play) {
  drain(play, CLIENT, ALL, ALL);
}

static void server_a_byte_a_call(struct play *play) {
  drain(play, SERVER, 1, 1);
}

static void client_a_byte_a_call(struct play *play) {
  drain(play, CLIENT, 1, 1);
}

static void server_100_bytes_a_call(struct play *play) {
  drain(play, SERVER, 100, 100);
}

static void client_100_bytes_a_call(struct play *play) {
  drain(play, CLIENT, 100, 100);
}

/* Through wslay_event_write, which wslay 1.1.1 does not have. */
static void written(struct play *play, enum role role) {
  uint8_t room[16];
  struct connection connection;
  ssize_t count;
  play->absent = play->library->write == NULL;
  if (play->absent) {
    return;
  }
  play_begin(play);
  connection_open(&connection, play, role);
  queue_many(&connection, play->n, (size_t)play->scenario->argument);
  do {
    play->figures.calls++;
    count = play->library->write(connection.context, room, sizeof room);
    play->figures.bytes_out += count > 0 ? (uint64_t)count : 0;
  } while (count > 0);
  play_expect(play, connection_queued(&connection) == 0, "not all was written");
  play_end(play);
  connection_close(&connection);
}

static void server_writes(struct play *play) {
  written(play, SERVER);
}

static void client_writes(struct play *play) {
  written(play, CLIENT);
}

/* n messages wait already; each that is queued then comes after one was sent.
 */
static void steady_backlog(struct play *play) {
  size_t length = (size_t)play->scenario->argument;
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  queue_many(&connection, play->n, length);
  for (size_t i = 0; i < 2 * play->n; i++) {
    connection.writable = length + 2;
    connection.write_step = ALL;
    play->library->send(connection.context);
    connection_queue(&connection, WSLAY_TEXT_FRAME, length);
  }
  play_expect(play, connection_queued(&connection) == play->n,
              "the backlog has another length");
  play_end(play);
  connection_close(&connection);
}

static void never_sent(struct play *play) {
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  queue_many(&connection, play->n, (size_t)play->scenario->argument);
  connection_send(&connection, 0, 0);
  play_end(play);
  connection_close(&connection);
}

/* The program pings at each turn, so that control frames always wait. */
static void pings_between(struct play *play) {
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  queue_many(&connection, play->n, (size_t)play->scenario->argument);
  for (size_t i = 0; i < play->n; i++) {
    connection_queue(&connection, WSLAY_PING, 1);
    connection.writable = 3 + 1;
    connection.write_step = ALL;
    play->library->send(connection.context);
  }
  connection_send(&connection, ALL, ALL);
  play_expect(play, connection_queued(&connection) == 0, "not all was sent");
  play_end(play);
  connection_close(&connection);
}

/* What is left of a fragmented message, or of the times that it has nothing. */
static ssize_t give_a_byte(event_context context, uint8_t *buf, size_t len,
                           const union wslay_event_msg_source *source, int *eof,
                           void *user_data) {
  size_t *left = source->data;
  struct connection *connection = user_data;
  (void)context;
  (void)len;
  connection->play->figures.calls++;
  *buf = 'x';
  *eof = --*left == 0;
  return 1;
}

static ssize_t give_nothing(event_context context, uint8_t *buf, size_t len,
                            const union wslay_event_msg_source *source,
                            int *eof, void *user_data) {
  size_t *left = source->data;
  struct connection *connection = user_data;
  (void)context;
  (void)buf;
  (void)len;
  connection->play->figures.calls++;
  *eof = *left == 0;
  if (*left > 0) {
    --*left;
  }
  return 0;
}

static void fragments_of_a_byte(struct play *play) {
  size_t left = play->n;
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_queue_fragmented(&connection, give_a_byte, &left);
  connection_send(&connection, ALL, ALL);
  play_expect(play, connection_queued(&connection) == 0, "not all was sent");
  play_end(play);
  connection_close(&connection);
}

static void source_without_data(struct play *play) {
  size_t left = play->n;
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_queue_fragmented(&connection, give_nothing, &left);
  for (size_t i = 0; i <= play->n; i++) {
    connection.writable = ALL;
    connection.write_step = ALL;
    play->library->send(connection.context);
  }
  play_expect(play, connection_queued(&connection) == 0, "not all was sent");
  play_end(play);
  connection_close(&connection);
}

/* n fragmented messages with a plain one behind each. */
static void fragmented_messages(struct play *play) {
  size_t left = (size_t)-1;
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    connection_queue_fragmented(&connection, give_nothing, &left);
    connection_queue(&connection, WSLAY_TEXT_FRAME, 1);
  }
  left = 0;
  connection_send(&connection, ALL, ALL);
  play_expect(play, connection_queued(&connection) == 0, "not all was sent");
  play_end(play);
  connection_close(&connection);
}

#define ALL_GONE                                                               \
  { 9, 0, 0 }
#define HELD                                                                   \
  { 9, 0, 9 }
#define NOTHING_KEPT                                                           \
  { 0, 0, 0 }
#define WAITING_SOURCES                                                        \
  { 16, 0, 0 }

const struct scenario sending[] = {
    {"messages of a byte", server_at_once, 25000, 1, ALL_GONE},
    {"messages of a byte, of a client", client_at_once, 25000, 1, ALL_GONE},
    {"messages of 100 bytes, a byte a call", server_a_byte_a_call, 5000, 100,
     ALL_GONE},
    {"messages of 100 bytes, 100 a call", server_100_bytes_a_call, 20000, 100,
     ALL_GONE},
    {"of a client, a byte a call", client_a_byte_a_call, 5000, 100, ALL_GONE},
    {"of a client, 100 a call", client_100_bytes_a_call, 20000, 100, ALL_GONE},
    {"messages of 10,000 bytes, 100 a call", server_100_bytes_a_call, 400,
     10000, ALL_GONE},
    {"of a client, 10,000 bytes, 100 a call", client_100_bytes_a_call, 400,
     10000, ALL_GONE},
    {"messages written in 16 bytes", server_writes, 10000, 100, ALL_GONE},
    {"of a client, in 16 bytes", client_writes, 10000, 100, ALL_GONE},
    {"a backlog that stays", steady_backlog, 5000, 100, HELD},
    {"a backlog that is never sent", never_sent, 20000, 100, HELD},
    {"Pings between messages", pings_between, 20000, 2, ALL_GONE},
    {"a source that gives a byte a frame", fragments_of_a_byte, 25000, 0,
     NOTHING_KEPT},
    {"a source that has nothing yet", source_without_data, 25000, 0,
     NOTHING_KEPT},
    {"fragmented messages", fragmented_messages, 5000, 0, WAITING_SOURCES},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
