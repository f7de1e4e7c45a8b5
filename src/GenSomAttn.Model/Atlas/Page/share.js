// The view in the address, the selection, and links.

/** Returns the view as a fragment: point, layer, zoom, seed, path. */
function fragment() {
    const parts = {
        point: state.point?.map(value => format(value)).join(),
        layer: state.layer === "none" || layers[state.layer].hidden ? null : state.layer,
        number: state.layer === "component" ? state.component : null,
        tab: state.tab === "point" ? null : state.tab,
        view: view.fits ? null : [view.row, view.column, view.scale / fitScale()].map(value => format(value, 4)).join(),
        sampler: state.tab === "generate" ? generatePanel.sampler.value : null,
        seed: state.tab === "generate" ? generatePanel.seed.value : null,
        path: state.path.length > 0 ? state.path.map(point => point.map(value => format(value)).join()).join(";") : null,
    };
    const text = Object.entries(parts).filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => `${name}=${value}`).join("&");
    return (document.body.classList.contains("embed") ? ["embed", text] : [text]).filter(Boolean).join("&");
}

/** Takes the view from the address; parts that do not fit this map are left out. */
function readFragment() {
    const parts = Object.fromEntries(location.hash.slice(1).split("&").map(part => part.split("=")));
    const parsed = text => (text ?? "").split(",").map(Number);
    const isPoint = point => point.length === 2 && point.every(Number.isFinite) && isOnMap(point);
    document.body.classList.toggle("embed", "embed" in parts);
    if (isPoint(parsed(parts.point))) {
        state.point = clampPoint(parsed(parts.point));
    }

    state.path = (parts.path ?? "").split(";").map(parsed).filter(isPoint).map(clampPoint);
    const number = Number(parts.number);
    state.component = Number.isInteger(number) && number >= 0 && number < latent ? number : 0;
    if (samplers.includes(parts.sampler)) {
        generatePanel.sampler.value = parts.sampler;
        generatePanel.sampler.dispatchEvent(new Event("change"));
    }

    if (/^\d{1,20}$/.test(parts.seed ?? "")) {
        generatePanel.seed.value = parts.seed;
    }

    chooseLayer(Object.hasOwn(layers, parts.layer ?? "") && !layers[parts.layer].hidden ? parts.layer : "none");
    openPanel(Object.hasOwn(panels, parts.tab ?? "") ? parts.tab : "point");
    const [row, column, factor] = parsed(parts.view);
    resize();
    if ([row, column, factor].every(Number.isFinite) && factor > 0) {
        [view.row, view.column, view.scale] = [row, column, factor * fitScale()];
        zoom(1);
    }
}

const sharePanel = (() => {
    const link = copyBox("the link");
    const embed = copyBox("the embedding");
    const markdown = copyBox("the Markdown line");
    const count = create("p", {});
    const saved = create("p", { class: "soft" });

    /** Returns the selected units, or all. */
    const chosen = () => state.selected.size > 0 ? [...state.selected].sort((a, b) => a - b) : [...Array(units).keys()];

    /** Returns the rows of the export, one for each unit. */
    const rowsOf = list => list.map(unit => ({
        row: Math.floor(unit / columns),
        column: unit % columns,
        ...facts && {
            hits: facts.hits[unit],
            ...facts.labels && { class: facts.classes[facts.labels[unit]] ?? null, purity: facts.purity[unit] },
            quantization_error: facts.quantization[unit],
            mse_e: facts.mseE[unit],
            mse_q: facts.mseQ[unit],
        },
        w: [...vector(unit)],
    }));

    function csv(list) {
        // A field that a table would run as a formula begins with a quotation mark, see OWASP's "CSV injection".
        const cell = value => value === null ? "" : typeof value === "number" ? String(value)
            : `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll("\"", "\"\"")}"`;
        const table = rowsOf(list).map(({ w, ...row }) => [row, w]);
        const names = [...Object.keys(table[0][0]), ...Array.from({ length: latent }, (_, d) => `w${d}`)];
        return [names.join(), ...table.map(([row, w]) => [...Object.values(row).map(cell), ...w].join())].join("\r\n") + "\r\n";
    }

    function picture(list) {
        const wide = Math.ceil(Math.sqrt(list.length));
        const canvas = create("canvas", { width: wide * side, height: Math.ceil(list.length / wide) * side });
        const target = canvas.getContext("2d");
        list.forEach((unit, i) => target.drawImage(
            toScratch(decode(vector(unit))), i % wide * side, Math.floor(i / wide) * side));
        return canvas;
    }

    function update() {
        const hash = fragment();
        const address = location.href.split("#")[0];
        link.text.value = `${address}#${hash}`;
        embed.text.value = `<iframe src="atlas.html#${["embed", hash].filter(Boolean).join("&")}" width="600" height="600" `
            + `title="Map"></iframe>`;
        markdown.text.value = `[![Map of ${rows} x ${columns} units](map/prototypes.png)](atlas.html${hash && `#${hash}`})`;
        count.textContent = state.selected.size > 0
            ? `${state.selected.size} of ${units} units selected.`
            : "No unit is selected: all are exported. Select with Shift and drag, Ctrl and click, or S.";
    }

    const save = (name, text, action) => create("button", {
        type: "button",
        onclick: () => {
            action(chosen());
            saved.textContent = `Saved ${name}.`;
        },
    }, text);
    ["selection", "point", "layer", "view"].forEach(name => listen(name, () => state.tab === "share" && update()));
    return {
        name: "Share",
        content: [
            create("h2", {}, "Selection"), count,
            create("div", { class: "row" },
                save("units.csv", "CSV", list => download("units.csv", "text/csv", csv(list))),
                save("units.json", "JSON", list => download("units.json", "application/json", JSON.stringify(rowsOf(list), null, 1))),
                save("units.png", "PNG", list => downloadPng("units.png", picture(list)))),
            saved,
            create("h2", {}, "This view"), ...link.parts, create("h3", {}, "In a document"), ...markdown.parts,
            create("h3", {}, "In a page"), ...embed.parts,
        ],
        draw: update,
    };
})();
