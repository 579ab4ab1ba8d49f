/* A till's firmware, written from the header alone: what an engineer does with it who has never seen the library.
 * The whole life of a token: boot, log in, work, refresh before it expires, a lost line, a dead refresh token, log in
 * again, a busy server, the end of the day. Behind it a server in memory that plays what it is told to play. */
#include <stdio.h>

#include "check.h"

/* --- what the board gives: a modem and a clock --- */

typedef struct modem {
    const char *answer;
    size_t at;
    char sent[1024];
    size_t sent_len;
    bool is_down;
} modem;

enum { LINE_DOWN = -110, SEGMENT = 63 };

static ptrdiff_t modem_read(void *ctx, uint8_t *buf, size_t len) {
    modem *self = ctx;
    size_t left = strlen(self->answer) - self->at;
    if (self->is_down) {
        return LINE_DOWN;
    }
    len = len < SEGMENT ? len : SEGMENT;
    len = len < left ? len : left;
    memcpy(buf, self->answer + self->at, len);
    self->at += len;
    return (ptrdiff_t)len;
}

static ptrdiff_t modem_write(void *ctx, const uint8_t *buf, size_t len) {
    modem *self = ctx;
    size_t room = sizeof self->sent - 1 - self->sent_len;
    if (self->is_down) {
        return LINE_DOWN;
    }
    len = len < SEGMENT ? len : SEGMENT;
    len = len < room ? len : room;
    memcpy(self->sent + self->sent_len, buf, len);
    self->sent_len += len;
    self->sent[self->sent_len] = '\0';
    return (ptrdiff_t)len;
}

static uint32_t now; /* seconds since the board was switched on */

/* --- the till --- */

typedef struct till {
    pos_token_store tokens;
    uint8_t memory[256];
    bool has_token;
    uint32_t expires; /* on the board's clock; 0: not told */
    uint32_t retry_at;
    uint32_t verdict; /* of what happened last */
    uint32_t code;    /* for the operator: 0 is good */
} till;

static void till_boot(till *self) {
    memset(self, 0, sizeof *self);
    CHECK(pos_token_abi_version() == POS_TOKEN_ABI_VERSION);
    OK(pos_token_self_test());
    OK(pos_token_store_init(&self->tokens, self->memory, sizeof self->memory));
}

/* One exchange; what comes out of it stands in the till. */
static void till_talk(till *self, modem *line, uint32_t purpose) {
    uint8_t scratch[64];
    uint32_t begun = now; /* a lifetime counts from when the request was begun */
    pos_token_credentials credentials = {0};
    pos_token_endpoint endpoint = {0};
    pos_token_request request = {0};
    pos_token_transport transport = {0};
    pos_token_result result;
    pos_token_status status;

    transport.ctx = line;
    transport.read = modem_read;
    transport.write = modem_write;
    credentials.client_id = pos_token_text("client-7");
    credentials.client_secret = pos_token_text("s3cret");
    credentials.username = pos_token_text("till-7@example.com");
    credentials.password = pos_token_text("correct horse");
    endpoint.host = pos_token_text("login.zype.com");
    endpoint.user_agent = pos_token_text("till/1.0");
    request.provider = &POS_TOKEN_ZYPE;
    request.purpose = purpose;
    request.credentials = &credentials;

    status = pos_token_exchange_run(&request, &endpoint, &transport, NULL, &self->tokens, scratch, sizeof scratch,
                                    &result);
    if (status != POS_TOKEN_OK) {
        self->code = status;
        self->verdict = pos_token_status_verdict(status);
        self->retry_at = now + 5;
        if (status == POS_TOKEN_TRANSPORT) {
            CHECK(transport.error == LINE_DOWN);
        }
        return;
    }
    self->code = result.short_code;
    self->verdict = result.verdict;
    if (result.verdict == POS_TOKEN_VERDICT_USE) {
        self->has_token = true;
        self->expires = result.expiry.kind == POS_TOKEN_WHEN_IN ? begun + result.expiry.seconds : 0;
    }
    if (result.verdict == POS_TOKEN_VERDICT_WAIT) {
        self->retry_at = now + (result.retry_after.kind == POS_TOKEN_WHEN_IN ? result.retry_after.seconds : 5);
    }
}

/* What a super-loop calls every second: talks where there is something to say. Returns whether there is a token. */
static bool till_step(till *self, modem *line) {
    bool fresh = self->has_token && (self->expires == 0 || now + 60 < self->expires);
    if (fresh || self->verdict == POS_TOKEN_VERDICT_STOP || now < self->retry_at) {
        return self->has_token;
    }
    if (self->has_token && self->verdict != POS_TOKEN_VERDICT_LOG_IN) {
        till_talk(self, line, POS_TOKEN_PURPOSE_REFRESH);
    } else {
        till_talk(self, line, POS_TOKEN_PURPOSE_LOG_IN);
    }
    return self->has_token;
}

/* The line that goes before every call to the provider's API. */
static bool till_authorization(const till *self, char *text, size_t text_len) {
    pos_token_span token;
    size_t len = 0;
    if (pos_token_store_access_token(&self->tokens, &token) != POS_TOKEN_OK || token.ptr == NULL ||
        pos_token_authorization_write(&POS_TOKEN_ZYPE, token, (uint8_t *)text, text_len - 1, &len) != POS_TOKEN_OK) {
        return false;
    }
    text[len] = '\0';
    return true;
}

/* --- a day --- */

static till self;
static modem line;
static char answer[512];

static void play(const char *status, const char *body) {
    int len = snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %u\r\n\r\n%s",
                       status, (unsigned)strlen(body), body);
    CHECK(len > 0 && (size_t)len < sizeof answer);
    memset(&line, 0, sizeof line);
    line.answer = answer;
}

static void authorization_is(const char *expected) {
    char text[64];
    CHECK(till_authorization(&self, text, sizeof text));
    CHECK(strcmp(text, expected) == 0);
}

int main(void) {
    char text[64];
    till_boot(&self);
    CHECK(!till_authorization(&self, text, sizeof text));

    play("200 OK", "{\"access_token\":\"one\",\"refresh_token\":\"r1\",\"token_type\":\"bearer\",\"expires_in\":600}");
    CHECK(till_step(&self, &line) && self.code == 0);
    CHECK(strstr(line.sent, "POST /oauth/token HTTP/1.1\r\n") == line.sent);
    CHECK(strstr(line.sent, "\"password\":\"correct horse\"") != NULL);
    authorization_is("Bearer one");

    /* Nothing to say while it is fresh. */
    now = 500;
    play("500 Internal Server Error", "");
    CHECK(till_step(&self, &line) && line.sent_len == 0);

    /* The line is down when it has to be refreshed: it goes on with what it has. */
    now = 545;
    line.is_down = true;
    CHECK(till_step(&self, &line) && self.verdict == POS_TOKEN_VERDICT_WAIT && self.code == POS_TOKEN_TRANSPORT);
    authorization_is("Bearer one");

    /* The line breaks in the middle of the answer: still. */
    now = 551;
    play("200 OK", "{\"access_token\":\"two\",\"refresh_token\":\"r2\",\"expires_in\":600}");
    answer[strlen(answer) - 20] = '\0';
    CHECK(till_step(&self, &line) && self.code == POS_TOKEN_HTTP_TRUNCATED);
    CHECK(strstr(line.sent, "\"refresh_token\":\"r1\"") != NULL);
    authorization_is("Bearer one");

    /* A busy server names its time. */
    now = 560;
    play("429 Too Many Requests\r\nRetry-After: 20", "{}");
    CHECK(till_step(&self, &line) && self.code == POS_TOKEN_DENIED_BUSY && self.retry_at == 580);
    play("200 OK", "{\"access_token\":\"two\",\"refresh_token\":\"r2\",\"expires_in\":600}");
    CHECK(till_step(&self, &line) && line.sent_len == 0);
    now = 580;
    CHECK(till_step(&self, &line) && self.code == 0);
    authorization_is("Bearer two");

    /* The refresh token is dead: a log-in follows, and no other till is locked out. */
    now = 1130;
    play("401 Unauthorized", "{\"error\":\"invalid_grant\",\"error_description\":\"gone\"}");
    CHECK(till_step(&self, &line) && self.verdict == POS_TOKEN_VERDICT_LOG_IN);
    CHECK(self.code == POS_TOKEN_DENIED_INVALID_GRANT);
    play("200 OK", "{\"access_token\":\"three\",\"refresh_token\":\"r3\",\"expires_in\":600}");
    CHECK(till_step(&self, &line) && strstr(line.sent, "correct horse") != NULL);
    authorization_is("Bearer three");

    /* The client is not known any more: the operator has to come, and nothing is sent again and again. */
    now = 1700;
    play("401 Unauthorized", "{\"error\":\"invalid_client\"}");
    CHECK(till_step(&self, &line) && self.verdict == POS_TOKEN_VERDICT_STOP);
    CHECK(self.code == POS_TOKEN_DENIED_INVALID_CLIENT);
    CHECK(strcmp(pos_token_status_name(self.code), "DENIED_INVALID_CLIENT") == 0);
    now = 99999;
    play("200 OK", "{}");
    (void)till_step(&self, &line);
    CHECK(line.sent_len == 0);

    /* The end of the day: the token is declared void, and no trace stays. */
    play("200 OK", "{}");
    till_talk(&self, &line, POS_TOKEN_PURPOSE_REVOKE);
    CHECK(self.verdict == POS_TOKEN_VERDICT_DONE);
    authorization_is("Bearer three"); /* what was declared void is still there */
    CHECK(strstr(line.sent, "POST /oauth/revoke HTTP/1.1\r\n") == line.sent);
    OK(pos_token_store_wipe(&self.tokens));
    for (size_t i = 0; i < sizeof self.memory; i++) {
        CHECK(self.memory[i] == 0);
    }
    return 0;
}
