/* W5: a whole answer, its head 1.5 KB, its body the one of W1 in three chunks, 63 bytes at a time as modems give them. */

#include "bench.h"
#include "pos_token.h"

static uint8_t arena[512];
static pos_token_store store;
static pos_token_answer answer;
static pos_token_result result;

static void prepare(void)
{
    (void)pos_token_store_init(&store, arena, sizeof arena);
}

static bool run(void)
{
    static const pos_token_span text = POS_TOKEN_TEXT(W5_HTTP);
    bool is_complete = false;
    size_t unread;
    if (pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store) != POS_TOKEN_OK) {
        return false;
    }
    for (size_t at = 0; at < text.len && !is_complete; at += 63) {
        size_t left = text.len - at;
        pos_token_span piece = pos_token_bytes(text.ptr + at, left < 63 ? left : 63);
        if (pos_token_answer_feed(&answer, piece, &is_complete, &unread) != POS_TOKEN_OK) {
            return false;
        }
    }
    return is_complete && pos_token_answer_finish(&answer, &result) == POS_TOKEN_OK;
}

static bool is_right(void)
{
    pos_token_span access;
    return pos_token_store_access_token(&store, &access) == POS_TOKEN_OK && result.verdict == POS_TOKEN_VERDICT_USE &&
           IS_TEXT(access.ptr, access.len, "a0561fd649cdb6baa784055f051bad796ea0afef17fca38219549deeba4e8c1a");
}

const struct workload w5 = {"w5", prepare, run, is_right, NULL};
