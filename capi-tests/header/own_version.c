/* A program that brings WSLAY_VERSION itself. Only compiled, also with a copy
 * of wslay.h that has no wslayver.h beside it. */
#define WSLAY_VERSION "0.0.0-mine"
#include <wslay/wslay.h>

#ifdef WSLAYVER_H
#error "wslayver.h is included although WSLAY_VERSION is defined"
#endif

extern const char own_version[sizeof(WSLAY_VERSION)];
const char own_version[sizeof("0.0.0-mine")] = WSLAY_VERSION;
