/* TCP through a modem on the UART, one connection at a time.
 *
 * The commands are those that widespread modems share (ESP-AT): CIPSTART, CIPSEND, CIPRECVDATA, CIPCLOSE. Received bytes
 * are asked for (passive mode), so what comes unasked is a line: "+IPD,..." (there is something to ask for) or "CLOSED".
 * A closed connection is therefore told apart from one that is merely slow, which a transparent bridge could not do.
 */
#ifndef MODEM_H
#define MODEM_H

#include <stddef.h>
#include <stdint.h>

enum { MODEM_REFUSED = -1, MODEM_TIMED_OUT = -2, MODEM_CONFUSED = -3 };

/* Opens a connection, after closing the one before. 0, or one of the above. */
int modem_dial(const char *host, uint16_t port);

/* Sends all `len` bytes, 2048 at most at once: `len`; 0 where the connection is closed; or one of the above. */
int modem_send(const uint8_t *bytes, size_t len);

/* Waits for bytes, 1 to `len` of them: how many; 0 where the connection was closed; or one of the above. */
int modem_receive(uint8_t *bytes, size_t len);

#endif
