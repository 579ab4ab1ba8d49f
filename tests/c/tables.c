/* Providers as tables: the built-in ones, one of one's own, and every slip that the check has to find. */
#include "../../examples/c/acme.h"
#include "test.h"

TEST(built_in) {
    static const pos_token_provider *const ALL[] = {
        &POS_TOKEN_LOYALTY_DOG, &POS_TOKEN_ZYPE, &POS_TOKEN_LOYALIFE, &POS_TOKEN_OPEN_LOYALTY, &POS_TOKEN_RFC6749,
        &POS_TOKEN_RFC6749_BODY,
    };
    for (size_t i = 0; i < POS_TOKEN_COUNT(ALL); i++) {
        pos_token_provider copy = *ALL[i]; /* plain data: a copy is as good */
        EXPECT_STATUS(OK, pos_token_provider_check(ALL[i]));
        EXPECT_STATUS(OK, pos_token_provider_check(&copy));
        EXPECT(copy.name.len > 0);
    }
}

TEST(a_fifth_provider) {
    static const char ANSWER[] = "{\"access_token\":\"a\",\"expires_in\":\"60\"}", BUSY[] = "{\"error\":\"maintenance\"}";
    uint8_t memory[64], buf[128];
    pos_token_store store;
    pos_token_answer answer;
    pos_token_result result;
    pos_token_credentials credentials = { 0 };
    pos_token_request request = { 0 };
    size_t len;
    bool complete;

    EXPECT_STATUS(OK, pos_token_provider_check(&ACME));
    credentials.username = pos_token_text("u");
    credentials.password = pos_token_text("p");
    credentials.client_id = pos_token_text("c");
    credentials.client_secret = pos_token_text("s");
    request.provider = &ACME;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    EXPECT_STATUS(OK, pos_token_request_body(&request, buf, sizeof buf, &len));
    EXPECT_TEXT("grant_type=password&username=u&password=p", buf, len);

    EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
    EXPECT_STATUS(OK, pos_token_answer_init(&answer, &ACME, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
    EXPECT_STATUS(OK, pos_token_answer_status(&answer, 200));
    EXPECT_STATUS(OK, pos_token_answer_body(&answer, pos_token_text(ANSWER), &complete));
    EXPECT_STATUS(OK, pos_token_answer_finish(&answer, &result));
    EXPECT(result.verdict == POS_TOKEN_VERDICT_USE && result.expiry.seconds == 60);

    EXPECT_STATUS(OK, pos_token_answer_init(&answer, &ACME, POS_TOKEN_PURPOSE_REFRESH, NULL, &store));
    EXPECT_STATUS(OK, pos_token_answer_status(&answer, 400));
    EXPECT_STATUS(OK, pos_token_answer_body(&answer, pos_token_text(BUSY), &complete));
    EXPECT_STATUS(OK, pos_token_answer_finish(&answer, &result));
    EXPECT(result.verdict == POS_TOKEN_VERDICT_WAIT && result.retryable);
}

/* A table that can be spoilt. */
static pos_token_parameter parameter;
static pos_token_exchange exchange;
static pos_token_member members[17];
static pos_token_provider provider;

static void good_table(void) {
    static const pos_token_span NOTHING = POS_TOKEN_NOTHING;
    provider = ACME;
    exchange = ACME.exchanges[0];
    parameter = exchange.parameters[0];
    exchange.parameters = &parameter;
    exchange.parameters_len = 1;
    provider.exchanges = &exchange;
    provider.exchanges_len = 1;
    for (size_t i = 0; i < POS_TOKEN_COUNT(members); i++) {
        members[i].path = pos_token_text("a");
        members[i].meaning = POS_TOKEN_MEANING_ERROR_TEXT;
    }
    provider.members = members;
    provider.members_len = 1;
    provider.transient_codes = NULL;
    provider.transient_codes_len = 0;
    provider.hs512_alias = NOTHING;
    EXPECT_STATUS(OK, pos_token_provider_check(&provider));
}

#define SPOILT(change)                                                     \
    do {                                                                   \
        good_table();                                                      \
        change;                                                            \
        EXPECT_STATUS(INVALID_TABLE, pos_token_provider_check(&provider)); \
    } while (0)

TEST(spoilt) {
    const pos_token_span broken = { NULL, 3 };
    SPOILT(provider.exchanges = NULL);
    SPOILT(provider.members = NULL);
    SPOILT(provider.members_len = 17);
    SPOILT(provider.transient_codes_len = 1);
    SPOILT(provider.name = broken);
    SPOILT(provider.authorization_scheme = broken);
    SPOILT(provider.hs512_alias = broken);
    SPOILT(provider.success_code = broken);
    SPOILT(provider.rotation = 0);
    SPOILT(provider.rotation = 5);
    SPOILT(provider.missing_zone = 9);
    SPOILT(exchange.path = broken);
    SPOILT(exchange.parameters = NULL);
    SPOILT(exchange.purpose = 0);
    SPOILT(exchange.purpose = 6);
    SPOILT(exchange.when = 17);
    SPOILT(exchange.method = 0);
    SPOILT(exchange.encoding = 3);
    SPOILT(exchange.client_auth = 0);
    SPOILT(exchange.answer = 0xFF);
    SPOILT(parameter.name = broken);
    SPOILT(parameter.literal = broken);
    SPOILT(parameter.value = 0);
    SPOILT((parameter.value = POS_TOKEN_VALUE_REQUIRED, parameter.field = 17));
    SPOILT(members[0].path = broken);
    SPOILT(members[0].meaning = 13);
    good_table();
    provider.members_len = 16;
    EXPECT_STATUS(OK, pos_token_provider_check(&provider));
}

/* The functions that take such a table refuse what they need of it. */
TEST(spoilt_in_use) {
    uint8_t memory[64], buf[64];
    pos_token_store store;
    pos_token_answer answer;
    pos_token_request request = { 0 };
    size_t len;
    good_table();
    EXPECT_STATUS(OK, pos_token_store_init(&store, memory, sizeof memory));
    request.provider = &provider;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    parameter.value = 77;
    EXPECT_STATUS(INVALID_TABLE, pos_token_request_body(&request, buf, sizeof buf, &len));
    members[0].meaning = 77;
    EXPECT_STATUS(INVALID_TABLE, pos_token_answer_init(&answer, &provider, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));
}

RUN_TESTS(CASE(built_in), CASE(a_fifth_provider), CASE(spoilt), CASE(spoilt_in_use))
