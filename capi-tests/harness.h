/* What every test file includes.

   A file test_NAME.c holds static test functions and ends with
     TEST_GROUP(test_NAME, TEST(a_test), BEYOND_C(another_test))
   and the Makefile finds the group by the file's name.

   No assert_* inside a callback the library calls: it would jump out over the
   library's frames. Write down what happened (see peer.h) and assert later. */
#ifndef CAPI_TESTS_HARNESS_H
#define CAPI_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>
#include <wslay/wslay.h>

/* WSLAY_ORACLE is defined when the suite runs against C wslay 1.1.1, to find
   out whether the tests agree with it. */
#ifdef WSLAY_ORACLE
#define ORACLE 1
/* C wslay 1.1.1 lacks these two; harness.c gives it stand-ins, so that tests
   which need them compile and are skipped. */
ssize_t wslay_event_write(wslay_event_context_ptr ctx, uint8_t *buf,
                          size_t buflen);
ssize_t wslay_frame_write(wslay_frame_context_ptr ctx,
                          struct wslay_frame_iocb *iocb, uint8_t *buf,
                          size_t buflen, size_t *pwpayloadlen);
#else
#define ORACLE 0
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A test of what C wslay 1.1.1 does too. */
#define TEST(name)                                                             \
  { #name, name, begin_test, end_test, NULL }
/* A test of what it lacks or does differently (D rules): skipped there. */
#define BEYOND_C(name)                                                         \
  { #name, ORACLE ? skip_test : name, begin_test, end_test, NULL }

#define TEST_GROUP(group, ...)                                                 \
  static const struct CMUnitTest tests_of_group[] = {__VA_ARGS__};             \
  int group(void);                                                             \
  int group(void) {                                                            \
    return cmocka_run_group_tests_name(#group, tests_of_group, NULL, NULL);    \
  }

int begin_test(void **state);
int end_test(void **state);
void skip_test(void **state);

/* In tests that go through a table: names the row in case of a failure. NULL
   after the last row. */
void at_row(const char *format, ...);

/* 0 where an address space limit can't be set: sanitizers, valgrind. */
int memory_can_be_limited(void);
/* Leaves room for about that many more bytes; undone by the second. */
void limit_memory(size_t more);
void unlimit_memory(void);

#endif
