/* A connection by mbedTLS: how a platform's own TLS becomes a transport. */
#ifndef EXAMPLES_TLS_H
#define EXAMPLES_TLS_H

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>

#include "pos_token.h"

typedef struct tls {
    mbedtls_net_context net;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt authorities;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
} tls;

/* Connects to `address` and asks for the certificate of `host`, which one of the authorities in the PEM file must have
 * signed. Returns 0 or an error of mbedTLS; tls_close() is due in both cases. */
int tls_open(tls *self, const char *address, const char *port, const char *host, const char *authorities);

/* What was wrong with the server's certificate, in words; an empty text where nothing was. */
void tls_complaint(const tls *self, char *text, size_t text_len);

void tls_close(tls *self);

/* A transport over an open connection, which has to stay where it is as long as the transport is used. */
pos_token_transport tls_transport(tls *self);

#endif
