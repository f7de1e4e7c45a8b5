// Philox4x32-10 (Salmon et al. 2011) and its normal numbers, as the program draws them: a seed yields the same images here and there.

const purposes = { unit: 4, noise: 5 };

/** Returns the upper and the lower 32 bits of the product of two unsigned 32-bit numbers. */
function multiply(a, b) {
    const aHigh = a >>> 16;
    const aLow = a & 0xFFFF;
    const bHigh = b >>> 16;
    const bLow = b & 0xFFFF;
    const low = aLow * bLow;
    const middle = aHigh * bLow + Math.floor(low / 65536);
    const rest = aLow * bHigh + (middle % 65536);
    return [(aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(rest / 65536)) >>> 0, Math.imul(a, b) >>> 0];
}

/** Computes four random words from a counter of four words and a key of two. */
function block(c0, c1, c2, c3, k0, k1) {
    for (let round = 0; round < 10; round++) {
        const [high0, low0] = multiply(0xD2511F53, c0);
        const [high1, low1] = multiply(0xCD9E8D57, c2);
        [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
        k0 = (k0 + 0x9E3779B9) >>> 0;
        k1 = (k1 + 0xBB67AE85) >>> 0;
    }

    return [c0, c1, c2, c3];
}

/** Returns 32 random bits for one element of the stream of a seed (a BigInt) and a purpose. */
function bits(seed, purpose, index) {
    const low = Number(seed & 0xFFFFFFFFn);
    const high = Number(seed >> 32n);
    return block(Math.floor(index / 4), 0, purpose, 0, low, high)[index % 4];
}

/** Returns a standard normal number by the Box-Muller transform, rounded to single precision. */
function normal(seed, purpose, index) {
    const u1 = ((bits(seed, purpose, 2 * index) >>> 8) + 1) * 2 ** -24;
    const u2 = (bits(seed, purpose, 2 * index + 1) >>> 8) * 2 ** -24;
    return Math.fround(Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2));
}

/** Returns standard normal numbers, (count · D). */
function noise(seed, count) {
    return Float32Array.from({ length: count * latent }, (_, i) => normal(seed, purposes.noise, i));
}
