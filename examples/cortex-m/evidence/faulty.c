/* Everything that the check of an image has to object to: it must, or it proves nothing. */

int main(void);
void reset(void);
void *malloc(unsigned size);
static int odd(volatile unsigned *count);

static int even(volatile unsigned *count)
{
    return (*count)-- == 0 ? 1 : odd(count);
}

static int odd(volatile unsigned *count)
{
    return (*count)-- == 0 ? 0 : even(count);
}

static int itself(volatile unsigned *count)
{
    return (*count)-- == 0 ? 0 : itself(count) + 1;
}

void *malloc(unsigned size)
{
    (void)size;
    return 0;
}

static int by_pointer(int (*volatile function)(volatile unsigned *), volatile unsigned *count)
{
    return function(count);
}

int main(void)
{
    volatile unsigned count = 7;
    return by_pointer(even, &count) + itself(&count) + (malloc(count) != 0);
}

void reset(void)
{
    (void)main();
}
