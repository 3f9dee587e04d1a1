/*
 * The floor: what moving a message costs at the least where it is copied in,
 * masked or unmasked 8 bytes at a time, and copied out. No protocol.
 */
#include "copy.h"
#include "subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void mask(uint8_t *bytes, size_t length, const uint8_t key[4]) {
  uint64_t wide_key, word;
  size_t i;
  memcpy(&wide_key, key, 4);
  memcpy((uint8_t *)&wide_key + 4, key, 4);
  for (i = 0; i + 8 <= length; i += 8) {
    memcpy(&word, bytes + i, 8);
    word ^= wide_key;
    memcpy(bytes + i, &word, 8);
  }
  for (; i < length; i++) {
    bytes[i] ^= key[i % 4];
  }
}

static uint8_t *allocate(size_t length) {
  uint8_t *bytes = malloc(length);
  if (bytes == NULL) {
    perror("floor");
    exit(2);
  }
  return bytes;
}

/* The payloads go through `work` into `out`, one behind the other. */
static void pass(const struct frames *frames, uint8_t *work, uint8_t *out) {
  const uint8_t *payload = frames->client + frames->client_header;
  size_t length = frames->payload_length, i;
  for (i = 0; i < frames->count; i++) {
    copy_in_pieces(work, payload, length);
    mask(work, length, payload - 4);
    copy_in_pieces(out, work, length);
    /* Keeps the compiler from leaving out what nobody reads. */
    __asm__ volatile("" : : "r"(out) : "memory");
    payload += frames->client_header + length;
    out += length;
  }
}

void floor_play(const struct run *run, size_t times) {
  const struct frames *frames = run->frames;
  uint8_t *work = allocate(frames->payload_length);
  uint8_t *out = allocate(frames->payload_length * frames->count);
  for (; times > 0; times--) {
    pass(frames, work, out);
  }
  free(work);
  free(out);
}

void floor_verify(const struct run *run) {
  const struct frames *frames = run->frames;
  size_t length = frames->payload_length, i;
  uint8_t *work = allocate(length);
  uint8_t *out = allocate(length * frames->count);
  const uint8_t *expected = frames->server + frames->server_header;
  pass(frames, work, out);
  for (i = 0; i < frames->count; i++) {
    if (memcmp(out + i * length, expected, length) != 0) {
      fprintf(stderr, "in-memory: the floor gave wrong bytes\n");
      exit(1);
    }
    expected += frames->server_header + length;
  }
  free(work);
  free(out);
}
