/* A server in memory: takes what is written and says what it was given to say, in pieces. */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <stdio.h>
#include <string.h>

#include "pos_token.h"

typedef struct wire {
    const char *answer;
    size_t answer_len, at, read_piece, write_piece;
    uint8_t taken[2048];
    size_t taken_len;
    ptrdiff_t read_says, write_says; /* where not 0, returned in place of the truth */
} wire;

static inline ptrdiff_t wire_read(void *ctx, uint8_t *buf, size_t len) {
    wire *self = ctx;
    size_t left = self->answer_len - self->at;
    if (self->read_says != 0) {
        return self->read_says;
    }
    len = len < left ? len : left;
    len = len < self->read_piece ? len : self->read_piece;
    memcpy(buf, self->answer + self->at, len);
    self->at += len;
    return (ptrdiff_t)len;
}

static inline ptrdiff_t wire_write(void *ctx, const uint8_t *buf, size_t len) {
    wire *self = ctx;
    size_t left = sizeof self->taken - self->taken_len;
    if (self->write_says != 0) {
        return self->write_says;
    }
    len = len < left ? len : left;
    len = len < self->write_piece ? len : self->write_piece;
    memcpy(self->taken + self->taken_len, buf, len);
    self->taken_len += len;
    return (ptrdiff_t)len;
}

static inline void wire_init(wire *self, const char *answer, size_t piece) {
    memset(self, 0, sizeof *self);
    self->answer = answer;
    self->answer_len = strlen(answer);
    self->read_piece = piece;
    self->write_piece = piece;
}

static inline pos_token_transport wire_transport(wire *self) {
    pos_token_transport transport = { 0 };
    transport.ctx = self;
    transport.read = wire_read;
    transport.write = wire_write;
    return transport;
}

/* A whole answer of this body, good until the next call. */
static inline const char *wire_answer(const char *status, const char *body) {
    static char answer[1024];
    (void)snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
    return answer;
}

#endif
