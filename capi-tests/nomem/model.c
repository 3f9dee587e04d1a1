/* Compares the bytes that went out with the messages that were accepted. */
#include "session.h"

#include <string.h>

void put_text(struct bytes *to, uint32_t seed, size_t length) {
  size_t i;
  for (i = 0; i < length; ++i) {
    bytes_add_byte(to, 'a' + (int)((seed + i * 7 + i / 4096) % 26));
  }
}

void add_message(struct bytes *model, int rsv, int opcode, const void *data,
                 size_t length) {
  uint64_t size = length;
  bytes_add_byte(model, rsv << 4 | opcode);
  bytes_add(model, &size, sizeof(size));
  bytes_add(model, data, length);
}

static size_t message_end(const struct bytes *model, size_t at) {
  uint64_t size;
  memcpy(&size, model->at + at + 1, sizeof(size));
  return at + 1 + sizeof(size) + (size_t)size;
}

static int starts_with(const struct bytes *whole, const struct bytes *start) {
  return start->length <= whole->length &&
         (start->length == 0 ||
          memcmp(whole->at, start->at, start->length) == 0);
}

/* Whether `some` are messages of `all`, in order. */
static int is_selection(const struct bytes *all, const struct bytes *some) {
  size_t in_all = 0;
  size_t in_some = 0;
  while (in_some < some->length) {
    size_t length = message_end(some, in_some) - in_some;
    size_t end;
    if (in_all >= all->length) {
      return 0;
    }
    end = message_end(all, in_all);
    if (end - in_all == length &&
        memcmp(all->at + in_all, some->at + in_some, length) == 0) {
      in_some += length;
    }
    in_all = end;
  }
  return 1;
}

struct received {
  struct bytes data;
  struct bytes control;
  struct bytes message;
  int opcode;
  int rsv;
  int in_message;
  int closes;
  int code;
};

static void take_control(struct received *received, const struct frame *frame) {
  if (frame->opcode == CLOSE) {
    ++received->closes;
    received->code =
        frame->length < 2 ? 1005 : frame->payload[0] << 8 | frame->payload[1];
  } else {
    add_message(&received->control, frame->rsv, frame->opcode, frame->payload,
                frame->length);
  }
}

static int take_data(struct received *received, const struct frame *frame) {
  if ((frame->opcode == CONT) != received->in_message) {
    return 0;
  }
  if (!received->in_message) {
    received->opcode = frame->opcode;
    received->rsv = frame->rsv;
  }
  received->in_message = !frame->fin;
  bytes_add(&received->message, frame->payload, frame->length);
  if (frame->fin) {
    add_message(&received->data, received->rsv, received->opcode,
                received->message.at, received->message.length);
    bytes_clear(&received->message);
  }
  return 1;
}

void check_output(struct session *session) {
  struct received received;
  struct frame frame;
  size_t offset = 0;
  memset(&received, 0, sizeof(received));
  while (take_frame(&session->output, &offset, &frame)) {
    CHECK(session, received.closes == 0);
    CHECK(session, frame.masked == (session->role == CLIENT));
    if (frame.opcode >= CLOSE) {
      take_control(&received, &frame);
    } else {
      CHECK(session, take_data(&received, &frame));
    }
  }
  CHECK(session, offset == session->output.length);
  CHECK(session, starts_with(&session->data_model, &received.data));
  CHECK(session, is_selection(&session->control_model, &received.control));
  if (received.closes == 0) {
    CHECK(session, session->data_model.length == received.data.length);
    CHECK(session, session->control_model.length == received.control.length);
    CHECK(session, !received.in_message);
  }
  CHECK(session,
        wslay_event_get_close_sent(session->ctx) == (received.closes == 1));
  CHECK(session, received.closes == 0 || wslay_event_get_status_code_sent(
                                             session->ctx) == received.code);
  bytes_free(&received.data);
  bytes_free(&received.control);
  bytes_free(&received.message);
}
