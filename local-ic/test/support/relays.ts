import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { EngineOptions } from '../../src/engine/createEngine.ts';
import type { CallResult } from '../../src/engine/types.ts';
import { ADMIN, startNetwork, type TestNetwork } from './network.ts';
import { forwarded, readForwarded, relay, type ForwardResult, type Forwarded } from './relay.ts';

const MANAGEMENT = Principal.managementCanister();

/** A network of relays, with what tests of calls and cycles do to it all the time. */
export interface RelayNetwork extends TestNetwork {
  /** A new relay, its own controller besides the tests. */
  relay(cycles?: bigint): Promise<Principal>;
  update(canisterId: Principal, method: string, arg?: Uint8Array, sender?: Principal): Promise<CallResult>;
  /** The reply. @throws Error when the call is rejected */
  reply(canisterId: Principal, method: string, arg?: Uint8Array): Promise<Uint8Array>;
  /** Has a relay pass a call on. @param method `forward` or a variant of it */
  forward(through: Principal, call: Forwarded, method?: string): Promise<ForwardResult>;
  topUp(id: Principal, cycles: bigint): Promise<void>;
  /** Sets one of a canister's settings that are numbers. */
  configure(id: Principal, setting: string, value: bigint): Promise<CallResult>;
  status(id: Principal): Promise<{ cycles: bigint; reserved_cycles: bigint; idle_cycles_burned_per_day: bigint; memory_size: bigint }>;
  uninstall(id: Principal): Promise<void>;
}

const Named = { canister_id: IDL.Principal };
const Status = IDL.Record({ cycles: IDL.Nat, reserved_cycles: IDL.Nat, idle_cycles_burned_per_day: IDL.Nat, memory_size: IDL.Nat });
const encode = (fields: Record<string, IDL.Type>, value: Record<string, unknown>): Uint8Array =>
  new Uint8Array(IDL.encode([IDL.Record(fields)], [value]));

/** A call to be passed on that takes 300 s: the callee, a relay, waits for itself to stop, which it can't before it has answered. */
export function slowCall(callee: Principal): Pick<Forwarded, 'callee' | 'method' | 'arg'> {
  const stop = { callee: MANAGEMENT, method: 'stop_canister', arg: encode(Named, { canister_id: callee }) };
  return { callee, method: 'forward', arg: forwarded(stop) };
}

export async function startRelays(options: Partial<EngineOptions> = {}): Promise<RelayNetwork> {
  const network = await startNetwork(options);
  const { engine } = network;
  const update: RelayNetwork['update'] = (canisterId, method, arg = new Uint8Array(0), sender = ADMIN) =>
    engine.update({ canisterId, method, arg, sender });
  const reply: RelayNetwork['reply'] = async (canisterId, method, arg) => {
    const result = await update(canisterId, method, arg);
    if (result.kind === 'reject') throw new Error(`${result.errorCode}: ${result.message}`);
    return result.reply;
  };
  const manage = async (method: string, arg: Uint8Array): Promise<void> => {
    await reply(MANAGEMENT, method, arg);
  };
  return {
    ...network,
    update,
    reply,
    async relay(cycles) {
      const canisterId = await engine.createCanister({ controllers: [ADMIN], cycles });
      const controllers = IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)) });
      await manage(
        'update_settings',
        encode({ ...Named, settings: controllers }, { canister_id: canisterId, settings: { controllers: [[ADMIN, canisterId]] } })
      );
      await engine.installCode({ canisterId, sender: ADMIN, mode: 'install', wasm: relay, arg: new Uint8Array(0) });
      return canisterId;
    },
    forward: async (through, call, method = 'forward') => readForwarded(await reply(through, method, forwarded(call))),
    topUp: (canister_id, amount) => manage('provisional_top_up_canister', encode({ ...Named, amount: IDL.Nat }, { canister_id, amount })),
    configure: (canister_id, setting, value) =>
      update(
        MANAGEMENT,
        'update_settings',
        encode({ ...Named, settings: IDL.Record({ [setting]: IDL.Opt(IDL.Nat) }) }, { canister_id, settings: { [setting]: [value] } })
      ),
    async status(canister_id) {
      const bytes = await reply(MANAGEMENT, 'canister_status', encode(Named, { canister_id }));
      const [status] = IDL.decode([Status], bytes);
      return status as unknown as Awaited<ReturnType<RelayNetwork['status']>>;
    },
    uninstall: (canister_id) => manage('uninstall_code', encode(Named, { canister_id }))
  };
}
