/* Where the libraries may differ: the deviations D1 to D15 of docs/contract.md
   and the freedoms listed in COMPATIBILITY.md. Nothing else is forgiven.

   Some masks forgive an outcome (theirs, ours) that is exactly the deviation;
   the others keep a session from what only differs by deviation. Each use is
   counted. Not here, since no session goes there:
   - D5, D12, D13: C wslay writes past its memory or crashes. No callback claims
     more than it was offered, and none is NULL.
   - D8, D10: the packaged library has no write functions to compare with.
   - D14: memory does not run out.
   - D15: no session has so many unanswered Pings.
   - Calls that C wslay leaves undefined (C2), and the grouping of sends and
     receives (S10): side.c repeats calls until they have done all they can, and
     send callbacks queue nothing. */
#ifndef DIFF_MASKS_H
#define DIFF_MASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "record.h"

struct side;

/* D1: C wslay's verdict on a Close's reason depends on how it is cut. True for
   a Close whose reason is not ASCII: it must come in one read. The payload is
   still masked, if the header says so. */
bool mask_d1_close_in_one_read(const uint8_t *header, const uint8_t *payload,
                               size_t size);
/* D2: a malformed frame queues an empty Close there, one with 1002 here. */
bool mask_d2_close_sent(const struct bytes *theirs, const struct bytes *ours,
                        bool masked);
bool mask_d2_code_sent(int64_t theirs, int64_t ours);
/* D3: the codes 1012 to 1014 are refused there. Ours reports the message. */
bool mask_d3_code_accepted(const struct event *theirs,
                           const struct event *ours);
/* D4: a Close of one byte is reported there, and an error here. */
bool mask_d4_one_byte_close(const struct event *theirs,
                            const struct event *ours);
/* D6: true if a frame must be masked since one before was. */
bool mask_d6_stays_masked(bool was_masked, bool masked);
/* D7: the piece, shortened to what is left of the frame in progress. */
size_t mask_d7_shorten(size_t piece, size_t left);
/* D9: Pings and Pongs that a Close dropped stay counted there: `count` and
   `length` are how much theirs is above ours. */
bool mask_d9_dropped_controls(const struct side *theirs,
                              const struct event *state, int64_t count,
                              int64_t length);
/* D11: true if C wslay would reserve so much memory that it takes time. */
bool mask_d11_huge_announcement(uint64_t length);

/* RSV bits are judged once a frame here, with every piece there: they are not
   changed within a frame. True if that forbids a change. */
bool mask_rsv_judged_once(bool at_boundary);
/* Mask keys may be asked for ahead of what is sent (S10): genmask callbacks
   fail only where no send is cut short. True if that forbids a failure. */
bool mask_genmask_called_ahead(bool whole_sends);
/* C wslay looks at the error value after a short write of a header. */
bool mask_error_after_short_write(bool is_short);
/* It also looks at it when a recv callback gives less than a header needs. So a
   callback that sends clears what the send callback has left. */
void mask_error_after_short_read(void);
/* How many bytes a recv callback is asked for is free (S10), but shows in the
   pieces of a payload. So where those are reported, reads are no larger than
   what both have room for behind a part of a header. */
size_t mask_room_offered(size_t size);
/* wslay_frame_recv goes on after WSLAY_ERR_PROTO there: a session ends. */
bool mask_frame_recv_after_proto(int64_t result);

void masks_print(FILE *to);

#endif
