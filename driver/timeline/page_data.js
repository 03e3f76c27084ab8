// The data of the page: what page.cpp wrote, as typed arrays. A row holds spans that do not overlap, by begin, so that
// what is visible is found by bisection.
'use strict';

const CATEGORIES = ['task', 'work', 'wait', 'block', 'lock-wait', 'stall', 'held', 'mark'];
const LEGEND = {
  task: 'a task runs', work: 'work of a pool', wait: 'waits for events', block: 'a call that blocks',
  'lock-wait': 'waits for a lock', stall: 'the loop is stalled', held: 'a lock is held', mark: 'something to look at',
  life: 'a task lives, but does not run',
};

// Variable-length numbers out of base64; multiplication, since they may have more than 32 bits.
class Numbers {
  constructor(text) {
    const raw = atob(text);
    this.bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; ++i) this.bytes[i] = raw.charCodeAt(i);
    this.at = 0;
  }
  get more() { return this.at < this.bytes.length; }
  next() {
    let value = 0, unit = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
  }
}

class Row {
  constructor() { this.begin = []; this.end = []; this.caption = []; this.category = []; this.object = []; }
  push(begin, end, caption, category, object) {
    this.begin.push(begin); this.end.push(end); this.caption.push(caption); this.category.push(category); this.object.push(object);
  }
  pack() {
    this.begin = Float64Array.from(this.begin); this.end = Float64Array.from(this.end);
    this.caption = Uint32Array.from(this.caption); this.category = Uint8Array.from(this.category);
    this.object = Float64Array.from(this.object);
  }
  get length() { return this.begin.length; }
  // The first span that ends after `time`, from `low` on.
  firstAfter(time, low = 0) {
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.end[middle] > time || (this.end[middle] === time && this.begin[middle] === time)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function readSpans(text) {
  const numbers = new Numbers(text), rows = [];
  let begin = 0;
  while (numbers.more) {
    begin += numbers.next();
    const end = begin + numbers.next(), caption = numbers.next(), packed = numbers.next(), row = packed & 15;
    while (rows.length <= row) rows.push(new Row());
    rows[row].push(begin, end, caption, packed >> 4, 0);
  }
  for (const row of rows) row.pack();
  return rows;
}

const MAX_TASK_ROWS = 300;

// Tasks into as few rows as they fit in side by side. Row.category is 1 where a task is trouble; Row.object its index.
function readTasks(text) {
  const numbers = new Numbers(text), tasks = [], rows = [], ends = [];
  let begin = 0, hidden = 0, free = 0;
  while (numbers.more) {
    begin += numbers.next();
    const task = { begin, end: begin + numbers.next(), caption: numbers.next(), id: numbers.next(), parent: numbers.next(), slices: [] };
    let last = begin;
    for (let n = numbers.next(); n > 0; --n) {
      const from = last + numbers.next();
      last = from + numbers.next();
      task.slices.push(from, last, numbers.next());
    }
    free = 0;
    while (free < ends.length && ends[free] > begin) ++free;
    if (free >= MAX_TASK_ROWS) { ++hidden; continue; }
    if (free === ends.length) rows.push(new Row());
    ends[free] = Math.max(task.end, begin + 1);
    rows[free].push(begin, task.end, task.caption, 0, tasks.length);
    tasks.push(task);
  }
  for (const row of rows) row.pack();
  return { tasks, rows, hidden };
}

function readTraces(all) {
  return all.map((raw) => {
    const caption = (i) => ({
      name: raw.strings[raw.captions[i * 5]], place: raw.strings[raw.captions[i * 5 + 1]], note: raw.strings[raw.captions[i * 5 + 2]],
      stack: raw.captions[i * 5 + 3] ? raw.stacks[raw.captions[i * 5 + 3] - 1].map((f) => raw.strings[f]) : [],
      trouble: raw.captions[i * 5 + 4] === 1,
    });
    const captions = Array.from({ length: raw.captions.length / 5 }, (_, i) => caption(i));
    const lanes = raw.lanes.map((lane) => ({
      thread: lane.thread, name: lane.name, role: lane.role, dropped: lane.dropped, entry: raw.strings[lane.entry], from: lane.from, to: lane.to,
      tracks: [['runs', readSpans(lane.runs)], ['stalls', readSpans(lane.stalls)], ['held', readSpans(lane.held)]],
    }));
    for (const lane of lanes) // a span is recorded at its end
      for (const [, rows] of lane.tracks) for (const row of rows) lane.from = Math.min(lane.from, row.begin[0]);
    const flows = [];
    for (const numbers = new Numbers(raw.flows); numbers.more;) {
      const from = numbers.next();
      flows.push({ from, to: from + numbers.next(), fromThread: numbers.next(), toThread: numbers.next() });
    }
    return { title: raw.title, process: raw.process, length: raw.length, events: raw.events, notes: raw.notes, captions, lanes, flows,
      ...readTasks(raw.tasks) };
  });
}

// "src/server.cpp:58 tenterhook::task<void> server::handle(connection)" as "server.cpp:58" and "server::handle".
function shortly(text) {
  const [, file, named] = /^(.*?[^:]:\d+) (.*)$/s.exec(text) || [null, '', text];
  let depth = 0, end = 0;
  const name = named.replaceAll('(anonymous namespace)::', '').replace(/ \(\.[^()]*\)$/, '');
  for (; end < name.length; ++end) { // up to the parameters
    if (name[end] === '<') ++depth;
    else if (name[end] === '>') --depth;
    else if (name[end] === '(' && depth <= 0 && end && !name.slice(0, end).endsWith('operator')) break;
  }
  let begin = end;
  for (depth = 0; begin > 0 && (name[begin - 1] !== ' ' || depth > 0); --begin) // the last word outside of <…>
    depth += (name[begin - 1] === '>') - (name[begin - 1] === '<');
  return { file: file.split('/').pop(), name: name.slice(begin, end) || named };
}

// "1.25 ms"
function duration(ns) {
  for (const [unit, name] of [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs']])
    if (Math.abs(ns) >= unit) return `${(ns / unit).toLocaleString('en', { maximumSignificantDigits: 4 })} ${name}`;
  return `${Math.round(ns)} ns`;
}
