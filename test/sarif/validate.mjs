// node validate.mjs FILE.sarif…: Microsoft's SARIF Multitool with the rules of the SARIF standard and of GitHub's
// code scanning. Exit 0: no error and no warning; 1: some, printed one a line; 2: the validator did not run.
//
// Multitool itself exits 0 whatever it finds, so what counts is its own report.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const multitool = path.join(here, '../node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');

export const installed = () => existsSync(multitool);

// The text of a result, whose message may be a template of its rule.
function textOf(result, rules) {
  const { text, id, arguments: values = [] } = result.message;
  const template = text ?? rules.get(result.ruleId)?.messageStrings?.[id]?.text ?? id;
  return template.replace(/\{(\d+)\}/g, (_, index) => values[index] ?? '');
}

function placeOf(result) {
  const { physicalLocation, logicalLocations } = result.locations?.[0] ?? {};
  const pointer = logicalLocations?.[0]?.fullyQualifiedName ?? '';
  return `${physicalLocation?.region?.startLine ?? 0}:${physicalLocation?.region?.startColumn ?? 0} ${pointer}`.trim();
}

// The errors and warnings in `file`, one line each. Throws if the validator gave no answer.
export function problems(file) {
  chmodSync(multitool, 0o755); // its install script would; npm may be told to run none
  const work = mkdtempSync(path.join(tmpdir(), 'tenterhook-sarif-'));
  try {
    const report = path.join(work, 'report.sarif');
    const run = spawnSync(
      multitool,
      ['validate', path.resolve(file), '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning', '-q', 'true',
        '-o', report, '--log', 'ForceOverwrite'],
      // .NET wants ICU otherwise.
      { encoding: 'utf8', env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } },
    );
    if (run.error) throw run.error;
    if (!existsSync(report)) throw new Error(`no report (exit ${run.status}): ${run.stdout}${run.stderr}`);
    const { runs } = JSON.parse(readFileSync(report, 'utf8').replace(/^\uFEFF/, ''));
    return runs.flatMap(({ tool, results = [], invocations = [] }) => {
      const rules = new Map((tool.driver.rules ?? []).map((rule) => [rule.id, rule]));
      const found = results
        .filter(({ level = 'warning' }) => level === 'error' || level === 'warning')
        .map((r) => `${file}:${placeOf(r)}: ${r.level ?? 'warning'}: ${textOf(r, rules)} [${r.ruleId}]`);
      const failures = invocations
        .flatMap((i) => [...(i.toolExecutionNotifications ?? []), ...(i.toolConfigurationNotifications ?? [])])
        .filter(({ level = 'warning' }) => level === 'error')
        .map(({ message, descriptor }) => `${file}: error: ${message.text} [${descriptor?.id ?? 'validator'}]`);
      return [...found, ...failures];
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function main(files) {
  if (files.length === 0) {
    console.error('usage: node validate.mjs FILE.sarif…');
    return 2;
  }
  if (!installed()) {
    console.error(`validate.mjs: ${multitool}: not installed; run npm ci in ${here}`);
    return 2;
  }
  let total = 0;
  for (const file of files) {
    if (!existsSync(file)) {
      console.error(`validate.mjs: ${file}: no such file`);
      return 2;
    }
    const found = problems(file);
    found.forEach((line) => console.log(line));
    total += found.length;
  }
  console.log(`${files.length} file(s), ${total} error(s) and warning(s)`);
  return total === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
