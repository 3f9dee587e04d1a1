/* Pings without end, of a peer that does not read the Pongs. */
#include "connection.h"

#include "../capi-tests/frames.h"

static const uint8_t zeros[125];

static struct bytes many_pings(const struct play *play, enum role role) {
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < play->n; i++) {
    put_frame(&bytes, FIN | PING, role == SERVER, zeros,
              (size_t)play->scenario->argument);
  }
  return bytes;
}

static void flood(struct play *play, enum role role, size_t half_sent,
                  struct pace pace) {
  struct connection connection;
  struct bytes bytes = many_pings(play, role);
  play_begin(play);
  connection_open(&connection, play, role);
  if (half_sent > 0) {
    connection_queue(&connection, WSLAY_BINARY_FRAME, half_sent);
    connection.writable = half_sent / 2;
    connection.write_step = ALL;
    play->library->send(connection.context);
  }
  connection_receive(&connection, bytes.at, bytes.length, pace);
  play_expect(play, play->figures.messages == play->n,
              "not every Ping was reported");
  play_end(play);
  connection_send(&connection, ALL, ALL);
  play_expect(play, connection_queued(&connection) == 0,
              "not all Pongs can be sent in the end");
  connection_close(&connection);
  bytes_free(&bytes);
}

static void to_a_server(struct play *play) {
  flood(play, SERVER, 0, at_once);
}

static void to_a_client(struct play *play) {
  flood(play, CLIENT, 0, at_once);
}

static void a_byte_a_call_each(struct play *play) {
  flood(play, SERVER, 0, a_byte_a_call);
}

static void behind_a_half_sent_message(struct play *play) {
  flood(play, SERVER, 0x10000, at_once);
}

static void behind_a_half_sent_message_of_a_client(struct play *play) {
  flood(play, CLIENT, 0x10000, at_once);
}

/* The first Pong is half sent when the others come. */
static void behind_a_half_sent_pong(struct play *play) {
  struct connection connection;
  struct bytes bytes = many_pings(play, SERVER);
  size_t one = bytes.length / play->n;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes.at, one, at_once);
  connection.writable = 3;
  connection.write_step = ALL;
  play->library->send(connection.context);
  connection_receive(&connection, bytes.at + one, bytes.length - one, at_once);
  play_end(play);
  connection_send(&connection, ALL, ALL);
  play_expect(play, connection_queued(&connection) == 0,
              "not all Pongs can be sent in the end");
  connection_close(&connection);
  bytes_free(&bytes);
}

/* The peer reads a byte for every Ping that it sends. */
static void read_too_slowly(struct play *play) {
  struct connection connection;
  struct bytes bytes = many_pings(play, SERVER);
  size_t one = bytes.length / play->n;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    connection_receive(&connection, bytes.at + i * one, one, at_once);
    connection.writable = 1;
    connection.write_step = 1;
    play->library->send(connection.context);
  }
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* A peer that reads gets a Pong for every Ping. */
static void read_at_once(struct play *play) {
  struct connection connection;
  struct bytes bytes = many_pings(play, SERVER);
  size_t one = bytes.length / play->n;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    connection_receive(&connection, bytes.at + i * one, one, at_once);
    connection_send(&connection, ALL, ALL);
  }
  play_expect(
      play, play->figures.bytes_out == play->n * (2 + play->scenario->argument),
      "not every Ping was answered");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* A Ping behind each empty fragment of a message that never ends. */
static void between_fragments(struct play *play) {
  struct connection connection;
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < play->n; i++) {
    put_frame(&bytes, i == 0 ? TEXT : CONT, 1, NULL, 0);
    put_frame(&bytes, FIN | PING, 1, zeros, (size_t)play->scenario->argument);
  }
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes.at, bytes.length, at_once);
  play_expect(play, play->figures.messages == play->n,
              "not every Ping was reported");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* Pongs that nobody asked for need no answer. */
static void unasked_pongs(struct play *play) {
  struct connection connection;
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < play->n; i++) {
    put_frame(&bytes, FIN | PONG, 1, zeros, (size_t)play->scenario->argument);
  }
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes.at, bytes.length, at_once);
  play_expect(play, connection_queued(&connection) == 0, "they are answered");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* Ping, and a Close at the end, which drops the Pongs (contract S3). */
static void close_behind_them(struct play *play) {
  struct connection connection;
  struct bytes bytes = many_pings(play, SERVER);
  put_close(&bytes, 1, 1000, "");
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes.at, bytes.length, at_once);
  connection_send(&connection, 1, 1);
  play_expect(play, play->library->close_sent(connection.context),
              "no Close was sent");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* The program's own Pings are its own matter: they all go out. */
static void among_own_pings(struct play *play) {
  enum { OWN = 100 };
  struct connection connection;
  struct bytes bytes = many_pings(play, SERVER);
  size_t one = bytes.length / play->n;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    connection_receive(&connection, bytes.at + i * one, one, at_once);
    if (i % (play->n / OWN) == 0) {
      connection_queue(&connection, WSLAY_PING, 10);
    }
  }
  play_expect(play, connection_queued(&connection) >= OWN,
              "own Pings were dropped");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* For all Pongs that may wait, and what a growing buffer has to spare. */
#define BOUNDED                                                                \
  { 0, 64 * 1024, 0 }
#define NOTHING_KEPT                                                           \
  { 0, 0, 0 }
#define HALF_SENT                                                              \
  { 6, 128 * 1024, 0 }

const struct scenario pings[] = {
    {"Pings, nothing read", to_a_server, 25000, 125, BOUNDED},
    {"empty Pings, nothing read", to_a_server, 25000, 0, BOUNDED},
    {"Pings to a client, nothing read", to_a_client, 25000, 125, BOUNDED},
    {"Pings, a byte a call, nothing read", a_byte_a_call_each, 5000, 10,
     BOUNDED},
    {"Pings behind a half-sent message", behind_a_half_sent_message, 25000, 125,
     HALF_SENT},
    {"the same at a client", behind_a_half_sent_message_of_a_client, 25000, 125,
     HALF_SENT},
    {"Pings behind a half-sent Pong", behind_a_half_sent_pong, 25000, 125,
     BOUNDED},
    {"Pings, a byte read for each", read_too_slowly, 25000, 125, BOUNDED},
    {"Pings, all Pongs read", read_at_once, 25000, 125, NOTHING_KEPT},
    {"Pings between empty fragments", between_fragments, 12500, 125, BOUNDED},
    {"Pings among the program's own", among_own_pings, 25000, 125, BOUNDED},
    {"Pings, then a Close", close_behind_them, 25000, 125, BOUNDED},
    {"Pongs that nobody asked for", unasked_pongs, 25000, 125, NOTHING_KEPT},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
