/* What came back: at every split, by either entry, granted, denied and broken; and both at once over a transport. */
#include "test.h"
#include "wire.h"

#define GRANTED                                                                             \
    "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nTransfer-Encoding: chunked\r\n\r\n" \
    "11\r\n{\"access_token\":\"\r\n"                                                        \
    "4b;x=1\r\na\\u002db\",\"token_type\":\"bearer\",\"expires_in\":604800,\"refresh_token\":\"r1\",\"s\r\n" \
    "12\r\ncope\":\"consumer\"} \r\n0\r\n\r\n"
#define DENIED wire_answer("401 Unauthorized", "{\"error\":\"invalid_grant\",\"error_description\":\"you typed: secret\"}")
#define BUSY "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"

static uint8_t memory[256];
static pos_token_store store;

static void fresh_store(void) {
    EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
}

/* Reads an answer in pieces of so many bytes. */
static pos_token_status read_answer(const pos_token_provider *provider, const char *text, size_t piece,
                                    const pos_token_answer_options *options, pos_token_result *result) {
    pos_token_answer answer;
    pos_token_status status = pos_token_answer_init(&answer, provider, POS_TOKEN_PURPOSE_LOG_IN, options, &store);
    size_t len = strlen(text);
    bool complete = false;
    for (size_t at = 0; at < len && status == POS_TOKEN_OK && !complete; at += piece) {
        size_t part = len - at < piece ? len - at : piece;
        status = pos_token_answer_feed(&answer, pos_token_bytes(text + at, part), &complete, NULL);
    }
    if (status != POS_TOKEN_OK) {
        EXPECT_STATUS(OK, pos_token_answer_wipe(&answer));
        return status;
    }
    return pos_token_answer_finish(&answer, result);
}

TEST(every_split) {
    for (size_t piece = 1; piece <= sizeof GRANTED; piece++) {
        pos_token_result result;
        pos_token_answer_options options = { 0, POS_TOKEN_KEEP_SCOPE };
        pos_token_span text;
        fresh_store();
        EXPECT_STATUS(OK, read_answer(&POS_TOKEN_ZYPE, GRANTED, piece, &options, &result));
        EXPECT(result.outcome == POS_TOKEN_OUTCOME_GRANTED && result.verdict == POS_TOKEN_VERDICT_USE);
        EXPECT(result.expiry.kind == POS_TOKEN_WHEN_IN && result.expiry.seconds == 604800);
        EXPECT(result.server_time_source == POS_TOKEN_TIME_SOURCE_DATE && result.server_time == 784111777);
        EXPECT(result.refresh_token == POS_TOKEN_REFRESH_REPLACED && result.short_code == 0);
        EXPECT(result.http_status == 200 && result.token_type_stated && result.reusable && !result.retryable);
        EXPECT(result.error_code[0] == '\0' && result.retry_after.kind == 0);
        EXPECT_STATUS(OK, pos_token_store_access_token(&store, &text));
        EXPECT_SPAN("a-b", text);
        EXPECT_STATUS(OK, pos_token_store_refresh_token(&store, &text));
        EXPECT_SPAN("r1", text);
        EXPECT_STATUS(OK, pos_token_store_scope(&store, &text));
        EXPECT_SPAN("consumer", text);
        EXPECT_STATUS(OK, pos_token_store_server_text(&store, &text));
        EXPECT(ABSENT(text));
    }
}

TEST(what_follows_stays_unread) {
    static const char TWO[] = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"access_token\":\"a\"}HTTP/1.1 4";
    pos_token_answer answer;
    bool complete = false;
    size_t unread = 0;
    fresh_store();
    EXPECT_STATUS(OK, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
    EXPECT_STATUS(OK, pos_token_answer_feed(&answer, pos_token_bytes(TWO, sizeof TWO - 1), &complete, &unread));
    EXPECT(complete && unread == 10);
    EXPECT_STATUS(OK, pos_token_answer_wipe(&answer));
}

TEST(from_another_stack) {
    static const char BODY[] = "{\"results\":{\"token\":\"a.b.c\",\"tokenExpiresOn\":\"2026-03-16T15:15:02Z\"}}";
    pos_token_answer answer;
    pos_token_result result;
    bool complete = false;
    fresh_store();
    EXPECT_STATUS(OK, pos_token_answer_init(&answer, &POS_TOKEN_LOYALIFE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
    EXPECT_STATUS(OK, pos_token_answer_status(&answer, 200));
    EXPECT_STATUS(OK, pos_token_answer_field(&answer, pos_token_text("DATE"), pos_token_text("Mon, 16 Mar 2026 14:45:02 GMT")));
    EXPECT_STATUS(OK, pos_token_answer_field(&answer, pos_token_text("X-Anything"), pos_token_text("\x01")));
    for (size_t at = 0; at < sizeof BODY - 1; at++) {
        EXPECT_STATUS(OK, pos_token_answer_body(&answer, pos_token_bytes(BODY + at, 1), &complete));
    }
    EXPECT_STATUS(OK, pos_token_answer_finish(&answer, &result));
    EXPECT(result.expiry.kind == POS_TOKEN_WHEN_AT && result.expiry.at == 1773674102);
    EXPECT(result.server_time == 1773672302 && !result.reusable);
}

TEST(refusals) {
    pos_token_result result;
    pos_token_answer_options options = { 0, POS_TOKEN_KEEP_SERVER_TEXT };
    pos_token_span text;
    fresh_store();
    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_ZYPE, DENIED, 7, &options, &result));
    EXPECT(result.outcome == POS_TOKEN_OUTCOME_DENIED && result.short_code == POS_TOKEN_DENIED_INVALID_GRANT);
    EXPECT(result.verdict == POS_TOKEN_VERDICT_STOP); /* of a log-in; a refresh is told to log in */
    EXPECT(result.http_status == 401 && result.refresh_token == 0);
    EXPECT_STATUS(OK, pos_token_store_server_text(&store, &text));
    EXPECT_SPAN("you typed: secret", text);

    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_ZYPE, DENIED, 7, NULL, &result));
    EXPECT_STATUS(OK, pos_token_store_server_text(&store, &text));
    EXPECT(ABSENT(text));

    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_ZYPE, BUSY, 7, NULL, &result));
    EXPECT(result.short_code == POS_TOKEN_DENIED_BUSY && result.verdict == POS_TOKEN_VERDICT_WAIT && result.retryable);
    EXPECT(result.retry_after.kind == POS_TOKEN_WHEN_IN && result.retry_after.seconds == 30);

    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_LOYALIFE,
                                  wire_answer("200 OK", "{\"results\":{\"IsSucessful\":false,\"ErrorCode\":\"998\"}}"), 9, NULL, &result));
    EXPECT(result.short_code == POS_TOKEN_DENIED_BY_PROVIDER && strcmp(result.error_code, "998") == 0);

    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_ZYPE, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", 3, NULL, &result));
    EXPECT(result.outcome == POS_TOKEN_OUTCOME_NOT_AN_API && result.short_code == POS_TOKEN_DENIED_NOT_AN_API);
    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_ZYPE, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 3, NULL, &result));
    EXPECT(result.outcome == POS_TOKEN_OUTCOME_REDIRECTED);
}

TEST(a_code_is_asked_for) {
    pos_token_result result;
    pos_token_span text;
    fresh_store();
    EXPECT_STATUS(OK, read_answer(&POS_TOKEN_LOYALTY_DOG,
                                  wire_answer("200 OK", "{\"accessToken\":null,\"mfaPending\":true,\"pendingToken\":\"p\"}"), 5, NULL, &result));
    EXPECT(result.outcome == POS_TOKEN_OUTCOME_MFA_PENDING && result.verdict == POS_TOKEN_VERDICT_ASK_FOR_CODE);
    EXPECT_STATUS(OK, pos_token_store_pending_token(&store, &text));
    EXPECT_SPAN("p", text);
    EXPECT_STATUS(OK, pos_token_store_access_token(&store, &text));
    EXPECT(ABSENT(text));
}

#define BODY_OF(len, text) "HTTP/1.1 200 OK\r\nContent-Length: " #len "\r\n\r\n" text

TEST(broken_answers) {
    static const struct {
        const char *text;
        pos_token_status status;
    } CASES[] = {
        { "SSH-2.0-OpenSSH_9.6\r\n", POS_TOKEN_HTTP_BAD_STATUS_LINE },
        { "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", POS_TOKEN_HTTP_BAD_CONTENT_LENGTH },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n",
          POS_TOKEN_HTTP_LENGTH_AND_TRANSFER_CODING },
        { BODY_OF(30, "{\"access_token\":\"a\"}"), POS_TOKEN_HTTP_TRUNCATED },
        { BODY_OF(20, "{\"access_token\":\"a\"]"), POS_TOKEN_JSON_UNEXPECTED },
        { BODY_OF(19, "{\"access_token\":\"a\""), POS_TOKEN_JSON_TRUNCATED },
        { BODY_OF(18, "{\"access_token\":7}"), POS_TOKEN_MEMBER_WRONG_TYPE },
        { BODY_OF(39, "{\"access_token\":\"a\",\"access_token\":\"b\"}"), POS_TOKEN_MEMBER_DUPLICATE },
        { BODY_OF(22, "{\"access_token\":\"a b\"}"), POS_TOKEN_MEMBER_BAD_TOKEN },
        { BODY_OF(2, "{}"), POS_TOKEN_ANSWER_NO_TOKEN },
    };
    for (size_t i = 0; i < POS_TOKEN_COUNT(CASES); i++) {
        for (size_t piece = 1; piece <= 80; piece += 79) {
            pos_token_result result;
            pos_token_status status;
            fresh_store();
            status = read_answer(&POS_TOKEN_ZYPE, CASES[i].text, piece, NULL, &result);
            if (status != CASES[i].status) {
                fprintf(stderr, "case %zu: %s\n", i, pos_token_status_name(status));
            }
            EXPECT(status == CASES[i].status);
        }
    }
}

TEST(an_error_stays_and_says_where) {
    static const char BAD[] = BODY_OF(18, "{\"access_token\":7}");
    pos_token_answer answer;
    pos_token_when later;
    uint16_t http_status = 7;
    uint32_t offset = 7;
    bool complete = false;
    fresh_store();
    EXPECT_STATUS(OK, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
    EXPECT_STATUS(OK, pos_token_answer_status_code(&answer, &http_status));
    EXPECT(http_status == 0);
    EXPECT_STATUS(MEMBER_WRONG_TYPE, pos_token_answer_feed(&answer, pos_token_text(BAD), &complete, NULL));
    EXPECT_STATUS(MEMBER_WRONG_TYPE, pos_token_answer_feed(&answer, pos_token_text(BAD), &complete, NULL));
    EXPECT_STATUS(OK, pos_token_answer_status_code(&answer, &http_status));
    EXPECT_STATUS(OK, pos_token_answer_error_offset(&answer, &offset));
    EXPECT_STATUS(OK, pos_token_answer_retry_after(&answer, &later));
    EXPECT(http_status == 200 && offset == 16 && later.kind == 0);
    EXPECT_STATUS(OK, pos_token_answer_wipe(&answer));
    EXPECT_STATUS(NOT_INITIALISED, pos_token_answer_status_code(&answer, &http_status));
}

static pos_token_status exchange(wire *server, pos_token_transport *transport, pos_token_result *result) {
    uint8_t scratch[64];
    pos_token_credentials credentials = { 0 };
    pos_token_endpoint endpoint = { 0 };
    pos_token_request request = { 0 };
    *transport = wire_transport(server);
    credentials.client_id = pos_token_text("c");
    credentials.client_secret = pos_token_text("s");
    credentials.username = pos_token_text("u");
    credentials.password = pos_token_text("p");
    endpoint.host = pos_token_text("login.zype.com");
    request.provider = &POS_TOKEN_ZYPE;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    return pos_token_exchange_run(&request, &endpoint, transport, NULL, &store, scratch, sizeof scratch, result);
}

TEST(an_exchange) {
    for (size_t piece = 1; piece <= 64; piece++) {
        wire server;
        pos_token_transport transport;
        pos_token_result result;
        fresh_store();
        wire_init(&server, GRANTED, piece);
        EXPECT_STATUS(OK, exchange(&server, &transport, &result));
        EXPECT(result.verdict == POS_TOKEN_VERDICT_USE);
        EXPECT(server.taken_len > 100 && memcmp(server.taken, "POST /oauth/token HTTP/1.1\r\n", 28) == 0);
    }
}

TEST(an_exchange_over_a_bad_line) {
    wire server;
    pos_token_transport transport;
    pos_token_result result;
    fresh_store();
    wire_init(&server, "", 64);
    EXPECT_STATUS(HTTP_TRUNCATED, exchange(&server, &transport, &result));
    wire_init(&server, GRANTED, 64);
    server.read_says = -5;
    EXPECT_STATUS(TRANSPORT, exchange(&server, &transport, &result));
    EXPECT(transport.error == -5);
    wire_init(&server, GRANTED, 64);
    server.write_says = -6;
    EXPECT_STATUS(TRANSPORT, exchange(&server, &transport, &result));
    EXPECT(transport.error == -6);
    wire_init(&server, GRANTED, 0); /* takes nothing */
    EXPECT_STATUS(CLOSED, exchange(&server, &transport, &result));
    EXPECT(pos_token_status_verdict(POS_TOKEN_CLOSED) == POS_TOKEN_VERDICT_WAIT);
}

RUN_TESTS(CASE(every_split), CASE(what_follows_stays_unread), CASE(from_another_stack), CASE(refusals),
          CASE(a_code_is_asked_for), CASE(broken_answers), CASE(an_error_stays_and_says_where), CASE(an_exchange),
          CASE(an_exchange_over_a_bad_line))
