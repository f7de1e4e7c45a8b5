// The panel that draws new images, the same as the program's `generate`.

const generatePanel = (() => {
    const sampler = create("select", {}, ...samplers.map(name => create("option", { value: name }, name)));
    const scale = create("input", { type: "number", min: 0, step: 0.05 });
    const count = create("input", { type: "number", min: 2, max: 100, value: 24 });
    const seed = create("input", { type: "text", inputmode: "numeric", value: "1", size: 8 });
    const onlyHere = create("input", { type: "checkbox" });
    const scaleFields = field("Temperature", scale);
    const command = copyBox("the command");
    const result = create("div", { class: "tiles", "aria-label": "Generated images" });
    const problem = create("p", { class: "notice", role: "alert", hidden: true });
    const form = create("div", { class: "form" },
        ...field("Sampler", sampler), ...scaleFields, ...field("Images", count), ...field("Seed", seed),
        create("label", { for: "only-here" }, "Unit"), create("span", {}, onlyHere, " only around the pinned point"));
    onlyHere.id = "only-here";

    function choose() {
        const isIsotropic = sampler.value === "isotropic";
        scaleFields[0].textContent = isIsotropic ? "Noise sigma" : "Temperature";
        scale.value = isIsotropic ? 0.1 : 1;
        scaleFields.forEach(each => each.hidden = sampler.value === "walk");
    }

    /** Returns the request of the form; a sentence as an error if it is invalid. */
    function request() {
        if (!/^\d{1,20}$/.test(seed.value) || BigInt(seed.value) >= 2n ** 64n) {
            throw new RangeError(`The seed is a whole number from 0 to ${2n ** 64n - 1n}.`);
        }

        if (!Number.isInteger(count.valueAsNumber) || count.valueAsNumber < 2 || count.valueAsNumber > 100) {
            throw new RangeError("The number of images is from 2 to 100 here; the command makes up to 10000.");
        }

        if (!(scale.valueAsNumber >= 0)) {
            throw new RangeError(`${scaleFields[0].textContent} is a number of at least 0.`);
        }

        const unit = onlyHere.checked && state.point ? state.point.map(Math.round) : null;
        const index = unit && unit[0] * columns + unit[1];
        if (sampler.value === "density" && unit && data.trainingHits[index] === 0) {
            throw new RangeError(`Unit ${unitName(index)} wins no training image, so that it has no density: take another sampler.`);
        }

        return {
            sampler: sampler.value, count: count.valueAsNumber, seed: BigInt(seed.value), unit: index, scale: scale.valueAsNumber,
        };
    }

    function commandOf({ sampler, count, seed, unit, scale }) {
        const scales = { isotropic: ` --sigma ${scale}`, density: ` --temperature ${scale}`, walk: "" };
        return `${data.run.program} generate ${data.run.argument} --sampler ${sampler}${scales[sampler]} --count ${count} --seed ${seed}`
            + (unit === null ? "" : ` --unit ${unitName(unit)}`);
    }

    function generate() {
        problem.hidden = true;
        try {
            const asked = request();
            const { codes } = sample(asked);
            command.text.value = commandOf(asked);
            fill(result, ...Array.from({ length: asked.count }, (_, n) => madeTile(codes.slice(n * latent, (n + 1) * latent), n)));
            announce(`${asked.count} images`);
            changed("view");
        } catch (error) {
            if (!(error instanceof RangeError)) {
                throw error;
            }

            problem.textContent = error.message;
            problem.hidden = false;
        }
    }

    sampler.addEventListener("change", choose);
    choose();
    const start = create("button", { type: "button", class: "main", onclick: generate }, "Generate");
    const other = create("button", {
        type: "button",
        onclick: () => {
            seed.value = String(Math.floor(Math.random() * 2 ** 31));
            generate();
        },
    }, "Another seed");
    return {
        name: "Generate",
        content: [
            create("h2", {}, "New images"),
            create("p", { class: "soft" }, "Drawn here with the program’s random numbers: the command below makes the same images."),
            form, create("div", { class: "row" }, start, other), problem, result, create("h3", {}, "Command"), ...command.parts,
            ...density ? [] : [create("p", { class: "soft" }, data.run.isTraining
                ? "The density sampler follows when the training is over."
                : `This page has no density sampler. ${data.run.program} explore ${data.run.argument} adds it, unless its numbers would `
                    + "take too much of the file; generate has it always.")],
        ],
        draw: () => result.childElementCount === 0 && generate(),
        seed,
        sampler,
        generate,
    };
})();

/** Returns a button with a generated image; it shows where the image lies and what is nearest to it. */
function madeTile(code, n) {
    const label = `Generated image ${n + 1}`;
    return create("button", { type: "button", class: "tile", "aria-label": label, onclick: () => openMade(code, label) },
        imageCanvas(side, label, decode(code)));
}

function openMade(code, label) {
    const { unit, distances } = winners(code);
    const near = pictures ? nearestPictures(code, 8) : [];
    openDialog(
        label,
        create("div", { class: "pair" },
            create("div", {}, imageCanvas(side, label, decode(code)), "D(z)"),
            create("div", {}, imageCanvas(side, "Its unit", decode(vector(unit))), `unit ${unitName(unit)}`),
            ...near.slice(0, 1).map(({ n }) => create("div", {}, pictureCanvas(n, "Nearest training image"), "nearest real"))),
        list([["Distance to its unit", format(distances[unit])]]),
        create("h3", {}, "Nearest training images of this page"),
        create("div", { class: "tiles" }, ...near.map(pictureTile)),
        create("p", { class: "soft" }, near.length > 0 ? copyNote(near[0].distance) ?? "" : "This page has no training images."));
}
