//! The tree over an agency's chain (RFC 6962, RFC 9162 section 2.1): one short hash over all events, and a proof of some
//! twenty hashes that an event stands in its place under it, which shows nothing of any other event.
//!
//! ```text
//! leaf(event)        = SHA-256(0x00 | SHA-256(record))
//! node(left, right)  = SHA-256(0x01 | left | right)
//! ```
//!
//! The first event's leaf has the index 0. A record says its own place, so an index is the record's `agency_seq` less 1.

use sha2::{Digest as _, Sha256};

use crate::crypto::digest::digest_type;
use crate::crypto::framed::sha256;

digest_type!(
    /// A leaf, a node or the root of the tree.
    Node
);

/// The leaf of a record.
pub fn leaf(record: &[u8]) -> Node {
    leaf_of_digest(&sha256(record))
}

/// The leaf of a record of which the SHA-256 is known.
pub fn leaf_of_digest(digest: &[u8; 32]) -> Node {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(digest);
    Node::from_bytes(hash.finalize().into())
}

fn parent(left: &Node, right: &Node) -> Node {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left.as_bytes());
    hash.update(right.as_bytes());
    Node::from_bytes(hash.finalize().into())
}

/// What must be kept of a tree so that it can grow: the roots of its perfect parts, the largest first. A tree of 13 leaves
/// has parts of 8, 4 and 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Node>,
}

impl Frontier {
    /// The frontier of a tree of so many leaves, as [`Frontier::bytes`] wrote it; `None` when these are not its.
    pub fn read(size: u64, bytes: &[u8]) -> Option<Self> {
        let (nodes, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && u64::try_from(nodes.len()) == Ok(u64::from(size.count_ones()));
        fits.then(|| Self { size, peaks: nodes.iter().map(|bytes| Node::from_bytes(*bytes)).collect() })
    }

    /// The peaks, one behind the other.
    pub fn bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| *peak.as_bytes()).collect()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf at the end.
    pub fn push(&mut self, leaf: Node) {
        let mut node = leaf;
        let mut parts = self.size;
        while parts & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                node = parent(&left, &node);
            }
            parts >>= 1;
        }
        self.peaks.push(node);
        self.size = self.size.saturating_add(1);
    }

    /// The root; of a tree without leaves, SHA-256 of nothing.
    pub fn root(&self) -> Node {
        let nodes = self.peaks.iter().rev().copied();
        nodes.reduce(|right, left| parent(&left, &right)).unwrap_or_else(|| Node::from_bytes(sha256(b"")))
    }

    /// The start, the length and the root of each perfect part.
    fn parts(&self) -> Vec<(u64, u64, Node)> {
        let mut parts = Vec::with_capacity(self.peaks.len());
        let mut start = 0_u64;
        let mut nodes = self.peaks.iter();
        for bit in (0..u64::BITS).rev() {
            let length = 1_u64 << bit;
            if self.size & length != 0
                && let Some(node) = nodes.next()
            {
                parts.push((start, length, *node));
                start = start.saturating_add(length);
            }
        }
        parts
    }
}

/// The largest power of two below `length`, which is 2 at least.
fn split(length: u64) -> u64 {
    1_u64 << length.saturating_sub(1).checked_ilog2().unwrap_or(0)
}

/// A tree of which the beginning is known by its frontier, and the rest leaf by leaf.
struct Known<'a> {
    parts: Vec<(u64, u64, Node)>,
    from: u64,
    leaves: &'a [Node],
}

impl Known<'_> {
    fn root(&self, start: u64, length: u64) -> Option<Node> {
        if let Some((.., node)) = self.parts.iter().find(|part| part.0 == start && part.1 == length) {
            return Some(*node);
        }
        if length <= 1 {
            return self.leaves.get(usize::try_from(start.checked_sub(self.from)?).ok()?).copied();
        }
        let left = split(length);
        let right = length.checked_sub(left)?;
        Some(parent(&self.root(start, left)?, &self.root(start.checked_add(left)?, right)?))
    }

    fn path(&self, index: u64, start: u64, length: u64, proof: &mut Vec<Node>) -> Option<()> {
        if length <= 1 {
            return Some(());
        }
        let left = split(length);
        let middle = start.checked_add(left)?;
        let right = length.checked_sub(left)?;
        if index < middle {
            self.path(index, start, left, proof)?;
            proof.push(self.root(middle, right)?);
        } else {
            self.path(index, middle, right, proof)?;
            proof.push(self.root(start, left)?);
        }
        Some(())
    }
}

/// The proof that the leaf at `index` stands in the tree of `before` and these further leaves. It must be one of them: what
/// is known of a tree by its frontier only cannot be proved any more (and was, by the frontier before).
pub fn proof(before: &Frontier, leaves: &[Node], index: u64) -> Option<Vec<Node>> {
    let size = before.size.checked_add(u64::try_from(leaves.len()).ok()?)?;
    if index < before.size || index >= size {
        return None;
    }
    let known = Known { parts: before.parts(), from: before.size, leaves };
    let mut proof = Vec::new();
    known.path(index, 0, size, &mut proof)?;
    Some(proof)
}

/// Whether the proof shows this leaf at this index under this root of a tree of so many leaves (RFC 9162, 2.1.3.2).
pub fn is_included(leaf: &Node, index: u64, size: u64, proof: &[Node], root: &Node) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut node) = (index, size.saturating_sub(1), *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            node = parent(sibling, &node);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = parent(&node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && node == *root
}

#[cfg(test)]
mod tests {
    use super::{Frontier, Node, is_included, leaf, parent, proof};
    use crate::crypto::framed::sha256;

    fn leaves(count: u64) -> Vec<Node> {
        (0..count).map(|n| leaf(n.to_string().as_bytes())).collect()
    }

    /// RFC 6962, section 2.1, word for word.
    fn by_the_definition(leaves: &[Node]) -> Node {
        match leaves {
            [] => Node::from_bytes(sha256(b"")),
            [only] => *only,
            many => {
                let mut left = 1;
                while left * 2 < many.len() {
                    left *= 2;
                }
                parent(&by_the_definition(&many[..left]), &by_the_definition(&many[left..]))
            }
        }
    }

    fn frontier(leaves: &[Node]) -> Frontier {
        let mut frontier = Frontier::default();
        for leaf in leaves {
            frontier.push(*leaf);
        }
        frontier
    }

    /// Computed with Python's hashlib from the description in the module's comment.
    #[test]
    fn known_hashes_never_change() {
        assert_eq!(leaf(b"{}").to_string(), LEAF);
        assert_eq!(frontier(&[leaf(b"a"), leaf(b"b"), leaf(b"c")]).root().to_string(), ROOT);
    }
    const LEAF: &str = "3b23320c1c20abda52595975d9b1dc6fab163b4fb1a4eb0d50d3bdc9f02a4a79";
    const ROOT: &str = "cac3d448d4e20a2ad5eae1f500e63c2a7f9217cd14572ba7fd22e26dc1ec2648";

    #[test]
    fn a_tree_that_grows_has_the_root_of_the_definition() {
        let all = leaves(300);
        for size in 0..=all.len() {
            let grown = frontier(&all[..size]);
            assert_eq!(grown.root(), by_the_definition(&all[..size]), "{size}");
            assert_eq!(Frontier::read(grown.size(), &grown.bytes()), Some(grown.clone()));
            assert_eq!(
                Frontier::read(grown.size() + 1, &grown.bytes()).is_some(),
                (size + 1).count_ones() == size.count_ones()
            );
        }
        assert_eq!(Frontier::read(1, &[0; 31]), None);
    }

    /// Every leaf of every tree up to 70 leaves, from every frontier that still lets it be proved.
    #[test]
    fn every_leaf_is_proved_and_no_other() {
        let all = leaves(70);
        for size in 1..=all.len() {
            let root = by_the_definition(&all[..size]);
            for from in 0..size {
                let before = frontier(&all[..from]);
                for index in from..size {
                    let (at, of) = (u64::try_from(index).unwrap(), u64::try_from(size).unwrap());
                    let found = proof(&before, &all[from..size], at).unwrap();
                    assert!(is_included(&all[index], at, of, &found, &root), "{from} {index} {size}");
                    if from == 0 {
                        assert!(!is_included(&all[(index + 1) % 70], at, of, &found, &root));
                        assert!(!is_included(&all[index], at ^ 1, of, &found, &root), "{index} {size}");
                        assert!(
                            !is_included(&all[index], at, of, &found[..found.len().saturating_sub(1)], &root)
                                || size == 1
                        );
                        let longer = [found.clone(), vec![root]].concat();
                        assert!(!is_included(&all[index], at, of, &longer, &root));
                    }
                }
            }
        }
        assert_eq!(proof(&frontier(&all[..5]), &all[5..9], 4), None);
        assert_eq!(proof(&frontier(&all[..5]), &all[5..9], 9), None);
    }
}
