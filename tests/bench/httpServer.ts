// The network of the throughput bench, in a process of its own: told by its parent what to do, it answers over the channel between the two.
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { compileMotoko, createLocalIc } from 'local-ic';
import { root } from '../../scripts/lib/paths.ts';

const ic = await createLocalIc();
const { wasm } = await compileMotoko({ entry: join(root, 'tests/bench/Ballast.mo'), cacheDir: join(root, '.cache/motoko') });
const canisterId = await ic.createCanister();
await ic.installCode({ canisterId, wasm, arg: new Uint8Array(IDL.encode([], [])), mode: 'install' });
const { url } = await ic.listen({ port: 0 });

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000 });
});
process.on('disconnect', () => process.exit());
process.send?.({ url, canisterId: canisterId.toText() });
