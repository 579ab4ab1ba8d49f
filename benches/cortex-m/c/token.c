/* W3: the token of W2, verified with its key, `exp` and `nbf` compared with a given time. */

#include "token.h"

static pos_token_hs512_key key;
static pos_token_verified_claims claims;

static const pos_token_span token = POS_TOKEN_TEXT(JWT_TXT);
static const pos_token_span secret = POS_TOKEN_TEXT(KEY_BIN);
static const pos_token_span alias = POS_TOKEN_TEXT("http://www.w3.org/2001/04/xmldsig-more#hmac-sha512");
static const pos_token_validation validation = {.now = NOW_OK};

bool is_verified(void)
{
    return claims.times == POS_TOKEN_TIMES_CHECKED && claims.claims.expires_at == EXP && claims.claims.not_before == NBF;
}

static bool verify(void)
{
    return pos_token_jwt_verify(token, &key, alias, &validation, &claims) == POS_TOKEN_OK;
}

static bool prepare_and_verify(void)
{
    return pos_token_hs512_key_init(&key, secret) == POS_TOKEN_OK && verify();
}

static void prepare_key(void)
{
    (void)pos_token_hs512_key_init(&key, secret);
}

static void sizes(void)
{
    print_figure("size", "pos_token_hs512_key", sizeof(pos_token_hs512_key));
}

const struct workload w3_cold = {"w3_cold", NULL, prepare_and_verify, is_verified, sizes};
const struct workload w3_prepared = {"w3_prepared", prepare_key, verify, is_verified, NULL};

bool verify_by(const pos_token_mac *platform)
{
    return pos_token_jwt_verify_mac(token, platform, alias, &validation, &claims) == POS_TOKEN_OK;
}

/* A platform's MAC that costs nothing: it takes any for right. */
static uint32_t take_any(void *ctx, const uint8_t *message, size_t message_len, const uint8_t *mac)
{
    (void)ctx;
    (void)message;
    (void)message_len;
    (void)mac;
    return POS_TOKEN_MAC_VALID;
}

static bool verify_by_platform(void)
{
    static const pos_token_mac platform = {.verify = take_any};
    return verify_by(&platform);
}

const struct workload w3_mac = {"w3_mac", NULL, verify_by_platform, is_verified, NULL};
