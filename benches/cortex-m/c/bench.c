/* Runs the workloads of this image and prints what each takes: instructions of a first and of a second call, and stack. */

#include "bench.h"

/* -DWORKLOADS='X(w1) X(w2)' says which. */
#define X(name) extern const struct workload name;
WORKLOADS
#undef X
#define X(name) &name,
static const struct workload *const workloads[] = {WORKLOADS};

int main(void);

#ifdef __ARM_ARCH_7EM__
/* SysTick runs at 25 MHz, and the emulator lets 64 ns pass with each instruction: 8 ticks are 5 instructions. */
#define SYSTICK_CONTROL (*(volatile uint32_t *)0xe000e010U)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xe000e014U)
#define SYSTICK_CURRENT (*(volatile uint32_t *)0xe000e018U)
#define MASK 0xffffffU

static uint32_t overhead;

static uint32_t ticks_of(bool (*run)(void), bool *is_good)
{
    uint32_t before = SYSTICK_CURRENT;
    bool said = run();
    uint32_t after = SYSTICK_CURRENT;
    *is_good = *is_good && said;
    return (before - after) & MASK;
}

static uint32_t instructions_of(bool (*run)(void), bool *is_good)
{
    return ((ticks_of(run, is_good) - overhead) * 5U + 4U) / 8U;
}

static bool nothing(void)
{
    return true;
}

#define TURNS 50000
/* Two instructions a turn, and two around it. */
__attribute__((noinline)) static bool known_loop(void)
{
    uint32_t turns = TURNS;
    __asm__ volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(turns) : : "cc");
    return true;
}

/* A loop of known length has to be counted right. */
static bool calibrate(void)
{
    bool is_good = true;
    __asm__ volatile("cpsid i" ::: "memory");
    SYSTICK_CONTROL = 0;
    SYSTICK_RELOAD = MASK;
    SYSTICK_CURRENT = 0;
    SYSTICK_CONTROL = 5; /* the processor's clock, no interrupt, on */
    overhead = ticks_of(nothing, &is_good);
    uint32_t counted = instructions_of(known_loop, &is_good);
    print_figure("calibration", "loop", counted);
    return counted >= 2 * TURNS && counted <= 2 * TURNS + 4;
}
#else
/* Instructions are counted on the Cortex-M4 alone. */
static uint32_t instructions_of(bool (*run)(void), bool *is_good)
{
    *is_good = run() && *is_good;
    return 0;
}

static bool calibrate(void)
{
#ifdef __arm__
    __asm__ volatile("cpsid i" ::: "memory");
#endif
    return true;
}
#endif

/* From the stack pointer here down to the lowest word that is written to. */
static uint32_t stack_of(bool (*run)(void), bool *is_good)
{
    const uintptr_t above = stack_pointer();
    stack_paint();
    bool said = run();
    *is_good = *is_good && said;
    return (uint32_t)(above - stack_low());
}

static void prepare(const struct workload *work)
{
    if (work->prepare != NULL) {
        work->prepare();
    }
}

static bool measure(const struct workload *work)
{
    bool is_good = true;
    prepare(work);
    uint32_t first = instructions_of(work->run, &is_good);
    is_good = work->is_right() && is_good;
    uint32_t again = instructions_of(work->run, &is_good);
    is_good = work->is_right() && is_good;
    prepare(work);
    uint32_t stack = stack_of(work->run, &is_good);
    uint32_t stack_again = stack_of(work->run, &is_good);
    is_good = work->is_right() && is_good;
    print_figure("first", work->name, first);
    print_figure("again", work->name, again);
    print_figure("stack", work->name, stack > stack_again ? stack : stack_again);
    if (work->report != NULL) {
        work->report();
    }
    if (!is_good) {
        print_text(work->name, 0);
        print_text(" does not do its work\n", 0);
    }
    return is_good;
}

void print_figure(const char *kind, const char *name, uint32_t number)
{
    print_text(kind, 0);
    print_text(" ", 0);
    print_text(name, 0);
    print_text(" ", 0);
    print_number(number, 0);
    print_text("\n", 0);
}

bool is_same(const void *bytes, size_t len, const char *expected, size_t expected_len)
{
    bool same = len == expected_len;
    for (size_t at = 0; same && at < len; at++) {
        same = ((const char *)bytes)[at] == expected[at];
    }
    return same;
}

int main(void)
{
    bool is_good = calibrate();
    for (size_t at = 0; at < sizeof workloads / sizeof workloads[0]; at++) {
        is_good = measure(workloads[at]) && is_good;
    }
    return is_good ? 0 : 1;
}
