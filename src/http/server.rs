//! The server: binds, routes, and stops in order.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App as Actix, HttpResponse, HttpServer, middleware, web};
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::{Config as DocsConfig, SwaggerUi};

use super::account_limit::AccountLimit;
use super::operations::Document;
use super::rate_limit::RateLimit;
use super::routes::Routes;
use super::{call, document, envelope, operations};
use crate::app::App;
use crate::app::checkpoints::{Sending, When};
use crate::app::keys::Settled;
use crate::config::{Config, PublicLimits};
use crate::courier::pause_after;
use crate::store::At;

/// How long a client may take to send a request's headers.
const HEADERS: Duration = Duration::from_secs(5);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long requests under way may take to end after a stop was asked for, in seconds, unless the settings say.
const STOPPING: u16 = 10;
/// How often a server looks at agencies: their names, the cases that go over.
const AGENCIES_LOOKED: Duration = Duration::from_secs(5);
/// How often a server looks whether calendars were changed elsewhere.
const LAW_CHECKED: Duration = Duration::from_secs(1);
/// How often rows under earlier keys are looked for, while an agency has any.
const ROWS_TURNED: Duration = Duration::from_secs(3);
/// How long after its start a server makes the digests that are due.
const DIGESTS_AFTER: Duration = Duration::from_mins(5);
/// How often a server looks whether checkpoints are due.
const CHECKPOINTS_LOOKED: Duration = Duration::from_secs(30);
/// How often files in quarantine are tried.
const FILES_SCANNED: Duration = Duration::from_secs(5);
/// How long first answers are kept for retries.
const ANSWERS_KEPT: chrono::TimeDelta = chrono::TimeDelta::days(7);

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    server: actix_web::dev::Server,
}

impl Running {
    /// Waits until it has stopped.
    ///
    /// # Errors
    /// When it fails.
    pub async fn wait(self) -> Result<(), String> {
        self.server.await.map_err(|error| format!("the server failed: {error}"))
    }
}

/// Takes an address; who connects before the server starts waits.
///
/// # Errors
/// One sentence, when the address is taken or not ours.
pub fn listen(on: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(on).map_err(|error| {
        format!(
            "cannot listen on {on} (GONGKAI_LISTEN): {error}; choose another address or stop what uses it"
        )
    })
}

/// Binds and starts.
///
/// # Errors
/// One sentence, when the address is taken or not ours.
pub fn bind(app: Arc<App>, on: SocketAddr, workers: usize, public: PublicLimits) -> Result<Running, String> {
    start(app, listen(on)?, workers, STOPPING, public)
}

fn start(
    app: Arc<App>,
    listener: TcpListener,
    workers: usize,
    stopping: u16,
    public: PublicLimits,
) -> Result<Running, String> {
    let address = listener.local_addr().map_err(|error| format!("no address: {error}"))?;
    let document = document::openapi();
    let text = web::Data::new(Document(document::openapi_json()));
    let routes = web::Data::new(Routes::of(&document));
    let limit = web::Data::new(RateLimit::new(public));
    let people = web::Data::new(AccountLimit::new());
    let docs = app.docs;
    let app = web::Data::from(app);
    let server = HttpServer::new(move || {
        let (api, _) = Actix::new()
            .app_data(app.clone())
            .app_data(text.clone())
            .app_data(routes.clone())
            .app_data(limit.clone())
            .app_data(people.clone())
            .into_utoipa_app()
            .service(scope("/api/v1").configure(document::operations))
            .split_for_parts();
        api.service(web::resource("/healthz").route(web::get().to(operations::healthz)))
            .service(web::resource("/readyz").route(web::get().to(operations::readyz)))
            .configure(|services| {
                if docs {
                    pages(services);
                }
            })
            .default_service(web::to(call::no_route))
            .wrap(middleware::from_fn(envelope::envelope))
    })
    .workers(workers)
    .client_request_timeout(HEADERS)
    .client_disconnect_timeout(Duration::from_secs(2))
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(u64::from(stopping))
    .listen(listener)
    .map_err(|error| format!("cannot listen on {address}: {error}"))?
    .run();
    Ok(Running { address, handle: server.handle(), server })
}

/// The pages of the document.
fn pages(services: &mut web::ServiceConfig) {
    services.service(web::resource("/docs").route(web::get().to(docs_folder))).service(
        SwaggerUi::new("/docs/{_:.*}").config(DocsConfig::from("/api/v1/openapi.json").validator_url("none")),
    );
}

/// The browsable document lives in a folder.
async fn docs_folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header(("Location", "/docs/")).finish()
}

/// Serves until it is asked to stop.
///
/// # Errors
/// One sentence.
pub async fn serve(app: Arc<App>, config: &Config) -> Result<(), String> {
    serve_on(listen(config.listen)?, app, config).await
}

/// The same on an address that was taken before.
///
/// # Errors
/// One sentence.
pub async fn serve_on(listener: TcpListener, app: Arc<App>, config: &Config) -> Result<(), String> {
    let running = start(
        Arc::clone(&app),
        listener,
        config.workers.get(),
        config.shutdown_seconds,
        config.public.clone(),
    )?;
    tracing::info!(address = %running.address, "listening");
    let docs = if app.docs { "documentation: /docs/" } else { "no pages at /docs/: GONGKAI_DOCS" };
    eprintln!("Gongkai listens on http://{} ({docs})", running.address);
    let cleaning = actix_web::rt::spawn(forget_answers(Arc::clone(&app)));
    let digesting = actix_web::rt::spawn(make_digests(Arc::clone(&app)));
    let resting = actix_web::rt::spawn(disable_dormant(Arc::clone(&app)));
    let scanning = actix_web::rt::spawn(scan_files(Arc::clone(&app)));
    let witnessing = actix_web::rt::spawn(make_checkpoints(Arc::clone(&app)));
    let sending: Vec<_> = (0..app.couriers.len())
        .map(|nth| actix_web::rt::spawn(send_checkpoints(Arc::clone(&app), nth)))
        .collect();
    let noting = actix_web::rt::spawn(write_attempts(Arc::clone(&app)));
    let sweeping = actix_web::rt::spawn(sweep_uploads(Arc::clone(&app)));
    let reorganising = actix_web::rt::spawn(follow_agencies(Arc::clone(&app)));
    let turning = actix_web::rt::spawn(turn_rows(Arc::clone(&app)));
    let following = actix_web::rt::spawn(follow_law(Arc::clone(&app)));
    let ended = running.wait().await;
    cleaning.abort();
    resting.abort();
    witnessing.abort();
    sending.iter().for_each(actix_web::rt::task::JoinHandle::abort);
    scanning.abort();
    sweeping.abort();
    following.abort();
    reorganising.abort();
    turning.abort();
    digesting.abort();
    noting.abort();
    app.write_attempts(true).await;
    ended
}

/// Takes over the calendars that another instance, or the command line, has changed.
async fn follow_law(app: Arc<App>) {
    let mut each_second = tokio::time::interval(LAW_CHECKED);
    each_second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        each_second.tick().await;
        if let Err(error) = app.store.refresh_law().await {
            tracing::warn!(%error, "whether calendars were changed is not known");
        }
    }
}

/// Takes over new names of agencies, and goes on with the hand-overs that another instance, or this one before it stopped, has begun.
async fn follow_agencies(app: Arc<App>) {
    let mut often = tokio::time::interval(AGENCIES_LOOKED);
    often.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        if let Err(error) = app.refresh_agencies().await {
            tracing::warn!(%error, "whether agencies have other names is not known");
        }
        match app.carry_on().await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "cases were handed over"),
            Err(error) => tracing::warn!(%error, "cases were not all handed over yet"),
        }
    }
}

/// Encrypts anew what is under earlier keys.
async fn turn_rows(app: Arc<App>) {
    let mut often = tokio::time::interval(ROWS_TURNED);
    often.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut settled = Settled::default();
    loop {
        often.tick().await;
        match app.turn_due(&mut settled).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "rows were encrypted anew under a new key"),
            Err(error) => tracing::warn!(%error, "rows were not encrypted anew; it goes on from there"),
        }
    }
}

/// Makes the digests that are due: at first some minutes after the start, when whoever waited for it has been served, then every hour.
async fn make_digests(app: Arc<App>) {
    let first = tokio::time::Instant::now() + DIGESTS_AFTER;
    let mut hourly = tokio::time::interval_at(first, Duration::from_hours(1));
    loop {
        hourly.tick().await;
        match app.make_due_digests().await {
            Ok(0) => {}
            Ok(made) => tracing::info!(made, "digests were made"),
            Err(error) => tracing::warn!(%error, "no digests were made"),
        }
    }
}

/// Disables accounts that nobody has used for long.
async fn disable_dormant(app: Arc<App>) {
    let first = tokio::time::Instant::now() + DIGESTS_AFTER;
    let mut hourly = tokio::time::interval_at(first, Duration::from_hours(1));
    loop {
        hourly.tick().await;
        match app.disable_dormant_accounts().await {
            Ok(0) => {}
            Ok(disabled) => tracing::info!(disabled, "accounts were disabled that nobody had used for long"),
            Err(error) => tracing::warn!(%error, "dormant accounts were not looked for"),
        }
    }
}

/// Makes the checkpoints of the record that are due.
async fn make_checkpoints(app: Arc<App>) {
    let start = app.clock.now();
    let first = tokio::time::Instant::now() + CHECKPOINTS_LOOKED;
    let mut often = tokio::time::interval_at(first, CHECKPOINTS_LOOKED);
    often.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        if let Err(error) = app.make_checkpoints(When::Due(start)).await {
            tracing::error!(%error, "no checkpoints were made");
        }
    }
}

/// Sends checkpoints to one receiver, who keeps nobody waiting but himself: at once what an earlier run has left, then what is new.
async fn send_checkpoints(app: Arc<App>, nth: usize) {
    let Some(courier) = app.couriers.get(nth) else { return };
    let mut failures = 0_u32;
    loop {
        failures = match app.send_checkpoints_by(courier).await {
            Ok(Sending { failed: 0, .. }) => 0,
            Ok(_) => failures.saturating_add(1),
            Err(error) => {
                tracing::error!(%error, way = courier.way(), "no checkpoints were sent");
                failures.saturating_add(1)
            }
        };
        tokio::time::sleep(pause_after(failures)).await;
    }
}

/// Writes what was tried: each second what is due.
async fn write_attempts(app: Arc<App>) {
    let mut each_second = tokio::time::interval(Duration::from_secs(1));
    each_second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        each_second.tick().await;
        app.write_attempts(false).await;
    }
}

/// Scans files that came while the antivirus program was away.
async fn scan_files(app: Arc<App>) {
    if app.files.as_ref().is_none_or(|files| files.scanner.is_none()) {
        return;
    }
    let mut often = tokio::time::interval(FILES_SCANNED);
    often.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        often.tick().await;
        if let Err(error) = app.scan_waiting().await {
            tracing::warn!(%error, "files in quarantine were not scanned");
        }
    }
}

/// Removes what was uploaded and never attached.
async fn sweep_uploads(app: Arc<App>) {
    let mut hourly = tokio::time::interval(Duration::from_hours(1));
    loop {
        hourly.tick().await;
        if let Err(error) = app.sweep_uploads().await {
            tracing::warn!(%error, "uploads that were not attached were not removed");
        }
        if let Err(error) = app.remove_erased().await {
            tracing::warn!(%error, "the bytes of erased files were not removed");
        }
    }
}

/// Forgets kept answers after their seven days.
async fn forget_answers(app: Arc<App>) {
    let mut hourly = tokio::time::interval(Duration::from_hours(1));
    loop {
        hourly.tick().await;
        let before = app.clock.now().checked_sub_signed(ANSWERS_KEPT).unwrap_or_default();
        if let Err(error) = app.store.answers_forget(At(before)).await {
            tracing::warn!(%error, "old answers were not forgotten");
        }
    }
}
