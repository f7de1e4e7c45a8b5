// The data of the page, and small helpers of all files.

const data = JSON.parse(document.getElementById("data").textContent);
const { rows, columns, latent } = data.map;
const { side, channels } = data.image;
const units = rows * columns;
const pixels = side * side * channels;

/** Returns the element with an id. */
const element = id => document.getElementById(id);

/** Creates an element with attributes and children; strings become text, never markup. */
function create(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) {
            made.addEventListener(name.slice(2), value);
        } else if (value !== null && value !== false) {
            made.setAttribute(name, value === true ? "" : value);
        }
    }

    made.append(...children);
    return made;
}

/** Replaces the children of an element. */
const fill = (parent, ...children) => parent.replaceChildren(...children);

/** Formats a number with some significant digits, without an exponent. */
function format(value, digits = 3) {
    if (value === null || value === undefined || !Number.isFinite(value)) {
        return "–";
    }

    return Number.isInteger(value) ? String(value) : Number(value.toPrecision(digits)).toString();
}

const unitName = unit => `${Math.floor(unit / columns)},${unit % columns}`;

/** Returns the numbers of a block: base64 of little-endian IEEE 754. */
function numbers({ bits, base64 }) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) {
        bytes[i] = text.charCodeAt(i);
    }

    if (bits === 64) {
        return new Float64Array(bytes.buffer);
    }

    return bits === 32 ? new Float32Array(bytes.buffer) : widen(new Uint16Array(bytes.buffer));
}

/** Converts half precision to single, which is exact. */
function widen(halves) {
    const values = new Float32Array(halves.length);
    for (let i = 0; i < halves.length; i++) {
        const half = halves[i];
        const exponent = (half >> 10) & 31;
        const fraction = half & 1023;
        const size = exponent === 0 ? fraction * 2 ** -24
            : exponent === 31 ? (fraction ? NaN : Infinity)
            : (1 + fraction / 1024) * 2 ** (exponent - 15);
        values[i] = half & 0x8000 ? -size : size;
    }

    return values;
}

/** What the reader chose; changes are announced to all listeners. */
const state = {
    point: null, // [row, column], pinned
    hover: null, // [row, column] below the pointer
    layer: "none",
    component: 0,
    inset: true,
    arrows: false,
    selected: new Set(),
    path: [], // of [row, column]
    tab: "point",
    time: null, // index of the epoch that is shown in place of the last
    followed: null, // number of the image whose way is drawn
    mine: null, // winners of the reader's own picture
};

const listeners = {};

/** Calls a function whenever something changed: "point", "hover", "layer", "selection", "path", "tab". */
function listen(name, action) {
    (listeners[name] ??= []).push(action);
}

function changed(name) {
    (listeners[name] ?? []).forEach(action => action());
}

/** Tells users of screen readers. */
function announce(text) {
    element("status").textContent = text;
}
