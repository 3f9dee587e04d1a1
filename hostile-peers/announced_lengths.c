/* Peers that announce much and send little. */
#include "connection.h"

#include <stdlib.h>

#include "../capi-tests/frames.h"

/* A binary frame's header, masked, and the first byte of its payload. */
static struct bytes announcement(uint64_t length) {
  struct bytes bytes = {NULL, 0, 0};
  put_header(&bytes, FIN | BINARY, 1, length, SHORTEST);
  bytes_add_byte(&bytes, 0);
  return bytes;
}

static void open_and_feed_all(struct play *play, const struct bytes *bytes) {
  struct connection *connections = calloc(play->n, sizeof *connections);
  play_begin(play);
  for (size_t i = 0; i < play->n; i++) {
    connection_open(&connections[i], play, SERVER);
    connection_receive(&connections[i], bytes->at, bytes->length, at_once);
    play_expect(play, connections[i].result == 0, "recv failed");
  }
  play_end(play);
  for (size_t i = 0; i < play->n; i++) {
    connection_close(&connections[i]);
  }
  free(connections);
}

static void silence_after_a_byte(struct play *play) {
  struct bytes bytes = announcement(play->scenario->argument);
  open_and_feed_all(play, &bytes);
  bytes_free(&bytes);
}

/* `argument` bytes of a header. */
static void silence_in_the_header(struct play *play) {
  struct bytes bytes = announcement((uint64_t)1 << 62);
  bytes.length = (size_t)play->scenario->argument;
  open_and_feed_all(play, &bytes);
  bytes_free(&bytes);
}

/* A message of `argument` bytes half of which have come. */
static void silence_at_half(struct play *play) {
  size_t half = (size_t)play->scenario->argument / 2;
  struct bytes bytes = announcement(play->scenario->argument);
  while (half-- > 1) {
    bytes_add_byte(&bytes, 0);
  }
  open_and_feed_all(play, &bytes);
  bytes_free(&bytes);
}

/* n bytes of an announced payload, each in a call of its own. */
static void trickle(struct play *play) {
  struct connection connection;
  struct bytes bytes = announcement(play->scenario->argument);
  for (size_t i = 0; i < play->n; i++) {
    bytes_add_byte(&bytes, (int)(i & 0xff));
  }
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes.at, bytes.length, a_byte_a_call);
  play_expect(play, play->figures.bytes_in == bytes.length, "not all was read");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

/* A fragment of a byte and half a Ping: something of each kind is under way. */
static void silence_amid_a_ping(struct play *play) {
  struct bytes bytes = {NULL, 0, 0};
  put_frame(&bytes, TEXT, 1, "x", 1);
  put_header(&bytes, FIN | PING, 1, 125, SHORTEST);
  bytes_add_byte(&bytes, 0);
  open_and_feed_all(play, &bytes);
  bytes_free(&bytes);
}

/* A length that no frame may have: RFC 6455 section 5.2. */
static void too_long_for_any_frame(struct play *play) {
  struct bytes bytes = announcement(play->scenario->argument);
  struct connection *connections = calloc(play->n, sizeof *connections);
  play_begin(play);
  for (size_t i = 0; i < play->n; i++) {
    connection_open(&connections[i], play, SERVER);
    connection_receive(&connections[i], bytes.at, bytes.length, at_once);
    play_expect(play, !play->library->want_read(connections[i].context),
                "it is read on");
    connection_send(&connections[i], ALL, ALL);
  }
  play_end(play);
  for (size_t i = 0; i < play->n; i++) {
    connection_close(&connections[i]);
  }
  free(connections);
  bytes_free(&bytes);
}

/* The same at clients, one after the other. */
static void byte_to_a_client(struct play *play) {
  struct connection connection;
  struct bytes bytes = {NULL, 0, 0};
  put_header(&bytes, BINARY, 0, play->scenario->argument, SHORTEST);
  bytes_add_byte(&bytes, 0);
  play_begin(play);
  for (size_t i = 0; i < play->n; i++) {
    connection_open(&connection, play, CLIENT);
    connection_receive(&connection, bytes.at, bytes.length, at_once);
    if (i + 1 < play->n) {
      connection_close(&connection);
    }
  }
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

#define TWO_GIB ((uint64_t)0x7fffffff)
#define LONGEST (((uint64_t)1 << 63) - 1)
#define SOME_THOUSAND 2500
#define HELD                                                                   \
  { 6, 0, 6 }

const struct scenario announced_lengths[] = {
    {"connected, silent", silence_in_the_header, SOME_THOUSAND, 0, HELD},
    {"half a header, silent", silence_in_the_header, SOME_THOUSAND, 7, HELD},
    {"a header, silent", silence_in_the_header, SOME_THOUSAND, 14, HELD},
    {"4 KiB announced, a byte, silent", silence_after_a_byte, SOME_THOUSAND,
     4096, HELD},
    {"64 KiB announced, a byte, silent", silence_after_a_byte, SOME_THOUSAND,
     0x10000, HELD},
    {"2^31-1 announced, a byte, silent", silence_after_a_byte, SOME_THOUSAND,
     TWO_GIB, HELD},
    {"2^62 announced, a byte, silent", silence_after_a_byte, SOME_THOUSAND,
     (uint64_t)1 << 62, HELD},
    {"2^63-1 announced, a byte, silent", silence_after_a_byte, SOME_THOUSAND,
     LONGEST, HELD},
    {"2^63 announced", too_long_for_any_frame, SOME_THOUSAND, (uint64_t)1 << 63,
     HELD},
    {"2^64-1 announced", too_long_for_any_frame, SOME_THOUSAND, UINT64_MAX,
     HELD},
    {"2^62 announced to clients, a byte", byte_to_a_client, SOME_THOUSAND,
     (uint64_t)1 << 62, HELD},
    {"a fragment and half a Ping, silent", silence_amid_a_ping, SOME_THOUSAND,
     0, HELD},
    {"64 KiB announced, half, silent", silence_at_half, 50, 0x10000, HELD},
    {"2^31-1 announced, a byte a call", trickle, 1 << 17, TWO_GIB, HELD},
    {"2^62 announced, a byte a call", trickle, 1 << 17, (uint64_t)1 << 62,
     HELD},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
