/* What the firmware, in C or in Rust, needs of the board. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The debug channel: semihosting. Texts are padded with spaces to `width`. */
void print_text(const char *text, size_t width);
void print_number(uint32_t number, size_t width);

/* The number of NAME=NUMBER on the emulator's command line, in place of the settings that a till keeps in flash;
   0 where it is not given. `name` ends in "=". */
uint32_t board_setting(const char *name);

/* The real-time clock: seconds since 1970. */
uint32_t board_time(void);

/* Milliseconds since the start, by SysTick. Wraps after 49 days. */
uint32_t board_uptime(void);

/* Ends the emulator; its exit status is 0 for true. */
_Noreturn void board_exit(bool success);

/* Writes all of RAM to a file on the host, stack and all; false where the file cannot be written. */
bool board_dump_ram(const char *path);

/* Fills what is free of the stack with a pattern, and gives later the lowest address that was written to since. */
void stack_paint(void);
uintptr_t stack_low(void);

/* Where the stack of the calling function ends. */
__attribute__((always_inline)) static inline uintptr_t stack_pointer(void)
{
    uintptr_t pointer;
#ifdef __riscv
    __asm__ volatile("mv %0, sp" : "=r"(pointer));
#else
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
#endif
    return pointer;
}

/* The UART, polled. */
void uart_start(void);
void uart_put(uint8_t byte);
bool uart_get(uint8_t *byte);

#endif
