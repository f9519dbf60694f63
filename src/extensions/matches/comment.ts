import { always } from "../../predicate/index.ts";
import { cutBytes, quoteArgument, someOf, type MatchType, type Value } from "../../xtables/index.ts";

interface Comment {
  readonly comment: string;
}

/** Bytes of text that the kernel keeps; the last of XT_MAX_COMMENT_LEN ends it. */
const COMMENT_MAX = 255;

const commentText: Value<string> = {
  shape: "text",
  parse(text, { extension, option, warn }) {
    const kept = cutBytes(text, COMMENT_MAX);
    if (kept !== text) warn(`${extension}: the text of "--${option}" is cut to ${COMMENT_MAX} bytes`);
    return kept;
  },
  print: quoteArgument,
};

const grammar = someOf({
  comment: { value: commentText, required: true, help: "Up to 255 bytes of text that say why the rule is there." },
});

/** `-m comment`: words for people; always matches. Kernel: xt_comment.c, comment_mt. */
export const comment: MatchType<Comment> = {
  name: "comment",
  help: "A comment on the rule.",
  options: {
    options: grammar.options,
    parse: (given, context) => ({ comment: grammar.parse(given, context).comment?.value ?? "" }),
    save: info => `--comment ${quoteArgument(info.comment)}`,
  },
  lower: info => ({ predicate: always, remark: info.comment }),
  list: info => `/* ${info.comment} */`,
};
