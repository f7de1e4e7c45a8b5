// Puts the page together.

const runPanel = (() => {
    const scores = Object.entries(data.run.scores).filter(([, value]) => value !== null);
    return {
        name: "Run",
        content: [
            create("h2", {}, "The run"),
            list([
                ["Run", data.run.title],
                ["Map", `${rows} x ${columns} units of ${latent} numbers`],
                ["Images", `${side} x ${side}, ${channels === 1 ? "gray" : "color"}`],
                ["Attention", data.run.attention],
                ["Parameters", String(data.run.parameters)],
                ["Epoch", `${data.run.epoch} of ${data.run.epochs}`],
                ["Seed", data.run.seed],
            ]),
            ...scores.length === 0 ? [] : [
                create("h3", {}, "Scores of the last epoch"), list(scores.map(([name, value]) => [name, format(value, 4)])),
            ],
            ...data.curves ? [
                create("h3", {}, "Curves"),
                create("img", {
                    class: "curves", alt: "Curves of the scores over the epochs", src: `data:image/svg+xml;base64,${data.curves}`,
                }),
            ] : [],
            create("p", { class: "soft" }, "This page makes no connection."),
        ],
    };
})();

/** Shows a layer. */
function chooseLayer(id) {
    state.layer = id;
    element("layer").value = id;
    element("component-label").hidden = id !== "component";
    element("component").value = state.component;
    drawLegend(shownLayer());
    redraw();
    changed("layer");
}

function start() {
    document.title = `Atlas of ${data.run.title}`;
    element("title").textContent = data.run.title;
    const cells = `${data.map.hexagons ? "hexagons" : "units"}${data.map.torus ? " of a torus, whose opposite edges are joined" : ""}`;
    element("facts").textContent = `${rows} × ${columns} ${cells} · ${side} × ${side} ${channels === 1 ? "gray" : "color"} · epoch `
        + `${data.run.epoch} of ${data.run.epochs}`;
    stage.setAttribute("aria-label", `Map of ${rows} rows and ${columns} columns of decoded images`);
    for (const [id, layer] of Object.entries(layers)) {
        element("layer").append(create("option", { value: id, hidden: Boolean(layer.hidden) }, layer.name));
    }

    element("layer").addEventListener("change", event => chooseLayer(event.target.value));
    element("component").max = latent - 1;
    element("component").addEventListener("input", event => {
        if (event.target.validity.valid && event.target.value !== "") {
            state.component = event.target.valueAsNumber;
            chooseLayer("component");
        }
    });
    for (const id of ["inset", "arrows"]) {
        element(id).addEventListener("change", event => {
            state[id] = event.target.checked;
            redraw();
        });
    }

    element("layers").addEventListener("submit", event => event.preventDefault());
    element("arrows-label").hidden = !facts;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const useTheme = isDark => document.documentElement.classList.toggle("dark", isDark);
    useTheme(dark.matches);
    dark.addEventListener("change", event => useTheme(event.matches));
    element("theme").addEventListener("click", () => useTheme(!document.documentElement.classList.contains("dark")));
    addPanel("point", pointPanel);
    addPanel("generate", generatePanel);
    addPanel("path", pathPanel);
    addPanel("own", ownPanel);
    if (timePanel) {
        addPanel("time", timePanel);
    }

    addPanel("share", sharePanel);
    addPanel("run", runPanel);
    readFragment();
    ["point", "layer", "view", "path", "tab"].forEach(name => listen(name, () => {
        clearTimeout(writing);
        writing = setTimeout(() => history.replaceState(null, "", `#${fragment()}`), 300);
    }));
    listen("hover", () => state.arrows && redraw());
    window.addEventListener("hashchange", readFragment);
    if (data.run.isTraining) {
        element("training").hidden = false;
        element("training").textContent = "training";
        setTimeout(() => location.reload(), 20000);
    }
}

let writing = null;
start();

// For the browser's console and the tests: the networks, the map, the samplers and the view of this page.
window.atlas = { data, decode, encode, codeAt, winners, sample, path, state, view, pan, pin, draw, firstDraw: () => firstDraw };
