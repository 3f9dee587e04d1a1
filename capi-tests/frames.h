/* WebSocket frames as bytes: building any header, legal or not, and taking an
   output stream apart again. */
#ifndef CAPI_TESTS_FRAMES_H
#define CAPI_TESTS_FRAMES_H

#include "bytes.h"

/* Parts of a frame's first byte; the opcodes are wslay's. */
#define FIN 0x80
#define RSV1 0x40
#define RSV2 0x20
#define RSV3 0x10

#define CONT 0x0
#define TEXT 0x1
#define BINARY 0x2
#define CLOSE 0x8
#define PING 0x9
#define PONG 0xa

/* The key of every masked frame that the helpers below build. */
extern const uint8_t frame_key[4];

/* How the length is written: the shortest way, or forced into 2 or 8 bytes. */
enum length_form { SHORTEST = 0, IN_2_BYTES = 2, IN_8_BYTES = 8 };

void put_header(struct bytes *to, int first_byte, int masked, uint64_t length,
                enum length_form form);
void put_frame(struct bytes *to, int first_byte, int masked, const void *data,
               size_t length);
void put_close(struct bytes *to, int masked, int code, const char *reason);

struct frame {
  int fin;
  int rsv;
  int opcode;
  int masked;
  uint8_t key[4]; /* zeros when not masked */
  uint64_t length;
  const uint8_t *payload; /* unmasked in place */
  size_t total;           /* header and payload */
};

/* Takes the frame that starts at *offset and moves *offset behind it. Returns 0
   when no whole frame is left. Unmasks in place: one pass over a stream only.
 */
int take_frame(struct bytes *from, size_t *offset, struct frame *frame);

/* "text", "cont", "op3" ...; "+" when not final; "/4" when RSV bits are set. */
void describe_head(struct bytes *to, int fin, int rsv, int opcode);

#endif
