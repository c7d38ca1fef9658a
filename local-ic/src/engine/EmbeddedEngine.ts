import { setTimeout as sleep, setImmediate as immediate } from 'node:timers/promises';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { Lifecycle } from '../management/Lifecycle.ts';
import { CanisterIdRecord } from '../management/candid.ts';
import type { InstallOptions } from '../management/code.ts';
import type { CreateOptions } from '../management/creation.ts';
import type { Answer } from '../management/ManagementCall.ts';
import { ManagementCanister } from '../management/ManagementCanister.ts';
import { receiveOutcall } from '../management/outcallResponse.ts';
import { OutcallRunner } from '../outcalls/OutcallRunner.ts';
import type { OutcallResult } from '../outcalls/Outcalls.ts';
import { Alarm } from './Alarm.ts';
import { unwrapReply } from './CanisterReject.ts';
import { MessageExecutor } from './MessageExecutor.ts';
import { runQuery } from './runQuery.ts';
import { Scheduler } from './Scheduler.ts';
import type { Subnet } from './Subnet.ts';
import { TimeEvents } from './TimeEvents.ts';
import type { Call, CallResult, CanisterRecord, Engine } from './types.ts';

/** How long closing waits for messages to end. */
const CLOSING_MS = 2_000;
/** How long a jump in time may keep the process from anything else. */
const ADVANCE_SLICE_MS = 20;

/** What the engine tells whoever saves its state. */
export interface StateKeeper {
  /** The state may have changed. */
  onProgress(): void;
  save(): Promise<void>;
  close(): Promise<void>;
}

/** What comes into the engine from the world outside, besides calls: plain data, so that it can be recorded and repeated. */
export interface OutcallInput {
  kind: 'outcall-response';
  id: number;
  result: OutcallResult;
}

/** The engine with what belongs to whoever runs the network, next to what canisters and clients can do. */
export class EmbeddedEngine implements Engine {
  readonly #subnet: Subnet;
  readonly #scheduler: Scheduler;
  readonly #executor: MessageExecutor;
  readonly #management: ManagementCanister;
  readonly #timeEvents: TimeEvents;
  readonly #outcalls: OutcallRunner;
  readonly #alarm: Alarm;
  #keeper: StateKeeper | undefined;
  #advancing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(subnet: Subnet) {
    this.#subnet = subnet;
    const answer: Answer = (origin, result, refund) => this.#executor.respond(origin, result, refund);
    const lifecycle = new Lifecycle(subnet, answer);
    this.#executor = new MessageExecutor(subnet, {
      enqueue: (message) => this.#scheduler.push(message),
      management: (request) => this.#management.handle(request),
      contextClosed: (canister) => lifecycle.contextClosed(canister)
    });
    const rejectOpenContexts = (canister: CanisterState, result: CallResult): void => this.#executor.rejectOpenContexts(canister, result);
    this.#management = new ManagementCanister({ subnet, lifecycle, rejectOpenContexts }, answer);
    this.#outcalls = new OutcallRunner(subnet.outcalls, (id, result) => this.#receive({ kind: 'outcall-response', id, result }, answer));
    this.#scheduler = new Scheduler(
      (message) => this.#executor.handle(message),
      () => this.#onPause(),
      () => this.#onIdle()
    );
    this.#timeEvents = new TimeEvents(subnet, lifecycle, (message) => this.#scheduler.push(message));
    this.#alarm = new Alarm(() => {
      this.#timeEvents.fireDue();
      this.#setAlarm();
    });
    this.#setAlarm();
  }

  /** Has the state kept from now on. */
  keepStateWith(keeper: StateKeeper): void {
    this.#keeper = keeper;
  }

  now(): bigint {
    return this.#subnet.clock.now();
  }

  async update({ canisterId, method, arg, sender }: Call): Promise<CallResult> {
    if (this.#closed) throw new Error('The network is closed');
    return this.#executor.submit({
      callee: canisterId.toUint8Array(),
      method,
      arg: Uint8Array.from(arg),
      caller: sender.toUint8Array()
    });
  }

  async query({ canisterId, method, arg, sender }: Call): Promise<CallResult> {
    if (this.#closed) throw new Error('The network is closed');
    const call = { callee: canisterId.toUint8Array(), method, arg: Uint8Array.from(arg), caller: sender.toUint8Array() };
    if (call.callee.length === 0) return this.#management.query({ method, arg: call.arg, caller: sender });
    return runQuery(this.#subnet, call);
  }

  canister(id: Principal): CanisterRecord | undefined {
    const canister = this.#subnet.canisters.get(id.toUint8Array());
    return canister && recordOf(canister);
  }

  canisters(): CanisterRecord[] {
    return [...this.#subnet.canisters.all()].map(recordOf);
  }

  setCertifier(certifier: (canisterId: Principal) => Uint8Array): void {
    this.#subnet.setCertifier(certifier);
  }

  setRootKey(der: Uint8Array): void {
    this.#subnet.setRootKey(der);
  }

  setLog(log: (line: string) => void): void {
    this.#subnet.setLog(log);
  }

  async idle(): Promise<void> {
    do await this.#scheduler.idle();
    while (await this.#outcalls.next());
  }

  async advance(ns: bigint): Promise<void> {
    if (ns < 0n) throw new RangeError('Time only moves forward');
    // One after the other: two at once would both aim at a time that the other moves.
    this.#advancing = this.#advancing.then(() => this.#advance(ns));
    await this.#advancing;
  }

  /** Size of a canister's Wasm memory; 0 without code. */
  memoryBytes(id: Principal): number {
    return this.#subnet.canisters.get(id.toUint8Array())?.runtime?.heap.byteLength ?? 0;
  }

  instructions(id: Principal): { last: bigint; total: bigint } {
    return { ...(this.#subnet.canisters.get(id.toUint8Array())?.instructions ?? { last: 0n, total: 0n }) };
  }

  /** Creates a canister without code. @throws CanisterReject when the asked-for id is taken */
  async createCanister(options: CreateOptions): Promise<Principal> {
    const { id } = this.#management.createCanister(options);
    this.#changed();
    return id;
  }

  /** Installs code as `sender`. @throws CanisterReject with the reason; everything is then as it was before */
  async installCode({ canisterId, sender, ...options }: InstallOptions & { canisterId: Principal; sender: Principal }): Promise<void> {
    try {
      this.#management.installCode(canisterId, sender, options);
    } finally {
      this.#changed();
    }
  }

  /** Resolves when the canister is stopped, all its open calls having ended. @throws CanisterReject */
  async stopCanister(id: Principal, sender: Principal): Promise<void> {
    await this.#manage('stop_canister', id, sender);
  }

  /** @throws CanisterReject when `sender` doesn't control the canister */
  async startCanister(id: Principal, sender: Principal): Promise<void> {
    await this.#manage('start_canister', id, sender);
  }

  /** Writes the state to the state directory; without one it does nothing. */
  async save(): Promise<void> {
    await this.#keeper?.save();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#alarm.set(undefined, 0n);
    // Canisters may call each other without end; a network must close all the same.
    await Promise.race([this.#scheduler.idle(), sleep(CLOSING_MS, undefined, { ref: false })]);
    this.#scheduler.close();
    this.#outcalls.close();
    await this.#keeper?.close();
  }

  /** Runs what continues calls already begun, so that the state can be taken with nothing half done. Returns whether that is so now. */
  settle(): boolean {
    this.#scheduler.finishBegunWork();
    return [...this.#subnet.canisters.all()].every(({ contexts }) => contexts.size === 0);
  }

  /** Calls the management canister as any user does, so that it takes its turn among the messages. @throws CanisterReject */
  async #manage(method: string, id: Principal, sender: Principal): Promise<void> {
    const arg = new Uint8Array(IDL.encode([CanisterIdRecord], [{ canister_id: id }]));
    unwrapReply(await this.update({ canisterId: Principal.managementCanister(), method, arg, sender }));
  }

  async #advance(ns: bigint): Promise<void> {
    const { clock } = this.#subnet;
    const targetNs = clock.now() + ns;
    const targetOffset = clock.offsetNs + ns;
    for (let turn = performance.now(); ;) {
      // Time stands still while the world outside answers: an HTTP request takes none of it.
      await this.idle();
      if (performance.now() - turn > ADVANCE_SLICE_MS) {
        await immediate();
        turn = performance.now();
      }
      const next = this.#timeEvents.nextNs();
      if (next === undefined || next > targetNs) break;
      clock.moveTo(next, targetOffset);
      this.#timeEvents.fireDue();
    }
    clock.setOffset(targetOffset);
    this.#changed();
    await this.idle();
  }

  /** The one place where answers of the world outside enter the state. */
  #receive({ id, result }: OutcallInput, answer: Answer): void {
    receiveOutcall(this.#subnet, answer, id, result);
    this.#changed();
  }

  #changed(): void {
    if (this.#scheduler.isIdle) this.#onIdle();
  }

  /** Messages are left: what time sets off must not wait until there are none. */
  #onPause(): void {
    this.#outcalls.start();
    if (!this.#subnet.clock.isVirtual) this.#timeEvents.fireDue();
    this.#keeper?.onProgress();
  }

  #onIdle(): void {
    if (!this.#closed) this.#outcalls.start();
    // With a clock that stands still nothing rings, so what is due at this very moment has to run now.
    if (this.#subnet.clock.isVirtual && !this.#closed) this.#timeEvents.fireDue();
    this.#setAlarm();
    this.#keeper?.onProgress();
  }

  #setAlarm(): void {
    if (this.#subnet.clock.isVirtual || this.#closed) return;
    this.#alarm.set(this.#timeEvents.nextNs(), this.#subnet.clock.now());
  }
}

function recordOf({ id, controllers, certifiedData, runtime, status }: CanisterState): CanisterRecord {
  const module = runtime?.heap.module;
  return { id, controllers: [...controllers], certifiedData, moduleHash: module?.hash, metadata: module?.metadata ?? [], status };
}
