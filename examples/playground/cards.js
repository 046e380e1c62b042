// Cards: a text that is edited, with its letter, its error or summary, and a button that removes it;
// and texts to copy.

const $ = (id) => document.getElementById(id);

/** An element with its properties and what is in it. */
function element(name, properties = {}, ...inside) {
  const e = Object.assign(document.createElement(name), properties);
  e.append(...inside);
  return e;
}

/** Makes a text area as high as its text. */
function grow(area) {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight + 2}px`;
}

/** A card for text i of a list. `changed` is called with the new text, or with null to remove it. */
function card(i, kind, text, name, changed) {
  const area = element('textarea',
    {value: text, rows: 1, spellcheck: false, autocapitalize: 'off', autocomplete: 'off'});
  area.setAttribute('aria-label', `${kind} ${name}`);
  area.setAttribute('aria-describedby', `${kind}-note-${i}`);
  area.oninput = () => {
    grow(area);
    changed(area.value);
  };
  const remove = element('button', {type: 'button', className: 'remove', textContent: '×'});
  remove.setAttribute('aria-label', `Remove ${kind} ${name}`);
  remove.onclick = () => changed(null);
  const note = element('div', {className: 'note', id: `${kind}-note-${i}`});
  note.setAttribute('aria-live', kind === 'Schedule' ? 'polite' : 'off');  // the loss of a rule changes all the time
  const head = element('span', {className: 'letter', textContent: name});
  const li = element('li', {className: 'card'}, head, area, remove, note);
  li.style.setProperty('--colour', `var(--${colours[i]})`);
  return {li, area, note};
}
/** Shows a text, or an error: its sentence, and the line with the caret under the place. */
function say(note, error, text) {
  if (!error) return note.replaceChildren(text);
  const [sentence, line, caret] = error.replace(/^gradus: /, '').split('\n');
  const excerpt = element('pre', {textContent: line === undefined ? '' : `${line}\n${caret}`});
  note.replaceChildren(element('div', {className: 'error'}, element('p', {textContent: sentence}), excerpt));
  if (!caret) return;
  const share = caret.length / Math.max(line.length, caret.length);
  excerpt.scrollLeft = share * excerpt.scrollWidth - excerpt.clientWidth / 2;
}

/** A text with a button that copies it. */
function code(name, text) {
  const button = element('button', {type: 'button', textContent: 'Copy'});
  button.setAttribute('aria-label', `Copy the ${name}`);
  button.onclick = () => copy(text, button);
  const pre = element('pre', {tabIndex: 0, textContent: text});
  pre.setAttribute('aria-label', name);
  return element('div', {className: 'code'}, element('span', {textContent: name}), button, pre);
}

/** Copies a text. A page from a file may have no clipboard, but it can copy what is selected. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element('textarea', {value: text, className: 'visually-hidden'});
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  const before = button.dataset.text ??= button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = before), 1500);
}
