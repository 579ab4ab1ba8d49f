/* Sessions: every kind of step, records over boots, and every wrong argument. */
#include "check.h"

enum { ARENA = 64, BUF = 256 };

static uint8_t arena[ARENA];
static pos_token_store store;
static pos_token_policy policy;
static pos_token_session session;
static pos_token_credentials credentials;
static pos_token_begun begun;
static pos_token_step step;
static pos_token_result result;

static pos_token_now at(uint64_t seconds) {
    pos_token_now now;
    now.uptime = seconds * 1000;
    now.device = 0;
    return now;
}

/* A till that has just booted. */
static void boot_with(const pos_token_provider *provider) {
    memset(&credentials, 0, sizeof credentials);
    credentials.client_id = pos_token_text("c");
    credentials.client_secret = pos_token_text("s");
    credentials.username = pos_token_text("u");
    credentials.password = pos_token_text("p");
    OK(pos_token_store_init(&store, arena, sizeof arena));
    OK(pos_token_session_init(&session, provider, &policy, &store, at(0)));
}

static void boot(void) {
    OK(pos_token_policy_init(&policy, 0x5eed));
    boot_with(&POS_TOKEN_ZYPE);
}

static uint32_t next(uint64_t seconds) {
    memset(&step, 0x5a, sizeof step);
    OK(pos_token_session_next(&session, at(seconds), &step));
    return step.kind;
}

/* Reads an answer of this status and body. */
static pos_token_status answered(const char *retry_after, uint16_t status, const char *body) {
    pos_token_answer answer;
    bool complete;
    OK(pos_token_answer_init(&answer, begun.request.provider, begun.purpose, NULL, &store));
    OK(pos_token_answer_status(&answer, status));
    if (retry_after != NULL) {
        OK(pos_token_answer_field(&answer, pos_token_text("Retry-After"), pos_token_text(retry_after)));
    }
    (void)pos_token_answer_body(&answer, pos_token_text(body), &complete);
    return pos_token_answer_finish(&answer, &result);
}

/* A whole exchange that comes to an answer, a second later. */
static void exchange(uint64_t seconds, uint16_t status, const char *body) {
    OK(pos_token_session_begin(&session, &credentials, at(seconds), &begun));
    OK(answered(NULL, status, body));
    OK(pos_token_session_accept(&session, begun.number, &result, at(seconds + 1)));
}

#define LOG_IN "{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"expires_in\":7200}"
#define REFRESHED "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"expires_in\":7200}"

/* Two slots of a storage. */
typedef struct slots {
    uint8_t bytes[2][BUF];
    size_t len[2];
    bool unreadable, lies, seals_badly, seal_lies;
} slots;

static ptrdiff_t read_slot(void *ctx, uint32_t slot, uint8_t *buf, size_t len) {
    slots *self = (slots *)ctx;
    size_t count = self->len[slot] < len ? self->len[slot] : len;
    if (self->unreadable) {
        return -1;
    }
    memcpy(buf, self->bytes[slot], count);
    return self->lies ? (ptrdiff_t)len + 1 : (ptrdiff_t)count;
}

/* No secret to anyone: it turns the bytes around and adds one. */
static ptrdiff_t seal(void *ctx, const uint8_t *header, size_t header_len, uint8_t *body, size_t len, size_t room) {
    size_t i;
    if (((slots *)ctx)->seals_badly || len + 1 > room || header_len == 0) {
        return -1;
    }
    if (((slots *)ctx)->seal_lies) {
        return (ptrdiff_t)room + 1;
    }
    for (i = 0; i < len; i++) {
        body[i] ^= 0xff;
    }
    body[len] = header[header_len - 1];
    return (ptrdiff_t)len + 1;
}

static ptrdiff_t open(void *ctx, const uint8_t *header, size_t header_len, uint8_t *body, size_t len) {
    size_t i;
    if (((slots *)ctx)->seal_lies) {
        return (ptrdiff_t)len + 1;
    }
    if (len == 0 || body[len - 1] != header[header_len - 1]) {
        return -1;
    }
    for (i = 0; i < len - 1; i++) {
        body[i] ^= 0xff;
    }
    return (ptrdiff_t)len - 1;
}

static slots flash;
static pos_token_storage storage;

static void erase(void) {
    memset(&flash, 0, sizeof flash);
    memset(&storage, 0, sizeof storage);
    storage.ctx = &flash;
    storage.read = read_slot;
}

/* Writes a record; the caller says whether it stays. */
static pos_token_record save(uint64_t seconds) {
    pos_token_record record;
    uint8_t buf[BUF];
    size_t len;
    CHECK(next(seconds) == POS_TOKEN_STEP_SAVE);
    OK(pos_token_session_save(&session, &storage, 16, at(seconds), buf, sizeof buf, &len, &record));
    CHECK(record.slot < 2 && len % 16 == 0);
    memcpy(flash.bytes[record.slot], buf, len);
    flash.len[record.slot] = len;
    return record;
}

static void saved(uint64_t seconds) {
    OK(pos_token_session_saved(&session, save(seconds).number));
}

static pos_token_status restore(pos_token_restored *restored) {
    uint8_t buf[BUF];
    size_t i;
    pos_token_status status;
    memset(buf, 0x5a, sizeof buf);
    status = pos_token_session_restore(&session, &storage, at(0), buf, sizeof buf, restored);
    for (i = 0; i < sizeof buf; i++) {
        CHECK(buf[i] == 0);
    }
    return status;
}

/* The header's value, in pieces of three bytes. */
static void uses(uint64_t seconds, const char *value) {
    pos_token_in_use token;
    char whole[64];
    size_t sent = 0, len;
    OK(pos_token_session_token(&session, at(seconds), &token));
    CHECK(next(seconds) == POS_TOKEN_STEP_USE);
    CHECK(step.token.generation == token.generation && step.token.access_token.ptr == token.access_token.ptr);
    CHECK(step.token.good_for == token.good_for && step.token.unsaved == token.unsaved);
    do {
        OK(pos_token_authorization_write_at(&POS_TOKEN_ZYPE, token.access_token, sent, (uint8_t *)whole + sent, 3,
                                            &len));
        sent += len;
    } while (len == 3);
    CHECK(same(whole, sent, value));
}

static void a_day(void) {
    pos_token_restored restored;
    boot();
    erase();
    IS(POS_TOKEN_RECORD_ABSENT, restore(&restored));
    CHECK(storage.faults[0] == POS_TOKEN_RECORD_ABSENT && storage.faults[1] == POS_TOKEN_RECORD_ABSENT);
    CHECK(next(0) == POS_TOKEN_STEP_SEND && step.purpose == POS_TOKEN_PURPOSE_LOG_IN);
    OK(pos_token_session_begin(&session, &credentials, at(0), &begun));
    CHECK(begun.purpose == POS_TOKEN_PURPOSE_LOG_IN && begun.request.provider == &POS_TOKEN_ZYPE);
    CHECK(next(1) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_EXCHANGE && step.seconds > 0);
    {
        uint8_t body[256];
        size_t len;
        OK(pos_token_request_body(&begun.request, body, sizeof body, &len));
        body[len] = 0;
        CHECK(strstr((char *)body, "\"grant_type\":\"password\"") != NULL);
    }
    OK(answered(NULL, 200, LOG_IN));
    CHECK(result.purpose == POS_TOKEN_PURPOSE_LOG_IN);
    OK(pos_token_session_accept(&session, begun.number, &result, at(1)));
    saved(1);
    uses(1, "Bearer a1");
    CHECK(step.token.generation == 1 && step.token.good_for > 7000 && !step.token.unsaved);

    /* A refresh in time; the token is used meanwhile, and the new one not before it is saved. */
    CHECK(next(6000) == POS_TOKEN_STEP_SEND && step.purpose == POS_TOKEN_PURPOSE_REFRESH);
    OK(pos_token_session_begin(&session, &credentials, at(6000), &begun));
    uses(6001, "Bearer a1");
    OK(answered(NULL, 200, REFRESHED));
    OK(pos_token_session_accept(&session, begun.number, &result, at(6002)));
    {
        pos_token_in_use token;
        IS(POS_TOKEN_ABSENT, pos_token_session_token(&session, at(6002), &token));
    }
    (void)save(6002);

    /* The power goes before saved(). */
    boot();
    OK(restore(&restored));
    CHECK(restored.slot == 1 && restored.tokens && storage.faults[0] == 0);
    saved(0);
    uses(1, "Bearer a2");
    CHECK(step.token.generation == 2 && step.token.good_for == POS_TOKEN_UNKNOWN);

    /* Storage that is worn out. */
    CHECK(next(1) == POS_TOKEN_STEP_USE);
    {
        uint32_t rejection = 0;
        OK(pos_token_session_rejected(&session, 1, at(2), &rejection));
        CHECK(rejection == POS_TOKEN_REJECTION_OLDER);
        OK(pos_token_session_rejected(&session, 2, at(2), &rejection));
        CHECK(rejection == POS_TOKEN_REJECTION_UNKNOWN);
    }
    exchange(3, 200, LOG_IN);
    {
        uint32_t number = save(4).number;
        OK(pos_token_session_save_failed(&session, number - 1));
        CHECK(next(4) == POS_TOKEN_STEP_SAVE);
        OK(pos_token_session_save_failed(&session, number));
    }
    uses(4, "Bearer a1");
    CHECK(step.token.unsaved);
}

static void outage(void) {
    uint64_t now = 0;
    pos_token_when told = { 0, 40, POS_TOKEN_WHEN_IN };
    bool may_go;
    int i;
    boot();
    policy.malformed_limit = 3;
    policy.keep = POS_TOKEN_KEEP_NOTHING; /* a long demand would want to be saved */
    for (i = 0; i < 4; i++) {
        OK(pos_token_session_begin(&session, &credentials, at(now), &begun));
        OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_TRANSPORT, 0, NULL, at(now)));
        CHECK(next(now) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_BACK_OFF);
        IS(POS_TOKEN_SESSION_NOT_NOW, pos_token_session_begin(&session, &credentials, at(now), &begun));
        now += step.seconds;
        CHECK(next(now) == POS_TOKEN_STEP_SEND);
    }
    /* Told to wait, by an answer that is none; a customer does not change that. */
    OK(pos_token_session_begin(&session, &credentials, at(now), &begun));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_HTTP_TRUNCATED, 503, &told, at(now)));
    CHECK(next(now) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_RETRY_AFTER && step.seconds >= 40);
    OK(pos_token_session_customer_waiting(&session, at(now), &may_go));
    CHECK(!may_go);
    now += step.seconds;
    OK(pos_token_session_begin(&session, &credentials, at(now), &begun));
    OK(answered("20", 429, "{}"));
    OK(pos_token_session_accept(&session, begun.number, &result, at(now)));
    CHECK(next(now) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_RETRY_AFTER && step.seconds >= 20);
    now += step.seconds;
    /* A customer cuts a pause of the till's own short. */
    OK(pos_token_session_begin(&session, &credentials, at(now), &begun));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_CLOSED, 0, NULL, at(now)));
    OK(pos_token_session_customer_waiting(&session, at(now), &may_go));
    CHECK(may_go && next(now) == POS_TOKEN_STEP_SEND);
    /* Answers that make no sense, until the limit. An answer of an exchange that is over changes nothing. */
    for (i = 0; i < 3; i++) {
        OK(pos_token_session_begin(&session, &credentials, at(now), &begun));
        OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_JSON_UNEXPECTED, 200, NULL, at(now)));
        OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_JSON_UNEXPECTED, 200, NULL, at(now)));
        if (i < 2) {
            CHECK(next(now) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_BACK_OFF);
            now += step.seconds;
        }
    }
    CHECK(next(now) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_MALFORMED);
    CHECK(step.short_code == POS_TOKEN_JSON_UNEXPECTED);
    /* A task that died is given up. */
    OK(pos_token_session_credentials_changed(&session, at(now)));
    CHECK(next(now) == POS_TOKEN_STEP_SEND);
    OK(pos_token_session_begin(&session, &credentials, at(now), &begun));
    IS(POS_TOKEN_SESSION_BUSY, pos_token_session_begin(&session, &credentials, at(now), &begun));
    now += policy.exchange_timeout;
    CHECK(next(now) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_BACK_OFF);
    now += step.seconds;
    CHECK(next(now) == POS_TOKEN_STEP_SEND);
}

static void slot_in_the_chain(void) {
    OK(pos_token_policy_init(&policy, 1));
    policy.tills = 400;
    policy.index = 399;
    boot_with(&POS_TOKEN_OPEN_LOYALTY);
    CHECK(next(0) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_SLOT);
    CHECK(step.seconds > 590 && step.seconds < 660);
    policy.log_ins_per_minute = 400;
    boot_with(&POS_TOKEN_OPEN_LOYALTY);
    CHECK(next(0) == POS_TOKEN_STEP_WAIT && step.seconds > 59 && step.seconds < 66);
}

static void codes(void) {
    /* A second factor: wrong once, then right. */
    OK(pos_token_policy_init(&policy, 1));
    policy.code_limit = 2;
    boot_with(&POS_TOKEN_LOYALTY_DOG);
    exchange(0, 200, "{\"accessToken\":null,\"mfaPending\":true,\"pendingToken\":\"p\"}");
    CHECK(next(1) == POS_TOKEN_STEP_NEED_CODE && step.code == POS_TOKEN_CODE_MFA && step.pending);
    credentials.code = pos_token_text("1");
    exchange(2, 401, "{\"detail\":\"no\"}");
    CHECK(begun.purpose == POS_TOKEN_PURPOSE_VERIFY_CODE);
    CHECK(next(3) == POS_TOKEN_STEP_NEED_CODE && step.pending);
    exchange(4, 200, "{\"accessToken\":\"a\"}");
    if (next(5) == POS_TOKEN_STEP_SAVE) {
        OK(pos_token_session_save_failed(&session, 0));
    }
    CHECK(next(5) == POS_TOKEN_STEP_USE);

    /* A PIN, until the limit. */
    OK(pos_token_policy_init(&policy, 1));
    policy.code_limit = 2;
    boot();
    policy.code_limit = 2;
    credentials.username = credentials.password = ABSENT;
    credentials.linked_device_id = pos_token_text("d");
    credentials.pin = pos_token_text("1");
    exchange(0, 400, "{\"error\":\"invalid_grant\"}");
    CHECK(next(1) == POS_TOKEN_STEP_NEED_CODE && step.code == POS_TOKEN_CODE_PIN && !step.pending);
    exchange(2, 400, "{\"error\":\"invalid_grant\"}");
    CHECK(next(3) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_CODE_REFUSED);
    CHECK(step.short_code == POS_TOKEN_DENIED_INVALID_GRANT);
}

static void stops(void) {
    uint32_t generation;
    boot();
    exchange(0, 401, "{\"error\":\"invalid_client\"}");
    CHECK(next(1) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_REFUSED);
    CHECK(step.short_code == POS_TOKEN_DENIED_INVALID_CLIENT);
    IS(POS_TOKEN_SESSION_STOPPED, pos_token_session_begin(&session, &credentials, at(1), &begun));
    OK(pos_token_session_credentials_changed(&session, at(1)));
    CHECK(next(1) == POS_TOKEN_STEP_SEND);

    /* The caller's own check refuses the token. */
    OK(pos_token_session_begin(&session, &credentials, at(1), &begun));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_TOKEN_REFUSED, 200, NULL, at(1)));
    CHECK(next(2) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_REJECTED);
    CHECK(step.short_code == POS_TOKEN_TOKEN_REFUSED);

    /* After it is in the store: neither it nor its refresh token is used, nor the old one under its name. */
    OK(pos_token_session_credentials_changed(&session, at(1)));
    exchange(1, 200, LOG_IN);
    saved(1);
    uses(2, "Bearer a1");
    CHECK(next(7000) == POS_TOKEN_STEP_SEND);
    OK(pos_token_session_begin(&session, &credentials, at(7000), &begun));
    OK(answered(NULL, 200, REFRESHED));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_JWT_SIGNATURE, 200, NULL, at(7000)));
    {
        pos_token_in_use token;
        IS(POS_TOKEN_ABSENT, pos_token_session_token(&session, at(7000), &token));
    }
    CHECK(next(7000) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_REJECTED);
    CHECK(step.short_code == POS_TOKEN_JWT_SIGNATURE);
    OK(pos_token_session_credentials_changed(&session, at(7000)));
    CHECK(next(7000) == POS_TOKEN_STEP_SEND && step.purpose == POS_TOKEN_PURPOSE_LOG_IN);
    boot();

    /* That a token is over, or not valid yet, a wrong clock can say too. */
    OK(pos_token_session_begin(&session, &credentials, at(1), &begun));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_JWT_EXPIRED, 200, NULL, at(1)));
    CHECK(next(1) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_BACK_OFF);
    OK(pos_token_session_begin(&session, &credentials, at(1000), &begun));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_JWT_NOT_YET_VALID, 200, NULL, at(1000)));
    CHECK(next(1000) == POS_TOKEN_STEP_WAIT && step.reason == POS_TOKEN_WAIT_BACK_OFF);
    boot();

    /* A token that has no room. */
    OK(pos_token_session_credentials_changed(&session, at(2)));
    OK(pos_token_session_begin(&session, &credentials, at(2), &begun));
    IS(POS_TOKEN_STORE_TOO_SMALL,
       answered(NULL, 200, "{\"access_token\":\"0123456789012345678901234567890123456789012345678901234567890123456\"}"));
    OK(pos_token_session_failed(&session, begun.number, POS_TOKEN_STORE_TOO_SMALL, 200, NULL, at(2)));
    CHECK(next(3) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_SETUP);
    CHECK(step.short_code == POS_TOKEN_STORE_TOO_SMALL);

    /* Tokens that the API refuses again and again. */
    boot();
    policy.keep = POS_TOKEN_KEEP_NOTHING;
    policy.rejected_limit = 1;
    exchange(0, 200, LOG_IN);
    CHECK(next(1) == POS_TOKEN_STEP_USE);
    generation = step.token.generation;
    OK(pos_token_session_rejected(&session, generation, at(1), NULL));
    CHECK(next(1) == POS_TOKEN_STEP_STOP && step.short_code == POS_TOKEN_STOPPED_REJECTED);

    /* What a 401 meant. */
    {
        static const uint64_t when[] = {100, 7300};
        static const uint32_t meant[] = {POS_TOKEN_REJECTION_REVOKED, POS_TOKEN_REJECTION_EXPIRED};
        size_t i;
        for (i = 0; i < 2; i++) {
            uint32_t rejection = 0;
            boot();
            exchange(0, 200, LOG_IN);
            OK(pos_token_session_rejected(&session, 1, at(when[i]), &rejection));
            CHECK(rejection == meant[i]);
        }
    }

    /* Logged out: nothing is left. */
    boot();
    exchange(0, 200, LOG_IN);
    OK(pos_token_session_logged_out(&session));
    {
        size_t i;
        for (i = 0; i < sizeof arena; i++) {
            CHECK(arena[i] == 0);
        }
    }
    erase();
    saved(1);
    CHECK(next(1) == POS_TOKEN_STEP_STOP && step.reason == POS_TOKEN_STOP_LOGGED_OUT);
    CHECK(step.short_code == POS_TOKEN_STOPPED_LOGGED_OUT);
}

/* A store that could not hold the answer to a refresh would cost the refresh token. */
static void small_store(void) {
    uint32_t needed;
    boot();
    policy.keep = POS_TOKEN_KEEP_NOTHING;
    exchange(0, 200,
             "{\"access_token\":\"01234567890123456789012\",\"refresh_token\":\"01234567890123456789012\","
             "\"expires_in\":10}");
    CHECK(next(60) == POS_TOKEN_STEP_SEND && step.purpose == POS_TOKEN_PURPOSE_REFRESH);
    IS(POS_TOKEN_ABSENT, pos_token_store_needed(&store, &needed));
    IS(POS_TOKEN_SESSION_STORE_TOO_SMALL, pos_token_session_begin(&session, &credentials, at(60), &begun));
    OK(pos_token_store_needed(&store, &needed));
    CHECK(needed == 4 * 23);
}

static void clocks(void) {
    pos_token_clock clock;
    pos_token_last_known known;
    pos_token_now now = at(100);
    bool contains;
    boot();
    IS(POS_TOKEN_ABSENT, pos_token_session_clock(&session, now, &clock));
    IS(POS_TOKEN_ABSENT, pos_token_session_last_known(&session, now, &known));
    now.device = 1773674102;
    OK(pos_token_session_clock(&session, now, &clock));
    CHECK(clock.time == 1773674102 && clock.origin == POS_TOKEN_CLOCK_DEVICE && clock.error == POS_TOKEN_UNKNOWN);
    OK(pos_token_session_observe(&session, 1773674200, now));
    OK(pos_token_session_clock(&session, now, &clock));
    CHECK(clock.time == 1773674200 && clock.origin == POS_TOKEN_CLOCK_SERVER && clock.error == 60);
    policy.floor = 1773674100;
    boot_with(&POS_TOKEN_ZYPE);
    OK(pos_token_session_clock(&session, at(10), &clock));
    CHECK(clock.time == 1773674110 && clock.origin == POS_TOKEN_CLOCK_FLOOR);

    boot();
    exchange(100, 200, LOG_IN);
    OK(pos_token_session_last_known(&session, at(160), &known));
    CHECK(known.generation == 1 && known.age == 60 && !known.rejected && !known.has_claims);
    CHECK(known.granted_at == 0 && known.expires_at == 0 && known.clock.origin == 0);
    IS(POS_TOKEN_NOT_INITIALISED,
       pos_token_claims_contain(&known.claims.claims, pos_token_text("a"), pos_token_text("b"), &contains));

    /* {"typ":"JWT"} and {"exp":1773674102,"role":"till"} */
    OK(pos_token_policy_init(&policy, 1));
    {
        static uint8_t large[256];
        OK(pos_token_store_init(&store, large, sizeof large));
        OK(pos_token_session_init(&session, &POS_TOKEN_LOYALTY_DOG, &policy, &store, at(0)));
    }
    exchange(0, 200,
             "{\"accessToken\":\"eyJ0eXAiOiJKV1QifQ.eyJleHAiOjE3NzM2NzQxMDIsInJvbGUiOiJ0aWxsIn0.c2ln\"}");
    now = at(50);
    now.device = 1773674000;
    OK(pos_token_session_last_known(&session, now, &known));
    CHECK(known.expires_at == 1773674102 && known.has_claims && known.clock.origin == POS_TOKEN_CLOCK_DEVICE);
    CHECK(known.claims.claims.expires_at == 1773674102);
    OK(pos_token_claims_contain(&known.claims.claims, pos_token_text("role"), pos_token_text("till"), &contains));
    CHECK(contains);
}

static void uptimes(void) {
    pos_token_uptime uptime = POS_TOKEN_ZERO;
    uint64_t milliseconds = 0;
    OK(pos_token_uptime_extend(&uptime, 0xffffffffU, &milliseconds));
    CHECK(milliseconds == 0xffffffffU);
    OK(pos_token_uptime_extend(&uptime, 5, &milliseconds));
    CHECK(milliseconds == UINT64_C(0x100000005));
    IS(POS_TOKEN_NULL_POINTER, pos_token_uptime_extend(NULL, 6, &milliseconds));
    IS(POS_TOKEN_NULL_POINTER, pos_token_uptime_extend(&uptime, 6, NULL));
    IS(POS_TOKEN_MISALIGNED, pos_token_uptime_extend(CROOKED(pos_token_uptime, uptime), 6, &milliseconds));
    IS(POS_TOKEN_OVERLAP, pos_token_uptime_extend((pos_token_uptime *)(void *)&milliseconds, 6, &milliseconds));
    CHECK(milliseconds == UINT64_C(0x100000005));
}

/* A buffer of every size: too small by whatever, it is left empty, and the size that is said to be enough is. */
static void records_of_every_size(void) {
    uint8_t buf[BUF];
    size_t size, len, needed = 0, i;
    pos_token_record record = { 9, 9 };
    int sealing;
    boot();
    exchange(0, 200, LOG_IN);
    IS(POS_TOKEN_BUFFER_TOO_SMALL, pos_token_session_save(&session, NULL, 8, at(1), NULL, 0, &needed, &record));
    CHECK(needed == pos_token_record_len(4, 0, 8) && record.slot == 9);
    for (sealing = 0; sealing < 2; sealing++) {
        erase();
        if (sealing) {
            storage.seal = seal;
            storage.open = open;
        }
        for (size = 0; size < BUF; size++) {
            pos_token_status status;
            memset(buf, 0x5a, sizeof buf);
            status = pos_token_session_save(&session, &storage, 8, at(1), buf, size, &len, &record);
            if (status == POS_TOKEN_OK) {
                break;
            }
            CHECK(status == POS_TOKEN_BUFFER_TOO_SMALL || (sealing && status == POS_TOKEN_RECORD_NOT_SEALED));
            for (i = 0; i < sizeof buf; i++) {
                CHECK(buf[i] == (i < size ? 0 : 0x5a));
            }
        }
        CHECK(len == pos_token_record_len(4, sealing ? 1 : 0, 8) && size == len);
        /* And at every length of reading it back, only the whole is taken. */
        memcpy(flash.bytes[0], buf, len);
        flash.len[0] = len;
        needed = len;
        for (size = 0; size <= BUF; size++) {
            pos_token_restored restored;
            pos_token_status status;
            boot();
            status = pos_token_session_restore(&session, &storage, at(0), buf, size, &restored);
            if (size < needed - 16) {
                CHECK(status == POS_TOKEN_RECORD_TRUNCATED && storage.faults[0] == status);
                CHECK(storage.faults[1] == (size == 0 ? POS_TOKEN_RECORD_TRUNCATED : POS_TOKEN_RECORD_ABSENT));
                CHECK(next(0) == POS_TOKEN_STEP_SEND);
            } else if (size >= needed) {
                CHECK(status == POS_TOKEN_OK && restored.tokens && storage.faults[0] == 0);
            }
        }
        boot();
        exchange(0, 200, LOG_IN);
    }
}

static void records_that_are_refused(void) {
    pos_token_restored restored;
    uint8_t whole[BUF];
    size_t i;
    uint32_t needed;
    boot();
    erase();
    exchange(0, 200, LOG_IN);
    saved(1);
    memcpy(whole, flash.bytes[0], BUF);
#define REFUSED(reason)                                                                            \
    do {                                                                                           \
        memset(&restored, 0x5a, sizeof restored);                                                  \
        IS(reason, restore(&restored));                                                            \
        CHECK(storage.faults[0] == reason && ((uint8_t *)&restored)[0] == 0x5a);                   \
        CHECK(next(0) == POS_TOKEN_STEP_SEND);                                                     \
    } while (0)
    boot();
    for (i = 0; i < pos_token_record_len(4, 0, 1) - 1; i++) {
        flash.bytes[0][i] ^= 1;
        CHECK(restore(&restored) != POS_TOKEN_OK);
        flash.bytes[0][i] ^= 1;
    }
    flash.bytes[0][20] ^= 1;
    REFUSED(POS_TOKEN_RECORD_DAMAGED);
    flash.bytes[0][20] ^= 1;
    flash.bytes[0][2] = 2;
    REFUSED(POS_TOKEN_RECORD_OTHER_VERSION);
    flash.bytes[0][2] = whole[2];
    flash.len[0] = 40;
    REFUSED(POS_TOKEN_RECORD_TRUNCATED);
    flash.len[0] = BUF;
    flash.unreadable = true;
    REFUSED(POS_TOKEN_RECORD_UNREADABLE);
    flash.unreadable = false;
    flash.lies = true;
    REFUSED(POS_TOKEN_RECORD_UNREADABLE);
    flash.lies = false;
    storage.seal = seal;
    storage.open = open;
    REFUSED(POS_TOKEN_RECORD_SEALED);
    flash.seal_lies = true;
    REFUSED(POS_TOKEN_RECORD_SEALED);
    flash.seal_lies = false;
    storage.open = NULL;
    IS(POS_TOKEN_CALLBACK, pos_token_session_restore(&session, &storage, at(0), whole, sizeof whole, &restored));
    storage.seal = NULL;
    boot_with(&POS_TOKEN_OPEN_LOYALTY);
    REFUSED(POS_TOKEN_RECORD_OTHER_PROVIDER);
    boot();
    OK(pos_token_store_init(&store, arena, 3));
    REFUSED(POS_TOKEN_RECORD_STORE_TOO_SMALL);
    OK(pos_token_store_needed(&store, &needed));
    CHECK(needed == 4);
    boot();
    OK(restore(&restored));
}

/* What every function of a session refuses. */
static void wrong_arguments(void) {
    static pos_token_exchange row;
    static pos_token_provider table;
    static uint8_t buf[BUF], unchanged[BUF];
    size_t len = 7, unchanged_len = 0;
    bool may_go;
    uint32_t rejection;
    pos_token_in_use token;
    pos_token_clock clock;
    pos_token_last_known known;
    pos_token_record record;
    pos_token_restored restored;
    pos_token_when when = { 0, 0, 9 };
    pos_token_provider bad = POS_TOKEN_ZYPE;
    pos_token_session other;
    pos_token_session *s = &session, *crooked = CROOKED(pos_token_session, session);
    pos_token_now now = at(1);
    pos_token_status all[16];
    size_t i;
#define ALL(s)                                                                                          \
    do {                                                                                                \
        pos_token_status *each = all;                                                                   \
        memset(&step, 0x5a, sizeof step);                                                               \
        memset(&begun, 0x5a, sizeof begun);                                                             \
        *each++ = pos_token_session_next(s, now, &step);                                                \
        *each++ = pos_token_session_token(s, now, &token);                                              \
        *each++ = pos_token_session_begin(s, &credentials, now, &begun);                                \
        *each++ = pos_token_session_accept(s, 1, &result, now);                                         \
        *each++ = pos_token_session_failed(s, 1, POS_TOKEN_TRANSPORT, 0, NULL, now);                    \
        *each++ = pos_token_session_rejected(s, 1, now, &rejection);                                    \
        *each++ = pos_token_session_customer_waiting(s, now, &may_go);                                  \
        *each++ = pos_token_session_credentials_changed(s, now);                                          \
        *each++ = pos_token_session_logged_out(s);                                                      \
        *each++ = pos_token_session_observe(s, 1773674102, now);                                        \
        *each++ = pos_token_session_clock(s, now, &clock);                                              \
        *each++ = pos_token_session_last_known(s, now, &known);                                         \
        *each++ = pos_token_session_save(s, &storage, 1, now, buf, sizeof buf, &len, &record);          \
        *each++ = pos_token_session_saved(s, 1);                                                        \
        *each++ = pos_token_session_save_failed(s, 0);                                               \
        *each++ = pos_token_session_restore(s, &storage, now, buf, sizeof buf, &restored);              \
        CHECK(each == all + 16);                                                                        \
    } while (0)
#define ALL_ARE(status, s)                                                                              \
    do {                                                                                                \
        ALL(s);                                                                                         \
        for (i = 0; i < 16; i++) {                                                                      \
            check_status(__FILE__, __LINE__, "one of all", status, all[i]);                             \
        }                                                                                               \
        CHECK(((uint8_t *)&step)[0] == 0x5a && ((uint8_t *)&begun)[0] == 0x5a && len == 7);             \
    } while (0)
    erase();
    boot();
    exchange(0, 200, LOG_IN);
    ALL_ARE(POS_TOKEN_NULL_POINTER, NULL);
    ALL_ARE(POS_TOKEN_MISALIGNED, crooked);
    memset(&other, 0, sizeof other);
    ALL_ARE(POS_TOKEN_NOT_INITIALISED, &other);
    policy.keep = 9;
    ALL_ARE(POS_TOKEN_INVALID_ENUM, s);
    policy.keep = POS_TOKEN_KEEP_CLOCK;
    OK(pos_token_session_init(s, &bad, &policy, &store, now));
    bad.rotation = 9;
    ALL_ARE(POS_TOKEN_INVALID_TABLE, s);
    bad.rotation = POS_TOKEN_ROTATION_NO_REFRESH;
    /* The store was wiped. */
    OK(pos_token_store_wipe(&store));
    ALL_ARE(POS_TOKEN_NOT_INITIALISED, s);

    boot();
    exchange(0, 200, LOG_IN);
    memcpy(&other, s, sizeof other);
    IS(POS_TOKEN_NULL_POINTER, pos_token_policy_init(NULL, 1));
    IS(POS_TOKEN_MISALIGNED, pos_token_policy_init(CROOKED(pos_token_policy, policy), 1));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_init(NULL, &POS_TOKEN_ZYPE, &policy, &store, now));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_init(s, NULL, &policy, &store, now));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_init(s, &POS_TOKEN_ZYPE, NULL, &store, now));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_init(s, &POS_TOKEN_ZYPE, &policy, NULL, now));
    IS(POS_TOKEN_OVERLAP,
       pos_token_session_init((pos_token_session *)(void *)&store, &POS_TOKEN_ZYPE, &policy, &store, now));
    IS(POS_TOKEN_OVERLAP,
       pos_token_session_init((pos_token_session *)(void *)&policy, &POS_TOKEN_ZYPE, &policy, &store, now));
    policy.keep = 0;
    IS(POS_TOKEN_INVALID_ENUM, pos_token_session_init(s, &POS_TOKEN_ZYPE, &policy, &store, now));
    policy.keep = POS_TOKEN_KEEP_REFRESH_TOKENS;
    bad.members_len = 17;
    IS(POS_TOKEN_INVALID_TABLE, pos_token_session_init(s, &bad, &policy, &store, now));

    IS(POS_TOKEN_NULL_POINTER, pos_token_session_next(s, now, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_token(s, now, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_begin(s, &credentials, now, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_accept(s, 1, NULL, now));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_customer_waiting(s, now, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_clock(s, now, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_last_known(s, now, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_save(s, NULL, 1, now, NULL, 9, &len, &record));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_save(s, NULL, 1, now, buf, sizeof buf, NULL, &record));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_save(s, NULL, 1, now, buf, sizeof buf, &len, NULL));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_restore(s, NULL, now, buf, sizeof buf, &restored));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_restore(s, &storage, now, NULL, 9, &restored));
    IS(POS_TOKEN_NULL_POINTER, pos_token_session_restore(s, &storage, now, buf, sizeof buf, NULL));

    /* Where results would overwrite what is read. */
    IS(POS_TOKEN_OVERLAP, pos_token_session_next(s, now, (pos_token_step *)(void *)&s->state));
    IS(POS_TOKEN_OVERLAP, pos_token_session_token(s, now, (pos_token_in_use *)(void *)&store));
    IS(POS_TOKEN_OVERLAP, pos_token_session_rejected(s, 1, now, &s->magic));
    IS(POS_TOKEN_OVERLAP, pos_token_session_next(s, now, (pos_token_step *)(void *)&policy));
    IS(POS_TOKEN_OVERLAP, pos_token_session_begin(s, &credentials, now, (pos_token_begun *)(void *)&credentials));
    IS(POS_TOKEN_OVERLAP, pos_token_session_accept(s, 1, (const pos_token_result *)(void *)&s->state, now));
    IS(POS_TOKEN_OVERLAP, pos_token_session_save(s, NULL, 1, now, arena, sizeof arena, &len, &record));
    IS(POS_TOKEN_OVERLAP,
       pos_token_session_save(s, NULL, 1, now, buf, sizeof buf, (size_t *)(void *)&record, &record));
    IS(POS_TOKEN_OVERLAP, pos_token_session_restore(s, &storage, now, arena, sizeof arena, &restored));
    IS(POS_TOKEN_OVERLAP,
       pos_token_session_restore(s, &storage, now, (uint8_t *)&storage, sizeof storage, &restored));

    /* Numbers that mean nothing. */
    IS(POS_TOKEN_INVALID_ENUM, pos_token_session_failed(s, 1, POS_TOKEN_OK, 0, NULL, now));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_session_failed(s, 1, POS_TOKEN_DENIED, 0, NULL, now));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_session_failed(s, 1, POS_TOKEN_SESSION_BUSY, 0, NULL, now));
    IS(POS_TOKEN_INVALID_ENUM, pos_token_session_failed(s, 1, POS_TOKEN_TRANSPORT, 0, &when, now));
    result.outcome = 9;
    IS(POS_TOKEN_INVALID_ENUM, pos_token_session_accept(s, 1, &result, now));
    IS(POS_TOKEN_RECORD_UNIT, pos_token_session_save(s, NULL, 0, now, buf, sizeof buf, &len, &record));
    IS(POS_TOKEN_RECORD_UNIT, pos_token_session_save(s, NULL, 256, now, buf, sizeof buf, &len, &record));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_session_save(s, NULL, 1, now, buf, TOO_LONG, &len, &record));
    IS(POS_TOKEN_INVALID_LENGTH, pos_token_session_restore(s, &storage, now, buf, TOO_LONG, &restored));
    storage.read = NULL;
    IS(POS_TOKEN_CALLBACK, pos_token_session_restore(s, &storage, now, buf, sizeof buf, &restored));
    storage.seal = seal;
    IS(POS_TOKEN_CALLBACK, pos_token_session_save(s, &storage, 1, now, buf, sizeof buf, &len, &record));
    storage.open = open;
    flash.seals_badly = true;
    IS(POS_TOKEN_RECORD_NOT_SEALED, pos_token_session_save(s, &storage, 1, now, buf, sizeof buf, &len, &record));
    flash.seals_badly = false;
    flash.seal_lies = true;
    IS(POS_TOKEN_RECORD_NOT_SEALED, pos_token_session_save(s, &storage, 1, now, buf, sizeof buf, &len, &record));
    CHECK(len == 7);

    /* None of that has changed anything, and a session may be copied. */
    CHECK(next(1) == POS_TOKEN_STEP_SAVE);
    OK(pos_token_session_save(s, NULL, 1, at(1), buf, sizeof buf, &len, &record));
    OK(pos_token_session_save(&other, NULL, 1, at(1), unchanged, sizeof unchanged, &unchanged_len, &record));
    CHECK(len == unchanged_len && memcmp(buf, unchanged, len) == 0);
    OK(pos_token_session_next(&other, at(1), &step));
    CHECK(step.kind == POS_TOKEN_STEP_SAVE);
    /* What a request lacks is told, and the session has not begun. */
    boot();
    credentials.password = ABSENT;
    IS(POS_TOKEN_MISSING_FIELD, pos_token_session_begin(s, &credentials, at(0), &begun));
    IS(POS_TOKEN_MISSING_FIELD, pos_token_session_begin(s, NULL, at(0), &begun));
    CHECK(next(0) == POS_TOKEN_STEP_SEND);
    /* Nor has it where only the request finds that the table is bad. */
    row = *POS_TOKEN_ZYPE.exchanges;
    row.when = 0;
    row.parameters = NULL;
    table = POS_TOKEN_ZYPE;
    table.exchanges = &row;
    table.exchanges_len = 1;
    boot_with(&table);
    IS(POS_TOKEN_INVALID_TABLE, pos_token_session_begin(s, &credentials, at(0), &begun));
    CHECK(next(0) == POS_TOKEN_STEP_SEND);
}

int main(void) {
    wrong_arguments();
    a_day();
    outage();
    slot_in_the_chain();
    codes();
    stops();
    small_store();
    clocks();
    uptimes();
    records_of_every_size();
    records_that_are_refused();
    return 0;
}
