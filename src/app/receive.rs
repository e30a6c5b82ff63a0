//! 接收: a request becomes a case.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::App;
use super::case_view::Words;
use super::directory::Agency;
use super::error::AppError;
use super::execute::{Render, by};
use super::people::{Applicant, Sealer, TextKind};
use super::retry::{Answer, RetryKey};
use crate::crypto::random;
use crate::domain::case::command::Receive;
use crate::domain::case::decide::{Context, open};
use crate::domain::case::event::FormWanted;
use crate::domain::channel::Channel;
use crate::domain::ids::{CaseId, EventId};
use crate::domain::policy::{Action, Facts, Verdict, permits};
use crate::domain::reply::Basis;
use crate::domain::role::Actor;
use crate::store::{At, Commit, Meta};

/// A request as it came, its words still in clear.
#[derive(Clone, Debug)]
pub struct Reception {
    /// How it came.
    pub channel: Channel,
    /// The day it was handed in, signed for, found in the mail, or submitted; today when not said.
    pub arrived_on: Option<NaiveDate>,
    /// Who asks.
    pub applicant: Applicant,
    /// What is asked, in the applicant's words.
    pub description: String,
    /// The form wanted.
    pub form_wanted: Option<FormWanted>,
    /// What shows the day of arrival.
    pub evidence: Option<String>,
    /// The portal's own name of it, when a portal hands it in.
    pub portal_request: Option<String>,
}

impl App {
    /// Receives a request at the actor's agency.
    ///
    /// # Errors
    /// Not allowed, retry key used otherwise, or refused by the rules (a day in the future).
    pub async fn receive(
        self: &Arc<Self>,
        actor: &Actor,
        reception: Reception,
        retry: Option<RetryKey>,
        render: Render,
    ) -> Result<Answer, AppError> {
        let facts = Facts::of_agency(actor.agency);
        if permits(actor, Action::ReceiveCase, &facts) != Verdict::Allow {
            return Err(AppError::Forbidden);
        }
        let home = self.agency(actor.agency).await?;
        if let Some(first) = self.first_answer(&home, actor.account, retry.as_ref()).await? {
            return Ok(first);
        }
        let attempt = || self.receive_by_law(actor, &home, reception.clone(), retry.as_ref(), render);
        let outcome = Box::pin(self.by_newest_law(attempt)).await;
        self.after_race(outcome, &home, actor, retry.as_ref()).await
    }

    async fn receive_by_law(
        self: &Arc<Self>,
        actor: &Actor,
        home: &Arc<Agency>,
        reception: Reception,
        retry: Option<&RetryKey>,
        render: Render,
    ) -> Result<Answer, AppError> {
        let now = self.clock.now();
        let today = crate::clock::civil_date(now, home.zone);
        let arrived_on = reception.arrived_on.unwrap_or(today);
        let law = self.store.law();
        let (pack, calendar) = &Self::statute_on(&law, home, arrived_on)?;
        let id = CaseId(random::new_id(now));
        let portal_request = self.handing_in(actor, &reception, id).await?;
        let mut sealer = Sealer::new(home, id, At(now));
        let receive = Receive {
            channel: reception.channel,
            arrived_on,
            applicant: sealer.applicant(&reception.applicant)?,
            description: sealer.text(TextKind::Description, &reception.description)?,
            form_wanted: reception.form_wanted,
            evidence: sealer.optional_text(TextKind::Evidence, reception.evidence.as_deref())?,
        };
        let events = open(receive, &Context { today, pack, calendar, person: Some(actor.person) })?;
        let commit = Commit {
            agency: home.id,
            case: id,
            before: None,
            events: events.into_iter().map(|event| (EventId(random::new_id(now)), event)).collect(),
            meta: Meta { at: now, by: by(actor), origin: self.origin },
            texts: sealer.texts,
            applicant: sealer.applicant,
            portal_request,
            attachment: None,
            subject: None,
            documents: None,
            publications: None,
            number_pattern: home.number_pattern.clone(),
            retry: retry.map(|retry| retry.of(actor.account)),
            law,
        };
        let words = Words {
            basis: Basis::default(),
            files: BTreeMap::new(),
            publications: Vec::new(),
            named: vec![reception.applicant.clone()],
            applicant: Some(reception.applicant),
            description: Some(reception.description),
            reply: None,
        };
        self.commit_and_answer(commit, words, home, actor, today, render).await
    }
}
