/* Can I trust it: keys, tokens, platforms that compute or compare, and single claims. */
#include "check.h"

#define HEADER_AND_CLAIMS "eyJhbGciOiJIUzUxMiJ9.eyJleHAiOjE3NzM2NzQxMDIsInJvbGUiOiJjYXNoaWVyIn0"
#define SIGNATURE "5qEtDQKspdxkilYLjaiqWa40eyRFT1pAbq1LwYv8MA3QEVJRvNTlBGOGRCUB-__BwJgp5i6CcExtZTnU_Dpepg"

static const char TOKEN[] = HEADER_AND_CLAIMS "." SIGNATURE;
static const int64_t EXPIRES = 1773674102;

static uint8_t secret[64];
static pos_token_hs512_key key;
static pos_token_validation validation;
static pos_token_verified_claims verified;
static uint8_t mac_of_token[64];

static void prepare(void) {
    size_t len;
    memset(secret, 0x5a, sizeof secret);
    memset(&validation, 0, sizeof validation);
    memset(&verified, 0x11, sizeof verified);
    validation.now = EXPIRES - 3600;
    OK(pos_token_hs512_key_init(&key, pos_token_bytes(secret, sizeof secret)));
    OK(pos_token_base64url_decode(pos_token_text(SIGNATURE), mac_of_token, sizeof mac_of_token, &len));
    CHECK(len == 64);
}

static pos_token_status verify(void) {
    return pos_token_jwt_verify(pos_token_text(TOKEN), &key, ABSENT, &validation, &verified);
}

static void keys(void) {
    uint8_t text[128];
    size_t len;
    memset(&key, 0x11, sizeof key);
    IS(POS_TOKEN_KEY_EMPTY, pos_token_hs512_key_init(&key, ABSENT));
    IS(POS_TOKEN_KEY_TOO_SHORT, pos_token_hs512_key_init(&key, pos_token_bytes(secret, 63)));
    IS(POS_TOKEN_KEY_EMPTY, pos_token_hs512_key_init_short(&key, pos_token_text("")));
    IS(POS_TOKEN_KEY_BASE64URL, pos_token_hs512_key_init_base64url(&key, pos_token_text("a+b")));
    IS(POS_TOKEN_KEY_TOO_SHORT, pos_token_hs512_key_init_base64url(&key, pos_token_text("abcd")));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init(NULL, pos_token_bytes(secret, 64)));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_init(&key, pos_token_bytes(NULL, 64)));
    IS(POS_TOKEN_OVERLAP, pos_token_hs512_key_init(&key, pos_token_bytes(&key, 64)));
    IS(POS_TOKEN_MISALIGNED, pos_token_hs512_key_init(CROOKED(pos_token_hs512_key, key), pos_token_bytes(secret, 64)));
    CHECK(((uint8_t *)&key)[8] == 0x11);
    OK(pos_token_hs512_key_init_short(&key, pos_token_text("Jefe")));
    prepare();
    OK(pos_token_base64url_encode(pos_token_bytes(secret, 64), text, sizeof text, &len));
    OK(pos_token_hs512_key_init_base64url(&key, pos_token_bytes(text, len)));
    OK(verify());
    OK(pos_token_hs512_key_init_base64url_short(&key, pos_token_bytes(text, 4)));
    IS(POS_TOKEN_JWT_SIGNATURE, verify());
    OK(pos_token_hs512_key_wipe(&key));
    for (len = 0; len < sizeof key; len++) {
        CHECK(((uint8_t *)&key)[len] == 0);
    }
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_hs512_key_wipe(&key));
    IS(POS_TOKEN_NULL_POINTER, pos_token_hs512_key_wipe(NULL));
    IS(POS_TOKEN_NOT_INITIALISED, verify());
}

static void verifying(void) {
    prepare();
    OK(verify());
    CHECK(verified.times == POS_TOKEN_TIMES_CHECKED);
    CHECK(verified.claims.has_expires_at && verified.claims.expires_at == EXPIRES);
    CHECK(!verified.claims.has_not_before && !verified.claims.has_issued_at);
    memset(&verified, 0x11, sizeof verified);
#define REFUSED(status, change)                             \
    do {                                                    \
        pos_token_validation kept = validation;             \
        change;                                             \
        IS(status, verify());                               \
        CHECK(((uint8_t *)&verified)[0] == 0x11);           \
        validation = kept;                                  \
    } while (0)
    REFUSED(POS_TOKEN_JWT_EXPIRED, validation.now = EXPIRES);
    REFUSED(POS_TOKEN_JWT_EXPIRED, (validation.now = EXPIRES + 30, validation.leeway = 30));
    REFUSED(POS_TOKEN_JWT_EXPIRED, validation.now = INT64_MAX);
    REFUSED(POS_TOKEN_NO_TIME, validation.now = 0);
    REFUSED(POS_TOKEN_NO_TIME, validation.now = INT64_MIN);
    REFUSED(POS_TOKEN_INVALID_ENUM, validation.flags = 8);
    REFUSED(POS_TOKEN_JWT_ISSUER, validation.issuer = pos_token_text("x"));
    REFUSED(POS_TOKEN_JWT_AUDIENCE, validation.audience = pos_token_text("x"));
    REFUSED(POS_TOKEN_JWT_SUBJECT, validation.subject = pos_token_text(""));
    REFUSED(POS_TOKEN_JWT_TYPE, validation.typ = pos_token_text("JWT"));
    REFUSED(POS_TOKEN_NULL_POINTER, validation.typ.len = 1);
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(pos_token_text(TOKEN), NULL, ABSENT, &validation, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(pos_token_text(TOKEN), &key, ABSENT, NULL, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(pos_token_text(TOKEN), &key, ABSENT, &validation, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify(pos_token_bytes(NULL, 9), &key, ABSENT, &validation, &verified));
    IS(POS_TOKEN_JWT_PARTS, pos_token_jwt_verify(ABSENT, &key, ABSENT, &validation, &verified));
    IS(POS_TOKEN_JWT_SIGNATURE_LENGTH,
       pos_token_jwt_verify(pos_token_text(HEADER_AND_CLAIMS "."), &key, ABSENT, &validation, &verified));
    IS(POS_TOKEN_JWT_ALGORITHM, pos_token_jwt_verify(pos_token_text("eyJhbGciOiJub25lIn0.e30."), &key,
                                                     pos_token_text("HS256"), &validation, &verified));
    IS(POS_TOKEN_OVERLAP,
       pos_token_jwt_verify(pos_token_bytes(&verified, 9), &key, ABSENT, &validation, &verified));
    CHECK(((uint8_t *)&verified)[0] == 0x11);
    validation.now = 0;
    validation.flags = POS_TOKEN_WITHOUT_CLOCK;
    OK(verify());
    CHECK(verified.times == POS_TOKEN_TIMES_NOT_CHECKED);
    CHECK(pos_token_status_verdict(POS_TOKEN_JWT_EXPIRED) == POS_TOKEN_VERDICT_LOG_IN);
    CHECK(pos_token_status_verdict(POS_TOKEN_JWT_NOT_YET_VALID) == POS_TOKEN_VERDICT_USE);
    CHECK(pos_token_status_verdict(POS_TOKEN_JWT_SIGNATURE) == POS_TOKEN_VERDICT_STOP);
}

/* What the platform says; `ctx` is the uint32_t that it returns. */
static uint32_t compares(void *ctx, const uint8_t *message, size_t len, const uint8_t *mac) {
    CHECK(same(message, len, HEADER_AND_CLAIMS) && memcmp(mac, mac_of_token, 64) == 0);
    return *(uint32_t *)ctx;
}

static uint32_t computes(void *ctx, const uint8_t *message, size_t len, uint8_t *mac) {
    CHECK(same(message, len, HEADER_AND_CLAIMS));
    memcpy(mac, mac_of_token, 64);
    return *(uint32_t *)ctx;
}

static uint32_t computes_all_but_one(void *ctx, const uint8_t *message, size_t len, uint8_t *mac) {
    (void)message;
    (void)len;
    memcpy(mac, mac_of_token, 63);
    return *(uint32_t *)ctx;
}

static uint32_t computes_nothing(void *ctx, const uint8_t *message, size_t len, uint8_t *mac) {
    (void)message;
    (void)len;
    (void)mac;
    return *(uint32_t *)ctx;
}

static pos_token_status verify_mac(const pos_token_mac *mac) {
    return pos_token_jwt_verify_mac(pos_token_text(TOKEN), mac, ABSENT, &validation, &verified);
}

static void platforms(void) {
    static const uint32_t NOT_VALID[] = {0, 1, UINT32_MAX, POS_TOKEN_MAC_COMPUTED, POS_TOKEN_MAC_VALID ^ 1};
    static const uint32_t NOT_COMPUTED[] = {0, 1, UINT32_MAX, POS_TOKEN_MAC_VALID};
    uint32_t says;
    size_t i;
    pos_token_mac mac;
    prepare();
    memset(&mac, 0, sizeof mac);
    mac.ctx = &says;
    IS(POS_TOKEN_CALLBACK, verify_mac(&mac));
    mac.verify = compares;
    for (i = 0; i < POS_TOKEN_COUNT(NOT_VALID); i++) {
        says = NOT_VALID[i];
        IS(POS_TOKEN_JWT_SIGNATURE, verify_mac(&mac));
    }
    CHECK(((uint8_t *)&verified)[0] == 0x11);
    says = POS_TOKEN_MAC_VALID;
    OK(verify_mac(&mac));
    CHECK(verified.claims.expires_at == EXPIRES && verified.times == POS_TOKEN_TIMES_CHECKED);
    validation.now = EXPIRES;
    IS(POS_TOKEN_JWT_EXPIRED, verify_mac(&mac));
    validation.now = 1;
    mac.compute = computes;
    IS(POS_TOKEN_CALLBACK, verify_mac(&mac));

    mac.verify = NULL;
    for (i = 0; i < POS_TOKEN_COUNT(NOT_COMPUTED); i++) {
        says = NOT_COMPUTED[i];
        IS(POS_TOKEN_CALLBACK, verify_mac(&mac));
    }
    says = POS_TOKEN_MAC_COMPUTED;
    OK(verify_mac(&mac));
    mac.compute = computes_all_but_one;
    IS(POS_TOKEN_JWT_SIGNATURE, verify_mac(&mac));
    mac.compute = computes_nothing;
    IS(POS_TOKEN_JWT_SIGNATURE, verify_mac(&mac));
    IS(POS_TOKEN_NULL_POINTER, verify_mac(NULL));
    IS(POS_TOKEN_MISALIGNED, verify_mac(CROOKED(pos_token_mac, mac)));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify_mac(pos_token_text(TOKEN), &mac, ABSENT, NULL, &verified));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_verify_mac(pos_token_text(TOKEN), &mac, ABSENT, &validation, NULL));
    /* The signature is not looked at where the header is not right. */
    IS(POS_TOKEN_JWT_ALGORITHM,
       pos_token_jwt_verify_mac(pos_token_text("eyJhbGciOiJub25lIn0.e30."), &mac, ABSENT, &validation, &verified));
}

static void claims(void) {
    /* {"exp":1773674102.5,"iat":"1773670502","role":["a","cashier"],"n":-1.5,"t":"\u00e9\n","o":{},"z":null} */
    static const char PEEKED[] =
        "e30.eyJleHAiOjE3NzM2NzQxMDIuNSwiaWF0IjoiMTc3MzY3MDUwMiIsInJvbGUiOlsiYSIsImNhc2hpZXIiXSwibiI6LTEuNSwidCI6"
        "Ilx1MDBlOVxuIiwibyI6e30sInoiOm51bGx9.";
    pos_token_unverified_claims said;
    pos_token_claims none;
    uint8_t buf[8];
    size_t len = 4711;
    int64_t number = 4711;
    bool found = true;
    memset(&said, 0x11, sizeof said);
    IS(POS_TOKEN_JWT_PARTS, pos_token_jwt_peek(pos_token_text("a.b"), &said));
    IS(POS_TOKEN_BASE64URL, pos_token_jwt_peek(pos_token_text("e30.e30.="), &said));
    IS(POS_TOKEN_JWT_PAYLOAD, pos_token_jwt_peek(pos_token_text("e30.W10."), &said));
    IS(POS_TOKEN_NULL_POINTER, pos_token_jwt_peek(pos_token_text(PEEKED), NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_jwt_peek(pos_token_bytes(&said, 4), &said));
    CHECK(((uint8_t *)&said)[0] == 0x11);
    OK(pos_token_jwt_peek(pos_token_text(PEEKED), &said));
    CHECK(said.claims.has_expires_at && said.claims.expires_at == EXPIRES);
    CHECK(said.claims.has_issued_at && said.claims.issued_at == EXPIRES - 3600 && !said.claims.has_not_before);

    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_claims_text(&said.claims, pos_token_text("t"), buf, 2, &len));
    CHECK(len == 3);
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_claims_text(&said.claims, pos_token_text("t"), NULL, 0, &len));
    OK(pos_token_claims_text(&said.claims, pos_token_text("t"), buf, 3, &len));
    CHECK(same(buf, len, "\xc3\xa9\n"));
    len = 4711;
    IS(POS_TOKEN_ABSENT, pos_token_claims_text(&said.claims, pos_token_text("x"), buf, 8, &len));
    IS(POS_TOKEN_ABSENT, pos_token_claims_text(&said.claims, pos_token_text("z"), buf, 8, &len));
    IS(POS_TOKEN_CLAIM_WRONG_TYPE, pos_token_claims_text(&said.claims, pos_token_text("n"), buf, 8, &len));
    OK(pos_token_claims_number(&said.claims, pos_token_text("n"), &number));
    CHECK(number == -2);
    number = 4711;
    IS(POS_TOKEN_ABSENT, pos_token_claims_number(&said.claims, pos_token_text("x"), &number));
    IS(POS_TOKEN_CLAIM_WRONG_TYPE, pos_token_claims_number(&said.claims, pos_token_text("t"), &number));
    OK(pos_token_claims_contain(&said.claims, pos_token_text("role"), pos_token_text("admin"), &found));
    CHECK(!found);
    OK(pos_token_claims_contain(&said.claims, pos_token_text("role"), pos_token_text("cashier"), &found));
    CHECK(found);
    IS(POS_TOKEN_CLAIM_WRONG_TYPE, pos_token_claims_contain(&said.claims, pos_token_text("o"), ABSENT, &found));

    memset(&none, 0, sizeof none);
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_claims_text(&none, pos_token_text("t"), buf, 8, &len));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_claims_number(&none, pos_token_text("t"), &number));
    IS(POS_TOKEN_NOT_INITIALISED, pos_token_claims_contain(&none, pos_token_text("t"), ABSENT, &found));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_text(NULL, pos_token_text("t"), buf, 8, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_text(&said.claims, pos_token_text("t"), NULL, 8, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_text(&said.claims, pos_token_bytes(NULL, 1), buf, 8, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_number(&said.claims, pos_token_text("n"), NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_claims_contain(&said.claims, pos_token_text("n"), ABSENT, NULL));
    IS(POS_TOKEN_OVERLAP, pos_token_claims_text(&said.claims, pos_token_bytes(buf, 1), buf, 8, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_claims_text(&said.claims, pos_token_text("t"), (uint8_t *)&said, 8, &len));
    CHECK(len == 4711 && number == 4711 && found);

    prepare();
    OK(verify());
    OK(pos_token_claims_text(&verified.claims, pos_token_text("role"), buf, sizeof buf, &len));
    CHECK(same(buf, len, "cashier"));
}

int main(void) {
    keys();
    verifying();
    platforms();
    claims();
    return 0;
}
