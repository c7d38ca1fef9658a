import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import { decodeIcrcAccount } from '../ic/icrcAccount';
import { formatBtc } from '../money/formatBtc';
import type { Deposit, Withdrawal } from '../options/types';
import { confirmed } from './readBack';

/** An approval nobody used lapses after this long. */
const APPROVAL_NS = 600_000_000_000n;
/** What must be left of an old approval for it to be used. */
const APPROVAL_MARGIN_NS = 60_000_000_000n;

export interface Wallet {
  readonly clients: Clients;
  /** The options canister: whom the ledger lets take the deposit. */
  readonly optionsId: string;
}

/**
 * Moves ckBTC from the caller's wallet to their account: approves exactly amount + ledger fee, then deposits. The approval costs the
 * fee once more. `requestId` names the deposit: repeating it never deposits twice.
 */
export async function deposit(wallet: Wallet, requestId: string, amountSats: bigint): Promise<Deposit> {
  const { options } = wallet.clients;
  requirePositive(amountSats);
  const readDeposit = (): Promise<Deposit> => options.getDeposit(requestId);
  // A second attempt starts by looking how the first one ended; what is found, was paid for.
  const earlier = await readDeposit().catch(ignoreNotFound);
  if (earlier !== undefined) return earlier;
  await approve(wallet, amountSats);
  return confirmed(
    () => options.deposit(requestId, amountSats),
    readDeposit,
    'The network did not confirm the deposit. Try again: the same deposit is never made twice.'
  );
}

async function approve({ clients, optionsId }: Wallet, amountSats: bigint): Promise<void> {
  const { ledger, principal } = clients;
  const [feeSats, walletSats] = await Promise.all([ledger.fee(), ledger.balanceOf(principal)]);
  const wanted = amountSats + feeSats;
  for (let attempt = 0; ; attempt += 1) {
    const { allowanceSats, expiresNs } = await ledger.allowance(principal, optionsId);
    const lasts = expiresNs === undefined || expiresNs > clients.nowNs() + APPROVAL_MARGIN_NS;
    const approved = allowanceSats === wanted && lasts;
    requireCovered(walletSats, amountSats, approved ? feeSats : feeSats * 2n);
    if (approved) return;
    const approval = {
      spender: optionsId,
      amountSats: wanted,
      expectedSats: allowanceSats,
      expiresNs: clients.nowNs() + APPROVAL_NS,
      feeSats
    };
    try {
      await ledger.approve(approval);
      return;
    } catch (error) {
      // Unclear or overtaken: the allowance itself says where we are. A repetition can't add up, it names what it replaces.
      const lookAgain = error instanceof AppError && (error.unclear || error.code === 'allowance_changed');
      if (!lookAgain || attempt === 2) throw error;
    }
  }
}

/** Pays from the caller's account to a principal or ICRC-1 account; the ledger fee comes out of the amount. Repeating `requestId` never pays twice. */
export async function withdraw(
  { clients: { options } }: Wallet,
  requestId: string,
  amountSats: bigint,
  destination: string
): Promise<Withdrawal> {
  requirePositive(amountSats);
  const to = decodeIcrcAccount(destination);
  return confirmed(
    () => options.withdraw(requestId, amountSats, to),
    () => options.getWithdrawal(requestId),
    'The network did not confirm the withdrawal. Try again: the same withdrawal is never paid twice.'
  );
}

function ignoreNotFound(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_found') return undefined;
  throw error;
}

function requirePositive(amountSats: bigint): void {
  if (amountSats <= 0n) throw new AppError({ kind: 'request', code: 'invalid_amount', message: 'Enter an amount above zero.' });
}

function requireCovered(walletSats: bigint, amountSats: bigint, feesSats: bigint): void {
  if (walletSats >= amountSats + feesSats) return;
  const most = walletSats > feesSats ? walletSats - feesSats : 0n;
  throw new AppError({
    kind: 'request',
    code: 'insufficient_wallet',
    canister: 'ledger',
    message: `Your wallet holds ${formatBtc(walletSats)} BTC. After the ledger's fees at most ${formatBtc(most)} BTC can be deposited.`
  });
}
