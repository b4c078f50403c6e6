//! New objects that nothing leads to (ATTACKS.md, X14): no page shows them, and they wait for an
//! update or a reader that does. Does not know what they are.

use std::collections::{HashMap, HashSet};

use super::references::{References, walk};
use super::step::{Result, Step, Touched};
use crate::{Object, ObjectId};

/// Streams of the file's own structure (7.5.7, 7.5.8): entries lead to them, and no object does.
const STRUCTURE: [&str; 2] = ["ObjStm", "XRef"];

impl Step<'_, '_> {
    /// The first of the objects that came with the revision and that nothing leads to, in any
    /// revision: neither an object that was there nor, by way of other new ones, the trailer. The
    /// work follows what is new and the references to it.
    pub(super) fn first_unreferenced(
        &self,
        new: &[&Touched],
        references: &References,
    ) -> Result<Option<ObjectId>> {
        // What the objects in encrypted streams refer to is not known.
        if new.is_empty() || self.document.is_encrypted() {
            return Ok(None);
        }
        let numbers: HashSet<u32> = new.iter().map(|touched| touched.id.number).collect();
        let mut led_to = self.numbers_in_trailers();
        let mut leads_to: HashMap<u32, Vec<u32>> = HashMap::new();
        for number in &numbers {
            for referrer in references.referrers_of(*number) {
                if !numbers.contains(&referrer) {
                    led_to.insert(*number);
                } else if referrer != *number {
                    leads_to.entry(referrer).or_default().push(*number);
                }
            }
        }
        let mut pending: Vec<u32> = led_to.iter().copied().collect();
        while let Some(number) = pending.pop() {
            let below = leads_to.remove(&number).unwrap_or_default();
            pending.extend(below.into_iter().filter(|below| led_to.insert(*below)));
        }
        let unreferenced = new
            .iter()
            .find(|touched| !led_to.contains(&touched.id.number) && !is_structure(&touched.new));
        Ok(unreferenced.map(|touched| touched.id))
    }

    /// What the trailers of this revision and of the last one refer to.
    fn numbers_in_trailers(&self) -> HashSet<u32> {
        let mut numbers = HashSet::new();
        for at in [self.after, self.document.latest()] {
            for entry in self.document.trailer(at).entries() {
                walk(&entry.value, &mut |number| {
                    numbers.insert(number);
                });
            }
        }
        numbers
    }
}

fn is_structure(object: &Object) -> bool {
    let name = object
        .as_stream()
        .and_then(|stream| stream.dictionary.get("Type")?.as_name());
    name.is_some_and(|name| STRUCTURE.iter().any(|structure| *name == *structure))
}
