/* A provider that the library does not know: which requests there are, and what its answers mean. The library reads
 * this table where it stands, in flash as a rule. pos_token_provider_check() in a unit test finds slips of the pen. */
#include "acme.h"

static const pos_token_parameter LOG_IN[] = {
    POS_TOKEN_LITERAL("grant_type", "password"),
    POS_TOKEN_REQUIRED("username", POS_TOKEN_FIELD_USERNAME),
    POS_TOKEN_REQUIRED("password", POS_TOKEN_FIELD_PASSWORD),
    POS_TOKEN_OPTIONAL("scope", POS_TOKEN_FIELD_SCOPE),
};

static const pos_token_parameter REFRESH[] = {
    POS_TOKEN_LITERAL("grant_type", "refresh_token"),
    POS_TOKEN_REQUIRED("refresh_token", POS_TOKEN_FIELD_REFRESH_TOKEN),
};

static const pos_token_parameter REVOKE[] = {
    POS_TOKEN_REQUIRED("token", POS_TOKEN_FIELD_ACCESS_TOKEN),
};

static const pos_token_exchange EXCHANGES[] = {
    { POS_TOKEN_TEXT("/token"), LOG_IN, POS_TOKEN_COUNT(LOG_IN), POS_TOKEN_PURPOSE_LOG_IN, 0, POS_TOKEN_METHOD_POST,
      POS_TOKEN_ENCODING_FORM, POS_TOKEN_CLIENT_AUTH_BASIC, POS_TOKEN_ANSWERS_TOKENS },
    { POS_TOKEN_TEXT("/token"), REFRESH, POS_TOKEN_COUNT(REFRESH), POS_TOKEN_PURPOSE_REFRESH, 0, POS_TOKEN_METHOD_POST,
      POS_TOKEN_ENCODING_FORM, POS_TOKEN_CLIENT_AUTH_BASIC, POS_TOKEN_ANSWERS_TOKENS },
    { POS_TOKEN_TEXT("/revoke"), REVOKE, POS_TOKEN_COUNT(REVOKE), POS_TOKEN_PURPOSE_REVOKE, 0, POS_TOKEN_METHOD_POST,
      POS_TOKEN_ENCODING_FORM, POS_TOKEN_CLIENT_AUTH_BASIC, POS_TOKEN_ANSWERS_NOTHING },
};

static const pos_token_member MEMBERS[] = {
    { POS_TOKEN_TEXT("access_token"), POS_TOKEN_MEANING_ACCESS_TOKEN },
    { POS_TOKEN_TEXT("refresh_token"), POS_TOKEN_MEANING_REFRESH_TOKEN },
    { POS_TOKEN_TEXT("expires_in"), POS_TOKEN_MEANING_EXPIRES_IN },
    { POS_TOKEN_TEXT("error"), POS_TOKEN_MEANING_ERROR_CODE },
};

static const pos_token_span TRANSIENT_CODES[] = { POS_TOKEN_TEXT("maintenance") };

const pos_token_provider ACME = {
    EXCHANGES, POS_TOKEN_COUNT(EXCHANGES),
    MEMBERS, POS_TOKEN_COUNT(MEMBERS),
    TRANSIENT_CODES, POS_TOKEN_COUNT(TRANSIENT_CODES),
    POS_TOKEN_TEXT("acme"),   /* name */
    POS_TOKEN_TEXT("Bearer"), /* authorization_scheme */
    POS_TOKEN_NOTHING,        /* hs512_alias */
    POS_TOKEN_NOTHING,        /* success_code */
    3600,                     /* default_lifetime */
    0,                        /* log_in_limit */
    POS_TOKEN_ROTATION_SINGLE_USE,
    POS_TOKEN_MISSING_ZONE_REFUSE,
};
