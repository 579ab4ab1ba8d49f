/* mbedTLS: SHA-512 and nothing else. -DMBEDTLS_SHA512_SMALLER is left out: its own default is the faster one. */
#define MBEDTLS_SHA512_C
