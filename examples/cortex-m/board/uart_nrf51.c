/* The UART of the nRF51, on the micro:bit. */

#include "board.h"

#define REGISTER(offset) (*(volatile uint32_t *)(0x40002000U + (offset)))
#define START_RX REGISTER(0x000U)
#define START_TX REGISTER(0x008U)
#define RX_READY REGISTER(0x108U)
#define TX_READY REGISTER(0x11cU)
#define ENABLE REGISTER(0x500U)
#define RXD REGISTER(0x518U)
#define TXD REGISTER(0x51cU)

void uart_start(void)
{
    ENABLE = 4;
    START_RX = 1;
    START_TX = 1;
}

void uart_put(uint8_t byte)
{
    TX_READY = 0;
    TXD = byte;
    while (TX_READY == 0) {
    }
}

bool uart_get(uint8_t *byte)
{
    if (RX_READY == 0) {
        return false;
    }
    RX_READY = 0;
    *byte = (uint8_t)RXD;
    return true;
}
