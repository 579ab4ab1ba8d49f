/* The stack, painted to see how much of it is used. */

#include "board.h"

extern uint32_t stack_bottom[], stack_top[];

#define PAINT 0xa5a5a5a5U

__attribute__((noinline)) void stack_paint(void)
{
    for (volatile uint32_t *word = (volatile uint32_t *)stack_pointer() - 1; word >= stack_bottom; word--) {
        *word = PAINT;
    }
}

__attribute__((noinline)) uintptr_t stack_low(void)
{
    const volatile uint32_t *word = stack_bottom;
    while (word < stack_top && *word == PAINT) {
        word++;
    }
    return (uintptr_t)word;
}
