/* W7: what a session is asked all day, whether the token may be used; and what a renewal adds to its exchange: begun,
 * accepted, its record made, saved. Zype's tokens. */

#include "bench.h"
#include "pos_token.h"

static uint8_t arena[512];
static pos_token_store store;
static pos_token_policy policy;
static pos_token_session session;
static pos_token_result result;
static pos_token_step step;
static uint8_t record_bytes[256];
static size_t record_len;
static const pos_token_now now = { 3600000, EXP - 1800 };

static bool read_answer(void)
{
    static const pos_token_span body = POS_TOKEN_TEXT(W1_JSON);
    static pos_token_answer answer;
    bool is_complete;
    return pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store) == POS_TOKEN_OK &&
           pos_token_answer_status(&answer, 200) == POS_TOKEN_OK &&
           pos_token_answer_body(&answer, body, &is_complete) == POS_TOKEN_OK &&
           pos_token_answer_finish(&answer, &result) == POS_TOKEN_OK;
}

static bool renew(void)
{
    static const pos_token_credentials credentials = { .client_id = POS_TOKEN_TEXT("c"), .client_secret = POS_TOKEN_TEXT("s"),
                                                       .username = POS_TOKEN_TEXT("u"), .password = POS_TOKEN_TEXT("p") };
    pos_token_begun begun;
    pos_token_record record;
    return pos_token_session_begin(&session, &credentials, now, &begun) == POS_TOKEN_OK &&
           pos_token_session_accept(&session, begun.number, &result, now) == POS_TOKEN_OK &&
           pos_token_session_save(&session, NULL, 8, now, record_bytes, sizeof record_bytes, &record_len, &record) ==
               POS_TOKEN_OK &&
           pos_token_session_saved(&session, record.number) == POS_TOKEN_OK;
}

/* At boot; the answer that accept is told of is in the store already, as it would be. */
static void prepare_renewal(void)
{
    (void)pos_token_store_init(&store, arena, sizeof arena);
    (void)pos_token_policy_init(&policy, 7);
    (void)pos_token_session_init(&session, &POS_TOKEN_ZYPE, &policy, &store, now);
    (void)read_answer();
}

static void prepare_step(void)
{
    prepare_renewal();
    (void)pos_token_session_customer_waiting(&session, now, &(bool){ false });
    (void)renew();
}

static bool run_step(void)
{
    return pos_token_session_next(&session, now, &step) == POS_TOKEN_OK;
}

static bool is_use(void)
{
    return step.kind == POS_TOKEN_STEP_USE && step.token.generation == 1 && step.token.good_for == 604795 &&
           step.token.access_token.len == 64;
}

static bool run_renewal(void)
{
    (void)pos_token_session_init(&session, &POS_TOKEN_ZYPE, &policy, &store, now);
    return renew();
}

static bool is_renewed(void)
{
    return run_step() && is_use() && record_len == pos_token_record_len(128, 0, 8);
}

static void sizes(void)
{
    print_figure("size", "pos_token_session", sizeof(pos_token_session));
}

const struct workload w7 = { "w7", prepare_step, run_step, is_use, sizes };
const struct workload w7_renewal = { "w7_renewal", prepare_renewal, run_renewal, is_renewed, NULL };
