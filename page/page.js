// One listener for each HTML part of the page.  What a control asks for stands in its
// data- attributes (percent-encoded by page/markup.py) and is handed on as it is; the
// fields of a form travel as typed_NAME.
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// Scrolls the pane that a target stands in, and never the window.
const within = (target, share) => {
  const pane = target.closest('#left, #right');
  if (!pane || getComputedStyle(pane).overflowY !== 'auto') return false;
  const head = share ? 0 : pane.querySelector('.tab-wrapper, .bar-line')?.offsetHeight || 0;
  const above = target.getBoundingClientRect().top - pane.getBoundingClientRect().top - head;
  const top = pane.scrollTop + above - pane.clientHeight * share;
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

const copy = async (button) => {
  const text = decoded(button.dataset.text);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed to copy';
  }
  setTimeout(() => { button.textContent = label; }, 1600);
};

// Fields of Gradio's take their suggestions from a list of ours.
const suggest = () => {
  for (const [field, list] of [['speaker', 'people'], ['to', 'people'], ['outlet', 'outlets']]) {
    const input = document.querySelector(`#filter-${field} input`);
    if (input) input.setAttribute('list', list);
  }
};

// The question leaves its field when it is taken up, and comes back if nothing becomes of it.
const follow = () => {
  const turn = element.querySelector('.turn');
  const field = document.querySelector('#question textarea');
  const put = (text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  if (turn && turn.classList.contains('waiting')) {
    window.onrecordAsked = decoded(turn.dataset.question);
    if (field.value === window.onrecordAsked) put('');
    document.querySelector('#problem .onrecord')?.remove();
  } else if (window.onrecordAsked) {
    if ((!turn || turn.classList.contains('failed')) && !field.value) put(window.onrecordAsked);
    window.onrecordAsked = '';
  }
  // To the top when it begins, and once more when it is whole: only then is there room.
  const state = turn && `${turn.dataset.turn} ${turn.className}`;
  if (turn && state !== window.onrecordTurn) {
    window.onrecordTurn = state;
    seen(turn, 0);
  }
};

// The card whose passage the article shows.
const current = () => {
  const sheet = document.querySelector('#evidence .sheet');
  for (const number of document.querySelectorAll('button.number')) {
    const names = ['turn', 'number', 'near_number', 'quote'];
    const same = sheet && names.every((name) => number.dataset[name] === sheet.dataset[name]);
    number.closest('.card').classList.toggle('open', !!same);
    if (same) number.setAttribute('aria-current', 'true'); else number.removeAttribute('aria-current');
  }
};

element.addEventListener('click', (event) => {
  let control = event.target.closest('[data-do]');
  if (!control && !event.target.closest('a, summary, label') && !`${getSelection()}`) {
    control = event.target.closest('.card')?.querySelector('.number');
  }
  if (!control || control.tagName === 'FORM') return;
  const wanted = control.dataset.do;
  if (wanted === 'copy') { copy(control); return; }
  if (wanted === 'back') {
    const opener = window.onrecordOpener;
    if (!opener || !opener.isConnected) return;
    seen(opener, 0.4);
    opener.focus({ preventScroll: true });
    return;
  }
  if (wanted === 'select' && !element.closest('#evidence')) window.onrecordOpener = control;
  const menu = control.closest('details.menu');
  if (menu && wanted === 'download') menu.open = false;
  trigger(wanted, { ...control.dataset });
});

element.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  const typed = {};
  for (const [name, value] of new FormData(form, event.submitter)) typed[`typed_${name}`] = value;
  trigger(form.dataset.do, { ...form.dataset, ...typed });
});

watch('value', () => {
  if (element.closest('#names')) suggest();
  const parcel = element.querySelector('a[data-parcel]');
  if (parcel) parcel.click();
  if (element.closest('#evidence')) {
    const target = element.querySelector('[data-top]') || element.querySelector('[data-passage]');
    if (!target) { current(); return; }
    const share = target.hasAttribute('data-passage') ? 0.33 : 0;
    current();
    if (target.dataset.passage === 'quiet') { within(target, share); return; }
    seen(target, share);
    target.focus({ preventScroll: true });
  }
  if (element.closest('#latest')) follow();
  if (element.closest('#latest, #past')) current();
});
