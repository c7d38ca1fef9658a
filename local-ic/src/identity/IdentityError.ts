/** A refusal that the person or site that asked can do something about; its message is meant to be shown as it is. */
export class IdentityError extends Error {
  /** By the vocabulary of the whole project: the input is wrong, so asking again without a change is pointless. */
  readonly kind = 'request';

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'IdentityError';
  }
}
