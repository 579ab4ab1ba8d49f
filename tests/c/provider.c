/* Providers: the built-in ones, one of one's own from request to token, and tables that are wrong. */
#include "check.h"

static const pos_token_parameter LOG_IN[] = {
    POS_TOKEN_LITERAL("kind", "till"),
    POS_TOKEN_REQUIRED("terminal", POS_TOKEN_FIELD_CUSTOM_1),
    POS_TOKEN_REQUIRED("secret", POS_TOKEN_FIELD_CLIENT_SECRET),
    POS_TOKEN_OPTIONAL("hint", POS_TOKEN_FIELD_CUSTOM_2),
};
static const pos_token_exchange EXCHANGES[] = {
    {POS_TOKEN_TEXT("/v1/stores/{store_code}/session"), LOG_IN, POS_TOKEN_COUNT(LOG_IN), POS_TOKEN_PURPOSE_LOG_IN, 0,
     POS_TOKEN_METHOD_POST, POS_TOKEN_ENCODING_JSON, POS_TOKEN_CLIENT_AUTH_BODY, POS_TOKEN_ANSWERS_TOKENS},
    {POS_TOKEN_TEXT("/v1/end"), NULL, 0, POS_TOKEN_PURPOSE_LOG_OUT, POS_TOKEN_FIELD_ACCESS_TOKEN,
     POS_TOKEN_METHOD_GET, POS_TOKEN_ENCODING_FORM, POS_TOKEN_CLIENT_AUTH_BEARER, POS_TOKEN_ANSWERS_NOTHING},
};
static const pos_token_member MEMBERS[] = {
    {POS_TOKEN_TEXT("data.session.token"), POS_TOKEN_MEANING_ACCESS_TOKEN},
    {POS_TOKEN_TEXT("data.session.ttl"), POS_TOKEN_MEANING_EXPIRES_IN},
    {POS_TOKEN_TEXT("errors.0.code"), POS_TOKEN_MEANING_ERROR_CODE},
};
static const pos_token_span TRANSIENT[] = {POS_TOKEN_TEXT("BUSY")};
static const pos_token_provider ACME = {
    EXCHANGES,
    POS_TOKEN_COUNT(EXCHANGES),
    MEMBERS,
    POS_TOKEN_COUNT(MEMBERS),
    TRANSIENT,
    POS_TOKEN_COUNT(TRANSIENT),
    POS_TOKEN_TEXT("acme"),
    POS_TOKEN_TEXT("Acme"),
    POS_TOKEN_NOTHING,
    POS_TOKEN_NOTHING,
    0,
    0,
    POS_TOKEN_ROTATION_NO_REFRESH,
    POS_TOKEN_MISSING_ZONE_REFUSE,
};

static pos_token_status answer_to(const pos_token_provider *provider, const char *body, pos_token_store *store,
                                  pos_token_result *result) {
    pos_token_answer answer;
    bool complete;
    OK(pos_token_answer_init(&answer, provider, POS_TOKEN_PURPOSE_LOG_IN, NULL, store));
    OK(pos_token_answer_status(&answer, 200));
    OK(pos_token_answer_body(&answer, pos_token_text(body), &complete));
    return pos_token_answer_finish(&answer, result);
}

static void built_in(void) {
    const pos_token_provider *all[] = {&POS_TOKEN_LOYALTY_DOG,  &POS_TOKEN_ZYPE,    &POS_TOKEN_LOYALIFE,
                                       &POS_TOKEN_OPEN_LOYALTY, &POS_TOKEN_RFC6749, &POS_TOKEN_RFC6749_BODY};
    const char *names[] = {"loyaltydog", "zype", "loyalife", "openloyalty", "rfc6749", "rfc6749"};
    size_t i;
    for (i = 0; i < POS_TOKEN_COUNT(all); i++) {
        OK(pos_token_provider_check(all[i]));
        CHECK(span_is(all[i]->name, names[i]));
    }
    CHECK(POS_TOKEN_LOYALIFE.default_lifetime == 1800);
    CHECK(span_is(POS_TOKEN_LOYALIFE.hs512_alias, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512"));
    CHECK(POS_TOKEN_ZYPE.rotation == POS_TOKEN_ROTATION_UNTIL_FIRST_USE);
}

static void of_ones_own(void) {
    pos_token_credentials credentials;
    pos_token_request request;
    pos_token_result result;
    pos_token_store store;
    pos_token_span token;
    uint8_t buf[128], arena[64];
    size_t len;
    memset(&credentials, 0, sizeof credentials);
    memset(&request, 0, sizeof request);
    OK(pos_token_provider_check(&ACME));
    credentials.custom_1 = pos_token_text("T-7");
    credentials.client_secret = pos_token_text("s\"3");
    credentials.store_code = pos_token_text("a/b");
    request.provider = &ACME;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    OK(pos_token_request_body(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "{\"kind\":\"till\",\"terminal\":\"T-7\",\"secret\":\"s\\\"3\"}"));
    OK(pos_token_request_path(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "/v1/stores/a%2Fb/session"));

    OK(pos_token_store_init(&store, arena, sizeof arena));
    OK(answer_to(&ACME, "{\"data\":{\"session\":{\"token\":\"abc\",\"ttl\":60}}}", &store, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_GRANTED && result.verdict == POS_TOKEN_VERDICT_USE);
    CHECK(result.expiry.kind == POS_TOKEN_WHEN_IN && result.expiry.seconds == 60);
    OK(pos_token_store_access_token(&store, &token));
    CHECK(span_is(token, "abc"));
    OK(answer_to(&ACME, "{\"errors\":[{\"code\":\"BUSY\"}]}", &store, &result));
    CHECK(result.outcome == POS_TOKEN_OUTCOME_DENIED && result.verdict == POS_TOKEN_VERDICT_WAIT);
    CHECK(result.retryable && strcmp(result.error_code, "BUSY") == 0);
    CHECK(result.short_code == POS_TOKEN_DENIED_BY_PROVIDER);
    OK(answer_to(&ACME, "{\"errors\":[{\"code\":\"NO\"}]}", &store, &result));
    CHECK(result.verdict == POS_TOKEN_VERDICT_STOP && !result.retryable);

    request.purpose = POS_TOKEN_PURPOSE_LOG_OUT;
    request.store = &store;
    IS(POS_TOKEN_NO_SUCH_EXCHANGE, (request.store = NULL, pos_token_request_check(&request)));
    request.store = &store;
    OK(pos_token_request_authorization(&request, buf, sizeof buf, &len));
    CHECK(same(buf, len, "Acme abc"));
}

/* Each way in which a table can be wrong: found by the check, and by what reads that far. */
static void wrong_tables(void) {
    pos_token_provider provider;
    pos_token_exchange exchange;
    pos_token_parameter parameter;
    pos_token_member member, members[17];
    pos_token_span transient;
    pos_token_credentials credentials;
    pos_token_request request;
    pos_token_store store;
    pos_token_answer answer;
    uint8_t arena[64], buf[64];
    size_t len = 4711, i;
    pos_token_status bad = POS_TOKEN_INVALID_TABLE;
    memset(&credentials, 0, sizeof credentials);
    memset(&request, 0, sizeof request);
    credentials.custom_1 = pos_token_text("x");
    request.provider = &provider;
    request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
    request.credentials = &credentials;
    OK(pos_token_store_init(&store, arena, sizeof arena));
#define RESET()                                                                       \
    (provider = ACME, exchange = EXCHANGES[0], parameter = LOG_IN[1], member = MEMBERS[0], \
     transient = TRANSIENT[0], exchange.path = pos_token_text("/"),                   \
     exchange.parameters = &parameter, exchange.parameters_len = 1,                   \
     provider.exchanges = &exchange, provider.exchanges_len = 1,                      \
     provider.members = &member, provider.members_len = 1,                            \
     provider.transient_codes = &transient, provider.transient_codes_len = 1)
#define WRONG(request_is, answer_is, change)                                                                    \
    do {                                                                                                        \
        RESET();                                                                                                \
        OK(pos_token_provider_check(&provider));                                                                \
        change;                                                                                                 \
        IS(bad, pos_token_provider_check(&provider));                                                           \
        IS(request_is, pos_token_request_check(&request));                                                      \
        IS(answer_is, pos_token_answer_init(&answer, &provider, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store));       \
    } while (0)
    for (i = 0; i < 2; i++) {
        uint8_t number = i == 0 ? 0 : 200;
        WRONG(bad, bad, exchange.purpose = number);
        WRONG(bad, bad, exchange.method = number);
        WRONG(bad, bad, exchange.encoding = number);
        WRONG(bad, bad, exchange.client_auth = number);
        WRONG(bad, bad, exchange.answer = number);
        WRONG(bad, POS_TOKEN_OK, parameter.value = number);
        WRONG(bad, POS_TOKEN_OK, parameter.field = number);
        WRONG(POS_TOKEN_OK, bad, member.meaning = number);
        WRONG(POS_TOKEN_OK, bad, provider.rotation = number);
        WRONG(POS_TOKEN_OK, bad, provider.missing_zone = number);
    }
    WRONG(bad, bad, exchange.when = 17);
    WRONG(bad, bad, exchange.path.ptr = NULL);
    WRONG(bad, bad, exchange.path.len = TOO_LONG);
    WRONG(bad, bad, provider.exchanges = NULL);
    WRONG(bad, bad, provider.exchanges_len = SIZE_MAX);
    WRONG(bad, bad, provider.exchanges = CROOKED(pos_token_exchange, exchange));
    WRONG(bad, POS_TOKEN_OK, exchange.parameters = NULL);
    WRONG(bad, POS_TOKEN_OK, exchange.parameters_len = SIZE_MAX);
    WRONG(bad, POS_TOKEN_OK, parameter.name.ptr = NULL);
    WRONG(POS_TOKEN_OK, bad, provider.members = NULL);
    WRONG(POS_TOKEN_OK, bad, member.path.len = TOO_LONG);
    WRONG(POS_TOKEN_OK, bad, provider.transient_codes = NULL);
    WRONG(POS_TOKEN_OK, bad, transient.ptr = NULL);
    WRONG(POS_TOKEN_OK, bad, provider.name.ptr = NULL);
    WRONG(POS_TOKEN_OK, bad, provider.authorization_scheme.ptr = NULL);
    WRONG(POS_TOKEN_OK, bad, provider.hs512_alias.len = 1);
    WRONG(POS_TOKEN_OK, bad, provider.success_code.len = 1);
    for (i = 0; i < POS_TOKEN_COUNT(members); i++) {
        members[i] = MEMBERS[0];
    }
    WRONG(POS_TOKEN_OK, bad, (provider.members = members, provider.members_len = 17));

    RESET();
    provider.authorization_scheme.ptr = NULL;
    IS(bad, pos_token_authorization_write(&provider, pos_token_text("abc"), buf, sizeof buf, &len));
    provider.authorization_scheme = pos_token_text("a b");
    IS(POS_TOKEN_INVALID_AUTHORIZATION,
       pos_token_authorization_write(&provider, pos_token_text("abc"), buf, sizeof buf, &len));
    RESET();
    exchange.path = pos_token_text("no/slash");
    IS(POS_TOKEN_INVALID_PATH, pos_token_request_check(&request));
    exchange.path = pos_token_text("/{nothing}");
    IS(POS_TOKEN_INVALID_PATH, pos_token_request_check(&request));
    RESET();
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&parameter, sizeof parameter, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&exchange, sizeof exchange, &len));
    IS(POS_TOKEN_OVERLAP, pos_token_request_body(&request, (uint8_t *)&provider, sizeof provider, &len));
    IS(POS_TOKEN_NULL_POINTER, pos_token_provider_check(NULL));
    IS(POS_TOKEN_MISALIGNED, pos_token_provider_check(CROOKED(pos_token_provider, ACME)));
    CHECK(len == 4711);
    memset(&provider, 0, sizeof provider);
    IS(bad, pos_token_provider_check(&provider));
}

/* What can be read, and would be refused or never met when it is used. */
static void slips(void) {
    pos_token_provider provider;
    pos_token_exchange exchanges[2];
    pos_token_parameter parameter;
    pos_token_member members[3];
    pos_token_span transient;
#define SLIP(expected, change)                                                      \
    do {                                                                            \
        provider = ACME;                                                            \
        memcpy(exchanges, EXCHANGES, sizeof exchanges);                             \
        memcpy(members, MEMBERS, sizeof members);                                   \
        parameter = LOG_IN[0];                                                      \
        transient = TRANSIENT[0];                                                   \
        provider.exchanges = exchanges;                                             \
        provider.members = members;                                                 \
        provider.transient_codes = &transient;                                      \
        OK(pos_token_provider_check(&provider));                                    \
        change;                                                                     \
        IS(expected, pos_token_provider_check(&provider));                          \
    } while (0)
    SLIP(POS_TOKEN_INVALID_PATH, exchanges[1].path = pos_token_text("v1/end"));
    SLIP(POS_TOKEN_INVALID_PATH, exchanges[0].path = pos_token_text("/{store}/session"));
    SLIP(POS_TOKEN_INVALID_PATH, exchanges[0].path = pos_token_text("/{store_code"));
    SLIP(POS_TOKEN_INVALID_PATH, exchanges[0].path = pos_token_text("/the session"));
    SLIP(POS_TOKEN_INVALID_AUTHORIZATION, provider.authorization_scheme = pos_token_text("Be arer"));
    SLIP(POS_TOKEN_INVALID_AUTHORIZATION, provider.authorization_scheme = pos_token_text("Bearer\r\nX:"));
    SLIP(POS_TOKEN_INVALID_AUTHORIZATION, provider.authorization_scheme.len = 0);
    SLIP(POS_TOKEN_INVALID_TABLE, members[1].path = pos_token_text("a.b.c.d.e"));
    SLIP(POS_TOKEN_INVALID_TABLE, members[1].path = pos_token_text(""));
    SLIP(POS_TOKEN_INVALID_TABLE, members[2].path = members[0].path);
    SLIP(POS_TOKEN_INVALID_TABLE, members[0].meaning = POS_TOKEN_MEANING_REFRESH_TOKEN);
    SLIP(POS_TOKEN_INVALID_TABLE, provider.members_len = 0);
    SLIP(POS_TOKEN_INVALID_TABLE, transient = pos_token_text("seventeen_letters"));
    SLIP(POS_TOKEN_INVALID_TABLE, transient = pos_token_text("too busy"));
    SLIP(POS_TOKEN_INVALID_TABLE, (exchanges[1].parameters = &parameter, exchanges[1].parameters_len = 1));
    SLIP(POS_TOKEN_INVALID_TABLE,
         (parameter.name.len = 0, exchanges[0].parameters = &parameter, exchanges[0].parameters_len = 1));
    SLIP(POS_TOKEN_INVALID_TABLE,
         (exchanges[1].purpose = POS_TOKEN_PURPOSE_LOG_IN, exchanges[1].method = POS_TOKEN_METHOD_POST));
}

int main(void) {
    built_in();
    of_ones_own();
    wrong_tables();
    slips();
    return 0;
}
