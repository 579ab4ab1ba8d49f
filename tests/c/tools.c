/* Statuses, dates, base64url, JSON arrays, wiping, the self-test. */
#include "check.h"

static void statuses(void) {
    uint32_t status, known = 0;
    CHECK(strcmp(pos_token_status_name(POS_TOKEN_OK), "OK") == 0);
    CHECK(strcmp(pos_token_status_name(POS_TOKEN_KEY_BASE64URL), "KEY_BASE64URL") == 0);
    CHECK(strcmp(pos_token_status_name(99), "UNKNOWN") == 0);
    CHECK(strcmp(pos_token_status_name(UINT32_MAX), "UNKNOWN") == 0);
    CHECK(strcmp(pos_token_status_name(65536), "UNKNOWN") == 0);
    for (status = 0; status < 70000; status++) {
        known += strcmp(pos_token_status_name(status), "UNKNOWN") != 0;
        CHECK(pos_token_status_verdict(status) <= POS_TOKEN_VERDICT_STOP);
    }
    CHECK(known > 100);
    CHECK(pos_token_status_verdict(POS_TOKEN_OK) == 0);
    CHECK(pos_token_status_verdict(POS_TOKEN_DENIED_INVALID_GRANT) == 0);
    CHECK(pos_token_status_verdict(POS_TOKEN_OVERRUN) == POS_TOKEN_VERDICT_STOP);
    CHECK(pos_token_status_verdict(UINT32_MAX) == POS_TOKEN_VERDICT_STOP);
    CHECK(pos_token_abi_version() == POS_TOKEN_ABI_VERSION);
    OK(pos_token_self_test());
}

static void dates(void) {
    int64_t seconds = 4711;
    const uint32_t refuse = POS_TOKEN_MISSING_ZONE_REFUSE, utc = POS_TOKEN_MISSING_ZONE_UTC;
    IS(POS_TOKEN_DATE_NO_ZONE, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02"), refuse, &seconds));
    IS(POS_TOKEN_DATE_SYNTAX, pos_token_rfc3339_parse(ABSENT, refuse, &seconds));
    IS(POS_TOKEN_DATE_RANGE, pos_token_rfc3339_parse(pos_token_text("2026-02-29T15:15:02Z"), refuse, &seconds));
    IS(POS_TOKEN_DATE_LEAP_SECOND, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:60Z"), refuse, &seconds));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02Z"), 0, &seconds));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02Z"), 257, &seconds));
    IS(POS_TOKEN_NULL_POINTER, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02Z"), refuse, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_rfc3339_parse(pos_token_bytes(NULL, 20), refuse, &seconds));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_http_date_parse(pos_token_bytes("", TOO_LONG), &seconds));
    IS(POS_TOKEN_DATE_SYNTAX, pos_token_http_date_parse(pos_token_text("now"), &seconds));
    IS(POS_TOKEN_NULL_POINTER, pos_token_http_date_parse(ABSENT, NULL));
    CHECK(seconds == 4711);
    OK(pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02"), utc, &seconds));
    CHECK(seconds == 1773674102);
    OK(pos_token_http_date_parse(pos_token_text("Sun, 06 Nov 1994 08:49:37 GMT"), &seconds));
    CHECK(seconds == 784111777);
}

static void texts(void) {
    uint8_t buf[32];
    size_t len = 4711;
    pos_token_span two[9];
    memset(two, 0, sizeof two);
    IS(POS_TOKEN_BASE64URL, pos_token_base64url_decode(pos_token_text("a=bc"), buf, sizeof buf, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_base64url_decode(pos_token_bytes(buf, 4), buf, sizeof buf, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_base64url_encode(pos_token_bytes(buf + 31, 1), buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_base64url_encode(pos_token_bytes(NULL, 1), buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_base64url_encode(ABSENT, buf, sizeof buf, NULL));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_base64url_encode(pos_token_bytes("", SIZE_MAX), buf, sizeof buf, &len));
    CHECK(len == 4711);
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_base64url_encode(pos_token_text("pos-token"), buf, 11, &len));
    CHECK(len == 12);
    OK(pos_token_base64url_encode(pos_token_text("pos-token"), buf, 12, &len));
    CHECK(same(buf, len, "cG9zLXRva2Vu"));
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_base64url_decode(pos_token_text("cG9zLXRva2Vu"), NULL, 0, &len));
    CHECK(len == 9);
    OK(pos_token_base64url_decode(pos_token_text("cG9zLXRva2Vu"), buf, 9, &len));
    CHECK(same(buf, len, "pos-token"));
    OK(pos_token_base64url_decode(ABSENT, NULL, 0, &len));
    CHECK(len == 0);

    two[0] = pos_token_text("LOGIN");
    two[1] = pos_token_text("a\"b");
    OK(pos_token_json_string_array(two, 2, buf, sizeof buf, &len));
    CHECK(same(buf, len, "[\"LOGIN\",\"a\\\"b\"]"));
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_json_string_array(two, 2, buf, 15, &len));
    CHECK(len == 16);
    OK(pos_token_json_string_array(NULL, 0, buf, sizeof buf, &len));
    CHECK(same(buf, len, "[]"));
    OK(pos_token_json_string_array(two + 1, 8, buf, sizeof buf, &len));
    CHECK(same(buf, len, "[\"a\\\"b\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"]"));
    len = 4711;
    IS(POS_TOKEN_TOO_MANY, pos_token_json_string_array(two, 9, buf, sizeof buf, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_json_string_array(NULL, 1, buf, sizeof buf, &len));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_json_string_array(two, SIZE_MAX, buf, sizeof buf, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_json_string_array(two, 2, (uint8_t *)two, sizeof two, &len));
    two[1] = pos_token_text("\xff");
    IS(POS_TOKEN_NOT_UTF8, pos_token_json_string_array(two, 2, buf, sizeof buf, &len));
    CHECK(len == 4711);
}

static void wiping(void) {
    uint8_t buf[16];
    memset(buf, 0x5a, sizeof buf);
    OK(pos_token_wipe(buf + 1, 14));
    CHECK(buf[0] == 0x5a && buf[1] == 0 && buf[14] == 0 && buf[15] == 0x5a);
    OK(pos_token_wipe(NULL, 0));
    OK(pos_token_wipe(buf, 0));
    IS(POS_TOKEN_NULL_POINTER, pos_token_wipe(NULL, 1));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_wipe(buf, TOO_LONG));
    CHECK(buf[0] == 0x5a);
}

static void spans(void) {
    static const pos_token_span literal = POS_TOKEN_TEXT("literal");
    CHECK(span_is(literal, "literal"));
    CHECK(pos_token_text(NULL).ptr == NULL && pos_token_text(NULL).len == 0);
    CHECK(pos_token_text("").ptr != NULL && pos_token_text("").len == 0);
    CHECK(span_is(pos_token_bytes("abc", 2), "ab"));
    CHECK(ABSENT.ptr == NULL);
}

int main(void) {
    statuses();
    dates();
    texts();
    wiping();
    spans();
    return 0;
}
