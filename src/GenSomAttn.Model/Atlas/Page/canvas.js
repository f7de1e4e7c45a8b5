// Images on canvases: decoded images, and the tiles of the map.

const scratch = create("canvas", { width: side, height: side });
const scratchContext = scratch.getContext("2d", { willReadFrequently: true });
const scratchData = scratchContext.createImageData(side, side);
scratchData.data.fill(255);

/** Writes an image, (S, S, C) in 0 to 1, into the scratch canvas and returns it. */
function toScratch(image) {
    const bytes = scratchData.data;
    for (let p = 0; p < side * side; p++) {
        for (let c = 0; c < 3; c++) {
            bytes[4 * p + c] = Math.round(255 * image[channels === 1 ? p : 3 * p + c]);
        }
    }

    scratchContext.putImageData(scratchData, 0, 0);
    return scratch;
}

/** Draws an image over a whole canvas. */
function paint(canvas, image) {
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(toScratch(image), 0, 0, canvas.width, canvas.height);
}

/** Creates a canvas for an image, and paints one. */
function imageCanvas(size, label, image = null) {
    const canvas = create("canvas", { width: size, height: size, class: "image", role: "img", "aria-label": label });
    if (image) {
        paint(canvas, image);
    }

    return canvas;
}

/** Decoded units as one canvas, each reduced on a map of very many; filled while the page is idle. */
const base = (() => {
    const most = 8192;
    const size = Math.max(1, Math.min(side, Math.floor(most / Math.max(rows, columns))));
    const canvas = create("canvas", { width: columns * size, height: rows * size });
    return { size, canvas, context: canvas.getContext("2d"), done: new Uint8Array(units), left: units, next: 0 };
})();

/** Decodes units into the base canvas until a moment; returns whether some are left. The given units go first. */
function decodeUnits(until, first) {
    for (const unit of first) {
        if (base.done[unit] === 0) {
            decodeUnit(unit);
            if (performance.now() >= until) {
                return base.left > 0;
            }
        }
    }

    for (; base.next < units && performance.now() < until; base.next++) {
        if (base.done[base.next] === 0) {
            decodeUnit(base.next);
        }
    }

    return base.left > 0;
}

function decodeUnit(unit) {
    const [row, column] = place(unit);
    base.context.drawImage(toScratch(decode(vector(unit))), column * base.size, row * base.size, base.size, base.size);
    base.done[unit] = 1;
    base.left--;
}

/** Images at points between units, by level and place; the oldest go first. */
const fine = new Map();
const mostFine = 3000;

/** Returns the image at a point that is a fraction 1 / n of the units apart; null if it is not decoded yet. */
function fineTile(n, y, x, mayDecode) {
    const key = (n * 65536 + y) * 65536 + x;
    let tile = fine.get(key);
    if (!tile && mayDecode) {
        tile = create("canvas", { width: side, height: side });
        tile.getContext("2d").drawImage(toScratch(decode(codeAt(y / n, x / n))), 0, 0);
        fine.set(key, tile);
        if (fine.size > mostFine) {
            fine.delete(fine.keys().next().value);
        }
    }

    return tile;
}
