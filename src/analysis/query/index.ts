/** Can they? Questions about sessions and packets, answered for all of them at once. */
export { ask, type QueryStand } from "./ask.ts";
export { FATES, type AnswerPart, type Fate, type QueryAnswer, type Verdict } from "./answer.ts";
export { isQuestionFault, readQuestion, printQuestion, type Question, type QuestionFault } from "../question/index.ts";
