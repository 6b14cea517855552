"""One peer on one graph, in its own process and environment: see beats.py.

    .peers/bin/python benchmarks/beats_peer.py PEER GRAPH.npz OUT.npz

Every finished run is added to OUT at once, so that a run stopped by the time limit loses only itself.
A peer is run on each station apart, which is how it keeps to borders.
"""

import random
import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")


class Station:
    """One station's units, numbered from 0."""

    def __init__(self, graph, station):
        self.members = np.flatnonzero(graph["station"] == station)
        self.beats = int(graph["beats"][station])
        place = np.full(len(graph["x"]), -1)
        place[self.members] = np.arange(len(self.members))
        pairs = place[graph["edges"]]
        self.edges = pairs[(pairs >= 0).all(axis=1)]
        self.residents = graph["residents"][self.members]
        self.x = graph["x"][self.members]
        self.y = graph["y"][self.members]

    def neighbours(self):
        lists = [[] for _ in self.members]
        for a, b in self.edges.tolist():
            lists[a].append(b)
            lists[b].append(a)
        return lists

    def frame(self):
        import geopandas
        from shapely.geometry import Point

        points = [Point(x, y) for x, y in zip(self.x, self.y, strict=True)]
        columns = {"x": self.x / 1000, "y": self.y / 1000, "residents": self.residents}
        return geopandas.GeoDataFrame(columns, geometry=points)

    def weights(self):
        from libpysal.weights import W

        return W(dict(enumerate(self.neighbours())), silence_warnings=True)


def metis():
    """Every ufactor from 1 to 20 % with three seeds, k-way and contiguous, plain and by distance."""
    import pymetis

    def run(ufactor, seed, weighted):
        def part(station):
            options = pymetis.Options(ufactor=ufactor, seed=seed, contig=1, niter=50)
            adjacency = station.neighbours()
            if not weighted:
                return pymetis.part_graph(
                    station.beats,
                    adjacency=adjacency,
                    vweights=station.residents.astype(int).tolist(),
                    recursive=False,
                    options=options,
                )[1]
            first = np.concatenate([[0], np.cumsum([len(row) for row in adjacency])])
            flat = np.concatenate([np.array(row, int) for row in adjacency])
            source = np.repeat(np.arange(len(adjacency)), np.diff(first))
            apart = np.hypot(station.x[source] - station.x[flat], station.y[source] - station.y[flat])
            near = np.maximum(np.round(100 * np.median(apart) / np.maximum(apart, 1.0)), 1).astype(int)
            return pymetis.part_graph(
                station.beats,
                xadj=first.tolist(),
                adjncy=flat.tolist(),
                eweights=near.tolist(),
                vweights=station.residents.astype(int).tolist(),
                recursive=False,
                options=options,
            )[1]

        return part

    for ufactor in (1, 30, 50, 70, 90, 100, 110, 150, 200):
        for weighted in (False, True):
            for seed in (1, 2, 3):
                yield run(ufactor, seed, weighted)


def kahip():
    """Fast, eco and strong, at 3 and 10 % imbalance."""
    import kahip as library

    def run(mode, imbalance):
        def part(station):
            adjacency = station.neighbours()
            first = np.concatenate([[0], np.cumsum([len(row) for row in adjacency])]).tolist()
            flat = [int(v) for row in adjacency for v in row]
            weights = station.residents.astype(int).tolist()
            return library.kaffpa(
                weights,
                first,
                [1] * len(flat),
                flat,
                station.beats,
                imbalance,
                True,  # noqa: FBT003
                1,
                mode,
            )[1]

        return part

    for mode in (0, 1, 2):
        for imbalance in (0.03, 0.1):
            yield run(mode, imbalance)


class Recombination:
    """GerryChain on one station."""

    def __init__(self, station):
        import networkx
        from gerrychain import Graph

        graph = networkx.Graph()
        for i, residents in enumerate(station.residents.tolist()):
            graph.add_node(i, residents=residents)
        graph.add_edges_from(station.edges.tolist())
        self.graph = Graph.from_networkx(graph)
        self.station = station
        self.target = station.residents.sum() / station.beats

    def first(self):
        """Recursive tree parts within 10 % of the target; 20, 50, 90 % where that finds none."""
        from gerrychain.tree import recursive_tree_part

        random.seed(1)
        np.random.seed(1)  # noqa: NPY002 - the peer draws from the global generator
        for epsilon in (0.1, 0.2, 0.5, 0.9):
            try:
                return recursive_tree_part(
                    self.graph, range(self.station.beats), self.target, "residents", epsilon
                )
            except Exception:  # noqa: S112 - how it says that no tree had a balanced cut
                continue
        raise RuntimeError("GerryChain found no first plan")

    def travel(self, units):
        """Resident-weighted distance to the best centre."""
        s, at = self.station, np.array(sorted(units))
        apart = np.hypot(s.x[at][:, None] - s.x[at], s.y[at][:, None] - s.y[at])
        return float((s.residents[at] @ apart).min())

    def step(self, plan):
        """One recombination within 10 % of the target, kept where it shortens travel."""
        from gerrychain.tree import bipartition_tree

        edges = self.station.edges
        a, b = edges[random.randrange(len(edges))].tolist()
        if plan[a] == plan[b]:
            return
        sides = [{i for i in plan if plan[i] == k} for k in (plan[a], plan[b])]
        pair = sides[0] | sides[1]
        try:
            side = set(
                bipartition_tree(
                    self.graph.subgraph(pair),
                    "residents",
                    self.target,
                    0.1,
                    max_attempts=20,
                    allow_pair_reselection=False,
                )
            )
        except Exception:
            return
        if sum(map(self.travel, (side, pair - side))) < sum(map(self.travel, sides)):
            names = plan[a], plan[b]
            for i in pair:
                plan[i] = names[0] if i in side else names[1]


def gerrychain():
    """A first plan by recursive trees; and one improved by 20 recombinations a unit."""

    def part(station):
        plan = Recombination(station).first()
        return [plan[i] for i in range(len(station.members))]

    def improved(station):
        chain = Recombination(station)
        plan = chain.first()
        for _ in range(20 * len(station.members)):
            chain.step(plan)
        return [plan[i] for i in range(len(station.members))]

    yield part
    yield improved


def maxp():
    """Regions of at least 90 % of the target, alike in position."""
    from spopt.region import MaxPHeuristic

    def part(station):
        np.random.seed(1)  # noqa: NPY002 - the peer draws from the global generator
        target = station.residents.sum() / station.beats
        model = MaxPHeuristic(station.frame(), station.weights(), ["x", "y"], "residents", 0.9 * target, 2)
        model.solve()
        return np.array(model.labels_) - 1

    yield part


def azp():
    """As many regions as beats, alike in position."""
    from spopt.region import AZP

    def part(station):
        model = AZP(station.frame(), station.weights(), ["x", "y"], n_clusters=station.beats, random_state=1)
        model.solve()
        return np.array(model.labels_, int)

    yield part


def skater():
    """As many regions as beats, alike in position, with a floor of units where it can keep one."""
    from spopt.region import Skater

    def run(floor):
        def part(station):
            model = Skater(
                station.frame(),
                station.weights(),
                ["x", "y"],
                n_clusters=station.beats,
                floor=floor,
                islands="ignore",
            )
            model.solve()
            return np.array(model.labels_, int)

        return part

    yield run(3)


PEERS = {"metis": metis, "kahip": kahip, "gerrychain": gerrychain, "maxp": maxp, "azp": azp, "skater": skater}


def peak_megabytes():
    """Peak memory since this program began: getrusage would count the parent's before it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def main():
    peer, source, goal = sys.argv[1:4]
    graph = dict(np.load(source))
    stations = [Station(graph, s) for s in range(len(graph["beats"]))]
    labels, seconds, processor = [], [], []
    for part in PEERS[peer]():
        label = np.zeros(len(graph["x"]), np.int64)
        used = 0
        begun, worked = time.perf_counter(), time.process_time()
        for station in stations:
            if station.beats > 1:
                own = np.asarray(part(station), np.int64)
                label[station.members] = used + own - own.min()
            else:
                label[station.members] = used
            used = int(label[station.members].max()) + 1
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - worked)
        labels.append(label)
        memory = peak_megabytes()
        np.savez(goal, labels=labels, seconds=seconds, processor=processor, memory=memory)


if __name__ == "__main__":
    main()
