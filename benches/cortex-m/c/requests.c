/* W4: the body of a log-in, with texts that have to be escaped. */

#include "bench.h"
#include "pos_token.h"

static uint8_t body[256];
static size_t len;

static const pos_token_credentials credentials = {.username = POS_TOKEN_TEXT(USERNAME),
                                                  .password = POS_TOKEN_TEXT(PASSWORD),
                                                  .client_id = POS_TOKEN_TEXT(CLIENT_ID),
                                                  .client_secret = POS_TOKEN_TEXT(CLIENT_SECRET)};

static bool write_json(void)
{
    static const pos_token_request request = {
        .provider = &POS_TOKEN_ZYPE, .credentials = &credentials, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    return pos_token_request_body(&request, body, sizeof body, &len) == POS_TOKEN_OK;
}

static bool is_json(void)
{
    return IS_TEXT(body, len, W4_EXPECTED_JSON);
}

static bool write_form(void)
{
    static const pos_token_credentials user = {.username = POS_TOKEN_TEXT(USERNAME),
                                               .password = POS_TOKEN_TEXT(PASSWORD)};
    static const pos_token_request request = {
        .provider = &POS_TOKEN_LOYALTY_DOG, .credentials = &user, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    return pos_token_request_body(&request, body, sizeof body, &len) == POS_TOKEN_OK;
}

static bool is_form(void)
{
    return IS_TEXT(body, len, W4_EXPECTED_FORM);
}

const struct workload w4_json = {"w4_json", NULL, write_json, is_json, NULL};
const struct workload w4_form = {"w4_form", NULL, write_form, is_form, NULL};
