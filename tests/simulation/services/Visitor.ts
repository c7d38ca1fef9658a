import { randomUUID } from 'node:crypto';
import { AgentError } from '@dfinity/agent';
import { get } from 'svelte/store';
import { AppError } from '../../../src/lib/errors/AppError';
import type { AppConfig } from '../../../src/lib/config/config';
import { isActive } from '../../../src/lib/options/orderState';
import type { LegacySettlement } from '../../../src/lib/options/legacy';
import type { Receipt } from '../../../src/lib/options/types';
import { createEnhancedServices } from '../../../src/lib/services/createEnhancedServices';
import type { EnhancedServices } from '../../../src/lib/services/types';
import { identityOf, sessionOf, watch } from '../../services/support/people.ts';
import { FaultyWire } from './FaultyWire.ts';
import type { Step, Visit } from './schedule.ts';
import type { Traffic } from './Traffic.ts';

const DEPOSIT_SATS = 500_000n;
const SMALL_SATS = 20_000n;

/** A page that is open, with somebody who looks at it. */
interface Tab {
  readonly services: EnhancedServices;
  readonly balance: ReturnType<typeof watch<unknown>>;
}

/** Somebody with an account on both platforms and positions on the old one, and what they do. Remembers what they were told. */
export class Visitor {
  readonly name: string;
  readonly principal: string;
  readonly visit: Visit;
  readonly wire: FaultyWire;
  /** Orders that were confirmed, by their client id. */
  readonly orders = new Map<string, bigint>();
  readonly receipts: Receipt[] = [];
  readonly legacyReceipts: LegacySettlement[] = [];
  /** Errors that are no AppError, or whose kind says that something is wrong with the app. */
  readonly surprises: unknown[] = [];
  /** The steps that were taken, whatever they came to. */
  readonly taken: Step['kind'][] = [];
  readonly legacyIds: bigint[] = [];
  done = false;
  readonly #config: AppConfig;
  readonly #traffic: Traffic;
  readonly #session: ReturnType<typeof sessionOf>;
  #tabs: Tab[] = [];

  constructor(config: AppConfig, traffic: Traffic, name: string, visit: Visit) {
    this.#config = config;
    this.#traffic = traffic;
    this.name = name;
    this.visit = visit;
    this.wire = new FaultyWire(visit.seed, visit.faultyPercent, traffic.fetch);
    const identity = identityOf(name);
    this.principal = identity.getPrincipal().toText();
    this.#session = sessionOf(identity);
  }

  /** The page that was opened last. */
  get services(): EnhancedServices {
    const tab = this.#tabs.at(-1);
    if (tab === undefined) throw new Error(`${this.name} has no page open`);
    return tab.services;
  }

  /** Money, before anything goes wrong: in the wallet, and on the exchange for those who need it there. On a wire without faults. */
  async arrive(): Promise<void> {
    const services = createEnhancedServices({ config: this.#config, session: this.#session, fetch: this.#traffic.fetch, tabs: null });
    await services.getTestBitcoin(2n * DEPOSIT_SATS);
    if (this.visit.steps.some(({ step: { kind } }) => kind === 'order' || kind === 'withdraw'))
      await services.deposit(randomUUID(), DEPOSIT_SATS);
    services.cleanup();
    this.#open();
  }

  async run(): Promise<void> {
    for (const { afterSeconds, step } of this.visit.steps) {
      await pause(afterSeconds * 1_000);
      this.taken.push(step.kind);
      await this.#perform(step).catch((error: unknown) => this.#failed(error));
    }
    this.done = true;
  }

  /** Whether everything has ended as far as the page knows: it shows what is, every position is over, the journal holds nothing open. */
  async isSettled(): Promise<boolean> {
    const { services } = this;
    const [balance, positions] = [get(services.balance), get(services.positions)];
    if (balance.phase !== 'live' || positions.phase !== 'live' || positions.value?.some(isActive) === true) return false;
    return !(await services.settlementHistory()).some(({ state }) => state === 'pending');
  }

  leave(): void {
    for (const { services, balance } of this.#tabs.splice(0)) {
      balance.away();
      services.cleanup();
    }
  }

  #open(): void {
    const services = createEnhancedServices({ config: this.#config, session: this.#session, fetch: this.wire.fetch, tabs: null });
    this.#tabs.push({ services, balance: watch<unknown>(services.balance) });
    for (const store of [services.positions, services.legacyPositions, services.market]) store.subscribe(() => undefined);
  }

  async #perform(step: Step): Promise<void> {
    const { services } = this;
    switch (step.kind) {
      case 'order':
        return this.#order(step.direction);
      case 'settle':
        for (const id of this.orders.values()) this.receipts.push(await services.settle(id));
        return;
      case 'settleLegacy':
        // In every page at once: the platform would pay each of them.
        await Promise.all(
          this.#tabs.flatMap((tab) => this.legacyIds.map(async (id) => this.legacyReceipts.push(await tab.services.settleLegacy(id))))
        );
        return;
      case 'deposit':
        await services.deposit(randomUUID(), SMALL_SATS);
        return;
      case 'withdraw':
        await services.withdraw(randomUUID(), SMALL_SATS, this.principal);
        return;
      case 'retryFailed':
        await services.retryFailedSettlements();
        return;
      case 'reload':
        this.leave();
        return this.#open();
      case 'secondTab':
        return this.#open();
      case 'offline':
        this.wire.down = true;
        await pause(step.seconds * 1_000);
        this.wire.down = false;
    }
  }

  /** As a person does: whose order isn't confirmed tries again, with the same id. */
  async #order(direction: 'call' | 'put'): Promise<void> {
    const clientOrderId = randomUUID();
    const order = {
      clientOrderId,
      instrument: { kind: 'digital', direction, payoutSats: SMALL_SATS },
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: SMALL_SATS - 1n,
      maxPayoutSats: undefined
    } as const;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        this.orders.set(clientOrderId, (await this.services.placeOrder(order)).id);
        return;
      } catch (error) {
        if (!(error instanceof AppError) || !error.unclear) throw error;
        await pause(5_000);
      }
    }
  }

  #failed(error: unknown): void {
    // What the app knows how to name. A programming error has no code of ours; but neither has a damaged answer over which the agent itself stumbled.
    const stumbled = error instanceof AppError && error.cause instanceof AgentError;
    const unnamed = !(error instanceof AppError) || (error.code === 'unexpected' && !stumbled);
    if (unnamed || error.code === 'settlement_mismatch') this.surprises.push(error);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
