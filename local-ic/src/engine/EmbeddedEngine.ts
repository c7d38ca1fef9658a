import { setTimeout as sleep, setImmediate as immediate } from 'node:timers/promises';
import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { Lifecycle } from '../management/Lifecycle.ts';
import { ManagementCanister, type CreateOptions, type InstallOptions } from '../management/ManagementCanister.ts';
import { Alarm } from './Alarm.ts';
import type { CanisterFaults } from './canisterFaults.ts';
import { CanisterReject } from './CanisterReject.ts';
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

/** The engine with what belongs to whoever runs the network, next to what canisters and clients can do. */
export class EmbeddedEngine implements Engine {
  readonly #subnet: Subnet;
  readonly #scheduler: Scheduler;
  readonly #executor: MessageExecutor;
  readonly #management: ManagementCanister;
  readonly #timeEvents: TimeEvents;
  readonly #alarm: Alarm;
  #keeper: StateKeeper | undefined;
  #advancing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(subnet: Subnet) {
    this.#subnet = subnet;
    const lifecycle = new Lifecycle();
    this.#executor = new MessageExecutor(subnet, {
      enqueue: (message) => this.#scheduler.push(message),
      management: (request, respond) => this.#management.handle(request, respond),
      contextClosed: (canister) => lifecycle.contextClosed(canister),
      start: (canister) => lifecycle.start(canister)
    });
    this.#management = new ManagementCanister(subnet, lifecycle, (canister, result) => this.#executor.rejectOpenContexts(canister, result));
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

  /** Has `faults` decide from now on what goes wrong with messages. */
  setCanisterFaults(faults: CanisterFaults): void {
    this.#subnet.faults = faults;
  }

  /** Lets go what a rule of faults holds back, or what all of them do. */
  releaseHeld(rule?: number): void {
    for (const message of this.#subnet.held.take(rule)) this.#scheduler.push(message);
  }

  setLog(log: (line: string) => void): void {
    this.#subnet.setLog(log);
  }

  idle(): Promise<void> {
    return this.#scheduler.idle();
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
    const result = await new Promise<CallResult>((resolve) => this.#management.stopCanister(id, sender, resolve));
    this.#changed();
    if (result.kind === 'reject') throw new CanisterReject(result.code, result.errorCode, result.message);
  }

  /** @throws CanisterReject when `sender` doesn't control the canister */
  async startCanister(id: Principal, sender: Principal): Promise<void> {
    this.#management.startCanister(id, sender);
    this.#changed();
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
    await this.#keeper?.close();
  }

  /** Runs what continues calls already begun, so that the state can be taken with nothing half done. Returns whether that is so now. */
  settle(): boolean {
    this.#scheduler.finishBegunWork();
    return [...this.#subnet.canisters.all()].every(({ contexts }) => contexts.size === 0);
  }

  async #advance(ns: bigint): Promise<void> {
    const { clock } = this.#subnet;
    const targetNs = clock.now() + ns;
    const targetOffset = clock.offsetNs + ns;
    for (let turn = performance.now(); ;) {
      await this.#scheduler.idle();
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
    await this.#scheduler.idle();
  }

  #changed(): void {
    if (this.#scheduler.isIdle) this.#onIdle();
  }

  /** Messages are left: what time sets off must not wait until there are none. */
  #onPause(): void {
    if (!this.#subnet.clock.isVirtual) this.#timeEvents.fireDue();
    this.#keeper?.onProgress();
  }

  #onIdle(): void {
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
