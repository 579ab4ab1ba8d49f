/* The HTTP client that firmware has anyway, as small as can be: it knows nothing of the library. */
#ifndef EXAMPLES_HTTP_H
#define EXAMPLES_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct http_text {
    const void *ptr;
    size_t len;
} http_text;

typedef struct http_field {
    http_text name, value;
} http_field;

typedef struct http_request {
    http_text method, path;
    http_field fields[4]; /* beside those that a client writes by itself: Host, Content-Length, Connection */
    size_t fields_len;
    http_text body;
} http_request;

/* All of it stands in the buffer of the exchange. */
typedef struct http_response {
    uint16_t status;
    http_field fields[16];
    size_t fields_len;
    http_text body;
} http_response;

/* Asks over a connection of its own and waits for the answer; no redirect is followed. Request and answer pass through
 * `buf`, which the caller wipes. False: no answer came, or not all of it. */
bool http_exchange(const char *host, const char *port, const http_request *request, char *buf, size_t buf_len,
                   http_response *response);

#endif
