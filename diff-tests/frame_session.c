/* A session of the frame API: frames sent in pieces through a send callback
   that takes what it likes, then a stream of frames read the same way. */
#include "session.h"

#include <string.h>

#include "bytes.h"
#include "masks.h"
#include "random.h"
#include "wire.h"

enum { PAYLOAD_SIZE = 70004 };

struct frame_side {
  const struct library *library;
  frame_context context;
  uint64_t seed;
  bool failures;
  uint64_t calls;
  struct bytes sent;
  /* One byte for each call of the send callback: its flags. */
  struct bytes flags;
  const struct bytes *input;
  size_t largest;
  size_t position;
};

static struct frame_side sides[BOTH];
static struct random random_state;
static struct figures *figures;
static FILE *trace;

/* What a callback moves: chosen by the number of the call, the same on both
   sides; 0 or less refuses. */
static ssize_t choose_part(struct frame_side *side, size_t size) {
  struct random random = random_from(side->seed + side->calls++);
  size_t kind = random_below(&random, 10);
  size_t part = size;
  if (kind < 3) {
    return kind < 2 ? 0 : -1;
  }
  if (kind < 6) {
    part = 1 + random_below(&random, 5);
  } else if (kind < 9) {
    part = 1 + random_below(&random, side->largest);
  }
  return (ssize_t)(part < size ? part : size);
}

static ssize_t on_send(const uint8_t *data, size_t size, int flags,
                       void *user_data) {
  struct frame_side *side = user_data;
  uint8_t flag = (uint8_t)flags;
  bytes_append(&side->flags, &flag, 1);
  if (side->failures && side->calls % 150 == 149) {
    side->calls++;
    return (ssize_t)size + 1;
  }
  ssize_t part = choose_part(side, size);
  bytes_append(&side->sent, data, part > 0 ? (size_t)part : 0);
  return part;
}

static ssize_t on_recv(uint8_t *buffer, size_t room, int flags,
                       void *user_data) {
  struct frame_side *side = user_data;
  (void)flags;
  size_t left = side->input->size - side->position;
  left = mask_room_offered(left);
  ssize_t part = choose_part(side, left < room ? left : room);
  if (part > 0) {
    memcpy(buffer, side->input->data + side->position, (size_t)part);
    side->position += (size_t)part;
  }
  return part;
}

static int on_genmask(uint8_t *key, size_t size, void *user_data) {
  struct frame_side *side = user_data;
  struct random random = random_from(side->seed ^ ~side->calls++);
  bool fails = random_chance(&random, 3);
  random_fill(&random, key, size);
  return fails ? 5 : 0;
}

static bool different(const char *what, ssize_t theirs, ssize_t ours) {
  if (trace != NULL) {
    fprintf(trace, "  They differ in %s.\n", what);
    for (size_t i = 0; i < BOTH; i++) {
      fprintf(trace,
              "  %s: result %zd, %zu bytes sent in %zu calls, %zu received\n",
              sides[i].library->name, i == THEIRS ? theirs : ours,
              sides[i].sent.size, sides[i].flags.size, sides[i].position);
    }
  }
  return false;
}

static struct wslay_frame_iocb choose_frame(bool was_masked) {
  struct random *random = &random_state;
  struct wslay_frame_iocb frame = {0};
  size_t kind = random_below(random, 40);
  frame.payload_length = kind < 6    ? 0
                         : kind < 26 ? random_below(random, 126)
                         : kind < 30 ? 125 + random_below(random, 3)
                         : kind < 36 ? random_below(random, 3000)
                         : kind < 38 ? 65534 + random_below(random, 4)
                         : kind < 39 ? random_below(random, 70000)
                                     : (uint64_t)1 << 63;
  frame.fin = (uint8_t)random_below(random, 2);
  frame.rsv = (uint8_t)random_below(random, 8);
  frame.opcode = (uint8_t)random_below(random, 16);
  frame.mask = random_chance(random, 20);
  if (mask_d6_stays_masked(was_masked, frame.mask)) {
    frame.mask = 1;
  }
  return frame;
}

/* One call on both sides; `result` is set if they agree. */
static bool send_piece(struct wslay_frame_iocb frame, ssize_t *result) {
  ssize_t results[BOTH];
  if (trace != NULL) {
    fprintf(trace,
            "  wslay_frame_send: fin %d rsv %d opcode %d mask %d length %llu, "
            "a piece of %zu\n",
            frame.fin, frame.rsv, frame.opcode, frame.mask,
            (unsigned long long)frame.payload_length, frame.data_length);
  }
  for (size_t i = 0; i < BOTH; i++) {
    struct wslay_frame_iocb copy = frame;
    sides[i].sent.size = sides[i].flags.size = 0;
    results[i] = sides[i].library->frame_send(sides[i].context, &copy);
  }
  *result = results[OURS];
  figures->operations++;
  figures->bytes_sent += sides[OURS].sent.size;
  if (results[THEIRS] != results[OURS]) {
    return different("the result", results[THEIRS], results[OURS]);
  }
  if (!bytes_equal(&sides[THEIRS].sent, &sides[OURS].sent) ||
      !bytes_equal(&sides[THEIRS].flags, &sides[OURS].flags)) {
    return different("what is sent, or its flags", results[THEIRS],
                     results[OURS]);
  }
  return true;
}

/* False if the libraries differ. `*goes_on` is cleared at a failure that leaves
   the frame in progress. */
static bool send_frame(struct wslay_frame_iocb frame, bool *goes_on) {
  static uint8_t payload[PAYLOAD_SIZE];
  struct random *random = &random_state;
  bool started = false;
  random_fill(random, payload, 200);
  for (uint64_t done = 0;;) {
    size_t left = frame.payload_length > PAYLOAD_SIZE
                      ? 0
                      : (size_t)(frame.payload_length - done);
    size_t piece = random_chance(random, 20)   ? 0
                   : random_chance(random, 60) ? left
                                               : random_below(random, left + 9);
    ssize_t result;
    frame.data = payload + done;
    frame.data_length = started ? mask_d7_shorten(piece, left) : piece;
    if (!send_piece(frame, &result)) {
      return false;
    }
    if (result == WSLAY_ERR_INVALID_CALLBACK) {
      *goes_on = false;
      return true;
    }
    if (result == WSLAY_ERR_INVALID_ARGUMENT) {
      return true;
    }
    started = true;
    done += result > 0 ? (uint64_t)result : 0;
    if (result >= 0 && done == frame.payload_length) {
      return true;
    }
  }
}

static bool same_frame(const struct wslay_frame_iocb *a,
                       const struct wslay_frame_iocb *b) {
  return a->fin == b->fin && a->rsv == b->rsv && a->opcode == b->opcode &&
         a->mask == b->mask && a->payload_length == b->payload_length &&
         a->data_length == b->data_length &&
         (a->data_length == 0 || memcmp(a->data, b->data, a->data_length) == 0);
}

static bool receive_frames(void) {
  const struct frame_side *ours = &sides[OURS];
  ssize_t results[BOTH];
  do {
    struct wslay_frame_iocb frames[BOTH];
    memset(frames, 0xaa, sizeof frames);
    for (size_t i = 0; i < BOTH; i++) {
      results[i] = sides[i].library->frame_recv(sides[i].context, &frames[i]);
    }
    figures->operations++;
    if (results[THEIRS] != results[OURS] ||
        sides[THEIRS].position != ours->position ||
        sides[THEIRS].calls != ours->calls) {
      return different("the result of wslay_frame_recv", results[THEIRS],
                       results[OURS]);
    }
    if (results[OURS] >= 0 && !same_frame(&frames[THEIRS], &frames[OURS])) {
      return different("the frame received", results[THEIRS], results[OURS]);
    }
  } while (!mask_frame_recv_after_proto(results[OURS]) &&
           (ours->position < ours->input->size ||
            results[OURS] != WSLAY_ERR_WANT_READ));
  return true;
}

static void begin(uint64_t seed, const struct library libraries[BOTH],
                  const struct bytes *input) {
  static const struct wslay_frame_callbacks callbacks = {on_send, on_recv,
                                                         on_genmask};
  bool failures = random_chance(&random_state, 20);
  static const size_t largest[] = {1, 8, 300, 100000};
  size_t most = largest[random_below(&random_state, 4)];
  for (size_t i = 0; i < BOTH; i++) {
    struct frame_side *side = &sides[i];
    side->library = &libraries[i];
    side->seed = random_hash(seed);
    side->failures = failures;
    side->calls = side->position = 0;
    side->sent.size = side->flags.size = 0;
    side->input = input;
    side->largest = most;
    libraries[i].frame_init(&side->context, &callbacks, side);
  }
}

bool frame_session_run(uint64_t seed, const struct library libraries[BOTH],
                       struct figures *all_figures, FILE *to) {
  static struct wire wire;
  figures = all_figures;
  trace = to;
  random_state = random_from(seed);
  wire_generate(&wire, &random_state, random_chance(&random_state, 50));
  begin(seed, libraries, &wire.bytes);
  bool same = true;
  bool goes_on = true;
  bool masked = false;
  for (size_t left = random_below(&random_state, 12);
       left > 0 && same && goes_on; left--) {
    struct wslay_frame_iocb frame = choose_frame(masked);
    masked = frame.mask;
    same = send_frame(frame, &goes_on);
  }
  same = same && receive_frames();
  figures->frame_sessions++;
  figures->bytes_received += sides[OURS].position;
  for (size_t i = 0; i < BOTH; i++) {
    libraries[i].frame_free(sides[i].context);
  }
  return same;
}
