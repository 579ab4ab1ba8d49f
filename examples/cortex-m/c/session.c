#include "session.h"

#include <stdbool.h>
#include <stddef.h>

#include "board.h"
#include "report.h"

/* The token lives for two hours. */
#define LIFE 7200U
/* A record with two tokens of 43 bytes, in units of 8, and some more. */
#define SLOT 256U
/* What the storage programs at once. */
#define UNIT 8U

/* In place of flash: RAM that outlives a reset, but not the power. */
static struct {
    /* How far the till has come: one of these, or anything else after power-on. */
    enum stage { TORN = 0x746f726e, WRITTEN = 0x77726974 } stage;
    /* Seconds that were slept away: the device's clock goes on over a reset. */
    uint32_t asleep;
    uint8_t slots[2][SLOT];
} kept OUTLIVES_RESET;

static struct till *till;
static const pos_token_credentials *credentials;
static pos_token_policy policy;
static pos_token_session session;
/* The scenario that the server plays. */
static const char *prefix;
/* Which reset the next record meets: one of the stages. */
static enum stage fate;

static void say(const char *step, const char *what)
{
    print_text("session", 12);
    print_text(step, 34);
    print_text(what, 0);
    print_text("\n", 0);
}

static void say_number(const char *step, const char *what, uint32_t number)
{
    print_text("session", 12);
    print_text(step, 34);
    print_text(what, 0);
    print_number(number, 0);
    print_text("\n", 0);
}

static void must(pos_token_status status)
{
    if (status != POS_TOKEN_OK) {
        say("failed", pos_token_status_name(status));
        board_exit(false);
    }
}

/* Seconds that were slept away since the start: for the sake of this run a till sleeps no longer than it has to. */
static uint32_t slept;

static void sleep_for(uint32_t seconds)
{
    slept += seconds;
    kept.asleep += seconds;
}

static pos_token_now now(void)
{
    static pos_token_uptime uptime;
    pos_token_now now = {.device = (int64_t)board_time() + kept.asleep};
    must(pos_token_uptime_extend(&uptime, board_uptime(), &now.uptime));
    now.uptime += (uint64_t)slept * 1000U;
    return now;
}

static ptrdiff_t read_slot(void *ctx, uint32_t slot, uint8_t *buf, size_t len)
{
    (void)ctx;
    if (len > SLOT) {
        len = SLOT;
    }
    for (size_t at = 0; at < len; at++) {
        buf[at] = kept.slots[slot][at];
    }
    return (ptrdiff_t)len;
}

static void write_slot(uint32_t slot, const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        kept.slots[slot][at] = bytes[at];
    }
}

static void boot(void)
{
    uint8_t buf[SLOT];
    pos_token_storage storage = {.read = read_slot};
    pos_token_restored restored;
    must(pos_token_policy_init(&policy, 7));
    policy.floor = 1767225600;
    must(pos_token_session_init(&session, till->provider, &policy, &till->store, now()));
    pos_token_status status = pos_token_session_restore(&session, &storage, now(), buf, sizeof buf, &restored);
    if (status == POS_TOKEN_OK) {
        say_number("boot", "a record in slot ", restored.slot);
    } else {
        say("boot", pos_token_status_name(status));
    }
}

static void save(void)
{
    uint8_t buf[SLOT];
    size_t len;
    pos_token_record record;
    must(pos_token_session_save(&session, NULL, UNIT, now(), buf, sizeof buf, &len, &record));
    if (fate == TORN) {
        write_slot(record.slot, buf, len / 2U);
        kept.stage = fate;
        say("save", "a reset in the middle of writing");
        board_reset();
    }
    write_slot(record.slot, buf, len);
    if (fate == WRITTEN) {
        kept.stage = fate;
        say("save", "a reset right after writing");
        board_reset();
    }
    must(pos_token_wipe(buf, sizeof buf));
    must(pos_token_session_saved(&session, record.number));
    say_number("save", "slot ", record.slot);
}

static void exchange(void)
{
    pos_token_begun begun;
    pos_token_result result;
    pos_token_transport modem;
    must(pos_token_session_begin(&session, credentials, now(), &begun));
    pos_token_status status = till_exchange(till, prefix, &begun.request, &modem, &result);
    struct line line = line_of(status, &result);
    if (status == POS_TOKEN_OK) {
        line.trust = result.outcome == POS_TOKEN_OUTCOME_GRANTED ? TRUST_OPAQUE : TRUST_NOTHING;
        must(pos_token_session_accept(&session, begun.number, &result, now()));
    } else {
        must(pos_token_session_failed(&session, begun.number, status, modem.http_status, &modem.retry_after, now()));
    }
    line_print(&line, till->name, begun.purpose == POS_TOKEN_PURPOSE_REFRESH ? "refresh" : "log in");
}

/* What a till's main loop does each time around. */
static uint32_t poll(void)
{
    pos_token_step step;
    must(pos_token_session_next(&session, now(), &step));
    switch (step.kind) {
    case POS_TOKEN_STEP_USE: /* it sells, until there is something else to do */
        say_number("use", step.token.unsaved ? "unsaved token " : "token ", step.token.generation);
        till_call(till, "call the API");
        sleep_for(step.token.next_in);
        break;
    case POS_TOKEN_STEP_SEND:
        exchange();
        break;
    case POS_TOKEN_STEP_SAVE:
        save();
        break;
    case POS_TOKEN_STEP_WAIT:
        say("wait", step.reason == POS_TOKEN_WAIT_RETRY_AFTER ? "the server said so" : "the pause after a failure");
        sleep_for(step.seconds);
        break;
    case POS_TOKEN_STEP_NEED_CODE:
        say("need a code", "");
        break;
    default:
        say_number("stop", "code ", step.short_code);
        break;
    }
    return step.kind;
}

/* Until this step was done; many others first are too many. */
static void until(uint32_t kind)
{
    for (uint32_t steps = 0; poll() != kind; steps++) {
        if (steps == 8) {
            board_exit(false);
        }
    }
}

/* The first day: a log-in, and a refresh. The server has rotated the tokens, and the power goes. */
static void power_on(void)
{
    until(POS_TOKEN_STEP_USE);
    until(POS_TOKEN_STEP_SEND);
    fate = TORN;
    until(POS_TOKEN_STEP_SAVE);
}

/* With the record before that one: its tokens work, since those that were lost were never used. */
static void after_the_torn_record(void)
{
    until(POS_TOKEN_STEP_USE);
    until(POS_TOKEN_STEP_SEND);
    fate = WRITTEN;
    until(POS_TOKEN_STEP_SAVE);
}

/* With the new tokens, whose use ends the old ones. Then the server is in trouble until the token is over. */
static void after_the_written_record(void)
{
    until(POS_TOKEN_STEP_USE);
    prefix = "/~broken";
    until(POS_TOKEN_STEP_USE);
    sleep_for(LIFE);
    prefix = "/~hangup";
    until(POS_TOKEN_STEP_SEND);
    prefix = "/~busy";
    until(POS_TOKEN_STEP_SEND);
    prefix = NULL;
    until(POS_TOKEN_STEP_USE);
    must(pos_token_session_logged_out(&session));
    until(POS_TOKEN_STEP_STOP);
}

void session_run(struct till *with, const pos_token_credentials *given)
{
    till = with;
    credentials = given;
    enum stage stage = kept.stage;
    if (stage != TORN && stage != WRITTEN) {
        must(pos_token_wipe(&kept, sizeof kept));
    }
    boot();
    if (stage == WRITTEN) {
        after_the_written_record();
    } else if (stage == TORN) {
        after_the_torn_record();
    } else {
        power_on();
    }
    /* Out of use: nothing of it is to be found. */
    must(pos_token_wipe(&kept, sizeof kept));
}
