#include "copy.h"

#include <stdint.h>
#include <string.h>

enum { PIECE = 2048 };

void copy_in_pieces(void *to, const void *from, size_t length) {
  size_t done, piece;
  for (done = 0; done < length; done += piece) {
    piece = length - done < PIECE ? length - done : PIECE;
    memcpy((uint8_t *)to + done, (const uint8_t *)from + done, piece);
  }
}
