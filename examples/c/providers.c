/* The life of a till at all four providers, and at a fifth that is a table in acme.c: log in, call the provider's API,
 * refresh where there is a refresh, end the session where it can be ended.
 *
 * providers NAME=PORT...: servers on this machine, as the testbed starts them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acme.h"
#include "pos_token.h"
#include "tcp.h"

#define HOST "127.0.0.1"

typedef struct till {
    const char *server;
    const pos_token_provider *provider;
    const char *api; /* an endpoint that wants the token */
    uint32_t end;    /* the purpose that ends the session; 0: there is none */
    pos_token_credentials credentials;
} till;

/* What the testbed's servers accept: made up, and valid nowhere else. */
static const till TILLS[] = {
    { .server = "loyaltydog", .provider = &POS_TOKEN_LOYALTY_DOG, .api = "/v2/me",
      .credentials = { .username = POS_TOKEN_TEXT("till-7@example.com"),
                       .password = POS_TOKEN_TEXT("Corn&r shop=100% + tea") } },
    /* This user is asked for a code after the password. */
    { .server = "loyaltydog", .provider = &POS_TOKEN_LOYALTY_DOG, .api = "/v2/me",
      .credentials = { .username = POS_TOKEN_TEXT("mfa@example.com"),
                       .password = POS_TOKEN_TEXT("Corn&r shop=100% + tea"),
                       .code = POS_TOKEN_TEXT("031337") } },
    { .server = "zype", .provider = &POS_TOKEN_ZYPE, .api = "/api/me", .end = POS_TOKEN_PURPOSE_REVOKE,
      .credentials = { .client_id = POS_TOKEN_TEXT("Vd0wGZ3ZkWbCqmfGkVqGyYq3cmZ9sS0l7xYc5TqVqg8"),
                       .client_secret = POS_TOKEN_TEXT("5kR+VmTjWb/9sQb0nV8s2rC4cPq1mA7xKd3uYh6eZt0="),
                       .username = POS_TOKEN_TEXT("till-7@example.com"),
                       .password = POS_TOKEN_TEXT("caf\xC3\xA9 \"au\" l\\ait") } },
    { .server = "loyalife", .provider = &POS_TOKEN_LOYALIFE, .api = "/lbms-ingress/api/me",
      .credentials = { .client_id = POS_TOKEN_TEXT("program-7"),
                       .client_secret = POS_TOKEN_TEXT("kX9+/=<secret>&'7'") } },
    { .server = "openloyalty", .provider = &POS_TOKEN_OPEN_LOYALTY, .api = "/api/me", .end = POS_TOKEN_PURPOSE_LOG_OUT,
      .credentials = { .username = POS_TOKEN_TEXT("member@example.com"),
                       .password = POS_TOKEN_TEXT("loyal-since-1999"),
                       .store_code = POS_TOKEN_TEXT("DEFAULT") } },
    { .server = "rfc6749", .provider = &ACME, .api = "/api/me", .end = POS_TOKEN_PURPOSE_REVOKE,
      .credentials = { .client_id = POS_TOKEN_TEXT("kiosk:7 (south)"),
                       .client_secret = POS_TOKEN_TEXT("s+cret/100%&=:\xC3\xBC"),
                       .username = POS_TOKEN_TEXT("till-7@example.com"),
                       .password = POS_TOKEN_TEXT("open: sesame & co") } },
};

/* One request and its answer, over a connection of its own. Returns the verdict, 0 where there is none. */
static uint32_t send_request(const till *self, const char *port, uint32_t purpose, pos_token_store *store) {
    uint8_t scratch[128];
    pos_token_endpoint endpoint = { 0 };
    pos_token_request request = { 0 };
    pos_token_result result;
    pos_token_status status;
    int fd = tcp_open(HOST, port);
    pos_token_transport tcp = tcp_transport(&fd);

    if (fd < 0) {
        printf("  port %s: no server\n", port);
        return 0;
    }
    endpoint.host = pos_token_text(HOST);
    endpoint.scheme = POS_TOKEN_SCHEME_HTTP;
    endpoint.port = (uint16_t)atoi(port);
    endpoint.user_agent = pos_token_text("till/1.0");
    endpoint.connection = POS_TOKEN_CONNECTION_CLOSE;
    request.provider = self->provider;
    request.purpose = purpose;
    request.credentials = &self->credentials;
    status = pos_token_exchange_run(&request, &endpoint, &tcp, NULL, store, scratch, sizeof scratch, &result);
    (void)close(fd);
    if (status != POS_TOKEN_OK) {
        printf("  code %u, %s\n", (unsigned)status, pos_token_status_name(status));
        return 0;
    }
    if (result.short_code != 0) {
        printf("  code %u, %s\n", (unsigned)result.short_code, pos_token_status_name(result.short_code));
    }
    return result.verdict;
}

/* Calls the provider's API with the token; returns the status of HTTP, 0 where there is none. */
static int call_api(const till *self, const char *port, const pos_token_store *store) {
    static const char END[] = "\r\n\r\n";
    uint8_t head[2048], answer[64];
    size_t value_len = 0, at = 0;
    pos_token_span token;
    int status = 0, fd, written;
    pos_token_transport tcp;

    written = snprintf((char *)head, sizeof head, "GET %s HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\nAuthorization: ",
                       self->api, HOST, port);
    if (written < 0 || pos_token_store_access_token(store, &token) != POS_TOKEN_OK ||
        pos_token_authorization_write(self->provider, token, head + written,
                                      sizeof head - (size_t)written - strlen(END), &value_len) != POS_TOKEN_OK ||
        (fd = tcp_open(HOST, port)) < 0) {
        return 0;
    }
    memcpy(head + (size_t)written + value_len, END, strlen(END));
    tcp = tcp_transport(&fd);
    for (size_t sent = 0, len = (size_t)written + value_len + strlen(END); sent < len;) {
        ptrdiff_t n = tcp.write(tcp.ctx, head + sent, len - sent);
        if (n <= 0) {
            break;
        }
        sent += (size_t)n;
    }
    (void)pos_token_wipe(head, sizeof head);
    while (at < sizeof answer - 1) {
        ptrdiff_t n = tcp.read(tcp.ctx, answer + at, sizeof answer - 1 - at);
        if (n <= 0) {
            break;
        }
        at += (size_t)n;
    }
    (void)close(fd);
    answer[at] = '\0';
    return sscanf((const char *)answer, "HTTP/1.%*1[01] %3d ", &status) == 1 ? status : 0;
}

static bool live(const till *self, const char *port) {
    static uint8_t memory[3328]; /* for the largest of all, Open Loyalty */
    pos_token_store store;
    pos_token_span token;
    uint32_t verdict;
    bool good;

    printf("%.*s\n", (int)self->provider->name.len, (const char *)self->provider->name.ptr);
    if (pos_token_provider_check(self->provider) != POS_TOKEN_OK ||
        pos_token_store_init(&store, memory, sizeof memory) != POS_TOKEN_OK) {
        return false;
    }
    verdict = send_request(self, port, POS_TOKEN_PURPOSE_LOG_IN, &store);
    if (verdict == POS_TOKEN_VERDICT_ASK_FOR_CODE) { /* the cashier types it in */
        printf("  a code is asked for\n");
        verdict = send_request(self, port, POS_TOKEN_PURPOSE_VERIFY_CODE, &store);
    }
    good = verdict == POS_TOKEN_VERDICT_USE && pos_token_store_access_token(&store, &token) == POS_TOKEN_OK;
    if (good) {
        int status = call_api(self, port, &store);
        printf("  logged in: a token of %zu bytes; the API answers %d\n", token.len, status);
        good = status == 200;
    }
    if (good && self->provider->rotation != POS_TOKEN_ROTATION_NO_REFRESH) {
        int status = 0;
        good = send_request(self, port, POS_TOKEN_PURPOSE_REFRESH, &store) == POS_TOKEN_VERDICT_USE;
        status = good ? call_api(self, port, &store) : 0;
        printf("  refreshed: the API answers %d\n", status);
        good = status == 200;
    }
    if (good && self->end != 0) {
        good = send_request(self, port, self->end, &store) == POS_TOKEN_VERDICT_DONE;
        printf("  ended: %s\n", good ? "yes" : "no");
    }
    return pos_token_store_wipe(&store) == POS_TOKEN_OK && good;
}

int main(int argc, char **argv) {
    size_t good = 0;
    for (size_t i = 0; i < POS_TOKEN_COUNT(TILLS); i++) {
        size_t len = strlen(TILLS[i].server);
        for (int k = 1; k < argc; k++) {
            if (strncmp(argv[k], TILLS[i].server, len) == 0 && argv[k][len] == '=') {
                good += live(&TILLS[i], argv[k] + len + 1);
            }
        }
    }
    printf("%zu of %zu tills have lived\n", good, POS_TOKEN_COUNT(TILLS));
    return good == POS_TOKEN_COUNT(TILLS) ? EXIT_SUCCESS : EXIT_FAILURE;
}
