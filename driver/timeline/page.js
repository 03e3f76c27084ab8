// State and hands: zoom, pan, hover, search, the list of what is worth a look.
'use strict';

const $ = (id) => document.getElementById(id);
const chart = $('chart');
const traces = readTraces(JSON.parse($('data').textContent));
$('data').remove();
const state = {
  traces, from: 0, to: 1, scroll: 0, hover: null, pinned: null, found: null, troubles: [], finds: [], findAt: -1, troubleAt: -1,
  length: Math.max(1, ...traces.map((trace) => trace.length)),
  isFound: (trace, caption) => state.found.get(trace).has(caption),
  open: new Set(), // lanes of several threads that were asked to be shown one by one
  ...layOut(traces),
};
state.to = state.length;
const drawing = new Drawing(chart, state);

// --- the fixed parts --------------------------------------------------------------------------------------------------

function element(tag, attributes, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

function fillPage() {
  const sum = (of) => traces.reduce((total, trace) => total + of(trace), 0);
  $('title').textContent = traces.map((trace) => trace.title.split('/').pop()).join(', ');
  $('title').title = traces.map((trace) => trace.title).join('\n');
  const many = (n, what) => (n ? [`${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`] : []);
  $('summary').textContent = [duration(state.length), ...many(sum((t) => t.lanes.length), 'thread'),
    ...many(sum((t) => t.tasks.length + t.hidden), 'task'), ...many(sum((t) => t.events), 'event')].join(' · ');
  for (const trace of traces)
    for (const note of trace.notes) $('notes').append(element('p', { textContent: note }));
  for (const trace of traces)
    if (trace.hidden) $('notes').append(element('p', { textContent: `${trace.hidden} tasks overlap more than ${MAX_TASK_ROWS} deep; their lives are not drawn` }));
  const seen = new Set(state.strips.flatMap(({ track, row }) =>
    (track === 'tasks' ? ['task', 'life'] : CATEGORIES.filter((_, i) => row.category.includes(i)))));
  for (const [name, text] of Object.entries(LEGEND)) {
    if (!seen.has(name)) continue;
    const swatch = element('i', { className: name });
    swatch.style.background = `var(--${name})`;
    $('legend').append(element('span', {}, swatch, text));
  }
  fillLabels();
}

function fillLabels() {
  $('labels').replaceChildren();
  for (const label of state.labels) {
    const made = element('div', { className: label.kind, title: label.title || label.text }, label.text);
    if (label.key) made.prepend(element('button', { className: 'fold', textContent: label.folded ? '▸' : '▾',
      title: label.folded ? 'show these threads one by one' : 'show these threads in one lane', onclick: () => unfold(label.key) }));
    if (label.role) made.append(element('small', { textContent: label.role }));
    if (label.dropped) made.append(element('small', { className: 'dropped', textContent: `${label.dropped.toLocaleString('en')} events dropped` }));
    made.style.top = `${label.y ?? label.top}px`;
    made.style.height = `${label.height}px`;
    $('labels').append(made);
  }
}

// A lane of several threads is taken apart, or put together again.
function unfold(key) {
  if (!state.open.delete(key)) state.open.add(key);
  Object.assign(state, layOut(traces, state.open), { hover: null, busy: null, troubles: [] });
  pin(null);
  fillLabels();
  collectTroubles();
  search($('search').value);
  scrollTo(state.scroll);
}

// Spans that are trouble, and the list of their kinds.
function collectTroubles() {
  const groups = new Map();
  $('troubles').replaceChildren();
  for (const strip of state.strips) {
    const { row, trace } = strip;
    strip.specials = [];
    for (let i = 0; i < row.length; ++i) {
      const caption = trace.captions[row.caption[i]];
      if (!caption.trouble) continue;
      strip.specials.push(i);
      if (strip.track === 'tasks') continue; // its thread has a mark for it
      const at = { strip, i };
      state.troubles.push(at);
      const key = `${caption.name.replace(/0x[0-9a-f]+/g, '')}\n${caption.place}`, length = row.end[i] - row.begin[i];
      if (!groups.has(key)) groups.set(key, { caption, at, count: 0, total: 0, longest: -1 });
      const group = groups.get(key);
      ++group.count;
      group.total += length;
      if (length > group.longest) Object.assign(group, { longest: length, at, caption });
    }
  }
  state.troubles.sort((a, b) => a.strip.row.begin[a.i] - b.strip.row.begin[b.i]);
  const all = [...groups.values()].sort((a, b) => b.total - a.total || b.count - a.count);
  for (const group of all.slice(0, 60)) {
    const times = group.longest > 0 ? `${group.count} × , longest ${duration(group.longest)}, in all ${duration(group.total)}` : `${group.count} ×`;
    $('troubles').append(element('button', { onclick: () => show(group.at) }, element('b', { textContent: group.caption.name }),
      element('small', { textContent: times.replace(' × ,', ' ×,') }), element('small', { ...brief(group.caption.place) }),
      element('small', { textContent: group.caption.note })));
  }
  if (!all.length) $('troubles').append(element('p', { className: 'dim', textContent: 'No stalls, no blocking calls in coroutines, no locks held across a suspension.' }));
  if (all.length > 60) $('troubles').append(element('p', { className: 'dim', textContent: `${all.length - 60} more kinds; zoom in to see them.` }));
}

// --- what is seen -----------------------------------------------------------------------------------------------------

let asked = 0;
function redraw() {
  if (!asked) asked = requestAnimationFrame(() => {
    asked = 0;
    drawing.draw();
    drawAxis($('axis'), state, drawing.colors);
    drawOverview($('overview'), state, drawing.colors);
    $('labels').style.transform = `translateY(${-state.scroll}px)`;
  });
}

function look(from, to) {
  const span = Math.min(Math.max(to - from, 20), state.length);
  state.from = Math.max(0, Math.min(from, state.length - span));
  state.to = state.from + span;
  redraw();
}
function zoom(factor, center = (state.from + state.to) / 2) {
  look(center - (center - state.from) * factor, center + (state.to - center) * factor);
}
function pan(part) { const by = (state.to - state.from) * part; look(state.from + by, state.to + by); }
function scrollTo(y) {
  state.scroll = Math.max(0, Math.min(y, state.height - chart.clientHeight + 20));
  redraw();
}

// Brings a span into sight and keeps it.
function show({ strip, i }) {
  const begin = strip.row.begin[i], end = strip.row.end[i], around = Math.max((end - begin) * 2, state.length / 2000, 2000);
  look((begin + end) / 2 - around, (begin + end) / 2 + around);
  if (strip.y < state.scroll || strip.y + 20 > state.scroll + chart.clientHeight) scrollTo(strip.y - chart.clientHeight / 2);
  pin({ strip, i });
}

// A place in a few words, whole in the tooltip.
function brief(place) {
  const { file, name } = shortly(place);
  return { textContent: [file, name].filter(Boolean).join(' '), title: place };
}

function describe({ strip, i }, whole) {
  const { row, trace } = strip, caption = trace.captions[row.caption[i]], list = element('dl', {});
  const add = (name, value) => value && list.append(element('dt', { textContent: name }), element('dd', { textContent: value }));
  const task = strip.track === 'tasks' ? trace.tasks[row.object[i]] : null;
  const length = row.end[i] - row.begin[i];
  add('what', task ? `life of task ${task.id}${task.parent ? `, created by task ${task.parent}` : ''}` : CATEGORIES[row.category[i]] === 'mark' ? 'an event' : LEGEND[CATEGORIES[row.category[i]]]);
  const lane = strip.lane?.threads ? strip.lane.threads[row.object[i]] : strip.lane;
  if (lane) add('thread', `${lane.name || lane.thread} (${lane.role})`);
  if (length) add(task ? 'lives' : 'takes', duration(length));
  if (task) {
    let ran = 0;
    for (let s = 0; s < task.slices.length; s += 3) ran += task.slices[s + 1] - task.slices[s];
    add('runs', `${duration(ran)} in ${task.slices.length / 3} slices`);
  }
  add('from', duration(row.begin[i]));
  add('place', caption.place);
  add('note', caption.note);
  const parts = [element('b', { textContent: caption.name }), list];
  if (caption.stack.length) {
    const frames = whole ? caption.stack : caption.stack.slice(0, 10);
    parts.push(element('ol', { className: 'stack' }, ...frames.map((frame) => {
      const { file, name } = shortly(frame);
      return element('li', { title: frame }, name, element('small', { textContent: file }));
    })));
    if (frames.length < caption.stack.length) parts.push(element('p', { className: 'dim', textContent: `${caption.stack.length - frames.length} more: click` }));
  }
  return parts;
}

function pin(mark) {
  state.pinned = mark;
  $('details').replaceChildren(...(mark ? [...describe(mark, true), element('button', { textContent: 'zoom to it', onclick: () => show(mark) })]
    : [element('p', { className: 'dim', textContent: 'Hover over a bar to see what it is; click to keep it here.' })]));
  redraw();
}

// The span at a point of the chart; within three pixels, for what is thin.
function hit(x, y) {
  const scale = (state.to - state.from) / chart.clientWidth, time = state.from + x * scale, slack = 3 * scale, at = y + state.scroll;
  const strip = state.strips.find((s) => at >= s.y - 1 && at <= s.y + s.height);
  if (!strip) return null;
  const { row } = strip;
  const near = [...(strip.specials || []), row.firstAfter(time - slack), row.firstAfter(time)].filter((i) =>
    i < row.length && row.begin[i] <= time + slack && row.end[i] >= time - slack);
  if (!near.length) return null;
  const off = (i) => Math.max(row.begin[i] - time, time - row.end[i], 0);
  return { strip, i: near.reduce((best, i) => (off(i) < off(best) ? i : best)) };
}

function hover(event) {
  const mark = event ? hit(event.offsetX, event.offsetY) : null, tip = $('tip');
  if (mark?.strip !== state.hover?.strip || mark?.i !== state.hover?.i) {
    state.hover = mark;
    tip.hidden = !mark;
    if (mark) tip.replaceChildren(...describe(mark, false));
    redraw();
  }
  if (!mark) return;
  const right = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  const below = event.clientY + 18 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 18;
  tip.style.left = `${Math.max(4, right)}px`;
  tip.style.top = `${Math.max(4, below)}px`;
}

// --- search -----------------------------------------------------------------------------------------------------------

function search(text) {
  const word = text.trim().toLowerCase();
  state.finds = [];
  state.findAt = -1;
  for (const strip of state.strips) strip.finds = null;
  state.found = null;
  $('matches').textContent = '';
  if (word) {
    state.found = new Map(traces.map((trace) => [trace, new Set(trace.captions.flatMap((caption, i) =>
      `${caption.name}\n${caption.place}\n${caption.note}\n${caption.stack.join('\n')}`.toLowerCase().includes(word) ? [i] : []))]));
    for (const strip of state.strips) {
      const set = state.found.get(strip.trace), { row } = strip;
      strip.finds = [];
      for (let i = 0; i < row.length; ++i)
        if (set.has(row.caption[i])) { state.finds.push({ strip, i }); if (strip.finds.length < 5000) strip.finds.push(i); }
    }
    state.finds.sort((a, b) => a.strip.row.begin[a.i] - b.strip.row.begin[b.i]);
    $('matches').textContent = state.finds.length === 1 ? '1 match' : `${state.finds.length.toLocaleString('en')} matches`;
  }
  redraw();
}
function step(list, key, by) {
  if (!list.length) return;
  state[key] = (state[key] + by + list.length) % list.length;
  show(list[state[key]]);
}

// --- hands ------------------------------------------------------------------------------------------------------------

chart.addEventListener('wheel', (event) => {
  event.preventDefault();
  const center = state.from + event.offsetX / chart.clientWidth * (state.to - state.from);
  if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY * 0.003), center);
  else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan((event.deltaX || event.deltaY) / 800);
  else if (state.height > chart.clientHeight) scrollTo(state.scroll + event.deltaY);
  else zoom(Math.exp(event.deltaY * 0.002), center);
}, { passive: false });

let drag = null;
chart.addEventListener('pointerdown', (event) => {
  chart.setPointerCapture(event.pointerId);
  drag = { x: event.clientX, y: event.clientY, from: state.from, scroll: state.scroll, moved: false };
});
chart.addEventListener('pointermove', (event) => {
  if (!drag) return hover(event);
  const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
  if (Math.abs(dx) + Math.abs(dy) > 3) drag.moved = true;
  if (!drag.moved) return undefined;
  chart.classList.add('moving');
  hover(null);
  const by = dx / chart.clientWidth * (state.to - state.from), span = state.to - state.from;
  look(drag.from - by, drag.from - by + span);
  return scrollTo(drag.scroll - dy);
});
chart.addEventListener('pointerup', (event) => {
  if (drag && !drag.moved) pin(hit(event.offsetX, event.offsetY));
  drag = null;
  chart.classList.remove('moving');
});
chart.addEventListener('pointerleave', () => hover(null));
chart.addEventListener('dblclick', (event) => { const mark = hit(event.offsetX, event.offsetY); if (mark) show(mark); });

function moveOverview(event) {
  if (!(event.buttons & 1)) return;
  const middle = event.offsetX / $('overview').clientWidth * state.length, half = (state.to - state.from) / 2;
  look(middle - half, middle + half);
}
$('overview').addEventListener('pointerdown', moveOverview);
$('overview').addEventListener('pointermove', moveOverview);

const KEYS = {
  a: () => pan(-0.2), ArrowLeft: () => pan(-0.2), d: () => pan(0.2), ArrowRight: () => pan(0.2),
  w: () => zoom(0.7), '+': () => zoom(0.7), '=': () => zoom(0.7), s: () => zoom(1 / 0.7), '-': () => zoom(1 / 0.7),
  ArrowUp: () => scrollTo(state.scroll - 60), ArrowDown: () => scrollTo(state.scroll + 60),
  PageUp: () => scrollTo(state.scroll - chart.clientHeight), PageDown: () => scrollTo(state.scroll + chart.clientHeight),
  0: () => look(0, state.length), Home: () => look(0, state.length),
  n: () => step(state.troubles, 'troubleAt', 1), p: () => step(state.troubles, 'troubleAt', -1),
  '/': () => $('search').focus(), '?': () => $('keys').showModal(), Escape: () => pin(null),
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target === $('search') || $('keys').open) return;
  if (event.target instanceof HTMLButtonElement && event.key === 'Enter') return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
$('search').addEventListener('input', () => search($('search').value));
$('search').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(state.finds, 'findAt', event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') { $('search').value = ''; search(''); chart.focus(); }
});
$('in').onclick = () => zoom(0.7);
$('out').onclick = () => zoom(1 / 0.7);
$('all').onclick = () => look(0, state.length);
$('help').onclick = () => $('keys').showModal();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { drawing.colors = readColors(); redraw(); });
new ResizeObserver(() => { state.busy = null; redraw(); }).observe(chart);

// What a person came for: what held a thread up for longest, if anything did, and else the whole run.
function openOnTheWorst() {
  const length = ({ strip, i }) => strip.row.end[i] - strip.row.begin[i];
  const worst = state.troubles.reduce((best, at) => (!best || length(at) > length(best) ? at : best), null);
  if (worst && length(worst) > 0) show(worst);
}

fillPage();
collectTroubles();
redraw();
openOnTheWorst();
