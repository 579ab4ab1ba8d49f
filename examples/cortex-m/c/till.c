#include "till.h"

#include <stdbool.h>
#include <stddef.h>

#include "board.h"
#include "modem.h"
#include "report.h"

#define HOST "127.0.0.1"
/* What requests and answers are cut into. */
#define PIECE 64U

void till_forget(struct till *till)
{
    (void)pos_token_store_wipe(&till->store);
    if (pos_token_store_init(&till->store, till->arena, sizeof till->arena) != POS_TOKEN_OK) {
        board_exit(false);
    }
}

static ptrdiff_t transport_read(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    return modem_receive(buf, len);
}

static ptrdiff_t transport_write(void *ctx, const uint8_t *buf, size_t len)
{
    (void)ctx;
    return modem_send(buf, len);
}

pos_token_status till_exchange(struct till *till, const char *prefix, const pos_token_request *request,
                               pos_token_transport *modem, pos_token_result *result)
{
    uint8_t scratch[PIECE];
    const pos_token_endpoint endpoint = {.host = POS_TOKEN_TEXT(HOST),
                                         .prefix = pos_token_text(prefix),
                                         .path = till->path,
                                         .user_agent = POS_TOKEN_TEXT("till/1.0"),
                                         .port = till->port,
                                         .scheme = POS_TOKEN_SCHEME_HTTP};
    *modem = (pos_token_transport){.read = transport_read, .write = transport_write};
    if (modem_dial(HOST, till->port) != 0) {
        return POS_TOKEN_TRANSPORT;
    }
    return pos_token_exchange_run(request, &endpoint, modem, NULL, &till->store, scratch, sizeof scratch, result);
}

/* Verifies the token where there is a key, and reads it where there is none. */
static void look_at_token(const struct till *till, struct line *line)
{
    pos_token_span token;
    if (pos_token_store_access_token(&till->store, &token) != POS_TOKEN_OK) {
        return;
    }
    if (till->key == NULL) {
        pos_token_unverified_claims said;
        /* Not every token is a JWT. */
        line->trust = pos_token_jwt_peek(token, &said) == POS_TOKEN_OK ? TRUST_READ : TRUST_OPAQUE;
        return;
    }
    const pos_token_validation validation = {.now = board_time(), .leeway = 30};
    pos_token_verified_claims claims;
    pos_token_status status =
        pos_token_jwt_verify(token, till->key, till->provider->hs512_alias, &validation, &claims);
    line->trust = TRUST_VERIFIED;
    if (status != POS_TOKEN_OK) {
        line->code = status;
        line->verdict = pos_token_status_verdict(status);
        line->trust = line->verdict == POS_TOKEN_VERDICT_USE ? TRUST_EARLY : TRUST_REFUSED;
    }
}

void till_scenario(struct till *till, const char *step, const char *prefix, uint32_t purpose,
                   const pos_token_credentials *credentials)
{
    pos_token_result result;
    pos_token_transport modem;
    const pos_token_request request = {
        .provider = till->provider, .credentials = credentials, .store = &till->store, .purpose = purpose};
    pos_token_status status = till_exchange(till, prefix, &request, &modem, &result);
    struct line line = line_of(status, &result);
    if (status == POS_TOKEN_OK && result.outcome == POS_TOKEN_OUTCOME_GRANTED) {
        look_at_token(till, &line);
    } else if (status == POS_TOKEN_OK && result.outcome == POS_TOKEN_OUTCOME_MFA_PENDING) {
        line.trust = TRUST_PENDING;
    }
    /* A token that is not to be used must not be. */
    if (line.trust == TRUST_REFUSED) {
        till_forget(till);
    }
    line_print(&line, till->name, step);
}

void till_step(struct till *till, const char *step, uint32_t purpose, const pos_token_credentials *credentials)
{
    till_scenario(till, step, NULL, purpose, credentials);
}

static bool send(const uint8_t *bytes, size_t len)
{
    for (size_t sent = 0; sent < len;) {
        int count = modem_send(bytes + sent, len - sent);
        if (count <= 0) {
            return false;
        }
        sent += (size_t)count;
    }
    return true;
}

static bool send_text(const char *text)
{
    pos_token_span span = pos_token_text(text);
    return send(span.ptr, span.len);
}

static bool send_number(uint32_t number)
{
    uint8_t digits[10];
    size_t first = sizeof digits;
    do {
        digits[--first] = (uint8_t)('0' + number % 10U);
        number /= 10U;
    } while (number != 0);
    return send(digits + first, sizeof digits - first);
}

/* The value of Authorization, in small pieces. They are this function's own to wipe. */
static bool send_authorization(const struct till *till)
{
    pos_token_span token;
    uint8_t piece[PIECE];
    size_t count = 1;
    bool is_good = pos_token_store_access_token(&till->store, &token) == POS_TOKEN_OK;
    for (size_t offset = 0; is_good && count != 0; offset += count) {
        is_good = pos_token_authorization_write_at(till->provider, token, offset, piece, sizeof piece, &count) ==
                      POS_TOKEN_OK &&
                  send(piece, count);
    }
    return pos_token_wipe(piece, sizeof piece) == POS_TOKEN_OK && is_good;
}

/* The three digits of the status line; 0 where there is none. */
static uint32_t receive_status(void)
{
    static const char BEFORE[] = "HTTP/1.1 ";
    uint8_t start[sizeof BEFORE - 1 + 3];
    for (size_t have = 0; have < sizeof start;) {
        int count = modem_receive(start + have, sizeof start - have);
        if (count <= 0) {
            return 0;
        }
        have += (size_t)count;
    }
    uint32_t status = 0;
    for (size_t at = 0; at < sizeof start; at++) {
        bool is_digit = start[at] >= '0' && start[at] <= '9';
        if (at < sizeof BEFORE - 1 ? start[at] != (uint8_t)BEFORE[at] : !is_digit) {
            return 0;
        }
        if (at >= sizeof BEFORE - 1) {
            status = status * 10U + (uint32_t)(start[at] - '0');
        }
    }
    return status;
}

static uint32_t get(const struct till *till)
{
    if (modem_dial(HOST, till->port) != 0) {
        return 0;
    }
    bool is_sent = send_text("GET ") && send_text(till->api) && send_text(" HTTP/1.1\r\nHost: " HOST ":") &&
                   send_number(till->port) && send_text("\r\nConnection: close\r\nAuthorization: ") &&
                   send_authorization(till) && send_text("\r\n\r\n");
    return is_sent ? receive_status() : 0;
}

void till_call(struct till *till, const char *step)
{
    struct line line = {.status = get(till), .trust = TRUST_NOTHING};
    if (line.status == 0) {
        line.verdict = POS_TOKEN_VERDICT_WAIT;
    } else if (line.status >= 200 && line.status < 300) {
        line.verdict = POS_TOKEN_VERDICT_DONE;
    } else {
        line.verdict = line.status == 401 ? POS_TOKEN_VERDICT_LOG_IN : POS_TOKEN_VERDICT_STOP;
    }
    line_print(&line, till->name, step);
}
