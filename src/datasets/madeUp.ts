/** Present in the root of a made-up data set; its text says what it is. */
export const MADE_UP_MARKER = "MADE_UP.txt";
