//! Question 1 of an inspection: people, each once, whichever certificates they signed with.

use std::collections::{BTreeMap, BTreeSet};

use trien_policy::SignerKind;

use super::{Belonging, Question, list, one, signatures};
use crate::archive::mapping::{Roll, Whose, folded};
use crate::archive::subject::Person;
use crate::archive::{FILES_LISTED, PersonCount, Record, SignerRecord, StaffCount, StaffMember};

/// Certificates kept of one person: far more than anybody is issued, and a bound for memory.
const CERTIFICATES: usize = 64;

/// A school's people as they are met.
#[derive(Debug, Default)]
pub(super) struct People {
    /// By certificates that lead to an anchor.
    trusted: BTreeMap<Person, Met>,
    /// By others.
    untrusted: BTreeMap<Person, Met>,
    /// Files with a signature of the period by one of the others.
    files_untrusted: Vec<String>,
    count_untrusted: usize,
    last_untrusted: String,
}

#[derive(Debug, Default)]
struct Met {
    count: PersonCount,
    /// The certificates, the first one met first.
    signers: Vec<SignerRecord>,
    /// The last file that was counted.
    last_file: String,
}

impl People {
    /// Who signed. A signature that does not hold is nobody's.
    pub(super) fn note(&mut self, record: &Record, question: &Question, belonging: Belonging) {
        for signature in signatures(record).filter(|signature| signature.is_sound()) {
            let Some(signer) = &signature.signer else {
                continue;
            };
            if signer.kind == SignerKind::Organisation {
                continue;
            }
            let is_trusted = signature.trust_anchor.is_some();
            let is_of_period = question.holds(signature.time());
            let is_counted = belonging == Belonging::Inside || is_of_period;
            if !is_trusted && is_counted && self.last_untrusted != record.file {
                self.last_untrusted.clone_from(&record.file);
                one(&mut self.count_untrusted);
                list(&mut self.files_untrusted, &record.file);
            }
            let people = if is_trusted {
                &mut self.trusted
            } else {
                &mut self.untrusted
            };
            let met = people.entry(Person::of(signer)).or_default();
            let is_known = |known: &SignerRecord| {
                (&known.serial, &known.issuer) == (&signer.serial, &signer.issuer)
            };
            if met.signers.len() < CERTIFICATES && !met.signers.iter().any(is_known) {
                met.signers.push(signer.clone());
            }
            if !is_counted {
                // That there is a certificate is all it shows.
                continue;
            }
            let count = &mut met.count;
            if !count.serials.contains(&signer.serial) && count.serials.len() < CERTIFICATES {
                count.serials.push(signer.serial.clone());
            }
            if count.signatures == 0 {
                count.subject.clone_from(&signer.subject);
                count.common_name.clone_from(&signer.common_name);
                count.serial.clone_from(&signer.serial);
            }
            one(&mut count.signatures);
            count.used_in_period |= is_of_period;
            // Twice in a file is one file.
            if met.last_file != record.file {
                met.last_file.clone_from(&record.file);
                one(&mut count.file_count);
                list(&mut count.files, &record.file);
            }
        }
    }

    /// Without anchors nobody's certificate leads to one, and whom it names is taken as it stands.
    pub(super) fn finish(
        self,
        school: Option<&str>,
        staff: Option<&[StaffMember]>,
        anchors: usize,
    ) -> StaffCount {
        if anchors == 0 {
            return counted_of(self.untrusted, school, staff);
        }
        StaffCount {
            untrusted: self.count_untrusted,
            files_untrusted: self.files_untrusted,
            ..counted_of(self.trusted, school, staff)
        }
    }
}

fn counted_of(
    met: BTreeMap<Person, Met>,
    school: Option<&str>,
    staff: Option<&[StaffMember]>,
) -> StaffCount {
    let is_own = |member: &&StaffMember| match (&member.school, school) {
        (Some(own), Some(school)) => folded(own) == folded(school),
        _ => true,
    };
    let staff: Vec<&StaffMember> = staff.unwrap_or_default().iter().filter(is_own).collect();
    let met: Vec<Met> = met.into_values().collect();
    if staff.is_empty() {
        // Nobody is named: that is no list, and not a list of nobody.
        let people = counted(met);
        return StaffCount {
            listed: None,
            with_certificate: None,
            used: people.iter().filter(|one| one.used_in_period).count(),
            people,
            ..StaffCount::default()
        };
    }
    against(met, &staff)
}

fn against(mut met: Vec<Met>, staff: &[&StaffMember]) -> StaffCount {
    let roll = Roll::of(staff.iter().copied());
    let mut found = Found::default();
    for person in &mut met {
        let whose = roll.whose(&person.signers);
        person.count.listed = Some(whose != Whose::Nobody);
        found.note(whose, &person.count);
    }
    let mut count = StaffCount::default();
    let (mut with_certificate, mut silent) = (0, Vec::new());
    for (place, member) in staff.iter().enumerate() {
        let serial = member.serial.as_deref().unwrap_or_default().trim();
        if found.known.contains(&place) || !serial.is_empty() {
            one(&mut with_certificate);
        }
        if found.used.contains(&place) {
            one(&mut count.used);
        }
        if found.is_open(place) {
            one(&mut count.ambiguous);
            list(&mut count.names_ambiguous, &member.name);
        } else if !found.signed.contains(&place) && silent.len() < FILES_LISTED {
            silent.push(PersonCount {
                common_name: Some(member.name.clone()),
                listed: Some(true),
                ..PersonCount::default()
            });
        }
    }
    count.listed = Some(staff.len());
    count.with_certificate = Some(with_certificate);
    count.people = counted(met);
    count.people.append(&mut silent);
    count
}

/// Places in the list of whom anything was found.
#[derive(Debug, Default)]
struct Found {
    /// A certificate is surely theirs.
    known: BTreeSet<usize>,
    signed: BTreeSet<usize>,
    used: BTreeSet<usize>,
    /// Somebody signed who has their name, and a namesake's.
    shared: BTreeSet<usize>,
}

impl Found {
    fn note(&mut self, whose: Whose, of: &PersonCount) {
        let has_signed = of.signatures > 0;
        match whose {
            Whose::Nobody => {}
            Whose::Known(places) => {
                self.known.extend(&places);
                if has_signed {
                    self.signed.extend(&places);
                }
                if of.used_in_period {
                    self.used.extend(&places);
                }
            }
            Whose::Namesakes(places) if has_signed => self.shared.extend(&places),
            Whose::Namesakes(_) => {}
        }
    }

    /// Whether nothing tells if it was the one in this place who signed.
    fn is_open(&self, place: usize) -> bool {
        self.shared.contains(&place) && !self.known.contains(&place)
    }
}

/// Those with signatures that count, by name.
fn counted(met: Vec<Met>) -> Vec<PersonCount> {
    let mut people: Vec<PersonCount> = met
        .into_iter()
        .map(|person| person.count)
        .filter(|count| count.signatures > 0)
        .collect();
    people.sort_by(|one, other| {
        (&one.common_name, &one.subject).cmp(&(&other.common_name, &other.subject))
    });
    people
}
