use super::*;
use crate::caller::{Caller, PairingId};
use crate::consent::Subject;

fn ask(pairing: i64) -> Ask {
    Ask {
        caller: Some(Caller {
            pairing: PairingId::from_number(pairing),
            origin: None,
            name: "A".to_owned(),
            rights: std::collections::BTreeSet::new(),
        }),
        subject: Subject::Signing {
            job: "j".to_owned(),
        },
    }
}

fn approved() -> Answer {
    Answer::Approved(Box::default())
}

#[tokio::test]
async fn a_secret_opens_once_and_the_session_answers_once() {
    let asks = Asks::new(AskLimits::default());
    let opened = asks.put(ask(1)).unwrap();
    let (id, session) = asks.exchange(&opened.secret).unwrap();
    assert_eq!(id, opened.id);
    assert!(asks.exchange(&opened.secret).is_none(), "used");
    assert!(asks.exchange(&Secret::new().unwrap()).is_none(), "guessed");
    assert!(
        asks.of_session(&opened.secret).is_none(),
        "a secret is no session"
    );
    let (_, found, left) = asks.of_session(&session).unwrap();
    assert_eq!(found, ask(1));
    assert!(left.is_some());
    asks.answer(&session, approved()).unwrap();
    assert!(asks.answer(&session, approved()).is_err(), "answered");
    assert!(matches!(opened.awaited.answer().await, Answer::Approved(_)));
    let (_, _, left) = asks.of_session(&session).unwrap();
    assert!(left.is_none(), "it still watches");
}

#[tokio::test]
async fn a_caller_has_one_question_at_a_time_and_all_of_them_few() {
    let asks = Asks::new(AskLimits {
        most_waiting: 2,
        ..AskLimits::default()
    });
    let first = asks.put(ask(1)).unwrap();
    assert_eq!(asks.put(ask(1)).unwrap_err(), AskRefusal::Pending);
    let second = asks.put(ask(2)).unwrap();
    assert_eq!(asks.put(ask(3)).unwrap_err(), AskRefusal::TooMany);
    drop(first);
    let third = asks.put(ask(1)).unwrap();
    drop((second, third));
}

/// Limits of a test: the clock of the runtime stands still but for those who sleep.
fn paused() -> Asks {
    tokio::time::pause();
    Asks::new(AskLimits::default())
}

async fn answered(awaited: Awaited) -> (Answer, Duration) {
    let begun = Instant::now();
    let answer = awaited.answer().await;
    (answer, begun.elapsed())
}

#[tokio::test]
async fn a_window_that_is_closed_lets_its_caller_go_on_soon() {
    let asks = paused();
    let limits = AskLimits::default();
    let opened = asks.put(ask(1)).unwrap();
    let (_, session) = asks.exchange(&opened.secret).unwrap();
    let watching = asks.watch(&session).unwrap();
    let waiting = tokio::spawn(answered(opened.awaited));
    tokio::time::sleep(Duration::from_secs(100)).await;
    // Loaded again, for a moment twice.
    let again = asks.watch(&session).unwrap();
    drop(watching);
    tokio::time::sleep(limits.back_within * 2).await;
    assert!(!waiting.is_finished());
    // Gone for a moment.
    drop(again);
    tokio::time::sleep(limits.back_within / 2).await;
    let watching = asks.watch(&session).unwrap();
    tokio::time::sleep(limits.back_within * 2).await;
    assert!(!waiting.is_finished());
    drop(watching);
    let (answer, took) = waiting.await.unwrap();
    assert!(matches!(answer, Answer::Closed), "{answer:?}");
    assert!(took < Duration::from_secs(150), "{took:?}");
    // The caller may ask anew, and the old window is none any more.
    assert!(asks.watch(&session).is_none());
    drop(asks.put(ask(1)).unwrap());
}

#[tokio::test]
async fn a_window_that_never_came_is_not_waited_for_as_long_as_one_that_is_read() {
    let asks = paused();
    let limits = AskLimits::default();
    let (answer, took) = answered(asks.put(ask(1)).unwrap().awaited).await;
    assert!(matches!(answer, Answer::Closed), "{answer:?}");
    assert!(took >= limits.open_within && took < limits.answer_within);
    // One that is watched has all the time there is.
    let opened = asks.put(ask(1)).unwrap();
    let (_, session) = asks.exchange(&opened.secret).unwrap();
    let _watching = asks.watch(&session).unwrap();
    let (answer, took) = answered(opened.awaited).await;
    assert!(matches!(answer, Answer::Expired), "{answer:?}");
    assert!(took >= limits.answer_within);
}

#[tokio::test]
async fn an_answer_counts_though_its_window_is_closed_at_once() {
    let asks = paused();
    let opened = asks.put(ask(1)).unwrap();
    let (_, session) = asks.exchange(&opened.secret).unwrap();
    let watching = asks.watch(&session).unwrap();
    asks.answer(&session, approved()).unwrap();
    drop(watching);
    tokio::time::sleep(AskLimits::default().back_within * 2).await;
    assert!(matches!(opened.awaited.answer().await, Answer::Approved(_)));
}

#[tokio::test]
async fn what_nobody_answers_in_time_expires_with_its_secret() {
    let asks = Asks::new(AskLimits {
        answer_within: Duration::from_millis(20),
        ..AskLimits::default()
    });
    let opened = asks.put(ask(1)).unwrap();
    assert!(matches!(opened.awaited.answer().await, Answer::Expired));
    assert!(asks.exchange(&opened.secret).is_none());
}

#[tokio::test]
async fn a_question_that_is_taken_back_can_no_longer_be_answered() {
    let asks = Asks::new(AskLimits::default());
    let opened = asks.put(ask(1)).unwrap();
    let (_, session) = asks.exchange(&opened.secret).unwrap();
    drop(opened.awaited);
    assert!(asks.answer(&session, Answer::Refused).is_err());
}

#[test]
fn a_window_shows_what_came_of_its_question_also_where_that_came_before_an_answer() {
    let asks = Asks::new(AskLimits::default());
    let failed = Outcome::Failed(crate::rejection::Code::PinIncorrect.into());
    let opened = asks.put(ask(1)).unwrap();
    let (id, session) = asks.exchange(&opened.secret).unwrap();
    assert_eq!(asks.outcome(&session), None);
    asks.answer(&session, Answer::Refused).unwrap();
    asks.tell(id, failed.clone());
    assert_eq!(asks.outcome(&session), Some(failed.clone()));
    // Over before its window came: the window opens all the same, and nothing can be answered.
    let opened = asks.put(ask(1)).unwrap();
    asks.tell(opened.awaited.id(), failed.clone());
    drop(opened.awaited);
    let (_, session) = asks.exchange(&opened.secret).unwrap();
    assert!(asks.of_session(&session).unwrap().2.is_none());
    assert!(asks.answer(&session, Answer::Refused).is_err());
    assert_eq!(asks.outcome(&session), Some(failed));
}
