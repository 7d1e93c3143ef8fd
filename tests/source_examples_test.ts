/** The examples in docstrings run. */
import { filesIn, testExamples } from "./examples.ts";

testExamples(["mod.ts", ...filesIn("src/", ".ts")], 176);
