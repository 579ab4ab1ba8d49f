/* A kiosk's log-in over TLS: kiosk_tls ADDRESS PORT HOST AUTHORITIES_PEM, with TILL_CLIENT_ID, TILL_CLIENT_SECRET and
 * TILL_TOKEN_KEY in the environment. No byte of a credential leaves the kiosk unless the server's certificate is HOST's
 * and signed by one of the authorities, and no token is in use whose signature is not the provider's. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "pos_token.h"
#include "tls.h"

static uint8_t memory[2048]; /* for Loyalife's tokens */

/* Is asked before a token is in use. */
static bool is_signed(void *ctx, pos_token_span access_token) {
    const pos_token_hs512_key *key = ctx;
    pos_token_validation validation = { 0 };
    pos_token_verified_claims claims;
    pos_token_status status;
    validation.now = time(NULL);
    validation.leeway = 30;
    status = pos_token_jwt_verify(access_token, key, POS_TOKEN_LOYALIFE.hs512_alias, &validation, &claims);
    printf("the token: %s\n", status == POS_TOKEN_OK ? "trusted" : pos_token_status_name(status));
    /* That it is over, or not valid yet, may be the fault of the kiosk's clock: nothing else is wrong. */
    return pos_token_status_verdict(status) != POS_TOKEN_VERDICT_STOP;
}

static pos_token_status log_in(pos_token_transport *transport, const char *host, const char *port,
                               pos_token_store *store, pos_token_result *result) {
    uint8_t scratch[256];
    pos_token_credentials credentials = { 0 };
    pos_token_endpoint endpoint = { 0 };
    pos_token_request request = { 0 };
    pos_token_hs512_key key;
    pos_token_status status = pos_token_hs512_key_init(&key, pos_token_text(getenv("TILL_TOKEN_KEY")));

    if (status != POS_TOKEN_OK) {
        return status;
    }
    credentials.client_id = pos_token_text(getenv("TILL_CLIENT_ID"));
    credentials.client_secret = pos_token_text(getenv("TILL_CLIENT_SECRET"));
    endpoint.host = pos_token_text(host);
    endpoint.port = (uint16_t)atoi(port);
    endpoint.user_agent = pos_token_text("kiosk/1.0");
    request.provider = &POS_TOKEN_LOYALIFE;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    status = pos_token_exchange_run_checked(&request, &endpoint, transport, NULL, store, scratch, sizeof scratch,
                                            is_signed, &key, result);
    (void)pos_token_hs512_key_wipe(&key);
    return status;
}

int main(int argc, char **argv) {
    static tls connection;
    pos_token_store store;
    pos_token_span token = POS_TOKEN_NOTHING;
    pos_token_result result = { 0 };
    pos_token_transport transport;
    pos_token_status status;
    char complaint[256] = "";
    int error;

    if (argc != 5) {
        fprintf(stderr, "usage: kiosk_tls ADDRESS PORT HOST AUTHORITIES_PEM\n");
        return EXIT_FAILURE;
    }
    error = tls_open(&connection, argv[1], argv[2], argv[3], argv[4]);
    if (error != 0) {
        tls_complaint(&connection, complaint, sizeof complaint);
        printf("no connection: -0x%04x %s\n", (unsigned)-error, complaint);
        tls_close(&connection);
        return EXIT_FAILURE;
    }
    printf("connected: %s\n", mbedtls_ssl_get_version(&connection.ssl));

    transport = tls_transport(&connection);
    status = pos_token_store_init(&store, memory, sizeof memory);
    if (status == POS_TOKEN_OK) {
        status = log_in(&transport, argv[3], argv[2], &store, &result);
    }
    tls_close(&connection);
    if (status == POS_TOKEN_TRANSPORT) {
        printf("no answer: -0x%04x\n", (unsigned)-transport.error); /* TLS's own error, untouched */
        return EXIT_FAILURE;
    }
    if (status != POS_TOKEN_OK || result.verdict != POS_TOKEN_VERDICT_USE) {
        unsigned code = status != POS_TOKEN_OK ? status : result.short_code;
        printf("no token: code %u, %s\n", code, pos_token_status_name(code));
        return EXIT_FAILURE;
    }
    status = pos_token_store_access_token(&store, &token);
    printf("logged in: a token of %zu bytes\n", token.len);
    return pos_token_store_wipe(&store) == POS_TOKEN_OK && status == POS_TOKEN_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
