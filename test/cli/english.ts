/** Three words of English in a row, no path or option among them: a sentence, or the most of one. */
export const ENGLISH = /(?<![\w/.-])[A-Za-z’']+ [A-Za-z’']+ [A-Za-z’']+(?![\w/])/
