/* Where tokens live: what works is never lost to what fails, and nothing is left behind. */
#include "check.h"

#define HEAD(len) "HTTP/1.1 200 OK\r\nContent-Length: " #len "\r\n\r\n"
#define FIRST HEAD(46) "{\"access_token\":\"first\",\"refresh_token\":\"old\"}"
#define SECOND HEAD(25) "{\"access_token\":\"second\"}"
#define THIRD HEAD(47) "{\"access_token\":\"third3\",\"refresh_token\":\"new\"}"

static pos_token_status take(pos_token_store *store, uint32_t purpose, const char *text, pos_token_result *result) {
    pos_token_answer answer;
    bool complete = false;
    pos_token_status status = pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, purpose, NULL, store);
    if (status == POS_TOKEN_OK) {
        status = pos_token_answer_feed(&answer, pos_token_text(text), &complete, NULL);
    }
    return status == POS_TOKEN_OK ? pos_token_answer_finish(&answer, result) : status;
}

static bool holds(const uint8_t *memory, size_t len, const char *text) {
    size_t text_len = strlen(text);
    for (size_t i = 0; i + text_len <= len; i++) {
        if (memcmp(memory + i, text, text_len) == 0) {
            return true;
        }
    }
    return false;
}

static void empty(void) {
    uint8_t memory[64];
    pos_token_store store;
    pos_token_span span;
    uint32_t needed;
    OK(pos_token_store_init(&store, memory, sizeof memory));
    OK(pos_token_store_access_token(&store, &span));
    CHECK(span.ptr == NULL);
    OK(pos_token_store_refresh_token(&store, &span));
    CHECK(span.ptr == NULL);
    OK(pos_token_store_pending_token(&store, &span));
    CHECK(span.ptr == NULL);
    IS(POS_TOKEN_ABSENT, pos_token_store_needed(&store, &needed));
}

static void a_refresh_keeps_the_refresh_token(void) {
    uint8_t memory[128] = { 0 };
    pos_token_store store;
    pos_token_result result;
    pos_token_span span;
    OK(pos_token_store_init(&store, memory, sizeof memory));
    OK(take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    OK(take(&store, POS_TOKEN_PURPOSE_REFRESH, SECOND, &result));
    CHECK(result.refresh_token == POS_TOKEN_REFRESH_KEPT);
    OK(pos_token_store_access_token(&store, &span));
    CHECK(span_is(span, "second"));
    OK(pos_token_store_refresh_token(&store, &span));
    CHECK(span_is(span, "old"));
    OK(take(&store, POS_TOKEN_PURPOSE_REFRESH, THIRD, &result));
    CHECK(result.refresh_token == POS_TOKEN_REFRESH_REPLACED);
    OK(pos_token_store_refresh_token(&store, &span));
    CHECK(span_is(span, "new"));
    CHECK(!holds(memory, sizeof memory, "second") && !holds(memory, sizeof memory, "old"));
    OK(take(&store, POS_TOKEN_PURPOSE_LOG_IN, SECOND, &result));
    CHECK(result.refresh_token == POS_TOKEN_REFRESH_ABSENT);
}

/* The answer breaks off after every byte: the tokens in use stay, and nothing of the new ones does. */
static void what_works_is_not_lost(void) {
    for (size_t len = 0; len < sizeof THIRD - 1; len++) {
        uint8_t memory[128] = { 0 };
        pos_token_store store;
        pos_token_answer answer;
        pos_token_result result;
        pos_token_span span;
        bool complete;
        OK(pos_token_store_init(&store, memory, sizeof memory));
        OK(take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
        OK(pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_REFRESH, NULL, &store));
        OK(pos_token_answer_feed(&answer, pos_token_bytes(THIRD, len), &complete, NULL));
        CHECK(!complete);
        OK(pos_token_store_access_token(&store, &span)); /* also while another one arrives */
        CHECK(span_is(span, "first"));
        if (len % 2 == 0) {
            CHECK(pos_token_answer_finish(&answer, &result) != POS_TOKEN_OK);
        } else {
            OK(pos_token_answer_wipe(&answer));
        }
        OK(pos_token_store_access_token(&store, &span));
        CHECK(span_is(span, "first"));
        OK(pos_token_store_refresh_token(&store, &span));
        CHECK(span_is(span, "old"));
        CHECK(!holds(memory, sizeof memory, "thi") && !holds(memory, sizeof memory, "new"));
    }
}

/* A store that is too small says how large it has to be, and that is enough. */
static void too_small(void) {
    for (size_t size = 0; size < 64; size++) {
        uint8_t memory[64];
        pos_token_store store;
        pos_token_result result;
        uint32_t needed = 0;
        pos_token_status status;
        OK(pos_token_store_init(&store, memory, size));
        status = take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result);
        if (status == POS_TOKEN_OK) {
            CHECK(size >= 8);
            IS(POS_TOKEN_ABSENT, pos_token_store_needed(&store, &needed));
            continue;
        }
        CHECK(status == POS_TOKEN_STORE_TOO_SMALL);
        OK(pos_token_store_needed(&store, &needed));
        CHECK(needed > size && needed <= sizeof memory);
        OK(pos_token_store_init(&store, memory, needed));
        OK(take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    }
}

static void wiped(void) {
    uint8_t memory[128] = { 0 };
    pos_token_store store;
    pos_token_result result;
    pos_token_span span;
    uint8_t left = 0;
    OK(pos_token_store_init(&store, memory, sizeof memory));
    OK(take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    CHECK(holds(memory, sizeof memory, "first"));
    OK(pos_token_store_wipe(&store));
    for (size_t i = 0; i < sizeof memory; i++) {
        left |= memory[i];
    }
    CHECK(left == 0);
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_access_token(&store, &span));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_wipe(&store));
}

static void moved_before_use(void) {
    uint8_t memory[128] = { 0 };
    pos_token_store first, store;
    pos_token_result result;
    pos_token_span span;
    OK(pos_token_store_init(&first, memory, sizeof memory));
    store = first;
    memset(&first, 0xA5, sizeof first);
    OK(take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    OK(pos_token_store_access_token(&store, &span));
    CHECK(span_is(span, "first"));
}

int main(void) {
    empty();
    a_refresh_keeps_the_refresh_token();
    what_works_is_not_lost();
    too_small();
    wiped();
    moved_before_use();
    return 0;
}
