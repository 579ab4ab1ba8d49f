/** A span of a literal, where an object is initialised. */
#define POS_TOKEN_TEXT(literal) { (const uint8_t *)("" literal), sizeof(literal) - 1 }

/** An absent span, where an object is initialised. */
#define POS_TOKEN_NOTHING { NULL, 0 }

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
