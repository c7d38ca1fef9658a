import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { HttpRequestType } from '../../src/management/httpTypes.ts';
import { program, type Program } from '../universal/Program.ts';
import { add, api, bytes } from '../universal/values.ts';
import type { UniversalCanister, UniversalNetwork } from '../universal/universalNetwork.ts';
import { MANAGEMENT } from './management.ts';

/** A way to have a program run in one kind of execution. */
export interface ExecutionContext {
  /** The letter of the specification. */
  letter: string;
  name: string;
  run: (probe: Program) => Promise<unknown>;
}

const MISSING_METHOD = 'missing';
const OUTCALL_CYCLES = 1_000_000_000_000n;

/** The argument of an outcall whose response the method `transform` gets to see. */
function httpArgument(canisterId: Principal, url: string): Uint8Array {
  const transform = { function: [canisterId, 'transform'], context: new Uint8Array() };
  const none = { max_response_bytes: [], headers: [], body: [], is_replicated: [] };
  return new Uint8Array(IDL.encode([HttpRequestType], [{ ...none, url, method: { get: null }, transform: [transform] }]));
}

/**
 * All kinds of execution. What the program does there can't be told from a result, so it has to print it.
 *
 * @param outcallUrl what an outcall can ask for
 */
export async function executionContexts(network: UniversalNetwork, outcallUrl: string): Promise<ExecutionContext[]> {
  const { engine } = network;
  const main = await network.universal();
  const fresh = await network.empty();
  const inspecting = await network.empty();
  const beating = await network.empty();
  const callOf = (method: string, callbacks: { onReply?: Program; onReject?: Program; onCleanup?: Program }): Program =>
    program().callTo({ callee: main.bytes, method, arg: program().reply(), ...callbacks });
  const quietly = (installation: Promise<void>): Promise<unknown> => installation.catch((error: unknown) => error);
  const reinstall = (canister: UniversalCanister, choice: Parameters<UniversalCanister['install']>[1]): Promise<unknown> =>
    quietly(canister.install('reinstall', choice));
  const inUpgrade = async (stored: Program, onUpgrade: Program): Promise<void> => {
    await reinstall(fresh, { program: program().store('preUpgrade', stored) });
    await quietly(fresh.install('upgrade', { program: onUpgrade }));
  };
  return [
    { letter: 's', name: 'start', run: (probe) => reinstall(fresh, { start: probe }) },
    { letter: 'I', name: 'canister_init', run: (probe) => reinstall(fresh, { program: probe }) },
    { letter: 'I', name: 'canister_post_upgrade', run: (probe) => inUpgrade(program(), probe) },
    { letter: 'G', name: 'canister_pre_upgrade', run: (probe) => inUpgrade(probe, program()) },
    { letter: 'U', name: 'canister_update', run: (probe) => main.update(probe) },
    { letter: 'RQ', name: 'canister_query, replicated', run: (probe) => main.replicatedQuery(probe) },
    { letter: 'NRQ', name: 'canister_query, not replicated', run: (probe) => main.query(probe) },
    {
      letter: 'TQ',
      name: 'canister_query, as a transform',
      async run(probe) {
        const outcall = { callee: MANAGEMENT.toUint8Array(), method: 'http_request', arg: bytes(httpArgument(main.id, outcallUrl)) };
        await main.update(
          program()
            .store('transform', probe)
            .forward({ ...outcall, cycles: OUTCALL_CYCLES })
        );
      }
    },
    { letter: 'CQ', name: 'canister_composite_query', run: (probe) => main.composite(probe) },
    { letter: 'Ry', name: 'reply callback', run: (onReply) => main.update(callOf('update', { onReply })) },
    { letter: 'Rt', name: 'reject callback', run: (onReject) => main.update(callOf(MISSING_METHOD, { onReject })) },
    { letter: 'CRy', name: 'reply callback of a composite query', run: (onReply) => main.composite(callOf('query', { onReply })) },
    {
      letter: 'CRt',
      name: 'reject callback of a composite query',
      run: (onReject) => main.composite(callOf(MISSING_METHOD, { onReject }))
    },
    { letter: 'C', name: 'cleanup callback', run: (onCleanup) => main.update(callOf('update', { onReply: program().trap(), onCleanup })) },
    {
      letter: 'CC',
      name: 'cleanup callback of a composite query',
      run: (onCleanup) => main.composite(callOf('query', { onReply: program().trap(), onCleanup }))
    },
    {
      letter: 'F',
      name: 'canister_inspect_message',
      async run(probe) {
        await reinstall(inspecting, { inspect: true, program: program().store('inspect', probe) });
        await inspecting.update(program());
      }
    },
    {
      letter: 'T',
      name: 'canister_global_timer',
      async run(probe) {
        await main.update(
          program()
            .store('globalTimer', probe)
            .call('global_timer_set', add(api('time'), 1))
            .reply()
        );
        await engine.advance(1n);
      }
    },
    {
      letter: 'T',
      name: 'canister_heartbeat',
      async run(probe) {
        await reinstall(beating, { heartbeat: true, program: program().store('heartbeat', probe) });
        await engine.advance(1_000_000_000n);
        await reinstall(beating, {});
      }
    }
  ];
}
