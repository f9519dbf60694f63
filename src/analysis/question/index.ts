/** The language of questions: text ⇄ data → predicates. */
export { printAddresses, printQuestion } from "./print-question.ts";
export { readQuestion } from "./read-question.ts";
export { lowerQuestion, type LoweredQuestion } from "./lower-question.ts";
export { isQuestionFault, type AddressSet, type Place, type Question, type QuestionFault, type Service } from "./question.ts";
export { quotedName, wordsOf, type Variables, type Word } from "./words.ts";
export type { Surroundings } from "./surroundings.ts";
