/* What to send: every way to take a request, at every buffer size, and what is refused. */
#include "check.h"

static const char BODY[] = "username=till-7%40example.com&password=correct+horse";
static const char HTTP[] =
    "POST /v2/token HTTP/1.1\r\nHost: api.loyalty.dog\r\nAccept: application/json\r\n"
    "Accept-Encoding: identity\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 52\r\n\r\nusername=till-7%40example.com&password=correct+horse";

static pos_token_credentials credentials;
static pos_token_endpoint endpoint;
static pos_token_request request;

static void prepare(void) {
    memset(&credentials, 0, sizeof credentials);
    memset(&endpoint, 0, sizeof endpoint);
    memset(&request, 0, sizeof request);
    credentials.username = pos_token_text("till-7@example.com");
    credentials.password = pos_token_text("correct horse");
    endpoint.host = pos_token_text("api.loyalty.dog");
    request.provider = &POS_TOKEN_LOYALTY_DOG;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
}

static void every_size(void) {
    uint8_t buf[512];
    size_t len, size;
    prepare();
    for (size = 0; size < sizeof HTTP + 2; size++) {
        memset(buf, 0xaa, sizeof buf);
        if (size < sizeof BODY - 1) {
            IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_body(&request, buf, size, &len));
        } else {
            OK(pos_token_request_body(&request, buf, size, &len));
            CHECK(same(buf, len, BODY));
        }
        CHECK(len == sizeof BODY - 1);
        CHECK(buf[size] == 0xaa);
        if (size < sizeof HTTP - 1) {
            IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_http(&request, &endpoint, buf, size, &len));
        } else {
            OK(pos_token_request_http(&request, &endpoint, buf, size, &len));
            CHECK(same(buf, len, HTTP));
        }
        CHECK(len == sizeof HTTP - 1);
        CHECK(buf[size] == 0xaa);
    }
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_body(&request, NULL, 0, &len));
    CHECK(len == sizeof BODY - 1);
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_http(&request, &endpoint, NULL, 0, &len));
    CHECK(len == sizeof HTTP - 1);
}

static void every_window(void) {
    uint8_t window[64];
    size_t offset, size, len;
    prepare();
    for (size = 0; size <= sizeof window; size += 7) {
        for (offset = 0; offset < sizeof HTTP + 2; offset++) {
            size_t rest = offset < sizeof HTTP - 1 ? sizeof HTTP - 1 - offset : 0;
            OK(pos_token_request_http_at(&request, &endpoint, offset, window, size, &len));
            CHECK(len == (rest < size ? rest : size));
            CHECK(memcmp(window, HTTP + (rest ? offset : 0), len) == 0);
        }
    }
    OK(pos_token_request_http_at(&request, &endpoint, SIZE_MAX, window, sizeof window, &len));
    CHECK(len == 0);
}

static void parts(void) {
    uint8_t buf[128];
    size_t len;
    pos_token_span span;
    prepare();
    OK(pos_token_request_check(&request));
    CHECK(pos_token_request_field_at_fault(&request) == 0);
    OK(pos_token_request_method(&request, &span));
    CHECK(span_is(span, "POST"));
    OK(pos_token_request_content_type(&request, &span));
    CHECK(span_is(span, "application/x-www-form-urlencoded"));
    OK(pos_token_request_path(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "/v2/token"));
    OK(pos_token_request_authorization(&request, buf, sizeof buf, &len));
    CHECK(len == 0);

    request.provider = &POS_TOKEN_RFC6749;
    credentials.client_id = pos_token_text("a");
    credentials.client_secret = pos_token_text("b:");
    OK(pos_token_request_authorization(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "Basic YTpiJTNB"));
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_authorization(&request, buf, 13, &len));
    CHECK(len == 14);
    IS(POS_TOKEN_MISSING_PATH, pos_token_request_path(&request, buf, sizeof buf, &len));
    IS(POS_TOKEN_MISSING_PATH, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));

    request.provider = &POS_TOKEN_OPEN_LOYALTY;
    request.purpose = POS_TOKEN_PURPOSE_LOG_OUT;
    credentials.access_token = pos_token_text("abc");
    OK(pos_token_request_method(&request, &span));
    CHECK(span_is(span, "GET"));
    OK(pos_token_request_content_type(&request, &span));
    CHECK(span.ptr == NULL && span.len == 0);
    OK(pos_token_request_body(&request, NULL, 0, &len));
    CHECK(len == 0);
    OK(pos_token_request_authorization(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "Bearer abc"));

    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    credentials.store_code = pos_token_text("K\xc3\xb6ln 1");
    OK(pos_token_request_path(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "/api/K%C3%B6ln%201/member/login_check"));
}

static void endpoints(void) {
    uint8_t buf[512];
    size_t len = 4711;
    pos_token_header headers[9];
    memset(headers, 0, sizeof headers);
    prepare();
    endpoint.host = pos_token_text("[::1]");
    endpoint.port = 8080;
    endpoint.scheme = POS_TOKEN_SCHEME_HTTP;
    endpoint.connection = POS_TOKEN_CONNECTION_CLOSE;
    endpoint.prefix = pos_token_text("/p/");
    endpoint.user_agent = pos_token_text("till/1.0");
    headers[0].name = pos_token_text("X-Store");
    headers[0].value = pos_token_text("17");
    endpoint.headers = headers;
    endpoint.headers_len = 1;
    OK(pos_token_request_http(&request, &endpoint, buf, sizeof buf - 1, &len));
    buf[len] = 0;
    CHECK(strstr((char *)buf, "POST /p/v2/token HTTP/1.1\r\nHost: [::1]:8080\r\n") == (char *)buf);
    CHECK(strstr((char *)buf, "\r\nUser-Agent: till/1.0\r\nX-Store: 17\r\nConnection: close\r\n") != NULL);

    len = 4711;
#define REFUSED(status, change)                                                                     \
    do {                                                                                            \
        pos_token_endpoint kept = endpoint;                                                         \
        change;                                                                                     \
        IS(status, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));             \
        IS(status, pos_token_request_http_at(&request, &endpoint, 0, buf, sizeof buf, &len));       \
        CHECK(len == 4711);                                                                         \
        endpoint = kept;                                                                            \
    } while (0)
    REFUSED(POS_TOKEN_INVALID_HOST, endpoint.host = ABSENT);
    REFUSED(POS_TOKEN_INVALID_HOST, endpoint.host = pos_token_text("a b"));
    REFUSED(POS_TOKEN_INVALID_HOST, endpoint.host = pos_token_text("\xff"));
    REFUSED(POS_TOKEN_INVALID_PREFIX, endpoint.prefix = pos_token_text("p"));
    REFUSED(POS_TOKEN_INVALID_PREFIX, endpoint.prefix = pos_token_text("/\xff"));
    REFUSED(POS_TOKEN_INVALID_PATH, endpoint.path = pos_token_text("/a b"));
    REFUSED(POS_TOKEN_INVALID_PATH, endpoint.path = pos_token_text(""));
    REFUSED(POS_TOKEN_INVALID_USER_AGENT, endpoint.user_agent = pos_token_text("a\r\nb"));
    REFUSED(POS_TOKEN_INVALID_USER_AGENT, endpoint.user_agent = pos_token_text("\xff"));
    REFUSED(POS_TOKEN_INVALID_HEADER_NAME, headers[0].name = pos_token_text("Host"));
    headers[0].name = ABSENT;
    REFUSED(POS_TOKEN_INVALID_HEADER_NAME, (void)0);
    headers[0].name = pos_token_text("X-Store");
    headers[0].value = pos_token_text("a\nb");
    REFUSED(POS_TOKEN_INVALID_HEADER_VALUE, (void)0);
    headers[0].value = pos_token_text("17");
    REFUSED(POS_TOKEN_TOO_MANY, endpoint.headers_len = 9);
    REFUSED(POS_TOKEN_NULL_POINTER, endpoint.headers = NULL);
    REFUSED(POS_TOKEN_INVALID_LENGTH, endpoint.headers_len = SIZE_MAX);
    REFUSED(POS_TOKEN_MISALIGNED, endpoint.headers = CROOKED(pos_token_header, headers));
    REFUSED(POS_TOKEN_INVALID_ENUM, endpoint.scheme = 3);
    REFUSED(POS_TOKEN_INVALID_ENUM, endpoint.connection = 255);
    REFUSED(POS_TOKEN_NULL_POINTER, endpoint.path.len = 1);
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_http(&request, NULL, buf, sizeof buf, &len));
    CHECK(len == 4711);
}

static void requests_that_cannot_be(void) {
    uint8_t buf[256];
    size_t len = 4711;
    pos_token_span span = POS_TOKEN_TEXT("untouched");
    pos_token_credentials twisted[2];
#define NOT(status, field, change)                                                               \
    do {                                                                                         \
        prepare();                                                                               \
        change;                                                                                  \
        IS(status, pos_token_request_check(&request));                                           \
        CHECK(pos_token_request_field_at_fault(&request) == field);                              \
        IS(status, pos_token_request_body(&request, buf, sizeof buf, &len));                     \
        IS(status, pos_token_request_path(&request, buf, sizeof buf, &len));                     \
        IS(status, pos_token_request_authorization(&request, buf, sizeof buf, &len));            \
        IS(status, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));          \
        IS(status, pos_token_request_http_at(&request, &endpoint, 0, buf, sizeof buf, &len));    \
        IS(status, pos_token_request_method(&request, &span));                                   \
        IS(status, pos_token_request_content_type(&request, &span));                             \
        CHECK(len == 4711 && span_is(span, "untouched"));                                        \
    } while (0)
    NOT(POS_TOKEN_MISSING_FIELD, POS_TOKEN_FIELD_PASSWORD, credentials.password = ABSENT);
    NOT(POS_TOKEN_MISSING_FIELD, POS_TOKEN_FIELD_USERNAME, request.credentials = NULL);
    NOT(POS_TOKEN_EMPTY_FIELD, POS_TOKEN_FIELD_USERNAME, credentials.username = pos_token_text(""));
    NOT(POS_TOKEN_NOT_UTF8, POS_TOKEN_FIELD_USERNAME,
        (request.provider = &POS_TOKEN_OPEN_LOYALTY, credentials.username = pos_token_text("\xff")));
    NOT(POS_TOKEN_FORBIDDEN, POS_TOKEN_FIELD_ACCESS_TOKEN,
        (request.provider = &POS_TOKEN_OPEN_LOYALTY, request.purpose = POS_TOKEN_PURPOSE_LOG_OUT,
         credentials.access_token = pos_token_text("a\r\nb")));
    NOT(POS_TOKEN_NO_SUCH_EXCHANGE, 0, request.purpose = POS_TOKEN_PURPOSE_REFRESH);
    NOT(POS_TOKEN_INVALID_ENUM, 0, request.purpose = 0);
    NOT(POS_TOKEN_INVALID_ENUM, 0, request.purpose = 6);
    NOT(POS_TOKEN_INVALID_ENUM, 0, request.purpose = 257);
    NOT(POS_TOKEN_INVALID_ENUM, 0, request.purpose = UINT32_MAX);
    NOT(POS_TOKEN_NULL_POINTER, 0, request.provider = NULL);
    NOT(POS_TOKEN_MISALIGNED, 0, request.provider = CROOKED(pos_token_provider, POS_TOKEN_ZYPE));
    NOT(POS_TOKEN_MISALIGNED, 0, request.credentials = CROOKED(pos_token_credentials, twisted));
    NOT(POS_TOKEN_NULL_POINTER, 0, credentials.custom_4.len = 1);
    NOT(POS_TOKEN_INVALID_LENGTH, 0, credentials.pin = pos_token_bytes(buf, TOO_LONG));
    NOT(POS_TOKEN_INVALID_LENGTH, 0, credentials.pin = pos_token_bytes((void *)UINTPTR_MAX, 2));
    prepare();
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_check(NULL));
    CHECK(pos_token_request_field_at_fault(NULL) == 0);
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_method(&request, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_content_type(&request, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(&request, buf, sizeof buf, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_request_body(&request, NULL, 1, &len));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_request_body(&request, buf, TOO_LONG, &len));
    IS(POS_TOKEN_MISALIGNED, pos_token_request_body(CROOKED(pos_token_request, request), buf, 9, &len));
    CHECK(len == 4711);
}

/* A buffer that lies over any of the input is refused, and nothing is written to it. */
static void overlaps(void) {
    static uint8_t memory[64] = "till-7@example.com";
    size_t len = 4711;
    pos_token_store store;
    uint8_t arena[64];
    prepare();
    credentials.username = pos_token_bytes(memory, 18);
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, memory + 17, 40, &len));
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_request_body(&request, memory + 18, 40, &len));
    len = 4711;
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&credentials, sizeof credentials, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&request, sizeof request, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_http(&request, &endpoint, (uint8_t *)&endpoint, 8, &len));
    OK(pos_token_store_init(&store, arena, sizeof arena));
    request.store = &store;
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, arena, sizeof arena, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&store, sizeof store, &len));
    CHECK(len == 4711 && memcmp(memory, "till-7@example.com", 18) == 0);
    memset(&store, 0, sizeof store);
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_request_check(&request));
}

static void authorization(void) {
    static const char VALUE[] = "bearer eyJhbGciOi";
    uint8_t buf[64];
    size_t len = 4711, size, offset;
    pos_token_span token = pos_token_text("eyJhbGciOi");
    const pos_token_provider *loyalife = &POS_TOKEN_LOYALIFE;
    for (size = 0; size <= sizeof VALUE; size++) {
        pos_token_status expected = size < sizeof VALUE - 1 ? POS_TOKEN_BUFFER_TOO_SMALL : POS_TOKEN_OK;
        IS(expected, pos_token_authorization_write(loyalife, token, buf, size, &len));
        CHECK(len == sizeof VALUE - 1);
        CHECK(expected != POS_TOKEN_OK || same(buf, len, VALUE));
        for (offset = 0; offset <= sizeof VALUE; offset++) {
            size_t rest = offset < sizeof VALUE - 1 ? sizeof VALUE - 1 - offset : 0;
            OK(pos_token_authorization_write_at(loyalife, token, offset, buf, size, &len));
            CHECK(len == (rest < size ? rest : size) && memcmp(buf, VALUE + (rest ? offset : 0), len) == 0);
        }
    }
    len = 4711;
    IS(POS_TOKEN_EMPTY_FIELD, pos_token_authorization_write(loyalife, ABSENT, buf, sizeof buf, &len));
    IS(POS_TOKEN_FORBIDDEN, pos_token_authorization_write(loyalife, pos_token_text("a b"), buf, 64, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_authorization_write(NULL, token, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_authorization_write(loyalife, token, NULL, 4, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_authorization_write_at(loyalife, token, 0, buf, 4, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_authorization_write(loyalife, pos_token_bytes(buf + 4, 4), buf, 5, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_authorization_write_at(loyalife, pos_token_bytes(buf, 4), 0, buf, 4, &len));
    CHECK(len == 4711);
}

int main(void) {
    every_size();
    every_window();
    parts();
    endpoints();
    requests_that_cannot_be();
    overlaps();
    authorization();
    return 0;
}
