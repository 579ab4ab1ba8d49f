/* The UART of the MPS2 boards (CMSDK APB UART). */

#include "board.h"

struct cmsdk_uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t control;
    volatile uint32_t interrupt;
    volatile uint32_t divider;
};

#define UART ((struct cmsdk_uart *)UART_BASE)

void uart_start(void)
{
    UART->divider = 16; /* the fastest; the emulator takes any */
    UART->control = 3;  /* transmitter and receiver */
}

void uart_put(uint8_t byte)
{
    while ((UART->state & 1U) != 0) {
    }
    UART->data = byte;
}

bool uart_get(uint8_t *byte)
{
    if ((UART->state & 2U) == 0) {
        return false;
    }
    *byte = (uint8_t)UART->data;
    return true;
}
