import type { Principal } from '@dfinity/principal';
import { unwrapReply } from '../engine/CanisterReject.ts';
import type { EmbeddedEngine } from '../engine/EmbeddedEngine.ts';
import type { Call } from '../engine/types.ts';
import { EMPTY_REPLY } from '../management/candid.ts';
import { Actors } from './Actors.ts';
import type { CanisterControl, InProcessCall } from './CanisterControl.ts';
import { letOthersRun } from './letOthersRun.ts';
import { ManagementCalls } from './managementCalls.ts';
import { pendingCall } from './PendingCall.ts';
import { principalOf, type Sender } from './Sender.ts';

/** No arguments: Candid has one encoding for what is passed and what is returned. */
const NO_ARGUMENTS = EMPTY_REPLY;

/** Control of a network's canisters. @param admin who acts where no sender is given */
export function controlCanisters(engine: EmbeddedEngine, admin: Principal): CanisterControl {
  const actors = new Actors(engine);
  const awaited = letOthersRun(engine);
  const management = new ManagementCalls(engine);
  const from = (sender: Sender = admin): Principal => principalOf(sender);
  const callOf = ({ sender, ...call }: InProcessCall): Call => ({ ...call, sender: from(sender) });

  const control: CanisterControl = {
    async setupCanister({ idlFactory, wasm, arg, sender, controllers = [from(sender)], ...create }) {
      const canisterId = await control.createCanister({ controllers, ...create });
      await control.installCode({ canisterId, wasm, ...(arg && { arg }), ...(sender && { sender }) });
      return { canisterId, actor: actors.create(idlFactory, canisterId, from(sender)) };
    },
    createCanister: ({ controllers = [admin], canisterId, cycles } = {}) => engine.createCanister({ controllers, canisterId, cycles }),
    installCode: ({ arg = NO_ARGUMENTS, mode = 'install', keepMemory = false, skipPreUpgrade = false, sender, ...install }) =>
      engine.installCode({
        ...install,
        arg,
        mode,
        sender: from(sender),
        wasmMemoryPersistence: keepMemory ? 'keep' : undefined,
        skipPreUpgrade
      }),
    uninstallCode: (id, sender) => management.uninstallCode(id, from(sender)),
    stopCanister: (id, sender) => engine.stopCanister(id, from(sender)),
    startCanister: (id, sender) => engine.startCanister(id, from(sender)),
    deleteCanister: (id, sender) => management.deleteCanister(id, from(sender)),
    updateSettings: (id, settings, sender) => management.updateSettings(id, settings, from(sender)),
    canisterStatus: (id, sender) => management.canisterStatus(id, from(sender)),
    canisterLogs: (id, sender) => management.canisterLogs(id, from(sender)),
    async addCycles(id, cycles) {
      await management.topUp(id, cycles, admin);
      return engine.cycles(id).balance;
    },
    update: async (call) => unwrapReply(await awaited.update(callOf(call)), call),
    query: async (call) => unwrapReply(await awaited.query(callOf(call)), call),
    submit: (call) => pendingCall(call, engine.update(callOf(call)), (reply) => reply),
    report: ({ kind, ...call }) => awaited.report(callOf(call), kind),
    actor: (idlFactory, canisterId, sender) => actors.create(idlFactory, canisterId, from(sender)),
    as: (actor, sender) => actors.as(actor, from(sender)),
    deferred: (actor) => actors.deferred(actor),
    reporting: (actor) => actors.reporting(actor)
  };
  return control;
}
