/* One piece of work, and how it is measured. */
#ifndef BENCH_H
#define BENCH_H

#include "board.h"
#include "inputs.h"

struct workload {
    const char *name;
    /* Makes everything anew. Not counted; may be NULL. */
    void (*prepare)(void);
    /* What is counted: the first call after `prepare`, and a second one on what the first left. */
    bool (*run)(void);
    /* Whether the results of a run are right. Not counted. */
    bool (*is_right)(void);
    /* Prints more figures, after everything else; may be NULL. */
    void (*report)(void);
};

/* One line: kind, name, number. */
void print_figure(const char *kind, const char *name, uint32_t number);

/* Whether these bytes are those of a literal. */
#define IS_TEXT(ptr, len, literal) is_same((ptr), (len), (literal), sizeof(literal) - 1)
bool is_same(const void *bytes, size_t len, const char *expected, size_t expected_len);

#endif
