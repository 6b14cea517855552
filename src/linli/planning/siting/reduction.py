"""Covering made smaller without losing an optimum: clients and sites that others make superfluous."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from linli.planning.siting.interchange import FREE, OPEN
from linli.planning.siting.lists import Lists

__all__ = ["Cover", "cover_of", "merge_clients", "without_superfluous_clients", "without_superfluous_sites"]

_MOST_PRODUCTS = 200_000_000
"""Pairs of pairs that a dominance test may compare; above that the model is solved as it is."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Which free site reaches which client that no existing site reaches yet.

    ``clients`` and ``sites`` say what the rows and columns of ``reach`` stand for.
    """

    reach: sp.csr_matrix
    clients: NDArray[np.int64]
    sites: NDArray[np.int64]
    weights: NDArray[np.float64]


def cover_of(lists: Lists, status: NDArray[np.int8], weights: NDArray[np.float64]) -> Cover:
    """The covering question that is left once existing sites have served who they reach."""
    settled = np.zeros(lists.clients, dtype=bool)
    settled[lists.client[status[lists.site] == OPEN]] = True
    wanted = (status[lists.site] == FREE) & ~settled[lists.client]
    shape = (lists.clients, lists.sites)
    full = sp.csr_matrix(
        (np.ones(int(wanted.sum())), (lists.client[wanted], lists.site[wanted])), shape=shape
    )
    clients, sites = np.flatnonzero(~settled), np.flatnonzero(status == FREE)
    return Cover(full[clients][:, sites].tocsr(), clients, sites, weights[clients])


def merge_clients(cover: Cover) -> Cover:
    """Clients that the same sites reach, as one with their weights together; unreachable ones drop out."""
    groups: dict[bytes, int] = {}
    kept: list[int] = []
    weights: list[float] = []
    reach = cover.reach
    reach.sort_indices()
    for row in range(reach.shape[0]):
        key = reach.indices[reach.indptr[row] : reach.indptr[row + 1]].tobytes()
        if not key:
            continue
        if key in groups:
            weights[groups[key]] += float(cover.weights[row])
            continue
        groups[key] = len(kept)
        kept.append(row)
        weights.append(float(cover.weights[row]))
    rows = np.array(kept, dtype=np.int64)
    return Cover(reach[rows], cover.clients[rows], cover.sites, np.array(weights))


def without_superfluous_sites(cover: Cover) -> Cover:
    """Without sites whose clients another site reaches as well; of equal sites the first stays."""
    kept = np.flatnonzero(~_inside_another(cover.reach.T.tocsr()))
    return Cover(cover.reach[:, kept].tocsr(), cover.clients, cover.sites[kept], cover.weights)


def without_superfluous_clients(cover: Cover) -> Cover:
    """Without clients who are covered whenever some other client is; for covering everyone alone."""
    kept = np.flatnonzero(~_holds_another(cover.reach))
    return Cover(cover.reach[kept], cover.clients[kept], cover.sites, cover.weights[kept])


def _contained(rows: sp.csr_matrix) -> sp.coo_matrix | None:
    """Pairs (a, b) of different rows with a ⊆ b; ``None`` when there would be too many to look at."""
    across = np.asarray(rows.sum(axis=0)).ravel()
    if float(across @ across) > _MOST_PRODUCTS:
        return None
    shared = (rows @ rows.T).tocoo()
    size = np.diff(rows.indptr)
    inside = (shared.data == size[shared.row]) & (shared.row != shared.col)
    return sp.coo_matrix((shared.data[inside], (shared.row[inside], shared.col[inside])), shape=shared.shape)


def _inside_another(rows: sp.csr_matrix) -> NDArray[np.bool_]:
    size = np.diff(rows.indptr)
    superfluous: NDArray[np.bool_] = size == 0
    pairs = _contained(rows)
    if pairs is not None:
        smaller = (size[pairs.row] < size[pairs.col]) | (pairs.row > pairs.col)
        superfluous[pairs.row[smaller]] = True
    return superfluous


def _holds_another(rows: sp.csr_matrix) -> NDArray[np.bool_]:
    size = np.diff(rows.indptr)
    superfluous = np.zeros(len(size), dtype=bool)
    pairs = _contained(rows)
    if pairs is not None:
        larger = (size[pairs.row] < size[pairs.col]) | (pairs.row < pairs.col)
        superfluous[pairs.col[larger]] = True
    return superfluous
