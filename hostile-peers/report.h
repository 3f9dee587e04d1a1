/* The tables. */
#ifndef HOSTILE_REPORT_H
#define HOSTILE_REPORT_H

#include <stdio.h>

#include "verdict.h"

void report_head(const char *group);
/* One scenario's line. */
void report(const struct scenario *scenario, const struct result *theirs,
            const struct result *ours);
/* The same, and more, with tabs between; `scenario` NULL for the head. */
void report_tsv(FILE *to, const struct scenario *scenario, const char *library,
                const struct result *result);

#endif
