/* The smallest main loop around a session: session HOST PORT STATE, with TILL_CLIENT_ID, TILL_CLIENT_SECRET,
 * TILL_USERNAME and TILL_PASSWORD in the environment. What is to survive stands in STATE.0 and STATE.1, by turns, so a
 * second run needs no log-in. Over plain TCP, for a server on this machine. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "pos_token.h"
#include "tcp.h"

static const char *host, *port, *state;
static uint8_t memory[256]; /* for Zype's tokens, and their successors */
static pos_token_store tokens;
static pos_token_policy policy;
static pos_token_session session;

static int open_slot(uint32_t slot, int flags) {
    char name[256];
    int len = snprintf(name, sizeof name, "%s.%u", state, (unsigned)slot);
    return len > 0 && (size_t)len < sizeof name ? open(name, flags, 0600) : -1;
}

static ptrdiff_t read_slot(void *ctx, uint32_t slot, uint8_t *buf, size_t len) {
    int fd = open_slot(slot, O_RDONLY);
    ssize_t count;
    (void)ctx;
    if (fd < 0) {
        return errno == ENOENT ? 0 : -1; /* no file is no record */
    }
    count = read(fd, buf, len);
    (void)close(fd);
    return count;
}

/* True only where the bytes are there to stay. */
static bool write_slot(uint32_t slot, const uint8_t *bytes, size_t len) {
    int fd = open_slot(slot, O_WRONLY | O_CREAT | O_TRUNC);
    bool stays = fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fsync(fd) == 0;
    return fd >= 0 && close(fd) == 0 && stays;
}

static void save(void) {
    uint8_t buf[256];
    size_t len;
    pos_token_record record = { 0 }; /* number 0: none could be made */
    if (pos_token_session_save(&session, NULL, 1, now(), buf, sizeof buf, &len, &record) == POS_TOKEN_OK &&
        write_slot(record.slot, buf, len)) {
        (void)pos_token_session_saved(&session, record.number);
    } else {
        (void)pos_token_session_save_failed(&session, record.number);
    }
    (void)pos_token_wipe(buf, sizeof buf); /* there are tokens in it */
}

static void send_request(void) {
    pos_token_credentials credentials = { 0 };
    pos_token_endpoint endpoint = { 0 };
    pos_token_transport tcp = { 0 };
    pos_token_begun begun;
    pos_token_result result;
    pos_token_status status;
    uint8_t scratch[128];
    int fd;

    credentials.client_id = pos_token_text(getenv("TILL_CLIENT_ID"));
    credentials.client_secret = pos_token_text(getenv("TILL_CLIENT_SECRET"));
    credentials.username = pos_token_text(getenv("TILL_USERNAME"));
    credentials.password = pos_token_text(getenv("TILL_PASSWORD"));
    endpoint.host = pos_token_text(host);
    endpoint.port = (uint16_t)atoi(port);
    endpoint.scheme = POS_TOKEN_SCHEME_HTTP;

    status = pos_token_session_begin(&session, &credentials, now(), &begun);
    if (status != POS_TOKEN_OK) {
        printf("not begun: %s\n", pos_token_status_name(status));
        exit(EXIT_FAILURE);
    }
    printf(begun.purpose == POS_TOKEN_PURPOSE_REFRESH ? "refresh\n" : "log in\n");
    fd = tcp_open(host, port);
    status = POS_TOKEN_TRANSPORT;
    if (fd >= 0) {
        tcp = tcp_transport(&fd);
        status = pos_token_exchange_run(&begun.request, &endpoint, &tcp, NULL, &tokens, scratch, sizeof scratch, &result);
        (void)close(fd);
    }
    if (status == POS_TOKEN_OK) {
        (void)pos_token_session_accept(&session, begun.number, &result, now());
    } else {
        (void)pos_token_session_failed(&session, begun.number, status, tcp.http_status, &tcp.retry_after, now());
    }
}

int main(int argc, char **argv) {
    uint8_t buf[256];
    pos_token_storage storage = { 0 };
    pos_token_restored restored;
    pos_token_step step;
    pos_token_status status;

    if (argc != 4) {
        fprintf(stderr, "usage: session HOST PORT STATE\n");
        return EXIT_FAILURE;
    }
    host = argv[1];
    port = argv[2];
    state = argv[3];
    storage.read = read_slot;
    if (pos_token_policy_init(&policy, 7 /* the till's serial number */) != POS_TOKEN_OK ||
        pos_token_store_init(&tokens, memory, sizeof memory) != POS_TOKEN_OK ||
        pos_token_session_init(&session, &POS_TOKEN_ZYPE, &policy, &tokens, now()) != POS_TOKEN_OK) {
        return EXIT_FAILURE;
    }
    status = pos_token_session_restore(&session, &storage, now(), buf, sizeof buf, &restored);
    printf("restored: %s\n", pos_token_status_name(status)); /* without a record it goes on as well */

    while (pos_token_session_next(&session, now(), &step) == POS_TOKEN_OK) {
        switch (step.kind) {
        case POS_TOKEN_STEP_USE: /* a till would sell, and ask again before each call to the API */
            printf("use token %u\n", (unsigned)step.token.generation);
            (void)pos_token_store_wipe(&tokens);
            return EXIT_SUCCESS;
        case POS_TOKEN_STEP_SEND:
            send_request();
            break;
        case POS_TOKEN_STEP_SAVE:
            printf("save\n");
            save();
            break;
        case POS_TOKEN_STEP_WAIT: /* a till would do something else meanwhile */
            printf("wait %u s\n", (unsigned)step.seconds);
            (void)sleep(step.seconds);
            break;
        case POS_TOKEN_STEP_NEED_CODE:
            printf("a code is needed\n"); /* a till would ask for it, and begin with it */
            return EXIT_FAILURE;
        default:
            printf("call the operator, code %u, %s\n", (unsigned)step.short_code,
                   pos_token_status_name(step.short_code));
            return EXIT_FAILURE;
        }
    }
    return EXIT_FAILURE;
}
