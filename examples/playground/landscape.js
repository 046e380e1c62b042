// A landscape of two parameters with contour lines, and the paths of rules in it, on a canvas.

const landscapes = [
  {name: 'Bowl', x: [-3, 3], y: [-2, 2], start: [-2.4, 1.5], lowest: [[0, 0]], steepness: 2.4,
    formula: 'loss = (x² + y²) / 2'},
  {name: 'Ravine', x: [-3, 3], y: [-2, 2], start: [-2.6, 1.2], lowest: [[0, 0]], steepness: 2.4,
    formula: 'loss = (x² + 30 y²) / 2'},
  {name: 'Rosenbrock', x: [-2, 2], y: [-0.9, 2.1], start: [-1.4, 0.4], lowest: [[1, 1]], steepness: 5,
    formula: 'loss = ((1 − x)² + 100 (y − x²)²) / 50'},
  {name: 'Saddle', x: [-3, 3], y: [-2, 2], start: [-2.5, 0.02], lowest: [[0, 1], [0, -1]], steepness: 2.4,
    formula: 'loss = x² / 2 − y² / 2 + y⁴ / 4 + 1/4'},
];

/** The lines of a grid of values at a level, as pairs of points, by marching squares. */
function contour(values, columns, rows, level) {
  const lines = [];
  const cut = (a, b) => (level - a) / (b - a);
  for (let j = 0; j + 1 < rows; ++j)
    for (let i = 0; i + 1 < columns; ++i) {
      const at = j * columns + i;
      const a = values[at], b = values[at + 1], c = values[at + columns + 1], d = values[at + columns];
      const points = [];
      if (a < level !== b < level) points.push([i + cut(a, b), j]);
      if (b < level !== c < level) points.push([i + 1, j + cut(b, c)]);
      if (d < level !== c < level) points.push([i + cut(d, c), j + 1]);
      if (a < level !== d < level) points.push([i, j + cut(a, d)]);
      for (let k = 0; k + 1 < points.length; k += 2) lines.push([points[k], points[k + 1]]);
    }
  return lines;
}

class LandscapePicture {
  static columns = 181;
  static rows = 121;

  constructor(canvas, loss) {
    this.canvas = canvas;
    this.loss = loss;  // loss(landscape, x, y)
    this.contours = new Map();
  }

  /** The contour lines of a landscape; the levels are closer together where it is low. */
  linesOf(index) {
    if (!this.contours.has(index)) {
      const {x, y} = landscapes[index], {columns, rows} = LandscapePicture;
      const values = [];
      const between = ([from, to], share) => from + (to - from) * share;
      for (let j = 0; j < rows; ++j)
        for (let i = 0; i < columns; ++i)
          values.push(this.loss(index, between(x, i / (columns - 1)), between(y, 1 - j / (rows - 1))));
      const most = values.reduce((a, b) => Math.max(a, b));
      const levels = Array.from({length: 15}, (_, i) => most * ((i + 1) / 16) ** landscapes[index].steepness);
      this.contours.set(index, levels.map((level) => contour(values, columns, rows, level)));
    }
    return this.contours.get(index);
  }

  /** Sizes the canvas for the screen, and how positions become pixels. */
  fit(index) {
    const {x, y} = landscapes[index];
    const width = this.canvas.parentElement.clientWidth;
    const height = Math.round(Math.min(520, Math.max(270, width * 0.66)));
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = width * ratio, this.canvas.height = height * ratio;
    this.canvas.style.height = `${height}px`;
    this.size = [width, height];
    this.toPixels = (px, py) => [(px - x[0]) / (x[1] - x[0]) * width, (y[1] - py) / (y[1] - y[0]) * height];
    this.toPosition = (u, v) => [x[0] + u / width * (x[1] - x[0]), y[1] - v / height * (y[1] - y[0])];
    const pen = this.canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
  }

  /** Draws paths [{name, colour, path: x, y, loss, ...}] up to a step. */
  draw(index, start, paths, step) {
    const pen = this.fit(index), [width, height] = this.size, {columns, rows} = LandscapePicture;
    const style = getComputedStyle(this.canvas), colour = (name) => style.getPropertyValue(`--${name}`).trim();
    pen.clearRect(0, 0, width, height);
    pen.lineJoin = pen.lineCap = 'round';
    pen.font = `600 13px ${style.fontFamily}`;

    pen.strokeStyle = colour('contour');
    pen.lineWidth = 1;
    for (const level of this.linesOf(index)) {
      pen.beginPath();
      for (const [[a, b], [c, d]] of level) {
        pen.moveTo(a / (columns - 1) * width, b / (rows - 1) * height);
        pen.lineTo(c / (columns - 1) * width, d / (rows - 1) * height);
      }
      pen.stroke();
    }
    pen.strokeStyle = pen.fillStyle = colour('faint');
    pen.lineWidth = 1.5;
    for (const at of landscapes[index].lowest) {
      const [u, v] = this.toPixels(...at);
      pen.beginPath();
      pen.moveTo(u - 6, v), pen.lineTo(u + 6, v), pen.moveTo(u, v - 6), pen.lineTo(u, v + 6);
      pen.stroke();
    }
    const [u, v] = this.toPixels(...start);
    pen.beginPath();
    pen.arc(u, v, 5, 0, 7);
    pen.stroke();

    for (const p of paths) this.line(pen, p.path, p.path.length / 3 - 1, colour(p.colour), 0.22);
    const ends = [];
    for (const p of paths) {
      const last = Math.min(step, p.path.length / 3 - 1);
      this.line(pen, p.path, last, colour(p.colour), 1);
      const [x, y] = this.toPixels(p.path[3 * last], p.path[3 * last + 1]);
      const left = Math.min(width - 6, Math.max(6, x)), top = Math.min(height - 6, Math.max(6, y));
      ends.push({name: p.name, colour: colour(p.colour), x: left, y: top, end: [left, top]});
    }
    ends.forEach(({end: [x, y], colour: ink}, i) => {
      // A disc on another one leaves a ring of it.
      const above = ends.slice(i + 1).filter(({end}) => Math.hypot(end[0] - x, end[1] - y) < 6);
      pen.beginPath();
      pen.arc(x, y, 5.5 + 3.5 * above.length, 0, 7);
      pen.fillStyle = ink, pen.strokeStyle = colour('paper'), pen.lineWidth = 2;
      pen.fill(), pen.stroke();
    });
    this.labels(pen, ends, colour('paper'));
  }

  /** Names the ends of the paths, without two names over each other. */
  labels(pen, ends, paper) {
    const [width, height] = this.size;
    spread(ends, 17, 12, height - 12);
    pen.textBaseline = 'middle';
    for (const {name, x, y, colour} of ends) {
      const room = pen.measureText(name).width + 12, left = x + room + 12 > width ? x - room : x + 14;
      pen.lineWidth = 4, pen.strokeStyle = paper, pen.strokeText(name, left, y);
      pen.fillStyle = colour, pen.fillText(name, left, y);
    }
  }

  /** A path up to a step, of at most 4000 points, which is more than there are pixels. */
  line(pen, path, last, colour, opacity) {
    const every = Math.max(1, Math.floor(last / 4000));
    pen.beginPath();
    const near = (p) => Math.max(-1e4, Math.min(1e4, p));  // a canvas draws nothing that is too far away
    const to = (i) => pen.lineTo(...this.toPixels(path[3 * i], path[3 * i + 1]).map(near));
    for (let i = 0; i < last; i += every) to(i);
    to(last);
    pen.globalAlpha = opacity;
    pen.strokeStyle = colour, pen.lineWidth = 2;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}
