//! Hashing of passwords on threads of its own, so that a storm of sign-ins neither stops the other requests nor takes
//! 19 MiB for each: every thread keeps one block of memory, one bounded queue feeds them all, and a full queue is an
//! answer at once.

use std::{
    fmt, io,
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use super::password::{HashMemory, Password, hash_password, verify_nobody, verify_password};

/// Jobs that may wait, beside those under way: about two seconds of work for one thread.
const QUEUE_LENGTH: usize = 64;

/// The queue is full, or the hasher is stopping. The caller answers 503 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are waiting to be checked; try again in a few seconds")]
pub struct HasherBusy;

/// The threads that hash passwords. Dropping it ends them: jobs that wait are given up, the one under way is awaited.
pub struct Hasher {
    /// `None` only while dropping.
    queue: Option<SyncSender<Job>>,
    stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// One password to check or to hash, and where the answer goes. The answer's receiver is gone when the client is.
enum Job {
    Verify { stored: Option<String>, password: Password, answer: oneshot::Sender<bool> },
    Hash { password: Password, answer: oneshot::Sender<String> },
}

impl Hasher {
    /// Half of the cores, at least one: the other half is for everybody who is signed in.
    pub fn default_threads() -> usize {
        thread::available_parallelism().map_or(1, NonZero::get).div_euclid(2).max(1)
    }

    /// Starts that many threads (at least one), each with 19 MiB of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(threads: usize) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_LENGTH);
        let jobs = Arc::new(Mutex::new(jobs));
        let stopping = Arc::new(AtomicBool::new(false));
        let mut hasher = Self { queue: Some(queue), stopping: Arc::clone(&stopping), threads: Vec::new() };
        for number in 1..=threads.max(1) {
            let (jobs, stopping) = (Arc::clone(&jobs), Arc::clone(&stopping));
            let thread = thread::Builder::new()
                .name(format!("hasher-{number}"))
                .spawn(move || work(&jobs, &stopping))?;
            hasher.threads.push(thread);
        }
        Ok(hasher)
    }

    /// Whether the password is the one behind the stored hash. `None` stands for an unknown user: it takes as long and
    /// the answer is no. So does a stored hash that cannot be read, which is also logged.
    ///
    /// # Errors
    /// [`HasherBusy`], at once when the queue is full.
    pub async fn verify(&self, stored: Option<String>, password: Password) -> Result<bool, HasherBusy> {
        let (answer, answered) = oneshot::channel();
        self.submit(Job::Verify { stored, password, answer })?;
        answered.await.map_err(|_| HasherBusy)
    }

    /// The hash to store for a new password.
    ///
    /// # Errors
    /// [`HasherBusy`], at once when the queue is full.
    pub async fn hash(&self, password: Password) -> Result<String, HasherBusy> {
        let (answer, answered) = oneshot::channel();
        self.submit(Job::Hash { password, answer })?;
        answered.await.map_err(|_| HasherBusy)
    }

    fn submit(&self, job: Job) -> Result<(), HasherBusy> {
        let queue = self.queue.as_ref().ok_or(HasherBusy)?;
        queue.try_send(job).map_err(|_| HasherBusy)
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.queue = None;
        for thread in self.threads.drain(..) {
            // An error would be the thread's panic, which was logged when it happened.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("threads", &self.threads.len()).finish_non_exhaustive()
    }
}

impl Job {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Verify { answer, .. } => answer.is_closed(),
            Self::Hash { answer, .. } => answer.is_closed(),
        }
    }

    /// Does the work and answers. A client that left meanwhile is no error.
    fn run(self, memory: &mut HashMemory) {
        match self {
            Self::Verify { stored, password, answer } => {
                let _ = answer.send(verify(stored.as_deref(), &password, memory));
            }
            Self::Hash { password, answer } => {
                let _ = answer.send(hash_password(&password, memory));
            }
        }
    }
}

fn verify(stored: Option<&str>, password: &Password, memory: &mut HashMemory) -> bool {
    let Some(stored) = stored else {
        return verify_nobody(password, memory);
    };
    verify_password(stored, password, memory).unwrap_or_else(|error| {
        tracing::error!("{error}; the sign-in is refused");
        verify_nobody(password, memory)
    })
}

/// A thread's life: the next job, until the queue is closed. A panic costs the one job only.
fn work(jobs: &Mutex<Receiver<Job>>, stopping: &AtomicBool) {
    let mut memory = HashMemory::new();
    while let Ok(job) = next(jobs) {
        if stopping.load(Ordering::Relaxed) || job.is_abandoned() {
            continue;
        }
        // One line a hash: what a storm of sign-ins costs is counted here.
        tracing::debug!("a password is hashed");
        if catch_unwind(AssertUnwindSafe(|| job.run(&mut memory))).is_err() {
            tracing::error!("hashing a password panicked; its request is answered as busy");
        }
    }
}

/// Waits for the next job. The threads take turns at the queue.
fn next(jobs: &Mutex<Receiver<Job>>) -> Result<Job, RecvError> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Poll, Waker},
        time::{Duration, Instant},
    };

    use tokio::sync::oneshot;

    use super::{Hasher, HasherBusy, Job, QUEUE_LENGTH};

    fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn passwords_are_hashed_and_verified() {
        let hasher = Hasher::start(2).unwrap();
        let stored = hasher.hash("open sesame 77".into()).await.unwrap();
        assert_eq!(hasher.verify(Some(stored.clone()), "open sesame 77".into()).await, Ok(true));
        assert_eq!(hasher.verify(Some(stored), "open sesame 78".into()).await, Ok(false));
        assert_eq!(hasher.verify(None, "open sesame 77".into()).await, Ok(false));
        assert_eq!(hasher.verify(Some("damaged".to_owned()), "open sesame 77".into()).await, Ok(false));
    }

    #[tokio::test]
    async fn zero_threads_are_one() {
        let hasher = Hasher::start(0).unwrap();
        assert_eq!(hasher.verify(None, "x".into()).await, Ok(false));
        assert!(Hasher::default_threads() >= 1);
    }

    #[tokio::test]
    async fn a_full_queue_answers_at_once_and_clients_that_left_cost_nothing() {
        let hasher = Hasher::start(1).unwrap();
        let begun = Instant::now();
        hasher.verify(None, "x".into()).await.unwrap();
        let one_hash = begun.elapsed();
        let mut waiting = Vec::new();
        let refused = loop {
            let mut answer = Box::pin(hasher.verify(None, "x".into()));
            match poll_once(answer.as_mut()) {
                Poll::Pending => waiting.push(answer),
                Poll::Ready(refused) => break refused,
            }
        };
        assert_eq!(refused, Err(HasherBusy));
        // The queue, the job under way, and what that thread finished while we filled it.
        assert!(waiting.len() >= QUEUE_LENGTH, "{}", waiting.len());
        drop(waiting);
        let start = Instant::now();
        // The job under way has to end before the abandoned ones leave the queue.
        while hasher.verify(None, "x".into()).await == Err(HasherBusy) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // The abandoned ones would take 64 times as long as one, whatever the machine is doing.
        assert!(start.elapsed() < one_hash * 32, "{:?}, one takes {one_hash:?}", start.elapsed());
    }

    #[tokio::test]
    async fn dropping_the_hasher_gives_up_what_waits() {
        let hasher = Hasher::start(1).unwrap();
        let begun = Instant::now();
        hasher.verify(None, "x".into()).await.unwrap();
        let one_hash = begun.elapsed();
        let start = Instant::now();
        let mut waiting = Vec::new();
        for _ in 0..QUEUE_LENGTH {
            let (answer, answered) = oneshot::channel();
            hasher.submit(Job::Hash { password: "x".into(), answer }).unwrap();
            waiting.push(answered);
        }
        drop(hasher);
        let last = waiting.pop().unwrap();
        assert!(last.await.is_err());
        // The abandoned ones would take 64 times as long as one, whatever the machine is doing.
        assert!(start.elapsed() < one_hash * 32, "{:?}, one takes {one_hash:?}", start.elapsed());
    }
}
