#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "pos_token.h"

/* Goes through everything that handles secrets, with all dialects. What is still in use at the end stands in `store`
   and `key`, which the caller wipes. False where a step does not come out as it must. */
bool story(pos_token_store *store, pos_token_hs512_key *key, uint8_t *arena, size_t arena_len);

/* Calls each public function on a painted stack and prints what it took. False where one does not succeed. */
bool measure(void);

#endif
