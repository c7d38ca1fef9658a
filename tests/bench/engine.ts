import { crowdedExchange, type CrowdedExchange } from './engineExchange.ts';
import { median, type Row } from './measure.ts';
import { scanningCosts } from './scanningExchange.ts';

const TRADERS = 100_000;
const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const;
const MIB = 2 ** 20;
const SAMPLES = 201;
/** Orders of one minute that are filled and settled together, measured as a batch. */
const BATCH = 2_000;
/** One position of each trader is settled before the next is placed: its deposit lasts for all of them. */
const WAVE = TRADERS;

/** Instructions of the options canister at a number of positions. Medians: a step of the garbage collector that lands on some doesn't count. */
interface Costs {
  positions: number;
  place: number;
  placeMost: number;
  fill: number;
  settle: number;
  page: number;
  overview: number;
  placeMs: number;
  wasmMiB: number;
  stableMiB: number;
}

/** What passes in a stretch of time, beside the same stretch without work. */
async function timers({ ic, id, toSecond }: CrowdedExchange): Promise<number> {
  const before = ic.engine.instructions(id).total;
  await toSecond(50n);
  return Number(ic.engine.instructions(id).total - before);
}

async function costsNow(exchange: CrowdedExchange, batch: readonly CrowdedExchange['traders'][number][]): Promise<Costs> {
  const { options, order } = exchange;
  const [collector] = exchange.traders;
  const placed: number[] = [];
  const start = performance.now();
  for (const who of batch.slice(0, SAMPLES)) placed.push(await options.instructions(who, 'place_order', order()));
  const placeMs = (performance.now() - start) / placed.length;
  await exchange.place(batch.slice(SAMPLES));
  // The minute with the fills, the minute with the settlements, and one with neither.
  const [withFills, withSettlements] = [await timers(exchange), await timers(exchange)];
  await exchange.settleAll();
  const idle = await timers(exchange);
  const { wasm, stable } = await exchange.memory();
  const page: unknown = { filter: { all: null }, page: { after: [], limit: 100n } };
  return {
    positions: await exchange.positions(),
    place: median(placed),
    placeMost: Math.max(...placed),
    fill: (withFills - idle) / batch.length,
    settle: (withSettlements - idle) / batch.length,
    page: await options.instructions(collector, 'get_positions', page),
    overview: await options.instructions(undefined, 'get_overview'),
    placeMs,
    wasmMiB: wasm / MIB,
    stableMiB: stable / MIB
  };
}

/** Fills the exchange up to a number of positions and measures; several times, since a collection of garbage can land on a batch: the least is without one. */
async function costsAt(exchange: CrowdedExchange, size: number): Promise<Costs> {
  for (;;) {
    const missing = size - (await exchange.positions());
    if (missing <= 0) break;
    await exchange.place(exchange.traders.slice(0, Math.min(WAVE, missing)));
    await exchange.settleAll();
  }
  const runs: Costs[] = [];
  const batchSize = Math.min(BATCH, size);
  for (let run = 0; run < 3; run += 1) {
    const from = run * batchSize;
    runs.push(await costsNow(exchange, exchange.traders.slice(from, from + batchSize)));
  }
  const of = (part: keyof Costs): number => median(runs.map((costs) => costs[part]));
  const leastOf = (part: keyof Costs): number => Math.min(...runs.map((costs) => costs[part]));
  return {
    positions: size,
    place: of('place'),
    placeMost: Math.max(...runs.map((costs) => costs.placeMost)),
    fill: leastOf('fill'),
    settle: leastOf('settle'),
    page: of('page'),
    overview: of('overview'),
    placeMs: of('placeMs'),
    wasmMiB: of('wasmMiB'),
    stableMiB: of('stableMiB')
  };
}

/** A trader with more than a page of positions: the first one, twenty at a time. */
async function makeCollector(exchange: CrowdedExchange): Promise<void> {
  const [collector] = exchange.traders;
  if (collector === undefined) return;
  for (let minute = 0; minute < 6; minute += 1) {
    for (let count = 0; count < 20; count += 1) await exchange.place([collector]);
    await exchange.settleAll();
  }
}

const cycles = (instructions: number): number => 5_000_000 + instructions;

/**
 * Cycles and dollars of one trade on a subnet of 13 nodes, from the documented prices: 1.2 M and 2,000 a byte for a message from outside, 5 M and one an
 * instruction for an update; one trillion cycles are one XDR. A trade: the order's message, its share of the messages that fill and settle.
 */
function tradeCost(costs: Costs): Row[] {
  const orderBytes = 400;
  const message = 1_200_000 + 2_000 * orderBytes;
  const batchShare = (instructions: number): number => instructions + 5_000_000 / BATCH;
  const total = message + cycles(costs.place) + batchShare(costs.fill) + batchShare(costs.settle);
  return [
    {
      what: 'cycles of a trade (order, fill, settlement)',
      value: total / 1e6,
      unit: 'M cycles',
      comparedWith: 'an empty update from outside',
      other: 6.2
    },
    // An XDR was 1.36 USD; the rate is the only figure here that isn't measured or documented by the IC.
    {
      what: 'dollars of a thousand trades, an XDR at 1.36 USD',
      value: (total / 1e12) * 1.36 * 1_000,
      unit: 'USD',
      comparedWith: 'an empty update',
      other: 0.0084
    }
  ];
}

/**
 * Instructions of the engine by the number of positions, with 100,000 traders, and the design that reads through everything beside it.
 */
export async function engine(): Promise<Row[]> {
  const started = performance.now();
  const exchange = await crowdedExchange(TRADERS);
  try {
    const rows: Row[] = [];
    await makeCollector(exchange);
    const { wasm } = await exchange.memory();
    console.log(
      `${TRADERS} traders with an account: ${(wasm / MIB).toFixed(0)} MiB, after ${((performance.now() - started) / 1_000).toFixed(0)} s`
    );
    const scanning = await scanningCosts(SIZES);
    const all: Costs[] = [];
    for (const [index, size] of SIZES.entries()) {
      const costs = await costsAt(exchange, size);
      all.push(costs);
      const at = `at ${size.toLocaleString('en')} positions`;
      const beside = scanning[index] ?? { place: Number.NaN, settle: Number.NaN, page: Number.NaN, overview: Number.NaN };
      const row = (what: string, value: number, other: number): Row => ({
        what: `${what}, ${at}`,
        value: value / 1_000,
        unit: 'k instructions',
        comparedWith: 'reading through all',
        other: other / 1_000
      });
      rows.push(
        row('place_order', costs.place, beside.place),
        row('fill, in a batch', costs.fill, beside.settle),
        row('settle, in a batch', costs.settle, beside.settle),
        row('page of 100 positions', costs.page, beside.page),
        row('overview', costs.overview, beside.overview)
      );
      console.log(`${at}: ${JSON.stringify(costs)}, after ${((performance.now() - started) / 1_000).toFixed(0)} s`);
    }
    const [before, last] = all.slice(-2);
    if (before !== undefined && last !== undefined) {
      const grown = last.wasmMiB + last.stableMiB - before.wasmMiB - before.stableMiB;
      const start = exchange.ic.engine.instructions(exchange.id).total;
      await exchange.upgrade();
      const upgrade = Number(exchange.ic.engine.instructions(exchange.id).total - start);
      rows.push(
        {
          what: 'Wasm memory at 1,000,000 positions and 100,000 traders',
          value: last.wasmMiB,
          unit: 'MiB',
          comparedWith: 'goal',
          other: 1_024
        },
        {
          what: 'a settled position, Wasm and stable memory, garbage included',
          value: (grown * MIB) / (last.positions - before.positions),
          unit: 'bytes',
          comparedWith: 'goal',
          other: 400
        },
        {
          what: 'stable memory at 1,000,000 positions',
          value: last.stableMiB,
          unit: 'MiB',
          comparedWith: 'their rows',
          other: (last.positions * 216) / MIB
        },
        { what: 'upgrade at 1,000,000 positions', value: upgrade / 1e6, unit: 'M instructions', comparedWith: 'goal', other: 1 },
        {
          what: 'largest place_order, garbage collection included',
          value: last.placeMost / 1e6,
          unit: 'M instructions',
          comparedWith: 'limit',
          other: 40_000
        },
        {
          what: 'place_order in process, wall time at 1,000,000 positions',
          value: last.placeMs,
          unit: 'ms',
          comparedWith: 'at 1,000',
          other: all[0]?.placeMs ?? Number.NaN
        },
        ...tradeCost(last)
      );
    }
    return rows;
  } finally {
    await exchange.ic.close();
  }
}
