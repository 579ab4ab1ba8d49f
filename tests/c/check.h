/* What every test program here uses. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pos_token.h"

#define CHECK(condition)                                                         \
    do {                                                                         \
        if (!(condition)) {                                                      \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);      \
            exit(1);                                                             \
        }                                                                        \
    } while (0)

/* That a call returns this status. */
#define IS(status, call) check_status(__FILE__, __LINE__, #call, status, call)
#define OK(call) IS(POS_TOKEN_OK, call)

static inline void check_status(const char *file, int line, const char *call,
                                pos_token_status expected, pos_token_status got) {
    if (expected != got) {
        fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, call,
                pos_token_status_name(got), pos_token_status_name(expected));
        exit(1);
    }
}

/* Whether bytes are this text. */
static inline bool same(const void *bytes, size_t len, const char *text) {
    return len == strlen(text) && memcmp(bytes, text, len) == 0;
}

static inline bool span_is(pos_token_span span, const char *text) {
    return span.ptr != NULL && same(span.ptr, span.len, text);
}

static const pos_token_span ABSENT = POS_TOKEN_NOTHING;

/* A pointer to no T, which only looks like one. */
#define CROOKED(type, object) ((type *)(void *)((char *)(void *)&(object) + 1))

/* A length that nothing has. */
#define TOO_LONG ((size_t)PTRDIFF_MAX + 1)

#endif
