import { AppError } from './AppError';

/** Anything thrown, as the one error a screen shows. What we don't know is internal: never retried, always reported. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError({
    kind: 'internal',
    code: 'unexpected',
    message: 'Something went wrong on this page. Reload it, and report it if it comes back.',
    cause: error
  });
}
