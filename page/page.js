// One listener for each HTML part of the page.  What a control asks for stands in its
// data- attributes (percent-encoded by page/markup.py) and is handed on as it is; the
// fields of a form travel as typed_NAME.
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// Scrolls the pane that a target stands in, and never the window.
const within = (target, share) => {
  const pane = target.closest('#left, #right');
  if (!pane || getComputedStyle(pane).overflowY !== 'auto') return false;
  const above = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  const top = pane.scrollTop + above - pane.clientHeight * share;
  pane.scrollTo({ top, behavior: calm() ? 'auto' : 'smooth' });
  return true;
};

const seen = (target, share) => {
  if (!within(target, share)) {
    target.scrollIntoView({ block: share ? 'center' : 'start', behavior: calm() ? 'auto' : 'smooth' });
  }
};

const copy = async (button) => {
  const text = decodeURIComponent(button.dataset.text);
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

element.addEventListener('click', (event) => {
  const control = event.target.closest('[data-do]');
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
  if (menu) menu.open = false;
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
    const target = element.querySelector('[data-passage]') || element.querySelector('[data-top]');
    if (!target) return;
    const share = target.hasAttribute('data-passage') ? 0.33 : 0;
    if (target.dataset.passage === 'quiet') { within(target, share); return; }
    seen(target, share);
    target.focus({ preventScroll: true });
  }
  if (element.closest('#conversation')) {
    const turns = element.querySelectorAll('.turn');
    const last = turns[turns.length - 1];
    if (last && last.dataset.turn !== window.onrecordTurn) {
      window.onrecordTurn = last.dataset.turn;
      seen(last, 0);
    }
  }
});
