/* A till: one provider, one server, one store for its tokens. Each step is one connection and one line. */
#ifndef TILL_H
#define TILL_H

#include <stdint.h>

#include "pos_token.h"

struct till {
    const char *name;
    const pos_token_provider *provider;
    uint16_t port;
    /* The path of the token endpoint, where the provider's table has none; else absent. */
    pos_token_span path;
    /* What a protected endpoint's path is. */
    const char *api;
    /* NULL where there is none: tokens are only read then. */
    const pos_token_hs512_key *key;
    pos_token_store store;
    /* Open Loyalty needs the most: its longest token and refresh token, twice. */
    uint8_t arena[3328];
};

/* Begins with no tokens: wipes those that there are. */
void till_forget(struct till *till);

/* A request and its answer, over a connection of its own. `prefix` is as below; `modem` says what became of the
   connection. */
pos_token_status till_exchange(struct till *till, const char *prefix, const pos_token_request *request,
                               pos_token_transport *modem, pos_token_result *result);

/* One request and its answer, printed. `purpose` is one of pos_token_purpose. */
void till_step(struct till *till, const char *step, uint32_t purpose, const pos_token_credentials *credentials);

/* The same, where the server plays the scenario that this prefix of the path names; NULL: none. */
void till_scenario(struct till *till, const char *step, const char *prefix, uint32_t purpose,
                   const pos_token_credentials *credentials);

/* Calls the provider's API with the token, and prints what came of it. */
void till_call(struct till *till, const char *step);

#endif
