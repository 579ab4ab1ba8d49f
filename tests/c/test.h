/* What a test needs: TEST(name) { … } declares one, and RUN_TESTS(…) is the program of those listed. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pos_token.h"

static int test_failures;

#define TEST(name) static void name(void)

#define EXPECT(condition) test_expect((condition), #condition, __FILE__, __LINE__)
/* A call's status, by the end of its name: EXPECT_STATUS(OK, pos_token_self_test()). */
#define EXPECT_STATUS(name, call) test_expect_status(POS_TOKEN_##name, (call), #call, __FILE__, __LINE__)
/* Bytes that are this literal. */
#define EXPECT_TEXT(literal, bytes, len) \
    test_expect_text("" literal, sizeof(literal) - 1, (bytes), (len), __FILE__, __LINE__)
#define EXPECT_SPAN(literal, span) EXPECT_TEXT(literal, (span).ptr, (span).len)
#define ABSENT(span) ((span).ptr == NULL && (span).len == 0)

static inline void test_expect(bool good, const char *what, const char *file, int line) {
    if (!good) {
        test_failures++;
        fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    }
}

static inline void test_expect_status(pos_token_status expected, pos_token_status status, const char *call,
                                      const char *file, int line) {
    if (status != expected) {
        test_failures++;
        fprintf(stderr, "%s:%d: %s instead of %s: %s\n", file, line, pos_token_status_name(status),
                pos_token_status_name(expected), call);
    }
}

static inline void test_expect_text(const char *expected, size_t expected_len, const uint8_t *bytes, size_t len,
                                    const char *file, int line) {
    if (len != expected_len || (len != 0 && memcmp(expected, bytes, len) != 0)) {
        test_failures++;
        fprintf(stderr, "%s:%d: got %zu bytes: %.*s\n", file, line, len, (int)len, (const char *)bytes);
    }
}

typedef struct test_case {
    const char *name;
    void (*run)(void);
} test_case;

static inline int test_run(const char *file, const test_case *tests, size_t count) {
    int failed = 0;
    for (size_t i = 0; i < count; i++) {
        int before = test_failures;
        tests[i].run();
        if (test_failures != before) {
            failed++;
            fprintf(stderr, "FAILED: %s\n", tests[i].name);
        }
    }
    printf("%s: %zu tests, %d failed\n", file, count, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define RUN_TESTS(...)                                                      \
    int main(void) {                                                        \
        static const test_case tests[] = { __VA_ARGS__ };                   \
        return test_run(__FILE__, tests, sizeof tests / sizeof tests[0]);   \
    }
#define CASE(test) { #test, test }

#endif
