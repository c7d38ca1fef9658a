// The whole proof: static checks, then every suite; one summary line each and, last, "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './lib/buildApp.ts';
import { buildCanisters } from './lib/canisters.ts';
import { checks } from './lib/checks.ts';
import { findChromium } from './lib/chromium.ts';
import { root } from './lib/paths.ts';

interface Result {
  passed: number;
  failed: number;
  skipped: number;
  /** What to print when something failed. */
  output: string;
}

const reports = join(root, '.cache/reports');
const bin = (tool: string): string => join(root, 'node_modules/.bin', tool);

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Counts come from the runner's own report; a runner that died without one, or ran nothing, is a failure. */
function fromReport(file: string, code: number, output: string, count: (report: never) => Omit<Result, 'output'>): Result {
  let counted: Omit<Result, 'output'>;
  try {
    counted = count(JSON.parse(readFileSync(file, 'utf8')) as never);
  } catch {
    return { passed: 0, failed: 1, skipped: 0, output: `${output}\n(no report was written)` };
  }
  const silentFailure = counted.failed === 0 && (code !== 0 || counted.passed === 0);
  return { ...counted, failed: counted.failed + (silentFailure ? 1 : 0), output };
}

async function vitest(project: string): Promise<Result> {
  const file = join(reports, `${project}.json`);
  rmSync(file, { force: true });
  const { code, output } = await run(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`
  ]);
  return fromReport(file, code, output, (report: { numPassedTests: number; numFailedTests: number; numPendingTests: number }) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests
  }));
}

async function playwright(): Promise<Result> {
  const file = join(reports, 'e2e.json');
  rmSync(file, { force: true });
  const { code, output } = await run(bin('playwright'), ['test', '--reporter=list,json'], {
    CHROME_PATH: await findChromium(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: file
  });
  return fromReport(file, code, output, (report: { stats: { expected: number; unexpected: number; flaky: number; skipped: number } }) => ({
    passed: report.stats.expected,
    failed: report.stats.unexpected + report.stats.flaky,
    skipped: report.stats.skipped
  }));
}

async function staticChecks(): Promise<Result> {
  const result: Result = { passed: 0, failed: 0, skipped: 0, output: '' };
  for (const { name, tool, args } of checks) {
    const { code, output } = await run(bin(tool), args);
    if (code === 0) result.passed += 1;
    else {
      result.failed += 1;
      result.output += `\n--- ${name}\n${output}`;
    }
  }
  return result;
}

const suites: Record<string, () => Promise<Result>> = {
  check: staticChecks,
  unit: () => vitest('unit'),
  components: () => vitest('components'),
  'local-ic': () => vitest('local-ic'),
  canisters: () => vitest('canisters'),
  services: () => vitest('services'),
  simulation: () => vitest('simulation'),
  browser: playwright
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(suites, name));
if (unknown !== undefined) {
  console.error(`There is no suite "${unknown}". There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
const started = performance.now();
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  await run(bin('svelte-kit'), ['sync']);
  await findChromium();
  await buildCanisters();
  await buildApp();
} catch (error) {
  console.log((error as Error).message);
  console.log('setup        failed\n0 passed, 1 failed');
  process.exit(1);
}
console.log(`setup        ${((performance.now() - started) / 1000).toFixed(0)} s`);
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const suiteStarted = performance.now();
  const result = await suite();
  if (result.failed > 0) console.log(result.output);
  console.log(
    `${name.padEnd(12)} ${result.passed} passed, ${result.failed} failed${result.skipped > 0 ? `, ${result.skipped} skipped` : ''} (${((performance.now() - suiteStarted) / 1000).toFixed(0)} s)`
  );
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped += result.skipped;
}
const minutes = (performance.now() - started) / 60_000;
console.log(`all suites in ${minutes.toFixed(1)} minutes`);
// For `npm run bench`, which reports how long the whole proof takes.
if (wanted.length === 0) writeFileSync(join(reports, 'duration.json'), JSON.stringify({ minutes }));
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 ? 0 : 1);
