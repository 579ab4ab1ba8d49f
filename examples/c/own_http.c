/* Firmware whose own stack does HTTP, with a session: own_http HOST PORT, with TILL_CLIENT_ID, TILL_CLIENT_SECRET,
 * TILL_USERNAME and TILL_PASSWORD in the environment. The library says what to send and reads what came; what is between
 * is http.c, in whose place another stack has its own functions. Over plain TCP, for a server on this machine. */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "http.h"
#include "pos_token.h"

static const char *host, *port;
static uint8_t memory[256]; /* for Zype's tokens, and their successors */
static pos_token_store tokens;
static pos_token_policy policy;
static pos_token_session session;

/* What came of an exchange; all that a session wants to know of it. */
typedef struct outcome {
    pos_token_status status;
    pos_token_result result;    /* where the status is POS_TOKEN_OK */
    uint16_t http_status;       /* of an answer that is no good, too */
    pos_token_when retry_after; /* likewise */
} outcome;

/* The library's texts are the stack's: a pointer and a length. */
static http_text text(pos_token_span span) {
    http_text same = { span.ptr, span.len };
    return same;
}

static void add(http_request *request, const char *name, pos_token_span value) {
    http_field *field = &request->fields[request->fields_len++];
    field->name = text(pos_token_text(name));
    field->value = text(value);
}

/* Gives what the stack has read to the library. */
static void read_answer(const http_response *response, uint32_t purpose, outcome *came) {
    pos_token_answer answer;
    bool complete;
    came->status = pos_token_answer_init(&answer, &POS_TOKEN_ZYPE, purpose, NULL, &tokens);
    if (came->status != POS_TOKEN_OK) {
        return;
    }
    came->status = pos_token_answer_status(&answer, response->status);
    for (size_t i = 0; came->status == POS_TOKEN_OK && i < response->fields_len; i++) {
        const http_field *field = &response->fields[i];
        came->status = pos_token_answer_field(&answer, pos_token_bytes(field->name.ptr, field->name.len),
                                              pos_token_bytes(field->value.ptr, field->value.len));
    }
    if (came->status == POS_TOKEN_OK) { /* a stack that reads a body in pieces gives each as it comes */
        came->status = pos_token_answer_body(&answer, pos_token_bytes(response->body.ptr, response->body.len), &complete);
    }
    /* Here a token could be verified, that of pos_token_answer_access_token(), before it is in use. */
    /* To be asked before the answer ends in one way or the other. */
    (void)pos_token_answer_status_code(&answer, &came->http_status);
    (void)pos_token_answer_retry_after(&answer, &came->retry_after);
    if (came->status == POS_TOKEN_OK) {
        came->status = pos_token_answer_finish(&answer, &came->result);
    } else {
        (void)pos_token_answer_wipe(&answer);
    }
}

/* Has the stack send what a session has begun. The provider has a path of its own; else the firmware says it. */
static void exchange(const pos_token_begun *begun, outcome *came) {
    static char wire[4096];
    uint8_t path[64], authorization[256], body[512];
    size_t path_len, authorization_len, body_len;
    pos_token_span method, content_type;
    http_request request = { 0 };
    http_response response;

    if ((came->status = pos_token_request_method(&begun->request, &method)) == POS_TOKEN_OK &&
        (came->status = pos_token_request_path(&begun->request, path, sizeof path, &path_len)) == POS_TOKEN_OK &&
        (came->status = pos_token_request_content_type(&begun->request, &content_type)) == POS_TOKEN_OK &&
        (came->status = pos_token_request_authorization(&begun->request, authorization, sizeof authorization,
                                                        &authorization_len)) == POS_TOKEN_OK &&
        (came->status = pos_token_request_body(&begun->request, body, sizeof body, &body_len)) == POS_TOKEN_OK) {
        request.method = text(method);
        request.path = text(pos_token_bytes(path, path_len));
        request.body = text(pos_token_bytes(body, body_len));
        /* And no Accept-Encoding: a till does without compression. */
        add(&request, "Accept", pos_token_text("application/json"));
        if (content_type.len > 0) {
            add(&request, "Content-Type", content_type);
        }
        if (authorization_len > 0) {
            add(&request, "Authorization", pos_token_bytes(authorization, authorization_len));
        }
        if (http_exchange(host, port, &request, wire, sizeof wire, &response)) {
            read_answer(&response, begun->purpose, came);
        } else {
            came->status = POS_TOKEN_TRANSPORT; /* no answer came */
        }
    }
    /* There are credentials in these, and tokens. */
    (void)pos_token_wipe(authorization, sizeof authorization);
    (void)pos_token_wipe(body, sizeof body);
    (void)pos_token_wipe(wire, sizeof wire);
}

static void send_request(void) {
    pos_token_credentials credentials = { 0 };
    pos_token_begun begun;
    outcome came = { 0 };

    credentials.client_id = pos_token_text(getenv("TILL_CLIENT_ID"));
    credentials.client_secret = pos_token_text(getenv("TILL_CLIENT_SECRET"));
    credentials.username = pos_token_text(getenv("TILL_USERNAME"));
    credentials.password = pos_token_text(getenv("TILL_PASSWORD"));
    came.status = pos_token_session_begin(&session, &credentials, now(), &begun);
    if (came.status != POS_TOKEN_OK) {
        printf("not begun: %s\n", pos_token_status_name(came.status));
        exit(EXIT_FAILURE);
    }
    exchange(&begun, &came);
    printf("exchange %u: %s, HTTP status %u\n", (unsigned)begun.number, pos_token_status_name(came.status),
           (unsigned)came.http_status);
    if (came.status == POS_TOKEN_OK) {
        (void)pos_token_session_accept(&session, begun.number, &came.result, now());
    } else {
        (void)pos_token_session_failed(&session, begun.number, came.status, came.http_status, &came.retry_after, now());
    }
}

int main(int argc, char **argv) {
    pos_token_step step;

    if (argc != 3) {
        fprintf(stderr, "usage: own_http HOST PORT\n");
        return EXIT_FAILURE;
    }
    host = argv[1];
    port = argv[2];
    if (pos_token_policy_init(&policy, 7 /* the till's serial number */) != POS_TOKEN_OK ||
        pos_token_store_init(&tokens, memory, sizeof memory) != POS_TOKEN_OK ||
        pos_token_session_init(&session, &POS_TOKEN_ZYPE, &policy, &tokens, now()) != POS_TOKEN_OK) {
        return EXIT_FAILURE;
    }
    while (pos_token_session_next(&session, now(), &step) == POS_TOKEN_OK) {
        switch (step.kind) {
        case POS_TOKEN_STEP_USE:
            printf("use token %u\n", (unsigned)step.token.generation);
            (void)pos_token_store_wipe(&tokens);
            return EXIT_SUCCESS;
        case POS_TOKEN_STEP_SEND:
            send_request();
            break;
        case POS_TOKEN_STEP_SAVE: /* session.c has how to save; 0: there is no record */
            (void)pos_token_session_save_failed(&session, 0);
            break;
        case POS_TOKEN_STEP_WAIT: /* a till would do something else meanwhile, and ask again */
            printf("wait %u s\n", (unsigned)step.seconds);
            return EXIT_FAILURE;
        case POS_TOKEN_STEP_NEED_CODE:
            printf("a code is needed\n"); /* a till would ask for it, and begin with it */
            return EXIT_FAILURE;
        default:
            printf("call the operator, code %u, %s\n", (unsigned)step.short_code,
                   pos_token_status_name(step.short_code));
            return EXIT_FAILURE;
        }
    }
    return EXIT_FAILURE;
}
