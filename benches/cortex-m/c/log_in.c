/* W6: a whole log-in at each provider, request and answer, over a transport that moves up to 63 bytes a call. */

#include "bench.h"
#include "canned.h"
#include "pos_token.h"

static uint8_t arena[2048];
static uint8_t scratch[128];
static pos_token_store store;
static pos_token_transport server;
static pos_token_result result;
static uintptr_t top;

static const pos_token_credentials credentials = {.username = POS_TOKEN_TEXT(USERNAME),
                                                  .password = POS_TOKEN_TEXT(PASSWORD),
                                                  .client_id = POS_TOKEN_TEXT(CLIENT_ID),
                                                  .client_secret = POS_TOKEN_TEXT(CLIENT_SECRET)};
static const pos_token_credentials user = {.username = POS_TOKEN_TEXT(USERNAME), .password = POS_TOKEN_TEXT(PASSWORD)};
static const pos_token_credentials client = {.client_id = POS_TOKEN_TEXT(CLIENT_ID),
                                             .client_secret = POS_TOKEN_TEXT(CLIENT_SECRET)};
static const pos_token_endpoint endpoint = {.host = POS_TOKEN_TEXT("api.example.com"),
                                            .user_agent = POS_TOKEN_TEXT("till/1.0")};

static void prepare(void)
{
    (void)pos_token_store_init(&store, arena, sizeof arena);
}

static bool log_in(const pos_token_request *request, pos_token_span answer)
{
    server = canned(answer);
    top = stack_pointer();
    return pos_token_exchange_run(request, &endpoint, &server, NULL, &store, scratch, sizeof scratch, &result) ==
           POS_TOKEN_OK;
}

static void report(const char *name)
{
    print_figure("read", name, (uint32_t)(top - canned_deepest_read));
    print_figure("write", name, (uint32_t)(top - canned_deepest_write));
}

static bool has_token(const char *expected, size_t expected_len)
{
    pos_token_span access;
    return pos_token_store_access_token(&store, &access) == POS_TOKEN_OK && result.verdict == POS_TOKEN_VERDICT_USE &&
           is_same(access.ptr, access.len, expected, expected_len);
}

/* workload, provider, credentials, answer, the token that it brings */
#define LOG_IN(name, of, with, answer, token) \
    static bool run_##name(void) \
    { \
        static const pos_token_request request = { \
            .provider = &(of), .credentials = &(with), .purpose = POS_TOKEN_PURPOSE_LOG_IN}; \
        static const pos_token_span text = POS_TOKEN_TEXT(answer); \
        return log_in(&request, text); \
    } \
    static bool is_##name(void) \
    { \
        return has_token(token, sizeof(token) - 1); \
    } \
    static void report_##name(void) \
    { \
        report(#name); \
    } \
    const struct workload name = {#name, prepare, run_##name, is_##name, report_##name};

LOG_IN(w6_loyalty_dog, POS_TOKEN_LOYALTY_DOG, user, W6_LOYALTY_DOG_HTTP, JWT_TXT)
LOG_IN(w6_zype, POS_TOKEN_ZYPE, credentials, W6_ZYPE_HTTP,
       "a0561fd649cdb6baa784055f051bad796ea0afef17fca38219549deeba4e8c1a")
LOG_IN(w6_loyalife, POS_TOKEN_LOYALIFE, client, W6_LOYALIFE_HTTP, JWT_TXT)
LOG_IN(w6_open_loyalty, POS_TOKEN_OPEN_LOYALTY, user, W6_OPEN_LOYALTY_HTTP, JWT_TXT)
