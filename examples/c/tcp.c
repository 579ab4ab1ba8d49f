#define _POSIX_C_SOURCE 200809L

#include "tcp.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int tcp_open(const char *host, const char *port) {
    struct addrinfo hints, *found = NULL;
    struct timeval patience = { 10, 0 };
    int fd = -1;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        return -1;
    }
    for (struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
        if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
            (void)close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd >= 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    return fd;
}

static ptrdiff_t tcp_read(void *ctx, uint8_t *buf, size_t len) {
    ssize_t n;
    do {
        n = recv(*(int *)ctx, buf, len, 0);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

static ptrdiff_t tcp_write(void *ctx, const uint8_t *buf, size_t len) {
    ssize_t n;
    do {
        n = send(*(int *)ctx, buf, len, MSG_NOSIGNAL); /* a closed connection is an error, not a signal */
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

pos_token_transport tcp_transport(int *fd) {
    pos_token_transport transport = { 0 };
    transport.ctx = fd;
    transport.read = tcp_read;
    transport.write = tcp_write;
    return transport;
}
