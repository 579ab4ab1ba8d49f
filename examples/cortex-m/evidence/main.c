/* Firmware that leaves evidence: what stands in RAM after secrets were used and wiped, and how much stack each function
   takes. It needs no server. */

#include "board.h"
#include "evidence.h"

static pos_token_store store;
static pos_token_hs512_key key;
static uint8_t arena[2048];

int main(void)
{
    /* The clock's interrupt would count as stack of whatever it interrupts. */
    __asm__ volatile("cpsid i" ::: "memory");
    if (!story(&store, &key, arena, sizeof arena)) {
        print_text("the story does not come out as it must\n", 0);
        return 1;
    }
    /* First with what is in use, which a scan that is not blind finds; then with nothing. */
    bool is_dumped = board_dump_ram("ram-in-use.bin");
    bool is_wiped = pos_token_store_wipe(&store) == POS_TOKEN_OK && pos_token_hs512_key_wipe(&key) == POS_TOKEN_OK;
    if (!is_wiped || !board_dump_ram("ram-wiped.bin") || !is_dumped) {
        print_text("no image of RAM\n", 0);
        return 1;
    }
    return measure() ? 0 : 1;
}
