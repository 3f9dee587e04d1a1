/* Peers whose bytes come one at a time. */
#include "connection.h"

#include "../capi-tests/frames.h"

static void deliver(struct play *play, struct bytes *bytes, struct pace pace,
                    size_t messages) {
  struct connection connection;
  play_begin(play);
  connection_open(&connection, play, SERVER);
  connection_receive(&connection, bytes->at, bytes->length, pace);
  play_expect(play, play->figures.bytes_in == bytes->length,
              "not all was read");
  play_expect(play, play->figures.messages == messages,
              "not every message came");
  play_end(play);
  connection_close(&connection);
  bytes_free(bytes);
}

/* A message of n bytes; `argument` is its opcode. */
static struct bytes large_message(const struct play *play) {
  struct bytes payload = {NULL, 0, 0};
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i + 2 < play->n; i += 3) {
    bytes_add(&payload, "\xe2\x82\xac", 3);
  }
  put_frame(&bytes, FIN | (int)play->scenario->argument, 1, payload.at,
            payload.length);
  bytes_free(&payload);
  return bytes;
}

static void message_a_byte_a_call(struct play *play) {
  struct bytes bytes = large_message(play);
  deliver(play, &bytes, a_byte_a_call, 1);
}

static void message_a_byte_a_read(struct play *play) {
  struct bytes bytes = large_message(play);
  deliver(play, &bytes, a_byte_a_read, 1);
}

static void message_at_once(struct play *play) {
  struct bytes bytes = large_message(play);
  deliver(play, &bytes, at_once, 1);
}

/* n frames of `argument` bytes. */
static struct bytes small_frames(const struct play *play) {
  static const char payload[200] = "";
  struct bytes bytes = {NULL, 0, 0};
  for (size_t i = 0; i < play->n; i++) {
    put_frame(&bytes, FIN | TEXT, 1, payload, (size_t)play->scenario->argument);
  }
  return bytes;
}

static void frames_a_byte_a_call(struct play *play) {
  struct bytes bytes = small_frames(play);
  deliver(play, &bytes, a_byte_a_call, play->n);
}

static void frames_a_byte_a_read(struct play *play) {
  struct bytes bytes = small_frames(play);
  deliver(play, &bytes, a_byte_a_read, play->n);
}

static ssize_t next_byte(uint8_t *buf, size_t len, int flags, void *user_data) {
  struct connection *connection = user_data;
  (void)flags;
  connection->play->figures.calls++;
  if (len == 0 || connection->input_left == 0) {
    return -1;
  }
  *buf = *connection->input++;
  connection->input_left--;
  connection->play->figures.bytes_in++;
  return 1;
}

/* One frame of n bytes through the frame API. */
static void frame_api(struct play *play) {
  struct connection peer;
  struct wslay_frame_callbacks callbacks = {NULL, next_byte, NULL};
  struct wslay_frame_iocb iocb;
  struct bytes bytes = large_message(play);
  frame_context context;
  play_begin(play);
  peer.play = play;
  peer.input = bytes.at;
  peer.input_left = bytes.length;
  play->figures.connections = 1;
  play_expect(play, play->library->frame_init(&context, &callbacks, &peer) == 0,
              "a context could not be made");
  while (peer.input_left > 0) {
    play->library->frame_recv(context, &iocb);
  }
  play_end(play);
  play->library->frame_free(context);
  bytes_free(&bytes);
}

#define ALL_GONE                                                               \
  { 6, 0, 0 }
#define NOTHING_KEPT                                                           \
  { 0, 0, 0 }
/* C wslay has 4 KiB in it for input, and so has this library. */
#define FRAME_CONTEXT                                                          \
  { 0, 5 * 1024, 0 }

const struct scenario trickles[] = {
    {"a binary message, a byte a call", message_a_byte_a_call, 1 << 18, BINARY,
     ALL_GONE},
    {"a text message, a byte a call", message_a_byte_a_call, 1 << 18, TEXT,
     ALL_GONE},
    {"a text message, a byte a read", message_a_byte_a_read, 1 << 18, TEXT,
     ALL_GONE},
    {"a text message at once", message_at_once, 1 << 20, TEXT, ALL_GONE},
    {"frames of 125 bytes, a byte a call", frames_a_byte_a_call, 2000, 125,
     NOTHING_KEPT},
    {"frames of 125 bytes, a byte a read", frames_a_byte_a_read, 2000, 125,
     NOTHING_KEPT},
    {"frames of 126 bytes, a byte a call", frames_a_byte_a_call, 2000, 126,
     NOTHING_KEPT},
    {"empty frames, a byte a call", frames_a_byte_a_call, 25000, 0,
     NOTHING_KEPT},
    {"the frame API, a byte a call", frame_api, 1 << 18, BINARY, FRAME_CONTEXT},
    {NULL, NULL, 0, 0, {0, 0, 0}},
};
