/* A till whose session decides what it does: log-in, use, a refresh that two resets interrupt, an outage, a recovery and
   a log-out. */
#ifndef SESSION_H
#define SESSION_H

#include "till.h"

/* Goes through all of that, with a line for each step. Where it resets the board, it is to be called again, and goes on
   from where it was. */
void session_run(struct till *till, const pos_token_credentials *credentials);

#endif
