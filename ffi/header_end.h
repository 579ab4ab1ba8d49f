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
