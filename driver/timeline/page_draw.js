// Layout and drawing. Everything visible is a strip: one row of spans at a height. Spans narrower than a pixel are drawn as
// one; what is worth a look and what was searched for is drawn over the others and at least two pixels wide.
'use strict';

const HEIGHT = { runs: 18, stalls: 10, held: 8, tasks: 13, group: 24, gap: 7 };

// Threads that are made for a short time, by the dozen, from one place, share a lane: one that they take turns in, as deep
// as many live at once. `open` has the keys of those that a person wants to see one by one.
const FEW = 4;
function foldLanes(trace, open) {
  const groups = new Map();
  for (const lane of trace.lanes) {
    const empty = lane.tracks.every(([, rows]) => !rows.length), brief = empty || lane.to - lane.from < trace.length / 2;
    const key = `${trace.process} ${lane.name.replace(/\d+/g, '#')}\n${lane.role}\n${empty || lane.entry}`;
    if (!brief || ['main', 'loop'].includes(lane.role)) continue;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(lane);
  }
  const folded = new Map();
  for (const [key, lanes] of groups) {
    if (lanes.length < FEW || open.has(key)) lanes.forEach((lane) => { lane.key = lanes.length < FEW ? null : key; });
    else folded.set(lanes[0], foldLane(key, lanes));
    if (!open.has(key) && lanes.length >= FEW) for (const lane of lanes.slice(1)) folded.set(lane, null);
  }
  return trace.lanes.flatMap((lane) => (folded.has(lane) ? folded.get(lane) ?? [] : [lane]));
}

function foldLane(key, lanes) {
  const slots = []; // { until, members }
  for (const lane of [...lanes].sort((a, b) => a.from - b.from || a.thread - b.thread)) {
    if (lane.tracks.every(([, rows]) => !rows.length)) continue;
    let slot = slots.find(({ until }) => until <= lane.from);
    if (!slot) slots.push(slot = { members: [] });
    slot.until = Math.max(lane.to, lane.from + 1);
    slot.members.push(lane);
  }
  const merged = (track, depth, members) => {
    const row = new Row();
    for (const lane of members) {
      const of = lane.tracks.find(([name]) => name === track)[1][depth], thread = lanes.indexOf(lane);
      for (let i = 0; of && i < of.length; ++i) row.push(of.begin[i], of.end[i], of.caption[i], of.category[i], thread);
    }
    row.pack();
    return row;
  };
  const tracks = slots.flatMap(({ members }) => members[0].tracks.map(([track]) => {
    const deepest = Math.max(...members.map((lane) => lane.tracks.find(([name]) => name === track)[1].length));
    return [track, Array.from({ length: deepest }, (_, depth) => merged(track, depth, members))];
  }));
  const names = new Set(lanes.map((lane) => lane.name || 'thread'));
  return { key, threads: lanes, thread: lanes[0].thread, name: names.size === 1 ? lanes[0].name : lanes[0].name.replace(/\d+/, '…'), role: lanes[0].role,
    dropped: lanes.reduce((sum, lane) => sum + lane.dropped, 0), entry: lanes[0].entry, tracks, atOnce: slots.length };
}

// Strips from top to bottom, and the labels beside them.
function layOut(traces, open = new Set()) {
  const strips = [], labels = [];
  let y = 0;
  const label = (kind, top, height, data) => labels.push({ kind, top, height, ...data });
  for (const trace of traces) {
    label('group', y, HEIGHT.group, { text: `process ${trace.process}`, title: trace.title });
    y += HEIGHT.group;
    trace.laneTop = new Map();
    for (const lane of foldLanes(trace, open)) {
      const top = y;
      y += 3;
      for (const { thread } of lane.threads || [lane]) trace.laneTop.set(thread, y);
      for (const [track, rows] of lane.tracks)
        for (const row of rows.length || track !== 'runs' ? rows : [new Row()]) {
          strips.push({ trace, lane, track, row, y, height: HEIGHT[track] });
          y += HEIGHT[track] + 1;
        }
      y = Math.max(y + HEIGHT.gap, top + 26 + (lane.dropped ? 18 : 0));
      const empty = lane.tracks.every(([, rows]) => !rows.length);
      const many = lane.threads ? `${lane.threads.length} threads${lane.atOnce > 1 ? `, ${lane.atOnce} at once` : ''}` : lane.role;
      label('lane', top, y - top, { text: lane.name || (lane.threads ? 'threads' : `thread ${lane.thread}`), role: many + (empty ? ', nothing recorded' : ''),
        dropped: lane.dropped, key: lane.key, folded: Boolean(lane.threads), title: lane.entry && shortly(lane.entry).name ? `${lane.name}: ${lane.entry}` : lane.name });
    }
    if (trace.tasks.length) {
      label('group', y, HEIGHT.group, { text: `${trace.tasks.length.toLocaleString('en')} tasks`, title: 'lives of the tasks' });
      y += HEIGHT.group;
      const top = y;
      for (const row of trace.rows) {
        strips.push({ trace, lane: null, track: 'tasks', row, y, height: HEIGHT.tasks });
        y += HEIGHT.tasks + 1;
      }
      if (trace.rows.length) label('lane', top, y - top + HEIGHT.gap, { text: 'lives', role: trace.hidden ? `${trace.hidden} not drawn` : '' });
      y += HEIGHT.gap;
    }
  }
  return { strips, labels, height: y };
}

function readColors() {
  const style = getComputedStyle(document.documentElement), of = (name) => style.getPropertyValue(`--${name}`).trim();
  const colors = {};
  for (const name of [...CATEGORIES, 'life', 'ground', 'grid', 'line', 'text', 'dim', 'on', 'on-wait', 'stripe', 'focus', 'raised']) colors[name] = of(name);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  // Tasks of one name have one colour, between blue and green: red and orange are for trouble.
  colors.tasks = [212, 190, 170, 232, 148, 200, 222, 180].map((hue, i) => `hsl(${hue} ${dark ? 58 : 52}% ${dark ? 62 - (i % 3) * 4 : 42 + (i % 3) * 4}%)`);
  return colors;
}

function sized(canvas) {
  const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

function hash(text) {
  let value = 0;
  for (let i = 0; i < text.length; ++i) value = (value * 31 + text.charCodeAt(i)) | 0;
  return value >>> 0;
}

class Drawing {
  constructor(canvas, state) { this.canvas = canvas; this.state = state; this.colors = readColors(); this.hues = new Map(); }

  hueOf(name) {
    if (!this.hues.has(name)) this.hues.set(name, hash(name) % this.colors.tasks.length);
    return this.hues.get(name);
  }

  colorOf(strip, i) {
    const category = CATEGORIES[strip.row.category[i]];
    if (category !== 'task') return this.colors[category];
    return this.colors.tasks[this.hueOf(strip.trace.captions[strip.row.caption[i]].name)];
  }

  draw() {
    const { context, width, height } = sized(this.canvas), { state } = this;
    this.context = context;
    this.scale = width / (state.to - state.from);
    this.width = width;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    this.grid(height);
    context.save();
    context.translate(0, -state.scroll);
    for (const strip of state.strips) {
      if (strip.y + strip.height < state.scroll || strip.y > state.scroll + height) continue;
      this.strip(strip);
    }
    this.flows(height);
    for (const mark of [state.hover, state.pinned]) if (mark) this.frame(mark);
    context.restore();
  }

  x(time) { return (time - this.state.from) * this.scale; }

  grid(height) {
    const { context } = this;
    context.fillStyle = this.colors.grid;
    for (const at of tickTimes(this.state.from, this.state.to, this.width)) context.fillRect(Math.round(this.x(at)), 0, 1, height);
  }

  strip(strip) {
    const { row } = strip, { state, context } = this, searching = state.found !== null;
    for (let i = row.firstAfter(state.from); i < row.length && row.begin[i] < state.to;) {
      const left = this.x(row.begin[i]), right = this.x(row.end[i]);
      context.globalAlpha = searching && !state.isFound(strip.trace, row.caption[i]) ? 0.18 : 1;
      this.bar(strip, i, left, Math.max(right, left + 1));
      // What ends within the pixel that was just painted need not be looked at.
      i = right - left < 1 ? Math.max(i + 1, row.firstAfter(state.from + (Math.floor(left) + 1) / this.scale, i)) : i + 1;
    }
    context.globalAlpha = 1;
    for (const special of [strip.specials, strip.finds])
      for (const i of special || []) {
        if (row.end[i] < state.from || row.begin[i] > state.to) continue;
        if (searching && !state.isFound(strip.trace, row.caption[i])) continue;
        const left = this.x(row.begin[i]);
        this.bar(strip, i, left, Math.max(this.x(row.end[i]), left + 2));
      }
  }

  bar(strip, i, left, right) {
    const { context, colors } = this, { y, height, row } = strip;
    const from = Math.max(left, -2), to = Math.min(right, this.width + 2), caption = strip.trace.captions[row.caption[i]];
    if (strip.track === 'tasks') return this.life(strip, i, from, to, caption);
    const category = CATEGORIES[row.category[i]];
    if (category === 'mark') {
      context.fillStyle = caption.trouble ? colors.mark : colors.dim;
      context.beginPath();
      context.moveTo(left - 5, y); context.lineTo(left + 5, y); context.lineTo(left, y + height);
      context.fill();
      return;
    }
    context.fillStyle = this.colorOf(strip, i);
    if (to - from > 3) {
      context.beginPath();
      context.roundRect(from, y, to - from - 0.5, height, 2);
      context.fill();
    } else context.fillRect(from, y, Math.max(to - from, 1), height);
    if (caption.trouble && height > 12) {
      context.fillStyle = colors.stall;
      context.fillRect(from, y + height - 3, Math.max(to - from - 0.5, 1), 3);
    }
    if (to - from > 26 && height >= 16) this.text(caption.name, from, to, y + height / 2, category === 'wait' ? colors['on-wait'] : colors.on);
  }

  life(strip, i, from, to, caption) {
    const { context, colors } = this, { y, height } = strip, task = strip.trace.tasks[strip.row.object[i]];
    context.fillStyle = caption.trouble ? colors.stall : colors.life;
    context.fillRect(from, y, Math.max(to - from - 0.5, 1), height);
    if (to - from > 3) {
      context.fillStyle = colors.tasks[this.hueOf(caption.name)];
      let painted = -1;
      for (let s = 0; s < task.slices.length; s += 3) {
        const left = Math.max(this.x(task.slices[s]), from), right = Math.min(this.x(task.slices[s + 1]), to);
        if (right < painted || left > this.width) continue;
        painted = Math.max(right, left + 1);
        context.fillRect(left, y + 3, painted - left, height - 3);
      }
    } else if (!caption.trouble && task.slices.length && task.slices[1] - task.slices[0] > (task.end - task.begin) / 2) {
      context.fillStyle = colors.tasks[this.hueOf(caption.name)]; // too narrow for both: what it did most of the time
      context.fillRect(from, y + 3, Math.max(to - from - 0.5, 1), height - 3);
    }
    if (to - from > 40) this.text(caption.name, from, to, y + height / 2, caption.trouble ? colors.on : colors.text, caption.trouble ? '' : colors.life);
  }

  // With a halo where the text may lie on more than one colour.
  text(name, from, to, y, color, halo) {
    const { context } = this, room = to - from - 8, fits = Math.floor(room / 5.6);
    if (fits < 3) return;
    const shown = name.length > fits ? `${name.slice(0, fits - 1)}…` : name;
    if (halo) {
      context.strokeStyle = halo;
      context.lineWidth = 3;
      context.strokeText(shown, from + 4, y + 0.5, room);
      context.lineWidth = 1;
    }
    context.fillStyle = color;
    context.fillText(shown, from + 4, y + 0.5, room);
  }

  flows(height) {
    const { context, state } = this;
    if (this.state.found !== null) return;
    context.strokeStyle = this.colors.dim;
    context.globalAlpha = 0.55;
    let drawn = 0;
    for (const trace of state.traces)
      for (const flow of trace.flows) {
        if (flow.to < state.from || flow.from > state.to || ++drawn > 400) continue;
        const fromY = trace.laneTop.get(flow.fromThread) + 9, toY = trace.laneTop.get(flow.toThread) + 9;
        if (!(Math.max(fromY, toY) > state.scroll && Math.min(fromY, toY) < state.scroll + height)) continue;
        const left = this.x(flow.from), right = this.x(flow.to), bend = Math.max(12, Math.min(60, (right - left) / 2));
        context.beginPath();
        context.moveTo(left, fromY);
        context.bezierCurveTo(left + bend, fromY, right - bend, toY, right, toY);
        context.stroke();
      }
    context.globalAlpha = 1;
  }

  frame({ strip, i }) {
    const left = this.x(strip.row.begin[i]), right = Math.max(this.x(strip.row.end[i]), left + 2), { context } = this;
    context.strokeStyle = this.colors.text;
    context.lineWidth = 1.5;
    context.strokeRect(Math.max(left, -4) - 0.5, strip.y - 1, Math.min(right, this.width + 4) - Math.max(left, -4) + 1, strip.height + 2);
    context.lineWidth = 1;
  }
}

// Round times, some 110 pixels apart.
function tickTimes(from, to, width) {
  const rough = (to - from) / Math.max(1, width / 110), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough), times = [];
  for (let at = Math.ceil(from / step) * step; at <= to && times.length < 100; at += step) times.push(at);
  return times;
}

function drawAxis(canvas, state, colors) {
  const { context, width } = sized(canvas);
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = colors.dim;
  const times = tickTimes(state.from, state.to, width), step = times.length > 1 ? times[1] - times[0] : 1;
  const [unit, name] = state.to >= 1e9 ? [1e9, 's'] : state.to >= 1e6 ? [1e6, 'ms'] : [1e3, 'µs'];
  const digits = Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
  for (const at of times) {
    const text = `${(at / unit).toFixed(Math.min(digits, 9))} ${name}`, x = (at - state.from) * width / (state.to - state.from) + 4;
    if (x + context.measureText(text).width <= width) context.fillText(text, x, 14);
  }
}

// How busy the threads are over the whole run, where the trouble is, and what the chart shows of it.
function drawOverview(canvas, state, colors) {
  const { context, width, height } = sized(canvas), columns = Math.ceil(width), scale = width / state.length;
  if (!state.busy || state.busy.length !== columns) {
    state.busy = new Float64Array(columns);
    for (const strip of state.strips) {
      if (!strip.lane?.tracks.some(([track, rows]) => track === 'runs' && rows[0] === strip.row)) continue;
      const { row } = strip;
      for (let i = 0; i < row.length; ++i) {
        if (row.category[i] === 2) continue; // waiting
        let left = row.begin[i] * scale;
        const right = Math.max(row.end[i] * scale, left);
        for (let column = Math.floor(left); column <= right && column < columns; ++column) {
          state.busy[column] += Math.min(right, column + 1) - left;
          left = column + 1;
        }
      }
    }
  }
  const most = Math.max(1, ...state.busy);
  context.fillStyle = colors.task;
  for (let column = 0; column < columns; ++column) {
    const tall = state.busy[column] / most * (height - 8);
    context.fillRect(column, height - tall, 1, tall);
  }
  context.fillStyle = colors.stall;
  for (const { strip, i } of state.troubles) context.fillRect(strip.row.begin[i] * scale, 0, Math.max(1, (strip.row.end[i] - strip.row.begin[i]) * scale), 4);
  const left = state.from * scale, right = state.to * scale;
  context.globalAlpha = 0.65;
  context.fillStyle = colors.ground;
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, width - right, height);
  context.globalAlpha = 1;
  context.strokeStyle = colors.focus;
  context.strokeRect(Math.max(left, 0) + 0.5, 0.5, Math.max(right - left - 1, 2), height - 1);
}
