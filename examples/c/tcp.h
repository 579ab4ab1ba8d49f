/* A connection by POSIX sockets, for machines that have them. */
#ifndef EXAMPLES_TCP_H
#define EXAMPLES_TCP_H

#include "pos_token.h"

/* Opens a connection; returns its descriptor, or -1. Reading gives up after 10 seconds. */
int tcp_open(const char *host, const char *port);

/* A transport over a connection whose descriptor stands at `fd`, and stays there as long as the transport is used. */
pos_token_transport tcp_transport(int *fd);

#endif
