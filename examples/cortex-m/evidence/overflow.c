/* Firmware whose stack overflows: it has to end in a fault, and not in overwritten memory. */

#include "board.h"

int main(void);

static volatile int sink;

__attribute__((noinline)) static int descend(volatile int steps)
{
    volatile char frame[64];
    frame[0] = (char)steps;
    sink = frame[0];
    return steps == 0 ? 0 : descend(steps - 1) + sink;
}

int main(void)
{
    return descend(1000);
}
