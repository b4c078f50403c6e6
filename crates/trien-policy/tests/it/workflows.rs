//! Every ready workflow, walked in every order: what is out of order, in a wrong role or by a
//! wrong key is refused before signing and seen by a verifier, both by the same rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use trien_policy::{
    EarlierSignature, IntegrityFact, Language, Outcome, Profile, ProfileChoice, Refusal, Report,
    SignatureFacts, SignerFacts, SignerKind, SigningAct, SigningFacts, StepState, ValidationFacts,
    Workflow, WorkflowConclusion, WorkflowReport, WorkflowTurn, judge, judge_workflow, permit,
};
use trien_types::{Capacity, Role, Signatory};

use crate::scenario::{Happened, Held, Scenario, day};

const AT: &str = "2026-06-02";

fn ready(id: &str) -> Arc<Workflow> {
    Arc::new(Workflow::ready(id).unwrap().unwrap())
}

fn signer(name: &str, kind: SignerKind) -> SignerFacts {
    SignerFacts::new(
        format!("CN={name}"),
        "CN=authority".to_owned(),
        "01".to_owned(),
        kind,
        (day("2026-01-01"), day("2028-01-01")),
    )
}

/// Somebody with a certificate, who signs in a role.
#[derive(Debug, Clone)]
struct Person {
    signer: SignerFacts,
    role: Signatory,
}

impl Person {
    fn new(name: &str, role: Signatory) -> Self {
        let kind = if role.role == Role::Clerk {
            SignerKind::Organisation
        } else {
            SignerKind::Person
        };
        Self {
            signer: signer(name, kind),
            role,
        }
    }
}

/// Whoever comes first in the list of a step.
fn person_of(workflow: &Workflow, step: &str) -> Person {
    let role = workflow.step(step).unwrap().signatories()[0];
    Person::new(step, role)
}

/// A record on its way.
#[derive(Debug, Clone)]
struct Desk {
    workflow: Arc<Workflow>,
    earlier: Vec<EarlierSignature>,
}

impl Desk {
    fn new(workflow: &Arc<Workflow>) -> Self {
        Self {
            workflow: Arc::clone(workflow),
            earlier: Vec::new(),
        }
    }

    fn facts(&self, step: &str, person: &Person) -> SigningFacts {
        let validity = (person.signer.not_before, person.signer.not_after);
        let filled: Vec<&str> = self.earlier.iter().map(|one| one.field.as_str()).collect();
        let assignment = self
            .workflow
            .assignment(step, person.role, &filled)
            .unwrap();
        let mut facts = SigningFacts::new(day(AT), validity);
        facts.earlier.clone_from(&self.earlier);
        facts.claimed_role = Some(assignment.claimed_role);
        facts.kind = person.signer.kind;
        facts.signer = Some(person.signer.clone());
        let workflow = Arc::clone(&self.workflow);
        facts.workflow = Some(WorkflowTurn::new(workflow, step, assignment.field));
        facts
    }

    fn sign(&mut self, step: &str, person: &Person) -> Result<(), Refusal> {
        let facts = self.facts(step, person);
        ask(&facts)?;
        self.put(facts);
        Ok(())
    }

    /// As a program without rules signs.
    fn put(&mut self, facts: SigningFacts) {
        let field = facts.workflow.unwrap().field;
        let signed = EarlierSignature::sound(field)
            .signed_by(facts.signer.unwrap(), Vec::from_iter(facts.claimed_role));
        self.earlier.push(signed);
    }

    /// The record as a verifier sees it.
    fn report(&self) -> Report {
        let at = day(AT);
        let template = Scenario::new(Held::LongTerm, Happened::Nothing).facts(at);
        let signatures = self.earlier.iter().zip(1..).map(|(earlier, revision)| {
            let mut facts: SignatureFacts = template.signatures[0].clone();
            facts.field.clone_from(&earlier.field);
            facts.signer.clone_from(&earlier.signer);
            facts.claimed_roles.clone_from(&earlier.claimed_roles);
            facts.revision = Some(revision);
            facts
        });
        let facts = ValidationFacts::new(template.document.clone(), signatures.collect());
        judge(&facts, &ProfileChoice::default(), at, Language::Vi)
    }

    fn judged(&self) -> WorkflowReport {
        judge_workflow(&self.report(), &self.workflow)
    }
}

fn ask(facts: &SigningFacts) -> Result<(), Refusal> {
    permit(facts, &Profile::default(), Language::Vi).map(|_| ())
}

fn grounds(refusal: &Refusal) -> BTreeSet<&'static str> {
    refusal
        .grounds()
        .map(|finding| finding.rule.as_str())
        .collect()
}

/// Every order of these.
fn permutations(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(at);
        for mut tail in permutations(&rest) {
            tail.insert(0, *first);
            all.push(tail);
        }
    }
    all
}

/// Walks every order of the steps of a workflow: only the workflow's own passes, every other is
/// refused at the step that is not due, and seen by a verifier where somebody signed all the same.
fn every_wrong_order_is_refused(id: &str) {
    let workflow = ready(id);
    let steps: Vec<&str> = workflow.steps().iter().map(|step| step.id()).collect();
    let right: Vec<usize> = (0..steps.len()).collect();
    let mut refused = 0;
    for order in permutations(&right) {
        let mut desk = Desk::new(&workflow);
        let mut forced = Desk::new(&workflow);
        let mut refusal = None;
        for index in &order {
            let person = person_of(&workflow, steps[*index]);
            if refusal.is_none() {
                refusal = desk.sign(steps[*index], &person).err();
            }
            let facts = forced.facts(steps[*index], &person);
            forced.put(facts);
        }
        if order == right {
            assert!(refusal.is_none(), "{id}: {refusal:?}");
            assert_eq!(
                desk.judged().conclusion,
                WorkflowConclusion::Complete,
                "{id}"
            );
            continue;
        }
        refused += 1;
        assert!(refusal.is_some(), "{id}: {order:?} was let through");
        let refusal = refusal.unwrap();
        let ids = grounds(&refusal);
        assert!(ids.contains("workflow.order"), "{id}: {order:?}: {ids:?}");
        let text = refusal.to_string();
        assert!(text.contains("Hãy"), "it is said what to do: {text}");
        let judged = forced.judged();
        assert_eq!(
            judged.conclusion,
            WorkflowConclusion::Violated,
            "{id}: {order:?}"
        );
    }
    let all: usize = (1..=steps.len()).product();
    assert_eq!(refused, all - 1, "{id}");
}

#[test]
fn an_outgoing_letter_in_every_wrong_order_is_refused() {
    every_wrong_order_is_refused("cong-van-di");
}

#[test]
fn a_secondary_school_report_in_every_wrong_order_is_refused() {
    every_wrong_order_is_refused("hoc-ba-thcs-thpt");
}

#[test]
fn a_primary_school_report_in_every_wrong_order_is_refused() {
    every_wrong_order_is_refused("hoc-ba-tieu-hoc");
}

#[test]
fn a_lesson_plan_in_every_wrong_order_is_refused() {
    every_wrong_order_is_refused("ke-hoach-bai-day");
}

#[test]
fn an_education_plan_in_every_wrong_order_is_refused() {
    every_wrong_order_is_refused("ke-hoach-giao-duc");
}

#[test]
fn a_register_of_progress_in_every_wrong_order_is_refused() {
    every_wrong_order_is_refused("so-theo-doi-danh-gia");
}

#[test]
fn subject_teachers_sign_in_any_order_and_number_and_each_once() {
    let teacher = Signatory::own(Role::SubjectTeacher);
    let step = "giao-vien-bo-mon";
    for order in permutations(&[1, 2, 3, 4]) {
        let workflow = ready("hoc-ba-thcs-thpt");
        for many in 1..=4 {
            let mut desk = Desk::new(&workflow);
            for name in &order[..many] {
                let person = Person::new(&format!("teacher {name}"), teacher);
                desk.sign(step, &person).unwrap();
                let again = desk.sign(step, &person).unwrap_err();
                assert_eq!(grounds(&again), BTreeSet::from(["workflow.signed-twice"]));
            }
            for later in ["giao-vien-chu-nhiem", "hieu-truong", "con-dau"] {
                desk.sign(later, &person_of(&workflow, later)).unwrap();
            }
            let judged = desk.judged();
            assert_eq!(judged.conclusion, WorkflowConclusion::Complete);
            assert_eq!(judged.steps[0].signed, many);
            // Whoever comes after the homeroom teacher comes too late.
            let late = Person::new("late", teacher);
            let refusal = desk.sign(step, &late).unwrap_err();
            let ids = BTreeSet::from(["workflow.order", "nd30.32.2d"]);
            assert_eq!(grounds(&refusal), ids);
        }
    }
}

#[test]
fn a_step_takes_as_many_as_it_says_and_waits_for_as_many_as_it_needs() {
    let text = Workflow::ready_text("hoc-ba-thcs-thpt").unwrap();
    let text = text.replace("at_least = 1, at_most = 20", "at_least = 2, at_most = 3");
    let workflow = Arc::new(Workflow::from_toml(&text).unwrap());
    let mut desk = Desk::new(&workflow);
    let homeroom = person_of(&workflow, "giao-vien-chu-nhiem");
    for number in 1..=4 {
        let person = Person::new(&number.to_string(), Signatory::own(Role::SubjectTeacher));
        if number <= 2 {
            let early = desk.sign("giao-vien-chu-nhiem", &homeroom).unwrap_err();
            assert_eq!(grounds(&early), BTreeSet::from(["workflow.order"]));
            let state = desk.judged().steps[0].state;
            let states = [StepState::Missing, StepState::Begun];
            assert_eq!(state, states[number - 1]);
        }
        let signed = desk.sign("giao-vien-bo-mon", &person);
        if number <= 3 {
            signed.unwrap();
        } else {
            let refusal = signed.unwrap_err();
            assert!(grounds(&refusal).contains("workflow.step-done"));
        }
    }
    desk.sign("giao-vien-chu-nhiem", &homeroom).unwrap();
}

#[test]
fn a_wrong_role_or_none_is_refused_and_seen() {
    let workflow = ready("hoc-ba-tieu-hoc");
    let desk = Desk::new(&workflow);
    let step = "giao-vien-chu-nhiem";
    let person = person_of(&workflow, step);
    let subject = Signatory::own(Role::SubjectTeacher).to_string();
    for claimed in [None, Some(subject), Some("Giáo viên".to_owned())] {
        let mut facts = desk.facts(step, &person);
        facts.claimed_role = claimed;
        let refusal = ask(&facts).unwrap_err();
        assert_eq!(grounds(&refusal), BTreeSet::from(["workflow.role"]));
        let mut forced = desk.clone();
        forced.put(facts);
        let judged = forced.judged();
        assert_eq!(judged.conclusion, WorkflowConclusion::Violated);
        assert_eq!(judged.signatures[0].objections, ["workflow.role"]);
        assert_eq!(
            judged.steps[0].state,
            StepState::Missing,
            "it does not count"
        );
    }
    // The deputy's field is the deputy's: the role and the field say the same.
    let mut signed = desk.clone();
    signed.sign(step, &person).unwrap();
    let deputy = Signatory::new(Role::VicePrincipal, Capacity::ForSuperior);
    let mut facts = signed.facts("hieu-truong", &Person::new("deputy", deputy));
    assert_eq!(facts.workflow.as_ref().unwrap().field, "KtPhoHieuTruong");
    ask(&facts).unwrap();
    facts.claimed_role = Some("Hiệu trưởng".to_owned());
    assert_eq!(
        grounds(&ask(&facts).unwrap_err()),
        BTreeSet::from(["workflow.role"])
    );
}

#[test]
fn a_wrong_kind_of_certificate_is_refused_by_the_law_s_rule_and_seen() {
    for id in Workflow::ready_ids() {
        let workflow = ready(id);
        let mut desk = Desk::new(&workflow);
        for step in workflow.steps() {
            let mut person = person_of(&workflow, step.id());
            let right = person.signer.kind;
            let (wrong, law) = if step.act() == SigningAct::Seal {
                let people = vec![
                    SignerKind::Person,
                    SignerKind::PersonInOrganisation,
                    SignerKind::Unknown,
                ];
                (people, "tt41.6.2b")
            } else {
                (vec![SignerKind::Organisation], "tt41.6.2a")
            };
            for kind in wrong {
                person.signer.kind = kind;
                let refusal = desk.sign(step.id(), &person).unwrap_err();
                let ids = BTreeSet::from(["workflow.certificate", law]);
                assert_eq!(grounds(&refusal), ids, "{id}, {}", step.id());
                let mut forced = desk.clone();
                forced.put(desk.facts(step.id(), &person));
                let judged = forced.judged();
                assert_eq!(judged.conclusion, WorkflowConclusion::Violated);
                let last = judged.signatures.last().unwrap();
                assert!(last.objections.contains(&"workflow.certificate"));
            }
            person.signer.kind = right;
            desk.sign(step.id(), &person).unwrap();
        }
    }
}

#[test]
fn what_the_caller_says_of_the_act_does_not_get_round_the_step() {
    let workflow = ready("cong-van-di");
    let desk = Desk::new(&workflow);
    let mut facts = desk.facts("con-dau", &person_of(&workflow, "con-dau"));
    for act in [
        SigningAct::Unstated,
        SigningAct::Personal,
        SigningAct::SealOfCopy,
    ] {
        facts.act = act;
        let ids = grounds(&ask(&facts).unwrap_err());
        assert_eq!(ids, BTreeSet::from(["workflow.order", "nd30.32.2d"]));
    }
}

#[test]
fn nothing_is_built_on_what_is_broken_out_of_order_or_by_a_stranger() {
    let workflow = ready("cong-van-di");
    let principal = person_of(&workflow, "nguoi-co-tham-quyen");
    let seal = person_of(&workflow, "con-dau");
    let mut signed = Desk::new(&workflow);
    signed.sign("nguoi-co-tham-quyen", &principal).unwrap();
    let refused = |desk: &Desk| {
        let facts = desk.facts("con-dau", &seal);
        grounds(&ask(&facts).unwrap_err())
    };
    let mut broken = signed.clone();
    broken.earlier[0].objection = Some("digest".into());
    let ids = BTreeSet::from(["nd30.32.2d", "tt41.4.2", "workflow.order"]);
    assert_eq!(refused(&broken), ids);
    let mut stranger = signed.clone();
    stranger.earlier[0].path = trien_policy::PathFact::Untrusted { detail: "x".into() };
    assert_eq!(
        refused(&stranger),
        BTreeSet::from(["workflow.earlier-trusted"])
    );
    let mut nobody = signed.clone();
    nobody.earlier[0].claimed_roles.clear();
    assert!(refused(&nobody).contains("workflow.earlier"));
    // A time stamp is nobody's step.
    let mut stamped = signed.clone();
    let mut stamp = EarlierSignature::sound("ConDau").by(SignerKind::Organisation);
    stamp.is_time_stamp = true;
    stamp.field = "stamp".into();
    stamped.earlier.push(stamp);
    stamped.sign("con-dau", &seal).unwrap();
}

#[test]
fn a_record_on_its_way_says_what_is_due_and_is_complete_only_when_all_is() {
    let workflow = ready("ke-hoach-giao-duc");
    let mut desk = Desk::new(&workflow);
    let due = |desk: &Desk| {
        let steps = desk.judged().steps;
        let due = steps
            .into_iter()
            .filter(|step| step.due == trien_policy::Due::Now);
        due.map(|step| step.step).collect::<Vec<_>>()
    };
    assert_eq!(desk.judged().conclusion, WorkflowConclusion::Incomplete);
    assert_eq!(due(&desk), ["nguoi-lap"]);
    desk.sign("nguoi-lap", &person_of(&workflow, "nguoi-lap"))
        .unwrap();
    assert_eq!(due(&desk), ["to-truong", "hieu-truong"]);
    assert_eq!(desk.judged().conclusion, WorkflowConclusion::Incomplete);
    desk.sign("hieu-truong", &person_of(&workflow, "hieu-truong"))
        .unwrap();
    let judged = desk.judged();
    assert_eq!(judged.conclusion, WorkflowConclusion::Complete);
    let states: Vec<StepState> = judged.steps.iter().map(|step| step.state).collect();
    use StepState::{Done, Skipped};
    assert_eq!(states, [Done, Skipped, Done, Skipped]);
    assert_eq!(due(&desk), ["con-dau"]);
}

#[test]
fn what_did_not_pass_completes_nothing() {
    let workflow = ready("cong-van-di");
    let mut desk = Desk::new(&workflow);
    for step in ["nguoi-co-tham-quyen", "con-dau"] {
        desk.sign(step, &person_of(&workflow, step)).unwrap();
    }
    assert_eq!(desk.judged().conclusion, WorkflowConclusion::Complete);
    let mut report = desk.report();
    let passed = report.signatures[0].conclusion;
    report.signatures[0].conclusion = trien_policy::Conclusion::Indeterminate(
        trien_policy::IndeterminateBecause::NoCertificateChainFound,
    );
    let judged = judge_workflow(&report, &workflow);
    assert_eq!(judged.conclusion, WorkflowConclusion::Unconfirmed);
    report.signatures[0].conclusion = passed;
    report.signatures[0].facts.integrity = IntegrityFact::Unsupported { detail: "x".into() };
    let judged = judge_workflow(&report, &workflow);
    assert_eq!(judged.conclusion, WorkflowConclusion::Violated);
    assert_eq!(judged.steps[0].state, StepState::Missing);
}

#[test]
fn one_certificate_in_two_steps_is_told_and_two_certificates_are_not() {
    let workflow = ready("hoc-ba-tieu-hoc");
    let said = |second: &str| {
        let mut desk = Desk::new(&workflow);
        for (step, name) in [("giao-vien-chu-nhiem", "An"), ("hieu-truong", second)] {
            let mut person = person_of(&workflow, step);
            person.signer = signer(name, SignerKind::Person);
            desk.sign(step, &person).unwrap();
        }
        let judged = desk.judged();
        assert_ne!(judged.conclusion, WorkflowConclusion::Violated);
        let rule = |one: &trien_policy::Finding| one.rule.as_str() == "workflow.same-signer";
        judged.findings.into_iter().find(rule).unwrap()
    };
    let same = said("An");
    assert_eq!(same.outcome, Outcome::Fail);
    assert!(same.message.contains("Cùng một chứng thư số ký ở hai bước"));
    assert!(same.message.contains(", "), "{}", same.message);
    assert_eq!(said("Bình").outcome, Outcome::Pass);
}

#[test]
fn a_signature_of_no_step_that_claims_no_role_is_told_so() {
    let workflow = ready("cong-van-di");
    let said = |role: &[&str]| {
        let mut desk = Desk::new(&workflow);
        let roles = role.iter().map(|role| (*role).to_owned()).collect();
        let guest = signer("guest", SignerKind::Person);
        desk.earlier
            .push(EarlierSignature::sound("Signature1").signed_by(guest, roles));
        let judged = desk.judged();
        assert_eq!(judged.conclusion, WorkflowConclusion::Incomplete);
        let finding = judged
            .findings
            .into_iter()
            .find(|finding| finding.rule.as_str() == "workflow.unknown-signature");
        finding.unwrap().message
    };
    let words = "chữ ký không khai vai trò: Signature1";
    assert!(said(&[]).contains(words), "{}", said(&[]));
    assert!(!said(&["Hiệu trưởng"]).contains(words));
}

#[test]
fn a_signature_of_no_step_is_named_and_hides_nothing() {
    let workflow = ready("cong-van-di");
    let mut desk = Desk::new(&workflow);
    let guest = signer("guest", SignerKind::Person);
    let role = vec!["Hiệu trưởng".to_owned()];
    desk.earlier
        .push(EarlierSignature::sound("Khach").signed_by(guest, role));
    let judged = desk.judged();
    assert_eq!(
        judged.signatures[0].objections,
        ["workflow.unknown-signature"]
    );
    assert_eq!(judged.conclusion, WorkflowConclusion::Incomplete);
    for step in ["nguoi-co-tham-quyen", "con-dau"] {
        desk.sign(step, &person_of(&workflow, step)).unwrap();
    }
    assert_eq!(desk.judged().conclusion, WorkflowConclusion::Unconfirmed);
}
