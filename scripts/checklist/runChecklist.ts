import { balances } from './checks/balances.ts';
import { configuration, readConfiguration } from './checks/configuration.ts';
import { consoleFigures } from './checks/consoleFigures.ts';
import { cycles } from './checks/cycles.ts';
import { health } from './checks/health.ts';
import { liveUpdates } from './checks/liveUpdates.ts';
import { reserves } from './checks/reserves.ts';
import { services } from './checks/services.ts';
import { settlement } from './checks/settlement.ts';
import { siteHeaders } from './checks/siteHeaders.ts';
import { versions } from './checks/versions.ts';
import { createContext, type Context } from './context.ts';
import { inWords } from './inWords.ts';
import { skipped, type Check, type Finding } from './finding.ts';
import type { Plan } from './plan.ts';
import { isGo, tableOf, type Row } from './table.ts';

/** In the order of the table. The canary trades before the balances are added up. */
const checks: Check[] = [
  configuration,
  siteHeaders,
  versions,
  services,
  liveUpdates,
  consoleFigures,
  reserves,
  settlement,
  balances,
  cycles,
  health
];

/** Runs every check that can run, prints the table and answers the exit code: 0 go, 1 no-go. */
export async function runChecklist(plan: Plan): Promise<number> {
  // The agent warns with whole stack traces of what the table says in words.
  console.warn = () => undefined;
  const rows = await runAll(plan);
  console.log(`\n${tableOf(rows)}`);
  const count = (result: Finding['result']): number => rows.filter((row) => row.result === result).length;
  const go = isGo(rows);
  console.log(`\n${go ? 'GO' : 'NO-GO'}: ${count('ok')} ok, ${count('FAILED')} failed, ${count('skipped')} skipped`);
  return go ? 0 : 1;
}

async function runAll(plan: Plan): Promise<Row[]> {
  const read = await readConfiguration(plan);
  if ('fault' in read) {
    const [first, ...rest] = checks;
    return [
      ...(first === undefined ? [] : [{ name: first.name, result: 'FAILED' as const, evidence: read.fault }]),
      ...rest.map(({ name }) => ({ name, ...skipped('without a configuration there is nothing to ask') }))
    ];
  }
  const context = createContext(plan, read.config);
  const rows: Row[] = [];
  try {
    for (const check of checks) {
      console.error(`${check.name} ...`);
      rows.push({ name: check.name, ...(await finding(check, context)) });
    }
  } finally {
    context.close();
  }
  return rows;
}

/** A check that can't be carried out has failed: nobody knows what it would have found. */
async function finding(check: Check, context: Context): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    return { result: 'FAILED', evidence: inWords(error) };
  }
}
