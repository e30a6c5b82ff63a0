//! Database threads of our own (design 3.3): each owns one connection, all are fed by bounded queues. No
//! transaction is ever open while rules run: a job is plain queries.
//!
//! On SQLite one writer takes what is waiting, runs each job in a savepoint, commits once, and only then answers
//! (group commit). On PostgreSQL every thread takes any job; a write has its own transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use tokio::sync::oneshot;

use super::error::StoreError;
use super::queue::Queue;

/// How many waiting writes one SQLite commit may carry.
const BATCH: usize = 64;

/// What a connection must be able to do for its thread.
pub(super) trait Link: Connection<TransactionManager = AnsiTransactionManager> + Send {
    /// Opens it, with its settings made.
    fn open(url: &str) -> Result<Self, StoreError>;
    /// Whether an error means that the connection is gone and must be opened anew.
    fn broken(error: &StoreError) -> bool;
    /// Begins a write.
    fn begin(&mut self) -> Result<(), StoreError>;

    /// Ends a write.
    fn commit(&mut self) -> Result<(), StoreError> {
        Ok(AnsiTransactionManager::commit_transaction(self)?)
    }

    /// Undoes a write. When this fails too, the lane drops the connection.
    fn rollback(&mut self) {
        let _ = AnsiTransactionManager::rollback_transaction(self);
    }

    /// Marks a place within a write to come back to.
    fn savepoint(&mut self) -> Result<(), StoreError> {
        Ok(AnsiTransactionManager::begin_transaction(self)?)
    }

    /// Keeps (`true`) or undoes what came after the mark.
    fn release(&mut self, keep: bool) -> Result<(), StoreError> {
        let done = if keep {
            AnsiTransactionManager::commit_transaction(self)
        } else {
            AnsiTransactionManager::rollback_transaction(self)
        };
        Ok(done?)
    }
}

/// A job whose result type is hidden, so that one queue carries them all.
trait Job<C>: Send {
    /// Runs the queries and keeps the result.
    fn run(&mut self, conn: &mut C);
    /// The error it ended with, if it did.
    fn error(&self) -> Option<&StoreError>;
    /// Sends the result; with an error of the commit, that error instead.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
    /// Whether nobody waits for the answer any more, and it need not run.
    fn abandoned(&self) -> bool;
}

struct Task<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<C, T, F> Job<C> for Task<T, F>
where
    T: Send,
    F: FnOnce(&mut C) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, conn: &mut C) {
        if let Some(work) = self.work.take() {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(conn)));
            self.result = Some(
                outcome.unwrap_or_else(|_| Err(StoreError::Internal("a database job panicked".to_owned()))),
            );
        }
    }

    fn error(&self) -> Option<&StoreError> {
        self.result.as_ref().and_then(|result| result.as_ref().err())
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let never = || Err(StoreError::Unavailable("the database could not be reached".to_owned()));
        let answer = match (self.result, committed) {
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (result, Ok(())) => result.unwrap_or_else(never),
        };
        // Nobody waits any more when the client has gone: what was committed stays committed.
        let _ = self.reply.send(answer);
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}

type Boxed<C> = Box<dyn Job<C>>;
type Threads = Vec<JoinHandle<()>>;

/// The threads of one database.
pub(super) struct Lanes<C> {
    reads: Arc<Queue<Boxed<C>>>,
    writes: Arc<Queue<Boxed<C>>>,
    readers: Mutex<Threads>,
    writers: Mutex<Threads>,
}

impl<C: Link + 'static> Lanes<C> {
    /// SQLite: `readers` threads that read, and one that writes in groups.
    pub(super) fn one_writer(url: &str, readers: usize, waiting: usize) -> Result<Self, StoreError> {
        Self::start(url, (readers, 1), waiting, serve_groups)
    }

    /// PostgreSQL: as many threads that read as write; each write is a transaction of its own.
    pub(super) fn many_writers(url: &str, count: usize, waiting: usize) -> Result<Self, StoreError> {
        Self::start(url, (count, count), waiting, serve_singles)
    }

    fn start(
        url: &str,
        (readers, writers): (usize, usize),
        waiting: usize,
        serve_writes: fn(&Queue<Boxed<C>>, &str, C),
    ) -> Result<Self, StoreError> {
        let reads = Arc::new(Queue::new(waiting));
        let writes = Arc::new(Queue::new(waiting));
        let lane = |name: String, queue: &Arc<Queue<Boxed<C>>>, serve: fn(&Queue<Boxed<C>>, &str, C)| {
            let (queue, url, first) = (Arc::clone(queue), url.to_owned(), C::open(url)?);
            spawn(&name, move || serve(&queue, &url, first))
        };
        let read_lanes = (0..readers).map(|n| lane(format!("db-read-{n}"), &reads, serve_reads));
        let readers = read_lanes.collect::<Result<Threads, StoreError>>()?;
        let write_lanes = (0..writers).map(|n| lane(format!("db-write-{n}"), &writes, serve_writes));
        let writers = write_lanes.collect::<Result<Threads, StoreError>>()?;
        Ok(Self { reads, writes, readers: Mutex::new(readers), writers: Mutex::new(writers) })
    }

    /// Reads: no transaction, no change.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task: Boxed<C> = Box::new(Task { work: Some(work), result: None, reply });
        self.reads.push(task).map_err(|_| StoreError::Busy)?;
        answer.await.map_err(|_| stopped())?
    }

    /// Writes: all or nothing, durable when this returns. A write that nobody waits for any more before it began is
    /// not begun.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task: Boxed<C> = Box::new(Task { work: Some(work), result: None, reply });
        self.writes.push(task).map_err(|_| StoreError::Busy)?;
        answer.await.map_err(|_| stopped())?
    }
}

impl<C> Drop for Lanes<C> {
    /// What waits is served first. The readers end before the writers: the last connection to close a SQLite file
    /// folds its log into it, and two that close at the same moment may each leave that to the other.
    fn drop(&mut self) {
        self.reads.close();
        join(&self.readers);
        self.writes.close();
        join(&self.writers);
    }
}

fn join(threads: &Mutex<Threads>) {
    for thread in std::mem::take(&mut *threads.lock().unwrap_or_else(PoisonError::into_inner)) {
        // A thread that panicked outside a job has nothing left to say.
        let _ = thread.join();
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the database threads have stopped".to_owned())
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| StoreError::Internal(format!("no thread for the database: {error}")))
}

/// Keeps the connection, opening it anew after it broke.
struct Keeper<'a, C> {
    url: &'a str,
    conn: Option<C>,
}

impl<C: Link> Keeper<'_, C> {
    fn conn(&mut self) -> Result<&mut C, StoreError> {
        if self.conn.is_none() {
            self.conn = Some(C::open(self.url)?);
        }
        self.conn.as_mut().ok_or_else(stopped)
    }

    /// A begin or commit that failed leaves a connection of which nothing is known: the next job gets a fresh one.
    fn renew_after(&mut self, outcome: &Result<(), StoreError>) {
        if outcome.is_err() {
            self.conn = None;
        }
    }

    fn judge(&mut self, error: Option<&StoreError>) {
        if error.is_some_and(C::broken) {
            self.conn = None;
        }
    }
}

fn serve_reads<C: Link>(queue: &Queue<Boxed<C>>, url: &str, first: C) {
    let mut keeper = Keeper { url, conn: Some(first) };
    while let Some(mut job) = queue.take(1).pop() {
        if job.abandoned() {
            continue;
        }
        let reached = keeper.conn().map(|conn| job.run(conn));
        keeper.judge(job.error());
        job.answer(reached);
    }
}

fn serve_singles<C: Link>(queue: &Queue<Boxed<C>>, url: &str, first: C) {
    let mut keeper = Keeper { url, conn: Some(first) };
    while let Some(mut job) = queue.take(1).pop() {
        if job.abandoned() {
            continue;
        }
        let outcome = keeper.conn().and_then(|conn| single(conn, job.as_mut()));
        keeper.judge(job.error());
        keeper.renew_after(&outcome);
        job.answer(outcome);
    }
}

fn single<C: Link>(conn: &mut C, job: &mut dyn Job<C>) -> Result<(), StoreError> {
    conn.begin()?;
    job.run(conn);
    if job.error().is_some() {
        conn.rollback();
        Ok(())
    } else {
        conn.commit()
    }
}

fn serve_groups<C: Link>(queue: &Queue<Boxed<C>>, url: &str, first: C) {
    let mut keeper = Keeper { url, conn: Some(first) };
    loop {
        let batch = queue.take(BATCH);
        if batch.is_empty() {
            return;
        }
        let mut jobs: Vec<Boxed<C>> = batch.into_iter().filter(|job| !job.abandoned()).collect();
        let outcome = keeper.conn().and_then(|conn| group(conn, &mut jobs));
        keeper.renew_after(&outcome);
        for job in jobs {
            job.answer(outcome.clone());
        }
    }
}

/// Runs each job in a savepoint and commits once. A failed begin or commit is every job's error.
fn group<C: Link>(conn: &mut C, jobs: &mut [Boxed<C>]) -> Result<(), StoreError> {
    conn.begin()?;
    for job in jobs.iter_mut() {
        let ran = conn.savepoint().and_then(|()| {
            job.run(conn);
            conn.release(job.error().is_none())
        });
        if let Err(error) = ran {
            conn.rollback();
            return Err(error);
        }
    }
    conn.commit().inspect_err(|_| conn.rollback())
}
