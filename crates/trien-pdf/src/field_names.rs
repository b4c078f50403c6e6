//! Names of fields in a lock (ISO 32000-2, 12.7.5.5, table 236): a lock may list thousands, and
//! thousands of fields are asked for. Does not know what is locked.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Full names of fields, each for its field and for all that are below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldNames {
    /// Nodes of the tree that the partial names make, the root first. Shared: each signature keeps
    /// the locks of all those before it.
    nodes: Arc<Vec<Node>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Node {
    /// Whether a name ends here.
    is_named: bool,
    /// Indices of the nodes below, by partial name.
    below: BTreeMap<Box<str>, usize>,
}

impl Default for FieldNames {
    fn default() -> Self {
        Self {
            nodes: Arc::new(vec![Node::default()]),
        }
    }
}

impl FieldNames {
    /// Adds a full name: partial names joined by full stops (12.7.4.2).
    pub fn add(&mut self, full_name: &str) {
        let nodes = Arc::make_mut(&mut self.nodes);
        let mut at = 0_usize;
        for partial in full_name.split('.') {
            let new = nodes.len();
            let Some(node) = nodes.get_mut(at) else {
                return;
            };
            at = *node.below.entry(partial.into()).or_insert(new);
            if at == new {
                nodes.push(Node::default());
            }
        }
        if let Some(node) = nodes.get_mut(at) {
            node.is_named = true;
        }
    }

    /// Whether a field of this full name is named, or one that it is below of. Names match by whole
    /// partial names: `a` includes `a.b` and not `ab`.
    #[must_use]
    pub fn include(&self, full_name: &str) -> bool {
        self.path(full_name).any(|node| node.is_named)
    }

    /// The nodes that a name leads along.
    fn path<'n>(&'n self, full_name: &'n str) -> impl Iterator<Item = &'n Node> {
        let root = self.nodes.first();
        full_name.split('.').scan(root, |at, partial| {
            let next = at.and_then(|node| node.below.get(partial));
            *at = next.and_then(|next| self.nodes.get(*next));
            *at
        })
    }
}

impl<S: AsRef<str>> FromIterator<S> for FieldNames {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut all = Self::default();
        names.into_iter().for_each(|name| all.add(name.as_ref()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_by_whole_partial_names() {
        let names: FieldNames = ["a", "b.c", "d."].into_iter().collect();
        for named in ["a", "a.b", "a.", "b.c", "b.c.d", "d.", "d..e"] {
            assert!(names.include(named), "{named}");
        }
        for other in ["", "ab", "b", "b.cd", "c", "d", "d.e", ".a"] {
            assert!(!names.include(other), "{other}");
        }
        assert!(!FieldNames::default().include(""));
    }

    #[test]
    fn a_field_is_asked_for_by_its_partial_names_however_many_are_locked() {
        let steps = |locked: usize| {
            let names = (0..locked).map(|number| format!("lop.hoc sinh {number}.diem"));
            let names: FieldNames = names.collect();
            let asked = |number| {
                names
                    .path(&format!("lop.hoc sinh {number}.diem.toan"))
                    .count()
            };
            (0..locked).map(asked).sum::<usize>()
        };
        assert_eq!(steps(2_000), 3 * 2_000);
        assert_eq!(steps(4_000), 2 * steps(2_000));
    }

    #[test]
    fn a_name_of_very_many_parts_is_one_path() {
        let long = ".".repeat(200_000);
        let names: FieldNames = [&long].into_iter().collect();
        let shorter = ".".repeat(199_999);
        assert!(names.include(&long) && !names.include(&shorter));
    }
}
