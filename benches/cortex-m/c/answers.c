/* W1 and W2: the body of an answer, in one piece, into a store; another stack has read HTTP. */

#include "bench.h"
#include "pos_token.h"

static uint8_t arena[2048];
static pos_token_store store;
static pos_token_answer answer;
static pos_token_result result;

static void prepare(void)
{
    (void)pos_token_store_init(&store, arena, sizeof arena);
}

static inline bool read_answer(const pos_token_provider *provider, pos_token_span body)
{
    bool is_complete;
    return pos_token_answer_init(&answer, provider, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store) == POS_TOKEN_OK &&
           pos_token_answer_status(&answer, 200) == POS_TOKEN_OK &&
           pos_token_answer_body(&answer, body, &is_complete) == POS_TOKEN_OK &&
           pos_token_answer_finish(&answer, &result) == POS_TOKEN_OK;
}

static bool run_zype(void)
{
    static const pos_token_span body = POS_TOKEN_TEXT(W1_JSON);
    return read_answer(&POS_TOKEN_ZYPE, body);
}

static bool run_loyalife(void)
{
    static const pos_token_span body = POS_TOKEN_TEXT(W2_JSON);
    return read_answer(&POS_TOKEN_LOYALIFE, body);
}

static bool is_zype(void)
{
    pos_token_span access, refresh;
    return pos_token_store_access_token(&store, &access) == POS_TOKEN_OK &&
           pos_token_store_refresh_token(&store, &refresh) == POS_TOKEN_OK &&
           result.verdict == POS_TOKEN_VERDICT_USE && result.expiry.kind == POS_TOKEN_WHEN_IN &&
           result.expiry.seconds == 604800 &&
           IS_TEXT(access.ptr, access.len, "a0561fd649cdb6baa784055f051bad796ea0afef17fca38219549deeba4e8c1a") &&
           IS_TEXT(refresh.ptr, refresh.len, "d6cc0a088c07683c65cd266860cab8d94b3a1937b17420d9da30ca299c09fb77");
}

static bool is_loyalife(void)
{
    pos_token_span access;
    return pos_token_store_access_token(&store, &access) == POS_TOKEN_OK && result.verdict == POS_TOKEN_VERDICT_USE &&
           result.expiry.kind == POS_TOKEN_WHEN_AT && result.expiry.at == EXP &&
           IS_TEXT(access.ptr, access.len, JWT_TXT);
}

static void sizes(void)
{
    print_figure("size", "pos_token_answer", sizeof(pos_token_answer));
    print_figure("size", "pos_token_store", sizeof(pos_token_store));
}

const struct workload w1 = {"w1", prepare, run_zype, is_zype, sizes};
const struct workload w2 = {"w2", prepare, run_loyalife, is_loyalife, NULL};
