// Cells of the map: squares, or hexagons whose odd rows are shifted right by half a cell, as the program places the units.

const isHexagonal = data.map.hexagons;

/** Distance of two rows, and the height of a cell, in widths of a cell. */
const lift = isHexagonal ? Math.sqrt(3) / 2 : 1;
const cellHeight = isHexagonal ? 2 / Math.sqrt(3) : 1;

/** Returns how far a row is shifted right: by half a cell at an odd one, and evenly more or less between two rows. */
const shiftOf = row => isHexagonal ? 0.5 - 0.5 * Math.abs(1 - (((row % 2) + 2) % 2)) : 0;

/** Returns the unit nearest to a point of the map. */
function nearestUnit([row, column]) {
    const within = (value, size) => Math.min(Math.max(value, 0), size - 1);
    const across = column + shiftOf(row);
    const candidates = [Math.floor(row), Math.ceil(row)].map(r => within(r, rows))
        .map(r => [r, within(Math.round(across - shiftOf(r)), columns)]);
    const square = ([r, c]) => ((r - row) * lift) ** 2 + (c + shiftOf(r) - across) ** 2;
    const [nearest] = isHexagonal
        ? candidates.sort((a, b) => square(a) - square(b))
        : [[within(Math.round(row), rows), within(Math.round(column), columns)]];
    return nearest[0] * columns + nearest[1];
}

/** Begins the outline of a unit's cell, reduced to a share of its size. */
function outlineCell([row, column], share) {
    const [x, y] = [toX(column, row), toY(row)];
    const size = share * view.scale;
    context.beginPath();
    if (!isHexagonal) {
        context.rect(x - size / 2, y - size / 2, size, size);
        return;
    }

    for (let corner = 0; corner < 6; corner++) {
        const angle = Math.PI * (corner / 3 + 1 / 6);
        context.lineTo(x + Math.cos(angle) * size * cellHeight / 2, y + Math.sin(angle) * size * cellHeight / 2);
    }

    context.closePath();
}

/** Draws a decoded unit around the middle of its cell, as wide as a share of the cell. */
function drawDecoded([row, column], share) {
    const size = share * view.scale;
    const { canvas, size: from } = shownUnits();
    context.drawImage(
        canvas, column * from, row * from, from, from, toX(column, row) - size / 2, toY(row) - size / 2, size,
        size);
}

/** Draws the decoded units as hexagons; where these are tiny, as squares. */
function drawHexagons(seen) {
    const smallest = 8;
    for (const unit of unitsIn(seen)) {
        context.save();
        if (view.scale > smallest) {
            outlineCell(place(unit), 0.98);
            context.fillStyle = "#000";
            context.fill();
            context.clip();
        }

        drawDecoded(place(unit), 0.98);
        context.restore();
    }
}

/** Draws a layer: colored cells, the pictures within them, and of the U-matrix the distances between the cells. */
function drawLayer({ layer, colors, color }, seen) {
    const picture = layer.between ? 0.5 : 0.66;
    if (layer.between) {
        for (const unit of unitsIn(seen)) {
            drawLinks(unit, color);
        }
    }

    for (const unit of unitsIn(seen)) {
        outlineCell(place(unit), layer.between ? 0.6 : 0.94);
        context.fillStyle = colors[unit] ?? "#3a3c42";
        context.fill();
        if (state.inset && view.scale * picture > 7) {
            drawDecoded(place(unit), picture);
        }
    }
}

const linkGap = 0.4;

/** Draws the distances of a unit to its neighbors, between their cells: of a pair once, and half of each where a torus is cut. */
function drawLinks(unit, color) {
    for (const at of placesAround(unit)) {
        const other = unitAt(...at);
        if (other !== null && other !== unit && (isBeyond(at) || other > unit)) {
            context.fillStyle = context.strokeStyle = color(distance(unit, other));
            (isHexagonal ? drawHexagonLink : drawSquareLink)(place(unit), at);
        }
    }

    isHexagonal || drawCorners(unit, color);
}

const isBeyond = ([row, column]) => row < 0 || row >= rows || column < 0 || column >= columns;

function drawHexagonLink([row, column], [otherRow, otherColumn]) {
    const width = isBeyond([otherRow, otherColumn]) ? linkGap / 2 : linkGap;
    const [x, y] = [toX(column, row), toY(row)];
    const [dx, dy] = [toX(otherColumn, otherRow) - x, toY(otherRow) - y];
    const [along, half] = [0.5 - (linkGap - width) / 2, 0.5 / Math.sqrt(3)];
    context.lineWidth = width * view.scale;
    context.beginPath();
    context.moveTo(x + along * dx - half * dy, y + along * dy + half * dx);
    context.lineTo(x + along * dx + half * dy, y + along * dy - half * dx);
    context.stroke();
}

function drawSquareLink([row, column], [otherRow, otherColumn]) {
    fillLink([row, column], otherColumn - column, otherRow - row, isBeyond([0, otherColumn]), isBeyond([otherRow, 0]));
}

/** Draws the mean distance of the two diagonal pairs at the corners of a cell. */
function drawCorners(unit, color) {
    const [row, column] = place(unit);
    for (const [dy, dx] of [[1, 1], [1, -1], [-1, 1], [-1, -1]]) {
        const [beyondX, beyondY] = [isBeyond([0, column + dx]), isBeyond([row + dy, 0])];
        const [across, down, diagonal] = [[row, column + dx], [row + dy, column], [row + dy, column + dx]].map(at => unitAt(...at));
        if ((dx > 0 || beyondX) && (dy > 0 || beyondY) && diagonal !== null) {
            context.fillStyle = color((distance(unit, diagonal) + distance(across, down)) / 2);
            fillLink([row, column], dx, dy, beyondX, beyondY);
        }
    }
}

/** Fills what lies between a square and the next one in a direction, half of it toward a cut. */
function fillLink([row, column], dx, dy, beyondX, beyondY) {
    const size = (direction, beyond) => direction === 0 ? 1 - linkGap : beyond ? linkGap / 2 : linkGap;
    const [width, height] = [size(dx, beyondX), size(dy, beyondY)];
    const middle = (direction, beyond) => direction * (0.5 - (beyond ? linkGap / 4 : 0));
    context.fillRect(
        toX(column + middle(dx, beyondX) - width / 2, row), toY(row + middle(dy, beyondY) - height / 2), width * view.scale + 0.4,
        height * view.scale + 0.4);
}
