// The map: codebook vectors, points between units, and best matching units (BMUs).

const codebook = numbers(data.codebook);

/** Returns w of a unit, (D). */
const vector = unit => codebook.subarray(unit * latent, (unit + 1) * latent);

/** Interpolates the four units around a point bilinearly: (D). Outside of the map, the point at its edge. */
function codeAt(row, column) {
    const y = Math.min(Math.max(row, 0), rows - 1);
    const x = Math.min(Math.max(column, 0), columns - 1);
    const code = new Float32Array(latent);
    for (const cornerRow of [Math.floor(y), Math.floor(y) + 1]) {
        for (const cornerColumn of [Math.floor(x), Math.floor(x) + 1]) {
            const share = (1 - Math.abs(y - cornerRow)) * (1 - Math.abs(x - cornerColumn));
            if (share !== 0) {
                const corner = vector(cornerRow * columns + cornerColumn);
                for (let d = 0; d < latent; d++) {
                    code[d] += Math.fround(share * corner[d]);
                }
            }
        }
    }

    return code;
}

/** Squared Euclidean distance of two vectors. */
function squaredDistance(a, b) {
    let sum = 0;
    for (let d = 0; d < a.length; d++) {
        sum += (a[d] - b[d]) ** 2;
    }

    return sum;
}

/** Returns the distances |v - w| of a code to all units, its BMU and the second-best unit (-1 on a map of one); on a tie the lowest. */
function winners(code) {
    const distances = new Float32Array(units);
    let unit = -1;
    let second = -1;
    for (let u = 0; u < units; u++) {
        distances[u] = Math.sqrt(squaredDistance(code, vector(u)));
        if (unit < 0 || distances[u] < distances[unit]) {
            second = unit;
            unit = u;
        } else if (second < 0 || distances[u] < distances[second]) {
            second = u;
        }
    }

    return { unit, second, distances };
}

const distance = (a, b) => Math.sqrt(squaredDistance(vector(a), vector(b)));

/** Returns the mean distance of each unit to its up to four neighbors, six on hexagons; null on a map of one unit. */
function uMatrix() {
    return Array.from({ length: units }, (_, unit) => {
        const near = neighbors(unit);
        return near.length === 0 ? null : near.reduce((sum, other) => sum + distance(unit, other), 0) / near.length;
    });
}

/** Returns the unit at a row and a column, on a torus also beyond its edges; null where there is none. */
function unitAt(row, column) {
    const wrap = (value, size) => data.map.torus ? (value + size) % size : value;
    const [r, c] = [wrap(row, rows), wrap(column, columns)];
    return r >= 0 && r < rows && c >= 0 && c < columns ? r * columns + c : null;
}

/** Returns the up to four places next to a unit, beyond the edges of a torus too; of a hexagon, whose odd rows are shifted, the six. */
function placesAround(unit) {
    const [row, column] = [Math.floor(unit / columns), unit % columns];
    const across = data.map.hexagons ? [row % 2 - 1, row % 2] : [0];
    return [...[-1, 1].flatMap(dy => across.map(dx => [row + dy, column + dx])), [row, column - 1], [row, column + 1]];
}

/** Returns the up to four neighbors of a unit; on hexagons, whose odd rows are shifted right by half a cell, the up to six. */
const neighbors = unit =>
    [...new Set(placesAround(unit).map(([row, column]) => unitAt(row, column)))].filter(other => other !== null && other !== unit);
