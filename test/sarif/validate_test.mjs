// node validate_test.mjs SARIF-SAMPLE: the sample report is valid in every profile, and the validation fails on reports
// that are broken in the ways a writer breaks them. Exit 77 (skipped) where the validators are not installed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './validate.mjs';

if (!installed()) {
  console.log('skipped: the SARIF validators are not installed; run npm ci in test/sarif');
  process.exit(77);
}

const script = fileURLToPath(new URL('./validate.mjs', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'tenterhook-validate-test-'));

const validate = (...files) => spawnSync(process.execPath, [script, ...files], { encoding: 'utf8' });

function write(name, text) {
  const file = path.join(work, `${name}.sarif`);
  writeFileSync(file, text);
  return file;
}

const sample = (format) => execFileSync(process.argv[2], [format], { encoding: 'utf8', maxBuffer: 1 << 28 });

// A change that makes the sample wrong, and what of it the validator must name.
const breakages = {
  'no version': [(log) => delete log.version, /version/],
  'a result without a message': [(log) => delete log.runs[0].results[0].message, /message/],
  'a rule index out of range': [(log) => (log.runs[0].results[0].ruleIndex = 1000), /ruleIndex/],
  'an artifact index out of range': [
    (log) => (log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.index = 1000),
    /index/,
  ],
  'a region that ends before it starts': [
    (log) => (log.runs[0].results[0].locations[0].physicalLocation.region.endLine = 1),
    /endLine/,
  ],
  'a context that is smaller than its region': [
    (log) => {
      const places = log.runs[0].results.map((result) => result.locations[0].physicalLocation);
      const { contextRegion } = places.find((place) => place.contextRegion);
      contextRegion.startLine = contextRegion.endLine;
    },
    /contextRegion/,
  ],
  'a source root without its slash': [
    (log) => (log.runs[0].originalUriBaseIds['%SRCROOT%'].uri = 'file:///srv'),
    /uri/,
  ],
  'a rule without help': [(log) => delete log.runs[0].tool.driver.rules[0].help, /help/],
};

try {
  const valid = ['standard', 'github', 'strict']
    .flatMap((profile) => [profile, `empty-${profile}`])
    .map((format) => write(format, sample(format)));
  const good = validate(...valid);
  assert.equal(good.status, 0, good.stdout + good.stderr);

  for (const [name, [damage, expected]] of Object.entries(breakages)) {
    const log = JSON.parse(sample('standard'));
    damage(log);
    const { status, stdout, stderr } = validate(write(name.replaceAll(' ', '-'), JSON.stringify(log)));
    assert.equal(status, 1, `${name} passed: ${stdout}${stderr}`);
    assert.match(stdout, expected, name);
  }
  assert.equal(validate(write('no-json', '{"version": ')).status, 1, 'no JSON passed');
  assert.equal(validate(path.join(work, 'missing.sarif')).status, 2, 'a missing file passed');
  assert.equal(validate().status, 2, 'no file passed');
  console.log(`${valid.length} valid and ${Object.keys(breakages).length + 3} broken cases behave`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
