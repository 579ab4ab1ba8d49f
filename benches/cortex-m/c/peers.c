/* The same work by Rust libraries, peers/src. */

#include "bench.h"

/* As in peers/src/lib.rs. */
struct job {
    const void *text;
    size_t text_len;
    const void *key;
    size_t key_len;
    int64_t now;
    uint8_t *out;
    size_t out_len;
};

static uint8_t out[640];
static size_t len;

/* peer, its input, its result */
#define PEER(name, input, expected) \
    size_t peer_##name(struct job *job); \
    static bool run_##name(void) \
    { \
        struct job job = {input, sizeof(input) - 1, KEY_BIN, sizeof(KEY_BIN) - 1, NOW_OK, out, sizeof out}; \
        len = peer_##name(&job); \
        return len != 0; \
    } \
    static bool is_##name(void) \
    { \
        return IS_TEXT(out, len, expected); \
    } \
    const struct workload name = {#name, NULL, run_##name, is_##name, NULL};

#define ZYPE_TOKENS \
    "a0561fd649cdb6baa784055f051bad796ea0afef17fca38219549deeba4e8c1a" \
    "d6cc0a088c07683c65cd266860cab8d94b3a1937b17420d9da30ca299c09fb77"

PEER(serde_json_core_w1, W1_JSON, ZYPE_TOKENS)
PEER(picojson_w1, W1_JSON, ZYPE_TOKENS)
PEER(serde_json_core_w2, W2_JSON, JWT_TXT)
PEER(picojson_w2, W2_JSON, JWT_TXT)
PEER(composed_w3, JWT_TXT, "\001")
PEER(hmac_sha512_w3, JWT_TXT, JWT_MAC)
PEER(base64ct_w3, JWT_TXT, JWT_HEADER_JSON JWT_PAYLOAD_JSON JWT_MAC)
PEER(httparse_w5, W5_HTTP, W1_JSON)
PEER(httparse_pieces_w5, W5_HTTP, W1_JSON)
