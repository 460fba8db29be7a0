/** A run that was asked to stop, and can go on from its last checkpoint. The command line ends with 130. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Interrupted";
  }
}
