import { Allowed } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import { api, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

/** Above this many pages (4 GiB) the 32-bit functions can't be used any more. */
const MAX_PAGES_32 = 65_536;

function toOffset(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw Trap.wasm('stable memory out of bounds');
  return Number(value);
}

/** Stable memory: offsets are i64 in the stable64 functions whatever the module's memory is, i32 in the old ones. */
export function stableMemoryApi(env: ApiEnvironment): ApiTable {
  const stable = () => env.canister.stableMemory;
  const stable32 = () => {
    if (stable().pages > MAX_PAGES_32) throw Trap.contract('32-bit stable memory functions on a stable memory above 4 GiB');
    return stable();
  };
  const read = (target: number, offset: number, size: number): void => stable().read(offset, env.memory.writable(target, size));
  const write = (offset: number, source: number, size: number): void => stable().write(offset, env.memory.view(source, size));
  return {
    stable64_size: api('', 'l', Allowed.anywhere, () => BigInt(stable().pages)),
    stable64_grow: api('l', 'l', Allowed.anywhere, (pages) => BigInt(pages > BigInt(2 ** 48) ? -1 : stable().grow(Number(pages)))),
    stable64_read: api('lll', '', Allowed.anywhere, (target, offset, size) => read(toOffset(target), toOffset(offset), toOffset(size))),
    stable64_write: api('lll', '', Allowed.anywhere, (offset, source, size) => write(toOffset(offset), toOffset(source), toOffset(size))),
    stable_size: api('', 'i', Allowed.anywhere, () => stable32().pages),
    stable_grow: api('i', 'i', Allowed.anywhere, (pages) => (stable32().pages + pages > MAX_PAGES_32 ? -1 : stable().grow(pages))),
    stable_read: api('iii', '', Allowed.anywhere, (target, offset, size) => {
      stable32();
      read(target, offset, size);
    }),
    stable_write: api('iii', '', Allowed.anywhere, (offset, source, size) => {
      stable32();
      write(offset, source, size);
    })
  };
}
