// New images, as the program's `generate` draws them: samplers isotropic, density and walk.

const density = data.density && {
    weights: numbers(data.density.weights),
    means: numbers(data.density.means),
    factors: numbers(data.density.factors),
};

/** Samplers of this page: the density needs its numbers, the walk the hits of the training images. */
const samplers = [...density ? ["density"] : [], "isotropic", ...data.trainingHits ? ["walk"] : []];

/**
 * Draws codes: { codes: (count, D), units: the unit of each, or none of a walk }.
 * @param {{sampler: string, count: number, seed: bigint, unit: number?, scale: number}} request scale: σ or temperature.
 */
function sample({ sampler, count, seed, unit, scale }) {
    if (sampler === "walk") {
        return walk(count, seed, unit);
    }

    const chosen = Array.from({ length: count }, (_, n) => unit ?? drawUnit(sampler, bits(seed, purposes.unit, n)));
    const drawn = noise(seed, count);
    const codes = new Float32Array(drawn.length);
    for (let n = 0; n < count; n++) {
        const own = drawn.subarray(n * latent, (n + 1) * latent);
        const code = codes.subarray(n * latent, (n + 1) * latent);
        if (sampler === "density") {
            transform(chosen[n], own, scale, code);
        } else {
            const center = vector(chosen[n]);
            for (let d = 0; d < latent; d++) {
                code[d] = center[d] + Math.fround(scale * own[d]);
            }
        }
    }

    return { codes, units: chosen };
}

function drawUnit(sampler, random) {
    if (sampler === "isotropic") {
        return multiply(random, units)[0];
    }

    let component = 0;
    for (let rest = random / 2 ** 32 - density.weights[0]; rest >= 0 && component < units - 1; rest -= density.weights[component]) {
        component++;
    }

    return component;
}

/** code = mean + temperature · L · noise, L the lower triangle of a Cholesky factor. */
function transform(component, own, temperature, code) {
    let factor = component * latent * (latent + 1) / 2;
    for (let row = 0; row < latent; row++) {
        let deviation = 0;
        for (let column = 0; column <= row; column++) {
            deviation += density.factors[factor++] * own[column];
        }

        code[row] = density.means[component * latent + row] + temperature * deviation;
    }
}

/** The line on the map between two units, drawn by their hits; the first may be given. */
function walk(count, seed, unit) {
    const [first, last] = [0, 1].map(n => unitOfHit(bits(seed, purposes.unit, n)));
    const start = place(unit ?? first);
    return { codes: path([start, place(last)], count, true), units: [] };
}

function unitOfHit(random) {
    let hit = multiply(random, data.trainingHits.reduce((sum, hits) => sum + hits, 0))[0];
    let unit = 0;
    while (hit >= data.trainingHits[unit]) {
        hit -= data.trainingHits[unit++];
    }

    return unit;
}

/** Returns the row and the column of a unit. */
const place = unit => [Math.floor(unit / columns), unit % columns];

/**
 * Computes codes along a path through points, evenly spaced from the first to the last: (steps, D).
 * @param points Rows and columns; at least two.
 * @param over Whether the path goes over the map, or straight from code to code.
 */
function path(points, steps, over) {
    const codes = new Float32Array(steps * latent);
    for (let step = 0; step < steps; step++) {
        const at = step * (points.length - 1) / (steps - 1);
        const leg = Math.min(Math.floor(at), points.length - 2);
        const t = at - leg;
        const [from, to] = [points[leg], points[leg + 1]];
        if (over) {
            codes.set(codeAt(from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])), step * latent);
        } else {
            const [a, b] = [codeAt(...from), codeAt(...to)];
            codes.set(a.map((value, d) => Math.fround((1 - t) * value) + Math.fround(t * b[d])), step * latent);
        }
    }

    return codes;
}
