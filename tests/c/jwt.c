/* Can a token be trusted: read, verified by a prepared key and by the platform, and every way in which it is refused. */
#include "test.h"

#define ROLE "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
#define NOW 1773670502

static char token_text[1024];
static uint8_t secret[64];
static pos_token_span token, alias;

static bool load(const char *path, void *buf, size_t buf_len, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    *len = fread(buf, 1, buf_len, file);
    return fclose(file) == 0 && *len > 0;
}

/* The token and the key of the library's own tests. */
static void fixtures(void) {
    size_t token_len = 0, key_len = 0;
    EXPECT(load(DATA "/loyalife.jwt", token_text, sizeof token_text - 1, &token_len));
    EXPECT(load(DATA "/loyalife.key", secret, sizeof secret, &key_len) && key_len == sizeof secret);
    token = pos_token_bytes(token_text, token_len);
    alias = POS_TOKEN_LOYALIFE.hs512_alias;
}

static pos_token_validation at(int64_t now) {
    pos_token_validation validation = { 0 };
    validation.now = now;
    return validation;
}

TEST(peek) {
    pos_token_unverified_claims said;
    uint8_t text[32];
    size_t len;
    int64_t number = 0;
    bool found = false;
    fixtures();
    EXPECT_STATUS(OK, pos_token_jwt_peek(token, &said));
    EXPECT(said.claims.has_expires_at && said.claims.expires_at == 1773674102);
    EXPECT(said.claims.has_not_before && said.claims.not_before == 1773587702);
    EXPECT(!said.claims.has_issued_at);
    EXPECT_STATUS(OK, pos_token_claims_text(&said.claims, pos_token_text("iss"), text, sizeof text, &len));
    EXPECT_TEXT("https://loyal.ex", text, len);
    len = 0;
    EXPECT_STATUS(BUFFER_TOO_SMALL, pos_token_claims_text(&said.claims, pos_token_text("iss"), NULL, 0, &len));
    EXPECT(len == 16);
    EXPECT_STATUS(ABSENT, pos_token_claims_text(&said.claims, pos_token_text("sub"), text, sizeof text, &len));
    EXPECT_STATUS(CLAIM_WRONG_TYPE, pos_token_claims_text(&said.claims, pos_token_text("exp"), text, sizeof text, &len));
    EXPECT_STATUS(OK, pos_token_claims_number(&said.claims, pos_token_text("exp"), &number));
    EXPECT(number == 1773674102);
    EXPECT_STATUS(CLAIM_WRONG_TYPE, pos_token_claims_number(&said.claims, pos_token_text("iss"), &number));
    EXPECT_STATUS(OK, pos_token_claims_contain(&said.claims, pos_token_text(ROLE), pos_token_text("Merchant"), &found));
    EXPECT(found);
    EXPECT_STATUS(OK, pos_token_claims_contain(&said.claims, pos_token_text(ROLE), pos_token_text("Admin"), &found));
    EXPECT(!found);
}

TEST(no_tokens) {
    pos_token_unverified_claims said;
    EXPECT_STATUS(JWT_PARTS, pos_token_jwt_peek(pos_token_text("opaque"), &said));
    EXPECT_STATUS(JWT_PARTS, pos_token_jwt_peek(pos_token_text("a.b.c.d"), &said));
    EXPECT_STATUS(BASE64URL, pos_token_jwt_peek(pos_token_text("a+b=.e30."), &said));
    EXPECT_STATUS(JWT_HEADER, pos_token_jwt_peek(pos_token_text("W10.e30."), &said));
    EXPECT_STATUS(JWT_PAYLOAD, pos_token_jwt_peek(pos_token_text("e30.W10."), &said));
}

static uint32_t lying_compute(void *ctx, const uint8_t *message, size_t message_len, uint8_t *mac) {
    (void)message;
    (void)message_len;
    memset(mac, 0xA5, 64);
    return *(const uint32_t *)ctx;
}

static uint32_t judge(void *ctx, const uint8_t *message, size_t message_len, const uint8_t *mac) {
    EXPECT(message_len == token.len - 87 && memcmp(message, token.ptr, message_len) == 0);
    EXPECT(mac != NULL);
    return *(const uint32_t *)ctx;
}

TEST(verify) {
    pos_token_hs512_key key;
    pos_token_verified_claims claims;
    pos_token_validation validation = at(NOW);
    fixtures();
    EXPECT_STATUS(OK, pos_token_hs512_key_init(&key, pos_token_bytes(secret, sizeof secret)));
    EXPECT_STATUS(OK, pos_token_jwt_verify(token, &key, alias, &validation, &claims));
    EXPECT(claims.times == POS_TOKEN_TIMES_CHECKED && claims.claims.expires_at == 1773674102);
    EXPECT_STATUS(JWT_ALGORITHM, pos_token_jwt_verify(token, &key, pos_token_bytes(NULL, 0), &validation, &claims));

#define VERIFY() pos_token_jwt_verify(token, &key, alias, &validation, &claims)
    validation.issuer = pos_token_text("https://loyal.ex");
    validation.audience = pos_token_text("pos");
    validation.typ = pos_token_text("application/jwt");
    EXPECT_STATUS(OK, VERIFY());
    validation.issuer = pos_token_text("https://loyal.example");
    EXPECT_STATUS(JWT_ISSUER, VERIFY());
    validation = at(NOW);
    validation.audience = pos_token_text("po");
    EXPECT_STATUS(JWT_AUDIENCE, VERIFY());
    validation = at(NOW);
    validation.subject = pos_token_text("till");
    EXPECT_STATUS(JWT_SUBJECT, VERIFY());
    validation = at(NOW);
    validation.typ = pos_token_text("at+jwt");
    EXPECT_STATUS(JWT_TYPE, VERIFY());

    validation = at(1773674101);
    EXPECT_STATUS(OK, VERIFY());
    validation = at(1773674102);
    EXPECT_STATUS(JWT_EXPIRED, VERIFY());
    validation.leeway = 1;
    EXPECT_STATUS(OK, VERIFY());
    validation = at(1773587701);
    EXPECT_STATUS(JWT_NOT_YET_VALID, VERIFY());
    EXPECT(pos_token_status_verdict(POS_TOKEN_JWT_NOT_YET_VALID) == POS_TOKEN_VERDICT_USE);
    validation = at(INT64_MAX);
    EXPECT_STATUS(JWT_EXPIRED, VERIFY());
    validation = at(0);
    EXPECT_STATUS(NO_TIME, VERIFY());
    validation = at(-1);
    EXPECT_STATUS(NO_TIME, VERIFY());
    validation.flags = POS_TOKEN_WITHOUT_CLOCK;
    EXPECT_STATUS(OK, VERIFY());
    EXPECT(claims.times == POS_TOKEN_TIMES_NOT_CHECKED);
    validation.flags = 1u << 31;
    EXPECT_STATUS(INVALID_ENUM, VERIFY());
#undef VERIFY
    EXPECT_STATUS(OK, pos_token_hs512_key_wipe(&key));
    validation = at(NOW);
    EXPECT_STATUS(NOT_INITIALISED, pos_token_jwt_verify(token, &key, alias, &validation, &claims));
}

/* Every single bit of the token counts. */
TEST(altered) {
    pos_token_hs512_key key;
    pos_token_verified_claims claims;
    pos_token_validation validation = at(NOW);
    fixtures();
    EXPECT_STATUS(OK, pos_token_hs512_key_init(&key, pos_token_bytes(secret, sizeof secret)));
    for (size_t i = 0; i < token.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            token_text[i] = (char)(token_text[i] ^ (1 << bit));
            EXPECT(pos_token_jwt_verify(token, &key, alias, &validation, &claims) != POS_TOKEN_OK);
            token_text[i] = (char)(token_text[i] ^ (1 << bit));
        }
    }
    for (size_t len = 0; len < token.len; len++) {
        EXPECT(pos_token_jwt_verify(pos_token_bytes(token_text, len), &key, alias, &validation, &claims) != POS_TOKEN_OK);
    }
    EXPECT_STATUS(OK, pos_token_jwt_verify(token, &key, alias, &validation, &claims));
    secret[63] ^= 1;
    EXPECT_STATUS(OK, pos_token_hs512_key_init(&key, pos_token_bytes(secret, sizeof secret)));
    EXPECT_STATUS(JWT_SIGNATURE, pos_token_jwt_verify(token, &key, alias, &validation, &claims));
}

TEST(by_the_platform) {
    pos_token_verified_claims claims;
    pos_token_validation validation = at(NOW);
    pos_token_mac mac = { 0 };
    uint32_t answer = POS_TOKEN_MAC_VALID;
    fixtures();
    mac.ctx = &answer;
    mac.verify = judge;
#define VERIFY() pos_token_jwt_verify_mac(token, &mac, alias, &validation, &claims)
    EXPECT_STATUS(OK, VERIFY());
    answer = 0;
    EXPECT_STATUS(JWT_SIGNATURE, VERIFY());
    answer = 1; /* 'true' is not enough */
    EXPECT_STATUS(JWT_SIGNATURE, VERIFY());
    answer = POS_TOKEN_MAC_COMPUTED;
    EXPECT_STATUS(JWT_SIGNATURE, VERIFY());
    mac.compute = lying_compute;
    EXPECT_STATUS(CALLBACK, VERIFY());
    mac.verify = NULL;
    EXPECT_STATUS(JWT_SIGNATURE, VERIFY()); /* it says that it computed, and did not */
    answer = POS_TOKEN_MAC_VALID;
    EXPECT_STATUS(CALLBACK, VERIFY());
    answer = 0;
    EXPECT_STATUS(CALLBACK, VERIFY());
    mac.compute = NULL;
    EXPECT_STATUS(CALLBACK, VERIFY());
    /* All other checks are as before. */
    mac.verify = judge;
    answer = POS_TOKEN_MAC_VALID;
    validation = at(1773674102);
    EXPECT_STATUS(JWT_EXPIRED, VERIFY());
#undef VERIFY
}

TEST(keys) {
    pos_token_hs512_key key;
    pos_token_verified_claims claims;
    pos_token_validation validation = at(NOW);
    uint8_t text[128];
    size_t len = 0;
    fixtures();
    EXPECT_STATUS(KEY_EMPTY, pos_token_hs512_key_init(&key, pos_token_bytes(secret, 0)));
    EXPECT_STATUS(KEY_TOO_SHORT, pos_token_hs512_key_init(&key, pos_token_bytes(secret, 63)));
    EXPECT_STATUS(OK, pos_token_hs512_key_init_short(&key, pos_token_bytes(secret, 63)));
    EXPECT_STATUS(KEY_EMPTY, pos_token_hs512_key_init_short(&key, pos_token_text("")));
    EXPECT_STATUS(OK, pos_token_base64url_encode(pos_token_bytes(secret, sizeof secret), text, sizeof text, &len));
    EXPECT_STATUS(OK, pos_token_hs512_key_init_base64url(&key, pos_token_bytes(text, len)));
    EXPECT_STATUS(OK, pos_token_jwt_verify(token, &key, alias, &validation, &claims));
    EXPECT_STATUS(KEY_BASE64URL, pos_token_hs512_key_init_base64url(&key, pos_token_text("====")));
    EXPECT_STATUS(KEY_TOO_SHORT, pos_token_hs512_key_init_base64url(&key, pos_token_text("AAAA")));
    EXPECT_STATUS(OK, pos_token_hs512_key_init_base64url_short(&key, pos_token_text("AAAA")));
    EXPECT_STATUS(OK, pos_token_hs512_key_wipe(&key));
    EXPECT_STATUS(NOT_INITIALISED, pos_token_hs512_key_wipe(&key));
}

TEST(claims_of_a_token_that_changed) {
    pos_token_unverified_claims said;
    uint8_t text[64];
    size_t len;
    fixtures();
    EXPECT_STATUS(OK, pos_token_jwt_peek(token, &said));
    memset(token_text, '!', sizeof token_text);
    EXPECT_STATUS(CLAIM_CHANGED, pos_token_claims_text(&said.claims, pos_token_text("iss"), text, sizeof text, &len));
}

RUN_TESTS(CASE(peek), CASE(no_tokens), CASE(verify), CASE(altered), CASE(by_the_platform), CASE(keys),
          CASE(claims_of_a_token_that_changed))
