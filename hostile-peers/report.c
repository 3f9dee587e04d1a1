/* One line a scenario, this library's figures beside C wslay's. */
#include "report.h"

#include <inttypes.h>

static uint64_t bytes_of(const struct figures *figures) {
  return figures->bytes_in + figures->bytes_queued;
}

/* "1,234" bytes as "1.2K", in as many digits as tell something. */
static const char *bytes_text(char *text, size_t size, uint64_t bytes) {
  static const char units[] = " KMGTPE";
  double value = (double)bytes;
  size_t unit = 0;
  while (value >= 1024 && unit + 2 < sizeof units) {
    value /= 1024;
    unit++;
  }
  int digits = unit > 0 && value < 10 ? 1 : 0;
  snprintf(text, size, "%.*f%c", digits, value, units[unit]);
  return text;
}

static void print_bytes(uint64_t bytes) {
  char text[32];
  printf(" %6s", bytes_text(text, sizeof text, bytes));
}

void report_head(const char *group) {
  printf("\n%s\n", group);
  printf("%-38s  %-27s  %-13s  %-15s  %-13s  %-9s\n", "", "peak heap bytes",
         "held at end", "calls", "ms", "time at 4n");
  printf("%-38s %6s %6s %6s %6s  %6s %6s  %7s %7s  %6s %6s  %5s %5s\n", "",
         "bytes", "limit", "ours", "C", "ours", "C", "ours", "C", "ours", "C",
         "ours", "C");
}

/* C wslay lacks what some scenarios are about. */
static void print_theirs(bool absent, const char *text, int width) {
  printf(" %*s", width, absent ? "-" : text);
}

void report(const struct scenario *scenario, const struct result *theirs,
            const struct result *ours) {
  const struct figures *a = &ours->large;
  const struct figures *b = &theirs->large;
  bool absent = theirs->absent;
  char text[32];
  printf("%-38s", scenario->name);
  print_bytes(bytes_of(a));
  print_bytes(peak_limit(&scenario->limits, a));
  print_bytes(a->peak);
  print_theirs(absent, bytes_text(text, sizeof text, b->peak), 6);
  putchar(' ');
  print_bytes(a->held);
  print_theirs(absent, bytes_text(text, sizeof text, b->held), 6);
  printf("  %7zu", a->calls);
  snprintf(text, sizeof text, "%zu", b->calls);
  print_theirs(absent, text, 7);
  printf("  %6.1f", a->seconds * 1e3);
  snprintf(text, sizeof text, "%.1f", b->seconds * 1e3);
  print_theirs(absent, text, 6);
  printf("  %5.1f", time_ratio(ours));
  snprintf(text, sizeof text, "%.1f", time_ratio(theirs));
  print_theirs(absent, text, 5);
  printf("  %s", verdict_name(judge(scenario, ours)));
  printf(", C: %s\n", verdict_name(judge(scenario, theirs)));
  if (judge(scenario, ours) != GOOD) {
    printf("    FAILED: %s %s\n", verdict_name(judge(scenario, ours)),
           ours->complaint);
  }
}

void report_tsv(FILE *to, const struct scenario *scenario, const char *library,
                const struct result *result) {
  if (scenario == NULL) {
    fputs("scenario\tlibrary\tconnections\tbytes\tpeak_limit\tpeak\theld\tmoved"
          "\tmost_queued\tcalls\tseconds\ttime_ratio\tverdict\n",
          to);
    return;
  }
  const struct figures *figures = &result->large;
  fprintf(to,
          "%s\t%s\t%zu\t%" PRIu64 "\t%" PRIu64
          "\t%zu\t%zu\t%zu\t%zu\t%zu\t%.6f\t%.2f\t%s\n",
          scenario->name, library, figures->connections, bytes_of(figures),
          peak_limit(&scenario->limits, figures), figures->peak, figures->held,
          figures->moved, figures->most_queued, figures->calls,
          figures->seconds, time_ratio(result),
          verdict_name(judge(scenario, result)));
}
