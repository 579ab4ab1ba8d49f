#include "canned.h"

#include "board.h"

#define PIECE 63U

static pos_token_span left;
uintptr_t canned_deepest_read;
uintptr_t canned_deepest_write;

static uintptr_t deeper(uintptr_t one, uintptr_t other)
{
    return one < other ? one : other;
}

static ptrdiff_t canned_read(void *ctx, uint8_t *buf, size_t len)
{
    (void)ctx;
    canned_deepest_read = deeper(canned_deepest_read, stack_pointer());
    size_t count = len < PIECE ? len : PIECE;
    count = count < left.len ? count : left.len;
    for (size_t at = 0; at < count; at++) {
        buf[at] = left.ptr[at];
    }
    left.ptr += count;
    left.len -= count;
    return (ptrdiff_t)count;
}

static ptrdiff_t canned_write(void *ctx, const uint8_t *buf, size_t len)
{
    (void)ctx;
    (void)buf;
    canned_deepest_write = deeper(canned_deepest_write, stack_pointer());
    return (ptrdiff_t)(len < PIECE ? len : PIECE);
}

bool canned_check(void *ctx, pos_token_span access_token)
{
    (void)ctx;
    return access_token.len > 0;
}

pos_token_transport canned(pos_token_span answer)
{
    left = answer;
    canned_deepest_read = UINTPTR_MAX;
    canned_deepest_write = UINTPTR_MAX;
    return (pos_token_transport){.read = canned_read, .write = canned_write};
}
