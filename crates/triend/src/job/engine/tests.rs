//! How jobs end.

use tempfile::TempDir;
use trien_types::UnixTime;

use super::super::JobId;
use super::super::document::JobDocument;
use super::super::signature::Signature;
use super::*;
use crate::caller::PairingId;
use crate::config::Config;

fn signing(states: &[DocumentState]) -> Job {
    let description = serde_json::from_str(r#"{"level": "b-b"}"#).unwrap();
    let documents = states.iter().zip(1_u32..).map(|(state, number)| {
        let mut document = JobDocument::new(number, number.to_string(), Some(1));
        document.state = *state;
        document
    });
    let now = UnixTime::from_seconds(1_800_000_000);
    let job = Job::new(
        (JobId::new().unwrap(), PairingId::from_number(1)),
        (now, now.plus_seconds(60)),
        (Signature::checked(description).unwrap(), None),
        documents.collect(),
    );
    job.change(|progress| progress.state = JobState::Signing);
    job
}

/// A job of which all was signed once ended as cancelled, and its signatures were thrown away where
/// a call of the Cloud Signature Consortium waited for them.
#[test]
fn a_stop_that_comes_with_the_last_signature_stops_nothing() {
    use DocumentState::{Failed, Received, Signed, Signing};
    let folder = TempDir::new().unwrap();
    let daemon = Daemon::open(Config::default(), folder.path().join("data"), 1).unwrap();
    for (states, ends) in [
        (&[Signed, Signed][..], JobState::Finished),
        (&[Failed, Signed], JobState::Finished),
        (&[Signed, Received], JobState::Cancelled),
        (&[Signed, Signing], JobState::Cancelled),
    ] {
        let job = Arc::new(signing(states));
        job.cancel();
        conclude(&daemon, &job, None);
        assert_eq!(job.state(), ends, "{states:?}");
    }
    // What ended it first is another matter.
    let job = Arc::new(signing(&[Signed]));
    job.cancel();
    conclude(&daemon, &job, Some(Code::TokenFailed.into()));
    assert_eq!(job.state(), JobState::Cancelled);
}
