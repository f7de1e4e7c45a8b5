// Arrows from a BMU to the second-best unit where the two are no neighbors, which is where the topographic error comes from.

/** So many arrows are drawn, the most frequent ones; those of the unit at the pointer or the pinned point are drawn all. */
const mostArrows = 60;

const crossings = facts ? [...facts.crossings].sort((a, b) => a[2] - b[2]) : [];

function drawArrows() {
    const most = crossings.at(-1)?.[2];
    const point = state.hover ?? state.point;
    const chosen = point && nearestUnit(point);
    const isOwn = ([unit]) => unit === chosen;
    const frequent = crossings.slice(-mostArrows).filter(crossing => !isOwn(crossing));
    const own = crossings.filter(isOwn);
    const draw = (list, color, opacity) =>
        list.forEach(([unit, second, count]) => drawArrow(place(unit), place(second), count / most, color, opacity));
    draw(frequent, "#ffb84d", own.length > 0 ? 0.45 : 0.9);
    draw(own, "#7db4ff", 1);
}

/** Draws a bent arrow, so that there and back are two, as wide as its share of the images; dark around it, for white pictures. */
function drawArrow([row, column], [otherRow, otherColumn], share, color, opacity) {
    const [fromX, fromY, endX, endY] = [toX(column, row), toY(row), toX(otherColumn, otherRow), toY(otherRow)];
    const bend = 0.12;
    const [middleX, middleY] = [(fromX + endX) / 2 - bend * (endY - fromY), (fromY + endY) / 2 + bend * (endX - fromX)];
    const inset = 0.3 * view.scale;
    const toward = (x, y, [atX, atY], distance) => {
        const length = Math.hypot(atX - x, atY - y);
        return [x + (atX - x) * distance / length, y + (atY - y) * distance / length];
    };
    const start = toward(fromX, fromY, [middleX, middleY], inset);
    const tip = toward(endX, endY, [middleX, middleY], inset);
    const width = 1.2 + 3.3 * share;
    const head = 7 + 6 * share;
    const neck = toward(...tip, [middleX, middleY], 0.8 * head);
    const angle = Math.atan2(tip[1] - middleY, tip[0] - middleX);
    context.globalAlpha = opacity;
    context.lineJoin = "round";
    for (const [stroke, more] of [["#101114", 2.5], [color, 0]]) {
        context.strokeStyle = context.fillStyle = stroke;
        context.lineWidth = width + more;
        context.beginPath();
        context.moveTo(...start);
        context.quadraticCurveTo(middleX, middleY, ...neck);
        context.stroke();
        context.beginPath();
        context.moveTo(...tip);
        for (const side of [-0.45, 0.45]) {
            context.lineTo(tip[0] - head * Math.cos(angle + side), tip[1] - head * Math.sin(angle + side));
        }

        context.closePath();
        context.lineWidth = more;
        more > 0 && context.stroke();
        context.fill();
    }

    context.globalAlpha = 1;
}
