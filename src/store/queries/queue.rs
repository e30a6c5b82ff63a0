//! The queue: a page of cases, by keyset. The conditions have the form that both databases answer from the index.

use diesel::prelude::*;

use super::Conn;
use crate::domain::time_limit::Light;
use crate::store::error::StoreError;
use crate::store::filter::{QueueFilter, Sort};
use crate::store::rows::CaseRow;
use crate::store::schema::{case_departments, cases};

pub(in crate::store) fn cases_page(
    conn: &mut Conn,
    filter: &QueueFilter,
) -> Result<Vec<CaseRow>, StoreError> {
    let mut query = cases::table
        .filter(cases::agency_id.eq(filter.agency))
        .select(CaseRow::as_select())
        .limit(filter.limit)
        .into_boxed();
    for departments in filter.departments.iter().cloned().chain(filter.department.map(|one| vec![one])) {
        query = query.filter(
            cases::id.eq_any(
                case_departments::table
                    .filter(case_departments::agency_id.eq(filter.agency))
                    .filter(case_departments::department_id.eq_any(departments))
                    .select(case_departments::case_id),
            ),
        );
    }
    if let Some(stage) = filter.stage {
        query = query.filter(cases::stage.eq(stage.code()));
    }
    if let Some(status) = filter.status {
        query = query.filter(cases::status.eq(status.code()));
    }
    if let Some(assignee) = filter.assignee {
        query = query.filter(cases::assignee_id.eq(assignee));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(cases::channel.eq(channel.code()));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(cases::outcome.eq(outcome.code()));
    }
    if let Some(number) = &filter.number {
        query = query.filter(cases::number.eq(number));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(cases::due_on.le(day));
    }
    if let Some(day) = filter.received_from {
        query = query.filter(cases::received_on.ge(day));
    }
    if let Some(day) = filter.received_to {
        query = query.filter(cases::received_on.le(day));
    }
    match filter.light {
        None => {}
        Some((Light::Green, today)) => query = query.filter(cases::yellow_on.gt(today)),
        Some((Light::Yellow, today)) => {
            query = query.filter(cases::yellow_on.le(today)).filter(cases::red_on.gt(today));
        }
        Some((Light::Red, today)) => {
            query = query.filter(cases::red_on.le(today)).filter(cases::due_on.ge(today));
        }
        Some((Light::Overdue, today)) => query = query.filter(cases::due_on.lt(today)),
    }
    query = match filter.sort {
        Sort::DueOn => query.order((cases::due_sort.asc(), cases::id.asc())),
        Sort::DueOnDescending => query.order((cases::due_sort.desc(), cases::id.desc())),
        Sort::ReceivedOn => query.order((cases::received_sort.asc(), cases::id.asc())),
        Sort::ReceivedOnDescending => query.order((cases::received_sort.desc(), cases::id.desc())),
    };
    if let Some((day, id)) = filter.after {
        query = match filter.sort {
            Sort::DueOn => {
                query.filter(cases::due_sort.ge(day)).filter(cases::due_sort.gt(day).or(cases::id.gt(id)))
            }
            Sort::DueOnDescending => {
                query.filter(cases::due_sort.le(day)).filter(cases::due_sort.lt(day).or(cases::id.lt(id)))
            }
            Sort::ReceivedOn => query
                .filter(cases::received_sort.ge(day))
                .filter(cases::received_sort.gt(day).or(cases::id.gt(id))),
            Sort::ReceivedOnDescending => query
                .filter(cases::received_sort.le(day))
                .filter(cases::received_sort.lt(day).or(cases::id.lt(id))),
        };
    }
    Ok(query.load(conn)?)
}
