/* How a connection ends, and what goes on behind its end. */
#include "connection.h"

#include "../capi-tests/frames.h"

enum { A_MIB = 1 << 20 };

static struct bytes closes(size_t count) {
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < count; i++) {
    put_close(&bytes, 1, 1000, "the end");
  }
  return bytes;
}

static struct bytes texts(size_t count) {
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < count; i++) {
    put_frame(&bytes, FIN | TEXT, 1, "hello", 5);
  }
  return bytes;
}

/* Feeds all of the bytes, however often recv must be called in vain. */
static void insist(struct connection *connection, const struct bytes *bytes,
                   size_t times) {
  for (size_t i = 0; i < times; i++) {
    connection_receive(connection, bytes->at, bytes->length, at_once);
  }
}

static void close_flood(struct play *play) {
  struct connection connection;
  struct bytes bytes = closes(play->n);
  play_begin(play);
  connection_open(&connection, play, SERVER);
  insist(&connection, &bytes, play->n);
  play_expect(play, play->figures.messages == 1, "more than one Close came");
  play_expect(play, connection_queued(&connection) == 1,
              "more than one Close waits");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* A Close in a call of its own, and messages behind it. */
static void flood_behind_a_close(struct play *play) {
  struct connection connection;
  struct bytes first = closes(1);
  struct bytes bytes = texts(play->n);
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, first.at, first.length, at_once);
  connection_send(&connection, ALL, ALL);
  insist(&connection, &bytes, play->n);
  play_expect(play, play->figures.bytes_in == first.length,
              "it is read on after a Close");
  play_end(play);
  connection_close(&connection);
  bytes_free(&first);
  bytes_free(&bytes);
}

static void flood_at_a_deaf_end(struct play *play) {
  struct connection connection;
  struct bytes bytes = texts(play->n);
  play_begin(play);
  connection_open(&connection, play, SERVER);
  play->library->shutdown_read(connection.context);
  insist(&connection, &bytes, play->n);
  play_expect(play, play->figures.bytes_in == 0, "it is read");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* The program keeps queueing after its Close. */
static void queue_behind_a_close(struct play *play) {
  static const uint8_t payload[100];
  struct wslay_event_msg message = {WSLAY_TEXT_FRAME, payload, sizeof payload};
  struct connection connection;
  size_t refused = 0;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  play->library->queue_close(connection.context, 1000, NULL, 0);
  for (size_t i = 0; i < play->n; i++) {
    refused += play->library->queue_msg(connection.context, &message, 0) != 0;
  }
  play_expect(play, refused == play->n, "it is queued");
  play_end(play);
  connection_close(&connection);
}

/* A Close while many messages wait, which are then never sent. */
static void close_before_a_backlog(struct play *play) {
  struct connection connection;
  struct bytes bytes = closes(1);
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    connection_queue(&connection, WSLAY_TEXT_FRAME, 100);
    connection_queue(&connection, WSLAY_PING, 100);
  }
  connection_receive(&connection, bytes.at, bytes.length, at_once);
  connection_send(&connection, 1, 1);
  play_expect(play, play->library->close_sent(connection.context),
              "no Close was sent");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* A text of n bytes of which the last is none of UTF-8's. */
static void bad_last_byte(struct play *play, struct pace pace) {
  struct connection connection;
  struct bytes payload = {NULL, 0, 0};
  struct bytes bytes = {NULL, 0, 0};
  while (payload.length < play->n) {
    bytes_add(&payload, "\xe2\x82\xac", 3);
  }
  bytes_add(&payload, "\xff", 1);
  put_frame(&bytes, FIN | TEXT, 1, payload.at, payload.length);
  bytes_free(&payload);
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes.at, bytes.length, pace);
  play_expect(play, play->figures.messages == 0, "a message came");
  connection_send(&connection, ALL, ALL);
  play_expect(play, play->library->code_sent(connection.context) == 1007,
              "no Close with 1007 was sent");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

static void invalid_at_its_end(struct play *play) {
  bad_last_byte(play, at_once);
}

static void invalid_at_its_end_a_byte_a_call(struct play *play) {
  bad_last_byte(play, a_byte_a_call);
}

/* Large messages, in turns with small ones; between messages nothing is held.
 */
static void large_then_idle(struct play *play) {
  static const uint8_t payload[A_MIB];
  struct connection connection;
  struct bytes bytes = {NULL, 0, 0};
  put_frame(&bytes, FIN | BINARY, 1, payload, sizeof payload);
  put_frame(&bytes, FIN | TEXT, 1, "hello", 5);
  put_frame(&bytes, FIN | PING, 1, "hello", 5);
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    connection_receive(&connection, bytes.at, bytes.length, at_once);
    connection_queue(&connection, WSLAY_BINARY_FRAME, sizeof payload);
    connection_send(&connection, 0x10000, 0x10000);
  }
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* Connections that come and go, each refused for a frame without a mask. */
static void connections_refused(struct play *play) {
  struct connection connection;
  struct bytes bytes = {NULL, 0, 0};
  put_frame(&bytes, FIN | TEXT, 0, "hello", 5);
  play_begin(play);
  for (size_t i = 0; i < play->n; i++) {
    connection_open(&connection, play, SERVER);
    connection_receive(&connection, bytes.at, bytes.length, at_once);
    connection_send(&connection, ALL, ALL);
    connection_close(&connection);
  }
  play->figures.connections = 1;
  play_end(play);
  bytes_free(&bytes);
}

#define ALL_GONE                                                               \
  { 6, 0, 0 }
#define HELD                                                                   \
  { 9, 0, 9 }
#define NOTHING_KEPT                                                           \
  { 0, 0, 0 }

const struct scenario endings[] = {
    {"Close frames", close_flood, 25000, 0, NOTHING_KEPT},
    {"messages behind a Close", flood_behind_a_close, 25000, 0, NOTHING_KEPT},
    {"messages where reading is disabled", flood_at_a_deaf_end, 25000, 0,
     NOTHING_KEPT},
    {"queueing behind a Close", queue_behind_a_close, 100000, 0, NOTHING_KEPT},
    {"a Close before a backlog", close_before_a_backlog, 5000, 0, HELD},
    {"a text whose last byte is invalid", invalid_at_its_end, 1 << 20, 0,
     ALL_GONE},
    {"the same, a byte a call", invalid_at_its_end_a_byte_a_call, 1 << 18, 0,
     ALL_GONE},
    {"messages of 1 MiB, then idle", large_then_idle, 1, 0, ALL_GONE},
    {"connections with a bad first frame", connections_refused, 25000, 0,
     NOTHING_KEPT},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
