import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import type { OrderRequest, Position, Quote, QuoteRequest } from '../options/types';
import { confirmed } from './readBack';

const CLIENT_ORDER_ID_MAX = 64;

/** Places an order; after an unclear answer looks for it by its own id. The same id can be sent again without a second order. */
export async function placeOrder({ options }: Clients, request: OrderRequest): Promise<Position> {
  const { clientOrderId } = request;
  if (clientOrderId.length < 1 || clientOrderId.length > CLIENT_ORDER_ID_MAX) {
    throw new AppError({
      kind: 'internal',
      code: 'client_order_id',
      message: 'This order has no usable id. Reload the page and try again.'
    });
  }
  return confirmed(
    () => options.placeOrder(request),
    () => options.getPositionByClientId(clientOrderId),
    'The network did not confirm the order. Try again: the same order is never placed twice.'
  );
}

/** Cancels a pending order; after an unclear answer only a position that is no longer pending counts as an answer. */
export function cancelOrder({ options }: Clients, id: bigint): Promise<Position> {
  return confirmed(
    () => options.cancelOrder(id),
    async () => {
      const position = await options.getPosition(id);
      if (position.state.kind !== 'pending') return position;
      throw new AppError({ kind: 'temporary', code: 'still_pending', message: 'The order is still pending.', canister: 'options' });
    },
    'The network did not confirm the cancellation. Look at the order before trying again.'
  );
}

/** A quote, unless the caller has moved on: an aborted one rejects with code "aborted" and its answer is dropped. */
export async function quote({ options }: Clients, request: QuoteRequest, signal?: AbortSignal): Promise<Quote> {
  throwIfAborted(signal);
  const answer = await options.quote(request);
  throwIfAborted(signal);
  return answer;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError({ kind: 'temporary', code: 'aborted', message: 'A newer quote was asked for.' });
}
