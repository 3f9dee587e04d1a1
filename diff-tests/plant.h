/* Planted changes: one function of one library lies, and a run must find it. */
#ifndef DIFF_PLANT_H
#define DIFF_PLANT_H

#include "library.h"

/* False if there is no plant of this name. */
bool plant(struct library *library, const char *name);
/* The names, one a line. */
void plant_list(void);

#endif
