#include "tls.h"

#include <mbedtls/version.h>
#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h> /* TLS 1.3 works with it */
#endif

int tls_open(tls *self, const char *address, const char *port, const char *host, const char *authorities) {
    int error = 0;

    mbedtls_net_init(&self->net);
    mbedtls_entropy_init(&self->entropy);
    mbedtls_ctr_drbg_init(&self->random);
    mbedtls_x509_crt_init(&self->authorities);
    mbedtls_ssl_config_init(&self->config);
    mbedtls_ssl_init(&self->ssl);
#if MBEDTLS_VERSION_MAJOR >= 3
    error = (int)psa_crypto_init();
#endif
    if (error == 0) {
        error = mbedtls_ctr_drbg_seed(&self->random, mbedtls_entropy_func, &self->entropy, NULL, 0);
    }
    if (error == 0) {
        error = mbedtls_x509_crt_parse_file(&self->authorities, authorities);
    }
    if (error == 0) {
        error = mbedtls_ssl_config_defaults(&self->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                            MBEDTLS_SSL_PRESET_DEFAULT);
    }
    if (error == 0) {
        /* Both matter: who signed the certificate, and whose it is. */
        mbedtls_ssl_conf_authmode(&self->config, MBEDTLS_SSL_VERIFY_REQUIRED);
        mbedtls_ssl_conf_ca_chain(&self->config, &self->authorities, NULL);
        mbedtls_ssl_conf_rng(&self->config, mbedtls_ctr_drbg_random, &self->random);
        mbedtls_ssl_conf_read_timeout(&self->config, 10000);
        error = mbedtls_ssl_setup(&self->ssl, &self->config);
    }
    if (error == 0) {
        error = mbedtls_ssl_set_hostname(&self->ssl, host);
    }
    if (error == 0) {
        error = mbedtls_net_connect(&self->net, address, port, MBEDTLS_NET_PROTO_TCP);
    }
    if (error == 0) {
        mbedtls_ssl_set_bio(&self->ssl, &self->net, mbedtls_net_send, NULL, mbedtls_net_recv_timeout);
        do {
            error = mbedtls_ssl_handshake(&self->ssl);
        } while (error == MBEDTLS_ERR_SSL_WANT_READ || error == MBEDTLS_ERR_SSL_WANT_WRITE);
    }
    return error;
}

void tls_complaint(const tls *self, char *text, size_t text_len) {
    if (mbedtls_x509_crt_verify_info(text, text_len, "", mbedtls_ssl_get_verify_result(&self->ssl)) < 0) {
        text[0] = '\0';
    }
}

void tls_close(tls *self) {
    (void)mbedtls_ssl_close_notify(&self->ssl);
    mbedtls_net_free(&self->net);
    mbedtls_ssl_free(&self->ssl);
    mbedtls_ssl_config_free(&self->config);
    mbedtls_x509_crt_free(&self->authorities);
    mbedtls_ctr_drbg_free(&self->random);
    mbedtls_entropy_free(&self->entropy);
}

/* TLS may want another round; a closed connection is 0; any other error goes through to the caller. */
static ptrdiff_t tls_read(void *ctx, uint8_t *buf, size_t len) {
    tls *self = ctx;
    int n;
    do {
        n = mbedtls_ssl_read(&self->ssl, buf, len);
    } while (n == MBEDTLS_ERR_SSL_WANT_READ || n == MBEDTLS_ERR_SSL_WANT_WRITE);
    return n == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : n;
}

static ptrdiff_t tls_write(void *ctx, const uint8_t *buf, size_t len) {
    tls *self = ctx;
    int n;
    do {
        n = mbedtls_ssl_write(&self->ssl, buf, len);
    } while (n == MBEDTLS_ERR_SSL_WANT_READ || n == MBEDTLS_ERR_SSL_WANT_WRITE);
    return n;
}

pos_token_transport tls_transport(tls *self) {
    pos_token_transport transport = { 0 };
    transport.ctx = self;
    transport.read = tls_read;
    transport.write = tls_write;
    return transport;
}
