/* Callers that break the rules: each breach has a status, nothing is written, and nothing is undefined. */
#include "check.h"

/* A server in memory: takes what is written and says what it was given to say, or a lie. */
typedef struct wire {
    const char *answer;
    size_t answer_len, at, read_piece, write_piece;
    uint8_t taken[2048];
    size_t taken_len;
    ptrdiff_t read_says, write_says; /* where not 0, returned in place of the truth */
} wire;

static ptrdiff_t wire_read(void *ctx, uint8_t *buf, size_t len) {
    wire *self = ctx;
    size_t left = self->answer_len - self->at;
    if (self->read_says != 0) {
        return self->read_says;
    }
    len = len < left ? len : left;
    len = len < self->read_piece ? len : self->read_piece;
    memcpy(buf, self->answer + self->at, len);
    self->at += len;
    return (ptrdiff_t)len;
}

static ptrdiff_t wire_write(void *ctx, const uint8_t *buf, size_t len) {
    wire *self = ctx;
    size_t left = sizeof self->taken - self->taken_len;
    if (self->write_says != 0) {
        return self->write_says;
    }
    len = len < left ? len : left;
    len = len < self->write_piece ? len : self->write_piece;
    memcpy(self->taken + self->taken_len, buf, len);
    self->taken_len += len;
    return (ptrdiff_t)len;
}

static void wire_init(wire *self, const char *answer, size_t piece) {
    memset(self, 0, sizeof *self);
    self->answer = answer;
    self->answer_len = strlen(answer);
    self->read_piece = piece;
    self->write_piece = piece;
}

static pos_token_transport wire_transport(wire *self) {
    pos_token_transport transport = { 0 };
    transport.ctx = self;
    transport.read = wire_read;
    transport.write = wire_write;
    return transport;
}

/* Everything that the functions take, and all of it good. Each test spoils one thing. */
static uint8_t memory[256], buf[512], scratch[64];
static pos_token_store store;
static pos_token_answer answer;
static pos_token_credentials credentials;
static pos_token_request request;
static pos_token_endpoint endpoint;
static pos_token_hs512_key key;
static pos_token_unverified_claims said;
static pos_token_verified_claims verified;
static pos_token_validation validation;
static pos_token_result result;
static pos_token_transport transport;
static wire server;
static size_t len;

static const pos_token_span NO_TEXT = { NULL, 3 };   /* NULL with a length */
static const pos_token_span ENDLESS = { (const uint8_t *)"", SIZE_MAX };
static const pos_token_span TOKEN = POS_TOKEN_TEXT("e30.eyJleHAiOjE3NzM2NzQxMDIsImlzcyI6ImEifQ.");
#define ZYPE_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"access_token\":\"a\"}"

static void all_good(void) {
    static uint8_t secret[64];
    (void)pos_token_answer_wipe(&answer);
    memset(&credentials, 0, sizeof credentials);
    memset(&request, 0, sizeof request);
    memset(&endpoint, 0, sizeof endpoint);
    memset(&validation, 0, sizeof validation);
    credentials.client_id = pos_token_text("c");
    credentials.client_secret = pos_token_text("s");
    credentials.username = pos_token_text("u");
    credentials.password = pos_token_text("p");
    request.provider = &POS_TOKEN_ZYPE;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    endpoint.host = pos_token_text("login.zype.com");
    validation.now = 1773670502;
    wire_init(&server, ZYPE_ANSWER, sizeof scratch);
    transport = wire_transport(&server);
    OK(pos_token_store_init(&store, memory, sizeof memory));
    OK(pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
    OK(pos_token_hs512_key_init(&key, pos_token_bytes(secret, sizeof secret)));
    OK(pos_token_jwt_peek(TOKEN, &said));
    len = 7;
}

static void null_store(void) {
    pos_token_span span;
    uint32_t needed;
    all_good();
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_init(NULL, memory, sizeof memory));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_init(&store, NULL, 1));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_store_init(&store, memory, SIZE_MAX));
    IS(POS_TOKEN_MISALIGNED, pos_token_store_init(CROOKED(pos_token_store, store), memory, sizeof memory));
    IS(POS_TOKEN_OVERLAP, pos_token_store_init(&store, (uint8_t *)&store + sizeof store - 1, 8));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_access_token(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_access_token(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_refresh_token(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_refresh_token(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_pending_token(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_pending_token(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_scope(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_scope(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_server_text(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_server_text(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_needed(NULL, &needed));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_needed(&store, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_store_wipe(NULL));
    OK(pos_token_store_init(&store, NULL, 0)); /* of no use, and no fault */
    OK(pos_token_store_access_token(&store, &span));
}

static void null_answer(void) {
    bool complete;
    pos_token_when later;
    uint16_t http_status;
    uint32_t offset;
    const pos_token_span text = pos_token_text("x");
    all_good();
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_init(NULL, &POS_TOKEN_ZYPE, 1, NULL, &store));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_init(&answer, NULL, 1, NULL, &store));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, 1, NULL, NULL));
    IS(POS_TOKEN_MISALIGNED, pos_token_answer_init(CROOKED(pos_token_answer, buf), &POS_TOKEN_ZYPE, 1, NULL, &store));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_feed(NULL, text, &complete, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_feed(&answer, NO_TEXT, &complete, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_feed(&answer, text, NULL, NULL));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_answer_feed(&answer, ENDLESS, &complete, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_status(NULL, 200));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_field(NULL, text, text));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_body(NULL, text, &complete));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_status_code(NULL, &http_status));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_status_code(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_retry_after(NULL, &later));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_retry_after(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_error_offset(NULL, &offset));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_error_offset(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_finish(NULL, &result));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_finish(&answer, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_answer_wipe(NULL));
    /* None of it has hurt. */
    OK(pos_token_answer_feed(&answer, pos_token_text(ZYPE_ANSWER), &complete, NULL));
    OK(pos_token_answer_finish(&answer, &result));
    CHECK(result.verdict == POS_TOKEN_VERDICT_USE);
}

static void null_request(void) {
    pos_token_span span;
    all_good();
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_check(NULL));
    CHECK(pos_token_request_field_at_fault(NULL) == 0);
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(NULL, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(&request, NULL, 1, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(&request, buf, sizeof buf, NULL));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_request_body(&request, buf, SIZE_MAX, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_path(NULL, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_authorization(NULL, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_method(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_method(&request, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_content_type(NULL, &span));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_content_type(&request, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http(NULL, &endpoint, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http(&request, NULL, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http_at(&request, &endpoint, 0, NULL, 1, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http_at(&request, &endpoint, 0, buf, sizeof buf, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http_write(&request, &endpoint, NULL, scratch, sizeof scratch));
    IS(POS_TOKEN_NULL_POINTER, pos_token_authorization_write(NULL, TOKEN, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_authorization_write(&POS_TOKEN_ZYPE, NO_TEXT, buf, sizeof buf, &len));
    request.provider = NULL;
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(&request, buf, sizeof buf, &len));
    all_good();
    credentials.username = NO_TEXT;
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(&request, buf, sizeof buf, &len));
    credentials.username = ENDLESS;
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_request_body(&request, buf, sizeof buf, &len));
    all_good();
    request.credentials = CROOKED(pos_token_credentials, credentials);
    IS(POS_TOKEN_MISALIGNED, pos_token_request_body(&request, buf, sizeof buf, &len));
    all_good();
    endpoint.headers_len = 1;
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));
    CHECK(len == 7);
}

static void null_jwt(void) {
    pos_token_mac mac = { 0 };
    uint8_t text[8];
    int64_t number;
    bool found;
    const pos_token_span name = pos_token_text("iss");
    all_good();
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init(NULL, name));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init(&key, NO_TEXT));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init_short(NULL, name));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init_base64url(NULL, name));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init_base64url_short(NULL, name));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_wipe(NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_peek(NO_TEXT, &said));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_peek(TOKEN, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(TOKEN, NULL, ABSENT, &validation, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(TOKEN, &key, NO_TEXT, &validation, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(TOKEN, &key, ABSENT, NULL, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(TOKEN, &key, ABSENT, &validation, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify_mac(TOKEN, NULL, ABSENT, &validation, &verified));
    IS(POS_TOKEN_CALLBACK, pos_token_jwt_verify_mac(TOKEN, &mac, ABSENT, &validation, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_text(NULL, name, text, sizeof text, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_text(&said.claims, NO_TEXT, text, sizeof text, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_text(&said.claims, name, text, sizeof text, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_contain(NULL, name, name, &found));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_contain(&said.claims, name, name, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_number(NULL, name, &number));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_number(&said.claims, name, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_jwt_peek(pos_token_bytes(&said, 20), &said));
}

static void null_tools(void) {
    int64_t seconds = 7;
    const pos_token_span text = pos_token_text("AA");
    all_good();
    IS(POS_TOKEN_NULL_POINTER, pos_token_provider_check(NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_rfc3339_parse(NO_TEXT, POS_TOKEN_MISSING_ZONE_UTC, &seconds));
    IS(POS_TOKEN_NULL_POINTER, pos_token_rfc3339_parse(text, POS_TOKEN_MISSING_ZONE_UTC, NULL));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_rfc3339_parse(text, 0, &seconds));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_rfc3339_parse(text, 257, &seconds)); /* not its low byte */
    IS(POS_TOKEN_NULL_POINTER, pos_token_http_date_parse(text, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_base64url_encode(NO_TEXT, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_base64url_encode(text, buf, sizeof buf, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_base64url_decode(text, NULL, 8, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_json_string_array(NULL, 1, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_json_string_array(&NO_TEXT, 1, buf, sizeof buf, &len));
    CHECK(seconds == 7 && len == 7);
}

static void numbers_out_of_range(void) {
    static const uint32_t WRONG[] = { 0, 6, 255, 256, 257, UINT32_MAX };
    pos_token_answer_options options = { 0, 4 };
    all_good();
    for (size_t i = 0; i < POS_TOKEN_COUNT(WRONG); i++) {
        request.purpose = WRONG[i];
        IS(POS_TOKEN_INVALID_ENUM, pos_token_request_check(&request));
        IS(POS_TOKEN_INVALID_ENUM, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, WRONG[i], NULL, &store));
    }
    IS(POS_TOKEN_INVALID_ENUM, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, 1, &options, &store));
    all_good();
    endpoint.scheme = 3;
    IS(POS_TOKEN_INVALID_ENUM, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));
    all_good();
    endpoint.connection = 4;
    IS(POS_TOKEN_INVALID_ENUM, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));
    all_good();
    validation.flags = 8;
    IS(POS_TOKEN_INVALID_ENUM, pos_token_jwt_verify(TOKEN, &key, ABSENT, &validation, &verified));
}

/* What was never initialised, as static objects are. */
static void zeroed(void) {
    static pos_token_store no_store;
    static pos_token_answer no_answer;
    static pos_token_hs512_key no_key;
    static pos_token_claims no_claims;
    static pos_token_transport no_transport;
    static const pos_token_provider NO_PROVIDER;
    pos_token_span span;
    bool complete, found;
    int64_t number;
    all_good();
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_access_token(&no_store, &span));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_wipe(&no_store));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, 1, NULL, &no_store));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_feed(&no_answer, TOKEN, &complete, NULL));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_status(&no_answer, 200));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_field(&no_answer, TOKEN, TOKEN));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_body(&no_answer, TOKEN, &complete));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_finish(&no_answer, &result));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_wipe(&no_answer));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_jwt_verify(TOKEN, &no_key, ABSENT, &validation, &verified));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_claims_contain(&no_claims, TOKEN, TOKEN, &found));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_claims_number(&no_claims, TOKEN, &number));
    IS(POS_TOKEN_CALLBACK, pos_token_request_http_write(&request, &endpoint, &no_transport, scratch, sizeof scratch));
    IS(POS_TOKEN_CALLBACK, pos_token_exchange_run(&request, &endpoint, &no_transport, NULL, &store, scratch,
                                                   sizeof scratch, &result));
    request.store = &no_store;
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_request_check(&request));
    CHECK(pos_token_provider_check(&NO_PROVIDER) == POS_TOKEN_INVALID_TABLE);
}

/* What holds anything at all, as memory after a reset does. */
static void garbage(void) {
    uint64_t noise[64];
    pos_token_span span;
    bool complete;
    all_good();
    for (int value = 1; value < 256; value++) {
        pos_token_store no_store;
        pos_token_answer no_answer;
        memset(noise, value, sizeof noise);
        memcpy(&no_store, noise, sizeof no_store);
        memcpy(&no_answer, noise, sizeof no_answer);
        IS(POS_TOKEN_NOT_INITIALISED, pos_token_store_access_token(&no_store, &span));
        IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_feed(&no_answer, TOKEN, &complete, NULL));
        IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_wipe(&no_answer));
        CHECK(memcmp(&no_answer, noise, sizeof no_answer) == 0);
    }
}

static void out_of_order(void) {
    bool complete;
    const pos_token_span text = pos_token_text("{");
    all_good();
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_field(&answer, text, text));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_status(&answer, 200)); /* it stays so */
    all_good();
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_body(&answer, text, &complete));
    all_good();
    OK(pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_status(&answer, 200));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_feed(&answer, pos_token_text("HTTP/1.1 200 OK\r\n"), &complete, NULL));
    all_good();
    OK(pos_token_answer_feed(&answer, pos_token_text("H"), &complete, NULL));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_status(&answer, 200));
    all_good();
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, text, &complete));
    IS(POS_TOKEN_OUT_OF_ORDER, pos_token_answer_field(&answer, pos_token_text("Date"), text));
    /* Finished at once, and finished twice. */
    all_good();
    CHECK(pos_token_answer_finish(&answer, &result) != POS_TOKEN_OK);
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_finish(&answer, &result));
    /* The store was wiped while an answer was arriving. */
    all_good();
    OK(pos_token_store_wipe(&store));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_answer_feed(&answer, pos_token_text("H"), &complete, NULL));
}

static void zero_lengths(void) {
    bool complete = true;
    all_good();
    OK(pos_token_answer_feed(&answer, ABSENT, &complete, NULL));
    CHECK(!complete);
    OK(pos_token_answer_feed(&answer, pos_token_text(""), &complete, NULL));
    OK(pos_token_request_http_at(&request, &endpoint, 0, buf, 0, &len));
    CHECK(len == 0);
    OK(pos_token_request_http_at(&request, &endpoint, 0, NULL, 0, &len));
    /* Nothing overlaps nothing, wherever it stands. */
    memcpy(buf, "username", 8);
    credentials.username = pos_token_bytes(buf, 8);
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_body(&request, buf + 4, 0, &len));
    CHECK(len > 0);
    OK(pos_token_request_http_at(&request, &endpoint, 0, (uint8_t *)&credentials + 1, 0, &len));
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_base64url_encode(pos_token_bytes(buf, 8), buf + 4, 0, &len));
    IS(POS_TOKEN_JWT_PARTS, pos_token_jwt_peek(ABSENT, &said));
    OK(pos_token_base64url_decode(ABSENT, NULL, 0, &len));
    CHECK(len == 0);
    for (size_t size = 0; size < sizeof scratch; size++) {
        IS(POS_TOKEN_SCRATCH_TOO_SMALL, pos_token_request_http_write(&request, &endpoint, &transport, scratch, size));
        IS(POS_TOKEN_SCRATCH_TOO_SMALL, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, scratch,
                                                                size, &result));
    }
    CHECK(server.taken_len == 0);
}

static void overlaps(void) {
    bool complete;
    all_good();
    memcpy(buf, "user", 4);
    credentials.username = pos_token_bytes(buf, 4);
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, buf, sizeof buf, &len));
    CHECK(memcmp(buf, "user", 4) == 0);
    IS(POS_TOKEN_OVERLAP, pos_token_request_http(&request, &endpoint, buf + 3, 100, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_http_at(&request, &endpoint, 0, buf + 3, 100, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_http_write(&request, &endpoint, &transport, buf, 64));
    IS(POS_TOKEN_OVERLAP, pos_token_base64url_encode(pos_token_bytes(buf, 4), buf + 3, 100, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_base64url_decode(pos_token_bytes(buf, 4), buf, 100, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_authorization_write(&POS_TOKEN_ZYPE, pos_token_bytes(buf, 4), buf, 100, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&request, sizeof request, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&credentials, sizeof credentials, &len));
    /* The length's own place may lie neither in what is written nor in what is read. */
    {
        union {
            size_t len[16];
            uint8_t bytes[16 * sizeof(size_t)];
        } both;
        memset(&both, 0, sizeof both);
        IS(POS_TOKEN_OVERLAP, pos_token_base64url_encode(pos_token_text("abc"), both.bytes, sizeof both, &both.len[3]));
        IS(POS_TOKEN_OVERLAP,
           pos_token_base64url_encode(pos_token_bytes(both.bytes, sizeof both), buf, sizeof buf, &both.len[3]));
        IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, buf, sizeof buf, &credentials.password.len));
    }
    IS(POS_TOKEN_OVERLAP, pos_token_hs512_key_init(&key, pos_token_bytes(&key, 64)));
    IS(POS_TOKEN_OVERLAP, pos_token_claims_text(&said.claims, pos_token_text("iss"), (uint8_t *)&said, 8, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, pos_token_bytes(memory, 8), &complete, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, pos_token_bytes(&answer, 8), &complete, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_init((pos_token_answer *)(void *)&store, &POS_TOKEN_ZYPE, 1, NULL, &store));
    /* Side by side is no overlap. */
    all_good();
    credentials.username = pos_token_bytes(buf, 4);
    OK(pos_token_request_body(&request, buf + 4, sizeof buf - 4, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, memory, sizeof memory,
                                                  &result));
    CHECK(server.taken_len == 0);
}

/* What a function writes at its end lies in nothing that it writes before, nor in what it works with. */
static void results_in_the_way(void) {
    static union {
        uint8_t bytes[512];
        pos_token_result result;
        pos_token_span span;
        uint32_t number;
        size_t size;
    } lent; /* the store's buffer, or the scratch */
    void *const own[] = { &lent, &store, &answer };
    const pos_token_span body = pos_token_text("{}");
    bool complete = false;
    all_good();
    for (size_t i = 0; i < POS_TOKEN_COUNT(own); i++) {
        OK(pos_token_store_init(&store, lent.bytes, sizeof lent));
        OK(pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, body, own[i], NULL));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, body, &complete, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_access_token(&answer, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_status_code(&answer, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_retry_after(&answer, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_error_offset(&answer, own[i]));
        OK(pos_token_answer_status(&answer, 200));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_body(&answer, body, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_answer_finish(&answer, own[i]));
        /* None of it has hurt. */
        OK(pos_token_answer_body(&answer, pos_token_text("{\"access_token\":\"a\"}"), &complete));
        OK(pos_token_answer_finish(&answer, &result));
    }
    OK(pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, POS_TOKEN_PURPOSE_REFRESH, NULL, &store));
    IS(POS_TOKEN_OVERLAP, pos_token_answer_feed(&answer, body, (bool *)&len, &len));
    CHECK(len == 7);
    for (size_t i = 0; i < 2; i++) {
        pos_token_span token;
        IS(POS_TOKEN_OVERLAP, pos_token_store_access_token(&store, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_store_refresh_token(&store, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_store_pending_token(&store, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_store_scope(&store, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_store_server_text(&store, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_store_needed(&store, own[i]));
        IS(POS_TOKEN_OVERLAP, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, scratch,
                                                      sizeof scratch, own[i]));
        OK(pos_token_store_access_token(&store, &token));
        CHECK(span_is(token, "a"));
    }
    all_good();
    IS(POS_TOKEN_OVERLAP, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, lent.bytes,
                                                  sizeof lent, &lent.result));
    IS(POS_TOKEN_OVERLAP, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, scratch,
                                                  sizeof scratch, (pos_token_result *)(void *)&transport));
    CHECK(server.taken_len == 0);
}

static void lying_callbacks(void) {
    static const ptrdiff_t TOO_MUCH[] = { 65, 1000, PTRDIFF_MAX };
    for (size_t i = 0; i < POS_TOKEN_COUNT(TOO_MUCH); i++) {
        all_good();
        (void)pos_token_answer_wipe(&answer);
        server.write_says = TOO_MUCH[i];
        IS(POS_TOKEN_OVERRUN, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
        server.write_says = 0;
        server.read_says = TOO_MUCH[i];
        IS(POS_TOKEN_OVERRUN, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, scratch,
                                                      sizeof scratch, &result));
    }
    all_good();
    (void)pos_token_answer_wipe(&answer);
    server.read_says = PTRDIFF_MIN;
    IS(POS_TOKEN_TRANSPORT, pos_token_exchange_run(&request, &endpoint, &transport, NULL, &store, scratch,
                                                    sizeof scratch, &result));
    CHECK(transport.error == PTRDIFF_MIN);
    server.write_piece = 0;
    IS(POS_TOKEN_CLOSED, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
    transport.write = NULL;
    IS(POS_TOKEN_CALLBACK, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
}

/* A result is written in success only. */
static void results_stay_as_they_were(void) {
    pos_token_result before;
    pos_token_verified_claims claims;
    uint8_t noise[sizeof(pos_token_verified_claims)];
    all_good();
    memset(&result, 0xA5, sizeof result);
    memcpy(&before, &result, sizeof before);
    CHECK(pos_token_answer_finish(&answer, &result) != POS_TOKEN_OK);
    CHECK(memcmp(&before, &result, sizeof before) == 0);
    memset(noise, 0xA5, sizeof noise);
    memcpy(&claims, noise, sizeof claims);
    CHECK(pos_token_jwt_verify(TOKEN, &key, ABSENT, &validation, &claims) != POS_TOKEN_OK);
    CHECK(memcmp(&claims, noise, sizeof claims) == 0);
}

int main(void) {
    null_store();
    null_answer();
    null_request();
    null_jwt();
    null_tools();
    numbers_out_of_range();
    zeroed();
    garbage();
    out_of_order();
    zero_lengths();
    overlaps();
    results_in_the_way();
    lying_callbacks();
    results_stay_as_they_were();
    return 0;
}
