/* Firmware for a till, in C: logs in to servers of all dialects through a modem, checks the tokens, calls the API, and
   goes through what can go wrong. */

#include "board.h"
#include "credentials.h"
#include "pos_token.h"
#include "session.h"
#include "till.h"

/* A password, secret and code that nobody has. */
#define WRONG "hunter2!"

/* SIGNING_KEY of tests/interop/app.py. */
#define FASTAPI_KEY "interop: the HS512 key of this app; it is sixty-four bytes long."

enum {
    LOG_IN = POS_TOKEN_PURPOSE_LOG_IN,
    REFRESH = POS_TOKEN_PURPOSE_REFRESH,
    VERIFY_CODE = POS_TOKEN_PURPOSE_VERIFY_CODE,
    REVOKE = POS_TOKEN_PURPOSE_REVOKE,
    LOG_OUT = POS_TOKEN_PURPOSE_LOG_OUT
};

static const pos_token_credentials nothing;

/* For one till after the other. */
static struct till till;
static pos_token_hs512_key key;

static void begin(const char *name, const char *setting, const pos_token_provider *provider, const char *api)
{
    till.name = name;
    till.provider = provider;
    till.port = (uint16_t)board_setting(setting);
    till.path = pos_token_text(NULL);
    till.api = api;
    till.key = NULL;
    till_forget(&till);
}

static void use_key(const char *secret)
{
    if (pos_token_hs512_key_init(&key, pos_token_text(secret)) != POS_TOKEN_OK) {
        board_exit(false);
    }
    till.key = &key;
}

static void end(void)
{
    if (till.key != NULL) {
        (void)pos_token_hs512_key_wipe(&key);
    }
    (void)pos_token_store_wipe(&till.store);
}

/* What can happen at any server. */
static void usual_failures(const pos_token_credentials *credentials)
{
    till_scenario(&till, "captive portal", "/~portal", LOG_IN, credentials);
    till_scenario(&till, "too many requests", "/~busy", LOG_IN, credentials);
    till_scenario(&till, "maintenance, for two minutes", "/~busy-date", LOG_IN, credentials);
    till_scenario(&till, "redirect", "/~redirect", LOG_IN, credentials);
    till_scenario(&till, "malformed JSON", "/~malformed", LOG_IN, credentials);
    till_scenario(&till, "empty answer", "/~empty", LOG_IN, credentials);
    till_scenario(&till, "cut off in the middle", "/~truncated", LOG_IN, credentials);
    till_scenario(&till, "hung up", "/~hangup", LOG_IN, credentials);
}

static void loyalty_dog(void)
{
    static const pos_token_credentials user = {.username = POS_TOKEN_TEXT(LOYALTY_DOG_USERNAME),
                                               .password = POS_TOKEN_TEXT(LOYALTY_DOG_PASSWORD)};
    static const pos_token_credentials mfa_user = {.username = POS_TOKEN_TEXT(LOYALTY_DOG_MFA_USERNAME),
                                                   .password = POS_TOKEN_TEXT(LOYALTY_DOG_PASSWORD)};
    static const pos_token_credentials stranger = {.username = POS_TOKEN_TEXT(LOYALTY_DOG_USERNAME),
                                                   .password = POS_TOKEN_TEXT(WRONG)};
    static const pos_token_credentials code = {.code = POS_TOKEN_TEXT(LOYALTY_DOG_MFA_CODE)};
    static const pos_token_credentials wrong_code = {.code = POS_TOKEN_TEXT(WRONG)};
    begin("loyaltydog", "loyaltydog=", &POS_TOKEN_LOYALTY_DOG, "/v2/me");
    use_key(LOYALTY_DOG_SIGNING_KEY);
    till_step(&till, "log in", LOG_IN, &user);
    till_call(&till, "call the API");
    till_step(&till, "log in with a second factor", LOG_IN, &mfa_user);
    till_step(&till, "verify a wrong code", VERIFY_CODE, &wrong_code);
    till_step(&till, "verify the code", VERIFY_CODE, &code);
    till_call(&till, "call the API");

    till_step(&till, "wrong password", LOG_IN, &stranger);
    till_scenario(&till, "the 422 echoes the password", "/~echo", LOG_IN, &user);
    usual_failures(&user);
    till_call(&till, "the token outlives all that");
    till_scenario(&till, "forged token", "/~forged", LOG_IN, &user);
    till_scenario(&till, "unsigned token", "/~unsigned", LOG_IN, &user);
    till_scenario(&till, "expired token", "/~expired", LOG_IN, &user);
    till_scenario(&till, "token of a clock that is ahead", "/~early", LOG_IN, &user);
    till_scenario(&till, "63 bytes at a time", "/~modem", LOG_IN, &user);
    end();
}

/* The same dialect, spoken by FastAPI and PyJWT themselves. */
static void fastapi(void)
{
    static const pos_token_credentials user = {.username = POS_TOKEN_TEXT(LOYALTY_DOG_USERNAME),
                                               .password = POS_TOKEN_TEXT(LOYALTY_DOG_PASSWORD)};
    static const pos_token_credentials mfa_user = {.username = POS_TOKEN_TEXT(LOYALTY_DOG_MFA_USERNAME),
                                                   .password = POS_TOKEN_TEXT(LOYALTY_DOG_PASSWORD)};
    static const pos_token_credentials stranger = {.username = POS_TOKEN_TEXT(LOYALTY_DOG_USERNAME),
                                                   .password = POS_TOKEN_TEXT(WRONG)};
    static const pos_token_credentials code = {.code = POS_TOKEN_TEXT(LOYALTY_DOG_MFA_CODE)};
    begin("fastapi", "fastapi=", &POS_TOKEN_LOYALTY_DOG, "/v2/me");
    use_key(FASTAPI_KEY);
    till_step(&till, "log in", LOG_IN, &user);
    till_call(&till, "call the API");
    till_step(&till, "log in with a second factor", LOG_IN, &mfa_user);
    till_step(&till, "verify the code", VERIFY_CODE, &code);
    till_call(&till, "call the API");
    till_step(&till, "wrong password", LOG_IN, &stranger);
    end();
}

#define ZYPE_CLIENT .client_id = POS_TOKEN_TEXT(ZYPE_CLIENT_ID), .client_secret = POS_TOKEN_TEXT(ZYPE_CLIENT_SECRET)

static void zype(void)
{
    static const pos_token_credentials client = {ZYPE_CLIENT};
    static const pos_token_credentials user = {
        ZYPE_CLIENT, .username = POS_TOKEN_TEXT(ZYPE_USERNAME), .password = POS_TOKEN_TEXT(ZYPE_PASSWORD)};
    static const pos_token_credentials device = {
        ZYPE_CLIENT, .linked_device_id = POS_TOKEN_TEXT(ZYPE_LINKED_DEVICE_ID), .pin = POS_TOKEN_TEXT(ZYPE_PIN)};
    static const pos_token_credentials wrong_pin = {
        ZYPE_CLIENT, .linked_device_id = POS_TOKEN_TEXT(ZYPE_LINKED_DEVICE_ID), .pin = POS_TOKEN_TEXT(WRONG)};
    static const pos_token_credentials wrong_client = {.client_id = POS_TOKEN_TEXT(ZYPE_CLIENT_ID),
                                                       .client_secret = POS_TOKEN_TEXT(WRONG),
                                                       .username = POS_TOKEN_TEXT(ZYPE_USERNAME),
                                                       .password = POS_TOKEN_TEXT(ZYPE_PASSWORD)};
    begin("zype", "zype=", &POS_TOKEN_ZYPE, "/api/me");
    till_step(&till, "log in", LOG_IN, &user);
    till_call(&till, "call the API");
    till_step(&till, "refresh", REFRESH, &client);
    till_call(&till, "call the API");
    till_step(&till, "log in as a linked device", LOG_IN, &device);

    till_step(&till, "wrong PIN", LOG_IN, &wrong_pin);
    till_step(&till, "wrong client secret", LOG_IN, &wrong_client);
    till_scenario(&till, "dead refresh token", "/~refused", REFRESH, &client);
    usual_failures(&user);
    till_scenario(&till, "gzip, although none was asked for", "/~gzip", LOG_IN, &user);
    till_call(&till, "the token outlives all that");
    till_scenario(&till, "one byte at a time", "/~drip", REFRESH, &client);
    till_step(&till, "revoke", REVOKE, &client);
    till_call(&till, "call the API");
    end();
}

/* The main loop of a session, from power-on over two resets to the log-out. */
static void session(void)
{
    static const pos_token_credentials user = {
        ZYPE_CLIENT, .username = POS_TOKEN_TEXT(ZYPE_USERNAME), .password = POS_TOKEN_TEXT(ZYPE_PASSWORD)};
    begin("session", "zype=", &POS_TOKEN_ZYPE, "/api/me");
    session_run(&till, &user);
    end();
}

static void loyalife(void)
{
    static const pos_token_credentials client = {.client_id = POS_TOKEN_TEXT(LOYALIFE_CLIENT_ID),
                                                 .client_secret = POS_TOKEN_TEXT(LOYALIFE_CLIENT_SECRET)};
    static const pos_token_credentials wrong_client = {.client_id = POS_TOKEN_TEXT(LOYALIFE_CLIENT_ID),
                                                       .client_secret = POS_TOKEN_TEXT(WRONG)};
    static const pos_token_span scope_texts[] = {POS_TOKEN_TEXT("LOGIN"), POS_TOKEN_TEXT(LOYALIFE_RELATION_REFERENCE)};
    uint8_t scope[64];
    pos_token_credentials member = client;
    member.scope.ptr = scope;
    if (pos_token_json_string_array(scope_texts, 2, scope, sizeof scope, &member.scope.len) != POS_TOKEN_OK) {
        board_exit(false);
    }
    begin("loyalife", "loyalife=", &POS_TOKEN_LOYALIFE, "/lbms-ingress/api/me");
    use_key(LOYALIFE_SIGNING_KEY);
    till_step(&till, "log in", LOG_IN, &client);
    till_call(&till, "call the API");
    till_step(&till, "log in for a member", LOG_IN, &member);
    till_call(&till, "call the API");

    till_step(&till, "wrong client secret", LOG_IN, &wrong_client);
    till_scenario(&till, "exception on the server", "/~exception", LOG_IN, &client);
    usual_failures(&client);
    till_call(&till, "the token outlives all that");
    till_scenario(&till, "forged token", "/~forged", LOG_IN, &client);
    till_scenario(&till, "the algorithm is called HS512", "/~hs512", LOG_IN, &client);
    till_scenario(&till, "chunks of one byte", "/~chunks", LOG_IN, &client);
    end();
}

static void open_loyalty(void)
{
    static const pos_token_credentials admin = {.username = POS_TOKEN_TEXT(OPEN_LOYALTY_ADMIN_USERNAME),
                                                .password = POS_TOKEN_TEXT(OPEN_LOYALTY_ADMIN_PASSWORD)};
    static const pos_token_credentials stranger = {.username = POS_TOKEN_TEXT(OPEN_LOYALTY_ADMIN_USERNAME),
                                                   .password = POS_TOKEN_TEXT(WRONG)};
    static const pos_token_credentials member = {.username = POS_TOKEN_TEXT(OPEN_LOYALTY_MEMBER_USERNAME),
                                                 .password = POS_TOKEN_TEXT(OPEN_LOYALTY_MEMBER_PASSWORD),
                                                 .store_code = POS_TOKEN_TEXT(OPEN_LOYALTY_STORE_CODE)};
    static const pos_token_credentials store = {.store_code = POS_TOKEN_TEXT(OPEN_LOYALTY_STORE_CODE)};
    begin("openloyalty", "openloyalty=", &POS_TOKEN_OPEN_LOYALTY, "/api/me");
    till_step(&till, "log in", LOG_IN, &admin);
    till_call(&till, "call the API");
    till_step(&till, "refresh", REFRESH, &nothing);
    till_call(&till, "call the API");
    till_step(&till, "log out", LOG_OUT, &nothing);
    till_step(&till, "refresh after that", REFRESH, &nothing);
    till_step(&till, "log in as a member", LOG_IN, &member);
    till_step(&till, "refresh", REFRESH, &store);
    till_call(&till, "call the API");

    till_step(&till, "wrong password", LOG_IN, &stranger);
    usual_failures(&admin);
    till_scenario(&till, "a firewall's page", "/~blocked", LOG_IN, &admin);
    till_call(&till, "the token outlives all that");
    till_scenario(&till, "the longest token", "/~long", LOG_IN, &admin);
    till_scenario(&till, "every sign escaped", "/~escaped", LOG_IN, &admin);
    end();
}

static void rfc6749(void)
{
    static const pos_token_credentials client = {.client_id = POS_TOKEN_TEXT(RFC6749_CLIENT_ID),
                                                 .client_secret = POS_TOKEN_TEXT(RFC6749_CLIENT_SECRET)};
    static const pos_token_credentials no_password = {.client_id = POS_TOKEN_TEXT(RFC6749_CLIENT_ID),
                                                      .client_secret = POS_TOKEN_TEXT(RFC6749_CLIENT_SECRET),
                                                      .username = POS_TOKEN_TEXT("jane")};
    begin("rfc6749", "rfc6749=", &POS_TOKEN_RFC6749, "/api/me");
    till.path = pos_token_text("/token");
    till_step(&till, "log in as the client", LOG_IN, &client);
    till_call(&till, "call the API");
    till_scenario(&till, "another protocol", "/~garbage", LOG_IN, &client);
    till_scenario(&till, "no answer", "/~silent", LOG_IN, &client);
    uint16_t port = till.port;
    till.port = 1;
    till_step(&till, "no connection", LOG_IN, &client);
    till.port = port;
    till_step(&till, "no password", LOG_IN, &no_password);
    till_call(&till, "the token outlives all that");
    end();
}

int main(void)
{
    if (pos_token_self_test() != POS_TOKEN_OK) {
        print_text("the self-test fails\n", 0);
        return 1;
    }
    session();
    loyalty_dog();
    fastapi();
    zype();
    loyalife();
    open_loyalty();
    rfc6749();
    return 0;
}
