import { AppError } from '../errors/AppError';
import type { LegacyClient } from '../ic/legacyClient';
import type { OptionsClient } from '../ic/optionsClient';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import { isAway } from './breaker';
import type { Calls } from './calls';
import type { CertifiedPrices } from './certifiedPrices';
import { checkLegacyReceipt, type Settled } from './difference';
import type { OpenAttempt, Route } from './journal';
import { settleByOldRoute, settledThere } from './oldRoute';
import { requireLegacySettleable, wrongPosition, type SettlementRequest } from './validateSettlement';

/** What the journal remembers of attempts whose end is not known. */
export interface AttemptNotes {
  /** From an earlier attempt, also one of a page that was closed. */
  readonly open: OpenAttempt | undefined;
  /** Written before something is sent that may take effect although no answer comes. */
  sending(route: Route): Promise<void>;
  /** Its end is known. */
  answered(): Promise<void>;
}

export interface LegacyRouteContext {
  readonly options: Pick<OptionsClient, 'settleLegacy' | 'getMarket' | 'getCertifiedPrice'>;
  readonly legacy: Pick<LegacyClient, 'getPosition' | 'recordSettlement'>;
  readonly prices: Pick<CertifiedPrices, 'get' | 'prefetch'>;
  readonly calls: Calls;
  readonly notes: AttemptNotes;
  /** false: the operators' switch sends legacy positions over the old route. */
  readonly enhanced: boolean;
  nowNs(): bigint;
}

/**
 * Settles a position whose home is the legacy canister. The options canister does it, from its own price book; only when it can't be
 * reached, or the operators switch it off, the browser takes the old route itself. Any other failure stays a failure: a refusal must not
 * be walked around.
 *
 * The live legacy canister pays again for a second settlement, so nothing is sent that could follow one whose end is not known: an attempt
 * that got no clear answer bars the other route until it can't take effect any more, and the position is read again before that.
 */
export async function settleLegacyPosition(context: LegacyRouteContext, request: SettlementRequest): Promise<Settled<LegacySettlement>> {
  const { calls, notes, enhanced, legacy } = context;
  const before = await readBefore(context, request);
  const open = notes.open !== undefined && Date.now() < notes.open.until ? notes.open : undefined;
  const barred = (): LegacySettlement => {
    if (before?.state.kind === 'settled') return settledThere(context, before);
    throw stillOpen(open);
  };

  if (open?.route === 'legacy') return agreed(barred());
  if (!enhanced) return agreed(open === undefined ? await settleByOldRoute(context, request, before) : barred());
  if (notes.open?.route === 'options' && (await isOptionsAway(context))) {
    return agreed(open === undefined ? await settleByOldRoute(context, request, undefined) : barred());
  }

  await notes.sending('options');
  let receipt: LegacySettlement;
  try {
    // One more attempt, in case it was a hiccup; a stopped canister says so at once.
    receipt = await calls.send('options', () => context.options.settleLegacy(request.positionId), { maxRetries: 1 });
  } catch (error) {
    if (error instanceof AppError && error.unclear) {
      const after = await calls.readBack('legacy', () => legacy.getPosition(request.positionId));
      if (after?.id !== request.positionId || after.state.kind !== 'settled')
        throw isAway(error, 'options') ? outcomeUnknown(error) : error;
      await notes.answered();
      return agreed({ ...settledThere(context, after), alreadySettled: before?.state.kind !== 'active', route: 'options' });
    }
    await notes.answered();
    if (!isAway(error, 'options')) throw error;
    return agreed(await settleByOldRoute(context, request, undefined));
  }
  await notes.answered();
  return before === undefined ? agreed(receipt) : checkLegacyReceipt(before, receipt);
}

/** The position as it stands, checked; undefined when the legacy platform can't be asked, which the options canister may still know about. */
async function readBefore(context: LegacyRouteContext, request: SettlementRequest): Promise<LegacyPosition | undefined> {
  const { calls, legacy, enhanced } = context;
  try {
    const position = await calls.ask('legacy', () => legacy.getPosition(request.positionId));
    if (position.id !== request.positionId) throw wrongPosition('The legacy platform');
    if (position.state.kind === 'active') requireLegacySettleable(position, request, context.nowNs());
    return position;
  } catch (error) {
    if (enhanced && isAway(error, 'legacy')) return undefined;
    throw error;
  }
}

/** Asked with a query: another update whose answer is lost would keep the old route barred for ever. */
async function isOptionsAway({ calls, options }: LegacyRouteContext): Promise<boolean> {
  try {
    await calls.ask('options', () => options.getMarket(), { maxRetries: 0 });
    return false;
  } catch (error) {
    if (isAway(error, 'options')) return true;
    throw error;
  }
}

function agreed(receipt: LegacySettlement): Settled<LegacySettlement> {
  return { receipt, difference: undefined };
}

function stillOpen(open: OpenAttempt | undefined): AppError {
  return new AppError({
    kind: 'temporary',
    code: 'outcome_unknown',
    message: 'An earlier attempt got no clear answer and may still take effect. The position is looked at again before anything is sent.',
    unclear: true,
    canister: 'legacy',
    retryAfterMs: open === undefined ? undefined : Math.max(0, open.until - Date.now())
  });
}

function outcomeUnknown(cause: AppError): AppError {
  return new AppError({
    kind: 'temporary',
    code: 'outcome_unknown',
    message: 'The exchange did not confirm the settlement. The position is looked at again before anything else is sent.',
    unclear: true,
    canister: 'options',
    cause
  });
}
