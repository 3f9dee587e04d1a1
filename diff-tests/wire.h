/* What the peer sends: random frames, valid and invalid, as one run of bytes.
 */
#ifndef DIFF_WIRE_H
#define DIFF_WIRE_H

#include "bytes.h"
#include "random.h"

/* A place where a read ends, or a range (start to end) that no read may cut. */
struct range {
  size_t start;
  size_t end;
};

struct ranges {
  struct range *items;
  size_t count;
  size_t capacity;
};

struct wire {
  struct bytes bytes;
  /* Every complete frame, in order. */
  struct ranges frames;
  /* Those that must come in one read (see mask_d1_...). */
  struct ranges whole;
  /* Reads end at multiples of this. */
  size_t stride;
  /* Most messages are large, of about one size, and in one frame. */
  bool large;
  /* A frame that rule F6 refuses is in it, or the start of one at its end. */
  bool malformed;
};

/* What a frame's header says; the payload may be shorter than `announced`. */
struct frame {
  bool fin;
  uint8_t rsv;
  uint8_t opcode;
  bool masked;
  /* 0, 1, 2: 7, 16 or 64 bits; -1: the shortest that fits. */
  int length_form;
  uint64_t announced;
};

/* wire_frame.c */
void wire_put(struct wire *wire, struct random *random,
              const struct frame *frame, const uint8_t *payload, size_t size);
void wire_fill_text(struct random *random, uint8_t *text, size_t size,
                    bool valid);
/* Finds frames, ranges that stay whole, and malformed frames in the bytes. */
void wire_scan(struct wire *wire);

/* wire.c */
void wire_generate(struct wire *wire, struct random *random, bool masked);
/* How many bytes the next read gives: `position` to at most `available`. */
size_t wire_piece(const struct wire *wire, size_t position, size_t available);
/* `position`, or the start of the whole range that it is in the middle of. */
size_t wire_round(const struct wire *wire, size_t position);
/* Where the `count`th frame ends that does so behind `position`. */
size_t wire_end_of_frames(const struct wire *wire, size_t position,
                          size_t count);
bool wire_is_boundary(const struct wire *wire, size_t position);

#endif
