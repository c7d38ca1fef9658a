import { Allowed, isReplicated } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import { environmentApi } from './environmentApi.ts';
import { api, sizeAndCopy, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

const STATUS_CODES = { running: 1, stopping: 2, stopped: 3 } as const;
const MAX_CERTIFIED_BYTES = 32;
const MAX_PRINCIPAL_BYTES = 29;
const decoder = new TextDecoder();
/** Stands for what a canister prints from beyond its memory, which is no reason to trap. */
const OUT_OF_BOUNDS = new TextEncoder().encode('(message out of memory bounds)');

/** The canister itself and the network around it. */
export function canisterApi(env: ApiEnvironment): ApiTable {
  // What is printed or trapped with may lie anywhere: that alone is no reason to trap.
  const message = (source: number, size: number): Uint8Array =>
    source + size > env.memory.byteLength ? OUT_OF_BOUNDS : env.memory.read(source, size);
  const certificate = (): Uint8Array => {
    const { certificate: bytes } = env.execution;
    if (bytes === undefined) throw Trap.contract('there is no data certificate here');
    return bytes;
  };
  return {
    ...sizeAndCopy(env, 'canister_self', Allowed.notInStart, () => env.canister.idBytes),
    ...sizeAndCopy(env, 'subnet_self', Allowed.notInStart, () => env.network.subnetId),
    ...sizeAndCopy(env, 'root_key', Allowed.replicated, () => env.network.rootKey),
    ...sizeAndCopy(env, 'data_certificate', Allowed.certificate, certificate),
    canister_status: api('', 'i', Allowed.notInStart, () => STATUS_CODES[env.canister.status]),
    canister_version: api('', 'l', Allowed.notInStart, () => env.canister.version),
    is_controller: api('pp', 'i', Allowed.anywhere, (source, size) => {
      if (size > MAX_PRINCIPAL_BYTES) throw Trap.contract(`a principal has at most ${MAX_PRINCIPAL_BYTES} bytes, not ${size}`);
      return env.canister.isController(env.memory.view(source, size)) ? 1 : 0;
    }),
    in_replicated_execution: api('', 'i', Allowed.anywhere, () => (isReplicated(env.execution.kind) ? 1 : 0)),
    certified_data_set: api('pp', '', Allowed.certifying, (source, size) => {
      if (size > MAX_CERTIFIED_BYTES) throw Trap.contract(`certified data has at most ${MAX_CERTIFIED_BYTES} bytes, not ${size}`);
      env.canister.certifiedData = env.memory.read(source, size);
    }),
    data_certificate_present: api('', 'i', Allowed.notInStart, () => (env.execution.hasCertificate ? 1 : 0)),
    time: api('', 'l', Allowed.notInStart, () => env.execution.timeNs),
    global_timer_set: api('l', 'l', Allowed.timer, (timeNs) => {
      const before = env.canister.globalTimerNs;
      env.canister.globalTimerNs = timeNs;
      return before;
    }),
    performance_counter: api('i', 'l', Allowed.anywhere, (type) => {
      const own = env.meter.used;
      if (type === 0) return own;
      if (type === 1) return own + (env.execution.context?.performance ?? 0n);
      throw Trap.contract(`there is no performance counter ${type}`);
    }),
    debug_print: api('pp', '', Allowed.anywhere, (source, size) => {
      const { canister, execution } = env;
      const printed = message(source, size);
      // What queries print is for the developer in front of the screen only.
      if (isReplicated(execution.kind)) canister.addLog(execution.timeNs, printed);
      env.network.log(`[Canister ${canister.name}] ${decoder.decode(printed)}`);
    }),
    trap: api('pp', '', Allowed.anywhere, (source, size) => {
      throw Trap.called(decoder.decode(message(source, size)));
    }),
    ...environmentApi(env)
  };
}
