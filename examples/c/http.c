#define _POSIX_C_SOURCE 200809L

#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tcp.h" /* for tcp_open() */

/* A text that is being written; once it does not fit, it is too long for good. */
typedef struct writer {
    char *buf;
    size_t size, len;
} writer;

static void put(writer *to, const void *bytes, size_t len) {
    if (to->len <= to->size && len <= to->size - to->len) {
        if (len > 0) {
            memcpy(to->buf + to->len, bytes, len);
        }
        to->len += len;
    } else {
        to->len = to->size + 1;
    }
}

static void put_text(writer *to, const char *text) {
    put(to, text, strlen(text));
}

static void put_field(writer *to, http_text name, http_text value) {
    put(to, name.ptr, name.len);
    put_text(to, ": ");
    put(to, value.ptr, value.len);
    put_text(to, "\r\n");
}

static bool send_request(int fd, const char *host, const char *port, const http_request *request, char *buf, size_t size) {
    writer to = { buf, size, 0 };
    char len[24];
    (void)snprintf(len, sizeof len, "%zu", request->body.len);
    put(&to, request->method.ptr, request->method.len);
    put_text(&to, " ");
    put(&to, request->path.ptr, request->path.len);
    put_text(&to, " HTTP/1.1\r\nHost: ");
    put_text(&to, host);
    put_text(&to, ":");
    put_text(&to, port);
    put_text(&to, "\r\nConnection: close\r\nContent-Length: ");
    put_text(&to, len);
    put_text(&to, "\r\n");
    for (size_t i = 0; i < request->fields_len; i++) {
        put_field(&to, request->fields[i].name, request->fields[i].value);
    }
    put_text(&to, "\r\n");
    put(&to, request->body.ptr, request->body.len);
    if (to.len > size) {
        return false;
    }
    for (size_t sent = 0; sent < to.len;) {
        ssize_t n = send(fd, buf + sent, to.len - sent, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        sent += (size_t)n;
    }
    return true;
}

static bool is(http_text text, const char *other) {
    return text.len == strlen(other) && strncasecmp(text.ptr, other, text.len) == 0;
}

/* Joins a body's chunks where they stand. */
static bool join(char *body, size_t *len) {
    char *to = body, *from = body, *end = body + *len;
    for (;;) {
        char *chunk = strstr(from, "\r\n");
        size_t size = strtoul(from, NULL, 16);
        if (chunk == NULL) {
            return false;
        }
        if (size == 0) {
            *len = (size_t)(to - body);
            return true;
        }
        chunk += 2;
        if (size >= (size_t)(end - chunk)) {
            return false; /* an answer that is cut off is none */
        }
        memmove(to, chunk, size);
        to += size;
        from = chunk + size;
        from += strncmp(from, "\r\n", 2) == 0 ? 2 : 0;
    }
}

/* Takes an answer apart that ends with its connection, and with a NUL. */
static bool read_response(char *text, size_t len, http_response *response) {
    bool chunks = false;
    char *line = strstr(text, "\r\n"), *body = strstr(text, "\r\n\r\n");
    if (body == NULL || strncmp(text, "HTTP/1.", 7) != 0 || line - text < 12) {
        return false;
    }
    body += 4;
    memset(response, 0, sizeof *response);
    response->status = (uint16_t)strtoul(text + 9, NULL, 10);
    response->body.ptr = body;
    response->body.len = len - (size_t)(body - text);
    for (line += 2; line < body - 2; line = strstr(line, "\r\n") + 2) {
        char *end = strstr(line, "\r\n"), *colon = memchr(line, ':', (size_t)(end - line));
        http_field field = { { line, 0 }, { NULL, 0 } };
        if (colon == NULL || response->fields_len == sizeof response->fields / sizeof response->fields[0]) {
            return false;
        }
        field.name.len = (size_t)(colon - line);
        for (colon++; *colon == ' '; colon++) {
        }
        field.value.ptr = colon;
        field.value.len = (size_t)(end - colon);
        chunks = chunks || is(field.name, "Transfer-Encoding");
        if (is(field.name, "Content-Length") && strtoul(colon, NULL, 10) != response->body.len) {
            return false; /* likewise */
        }
        response->fields[response->fields_len++] = field;
    }
    return response->status >= 200 && (!chunks || join(body, &response->body.len));
}

bool http_exchange(const char *host, const char *port, const http_request *request, char *buf, size_t buf_len,
                   http_response *response) {
    int fd = tcp_open(host, port);
    size_t len = 0;
    ssize_t n = -1;
    bool sent = fd >= 0 && send_request(fd, host, port, request, buf, buf_len);
    while (sent && len < buf_len - 1 && (n = recv(fd, buf + len, buf_len - 1 - len, 0)) > 0) {
        len += (size_t)n;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    buf[len] = 0;
    return n == 0 && read_response(buf, len, response);
}
