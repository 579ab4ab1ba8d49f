/* The debug channel, the settings and the clock, by the emulator's semihosting. */

#include "board.h"

enum operation {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_TIME = 0x11,
    SYS_GET_CMDLINE = 0x15,
    SYS_EXIT = 0x18
};

#define STOPPED_APPLICATION_EXIT 0x20026U
#define STOPPED_RUN_TIME_ERROR 0x20023U

/* `argument` is a number or the address of a block of them. */
static uint32_t semihost(enum operation operation, uintptr_t argument)
{
#ifdef __riscv
    register uint32_t a0 __asm__("a0") = (uint32_t)operation;
    register uintptr_t a1 __asm__("a1") = argument;
    /* These three, none of them compressed, on one page. */
    __asm__ volatile(".balign 16\n .option push\n .option norvc\n"
                     "slli zero, zero, 0x1f\n ebreak\n srai zero, zero, 7\n .option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
#else
    register uint32_t r0 __asm__("r0") = (uint32_t)operation;
    register uintptr_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
#endif
}

static size_t length(const char *text)
{
    size_t count = 0;
    while (text[count] != '\0') {
        count++;
    }
    return count;
}

static void pad(size_t from, size_t width)
{
    for (; from < width; from++) {
        (void)semihost(SYS_WRITE0, (uintptr_t)" ");
    }
}

void print_text(const char *text, size_t width)
{
    (void)semihost(SYS_WRITE0, (uintptr_t)text);
    pad(length(text), width);
}

void print_number(uint32_t number, size_t width)
{
    char digits[11];
    char *first = digits + sizeof digits - 1;
    *first = '\0';
    do {
        *--first = (char)('0' + number % 10U);
        number /= 10U;
    } while (number != 0);
    print_text(first, width);
}

uint32_t board_setting(const char *name)
{
    static char line[256];
    if (line[0] == '\0') {
        uintptr_t block[2] = {(uintptr_t)line, sizeof line};
        if (semihost(SYS_GET_CMDLINE, (uintptr_t)block) != 0) {
            return 0;
        }
    }
    size_t count = length(name);
    for (const char *word = line; *word != '\0'; word++) {
        size_t same = 0;
        while (same < count && word[same] == name[same]) {
            same++;
        }
        if (same == count && (word == line || word[-1] == ' ')) {
            uint32_t number = 0;
            for (word += count; *word >= '0' && *word <= '9'; word++) {
                number = number * 10U + (uint32_t)(*word - '0');
            }
            return number;
        }
    }
    return 0;
}

uint32_t board_time(void)
{
    return semihost(SYS_TIME, 0);
}

void board_exit(bool success)
{
    (void)semihost(SYS_EXIT, success ? STOPPED_APPLICATION_EXIT : STOPPED_RUN_TIME_ERROR);
    for (;;) {
    }
}

bool board_dump_ram(const char *path)
{
    extern uint32_t ram_start[], ram_end[];
    const uintptr_t mode_wb = 5;
    uintptr_t open[3] = {(uintptr_t)path, mode_wb, length(path)};
    uint32_t file = semihost(SYS_OPEN, (uintptr_t)open);
    if (file == UINT32_MAX) {
        return false;
    }
    uintptr_t write[3] = {file, (uintptr_t)ram_start, (uintptr_t)ram_end - (uintptr_t)ram_start};
    uint32_t left = semihost(SYS_WRITE, (uintptr_t)write);
    uintptr_t close[1] = {file};
    return semihost(SYS_CLOSE, (uintptr_t)close) == 0 && left == 0;
}
