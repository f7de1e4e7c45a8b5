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

/** Draws the distances of a unit to its neighbors on the right and below, between their cells. */
function drawLinks(unit, color) {
    const [row, column] = place(unit);
    const gap = 0.4;
    if (isHexagonal) {
        for (const other of neighbors(unit).filter(each => each > unit)) {
            const [x, y, otherX, otherY] = [place(unit), place(other)].flatMap(([r, c]) => [toX(c, r), toY(r)]);
            if (Math.hypot(otherX - x, otherY - y) < 1.5 * view.scale) { // not across the edges of a torus
                const [half, side] = [0.5 / Math.sqrt(3), [otherY - y, x - otherX]];
                context.strokeStyle = color(distance(unit, other));
                context.lineWidth = gap * view.scale;
                context.beginPath();
                context.moveTo((x + otherX) / 2 - half * side[0], (y + otherY) / 2 - half * side[1]);
                context.lineTo((x + otherX) / 2 + half * side[0], (y + otherY) / 2 + half * side[1]);
                context.stroke();
            }
        }

        return;
    }

    const link = (width, height, dx, dy, value) => {
        context.fillStyle = color(value);
        context.fillRect(
            toX(column + dx - width / 2, row), toY(row + dy - height / 2), width * view.scale + 0.4, height * view.scale + 0.4);
    };
    const isLast = [column === columns - 1, row === rows - 1];
    isLast[0] || link(gap, 1 - gap, 0.5, 0, distance(unit, unit + 1));
    isLast[1] || link(1 - gap, gap, 0, 0.5, distance(unit, unit + columns));
    isLast[0] || isLast[1] || link(
        gap, gap, 0.5, 0.5, (distance(unit, unit + columns + 1) + distance(unit + 1, unit + columns)) / 2);
}
