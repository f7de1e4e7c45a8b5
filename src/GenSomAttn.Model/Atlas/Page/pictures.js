// Training images in the page: the nearest ones of each unit, from one sprite.

const pictures = data.pictures && { ...data.pictures, codes: numbers(data.pictures.codes), sprite: new Image() };

/** Resolves when the pictures can be drawn. */
const spriteReady = pictures
    ? new Promise(resolve => {
        pictures.sprite.onload = resolve;
        pictures.sprite.src = `data:image/png;base64,${pictures.png}`;
    })
    : Promise.resolve();

/** Returns v of a picture. */
const pictureCode = n => pictures.codes.subarray(n * latent, (n + 1) * latent);

/** Returns the picture as a canvas. */
function pictureCanvas(n, label) {
    const canvas = create("canvas", { width: pictures.side, height: pictures.side, class: "image", role: "img", "aria-label": label });
    spriteReady.then(() => canvas.getContext("2d").drawImage(
        pictures.sprite, n % pictures.columns * pictures.side, Math.floor(n / pictures.columns) * pictures.side, pictures.side,
        pictures.side, 0, 0, pictures.side, pictures.side));
    return canvas;
}

/** Returns the pictures nearest to a code, nearest first: [{ n, distance }]. */
function nearestPictures(code, count) {
    return pictures.units
        .map((_, n) => ({ n, distance: Math.sqrt(squaredDistance(code, pictureCode(n))) }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, count);
}

/** Returns the pictures of a unit. */
function picturesOf(unit) {
    const code = vector(unit);
    return pictures.units.flatMap((other, n) =>
        other === unit ? [{ n, distance: Math.sqrt(squaredDistance(code, pictureCode(n))) }] : []);
}

/** Returns a sentence about a distance to the nearest picture, among those of test images to all training images; null without. */
function copyNote(distance) {
    if (!pictures.distances) {
        return null;
    }

    const farther = pictures.distances.filter(each => each > distance).length;
    const percent = Math.round(100 * farther / pictures.distances.length);
    return `${format(distance)} from the nearest of the ${pictures.units.length} pictures in this page: nearer than at least ${percent} % `
        + `of the test images are to the nearest of all ${pictures.searched} training images, since one that is not here may be nearer.`
        + (percent > 95 ? " It is close to a copy." : "");
}

const className = n => pictures.labels ? facts.classes[pictures.labels[n]] : null;
const pictureName = n => pictures.names?.[n] ?? `training image ${pictures.indices[n]}`;

/** Returns a button with a picture that opens it. */
function pictureTile({ n, distance }) {
    const label = [pictureName(n), className(n), `distance ${format(distance)}`].filter(Boolean).join(", ");
    return create(
        "button", { type: "button", class: "tile", title: label, "aria-label": label, onclick: () => openPicture(n) },
        pictureCanvas(n, label), format(distance, 2));
}

/** Shows a picture with its place on the map, and what the decoder makes of its code and of its unit. */
function openPicture(n) {
    const code = pictureCode(n);
    const { unit, second, distances } = winners(code);
    const terms = [
        ["Image", pictureName(n)],
        className(n) && ["Class", className(n)],
        ["Unit", unitName(unit)],
        ["Distance |v − w|", format(distances[unit])],
        second >= 0 && ["Second unit", `${unitName(second)}, ${format(distances[second])}`],
    ].filter(Boolean);
    const figure = (canvas, caption) => create("div", {}, canvas, caption);
    openDialog(
        "A training image",
        create("div", { class: "pair" },
            figure(pictureCanvas(n, "The image"), "image"),
            figure(imageCanvas(side, "Decoded from its code", decode(code)), "D(v)"),
            figure(imageCanvas(side, "Decoded from its unit", decode(vector(unit))), "D(w)")),
        list(terms),
        create("div", { class: "row" }, create("button", {
            type: "button",
            onclick: () => {
                element("picture").close();
                pin(place(unit));
                show(state.point);
            },
        }, "Show its unit")));
}

/** Opens the dialog with a heading and content. */
function openDialog(heading, ...content) {
    const dialog = element("picture");
    const close = create("button", { type: "button", onclick: () => dialog.close() }, "Close");
    fill(dialog, create("h2", {}, heading), ...content, close);
    dialog.showModal();
    close.focus();
}

/** Returns a list of terms and values. */
function list(terms) {
    return create("dl", {}, ...terms.flatMap(([term, value]) => [create("dt", {}, term), create("dd", { dir: "auto" }, value)]));
}
