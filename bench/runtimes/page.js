/** Trains in a page, which is asked by the browser's own protocol. */
import * as lockstep from "@lockstep/lockstep";
import { start } from "./training.js";

const response = await fetch("digits.bin");
globalThis.training = start(lockstep, await response.bytes());
