/* Messages in pieces, and many of them. */
#include "connection.h"

#include "../capi-tests/frames.h"

static void play_bytes(struct play *play, const struct bytes *bytes,
                       struct pace pace, size_t message_length) {
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes->at, bytes->length, pace);
  play_expect(play, play->figures.bytes_in == bytes->length,
              "not all was read");
  if (message_length > 0) {
    play_expect(play, play->figures.messages == 1, "no message came");
    play_expect(play, connection.last_message == message_length,
                "the message has another length");
  }
  play_end(play);
  connection_close(&connection);
}

/* n fragments of `argument` bytes and an empty last one. */
static struct bytes in_fragments(const struct play *play, int opcode,
                                 const char *payload) {
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < play->n; i++) {
    put_frame(&bytes, i == 0 ? opcode : CONT, 1, payload,
              (size_t)play->scenario->argument);
  }
  put_frame(&bytes, FIN | CONT, 1, NULL, 0);
  return bytes;
}

static void small_fragments(struct play *play) {
  struct bytes bytes = in_fragments(play, BINARY, "xyz");
  play_bytes(play, &bytes, at_once, play->n * (size_t)play->scenario->argument);
  bytes_free(&bytes);
}

static void empty_fragments_a_byte_a_call(struct play *play) {
  struct bytes bytes = in_fragments(play, TEXT, "");
  play_bytes(play, &bytes, a_byte_a_call, 0);
  bytes_free(&bytes);
}

static void unfinished(struct play *play) {
  struct bytes bytes = in_fragments(play, BINARY, "x");
  bytes.length -= 6;
  play_bytes(play, &bytes, at_once, 0);
  play_expect(play, play->figures.messages == 0, "a message came");
  bytes_free(&bytes);
}

/* Each fragment holds a byte of a code point of three. */
static void code_points_in_pieces(struct play *play) {
  static const char euro[] = "\xe2\x82\xac";
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < 3 * play->n; i++) {
    put_frame(&bytes, i == 0 ? TEXT : CONT, 1, euro + i % 3, 1);
  }
  put_frame(&bytes, FIN | CONT, 1, NULL, 0);
  play_bytes(play, &bytes, at_once, 3 * play->n);
  bytes_free(&bytes);
}

/* Every frame's header comes with one byte of its payload, and the rest alone:
   what a receiver reads straight into the message comes in between. */
static void rests_apart(struct play *play) {
  static uint8_t payload[0x10000];
  size_t size = (size_t)play->scenario->argument;
  struct connection connection;
  struct bytes frame = {NULL, 0, 0};
  struct bytes first = {NULL, 0, 0};
  put_frame(&frame, CONT, 1, payload, size);
  put_frame(&first, BINARY, 1, payload, size);
  size_t header = frame.length - size;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  for (size_t i = 0; i < play->n; i++) {
    const uint8_t *at = i == 0 ? first.at : frame.at;
    connection_receive(&connection, at, header + 1, at_once);
    connection_receive(&connection, at + header + 1, size - 1, at_once);
  }
  play_expect(play, play->figures.bytes_in == play->n * frame.length,
              "not all was read");
  play_end(play);
  connection_close(&connection);
  bytes_free(&frame);
  bytes_free(&first);
}

static void not_buffered(struct play *play) {
  struct connection connection;
  struct bytes bytes = in_fragments(play, BINARY, "xyz");
  play_begin(play);
  connection_open(&connection, play, SERVER);
  play->library->set_no_buffering(connection.context, 1);
  connection_receive(&connection, bytes.at, bytes.length, at_once);
  play_expect(play, play->figures.messages == 1, "no message came");
  play_end(play);
  connection_close(&connection);
  bytes_free(&bytes);
}

#define ALL_GONE                                                               \
  { 6, 0, 0 }
#define HELD                                                                   \
  { 6, 0, 6 }
#define NOTHING_KEPT                                                           \
  { 0, 0, 0 }

const struct scenario fragments[] = {
    {"empty fragments", small_fragments, 25000, 0, NOTHING_KEPT},
    {"empty fragments, a byte a call", empty_fragments_a_byte_a_call, 25000, 0,
     NOTHING_KEPT},
    {"fragments of a byte", small_fragments, 25000, 1, ALL_GONE},
    {"fragments of a byte, unfinished", unfinished, 25000, 1, HELD},
    {"code points in fragments of a byte", code_points_in_pieces, 8000, 0,
     ALL_GONE},
    {"fragments of 4,097 bytes, rests apart", rests_apart, 1000, 4097, HELD},
    {"fragments of 5,000 bytes, rests apart", rests_apart, 1000, 5000, HELD},
    {"fragments of 20,000 bytes, rests apart", rests_apart, 250, 20000, HELD},
    {"fragments, not buffered", not_buffered, 25000, 3, NOTHING_KEPT},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
