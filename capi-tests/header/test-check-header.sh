#!/bin/sh
# Proves that check-header.sh finds differences: plants one at a time into a copy
# of our headers, and expects a refusal each time.
#
#   test-check-header.sh INCLUDE PACKAGED_INCLUDE BUILDDIR
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=${1:?usage: test-check-header.sh INCLUDE PACKAGED_INCLUDE BUILDDIR}
packaged=${2:?PACKAGED_INCLUDE is missing}
build=${3:?BUILDDIR is missing}
copy=$build/planted
planted=0
missed=0

# The first of each is enough: one C and one C++ compiler.
first_of() {
  for compiler in "$@"; do
    command -v "$compiler" >/dev/null && echo "$compiler" && return
  done
}
# shellcheck disable=SC2086 # one word a compiler
COMPILERS=$(first_of ${COMPILERS:-gcc clang})
# shellcheck disable=SC2086
CXX_COMPILERS=$(first_of ${CXX_COMPILERS:-g++ clang++})
export COMPILERS CXX_COMPILERS

# plant HEADER SED-PROGRAM
plant() {
  rm -rf "$copy"
  mkdir -p "$copy"
  cp -r "$include/wslay" "$copy/"
  sed -E -z "$2" "$include/wslay/$1" >"$copy/wslay/$1"
  planted=$((planted + 1))
  if cmp -s "$include/wslay/$1" "$copy/wslay/$1"; then
    echo "test-check-header: changes nothing: $2" >&2
    missed=$((missed + 1))
  elif "$here/check-header.sh" "$copy" "$packaged" "$build/check" >/dev/null 2>&1; then
    echo "test-check-header: goes unnoticed: $2" >&2
    missed=$((missed + 1))
  fi
}

# Functions
plant wslay.h 's/int (wslay_event_want_read)/long \1/'
plant wslay.h 's/ssize_t (wslay_frame_recv\()/int \1/'
plant wslay.h 's/uint16_t (wslay_event_get_status_code_sent)/int \1/'
plant wslay.h 's/uint16_t status_code,/uint32_t status_code,/'
plant wslay.h 's/uint64_t val\)/uint32_t val)/'
plant wslay.h 's/(wslay_event_queue_close\([^)]*)const uint8_t/\1uint8_t/'
plant wslay.h 's/\nint wslay_event_want_write\([^;]*;//'
plant wslay.h 's/(wslay_frame_context_init\([^)]*),[ \n]*void \*user_data/\1/'
plant wslayx.h 's/int (wslayx_accept_key)/long \1/'
plant wslayx.h 's/size_t key_length/int key_length/'

# Callback types
plant wslay.h 's/(wslay_event_recv_callback\)\([^)]*)size_t len/\1int len/'
plant wslay.h 's/int \(\*wslay_event_genmask/void (*wslay_event_genmask/'
plant wslay.h 's/(wslay_event_send_callback\)\([^)]*)const uint8_t/\1uint8_t/'
plant wslay.h 's/int \*eof/unsigned *eof/'

# Enums
plant wslay.h 's/WSLAY_ERR_WOULDBLOCK = -401/WSLAY_ERR_WOULDBLOCK = -402/'
plant wslay.h 's/(WSLAY_ERR_NOMEM = -500)/\1, WSLAY_ERR_NEW = -501/'
plant wslay.h 's/(WSLAY_MSG_MORE = 1)/\1, WSLAY_MSG_NEW = 2/'
plant wslay.h 's/(WSLAY_PONG = 10)/\1, WSLAY_NEW = 11/'
plant wslay.h 's/  WSLAY_CODE_TLS_HANDSHAKE = 1015,?//'
plant wslay.h 's/WSLAY_BINARY_FRAME = 2/WSLAY_BINARY_FRAME = 3/'

# Structs
plant wslay.h 's/(struct wslay_frame_iocb \{[^}]*)uint8_t rsv;/\1uint16_t rsv;/'
plant wslay.h 's/(struct wslay_event_msg \{[^}]*)(uint8_t opcode;)/\1\2 uint8_t more;/'
plant wslay.h 's/(struct wslay_event_msg \{[^}]*)const uint8_t \*msg/\1uint8_t *msg/'
plant wslay.h 's/(  size_t msg_length;[^}]*)(  uint16_t status_code;)/\2\1/'
plant wslay.h 's/(on_msg_recv_callback;)(\n\})/\1 void *more;\2/'
plant wslay.h 's/  int fd;/  long fd;/'

# Macros
plant wslay.h 's/(define WSLAY_RSV1_BIT[^\n]*)1 << 2/\11 << 3/'
plant wslay.h 's/\(\(rsv\) & 1\)/((rsv) \& 2)/'
plant wslay.h 's/\(opcode\) >> 3/(opcode) >> 2/'
plant wslayx.h 's/(define WSLAYX_ACCEPT_KEY_SIZE) 29/\1 30/'

# Languages
plant wslay.h 's/extern "C"/extern "C++"/'
plant wslayx.h 's/extern "C"/extern "C++"/'
plant wslay.h 's/#include <stdint\.h>//'
plant wslay.h 's/#include <sys\/types\.h>//'
plant wslay.h 's/#ifndef WSLAY_VERSION(.*wslayver\.h>)\n#endif/\1/'
plant wslayver.h 's/#define WSLAY_VERSION[^\n]*//'

echo "test-check-header: $planted differences planted, $missed unnoticed"
[ $missed = 0 ]
