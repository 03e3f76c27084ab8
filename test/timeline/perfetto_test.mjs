// The JSON of real runs in Perfetto's own engine: nothing of it is refused, every slice has an end, threads have their names,
// flows their two ends. node perfetto_test.mjs OUT TENTERHOOK SAMPLE [EXPERIMENT ECHO_SERVER]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Perfetto } from './perfetto.mjs';

const [out, tenterhook, sample, experiment, echoServer] = process.argv.slice(2);
const folder = Perfetto.folder(dirname(fileURLToPath(import.meta.url)));
if (!folder) {
  console.log('skipped: Perfetto\'s engine is not there; `./dev test` gets it');
  process.exit(77);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const perfetto = await Perfetto.start(folder);
const run = (program, options, environment = {}) =>
  execFileSync(program, options, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
const complaintsOf = () => perfetto.query("select name, value from stats where severity in ('error', 'data_loss') and value > 0");
const one = async (sql) => Object.values((await perfetto.query(sql))[0])[0];

// What holds of every file. Gives its events, by phase.
async function check(path, document = JSON.parse(readFileSync(path, 'utf8'))) {
  const of = (phase, ...names) => document.traceEvents.filter((e) => e.ph === phase && (!names.length || names.includes(e.name)));
  await perfetto.load(path);
  assert.deepEqual(await complaintsOf(), [], path);
  assert.equal(await one('select count(*) from slice'), of('X').length + of('b').length + of('i').length, `${path}: slices`);
  assert.equal(await one('select count(*) from slice where dur < 0'), 0, `${path}: slices without an end`);
  assert.equal(await one('select count(*) from flow'), of('s').length, `${path}: flows`);
  assert.equal(await one(`select count(*) from flow f join slice a on f.slice_out = a.id join slice b on f.slice_in = b.id
    where a.name = 'submit' and b.category in ('work', 'tasks') and b.ts >= a.ts`), of('s').length, `${path}: what flows join`);
  assert.equal(await one('select count(*) from counter'), of('C').length, `${path}: counters`);
  for (const { pid, tid, args } of of('M', 'thread_name'))
    assert.equal(await one(`select name from thread where tid = ${tid} and upid = (select upid from process where pid = ${pid})`),
      args.name, `${path}: thread ${tid} of ${pid}`);
  assert.equal(await one(`select count(*) from thread_track tt join thread t using (utid) join slice s on s.track_id = tt.id
    where t.name is null`), 0, `${path}: slices on a thread without a name`);
  // Lives of tasks, stalls and locks lie below their process, not beside it.
  assert.equal(await one(`select count(*) from slice s join process_track t on s.track_id = t.id`),
    of('b').length + of('i').filter((e) => e.s === 'p').length, `${path}: async slices of the process`);
  return of;
}
async function timeline(name, ...traces) {
  const path = resolve(out, `${name}.json`);
  run(tenterhook, ['timeline', ...traces, '-o', path]);
  return path;
}

// The made-up run, in which everything is.
run(sample, [out]);
const path = resolve(out, 'sample.json');
await check(path);
assert.equal(await one('select count(*) from flow'), 10);
assert.equal(await one("select count(*) from slice where category = 'stall'"), 1);
assert.equal(await one("select extract_arg(arg_set_id, 'args.place') from slice where name = 'read'"),
  'src/store.cpp:24 tenterhook::task<row> store::query(std::string_view)');
assert.match(await one('select name from thread where tid = 3'), /17 events dropped/);
assert.match(await one("select name from slice where category = 'note'"), /were dropped/);
assert.equal(await one('select max(value) from counter'), 3);

// That the checks see what is wrong: each of these loads, and one of them fails on it.
const planted = async (name, change) => {
  const document = JSON.parse(readFileSync(path, 'utf8'));
  change(document.traceEvents);
  const wrong = resolve(out, `wrong-${name}.json`);
  writeFileSync(wrong, JSON.stringify(document));
  await assert.rejects(check(wrong, document), name);
};
await planted('a flow whose id is no number', (events) => events.filter((e) => 'sf'.includes(e.ph)).forEach((e) => { e.id = `4711:${e.id}`; }));
await planted('a slice that does not end', (events) => events.splice(events.findIndex((e) => e.ph === 'e'), 1));
await planted('ids of the whole file', (events) => events.forEach((e) => { if (e.id2) { e.id = e.id2.local; delete e.id2; } }));
await planted('a thread without a name', (events) => events.splice(events.findIndex((e) => e.name === 'thread_name'), 1));

if (experiment) {
  const jobs = ['--jobs', '10', '--scale', '0.02'], traced = (name) => resolve(out, `${name}.trace`);
  run(experiment, [...jobs, '--only', '3'], { TENTERHOOK_TRACE: traced('blocking') });
  run(experiment, [...jobs, '--only', '5'], { TENTERHOOK_TRACE: traced('pool') });
  run(tenterhook, ['record', '-q', '--every-event', '-o', traced('recorded'), '--', experiment, ...jobs, '--only', '3']);
  run(echoServer, [], { TENTERHOOK_TRACE: traced('echo') });

  const blocking = await check(await timeline('blocking', traced('blocking')));
  assert.equal(blocking('b', 'blocking_job').length, 10);
  assert.ok(await one("select max(value) from counter where value >= 10"), 'ten tasks at a time, and who awaits them');
  await check(await timeline('pool', traced('pool')));
  assert.ok(await one(`select count(*) from slice s join thread_track t on s.track_id = t.id join thread using (utid)
    where s.category = 'work' and thread.name like '%(worker)'`) >= 10, 'the jobs, on workers');
  assert.ok(await one('select count(*) from flow') >= 10);
  await check(await timeline('recorded', traced('recorded')));
  assert.equal(await one(`select count(*) from slice where category = 'block' and dur >= 9500000
    and extract_arg(arg_set_id, 'args.place') like '%experiment.cpp:% %blocking_job%'`), 10, 'each job blocks');
  await check(await timeline('echo', traced('echo')));
  // Two processes in one file: the numbers of the one do not meet those of the other.
  await check(await timeline('both', traced('pool'), traced('blocking')));
  assert.equal(await one("select count(*) from process where name like '%.trace'"), 2);
}
