#include "modem.h"

#include <stdbool.h>

#include "board.h"

/* No line that matters is longer; the rest of a longer one is dropped. */
#define LINE 24U
#define LONGEST_SEND 2048U
/* For an answer from the modem, or from the server. */
#define PATIENCE_MS 5000U

static bool is_closed;

static void put_text(const char *text)
{
    for (; *text != '\0'; text++) {
        uart_put((uint8_t)*text);
    }
}

static void put_number(uint32_t number)
{
    uint32_t power = 1;
    while (number / power >= 10U) {
        power *= 10U;
    }
    for (; power > 0; power /= 10U) {
        uart_put((uint8_t)('0' + number / power % 10U));
    }
}

static bool begins(const char *text, const char *with)
{
    while (*with != '\0' && *text == *with) {
        text++;
        with++;
    }
    return *with == '\0';
}

static bool get(uint8_t *byte, uint32_t since)
{
    while (!uart_get(byte)) {
        if (board_uptime() - since > PATIENCE_MS) {
            return false;
        }
    }
    return true;
}

/* The next line that is not empty; false where none comes. The prompt ">" and the head of received data, up to its
   comma, count as lines too. */
static bool get_line(char *line)
{
    static const char DATA[] = "+CIPRECVDATA:";
    uint32_t since = board_uptime();
    size_t len = 0;
    uint8_t byte;
    while (get(&byte, since)) {
        if (byte == '\r' || (byte == '\n' && len == 0)) {
            continue;
        }
        if (byte != '\n' && len < LINE - 1U) {
            line[len++] = (char)byte;
        }
        line[len] = '\0';
        bool is_prompt = byte == '>' && len == 1;
        bool is_data = byte == ',' && begins(line, DATA);
        if (byte == '\n' || is_prompt || is_data) {
            return true;
        }
    }
    return false;
}

/* The next line that is an answer; what comes unasked is noted on the way. */
static int get_answer(char *line)
{
    while (get_line(line)) {
        if (begins(line, "CLOSED")) {
            is_closed = true;
        } else if (!begins(line, "+IPD,")) {
            return 0;
        }
    }
    return MODEM_TIMED_OUT;
}

/* Takes lines until the one that begins so. */
static int expect(const char *wanted)
{
    char line[LINE];
    for (;;) {
        int result = get_answer(line);
        if (result != 0) {
            return result;
        }
        if (begins(line, wanted)) {
            return 0;
        }
        if (begins(line, "ERROR") || begins(line, "SEND FAIL")) {
            return MODEM_REFUSED;
        }
    }
}

int modem_dial(const char *host, uint16_t port)
{
    put_text("AT+CIPCLOSE\r\n");
    int result = expect("OK");
    if (result != 0 && result != MODEM_REFUSED) {
        return result;
    }
    is_closed = false;
    put_text("AT+CIPSTART=\"TCP\",\"");
    put_text(host);
    put_text("\",");
    put_number(port);
    put_text("\r\n");
    return expect("OK");
}

int modem_send(const uint8_t *bytes, size_t len)
{
    if (len > LONGEST_SEND) {
        len = LONGEST_SEND;
    }
    if (len == 0) {
        return 0;
    }
    put_text("AT+CIPSEND=");
    put_number((uint32_t)len);
    put_text("\r\n");
    int result = expect(">");
    if (result == 0) {
        for (size_t at = 0; at < len; at++) {
            uart_put(bytes[at]);
        }
        result = expect("SEND OK");
    }
    if (result == MODEM_REFUSED && is_closed) {
        return 0;
    }
    return result == 0 ? (int)len : result;
}

/* Behind the head of received data: the bytes, then OK. */
static int get_data(const char *head, uint8_t *bytes, size_t len)
{
    size_t count = 0;
    for (; *head != ','; head++) {
        count = count * 10U + (size_t)(*head - '0');
    }
    if (count == 0 || count > len) {
        return MODEM_CONFUSED;
    }
    uint32_t since = board_uptime();
    for (size_t at = 0; at < count; at++) {
        if (!get(&bytes[at], since)) {
            return MODEM_TIMED_OUT;
        }
    }
    int result = expect("OK");
    return result == 0 ? (int)count : result;
}

int modem_receive(uint8_t *bytes, size_t len)
{
    static const char DATA[] = "+CIPRECVDATA:";
    char line[LINE];
    if (len > LONGEST_SEND) {
        len = LONGEST_SEND;
    }
    for (;;) {
        put_text("AT+CIPRECVDATA=");
        put_number((uint32_t)len);
        put_text("\r\n");
        int result = get_answer(line);
        if (result != 0) {
            return result;
        }
        if (begins(line, DATA)) {
            return get_data(line + sizeof DATA - 1, bytes, len);
        }
        if (!begins(line, "ERROR")) {
            return MODEM_CONFUSED;
        }
        /* There is nothing yet, or nothing any more. */
        if (is_closed) {
            return 0;
        }
        if (!get_line(line)) {
            return MODEM_TIMED_OUT;
        }
        if (begins(line, "CLOSED")) {
            is_closed = true;
        }
    }
}
