// The panel of a point: the image decoded there, its neighborhood, and the nearest real images.

const pointPanel = (() => {
    const here = imageCanvas(side, "The image decoded at the point");
    const title = create("h2", {}, "Point");
    const around = create("div", { class: "around", role: "img", "aria-label": "Images decoded around the point" });
    const cells = Array.from({ length: 9 }, (_, i) => {
        const canvas = create("canvas", { width: side, height: side, class: i === 4 ? "image middle" : "image" });
        around.append(canvas);
        return canvas;
    });
    const terms = create("div");
    const nearTitle = create("h3");
    const near = create("div", { class: "tiles" });
    const note = create("p", { class: "soft" });
    const hint = create("p", { class: "soft" },
        "Move over the map, or click it to pin a point. Drag the blue point to anywhere between the units.");
    const restMilliseconds = 60;
    let drawn = null;
    let waiting = null;

    function drawPoint() {
        const point = state.hover ?? state.point ?? [(rows - 1) / 2, (columns - 1) / 2].map(Math.floor);
        const isUnit = point.every(Number.isInteger);
        const key = point.join();
        if (key === drawn || state.tab !== "point") {
            return;
        }

        drawn = key;
        const code = codeAt(...point);
        paint(here, decode(code));
        const { unit, distances } = winners(code);
        title.textContent = isUnit ? `Unit ${unitName(unit)}` : `Point ${point.map(value => value.toFixed(2)).join(", ")}`;
        fill(terms, list(pointTerms(unit, isUnit, distances[unit])));
        clearTimeout(waiting);
        waiting = setTimeout(() => {
            drawAround(point);
            drawNear(code, unit, isUnit);
        }, restMilliseconds);
    }

    function drawAround([row, column]) {
        const step = Math.min(0.5, 40 / view.scale);
        cells.forEach((cell, i) => paint(
            cell, decode(codeAt(row + step * (Math.floor(i / 3) - 1), column + step * (i % 3 - 1)))));
        around.setAttribute("aria-label", `Images decoded around the point, ${format(step, 2)} of a unit apart`);
    }

    function drawNear(code, unit, isUnit) {
        if (!pictures) {
            nearTitle.textContent = "";
            fill(near, data.run.isTraining ? "Training images follow when the training is over." : "This page has no training images.");
            return;
        }

        const own = isUnit ? picturesOf(unit) : [];
        const nearest = nearestPictures(code, 12);
        const shown = own.length > 0 ? own : nearest;
        nearTitle.textContent = own.length > 0 ? "Its nearest training images" : "Nearest training images of this page";
        fill(near, ...shown.map(pictureTile));
        note.textContent = copyNote(nearest[0].distance) ?? "";
    }

    return {
        name: "Point",
        content: [
            title, create("div", { class: "here" }, here, around), create("h3", {}, "Nearest unit"), terms, nearTitle, near, note, hint,
        ],
        draw: () => {
            drawn = null;
            drawPoint();
        },
        update: drawPoint,
    };
})();

/** Returns the numbers of a unit. */
function pointTerms(unit, isUnit, distance) {
    const number = values => format(values[unit]);
    return [
        ["Unit", unitName(unit)],
        !isUnit && ["Distance to w", format(distance)],
        ...facts ? [
            [`Hits of ${facts.count} ${facts.images}`, String(facts.hits[unit])],
            facts.labels && facts.labels[unit] >= 0 && ["Class, purity", `${facts.classes[facts.labels[unit]]}, ${number(facts.purity)}`],
            ["Mean |v − w|", number(facts.quantization)],
            ["mse_e, mse_q", `${number(facts.mseE)}, ${number(facts.mseQ)}`],
            isOffData(unit) && ["Red frame", "its picture is like no training image"],
        ] : [],
    ].filter(Boolean);
}

let telling = null;

listen("hover", () => requestAnimationFrame(pointPanel.update));
listen("point", () => {
    requestAnimationFrame(pointPanel.update);
    clearTimeout(telling);
    telling = setTimeout(() => {
        const { unit } = winners(codeAt(...state.point));
        announce(`Row ${format(state.point[0])}, column ${format(state.point[1])}. `
            + pointTerms(unit, true, 0).map(([term, value]) => `${term}: ${value}`).join(". "));
    }, 200);
});
