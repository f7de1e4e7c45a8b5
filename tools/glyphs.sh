#!/usr/bin/env bash
# Draws the letters of the pictures, anti-aliased, from DejaVu Sans (Debian's fonts-dejavu-core) with Chromium:
#
#   tools/glyphs.sh           writes letters-13.png, letters-19.png, letters-26.png, letters-38.png, letters.txt and LICENSE.txt into
#                             src/GenSomAttn.Model/Pictures/Font
#
# Text has two sizes, 13 and 19 pixels; 26 and 38 are the same for pictures at twice the size. letters.txt has a line for each letter, in
# the order of the cells: its code point and its advance in pixels at 13 and 19. A cell is 1.5 times as wide as the size and 1.5 times as
# high (rounded up), 32 cells are in a row, a letter begins 2 pixels from the left edge (4 at twice the size), and its baseline is one size
# below the upper edge. CHROMIUM names another browser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=src/GenSomAttn.Model/Pictures/Font
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/page.html" <<'PAGE'
<!DOCTYPE html><meta charset="utf-8"><body><script>
const ranges = [[0x20, 0x7e], [0xa0, 0x17f], [0x386, 0x386], [0x388, 0x38a], [0x38c, 0x38c], [0x38e, 0x3a1], [0x3a3, 0x3ce], [0x400, 0x45f],
    [0x2010, 0x2015], [0x2018, 0x201e], [0x2020, 0x2022], [0x2026, 0x2026], [0x20ac, 0x20ac], [0x2190, 0x2193], [0x2212, 0x2212],
    [0x221a, 0x221a], [0x2248, 0x2248], [0x2264, 0x2265], [0x25a1, 0x25a1]];
const letters = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)));
const advances = letters.map(letter => [letter.codePointAt(0).toString(16)]);
for (const [size, scale] of [[13, 1], [19, 1], [26, 2], [38, 2]]) {
    const cell = Math.ceil(size * 1.5);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [32 * cell, Math.ceil(letters.length / 32) * cell];
    const context = canvas.getContext("2d");
    context.font = `${size}px "DejaVu Sans"`;
    letters.forEach((letter, i) => {
        context.fillText(letter, i % 32 * cell + 2 * scale, Math.floor(i / 32) * cell + size);
        scale === 1 && advances[i].push(context.measureText(letter).width.toFixed(2));
    });
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < image.data.length; i += 4) {
        image.data.fill(image.data[i + 3], i, i + 3);
        image.data[i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    document.body.append(`PNG${size} ${canvas.toDataURL().split(",")[1]}\n`);
}
document.body.append(`TABLE\n${advances.map(line => line.join(" ")).join("\n")}\nEND\n`);
</script></body>
PAGE

"${CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --dump-dom "file://$work/page.html" >"$work/dom" 2>/dev/null
for size in 13 19 26 38; do
    sed -n "s/.*PNG$size //p" "$work/dom" | base64 -d >"$folder/letters-$size.png"
done
sed -n '/TABLE$/,/^END/p' "$work/dom" | sed '1d;$d' >"$folder/letters.txt"
cp /usr/share/doc/fonts-dejavu-core/copyright "$folder/LICENSE.txt"
