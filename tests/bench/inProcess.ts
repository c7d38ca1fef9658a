import { createLocalIc } from 'local-ic';
import { installBallast, NOTHING } from './ballast.ts';
import { goal, medianMs, rate, type Row } from './measure.ts';

const SAMPLES = 400;
const SECONDS = 2;

/** What a message costs in process, without HTTP and cryptography, on canisters of different sizes. */
export async function inProcess(): Promise<Row[]> {
  const ic = await createLocalIc({ clock: { startNs: 1_767_225_600_000_000_000n } });
  const rows: Row[] = [];
  try {
    for (const [name, megabytes] of [
      ['5 MB', 5],
      ['100 MB', 100],
      ['1 GB', 1_000]
    ] as const) {
      const canisterId = await installBallast(ic, megabytes);
      const update = () => ic.update({ canisterId, method: 'increment', arg: NOTHING });
      const query = () => ic.query({ canisterId, method: 'getAfterWriting', arg: NOTHING });
      rows.push({ what: `small update in process, ${name} heap`, value: await medianMs(update, SAMPLES), unit: 'ms', ...goal(0.05) });
      rows.push({ what: `small query that writes, ${name} heap`, value: await medianMs(query, SAMPLES), unit: 'ms', ...goal(0.05) });
      if (megabytes > 5) continue;
      rows.push({ what: 'updates in process', value: (await rate(update, 1, SECONDS)).perSecond, unit: '/s', ...goal(20_000) });
      rows.push({ what: 'queries in process', value: (await rate(query, 1, SECONDS)).perSecond, unit: '/s', ...goal(30_000) });
    }
  } finally {
    await ic.close();
  }
  return rows;
}
