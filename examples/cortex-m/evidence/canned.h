/* A transport whose server always gives the same answer, in pieces as a modem delivers them. */
#ifndef CANNED_H
#define CANNED_H

#include "pos_token.h"

/* For this answer. */
pos_token_transport canned(pos_token_span answer);

/* A check that is content with any token. */
bool canned_check(void *ctx, pos_token_span access_token);

/* The deepest stack pointers that the callbacks had since `canned` was called. */
extern uintptr_t canned_deepest_read;
extern uintptr_t canned_deepest_write;

#endif
