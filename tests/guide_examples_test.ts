/** The blocks of code in the guides run. */
import { filesIn, testExamples } from "./examples.ts";

testExamples(["README.md", ...filesIn("docs/", ".md")], 34);
