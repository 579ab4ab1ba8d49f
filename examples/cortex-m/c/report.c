#include "report.h"

#include "board.h"

static void number_or_dash(uint32_t number)
{
    if (number == 0) {
        print_text("-", 5);
    } else {
        print_number(number, 5);
    }
}

static const char *verdict_text(uint32_t verdict)
{
    switch (verdict) {
    case POS_TOKEN_VERDICT_USE:
        return "use";
    case POS_TOKEN_VERDICT_DONE:
        return "done";
    case POS_TOKEN_VERDICT_WAIT:
        return "wait";
    case POS_TOKEN_VERDICT_LOG_IN:
        return "log in again";
    case POS_TOKEN_VERDICT_ASK_FOR_CODE:
        return "ask for a code";
    default:
        return "stop";
    }
}

struct line line_of(pos_token_status status, const pos_token_result *result)
{
    struct line line = {.trust = TRUST_NOTHING};
    if (status != POS_TOKEN_OK) {
        line.code = status;
        line.verdict = pos_token_status_verdict(status);
    } else {
        line.status = result->http_status;
        line.code = result->short_code;
        line.verdict = result->verdict;
        line.wait = result->retry_after.kind == POS_TOKEN_WHEN_IN ? result->retry_after.seconds : 0;
    }
    return line;
}

void line_print(const struct line *line, const char *server, const char *step)
{
    static const char *const trusts[] = {
        [TRUST_NOTHING] = "-",   [TRUST_PENDING] = "pending",   [TRUST_OPAQUE] = "opaque",   [TRUST_READ] = "read",
        [TRUST_VERIFIED] = "verified", [TRUST_EARLY] = "early", [TRUST_REFUSED] = "refused",
    };
    print_text(server, 12);
    print_text(step, 34);
    number_or_dash(line->status);
    number_or_dash(line->code);
    print_text(trusts[line->trust], 10);
    print_text(verdict_text(line->verdict), 0);
    if (line->wait != 0) {
        print_text(" ", 0);
        print_number(line->wait, 0);
        print_text(" s", 0);
    }
    print_text("\n", 0);
}
