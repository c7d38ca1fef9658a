// A process from nothing to the answer of the first update, as a test has it; says so on its output.
import { createLocalIc } from 'local-ic';
import { installBallast, NOTHING } from './ballast.ts';

const ic = await createLocalIc();
const canisterId = await installBallast(ic);
await ic.update({ canisterId, method: 'increment', arg: NOTHING });
process.stdout.write('answered\n');
await ic.close();
