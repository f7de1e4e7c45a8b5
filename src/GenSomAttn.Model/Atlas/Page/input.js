// Pointer, wheel and keys on the map.

const pointers = new Map();
let press = null; // where the pointer went down: { x, y, row, column, kind, isMoved }
const clickDistance = 5;

/** Nearer than this to a unit, in units, the pointer shows the unit itself. */
const snapDistance = 0.1;

const clampPoint = ([row, column]) => [Math.min(Math.max(row, 0), rows - 1), Math.min(Math.max(column, 0), columns - 1)];
const isOnMap = ([row, column]) => row >= -0.5 && row <= rows - 0.5 && column >= -0.5 && column <= columns - 0.5;

/** Returns the nearest tile to a place of the canvas: a unit, or a point between units that is drawn at this zoom. */
function snapped(x, y) {
    const n = tilesPerUnit();
    const point = pointAt(x, y);
    return n === 1 ? place(nearestUnit(point)) : clampPoint(point.map(value => Math.round(value * n) / n));
}

const offset = event => {
    const bounds = stage.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
};

/** Pins a point. */
function pin(point) {
    state.point = clampPoint(point);
    redraw();
    changed("point");
}

function toggle(unit) {
    if (!state.selected.delete(unit)) {
        state.selected.add(unit);
    }

    redraw();
    changed("selection");
}

stage.addEventListener("pointerdown", event => {
    const [x, y] = offset(event);
    pointers.set(event.pointerId, [x, y]);
    stage.setPointerCapture(event.pointerId);
    const isOnPoint = state.point && Math.hypot(x - toX(state.point[1], state.point[0]), y - toY(state.point[0])) < 12;
    press = { x, y, kind: event.shiftKey ? "box" : isOnPoint ? "point" : "pan", isMoved: pointers.size > 1 };
});

stage.addEventListener("pointermove", event => {
    const [x, y] = offset(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
        hover(x, y);
        return;
    }

    if (pointers.size === 2) {
        pinch(event.pointerId, [x, y]);
    } else if (press && (press.isMoved ||= Math.hypot(x - press.x, y - press.y) > clickDistance)) {
        drag(x, y, before);
    }

    pointers.set(event.pointerId, [x, y]);
});

function hover(x, y) {
    const point = pointAt(x, y);
    const nearUnit = point.map((value, axis) => Math.abs(value - Math.round(value)) < snapDistance ? Math.round(value) : value);
    state.hover = isOnMap(point) ? clampPoint(nearUnit.every(Number.isInteger) ? nearUnit : point) : null;
    changed("hover");
}

function drag(x, y, [oldX, oldY]) {
    if (press.kind === "pan") {
        pan(x - oldX, y - oldY);
    } else if (press.kind === "point") {
        pin(pointAt(x, y));
    } else {
        box = { x: Math.min(x, press.x), y: Math.min(y, press.y), width: Math.abs(x - press.x), height: Math.abs(y - press.y) };
        redraw();
    }
}

function pinch(id, now) {
    const [other] = [...pointers].filter(([key]) => key !== id).map(([, position]) => position);
    const before = pointers.get(id);
    const spread = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const [from, to] = [middle(before, other), middle(now, other)];
    pan(to[0] - from[0], to[1] - from[1]);
    zoom(spread(now, other) / Math.max(1, spread(before, other)), ...to);
}

function release(event) {
    const [x, y] = offset(event);
    pointers.delete(event.pointerId);
    if (press && event.type === "pointerup") {
        if (box) {
            selectBox();
        } else if (!press.isMoved) {
            click(x, y, event);
        }
    }

    box = null;
    press = pointers.size === 0 ? null : press;
    redraw();
}

function click(x, y, event) {
    if (!isOnMap(pointAt(x, y))) {
        return;
    }

    state.hover = null;
    const point = event.altKey ? pointAt(x, y) : snapped(x, y);
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
        toggle(nearestUnit(point));
        return;
    }

    pin(point);
    if (state.tab === "path") {
        addToPath(state.point);
    }
}

function selectBox() {
    for (let unit = 0; unit < units; unit++) {
        const [row, column] = place(unit);
        const [x, y] = [toX(column, row), toY(row)];
        if (x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) {
            state.selected.add(unit);
        }
    }

    changed("selection");
}

stage.addEventListener("pointerup", release);
stage.addEventListener("pointercancel", release);
stage.addEventListener("pointerleave", () => {
    state.hover = null;
    changed("hover");
});
stage.addEventListener("dblclick", event => zoom(2, ...offset(event)));
stage.addEventListener("wheel", event => {
    event.preventDefault();
    const pixelsOfLine = 16;
    zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? pixelsOfLine : 1) / 500), ...offset(event));
}, { passive: false });

stage.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
    }

    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const pans = { h: [1, 0], l: [-1, 0], k: [0, 1], j: [0, -1] };
    const actions = {
        "+": () => zoom(1.3),
        "=": () => zoom(1.3),
        "-": () => zoom(1 / 1.3),
        0: fit,
        p: () => addToPath(state.point ?? [0, 0]),
        s: () => state.point && toggle(nearestUnit(state.point)),
        Escape: () => {
            state.selected.clear();
            redraw();
            changed("selection");
        },
    };
    if (arrows[event.key]) {
        const step = event.shiftKey ? 0.1 : 1;
        const from = state.point ?? [0, 0];
        pin(state.point ? from.map((value, axis) => Math.round((value + step * arrows[event.key][axis]) * 10) / 10) : from);
        show(state.point);
    } else if (pans[event.key]) {
        pan(60 * pans[event.key][0], 60 * pans[event.key][1]);
    } else if (actions[event.key]) {
        actions[event.key]();
    } else {
        return;
    }

    event.preventDefault();
});

element("zoom-in").addEventListener("click", () => zoom(1.5));
element("zoom-out").addEventListener("click", () => zoom(1 / 1.5));
element("zoom-all").addEventListener("click", fit);
new ResizeObserver(resize).observe(stage);
