import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '@dfinity/principal';
import { Lifecycle } from '../management/Lifecycle.ts';
import { ManagementCanister } from '../management/ManagementCanister.ts';
import { canisterCall, createCall, installCall, readCreated, type CreateOptions, type InstallOptions } from '../management/requests.ts';
import { OutcallRunner } from '../outcalls/OutcallRunner.ts';
import { StateCapture, type CapturedState } from '../persistence/captureState.ts';
import { stateHash } from '../persistence/stateHash.ts';
import { CallContexts } from './CallContexts.ts';
import { CallRecording, type CallReport } from './CallRecording.ts';
import { CallReports } from './CallReports.ts';
import { unwrapReply } from './CanisterReject.ts';
import type { CanisterFaults } from './canisterFaults.ts';
import { FaultDecisions } from './FaultDecisions.ts';
import { IdleCharges } from './IdleCharges.ts';
import { IngressLedger } from './IngressLedger.ts';
import type { InFlight } from './InFlight.ts';
import { Inputs } from './Inputs.ts';
import type { IngressCall, Input, Round } from './inputTypes.ts';
import { MessageExecutor } from './MessageExecutor.ts';
import type { Message } from './messages.ts';
import { inspectMessage, refuseIngress } from './refuseIngress.ts';
import { Readings } from './Readings.ts';
import { Rounds } from './Rounds.ts';
import { reportQuery, runQuery } from './runQuery.ts';
import { Scheduler } from './Scheduler.ts';
import type { StateKeeper } from './StateKeeper.ts';
import { checkStableMemory } from './stableMemoryAccess.ts';
import type { Subnet } from './Subnet.ts';
import { TimeEvents } from './TimeEvents.ts';
import { Timekeeper } from './Timekeeper.ts';
import type { Call, CallResult, Engine } from './types.ts';

/** How long closing waits for messages to end. */
const CLOSING_MS = 2_000;
/** The engine with what belongs to whoever runs the network, next to what canisters and clients can do. */
export class EmbeddedEngine extends Readings implements Engine {
  readonly #ingress = new IngressLedger();
  readonly #decisions = new FaultDecisions();
  readonly #reports: CallReports;
  readonly #management: ManagementCanister;
  readonly #outcalls: OutcallRunner;
  readonly #rounds: Rounds;
  readonly #scheduler: Scheduler;
  readonly #time: Timekeeper;
  readonly #inputs: Inputs;
  #closed = false;

  constructor(subnet: Subnet) {
    super(subnet);
    subnet.faults = this.#decisions;
    const ingress = this.#ingress;
    const enqueue = (message: Message): void => this.#scheduler.push(message);
    const reports = new CallReports(subnet);
    const contexts = new CallContexts({ subnet, ingress, reports, enqueue, closed: (canister) => lifecycle.contextClosed(canister) });
    const lifecycle = new Lifecycle(subnet, (...answer) => contexts.respond(...answer));
    const management = new ManagementCanister({ subnet, lifecycle, rejectOpenContexts: (...all) => contexts.rejectAll(...all) });
    const executor = new MessageExecutor({
      subnet,
      contexts,
      lifecycle,
      management,
      reports,
      enqueueFirst: (message) => this.#scheduler.pushFirst(message)
    });
    const idleCharges = new IdleCharges(subnet, (canister) => management.uninstall(canister));
    const timeEvents = new TimeEvents(subnet, lifecycle, idleCharges, enqueue);
    this.#reports = reports;
    this.#management = management;
    this.#inputs = new Inputs({ subnet, ingress, enqueue, keep: (input) => this.#rounds.keepInput(input) });
    this.#outcalls = new OutcallRunner(subnet.outcalls, (id, result) => {
      if (this.#rounds.halted === undefined) this.#inputs.outcall(id, result);
    });
    this.#rounds = new Rounds({
      subnet,
      ingress,
      decisions: this.#decisions,
      timeEvents,
      kept: () => this.#outcalls.start(),
      halted: () => this.#scheduler.close()
    });
    this.#time = new Timekeeper(subnet.clock, timeEvents, () => this.#scheduler.wake());
    this.#scheduler = new Scheduler({
      begin: () => this.#rounds.begin(),
      handle: (message) => {
        this.#decisions.nextMessage();
        executor.handle(message);
      },
      end: (messages) => this.#rounds.end(messages),
      isDue: () => this.#time.isDue(),
      onIdle: () => this.#time.setAlarm()
    });
  }

  /** Has everything kept from now on, and begins to work by itself. */
  start(keeper?: StateKeeper): void {
    this.#rounds.keepBy(keeper);
    this.#scheduler.start();
  }

  async update(call: Call): Promise<CallResult> {
    this.#checkOpen();
    return inspectMessage(this.subnet, messageOf(call)) ?? this.submit(call);
  }

  async submit(call: Call, requestId?: string): Promise<CallResult> {
    this.#checkOpen();
    return this.#inputs.call(messageOf(call), requestId);
  }

  refuse(call: Call): CallResult | undefined {
    return refuseIngress(this.subnet, messageOf(call));
  }

  async query(call: Call): Promise<CallResult> {
    this.#checkOpen();
    return this.#query(call);
  }

  async report(call: Call, kind: 'update' | 'query' = 'update'): Promise<CallReport> {
    this.#checkOpen();
    if (kind === 'query') return reportQuery(this.subnet, () => this.#query(call));
    const refusal = inspectMessage(this.subnet, messageOf(call));
    if (refusal !== undefined) return new CallRecording(this.now()).report(refusal);
    const ingressId = this.#ingress.nextId;
    const recording = this.#reports.open(ingressId);
    try {
      return recording.report(await this.submit(call));
    } finally {
      // For a call that could not be taken in; otherwise its answer has done it.
      this.#reports.close(ingressId);
    }
  }

  setCertifier(certifier: (canisterId: Principal) => Uint8Array): void {
    this.subnet.setCertifier(certifier);
  }

  setRootKey(der: Uint8Array): void {
    this.subnet.setRootKey(der);
  }

  /** Has `faults` decide from now on what goes wrong with messages. */
  setCanisterFaults(faults: CanisterFaults): void {
    this.#decisions.source = faults;
  }

  /** Lets go what a rule of faults holds back, or what all of them do. */
  releaseHeld(rule?: number): void {
    if (!this.#closed && this.#rounds.halted === undefined && this.subnet.held.holds(rule)) this.#inputs.release(rule);
  }

  setLog(log: (line: string) => void): void {
    this.subnet.setLog(log);
  }

  async idle(): Promise<void> {
    do await this.#scheduler.idle();
    while (await this.#outcalls.next());
  }

  async advance(ns: bigint): Promise<void> {
    await this.#time.advance(ns, () => this.idle());
  }

  stateHash(): string {
    return stateHash(this.subnet, this.inFlight());
  }

  async setStableMemory(id: Principal, bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    checkStableMemory(this.subnet, id, bytes);
    this.#inputs.stableMemory(id.toUint8Array(), bytes);
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
    await this.#rounds.save();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#time.close();
    // Canisters may call each other without end; a network must close all the same.
    await Promise.race([this.#scheduler.idle(), sleep(CLOSING_MS, undefined, { ref: false })]);
    this.#scheduler.close();
    this.#outcalls.close();
    await this.#rounds.close();
    // Tests hold on to networks they have closed; what a network takes is mostly its canisters' memory.
    this.subnet.canisters.release();
  }

  /** The whole state, for a network to begin with. Later changes don't reach it. */
  capture(): CapturedState {
    return new StateCapture().capture(this.subnet, this.inFlight());
  }

  /** All that is under way between two rounds. */
  inFlight(): InFlight {
    return { messages: this.#scheduler.queued, ingress: this.#ingress.capture(), held: this.subnet.held.all() };
  }

  /** Takes up what was under way; before `start`. */
  resume({ messages, ingress, held }: InFlight): void {
    for (const one of held) this.subnet.held.add(one);
    this.#inputs.resume(ingress);
    this.#scheduler.restore(messages);
  }

  /** The answers, given or to come, to the signed requests that an earlier process had taken in; once. */
  takeRecovered(): Map<string, Promise<CallResult>> {
    return this.#inputs.takeRecovered();
  }

  /** Takes an input of an earlier run; before `start`. */
  replayInput(input: Input): void {
    this.#inputs.replay(input);
  }

  /** Runs a round of an earlier run again; before `start`. @throws Error when it doesn't come to the same */
  replayRound(round: Round): void {
    this.#rounds.replay(round, (messages) => this.#scheduler.replay(messages));
  }

  #query(call: Call): CallResult {
    const message = messageOf(call);
    if (message.callee.length > 0) return runQuery(this.subnet, message);
    return this.#management.query({ method: call.method, arg: message.arg, caller: call.sender });
  }

  #checkOpen(): void {
    if (this.#rounds.halted !== undefined) throw new Error(this.#rounds.halted);
    if (this.#closed) throw new Error('The network is closed');
  }
}

/** Copied, because what the caller gave may change before the call runs. */
function messageOf({ canisterId, method, arg, sender }: Call): IngressCall {
  return { callee: canisterId.toUint8Array(), method, arg: Uint8Array.from(arg), caller: sender.toUint8Array() };
}
