/* From reset to main(), for RISC-V in machine mode. No UART and no interrupts: there is no till for this board. */

#include "board.h"

extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const uint32_t data_image[];

int main(void);

__attribute__((noreturn, used, aligned(4))) static void fault(void)
{
    print_text("fault\n", 0);
    board_exit(false);
}

__attribute__((noreturn, used)) static void start(void)
{
    const uint32_t *from = data_image;
    for (volatile uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (volatile uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    board_exit(main() == 0);
}

__attribute__((naked, noreturn, used, section(".vectors"))) void reset(void)
{
    __asm__ volatile("la sp, stack_top\n la t0, fault\n csrw mtvec, t0\n j start\n");
}
