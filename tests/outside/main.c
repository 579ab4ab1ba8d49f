/* A project elsewhere, which knows the library as it is installed. */
#include <stdio.h>

#include <pos_token.h>

int main(void) {
    if (pos_token_abi_version() != POS_TOKEN_ABI_VERSION || pos_token_self_test() != POS_TOKEN_OK) {
        return 1;
    }
    return puts("it works") < 0;
}
