/* W3, for those who bring a MAC of their own. */
#ifndef TOKEN_H
#define TOKEN_H

#include "bench.h"
#include "pos_token.h"

bool verify_by(const pos_token_mac *platform);
bool is_verified(void);

#endif
