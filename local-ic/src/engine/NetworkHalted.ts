/** A round ran and could not be written down. What came of it is told to nobody: the next start runs its calls again. */
export class NetworkHalted extends Error {
  override readonly name = 'NetworkHalted';
}
