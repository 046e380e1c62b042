// Curves of schedules, as SVG.

/** An element of SVG with its attributes and what is in it. */
function svg(name, attributes = {}, ...inside) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...inside);
  return e;
}

/** A number as gradus writes it, with at most this many digits: 0.001, 1e-5. */
function written(x, digits = 6) {
  const number = Number(x.toPrecision(digits)), fixed = String(number);
  const power = number.toExponential().replace('e+', 'e');
  return fixed.includes('e') || fixed.length > power.indexOf('e') + 4 ? power : fixed;
}
const whole = (x) => x.toLocaleString('en-US');

/** About `count` round numbers from low to high. */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const r = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) r.push(i * step + 0);
  return r;
}
/** Powers of ten from low to high, at most about `count`. */
function powers(low, high, count) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / count));
  const r = [];
  for (let p = last; p >= first; p -= every) r.push(Number(`1e${p}`));
  return r;
}

/** Moves labels apart which would overlap, and keeps them between top and bottom. */
function spread(labels, gap, top, bottom) {
  labels.sort((a, b) => a.y - b.y);
  let least = top;
  for (const l of labels) l.y = least = Math.max(l.y, least), least += gap;
  let most = bottom;
  for (const l of labels.toReversed()) l.y = most = Math.min(l.y, most), most -= gap;
}

class Chart {
  constructor(box) {
    this.box = box;
    this.step = null;
    this.onStep = () => {};
    box.addEventListener('pointermove', (e) => this.readAt(this.stepAt(e.clientX)));
    box.addEventListener('pointerdown', (e) => this.readAt(this.stepAt(e.clientX)));
    box.addEventListener('pointerleave', () => this.readAt(null));
    box.addEventListener('keydown', (e) => {
      const move = {ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -Infinity, End: Infinity}[e.key];
      if (move === undefined || !this.view) return;
      e.preventDefault();
      const unit = Math.max(1, Math.round(this.view.steps / 200)), now = this.step ?? 0;
      this.readAt(Math.min(this.view.steps, Math.max(0, now + move * unit)));
    });
  }

  /** Draws curves: [{name, label, colour, points, peak, jumps, chosen}] over t = 0 ... steps. */
  draw(curves, steps, logarithmic) {
    const width = this.box.clientWidth, height = Math.round(Math.min(440, Math.max(280, width * 0.5)));
    const narrow = width < 560;
    const room = narrow ? 30 : 30 + 8 * Math.max(...curves.map((c) => c.label.length), 0);
    const area = {left: 58, right: width - room, top: 26, bottom: height - 40};
    let low = Infinity, high = -Infinity;
    for (const {points} of curves)
      for (let i = 1; i < points.length; i += 2) {
        const y = points[i];
        if (!Number.isFinite(y) || (logarithmic && y <= 0)) continue;
        low = Math.min(low, y), high = Math.max(high, y);
      }
    if (!(low <= high)) low = logarithmic ? 0.1 : 0, high = 1;
    if (logarithmic) {
      if (high / low < 10) low = 10 ** Math.floor(Math.log10(low)), high = Math.max(high, low * 10);
      low = Math.max(low, high / 1e7);  // what is below is drawn at the bottom
    } else {
      if (low > 0 && low < 0.6 * high) low = 0;
      if (low === high) low = Math.min(0, low), high = Math.max(high, low + (high === 0 ? 1 : 0));
    }
    const f = logarithmic ? Math.log : (y) => y;
    const x = (t) => area.left + (area.right - area.left) * t / steps;
    const share = (v) => Math.max(0, (f(v) - f(low)) / (f(high) - f(low)));
    const y = (v) => area.bottom - (area.bottom - area.top) * share(v);
    this.view = {steps, area, x, y, shows: (v) => Number.isFinite(v) && (v > 0 || !logarithmic)};

    const picture = svg('svg', {viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true'});
    const grid = svg('g', {class: 'grid'});
    for (const v of (logarithmic ? powers : ticks)(low, high, 5)) {
      grid.append(svg('line', {x1: area.left, x2: area.right, y1: y(v), y2: y(v)}),
        svg('text', {x: area.left - 8, y: y(v) + 4, 'text-anchor': 'end'}, written(v)));
    }
    const across = ticks(0, steps, narrow ? 3 : 5).filter((t) => Number.isInteger(t));
    for (const t of across) {
      grid.append(svg('line', {class: 'tick', x1: x(t), x2: x(t), y1: area.bottom, y2: area.bottom + 5}),
        svg('text', {x: x(t), y: area.bottom + 20, 'text-anchor': 'middle'}, whole(t)));
    }
    grid.append(svg('line', {class: 'axis', x1: area.left, x2: area.right, y1: area.bottom, y2: area.bottom}),
      svg('text', {class: 'title', x: area.left - 8, y: 12, 'text-anchor': 'end'}, 'rate'),
      svg('text', {class: 'title', x: area.right, y: height - 2, 'text-anchor': 'end'}, 'step'));
    picture.append(grid);
    this.marks = svg('g');
    for (const c of [...curves].sort((a, b) => a.chosen - b.chosen)) picture.append(this.curve(c));
    picture.append(this.labels(curves, narrow), this.marks);
    this.box.replaceChildren(picture);
    this.readAt(this.step === null ? null : Math.min(this.step, steps));
  }

  /** A curve with a disc at its peak and a ring where it jumps. */
  curve({colour, points, peak, jumps, chosen}) {
    const {x, y, shows, area} = this.view;
    const g = svg('g', {class: chosen ? 'curve chosen' : 'curve', style: `--colour: var(--${colour})`});
    let path = '', pen = 'M';
    for (let i = 0; i < points.length; i += 2) {
      const v = points[i + 1];
      if (!shows(v)) {
        pen = 'M';
        continue;
      }
      path += `${pen}${x(points[i]).toFixed(1)} ${y(v).toFixed(1)}`;
      pen = 'L';
    }
    g.append(svg('path', {d: path}));
    for (const [t, v] of jumps)
      if (shows(v)) g.append(svg('circle', {class: 'jump', cx: x(t), cy: y(v), r: 3.5}));
    if (peak && shows(peak[1])) {
      const [t, v] = peak;
      g.append(svg('circle', {class: 'peak', cx: x(t), cy: y(v), r: 4}));
      if (chosen) {
        const at = x(t), anchor = at < area.left + 70 ? 'start' : at > area.right - 70 ? 'end' : 'middle';
        g.append(svg('text', {class: 'halo', x: anchor === 'start' ? at - 3 : at, y: y(v) - 10, 'text-anchor': anchor},
          `peak ${written(v)} at ${whole(t)}`));
      }
    }
    return g;
  }

  /** The name of each curve at its end. */
  labels(curves, narrow) {
    const {x, y, shows, area} = this.view;
    const g = svg('g', {class: 'labels'});
    const all = curves.map(({name, label, colour, points, chosen}) => {
      const last = points.at(-1);
      const height = shows(last) ? y(last) : area.bottom;
      return {text: narrow ? name : `${name} ${label}`, colour, chosen, y: height};
    });
    spread(all, 18, area.top, area.bottom);
    for (const {text, colour, chosen, y} of all)
      g.append(svg('text', {x: area.right + 8, y: y + 4, class: chosen ? 'halo chosen' : 'halo',
        style: `--colour: var(--${colour})`}, text));
    return g;
  }

  stepAt(clientX) {
    if (!this.view) return null;
    const {area, steps} = this.view;
    const at = (clientX - this.box.getBoundingClientRect().left - area.left) / (area.right - area.left);
    return Math.round(Math.min(1, Math.max(0, at)) * steps);
  }

  /** Shows the rates of a step; of none for null. */
  readAt(step) {
    this.step = step;
    this.marks?.replaceChildren();
    if (step !== null && this.view) {
      const {area, x} = this.view;
      this.marks.append(svg('line', {class: 'cross', x1: x(step), x2: x(step), y1: area.top, y2: area.bottom}));
    }
    this.onStep(step);
  }

  /** A dot on a curve at the step that is read. */
  dot(colour, step, rate) {
    const {x, y, shows} = this.view;
    if (shows(rate))
      this.marks.append(svg('circle',
        {class: 'dot', cx: x(step), cy: y(rate), r: 4, style: `--colour: var(--${colour})`}));
  }
}
