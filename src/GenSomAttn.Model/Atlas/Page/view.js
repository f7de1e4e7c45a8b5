// The map on its canvas: zoom and pan by wheel, pinch, drag and keys.

const stage = element("map");
const context = stage.getContext("2d", { alpha: false });
const view = { row: 0, column: 0, scale: 1, width: 1, height: 1, ratio: 1, fits: true };
const mostScale = 1024;

/** A finer tile is drawn where one would have at least this many CSS pixels. */
const smallestTile = 76;

const fitScale = () => Math.min(view.width / (columns + 0.2), view.height / (rows + 0.2), 400);

function fit() {
    view.row = (rows - 1) / 2;
    view.column = (columns - 1) / 2;
    view.scale = fitScale();
    view.fits = true;
    redraw();
}

const toX = column => (column - view.column) * view.scale + view.width / 2;
const toY = row => (row - view.row) * view.scale + view.height / 2;
const toRow = y => (y - view.height / 2) / view.scale + view.row;
const toColumn = x => (x - view.width / 2) / view.scale + view.column;

/** Zooms by a factor around a place of the canvas. */
function zoom(factor, x = view.width / 2, y = view.height / 2) {
    const [row, column] = [toRow(y), toColumn(x)];
    view.scale = Math.min(Math.max(view.scale * factor, fitScale() / 1.5), mostScale);
    view.row = row - (y - view.height / 2) / view.scale;
    view.column = column - (x - view.width / 2) / view.scale;
    moved();
}

function pan(dx, dy) {
    view.column -= dx / view.scale;
    view.row -= dy / view.scale;
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
    if (toX(column) < margin || toX(column) > view.width - margin || toY(row) < margin || toY(row) > view.height - margin) {
        [view.row, view.column] = [row, column];
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
    const until = performance.now() + 7;
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
    context.fillStyle = "#0e0f11";
    context.fillRect(0, 0, view.width, view.height);
    const seen = {
        top: Math.max(0, Math.floor(toRow(0) + 0.5)),
        bottom: Math.min(rows - 1, Math.ceil(toRow(view.height) - 0.5)),
        left: Math.max(0, Math.floor(toColumn(0) + 0.5)),
        right: Math.min(columns - 1, Math.ceil(toColumn(view.width) - 0.5)),
    };
    const shown = shownLayer();
    const n = tilesPerUnit();
    let isLeft = base.left > 0 && decodeUnits(until, unitsIn(seen));
    if (shown.colors) {
        drawLayer(shown, seen);
    } else {
        drawBase(seen);
        isLeft = n > 1 && drawFine(n, seen, until) || isLeft;
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

/** Draws the decoded units side by side, with seams. */
function drawBase({ top, bottom, left, right }) {
    const [x, y] = [toX(left - 0.5), toY(top - 0.5)];
    const [wide, high] = [right - left + 1, bottom - top + 1];
    context.imageSmoothingEnabled = true;
    context.drawImage(
        base.canvas, left * base.size, top * base.size, wide * base.size, high * base.size, x, y, wide * view.scale, high * view.scale);
    context.fillStyle = "#2a2c31";
    for (let column = left; column <= right + 1; column++) {
        context.fillRect(toX(column - 0.5) - 0.5, y, 1, high * view.scale);
    }

    for (let row = top; row <= bottom + 1; row++) {
        context.fillRect(x, toY(row - 0.5) - 0.5, wide * view.scale, 1);
    }
}

/** Draws images decoded between the units; returns whether some are not decoded yet. */
function drawFine(n, { top, bottom, left, right }, until) {
    let isLeft = false;
    const size = view.scale / n;
    const first = Math.max(0, Math.floor(toColumn(0) * n));
    for (let y = Math.max(0, Math.floor(toRow(0) * n)); y <= Math.min((rows - 1) * n, Math.ceil(toRow(view.height) * n)); y++) {
        for (let x = first; x <= Math.min((columns - 1) * n, Math.ceil(toColumn(view.width) * n)); x++) {
            const tile = fineTile(n, y, x, performance.now() < until);
            isLeft ||= !tile;
            if (tile) {
                context.lineWidth = 1;
                const [atX, atY] = [toX(x / n) - size / 2, toY(y / n) - size / 2];
                context.drawImage(tile, atX, atY, size, size);
                context.strokeStyle = x % n === 0 && y % n === 0 ? "#e8a33d" : "#2a2c31";
                context.strokeRect(atX + 0.5, atY + 0.5, size - 1, size - 1);
            }
        }
    }

    return isLeft;
}

/** Draws a layer: colored cells, the pictures within them, and of the U-matrix the distances between the cells. */
function drawLayer({ layer, colors, color }, seen) {
    const inner = layer.between ? 0.6 : 0.94;
    const picture = layer.between ? 0.5 : 0.66;
    for (const unit of unitsIn(seen)) {
        const [row, column] = place(unit);
        const cell = (width, height, dx, dy, fillStyle) => {
            context.fillStyle = fillStyle ?? "#3a3c42";
            context.fillRect(
                toX(column + dx - width / 2), toY(row + dy - height / 2), width * view.scale + 0.4, height * view.scale + 0.4);
        };
        cell(inner, inner, 0, 0, colors[unit]);
        if (layer.between) {
            const gap = 1 - inner;
            const isLast = [column === columns - 1, row === rows - 1];
            isLast[0] || cell(gap, inner, 0.5, 0, color(distance(unit, unit + 1)));
            isLast[1] || cell(inner, gap, 0, 0.5, color(distance(unit, unit + columns)));
            isLast[0] || isLast[1] || cell(
                gap, gap, 0.5, 0.5, color((distance(unit, unit + columns + 1) + distance(unit + 1, unit + columns)) / 2));
        }

        if (state.inset && view.scale * picture > 7) {
            context.drawImage(
                base.canvas, column * base.size, row * base.size, base.size, base.size,
                toX(column - picture / 2), toY(row - picture / 2), picture * view.scale, picture * view.scale);
        }
    }
}

/** Draws arrows, selection, path and point over the map. */
function drawMarks(seen) {
    if (state.arrows && facts) {
        drawArrows();
    }

    context.lineWidth = 3;
    context.strokeStyle = "#ffd166";
    for (const unit of state.selected) {
        const [row, column] = place(unit);
        context.strokeRect(toX(column - 0.5) + 2, toY(row - 0.5) + 2, view.scale - 4, view.scale - 4);
    }

    context.lineWidth = 2;
    if (state.path.length > 0 && state.tab === "path") {
        context.strokeStyle = "#ff8fab";
        context.beginPath();
        state.path.forEach(([row, column]) => context.lineTo(toX(column), toY(row)));
        context.stroke();
        state.path.forEach(point => dot(point, 5, "#ff8fab"));
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
    context.arc(toX(column), toY(row), radius, 0, 2 * Math.PI);
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
        context.arc(toX(column), toY(row), 9, 0, 2 * Math.PI);
        context.strokeStyle = color;
        context.lineWidth = width;
        context.stroke();
    }
}

/** Draws an arrow from each BMU to a second-best unit that is no neighbor, as wide as there are images. */
function drawArrows() {
    const most = facts.crossings.reduce((largest, crossing) => Math.max(largest, crossing[2]), 1);
    for (const [unit, second, count] of facts.crossings) {
        const share = count / most;
        const [from, to] = [place(unit), place(second)].map(([row, column]) => [toX(column), toY(row)]);
        const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
        context.strokeStyle = context.fillStyle = `rgb(255 190 90 / ${0.25 + 0.75 * share})`;
        context.lineWidth = 0.6 + 4 * share;
        context.beginPath();
        context.moveTo(...from);
        context.lineTo(...to);
        context.stroke();
        const head = 5 + 5 * share;
        context.beginPath();
        context.moveTo(...to);
        context.lineTo(to[0] - head * Math.cos(angle - 0.4), to[1] - head * Math.sin(angle - 0.4));
        context.lineTo(to[0] - head * Math.cos(angle + 0.4), to[1] - head * Math.sin(angle + 0.4));
        context.fill();
    }
}

/** The rectangle that is being selected; null for none. */
let box = null;
