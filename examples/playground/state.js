// What the reader has chosen: the same as the part of the URL after '#'.

const colours = ['blue', 'orange', 'green', 'pink', 'ochre', 'grey'];
const most = colours.length;  // of schedules, and of rules

const usual = {
  schedules: ['warmup(100) then cosine(0.05, 0, 1900)', 'step_decay(0.05, 500)'],
  rules: ['sgd', 'momentum(0.9)', 'adam'],
  landscape: 1, start: null, log: false, steps: '', with: 0,
};

/** The state that the URL says. */
function fromHash() {
  const q = new URLSearchParams(location.hash.slice(1));
  const at = landscapes.findIndex((l) => l.name.toLowerCase() === q.get('on'));
  const start = (q.get('from') ?? '').split(',').map(Number);
  const texts = (key) => q.getAll(key).slice(0, most);
  return {
    schedules: q.has('s') ? texts('s') : usual.schedules.slice(),
    rules: q.has('r') ? texts('r') : usual.rules.slice(),
    landscape: at < 0 ? usual.landscape : at,
    start: start.length === 2 && start.every(Number.isFinite) ? start : null,
    log: q.get('log') === '1', steps: q.get('steps') ?? '',
    with: Math.max(0, Math.min(texts('s').length - 1, Number(q.get('with')) || 0)),
  };
}
/** The part of the URL after '#'; '' for the usual state. */
function hashOf(state) {
  if (JSON.stringify(state) === JSON.stringify(usual)) return '';
  const q = new URLSearchParams();
  for (const s of state.schedules) q.append('s', s);
  for (const r of state.rules) q.append('r', r);
  q.set('on', landscapes[state.landscape].name.toLowerCase());
  if (state.start) q.set('from', state.start.join(','));
  if (state.log) q.set('log', '1');
  if (state.steps) q.set('steps', state.steps);
  if (state.with) q.set('with', state.with);
  return `#${q}`;
}

/** Writes the state into the URL, once the reader pauses: browsers limit how often that is allowed. */
let writing = 0;
function toHash(state) {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, '', hashOf(state) || location.pathname + location.search), 300);
}
