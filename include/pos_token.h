/**
 * \file pos_token.h
 *
 * pos-token: access tokens for points of sale.
 *
 * Gets bearer tokens from loyalty-program APIs and checks them. No heap, no I/O, no clock, no global state: bytes in,
 * bytes out. It answers a till's four questions, and each step can be used alone:
 *
 * - what do I send: pos_token_request_body(), pos_token_request_http(), pos_token_request_http_at();
 * - what came back: pos_token_answer_init(), pos_token_answer_feed(), pos_token_answer_finish();
 *   both at once over a connection: pos_token_exchange_run(), pos_token_exchange_run_checked();
 * - can I trust it: pos_token_jwt_verify(), or pos_token_jwt_peek() without a key, for scheduling only;
 * - what do I do now: the `verdict` of a pos_token_result, and pos_token_status_verdict() of an error. Or let a session
 *   decide, over boots, power cuts and outages: pos_token_session_next().
 *
 * **Names.** Functions are `pos_token_<noun>_<verb>`. Inputs come before outputs. Enumerations are passed as `uint32_t`
 * and stand in tables as `uint8_t`, so that no compiler's choice of their size matters; 0 is none of their values.
 *
 * **Errors.** Every function that can fail returns a pos_token_status, 0 of which is success. What it returns in which
 * case stands with it, and with each of pos_token_status_code stands which functions return it. A result is written in
 * success only. The one exception: where a buffer is too small, POS_TOKEN_BUFFER_TOO_SMALL is returned and `*out_len`
 * holds how much is needed; `NULL` with a length of 0 asks just that.
 *
 * **NULL.** An absent text is a span of NULL and 0; one that is not NULL and has the length 0 is empty. Where NULL is
 * allowed it is said so; anywhere else it is POS_TOKEN_NULL_POINTER. No wrong pointer of that kind, no length, number
 * or order of calls is undefined behaviour; a pointer to memory that is not there is, as everywhere in C.
 *
 * **Memory.** All of it is the caller's. Types are complete, to be placed anywhere; members marked private are not to
 * be touched. There is nothing to release, and for what holds secrets there is a `…_wipe`. Input and output must not
 * overlap, which is POS_TOKEN_OVERLAP. A buffer that turned out too small may have been cleared.
 *
 * **Lifetime.** What is passed to a function is used until it returns, and what it only reads must not change before
 * that, not even in a callback. Six things are kept longer, by address: a store keeps its buffer, an answer its
 * provider and its store, a session its provider, its policy and its store, an exchange that it began the credentials,
 * claims their token, and a table what it points at. A provider that is kept must not change meanwhile, nor anything
 * that it points at: it is looked at once, and then relied on. No object points into itself, so it may be copied
 * before it is used. Spans that come out of a store are good until it is used for another answer or wiped.
 *
 * **Threads, interrupts, re-entrancy.** Functions keep no state of their own: calls on distinct objects may run at
 * once, in threads, in interrupts and inside of callbacks. One object is for one call at a time. Constant objects, such
 * as providers, can be shared.
 *
 * **Blocking.** Only pos_token_exchange_run(), pos_token_exchange_run_checked(), pos_token_request_http_write(),
 * pos_token_jwt_verify_mac(), pos_token_session_restore() and pos_token_session_save() can, and only inside of the
 * caller's callbacks. A callback must return; it must not leave by `longjmp` or an exception.
 *
 * **Secrets.** Wipe your own copies with pos_token_wipe(). What this library writes to a scratch buffer, to the back of
 * a store and, in work on keys, to the stack it wipes itself.
 *
 * **Porting.** Firmware supplies a connection that reads and writes, TLS as a rule; the time, where it has a clock; and
 * `memcpy`, `memmove`, `memset` and `memcmp`, which the library brings where the C library does not. Nothing else.
 *
 * \code
 * static uint8_t token_memory[1024];
 * static pos_token_store tokens;
 *
 * // Over a connection to api.loyalty.dog; false: see the verdict, or call the operator.
 * bool till_log_in(pos_token_transport *tls, pos_token_span user, pos_token_span password) {
 *     uint8_t scratch[128];
 *     pos_token_result result;
 *     pos_token_credentials credentials = POS_TOKEN_ZERO;
 *     pos_token_endpoint endpoint = POS_TOKEN_ZERO;
 *     pos_token_request request = POS_TOKEN_ZERO;
 *
 *     if (pos_token_store_init(&tokens, token_memory, sizeof token_memory) != POS_TOKEN_OK) {
 *         return false;
 *     }
 *     credentials.username = user;
 *     credentials.password = password;
 *     endpoint.host = pos_token_text("api.loyalty.dog");
 *     request.provider = &POS_TOKEN_LOYALTY_DOG;
 *     request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
 *     request.credentials = &credentials;
 *     return pos_token_exchange_run(&request, &endpoint, tls, NULL, &tokens, scratch, sizeof scratch,
 *                                   &result) == POS_TOKEN_OK &&
 *            result.verdict == POS_TOKEN_VERDICT_USE;
 * }
 * \endcode
 *
 * Written by cbindgen from the library's source: do not edit.
 */

#ifndef POS_TOKEN_H
#define POS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Keep the scope that was granted, in the store.
 */
#define POS_TOKEN_KEEP_SCOPE 1

/**
 * Keep the server's words about a refusal, in the store. They may echo a password: not for a log.
 */
#define POS_TOKEN_KEEP_SERVER_TEXT 2

/**
 * A number of seconds that nothing tells or bounds.
 */
#define POS_TOKEN_UNKNOWN 4294967295

/**
 * There is no clock: the times are not compared, and come back as POS_TOKEN_TIMES_NOT_CHECKED. The signature is
 * checked all the same.
 */
#define POS_TOKEN_WITHOUT_CLOCK 1

/**
 * A token without `exp` is accepted too; where there is one, it holds.
 */
#define POS_TOKEN_EXPIRY_OPTIONAL 2

/**
 * A token is refused whose `iat` lies in the future. Not so by default: tills are slow more often than tokens are
 * issued in the future.
 */
#define POS_TOKEN_REFUSE_FUTURE_ISSUED_AT 4

/**
 * What pos_token_mac's `verify` returns where the MAC is right, and in no other case.
 */
#define POS_TOKEN_MAC_VALID 1513920225

/**
 * What pos_token_mac's `compute` returns where it wrote the MAC, and in no other case.
 */
#define POS_TOKEN_MAC_COMPUTED 767781150

/**
 * The version of the binary interface. It changes whenever a program that was built against an earlier header would
 * no longer work.
 */
#define POS_TOKEN_ABI_VERSION 1

/**
 * The values of pos_token_status, by who has to act: 1xx the caller, 2xx the transport, 3xx and 4xx the server's
 * answer, 5xx the server's refusal, 6xx the token, 7xx a session.
 */
enum pos_token_status_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Done.
     * From every function that returns a pos_token_status.
     */
    POS_TOKEN_OK = 0,
    /**
     * The buffer is too small; `*out_len` holds how much is needed. Nothing is left in the buffer.
     * From pos_token_claims_text(), pos_token_request_body(), pos_token_request_path(),
     * pos_token_request_authorization(), pos_token_request_http(), pos_token_authorization_write(),
     * pos_token_base64url_*(), pos_token_json_string_array(),
     * pos_token_session_save().
     */
    POS_TOKEN_BUFFER_TOO_SMALL = 101,
    /**
     * The provider has no request for this purpose.
     * From pos_token_request_*(), pos_token_exchange_*(),
     * pos_token_session_begin().
     */
    POS_TOKEN_NO_SUCH_EXCHANGE = 102,
    /**
     * A credential that the request needs is absent; pos_token_request_field_at_fault() says which.
     * From pos_token_request_*(), pos_token_exchange_*(),
     * pos_token_session_begin().
     */
    POS_TOKEN_MISSING_FIELD = 103,
    /**
     * A credential that the request needs is empty; pos_token_request_field_at_fault() says which.
     * From pos_token_request_*(), pos_token_exchange_*(), pos_token_authorization_*(),
     * pos_token_session_begin().
     */
    POS_TOKEN_EMPTY_FIELD = 104,
    /**
     * A credential holds what cannot be sent where it belongs: a control, a space or a byte that is not ASCII in a token
     * for a header, `.` or `..` in a path; pos_token_request_field_at_fault() says which.
     * From pos_token_request_*(), pos_token_exchange_*(), pos_token_authorization_*(),
     * pos_token_session_begin().
     */
    POS_TOKEN_FORBIDDEN = 105,
    /**
     * A text that goes into JSON is not UTF-8; of a request, pos_token_request_field_at_fault() says which.
     * From pos_token_request_*(), pos_token_exchange_*(), pos_token_json_string_array(),
     * pos_token_session_begin().
     */
    POS_TOKEN_NOT_UTF8 = 106,
    /**
     * The provider leaves the path to the caller: the endpoint's `path` is needed.
     * From pos_token_request_path(), pos_token_request_http*(), pos_token_exchange_*().
     */
    POS_TOKEN_MISSING_PATH = 107,
    /**
     * The answer's texts do not fit behind those in use; pos_token_store_needed() says how large the store's buffer has
     * to be.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_STORE_TOO_SMALL = 110,
    /**
     * The functions of an answer were called in an order that makes no sense: a field before the status, raw bytes after
     * it. Such an answer is spoilt: every later call returns this too, and it is left to be finished or wiped.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish().
     */
    POS_TOKEN_OUT_OF_ORDER = 111,
    /**
     * The scratch buffer has fewer than 64 bytes.
     * From pos_token_request_http_write(), pos_token_exchange_*().
     */
    POS_TOKEN_SCRATCH_TOO_SMALL = 112,
    /**
     * The endpoint's host is neither a name in ASCII nor an address; an IPv6 address goes in brackets.
     * From pos_token_request_http*(), pos_token_exchange_*().
     */
    POS_TOKEN_INVALID_HOST = 121,
    /**
     * The endpoint's prefix does not begin with `/`, or holds `?`, `#`, a space, a control or what is not ASCII.
     * From pos_token_request_http*(), pos_token_exchange_*().
     */
    POS_TOKEN_INVALID_PREFIX = 122,
    /**
     * The path does not begin with `/`, or holds `#`, a space, a control or what is not ASCII, or its braces hold no
     * field's name.
     * From pos_token_request_*(), pos_token_exchange_*(),
     * pos_token_session_begin(), pos_token_provider_check().
     */
    POS_TOKEN_INVALID_PATH = 123,
    /**
     * The endpoint's user agent holds a control or is not UTF-8.
     * From pos_token_request_http*(), pos_token_exchange_*().
     */
    POS_TOKEN_INVALID_USER_AGENT = 124,
    /**
     * A header's name is empty or holds what names do not have, or it is one that this library writes itself.
     * From pos_token_request_http*(), pos_token_exchange_*().
     */
    POS_TOKEN_INVALID_HEADER_NAME = 125,
    /**
     * A header's value holds a control or is not UTF-8.
     * From pos_token_request_http*(), pos_token_exchange_*().
     */
    POS_TOKEN_INVALID_HEADER_VALUE = 126,
    /**
     * The provider's authorization scheme cannot be sent.
     * From pos_token_request_*(), pos_token_exchange_*(), pos_token_authorization_*(),
     * pos_token_session_begin(), pos_token_provider_check().
     */
    POS_TOKEN_INVALID_AUTHORIZATION = 127,
    /**
     * A pointer is NULL that must not be, or NULL with a length other than 0.
     * From every function that returns a pos_token_status but pos_token_self_test().
     */
    POS_TOKEN_NULL_POINTER = 140,
    /**
     * A pointer is not aligned as its type has to be.
     * From every function that returns a pos_token_status but pos_token_wipe(), pos_token_self_test().
     */
    POS_TOKEN_MISALIGNED = 141,
    /**
     * A length is above PTRDIFF_MAX, or reaches beyond the end of the address space.
     * From every function that returns a pos_token_status but pos_token_hs512_key_wipe(), pos_token_self_test().
     */
    POS_TOKEN_INVALID_LENGTH = 142,
    /**
     * Memory that is written overlaps memory that is read, or other memory that is written.
     * From pos_token_answer_*(), pos_token_request_http*(), pos_token_exchange_*(), pos_token_hs512_key_init*(),
     * pos_token_jwt_*(), pos_token_claims_text(), pos_token_request_body(), pos_token_request_path(),
     * pos_token_request_authorization(), pos_token_authorization_*(), pos_token_store_init(),
     * pos_token_store_access_token(), pos_token_store_refresh_token(), pos_token_store_pending_token(),
     * pos_token_store_scope(), pos_token_store_server_text(), pos_token_store_needed(),
     * pos_token_base64url_*(), pos_token_json_string_array(),
     * pos_token_session_*(), pos_token_uptime_extend().
     */
    POS_TOKEN_OVERLAP = 143,
    /**
     * A number is none of its enumeration's, or a flag is unknown.
     * From pos_token_answer_init(), pos_token_request_*(), pos_token_exchange_*(), pos_token_jwt_verify*(),
     * pos_token_rfc3339_parse(),
     * pos_token_session_*().
     */
    POS_TOKEN_INVALID_ENUM = 144,
    /**
     * An object is not initialised, or was wiped or finished.
     * From pos_token_answer_*(), pos_token_request_*(), pos_token_exchange_*(), pos_token_hs512_key_wipe(),
     * pos_token_jwt_verify*(), pos_token_claims_*(), pos_token_store_access_token(),
     * pos_token_store_refresh_token(), pos_token_store_pending_token(), pos_token_store_scope(),
     * pos_token_store_server_text(), pos_token_store_needed(), pos_token_store_wipe(),
     * pos_token_session_*().
     */
    POS_TOKEN_NOT_INITIALISED = 145,
    /**
     * The provider's table has a number that is none of its enumeration's, NULL with a length other than 0, or more than
     * 16 members.
     * From pos_token_answer_init(), pos_token_request_*(), pos_token_exchange_*(), pos_token_provider_check(),
     * pos_token_authorization_*(), pos_token_session_*().
     */
    POS_TOKEN_INVALID_TABLE = 146,
    /**
     * The callbacks are not as they have to be: none is given, or two where one is wanted, or one did not say that it did
     * its work.
     * From pos_token_request_http_write(), pos_token_exchange_*(), pos_token_jwt_verify_mac(),
     * pos_token_session_restore(), pos_token_session_save().
     */
    POS_TOKEN_CALLBACK = 147,
    /**
     * A validation has no time; where there is no clock, POS_TOKEN_WITHOUT_CLOCK says so.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_NO_TIME = 148,
    /**
     * More headers or texts than 8.
     * From pos_token_request_http*(), pos_token_exchange_*(), pos_token_json_string_array().
     */
    POS_TOKEN_TOO_MANY = 149,
    /**
     * There is no such claim, or it is `null`.
     * From pos_token_claims_text(), pos_token_claims_number(), pos_token_store_needed(),
     * pos_token_session_token(), pos_token_session_clock(),
     * pos_token_session_last_known().
     */
    POS_TOKEN_ABSENT = 150,
    /**
     * The self-test failed: the library, its memory or the machine is broken.
     * From pos_token_self_test().
     */
    POS_TOKEN_SELF_TEST = 151,
    /**
     * A callback returned an error of its own; it stands in the transport's `error`.
     * From pos_token_request_http_write(), pos_token_exchange_*().
     */
    POS_TOKEN_TRANSPORT = 201,
    /**
     * The transport took no byte of the request: the connection is closed.
     * From pos_token_request_http_write(), pos_token_exchange_*().
     */
    POS_TOKEN_CLOSED = 202,
    /**
     * A callback says that it read or wrote more than it was given room for.
     * From pos_token_request_http_write(), pos_token_exchange_*().
     */
    POS_TOKEN_OVERRUN = 203,
    /**
     * It does not begin with a status line of HTTP/1.0 or HTTP/1.1, or another stack's status has not three digits.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_BAD_STATUS_LINE = 301,
    /**
     * A field has no colon or no name, or holds what it must not.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_BAD_HEADER_LINE = 302,
    /**
     * White space stands between a field's name and the colon.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_SPACE_BEFORE_COLON = 303,
    /**
     * A field that matters goes on in a second line.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_FOLDED_FIELD = 304,
    /**
     * A CR without its LF.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_BARE_CR = 305,
    /**
     * `Content-Length` is not a number.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_BAD_CONTENT_LENGTH = 306,
    /**
     * `Content-Length` is 2^32 or more.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_CONTENT_LENGTH_OVERFLOW = 307,
    /**
     * `Content-Length` says two things.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_CONFLICTING_CONTENT_LENGTH = 308,
    /**
     * Both `Content-Length` and `Transfer-Encoding`.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_LENGTH_AND_TRANSFER_CODING = 309,
    /**
     * `Transfer-Encoding` is not just `chunked`.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_UNKNOWN_TRANSFER_CODING = 310,
    /**
     * A chunk does not begin with its size.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_BAD_CHUNK_SIZE = 311,
    /**
     * A chunk's size is 2^32 or more.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_CHUNK_SIZE_OVERFLOW = 312,
    /**
     * A chunk is longer than its size says.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_MISSING_CHUNK_END = 313,
    /**
     * Head, chunk sizes and trailers together are over 64 KiB.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_TOO_MUCH_OVERHEAD = 314,
    /**
     * The connection was closed before the answer was complete.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_TRUNCATED = 315,
    /**
     * The connection was closed before the first byte of an answer, as one is that was kept open too long.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_HTTP_NO_RESPONSE = 316,
    /**
     * The text is not written as such a date is.
     * From pos_token_rfc3339_parse(), pos_token_http_date_parse().
     */
    POS_TOKEN_DATE_SYNTAX = 381,
    /**
     * There is no such day, time or offset.
     * From pos_token_rfc3339_parse(), pos_token_http_date_parse().
     */
    POS_TOKEN_DATE_RANGE = 382,
    /**
     * A second 60 at another time than 23:59:60 UTC.
     * From pos_token_rfc3339_parse(), pos_token_http_date_parse().
     */
    POS_TOKEN_DATE_LEAP_SECOND = 383,
    /**
     * The text does not say which zone it is in.
     * From pos_token_rfc3339_parse().
     */
    POS_TOKEN_DATE_NO_ZONE = 384,
    /**
     * It begins with neither `{` nor `[`. Such an answer is POS_TOKEN_OUTCOME_NOT_AN_API.
     * From no function.
     */
    POS_TOKEN_JSON_NOT_A_CONTAINER = 401,
    /**
     * Another byte was due.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_UNEXPECTED = 402,
    /**
     * A control character stands unescaped in a string.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_CONTROL_CHARACTER = 403,
    /**
     * An unknown escape.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_BAD_ESCAPE = 404,
    /**
     * A string is not UTF-8.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_BAD_UTF8 = 405,
    /**
     * A malformed number.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_BAD_NUMBER = 406,
    /**
     * More arrays and objects in one another than are followed.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_TOO_DEEP = 407,
    /**
     * Something follows the document.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_TRAILING = 408,
    /**
     * The document ends early.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_JSON_TRUNCATED = 409,
    /**
     * It is of another type than it has to be.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_WRONG_TYPE = 421,
    /**
     * It came twice, or one that encloses it did, or two members bring the same token.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_DUPLICATE = 422,
    /**
     * A number beyond what it counts.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_OUT_OF_RANGE = 423,
    /**
     * A string with half of a surrogate pair, or with U+0000.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_NOT_TEXT = 424,
    /**
     * A string that is no date by RFC 3339.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_BAD_DATE = 425,
    /**
     * A token that is empty or holds a byte that tokens cannot hold.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_BAD_TOKEN = 426,
    /**
     * A token of a type that cannot be used.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_MEMBER_TOKEN_TYPE = 427,
    /**
     * The JSON body is longer than the limit.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_ANSWER_TOO_LONG = 431,
    /**
     * `Content-Encoding` names a coding, and the body is plain JSON: as from a stack that has undone the coding and
     * gives the field all the same. A body that comes compressed is POS_TOKEN_OUTCOME_NOT_AN_API.
     * From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
     * pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_ANSWER_CONTENT_CODING = 432,
    /**
     * A success without a token.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_ANSWER_NO_TOKEN = 433,
    /**
     * A log-in whose code is missing, without a pending token.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_ANSWER_NO_PENDING_TOKEN = 434,
    /**
     * A token and the demand for a code at once.
     * From pos_token_answer_finish(), pos_token_exchange_*().
     */
    POS_TOKEN_ANSWER_TOKEN_AND_MFA = 435,
    /**
     * A code is still missing.
     * From no function.
     */
    POS_TOKEN_DENIED_MFA_PENDING = 501,
    /**
     * What answered is no API.
     * From no function.
     */
    POS_TOKEN_DENIED_NOT_AN_API = 502,
    /**
     * A redirect.
     * From no function.
     */
    POS_TOKEN_DENIED_REDIRECTED = 503,
    /**
     * The server is busy or in trouble.
     * From no function.
     */
    POS_TOKEN_DENIED_BUSY = 510,
    /**
     * Refused without a code.
     * From no function.
     */
    POS_TOKEN_DENIED = 511,
    /**
     * `invalid_request`
     * From no function.
     */
    POS_TOKEN_DENIED_INVALID_REQUEST = 512,
    /**
     * `invalid_client`: the client's own credentials are wrong.
     * From no function.
     */
    POS_TOKEN_DENIED_INVALID_CLIENT = 513,
    /**
     * `invalid_grant`: the user's credentials or the refresh token are wrong, expired or revoked.
     * From no function.
     */
    POS_TOKEN_DENIED_INVALID_GRANT = 514,
    /**
     * `unauthorized_client`
     * From no function.
     */
    POS_TOKEN_DENIED_UNAUTHORIZED_CLIENT = 515,
    /**
     * `unsupported_grant_type`
     * From no function.
     */
    POS_TOKEN_DENIED_UNSUPPORTED_GRANT_TYPE = 516,
    /**
     * `invalid_scope`
     * From no function.
     */
    POS_TOKEN_DENIED_INVALID_SCOPE = 517,
    /**
     * `access_denied`
     * From no function.
     */
    POS_TOKEN_DENIED_ACCESS_DENIED = 518,
    /**
     * `server_error`
     * From no function.
     */
    POS_TOKEN_DENIED_SERVER_ERROR = 519,
    /**
     * `temporarily_unavailable`
     * From no function.
     */
    POS_TOKEN_DENIED_TEMPORARILY_UNAVAILABLE = 520,
    /**
     * `unsupported_token_type`
     * From no function.
     */
    POS_TOKEN_DENIED_UNSUPPORTED_TOKEN_TYPE = 521,
    /**
     * A code of the provider's own; pos_token_result has its text.
     * From no function.
     */
    POS_TOKEN_DENIED_BY_PROVIDER = 522,
    /**
     * A code that is too long or holds other bytes than letters, digits and `_.-`.
     * From no function.
     */
    POS_TOKEN_DENIED_OTHER = 523,
    /**
     * The caller's own check refused it; pos_token_session_failed() takes it too.
     * From pos_token_exchange_run_checked().
     */
    POS_TOKEN_TOKEN_REFUSED = 600,
    /**
     * Longer than 16 KiB.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_TOO_LONG = 601,
    /**
     * Not exactly three parts, or the header or the payload is empty.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_PARTS = 602,
    /**
     * A text is not strict base64url without padding.
     * From pos_token_jwt_*(), pos_token_base64url_decode().
     */
    POS_TOKEN_BASE64URL = 603,
    /**
     * The header is not a JSON object, has more than 16 members, or a name in it is no text.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_HEADER = 604,
    /**
     * Two members of the header have the same name.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_DUPLICATE_HEADER = 605,
    /**
     * `alg` is missing or is not the key's algorithm.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_ALGORITHM = 606,
    /**
     * The header has `crit` or `b64`.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_CRITICAL = 607,
    /**
     * `typ` is not what it has to be.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_TYPE = 608,
    /**
     * The signature has not exactly 86 characters.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_SIGNATURE_LENGTH = 609,
    /**
     * The signature is not that of this token under this key.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_SIGNATURE = 610,
    /**
     * The payload is not a JSON object.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_PAYLOAD = 611,
    /**
     * A claim that is looked at stands twice in the payload.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_DUPLICATE_CLAIM = 612,
    /**
     * `exp` is no time.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_EXPIRES_AT = 613,
    /**
     * `nbf` is no time.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_NOT_BEFORE = 614,
    /**
     * `iat` is no time.
     * From pos_token_jwt_*().
     */
    POS_TOKEN_JWT_ISSUED_AT = 615,
    /**
     * There is no `exp`.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_EXPIRES_AT_MISSING = 616,
    /**
     * `exp` has come.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_EXPIRED = 617,
    /**
     * `nbf` has not come yet; perhaps this clock is behind.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_NOT_YET_VALID = 618,
    /**
     * `iat` has not come yet.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_ISSUED_IN_FUTURE = 619,
    /**
     * `iss` is missing or is not what it has to be.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_ISSUER = 620,
    /**
     * `aud` is missing or does not name this audience.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_AUDIENCE = 621,
    /**
     * `sub` is missing or is not what it has to be.
     * From pos_token_jwt_verify*().
     */
    POS_TOKEN_JWT_SUBJECT = 622,
    /**
     * The claim stands twice in the payload.
     * From pos_token_claims_*().
     */
    POS_TOKEN_CLAIM_DUPLICATE = 632,
    /**
     * The claim has another type than was asked for.
     * From pos_token_claims_*().
     */
    POS_TOKEN_CLAIM_WRONG_TYPE = 633,
    /**
     * The string holds U+0000, which C cannot hold, or half of a surrogate pair, which UTF-8 cannot.
     * From pos_token_claims_text().
     */
    POS_TOKEN_CLAIM_NOT_TEXT = 634,
    /**
     * The number is 10^18 or more, of either sign.
     * From pos_token_claims_number().
     */
    POS_TOKEN_CLAIM_OUT_OF_RANGE = 635,
    /**
     * The token in memory is not what it was when its claims were read.
     * From pos_token_claims_*().
     */
    POS_TOKEN_CLAIM_CHANGED = 636,
    /**
     * There is no key.
     * From pos_token_hs512_key_init*().
     */
    POS_TOKEN_KEY_EMPTY = 641,
    /**
     * Fewer than 64 bytes.
     * From pos_token_hs512_key_init(), pos_token_hs512_key_init_base64url().
     */
    POS_TOKEN_KEY_TOO_SHORT = 642,
    /**
     * More base64url text than that of 256 bytes.
     * From pos_token_hs512_key_init_base64url(), pos_token_hs512_key_init_base64url_short().
     */
    POS_TOKEN_KEY_TOO_LONG = 643,
    /**
     * The text is not strict base64url without padding.
     * From pos_token_hs512_key_init_base64url(), pos_token_hs512_key_init_base64url_short().
     */
    POS_TOKEN_KEY_BASE64URL = 644,
    /**
     * The API refused too many tokens in a row.
     * From no function.
     */
    POS_TOKEN_STOPPED_REJECTED = 701,
    /**
     * The till was logged out.
     * From no function.
     */
    POS_TOKEN_STOPPED_LOGGED_OUT = 703,
    /**
     * Another one is under way.
     * From pos_token_session_begin().
     */
    POS_TOKEN_SESSION_BUSY = 711,
    /**
     * It is not the time: pos_token_session_next says what is.
     * From pos_token_session_begin().
     */
    POS_TOKEN_SESSION_NOT_NOW = 712,
    /**
     * The session stands still.
     * From pos_token_session_begin().
     */
    POS_TOKEN_SESSION_STOPPED = 713,
    /**
     * The store could not hold the answer beside the tokens in use, and the refresh token would be lost with it.
     * From pos_token_session_begin().
     */
    POS_TOKEN_SESSION_STORE_TOO_SMALL = 714,
    /**
     * A program unit has 1 to 255 bytes.
     * From pos_token_session_save().
     */
    POS_TOKEN_RECORD_UNIT = 722,
    /**
     * The caller's seal failed, or had no room.
     * From pos_token_session_save().
     */
    POS_TOKEN_RECORD_NOT_SEALED = 723,
    /**
     * The slot cannot be read.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_UNREADABLE = 731,
    /**
     * There is no record.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_ABSENT = 732,
    /**
     * It is of another version of this layout.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_OTHER_VERSION = 733,
    /**
     * It is another provider's.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_OTHER_PROVIDER = 734,
    /**
     * It is longer than the buffer that it was read into, or ends early.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_TRUNCATED = 735,
    /**
     * Its checksum is wrong, or what it says makes no sense.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_DAMAGED = 736,
    /**
     * The caller's seal does not open it.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_SEALED = 737,
    /**
     * The store has no room for its tokens.
     * From pos_token_session_restore().
     */
    POS_TOKEN_RECORD_STORE_TOO_SMALL = 738,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_status_code pos_token_status_code;
#else
typedef uint32_t pos_token_status_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a request is for.
 */
enum pos_token_purpose
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Get a token with credentials.
     */
    POS_TOKEN_PURPOSE_LOG_IN = 1,
    /**
     * Get a new token with a refresh token.
     */
    POS_TOKEN_PURPOSE_REFRESH = 2,
    /**
     * The second step of a log-in: the pending token and a code.
     */
    POS_TOKEN_PURPOSE_VERIFY_CODE = 3,
    /**
     * Declare a token void (RFC 7009). The built-in providers send the refresh token where there is one, else the access
     * token. What was declared void stays in the store: wipe it.
     */
    POS_TOKEN_PURPOSE_REVOKE = 4,
    /**
     * End what the provider holds of this user's sessions.
     */
    POS_TOKEN_PURPOSE_LOG_OUT = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_purpose pos_token_purpose;
#else
typedef uint8_t pos_token_purpose;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a caller can supply for a request: the members of pos_token_credentials, in their order.
 */
enum pos_token_field
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The resource owner's name.
     */
    POS_TOKEN_FIELD_USERNAME = 1,
    /**
     * The resource owner's password.
     */
    POS_TOKEN_FIELD_PASSWORD = 2,
    /**
     * The client's identifier.
     */
    POS_TOKEN_FIELD_CLIENT_ID = 3,
    /**
     * The client's password.
     */
    POS_TOKEN_FIELD_CLIENT_SECRET = 4,
    /**
     * The device that was linked to a consumer.
     */
    POS_TOKEN_FIELD_LINKED_DEVICE_ID = 5,
    /**
     * The PIN that linked it.
     */
    POS_TOKEN_FIELD_PIN = 6,
    /**
     * The access that is asked for.
     */
    POS_TOKEN_FIELD_SCOPE = 7,
    /**
     * The refresh token in use.
     */
    POS_TOKEN_FIELD_REFRESH_TOKEN = 8,
    /**
     * The access token in use.
     */
    POS_TOKEN_FIELD_ACCESS_TOKEN = 9,
    /**
     * The token of a log-in whose code is still missing.
     */
    POS_TOKEN_FIELD_PENDING_TOKEN = 10,
    /**
     * That code.
     */
    POS_TOKEN_FIELD_CODE = 11,
    /**
     * The store, in a path.
     */
    POS_TOKEN_FIELD_STORE_CODE = 12,
    /**
     * For a provider of one's own.
     */
    POS_TOKEN_FIELD_CUSTOM_1 = 13,
    /**
     * For a provider of one's own.
     */
    POS_TOKEN_FIELD_CUSTOM_2 = 14,
    /**
     * For a provider of one's own.
     */
    POS_TOKEN_FIELD_CUSTOM_3 = 15,
    /**
     * For a provider of one's own.
     */
    POS_TOKEN_FIELD_CUSTOM_4 = 16,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_field pos_token_field;
#else
typedef uint8_t pos_token_field;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A request's method.
 */
enum pos_token_method
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * `GET`, without a body.
     */
    POS_TOKEN_METHOD_GET = 1,
    /**
     * `POST`, with a body.
     */
    POS_TOKEN_METHOD_POST = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_method pos_token_method;
#else
typedef uint8_t pos_token_method;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a request's parameters are written.
 */
enum pos_token_encoding
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * `application/x-www-form-urlencoded`.
     */
    POS_TOKEN_ENCODING_FORM = 1,
    /**
     * A JSON object of strings.
     */
    POS_TOKEN_ENCODING_JSON = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_encoding pos_token_encoding;
#else
typedef uint8_t pos_token_encoding;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a request proves who sends it.
 */
enum pos_token_client_auth
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * By its parameters, if at all.
     */
    POS_TOKEN_CLIENT_AUTH_BODY = 1,
    /**
     * `Authorization: Basic` of client id and client secret (RFC 6749 section 2.3.1).
     */
    POS_TOKEN_CLIENT_AUTH_BASIC = 2,
    /**
     * `Authorization` with the access token, in the provider's scheme.
     */
    POS_TOKEN_CLIENT_AUTH_BEARER = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_client_auth pos_token_client_auth;
#else
typedef uint8_t pos_token_client_auth;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a successful answer brings.
 */
enum pos_token_answers
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * A token.
     */
    POS_TOKEN_ANSWERS_TOKENS = 1,
    /**
     * Nothing: the status says it all.
     */
    POS_TOKEN_ANSWERS_NOTHING = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_answers pos_token_answers;
#else
typedef uint8_t pos_token_answers;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where a parameter's value comes from.
 */
enum pos_token_value
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The table: the parameter's `literal`.
     */
    POS_TOKEN_VALUE_LITERAL = 1,
    /**
     * The caller, who has to give it, and not empty.
     */
    POS_TOKEN_VALUE_REQUIRED = 2,
    /**
     * The caller; left out where it is not given.
     */
    POS_TOKEN_VALUE_OPTIONAL = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_value pos_token_value;
#else
typedef uint8_t pos_token_value;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the value of an answer's member means. `null` always means that the member is absent.
 *
 * Tokens, lifetimes and flags are strict: another type is an error. The others are hints: another type is ignored.
 */
enum pos_token_meaning
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The access token: a string.
     */
    POS_TOKEN_MEANING_ACCESS_TOKEN = 1,
    /**
     * The refresh token: a string; an empty one is absent.
     */
    POS_TOKEN_MEANING_REFRESH_TOKEN = 2,
    /**
     * The token of a log-in whose code is still missing: a string; an empty one is absent.
     */
    POS_TOKEN_MEANING_PENDING_TOKEN = 3,
    /**
     * How many seconds the token is good for: a number, rounded down, or a string of digits; up to 2^32 - 1.
     */
    POS_TOKEN_MEANING_EXPIRES_IN = 4,
    /**
     * When the token expires: a string by RFC 3339, or a number of seconds since 1970.
     */
    POS_TOKEN_MEANING_EXPIRES_AT = 5,
    /**
     * Whether the request succeeded: a boolean; absent means yes.
     */
    POS_TOKEN_MEANING_SUCCEEDED = 6,
    /**
     * Whether a code is still missing: a boolean.
     */
    POS_TOKEN_MEANING_MFA_PENDING = 7,
    /**
     * Hint: the token's type. A string other than the provider's scheme, case aside, is an error, since a token of
     * another type could not be used.
     */
    POS_TOKEN_MEANING_TOKEN_TYPE = 8,
    /**
     * Hint: the access that was granted: a string, kept where POS_TOKEN_KEEP_SCOPE asks for it.
     */
    POS_TOKEN_MEANING_SCOPE = 9,
    /**
     * Hint: when the server issued the token: seconds since 1970 as a number or a string of digits.
     */
    POS_TOKEN_MEANING_ISSUED_AT = 10,
    /**
     * Hint: why the server refuses: a code of RFC 6749 section 5.2 or one of its own, a string or a number.
     */
    POS_TOKEN_MEANING_ERROR_CODE = 11,
    /**
     * Hint: the same for people: a string, kept where POS_TOKEN_KEEP_SERVER_TEXT asks for it. It may echo a password.
     */
    POS_TOKEN_MEANING_ERROR_TEXT = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_meaning pos_token_meaning;
#else
typedef uint8_t pos_token_meaning;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What becomes of a refresh token when it is used.
 */
enum pos_token_rotation
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * There are no refresh tokens.
     */
    POS_TOKEN_ROTATION_NO_REFRESH = 1,
    /**
     * It stays good.
     */
    POS_TOKEN_ROTATION_REUSABLE = 2,
    /**
     * It works until the access token that it brought is first used; then only its successor does.
     */
    POS_TOKEN_ROTATION_UNTIL_FIRST_USE = 3,
    /**
     * It works once.
     */
    POS_TOKEN_ROTATION_SINGLE_USE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_rotation pos_token_rotation;
#else
typedef uint8_t pos_token_rotation;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a date without a zone means.
 */
enum pos_token_missing_zone
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * It is an error, as RFC 3339 has it.
     */
    POS_TOKEN_MISSING_ZONE_REFUSE = 1,
    /**
     * It is UTC, for servers that are known to leave it out.
     */
    POS_TOKEN_MISSING_ZONE_UTC = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_missing_zone pos_token_missing_zone;
#else
typedef uint8_t pos_token_missing_zone;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a server is reached. The same bytes are written for both; only the default port differs.
 */
enum pos_token_scheme
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Over plain TCP, port 80 unless another is given.
     */
    POS_TOKEN_SCHEME_HTTP = 1,
    /**
     * Over TLS, port 443 unless another is given.
     */
    POS_TOKEN_SCHEME_HTTPS = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_scheme pos_token_scheme;
#else
typedef uint8_t pos_token_scheme;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a request says about the connection's future.
 */
enum pos_token_connection
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Nothing, which HTTP/1.1 takes for "keep it".
     */
    POS_TOKEN_CONNECTION_UNSTATED = 1,
    /**
     * `Connection: keep-alive`, for what stands in between and speaks HTTP/1.0.
     */
    POS_TOKEN_CONNECTION_KEEP_ALIVE = 2,
    /**
     * `Connection: close`: the server closes it after its answer.
     */
    POS_TOKEN_CONNECTION_CLOSE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_connection pos_token_connection;
#else
typedef uint8_t pos_token_connection;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a till does next.
 */
enum pos_token_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Use the token.
     */
    POS_TOKEN_VERDICT_USE = 1,
    /**
     * There is nothing more to do: the log-out or the revocation is done.
     */
    POS_TOKEN_VERDICT_DONE = 2,
    /**
     * Try again, not before the server's time where it named one; else after a pause that grows from try to try.
     */
    POS_TOKEN_VERDICT_WAIT = 3,
    /**
     * Log in again: the refresh token is of no more use.
     */
    POS_TOKEN_VERDICT_LOG_IN = 4,
    /**
     * Ask for a code, or for another one.
     */
    POS_TOKEN_VERDICT_ASK_FOR_CODE = 5,
    /**
     * Call the operator: the same again would fail again, and might lock the account.
     */
    POS_TOKEN_VERDICT_STOP = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_verdict pos_token_verdict;
#else
typedef uint8_t pos_token_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What an answer comes to.
 */
enum pos_token_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The tokens are in the store, in use.
     */
    POS_TOKEN_OUTCOME_GRANTED = 1,
    /**
     * An exchange that grants no token succeeded: a log-out, a revocation. Tokens in use stay in the store until it is
     * wiped.
     */
    POS_TOKEN_OUTCOME_DONE = 2,
    /**
     * A code is still missing; the pending token is in the store. Tokens in use stay there.
     */
    POS_TOKEN_OUTCOME_MFA_PENDING = 3,
    /**
     * The server refuses.
     */
    POS_TOKEN_OUTCOME_DENIED = 4,
    /**
     * What answered is no API: the body is empty or neither a JSON object nor an array, as from a captive portal, a
     * proxy or a firewall. The rest of it was not read.
     */
    POS_TOKEN_OUTCOME_NOT_AN_API = 5,
    /**
     * A redirect, which is never followed: credentials go where they were meant to go.
     */
    POS_TOKEN_OUTCOME_REDIRECTED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_outcome pos_token_outcome;
#else
typedef uint8_t pos_token_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How a pos_token_when tells a time.
 */
enum pos_token_when_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * After so many `seconds`.
     */
    POS_TOKEN_WHEN_IN = 1,
    /**
     * At this moment of the server's clock.
     */
    POS_TOKEN_WHEN_AT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_when_kind pos_token_when_kind;
#else
typedef uint8_t pos_token_when_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What became of the refresh token in the store.
 */
enum pos_token_refresh_fate
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * There is none: the answer brought none, and where this was a new log-in, an older one was dropped.
     */
    POS_TOKEN_REFRESH_ABSENT = 1,
    /**
     * The answer to a refresh brought none, so the one in use stays.
     */
    POS_TOKEN_REFRESH_KEPT = 2,
    /**
     * The answer's own is in use.
     */
    POS_TOKEN_REFRESH_REPLACED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_refresh_fate pos_token_refresh_fate;
#else
typedef uint8_t pos_token_refresh_fate;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where the server's time comes from.
 */
enum pos_token_time_source
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * `Date`.
     */
    POS_TOKEN_TIME_SOURCE_DATE = 1,
    /**
     * The member for the time of issue.
     */
    POS_TOKEN_TIME_SOURCE_ISSUED_AT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_time_source pos_token_time_source;
#else
typedef uint8_t pos_token_time_source;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Whether a verified token's times were compared with a clock.
 */
enum pos_token_times
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The token is in its time, as far as it says one.
     */
    POS_TOKEN_TIMES_CHECKED = 1,
    /**
     * There was no clock.
     */
    POS_TOKEN_TIMES_NOT_CHECKED = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_times pos_token_times;
#else
typedef uint8_t pos_token_times;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a session says that a till does now.
 */
enum pos_token_step_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Use the token: there is nothing else to do.
     */
    POS_TOKEN_STEP_USE = 1,
    /**
     * Make an exchange: pos_token_session_begin().
     */
    POS_TOKEN_STEP_SEND = 2,
    /**
     * Save: pos_token_session_save(), write the record, then pos_token_session_saved() or
     * pos_token_session_save_failed().
     */
    POS_TOKEN_STEP_SAVE = 3,
    /**
     * There is no token to use; wait.
     */
    POS_TOKEN_STEP_WAIT = 4,
    /**
     * Only a person can go on: ask for a code, and give it to pos_token_session_begin().
     */
    POS_TOKEN_STEP_NEED_CODE = 5,
    /**
     * Call the operator. Until pos_token_session_credentials_changed(), nothing is sent.
     */
    POS_TOKEN_STEP_STOP = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_step_kind pos_token_step_kind;
#else
typedef uint8_t pos_token_step_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a till waits for.
 */
enum pos_token_wait_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * An exchange is under way.
     */
    POS_TOKEN_WAIT_EXCHANGE = 1,
    /**
     * Its place among the tills of its chain, after a boot or at the end of a token that all of them share.
     */
    POS_TOKEN_WAIT_SLOT = 2,
    /**
     * The pause after a failure.
     */
    POS_TOKEN_WAIT_BACK_OFF = 3,
    /**
     * The server told it to.
     */
    POS_TOKEN_WAIT_RETRY_AFTER = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_wait_reason pos_token_wait_reason;
#else
typedef uint8_t pos_token_wait_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Why a session stands still.
 */
enum pos_token_stop_reason
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The provider refused the credentials, the client or the grant.
     */
    POS_TOKEN_STOP_REFUSED = 1,
    /**
     * The program or its configuration is at fault: a buffer, a store, a missing field.
     */
    POS_TOKEN_STOP_SETUP = 2,
    /**
     * Too many answers in a row could not be understood, or were a 401 without JSON.
     */
    POS_TOKEN_STOP_MALFORMED = 3,
    /**
     * Too many tokens in a row were refused by the API, or the caller's own check refused one.
     */
    POS_TOKEN_STOP_REJECTED = 4,
    /**
     * Too many codes in a row were refused.
     */
    POS_TOKEN_STOP_CODE_REFUSED = 5,
    /**
     * The till was logged out.
     */
    POS_TOKEN_STOP_LOGGED_OUT = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_stop_reason pos_token_stop_reason;
#else
typedef uint8_t pos_token_stop_reason;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which code a person has.
 */
enum pos_token_code_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * That of a second factor: the credentials' `code`.
     */
    POS_TOKEN_CODE_MFA = 1,
    /**
     * The PIN of a linked device: the credentials' `pin`.
     */
    POS_TOKEN_CODE_PIN = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_code_kind pos_token_code_kind;
#else
typedef uint8_t pos_token_code_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a 401 of the API meant.
 */
enum pos_token_rejection
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * It was for an older token; nothing changes.
     */
    POS_TOKEN_REJECTION_OLDER = 1,
    /**
     * The token was over, by the best estimate of the time; only the till had not known.
     */
    POS_TOKEN_REJECTION_EXPIRED = 2,
    /**
     * The token ought to be good: it was revoked, or the API refuses it for another reason.
     */
    POS_TOKEN_REJECTION_REVOKED = 3,
    /**
     * Whether it was over is not known.
     */
    POS_TOKEN_REJECTION_UNKNOWN = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_rejection pos_token_rejection;
#else
typedef uint8_t pos_token_rejection;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Where an estimate of the time comes from.
 */
enum pos_token_clock_origin
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * A server's `Date` since boot, and the time that has passed since then.
     */
    POS_TOKEN_CLOCK_SERVER = 1,
    /**
     * The device's own clock; nothing contradicts it.
     */
    POS_TOKEN_CLOCK_DEVICE = 2,
    /**
     * It is only known to be later than this: the build date, or the last server time that was saved.
     */
    POS_TOKEN_CLOCK_FLOOR = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_clock_origin pos_token_clock_origin;
#else
typedef uint8_t pos_token_clock_origin;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a record holds, and when one has to be saved.
 */
enum pos_token_keep
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint8_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Nothing is ever saved.
     */
    POS_TOKEN_KEEP_NOTHING = 1,
    /**
     * The last server time and a server's demand to wait: no secret.
     */
    POS_TOKEN_KEEP_CLOCK = 2,
    /**
     * These and the tokens; saved when there is another refresh token, and not with every access token.
     */
    POS_TOKEN_KEEP_REFRESH_TOKENS = 3,
    /**
     * The same, saved with every token: a provider without refresh tokens then needs no log-in after a boot.
     */
    POS_TOKEN_KEEP_EVERY_TOKEN = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum pos_token_keep pos_token_keep;
#else
typedef uint8_t pos_token_keep;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a function returns: one of the numbers of pos_token_status_code, which is also the short code that a cashier
 * can read out over the phone. 0 is success. A number never changes its meaning; new ones may be added.
 */
typedef uint32_t pos_token_status;

/**
 * Bytes that the caller lends for the time of a call: a text, a secret, a piece of an answer. Not ended by a NUL.
 * Where `ptr` is NULL and `len` is 0, they are absent; where `ptr` is not NULL and `len` is 0, they are empty.
 *
 * POS_TOKEN_TEXT("…") makes one of a literal where an object is initialised; pos_token_text() and pos_token_bytes()
 * make one anywhere.
 */
typedef struct pos_token_span {
    /**
     * The first byte.
     */
    const uint8_t *ptr;
    /**
     * How many there are.
     */
    size_t len;
} pos_token_span;

/**
 * One parameter of a request's body. POS_TOKEN_LITERAL(), POS_TOKEN_REQUIRED() and POS_TOKEN_OPTIONAL() make one.
 */
typedef struct pos_token_parameter {
    /**
     * Its name.
     */
    struct pos_token_span name;
    /**
     * Its value, where that comes from the table; else absent.
     */
    struct pos_token_span literal;
    /**
     * Where its value comes from: one of pos_token_value.
     */
    uint8_t value;
    /**
     * Which of the caller's values it is: one of pos_token_field; 0 of a literal.
     */
    uint8_t field;
} pos_token_parameter;

/**
 * One kind of request.
 */
typedef struct pos_token_exchange {
    /**
     * The path, already percent-encoded; the name of a field of pos_token_credentials in braces stands for its value,
     * which is percent-encoded: `/api/{store_code}/login`, `/till/{custom_1}`. Empty where only the caller's
     * pos_token_endpoint can say it.
     */
    struct pos_token_span path;
    /**
     * The parameters of the body, in the order in which they are sent.
     */
    const struct pos_token_parameter *parameters;
    /**
     * How many there are.
     */
    size_t parameters_len;
    /**
     * What it is for: one of pos_token_purpose. Of the exchanges for one purpose, the first whose `when` was given is
     * taken.
     */
    uint8_t purpose;
    /**
     * The one of pos_token_field that selects this exchange; 0 selects it always.
     */
    uint8_t when;
    /**
     * One of pos_token_method.
     */
    uint8_t method;
    /**
     * One of pos_token_encoding.
     */
    uint8_t encoding;
    /**
     * One of pos_token_client_auth.
     */
    uint8_t client_auth;
    /**
     * What a successful answer brings: one of pos_token_answers.
     */
    uint8_t answer;
} pos_token_exchange;

/**
 * A member of an answer and what it means, in success and in failure alike.
 */
typedef struct pos_token_member {
    /**
     * Names from the root on, joined by dots, indexes of arrays in decimal: `detail.0.msg`. At most 4 segments. Its `ptr`
     * is not NULL.
     */
    struct pos_token_span path;
    /**
     * What its value means: one of pos_token_meaning.
     */
    uint8_t meaning;
} pos_token_member;

/**
 * A provider: which requests there are, and what its answers mean. The built-in ones are POS_TOKEN_LOYALTY_DOG and
 * its neighbours; one of your own is a `static const` object, which is read where it stands:
 *
 * \code
 * static const pos_token_parameter ACME_LOG_IN[] = {
 *     POS_TOKEN_LITERAL("kind", "till"),
 *     POS_TOKEN_REQUIRED("terminal", POS_TOKEN_FIELD_CUSTOM_1),
 *     POS_TOKEN_REQUIRED("secret", POS_TOKEN_FIELD_CLIENT_SECRET),
 * };
 * static const pos_token_exchange ACME_EXCHANGES[] = {
 *     { POS_TOKEN_TEXT("/v1/stores/{store_code}/session"), ACME_LOG_IN, POS_TOKEN_COUNT(ACME_LOG_IN),
 *       POS_TOKEN_PURPOSE_LOG_IN, 0, POS_TOKEN_METHOD_POST, POS_TOKEN_ENCODING_JSON,
 *       POS_TOKEN_CLIENT_AUTH_BODY, POS_TOKEN_ANSWERS_TOKENS },
 * };
 * static const pos_token_member ACME_MEMBERS[] = {
 *     { POS_TOKEN_TEXT("data.session.token"), POS_TOKEN_MEANING_ACCESS_TOKEN },
 *     { POS_TOKEN_TEXT("data.session.ttl"), POS_TOKEN_MEANING_EXPIRES_IN },
 *     { POS_TOKEN_TEXT("errors.0.code"), POS_TOKEN_MEANING_ERROR_CODE },
 * };
 * static const pos_token_span ACME_TRANSIENT[] = { POS_TOKEN_TEXT("BUSY") };
 * const pos_token_provider ACME = {
 *     ACME_EXCHANGES, POS_TOKEN_COUNT(ACME_EXCHANGES),
 *     ACME_MEMBERS, POS_TOKEN_COUNT(ACME_MEMBERS),
 *     ACME_TRANSIENT, POS_TOKEN_COUNT(ACME_TRANSIENT),
 *     POS_TOKEN_TEXT("acme"),   // name
 *     POS_TOKEN_TEXT("Bearer"), // authorization_scheme
 *     POS_TOKEN_NOTHING,        // hs512_alias
 *     POS_TOKEN_NOTHING,        // success_code
 *     0,                        // default_lifetime
 *     0,                        // log_in_limit
 *     POS_TOKEN_ROTATION_NO_REFRESH,
 *     POS_TOKEN_MISSING_ZONE_REFUSE,
 * };
 * \endcode
 *
 * pos_token_provider_check() belongs into a unit test of such a table.
 */
typedef struct pos_token_provider {
    /**
     * The kinds of requests.
     */
    const struct pos_token_exchange *exchanges;
    /**
     * How many there are.
     */
    size_t exchanges_len;
    /**
     * What the members of an answer mean.
     */
    const struct pos_token_member *members;
    /**
     * How many there are, at most 16.
     */
    size_t members_len;
    /**
     * Codes of its own with which the provider refuses what it may grant later: each of 1 to 16 letters, digits and
     * `_.-`. Another text is never found, and none of RFC 6749's codes, whose meaning is known.
     */
    const struct pos_token_span *transient_codes;
    /**
     * How many there are.
     */
    size_t transient_codes_len;
    /**
     * The provider's name.
     */
    struct pos_token_span name;
    /**
     * How the provider spells the scheme in `Authorization`.
     */
    struct pos_token_span authorization_scheme;
    /**
     * Another name for `HS512` in the header of the provider's JWTs, or absent. `HS512` itself is always accepted.
     */
    struct pos_token_span hs512_alias;
    /**
     * The code that means success, where a provider sends one with every answer; else absent.
     */
    struct pos_token_span success_code;
    /**
     * How many seconds a token lives where nothing else tells; 0: not known.
     */
    uint32_t default_lifetime;
    /**
     * How many log-ins a minute the provider allows one client; 0: not known.
     */
    uint16_t log_in_limit;
    /**
     * One of pos_token_rotation.
     */
    uint8_t rotation;
    /**
     * One of pos_token_missing_zone.
     */
    uint8_t missing_zone;
} pos_token_provider;

/**
 * Holds the tokens in use and, behind them, those of an answer that is still arriving. Its members are private.
 *
 * An answer never touches the tokens in use until it is whole and grants new ones; any other outcome wipes only what
 * it brought. So the buffer has to hold the old texts and the new ones at once: 256 bytes for Zype, 1,024 for
 * LoyaltyDog, 2,048 for Loyalife and 3,328 for Open Loyalty hold the largest tokens seen or documented.
 */
typedef struct pos_token_store {
    /**
     * Private.
     */
    uint32_t magic;
    /**
     * Private.
     */
    uint32_t needed;
    /**
     * Private.
     */
    uint8_t *buf;
    /**
     * Private.
     */
    size_t buf_len;
    /**
     * Private.
     */
    uint32_t state[14];
} pos_token_store;

/**
 * An answer that is arriving. Its members are private. At most 256 bytes on a 32-bit target; it may be copied before
 * it is used, and holds no pointer into itself.
 */
typedef struct pos_token_answer {
    /**
     * Private.
     */
    uint32_t magic;
    /**
     * Private.
     */
    uint32_t offset;
    /**
     * Private.
     */
    const struct pos_token_provider *provider;
    /**
     * Private.
     */
    struct pos_token_store *store;
    /**
     * Private.
     */
    uint64_t state[30];
} pos_token_answer;

/**
 * How an answer is to be read. All of it 0 is as good as none.
 */
typedef struct pos_token_answer_options {
    /**
     * How long a JSON body may be, in bytes; 0: 8,192.
     */
    uint32_t body_limit;
    /**
     * POS_TOKEN_KEEP_SCOPE, POS_TOKEN_KEEP_SERVER_TEXT, both or neither.
     */
    uint32_t flags;
} pos_token_answer_options;

/**
 * A time as a server tells it.
 */
typedef struct pos_token_when {
    /**
     * POS_TOKEN_WHEN_AT: seconds since 1970-01-01T00:00:00Z.
     */
    int64_t at;
    /**
     * POS_TOKEN_WHEN_IN: so many seconds, of an expiry counted from when the request was begun, of a pause from when
     * the answer came.
     */
    uint32_t seconds;
    /**
     * One of pos_token_when_kind; 0: the server did not tell.
     */
    uint32_t kind;
} pos_token_when;

/**
 * A complete answer. It points at nothing; the tokens are in the store.
 */
typedef struct pos_token_result {
    /**
     * When to come back.
     */
    struct pos_token_when retry_after;
    /**
     * When a granted token expires, as the answer's own members tell; a JWT itself may tell more.
     */
    struct pos_token_when expiry;
    /**
     * What the server's clock showed, in seconds since 1970-01-01T00:00:00Z.
     */
    int64_t server_time;
    /**
     * Where that comes from: one of pos_token_time_source; 0: the answer does not tell.
     */
    uint32_t server_time_source;
    /**
     * What the answer comes to: one of pos_token_outcome.
     */
    uint32_t outcome;
    /**
     * What a till does next: one of pos_token_verdict.
     */
    uint32_t verdict;
    /**
     * 0 of a success; else one of the 5xx of pos_token_status_code, which a cashier can read out over the phone.
     */
    uint32_t short_code;
    /**
     * What became of the refresh token: one of pos_token_refresh_fate; 0 where no token was granted.
     */
    uint32_t refresh_token;
    /**
     * The status code of HTTP.
     */
    uint16_t http_status;
    /**
     * Whether the answer named the token's type.
     */
    bool token_type_stated;
    /**
     * Whether a refused request may be granted later.
     */
    bool retryable;
    /**
     * Whether the connection can carry another request. Always false where another stack did the framing.
     */
    bool reusable;
    /**
     * The provider's own error code: letters, digits and `_.-`, ended by a NUL. Empty where there is none, and where
     * it is one of RFC 6749's, which `short_code` tells.
     */
    char error_code[17];
    /**
     * What the answer was to: one of pos_token_purpose.
     */
    uint8_t purpose;
    /**
     * Private.
     */
    uint8_t reserved[5];
} pos_token_result;

/**
 * What makes a count of milliseconds since boot of a counter of 32 bits, which wraps after 49.7 days. Start with
 * POS_TOKEN_ZERO. Its member is private.
 */
typedef struct pos_token_uptime {
    /**
     * Private.
     */
    uint64_t state;
} pos_token_uptime;

/**
 * What a caller supplies for a request: any of these. A request takes those that it needs. Start with POS_TOKEN_ZERO and
 * set the members that there are.
 */
typedef struct pos_token_credentials {
    /**
     * The resource owner's name.
     */
    struct pos_token_span username;
    /**
     * The resource owner's password.
     */
    struct pos_token_span password;
    /**
     * The client's identifier.
     */
    struct pos_token_span client_id;
    /**
     * The client's password.
     */
    struct pos_token_span client_secret;
    /**
     * The device that was linked to a consumer.
     */
    struct pos_token_span linked_device_id;
    /**
     * The PIN that linked it.
     */
    struct pos_token_span pin;
    /**
     * The access that is asked for.
     */
    struct pos_token_span scope;
    /**
     * The refresh token, where it is not the store's.
     */
    struct pos_token_span refresh_token;
    /**
     * The access token, where it is not the store's.
     */
    struct pos_token_span access_token;
    /**
     * The pending token, where it is not the store's.
     */
    struct pos_token_span pending_token;
    /**
     * The code for the second step of a log-in.
     */
    struct pos_token_span code;
    /**
     * The store, in a path.
     */
    struct pos_token_span store_code;
    /**
     * For a provider of one's own.
     */
    struct pos_token_span custom_1;
    /**
     * For a provider of one's own.
     */
    struct pos_token_span custom_2;
    /**
     * For a provider of one's own.
     */
    struct pos_token_span custom_3;
    /**
     * For a provider of one's own.
     */
    struct pos_token_span custom_4;
} pos_token_credentials;

/**
 * What to send: which request of which provider, and with what.
 */
typedef struct pos_token_request {
    /**
     * The provider, built-in or one's own.
     */
    const struct pos_token_provider *provider;
    /**
     * What the caller supplies; NULL: nothing.
     */
    const struct pos_token_credentials *credentials;
    /**
     * Where tokens come from that the request needs and the credentials lack; NULL: nowhere.
     */
    const struct pos_token_store *store;
    /**
     * What the request is for: one of pos_token_purpose.
     */
    uint32_t purpose;
} pos_token_request;

/**
 * A further field of an HTTP request.
 */
typedef struct pos_token_header {
    /**
     * Its name. Those that this library writes itself or that would change how the message is framed are refused.
     */
    struct pos_token_span name;
    /**
     * Its value.
     */
    struct pos_token_span value;
} pos_token_header;

/**
 * A server, and how it wants to be addressed. Start with POS_TOKEN_ZERO: what is absent or 0 has a default, but for
 * the host.
 */
typedef struct pos_token_endpoint {
    /**
     * A name in ASCII, an IPv4 address, or an IPv6 address in brackets.
     */
    struct pos_token_span host;
    /**
     * What a reverse proxy wants before every path: begins with `/`, percent-encoded.
     */
    struct pos_token_span prefix;
    /**
     * The path to use in place of the provider's: begins with `/`, percent-encoded, a query may follow.
     */
    struct pos_token_span path;
    /**
     * The `User-Agent`, without which some firewalls block.
     */
    struct pos_token_span user_agent;
    /**
     * Further fields, in the order given.
     */
    const struct pos_token_header *headers;
    /**
     * How many there are, at most 8.
     */
    size_t headers_len;
    /**
     * The port; 0: the scheme's own.
     */
    uint16_t port;
    /**
     * One of pos_token_scheme; 0: HTTPS.
     */
    uint8_t scheme;
    /**
     * One of pos_token_connection; 0: unstated.
     */
    uint8_t connection;
} pos_token_endpoint;

/**
 * A connection that the firmware has opened: TLS, as a rule. The functions that take one call its callbacks and
 * nothing else that could block; a callback may take as long as it wants and ends a wait by an error of its own.
 */
typedef struct pos_token_transport {
    /**
     * Handed to the callbacks; nothing here looks at it.
     */
    void *ctx;
    /**
     * Reads up to `len` bytes into `buf`, at least one, and returns how many; 0 where the connection is closed, or an
     * error of the caller's own below 0.
     */
    ptrdiff_t (*read)(void *ctx, uint8_t *buf, size_t len);
    /**
     * Writes up to `len` bytes of `buf`, at least one, and returns how many; 0 where the connection is closed, or an
     * error of the caller's own below 0. What it has taken has to go out without further calls.
     */
    ptrdiff_t (*write)(void *ctx, const uint8_t *buf, size_t len);
    /**
     * Out: the caller's own error, where a function returned POS_TOKEN_TRANSPORT.
     */
    ptrdiff_t error;
    /**
     * Out, of pos_token_exchange_*(), whatever it returned: when to come back, where the answer came as far as to
     * say so.
     */
    struct pos_token_when retry_after;
    /**
     * Out, likewise: the status code of HTTP; 0 where the answer did not come that far.
     */
    uint16_t http_status;
    /**
     * Private.
     */
    uint8_t reserved[6];
} pos_token_transport;

/**
 * An HS512 key, prepared once. Its members are private. It is secret: prepare it where it stays, and wipe it with
 * pos_token_hs512_key_wipe().
 */
typedef struct pos_token_hs512_key {
    /**
     * Private.
     */
    uint32_t magic;
    /**
     * Private.
     */
    uint32_t reserved;
    /**
     * Private.
     */
    uint64_t state[16];
} pos_token_hs512_key;

/**
 * The claims of a token: its times, and where the others are read again on request. The token has to stay where it
 * was, unchanged, as long as this is used.
 */
typedef struct pos_token_claims {
    /**
     * Private.
     */
    uint32_t magic;
    /**
     * Whether there is an `exp`.
     */
    bool has_expires_at;
    /**
     * Whether there is an `nbf`.
     */
    bool has_not_before;
    /**
     * Whether there is an `iat`.
     */
    bool has_issued_at;
    /**
     * Private.
     */
    uint8_t reserved;
    /**
     * Private.
     */
    struct pos_token_span payload;
    /**
     * `exp`: the moment from which on the token must not be accepted, in seconds since 1970-01-01T00:00:00Z.
     */
    int64_t expires_at;
    /**
     * `nbf`: the moment before which the token must not be accepted.
     */
    int64_t not_before;
    /**
     * `iat`: the moment at which the token was issued.
     */
    int64_t issued_at;
} pos_token_claims;

/**
 * The claims of a token that nobody vouches for: good for scheduling, not for trust. No function turns this into
 * pos_token_verified_claims.
 */
typedef struct pos_token_unverified_claims {
    /**
     * What the token says.
     */
    struct pos_token_claims claims;
} pos_token_unverified_claims;

/**
 * What has to be true of a token besides its signature. Start with POS_TOKEN_ZERO.
 */
typedef struct pos_token_validation {
    /**
     * The time now, in seconds since 1970-01-01T00:00:00Z. It has to be above 0, unless `flags` has
     * POS_TOKEN_WITHOUT_CLOCK.
     */
    int64_t now;
    /**
     * How far the clocks may differ, in seconds, in every comparison.
     */
    uint32_t leeway;
    /**
     * POS_TOKEN_WITHOUT_CLOCK, POS_TOKEN_EXPIRY_OPTIONAL, POS_TOKEN_REFUSE_FUTURE_ISSUED_AT, combined by `|`.
     */
    uint32_t flags;
    /**
     * `iss` must be exactly this; absent: it may be anything.
     */
    struct pos_token_span issuer;
    /**
     * `aud` must be exactly this, or an array of strings with exactly this in it; absent: it may be anything.
     */
    struct pos_token_span audience;
    /**
     * `sub` must be exactly this; absent: it may be anything.
     */
    struct pos_token_span subject;
    /**
     * The header's `typ` must be this media type, whatever its case, with or without `application/`; absent: it may
     * be anything.
     */
    struct pos_token_span typ;
} pos_token_validation;

/**
 * The claims of a token whose signature was verified. Only pos_token_jwt_verify() and pos_token_jwt_verify_mac()
 * write one.
 */
typedef struct pos_token_verified_claims {
    /**
     * What the token says.
     */
    struct pos_token_claims claims;
    /**
     * Whether its times were compared with a clock: one of pos_token_times.
     */
    uint32_t times;
    /**
     * Private.
     */
    uint32_t reserved;
} pos_token_verified_claims;

/**
 * HMAC-SHA512 by the platform, whose key never has to enter memory: a secure element, a hash peripheral, a library
 * that is linked already. One of the two callbacks is given, and the other is NULL.
 */
typedef struct pos_token_mac {
    /**
     * Handed to the callbacks; nothing here looks at it.
     */
    void *ctx;
    /**
     * Computes the MAC of the message, writes its 64 bytes to `mac`, and returns POS_TOKEN_MAC_COMPUTED. It is
     * compared here, in constant time.
     */
    uint32_t (*compute)(void *ctx, const uint8_t *message, size_t message_len, uint8_t *mac);
    /**
     * Compares the 64 bytes of `mac` with the MAC of the message, in constant time, and returns POS_TOKEN_MAC_VALID
     * where they are the same. Any other value says that they are not.
     */
    uint32_t (*verify)(void *ctx, const uint8_t *message, size_t message_len, const uint8_t *mac);
} pos_token_mac;

/**
 * What a chain decides for its tills. pos_token_policy_init() gives what suits most, which stands at each member as
 * its number; then set what is to be otherwise. A session reads it with each call, so it has to stay where it is.
 */
typedef struct pos_token_policy {
    /**
     * Spreads what tills do: different on each device, such as a hash of its serial number. It is no secret.
     */
    uint64_t seed;
    /**
     * Before this no clock is believed: the day of the build, in seconds since 1970-01-01T00:00:00Z; 0: none, the default.
     */
    int64_t floor;
    /**
     * How many tills share the provider's limit; 1 by default.
     */
    uint32_t tills;
    /**
     * The till's own number among them, from 0 on and below `tills`; POS_TOKEN_UNKNOWN, the default: the seed gives it a
     * place in a window nearly twice as long.
     */
    uint32_t index;
    /**
     * The first pause after a failure lasts up to so many seconds, 5; each further one up to twice as long.
     */
    uint32_t back_off;
    /**
     * No pause after a failure lasts longer than so many seconds, 900, unless the whole chain needs more for its log-ins.
     */
    uint32_t back_off_limit;
    /**
     * A server's `Retry-After` counts up to so many seconds, 3600.
     */
    uint32_t retry_after_limit;
    /**
     * An exchange that has not come back after so many seconds, 120, is given up: its task may have died. It has to be
     * longer than connecting and the answer may take together.
     */
    uint32_t exchange_timeout;
    /**
     * So many seconds, 3600, before a token ends that only a code can replace, the code is asked for; at most in the last
     * fifth of its life.
     */
    uint32_t code_notice;
    /**
     * A pending token is taken to be over after so many seconds, 300.
     */
    uint32_t pending_lifetime;
    /**
     * The last server time is saved anew when it has grown by so many seconds, 86,400.
     */
    uint32_t floor_interval;
    /**
     * How many log-ins a minute the provider allows; 0, the default: what its table says, or else 60.
     */
    uint16_t log_ins_per_minute;
    /**
     * What is saved, and when: one of pos_token_keep; POS_TOKEN_KEEP_REFRESH_TOKENS by default.
     */
    uint8_t keep;
    /**
     * After so many answers in a row that cannot be understood, or that are a 401 without JSON, 8: stop; where the last
     * of them is such a 401 to a refresh, log in.
     */
    uint8_t malformed_limit;
    /**
     * After so many tokens in a row that the API refused, 8: stop.
     */
    uint8_t rejected_limit;
    /**
     * After so many codes in a row that the provider refused, 3: stop.
     */
    uint8_t code_limit;
    /**
     * So many times an hour, 3, pos_token_session_customer_waiting() lets a till go at once.
     */
    uint8_t urgent_per_hour;
    /**
     * Private.
     */
    uint8_t reserved[5];
} pos_token_policy;

/**
 * Decides what a till does now. Its members are private. At most 192 bytes on a 32-bit target, and no secret in them; it
 * may be copied before it is used, and holds no pointer into itself.
 */
typedef struct pos_token_session {
    /**
     * Private.
     */
    uint32_t magic;
    /**
     * Private.
     */
    const struct pos_token_provider *provider;
    /**
     * Private.
     */
    const struct pos_token_policy *policy;
    /**
     * Private.
     */
    struct pos_token_store *store;
    /**
     * Private.
     */
    uint64_t state[22];
} pos_token_session;

/**
 * Where records are kept: two slots, which take turns, so that one is whole whenever the power goes. Start with
 * POS_TOKEN_ZERO and set what there is.
 */
typedef struct pos_token_storage {
    /**
     * Handed to the callbacks; nothing here looks at it.
     */
    void *ctx;
    /**
     * Reads the slot, 0 or 1, from its start into `buf`, up to `len` bytes, and returns how many that were: 0 where
     * nothing was ever written, below 0 where it cannot be read. For pos_token_session_restore().
     */
    ptrdiff_t (*read)(void *ctx, uint32_t slot, uint8_t *buf, size_t len);
    /**
     * Encrypts the first `len` bytes of `body` in place, adds what opening needs, and returns the length of all that,
     * `room` at most; below 0 where it fails. The header is to be authenticated with it; it differs from record to
     * record. NULL: records are as they are, for storage that nobody else can read.
     */
    ptrdiff_t (*seal)(void *ctx,
                      const uint8_t *header,
                      size_t header_len,
                      uint8_t *body,
                      size_t len,
                      size_t room);
    /**
     * Undoes that in place and returns the length of what was sealed; below 0 where the record is not genuine. NULL
     * where, and only where, `seal` is.
     */
    ptrdiff_t (*open)(void *ctx, const uint8_t *header, size_t header_len, uint8_t *body, size_t len);
    /**
     * Out, of pos_token_session_restore(), where it found nothing to restore: what is wrong with each slot, one of
     * `POS_TOKEN_RECORD_*`; else 0.
     */
    uint32_t faults[2];
} pos_token_storage;

/**
 * The moment at which a function is called.
 */
typedef struct pos_token_now {
    /**
     * Milliseconds since boot. They never go back but at a boot; they may stop while the device sleeps.
     * pos_token_uptime_extend() makes them of a counter of 32 bits.
     */
    uint64_t uptime;
    /**
     * What the device's clock shows, in seconds since 1970-01-01T00:00:00Z; 0: it has none. It may be wrong by decades.
     */
    int64_t device;
} pos_token_now;

/**
 * What was restored.
 */
typedef struct pos_token_restored {
    /**
     * From which slot.
     */
    uint32_t slot;
    /**
     * The record's number.
     */
    uint32_t number;
    /**
     * Whether the store has tokens from it.
     */
    bool tokens;
    /**
     * Private.
     */
    uint8_t reserved[3];
} pos_token_restored;

/**
 * A record to be written.
 */
typedef struct pos_token_record {
    /**
     * The slot to write it to, 0 or 1: erased, where the storage needs that, and then from its first byte to its last.
     */
    uint32_t slot;
    /**
     * For pos_token_session_saved() and pos_token_session_save_failed().
     */
    uint32_t number;
} pos_token_record;

/**
 * A token that may be used now.
 */
typedef struct pos_token_in_use {
    /**
     * The access token, in the store's buffer, for pos_token_authorization_write_at(). Good until the store is used for
     * another answer or wiped.
     */
    struct pos_token_span access_token;
    /**
     * Counts the tokens; pos_token_session_rejected() wants it back.
     */
    uint32_t generation;
    /**
     * For how many seconds the token is good; POS_TOKEN_UNKNOWN where nothing tells: until the API answers 401.
     */
    uint32_t good_for;
    /**
     * After how many seconds at the latest pos_token_session_next() has something else to say.
     */
    uint32_t next_in;
    /**
     * The token's refresh token could not be saved: once this token is used, and if the power goes before another one
     * is saved, the till has to log in again.
     */
    bool unsaved;
    /**
     * Private.
     */
    uint8_t reserved[3];
} pos_token_in_use;

/**
 * What a till does now. What does not belong to its kind is 0.
 */
typedef struct pos_token_step {
    /**
     * POS_TOKEN_STEP_USE: the token.
     */
    struct pos_token_in_use token;
    /**
     * One of pos_token_step_kind.
     */
    uint32_t kind;
    /**
     * POS_TOKEN_STEP_SEND: what the exchange is for, one of pos_token_purpose. Until it is made, and while it is,
     * pos_token_session_token() tells whether there is a token to use.
     */
    uint32_t purpose;
    /**
     * POS_TOKEN_STEP_WAIT: for how many seconds, 1 or more. Asking again earlier does no harm.
     */
    uint32_t seconds;
    /**
     * POS_TOKEN_STEP_WAIT: what for, one of pos_token_wait_reason. POS_TOKEN_STEP_STOP: why, one of
     * pos_token_stop_reason.
     */
    uint32_t reason;
    /**
     * POS_TOKEN_STEP_STOP: one of pos_token_status_code, which a cashier can read out over the phone.
     */
    uint32_t short_code;
    /**
     * POS_TOKEN_STEP_NEED_CODE: which code, one of pos_token_code_kind.
     */
    uint32_t code;
    /**
     * POS_TOKEN_STEP_NEED_CODE: whether a log-in waits for it. Without one, the code for a second factor is asked of the
     * provider first: pos_token_session_begin() then makes a log-in, whatever it is given.
     */
    bool pending;
    /**
     * Private.
     */
    uint8_t reserved[7];
} pos_token_step;

/**
 * An exchange that was begun.
 */
typedef struct pos_token_begun {
    /**
     * What to send: for pos_token_exchange_*(), or any of pos_token_request_*(). It points at the credentials that
     * were given, and at the session's store.
     */
    struct pos_token_request request;
    /**
     * Its number, for pos_token_session_accept() and pos_token_session_failed().
     */
    uint32_t number;
    /**
     * What it is for, one of pos_token_purpose; pos_token_answer_init() has to be told.
     */
    uint32_t purpose;
} pos_token_begun;

/**
 * What the time is, as far as it is known.
 */
typedef struct pos_token_clock {
    /**
     * The moment, in seconds since 1970-01-01T00:00:00Z.
     */
    int64_t time;
    /**
     * How many seconds it is off at most; POS_TOKEN_UNKNOWN where nothing bounds that.
     */
    uint32_t error;
    /**
     * Where it comes from: one of pos_token_clock_origin; 0: nobody knows the time.
     */
    uint32_t origin;
} pos_token_clock;

/**
 * What is known of the last token that was granted, while it is good and afterwards. What a till may still do with
 * that is the caller's to decide.
 */
typedef struct pos_token_last_known {
    /**
     * When its request was begun, in seconds since 1970-01-01T00:00:00Z; 0 where the time was not known.
     */
    int64_t granted_at;
    /**
     * When it ends or ended; 0 where that is not known.
     */
    int64_t expires_at;
    /**
     * What the time is, and how far that can be trusted.
     */
    struct pos_token_clock clock;
    /**
     * The token's claims, where `has_claims` says so. Nobody has verified them here.
     */
    struct pos_token_unverified_claims claims;
    /**
     * The token's generation.
     */
    uint32_t generation;
    /**
     * How many seconds ago its request was begun; POS_TOKEN_UNKNOWN after a boot without a clock.
     */
    uint32_t age;
    /**
     * Whether the API refused it.
     */
    bool rejected;
    /**
     * Whether the token is in the store and is a JWT.
     */
    bool has_claims;
    /**
     * Private.
     */
    uint8_t reserved[6];
} pos_token_last_known;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * LoyaltyDog: password grant as a form, JWTs, a second step with a code, no refresh.
 */
extern const struct pos_token_provider POS_TOKEN_LOYALTY_DOG;

/**
 * Zype: password, or linked device and PIN, as JSON; refresh tokens that rotate; revocation.
 */
extern const struct pos_token_provider POS_TOKEN_ZYPE;

/**
 * Loyalife: client credentials as JSON, optionally bound to a member by a scope that
 * pos_token_json_string_array() writes; JWTs by HS512, whose other name stands in `hs512_alias`.
 */
extern const struct pos_token_provider POS_TOKEN_LOYALIFE;

/**
 * Open Loyalty: administrator, or member of a store where `store_code` is given; JWTs, refresh, log-out.
 */
extern const struct pos_token_provider POS_TOKEN_OPEN_LOYALTY;

/**
 * Any server of RFC 6749, the client's credentials as HTTP Basic. The paths are the endpoint's.
 */
extern const struct pos_token_provider POS_TOKEN_RFC6749;

/**
 * POS_TOKEN_RFC6749 with the client's credentials among the parameters, for servers that want them there, and for
 * public clients.
 */
extern const struct pos_token_provider POS_TOKEN_RFC6749_BODY;

/**
 * Begins to read the answer to a request of this purpose, into a store. `options` may be NULL. What an earlier answer
 * left unfinished in the store is wiped; the tokens in use stay.
 *
 * Then either pos_token_answer_feed() takes the raw bytes of the HTTP response; or, where another stack has read
 * HTTP, pos_token_answer_status(), pos_token_answer_field() and pos_token_answer_body() take what it gives. At the
 * end comes pos_token_answer_finish(). To give up in between, call pos_token_answer_wipe(). Until then the store has to
 * stay, the provider with all that it points to has to stay unchanged, and no other answer can use the store.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_ENUM`, `POS_TOKEN_NOT_INITIALISED` of the store, `POS_TOKEN_INVALID_TABLE`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * pos_token_status receive(pos_token_store *store, size_t (*read)(uint8_t *buf, size_t len),
 *                          pos_token_result *result) {
 *     pos_token_answer answer;
 *     pos_token_status status = pos_token_answer_init(&answer, &POS_TOKEN_ZYPE,
 *                                                     POS_TOKEN_PURPOSE_LOG_IN, NULL, store);
 *     bool complete = false;
 *     while (status == POS_TOKEN_OK && !complete) {
 *         uint8_t buf[63];
 *         size_t len = read(buf, sizeof buf);
 *         if (len == 0) {
 *             break; // the connection is closed
 *         }
 *         status = pos_token_answer_feed(&answer, pos_token_bytes(buf, len), &complete, NULL);
 *     }
 *     if (status != POS_TOKEN_OK) {
 *         (void)pos_token_answer_wipe(&answer);
 *         return status;
 *     }
 *     return pos_token_answer_finish(&answer, result);
 * }
 * \endcode
 */
pos_token_status pos_token_answer_init(struct pos_token_answer *answer,
                                       const struct pos_token_provider *provider,
                                       uint32_t purpose,
                                       const struct pos_token_answer_options *options,
                                       struct pos_token_store *store);

/**
 * Takes the next raw bytes of the response, as many as there are. `*complete` says whether the answer is complete, or
 * the rest of it changes nothing. `unread` may be NULL; it takes how many bytes at the end were not read, which
 * belong to what follows the message.
 *
 * \return `POS_TOKEN_OK`; the first thing that is wrong with the answer, which every later call returns again: one of
 * `POS_TOKEN_HTTP_*`, `POS_TOKEN_JSON_*`, `POS_TOKEN_MEMBER_*`, `POS_TOKEN_ANSWER_TOO_LONG`,
 * `POS_TOKEN_ANSWER_CONTENT_CODING`, without `POS_TOKEN_HTTP_TRUNCATED`, `POS_TOKEN_HTTP_NO_RESPONSE`,
 * `POS_TOKEN_JSON_TRUNCATED`, `POS_TOKEN_JSON_NOT_A_CONTAINER`; `POS_TOKEN_OUT_OF_ORDER` where another stack's status
 * came before; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`,
 * `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_feed(struct pos_token_answer *answer,
                                       struct pos_token_span input,
                                       bool *complete,
                                       size_t *unread);

/**
 * Another stack has read this status. That of an interim response, a 1xx, changes nothing; its fields are not to be
 * given. Where that stack had no answer, there is none to read, and a session's exchange failed: POS_TOKEN_TRANSPORT.
 *
 * \return As pos_token_answer_feed(); `POS_TOKEN_OUT_OF_ORDER` where the final status or raw bytes came before;
 * `POS_TOKEN_HTTP_BAD_STATUS_LINE` below 100 and above 999.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_status(struct pos_token_answer *answer,
                                         uint16_t status);

/**
 * Another stack has read this field. Those that matter are `Date`, `Retry-After` and `Content-Encoding`, in any case;
 * all others are ignored, so that every field can be given. What the stack has undone already, such as a content
 * coding, is not to be given.
 *
 * \return As pos_token_answer_feed(); `POS_TOKEN_OUT_OF_ORDER` before the status or after the first piece of the body.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_field(struct pos_token_answer *answer,
                                        struct pos_token_span name,
                                        struct pos_token_span value);

/**
 * Another stack has read this piece of the body. `*complete` says that the rest changes nothing.
 *
 * \return As pos_token_answer_feed(); `POS_TOKEN_OUT_OF_ORDER` before the status.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * // What another stack has read.
 * typedef struct response {
 *     uint16_t status;
 *     const pos_token_header *fields;
 *     size_t fields_len;
 *     pos_token_span body;
 * } response;
 *
 * // `http_status` and `retry_after` are for pos_token_session_failed().
 * pos_token_status from_another_stack(pos_token_answer *answer, const response *got,
 *                                     pos_token_result *result, uint16_t *http_status,
 *                                     pos_token_when *retry_after) {
 *     bool complete;
 *     size_t i;
 *     pos_token_status status = pos_token_answer_status(answer, got->status);
 *     for (i = 0; status == POS_TOKEN_OK && i < got->fields_len; i++) {
 *         status = pos_token_answer_field(answer, got->fields[i].name, got->fields[i].value);
 *     }
 *     if (status == POS_TOKEN_OK) {
 *         status = pos_token_answer_body(answer, got->body, &complete); // in any pieces
 *     }
 *     (void)pos_token_answer_status_code(answer, http_status);
 *     (void)pos_token_answer_retry_after(answer, retry_after);
 *     if (status != POS_TOKEN_OK) {
 *         (void)pos_token_answer_wipe(answer);
 *         return status;
 *     }
 *     return pos_token_answer_finish(answer, result);
 * }
 * \endcode
 */
pos_token_status pos_token_answer_body(struct pos_token_answer *answer,
                                       struct pos_token_span piece,
                                       bool *complete);

/**
 * The access token as far as it has arrived, all of it once the answer is complete; absent where there is none. It is
 * not in use before pos_token_answer_finish(): who wants to verify it before it replaces the one in use does that
 * here, and calls pos_token_answer_wipe() where it is no good; pos_token_exchange_run_checked() does so over a connection.
 * The span is good until the next call for this answer.
 *
 * \return As pos_token_answer_status_code().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_access_token(const struct pos_token_answer *answer,
                                               struct pos_token_span *token);

/**
 * The answer has ended: it is complete, or the connection is closed, or the other stack has no more of it. Whatever
 * is returned but a fault of the pointers, the answer is wiped and not initialised any more.
 *
 * \return `POS_TOKEN_OK`, and what it comes to in `*result`; as pos_token_answer_feed(), the error met before among
 * them; `POS_TOKEN_HTTP_TRUNCATED`, `POS_TOKEN_HTTP_NO_RESPONSE`, `POS_TOKEN_JSON_TRUNCATED`;
 * `POS_TOKEN_ANSWER_NO_TOKEN`, `POS_TOKEN_ANSWER_NO_PENDING_TOKEN`, `POS_TOKEN_ANSWER_TOKEN_AND_MFA`;
 * `POS_TOKEN_STORE_TOO_SMALL`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_finish(struct pos_token_answer *answer,
                                         struct pos_token_result *result);

/**
 * The status code of HTTP, 0 before it is known. It stays known after an error, but not when the answer was finished or
 * wiped, which is not initialised then: ask before.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_status_code(const struct pos_token_answer *answer,
                                              uint16_t *http_status);

/**
 * When to come back, where the server said so. It stays known after an error, but not when the answer was finished or
 * wiped, which is not initialised then: ask before.
 *
 * \return As pos_token_answer_status_code().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_retry_after(const struct pos_token_answer *answer,
                                              struct pos_token_when *retry_after);

/**
 * Where in the JSON text the error is that a `POS_TOKEN_JSON_*` or a `POS_TOKEN_MEMBER_*` was returned for, in bytes
 * from its start; 0 before. It stays known until the answer is finished.
 *
 * \return As pos_token_answer_status_code().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_error_offset(const struct pos_token_answer *answer,
                                               uint32_t *offset);

/**
 * Gives an answer up: wipes what it brought and the answer, and leaves the tokens in use.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`, where nothing is touched.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_answer_wipe(struct pos_token_answer *answer);

/**
 * The milliseconds since boot at which the counter shows `tick`. To be called at least once in 49 days. A tick from up to
 * 2 s before the last one is no wrap: a caller's tasks may hand in theirs in another order than they took them.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * pos_token_now till_now(uint32_t tick, int64_t clock) {
 *     static pos_token_uptime uptime;
 *     pos_token_now now = POS_TOKEN_ZERO;
 *     (void)pos_token_uptime_extend(&uptime, tick, &now.uptime);
 *     now.device = clock;
 *     return now;
 * }
 * \endcode
 */
pos_token_status pos_token_uptime_extend(struct pos_token_uptime *uptime,
                                         uint32_t tick,
                                         uint64_t *milliseconds);

/**
 * Writes the whole HTTP request through the transport's `write`, in pieces as large as `scratch`, which needs 64
 * bytes at least; what was written to it is wiped at the end. `read` may be NULL.
 *
 * \return As pos_token_request_http(), without `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_SCRATCH_TOO_SMALL`;
 * `POS_TOKEN_CALLBACK` where there is no `write`; `POS_TOKEN_TRANSPORT`, `POS_TOKEN_CLOSED`, `POS_TOKEN_OVERRUN`.
 *
 * Blocks in the caller's callback only; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_http_write(const struct pos_token_request *request,
                                              const struct pos_token_endpoint *endpoint,
                                              struct pos_token_transport *transport,
                                              uint8_t *scratch,
                                              size_t scratch_len);

/**
 * Writes a request and reads its answer into a store, over a transport, in pieces as large as `scratch`, which needs
 * 64 bytes at least; what was written to it is wiped at the end. `options` may be NULL. Tokens that neither the
 * credentials nor the request's own store have are taken from `store`. The transport is left open. The tokens in use
 * stay in the store whatever happens, until an answer grants new ones, which are in use when this returns;
 * pos_token_exchange_run_checked() looks at them before. What comes behind the answer is lost, and the result is not
 * `reusable` then.
 *
 * \return `POS_TOKEN_OK`, and what the answer comes to in `*result`; as pos_token_request_http_write(), where nothing
 * was sent or not all of it; as pos_token_answer_init() and pos_token_answer_finish(), without
 * `POS_TOKEN_OUT_OF_ORDER`; `POS_TOKEN_CALLBACK` where `read` or `write` is missing.
 *
 * Blocks in the caller's callbacks only; re-entrant on distinct objects.
 *
 * \code
 * // `tls` is a connection to api.loyalty.dog; `tokens` an initialised store of 1,024 bytes.
 * pos_token_status log_in(pos_token_transport *tls, pos_token_store *tokens, pos_token_result *result) {
 *     uint8_t scratch[128];
 *     pos_token_credentials credentials = POS_TOKEN_ZERO;
 *     pos_token_endpoint endpoint = POS_TOKEN_ZERO;
 *     pos_token_request request = POS_TOKEN_ZERO;
 *     credentials.username = pos_token_text("till-7@example.com");
 *     credentials.password = pos_token_text("correct horse");
 *     endpoint.host = pos_token_text("api.loyalty.dog");
 *     request.provider = &POS_TOKEN_LOYALTY_DOG;
 *     request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
 *     request.credentials = &credentials;
 *     return pos_token_exchange_run(&request, &endpoint, tls, NULL, tokens, scratch, sizeof scratch,
 *                                   result);
 * }
 * \endcode
 */
pos_token_status pos_token_exchange_run(const struct pos_token_request *request,
                                        const struct pos_token_endpoint *endpoint,
                                        struct pos_token_transport *transport,
                                        const struct pos_token_answer_options *options,
                                        struct pos_token_store *store,
                                        uint8_t *scratch,
                                        size_t scratch_len,
                                        struct pos_token_result *result);

/**
 * pos_token_exchange_run(), and where an access token is granted, it replaces the one in use only if `check` says so,
 * which gets `ctx` and that token: to verify its signature first. `check` may be NULL, and then nothing is checked. It is
 * called once at most, when the whole answer has come; the span is good until it returns. It can verify and look, but may
 * use neither the store, nor the transport, nor the scratch buffer. Where it returns false, what arrived is wiped and the
 * tokens in use stay.
 *
 * \return As pos_token_exchange_run(); `POS_TOKEN_TOKEN_REFUSED` where `check` returned false.
 *
 * Blocks in the caller's callbacks only; re-entrant on distinct objects.
 *
 * \code
 * // What a token is verified with.
 * typedef struct trust {
 *     const pos_token_hs512_key *key;
 *     pos_token_validation validation;
 * } trust;
 *
 * static bool trusted(void *ctx, pos_token_span access_token) {
 *     const trust *by = (const trust *)ctx;
 *     pos_token_verified_claims claims;
 *     pos_token_status status = pos_token_jwt_verify(
 *         access_token, by->key, POS_TOKEN_LOYALIFE.hs512_alias, &by->validation, &claims);
 *     // That it is over, or not valid yet, may be the fault of the till's clock: nothing else is wrong.
 *     return pos_token_status_verdict(status) != POS_TOKEN_VERDICT_STOP;
 * }
 *
 * // An exchange that a session has begun, over a connection that is open.
 * void exchange(pos_token_session *session, const pos_token_begun *begun,
 *               const pos_token_endpoint *endpoint, pos_token_transport *tls, pos_token_store *tokens,
 *               trust *by, pos_token_now now) {
 *     uint8_t scratch[128];
 *     pos_token_result result;
 *     pos_token_status status =
 *         pos_token_exchange_run_checked(&begun->request, endpoint, tls, NULL, tokens, scratch,
 *                                        sizeof scratch, trusted, by, &result);
 *     if (status == POS_TOKEN_OK) {
 *         (void)pos_token_session_accept(session, begun->number, &result, now);
 *     } else { // POS_TOKEN_TOKEN_REFUSED among them
 *         (void)pos_token_session_failed(session, begun->number, status, tls->http_status,
 *                                        &tls->retry_after, now);
 *     }
 * }
 * \endcode
 */
pos_token_status pos_token_exchange_run_checked(const struct pos_token_request *request,
                                                const struct pos_token_endpoint *endpoint,
                                                struct pos_token_transport *transport,
                                                const struct pos_token_answer_options *options,
                                                struct pos_token_store *store,
                                                uint8_t *scratch,
                                                size_t scratch_len,
                                                bool (*check)(void *ctx,
                                                              struct pos_token_span access_token),
                                                void *ctx,
                                                struct pos_token_result *result);

/**
 * Prepares a key of at least 64 bytes, as RFC 7518 section 3.2 demands. The stack that was used is cleared.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_KEY_EMPTY`, `POS_TOKEN_KEY_TOO_SHORT`; `POS_TOKEN_NULL_POINTER`,
 * `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_hs512_key_init(struct pos_token_hs512_key *key,
                                          struct pos_token_span secret);

/**
 * Prepares a key of any length but 0, for an issuer whose key is too short to be safe against guessing.
 *
 * \return As pos_token_hs512_key_init(), without `POS_TOKEN_KEY_TOO_SHORT`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_hs512_key_init_short(struct pos_token_hs512_key *key,
                                                struct pos_token_span secret);

/**
 * Prepares a key of 64 to 256 bytes given as unpadded base64url text, as a JWK's `k` is. The text is decoded in
 * constant time.
 *
 * \return As pos_token_hs512_key_init(); `POS_TOKEN_KEY_TOO_LONG`, `POS_TOKEN_KEY_BASE64URL`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_hs512_key_init_base64url(struct pos_token_hs512_key *key,
                                                    struct pos_token_span text);

/**
 * As pos_token_hs512_key_init_base64url(), with a key of 1 to 256 bytes.
 *
 * \return As pos_token_hs512_key_init_base64url(), without `POS_TOKEN_KEY_TOO_SHORT`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_hs512_key_init_base64url_short(struct pos_token_hs512_key *key,
                                                          struct pos_token_span text);

/**
 * Wipes a key, which is not initialised then.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`; `POS_TOKEN_NOT_INITIALISED`, where
 * nothing is touched.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_hs512_key_wipe(struct pos_token_hs512_key *key);

/**
 * Reads a token's claims without a key, for scheduling only: whoever sent the token can have written anything. The
 * whole token is checked for its form, and neither the algorithm nor any time is judged.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_JWT_TOO_LONG`, `POS_TOKEN_JWT_PARTS`, `POS_TOKEN_BASE64URL`,
 * `POS_TOKEN_JWT_HEADER`, `POS_TOKEN_JWT_DUPLICATE_HEADER`, `POS_TOKEN_JWT_PAYLOAD`,
 * `POS_TOKEN_JWT_DUPLICATE_CLAIM`, `POS_TOKEN_JWT_EXPIRES_AT`, `POS_TOKEN_JWT_NOT_BEFORE`,
 * `POS_TOKEN_JWT_ISSUED_AT`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * bool expires_after(pos_token_span token, int64_t moment) {
 *     pos_token_unverified_claims said;
 *     return pos_token_jwt_peek(token, &said) == POS_TOKEN_OK && said.claims.has_expires_at &&
 *            said.claims.expires_at > moment;
 * }
 * \endcode
 */
pos_token_status pos_token_jwt_peek(struct pos_token_span token,
                                    struct pos_token_unverified_claims *claims);

/**
 * Verifies a token with a prepared key and gives its claims. The key decides that the algorithm is HMAC-SHA512: the
 * header must say `HS512`, or exactly `alias`, the provider's `hs512_alias` as a rule; absent: no other name. The
 * stack that the key's work took is cleared.
 *
 * \return `POS_TOKEN_OK`; the first that applies of `POS_TOKEN_BASE64URL` and the `POS_TOKEN_JWT_*`;
 * `POS_TOKEN_NO_TIME`, `POS_TOKEN_INVALID_ENUM` of the validation; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`,
 * `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED` of the key.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * bool is_cashier(pos_token_span token, const pos_token_hs512_key *key, int64_t now) {
 *     pos_token_verified_claims verified;
 *     pos_token_validation validation = POS_TOKEN_ZERO;
 *     bool found = false;
 *     validation.now = now;
 *     validation.leeway = 30;
 *     validation.issuer = pos_token_text("https://loyal.ex");
 *     if (pos_token_jwt_verify(token, key, POS_TOKEN_LOYALIFE.hs512_alias, &validation, &verified) !=
 *         POS_TOKEN_OK) {
 *         return false;
 *     }
 *     return pos_token_claims_contain(&verified.claims, pos_token_text("role"),
 *                                     pos_token_text("cashier"), &found) == POS_TOKEN_OK && found;
 * }
 * \endcode
 */
pos_token_status pos_token_jwt_verify(struct pos_token_span token,
                                      const struct pos_token_hs512_key *key,
                                      struct pos_token_span alias,
                                      const struct pos_token_validation *validation,
                                      struct pos_token_verified_claims *claims);

/**
 * Verifies a token with the platform's HMAC-SHA512; all else as pos_token_jwt_verify().
 *
 * \return As pos_token_jwt_verify(); `POS_TOKEN_CALLBACK` where not exactly one callback is given, or `compute` does
 * not return POS_TOKEN_MAC_COMPUTED.
 *
 * Blocks in the caller's callback only; re-entrant on distinct objects.
 *
 * \code
 * // A secure element that holds the key and compares for itself.
 * extern bool element_hmac_is(const uint8_t *message, size_t len, const uint8_t mac[64]);
 *
 * static uint32_t verify(void *ctx, const uint8_t *message, size_t len, const uint8_t *mac) {
 *     (void)ctx;
 *     return element_hmac_is(message, len, mac) ? POS_TOKEN_MAC_VALID : 0;
 * }
 *
 * pos_token_status check(pos_token_span token, const pos_token_validation *validation,
 *                        pos_token_verified_claims *claims) {
 *     pos_token_mac element = POS_TOKEN_ZERO;
 *     element.verify = verify;
 *     return pos_token_jwt_verify_mac(token, &element, POS_TOKEN_LOYALIFE.hs512_alias, validation, claims);
 * }
 * \endcode
 */
pos_token_status pos_token_jwt_verify_mac(struct pos_token_span token,
                                          const struct pos_token_mac *mac,
                                          struct pos_token_span alias,
                                          const struct pos_token_validation *validation,
                                          struct pos_token_verified_claims *claims);

/**
 * Copies the text of a claim, unescaped and in UTF-8, without a NUL at its end. A claim is asked for by its whole
 * name, dots and all. Takes the `claims` of verified claims and of unverified ones.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_ABSENT`; `POS_TOKEN_CLAIM_WRONG_TYPE` where it is
 * no string; `POS_TOKEN_CLAIM_NOT_TEXT`, `POS_TOKEN_CLAIM_DUPLICATE`, `POS_TOKEN_CLAIM_CHANGED`;
 * `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`,
 * `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_claims_text(const struct pos_token_claims *claims,
                                       struct pos_token_span name,
                                       uint8_t *buf,
                                       size_t buf_len,
                                       size_t *out_len);

/**
 * Whether a claim is the string `expected`, or an array of strings with `expected` among them, as `aud` can be and
 * roles are. False where there is no such claim.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_CLAIM_WRONG_TYPE` where it is neither; `POS_TOKEN_CLAIM_DUPLICATE`,
 * `POS_TOKEN_CLAIM_CHANGED`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_claims_contain(const struct pos_token_claims *claims,
                                          struct pos_token_span name,
                                          struct pos_token_span expected,
                                          bool *found);

/**
 * The number that a claim is, rounded down to a whole one.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_ABSENT`; `POS_TOKEN_CLAIM_WRONG_TYPE` where it is no number;
 * `POS_TOKEN_CLAIM_OUT_OF_RANGE`, `POS_TOKEN_CLAIM_DUPLICATE`, `POS_TOKEN_CLAIM_CHANGED`; `POS_TOKEN_NULL_POINTER`,
 * `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_claims_number(const struct pos_token_claims *claims,
                                         struct pos_token_span name,
                                         int64_t *number);

/**
 * One till with this seed, everything else as it suits most.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_policy_init(struct pos_token_policy *policy,
                                       uint64_t seed);

/**
 * Looks at a whole table for what can be seen before anything is sent: every number, text and length; that paths and
 * the scheme of `Authorization` can be sent, that members can be found and one is the access token, that codes can be
 * met, that no parameter is without a name, and none of a request by GET. A table of one's own is best tried once, in a
 * unit test; the functions that take one look at no more than they need.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_INVALID_PATH` of an exchange, `POS_TOKEN_INVALID_AUTHORIZATION` of the scheme,
 * `POS_TOKEN_INVALID_TABLE` of anything else; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED` and
 * `POS_TOKEN_INVALID_LENGTH` of `provider` itself.
 *
 * Does not block; re-entrant.
 */
pos_token_status pos_token_provider_check(const struct pos_token_provider *provider);

/**
 * Restores the newest record of both slots that can be taken; at boot, right after pos_token_session_init(). What the
 * slots hold is read into `buf`, which is wiped in the end; pos_token_record_len() tells how large it has to be.
 *
 * Tokens that rotate are saved anew before they are used: a record can be torn where it ends and read whole.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_CALLBACK` where there is no `read`, or only one of `seal` and `open`;
 * where there is nothing to restore, and the session goes on as it is, the reason that is not
 * `POS_TOKEN_RECORD_ABSENT`, the first slot's where both have another: `POS_TOKEN_RECORD_UNREADABLE`,
 * `POS_TOKEN_RECORD_ABSENT`, `POS_TOKEN_RECORD_OTHER_VERSION`, `POS_TOKEN_RECORD_OTHER_PROVIDER`,
 * `POS_TOKEN_RECORD_TRUNCATED`, `POS_TOKEN_RECORD_DAMAGED`, `POS_TOKEN_RECORD_SEALED`;
 * `POS_TOKEN_RECORD_STORE_TOO_SMALL`, and pos_token_store_needed tells how large the store's buffer has to be.
 *
 * Blocks in the caller's callbacks only; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_restore(struct pos_token_session *session,
                                           struct pos_token_storage *storage,
                                           struct pos_token_now now,
                                           uint8_t *buf,
                                           size_t buf_len,
                                           struct pos_token_restored *restored);

/**
 * Makes the record where pos_token_session_next() says POS_TOKEN_STEP_SAVE, in the front of `buf`; `*out_len` is its
 * length, and pos_token_record_len() tells how large the buffer has to be. `unit` is what the storage programs at once,
 * 1 to 255 bytes: 1 for files, EEPROM and FRAM. `storage`, of which only `ctx`, `seal` and `open` count here, may be
 * NULL. Nothing changes before pos_token_session_saved(). The record may hold tokens: wipe the buffer.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_BUFFER_TOO_SMALL`; where records are sealed, the seal wants as much more
 * as it adds; `POS_TOKEN_RECORD_UNIT`; `POS_TOKEN_RECORD_NOT_SEALED`, also where the tokens take more than 65,483 bytes,
 * less what the seal adds; `POS_TOKEN_CALLBACK` where there is only one of `seal` and `open`.
 *
 * Blocks in the caller's callbacks only; re-entrant on distinct objects.
 *
 * \code
 * // Of a till: writes a slot of its storage; true only where the bytes are there to stay.
 * bool till_write(uint32_t slot, const uint8_t *bytes, size_t len);
 * void till_shows(const char *text, uint32_t number);
 *
 * void till_save(pos_token_session *session, pos_token_now now) {
 *     uint8_t buf[256]; // Zype; Loyalife 1024, Open Loyalty 2048: pos_token_record_len()
 *     size_t len = 0;
 *     pos_token_record record = POS_TOKEN_ZERO; // number 0: none could be made
 *     pos_token_status status = pos_token_session_save(session, NULL, 16, now, buf, sizeof buf, &len, &record);
 *     if (status == POS_TOKEN_OK && till_write(record.slot, buf, len)) {
 *         (void)pos_token_session_saved(session, record.number);
 *     } else {
 *         till_shows("not saved", status);
 *         (void)pos_token_session_save_failed(session, record.number);
 *     }
 *     (void)pos_token_wipe(buf, sizeof buf);
 * }
 * \endcode
 */
pos_token_status pos_token_session_save(const struct pos_token_session *session,
                                        const struct pos_token_storage *storage,
                                        uint32_t unit,
                                        struct pos_token_now now,
                                        uint8_t *buf,
                                        size_t buf_len,
                                        size_t *out_len,
                                        struct pos_token_record *record);

/**
 * The record of this number is written, and stays if the power goes now. Another number than that of the newest record,
 * such as its slot's, changes nothing, and POS_TOKEN_STEP_SAVE is asked again: something that has to be saved came while it
 * was written.
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_saved(struct pos_token_session *session,
                                         uint32_t number);

/**
 * The record of this number could not be written, or, with 0, none could be made. The token is offered all the same, with
 * that risk; the next record comes with the next change. Another number changes nothing, as with
 * pos_token_session_saved().
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_save_failed(struct pos_token_session *session,
                                               uint32_t number);

/**
 * How long a record is, in bytes, that holds so many bytes of tokens, to which the seal adds so many, for storage that
 * is programmed in units of so many: 70 bytes, the tokens, the seal, and up to two units.
 *
 * Does not block; re-entrant.
 */
size_t pos_token_record_len(size_t tokens,
                            size_t seal,
                            size_t unit);

/**
 * Whether a request can be built: everything that the other functions of this step refuse, but the endpoint.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NO_SUCH_EXCHANGE`, `POS_TOKEN_MISSING_FIELD`, `POS_TOKEN_EMPTY_FIELD`,
 * `POS_TOKEN_FORBIDDEN`, `POS_TOKEN_NOT_UTF8`, `POS_TOKEN_INVALID_PATH`, `POS_TOKEN_INVALID_AUTHORIZATION`;
 * `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_INVALID_ENUM`,
 * `POS_TOKEN_NOT_INITIALISED`, `POS_TOKEN_INVALID_TABLE`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_check(const struct pos_token_request *request);

/**
 * Which of pos_token_field keeps a request from being built, where pos_token_request_check() returns
 * POS_TOKEN_MISSING_FIELD, POS_TOKEN_EMPTY_FIELD, POS_TOKEN_FORBIDDEN or POS_TOKEN_NOT_UTF8; else 0.
 *
 * Does not block; re-entrant on distinct objects.
 */
uint32_t pos_token_request_field_at_fault(const struct pos_token_request *request);

/**
 * Writes the body alone, for firmware whose own stack does HTTP. A request by GET has an empty one.
 *
 * \return `POS_TOKEN_OK`, and in `*out_len` how much was written; `POS_TOKEN_BUFFER_TOO_SMALL`;
 * `POS_TOKEN_OVERLAP`; else as pos_token_request_check().
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * pos_token_status write_body(uint8_t *buf, size_t buf_len, size_t *len) {
 *     pos_token_credentials credentials = POS_TOKEN_ZERO;
 *     pos_token_request request = POS_TOKEN_ZERO;
 *     credentials.client_id = pos_token_text("client-7");
 *     credentials.client_secret = pos_token_text("s3cret");
 *     request.provider = &POS_TOKEN_LOYALIFE;
 *     request.purpose = POS_TOKEN_PURPOSE_LOG_IN;
 *     request.credentials = &credentials;
 *     return pos_token_request_body(&request, buf, buf_len, len);
 * }
 * \endcode
 */
pos_token_status pos_token_request_body(const struct pos_token_request *request,
                                        uint8_t *buf,
                                        size_t buf_len,
                                        size_t *out_len);

/**
 * Writes the path, with the values of the fields in it but without an endpoint's prefix, for firmware whose own stack
 * does HTTP.
 *
 * \return As pos_token_request_body(); `POS_TOKEN_MISSING_PATH` where the provider leaves it to the caller.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_path(const struct pos_token_request *request,
                                        uint8_t *buf,
                                        size_t buf_len,
                                        size_t *out_len);

/**
 * Writes the value of `Authorization`, for firmware whose own stack does HTTP; `*out_len` is 0 where the request has
 * none.
 *
 * \return As pos_token_request_body().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_authorization(const struct pos_token_request *request,
                                                 uint8_t *buf,
                                                 size_t buf_len,
                                                 size_t *out_len);

/**
 * The request's method, `GET` or `POST`, for firmware whose own stack does HTTP. The text is static.
 *
 * \return As pos_token_request_check().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_method(const struct pos_token_request *request,
                                          struct pos_token_span *method);

/**
 * What `Content-Type` says about the body, for firmware whose own stack does HTTP; absent where there is no body. The
 * text is static.
 *
 * \return As pos_token_request_check().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_content_type(const struct pos_token_request *request,
                                                struct pos_token_span *content_type);

/**
 * Writes the whole HTTP/1.1 request.
 *
 * \return As pos_token_request_body(); `POS_TOKEN_MISSING_PATH`, `POS_TOKEN_INVALID_HOST`,
 * `POS_TOKEN_INVALID_PREFIX`, `POS_TOKEN_INVALID_PATH`, `POS_TOKEN_INVALID_USER_AGENT`,
 * `POS_TOKEN_INVALID_HEADER_NAME`, `POS_TOKEN_INVALID_HEADER_VALUE`, `POS_TOKEN_TOO_MANY` of the endpoint.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_request_http(const struct pos_token_request *request,
                                        const struct pos_token_endpoint *endpoint,
                                        uint8_t *buf,
                                        size_t buf_len,
                                        size_t *out_len);

/**
 * Fills a window with the bytes of the HTTP request from `offset` on; `*out_len` is how many there were: fewer than
 * the window holds only at the request's end. Nothing is remembered between calls, so a transmit buffer of any size
 * is enough.
 *
 * \return As pos_token_request_http(), without `POS_TOKEN_BUFFER_TOO_SMALL`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * pos_token_status transmit(const pos_token_request *request, const pos_token_endpoint *endpoint,
 *                           void (*transmit_piece)(const uint8_t *piece, size_t len)) {
 *     uint8_t window[64];
 *     size_t sent = 0, len;
 *     do {
 *         pos_token_status status =
 *             pos_token_request_http_at(request, endpoint, sent, window, sizeof window, &len);
 *         if (status != POS_TOKEN_OK) {
 *             return status;
 *         }
 *         transmit_piece(window, len);
 *         sent += len;
 *     } while (len == sizeof window);
 *     pos_token_wipe(window, sizeof window);
 *     return POS_TOKEN_OK;
 * }
 * \endcode
 */
pos_token_status pos_token_request_http_at(const struct pos_token_request *request,
                                           const struct pos_token_endpoint *endpoint,
                                           size_t offset,
                                           uint8_t *window,
                                           size_t window_len,
                                           size_t *out_len);

/**
 * Writes the value of `Authorization` for calls to the provider's API: its scheme, a space and the access token.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_EMPTY_FIELD`, `POS_TOKEN_FORBIDDEN` of the token;
 * `POS_TOKEN_INVALID_AUTHORIZATION` of the provider's scheme; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`,
 * `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_TABLE`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * pos_token_status bearer(const pos_token_store *store, uint8_t *buf, size_t buf_len, size_t *len) {
 *     pos_token_span token;
 *     pos_token_status status = pos_token_store_access_token(store, &token);
 *     if (status != POS_TOKEN_OK) {
 *         return status;
 *     }
 *     return pos_token_authorization_write(&POS_TOKEN_LOYALIFE, token, buf, buf_len, len);
 * }
 * \endcode
 */
pos_token_status pos_token_authorization_write(const struct pos_token_provider *provider,
                                               struct pos_token_span token,
                                               uint8_t *buf,
                                               size_t buf_len,
                                               size_t *out_len);

/**
 * Fills a window with the bytes of that value from `offset` on; `*out_len` is how many there were: fewer than the
 * window holds only at the value's end.
 *
 * \return As pos_token_authorization_write(), without `POS_TOKEN_BUFFER_TOO_SMALL`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_authorization_write_at(const struct pos_token_provider *provider,
                                                  struct pos_token_span token,
                                                  size_t offset,
                                                  uint8_t *window,
                                                  size_t window_len,
                                                  size_t *out_len);

/**
 * Begins a session, at boot: the first exchange waits for the till's place in its chain. The state of an earlier boot
 * comes back with pos_token_session_restore(). Provider, policy and store are kept by address, and the store is for this
 * session's answers alone.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_ENUM` of the policy, `POS_TOKEN_NOT_INITIALISED` of the store,
 * `POS_TOKEN_INVALID_TABLE`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * static uint8_t token_memory[256]; // for Zype's tokens, and their successors
 * static pos_token_store tokens;
 * static pos_token_policy policy;
 * static pos_token_session session;
 *
 * bool boot(uint64_t serial_number, pos_token_now now) {
 *     if (pos_token_policy_init(&policy, serial_number) != POS_TOKEN_OK) {
 *         return false;
 *     }
 *     policy.floor = 1767225600; // the day of the build
 *     return pos_token_store_init(&tokens, token_memory, sizeof token_memory) == POS_TOKEN_OK &&
 *            pos_token_session_init(&session, &POS_TOKEN_ZYPE, &policy, &tokens, now) == POS_TOKEN_OK;
 * }
 * \endcode
 */
pos_token_status pos_token_session_init(struct pos_token_session *session,
                                        const struct pos_token_provider *provider,
                                        const struct pos_token_policy *policy,
                                        struct pos_token_store *store,
                                        struct pos_token_now now);

/**
 * What to do now. Changes nothing, so that it can be asked at any time, and twice.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`, `POS_TOKEN_INVALID_ENUM` of the policy, `POS_TOKEN_NOT_INITIALISED` of the session or its store,
 * `POS_TOKEN_INVALID_TABLE`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * // Of a till: what it does itself.
 * pos_token_now till_now(void);
 * void till_save(pos_token_session *session);
 * void till_exchange(pos_token_session *session);
 * bool till_attended(void); // somebody is there to read a code
 * void till_shows(const char *text, uint32_t number);
 *
 * // From the main loop, as often as one likes.
 * void till_poll(pos_token_session *session) {
 *     pos_token_step step;
 *     if (pos_token_session_next(session, till_now(), &step) != POS_TOKEN_OK) {
 *         return;
 *     }
 *     switch (step.kind) {
 *     case POS_TOKEN_STEP_SAVE:
 *         till_save(session);
 *         break;
 *     case POS_TOKEN_STEP_SEND:
 *         till_exchange(session);
 *         break;
 *     case POS_TOKEN_STEP_NEED_CODE:
 *         if (step.code == POS_TOKEN_CODE_MFA && !step.pending) {
 *             if (till_attended()) {
 *                 till_exchange(session); // without a code: the provider sends one
 *             }
 *         } else {
 *             till_shows("enter the code", step.code); // and then till_exchange() with it
 *         }
 *         break;
 *     case POS_TOKEN_STEP_STOP:
 *         till_shows("call the operator, and say", step.short_code);
 *         break;
 *     default: // POS_TOKEN_STEP_USE, POS_TOKEN_STEP_WAIT: nothing to do
 *         break;
 *     }
 * }
 * \endcode
 */
pos_token_status pos_token_session_next(const struct pos_token_session *session,
                                        struct pos_token_now now,
                                        struct pos_token_step *step);

/**
 * The token that may be used now, whatever else is to do: before each call to the provider's API.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_ABSENT` where there is none: it is over, the API refused it, or a
 * record has to be saved first.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * // Sends the value of Authorization; false: there is no token now.
 * bool send_authorization(const pos_token_session *session, pos_token_now now,
 *                         void (*transmit)(const uint8_t *piece, size_t len)) {
 *     pos_token_in_use token;
 *     uint8_t piece[32];
 *     size_t sent = 0, len = 0;
 *     pos_token_status status = pos_token_session_token(session, now, &token);
 *     while (status == POS_TOKEN_OK) {
 *         status = pos_token_authorization_write_at(&POS_TOKEN_ZYPE, token.access_token, sent, piece,
 *                                                   sizeof piece, &len);
 *         if (status != POS_TOKEN_OK || len == 0) {
 *             break;
 *         }
 *         transmit(piece, len);
 *         sent += len;
 *     }
 *     return pos_token_wipe(piece, sizeof piece) == POS_TOKEN_OK && status == POS_TOKEN_OK;
 * }
 * \endcode
 */
pos_token_status pos_token_session_token(const struct pos_token_session *session,
                                         struct pos_token_now now,
                                         struct pos_token_in_use *token);

/**
 * Begins the exchange that pos_token_session_next() names: gives its request and its number. The tokens that it needs
 * are taken from the store, everything else from the credentials, which are not kept but by address in the request;
 * `credentials` may be NULL, and no span of them may be the store's. Until pos_token_session_accept(),
 * pos_token_session_failed() or the policy's timeout no other one begins. So begin, and then open the connection: that
 * there is none is a failure of the exchange too.
 *
 * Where a code is needed, the credentials bring it: `code` for a log-in that waits for it, `pin` for a linked device;
 * with neither, this is a new log-in.
 *
 * \return As pos_token_session_next(), and then nothing has changed; `POS_TOKEN_SESSION_BUSY`,
 * `POS_TOKEN_SESSION_NOT_NOW`, `POS_TOKEN_SESSION_STOPPED`; `POS_TOKEN_SESSION_STORE_TOO_SMALL`, which guards a refresh
 * token that works once, and pos_token_store_needed tells how large the store's buffer has to be; what keeps the
 * request from being built: `POS_TOKEN_NO_SUCH_EXCHANGE`, `POS_TOKEN_MISSING_FIELD`, `POS_TOKEN_EMPTY_FIELD`,
 * `POS_TOKEN_FORBIDDEN`, `POS_TOKEN_NOT_UTF8`, `POS_TOKEN_INVALID_PATH`, `POS_TOKEN_INVALID_AUTHORIZATION`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * // Of a till: opens a connection, and fills in what reads and writes; closes it, if there is one.
 * bool till_connect(pos_token_transport *tls);
 * void till_close(pos_token_transport *tls);
 * pos_token_now till_now(void);
 *
 * // Where pos_token_session_next() says POS_TOKEN_STEP_SEND.
 * void till_exchange(pos_token_session *session, pos_token_store *tokens,
 *                    const pos_token_credentials *credentials, const pos_token_endpoint *endpoint) {
 *     uint8_t scratch[128];
 *     pos_token_begun begun;
 *     pos_token_result result;
 *     pos_token_transport tls = POS_TOKEN_ZERO;
 *     pos_token_status status = pos_token_session_begin(session, credentials, till_now(), &begun);
 *     if (status != POS_TOKEN_OK) {
 *         return;
 *     }
 *     status = till_connect(&tls) ? pos_token_exchange_run(&begun.request, endpoint, &tls, NULL, tokens,
 *                                                          scratch, sizeof scratch, &result)
 *                                 : POS_TOKEN_TRANSPORT;
 *     till_close(&tls);
 *     if (status == POS_TOKEN_OK) {
 *         (void)pos_token_session_accept(session, begun.number, &result, till_now());
 *     } else {
 *         (void)pos_token_session_failed(session, begun.number, status, tls.http_status,
 *                                        &tls.retry_after, till_now());
 *     }
 * }
 * \endcode
 */
pos_token_status pos_token_session_begin(struct pos_token_session *session,
                                         const struct pos_token_credentials *given,
                                         struct pos_token_now now,
                                         struct pos_token_begun *begun);

/**
 * The exchange of this number came to an answer; the store has what it granted. An answer to an exchange that was
 * given up changes nothing, but that tokens which it brought are taken as they are, with a life that is not known; of one
 * that was begun before a log-out they are nobody's.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_INVALID_ENUM` of the result too.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_accept(struct pos_token_session *session,
                                          uint32_t number,
                                          const struct pos_token_result *result,
                                          struct pos_token_now now);

/**
 * The exchange of this number came to no answer. `status` is what pos_token_exchange_*(), pos_token_answer_finish()
 * or any function in between returned; POS_TOKEN_TRANSPORT where there was no connection. `http_status`, 0 where it is not
 * known, and `retry_after`, which may be NULL, are what pos_token_transport has of the answer, or
 * pos_token_answer_status_code() and pos_token_answer_retry_after() said. What failed before the exchange was begun has no
 * number and changes nothing.
 *
 * Where the caller's own check refused the token that came, `status` is what the check returned, such as
 * POS_TOKEN_JWT_SIGNATURE, or POS_TOKEN_TOKEN_REFUSED: the session stops with POS_TOKEN_STOP_REJECTED and that code. But
 * POS_TOKEN_JWT_EXPIRED and POS_TOKEN_JWT_NOT_YET_VALID may be a wrong clock's fault, and it tries again after a pause;
 * best refuse only what is POS_TOKEN_VERDICT_STOP by pos_token_status_verdict(). A token that is in the store when it is
 * refused is not used.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_INVALID_ENUM` of a `status` with which no exchange fails, and of
 * `retry_after`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_failed(struct pos_token_session *session,
                                          uint32_t number,
                                          pos_token_status status,
                                          uint16_t http_status,
                                          const struct pos_token_when *retry_after,
                                          struct pos_token_now now);

/**
 * The API answered 401 to the token of this generation. Where that answer had a `Date`, pos_token_session_observe() it
 * first: it can show that the token was just over. `rejection`, which may be NULL, takes what the 401 meant: one of
 * pos_token_rejection.
 *
 * The token is not used again. One refresh or one log-in follows at once; where the API refuses that token too, the
 * next ones follow after pauses that grow, and after the policy's limit the session stops.
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_rejected(struct pos_token_session *session,
                                            uint32_t generation,
                                            struct pos_token_now now,
                                            uint32_t *rejection);

/**
 * A customer is waiting: the till may go at once, past its slot and past a pause of its own, but not past a server's
 * demand, and not before a record that is to be saved; so many times an hour as the policy says. `*may_go` tells whether
 * nothing keeps the till from going now, with the token that it has or with an exchange.
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_customer_waiting(struct pos_token_session *session,
                                                    struct pos_token_now now,
                                                    bool *may_go);

/**
 * There are other credentials: a session that stood still goes on, and nothing counts that happened before, nor that an
 * exchange which is under way is refused. Where one till stood still, its chain did: it goes on at its place in the
 * chain, as after a boot.
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_credentials_changed(struct pos_token_session *session,
                                                       struct pos_token_now now);

/**
 * The till was logged out: wipes the tokens, and stands still until the credentials are changed. What the provider is
 * told before is the caller's to send, with POS_TOKEN_PURPOSE_LOG_OUT or POS_TOKEN_PURPOSE_REVOKE. What an exchange brings
 * that was begun before is not used.
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_logged_out(struct pos_token_session *session);

/**
 * The `Date` of any answer of the provider's that came just now, over TLS, in seconds since 1970-01-01T00:00:00Z;
 * pos_token_http_date_parse() reads it.
 *
 * \return As pos_token_session_next().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_observe(struct pos_token_session *session,
                                           int64_t date,
                                           struct pos_token_now now);

/**
 * What the time is, how far off it can be, and who says so; a TLS stack needs to know that at boot.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_ABSENT` where nobody knows the time.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_clock(const struct pos_token_session *session,
                                         struct pos_token_now now,
                                         struct pos_token_clock *clock);

/**
 * The last token's times and, while it is there, its claims, for a till that has to decide what it may do offline. The
 * claims are good until the store is used for another answer or wiped.
 *
 * \return As pos_token_session_next(); `POS_TOKEN_ABSENT` where there never was a token.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_session_last_known(const struct pos_token_session *session,
                                              struct pos_token_now now,
                                              struct pos_token_last_known *known);

/**
 * The name of a status, without `POS_TOKEN_`: `BUFFER_TOO_SMALL`; `UNKNOWN` where there is no such status. Takes the
 * short code of a pos_token_result too. The text is static and ends with a NUL.
 *
 * Does not block; re-entrant. All names together take 2 KB of flash, where this is linked.
 */
const char *pos_token_status_name(pos_token_status status);

/**
 * What a till does next where a function returned this status: one of pos_token_verdict, 0 of POS_TOKEN_OK. For the
 * short code of an answer it is 0 too: its pos_token_result has the verdict. And for those of a session, the 7xx: what
 * to do is what pos_token_session_next() says.
 *
 * A number cannot tell all: where POS_TOKEN_MISSING_FIELD is about a token (pos_token_request_field_at_fault() says so),
 * or POS_TOKEN_NO_SUCH_EXCHANGE about a refresh, log in; here they are POS_TOKEN_VERDICT_STOP. And
 * POS_TOKEN_JWT_NOT_YET_VALID is POS_TOKEN_VERDICT_USE, since the signature is right and the till's clock is slow, as a
 * rule; yet the function has failed and written no claims.
 *
 * Does not block; re-entrant.
 */
uint32_t pos_token_status_verdict(pos_token_status status);

/**
 * Makes an empty store of a buffer, which may have any content and is overwritten as texts arrive. Of a buffer, up to
 * 65,535 bytes are used. Store and buffer have to stay where they are. That the buffer is too small shows with the first
 * answer: POS_TOKEN_STORE_TOO_SMALL.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`;
 * `POS_TOKEN_OVERLAP` where the buffer overlaps the store.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * static uint8_t token_memory[1024];
 * static pos_token_store tokens;
 *
 * bool prepare(void) {
 *     return pos_token_store_init(&tokens, token_memory, sizeof token_memory) == POS_TOKEN_OK;
 * }
 * \endcode
 */
pos_token_status pos_token_store_init(struct pos_token_store *store,
                                      uint8_t *buf,
                                      size_t buf_len);

/**
 * The access token in use; absent where there is none. The span points into the store's buffer and is good until the
 * store is used for another answer or wiped.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_access_token(const struct pos_token_store *store,
                                              struct pos_token_span *token);

/**
 * The refresh token in use; else as pos_token_store_access_token().
 *
 * \return As pos_token_store_access_token().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_refresh_token(const struct pos_token_store *store,
                                               struct pos_token_span *token);

/**
 * The pending token of a log-in whose code is still missing; else as pos_token_store_access_token().
 *
 * \return As pos_token_store_access_token().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_pending_token(const struct pos_token_store *store,
                                               struct pos_token_span *token);

/**
 * The scope that was granted, where POS_TOKEN_KEEP_SCOPE was asked for; else as pos_token_store_access_token().
 *
 * \return As pos_token_store_access_token().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_scope(const struct pos_token_store *store,
                                       struct pos_token_span *scope);

/**
 * The server's words about the last answer, where POS_TOKEN_KEEP_SERVER_TEXT was asked for; else as
 * pos_token_store_access_token(). They may echo a password: not for a log.
 *
 * \return As pos_token_store_access_token().
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_server_text(const struct pos_token_store *store,
                                             struct pos_token_span *text);

/**
 * How large the store's buffer has to be for the answer that ended in POS_TOKEN_STORE_TOO_SMALL last, in bytes; above
 * 65,535 no buffer is large enough.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_ABSENT` where there was no such answer; `POS_TOKEN_NULL_POINTER`,
 * `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`, `POS_TOKEN_NOT_INITIALISED`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_needed(const struct pos_token_store *store,
                                        uint32_t *needed);

/**
 * Wipes the tokens, all else that the store has written to its buffer, and the store, which is not initialised then.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_NOT_INITIALISED`, where nothing is touched.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_store_wipe(struct pos_token_store *store);

/**
 * The version of the binary interface that the library has: POS_TOKEN_ABI_VERSION of the header that it was built
 * with. Compare the two at start-up where the library is a shared one.
 *
 * Does not block; re-entrant.
 */
uint32_t pos_token_abi_version(void);

/**
 * Reads an RFC 3339 date, as in `2026-03-16T20:45:02.1234567+05:30`, into seconds since 1970-01-01T00:00:00Z. A
 * fraction is dropped. `zone`, one of pos_token_missing_zone, says what a date without a zone means.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_DATE_SYNTAX`, `POS_TOKEN_DATE_RANGE`, `POS_TOKEN_DATE_LEAP_SECOND`,
 * `POS_TOKEN_DATE_NO_ZONE`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`,
 * `POS_TOKEN_INVALID_ENUM`.
 *
 * Does not block; re-entrant.
 */
pos_token_status pos_token_rfc3339_parse(struct pos_token_span text,
                                         uint32_t zone,
                                         int64_t *seconds);

/**
 * Reads an HTTP-date in any of its three forms, as in `Sun, 06 Nov 1994 08:49:37 GMT`, into seconds since
 * 1970-01-01T00:00:00Z.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_DATE_SYNTAX`, `POS_TOKEN_DATE_RANGE`, `POS_TOKEN_DATE_LEAP_SECOND`;
 * `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`.
 *
 * Does not block; re-entrant.
 */
pos_token_status pos_token_http_date_parse(struct pos_token_span text,
                                           int64_t *seconds);

/**
 * Writes bytes as base64url without padding (RFC 4648 section 5). Not in constant time.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`,
 * `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_base64url_encode(struct pos_token_span bytes,
                                            uint8_t *buf,
                                            size_t buf_len,
                                            size_t *out_len);

/**
 * Reads strict base64url without padding. Not in constant time.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`, which is looked at first; `POS_TOKEN_BASE64URL`;
 * `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_base64url_decode(struct pos_token_span text,
                                            uint8_t *buf,
                                            size_t buf_len,
                                            size_t *out_len);

/**
 * Writes up to 8 texts as a JSON array of strings, for members that hold JSON inside a string, as the scope of
 * POS_TOKEN_LOYALIFE does: `["LOGIN","jane@example.com"]`. The request's own writer escapes it once more.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_BUFFER_TOO_SMALL`; `POS_TOKEN_TOO_MANY`; `POS_TOKEN_NOT_UTF8`;
 * `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_MISALIGNED`, `POS_TOKEN_INVALID_LENGTH`, `POS_TOKEN_OVERLAP`.
 *
 * Does not block; re-entrant on distinct objects.
 *
 * \code
 * pos_token_status member_scope(const char *member, uint8_t *buf, size_t buf_len, size_t *len) {
 *     pos_token_span texts[2];
 *     texts[0] = pos_token_text("LOGIN");
 *     texts[1] = pos_token_text(member);
 *     return pos_token_json_string_array(texts, 2, buf, buf_len, len);
 * }
 * \endcode
 */
pos_token_status pos_token_json_string_array(const struct pos_token_span *texts,
                                             size_t texts_len,
                                             uint8_t *buf,
                                             size_t buf_len,
                                             size_t *out_len);

/**
 * Wipes memory in a way that the compiler may not leave out, as it may a `memset` before the end of a function.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_NULL_POINTER`, `POS_TOKEN_INVALID_LENGTH`.
 *
 * Does not block; re-entrant on distinct objects.
 */
pos_token_status pos_token_wipe(void *buf,
                                size_t len);

/**
 * Known answers, for a device's start-up: HMAC-SHA512, base64url, dates, and an answer that is read to its end, each
 * with its negative. Takes as much time as one verification and as much stack.
 *
 * \return `POS_TOKEN_OK`; `POS_TOKEN_SELF_TEST` where the library, its memory or the machine is broken.
 *
 * Does not block; re-entrant.
 */
pos_token_status pos_token_self_test(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/** A span of a literal, where an object is initialised. */
#define POS_TOKEN_TEXT(literal) { (const uint8_t *)("" literal), sizeof(literal) - 1 }

/** An absent span, where an object is initialised. */
#define POS_TOKEN_NOTHING { NULL, 0 }

/** An object with nothing in it, where it is initialised: `pos_token_request request = POS_TOKEN_ZERO;` */
#ifdef __cplusplus
#define POS_TOKEN_ZERO {}
#else
#define POS_TOKEN_ZERO { 0 }
#endif

/** How many elements an array has. */
#define POS_TOKEN_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/** A pos_token_parameter whose value the table gives, where an object is initialised. */
#define POS_TOKEN_LITERAL(name, text) \
    { POS_TOKEN_TEXT(name), POS_TOKEN_TEXT(text), POS_TOKEN_VALUE_LITERAL, 0 }

/** A pos_token_parameter that the caller has to give: one of pos_token_field. */
#define POS_TOKEN_REQUIRED(name, field) \
    { POS_TOKEN_TEXT(name), POS_TOKEN_NOTHING, POS_TOKEN_VALUE_REQUIRED, field }

/** A pos_token_parameter that is sent where the caller gives it: one of pos_token_field. */
#define POS_TOKEN_OPTIONAL(name, field) \
    { POS_TOKEN_TEXT(name), POS_TOKEN_NOTHING, POS_TOKEN_VALUE_OPTIONAL, field }

/** A span of so many bytes. */
static inline pos_token_span pos_token_bytes(const void *bytes, size_t len) {
    pos_token_span span;
    span.ptr = (const uint8_t *)bytes;
    span.len = len;
    return span;
}

/** A span of a text that ends with a NUL, without it; NULL: absent. */
static inline pos_token_span pos_token_text(const char *text) {
    size_t len = 0;
    while (text != NULL && text[len] != '\0') {
        len++;
    }
    return pos_token_bytes(text, len);
}

/* The sizes that the library has been compiled with: a compiler that lays these types out in another way stops here. */
#define POS_TOKEN_SIZE(type, size) typedef char type##_has_its_size[sizeof(type) == (size) ? 1 : -1]
#define POS_TOKEN_P sizeof(void *)
POS_TOKEN_SIZE(size_t, POS_TOKEN_P);
POS_TOKEN_SIZE(bool, 1);
POS_TOKEN_SIZE(pos_token_span, 2 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_parameter, 5 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_exchange, 4 * POS_TOKEN_P + 8);
POS_TOKEN_SIZE(pos_token_member, 3 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_provider, 14 * POS_TOKEN_P + 8);
POS_TOKEN_SIZE(pos_token_credentials, 32 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_request, 4 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_header, 4 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_endpoint, 11 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_store, 2 * POS_TOKEN_P + 64);
POS_TOKEN_SIZE(pos_token_answer_options, 8);
POS_TOKEN_SIZE(pos_token_answer, 2 * POS_TOKEN_P + 248);
POS_TOKEN_SIZE(pos_token_when, 16);
POS_TOKEN_SIZE(pos_token_result, 88);
POS_TOKEN_SIZE(pos_token_transport, 4 * POS_TOKEN_P + 24);
POS_TOKEN_SIZE(pos_token_hs512_key, 136);
POS_TOKEN_SIZE(pos_token_mac, 3 * POS_TOKEN_P);
POS_TOKEN_SIZE(pos_token_validation, 8 * POS_TOKEN_P + 16);
POS_TOKEN_SIZE(pos_token_claims, 2 * POS_TOKEN_P + 32);
POS_TOKEN_SIZE(pos_token_unverified_claims, 2 * POS_TOKEN_P + 32);
POS_TOKEN_SIZE(pos_token_verified_claims, 2 * POS_TOKEN_P + 40);
POS_TOKEN_SIZE(pos_token_now, 16);
POS_TOKEN_SIZE(pos_token_clock, 16);
POS_TOKEN_SIZE(pos_token_uptime, 8);
POS_TOKEN_SIZE(pos_token_policy, 64);
POS_TOKEN_SIZE(pos_token_session, 4 * POS_TOKEN_P + 176);
POS_TOKEN_SIZE(pos_token_in_use, 2 * POS_TOKEN_P + 16);
POS_TOKEN_SIZE(pos_token_step, 2 * POS_TOKEN_P + 48);
POS_TOKEN_SIZE(pos_token_begun, 4 * POS_TOKEN_P + 8);
POS_TOKEN_SIZE(pos_token_last_known, 2 * POS_TOKEN_P + 80);
POS_TOKEN_SIZE(pos_token_storage, 4 * POS_TOKEN_P + 8);
POS_TOKEN_SIZE(pos_token_restored, 12);
POS_TOKEN_SIZE(pos_token_record, 8);
#undef POS_TOKEN_P
#undef POS_TOKEN_SIZE

#endif // POS_TOKEN_H
