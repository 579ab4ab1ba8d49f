/* A provider of one's own, as a table in C. */
#ifndef EXAMPLES_ACME_H
#define EXAMPLES_ACME_H

#include "pos_token.h"

extern const pos_token_provider ACME;

#endif
