// The panel of time: the map after each epoch, with the neighborhood width, and the ways of single images.

/** The maps of the epochs as pictures, as base is for the last; null without. */
const frames = data.history && data.history.frames.map(frame => ({ ...frame, size: data.history.side, canvas: new Image() }));

const timePanel = frames && (() => {
    const slider = create("input", { type: "range", min: 0, max: frames.length - 1, value: frames.length - 1, "aria-label": "Epoch" });
    const label = create("p", { role: "status" });
    const play = player(slider, update, 350);
    const strip = new Image();
    const ways = create("div", { class: "tiles", role: "group", "aria-label": "Images to follow" });

    function update() {
        const at = state.tab === "time" ? slider.valueAsNumber : null;
        if (at !== null) {
            const { epoch, sigma } = frames[at];
            label.textContent = `Epoch ${epoch} of ${data.run.epochs}, neighborhood width σ ${format(sigma)} cells`;
            frames.filter(frame => !frame.canvas.src).forEach(frame => {
                frame.canvas.onload = redraw;
                frame.canvas.src = `data:image/webp;base64,${frame.webp}`;
            });
            if (!strip.src) {
                strip.onload = drawWays;
                strip.src = `data:image/png;base64,${data.history.followed}`;
            }
        }

        state.time = at;
        redraw();
    }

    /** Shows the images that can be followed as buttons. */
    function drawWays() {
        const size = data.history.followedSide;
        fill(ways, ...frames[0].units.map((_, n) => {
            const canvas = create("canvas", { width: size, height: size, class: "image" });
            canvas.getContext("2d").drawImage(strip, n * size, 0, size, size, 0, 0, size, size);
            const button = create("button", {
                type: "button", class: "tile", "aria-label": `Follow image ${n}`, "aria-pressed": n === state.followed,
                onclick: () => {
                    state.followed = state.followed === n ? null : n;
                    [...ways.children].forEach((each, i) => each.setAttribute("aria-pressed", i === state.followed));
                    redraw();
                },
            }, canvas);
            return button;
        }));
    }

    slider.addEventListener("input", update);
    listen("tab", () => {
        play.stop();
        update();
    });
    return {
        name: "Time",
        content: [
            create("h2", {}, "How the map organized itself"), slider, label, create("div", { class: "row" }, play.button),
            create("p", { class: "soft" }, "The circle is the neighborhood width: so far around the unit nearest to an image the units are "
                + "moved toward it."),
            create("h3", {}, "The way of an image over the map"), ways,
        ],
    };
})();

/** Draws the neighborhood width around the middle of the map, and the way of the followed image up to the shown epoch. */
function drawTime() {
    const { sigma } = frames[state.time];
    const [x, y] = [toX((columns - 1) / 2, (rows - 1) / 2), toY((rows - 1) / 2)];
    context.strokeStyle = "#ffd166";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, sigma * view.scale, 0, 2 * Math.PI);
    context.stroke();
    if (state.followed === null) {
        return;
    }

    const way = frames.slice(0, state.time + 1).map(frame => place(frame.units[state.followed]));
    context.strokeStyle = "#3ddc97";
    context.beginPath();
    way.forEach(([row, column]) => context.lineTo(toX(column, row), toY(row)));
    context.stroke();
    way.forEach((at, i) => dot(at, i === way.length - 1 ? 8 : 4, "#3ddc97"));
}
