// The panel of paths: images along points of the map, played and saved.

function addToPath(point) {
    state.path.push(point);
    redraw();
    changed("path");
}

const pathPanel = (() => {
    const steps = create("input", { type: "number", min: 2, max: 200, value: 32 });
    const way = create(
        "select", {}, create("option", { value: "over" }, "over the map"), create("option", { value: "straight" }, "straight"));
    const frame = imageCanvas(side, "The image on the path");
    frame.classList.add("wide");
    const strip = create("div", { class: "tiles", "aria-label": "Images of the path" });
    const points = create("ul", { class: "points", "aria-label": "Points of the path" });
    const position = create("input", { type: "range", min: 0, value: 0, "aria-label": "Position on the path" });
    const command = copyBox("the path’s command");
    const saved = create("p", { class: "soft" });
    const play = player(position, drawFrame, 80);
    let images = [];

    const isReady = () => state.path.length >= 2;

    function rebuild() {
        play.stop();
        fill(points, ...state.path.map((point, i) => create("li", {}, create("button", {
            type: "button",
            "aria-label": `Take point ${point.map(value => format(value)).join(", ")} out`,
            onclick: () => {
                state.path.splice(i, 1);
                redraw();
                changed("path");
            },
        }, `${point.map(value => format(value)).join(", ")} ×`))));
        const count = Math.min(Math.max(Math.round(steps.valueAsNumber) || 2, 2), 200);
        images = [];
        if (isReady()) {
            const codes = path(state.path, count, way.value === "over");
            images = Array.from({ length: count }, (_, i) => decode(codes.subarray(i * latent, (i + 1) * latent)).slice());
        }

        position.max = Math.max(0, images.length - 1);
        position.value = 0;
        [play.button, strips, gifs, position].forEach(each => each.disabled = !isReady());
        fill(strip, ...images.map((image, i) => imageCanvas(side, `Image ${i + 1}`, image)));
        command.text.value = isReady()
            ? `${data.run.program} map ${data.run.argument}${state.path.map(p => ` --via ${p.map(Math.round).join()}`).join("")}`
            : "Add two points or more.";
        drawFrame();
    }

    function drawFrame() {
        frame.hidden = images.length === 0;
        if (images.length > 0) {
            paint(frame, images[position.valueAsNumber]);
        }
    }

    const strips = create("button", {
        type: "button",
        onclick: () => {
            const canvas = create("canvas", { width: images.length * side * 2, height: side * 2 });
            images.forEach((image, i) => canvas.getContext("2d").drawImage(toScratch(image), i * side * 2, 0, side * 2, side * 2));
            downloadPng("path.png", canvas);
            saved.textContent = "Saved path.png.";
        },
    }, "Save strip");
    const gifs = create("button", {
        type: "button",
        onclick: () => {
            download("path.gif", "image/gif", gif(images, Math.max(1, Math.round(224 / side)), 8));
            saved.textContent = "Saved path.gif.";
        },
    }, "Save GIF");
    steps.addEventListener("change", rebuild);
    way.addEventListener("change", rebuild);
    position.addEventListener("input", drawFrame);
    listen("path", rebuild);
    listen("tab", play.stop);
    return {
        name: "Path",
        content: [
            create("h2", {}, "A path"),
            create("p", { class: "soft" }, "Click points on the map, or pin one and press P there. A point is taken out by its button."),
            points,
            create("div", { class: "row" },
                create("button", { type: "button", onclick: () => addToPath(state.point ?? [0, 0]) }, "Add the pinned point"),
                create("button", {
                    type: "button",
                    onclick: () => {
                        state.path = [];
                        redraw();
                        changed("path");
                    },
                }, "Clear")),
            create("div", { class: "form" }, ...field("Images of the path", steps), ...field("Way", way)),
            frame, position, create("div", { class: "row" }, play.button, strips, gifs), saved, strip, create("h3", {}, "Command"),
            ...command.parts,
        ],
        draw: rebuild,
    };
})();
