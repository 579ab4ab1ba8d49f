#include "canned.h"
#include "evidence.h"
#include "fixtures.h"

enum { PIECE = 64 };

static const pos_token_credentials user = {.username = POS_TOKEN_TEXT("till-7@example.com"),
                                           .password = POS_TOKEN_TEXT(PASSWORD)};
static const pos_token_credentials client = {.client_id = POS_TOKEN_TEXT("till"),
                                             .client_secret = POS_TOKEN_TEXT(CLIENT_SECRET)};
static const pos_token_credentials device = {.client_id = POS_TOKEN_TEXT("till"),
                                             .client_secret = POS_TOKEN_TEXT(CLIENT_SECRET),
                                             .linked_device_id = POS_TOKEN_TEXT("device-7"),
                                             .pin = POS_TOKEN_TEXT(PIN)};
static const pos_token_credentials code = {.code = POS_TOKEN_TEXT(CODE)};
static const pos_token_credentials nothing;

/* What has to come of an answer: an outcome, or a status of its own. */
static bool exchange(const pos_token_provider *provider, uint32_t purpose, const pos_token_credentials *credentials,
                     pos_token_store *store, const char *answer, uint32_t outcome)
{
    uint8_t scratch[PIECE];
    pos_token_result result;
    pos_token_transport server = canned(pos_token_text(answer));
    const pos_token_request request = {.provider = provider, .credentials = credentials, .purpose = purpose};
    const pos_token_endpoint endpoint = {.host = POS_TOKEN_TEXT("api.example.com"), .path = POS_TOKEN_TEXT("/token")};
    const pos_token_answer_options options = {.flags = POS_TOKEN_KEEP_SERVER_TEXT};
    pos_token_status status =
        pos_token_exchange_run(&request, &endpoint, &server, &options, store, scratch, sizeof scratch, &result);
    return (status == POS_TOKEN_OK ? result.outcome : status) == outcome;
}

static bool verify(const pos_token_store *store, const pos_token_hs512_key *key, const pos_token_provider *provider)
{
    pos_token_span token;
    pos_token_verified_claims claims;
    const pos_token_validation validation = {.now = NOW, .leeway = 30};
    return pos_token_store_access_token(store, &token) == POS_TOKEN_OK &&
           pos_token_jwt_verify(token, key, provider->hs512_alias, &validation, &claims) == POS_TOKEN_OK;
}

static bool authorize(const pos_token_store *store, const pos_token_provider *provider)
{
    pos_token_span token;
    uint8_t piece[PIECE];
    size_t count = 1;
    bool is_good = pos_token_store_access_token(store, &token) == POS_TOKEN_OK;
    for (size_t offset = 0; is_good && count != 0; offset += count) {
        is_good = pos_token_authorization_write_at(provider, token, offset, piece, sizeof piece, &count) ==
                  POS_TOKEN_OK;
    }
    /* The piece is this function's own. */
    return pos_token_wipe(piece, sizeof piece) == POS_TOKEN_OK && is_good;
}

static bool body(const pos_token_provider *provider, const pos_token_credentials *credentials)
{
    uint8_t text[512];
    size_t len = 0;
    const pos_token_request request = {
        .provider = provider, .credentials = credentials, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    bool is_good = pos_token_request_body(&request, text, sizeof text, &len) == POS_TOKEN_OK;
    return pos_token_wipe(text, sizeof text) == POS_TOKEN_OK && is_good;
}

static bool loyalty_dog(pos_token_store *store, pos_token_hs512_key *key)
{
    const pos_token_provider *provider = &POS_TOKEN_LOYALTY_DOG;
    return pos_token_hs512_key_init(key, pos_token_text(KEY)) == POS_TOKEN_OK && body(provider, &user) &&
           exchange(provider, POS_TOKEN_PURPOSE_LOG_IN, &user, store, ANSWER_LOYALTY_DOG,
                    POS_TOKEN_OUTCOME_GRANTED) &&
           verify(store, key, provider) && authorize(store, provider) &&
           exchange(provider, POS_TOKEN_PURPOSE_LOG_IN, &user, store, ANSWER_ECHO, POS_TOKEN_OUTCOME_DENIED) &&
           exchange(provider, POS_TOKEN_PURPOSE_LOG_IN, &user, store, ANSWER_PENDING,
                    POS_TOKEN_OUTCOME_MFA_PENDING) &&
           exchange(provider, POS_TOKEN_PURPOSE_VERIFY_CODE, &code, store, ANSWER_LOYALTY_DOG,
                    POS_TOKEN_OUTCOME_GRANTED) &&
           pos_token_hs512_key_wipe(key) == POS_TOKEN_OK;
}

static bool zype(pos_token_store *store)
{
    const pos_token_provider *provider = &POS_TOKEN_ZYPE;
    return body(provider, &device) &&
           exchange(provider, POS_TOKEN_PURPOSE_LOG_IN, &device, store, ANSWER_ZYPE, POS_TOKEN_OUTCOME_GRANTED) &&
           authorize(store, provider) &&
           exchange(provider, POS_TOKEN_PURPOSE_REFRESH, &client, store, ANSWER_TRUNCATED, POS_TOKEN_HTTP_TRUNCATED) &&
           exchange(provider, POS_TOKEN_PURPOSE_REFRESH, &client, store, ANSWER_ZYPE_REFRESHED,
                    POS_TOKEN_OUTCOME_GRANTED) &&
           exchange(provider, POS_TOKEN_PURPOSE_REFRESH, &client, store, ANSWER_DENIED, POS_TOKEN_OUTCOME_DENIED);
}

/* The two halves of a buffer are slot 0 and what is read into. */
static ptrdiff_t record_read(void *ctx, uint32_t slot, uint8_t *to, size_t room)
{
    const uint8_t *record = ctx;
    for (size_t at = 0; slot == 0 && at < room; at++) {
        to[at] = record[at];
    }
    return slot == 0 ? (ptrdiff_t)room : 0;
}

static bool begin_and_accept(pos_token_session *session, pos_token_store *store, pos_token_now now, const char *answer)
{
    uint8_t scratch[PIECE];
    pos_token_begun begun;
    pos_token_result result;
    pos_token_transport server = canned(pos_token_text(answer));
    const pos_token_endpoint endpoint = {.host = POS_TOKEN_TEXT("api.example.com")};
    return pos_token_session_begin(session, &device, now, &begun) == POS_TOKEN_OK &&
           pos_token_exchange_run(&begun.request, &endpoint, &server, NULL, store, scratch, sizeof scratch, &result) ==
               POS_TOKEN_OK &&
           pos_token_session_accept(session, begun.number, &result, now) == POS_TOKEN_OK;
}

/* A log-in, a record, a boot with it, a refresh. The records are the caller's own to wipe. */
static bool session(pos_token_store *store)
{
    const pos_token_provider *provider = &POS_TOKEN_ZYPE;
    const pos_token_now boot = {.device = NOW}, later = {.uptime = 600000U * 1000U, .device = NOW + 600000};
    uint8_t records[512];
    size_t half = sizeof records / 2, len;
    pos_token_policy policy;
    pos_token_session session;
    pos_token_storage storage = {.ctx = records, .read = record_read};
    pos_token_restored restored;
    pos_token_record record;
    bool is_good =
        pos_token_policy_init(&policy, 7) == POS_TOKEN_OK &&
        pos_token_session_init(&session, provider, &policy, store, boot) == POS_TOKEN_OK &&
        begin_and_accept(&session, store, boot, ANSWER_ZYPE) &&
        pos_token_session_save(&session, NULL, 1, boot, records, half, &len, &record) == POS_TOKEN_OK &&
        pos_token_session_init(&session, provider, &policy, store, boot) == POS_TOKEN_OK &&
        pos_token_session_restore(&session, &storage, boot, records + half, half, &restored) == POS_TOKEN_OK &&
        pos_token_session_saved(&session, restored.number + 1) == POS_TOKEN_OK &&
        begin_and_accept(&session, store, later, ANSWER_ZYPE_REFRESHED) &&
        pos_token_session_save(&session, NULL, 1, later, records, half, &len, &record) == POS_TOKEN_OK &&
        pos_token_session_saved(&session, record.number) == POS_TOKEN_OK && authorize(store, provider);
    return pos_token_wipe(records, sizeof records) == POS_TOKEN_OK && is_good;
}

static bool open_loyalty(pos_token_store *store)
{
    const pos_token_provider *provider = &POS_TOKEN_OPEN_LOYALTY;
    pos_token_span token;
    pos_token_unverified_claims said;
    return exchange(provider, POS_TOKEN_PURPOSE_LOG_IN, &user, store, ANSWER_OPEN_LOYALTY,
                    POS_TOKEN_OUTCOME_GRANTED) &&
           pos_token_store_access_token(store, &token) == POS_TOKEN_OK &&
           pos_token_jwt_peek(token, &said) == POS_TOKEN_OK &&
           exchange(provider, POS_TOKEN_PURPOSE_REFRESH, &nothing, store, ANSWER_OPEN_LOYALTY,
                    POS_TOKEN_OUTCOME_GRANTED);
}

/* Loyalife last: its token and its key stay in use. The key comes as text, and one longer than a block before it. It is
   prepared once more at the end: no later call writes over what that leaves on the stack. */
static bool loyalife(pos_token_store *store, pos_token_hs512_key *key)
{
    const pos_token_provider *provider = &POS_TOKEN_LOYALIFE;
    return pos_token_hs512_key_init(key, pos_token_text(LONG_KEY)) == POS_TOKEN_OK &&
           pos_token_hs512_key_init_base64url(key, pos_token_text(KEY_BASE64URL)) == POS_TOKEN_OK &&
           exchange(provider, POS_TOKEN_PURPOSE_LOG_IN, &client, store, ANSWER_LOYALIFE, POS_TOKEN_OUTCOME_GRANTED) &&
           verify(store, key, provider) && authorize(store, provider) &&
           pos_token_hs512_key_init_base64url(key, pos_token_text(KEY_BASE64URL)) == POS_TOKEN_OK;
}

bool story(pos_token_store *store, pos_token_hs512_key *key, uint8_t *arena, size_t arena_len)
{
    /* RFC 6749 with HTTP Basic: the client's credentials in base64. */
    return pos_token_store_init(store, arena, arena_len) == POS_TOKEN_OK &&
           exchange(&POS_TOKEN_RFC6749, POS_TOKEN_PURPOSE_LOG_IN, &client, store, ANSWER_RFC6749,
                    POS_TOKEN_OUTCOME_GRANTED) &&
           loyalty_dog(store, key) && zype(store) && session(store) && open_loyalty(store) && loyalife(store, key);
}
