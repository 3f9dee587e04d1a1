/* wslayx_accept_key: the answer to a client's Sec-WebSocket-Key. */
#include "harness.h"

#ifndef WSLAY_ORACLE
#include <wslay/wslayx.h>
#else
/* C wslay has no such function: the tests below are skipped. */
#define WSLAYX_ACCEPT_KEY_SIZE 29
static int wslayx_accept_key(const char *key, size_t key_length, char *accept) {
  (void)key;
  (void)key_length;
  (void)accept;
  return -1;
}
#endif

static const char SAMPLE[] = "dGhlIHNhbXBsZSBub25jZQ==";

/* 24 characters, no NUL behind them, so that none can be relied on. */
static int accept_of(const char *key, size_t length, char *accept) {
  char *copy = malloc(length + 1);
  int result;
  assert_non_null(copy);
  memcpy(copy, key, length);
  copy[length] = 'A';
  memset(accept, '#', WSLAYX_ACCEPT_KEY_SIZE + 1);
  result = wslayx_accept_key(copy, length, accept);
  assert_int_equal(accept[WSLAYX_ACCEPT_KEY_SIZE], '#');
  free(copy);
  return result;
}

static void x_signature(void **state) {
  int (*const function)(const char *, size_t, char *) = wslayx_accept_key;
  (void)state;
  assert_non_null(function);
  assert_int_equal(WSLAYX_ACCEPT_KEY_SIZE, 29);
}

static void x_example_of_rfc_6455(void **state) {
  char accept[WSLAYX_ACCEPT_KEY_SIZE + 1];
  (void)state;
  assert_int_equal(accept_of(SAMPLE, 24, accept), 0);
  assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

/* Values computed with another SHA-1 and base64. */
static void x_other_keys(void **state) {
  static const char *const pairs[][2] = {
      {"AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI="},
      {"/////////////////////w==", "XXpj4jYzLM2yUE0C7TIgMwTQh2g="},
      {"AAECAwQFBgcICQoLDA0ODw==", "Bz3qJYTGdOe8gUSpLosEdiLKDrk="},
      {"8PHy8/T19vf4+fr7/P3+/w==", "o1HBjBrgy9KLkiDEDur3dyqqLEs="},
      {"+++++++++++++++++++++w==", "ixakkuXOmA6rnL940yFjkr2/Yxs="}};
  char accept[WSLAYX_ACCEPT_KEY_SIZE + 1];
  size_t i;
  (void)state;
  for (i = 0; i < COUNT_OF(pairs); i++) {
    assert_int_equal(accept_of(pairs[i][0], 24, accept), 0);
    assert_string_equal(accept, pairs[i][1]);
  }
}

static void check_refused(const char *key, size_t length) {
  char accept[WSLAYX_ACCEPT_KEY_SIZE + 1];
  assert_int_equal(accept_of(key, length, accept), WSLAY_ERR_INVALID_ARGUMENT);
  assert_string_equal(accept, "");
}

static void x_every_other_length_is_refused(void **state) {
  static const char digits[] =
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  size_t length;
  (void)state;
  for (length = 0; length < sizeof(digits); length++) {
    check_refused(digits, length);
  }
  for (length = 0; length < 24; length++) {
    check_refused(SAMPLE, length);
  }
  check_refused("AAAA", 4);
  check_refused("AAAAAAAAAAAAAAAAAAAA", 20);
  check_refused("AAAAAAAAAAAAAAAAAAAAAAA=", 24);
  check_refused("AAAAAAAAAAAAAAAAAAAAAAAA", 24);
  check_refused("AAAAAAAAAAAAAAAAAAAAAAAAAA==", 28);
}

static void x_characters_outside_base64_are_refused(void **state) {
  static const char bad[] = "-_ =.\t\n\x01\x7f\xc3@[`{:";
  size_t at;
  size_t i;
  (void)state;
  for (i = 0; i < sizeof(bad); i++) {
    for (at = 0; at < 22; at++) {
      char key[24];
      memcpy(key, SAMPLE, 24);
      key[at] = bad[i];
      check_refused(key, 24);
    }
  }
  check_refused("dGhlIHNhbXBsZSBub25jZQ=A", 24);
  check_refused("dGhlIHNhbXBsZSBub25jZQ= ", 24);
}

static void x_null_pointers_are_refused(void **state) {
  char accept[WSLAYX_ACCEPT_KEY_SIZE];
  (void)state;
  memset(accept, '#', sizeof(accept));
  assert_int_equal(wslayx_accept_key(NULL, 24, accept),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_string_equal(accept, "");
  memset(accept, '#', sizeof(accept));
  assert_int_equal(wslayx_accept_key(NULL, 0, accept),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_string_equal(accept, "");
  assert_int_equal(wslayx_accept_key(SAMPLE, 24, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
  assert_int_equal(wslayx_accept_key(NULL, 24, NULL),
                   WSLAY_ERR_INVALID_ARGUMENT);
}

TEST_GROUP(test_accept_key, BEYOND_C(x_signature),
           BEYOND_C(x_example_of_rfc_6455), BEYOND_C(x_other_keys),
           BEYOND_C(x_every_other_length_is_refused),
           BEYOND_C(x_characters_outside_base64_are_refused),
           BEYOND_C(x_null_pointers_are_refused))
