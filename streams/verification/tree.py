"""The nodes of the tree that are kept are those over the leaves."""

from __future__ import annotations

from ledger.transparency.tree import Frontier, Node, leaf_hash
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.verifying import Check, Fault, Sheet, check


@check("tree", order=95, nl="De boom boven de bladeren klopt", en="The tree above the leaves is right")
class OfNodes(Check):
    """Grows the tree anew, page by page."""

    _frontier = Frontier()

    async def take(self, sheet: Sheet) -> Fault | None:
        """Compare the nodes that these leaves complete."""
        self._frontier, nodes = self._frontier.extended([leaf_hash(row.commitment or b"") for row in sheet.rows])
        if not nodes:
            return None
        with plainly():
            rows = await self.audit.store.pool.fetch(sql("verify_nodes"), [one.level for one in nodes], [one.index for one in nodes])
        kept = {(level, index): hash_ for level, index, hash_ in rows}
        for node in sorted(nodes, key=_first):
            if kept.get((node.level, node.index)) != node.hash:
                what = "is not there" if (node.level, node.index) not in kept else "is not the one over these leaves"
                first = _first(node)
                last = first + (1 << node.level) - 1
                return Fault(
                    where="ledger.tree_nodes",
                    what=f"the node of level {node.level} over entries {first} to {last} {what}",
                    position=last,  # where it shows at the latest: a check that knows the very entry goes before this one
                )
        return None

    async def end(self) -> Fault | None:
        """Nodes over entries that are not there."""
        with plainly():
            row = await self.audit.store.pool.fetchrow(sql("verify_beyond"))
        if row is None:
            return None
        return Fault(where="ledger.tree_nodes", what=f"node {row['index']} of level {row['level']} stands over entries that are not there")


def _first(node: Node) -> int:
    return (node.index << node.level) + 1
