/* A kiosk's log-in over TLS: kiosk_tls ADDRESS PORT HOST AUTHORITIES_PEM, with TILL_CLIENT_ID and TILL_CLIENT_SECRET in
 * the environment. No byte of a credential leaves the kiosk unless the server's certificate is HOST's and signed by
 * one of the authorities. */
#include <stdio.h>
#include <stdlib.h>

#include "pos_token.h"
#include "tls.h"

static uint8_t memory[2048]; /* for Loyalife's tokens */

static pos_token_status log_in(pos_token_transport *transport, const char *host, const char *port,
                               pos_token_store *store, pos_token_result *result) {
    uint8_t scratch[256];
    pos_token_credentials credentials = { 0 };
    pos_token_endpoint endpoint = { 0 };
    pos_token_request request = { 0 };

    credentials.client_id = pos_token_text(getenv("TILL_CLIENT_ID"));
    credentials.client_secret = pos_token_text(getenv("TILL_CLIENT_SECRET"));
    endpoint.host = pos_token_text(host);
    endpoint.port = (uint16_t)atoi(port);
    endpoint.user_agent = pos_token_text("kiosk/1.0");
    request.provider = &POS_TOKEN_LOYALIFE;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    return pos_token_exchange_run(&request, &endpoint, transport, NULL, store, scratch, sizeof scratch, result);
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
