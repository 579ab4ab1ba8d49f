/* Each public function on a painted stack, with the work that takes the most: a whole answer, a whole token. */

#include "board.h"
#include "canned.h"
#include "evidence.h"
#include "fixtures.h"

static bool all_good = true;
static uint8_t arena[3328];
static uint8_t buf[512];
static size_t len;
static pos_token_store store;
static pos_token_answer answer;
static pos_token_result result;
static pos_token_hs512_key key;
static pos_token_verified_claims verified;
static pos_token_unverified_claims said;

static void print_measure(const char *kind, const char *function, uintptr_t bytes, bool is_good)
{
    print_text(kind, 0);
    print_text(" ", 0);
    print_text(function, 0);
    print_text(" ", 0);
    print_number((uint32_t)bytes, 0);
    print_text(is_good ? "\n" : " FAILED\n", 0);
    all_good = all_good && is_good;
}

/* From the caller's stack pointer down to the lowest word that was written. A call that has to fail says so. */
#define MEASURE_CALL(name, good) \
    do { \
        const uintptr_t above = stack_pointer(); \
        stack_paint(); \
        bool is_good = (good); \
        print_measure("stack", name, above - stack_low(), is_good); \
    } while (0)
#define MEASURE(function, expected, ...) MEASURE_CALL(#function, function(__VA_ARGS__) == (expected))
#define OK(function, ...) MEASURE(function, POS_TOKEN_OK, __VA_ARGS__)

static const pos_token_credentials everything = {.username = POS_TOKEN_TEXT("till-7@example.com"),
                                                 .password = POS_TOKEN_TEXT(PASSWORD),
                                                 .client_id = POS_TOKEN_TEXT("till"),
                                                 .client_secret = POS_TOKEN_TEXT(CLIENT_SECRET),
                                                 .store_code = POS_TOKEN_TEXT("DEFAULT")};
static const pos_token_endpoint endpoint = {.host = POS_TOKEN_TEXT("api.example.com"),
                                            .prefix = POS_TOKEN_TEXT("/prefix"),
                                            .path = POS_TOKEN_TEXT("/token"),
                                            .user_agent = POS_TOKEN_TEXT("till/1.0"),
                                            .port = 8443};

__attribute__((noinline)) static void tools(void)
{
    static const pos_token_span texts[] = {POS_TOKEN_TEXT("LOGIN"), POS_TOKEN_TEXT("jane@example.com")};
    static const pos_token_span bytes = POS_TOKEN_TEXT("\377\357 pos");
    static const pos_token_span text = POS_TOKEN_TEXT("_-8gcG9z");
    int64_t seconds;
    MEASURE_CALL("pos_token_self_test", pos_token_self_test() == POS_TOKEN_OK);
    MEASURE_CALL("pos_token_abi_version", pos_token_abi_version() == POS_TOKEN_ABI_VERSION);
    MEASURE_CALL("pos_token_status_name", pos_token_status_name(POS_TOKEN_JWT_ISSUER)[0] != '\0');
    MEASURE(pos_token_status_verdict, POS_TOKEN_VERDICT_LOG_IN, POS_TOKEN_JWT_EXPIRED);
    OK(pos_token_rfc3339_parse, pos_token_text("2026-03-16T20:45:02.5+05:30"), POS_TOKEN_MISSING_ZONE_REFUSE, &seconds);
    OK(pos_token_http_date_parse, pos_token_text("Monday, 16-Mar-26 15:15:02 GMT"), &seconds);
    OK(pos_token_base64url_encode, bytes, buf, sizeof buf, &len);
    OK(pos_token_base64url_decode, text, buf, sizeof buf, &len);
    OK(pos_token_json_string_array, texts, 2, buf, sizeof buf, &len);
    OK(pos_token_wipe, buf, sizeof buf);
}

__attribute__((noinline)) static void requests(const pos_token_provider *provider)
{
    const pos_token_request request = {
        .provider = provider, .credentials = &everything, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    pos_token_transport server = canned(pos_token_text(""));
    pos_token_span text;
    OK(pos_token_provider_check, provider);
    OK(pos_token_request_check, &request);
    MEASURE(pos_token_request_field_at_fault, 0, &request);
    OK(pos_token_request_body, &request, buf, sizeof buf, &len);
    OK(pos_token_request_method, &request, &text);
    OK(pos_token_request_content_type, &request, &text);
    OK(pos_token_request_http, &request, &endpoint, buf, sizeof buf, &len);
    OK(pos_token_request_http_at, &request, &endpoint, 100, buf, 64, &len);
    OK(pos_token_request_http_write, &request, &endpoint, &server, buf, 64);
    OK(pos_token_authorization_write, provider, pos_token_text(ZYPE_TOKEN), buf, sizeof buf, &len);
    OK(pos_token_authorization_write_at, provider, pos_token_text(ZYPE_TOKEN), 8, buf, 64, &len);
}

__attribute__((noinline)) static void exchange(const pos_token_provider *provider, const char *text)
{
    const pos_token_request request = {
        .provider = provider, .credentials = &everything, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    pos_token_transport server = canned(pos_token_text(text));
    uintptr_t top = stack_pointer();
    OK(pos_token_exchange_run, &request, &endpoint, &server, NULL, &store, buf, 64, &result);
    server = canned(pos_token_text(text));
    OK(pos_token_exchange_run_checked, &request, &endpoint, &server, NULL, &store, buf, 64, canned_check, NULL, &result);
    print_measure("callback", "read", top - canned_deepest_read, true);
    print_measure("callback", "write", top - canned_deepest_write, true);
}

__attribute__((noinline)) static void answers(const pos_token_provider *provider, const char *text)
{
    bool is_complete;
    size_t unread;
    uint16_t status;
    pos_token_when when;
    OK(pos_token_answer_init, &answer, provider, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store);
    OK(pos_token_answer_feed, &answer, pos_token_text(text), &is_complete, &unread);
    OK(pos_token_answer_status_code, &answer, &status);
    OK(pos_token_answer_retry_after, &answer, &when);
    OK(pos_token_answer_finish, &answer, &result);
}

/* Where another stack did the framing. */
__attribute__((noinline)) static void framed_answer(void)
{
    static const char TEXT[] = "{\"results\":{\"token\":\"" LOYALIFE_TOKEN "\"}";
    bool is_complete;
    uint32_t offset;
    pos_token_span token;
    OK(pos_token_answer_init, &answer, &POS_TOKEN_LOYALIFE, POS_TOKEN_PURPOSE_LOG_IN, NULL, &store);
    OK(pos_token_answer_status, &answer, 200);
    OK(pos_token_answer_field, &answer, pos_token_text("Date"), pos_token_text("Mon, 16 Mar 2026 15:15:02 GMT"));
    OK(pos_token_answer_body, &answer, pos_token_text(TEXT), &is_complete);
    OK(pos_token_answer_access_token, &answer, &token);
    MEASURE(pos_token_answer_body, POS_TOKEN_JSON_UNEXPECTED, &answer, pos_token_text("]"), &is_complete);
    OK(pos_token_answer_error_offset, &answer, &offset);
    OK(pos_token_answer_wipe, &answer);
}

__attribute__((noinline)) static void stores(void)
{
    pos_token_span text;
    uint32_t needed;
    OK(pos_token_store_access_token, &store, &text);
    OK(pos_token_store_refresh_token, &store, &text);
    OK(pos_token_store_pending_token, &store, &text);
    OK(pos_token_store_scope, &store, &text);
    OK(pos_token_store_server_text, &store, &text);
    MEASURE(pos_token_store_needed, POS_TOKEN_ABSENT, &store, &needed);
    OK(pos_token_store_wipe, &store);
}

static pos_token_policy policy;
static pos_token_session session;
/* A slot, and what it is read into and written from. */
static uint8_t slot[2048], record_buf[2048];

static ptrdiff_t slot_read(void *ctx, uint32_t number, uint8_t *to, size_t room)
{
    (void)ctx;
    for (size_t at = 0; number == 0 && at < room && at < sizeof slot; at++) {
        to[at] = slot[at];
    }
    return number != 0 ? 0 : room < sizeof slot ? (ptrdiff_t)room : (ptrdiff_t)sizeof slot;
}

/* Seals by nothing but a byte more. */
static ptrdiff_t slot_seal(void *ctx, const uint8_t *header, size_t header_len, uint8_t *body, size_t count, size_t room)
{
    (void)ctx;
    body[count] = header[header_len - 1];
    return count < room ? (ptrdiff_t)count + 1 : -1;
}

static ptrdiff_t slot_open(void *ctx, const uint8_t *header, size_t header_len, uint8_t *body, size_t count)
{
    (void)ctx;
    return body[count - 1] == header[header_len - 1] ? (ptrdiff_t)count - 1 : -1;
}

/* A log-in, a record, a boot with it, and all that can happen between two log-ins. */
__attribute__((noinline)) static void sessions(const pos_token_provider *provider, const char *text)
{
    pos_token_storage storage = {.read = slot_read, .seal = slot_seal, .open = slot_open};
    pos_token_now now = {.device = NOW};
    pos_token_restored restored;
    pos_token_record record;
    pos_token_step step;
    pos_token_begun begun;
    pos_token_in_use token;
    pos_token_clock clock;
    pos_token_last_known known;
    pos_token_uptime uptime = POS_TOKEN_ZERO;
    pos_token_transport server = canned(pos_token_text(text));
    uint32_t rejection;
    bool may_go;
    pos_token_wipe(slot, sizeof slot);
    pos_token_store_wipe(&store);
    pos_token_store_init(&store, arena, sizeof arena);
    OK(pos_token_policy_init, &policy, 7);
    OK(pos_token_uptime_extend, &uptime, 1000, &now.uptime);
    MEASURE(pos_token_record_len, 71, 0, 0, 1);
    OK(pos_token_session_init, &session, provider, &policy, &store, now);
    MEASURE(pos_token_session_restore, POS_TOKEN_RECORD_ABSENT, &session, &storage, now, record_buf, sizeof record_buf,
            &restored);
    OK(pos_token_session_next, &session, now, &step);
    OK(pos_token_session_begin, &session, &everything, now, &begun);
    pos_token_exchange_run(&begun.request, &endpoint, &server, NULL, &store, buf, 64, &result);
    OK(pos_token_session_accept, &session, begun.number, &result, now);
    OK(pos_token_session_next, &session, now, &step);
    OK(pos_token_session_save, &session, &storage, 16, now, slot, sizeof slot, &len, &record);
    OK(pos_token_session_save_failed, &session, record.number);
    OK(pos_token_session_saved, &session, record.number);
    OK(pos_token_session_token, &session, now, &token);
    OK(pos_token_session_next, &session, now, &step);
    OK(pos_token_session_last_known, &session, now, &known);
    OK(pos_token_session_init, &session, provider, &policy, &store, now);
    OK(pos_token_session_restore, &session, &storage, now, record_buf, sizeof record_buf, &restored);
    OK(pos_token_session_saved, &session, restored.number + 1);
    OK(pos_token_session_observe, &session, NOW, now);
    OK(pos_token_session_clock, &session, now, &clock);
    OK(pos_token_session_rejected, &session, token.generation, now, &rejection);
    pos_token_session_save_failed(&session, 0);
    OK(pos_token_session_begin, &session, &everything, now, &begun);
    OK(pos_token_session_failed, &session, begun.number, POS_TOKEN_TRANSPORT, 0, NULL, now);
    OK(pos_token_session_customer_waiting, &session, now, &may_go);
    OK(pos_token_session_logged_out, &session);
    OK(pos_token_session_credentials_changed, &session, now);
}

static uint32_t mac_verify(void *ctx, const uint8_t *message, size_t message_len, const uint8_t *mac)
{
    (void)ctx;
    (void)message;
    (void)message_len;
    (void)mac;
    return POS_TOKEN_MAC_VALID;
}

/* Of another message. */
static uint32_t mac_compute(void *ctx, const uint8_t *message, size_t message_len, uint8_t *mac)
{
    (void)ctx;
    (void)message;
    (void)message_len;
    for (size_t at = 0; at < 64; at++) {
        mac[at] = 0;
    }
    return POS_TOKEN_MAC_COMPUTED;
}

__attribute__((noinline)) static void tokens(void)
{
    static const pos_token_span token = POS_TOKEN_TEXT(LOYALIFE_TOKEN);
    static const pos_token_mac platform = {.verify = mac_verify};
    static const pos_token_mac other = {.compute = mac_compute};
    const pos_token_validation validation = {.now = NOW,
                                             .leeway = 30,
                                             .issuer = POS_TOKEN_TEXT("https://evidence.example"),
                                             .audience = POS_TOKEN_TEXT("till"),
                                             .typ = POS_TOKEN_TEXT("JWT")};
    const pos_token_span alias = POS_TOKEN_LOYALIFE.hs512_alias;
    int64_t number;
    bool is_there;
    OK(pos_token_hs512_key_init_base64url_short, &key, pos_token_text(KEY_BASE64URL));
    OK(pos_token_hs512_key_init_short, &key, pos_token_text(LONG_KEY));
    OK(pos_token_hs512_key_init, &key, pos_token_text(LONG_KEY));
    OK(pos_token_hs512_key_init_base64url, &key, pos_token_text(KEY_BASE64URL));
    OK(pos_token_jwt_peek, token, &said);
    OK(pos_token_jwt_verify_mac, token, &platform, alias, &validation, &verified);
    MEASURE(pos_token_jwt_verify_mac, POS_TOKEN_JWT_SIGNATURE, token, &other, alias, &validation, &verified);
    OK(pos_token_jwt_verify, token, &key, alias, &validation, &verified);
    OK(pos_token_claims_text, &verified.claims, pos_token_text("iss"), buf, sizeof buf, &len);
    OK(pos_token_claims_contain, &verified.claims, pos_token_text("role"), pos_token_text("cashier"), &is_there);
    OK(pos_token_claims_number, &verified.claims, pos_token_text("exp"), &number);
    OK(pos_token_hs512_key_wipe, &key);
}

bool measure(void)
{
    static const pos_token_provider *const providers[] = {&POS_TOKEN_LOYALTY_DOG, &POS_TOKEN_ZYPE, &POS_TOKEN_LOYALIFE,
                                                          &POS_TOKEN_OPEN_LOYALTY, &POS_TOKEN_RFC6749};
    static const char *const texts[] = {ANSWER_LOYALTY_DOG, ANSWER_ZYPE, ANSWER_LOYALIFE, ANSWER_OPEN_LOYALTY,
                                        ANSWER_RFC6749};
    tools();
    OK(pos_token_store_init, &store, arena, sizeof arena);
    for (size_t at = 0; at < POS_TOKEN_COUNT(providers); at++) {
        requests(providers[at]);
        exchange(providers[at], texts[at]);
        answers(providers[at], texts[at]);
    }
    for (size_t at = 0; at < POS_TOKEN_COUNT(providers); at++) {
        sessions(providers[at], texts[at]);
    }
    pos_token_wipe(slot, sizeof slot);
    const pos_token_request own_path = {
        .provider = &POS_TOKEN_OPEN_LOYALTY, .credentials = &everything, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    const pos_token_request basic = {
        .provider = &POS_TOKEN_RFC6749, .credentials = &everything, .purpose = POS_TOKEN_PURPOSE_LOG_IN};
    OK(pos_token_request_path, &own_path, buf, sizeof buf, &len);
    OK(pos_token_request_authorization, &basic, buf, sizeof buf, &len);
    framed_answer();
    stores();
    tokens();
    return all_good;
}
