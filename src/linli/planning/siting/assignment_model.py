"""The exact model of siting with capacities, for HiGHS, and the way back.

The strong form: client ≤ open site, load ≤ capacity × open site; every client is served whole by one site.
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from linli.planning.siting.instance import Capacity
from linli.planning.siting.interchange import CLOSED, OPEN
from linli.planning.siting.lists import Lists
from linli.planning.siting.milp import Milp
from linli.planning.siting.packing_search import Packed
from linli.planning.siting.result import NOT_SERVED

__all__ = ["as_start", "assignment_model", "read_packing"]


def assignment_model(
    lists: Lists,
    status: NDArray[np.int8],
    capacity: Capacity,
    *,
    pair_cost: NDArray[np.float64],
    site_cost: float = 0.0,
    count: int | None = None,
    everyone: bool = True,
    offset: float = 0.0,
) -> Milp:
    """The strong model: sites first, then pairs. ``everyone`` must be served, or may be."""
    sites, pairs, clients = lists.sites, len(lists.site), lists.clients
    pair = np.arange(pairs)
    served = sp.csr_matrix((np.ones(pairs), (lists.client, sites + pair)), shape=(clients, sites + pairs))
    load = sp.csr_matrix(
        (capacity.demands[lists.client], (lists.site, sites + pair)), shape=(sites, sites + pairs)
    ) - sp.hstack([sp.diags(capacity.capacities), sp.csr_matrix((sites, pairs))])
    linked = sp.csr_matrix(
        (
            np.concatenate([np.ones(pairs), -np.ones(pairs)]),
            (np.concatenate([pair, pair]), np.concatenate([sites + pair, lists.site])),
        ),
        shape=(pairs, sites + pairs),
    )
    counting = sp.csr_matrix(np.concatenate([np.ones(sites), np.zeros(pairs)])[None, :])
    closed = (status == CLOSED).astype(np.float64)
    barred = sp.csr_matrix(np.concatenate([closed, np.zeros(pairs)])[None, :])
    return Milp(
        objective=np.concatenate([np.full(sites, site_cost), pair_cost]),
        rows=sp.vstack([served, load, linked, counting, barred]).tocsr(),
        row_lower=np.concatenate(
            [
                np.full(clients, 1.0 if everyone else 0.0),
                np.full(sites + pairs, -np.inf),
                [0.0 if count is None else float(count), 0.0],
            ]
        ),
        row_upper=np.concatenate(
            [
                np.ones(clients),
                np.zeros(sites + pairs),
                [float(sites if count is None else count), 0.0],
            ]
        ),
        whole=np.ones(sites + pairs, dtype=bool),
        lower=np.concatenate([(status == OPEN).astype(np.float64), np.zeros(pairs)]),
        offset=offset,
    )


def as_start(lists: Lists, status: NDArray[np.int8], packed: Packed | None) -> NDArray[np.float64] | None:
    """A packing in the exact model's terms; ``None`` when it does not fit the reduced model."""
    if (
        packed is None
        or (packed.opened[status == CLOSED] == 1).any()
        or (packed.opened[status == OPEN] == 0).any()
    ):
        return None
    used = packed.assignment[lists.client] == lists.site
    if int(used.sum()) != int((packed.assignment != NOT_SERVED).sum()):
        return None
    return np.concatenate([packed.opened.astype(np.float64), used.astype(np.float64)])


def read_packing(lists: Lists, missing: NDArray[np.float64], values: NDArray[np.float64]) -> Packed:
    """Open sites, assignment and value of the exact model's solution."""
    opened = (values[: lists.sites] > 0.5).astype(np.int8)
    used = values[lists.sites :] > 0.5
    assignment = np.full(lists.clients, NOT_SERVED, dtype=np.int64)
    assignment[lists.client[used]] = lists.site[used]
    value = float(lists.cost[used].sum() + missing[assignment == NOT_SERVED].sum())
    return Packed(value, opened, assignment)
