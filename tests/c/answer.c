/* What came back: answers in any pieces, the store, calls in every wrong order, contexts that are none. */
#include "check.h"

static const char GRANTED[] =
    "HTTP/1.1 200 OK\r\nDate: Mon, 16 Mar 2026 15:15:02 GMT\r\nContent-Length: 81\r\n\r\n"
    "{\"access_token\":\"a0561f\",\"refresh_token\":\"r77\",\"expires_in\":604800,\"scope\":\"pos\"}"
    "next";

static pos_token_store store;
static pos_token_answer answer;
static pos_token_result result;
static uint8_t arena[64];
static bool complete;

static void begin(const pos_token_provider *provider, uint32_t purpose, const pos_token_answer_options *options) {
    OK(pos_token_answer_init(&answer, provider, purpose, options, &store));
}

static void log_in(void) {
    begin(&POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL);
}

static void tokens_are(const char *access, const char *refresh) {
    pos_token_span token;
    OK(pos_token_store_access_token(&store, &token));
    CHECK(access ? span_is(token, access) : token.ptr == NULL);
    OK(pos_token_store_refresh_token(&store, &token));
    CHECK(refresh ? span_is(token, refresh) : token.ptr == NULL);
}

static void in_pieces(void) {
    size_t size, whole = sizeof GRANTED - 1 - 4;
    OK(pos_token_store_init(&store, arena, sizeof arena));
    tokens_are(NULL, NULL);
    for (size = 1; size <= sizeof GRANTED - 1; size++) {
        pos_token_answer_options options = {0, POS_TOKEN_KEEP_SCOPE};
        size_t at = 0, unread = 4711;
        pos_token_span scope;
        uint16_t status;
        begin(&POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, &options);
        OK(pos_token_answer_status_code(&answer, &status));
        CHECK(status == 0);
        for (complete = false; !complete;) {
            size_t len = sizeof GRANTED - 1 - at < size ? sizeof GRANTED - 1 - at : size;
            OK(pos_token_answer_feed(&answer, pos_token_bytes(GRANTED + at, len), &complete, &unread));
            at += len;
        }
        CHECK(at - unread == whole);
        OK(pos_token_answer_status_code(&answer, &status));
        CHECK(status == 200);
        OK(pos_token_answer_finish(&answer, &result));
        CHECK(result.outcome == POS_TOKEN_OUTCOME_GRANTED && result.verdict == POS_TOKEN_VERDICT_USE);
        CHECK(result.short_code == 0 && result.http_status == 200 && result.reusable);
        CHECK(result.expiry.kind == POS_TOKEN_WHEN_IN && result.expiry.seconds == 604800);
        CHECK(result.server_time == 1773674102 && result.server_time_source == POS_TOKEN_TIME_SOURCE_DATE);
        CHECK(result.refresh_token == POS_TOKEN_REFRESH_REPLACED && result.retry_after.kind == 0);
        CHECK(result.error_code[0] == 0 && !result.token_type_stated && !result.retryable);
        tokens_are("a0561f", "r77");
        OK(pos_token_store_scope(&store, &scope));
        CHECK(span_is(scope, "pos"));
        IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_finish(&answer, &result));
    }
}

/* A token can be looked at before it is in use, and refused at no cost. */
static void a_token_that_is_no_good(void) {
    static const char FORGED[] = "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"access_token\":\"forged\"}";
    pos_token_span token;
    OK(pos_token_store_init(&store, arena, sizeof arena));
    log_in();
    OK(pos_token_answer_access_token(&answer, &token));
    CHECK(token.ptr == NULL);
    OK(pos_token_answer_feed(&answer, pos_token_bytes(GRANTED, sizeof GRANTED - 1), &complete, NULL));
    OK(pos_token_answer_access_token(&answer, &token));
    CHECK(complete && span_is(token, "a0561f"));
    tokens_are(NULL, NULL);
    OK(pos_token_answer_finish(&answer, &result));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_access_token(&answer, &token));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_access_token(NULL, &token));

    log_in();
    OK(pos_token_answer_feed(&answer, pos_token_bytes(FORGED, sizeof FORGED - 1), &complete, NULL));
    OK(pos_token_answer_access_token(&answer, &token));
    CHECK(complete && span_is(token, "forged"));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_access_token(&answer, NULL));
    OK(pos_token_answer_wipe(&answer));
    tokens_are("a0561f", "r77");
}

static void behind_another_stack(void) {
    pos_token_when when;
    log_in();
    OK(pos_token_answer_status(&answer, 429));
    OK(pos_token_answer_field(&answer, pos_token_text("retry-after"), pos_token_text("120")));
    OK(pos_token_answer_retry_after(&answer, &when));
    CHECK(when.kind == POS_TOKEN_WHEN_IN && when.seconds == 120);
    OK(pos_token_answer_body(&answer, pos_token_text("{}"), &complete));
    CHECK(complete);
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_DENIED && result.verdict == POS_TOKEN_VERDICT_WAIT);
    CHECK(result.short_code == POS_TOKEN_DENIED_BUSY && result.retryable && result.http_status == 429);
    CHECK(result.retry_after.kind == POS_TOKEN_WHEN_IN && result.retry_after.seconds == 120);

    log_in();
    OK(pos_token_answer_status(&answer, 400));
    OK(pos_token_answer_body(&answer, pos_token_text("{\"error\":\"invalid_client\"}"), &complete));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.short_code == POS_TOKEN_DENIED_INVALID_CLIENT && result.verdict == POS_TOKEN_VERDICT_STOP);
    CHECK(result.error_code[0] == 0);

    log_in();
    OK(pos_token_answer_status(&answer, 302));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_REDIRECTED && result.short_code == POS_TOKEN_DENIED_REDIRECTED);

    log_in();
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text("<html>"), &complete));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_NOT_AN_API && result.verdict == POS_TOKEN_VERDICT_WAIT);

    begin(&POS_TOKEN_LOYALIFE, POS_TOKEN_PURPOSE_LOG_IN, NULL);
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text("{\"results\":{\"token\":\"abc\",\"tokenExpiresOn\":"
                                                     "\"2026-03-16T15:15:02Z\"}}"),
                             &complete));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.expiry.kind == POS_TOKEN_WHEN_AT && result.expiry.at == 1773674102);
    CHECK(result.refresh_token == POS_TOKEN_REFRESH_ABSENT);
    tokens_are("abc", NULL);

    begin(&POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_REVOKE, NULL);
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_DONE && result.verdict == POS_TOKEN_VERDICT_DONE);
    tokens_are("abc", NULL);
}

static void a_second_step(void) {
    pos_token_span token;
    pos_token_answer_options options = {0, POS_TOKEN_KEEP_SERVER_TEXT};
    begin(&POS_TOKEN_LOYALTY_DOG, POS_TOKEN_PURPOSE_LOG_IN, NULL);
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text("{\"mfaPending\":true,\"pendingToken\":\"p1\"}"), &complete));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_MFA_PENDING && result.verdict == POS_TOKEN_VERDICT_ASK_FOR_CODE);
    CHECK(result.short_code == POS_TOKEN_DENIED_MFA_PENDING);
    OK(pos_token_store_pending_token(&store, &token));
    CHECK(span_is(token, "p1"));
    tokens_are("abc", NULL);

    begin(&POS_TOKEN_LOYALTY_DOG, POS_TOKEN_PURPOSE_VERIFY_CODE, &options);
    OK(pos_token_answer_status(&answer, 401));
    OK(pos_token_answer_body(&answer, pos_token_text("{\"detail\":\"wrong code\"}"), &complete));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.short_code == POS_TOKEN_DENIED && result.verdict == POS_TOKEN_VERDICT_ASK_FOR_CODE);
    OK(pos_token_store_server_text(&store, &token));
    CHECK(span_is(token, "wrong code"));
}

static void what_is_wrong_with_it(void) {
    uint32_t offset, needed;
    OK(pos_token_store_init(&store, arena, sizeof arena));
    IS(POS_TOKEN_ABSENT, pos_token_store_needed(&store, &needed));

    log_in();
    complete = true;
    IS(POS_TOKEN_HTTP_BAD_STATUS_LINE, pos_token_answer_feed(&answer, pos_token_text("SSH-2.0\r\n"), &complete, NULL));
    IS(POS_TOKEN_HTTP_BAD_STATUS_LINE, pos_token_answer_feed(&answer, ABSENT, &complete, NULL));
    IS(POS_TOKEN_HTTP_BAD_STATUS_LINE, pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_HTTP_BAD_STATUS_LINE, pos_token_answer_finish(&answer, &result));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_finish(&answer, &result));
    CHECK(complete);

    log_in();
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_JSON_UNEXPECTED, pos_token_answer_body(&answer, pos_token_text("{\"a\"}"), &complete));
    OK(pos_token_answer_error_offset(&answer, &offset));
    CHECK(offset == 4);
    IS(POS_TOKEN_JSON_UNEXPECTED, pos_token_answer_finish(&answer, &result));

    log_in();
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_MEMBER_WRONG_TYPE, pos_token_answer_body(&answer, pos_token_text("{\"access_token\":1}"), &complete));
    OK(pos_token_answer_error_offset(&answer, &offset));
    CHECK(offset == 16);
    OK(pos_token_answer_wipe(&answer));

    log_in();
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text("{}"), &complete));
    IS(POS_TOKEN_ANSWER_NO_TOKEN, pos_token_answer_finish(&answer, &result));

    log_in();
    OK(pos_token_answer_feed(&answer, pos_token_text("HTTP/1.1 200 OK\r\n"), &complete, NULL));
    IS(POS_TOKEN_HTTP_TRUNCATED, pos_token_answer_finish(&answer, &result));

    log_in();
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_HTTP_BAD_HEADER_LINE,
       (OK(pos_token_answer_field(&answer, pos_token_text("X-Any"), pos_token_text("1"))),
        (void)pos_token_answer_wipe(&answer), POS_TOKEN_HTTP_BAD_HEADER_LINE));

    log_in();
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text("{\"access_token\":\"0123456789012345678901234567890123456789"
                                                     "0123456789012345678901234567890123456789\"}"),
                             &complete));
    IS(POS_TOKEN_STORE_TOO_SMALL, pos_token_answer_finish(&answer, &result));
    OK(pos_token_store_needed(&store, &needed));
    CHECK(needed == 80);

    {
        pos_token_answer_options options = {4, 0};
        begin(&POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, &options);
        OK(pos_token_answer_status(&answer, 200));
        IS(POS_TOKEN_ANSWER_TOO_LONG, pos_token_answer_body(&answer, pos_token_text("{\"a\":1}"), &complete));
        OK(pos_token_answer_wipe(&answer));
    }
    CHECK(pos_token_status_verdict(POS_TOKEN_STORE_TOO_SMALL) == POS_TOKEN_VERDICT_STOP);
}

static void out_of_order(void) {
    OK(pos_token_store_init(&store, arena, sizeof arena));
    log_in();
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_field(&answer, pos_token_text("Date"), pos_token_text("x")));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_finish(&answer, &result));
    log_in();
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_body(&answer, pos_token_text("{}"), &complete));
    log_in();
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_status(&answer, 200));
    log_in();
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_feed(&answer, pos_token_text("H"), &complete, NULL));
    log_in();
    OK(pos_token_answer_feed(&answer, pos_token_text("H"), &complete, NULL));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_status(&answer, 200));

    /* What an answer that was left unfinished brought is gone when the next one begins. */
    log_in();
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text("{\"access_token\":\"secret"), &complete));
    CHECK(memcmp(arena, "secret", 6) == 0);
    log_in();
    CHECK(memcmp(arena, "\0\0\0\0\0\0", 6) == 0);

    /* A store that goes away in the middle. */
    OK(pos_token_store_wipe(&store));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_finish(&answer, &result));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_wipe(&answer));
}

static void contexts_that_are_none(void) {
    uint16_t status = 4711;
    uint32_t number = 4711;
    pos_token_when when;
    pos_token_span text = pos_token_text("x"), token = pos_token_text("untouched");
    union {
        uint64_t align;
        pos_token_answer answer;
        pos_token_store store;
    } zero;
    memset(&zero, 0, sizeof zero);
    complete = true;
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_feed(&zero.answer, text, &complete, NULL));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_status(&zero.answer, 200));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_field(&zero.answer, text, text));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_body(&zero.answer, text, &complete));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_finish(&zero.answer, &result));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_status_code(&zero.answer, &status));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_retry_after(&zero.answer, &when));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_error_offset(&zero.answer, &number));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_wipe(&zero.answer));
    IS(POS_TOKEN_NOT_INITIALISED,
       pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &zero.store));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_access_token(&zero.store, &token));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_refresh_token(&zero.store, &token));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_pending_token(&zero.store, &token));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_scope(&zero.store, &token));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_server_text(&zero.store, &token));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_needed(&zero.store, &number));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_wipe(&zero.store));
    CHECK(complete && status == 4711 && number == 4711 && span_is(token, "untouched"));

    /* A store is no answer, though it is initialised. */
    OK(pos_token_store_init(&zero.store, arena, sizeof arena));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_wipe(&zero.answer));

    OK(pos_token_store_init(&store, arena, sizeof arena));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_init(NULL, arena, sizeof arena));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_init(&store, NULL, 1));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_store_init(&store, arena, TOO_LONG));
    IS(POS_TOKEN_MISALIGNED, pos_token_store_init(CROOKED(pos_token_store, zero), arena, sizeof arena));
    IS(POS_TOKEN_OVERLAP, pos_token_store_init(&store, (uint8_t *)&store, sizeof store));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_access_token(NULL, &token));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_access_token(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_refresh_token(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_pending_token(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_scope(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_server_text(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_needed(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_wipe(NULL));
    OK(pos_token_store_init(&store, NULL, 0));
    tokens_are(NULL, NULL);
    OK(pos_token_store_wipe(&store));
    OK(pos_token_store_init(&store, arena, sizeof arena));
}

static void wrong_arguments(void) {
    pos_token_answer_options options = {0, 4};
    const pos_token_provider *zype = &POS_TOKEN_ZYPE;
    uint32_t purpose = POS_TOKEN_PURPOSE_LOG_IN;
    pos_token_provider in_the_way = POS_TOKEN_ZYPE;
    pos_token_store inside;
    memset(&answer, 0x5a, sizeof answer);
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_init(NULL, zype, purpose, NULL, &store));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_init(&answer, NULL, purpose, NULL, &store));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_init(&answer, zype, purpose, NULL, NULL));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_answer_init(&answer, zype, 0, NULL, &store));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_answer_init(&answer, zype, 256 + purpose, NULL, &store));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_answer_init(&answer, zype, purpose, &options, &store));
    IS(POS_TOKEN_MISALIGNED, pos_token_answer_init(CROOKED(pos_token_answer, answer), zype, purpose, NULL, &store));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_init((pos_token_answer *)(void *)&store, zype, purpose, NULL, &store));
    IS(POS_TOKEN_OVERLAP,
       pos_token_answer_init(&answer, zype, purpose, (pos_token_answer_options *)(void *)&answer, &store));
    OK(pos_token_store_init(&inside, (uint8_t *)&answer, sizeof answer));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_init(&answer, zype, purpose, NULL, &inside));
    OK(pos_token_store_init(&inside, (uint8_t *)&in_the_way, sizeof in_the_way));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_init(&answer, &in_the_way, purpose, NULL, &inside));
    CHECK(((uint8_t *)&answer)[0] == 0x5a);

    log_in();
    complete = true;
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_feed(NULL, ABSENT, &complete, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_feed(&answer, ABSENT, NULL, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_feed(&answer, pos_token_bytes(NULL, 1), &complete, NULL));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_answer_feed(&answer, pos_token_bytes("", TOO_LONG), &complete, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, pos_token_bytes(arena, 1), &complete, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, pos_token_bytes(&answer, 1), &complete, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, pos_token_bytes(&store, 1), &complete, NULL));
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_field(&answer, pos_token_text("Date"), pos_token_bytes(arena, 1)));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_field(&answer, pos_token_bytes(NULL, 1), ABSENT));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_body(&answer, ABSENT, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_body(&answer, pos_token_bytes(arena, 1), &complete));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_status(NULL, 200));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_finish(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_status_code(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_retry_after(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_error_offset(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_wipe(NULL));
    CHECK(complete);

    /* None of that was an end: the answer goes on. */
    OK(pos_token_answer_body(&answer, pos_token_text("{\"access_token\":\"abc\"}"), &complete));
    OK(pos_token_answer_finish(&answer, &result));
    tokens_are("abc", NULL);
}

/* A context may be copied before it is used, and what is wiped is wiped. */
static void copies_and_wiping(void) {
    pos_token_answer copy;
    size_t i;
    OK(pos_token_store_init(&store, arena, sizeof arena));
    log_in();
    copy = answer;
    OK(pos_token_answer_status(&copy, 200));
    OK(pos_token_answer_body(&copy, pos_token_text("{\"access_token\":\"abc\"}"), &complete));
    OK(pos_token_answer_finish(&copy, &result));
    tokens_are("abc", NULL);
    for (i = 0; i < sizeof copy; i++) {
        CHECK(((uint8_t *)&copy)[i] == 0);
    }
    OK(pos_token_store_wipe(&store));
    for (i = 0; i < sizeof arena; i++) {
        CHECK(arena[i] == 0 || i >= 8);
    }
    for (i = 0; i < sizeof store; i++) {
        CHECK(((uint8_t *)&store)[i] == 0);
    }
}

int main(void) {
    in_pieces();
    a_token_that_is_no_good();
    behind_another_stack();
    a_second_step();
    what_is_wrong_with_it();
    out_of_order();
    contexts_that_are_none();
    wrong_arguments();
    copies_and_wiping();
    return 0;
}
