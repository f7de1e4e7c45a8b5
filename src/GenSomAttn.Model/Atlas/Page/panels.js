// The tabs of the side panel.

const panels = {};

/** Adds a panel: { name, content, draw }; draw runs whenever the panel is opened. */
function addPanel(id, panel) {
    panels[id] = panel;
    const tab = create("button", {
        type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick: () => openPanel(id),
    }, panel.name);
    tab.addEventListener("keydown", event => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step) {
            const ids = Object.keys(panels);
            const next = ids[(ids.indexOf(id) + step + ids.length) % ids.length];
            openPanel(next);
            element(`tab-${next}`).focus();
        }
    });
    element("tabs").append(tab);
    element("panels").append(create(
        "section", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, hidden: true }, ...panel.content));
}

function openPanel(id) {
    state.tab = id;
    for (const each of Object.keys(panels)) {
        const isOpen = each === id;
        element(`tab-${each}`).setAttribute("aria-selected", isOpen);
        element(`tab-${each}`).tabIndex = isOpen ? 0 : -1;
        element(`panel-${each}`).hidden = !isOpen;
    }

    panels[id].draw?.();
    redraw();
    changed("tab");
}

/** Returns a labelled control as two cells of a form. */
function field(label, control) {
    control.id ||= `field-${label.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
    return [create("label", { for: control.id }, label), control];
}

/** Returns a text that can be copied, with its button. */
function copyBox(label) {
    const text = create("textarea", { readonly: true, rows: 3, "aria-label": label });
    const button = create("button", {
        type: "button",
        onclick: () => {
            text.select();
            // The clipboard needs a permission in some browsers; selected text can be copied in all.
            navigator.clipboard?.writeText(text.value).then(() => announce("Copied"), () => document.execCommand("copy"));
            button.textContent = "Copied";
            setTimeout(() => button.textContent = `Copy ${label}`, 1500);
        },
    }, `Copy ${label}`);
    return { text, parts: [text, create("div", { class: "row" }, button)] };
}

/** Offers a file for download. */
function download(name, type, content) {
    const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const link = create("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** Offers a canvas as a PNG file. */
function downloadPng(name, canvas) {
    canvas.toBlob(blob => download(name, "image/png", blob), "image/png");
}

/** Returns a button that plays a slider, whose end is followed by its start, and a function that stops it. */
function player(slider, show, milliseconds) {
    let timer = null;
    const stop = () => {
        clearInterval(timer);
        timer = null;
        button.textContent = "Play";
    };
    const start = () => {
        button.textContent = "Pause";
        timer = setInterval(() => {
            slider.value = (slider.valueAsNumber + 1) % (Number(slider.max) + 1);
            show();
        }, milliseconds);
    };
    const button = create("button", { type: "button", class: "main", onclick: () => timer === null ? start() : stop() }, "Play");
    return { button, stop };
}
