"""SHA-512's compression function (FIPS 180-4), since hashlib does not show the state that it ends in."""

MASK = (1 << 64) - 1


def primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def root_bits(number, power):
    """The first 64 bits of the fraction of the number's square or cube root."""
    scaled = number << (64 * power)
    low, high = 0, 1 << 72
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**power <= scaled else (low, middle)
    return low & MASK


START = [root_bits(prime, 2) for prime in primes(8)]
ROUNDS = [root_bits(prime, 3) for prime in primes(80)]


def turned(word, by):
    return (word >> by | word << (64 - by)) & MASK


def compress(state, block):
    w = [int.from_bytes(block[at:at + 8], "big") for at in range(0, 128, 8)]
    for t in range(16, 80):
        s0 = turned(w[t - 15], 1) ^ turned(w[t - 15], 8) ^ w[t - 15] >> 7
        s1 = turned(w[t - 2], 19) ^ turned(w[t - 2], 61) ^ w[t - 2] >> 6
        w.append((w[t - 16] + s0 + w[t - 7] + s1) & MASK)
    a, b, c, d, e, f, g, h = state
    for t in range(80):
        s1 = turned(e, 14) ^ turned(e, 18) ^ turned(e, 41)
        t1 = (h + s1 + (e & f ^ ~e & MASK & g) + ROUNDS[t] + w[t]) & MASK
        s0 = turned(a, 28) ^ turned(a, 34) ^ turned(a, 39)
        t2 = (s0 + (a & b ^ a & c ^ b & c)) & MASK
        a, b, c, d, e, f, g, h = (t1 + t2) & MASK, a, b, c, (d + t1) & MASK, e, f, g
    return [(x + y) & MASK for x, y in zip(state, [a, b, c, d, e, f, g, h])]
