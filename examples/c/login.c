/* The smallest whole log-in: login HOST PORT, with TILL_USERNAME and TILL_PASSWORD in the environment.
 * Over plain TCP, for a server on this machine; kiosk_tls.c does it over TLS. */
#include <stdio.h>
#include <stdlib.h>

#include "pos_token.h"
#include "tcp.h"

static uint8_t memory[1024]; /* for LoyaltyDog's tokens */

int main(int argc, char **argv) {
    pos_token_store store;
    pos_token_credentials credentials = { 0 };
    pos_token_endpoint endpoint = { 0 };
    pos_token_request request = { 0 };
    pos_token_result result = { 0 };
    pos_token_span token = POS_TOKEN_NOTHING;
    pos_token_transport tcp;
    pos_token_status status;
    uint8_t scratch[128];
    int fd;

    if (argc != 3 || (fd = tcp_open(argv[1], argv[2])) < 0) {
        fprintf(stderr, "usage: login HOST PORT, and there is a server\n");
        return EXIT_FAILURE;
    }
    tcp = tcp_transport(&fd);
    credentials.username = pos_token_text(getenv("TILL_USERNAME"));
    credentials.password = pos_token_text(getenv("TILL_PASSWORD"));
    endpoint.host = pos_token_text(argv[1]);
    endpoint.scheme = POS_TOKEN_SCHEME_HTTP;
    endpoint.port = (uint16_t)atoi(argv[2]);
    request.provider = &POS_TOKEN_LOYALTY_DOG;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;

    status = pos_token_store_init(&store, memory, sizeof memory);
    if (status == POS_TOKEN_OK) {
        status = pos_token_exchange_run(&request, &endpoint, &tcp, NULL, &store, scratch, sizeof scratch, &result);
    }
    if (status != POS_TOKEN_OK || result.verdict != POS_TOKEN_VERDICT_USE) {
        unsigned code = status != POS_TOKEN_OK ? status : result.short_code;
        printf("no token: code %u, %s\n", code, pos_token_status_name(code));
        return EXIT_FAILURE;
    }
    status = pos_token_store_access_token(&store, &token);
    printf("logged in: a token of %zu bytes\n", token.len); /* the token itself is nobody's business */
    return pos_token_store_wipe(&store) == POS_TOKEN_OK && status == POS_TOKEN_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
