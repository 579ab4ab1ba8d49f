/* Can a token be trusted? jwt TOKEN_FILE KEY_FILE NOW: reads its times without a key, verifies it with a prepared key,
 * and verifies it with the platform's own HMAC-SHA512, whose place mbedTLS takes here. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mbedtls/md.h>

#include "pos_token.h"

#define ROLE "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"

/* What the platform holds: in a secure element or a hash peripheral the key would not be in memory at all. */
typedef struct platform {
    pos_token_span key;
} platform;

static uint32_t platform_hmac(void *ctx, const uint8_t *message, size_t message_len, uint8_t *mac) {
    const platform *self = ctx;
    const mbedtls_md_info_t *sha512 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA512);
    int error = mbedtls_md_hmac(sha512, self->key.ptr, self->key.len, message, message_len, mac);
    return error == 0 ? POS_TOKEN_MAC_COMPUTED : 0;
}

static size_t read_file(const char *path, uint8_t *buf, size_t buf_len) {
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(buf, 1, buf_len, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    return len;
}

/* Prints how a verification ended; returns whether it ended as it should. */
static bool report(const char *what, pos_token_status status, pos_token_status expected) {
    printf("%s: %s\n", what, status == POS_TOKEN_OK ? "trusted" : pos_token_status_name(status));
    return status == expected;
}

int main(int argc, char **argv) {
    static uint8_t token_memory[4096], secret[256];
    pos_token_span token, alias = POS_TOKEN_LOYALIFE.hs512_alias;
    pos_token_unverified_claims said;
    pos_token_verified_claims claims;
    pos_token_validation validation = { 0 };
    pos_token_hs512_key key;
    pos_token_mac mac = { 0 };
    platform element;
    uint8_t role[32];
    size_t role_len;
    bool good;

    if (argc != 4) {
        fprintf(stderr, "usage: jwt TOKEN_FILE KEY_FILE NOW\n");
        return EXIT_FAILURE;
    }
    token = pos_token_bytes(token_memory, read_file(argv[1], token_memory, sizeof token_memory));
    element.key = pos_token_bytes(secret, read_file(argv[2], secret, sizeof secret));
    validation.now = strtoll(argv[3], NULL, 10);
    validation.leeway = 30;

    /* Without a key: good for planning the next log-in, not for trust. */
    good = pos_token_jwt_peek(token, &said) == POS_TOKEN_OK && said.claims.has_expires_at;
    printf("it says that it expires in %" PRId64 " seconds\n", good ? said.claims.expires_at - validation.now : 0);

    /* With a key that is prepared once; what it was made of can be wiped. */
    good = pos_token_hs512_key_init(&key, element.key) == POS_TOKEN_OK && good;
    good = report("prepared key", pos_token_jwt_verify(token, &key, alias, &validation, &claims), POS_TOKEN_OK) && good;
    if (good && pos_token_claims_text(&claims.claims, pos_token_text(ROLE), role, sizeof role, &role_len) ==
                    POS_TOKEN_OK) {
        printf("role: %.*s\n", (int)role_len, (const char *)role);
    }

    /* By the platform: it computes, the library compares in constant time and checks all else as before. */
    mac.ctx = &element;
    mac.compute = platform_hmac;
    good = report("platform", pos_token_jwt_verify_mac(token, &mac, alias, &validation, &claims), POS_TOKEN_OK) && good;

    /* What must not be trusted. */
    validation.now = said.claims.expires_at + validation.leeway;
    good = report("too late", pos_token_jwt_verify(token, &key, alias, &validation, &claims),
                  POS_TOKEN_JWT_EXPIRED) && good;
    validation.now = strtoll(argv[3], NULL, 10);
    good = report("not by that name", pos_token_jwt_verify(token, &key, pos_token_bytes(NULL, 0), &validation, &claims),
                  POS_TOKEN_JWT_ALGORITHM) && good;
    if (token.len > 10) {
        uint8_t *letter = &token_memory[token.len - 10]; /* within the signature */
        *letter = *letter == 'A' ? 'B' : 'A';
    }
    good = report("altered, prepared key", pos_token_jwt_verify(token, &key, alias, &validation, &claims),
                  POS_TOKEN_JWT_SIGNATURE) && good;
    good = report("altered, platform", pos_token_jwt_verify_mac(token, &mac, alias, &validation, &claims),
                  POS_TOKEN_JWT_SIGNATURE) && good;

    good = pos_token_hs512_key_wipe(&key) == POS_TOKEN_OK && good;
    (void)pos_token_wipe(secret, sizeof secret);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
