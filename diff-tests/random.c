/* SplitMix64: small, fast, and good enough to choose what to try. */
#include "random.h"

#include <string.h>

#define STEP UINT64_C(0x9e3779b97f4a7c15)

uint64_t random_hash(uint64_t number) {
  number += STEP;
  number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
  return number ^ (number >> 31);
}

struct random random_from(uint64_t seed) {
  struct random random = {random_hash(seed)};
  return random;
}

uint64_t random_next(struct random *random) {
  random->state += STEP;
  return random_hash(random->state);
}

size_t random_below(struct random *random, size_t bound) {
  return bound == 0 ? 0 : (size_t)(random_next(random) % bound);
}

bool random_chance(struct random *random, unsigned percent) {
  return random_below(random, 100) < percent;
}

void random_fill(struct random *random, uint8_t *bytes, size_t size) {
  while (size > 0) {
    uint64_t word = random_next(random);
    size_t part = size < sizeof word ? size : sizeof word;
    memcpy(bytes, &word, part);
    bytes += part;
    size -= part;
  }
}
