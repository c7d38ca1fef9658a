import { setTimeout as sleep, setImmediate as immediate } from 'node:timers/promises';
import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { Lifecycle } from '../management/Lifecycle.ts';
import type { Answer } from '../management/ManagementCall.ts';
import { ManagementCanister } from '../management/ManagementCanister.ts';
import { receiveOutcall } from '../management/outcallResponse.ts';
import { canisterCall, createCall, installCall, readCreated, type CreateOptions, type InstallOptions } from '../management/requests.ts';
import { OutcallRunner } from '../outcalls/OutcallRunner.ts';
import { StateCapture, type CapturedState } from '../persistence/captureState.ts';
import { stateHash } from '../persistence/stateHash.ts';
import { Alarm } from './Alarm.ts';
import { CallRecording, type CallReport } from './CallRecording.ts';
import { unwrapReply } from './CanisterReject.ts';
import type { CanisterFaults } from './canisterFaults.ts';
import { FaultDecisions } from './FaultDecisions.ts';
import { IdleCharges } from './IdleCharges.ts';
import { IngressLedger } from './IngressLedger.ts';
import type { InFlight } from './InFlight.ts';
import type { IngressCall, IngressInput, Input, OutcallInput, ReleaseInput, Round } from './inputs.ts';
import { MessageExecutor } from './MessageExecutor.ts';
import { inspectMessage, refuseIngress } from './refuseIngress.ts';
import { rejected } from './rejects.ts';
import { reportQuery, runQuery } from './runQuery.ts';
import { Scheduler } from './Scheduler.ts';
import type { StateKeeper } from './StateKeeper.ts';
import { checkStableMemory, readStableMemory, writeStableMemory } from './stableMemoryAccess.ts';
import type { Subnet } from './Subnet.ts';
import { TimeEvents } from './TimeEvents.ts';
import type { Call, CallResult, CanisterRecord, Engine } from './types.ts';

/** How long closing waits for messages to end. */
const CLOSING_MS = 2_000;
/** How long a jump in time may keep the process from anything else. */
const ADVANCE_SLICE_MS = 20;

/** The engine with what belongs to whoever runs the network, next to what canisters and clients can do. */
export class EmbeddedEngine implements Engine {
  readonly #subnet: Subnet;
  readonly #ingress = new IngressLedger();
  readonly #decisions = new FaultDecisions();
  readonly #scheduler: Scheduler;
  readonly #executor: MessageExecutor;
  readonly #management: ManagementCanister;
  readonly #timeEvents: TimeEvents;
  readonly #outcalls: OutcallRunner;
  readonly #alarm: Alarm;
  #keeper: StateKeeper | undefined;
  /** The round of an earlier run that is being run again. */
  #replayed: Round | undefined;
  /** Whether canisters have paid in the running round for the time that went by. */
  #hasCharged = false;
  /** The offset of the clock that was kept last. */
  #keptOffsetNs: bigint;
  #recovered = new Map<string, Promise<CallResult>>();
  #advancing: Promise<void> = Promise.resolve();
  #closed = false;
  #halted: string | undefined;

  constructor(subnet: Subnet) {
    this.#subnet = subnet;
    this.#keptOffsetNs = subnet.clock.offsetNs;
    subnet.faults = this.#decisions;
    const answer: Answer = (origin, result, refund) => this.#executor.respond(origin, result, refund);
    const lifecycle = new Lifecycle(subnet, answer);
    this.#executor = new MessageExecutor(subnet, this.#ingress, {
      enqueue: (message) => this.#scheduler.push(message),
      management: (request, respond) => this.#management.handle(request, respond),
      outcall: ({ id, result }) => receiveOutcall(subnet, answer, id, result),
      contextClosed: (canister) => lifecycle.contextClosed(canister),
      start: (canister) => lifecycle.start(canister)
    });
    const rejectOpenContexts = (canister: CanisterState, result: CallResult): void => this.#executor.rejectOpenContexts(canister, result);
    this.#management = new ManagementCanister({ subnet, lifecycle, rejectOpenContexts });
    this.#outcalls = new OutcallRunner(subnet.outcalls, (id, result) => this.#receive({ kind: 'outcall', id, result }));
    const idleCharges = new IdleCharges(subnet, (canister) => this.#management.uninstall(canister));
    this.#timeEvents = new TimeEvents(subnet, lifecycle, idleCharges, (message) => this.#scheduler.push(message));
    this.#scheduler = new Scheduler({
      begin: () => this.#beginRound(),
      handle: (message) => {
        this.#decisions.nextMessage();
        this.#executor.handle(message);
      },
      end: (messages) => this.#endRound(messages),
      isDue: () => this.#isDue(),
      onIdle: () => this.#setAlarm()
    });
    this.#alarm = new Alarm(() => this.#scheduler.wake());
  }

  /** Has everything kept from now on, and begins to work by itself. */
  start(keeper?: StateKeeper): void {
    this.#keeper = keeper;
    this.#scheduler.start();
  }

  now(): bigint {
    return this.#subnet.clock.now();
  }

  async update(call: Call): Promise<CallResult> {
    this.#checkOpen();
    return inspectMessage(this.#subnet, messageOf(call)) ?? this.submit(call);
  }

  async submit(call: Call, requestId?: string): Promise<CallResult> {
    this.#checkOpen();
    const input: IngressInput = { kind: 'ingress', ingressId: this.#ingress.nextId, requestId, call: messageOf(call) };
    this.#keeper?.input(input);
    return this.#take(input);
  }

  refuse(call: Call): CallResult | undefined {
    return refuseIngress(this.#subnet, messageOf(call));
  }

  async query(call: Call): Promise<CallResult> {
    this.#checkOpen();
    const message = messageOf(call);
    if (message.callee.length > 0) return runQuery(this.#subnet, message);
    return this.#management.query({ method: call.method, arg: message.arg, caller: call.sender });
  }

  async report(call: Call, kind: 'update' | 'query' = 'update'): Promise<CallReport> {
    this.#checkOpen();
    if (kind === 'query') return reportQuery(this.#subnet, messageOf(call));
    const refusal = inspectMessage(this.#subnet, messageOf(call));
    if (refusal !== undefined) return new CallRecording(this.now()).report(refusal);
    const ingressId = this.#ingress.nextId;
    const recording = this.#executor.reports.open(ingressId);
    try {
      return recording.report(await this.submit(call));
    } finally {
      // For a call that could not be taken in; otherwise its answer has done it.
      this.#executor.reports.close(ingressId);
    }
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
    this.#decisions.source = faults;
  }

  /** Lets go what a rule of faults holds back, or what all of them do. */
  releaseHeld(rule?: number): void {
    if (this.#closed || this.#halted !== undefined || !this.#subnet.held.holds(rule)) return;
    const input: Input = { kind: 'release', rule };
    this.#keeper?.input(input);
    this.#release(input);
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

  memoryBytes(id: Principal): number {
    return this.#subnet.canisters.get(id.toUint8Array())?.runtime?.heap.byteLength ?? 0;
  }

  instructions(id: Principal): { last: bigint; total: bigint } {
    return { ...(this.#subnet.canisters.get(id.toUint8Array())?.instructions ?? { last: 0n, total: 0n }) };
  }

  stateHash(): string {
    return stateHash(this.#subnet, this.inFlight());
  }

  cycles(id: Principal): { balance: bigint; consumed: bigint } {
    const canister = this.#subnet.canisters.get(id.toUint8Array());
    return { balance: canister?.cycles ?? 0n, consumed: canister?.consumedCycles ?? 0n };
  }

  stableMemory(id: Principal): Uint8Array {
    return readStableMemory(this.#subnet, id);
  }

  async setStableMemory(id: Principal, bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    checkStableMemory(this.#subnet, id, bytes);
    const input: Input = { kind: 'stable-memory', canisterId: id.toUint8Array(), bytes: bytes.slice() };
    this.#keeper?.input(input);
    writeStableMemory(this.#subnet, input);
  }

  /** Creates a canister without code. @throws CanisterReject when the asked-for id is taken */
  async createCanister(options: CreateOptions): Promise<Principal> {
    return readCreated(unwrapReply(await this.submit(createCall(options))));
  }

  /** Installs code as `sender`. @throws CanisterReject with the reason; everything is then as it was before */
  async installCode(options: InstallOptions): Promise<void> {
    unwrapReply(await this.submit(installCall(options)));
  }

  /** Resolves when the canister is stopped, all its open calls having ended. @throws CanisterReject */
  async stopCanister(id: Principal, sender: Principal): Promise<void> {
    unwrapReply(await this.submit(canisterCall('stop_canister', id, sender)));
  }

  /** @throws CanisterReject when `sender` doesn't control the canister */
  async startCanister(id: Principal, sender: Principal): Promise<void> {
    unwrapReply(await this.submit(canisterCall('start_canister', id, sender)));
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
    // Tests hold on to networks they have closed; what a network takes is mostly its canisters' memory.
    this.#subnet.canisters.release();
  }

  /** The whole state, for a network to begin with. Later changes don't reach it. */
  capture(): CapturedState {
    return new StateCapture().capture(this.#subnet, this.inFlight());
  }

  /** All that is under way between two rounds. */
  inFlight(): InFlight {
    return { messages: this.#scheduler.queued, ingress: this.#ingress.capture(), held: this.#subnet.held.all() };
  }

  /** Takes up what was under way; before `start`. */
  resume({ messages, ingress, held }: InFlight): void {
    for (const one of held) this.#subnet.held.add(one);
    this.#ingress.restore(ingress);
    this.#recovered = this.#ingress.signedRequests();
    this.#scheduler.restore(messages);
  }

  /** The answers, given or to come, to the signed requests that an earlier process had taken in; once. */
  takeRecovered(): Map<string, Promise<CallResult>> {
    const recovered = this.#recovered;
    this.#recovered = new Map();
    return recovered;
  }

  /** Takes an input of an earlier run; before `start`. */
  replayInput(input: Input): void {
    if (input.kind === 'outcall') return this.#scheduler.push(input);
    if (input.kind === 'stable-memory') return writeStableMemory(this.#subnet, input);
    if (input.kind === 'release') return this.#release(input);
    const answered = this.#take(input);
    if (input.requestId !== undefined) this.#recovered.set(input.requestId, answered);
  }

  /** Runs a round of an earlier run again; before `start`. @throws Error when it doesn't come to the same */
  replayRound(round: Round): void {
    this.#replayed = round;
    try {
      this.#scheduler.replay(round.messages);
    } finally {
      this.#replayed = undefined;
    }
  }

  /** Takes the result of a canister's HTTP request. */
  #receive(input: OutcallInput): void {
    if (this.#halted !== undefined) return;
    try {
      this.#keeper?.input(input);
      this.#scheduler.push(input);
    } catch (error) {
      // It stays pending, and is performed again after the next start.
      this.#subnet.log(
        `[local-ic] the result of an HTTP request could not be kept: ${error instanceof Error ? error.message : String(error)}`
      );
    }
  }

  #take({ ingressId, requestId, call }: IngressInput): Promise<CallResult> {
    const answered = this.#ingress.open(ingressId, requestId);
    this.#scheduler.push({ kind: 'request', ...call, cycles: 0n, deadlineNs: 0n, origin: { kind: 'ingress', ingressId } });
    return answered;
  }

  #release({ rule }: ReleaseInput): void {
    for (const message of this.#subnet.held.take(rule)) this.#scheduler.push(message);
  }

  #beginRound(): void {
    const { clock } = this.#subnet;
    if (this.#replayed === undefined) clock.stop();
    else clock.stopAt(this.#replayed.timeNs, this.#replayed.offsetNs);
    this.#decisions.beginRound(this.#replayed);
    this.#hasCharged = this.#timeEvents.fireDue();
  }

  #endRound(messages: number): void {
    const { clock } = this.#subnet;
    const round = { timeNs: clock.now(), offsetNs: clock.offsetNs, messages, answers: this.#ingress.checksum(), ...this.#decisions.taken };
    if (this.#replayed !== undefined && this.#replayed.answers !== round.answers) {
      throw new Error('Running the kept rounds again came to other answers than they gave');
    }
    const failure = this.#replayed === undefined ? this.#keep(round) : undefined;
    clock.go();
    this.#ingress.release(failure);
    // Only now: what a request does in the world can't be undone, so the round that makes it has to be kept.
    if (this.#replayed === undefined && this.#halted === undefined) this.#outcalls.start();
  }

  /** Keeps the round, if anything happened in it. @returns what everybody is told instead of their answers when that failed */
  #keep(round: Round): CallResult | undefined {
    const isEmpty = round.messages === 0 && round.answers === 0 && !this.#hasCharged && round.offsetNs === this.#keptOffsetNs;
    if (this.#keeper === undefined || isEmpty) return;
    try {
      this.#keeper.round(round);
      this.#keptOffsetNs = round.offsetNs;
      return;
    } catch (error) {
      // What can't be kept must not be told, and nothing may be built on it: after the next start it has not happened.
      this.#halted = `The network has stopped, because its state can't be written: ${error instanceof Error ? error.message : String(error)}`;
      this.#scheduler.close();
      this.#subnet.log(`[local-ic] ${this.#halted}`);
      return rejected('IC0101', this.#halted);
    }
  }

  #checkOpen(): void {
    if (this.#halted !== undefined) throw new Error(this.#halted);
    if (this.#closed) throw new Error('The network is closed');
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
      this.#scheduler.wake();
    }
    clock.setOffset(targetOffset);
    this.#scheduler.wake();
    await this.idle();
  }

  /** With a clock that stands still nothing rings, so what is due at this very moment has to run now. */
  #isDue(): boolean {
    const next = this.#timeEvents.nextNs();
    return !this.#closed && next !== undefined && next <= this.#subnet.clock.now();
  }

  #setAlarm(): void {
    if (this.#subnet.clock.isVirtual || this.#closed) return;
    this.#alarm.set(this.#timeEvents.nextNs(), this.#subnet.clock.now());
  }
}

/** Copied, because what the caller gave may change before the call runs. */
function messageOf({ canisterId, method, arg, sender }: Call): IngressCall {
  return { callee: canisterId.toUint8Array(), method, arg: Uint8Array.from(arg), caller: sender.toUint8Array() };
}

function recordOf({ id, controllers, certifiedData, runtime, status }: CanisterState): CanisterRecord {
  const module = runtime?.heap.module;
  return { id, controllers: [...controllers], certifiedData, moduleHash: module?.hash, metadata: module?.metadata ?? [], status };
}
