{
// The question in hand, the turn that was shown last, and what opened the evidence.
let asked = '', latest = '', opened = null;
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
const find = (selector) => document.querySelector(selector);

// Scrolls the pane that a target stands in, and never the window.
const within = (target, share) => {
  const pane = target.closest('#left, #right');
  if (!pane || getComputedStyle(pane).overflowY !== 'auto') return false;
  const head = share ? 0 : (pane.querySelector('.tab-wrapper, .bar-line')?.offsetHeight || 0) + 8;
  const above = target.getBoundingClientRect().top - pane.getBoundingClientRect().top - head;
  const place = pane.scrollTop + above;
  // What is in sight from the beginning is shown from there.
  const top = share && place + target.offsetHeight < pane.clientHeight * .8 ? 0 : place - pane.clientHeight * share;
  pane.scrollTo({ top, behavior: calm() ? 'auto' : 'smooth' });
  return true;
};

const seen = (target, share) => {
  if (!within(target, share)) {
    target.scrollIntoView({ block: share ? 'center' : 'start', behavior: calm() ? 'auto' : 'smooth' });
  }
};

// Half a character, which no text should have, cannot be decoded.
const decoded = (text) => {
  try { return decodeURIComponent(text || ''); } catch { return ''; }
};

const copy = async (button, text) => {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed to copy';
  }
  setTimeout(() => { button.textContent = label; }, 1600);
};

// A field of Gradio's, as if somebody had typed into it.
const put = (field, text) => {
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

const cleared = (name) => {
  const field = find(`#filter-${name} :is(textarea, input)`);
  if (field?.type === 'radio') find(`#filter-${name} input[value=""]`)?.click();
  else if (field) put(field, '');
};

// Fields of Gradio's take their suggestions from a list of ours; they are there once they are opened.
const suggest = (event) => {
  if (!event.target.closest?.('#filters')) return;
  for (const [field, list] of [['speaker', 'people'], ['to', 'people'], ['outlet', 'outlets']]) {
    find(`#filter-${field} input`)?.setAttribute('list', list);
  }
  for (const field of ['since', 'until']) {
    find(`#filter-${field} input`)?.setAttribute('pattern', ' *[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)? *');
  }
};

// The card whose passage the article shows.
const current = () => {
  const sheet = find('#evidence .sheet');
  for (const number of document.querySelectorAll('button.number')) {
    const names = ['turn', 'number', 'near_number', 'quote'];
    const same = sheet && names.every((name) => number.dataset[name] === sheet.dataset[name]);
    number.closest('.card').classList.toggle('open', !!same);
    if (same) number.setAttribute('aria-current', 'true'); else number.removeAttribute('aria-current');
  }
};

// From the evidence to what opened it; on a phone the sheet goes down.
const back = () => {
  find('#panes').classList.remove('sheet-open');
  if (!opened?.isConnected) { find('#question textarea').focus(); return; }
  seen(opened, 0.4);
  opened.focus({ preventScroll: true });
};

const alone = {
  copy: (control) => copy(control, decoded(control.dataset.text)),
  link: (control) => copy(control, `${location.origin}/#ask=${control.dataset.question}`),
  reask: (control) => {
    const field = find('#question textarea');
    put(field, decoded(control.dataset.question));
    field.focus();
  },
  back,
};
// What needs nothing from the server.

// Keys for the whole page, once: Escape leads back, a number opens the statement of that number.
const pressed = (event) => {
  const typing = event.target.closest?.('input, textarea, select');
  if (event.key === 'Escape') {
    const open = find('details.drawer[open]');
    if (open) open.open = false;
    else if (find('#panes.sheet-open') || event.target.closest?.('#evidence')) back();
  } else if (/^[1-9]$/.test(event.key) && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    document.querySelectorAll('#latest .cards .number')[event.key - 1]?.click();
  }
};
document.addEventListener('keydown', pressed);
document.addEventListener('focusin', suggest);
document.addEventListener('click', (event) => { if (event.target.matches('#panes.sheet-open')) back(); });

// One listener for each HTML part of the page, which calls this when it is there.  What a control
// asks for stands in its data- attributes (percent-encoded by page/markup.py) and is handed on as
// it is; the fields of a form travel as typed_NAME.
window.onrecord = (element, trigger, watch) => {
  // The question leaves its field when it is taken up, and comes back if nothing becomes of it.
  const follow = () => {
    const turn = element.querySelector('.turn');
    const field = find('#question textarea');
    if (turn && turn.classList.contains('waiting')) {
      asked = decoded(turn.dataset.question);
      if (field.value === asked) put(field, '');
      if (!find('#filters input:invalid')) find('#filters .label-wrap.open')?.click();  // in the way
      find('#problem .onrecord')?.remove();
    } else if (asked) {
      if ((!turn || turn.classList.contains('failed')) && !field.value) put(field, asked);
      asked = '';
    }
    // To the top when it begins, and once more when it is whole: only then is there room.
    const state = turn && `${turn.dataset.turn} ${turn.className}`;
    if (turn && state !== latest) {
      latest = state;
      seen(turn, 0);
    }
  };

  // A link to a question, which stays in the browser until the page is there.
  const linked = () => {
    const question = location.hash.startsWith('#ask=') && location.hash.slice(5);
    if (!question || !element.querySelector('.welcome')) return;
    history.replaceState(null, '', location.pathname);
    trigger('example_select', { question });
  };

  element.addEventListener('click', (event) => {
    let control = event.target.closest('[data-do]');
    if (!control && !event.target.closest('a, summary, label') && !`${getSelection()}`) {
      control = event.target.closest('.card')?.querySelector('.number');
    }
    if (!control || control.tagName === 'FORM') return;
    const wanted = control.dataset.do;
    if (alone[wanted]) { alone[wanted](control); return; }
    if (['select', 'expand'].includes(wanted) && !element.closest('#evidence')) opened = control;
    decoded(control.dataset.clears).split(' ').filter(Boolean).forEach(cleared);
    const menu = control.closest('details.menu');
    if (menu && ['download', 'restore'].includes(wanted)) menu.open = false;
    trigger(wanted, { ...control.dataset });
  });

  element.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    const typed = {};
    for (const [name, value] of new FormData(form, event.submitter)) typed[`typed_${name}`] = value;
    trigger(form.dataset.do, { ...form.dataset, ...typed });
    const menu = form.closest('details.wrong');
    if (menu) menu.open = false;
  });

  watch('value', () => {
    if (element.closest('#problem')) {
      const told = element.querySelector('.told:not(:has(button, a))');
      if (told) setTimeout(() => told.closest('.onrecord').remove(), 8000);
    }
    element.querySelector('a[data-parcel]')?.click();
    if (element.closest('#evidence')) {
      const target = element.querySelector('[data-top]') || element.querySelector('[data-passage]');
      current();
      if (!target) { find('#panes').classList.remove('sheet-open'); return; }
      const share = target.hasAttribute('data-passage') ? 0.33 : 0;
      if (target.dataset.passage === 'quiet') { within(target, share); return; }
      find('#panes').classList.toggle('sheet-open', !target.closest('.blank'));
      seen(target, share);
      target.focus({ preventScroll: true });
    }
    if (element.closest('#past')) linked();
    if (element.closest('#latest')) follow();
    if (element.closest('#latest, #past')) current();
  });
};
}
