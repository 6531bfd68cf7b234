// The tools, each for a kind of answer. The first whose `suits` says yes is taken; writing is always possible.
//
// A tool is { title, suits(prompt), build(prompt, reply, game) }; `build` gives { panel?, picture?, first?, leave? }:
// what stands beside the prompt, in the place of its pictures, and before it. It answers by `reply.set(answer)`, and
// where a gesture is a whole turn by `reply.send(answer)`.

import { bits } from "./bits.js";
import { box } from "./box.js";
import { choice } from "./choice.js";
import { moves } from "./moves.js";
import { pieces } from "./pieces.js";
import { place } from "./place.js";
import { screen } from "./screen.js";
import { slots } from "./slots.js";

export const TOOLS = [bits, choice, pieces, place, screen, box, moves, slots];

export const toolFor = (prompt) => TOOLS.find((tool) => tool.suits(prompt));
