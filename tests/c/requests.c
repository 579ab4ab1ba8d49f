/* What to send: bodies, whole requests, pieces of them, and what is refused. */
#include "test.h"
#include "wire.h"

static pos_token_credentials user(void) {
    pos_token_credentials credentials = { 0 };
    credentials.username = pos_token_text("till 7@example.com");
    credentials.password = pos_token_text("a+b=\"c\"&\xC3\xA9");
    credentials.client_id = pos_token_text("client-7");
    credentials.client_secret = pos_token_text("s3cret");
    return credentials;
}

static pos_token_request request_of(const pos_token_provider *provider, const pos_token_credentials *credentials) {
    pos_token_request request = { 0 };
    request.provider = provider;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = credentials;
    return request;
}

static pos_token_endpoint endpoint_of(const char *host) {
    pos_token_endpoint endpoint = { 0 };
    endpoint.host = pos_token_text(host);
    return endpoint;
}

TEST(bodies) {
    pos_token_credentials credentials = user();
    pos_token_request request = request_of(&POS_TOKEN_LOYALTY_DOG, &credentials);
    uint8_t buf[256];
    size_t len;

    EXPECT_STATUS(OK, pos_token_request_body(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("username=till+7%40example.com&password=a%2Bb%3D%22c%22%26%C3%A9&client_id=client-7&client_secret=s3cret", buf, len);
    request.provider = &POS_TOKEN_ZYPE;
    EXPECT_STATUS(OK, pos_token_request_body(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("{\"client_id\":\"client-7\",\"client_secret\":\"s3cret\",\"username\":\"till 7@example.com\","
                "\"password\":\"a+b=\\\"c\\\"&\xC3\xA9\",\"grant_type\":\"password\"}", buf, len);
    request.provider = &POS_TOKEN_LOYALIFE;
    EXPECT_STATUS(OK, pos_token_request_body(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("{\"grant_type\":\"client_credentials\",\"client_id\":\"client-7\",\"client_secret\":\"s3cret\"}", buf, len);
    request.provider = &POS_TOKEN_OPEN_LOYALTY;
    EXPECT_STATUS(OK, pos_token_request_body(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("{\"username\":\"till 7@example.com\",\"password\":\"a+b=\\\"c\\\"&\xC3\xA9\"}", buf, len);
}

/* What firmware with a stack of its own asks for. */
TEST(parts) {
    pos_token_credentials credentials = user();
    pos_token_request request = request_of(&POS_TOKEN_OPEN_LOYALTY, &credentials);
    pos_token_span method, type;
    uint8_t buf[128];
    size_t len;

    credentials.store_code = pos_token_text("North 1");
    EXPECT_STATUS(OK, pos_token_request_check(&request));
    EXPECT_STATUS(OK, pos_token_request_path(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("/api/North%201/member/login_check", buf, len);
    EXPECT_STATUS(OK, pos_token_request_method(&request, &method));
    EXPECT_SPAN("POST", method);
    EXPECT_STATUS(OK, pos_token_request_content_type(&request, &type));
    EXPECT_SPAN("application/json", type);
    EXPECT_STATUS(OK, pos_token_request_authorization(&request, buf, sizeof buf, &len));
    EXPECT(len == 0);

    request.purpose = POS_TOKEN_PURPOSE_LOG_OUT;
    credentials.access_token = pos_token_text("a.b.c");
    EXPECT_STATUS(OK, pos_token_request_method(&request, &method));
    EXPECT_SPAN("GET", method);
    EXPECT_STATUS(OK, pos_token_request_content_type(&request, &type));
    EXPECT(ABSENT(type));
    EXPECT_STATUS(OK, pos_token_request_body(&request, NULL, 0, &len));
    EXPECT(len == 0);
    EXPECT_STATUS(OK, pos_token_request_authorization(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("Bearer a.b.c", buf, len);

    request = request_of(&POS_TOKEN_RFC6749, &credentials);
    EXPECT_STATUS(OK, pos_token_request_authorization(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("Basic Y2xpZW50LTc6czNjcmV0", buf, len);
}

TEST(a_whole_request) {
    pos_token_credentials credentials = user();
    pos_token_request request = request_of(&POS_TOKEN_LOYALIFE, &credentials);
    pos_token_endpoint endpoint = endpoint_of("api.example");
    const pos_token_header header = { POS_TOKEN_TEXT("X-Till"), POS_TOKEN_TEXT("7") };
    uint8_t buf[512];
    size_t len;

    endpoint.prefix = pos_token_text("/loyal");
    endpoint.user_agent = pos_token_text("till/1.0");
    endpoint.port = 8443;
    endpoint.connection = POS_TOKEN_CONNECTION_CLOSE;
    endpoint.headers = &header;
    endpoint.headers_len = 1;
    EXPECT_STATUS(OK, pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len));
    EXPECT_TEXT("POST /loyal/lbms-ingress/oauth/api/Auth/Token HTTP/1.1\r\n"
                "Host: api.example:8443\r\n"
                "Accept: application/json\r\n"
                "Accept-Encoding: identity\r\n"
                "User-Agent: till/1.0\r\n"
                "X-Till: 7\r\n"
                "Connection: close\r\n"
                "Content-Type: application/json\r\n"
                "Content-Length: 83\r\n"
                "\r\n"
                "{\"grant_type\":\"client_credentials\",\"client_id\":\"client-7\",\"client_secret\":\"s3cret\"}", buf, len);
}

/* Every buffer that is too small says how much is needed and keeps nothing. */
TEST(every_buffer) {
    pos_token_credentials credentials = user();
    pos_token_request request = request_of(&POS_TOKEN_ZYPE, &credentials);
    pos_token_endpoint endpoint = endpoint_of("login.zype.com");
    uint8_t buf[512], again[512];
    size_t needed = 0, len;

    EXPECT_STATUS(BUFFER_TOO_SMALL, pos_token_request_http(&request, &endpoint, NULL, 0, &needed));
    EXPECT(needed > 0 && needed <= sizeof buf);
    for (size_t size = 0; size < needed; size++) {
        memset(buf, 0xA5, sizeof buf);
        len = 0;
        EXPECT_STATUS(BUFFER_TOO_SMALL, pos_token_request_http(&request, &endpoint, buf, size, &len));
        EXPECT(len == needed);
        EXPECT(buf[size] == 0xA5);
        for (size_t i = 0; i < size; i++) {
            EXPECT(buf[i] == 0 || buf[i] == 0xA5);
        }
    }
    EXPECT_STATUS(OK, pos_token_request_http(&request, &endpoint, buf, needed, &len));
    EXPECT(len == needed);

    for (size_t window = 1; window <= needed; window++) {
        size_t at = 0;
        do {
            EXPECT_STATUS(OK, pos_token_request_http_at(&request, &endpoint, at, again + at, window, &len));
            at += len;
        } while (len == window && at + window <= sizeof again);
        if (at < needed) {
            EXPECT_STATUS(OK, pos_token_request_http_at(&request, &endpoint, at, again + at, needed - at, &len));
            at += len;
        }
        EXPECT(at == needed && memcmp(buf, again, needed) == 0);
    }
    EXPECT_STATUS(OK, pos_token_request_http_at(&request, &endpoint, needed + 1000, again, 64, &len));
    EXPECT(len == 0);
    EXPECT_STATUS(OK, pos_token_request_http_at(&request, &endpoint, SIZE_MAX, again, 64, &len));
    EXPECT(len == 0);
}

TEST(through_a_callback) {
    pos_token_credentials credentials = user();
    pos_token_request request = request_of(&POS_TOKEN_ZYPE, &credentials);
    pos_token_endpoint endpoint = endpoint_of("login.zype.com");
    uint8_t whole[512], scratch[64] = { 0 };
    size_t len;

    EXPECT_STATUS(OK, pos_token_request_http(&request, &endpoint, whole, sizeof whole, &len));
    for (size_t piece = 1; piece <= 64; piece++) {
        wire server;
        pos_token_transport transport;
        uint8_t used = 0;
        wire_init(&server, "", piece);
        transport = wire_transport(&server);
        transport.read = NULL;
        memset(scratch, 0xA5, sizeof scratch);
        EXPECT_STATUS(OK, pos_token_request_http_write(&request, &endpoint, &transport, scratch, sizeof scratch));
        EXPECT(server.taken_len == len && memcmp(server.taken, whole, len) == 0);
        for (size_t i = 0; i < sizeof scratch; i++) {
            used |= scratch[i];
        }
        EXPECT(used == 0);
    }
}

TEST(fields_that_are_missing) {
    pos_token_credentials credentials = { 0 };
    pos_token_request request = request_of(&POS_TOKEN_ZYPE, &credentials);

    EXPECT_STATUS(MISSING_FIELD, pos_token_request_check(&request));
    credentials = user();
    EXPECT_STATUS(OK, pos_token_request_check(&request));
    EXPECT(pos_token_request_field_at_fault(&request) == 0);
    credentials.client_id = pos_token_bytes(NULL, 0);
    EXPECT_STATUS(MISSING_FIELD, pos_token_request_check(&request));
    EXPECT(pos_token_request_field_at_fault(&request) == POS_TOKEN_FIELD_CLIENT_ID);
    credentials.client_id = pos_token_text("");
    EXPECT_STATUS(EMPTY_FIELD, pos_token_request_check(&request));
    EXPECT(pos_token_request_field_at_fault(&request) == POS_TOKEN_FIELD_CLIENT_ID);
    credentials.client_id = pos_token_text("\xFF");
    EXPECT_STATUS(NOT_UTF8, pos_token_request_check(&request));
    request.credentials = NULL;
    EXPECT_STATUS(MISSING_FIELD, pos_token_request_check(&request));
    request.purpose = POS_TOKEN_PURPOSE_VERIFY_CODE;
    EXPECT_STATUS(NO_SUCH_EXCHANGE, pos_token_request_check(&request));
}

TEST(endpoints_that_are_refused) {
    pos_token_credentials credentials = user();
    pos_token_request request = request_of(&POS_TOKEN_RFC6749, &credentials);
    pos_token_endpoint endpoint = { 0 };
    pos_token_header header[9];
    uint8_t buf[512];
    size_t len;

#define HTTP() pos_token_request_http(&request, &endpoint, buf, sizeof buf, &len)
    EXPECT_STATUS(INVALID_HOST, HTTP());
    endpoint.host = pos_token_text("api.example\r\nX: 1");
    endpoint.path = pos_token_text("/token");
    EXPECT_STATUS(INVALID_HOST, HTTP());
    endpoint.host = pos_token_text("[::1]");
    EXPECT_STATUS(OK, HTTP());
    endpoint.path = pos_token_bytes(NULL, 0);
    EXPECT_STATUS(MISSING_PATH, HTTP());
    endpoint.path = pos_token_text("token");
    EXPECT_STATUS(INVALID_PATH, HTTP());
    endpoint.path = pos_token_text("/token");
    endpoint.prefix = pos_token_text("/a b");
    EXPECT_STATUS(INVALID_PREFIX, HTTP());
    endpoint.prefix = pos_token_bytes(NULL, 0);
    endpoint.user_agent = pos_token_text("till\n");
    EXPECT_STATUS(INVALID_USER_AGENT, HTTP());
    endpoint.user_agent = pos_token_bytes(NULL, 0);
    for (size_t i = 0; i < POS_TOKEN_COUNT(header); i++) {
        header[i].name = pos_token_text("X-A");
        header[i].value = pos_token_text("1");
    }
    endpoint.headers = header;
    endpoint.headers_len = POS_TOKEN_COUNT(header);
    EXPECT_STATUS(TOO_MANY, HTTP());
    endpoint.headers_len = 8;
    EXPECT_STATUS(OK, HTTP());
    header[7].name = pos_token_text("Content-Length");
    EXPECT_STATUS(INVALID_HEADER_NAME, HTTP());
    header[7].name = pos_token_text("X-B");
    header[7].value = pos_token_text("1\r\nX-C: 2");
    EXPECT_STATUS(INVALID_HEADER_VALUE, HTTP());
#undef HTTP
}

TEST(authorization) {
    pos_token_span token = pos_token_text("abc.DEF-1~2_3");
    uint8_t buf[64], window[5];
    size_t len, needed = 0;

    EXPECT_STATUS(OK, pos_token_authorization_write(&POS_TOKEN_LOYALIFE, token, buf, sizeof buf, &len));
    EXPECT_TEXT("bearer abc.DEF-1~2_3", buf, len);
    EXPECT_STATUS(BUFFER_TOO_SMALL, pos_token_authorization_write(&POS_TOKEN_ZYPE, token, NULL, 0, &needed));
    EXPECT(needed == len);
    EXPECT_STATUS(OK, pos_token_authorization_write_at(&POS_TOKEN_ZYPE, token, 5, window, sizeof window, &len));
    EXPECT_TEXT("r abc", window, len);
    EXPECT_STATUS(EMPTY_FIELD, pos_token_authorization_write(&POS_TOKEN_ZYPE, pos_token_text(""), buf, sizeof buf, &len));
    EXPECT_STATUS(FORBIDDEN, pos_token_authorization_write(&POS_TOKEN_ZYPE, pos_token_text("a b"), buf, sizeof buf, &len));
}

RUN_TESTS(CASE(bodies), CASE(parts), CASE(a_whole_request), CASE(every_buffer), CASE(through_a_callback),
          CASE(fields_that_are_missing), CASE(endpoints_that_are_refused), CASE(authorization))
