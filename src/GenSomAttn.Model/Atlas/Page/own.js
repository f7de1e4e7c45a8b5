// The panel of the reader's own picture: dropped or drawn, and encoded in the page.

const ownPanel = (() => {
    const pen = create("canvas", {
        width: side, height: side, class: "image pen", tabindex: 0, role: "application",
        "aria-label": "Drawing: arrow keys move the pen, Space draws, Delete clears",
    });
    const ink = pen.getContext("2d", { willReadFrequently: true });
    const invert = create("input", { type: "checkbox", id: "invert" });
    const file = create("input", { type: "file", accept: "image/*", "aria-label": "A picture file" });
    const problem = create("p", { class: "notice", role: "alert", hidden: true });
    const result = create("div");
    const thickness = Math.max(1, side / 14);
    let last = null;
    let at = [side / 2, side / 2];

    /** Returns the drawing as an image, (S, S, C) in 0 to 1; gray by the luma of ITU-R BT.601. */
    function image() {
        const bytes = ink.getImageData(0, 0, side, side).data;
        const values = new Float32Array(pixels);
        for (let p = 0; p < side * side; p++) {
            const rgb = bytes.subarray(4 * p, 4 * p + 3);
            if (channels === 1) {
                values[p] = (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 255;
            } else {
                values.set([rgb[0] / 255, rgb[1] / 255, rgb[2] / 255], 3 * p);
            }
        }

        return values;
    }

    function locate() {
        const code = encode(image()).slice();
        state.mine = winners(code);
        const { unit, second, distances } = state.mine;
        const figure = (canvas, caption) => create("div", {}, canvas, caption);
        fill(result,
            create("div", { class: "pair" },
                figure(imageCanvas(side, "The picture as the encoder sees it", image()), "picture"),
                figure(imageCanvas(side, "Decoded from its code", decode(code)), "D(v)"),
                figure(imageCanvas(side, "Decoded from its unit", decode(vector(unit))), "D(w)")),
            list([
                ["Unit", `${unitName(unit)}, distance ${format(distances[unit])}`],
                ...second < 0 ? [] : [["Second unit", `${unitName(second)}, distance ${format(distances[second])}`]],
            ]),
            ...pictures ? [
                create("h3", {}, "Nearest training images of this page"),
                create("div", { class: "tiles" }, ...nearestPictures(code, 8).map(pictureTile)),
                create("p", { class: "soft" }, copyNote(nearestPictures(code, 1)[0].distance) ?? ""),
            ] : []);
        announce(`Unit ${unitName(unit)}`);
        chooseLayer("mine");
    }

    function clear() {
        ink.fillStyle = "#000";
        ink.fillRect(0, 0, side, side);
        fill(result);
        state.mine = null;
        problem.hidden = true;
        if (state.layer === "mine") {
            chooseLayer("none");
        }
    }

    /** Draws a file, cut to its middle square as the program cuts pictures. */
    async function open(blob) {
        problem.hidden = true;
        let bitmap;
        try {
            bitmap = await createImageBitmap(blob);
        } catch {
            problem.textContent = "This file is no picture that the browser can read. Drop a PNG, JPEG, GIF or WebP file.";
            problem.hidden = false;
            return;
        }

        const shorter = Math.min(bitmap.width, bitmap.height);
        ink.imageSmoothingQuality = "high";
        ink.filter = invert.checked ? "invert(1)" : "none";
        ink.drawImage(
            bitmap, (bitmap.width - shorter) / 2, (bitmap.height - shorter) / 2, shorter, shorter, 0, 0, side, side);
        ink.filter = "none";
        locate();
    }

    function stroke([x, y], [toX, toY]) {
        ink.strokeStyle = "#fff";
        ink.lineWidth = thickness;
        ink.lineCap = "round";
        ink.beginPath();
        ink.moveTo(x, y);
        ink.lineTo(toX + 0.01, toY);
        ink.stroke();
    }

    const position = event => {
        const bounds = pen.getBoundingClientRect();
        return [(event.clientX - bounds.left) * side / bounds.width, (event.clientY - bounds.top) * side / bounds.height];
    };
    pen.addEventListener("pointerdown", event => {
        pen.setPointerCapture(event.pointerId);
        last = position(event);
        stroke(last, last);
    });
    pen.addEventListener("pointermove", event => {
        if (last) {
            const to = position(event);
            stroke(last, to);
            last = to;
        }
    });
    pen.addEventListener("pointerup", () => {
        last = null;
        locate();
    });
    pen.addEventListener("keydown", event => {
        const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
        if (step) {
            const to = at.map((value, axis) => Math.min(Math.max(value + step[axis] * thickness, 0), side));
            if (event.shiftKey) {
                stroke(at, to);
            }

            at = to;
            announce(`Pen at ${at.map(Math.round).join(", ")}`);
        } else if (event.key === " ") {
            stroke(at, at);
            locate();
        } else if (event.key === "Delete" || event.key === "Backspace") {
            clear();
        } else {
            return;
        }

        event.preventDefault();
    });
    file.addEventListener("change", () => file.files[0] && open(file.files[0]));
    const area = create("div", { class: "drop" }, create("p", { class: "soft" }, "Draw here, drop a picture anywhere, or choose a file."),
        pen, create("div", { class: "row" }, create("button", { type: "button", onclick: clear }, "Clear"), file),
        create("label", { for: "invert" }, invert, " invert the colors of a file"));
    document.addEventListener("dragover", event => {
        event.preventDefault();
        area.classList.add("over");
    });
    document.addEventListener("dragleave", () => area.classList.remove("over"));
    document.addEventListener("drop", event => {
        event.preventDefault();
        area.classList.remove("over");
        if (event.dataTransfer.files.length > 0) {
            openPanel("own");
            open(event.dataTransfer.files[0]);
        }
    });
    clear();
    return {
        name: "Mine",
        content: [
            create("h2", {}, "My own picture"),
            create("p", { class: "soft" }, "It is encoded in this page; nothing leaves this machine. A file is reduced by the browser, "
                + "whose pixels may differ a little from those of the program’s `locate`."),
            area, problem, result,
        ],
    };
})();
