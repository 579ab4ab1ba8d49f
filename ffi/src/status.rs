//! What functions return.

use core::ffi::c_char;
use core::num::NonZeroU32;

use pos_token_core::base64url::DecodeError;
use pos_token_core::jwt::{ClaimError, KeyError, TokenError};
use pos_token_core::session::{BeginError, SaveError};
use pos_token_core::time::DateError;
use pos_token_core::{AnswerError, BufferTooSmall, ExchangeError, RequestError, Verdict};

use crate::vocabulary::verdict_number;

/// What a function returns: one of the numbers of pos_token_status_code, which is also the short code that a cashier
/// can read out over the phone. 0 is success. A number never changes its meaning; new ones may be added.
pub type pos_token_status = u32;

/// The values of pos_token_status, by who has to act: 1xx the caller, 2xx the transport, 3xx and 4xx the server's
/// answer, 5xx the server's refusal, 6xx the token, 7xx a session.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pos_token_status_code {
    /// Done.
    /// From every function that returns a pos_token_status.
    POS_TOKEN_OK = 0,
    // The caller: what is given to a function is not what it takes.
    /// The buffer is too small; `*out_len` holds how much is needed. Nothing is left in the buffer.
    /// From pos_token_claims_text(), pos_token_request_body(), pos_token_request_path(),
    /// pos_token_request_authorization(), pos_token_request_http(), pos_token_authorization_write(),
    /// pos_token_base64url_*(), pos_token_json_string_array(),
    /// pos_token_session_save().
    POS_TOKEN_BUFFER_TOO_SMALL = 101,
    /// The provider has no request for this purpose.
    /// From pos_token_request_*(), pos_token_exchange_*(),
    /// pos_token_session_begin().
    POS_TOKEN_NO_SUCH_EXCHANGE = 102,
    /// A credential that the request needs is absent; pos_token_request_field_at_fault() says which.
    /// From pos_token_request_*(), pos_token_exchange_*(),
    /// pos_token_session_begin().
    POS_TOKEN_MISSING_FIELD = 103,
    /// A credential that the request needs is empty; pos_token_request_field_at_fault() says which.
    /// From pos_token_request_*(), pos_token_exchange_*(), pos_token_authorization_*(),
    /// pos_token_session_begin().
    POS_TOKEN_EMPTY_FIELD = 104,
    /// A credential holds what cannot be sent where it belongs: a control, a space or a byte that is not ASCII in a token
    /// for a header, `.` or `..` in a path; pos_token_request_field_at_fault() says which.
    /// From pos_token_request_*(), pos_token_exchange_*(), pos_token_authorization_*(),
    /// pos_token_session_begin().
    POS_TOKEN_FORBIDDEN = 105,
    /// A text that goes into JSON is not UTF-8; of a request, pos_token_request_field_at_fault() says which.
    /// From pos_token_request_*(), pos_token_exchange_*(), pos_token_json_string_array(),
    /// pos_token_session_begin().
    POS_TOKEN_NOT_UTF8 = 106,
    /// The provider leaves the path to the caller: the endpoint's `path` is needed.
    /// From pos_token_request_path(), pos_token_request_http*(), pos_token_exchange_*().
    POS_TOKEN_MISSING_PATH = 107,
    /// The answer's texts do not fit behind those in use; pos_token_store_needed() says how large the store's buffer has
    /// to be.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_STORE_TOO_SMALL = 110,
    /// The functions of an answer were called in an order that makes no sense: a field before the status, raw bytes after
    /// it. Such an answer is spoilt: every later call returns this too, and it is left to be finished or wiped.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish().
    POS_TOKEN_OUT_OF_ORDER = 111,
    /// The scratch buffer has fewer than 64 bytes.
    /// From pos_token_request_http_write(), pos_token_exchange_*().
    POS_TOKEN_SCRATCH_TOO_SMALL = 112,
    /// The endpoint's host is neither a name in ASCII nor an address; an IPv6 address goes in brackets.
    /// From pos_token_request_http*(), pos_token_exchange_*().
    POS_TOKEN_INVALID_HOST = 121,
    /// The endpoint's prefix does not begin with `/`, or holds `?`, `#`, a space, a control or what is not ASCII.
    /// From pos_token_request_http*(), pos_token_exchange_*().
    POS_TOKEN_INVALID_PREFIX = 122,
    /// The path does not begin with `/`, or holds `#`, a space, a control or what is not ASCII, or its braces hold no
    /// field's name.
    /// From pos_token_request_*(), pos_token_exchange_*(),
    /// pos_token_session_begin(), pos_token_provider_check().
    POS_TOKEN_INVALID_PATH = 123,
    /// The endpoint's user agent holds a control or is not UTF-8.
    /// From pos_token_request_http*(), pos_token_exchange_*().
    POS_TOKEN_INVALID_USER_AGENT = 124,
    /// A header's name is empty or holds what names do not have, or it is one that this library writes itself.
    /// From pos_token_request_http*(), pos_token_exchange_*().
    POS_TOKEN_INVALID_HEADER_NAME = 125,
    /// A header's value holds a control or is not UTF-8.
    /// From pos_token_request_http*(), pos_token_exchange_*().
    POS_TOKEN_INVALID_HEADER_VALUE = 126,
    /// The provider's authorization scheme cannot be sent.
    /// From pos_token_request_*(), pos_token_exchange_*(), pos_token_authorization_*(),
    /// pos_token_session_begin(), pos_token_provider_check().
    POS_TOKEN_INVALID_AUTHORIZATION = 127,
    // The caller: what only C can get wrong. Nothing was read or written.
    /// A pointer is NULL that must not be, or NULL with a length other than 0.
    /// From every function that returns a pos_token_status but pos_token_self_test().
    POS_TOKEN_NULL_POINTER = 140,
    /// A pointer is not aligned as its type has to be.
    /// From every function that returns a pos_token_status but pos_token_wipe(), pos_token_self_test().
    POS_TOKEN_MISALIGNED = 141,
    /// A length is above PTRDIFF_MAX, or reaches beyond the end of the address space.
    /// From every function that returns a pos_token_status but pos_token_hs512_key_wipe(), pos_token_self_test().
    POS_TOKEN_INVALID_LENGTH = 142,
    /// Memory that is written overlaps memory that is read, or other memory that is written.
    /// From pos_token_answer_*(), pos_token_request_http*(), pos_token_exchange_*(), pos_token_hs512_key_init*(),
    /// pos_token_jwt_*(), pos_token_claims_text(), pos_token_request_body(), pos_token_request_path(),
    /// pos_token_request_authorization(), pos_token_authorization_*(), pos_token_store_init(),
    /// pos_token_store_access_token(), pos_token_store_refresh_token(), pos_token_store_pending_token(),
    /// pos_token_store_scope(), pos_token_store_server_text(), pos_token_store_needed(),
    /// pos_token_base64url_*(), pos_token_json_string_array(),
    /// pos_token_session_*(), pos_token_uptime_extend().
    POS_TOKEN_OVERLAP = 143,
    /// A number is none of its enumeration's, or a flag is unknown.
    /// From pos_token_answer_init(), pos_token_request_*(), pos_token_exchange_*(), pos_token_jwt_verify*(),
    /// pos_token_rfc3339_parse(),
    /// pos_token_session_*().
    POS_TOKEN_INVALID_ENUM = 144,
    /// An object is not initialised, or was wiped or finished.
    /// From pos_token_answer_*(), pos_token_request_*(), pos_token_exchange_*(), pos_token_hs512_key_wipe(),
    /// pos_token_jwt_verify*(), pos_token_claims_*(), pos_token_store_access_token(),
    /// pos_token_store_refresh_token(), pos_token_store_pending_token(), pos_token_store_scope(),
    /// pos_token_store_server_text(), pos_token_store_needed(), pos_token_store_wipe(),
    /// pos_token_session_*().
    POS_TOKEN_NOT_INITIALISED = 145,
    /// The provider's table has a number that is none of its enumeration's, NULL with a length other than 0, or more than
    /// 16 members.
    /// From pos_token_answer_init(), pos_token_request_*(), pos_token_exchange_*(), pos_token_provider_check(),
    /// pos_token_authorization_*(), pos_token_session_*().
    POS_TOKEN_INVALID_TABLE = 146,
    /// The callbacks are not as they have to be: none is given, or two where one is wanted, or one did not say that it did
    /// its work.
    /// From pos_token_request_http_write(), pos_token_exchange_*(), pos_token_jwt_verify_mac(),
    /// pos_token_session_restore(), pos_token_session_save().
    POS_TOKEN_CALLBACK = 147,
    /// A validation has no time; where there is no clock, POS_TOKEN_WITHOUT_CLOCK says so.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_NO_TIME = 148,
    /// More headers or texts than 8.
    /// From pos_token_request_http*(), pos_token_exchange_*(), pos_token_json_string_array().
    POS_TOKEN_TOO_MANY = 149,
    /// There is no such claim, or it is `null`.
    /// From pos_token_claims_text(), pos_token_claims_number(), pos_token_store_needed(),
    /// pos_token_session_token(), pos_token_session_clock(),
    /// pos_token_session_last_known().
    POS_TOKEN_ABSENT = 150,
    /// The self-test failed: the library, its memory or the machine is broken.
    /// From pos_token_self_test().
    POS_TOKEN_SELF_TEST = 151,
    // The transport.
    /// A callback returned an error of its own; it stands in the transport's `error`.
    /// From pos_token_request_http_write(), pos_token_exchange_*().
    POS_TOKEN_TRANSPORT = 201,
    /// The transport took no byte of the request: the connection is closed.
    /// From pos_token_request_http_write(), pos_token_exchange_*().
    POS_TOKEN_CLOSED = 202,
    /// A callback says that it read or wrote more than it was given room for.
    /// From pos_token_request_http_write(), pos_token_exchange_*().
    POS_TOKEN_OVERRUN = 203,
    // HTTP: the answer breaks a rule.
    /// It does not begin with a status line of HTTP/1.0 or HTTP/1.1, or another stack's status has not three digits.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_BAD_STATUS_LINE = 301,
    /// A field has no colon or no name, or holds what it must not.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_BAD_HEADER_LINE = 302,
    /// White space stands between a field's name and the colon.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_SPACE_BEFORE_COLON = 303,
    /// A field that matters goes on in a second line.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_FOLDED_FIELD = 304,
    /// A CR without its LF.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_BARE_CR = 305,
    /// `Content-Length` is not a number.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_BAD_CONTENT_LENGTH = 306,
    /// `Content-Length` is 2^32 or more.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_CONTENT_LENGTH_OVERFLOW = 307,
    /// `Content-Length` says two things.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_CONFLICTING_CONTENT_LENGTH = 308,
    /// Both `Content-Length` and `Transfer-Encoding`.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_LENGTH_AND_TRANSFER_CODING = 309,
    /// `Transfer-Encoding` is not just `chunked`.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_UNKNOWN_TRANSFER_CODING = 310,
    /// A chunk does not begin with its size.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_BAD_CHUNK_SIZE = 311,
    /// A chunk's size is 2^32 or more.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_CHUNK_SIZE_OVERFLOW = 312,
    /// A chunk is longer than its size says.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_MISSING_CHUNK_END = 313,
    /// Head, chunk sizes and trailers together are over 64 KiB.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_TOO_MUCH_OVERHEAD = 314,
    /// The connection was closed before the answer was complete.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_TRUNCATED = 315,
    /// The connection was closed before the first byte of an answer, as one is that was kept open too long.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_HTTP_NO_RESPONSE = 316,
    // Dates.
    /// The text is not written as such a date is.
    /// From pos_token_rfc3339_parse(), pos_token_http_date_parse().
    POS_TOKEN_DATE_SYNTAX = 381,
    /// There is no such day, time or offset.
    /// From pos_token_rfc3339_parse(), pos_token_http_date_parse().
    POS_TOKEN_DATE_RANGE = 382,
    /// A second 60 at another time than 23:59:60 UTC.
    /// From pos_token_rfc3339_parse(), pos_token_http_date_parse().
    POS_TOKEN_DATE_LEAP_SECOND = 383,
    /// The text does not say which zone it is in.
    /// From pos_token_rfc3339_parse().
    POS_TOKEN_DATE_NO_ZONE = 384,
    // The answer's JSON: it breaks a rule of RFC 8259.
    /// It begins with neither `{` nor `[`. Such an answer is POS_TOKEN_OUTCOME_NOT_AN_API.
    /// From no function.
    POS_TOKEN_JSON_NOT_A_CONTAINER = 401,
    /// Another byte was due.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_UNEXPECTED = 402,
    /// A control character stands unescaped in a string.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_CONTROL_CHARACTER = 403,
    /// An unknown escape.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_BAD_ESCAPE = 404,
    /// A string is not UTF-8.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_BAD_UTF8 = 405,
    /// A malformed number.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_BAD_NUMBER = 406,
    /// More arrays and objects in one another than are followed.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_TOO_DEEP = 407,
    /// Something follows the document.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_TRAILING = 408,
    /// The document ends early.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_JSON_TRUNCATED = 409,
    // The answer's members: one cannot be what it should be.
    /// It is of another type than it has to be.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_WRONG_TYPE = 421,
    /// It came twice, or one that encloses it did, or two members bring the same token.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_DUPLICATE = 422,
    /// A number beyond what it counts.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_OUT_OF_RANGE = 423,
    /// A string with half of a surrogate pair, or with U+0000.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_NOT_TEXT = 424,
    /// A string that is no date by RFC 3339.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_BAD_DATE = 425,
    /// A token that is empty or holds a byte that tokens cannot hold.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_BAD_TOKEN = 426,
    /// A token of a type that cannot be used.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_MEMBER_TOKEN_TYPE = 427,
    // The answer as a whole.
    /// The JSON body is longer than the limit.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_ANSWER_TOO_LONG = 431,
    /// `Content-Encoding` names a coding, and the body is plain JSON: as from a stack that has undone the coding and
    /// gives the field all the same. A body that comes compressed is POS_TOKEN_OUTCOME_NOT_AN_API.
    /// From pos_token_answer_feed(), pos_token_answer_status(), pos_token_answer_field(), pos_token_answer_body(),
    /// pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_ANSWER_CONTENT_CODING = 432,
    /// A success without a token.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_ANSWER_NO_TOKEN = 433,
    /// A log-in whose code is missing, without a pending token.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_ANSWER_NO_PENDING_TOKEN = 434,
    /// A token and the demand for a code at once.
    /// From pos_token_answer_finish(), pos_token_exchange_*().
    POS_TOKEN_ANSWER_TOKEN_AND_MFA = 435,
    // Short codes of answers that are no success, in pos_token_result.
    /// A code is still missing.
    /// From no function.
    POS_TOKEN_DENIED_MFA_PENDING = 501,
    /// What answered is no API.
    /// From no function.
    POS_TOKEN_DENIED_NOT_AN_API = 502,
    /// A redirect.
    /// From no function.
    POS_TOKEN_DENIED_REDIRECTED = 503,
    /// The server is busy or in trouble.
    /// From no function.
    POS_TOKEN_DENIED_BUSY = 510,
    /// Refused without a code.
    /// From no function.
    POS_TOKEN_DENIED = 511,
    /// `invalid_request`
    /// From no function.
    POS_TOKEN_DENIED_INVALID_REQUEST = 512,
    /// `invalid_client`: the client's own credentials are wrong.
    /// From no function.
    POS_TOKEN_DENIED_INVALID_CLIENT = 513,
    /// `invalid_grant`: the user's credentials or the refresh token are wrong, expired or revoked.
    /// From no function.
    POS_TOKEN_DENIED_INVALID_GRANT = 514,
    /// `unauthorized_client`
    /// From no function.
    POS_TOKEN_DENIED_UNAUTHORIZED_CLIENT = 515,
    /// `unsupported_grant_type`
    /// From no function.
    POS_TOKEN_DENIED_UNSUPPORTED_GRANT_TYPE = 516,
    /// `invalid_scope`
    /// From no function.
    POS_TOKEN_DENIED_INVALID_SCOPE = 517,
    /// `access_denied`
    /// From no function.
    POS_TOKEN_DENIED_ACCESS_DENIED = 518,
    /// `server_error`
    /// From no function.
    POS_TOKEN_DENIED_SERVER_ERROR = 519,
    /// `temporarily_unavailable`
    /// From no function.
    POS_TOKEN_DENIED_TEMPORARILY_UNAVAILABLE = 520,
    /// `unsupported_token_type`
    /// From no function.
    POS_TOKEN_DENIED_UNSUPPORTED_TOKEN_TYPE = 521,
    /// A code of the provider's own; pos_token_result has its text.
    /// From no function.
    POS_TOKEN_DENIED_BY_PROVIDER = 522,
    /// A code that is too long or holds other bytes than letters, digits and `_.-`.
    /// From no function.
    POS_TOKEN_DENIED_OTHER = 523,
    // The token.
    /// The caller's own check refused it; pos_token_session_failed() takes it too.
    /// From pos_token_exchange_run_checked().
    POS_TOKEN_TOKEN_REFUSED = 600,
    /// Longer than 16 KiB.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_TOO_LONG = 601,
    /// Not exactly three parts, or the header or the payload is empty.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_PARTS = 602,
    /// A text is not strict base64url without padding.
    /// From pos_token_jwt_*(), pos_token_base64url_decode().
    POS_TOKEN_BASE64URL = 603,
    /// The header is not a JSON object, has more than 16 members, or a name in it is no text.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_HEADER = 604,
    /// Two members of the header have the same name.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_DUPLICATE_HEADER = 605,
    /// `alg` is missing or is not the key's algorithm.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_ALGORITHM = 606,
    /// The header has `crit` or `b64`.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_CRITICAL = 607,
    /// `typ` is not what it has to be.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_TYPE = 608,
    /// The signature has not exactly 86 characters.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_SIGNATURE_LENGTH = 609,
    /// The signature is not that of this token under this key.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_SIGNATURE = 610,
    /// The payload is not a JSON object.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_PAYLOAD = 611,
    /// A claim that is looked at stands twice in the payload.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_DUPLICATE_CLAIM = 612,
    /// `exp` is no time.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_EXPIRES_AT = 613,
    /// `nbf` is no time.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_NOT_BEFORE = 614,
    /// `iat` is no time.
    /// From pos_token_jwt_*().
    POS_TOKEN_JWT_ISSUED_AT = 615,
    /// There is no `exp`.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_EXPIRES_AT_MISSING = 616,
    /// `exp` has come.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_EXPIRED = 617,
    /// `nbf` has not come yet; perhaps this clock is behind.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_NOT_YET_VALID = 618,
    /// `iat` has not come yet.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_ISSUED_IN_FUTURE = 619,
    /// `iss` is missing or is not what it has to be.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_ISSUER = 620,
    /// `aud` is missing or does not name this audience.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_AUDIENCE = 621,
    /// `sub` is missing or is not what it has to be.
    /// From pos_token_jwt_verify*().
    POS_TOKEN_JWT_SUBJECT = 622,
    // One claim.
    /// The claim stands twice in the payload.
    /// From pos_token_claims_*().
    POS_TOKEN_CLAIM_DUPLICATE = 632,
    /// The claim has another type than was asked for.
    /// From pos_token_claims_*().
    POS_TOKEN_CLAIM_WRONG_TYPE = 633,
    /// The string holds U+0000, which C cannot hold, or half of a surrogate pair, which UTF-8 cannot.
    /// From pos_token_claims_text().
    POS_TOKEN_CLAIM_NOT_TEXT = 634,
    /// The number is 10^18 or more, of either sign.
    /// From pos_token_claims_number().
    POS_TOKEN_CLAIM_OUT_OF_RANGE = 635,
    /// The token in memory is not what it was when its claims were read.
    /// From pos_token_claims_*().
    POS_TOKEN_CLAIM_CHANGED = 636,
    // The key.
    /// There is no key.
    /// From pos_token_hs512_key_init*().
    POS_TOKEN_KEY_EMPTY = 641,
    /// Fewer than 64 bytes.
    /// From pos_token_hs512_key_init(), pos_token_hs512_key_init_base64url().
    POS_TOKEN_KEY_TOO_SHORT = 642,
    /// More base64url text than that of 256 bytes.
    /// From pos_token_hs512_key_init_base64url(), pos_token_hs512_key_init_base64url_short().
    POS_TOKEN_KEY_TOO_LONG = 643,
    /// The text is not strict base64url without padding.
    /// From pos_token_hs512_key_init_base64url(), pos_token_hs512_key_init_base64url_short().
    POS_TOKEN_KEY_BASE64URL = 644,
    // Short codes of a session that stands still, where it is itself what says so, in pos_token_step.
    /// The API refused too many tokens in a row.
    /// From no function.
    POS_TOKEN_STOPPED_REJECTED = 701,
    /// The till was logged out.
    /// From no function.
    POS_TOKEN_STOPPED_LOGGED_OUT = 703,
    // Why a session begins no exchange. Nothing has changed.
    /// Another one is under way.
    /// From pos_token_session_begin().
    POS_TOKEN_SESSION_BUSY = 711,
    /// It is not the time: pos_token_session_next says what is.
    /// From pos_token_session_begin().
    POS_TOKEN_SESSION_NOT_NOW = 712,
    /// The session stands still.
    /// From pos_token_session_begin().
    POS_TOKEN_SESSION_STOPPED = 713,
    /// The store could not hold the answer beside the tokens in use, and the refresh token would be lost with it.
    /// From pos_token_session_begin().
    POS_TOKEN_SESSION_STORE_TOO_SMALL = 714,
    // Why no record was made.
    /// A program unit has 1 to 255 bytes.
    /// From pos_token_session_save().
    POS_TOKEN_RECORD_UNIT = 722,
    /// The caller's seal failed, or had no room.
    /// From pos_token_session_save().
    POS_TOKEN_RECORD_NOT_SEALED = 723,
    // Why a slot's record is not taken.
    /// The slot cannot be read.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_UNREADABLE = 731,
    /// There is no record.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_ABSENT = 732,
    /// It is of another version of this layout.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_OTHER_VERSION = 733,
    /// It is another provider's.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_OTHER_PROVIDER = 734,
    /// It is longer than the buffer that it was read into, or ends early.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_TRUNCATED = 735,
    /// Its checksum is wrong, or what it says makes no sense.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_DAMAGED = 736,
    /// The caller's seal does not open it.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_SEALED = 737,
    /// The store has no room for its tokens.
    /// From pos_token_session_restore().
    POS_TOKEN_RECORD_STORE_TOO_SMALL = 738,
}

/// Why a function does not succeed: what it returns, which is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault(NonZeroU32);

/// Why nothing was written to a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unwritten {
    /// It has to be this large.
    BufferTooSmall(usize),
    /// A request cannot be built.
    Request(RequestError),
    /// Any other reason.
    Fault(Fault),
}

use pos_token_status_code as Code;

#[allow(clippy::as_conversions)] // there is no other way to an enumeration's number
pub(crate) const fn number(code: Code) -> pos_token_status {
    code as pos_token_status
}

impl Fault {
    pub(crate) const NULL_POINTER: Self = Self::of(Code::POS_TOKEN_NULL_POINTER);
    pub(crate) const MISALIGNED: Self = Self::of(Code::POS_TOKEN_MISALIGNED);
    pub(crate) const INVALID_LENGTH: Self = Self::of(Code::POS_TOKEN_INVALID_LENGTH);
    pub(crate) const OVERLAP: Self = Self::of(Code::POS_TOKEN_OVERLAP);
    pub(crate) const INVALID_ENUM: Self = Self::of(Code::POS_TOKEN_INVALID_ENUM);
    pub(crate) const NOT_INITIALISED: Self = Self::of(Code::POS_TOKEN_NOT_INITIALISED);
    pub(crate) const INVALID_PATH: Self = Self::of(Code::POS_TOKEN_INVALID_PATH);
    pub(crate) const INVALID_AUTHORIZATION: Self = Self::of(Code::POS_TOKEN_INVALID_AUTHORIZATION);
    pub(crate) const INVALID_TABLE: Self = Self::of(Code::POS_TOKEN_INVALID_TABLE);
    pub(crate) const CALLBACK: Self = Self::of(Code::POS_TOKEN_CALLBACK);
    pub(crate) const NO_TIME: Self = Self::of(Code::POS_TOKEN_NO_TIME);
    pub(crate) const TOO_MANY: Self = Self::of(Code::POS_TOKEN_TOO_MANY);
    pub(crate) const ABSENT: Self = Self::of(Code::POS_TOKEN_ABSENT);
    pub(crate) const SELF_TEST: Self = Self::of(Code::POS_TOKEN_SELF_TEST);
    pub(crate) const NOT_UTF8: Self = Self::of(Code::POS_TOKEN_NOT_UTF8);
    pub(crate) const BASE64URL: Self = Self::of(Code::POS_TOKEN_BASE64URL);
    pub(crate) const SESSION_STORE_TOO_SMALL: Self = Self::of(Code::POS_TOKEN_SESSION_STORE_TOO_SMALL);

    pub(crate) const BUFFER_TOO_SMALL: Self = Self::of(Code::POS_TOKEN_BUFFER_TOO_SMALL);

    const fn of(code: Code) -> Self {
        Self::new(number(code))
    }

    /// No error has the code 0.
    const fn new(status: pos_token_status) -> Self {
        match NonZeroU32::new(status) {
            Some(status) => Self(status),
            None => Self(NonZeroU32::MAX),
        }
    }

    pub(crate) fn code(code: u16) -> Self {
        Self::new(code.into())
    }

    pub(crate) const fn status(self) -> pos_token_status {
        self.0.get()
    }
}

/// Does what a function is for, and says how it ended.
pub(crate) fn report(work: impl FnOnce() -> Result<(), Fault>) -> pos_token_status {
    match work() {
        Ok(()) => 0,
        Err(fault) => fault.status(),
    }
}

/// What was opened, where it stands: out of its result it would be copied, and it is not small.
pub(crate) fn opened<T, E: Copy + Into<Fault>>(result: &mut Result<T, E>) -> Result<&mut T, Fault> {
    result.as_mut().map_err(|error| (*error).into())
}

impl From<RequestError> for Fault {
    #[inline(never)] // One function for all who have such an error.
    fn from(error: RequestError) -> Self {
        Self::code(error.code())
    }
}

impl From<AnswerError> for Fault {
    fn from(error: AnswerError) -> Self {
        Self::code(error.code())
    }
}

impl From<TokenError> for Fault {
    fn from(error: TokenError) -> Self {
        Self::code(error.code())
    }
}

impl From<ClaimError> for Fault {
    #[inline(never)] // One function for all who have such an error.
    fn from(error: ClaimError) -> Self {
        Self::code(error.code())
    }
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        Self::code(error.code())
    }
}

impl From<DateError> for Fault {
    fn from(error: DateError) -> Self {
        Self::code(error.code())
    }
}

impl From<ExchangeError<()>> for Fault {
    fn from(error: ExchangeError<()>) -> Self {
        Self::code(error.code())
    }
}

impl From<BeginError> for Fault {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Request(error) => error.into(),
            error => Self::code(error.code()),
        }
    }
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Unwritten> for Fault {
    #[inline(always)] // Most know which of them it is not.
    fn from(reason: Unwritten) -> Self {
        match reason {
            Unwritten::BufferTooSmall(_) => Self::BUFFER_TOO_SMALL,
            Unwritten::Request(error) => error.into(),
            Unwritten::Fault(fault) => fault,
        }
    }
}

impl From<BufferTooSmall> for Unwritten {
    fn from(error: BufferTooSmall) -> Self {
        Self::BufferTooSmall(error.needed)
    }
}

impl From<RequestError> for Unwritten {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::BufferTooSmall { needed } => Self::BufferTooSmall(needed),
            error => Self::Request(error),
        }
    }
}

impl From<SaveError> for Unwritten {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::BufferTooSmall(error) => error.into(),
            error => Self::Fault(Fault::code(error.code())),
        }
    }
}

impl From<ClaimError> for Unwritten {
    fn from(error: ClaimError) -> Self {
        match error {
            ClaimError::BufferTooSmall(error) => error.into(),
            error => Self::Fault(error.into()),
        }
    }
}

impl From<DecodeError> for Unwritten {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::BufferTooSmall(error) => error.into(),
            DecodeError::Invalid => Self::Fault(Fault::BASE64URL),
        }
    }
}

macro_rules! names {
    ($($number:literal $name:ident)*) => {
        const ALL: &[(u16, &str)] = &[$(($number, concat!(stringify!($name), "\0"))),*];
    };
}

/// Of every status, in their order: by how much its number lies above the one before, and its name, ended as C texts are.
const NAMES: [u8; {
    let (mut len, mut rest) = (0, ALL);
    while let [(_, name), behind @ ..] = rest {
        len += 1 + name.len();
        rest = behind;
    }
    len
}] = names();

#[allow(clippy::indexing_slicing, clippy::as_conversions, clippy::cast_possible_truncation)] // at compile time
const fn names<const N: usize>() -> [u8; N] {
    let mut names = [0; N];
    let (mut at, mut before, mut rest) = (0, 0, ALL);
    while let [(number, name), behind @ ..] = rest {
        assert!(*number - before <= u8::MAX as u16);
        names[at] = (*number - before) as u8;
        let mut index = 0;
        while index < name.len() {
            names[at + 1 + index] = name.as_bytes()[index];
            index += 1;
        }
        (at, before, rest) = (at + 1 + name.len(), *number, behind);
    }
    names
}

names! {
    0 OK
    101 BUFFER_TOO_SMALL
    102 NO_SUCH_EXCHANGE
    103 MISSING_FIELD
    104 EMPTY_FIELD
    105 FORBIDDEN
    106 NOT_UTF8
    107 MISSING_PATH
    110 STORE_TOO_SMALL
    111 OUT_OF_ORDER
    112 SCRATCH_TOO_SMALL
    121 INVALID_HOST
    122 INVALID_PREFIX
    123 INVALID_PATH
    124 INVALID_USER_AGENT
    125 INVALID_HEADER_NAME
    126 INVALID_HEADER_VALUE
    127 INVALID_AUTHORIZATION
    140 NULL_POINTER
    141 MISALIGNED
    142 INVALID_LENGTH
    143 OVERLAP
    144 INVALID_ENUM
    145 NOT_INITIALISED
    146 INVALID_TABLE
    147 CALLBACK
    148 NO_TIME
    149 TOO_MANY
    150 ABSENT
    151 SELF_TEST
    201 TRANSPORT
    202 CLOSED
    203 OVERRUN
    301 HTTP_BAD_STATUS_LINE
    302 HTTP_BAD_HEADER_LINE
    303 HTTP_SPACE_BEFORE_COLON
    304 HTTP_FOLDED_FIELD
    305 HTTP_BARE_CR
    306 HTTP_BAD_CONTENT_LENGTH
    307 HTTP_CONTENT_LENGTH_OVERFLOW
    308 HTTP_CONFLICTING_CONTENT_LENGTH
    309 HTTP_LENGTH_AND_TRANSFER_CODING
    310 HTTP_UNKNOWN_TRANSFER_CODING
    311 HTTP_BAD_CHUNK_SIZE
    312 HTTP_CHUNK_SIZE_OVERFLOW
    313 HTTP_MISSING_CHUNK_END
    314 HTTP_TOO_MUCH_OVERHEAD
    315 HTTP_TRUNCATED
    316 HTTP_NO_RESPONSE
    381 DATE_SYNTAX
    382 DATE_RANGE
    383 DATE_LEAP_SECOND
    384 DATE_NO_ZONE
    401 JSON_NOT_A_CONTAINER
    402 JSON_UNEXPECTED
    403 JSON_CONTROL_CHARACTER
    404 JSON_BAD_ESCAPE
    405 JSON_BAD_UTF8
    406 JSON_BAD_NUMBER
    407 JSON_TOO_DEEP
    408 JSON_TRAILING
    409 JSON_TRUNCATED
    421 MEMBER_WRONG_TYPE
    422 MEMBER_DUPLICATE
    423 MEMBER_OUT_OF_RANGE
    424 MEMBER_NOT_TEXT
    425 MEMBER_BAD_DATE
    426 MEMBER_BAD_TOKEN
    427 MEMBER_TOKEN_TYPE
    431 ANSWER_TOO_LONG
    432 ANSWER_CONTENT_CODING
    433 ANSWER_NO_TOKEN
    434 ANSWER_NO_PENDING_TOKEN
    435 ANSWER_TOKEN_AND_MFA
    501 DENIED_MFA_PENDING
    502 DENIED_NOT_AN_API
    503 DENIED_REDIRECTED
    510 DENIED_BUSY
    511 DENIED
    512 DENIED_INVALID_REQUEST
    513 DENIED_INVALID_CLIENT
    514 DENIED_INVALID_GRANT
    515 DENIED_UNAUTHORIZED_CLIENT
    516 DENIED_UNSUPPORTED_GRANT_TYPE
    517 DENIED_INVALID_SCOPE
    518 DENIED_ACCESS_DENIED
    519 DENIED_SERVER_ERROR
    520 DENIED_TEMPORARILY_UNAVAILABLE
    521 DENIED_UNSUPPORTED_TOKEN_TYPE
    522 DENIED_BY_PROVIDER
    523 DENIED_OTHER
    600 TOKEN_REFUSED
    601 JWT_TOO_LONG
    602 JWT_PARTS
    603 BASE64URL
    604 JWT_HEADER
    605 JWT_DUPLICATE_HEADER
    606 JWT_ALGORITHM
    607 JWT_CRITICAL
    608 JWT_TYPE
    609 JWT_SIGNATURE_LENGTH
    610 JWT_SIGNATURE
    611 JWT_PAYLOAD
    612 JWT_DUPLICATE_CLAIM
    613 JWT_EXPIRES_AT
    614 JWT_NOT_BEFORE
    615 JWT_ISSUED_AT
    616 JWT_EXPIRES_AT_MISSING
    617 JWT_EXPIRED
    618 JWT_NOT_YET_VALID
    619 JWT_ISSUED_IN_FUTURE
    620 JWT_ISSUER
    621 JWT_AUDIENCE
    622 JWT_SUBJECT
    632 CLAIM_DUPLICATE
    633 CLAIM_WRONG_TYPE
    634 CLAIM_NOT_TEXT
    635 CLAIM_OUT_OF_RANGE
    636 CLAIM_CHANGED
    641 KEY_EMPTY
    642 KEY_TOO_SHORT
    643 KEY_TOO_LONG
    644 KEY_BASE64URL
    701 STOPPED_REJECTED
    703 STOPPED_LOGGED_OUT
    711 SESSION_BUSY
    712 SESSION_NOT_NOW
    713 SESSION_STOPPED
    714 SESSION_STORE_TOO_SMALL
    722 RECORD_UNIT
    723 RECORD_NOT_SEALED
    731 RECORD_UNREADABLE
    732 RECORD_ABSENT
    733 RECORD_OTHER_VERSION
    734 RECORD_OTHER_PROVIDER
    735 RECORD_TRUNCATED
    736 RECORD_DAMAGED
    737 RECORD_SEALED
    738 RECORD_STORE_TOO_SMALL
}

/// The name of a status, without `POS_TOKEN_`: `BUFFER_TOO_SMALL`; `UNKNOWN` where there is no such status. Takes the
/// short code of a pos_token_result too. The text is static and ends with a NUL.
///
/// Does not block; re-entrant. All names together take 2 KB of flash, where this is linked.
#[unsafe(no_mangle)]
pub extern "C" fn pos_token_status_name(status: pos_token_status) -> *const c_char {
    let (mut number, mut rest) = (0_u32, NAMES.as_slice());
    while let Some((above, name)) = rest.split_first() {
        number = number.saturating_add(u32::from(*above));
        if number == status {
            return name.as_ptr().cast();
        }
        rest = name.splitn(2, |byte| *byte == 0).nth(1).unwrap_or_default();
    }
    c"UNKNOWN".as_ptr()
}

/// What a till does next where a function returned this status: one of pos_token_verdict, 0 of POS_TOKEN_OK. For the
/// short code of an answer it is 0 too: its pos_token_result has the verdict. And for those of a session, the 7xx: what
/// to do is what pos_token_session_next() says.
///
/// A number cannot tell all: where POS_TOKEN_MISSING_FIELD is about a token (pos_token_request_field_at_fault() says so),
/// or POS_TOKEN_NO_SUCH_EXCHANGE about a refresh, log in; here they are POS_TOKEN_VERDICT_STOP. And
/// POS_TOKEN_JWT_NOT_YET_VALID is POS_TOKEN_VERDICT_USE, since the signature is right and the till's clock is slow, as a
/// rule; yet the function has failed and written no claims.
///
/// Does not block; re-entrant.
#[unsafe(no_mangle)]
pub extern "C" fn pos_token_status_verdict(status: pos_token_status) -> u32 {
    match status {
        0 | 501..=599 | 701..=799 => 0,
        201 | 202 | 301..=379 | 401..=426 | 431..=499 => verdict_number(Verdict::Wait(None)),
        617 => verdict_number(Verdict::LogIn),
        618 => verdict_number(Verdict::Use),
        _ => verdict_number(Verdict::Stop),
    }
}
