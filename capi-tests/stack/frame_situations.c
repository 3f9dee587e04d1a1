/* The frame API. */
#include "situations.h"

#include <string.h>
#include <wslay/wslay.h>

#include "../bytes.h"
#include "../frames.h"

static wslay_frame_context_ptr context;
static struct bytes input;
static size_t input_offset;
static const uint8_t payload[20000];
static struct wslay_frame_iocb frame;

static ssize_t on_send(const uint8_t *data, size_t len, int flags,
                       void *user_data) {
  (void)data;
  (void)flags;
  (void)user_data;
  return (ssize_t)(len < 1000 ? len : 1000);
}

static ssize_t on_recv(uint8_t *buf, size_t len, int flags, void *user_data) {
  size_t count = input.length - input_offset;
  (void)flags;
  (void)user_data;
  count = count < len ? count : len;
  memcpy(buf, input.at + input_offset, count);
  input_offset += count;
  return count > 0 ? (ssize_t)count : -1;
}

static int on_genmask(uint8_t *buf, size_t len, void *user_data) {
  (void)user_data;
  memset(buf, 1, len);
  return 0;
}

static const struct wslay_frame_callbacks callbacks = {on_send, on_recv,
                                                       on_genmask};
static const struct wslay_frame_callbacks without_genmask = {on_send, on_recv,
                                                             NULL};

static void put_out(void) {
  memset(&frame, 0, sizeof(frame));
  frame.fin = 1;
  frame.opcode = WSLAY_BINARY_FRAME;
  frame.mask = 1;
  frame.payload_length = sizeof(payload);
  frame.data = payload;
  frame.data_length = sizeof(payload);
}

static void with_genmask(void) {
  wslay_frame_context_init(&context, &callbacks, NULL);
  put_out();
  input_offset = 0;
  put_frame(&input, FIN | TEXT, 1, payload, sizeof(payload));
}

static void random_keys(void) {
  wslay_frame_context_init(&context, &without_genmask, NULL);
  put_out();
}

static void end(void) {
  wslay_frame_context_free(context);
  bytes_free(&input);
}

static void init_and_free(void) {
  wslay_frame_context_init(&context, &callbacks, NULL);
  wslay_frame_context_free(context);
  context = NULL;
}

static void send_all(void) {
  while (frame.data_length > 0) {
    ssize_t sent = wslay_frame_send(context, &frame);
    if (sent < 0) {
      return;
    }
    frame.data += sent;
    frame.data_length -= (size_t)sent;
  }
}

static void write_all(void) {
  static uint8_t room[1000];
  while (frame.data_length > 0) {
    size_t written = 0;
    if (wslay_frame_write(context, &frame, room, sizeof(room), &written) <= 0) {
      return;
    }
    frame.data += written;
    frame.data_length -= written;
  }
}

static void receive_all(void) {
  while (wslay_frame_recv(context, &frame) >= 0) {
  }
}

const struct situation frame_situations[] = {
    {"frame_send", with_genmask, send_all, end, 0},
    {"frame_send, a key of the system's", random_keys, send_all, end, 1},
    {"frame_write", with_genmask, write_all, end, 1},
    {"frame_recv", with_genmask, receive_all, end, 0},
    {"frame_context_init, _free", NULL, init_and_free, end, 0},
    {NULL, NULL, NULL, NULL, 0},
};
