/* What time it is, for a session: since boot, and by the wall clock. By POSIX, which has to be asked for. */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

#include "pos_token.h"

static inline pos_token_now now(void) {
    struct timespec up = { 0, 0 };
    pos_token_now moment;
    (void)clock_gettime(CLOCK_MONOTONIC, &up);
    moment.uptime = (uint64_t)up.tv_sec * 1000 + (uint64_t)up.tv_nsec / 1000000;
    moment.device = time(NULL);
    return moment;
}

#endif
