// Writer of animated GIF files (GIF89a): one palette, LZW, endless.

/** Returns the palette, 256 colors: grays, or 6 levels of red, 7 of green and 6 of blue. */
function gifPalette() {
    const bytes = new Uint8Array(768);
    for (let i = 0; i < 256; i++) {
        const levels = channels === 1
            ? [i, i, i]
            : [Math.floor(i / 42) % 6 * 51, Math.floor(i / 6) % 7 * 42.5, i % 6 * 51];
        bytes.set(levels.map(Math.round), 3 * i);
    }

    return bytes;
}

/** Returns the palette's index of each pixel of a decoded image, each enlarged. */
function gifIndices(image, scale) {
    const wide = side * scale;
    const indices = new Uint8Array(wide * wide);
    for (let y = 0, at = 0; y < wide; y++) {
        for (let x = 0; x < wide; x++, at++) {
            const p = Math.floor(y / scale) * side + Math.floor(x / scale);
            indices[at] = channels === 1
                ? Math.round(255 * image[p])
                : Math.round(5 * image[3 * p]) * 42 + Math.round(6 * image[3 * p + 1]) * 6 + Math.round(5 * image[3 * p + 2]);
        }
    }

    return indices;
}

/** Compresses indices by LZW with codes of 9 to 12 bits, least significant bit first. */
function lzw(indices) {
    const clear = 256;
    const bytes = [];
    let pending = 0;
    let pendingBits = 0;
    let width = 9;
    let table = new Map();
    let next = clear + 2;
    const put = code => {
        pending |= code << pendingBits;
        for (pendingBits += width; pendingBits >= 8; pendingBits -= 8) {
            bytes.push(pending & 255);
            pending >>>= 8;
        }
    };
    put(clear);
    let prefix = indices[0];
    for (let i = 1; i < indices.length; i++) {
        const key = prefix * 256 + indices[i];
        if (table.has(key)) {
            prefix = table.get(key);
            continue;
        }

        put(prefix);
        if (next < 4096) {
            table.set(key, next);
            width = next === 1 << width ? width + 1 : width;
            next++;
        } else {
            put(clear);
            table = new Map();
            [width, next] = [9, clear + 2];
        }

        prefix = indices[i];
    }

    put(prefix);
    put(clear + 1);
    return pendingBits > 0 ? [...bytes, pending & 255] : bytes;
}

/** Returns a GIF file of images, (S, S, C) each. */
function gif(images, scale, hundredths) {
    const wide = side * scale;
    const word = value => [value & 255, value >> 8];
    const parts = [
        [..."GIF89a"].map(letter => letter.charCodeAt(0)), word(wide), word(wide), [0xF7, 0, 0], gifPalette(),
        [0x21, 0xFF, 11], [..."NETSCAPE2.0"].map(letter => letter.charCodeAt(0)), [3, 1, 0, 0, 0],
    ];
    for (const image of images) {
        parts.push([0x21, 0xF9, 4, 0], word(hundredths), [0, 0], [0x2C, 0, 0, 0, 0], word(wide), word(wide), [0, 8]);
        const packed = lzw(gifIndices(image, scale));
        for (let at = 0; at < packed.length; at += 255) {
            const some = packed.slice(at, at + 255);
            parts.push([some.length], some);
        }

        parts.push([0]);
    }

    return new Blob([...parts, [0x3B]].map(part => Uint8Array.from(part)), { type: "image/gif" });
}
