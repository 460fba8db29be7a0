/** Thrown by a trial of a search whose settings give no value, such as a network that its input is too small for: the search goes on without it. */
export class TrialFailed extends Error {}
