// The network of the HTTP bench, in a process of its own. It tells its parent where it is, and what processor time it used, whenever asked.
import { createLocalIc } from 'local-ic';
import { installBallast } from './ballast.ts';

const [stateDir] = process.argv.slice(2);
const ic = await createLocalIc(stateDir === undefined ? {} : { stateDir });
const canisterId = await installBallast(ic);
const { url } = await ic.listen({ port: 0 });

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ processorMs: (user + system) / 1_000 });
});
process.on('disconnect', () => void ic.close());
process.send?.({ url, canisterId: canisterId.toText() });
