/* Random numbers that a seed decides, the same on every machine. */
#ifndef DIFF_RANDOM_H
#define DIFF_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
  uint64_t state;
};

/* A hash of a number; streams from different numbers are independent. */
uint64_t random_hash(uint64_t number);
struct random random_from(uint64_t seed);
uint64_t random_next(struct random *random);
/* A number from 0 to bound - 1; 0 if bound is 0. */
size_t random_below(struct random *random, size_t bound);
bool random_chance(struct random *random, unsigned percent);
void random_fill(struct random *random, uint8_t *bytes, size_t size);

#endif
