// Choose, clean, seal: where what a file says of its author, its place and its past will be taken out.
// Nothing is taken out yet, and the page says so (words/en-files.ts, «clean»).

/** The file that is sealed in the chosen one's place. */
export const cleaned = async (file: File): Promise<File> => file
