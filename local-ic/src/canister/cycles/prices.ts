/** Whether canisters pay for what they use, or nothing costs anything. */
export type CyclesOption = 'charged' | 'free';

/** What the network asks for, in cycles. */
export interface Prices {
  /** For a canister that another one creates; taken from its first balance. */
  readonly canisterCreation: bigint;
  /** A second of one percent of a core. */
  readonly computePercentSecond: bigint;
  /** A GiB of any memory, a second. */
  readonly gibSecond: bigint;
  /** An update, a callback, a timer or a heartbeat, besides its instructions. */
  readonly message: bigint;
  /** Ten instructions; ten, because the price was a fraction of a cycle once. */
  readonly tenInstructions: bigint;
  /** Ten instructions of a module with 64-bit memory. */
  readonly tenInstructions64: bigint;
  readonly ingressMessage: bigint;
  readonly ingressByte: bigint;
  /** A call to another canister, its response included. */
  readonly call: bigint;
  /** A byte of such a call: of method name, argument and response. */
  readonly callByte: bigint;
}

/** How many nodes the subnet of the price table has. */
const NODES = 13n;

/**
 * The table of an application subnet with 13 nodes.
 *
 * Sources: https://docs.internetcomputer.org/references/cycles-cost-formulas (dfinity/developer-docs, docs/reference/cycles-costs.md), and
 * for 64-bit memory, which that page leaves out, dfinity/ic, rs/config/src/subnet_config.rs (`application_subnet`,
 * WASM64_INSTRUCTION_COST_OVERHEAD). Its newest state has a higher price of storage, which the page doesn't know; the page counts here.
 */
export const APPLICATION_SUBNET: Prices = {
  canisterCreation: 500_000_000_000n,
  computePercentSecond: 10_000_000n,
  gibSecond: 127_000n,
  message: 5_000_000n,
  tenInstructions: 10n,
  tenInstructions64: 20n,
  ingressMessage: 1_200_000n,
  ingressByte: 2_000n,
  call: 260_000n,
  callByte: 1_000n
};

/** The IC's limit of a response, which a caller pays for in advance (MAX_INTER_CANISTER_PAYLOAD_IN_BYTES). */
const MAX_RESPONSE_BYTES = 2n * 2n ** 20n;
/** The IC's limit of an HTTPS outcall's response, and what is paid for when the request names none. */
const MAX_HTTP_RESPONSE_BYTES = 2_000_000n;

/** The cost of executing one message. */
export function executionCost(prices: Prices, instructions: bigint, is64: boolean): bigint {
  return prices.message + (instructions * (is64 ? prices.tenInstructions64 : prices.tenInstructions)) / 10n;
}

/** The cost of taking in a message from outside. */
export function ingressCost(prices: Prices, bytes: number): bigint {
  return prices.ingressMessage + prices.ingressByte * BigInt(bytes);
}

/** What a caller pays when it makes a call; what isn't needed of the two prepayments comes back with the response. */
export interface CallCost {
  /** For the call itself and its request. */
  request: bigint;
  /** For sending the longest possible response. */
  responseTransmission: bigint;
  /** For executing the longest possible callback. */
  responseExecution: bigint;
}

/**
 * @param requestBytes of method name and argument
 * @param instructionLimit how many instructions a callback may use
 */
export function callCost(prices: Prices, requestBytes: bigint, instructionLimit: bigint, is64: boolean): CallCost {
  return {
    request: prices.call + prices.callByte * requestBytes,
    responseTransmission: prices.callByte * MAX_RESPONSE_BYTES,
    responseExecution: executionCost(prices, instructionLimit, is64)
  };
}

/** All that a canister needs above its freezing threshold to make a call. */
export function totalCallCost({ request, responseTransmission, responseExecution }: CallCost): bigint {
  return request + responseTransmission + responseExecution;
}

/** What creating a canister costs; 0 when nothing is charged. */
export function creationCost(prices: Prices | undefined): bigint {
  return prices?.canisterCreation ?? 0n;
}

/**
 * What an HTTPS outcall costs; 0 when nothing is charged.
 *
 * @param requestBytes of URL, header names and values, body, and the transform's method name and context
 * @param maxResponseBytes the request's `max_response_bytes`; undefined when it has none, which pays for the most
 */
export function httpRequestCost(prices: Prices | undefined, requestBytes: bigint, maxResponseBytes = MAX_HTTP_RESPONSE_BYTES): bigint {
  if (prices === undefined) return 0n;
  return (3_000_000n + 60_000n * NODES + 400n * requestBytes + 800n * maxResponseBytes) * NODES;
}
