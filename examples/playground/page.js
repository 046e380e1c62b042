// The page: what the reader has written, what is drawn of it, and its URL.

const longestSummary = 1_000_000, longestWalk = 20_000;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

let state, selected = 0;
let gradus, scheduleFields, ruleFields, chart, picture;

const letter = (i) => String.fromCharCode(65 + i);
let cards = [], ruleCards = [];

function buildSchedules() {
  cards = state.schedules.map((text, i) => {
    const c = card(i, 'Schedule', text, letter(i), (value) => {
      if (value === null) {
        state.schedules.splice(i, 1);
        if (state.schedules.length === 0) state.schedules.push('');
        if (state.with >= i && state.with > 0) --state.with;
        selected = Math.min(selected, state.schedules.length - 1);
        buildSchedules();
        cards[selected].area.focus();
      } else {
        state.schedules[i] = value;
      }
      refresh();
    });
    c.area.onfocus = () => {
      if (selected === i) return;
      selected = i;
      refresh();
    };
    c.area.addEventListener('keyup', () => hint(c));
    c.area.addEventListener('click', () => hint(c));
    return c;
  });
  $('schedules').replaceChildren(...cards.map((c) => c.li));
  cards.forEach((c) => grow(c.area));
  $('add-schedule').disabled = state.schedules.length >= most;
}

/** The fields of the schedule whose name stands before the cursor. */
function hint({area, note}) {
  const before = area.value.slice(0, area.selectionStart), open = [];
  for (const m of before.matchAll(/([a-z_0-9]*)\s*\(|\)/gi)) m[0] === ')' ? open.pop() : open.push(m[1]);
  const word = open.at(-1) || /[a-z_0-9]*$/i.exec(before)[0], fields = scheduleFields.get(word);
  note.querySelector('.hint')?.remove();
  if (!fields) return;
  const list = fields.map((f) => f.replace(/=$/, '=…')).join(', ');
  note.append(element('p', {className: 'hint', textContent: `${word}(${list})`}));
}

function buildRules() {
  ruleCards = state.rules.map((text, i) => card(i, 'Rule', text, String(i + 1), (value) => {
    if (value === null) {
      state.rules.splice(i, 1);
      buildRules();
      (ruleCards[Math.max(0, i - 1)]?.area ?? $('add-rule')).focus();
    } else {
      state.rules[i] = value;
    }
    refreshWalk();
  }));
  $('rules').replaceChildren(...ruleCards.map((c) => c.li));
  ruleCards.forEach((c) => grow(c.area));
  $('add-rule').disabled = state.rules.length >= most;
}

// --- Schedules.

let errors = [], steps = 1000, curves = [];

/** The number of steps to draw: what the reader says, or the length of the longest schedule. */
function stepsToDraw() {
  const asked = Number(state.steps.replaceAll(/[_, ]/g, ''));
  if (state.steps.trim() && Number.isInteger(asked) && asked >= 1 && asked <= 2 ** 40) return asked;
  const all = cards.map((_, i) => (errors[i] ? 0 : gradus.call('length', i)));
  return Math.max(...all) || 2000;
}

/** The start of a schedule's text, for its label. */
function shortened(text, size) {
  const words = text.replaceAll(/#.*/g, '').replaceAll(/\s+/g, ' ').replaceAll(/\([^()]*\)/g, '').trim();
  return words.length > size ? `${words.slice(0, size - 1)}…` : words;
}

/** Reads all schedules again, and shows what follows from them. */
function refresh() {
  errors = state.schedules.map((text, i) => gradus.read('read_schedule', i, text));
  steps = stepsToDraw();
  curves = [];
  cards.forEach((c, i) => {
    c.li.classList.toggle('selected', i === selected);
    c.area.setAttribute('aria-invalid', String(Boolean(errors[i])));
    if (errors[i]) return say(c.note, state.schedules[i].trim() ? errors[i] : '', '');
    try {
      const points = gradus.numbers('curve', i, steps, 900);
      const s = steps <= longestSummary ? gradus.numbers('summary', i, steps) : [];
      const jumps = [...s.slice(9)].map((t) => [t, gradus.call('rate', i, t)]);
      curves.push({i, name: letter(i), label: shortened(state.schedules[i], 18), colour: colours[i], points,
        peak: s.length ? [s[4], s[5]] : null, jumps, chosen: i === selected, summary: s});
      say(c.note, '', difference(i));
    } catch (e) {
      errors[i] = e.message;
      readAgain();
      say(c.note, e.message, '');
    }
    if (document.activeElement === c.area) hint(c);
  });
  chart.draw(curves, steps, state.log);
  details();
  refreshWalk();
}

/** How far a schedule is from the first. */
function difference(i) {
  if (i === 0 || errors[0] || steps > longestSummary) return '';
  return `Largest difference from A: ${gradus.text('difference', i, 0, steps)}`;
}

/** The rates at the step under the pointer. */
function read(step) {
  if (step === null) return $('reading').replaceChildren('Point at the curves to read their rates.');
  const parts = [`step ${whole(step)}`];
  for (const {i, name, colour} of curves) {
    const rate = gradus.call('rate', i, step);
    const e = element('span', {className: 'ink', textContent: `${name} ${written(rate)}`});
    e.style.setProperty('--colour', `var(--${colour})`);
    parts.push(' ', e);
    chart.dot(colour, step, rate);
  }
  $('reading').replaceChildren(...parts);
}

/** The summary of the selected schedule, and its texts to copy. */
function details() {
  const chosen = curves.find((c) => c.i === selected);
  if (!chosen) return $('details').replaceChildren();
  const [first, last, sum, mean, peakAt, peak, lowestAt, lowest, jumps] = chosen.summary;
  const fact = (name, value, note) => element('div', {}, element('dt', {textContent: name}),
    element('dd', {textContent: value}), element('dd', {className: 'when', textContent: note}));
  const facts = first === undefined ? [fact('Steps', whole(steps), 'more than are summed up here')] : [
    fact('First', written(first, 5), 'at 0'), fact('Peak', written(peak), `at ${whole(peakAt)}`),
    fact('Lowest', written(lowest, 5), `at ${whole(lowestAt)}`),
    fact('Last', written(last, 5), `at ${whole(steps - 1)}`),
    fact('Sum', written(sum), `mean ${written(mean, 4)}`),
    fact('Jumps', whole(jumps), jumps ? `${jumps > 1 ? 'first ' : ''}at ${whole(chosen.summary[9])}` : 'none'),
  ];
  const heading = element('h3', {}, element('span', {className: 'letter', textContent: chosen.name}),
    ` over ${whole(steps)} steps`);
  heading.style.setProperty('--colour', `var(--${chosen.colour})`);
  $('details').replaceChildren(heading, element('dl', {}, ...facts),
    code('C++', `const auto schedule = ${gradus.text('schedule_cpp', selected)};`),
    code('Text', gradus.text('schedule_text', selected)));
}

// --- Rules.

let paths = [], at = 0, walked = 0, playing = null;

/** Walks again with all rules, and shows the ends. */
function refreshWalk() {
  stop();
  $('walk-schedule').replaceChildren(...state.schedules.map((text, i) =>
    element('option', {value: i, textContent: `${letter(i)}  ${text}`, disabled: Boolean(errors[i])})));
  $('walk-schedule').value = state.with;
  const land = landscapes[state.landscape], start = state.start ?? land.start;
  walked = Math.min(steps, longestWalk);
  paths = [];
  ruleCards.forEach((c, i) => {
    const error = gradus.read('read_rule', i, state.rules[i]);
    c.area.setAttribute('aria-invalid', String(Boolean(error)));
    if (error) return say(c.note, state.rules[i].trim() ? error : '', '');
    say(c.note, '', '');
    if (errors[state.with] !== '') return;
    try {
      const path = gradus.numbers('walk', state.with, i, state.landscape, walked, ...start);
      paths.push({i, name: shortened(state.rules[i], 24), colour: colours[i], path});
    } catch (e) {
      readAgain();
      say(c.note, e.message, '');
    }
  });
  $('at').max = walked;
  $('formula').textContent = `${land.formula}, from (${start.map((v) => written(v, 3)).join(', ')})` +
    (steps > walked ? `; the first ${whole(walked)} of ${whole(steps)} steps` : '');
  $('landscape').setAttribute('aria-label', `${land.name}: ${land.formula}. The arrow keys move the start.`);
  show(walked);
  toHash(state);
}
/** Reads all texts into a new module, after the old one has ended. */
function readAgain() {
  state.schedules.forEach((text, j) => gradus.read('read_schedule', j, text));
  state.rules.forEach((text, j) => gradus.read('read_rule', j, text));
}

/** Shows the walk up to a step. */
function show(step) {
  at = step;
  $('at').value = step;
  $('at-text').textContent = `step ${whole(Math.round(step))}`;
  picture.draw(state.landscape, state.start ?? landscapes[state.landscape].start, paths, Math.round(step));
  for (const {i, path} of paths) {
    const last = path.length / 3 - 1, here = Math.min(Math.round(step), last);
    const loss = `loss ${written(path[3 * here + 2], 3)}`;
    say(ruleCards[i].note, '', last < walked && here === last ? `not finite after step ${whole(last)}` : loss);
  }
}

/** Plays the walk from where it is, from the start if it is at the end. */
function play() {
  if (at >= walked) show(0);
  $('play').textContent = '❚❚';
  $('play').setAttribute('aria-label', 'Pause');
  const from = at, begin = performance.now(), seconds = 9;
  const frame = (now) => {
    const step = Math.min(walked, from + (now - begin) / 1000 / seconds * walked);
    show(step);
    step < walked ? (playing = requestAnimationFrame(frame)) : stop();
  };
  playing = requestAnimationFrame(frame);
}
function stop() {
  cancelAnimationFrame(playing);
  playing = null;
  $('play').textContent = '▶';
  $('play').setAttribute('aria-label', 'Play');
}

function startAt(position) {
  const {x, y} = landscapes[state.landscape];
  const inside = ([low, high], v) => Math.min(high, Math.max(low, Number(v.toFixed(3))));
  state.start = [inside(x, position[0]), inside(y, position[1])];
  refreshWalk();
}

// --- The whole page.

function build() {
  buildSchedules();
  buildRules();
  $('log').checked = state.log;
  $('steps').value = state.steps;
  $('landscapes').querySelectorAll('input').forEach((input, i) => (input.checked = i === state.landscape));
}

function listen() {
  for (const [group, all] of Object.entries(examples)) {
    const options = Object.entries(all).map(([name, text]) => element('option', {value: text, textContent: name}));
    $('examples').append(element('optgroup', {label: group}, ...options));
  }
  $('examples').onchange = () => {
    state.schedules[selected] = $('examples').value;
    $('examples').value = '';
    buildSchedules();
    refresh();
  };
  $('add-schedule').onclick = () => {
    state.schedules.push('');
    selected = state.schedules.length - 1;
    buildSchedules();
    refresh();
    cards[selected].area.focus();
  };
  $('log').onchange = () => {
    state.log = $('log').checked;
    refresh();
  };
  $('steps').oninput = () => {
    state.steps = $('steps').value;
    refresh();
  };
  $('share').onclick = () => copy(location.href.split('#')[0] + hashOf(state), $('share'));

  for (const [name, fields] of ruleFields) {
    const list = fields.map((f) => f.replace('=', '')).join(', ');
    $('rule-names').append(element('option', {value: name, textContent: `${name}(${list})`}));
  }
  $('rule-names').onchange = () => {
    const rule = $('rule-names').value;
    $('rule-names').value = '';
    if (state.rules.length < most) state.rules.push(rule);
    else state.rules[most - 1] = rule;
    buildRules();
    refreshWalk();
  };
  $('add-rule').onclick = () => {
    state.rules.push('');
    buildRules();
    refreshWalk();
    ruleCards.at(-1).area.focus();
  };
  $('walk-schedule').onchange = () => {
    state.with = Number($('walk-schedule').value);
    refreshWalk();
  };
  landscapes.forEach((l, i) => {
    const input = element('input', {type: 'radio', name: 'landscape', value: i, onchange: () => {
      state.landscape = i, state.start = null;
      refreshWalk();
    }});
    $('landscapes').append(element('label', {}, input, element('span', {textContent: l.name})));
  });
  $('play').onclick = () => (playing === null ? play() : stop());
  $('at').oninput = () => {
    stop();
    show(Number($('at').value));
  };
  $('landscape').onclick = (e) => startAt(picture.toPosition(e.offsetX, e.offsetY));
  $('landscape').onkeydown = (e) => {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[e.key];
    if (!move) return;
    e.preventDefault();
    const land = landscapes[state.landscape], [x, y] = state.start ?? land.start;
    startAt([x + move[0] * (land.x[1] - land.x[0]) / 60, y + move[1] * (land.y[1] - land.y[0]) / 60]);
  };
  chart.onStep = read;
  const draw = () => {
    for (const c of [...cards, ...ruleCards]) grow(c.area);
    chart.draw(curves, steps, state.log);
    show(at);
  };
  new ResizeObserver(draw).observe($('chart'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('hashchange', () => {
    state = fromHash();
    selected = 0;
    build();
    refresh();
  });
  if (!calm) new IntersectionObserver((entries, observer) => {
    if (!entries[0].isIntersecting) return;
    observer.disconnect();
    at = 0;
    play();
  }, {threshold: 0.6}).observe($('landscape'));
}

try {
  gradus = await Gradus.load($('module').textContent);
  [scheduleFields, ruleFields] = gradus.names();
  chart = new Chart($('chart'));
  picture = new LandscapePicture($('landscape'), (i, x, y) => gradus.call('loss', i, x, y));
  state = fromHash();
  listen();
  build();
  refresh();
  performance.mark('drawn');
  window.playground = {  // for tools/playground --check
    gradus, examples, landscapes, schedules: [...scheduleFields.keys()], rules: [...ruleFields.keys()],
  };
} catch (e) {
  $('failure').textContent = `The playground cannot start in this browser: ${e.message}`;
  $('failure').hidden = false;
}
