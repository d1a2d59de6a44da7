"""`make rollout-simulation`: how often a bad FAQ slips through the rule of levels, and how long a good one takes.

Prints the tables, writes them to a page between its markers, and keeps the figures for `scripts/rollout_plot.py`.
The same options give the same output.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from handover.core.rollout import Policy
from handover.core.supervision import Level
from scripts import rollout_report as report
from scripts.rollout_model import SHARES, Faq, Life, Visit, World, live, turn, with_audit

ERRORS = (0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.10, 0.15, 0.20, 0.30)
#: One answer in fifty wrong is good, one in ten is bad.
GOOD, BAD = 0.02, 0.10
#: What a FAQ turns to when the municipality changes its rules and nobody changes the answer.
TURNED = (0.10, 0.30, 1.0)
#: Shares reviewed at `auto` that are compared with the one that is set.
OTHER_AUDITS = (0.05, 0.10)
HARMFUL = (0.002, 0.01)
MISSED = (0.0, 0.10, 0.30, 0.50)
#: Shares that reviewers do not approve, for which the looks are counted.
LOOKED_AT = (0.08, 0.10, 0.15)
#: How many questions a FAQ lives through, and for how many a bad turn or harm may stay undiscovered.
QUESTIONS, LIMIT = 3_000, 20_000


def policies(policy: Policy) -> dict[str, Policy]:
    """Return the rule and its neighbours, each with one figure changed."""
    return {
        "as it is": policy,
        "target 0.90": replace(policy, target=0.90),
        "target 0.95": replace(policy, target=0.95),
        "at least 30 reviews": replace(policy, min_samples=30),
        "at least 100 reviews": replace(policy, min_samples=100),
        "floor 0.70": replace(policy, floor=0.70),
        "floor 0.90": replace(policy, floor=0.90),
        "of the last 10": replace(policy, recent=10),
        "of the last 40": replace(policy, recent=40),
        "filled up to 5": replace(policy, min_recent=5),
    }


@dataclass(frozen=True, slots=True)
class Job:
    """One scenario, told `runs` times. `name` and `seed` alone decide its luck, whatever runs beside it."""

    name: str
    seed: int
    runs: int
    world: World
    level: Level = Level.APPROVE
    turned: World | None = None


def tell(job: Job) -> list[Life] | list[Visit]:
    """Return the whole life of each FAQ from `approve`; from elsewhere what it sends until it falls."""
    chance = random.Random(f"{job.seed} {job.name}")  # noqa: S311
    world = job.world
    if job.level is Level.APPROVE:
        return [live(Faq(world.policy), world, QUESTIONS, chance) for _ in range(job.runs)]
    if job.turned is not None:
        return [turn(job.level, world, job.turned, LIMIT, chance) for _ in range(job.runs)]
    # It stays at its level until it falls, so that the share that is reviewed there is what is measured.
    faqs = (Faq(world.policy, job.level, cap=job.level) for _ in range(job.runs))
    return [live(faq, world, LIMIT, chance, until_seen=True).visits[0] for faq in faqs]


def unseen(world: World) -> dict[tuple[Level, float], World]:
    """Return the levels at which nobody looks first, with the share reviewed there, and their worlds."""
    shares = sorted({world.shares[Level.AUTO], *OTHER_AUDITS}, reverse=True)
    return {
        (Level.SAMPLED, world.shares[Level.SAMPLED]): world,
        **{(Level.AUTO, share): with_audit(world, share) for share in shares},
    }


def make_jobs(world: World, seed: int, runs: int) -> list[Job]:
    """Return all scenarios in this world."""
    good = replace(world, error=GOOD)
    jobs = [Job(f"steady {error}", seed, runs, replace(world, error=error)) for error in ERRORS]
    for (level, share), here in unseen(good).items():
        where = f"{level} {share}"
        jobs += [Job(f"turned {where} {to}", seed, runs, here, level, replace(here, error=to)) for to in TURNED]
        for rate in HARMFUL:
            # Nothing else is wrong, so that nothing else fells it.
            jobs.append(Job(f"harmful {where} {rate}", seed, runs, replace(here, error=rate, harmful=rate), level))
    for missed in MISSED:
        reviewer = replace(world.reviewer, missed=missed)
        jobs.append(Job(f"missed {missed}", seed, runs, replace(world, error=BAD, reviewer=reviewer)))
    for name, policy in policies(world.policy).items():
        ruled = replace(good, policy=policy)
        jobs.append(Job(f"policy {name} good", seed, runs, ruled))
        jobs.append(Job(f"policy {name} bad", seed, runs, replace(ruled, error=BAD)))
        jobs.append(Job(f"policy {name} turned", seed, runs, ruled, Level.SAMPLED, replace(ruled, error=0.30)))
    return jobs


def simulate(world: World, seed: int, runs: int) -> report.Told:
    """Return what every scenario came to, by its name."""
    jobs = make_jobs(world, seed, runs)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        told = dict(zip((job.name for job in jobs), pool.map(tell, jobs), strict=True))
    return report.Told(told)


def make_blocks(told: report.Told, world: World) -> dict[str, str]:
    """Return what stands between each pair of markers of the page."""
    places = list(unseen(world))
    return {
        "answer": report.answer(told, GOOD, BAD, QUESTIONS),
        "looks": report.looks(world.policy, LOOKED_AT),
        "slips": report.slips(told, ERRORS),
        "climbs": report.climbs(told, [error for error in ERRORS if error <= 0.05]),
        "turned": report.turned(told, places, TURNED, LIMIT),
        "harmful": report.harmful(told, places, HARMFUL, LIMIT),
        "missed": report.missed(told, MISSED),
        "policies": report.policies(told, list(policies(world.policy))),
    }


def fill(page: str, blocks: dict[str, str]) -> str:
    """Return the page with every block between its markers; raise `ValueError` when a pair of markers is missing."""
    for name, block in blocks.items():
        marked = re.compile(rf"(<!-- simulated: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        # A block holds no backslash, so it may stand in the template as it is.
        page, found = marked.subn(rf"\g<1>{block}\n\g<2>", page)
        if found != 1:
            raise ValueError(f"the page needs one block `<!-- simulated: {name} -->` … `<!-- end -->`, it has {found}")
    return page


def _share(text: str) -> float:
    if not 0 < (share := float(text)) <= 1:
        raise argparse.ArgumentTypeError("a share is above 0 and at most 1")
    return share


def _runs(text: str) -> int:
    if (runs := int(text)) < 10:
        raise argparse.ArgumentTypeError("fewer than 10 runs say nothing")
    return runs


def main() -> int:
    """Simulate, print, write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=_runs, default=1_000, help="how many FAQs of each kind")
    parser.add_argument("--page", type=Path, help="write the tables here, between their markers")
    parser.add_argument("--figures", type=Path, help="write what is drawn here, as JSON")
    for level, share in SHARES.items():
        if level is not Level.APPROVE:
            parser.add_argument(f"--{level}-share", type=_share, default=share, help=f"share reviewed at {level}")
    options = parser.parse_args()
    shares = {level: getattr(options, f"{level}_share", share) for level, share in SHARES.items()}
    world = World(error=0.0, shares=shares)
    told = simulate(world, options.seed, options.runs)
    blocks = make_blocks(told, world)
    print("\n\n".join(blocks.values()))
    try:
        if options.page is not None:
            options.page.write_text(fill(options.page.read_text("utf-8"), blocks), "utf-8")
        if options.figures is not None:
            options.figures.parent.mkdir(parents=True, exist_ok=True)
            drawn = report.drawn(told, ERRORS, list(unseen(world)), 0.30, world.policy.target)
            options.figures.write_text(json.dumps(drawn, indent=1) + "\n", "utf-8")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
