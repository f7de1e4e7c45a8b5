// Layers of the map: a color for each unit, with a legend. The palettes can be told apart by color-blind readers.

// Ten samples of matplotlib's viridis (S. van der Walt and N. Smith, CC0).
const viridis = ["#440154", "#482878", "#3E4989", "#31688E", "#26828E", "#1F9E89", "#35B779", "#6ECE58", "#B5DE2B", "#FDE725"];

// "Sunset" of P. Tol, SRON/EPS/TN/09-002, 2021: diverging around zero.
const sunset = ["#364B9A", "#4A7BB7", "#6EA6CD", "#98CAE1", "#C2E4EF", "#EAECCC", "#FEDA8B", "#FDB366", "#F67E4B", "#DD3D2D", "#A50026"];

// "Muted" of P. Tol and an orange, as the program's pictures of classes.
const classColors = ["#88CCEE", "#CC6677", "#DDCC77", "#332288", "#117733", "#FFAA22", "#44AA99", "#882255", "#999933", "#AA4499"];

const classColor = label => classColors[label % classColors.length];

/** Returns the color at a position from 0 to 1 of a palette. */
function colorAt(palette, position) {
    const at = Math.min(Math.max(position, 0), 1) * (palette.length - 1);
    const lower = Math.min(Math.floor(at), palette.length - 2);
    const channel = (color, i) => parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
    const mixed = [0, 1, 2].map(i =>
        Math.round(channel(palette[lower], i) * (1 - at + lower) + channel(palette[lower + 1], i) * (at - lower)));
    return `rgb(${mixed.join(" ")})`;
}

const facts = data.facts;

/** The layers: name, and a function that returns the values of the units, or their classes. */
const layers = {
    none: { name: "Pictures alone" },
    umatrix: { name: "U-matrix", unit: "mean distance to the neighbors", values: uMatrix, between: true },
    ...facts && {
        hits: { name: "Hits", unit: facts.images, values: () => facts.hits },
        ...facts.labels && {
            classes: { name: "Classes", classes: facts.labels },
            purity: { name: "Purity", unit: `share of the most frequent class`, values: () => facts.purity },
        },
        quantization: { name: "Quantization error", unit: "mean |v − w|", values: () => facts.quantization },
        mse_q: { name: "Error of D(w)", unit: "mse_q per pixel", values: () => facts.mseQ },
        mse_e: { name: "Error of D(v)", unit: "mse_e per pixel", values: () => facts.mseE },
    },
    ...data.offData && {
        nearest: {
            name: "Unlike the training images",
            unit: "D(w) to the nearest one, both of norm 1",
            values: () => data.offData.distances,
        },
    },
    component: {
        name: "Latent component",
        unit: "value in w",
        values: () => Array.from({ length: units }, (_, unit) => codebook[unit * latent + state.component]),
        diverging: true,
    },
    mine: { name: "Distance to my picture", unit: "|v − w|", values: () => state.mine && [...state.mine.distances], hidden: true },
};

/** Whether a unit stands for nothing: it resembles all training images less than 95 % of the reconstructions of test images do. */
const isOffData = unit => data.offData && data.offData.distances[unit] > data.offData.bound;

/** Returns the layer that is shown with its range and the color of each unit (null for none). */
function shownLayer() {
    const layer = layers[state.layer];
    if (layer.classes) {
        return { layer, colors: layer.classes.map(label => label < 0 ? null : classColor(label)) };
    }

    const values = layer.values?.();
    if (!values) {
        return { layer, colors: null };
    }

    const known = values.filter(value => value !== null);
    let [low, high] = [known, known].map((list, i) => list.reduce((a, b) => i ? Math.max(a, b) : Math.min(a, b), list[0] ?? 0));
    if (layer.diverging) {
        high = Math.max(Math.abs(low), Math.abs(high));
        low = -high;
    } else if (layer.between) {
        [low, high] = rangeBetween();
    } else if (low > 0 && low < high / 4 || layer === layers.hits) {
        low = 0;
    }

    const palette = layer.diverging ? sunset : viridis;
    const color = value => value === null ? null : colorAt(palette, high > low ? (value - low) / (high - low) : 0.5);
    return { layer, values, low, high, palette, color, colors: values.map(color) };
}

/** Smallest and largest distance of neighbors, so that cells and what lies between them have one scale. */
function rangeBetween() {
    let low = Infinity;
    let high = 0;
    for (let unit = 0; unit < units; unit++) {
        for (const other of neighbors(unit)) {
            low = Math.min(low, distance(unit, other));
            high = Math.max(high, distance(unit, other));
        }
    }

    return high > 0 ? [low, high] : [0, 0];
}

/** Draws the legend of the shown layer. */
function drawLegend({ layer, low, high, palette, values }) {
    const legend = element("legend");
    element("inset").disabled = !values && !layer.classes;
    if (layer.classes) {
        const present = [...new Set(layer.classes)].filter(label => label >= 0).sort((a, b) => a - b);
        fill(legend, create("ul", {}, ...present.map(label => {
            const swatch = create("i");
            swatch.style.background = classColor(label);
            return create("li", {}, swatch, create("span", { dir: "auto" }, facts.classes[label]));
        })));
        return;
    }

    if (!values) {
        fill(legend);
        return;
    }

    const bar = create("canvas", { width: 190, height: 1, role: "img", "aria-label": `From ${format(low)} to ${format(high)}` });
    const context = bar.getContext("2d");
    for (let x = 0; x < bar.width; x++) {
        context.fillStyle = colorAt(palette, x / (bar.width - 1));
        context.fillRect(x, 0, 1, 1);
    }

    fill(legend, bar, create("div", { class: "ends" }, create("span", {}, format(low)), create("span", {}, layer.unit),
        create("span", {}, format(high))));
}
