/* A transport whose server always gives the same answer, in pieces as a modem delivers them. */
#ifndef CANNED_H
#define CANNED_H

#include "pos_token.h"

/* For this answer, a text. */
pos_token_transport canned(const char *answer);

/* The deepest stack pointer that a callback was entered with since `canned` was called. */
extern uintptr_t canned_deepest;

#endif
