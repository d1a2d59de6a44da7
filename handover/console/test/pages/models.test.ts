import { describe, expect, it } from "vitest";
import type { EngineView, ModelList, ModelView, SwitchView } from "@wire/protocol";
import { failureSentence, swapSentence } from "../../src/pages/models/standing";
import { actsOf } from "../../src/pages/models/table";

const AT = "2026-03-02T12:00:00+00:00";
const OPEN = { open: true, reasons: [] };
const CLOSED = { open: false, reasons: [{ code: "crisis_missed", sentence: "En krisfråga missades." }] };

function model(changed: Partial<ModelView>): ModelView {
  return { model: "b", made_at: AT, in_service: false, served: false, kept: true, gate: OPEN, ...changed };
}

function line(kind: SwitchView["kind"], why = ""): SwitchView {
  return { at: AT, model: "b", kind, why, overridden: false };
}

function engine(state: EngineView["state"], of = "b"): EngineView {
  return { model: of, number: 1, state, since: AT };
}

function list(engines: EngineView[], log: SwitchView[]): ModelList {
  return { keeper: true, models: [], engines, log };
}

describe("what can be done with a model", () => {
  it.each([
    ["in service: nothing", model({ in_service: true, served: true }), true, []],
    ["gone: nothing", model({ kept: false, served: true }), true, []],
    ["served: back to it, whatever its gate", model({ served: true, gate: CLOSED }), false, ["roll_back"]],
    ["gate open: put", model({}), false, ["put"]],
    ["gate closed: nothing for an editor", model({ gate: CLOSED }), false, []],
    ["gate closed: put by a lead", model({ gate: CLOSED }), true, ["put"]],
    ["never judged: put by a lead alone", model({ gate: null }), false, []],
  ])("%s", (_, of, mayOverride, acts) => {
    expect(actsOf(of, mayOverride)).toEqual(acts);
  });
});

describe("how a swap goes", () => {
  it.each([
    ["the engine has yet to start", [engine("ready", "a")], "har inte startat"],
    ["it loads", [engine("starting")], "laddar modellen"],
    ["one is ready, the other warms up", [engine("ready"), engine("warming")], "värms upp"],
    ["all are ready", [engine("ready")], "tar över"],
    ["one of before is on its way out", [engine("stopping")], "har inte startat"],
  ])("%s", (_, engines, words) => {
    expect(swapSentence(list(engines, []), line("begun"))).toContain(words);
  });

  it("tells why the last one came to nothing, and no older one", () => {
    const failed = line("failed", "Modellens fil finns inte längre.");
    expect(failureSentence(list([], [failed]))).toContain("Modellens fil finns inte längre.");
    expect(failureSentence(list([], [line("put"), failed]))).toBe("");
    expect(failureSentence(list([], []))).toBe("");
  });
});
