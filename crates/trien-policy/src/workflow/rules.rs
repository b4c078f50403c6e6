//! What is asked before a step is signed. Each rule has nothing to say where no workflow is named.

use super::progress::{Observed, Progress, Tracked, claims_one_of};
use super::{Step, Workflow};
use crate::language::{Detail, Sentence};
use crate::rule::signing::{FORBIDDEN, NEVER_IN_DOUBT};
use crate::rule::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::{Language, PathFact, SigningAct, SigningFacts};

/// The rules, in the order in which a person would ask.
pub(crate) const SIGNING: [&Rule<SigningFacts>; 9] = [
    &STEP,
    &ORDER,
    &STEP_DONE,
    &ROLE,
    &CERTIFICATE,
    &SIGNED_TWICE,
    &EARLIER,
    &EARLIER_TRUSTED,
    &UNKNOWN_SIGNATURE,
];

const CLAUSE: &str = "quy trình ký / workflow";

/// A step that the facts name, with how far the record is.
struct Asked<'f> {
    facts: &'f SigningFacts,
    workflow: &'f Workflow,
    step: &'f Step,
    index: usize,
    progress: Progress<'f, 'f>,
    tracked: Vec<Tracked>,
}

impl<'f> Asked<'f> {
    /// `None` where no workflow is named, or a step that it does not have.
    fn of(facts: &'f SigningFacts) -> Option<Self> {
        let turn = facts.workflow.as_ref()?;
        let workflow = &turn.workflow;
        let index = workflow.index_of(&turn.step)?;
        let mut progress = Progress::new(workflow);
        let tracked = facts
            .earlier
            .iter()
            .filter(|earlier| !earlier.is_time_stamp)
            // What is broken was not signed; another rule refuses it.
            .filter(|earlier| earlier.objection.is_none())
            .map(|earlier| progress.add(Observed::from(earlier)))
            .collect();
        Some(Self {
            facts,
            workflow,
            step: workflow.steps.get(index)?,
            index,
            progress,
            tracked,
        })
    }

    /// Steps by their titles.
    fn titles(&self, steps: impl IntoIterator<Item = usize>) -> Detail {
        titles(self.workflow, steps)
    }
}

/// Steps by their titles, in both languages.
pub(super) fn titles(workflow: &Workflow, steps: impl IntoIterator<Item = usize>) -> Detail {
    let all: Vec<&Step> = steps
        .into_iter()
        .filter_map(|index| workflow.steps.get(index))
        .collect();
    let of = |language| {
        let titles: Vec<&str> = all.iter().map(|step| step.title(language)).collect();
        titles.join("; ")
    };
    Detail::Words {
        vi: of(Language::Vi),
        en: of(Language::En),
    }
}

/// Steps with what there is about them.
fn said(vi: &str, en: &str, titles: Detail) -> Detail {
    Detail::Words {
        vi: format!("{vi}: {}", titles.in_language(Language::Vi)),
        en: format!("{en}: {}", titles.in_language(Language::En)),
    }
}

const STEP: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.step"),
    clause: CLAUSE,
    level: Level::Fail,
    check: step,
    pass: Sentence {
        vi: "Quy trình có bước này.",
        en: "The workflow has this step.",
    },
    fail: Sentence {
        vi: "Quy trình của loại hồ sơ này không có bước hoặc ô ký được nêu. Hãy chọn lại bước ký.",
        en: "The workflow of this record has no such step, or the step no such field. Choose the step again.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn step(facts: &SigningFacts) -> Checked {
    let Some(turn) = &facts.workflow else {
        return Checked::NOT_APPLICABLE;
    };
    let step = turn.workflow.step(&turn.step);
    if step.is_some_and(|step| step.slots.contains_key(&turn.field)) {
        return Checked::PASS;
    }
    Checked::fail(FORBIDDEN, Some(format!("{}, {}", turn.step, turn.field)))
}

const ORDER: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.order"),
    clause: CLAUSE,
    level: Level::Fail,
    check: order,
    pass: Sentence {
        vi: "Đã đến lượt ký của bước này.",
        en: "It is this step's turn.",
    },
    fail: Sentence {
        vi: "Chưa đến lượt hoặc đã quá lượt ký của bước này. Hãy trình các bước đang chờ ký trước; nếu bước sau đã ký thì phải lập lại văn bản.",
        en: "It is not this step's turn, or its turn is over. Have the steps it waits for signed first; where a later one is signed already, the record must be made anew.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn order(facts: &SigningFacts) -> Checked {
    let Some(asked) = Asked::of(facts) else {
        return Checked::NOT_APPLICABLE;
    };
    let missing = asked.progress.missing_before(asked.index);
    if !missing.is_empty() {
        let detail = said("chờ", "waits for", asked.titles(missing));
        return Checked::fail(FORBIDDEN, Some(detail));
    }
    let later = asked.progress.signed_after(asked.index);
    if later.is_empty() {
        Checked::PASS
    } else {
        let detail = said("đã ký", "signed already", asked.titles(later));
        Checked::fail(FORBIDDEN, Some(detail))
    }
}

const STEP_DONE: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.step-done"),
    clause: CLAUSE,
    level: Level::Fail,
    check: step_done,
    pass: Sentence {
        vi: "Bước này còn chờ chữ ký.",
        en: "This step waits for a signature.",
    },
    fail: Sentence {
        vi: "Bước này đã đủ chữ ký nên không ký thêm. Hãy chuyển văn bản sang bước tiếp theo.",
        en: "This step has all its signatures. Pass the record on to the next step.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn step_done(facts: &SigningFacts) -> Checked {
    match Asked::of(facts) {
        None => Checked::NOT_APPLICABLE,
        Some(asked) if asked.progress.is_full(asked.index) => {
            Checked::fail(FORBIDDEN, Some(asked.titles([asked.index])))
        }
        Some(_) => Checked::PASS,
    }
}

const ROLE: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.role"),
    clause: CLAUSE,
    level: Level::Fail,
    check: role,
    pass: Sentence {
        vi: "Vai trò của người ký đúng với bước này.",
        en: "The signer's role is this step's.",
    },
    fail: Sentence {
        vi: "Chưa nêu vai trò của người ký, hoặc vai trò không được ký ở bước này. Hãy chọn đúng vai trò hoặc trình đúng người ký.",
        en: "The signer's role is not stated, or may not sign in this step. Choose the right role, or have the right person sign.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn role(facts: &SigningFacts) -> Checked {
    let Some(asked) = Asked::of(facts) else {
        return Checked::NOT_APPLICABLE;
    };
    let field = facts.workflow.as_ref().map(|turn| turn.field.as_str());
    let here = field
        .and_then(|field| asked.step.slots.get(field))
        .map_or(asked.step.signatories.as_slice(), Vec::as_slice);
    if claims_one_of(facts.claimed_role.as_slice(), here) {
        return Checked::PASS;
    }
    let roles: Vec<String> = asked
        .step
        .signatories
        .iter()
        .map(ToString::to_string)
        .collect();
    Checked::fail(FORBIDDEN, Some(roles.join("; ")))
}

const CERTIFICATE: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.certificate"),
    clause: CLAUSE,
    level: Level::Fail,
    check: certificate,
    pass: Sentence {
        vi: "Loại chứng thư số đúng với bước này.",
        en: "The kind of certificate is this step's.",
    },
    fail: Sentence {
        vi: "Loại chứng thư số không được dùng ở bước này. Hãy cắm đúng thiết bị: của cá nhân cho người ký, của trường cho con dấu.",
        en: "This kind of certificate may not sign in this step. Plug in the right device: a person's own to sign, the school's to seal.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn certificate(facts: &SigningFacts) -> Checked {
    match Asked::of(facts) {
        None => Checked::NOT_APPLICABLE,
        Some(asked) if asked.step.takes(facts.kind) => Checked::PASS,
        Some(_) => Checked::fail(FORBIDDEN, NO_DETAIL),
    }
}

const SIGNED_TWICE: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.signed-twice"),
    clause: CLAUSE,
    level: Level::Fail,
    check: signed_twice,
    pass: Sentence {
        vi: "Người này chưa ký ở bước này.",
        en: "This person has not signed in this step.",
    },
    fail: Sentence {
        vi: "Người này đã ký ở bước này rồi. Hãy chuyển văn bản cho người khác ký.",
        en: "This person signed in this step already. Pass the record on to the next signer.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn signed_twice(facts: &SigningFacts) -> Checked {
    let Some(asked) = Asked::of(facts) else {
        return Checked::NOT_APPLICABLE;
    };
    let signer = asked.facts.signer.as_ref();
    let names = signer.map(|signer| (signer.issuer.as_str(), signer.subject.as_str()));
    if asked.progress.signed_before(asked.index, names) {
        Checked::fail(FORBIDDEN, names.map(|(_, subject)| subject.to_owned()))
    } else {
        Checked::PASS
    }
}

const EARLIER: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.earlier"),
    clause: CLAUSE,
    level: Level::Fail,
    check: earlier,
    pass: Sentence {
        vi: "Các chữ ký trước đúng quy trình.",
        en: "The earlier signatures follow the workflow.",
    },
    fail: Sentence {
        vi: "Có chữ ký trước sai quy trình (sai thứ tự, sai vai trò hoặc sai loại chứng thư số) nên không được ký tiếp. Hãy lập lại văn bản và ký lại từ đầu.",
        en: "An earlier signature breaks the workflow (order, role or kind of certificate): the record may not be signed further. Make it anew and sign from the start.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn earlier(facts: &SigningFacts) -> Checked {
    let Some(asked) = Asked::of(facts) else {
        return Checked::NOT_APPLICABLE;
    };
    let wrong: Vec<usize> = asked
        .tracked
        .iter()
        .filter(|tracked| !tracked.objections.is_empty())
        .filter_map(|tracked| tracked.step)
        .collect();
    if wrong.is_empty() {
        Checked::PASS
    } else {
        Checked::fail(FORBIDDEN, Some(asked.titles(wrong)))
    }
}

const EARLIER_TRUSTED: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.earlier-trusted"),
    clause: CLAUSE,
    level: Level::Fail,
    check: earlier_trusted,
    pass: Sentence {
        vi: "Chứng thư số của các chữ ký trước đều dẫn đến tổ chức được tin cậy.",
        en: "The certificates of the earlier signatures lead to trusted roots.",
    },
    fail: Sentence {
        vi: "Có chữ ký trước mà chứng thư số không do tổ chức được tin cậy cấp nên bước đó chưa được coi là đã ký. Hãy kiểm tra người ký và lập lại văn bản.",
        en: "An earlier signature is by a certificate of nobody who is trusted, so its step does not count as signed. Check who signed, and make the record anew.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn earlier_trusted(facts: &SigningFacts) -> Checked {
    if facts.workflow.is_none() {
        return Checked::NOT_APPLICABLE;
    }
    let fields: Vec<&str> = facts
        .earlier
        .iter()
        .filter(|earlier| matches!(earlier.path, PathFact::Untrusted { .. }))
        .map(|earlier| earlier.field.as_str())
        .collect();
    if fields.is_empty() {
        Checked::PASS
    } else {
        Checked::fail(FORBIDDEN, Some(fields.join(", ")))
    }
}

const UNKNOWN_SIGNATURE: Rule<SigningFacts> = Rule {
    id: RuleId::new("workflow.unknown-signature"),
    clause: CLAUSE,
    level: Level::Warn,
    check: unknown_signature,
    pass: Sentence {
        vi: "Không có chữ ký ngoài quy trình.",
        en: "There is no signature beside the workflow.",
    },
    fail: Sentence {
        vi: "Cảnh báo: văn bản có chữ ký không thuộc bước nào của quy trình. Hãy xem lại trước khi ký.",
        en: "Warning: the record bears a signature of no step of the workflow. Look at it before signing.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn unknown_signature(facts: &SigningFacts) -> Checked {
    let Some(turn) = &facts.workflow else {
        return Checked::NOT_APPLICABLE;
    };
    let known = |field: &str| {
        let mut steps = turn.workflow.steps.iter();
        steps.any(|step| step.slots.contains_key(field))
    };
    let fields: Vec<&str> = facts
        .earlier
        .iter()
        .filter(|earlier| !earlier.is_time_stamp && !known(&earlier.field))
        .map(|earlier| earlier.field.as_str())
        .collect();
    if fields.is_empty() {
        Checked::PASS
    } else {
        Checked::fail(FORBIDDEN, Some(fields.join(", ")))
    }
}

/// NĐ 30/2020, art. 32.2d in a workflow: `None` where none is named, else the steps of people that
/// the seal has not waited for, or the seal that a person comes too late for.
pub(crate) fn against_seal_last(facts: &SigningFacts) -> Option<Option<Detail>> {
    let asked = Asked::of(facts)?;
    let is_seal = |index: &usize| {
        let step = asked.workflow.steps.get(*index);
        step.is_some_and(|step| step.act == SigningAct::Seal)
    };
    let (wrong, vi, en): (Vec<usize>, _, _) = if asked.step.act == SigningAct::Seal {
        let missing = asked.progress.missing_before(asked.index).into_iter();
        let people = missing.filter(|index| !is_seal(index)).collect();
        (people, "chưa ký", "not signed")
    } else {
        let later = asked.progress.signed_after(asked.index).into_iter();
        (later.filter(is_seal).collect(), "đã đóng dấu", "sealed")
    };
    Some((!wrong.is_empty()).then(|| said(vi, en, asked.titles(wrong))))
}
