/* Dates, base64url, the array of strings, wiping, names, versions, the self-test. */
#include "test.h"

TEST(dates) {
    int64_t seconds = 7;
    EXPECT_STATUS(OK, pos_token_rfc3339_parse(pos_token_text("1970-01-01T00:00:00Z"), POS_TOKEN_MISSING_ZONE_REFUSE, &seconds));
    EXPECT(seconds == 0);
    EXPECT_STATUS(OK, pos_token_rfc3339_parse(pos_token_text("2026-03-16T20:45:02.1234567+05:30"),
                                              POS_TOKEN_MISSING_ZONE_REFUSE, &seconds));
    EXPECT(seconds == 1773674102);
    EXPECT_STATUS(DATE_NO_ZONE, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02"),
                                                        POS_TOKEN_MISSING_ZONE_REFUSE, &seconds));
    EXPECT_STATUS(OK, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:02"), POS_TOKEN_MISSING_ZONE_UTC, &seconds));
    EXPECT(seconds == 1773674102);
    EXPECT_STATUS(DATE_RANGE, pos_token_rfc3339_parse(pos_token_text("2026-02-29T00:00:00Z"), POS_TOKEN_MISSING_ZONE_UTC, &seconds));
    EXPECT_STATUS(DATE_SYNTAX, pos_token_rfc3339_parse(pos_token_text(""), POS_TOKEN_MISSING_ZONE_UTC, &seconds));
    EXPECT_STATUS(DATE_LEAP_SECOND, pos_token_rfc3339_parse(pos_token_text("2026-03-16T15:15:60Z"),
                                                            POS_TOKEN_MISSING_ZONE_UTC, &seconds));
    EXPECT(seconds == 1773674102); /* written in success only */
    EXPECT_STATUS(OK, pos_token_http_date_parse(pos_token_text("Sun, 06 Nov 1994 08:49:37 GMT"), &seconds));
    EXPECT(seconds == 784111777);
    EXPECT_STATUS(OK, pos_token_http_date_parse(pos_token_text("Sun Nov  6 08:49:37 1994"), &seconds));
    EXPECT(seconds == 784111777);
    EXPECT_STATUS(DATE_SYNTAX, pos_token_http_date_parse(pos_token_text("Sun, 06 Nov 1994 08:49:37 UTC"), &seconds));
}

TEST(base64url) {
    static const char *const TEXTS[] = { "", "AA", "AAE", "AAEC", "AAECAw", "AAECA_8" };
    uint8_t bytes[] = { 0, 1, 2, 3, 0xFF }, text[16], back[16];
    size_t len = 0;
    for (size_t i = 0; i <= 5; i++) {
        size_t text_len = 0;
        EXPECT_STATUS(OK, pos_token_base64url_encode(pos_token_bytes(bytes, i), text, sizeof text, &text_len));
        EXPECT(text_len == strlen(TEXTS[i]) && memcmp(text, TEXTS[i], text_len) == 0);
        EXPECT_STATUS(OK, pos_token_base64url_decode(pos_token_bytes(text, text_len), back, sizeof back, &len));
        EXPECT(len == i && memcmp(back, bytes, i) == 0);
    }
    EXPECT_STATUS(BUFFER_TOO_SMALL, pos_token_base64url_encode(pos_token_bytes(bytes, 5), text, 6, &len));
    EXPECT(len == 7);
    EXPECT_STATUS(BUFFER_TOO_SMALL, pos_token_base64url_decode(pos_token_text("AAEC"), NULL, 0, &len));
    EXPECT(len == 3);
    EXPECT_STATUS(BASE64URL, pos_token_base64url_decode(pos_token_text("AB"), back, sizeof back, &len));
    EXPECT_STATUS(BASE64URL, pos_token_base64url_decode(pos_token_text("AA=="), back, sizeof back, &len));
    EXPECT_STATUS(BASE64URL, pos_token_base64url_decode(pos_token_text("A+"), back, sizeof back, &len));
}

TEST(array_of_strings) {
    pos_token_span texts[9];
    uint8_t buf[64];
    size_t len = 0;
    for (size_t i = 0; i < POS_TOKEN_COUNT(texts); i++) {
        texts[i] = pos_token_text("a\"b\n");
    }
    EXPECT_STATUS(OK, pos_token_json_string_array(texts, 2, buf, sizeof buf, &len));
    EXPECT_TEXT("[\"a\\\"b\\n\",\"a\\\"b\\n\"]", buf, len);
    EXPECT_STATUS(OK, pos_token_json_string_array(NULL, 0, buf, sizeof buf, &len));
    EXPECT_TEXT("[]", buf, len);
    EXPECT_STATUS(TOO_MANY, pos_token_json_string_array(texts, 9, buf, sizeof buf, &len));
    texts[0] = pos_token_text("\xC3");
    EXPECT_STATUS(NOT_UTF8, pos_token_json_string_array(texts, 1, buf, sizeof buf, &len));
}

TEST(wipe) {
    char secret[] = "secret";
    EXPECT_STATUS(OK, pos_token_wipe(secret, 3));
    EXPECT(memcmp(secret, "\0\0\0ret", 6) == 0);
    EXPECT_STATUS(OK, pos_token_wipe(NULL, 0));
    EXPECT_STATUS(NULL_POINTER, pos_token_wipe(NULL, 1));
    EXPECT_STATUS(INVALID_LENGTH, pos_token_wipe(secret, SIZE_MAX));
}

TEST(names) {
    EXPECT(strcmp(pos_token_status_name(POS_TOKEN_OK), "OK") == 0);
    EXPECT(strcmp(pos_token_status_name(POS_TOKEN_BUFFER_TOO_SMALL), "BUFFER_TOO_SMALL") == 0);
    EXPECT(strcmp(pos_token_status_name(POS_TOKEN_DENIED_BUSY), "DENIED_BUSY") == 0);
    EXPECT(strcmp(pos_token_status_name(99999), "UNKNOWN") == 0);
    EXPECT(pos_token_status_verdict(POS_TOKEN_OK) == 0);
    EXPECT(pos_token_status_verdict(POS_TOKEN_TRANSPORT) == POS_TOKEN_VERDICT_WAIT);
    EXPECT(pos_token_status_verdict(POS_TOKEN_NULL_POINTER) == POS_TOKEN_VERDICT_STOP);
    EXPECT(pos_token_status_verdict(POS_TOKEN_JWT_EXPIRED) == POS_TOKEN_VERDICT_LOG_IN);
}

TEST(version_and_self_test) {
    EXPECT(pos_token_abi_version() == POS_TOKEN_ABI_VERSION);
    EXPECT_STATUS(OK, pos_token_self_test());
}

TEST(spans) {
    pos_token_span text = pos_token_text("abc"), nothing = pos_token_text(NULL), empty = pos_token_text("");
    EXPECT_SPAN("abc", text);
    EXPECT(ABSENT(nothing));
    EXPECT(empty.ptr != NULL && empty.len == 0);
}

RUN_TESTS(CASE(dates), CASE(base64url), CASE(array_of_strings), CASE(wipe), CASE(names), CASE(version_and_self_test),
          CASE(spans))
