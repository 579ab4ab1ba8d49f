/* One line for each step, on the debug channel: what was done, the status, the short code, the trust in the token and
   the verdict. No text that a server sent, and no secret. */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

#include "pos_token.h"

/* What is known about the token that a step brought. */
enum trust {
    TRUST_NOTHING,  /* it brought none */
    TRUST_PENDING,  /* a code is missing */
    TRUST_OPAQUE,   /* it is no JWT */
    TRUST_READ,     /* its times were read, without a key */
    TRUST_VERIFIED,
    TRUST_EARLY,    /* its signature is right, and by this till's clock it is not valid yet */
    TRUST_REFUSED   /* it does not pass the checks */
};

struct line {
    uint32_t status;  /* of HTTP; 0 where there is no whole answer */
    uint32_t code;    /* the short code; 0 of a success */
    uint32_t verdict; /* one of pos_token_verdict */
    enum trust trust;
    uint32_t wait;    /* so many seconds at least; 0 where the server named none */
};

/* What an exchange came to: its status, and where that is POS_TOKEN_OK its result. */
struct line line_of(pos_token_status status, const pos_token_result *result);

void line_print(const struct line *line, const char *server, const char *step);

#endif
