/* From reset to main(), for Cortex-M0, M3, M4 and M33. */

#include "board.h"

extern uint32_t stack_bottom[], stack_top[], data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

int main(void);
void reset(void);

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xe000e010U)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xe000e014U)
#define SYSTICK_CURRENT (*(volatile uint32_t *)0xe000e018U)
#define CPACR (*(volatile uint32_t *)0xe000ed88U)
#define MPU_CONTROL (*(volatile uint32_t *)0xe000ed94U)
#define MPU_NUMBER (*(volatile uint32_t *)0xe000ed98U)
#define MPU_BASE (*(volatile uint32_t *)0xe000ed9cU)
#define MPU_SIZE (*(volatile uint32_t *)0xe000eda0U)

#define TICK_MS 10U

static volatile uint32_t uptime;

static void tick(void)
{
    uptime += TICK_MS;
}

__attribute__((noreturn, used)) static void report_fault(void)
{
    print_text("fault\n", 0);
    board_exit(false);
}

/* The stack lies at the bottom of RAM, so that an overflow faults instead of overwriting data; what reports it needs
   a stack that is good. */
__attribute__((naked)) static void fault(void)
{
    __asm__ volatile("ldr r0, =stack_top\n mov sp, r0\n bl report_fault\n");
}

/* Below the RAM of the Cortex-M4's board the emulator has something that takes any access: the MPU forbids it. The
   other two boards have nothing there, and a fault comes by itself. */
static void guard_stack(void)
{
#ifdef __ARM_ARCH_7EM__
    enum { NO_ACCESS = 1 << 28, SIZE_64K = 15 << 1, ENABLED = 1, ELSE_AS_WITHOUT = 4 };
    MPU_NUMBER = 0;
    MPU_BASE = (uint32_t)stack_bottom - 65536U;
    MPU_SIZE = NO_ACCESS | SIZE_64K | ENABLED;
    MPU_CONTROL = ENABLED | ELSE_AS_WITHOUT;
    __asm__ volatile("dsb\n isb" ::: "memory");
#endif
}

union vector {
    const void *stack;
    void (*handler)(void);
};

__attribute__((section(".vectors"), used)) static const union vector vectors[16] = {
    {.stack = stack_top}, {.handler = reset}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}, {.handler = fault},
    {.handler = fault},   {.handler = fault}, {.handler = fault}, {.handler = tick},
};

void reset(void)
{
    const uint32_t *from = data_image;
    for (volatile uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (volatile uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
#ifdef __ARM_FP
    /* Both coprocessors of the FPU, for everyone: the hard-float ABI uses its registers. */
    CPACR |= 0xfU << 20;
    __asm__ volatile("dsb\n isb" ::: "memory");
#endif
    guard_stack();
    stack_paint();
    SYSTICK_RELOAD = CLOCK_HZ / 1000U * TICK_MS - 1U;
    SYSTICK_CURRENT = 0;
    SYSTICK_CONTROL = 7; /* the processor's clock, interrupt, on */
    uart_start();
    bool is_good = main() == 0;
    print_text("stack: ", 0);
    print_number((uint32_t)((uintptr_t)stack_top - stack_low()), 0);
    print_text(" of ", 0);
    print_number((uint32_t)((uintptr_t)stack_top - (uintptr_t)stack_bottom), 0);
    print_text(" bytes\n", 0);
    if (board_setting("dump=") != 0) {
        is_good = board_dump_ram("ram.bin") && is_good;
    }
    board_exit(is_good);
}

uint32_t board_uptime(void)
{
    return uptime;
}
