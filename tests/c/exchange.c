/* Exchanges over callbacks: whole ones, and transports that fail or lie. */
#include "check.h"

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"access_token\":\"a0561f\"}";

/* A server in memory, and how it misbehaves. */
typedef struct server {
    uint8_t received[1024];
    size_t received_len;
    const char *answer;
    size_t answered;
    size_t piece;
    ptrdiff_t read_says, write_says;
    bool read_lies, write_lies;
    pos_token_store *wiped;
} server;

static ptrdiff_t server_read(void *ctx, uint8_t *buf, size_t len) {
    server *self = (server *)ctx;
    size_t rest = strlen(self->answer) - self->answered;
    if (self->wiped != NULL) {
        (void)pos_token_store_wipe(self->wiped);
    }
    if (self->read_lies) {
        return self->read_says;
    }
    if (len > rest) {
        len = rest;
    }
    if (len > self->piece) {
        len = self->piece;
    }
    memcpy(buf, self->answer + self->answered, len);
    self->answered += len;
    return (ptrdiff_t)len;
}

static ptrdiff_t server_write(void *ctx, const uint8_t *buf, size_t len) {
    server *self = (server *)ctx;
    if (self->write_lies) {
        return self->write_says;
    }
    if (len > self->piece) {
        len = self->piece;
    }
    CHECK(self->received_len + len <= sizeof self->received);
    memcpy(self->received + self->received_len, buf, len);
    self->received_len += len;
    return (ptrdiff_t)len;
}

static server peer;
static pos_token_transport transport;
static pos_token_credentials credentials;
static pos_token_endpoint endpoint;
static pos_token_request request;
static pos_token_store store;
static pos_token_result result;
static uint8_t arena[64], scratch[64];

static void prepare(void) {
    memset(&peer, 0, sizeof peer);
    memset(&transport, 0, sizeof transport);
    memset(&credentials, 0, sizeof credentials);
    memset(&endpoint, 0, sizeof endpoint);
    memset(&request, 0, sizeof request);
    memset(&result, 0x5a, sizeof result);
    memset(scratch, 0x5a, sizeof scratch);
    peer.answer = ANSWER;
    peer.piece = 1000;
    transport.ctx = &peer;
    transport.read = server_read;
    transport.write = server_write;
    credentials.client_id = pos_token_text("c");
    credentials.client_secret = pos_token_text("s");
    credentials.username = pos_token_text("u");
    credentials.password = pos_token_text("p");
    endpoint.host = pos_token_text("login.zype.com");
    request.provider = &POS_TOKEN_ZYPE;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    OK(pos_token_store_init(&store, arena, sizeof arena));
}

static pos_token_status run(void) {
    return pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, scratch, sizeof scratch, &result);
}

static void scratch_is_wiped(void) {
    size_t i;
    for (i = 0; i < sizeof scratch; i++) {
        CHECK(scratch[i] == 0);
    }
}

static void whole(void) {
    size_t piece;
    for (piece = 1; piece < 80; piece++) {
        uint8_t expected[512];
        size_t len;
        pos_token_span token;
        prepare();
        peer.piece = piece;
        OK(run());
        CHECK(result.outcome == POS_TOKEN_OUTCOME_GRANTED);
        OK(pos_token_store_access_token(&store, &token));
        CHECK(span_is(token, "a0561f"));
        scratch_is_wiped();
        OK(pos_token_request_http(&request, &endpoint, expected, sizeof expected, &len));
        CHECK(len == peer.received_len && memcmp(expected, peer.received, len) == 0);

        prepare();
        peer.piece = piece;
        transport.read = NULL;
        OK(pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
        CHECK(len == peer.received_len && memcmp(expected, peer.received, len) == 0);
        scratch_is_wiped();
    }
}

/* A connection carries another request unless bytes were lost behind the answer, or its end was asked for. */
static void again_on_the_same_connection(void) {
    prepare();
    OK(run());
    CHECK(result.reusable);
    prepare();
    endpoint.connection = POS_TOKEN_CONNECTION_CLOSE;
    OK(run());
    CHECK(!result.reusable);
    prepare();
    peer.answer = "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{\"access_token\":\"a1\"}H";
    OK(run());
    CHECK(!result.reusable);
}

/* What is known of an answer that could not be understood stays known. */
static void what_a_failure_leaves(void) {
    static const char BROKEN[] = "HTTP/1.1 500 Oops\r\nRetry-After: 9\r\nContent-Length: 9\r\n\r\n{\"broken\"";
    prepare();
    peer.answer = BROKEN;
    IS(POS_TOKEN_JSON_TRUNCATED, run());
    CHECK(transport.http_status == 500);
    CHECK(transport.retry_after.kind == POS_TOKEN_WHEN_IN && transport.retry_after.seconds == 9);
    peer.answered = 0;
    peer.answer = "";
    IS(POS_TOKEN_HTTP_NO_RESPONSE, run());
    CHECK(transport.http_status == 0 && transport.retry_after.kind == 0);
    peer.answered = 0;
    peer.answer = ANSWER;
    OK(run());
    CHECK(transport.http_status == 200);
}

/* A refresh takes the token from the store, or from a span into it. */
static void refresh(void) {
    int i;
    for (i = 0; i < 3; i++) {
        pos_token_span token;
        prepare();
        peer.answer = "HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n{\"access_token\":\"a1\",\"refresh_token\":\"r1\"}\n";
        OK(run());
        CHECK(result.refresh_token == POS_TOKEN_REFRESH_REPLACED);
        peer.received_len = peer.answered = 0;
        request.purpose = POS_TOKEN_PURPOSE_REFRESH;
        if (i == 1) {
            request.store = &store;
        } else if (i == 2) {
            OK(pos_token_store_refresh_token(&store, &credentials.refresh_token));
        }
        peer.answer = ANSWER;
        OK(run());
        CHECK(result.refresh_token == POS_TOKEN_REFRESH_KEPT);
        peer.received[peer.received_len] = 0;
        CHECK(strstr((char *)peer.received, "\"refresh_token\":\"r1\"") != NULL);
        OK(pos_token_store_access_token(&store, &token));
        CHECK(span_is(token, "a0561f"));
        OK(pos_token_store_refresh_token(&store, &token));
        CHECK(span_is(token, "r1"));
    }
}

/* What a check is asked, and what it says. */
typedef struct checking {
    bool says;
    bool wipes; /* the store, which it must not */
    unsigned asked;
    char token[16];
} checking;

static bool check(void *ctx, pos_token_span access_token) {
    checking *self = (checking *)ctx;
    self->asked++;
    CHECK(access_token.len < sizeof self->token);
    memset(self->token, 0, sizeof self->token);
    memcpy(self->token, access_token.ptr, access_token.len);
    if (self->wipes) {
        (void)pos_token_store_wipe(&store);
    }
    return self->says;
}

static pos_token_status run_checked(checking *ctx) {
    peer.answered = 0;
    return pos_token_exchange_run_checked(&request, &endpoint, &transport, NULL, &store, scratch, sizeof scratch, check,
                                          ctx, &result);
}

static bool in_arena(const char *text) {
    size_t i;
    for (i = 0; i + strlen(text) <= sizeof arena; i++) {
        if (memcmp(arena + i, text, strlen(text)) == 0) {
            return true;
        }
    }
    return false;
}

/* A token is looked at before it is in use, and one that is refused leaves nothing. */
static void checked(void) {
    static const char *const NOTHING_GRANTED[] = {
        "HTTP/1.1 400 Bad\r\nContent-Length: 25\r\n\r\n{\"error\":\"invalid_grant\"}",
        "HTTP/1.1 401 Bad\r\nContent-Length: 25\r\n\r\n{\"access_token\":\"forged\"}",
        "HTTP/1.1 302 Away\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
    };
    static const char *const BROKEN[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"access_token\":\"forged\"",
        "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{\"access_token\":\"forged\"",
        "HTTP/1.1 200 OK\r\n\r\n{\"access_token\":\"for",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    };
    checking by = { true, false, 0, "" };
    pos_token_span token;
    pos_token_result expected;
    size_t i;
    prepare();
    OK(run());
    memcpy(&expected, &result, sizeof expected);
    memset(&result, 0, sizeof result);
    for (peer.piece = 1; peer.piece < 80; peer.piece++) {
        by.asked = 0;
        peer.received_len = 0;
        OK(run_checked(&by));
        CHECK(by.asked == 1 && strcmp(by.token, "a0561f") == 0);
        CHECK(result.outcome == expected.outcome && result.http_status == 200 && result.reusable);
    }
    by.says = false;
    by.asked = 0;
    for (i = 0; i < 2; i++) {
        peer.received_len = 0;
        /* Whether the answer has a length, or ends with the connection. */
        peer.answer = i == 0 ? "HTTP/1.1 200 OK\r\nRetry-After: 9\r\nContent-Length: 25\r\n\r\n{\"access_token\":\"forged\"}"
                             : "HTTP/1.1 200 OK\r\nRetry-After: 9\r\n\r\n{\"access_token\":\"forged\"}";
        memset(&result, 0x5a, sizeof result);
        IS(POS_TOKEN_TOKEN_REFUSED, run_checked(&by));
        CHECK(by.asked == i + 1 && strcmp(by.token, "forged") == 0);
        CHECK(((uint8_t *)&result)[0] == 0x5a && transport.http_status == 200 && transport.retry_after.seconds == 9);
        OK(pos_token_store_access_token(&store, &token));
        CHECK(span_is(token, "a0561f") && !in_arena("forge"));
        scratch_is_wiped();
    }
    /* It is asked about what would be in use, and about nothing else. */
    by.asked = 0;
    for (i = 0; i < POS_TOKEN_COUNT(NOTHING_GRANTED); i++) {
        peer.received_len = 0;
        peer.answer = NOTHING_GRANTED[i];
        OK(run_checked(&by));
        CHECK(by.asked == 0 && result.outcome != POS_TOKEN_OUTCOME_GRANTED && !in_arena("forge"));
    }
    for (i = 0; i < POS_TOKEN_COUNT(BROKEN); i++) {
        pos_token_status status;
        peer.received_len = 0;
        peer.answer = BROKEN[i];
        status = run_checked(&by);
        CHECK(status == (i == 0 ? POS_TOKEN_HTTP_TRUNCATED : i < 3 ? POS_TOKEN_JSON_TRUNCATED : POS_TOKEN_ANSWER_NO_TOKEN));
        CHECK(by.asked == 0 && !in_arena("for"));
    }
    OK(pos_token_store_access_token(&store, &token));
    CHECK(span_is(token, "a0561f"));
    /* A check that goes too far. */
    by.says = by.wipes = true;
    peer.received_len = 0;
    peer.answer = ANSWER;
    IS(POS_TOKEN_NOT_INITIALISED, run_checked(&by));
    scratch_is_wiped();
    /* Without a check nothing is checked. */
    prepare();
    OK(pos_token_exchange_run_checked(&request, &endpoint, &transport, NULL, &store, scratch, sizeof scratch, NULL,
                                      NULL, &result));
    OK(pos_token_store_access_token(&store, &token));
    CHECK(span_is(token, "a0561f"));
}

static void misbehaving(void) {
    pos_token_status status;
#define BAD(expected, change)                                                                 \
    do {                                                                                      \
        prepare();                                                                            \
        change;                                                                               \
        IS(expected, run());                                                                  \
        CHECK(((uint8_t *)&result)[0] == 0x5a);                                               \
        if (peer.received_len > 0) {                                                          \
            scratch_is_wiped();                                                               \
        }                                                                                     \
    } while (0)
    BAD(POS_TOKEN_TRANSPORT, (peer.write_lies = true, peer.write_says = -7));
    CHECK(transport.error == -7 && peer.answered == 0);
    BAD(POS_TOKEN_TRANSPORT, (peer.write_lies = true, peer.write_says = PTRDIFF_MIN));
    CHECK(transport.error == PTRDIFF_MIN);
    BAD(POS_TOKEN_CLOSED, peer.write_lies = true);
    BAD(POS_TOKEN_OVERRUN, (peer.write_lies = true, peer.write_says = 65));
    BAD(POS_TOKEN_OVERRUN, (peer.write_lies = true, peer.write_says = PTRDIFF_MAX));
    BAD(POS_TOKEN_TRANSPORT, (peer.read_lies = true, peer.read_says = -110));
    CHECK(transport.error == -110);
    BAD(POS_TOKEN_OVERRUN, (peer.read_lies = true, peer.read_says = 65));
    BAD(POS_TOKEN_OVERRUN, (peer.read_lies = true, peer.read_says = PTRDIFF_MAX));
    BAD(POS_TOKEN_HTTP_NO_RESPONSE, peer.read_lies = true);
    BAD(POS_TOKEN_HTTP_BAD_STATUS_LINE, peer.answer = "SSH-2.0-OpenSSH\r\n");
    BAD(POS_TOKEN_NOT_INITIALISED, peer.wiped = &store);
    BAD(POS_TOKEN_MISSING_FIELD, credentials.password = ABSENT);
    BAD(POS_TOKEN_INVALID_HOST, endpoint.host = ABSENT);

    prepare();
    peer.write_lies = true;
    peer.write_says = 65;
    IS(POS_TOKEN_OVERRUN, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
    peer.write_says = -1;
    IS(POS_TOKEN_TRANSPORT, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
    peer.write_says = 0;
    IS(POS_TOKEN_CLOSED, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
    scratch_is_wiped();

    /* What works stays when a later exchange fails. */
    prepare();
    OK(run());
    peer.read_lies = true;
    peer.read_says = -1;
    status = run();
    CHECK(status == POS_TOKEN_TRANSPORT && pos_token_status_verdict(status) == POS_TOKEN_VERDICT_WAIT);
    {
        pos_token_span token;
        OK(pos_token_store_access_token(&store, &token));
        CHECK(span_is(token, "a0561f"));
    }
}

static void wrong_arguments(void) {
    pos_token_store other;
    pos_token_answer_options options = {0, 8};
    pos_token_transport *t = &transport;
    prepare();
#define RUN(request, endpoint, transport, options, store, scratch, len, result) \
    pos_token_exchange_run(request, endpoint, transport, options, store, scratch, len, result)
    IS(POS_TOKEN_NULL_POINTER, RUN(NULL, &endpoint, t, NULL, &store, scratch, 64, &result));
    IS(POS_TOKEN_NULL_POINTER, RUN(&request, NULL, t, NULL, &store, scratch, 64, &result));
    IS(POS_TOKEN_NULL_POINTER, RUN(&request, &endpoint, NULL, NULL, &store, scratch, 64, &result));
    IS(POS_TOKEN_NULL_POINTER, RUN(&request, &endpoint, t, NULL, NULL, scratch, 64, &result));
    IS(POS_TOKEN_NULL_POINTER, RUN(&request, &endpoint, t, NULL, &store, NULL, 64, &result));
    IS(POS_TOKEN_NULL_POINTER, RUN(&request, &endpoint, t, NULL, &store, scratch, 64, NULL));
    IS(POS_TOKEN_SCRATCH_TOO_SMALL, RUN(&request, &endpoint, t, NULL, &store, scratch, 63, &result));
    IS(POS_TOKEN_SCRATCH_TOO_SMALL, RUN(&request, &endpoint, t, NULL, &store, NULL, 0, &result));
    IS(POS_TOKEN_INVALID_LENGTH, RUN(&request, &endpoint, t, NULL, &store, scratch, TOO_LONG, &result));
    IS(POS_TOKEN_OVERLAP, RUN(&request, &endpoint, t, NULL, &store, arena, 64, &result));
    IS(POS_TOKEN_OVERLAP, RUN(&request, &endpoint, t, NULL, &store, (uint8_t *)&store, 64, &result));
    IS(POS_TOKEN_OVERLAP, RUN(&request, &endpoint, t, NULL, &store, (uint8_t *)&credentials, 64, &result));
    IS(POS_TOKEN_OVERLAP, pos_token_request_http_write(&request, &endpoint, t, (uint8_t *)&endpoint, 64));
    IS(POS_TOKEN_SCRATCH_TOO_SMALL, pos_token_request_http_write(&request, &endpoint, t, scratch, 0));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http_write(&request, &endpoint, NULL, scratch, 64));
    CHECK(peer.received_len == 0);
    memset(&other, 0, sizeof other);
    IS(POS_TOKEN_NOT_INITIALISED, RUN(&request, &endpoint, t, NULL, &other, scratch, 64, &result));
    request.store = &other;
    IS(POS_TOKEN_NOT_INITIALISED, RUN(&request, &endpoint, t, NULL, &store, scratch, 64, &result));
    request.store = NULL;
    transport.read = NULL;
    IS(POS_TOKEN_CALLBACK, RUN(&request, &endpoint, t, NULL, &store, scratch, 64, &result));
    CHECK(peer.received_len == 0);
    transport.read = server_read;
    transport.write = NULL;
    IS(POS_TOKEN_CALLBACK, RUN(&request, &endpoint, t, NULL, &store, scratch, 64, &result));
    IS(POS_TOKEN_CALLBACK, pos_token_request_http_write(&request, &endpoint, t, scratch, 64));
    transport.write = server_write;
    IS(POS_TOKEN_INVALID_ENUM, RUN(&request, &endpoint, t, &options, &store, scratch, 64, &result));
    CHECK(peer.received_len == 0);
    CHECK(((uint8_t *)&result)[0] == 0x5a);
}

/* What says how the answer is to be read may not stand where the answer arrives. */
static void table_in_the_scratch(void) {
    static union {
        uint8_t bytes[128];
        pos_token_span codes[4];
        pos_token_member members[2];
    } both;
    pos_token_provider table;
    prepare();
    table = *request.provider;
    request.provider = &table;
    memset(&both, 0, sizeof both);
    table.transient_codes = both.codes;
    table.transient_codes_len = 2;
    IS(POS_TOKEN_OVERLAP, RUN(&request, &endpoint, &transport, NULL, &store, both.bytes, sizeof both, &result));
    table.transient_codes_len = 0;
    both.members[0].path = pos_token_text("access_token");
    both.members[0].meaning = POS_TOKEN_MEANING_ACCESS_TOKEN;
    table.members = both.members;
    table.members_len = 1;
    IS(POS_TOKEN_OVERLAP, RUN(&request, &endpoint, &transport, NULL, &store, both.bytes, sizeof both, &result));
    CHECK(peer.received_len == 0);
}

int main(void) {
    whole();
    again_on_the_same_connection();
    what_a_failure_leaves();
    refresh();
    checked();
    misbehaving();
    wrong_arguments();
    table_in_the_scratch();
    return 0;
}
