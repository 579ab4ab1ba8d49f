/* Where tokens live: what works is never lost to what fails, and nothing is left behind. */
#include "test.h"

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

TEST(empty) {
    uint8_t memory[64];
    pos_token_store store;
    pos_token_span span;
    uint32_t needed;
    EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
    EXPECT_STATUS(OK, pos_token_store_access_token(&store, &span));
    EXPECT(ABSENT(span));
    EXPECT_STATUS(OK, pos_token_store_refresh_token(&store, &span));
    EXPECT(ABSENT(span));
    EXPECT_STATUS(OK, pos_token_store_pending_token(&store, &span));
    EXPECT(ABSENT(span));
    EXPECT_STATUS(ABSENT, pos_token_store_needed(&store, &needed));
}

TEST(a_refresh_keeps_the_refresh_token) {
    uint8_t memory[128];
    pos_token_store store;
    pos_token_result result;
    pos_token_span span;
    EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
    EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_REFRESH, SECOND, &result));
    EXPECT(result.refresh_token == POS_TOKEN_REFRESH_KEPT);
    EXPECT_STATUS(OK, pos_token_store_access_token(&store, &span));
    EXPECT_SPAN("second", span);
    EXPECT_STATUS(OK, pos_token_store_refresh_token(&store, &span));
    EXPECT_SPAN("old", span);
    EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_REFRESH, THIRD, &result));
    EXPECT(result.refresh_token == POS_TOKEN_REFRESH_REPLACED);
    EXPECT_STATUS(OK, pos_token_store_refresh_token(&store, &span));
    EXPECT_SPAN("new", span);
    EXPECT(!holds(memory, sizeof memory, "second") && !holds(memory, sizeof memory, "old"));
    EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_LOG_IN, SECOND, &result));
    EXPECT(result.refresh_token == POS_TOKEN_REFRESH_ABSENT);
}

/* The answer breaks off after every byte: the tokens in use stay, and nothing of the new ones does. */
TEST(what_works_is_not_lost) {
    for (size_t len = 0; len < sizeof THIRD - 1; len++) {
        uint8_t memory[128] = { 0 };
        pos_token_store store;
        pos_token_answer answer;
        pos_token_result result;
        pos_token_span span;
        bool complete;
        EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
        EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
        EXPECT_STATUS(OK, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_REFRESH, NULL, &store));
        EXPECT_STATUS(OK, pos_token_answer_feed(&answer, pos_token_bytes(THIRD, len), &complete, NULL));
        EXPECT(!complete);
        EXPECT_STATUS(OK, pos_token_store_access_token(&store, &span)); /* also while another one arrives */
        EXPECT_SPAN("first", span);
        if (len % 2 == 0) {
            EXPECT(pos_token_answer_finish(&answer, &result) != POS_TOKEN_OK);
        } else {
            EXPECT_STATUS(OK, pos_token_answer_wipe(&answer));
        }
        EXPECT_STATUS(OK, pos_token_store_access_token(&store, &span));
        EXPECT_SPAN("first", span);
        EXPECT_STATUS(OK, pos_token_store_refresh_token(&store, &span));
        EXPECT_SPAN("old", span);
        EXPECT(!holds(memory, sizeof memory, "thi") && !holds(memory, sizeof memory, "new"));
    }
}

/* A store that is too small says how large it has to be, and that is enough. */
TEST(too_small) {
    for (size_t size = 0; size < 64; size++) {
        uint8_t memory[64];
        pos_token_store store;
        pos_token_result result;
        uint32_t needed = 0;
        pos_token_status status;
        EXPECT_STATUS(OK, pos_token_store_init(&store, memory, size));
        status = take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result);
        if (status == POS_TOKEN_OK) {
            EXPECT(size >= 8);
            EXPECT_STATUS(ABSENT, pos_token_store_needed(&store, &needed));
            continue;
        }
        EXPECT(status == POS_TOKEN_STORE_TOO_SMALL);
        EXPECT_STATUS(OK, pos_token_store_needed(&store, &needed));
        EXPECT(needed > size && needed <= sizeof memory);
        EXPECT_STATUS(OK, pos_token_store_init(&store, memory, needed));
        EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    }
}

TEST(wiped) {
    uint8_t memory[128] = { 0 };
    pos_token_store store;
    pos_token_result result;
    pos_token_span span;
    uint8_t left = 0;
    EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
    EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    EXPECT(holds(memory, sizeof memory, "first"));
    EXPECT_STATUS(OK, pos_token_store_wipe(&store));
    for (size_t i = 0; i < sizeof memory; i++) {
        left |= memory[i];
    }
    EXPECT(left == 0);
    EXPECT_STATUS(NOT_INITIALISED, pos_token_store_access_token(&store, &span));
    EXPECT_STATUS(NOT_INITIALISED, pos_token_store_wipe(&store));
}

TEST(moved_before_use) {
    uint8_t memory[128];
    pos_token_store first, store;
    pos_token_result result;
    pos_token_span span;
    EXPECT_STATUS(OK, pos_token_store_init(&first, memory, sizeof memory));
    store = first;
    memset(&first, 0xA5, sizeof first);
    EXPECT_STATUS(OK, take(&store, POS_TOKEN_PURPOSE_LOG_IN, FIRST, &result));
    EXPECT_STATUS(OK, pos_token_store_access_token(&store, &span));
    EXPECT_SPAN("first", span);
}

RUN_TESTS(CASE(empty), CASE(a_refresh_keeps_the_refresh_token), CASE(what_works_is_not_lost), CASE(too_small),
          CASE(wiped), CASE(moved_before_use))
