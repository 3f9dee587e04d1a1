/* Reads the frames that are played. Every frame of a file has the same length.
 */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>

static uint8_t *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  long end;
  uint8_t *bytes;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0 ||
      (end = ftell(file)) <= 0) {
    perror(path);
    exit(2);
  }
  rewind(file);
  *length = (size_t)end;
  bytes = malloc(*length);
  if (bytes == NULL || fread(bytes, 1, *length, file) != *length) {
    perror(path);
    exit(2);
  }
  fclose(file);
  return bytes;
}

/* Bytes of a header without mask key (RFC 6455 section 5.2). */
static size_t header_length(size_t payload_length) {
  return payload_length < 126 ? 2 : payload_length < 65536 ? 4 : 10;
}

void frames_read(struct frames *frames, const char *dir, const char *kind,
                 size_t size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s-%zu.client", dir, kind, size);
  frames->client = read_file(path, &frames->client_length);
  snprintf(path, sizeof path, "%s/%s-%zu.server", dir, kind, size);
  frames->server = read_file(path, &frames->server_length);
  frames->payload_length = size;
  frames->server_header = header_length(size);
  frames->client_header = frames->server_header + 4;
  frames->count = frames->server_length / (frames->server_header + size);
  frames->opcode = frames->server[0] & 0xf;
}
