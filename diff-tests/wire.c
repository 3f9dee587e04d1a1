/* Sessions of the peer: messages, whole and in fragments, control frames
   between them, Closes, and now and then a frame that should not be. */
#include "wire.h"

#include <string.h>

#include <wslay/wslay.h>

enum { CONTINUATION, TEXT, BINARY, CLOSE = 8, PING, PONG };
enum { LONGEST = 100000 };

/* What wire_generate() carries along. */
struct generator {
  struct wire *wire;
  struct random *random;
  bool masked;
  bool compressed;
  /* Frames that should not be, and early Closes, come now and then. */
  bool faults;
  /* Where messages are large, what most of them have. */
  size_t usual_size;
};

static void put(struct generator *g, struct frame frame, const uint8_t *payload,
                size_t size) {
  frame.announced += size;
  wire_put(g->wire, g->random, &frame, payload, size);
}

static struct frame plain(const struct generator *g, unsigned opcode) {
  struct frame frame = {true, 0, (uint8_t)opcode, g->masked, -1, 0};
  return frame;
}

static void put_ping_or_pong(struct generator *g) {
  uint8_t payload[125];
  size_t size = random_below(g->random, sizeof payload + 1);
  random_fill(g->random, payload, size);
  put(g, plain(g, random_chance(g->random, 60) ? PING : PONG), payload, size);
}

static void put_close(struct generator *g) {
  static const unsigned codes[] = {1000, 1001,  1002, 1003, 1007, 1011, 3000,
                                   3999, 4000,  4999, 1004, 1005, 1006, 1012,
                                   1013, 1014,  1015, 1016, 2999, 999,  5000,
                                   0,    65535, 1008, 1009, 1010};
  uint8_t payload[125];
  size_t usual = 10;
  size_t choices =
      random_chance(g->random, 70) ? usual : sizeof codes / sizeof *codes;
  unsigned code = codes[random_below(g->random, choices)];
  size_t size = 0;
  if (random_chance(g->random, 80)) {
    size = 2;
    if (random_chance(g->random, 50)) {
      size += random_below(g->random, 124);
    }
  } else if (random_chance(g->random, 10)) {
    size = 1;
  }
  payload[0] = (uint8_t)(code >> 8);
  payload[1] = (uint8_t)code;
  if (size > 2 && random_chance(g->random, 25)) {
    wire_fill_text(g->random, payload + 2, size - 2,
                   random_chance(g->random, 70));
  } else if (size > 2) {
    memset(payload + 2, 'r', size - 2);
  }
  put(g, plain(g, CLOSE), payload, size);
}

static void put_bad_length(struct generator *g, uint8_t *payload, size_t size) {
  struct frame frame = plain(g, BINARY);
  switch (random_below(g->random, 4)) {
  case 0:
    frame.length_form = 1;
    break;
  case 1:
    frame.length_form = 2;
    size += 200;
    break;
  case 2:
    frame.length_form = 2;
    frame.announced = (uint64_t)1 << 63;
    break;
  default: /* well-formed, but above any maximum */
    frame.length_form = 2;
    frame.announced = (uint64_t)1 << 32;
  }
  put(g, frame, payload, size);
}

static void put_bad_header(struct generator *g, uint8_t *payload, size_t size) {
  struct frame frame = plain(g, BINARY);
  switch (random_below(g->random, 9)) {
  case 0: /* a control frame too long */
    frame.opcode = PING;
    size += 126;
    break;
  case 1:
    frame.opcode = PING;
    frame.fin = false;
    break;
  case 2:
    frame.opcode = (uint8_t)(3 + random_below(g->random, 5));
    break;
  case 3:
    frame.opcode = (uint8_t)(11 + random_below(g->random, 5));
    break;
  case 4:
    frame.opcode = (uint8_t)(TEXT + random_below(g->random, 2));
    frame.rsv = (uint8_t)(1 + random_below(g->random, 7));
    break;
  case 5:
    frame.masked = !frame.masked;
    break;
  case 6:
    frame.opcode = CONTINUATION;
    frame.fin = random_chance(g->random, 50);
    break;
  case 7: /* a message begins inside another */
    frame.fin = false;
    put(g, frame, payload, size);
    frame.fin = true;
    break;
  default:
    frame.opcode = (uint8_t)(PING + random_below(g->random, 2));
    frame.rsv = WSLAY_RSV1_BIT;
  }
  put(g, frame, payload, size);
}

static void put_bad(struct generator *g) {
  uint8_t payload[400];
  memset(payload, 'b', sizeof payload);
  size_t size = random_below(g->random, 100);
  if (random_chance(g->random, 30)) {
    put_bad_length(g, payload, size);
  } else {
    put_bad_header(g, payload, size);
  }
}

static size_t message_size(struct random *random) {
  size_t kind = random_below(random, 1000);
  return kind < 100   ? 0
         : kind < 780 ? random_below(random, 130)
         : kind < 960 ? random_below(random, 1500)
         : kind < 990 ? random_below(random, 9000)
         : kind < 996 ? 65533 + random_below(random, 6)
                      : 70000 + random_below(random, 9000);
}

static size_t large_message_size(const struct generator *g) {
  size_t kind = random_below(g->random, 100);
  return kind < 93 ? g->usual_size + random_below(g->random, 2)
         : kind < 95
             ? g->usual_size / 2 + random_below(g->random, g->usual_size)
         : kind < 97 ? random_below(g->random, LONGEST / 2)
                     : message_size(g->random);
}

static void put_message(struct generator *g) {
  static uint8_t payload[LONGEST];
  struct random *random = g->random;
  bool large = g->wire->large;
  size_t size = large ? large_message_size(g) : message_size(random);
  struct frame frame = plain(g, random_chance(random, 55) ? TEXT : BINARY);
  if (frame.opcode == TEXT) {
    wire_fill_text(random, payload, size,
                   !random_chance(random, g->faults ? 6 : 0));
  } else {
    random_fill(random, payload, size);
  }
  if (g->compressed && random_chance(random, 30)) {
    frame.rsv = WSLAY_RSV1_BIT;
  }
  size_t pieces =
      random_chance(random, large ? 96 : 50) ? 1 : 1 + random_below(random, 6);
  for (size_t at = 0; pieces > 0; pieces--) {
    size_t piece = pieces == 1 ? size - at
                   : random_chance(random, 20)
                       ? 0
                       : random_below(random, size - at);
    frame.fin = pieces == 1 && !random_chance(random, g->faults ? 1 : 0);
    put(g, frame, payload + at, piece);
    at += piece;
    frame.opcode = CONTINUATION;
    frame.rsv = 0;
    if (pieces > 1 && random_chance(random, 25)) {
      put_ping_or_pong(g);
    }
    if (pieces > 1 && random_chance(random, g->faults ? 2 : 0)) {
      put_close(g);
    }
  }
}

static void flip_bits(struct wire *wire, struct random *random) {
  for (size_t flips = 1 + random_below(random, 3); flips > 0; flips--) {
    size_t at = random_below(random, wire->bytes.size);
    wire->bytes.data[at] ^= (uint8_t)(1 << random_below(random, 8));
  }
}

static size_t choose_stride(struct random *random, bool large) {
  static const size_t most[] = {1, 5, 40, 800, 8000, 30000, 9000000};
  size_t first = large ? 4 : 0;
  size_t kinds = large ? 3 : 5;
  return 1 + random_below(random, most[first + random_below(random, kinds)]);
}

void wire_generate(struct wire *wire, struct random *random, bool masked) {
  static const size_t usual_sizes[] = {2100, 2100, 2500, 4000, 9000, 33000};
  struct generator g = {wire, random, masked, random_chance(random, 20),
                        true, 0};
  g.usual_size = usual_sizes[random_below(random, 6)];
  wire->bytes.size = 0;
  wire->large = random_chance(random, 12);
  g.faults = !wire->large || random_chance(random, 25);
  wire->stride = choose_stride(random, wire->large);
  size_t least = wire->large ? 30 : 1;
  for (size_t left = least + random_below(random, 14); left > 0; left--) {
    if (random_chance(random, g.faults ? 4 : 0)) {
      put_bad(&g);
    }
    if (random_chance(random, wire->large ? 5 : 20)) {
      put_ping_or_pong(&g);
    }
    if (random_chance(random, g.faults ? 4 : 0)) {
      put_close(&g);
    }
    put_message(&g);
  }
  if (random_chance(random, 50)) {
    put_close(&g);
  }
  if (random_chance(random, 15)) {
    flip_bits(wire, random);
  }
  wire_scan(wire);
}

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

size_t wire_piece(const struct wire *wire, size_t position, size_t available) {
  size_t end =
      smaller(available, position - position % wire->stride + wire->stride);
  for (size_t i = 0; i < wire->whole.count; i++) {
    const struct range *range = &wire->whole.items[i];
    if (position < range->start) {
      end = smaller(end, range->start);
    } else if (position == range->start && available >= range->end) {
      end = range->end;
    }
  }
  return end - position;
}

size_t wire_round(const struct wire *wire, size_t position) {
  for (size_t i = 0; i < wire->whole.count; i++) {
    const struct range *range = &wire->whole.items[i];
    if (position > range->start && position < range->end) {
      return range->start;
    }
  }
  return position;
}

size_t wire_end_of_frames(const struct wire *wire, size_t position,
                          size_t count) {
  for (size_t i = 0; i < wire->frames.count; i++) {
    size_t end = wire->frames.items[i].end;
    if (end > position && --count == 0) {
      return end;
    }
  }
  return wire->bytes.size;
}

bool wire_is_boundary(const struct wire *wire, size_t position) {
  if (position == 0) {
    return true;
  }
  for (size_t i = 0; i < wire->frames.count; i++) {
    if (wire->frames.items[i].end >= position) {
      return wire->frames.items[i].end == position;
    }
  }
  return false;
}
