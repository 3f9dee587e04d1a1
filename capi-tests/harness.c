/* Runs all test groups and counts; sets memory limits. */
#define _POSIX_C_SOURCE 200809L
#include "harness.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* A test that hangs must not hang the build. Valgrind is slow. */
#define SECONDS_A_TEST 120

typedef int (*group_runner)(void);

#define GROUP(name) int name(void);
#include "groups.inc"
#undef GROUP

static const group_runner groups[] = {
#define GROUP(name) name,
#include "groups.inc"
#undef GROUP
};

static int tests_run;
static int tests_skipped;

static char row[128];

void at_row(const char *format, ...) {
  va_list arguments;
  row[0] = 0;
  if (format != NULL) {
    va_start(arguments, format);
    vsnprintf(row, sizeof(row), format, arguments);
    va_end(arguments);
  }
}

int begin_test(void **state) {
  (void)state;
  ++tests_run;
  at_row(NULL);
  alarm(SECONDS_A_TEST);
  return 0;
}

/* A row that is still named here is the one that failed. */
int end_test(void **state) {
  (void)state;
  if (row[0] != 0) {
    print_error("   ROW: %s\n", row);
  }
  return 0;
}

void skip_test(void **state) {
  (void)state;
  ++tests_skipped;
  skip();
}

#ifdef WSLAY_ORACLE
ssize_t wslay_event_write(wslay_event_context_ptr ctx, uint8_t *buf,
                          size_t buflen) {
  (void)ctx;
  (void)buf;
  (void)buflen;
  return -1;
}

ssize_t wslay_frame_write(wslay_frame_context_ptr ctx,
                          struct wslay_frame_iocb *iocb, uint8_t *buf,
                          size_t buflen, size_t *pwpayloadlen) {
  (void)ctx;
  (void)iocb;
  (void)buf;
  (void)buflen;
  (void)pwpayloadlen;
  return -1;
}
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

int memory_can_be_limited(void) {
  const char *preload = getenv("LD_PRELOAD");
  return !SANITIZED && !(preload != NULL && strstr(preload, "vgpreload"));
}

void limit_memory(size_t more) {
  struct rlimit limit;
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%lu", &pages) != 1) {
    abort();
  }
  fclose(file);
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
  setrlimit(RLIMIT_AS, &limit);
}

void unlimit_memory(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

/* An argument is a filter on test names, with * and ?. */
int main(int argc, char **argv) {
  int failed = 0;
  size_t i;
  if (argc > 1) {
    cmocka_set_test_filter(argv[1]);
  }
  for (i = 0; i < COUNT_OF(groups); ++i) {
    failed += groups[i]();
  }
  printf("%s: %d passed, %d failed, %d skipped\n", argv[0],
         tests_run - failed - tests_skipped, failed, tests_skipped);
  return failed != 0 || tests_run == 0;
}
