/* Faults that a library could have, each with the verdict that is due. */
#ifndef HOSTILE_PLANTED_H
#define HOSTILE_PLANTED_H

#include "verdict.h"

struct planted {
  struct scenario scenario;
  enum verdict due;
};

extern const struct planted planted[];
extern const size_t planted_count;

#endif
