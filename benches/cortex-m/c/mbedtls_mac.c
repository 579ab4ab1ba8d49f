/* W3 where the platform has mbedTLS: HMAC (RFC 2104) over its SHA-512. */

#include <mbedtls/sha512.h>

#include "token.h"

enum { BLOCK = 128, HASH = 64 };

static bool hash(uint8_t pad, const uint8_t *message, size_t len, uint8_t *out)
{
    static const uint8_t secret[] = KEY_BIN;
    mbedtls_sha512_context context;
    uint8_t block[BLOCK];
    for (size_t at = 0; at < BLOCK; at++) {
        block[at] = at < sizeof secret - 1 ? secret[at] ^ pad : pad;
    }
    mbedtls_sha512_init(&context);
    bool is_done = mbedtls_sha512_starts_ret(&context, 0) == 0 &&
                   mbedtls_sha512_update_ret(&context, block, sizeof block) == 0 &&
                   mbedtls_sha512_update_ret(&context, message, len) == 0 &&
                   mbedtls_sha512_finish_ret(&context, out) == 0;
    mbedtls_sha512_free(&context);
    return is_done;
}

static uint32_t compute(void *ctx, const uint8_t *message, size_t message_len, uint8_t *mac)
{
    (void)ctx;
    uint8_t inner[HASH];
    bool is_done = hash(0x36, message, message_len, inner) && hash(0x5c, inner, sizeof inner, mac);
    return is_done ? POS_TOKEN_MAC_COMPUTED : 0;
}

static bool run(void)
{
    static const pos_token_mac platform = {.compute = compute};
    return verify_by(&platform);
}

const struct workload w3_mbedtls = {"w3_mbedtls", NULL, run, is_verified, NULL};
