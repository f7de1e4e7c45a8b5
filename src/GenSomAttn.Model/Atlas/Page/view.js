// The map on its canvas: zoom and pan by wheel, pinch, drag and keys.

const stage = element("map");
const context = stage.getContext("2d", { alpha: false });
const view = { row: 0, column: 0, scale: 1, width: 1, height: 1, ratio: 1, fits: true };
const mostScale = 1024;

/** A finer tile is drawn where one would have at least this many CSS pixels. */
const smallestTile = 76;

const fitScale = () => Math.min(
    view.width / (columns + shiftOf(Math.min(1, rows - 1)) + 0.2), view.height / ((rows - 1) * lift + cellHeight + 0.2), 400);

function fit() {
    view.row = (rows - 1) / 2;
    view.column = (columns - 1 + shiftOf(Math.min(1, rows - 1))) / 2;
    view.scale = fitScale();
    view.fits = true;
    redraw();
}

const toX = (column, row) => (column + shiftOf(row) - view.column) * view.scale + view.width / 2;
const toY = row => (row - view.row) * lift * view.scale + view.height / 2;
const toRow = y => (y - view.height / 2) / (lift * view.scale) + view.row;
const toAcross = x => (x - view.width / 2) / view.scale + view.column;

/** Returns the point, [row, column], at a place of the canvas. */
const pointAt = (x, y) => [toRow(y), toAcross(x) - shiftOf(toRow(y))];

/** Zooms by a factor around a place of the canvas. */
function zoom(factor, x = view.width / 2, y = view.height / 2) {
    const [row, across] = [toRow(y), toAcross(x)];
    view.scale = Math.min(Math.max(view.scale * factor, fitScale() / 1.5), mostScale);
    view.row = row - (y - view.height / 2) / (lift * view.scale);
    view.column = across - (x - view.width / 2) / view.scale;
    moved();
}

function pan(dx, dy) {
    view.column -= dx / view.scale;
    view.row -= dy / (lift * view.scale);
    moved();
}

function moved() {
    view.row = Math.min(Math.max(view.row, -0.5), rows - 0.5);
    view.column = Math.min(Math.max(view.column, -0.5), columns - 0.5);
    view.fits = false;
    redraw();
    changed("view");
}

/** Moves the view so that a point is seen. */
function show([row, column]) {
    const margin = Math.min(60, view.width / 4);
    const [x, y] = [toX(column, row), toY(row)];
    if (x < margin || x > view.width - margin || y < margin || y > view.height - margin) {
        [view.row, view.column] = [row, column + shiftOf(row)];
        moved();
    }
}

let isDrawn = true;

/** Draws the map in the next frame. */
function redraw() {
    if (isDrawn) {
        isDrawn = false;
        requestAnimationFrame(() => {
            isDrawn = true;
            draw();
        });
    }
}

function resize() {
    const box = stage.getBoundingClientRect();
    view.ratio = Math.min(window.devicePixelRatio || 1, 2);
    [view.width, view.height] = [Math.max(1, box.width), Math.max(1, box.height)];
    stage.width = Math.round(view.width * view.ratio);
    stage.height = Math.round(view.height * view.ratio);
    if (view.fits) {
        fit();
    } else {
        redraw();
    }
}

/** Tiles per unit at this zoom: 1, 2, 4, ... */
function tilesPerUnit() {
    const most = Math.min(view.scale / smallestTile, 16);
    return state.layer !== "none" || most < 2 ? 1 : 2 ** Math.floor(Math.log2(most));
}

function draw() {
    // Until the map is seen nothing else is to be done: pauses for the pointer would double that time.
    const until = performance.now() + (firstDraw === null ? 100 : 7);
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    context.fillStyle = "#0e0f11";
    context.fillRect(0, 0, view.width, view.height);
    const seen = {
        top: Math.max(0, Math.floor(toRow(0) + 1 - cellHeight / 2)),
        bottom: Math.min(rows - 1, Math.ceil(toRow(view.height) - 1 + cellHeight / 2)),
        left: Math.max(0, Math.floor(toAcross(0) + 0.5 - shiftOf(1))),
        right: Math.min(columns - 1, Math.ceil(toAcross(view.width) - 0.5)),
    };
    const shown = shownLayer();
    const n = tilesPerUnit();
    let isLeft = base.left > 0 && decodeUnits(until, unitsIn(seen));
    if (shown.colors && state.time === null) {
        drawLayer(shown, seen);
    } else {
        drawBase(seen);
        isLeft = n > 1 && state.time === null && drawFine(n, seen, until) || isLeft;
    }

    drawMarks(seen);
    if (isLeft) {
        redraw();
    } else {
        firstDraw ??= performance.now();
    }
}

/** When all units were drawn for the first time, in milliseconds since the page began to load. */
let firstDraw = null;

function* unitsIn({ top, bottom, left, right }) {
    for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
            yield row * columns + column;
        }
    }
}

/** Returns the picture of all units: decoded in this page, or of the epoch that is shown. */
const shownUnits = () => state.time !== null && frames[state.time].canvas.naturalWidth > 0 ? frames[state.time] : base;

/** Draws the decoded units side by side, with seams. */
function drawBase(seen) {
    context.imageSmoothingEnabled = true;
    if (isHexagonal) {
        drawHexagons(seen);
        return;
    }

    const { top, bottom, left, right } = seen;
    const [x, y] = [toX(left - 0.5, 0), toY(top - 0.5)];
    const [wide, high] = [right - left + 1, bottom - top + 1];
    const { canvas, size } = shownUnits();
    context.drawImage(canvas, left * size, top * size, wide * size, high * size, x, y, wide * view.scale, high * view.scale);
    context.fillStyle = "#2a2c31";
    for (let column = left; column <= right + 1; column++) {
        context.fillRect(toX(column - 0.5, 0) - 0.5, y, 1, high * view.scale);
    }

    for (let row = top; row <= bottom + 1; row++) {
        context.fillRect(x, toY(row - 0.5) - 0.5, wide * view.scale, 1);
    }
}

/** Draws images decoded between the units; returns whether some are not decoded yet. */
function drawFine(n, { top, bottom, left, right }, until) {
    let isLeft = false;
    const size = view.scale / n;
    const high = size * lift;
    const first = Math.max(0, Math.floor((toAcross(0) - shiftOf(1)) * n));
    for (let y = Math.max(0, Math.floor(toRow(0) * n)); y <= Math.min((rows - 1) * n, Math.ceil(toRow(view.height) * n)); y++) {
        for (let x = first; x <= Math.min((columns - 1) * n, Math.ceil(toAcross(view.width) * n)); x++) {
            const tile = fineTile(n, y, x, performance.now() < until);
            isLeft ||= !tile;
            if (tile) {
                context.lineWidth = 1;
                const [atX, atY] = [toX(x / n, y / n) - size / 2, toY(y / n) - high / 2];
                context.drawImage(tile, atX, atY, size, high);
                context.strokeStyle = x % n === 0 && y % n === 0 ? "#e8a33d" : "#2a2c31";
                context.strokeRect(atX + 0.5, atY + 0.5, size - 1, high - 1);
            }
        }
    }

    return isLeft;
}

/** Draws arrows, selection, path and point over the map. */
function drawMarks(seen) {
    if (state.arrows && facts) {
        drawArrows();
    }

    if (state.time === null && (state.layer === "none" || state.layer === "nearest")) {
        context.lineWidth = 2;
        context.strokeStyle = "#ff5a5f";
        for (const unit of [...unitsIn(seen)].filter(isOffData)) {
            outlineCell(place(unit), 0.95);
            context.stroke();
        }
    }

    context.lineWidth = 3;
    context.strokeStyle = "#ffd166";
    for (const unit of state.selected) {
        outlineCell(place(unit), 1 - 4 / Math.max(8, view.scale));
        context.stroke();
    }

    context.lineWidth = 2;
    if (state.path.length > 0 && state.tab === "path") {
        context.strokeStyle = "#ff8fab";
        context.beginPath();
        state.path.forEach(([row, column]) => context.lineTo(toX(column, row), toY(row)));
        context.stroke();
        state.path.forEach(point => dot(point, 5, "#ff8fab"));
    }

    if (state.time !== null) {
        drawTime();
    }

    if (state.mine) {
        dot(place(state.mine.second), 6, "#7fd1b9");
        dot(place(state.mine.unit), 8, "#3ddc97");
    }

    if (state.point) {
        ring(state.point);
    }

    if (box) {
        context.strokeStyle = "#ffd166";
        context.setLineDash([5, 4]);
        context.strokeRect(box.x, box.y, box.width, box.height);
        context.setLineDash([]);
    }
}

function dot([row, column], radius, color) {
    context.beginPath();
    context.arc(toX(column, row), toY(row), radius, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.strokeStyle = "#101114";
    context.lineWidth = 2;
    context.fill();
    context.stroke();
}

/** Draws the pinned point, whose picture stays visible. */
function ring([row, column]) {
    for (const [color, width] of [["#101114", 6], ["#7db4ff", 3]]) {
        context.beginPath();
        context.arc(toX(column, row), toY(row), 9, 0, 2 * Math.PI);
        context.strokeStyle = color;
        context.lineWidth = width;
        context.stroke();
    }
}

/** The rectangle that is being selected; null for none. */
let box = null;
