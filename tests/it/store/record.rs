//! What was committed is read back as it was, and the record proves itself.

use gongkai::domain::case::{Origin, Status, fold};
use gongkai::domain::channel::Channel;
use gongkai::domain::ids::CaseId;
use gongkai::domain::outcome::Outcome;
use gongkai::store::{Key, recorded};

use super::desk::{Desk, Who, assign, day, register, wait, words};
use crate::support::databases::both_databases;

both_databases! {
    fn a_whole_life_is_read_back_as_it_was_written(backend) {
        let desk = Desk::new(backend);
        let mut case = desk.receive(Channel::Counter, "2026-03-02");
        for (who, command) in desk.way() {
            case = desk.does(&case, who, command, "2026-03-04");
            let (row, events) = desk.read(case.case.id).unwrap();
            assert_eq!(row, case.row);
            let read: Vec<_> = events.iter().map(|row| recorded(row).unwrap()).collect();
            assert_eq!(fold(desk.agency, case.case.id, &read).unwrap(), case.case);
            let last = read.last().unwrap();
            assert_eq!((last.on, last.by, last.origin), (day("2026-03-04"), who.by(), Origin::Api));
        }
        assert_eq!(case.case.state.status(), Status::Archived);
        desk.verify();

        let agency = Key(desk.agency.0);
        let by_number = wait(desk.store.case_by_number(agency, "淮公申〔2026〕1号".to_owned())).unwrap();
        assert_eq!(by_number, Some(case.row));
        assert_eq!(wait(desk.store.case_by_number(agency, "淮公申〔2026〕2号".to_owned())).unwrap(), None);
    }

    fn the_words_and_the_applicant_are_kept_beside_the_record(backend) {
        let desk = Desk::new(backend);
        let reception = desk.reception(Channel::Fax, "2026-03-02");
        let (texts, applicant) = (reception.texts.clone(), reception.applicant.clone().unwrap());
        desk.commit(reception).unwrap();
        let agency = Key(desk.agency.0);
        let ids: Vec<_> = texts.iter().map(|row| row.id).collect();
        let mut kept = wait(desk.store.case_texts_by_id(agency, ids.clone())).unwrap();
        kept.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        assert_eq!(format!("{kept:?}"), format!("{texts:?}"));
        let found = wait(desk.store.applicant_by_id(agency, applicant.id)).unwrap();
        assert_eq!(format!("{found:?}"), format!("{:?}", Some(applicant)));
    }

    fn what_another_agency_has_is_not_there(backend) {
        let desk = Desk::new(backend);
        let case = desk.registered("2026-03-02");
        let (stranger, id) = (Key(uuid::Uuid::from_u128(9)), Key(case.case.id.0));
        assert_eq!(wait(desk.store.case_by_id(vec![stranger], id)).unwrap(), None);
        assert_eq!(wait(desk.store.case_by_id(Vec::new(), id)).unwrap(), None);
        assert!(wait(desk.store.case_by_id(vec![stranger, Key(desk.agency.0)], id)).unwrap().is_some());
        assert_eq!(desk.read(CaseId(uuid::Uuid::from_u128(9))), None);
        assert_eq!(wait(desk.store.case_by_number(stranger, case.row.number.unwrap())).unwrap(), None);
    }

    fn departments_come_and_go_with_the_work(backend) {
        use gongkai::domain::case::command::Command;
        use gongkai::domain::case::event::AssignmentKind;
        let desk = Desk::new(backend);
        let [planning, land, finance] = desk.departments[..] else { panic!() };
        let helper = AssignmentKind::CoHandling;
        let mut case = desk.registered("2026-03-02");
        for (command, mut working) in [
            (assign(planning, AssignmentKind::Lead), vec![planning]),
            (assign(land, helper), vec![planning, land]),
            (assign(finance, helper), vec![planning, land, finance]),
            (assign(land, AssignmentKind::Lead), vec![land, finance]),
            (Command::Return { n: 3, reason: words() }, vec![land]),
            (Command::Return { n: 4, reason: words() }, vec![]),
        ] {
            case = desk.does(&case, Who::Clerk, command, "2026-03-03");
            working.sort();
            let kept = desk.working_on(case.case.id);
            assert_eq!(kept, working);
        }
        desk.verify();
    }

    fn imported_rows_stand_in_the_same_record(backend) {
        let desk = Desk::new(backend);
        desk.commit(desk.imported("台账-1", "2024-02-10", Some((Outcome::Granted, "2024-03-01")))).unwrap();
        let open = desk.commit(desk.imported("台账-2", "2024-02-10", None)).unwrap();
        desk.does(&open, Who::Clerk, assign(desk.departments[0], gongkai::domain::case::event::AssignmentKind::Lead), "2026-03-03");
        desk.verify();
        let numbers = wait(desk.store.imported_numbers(Key(desk.agency.0))).unwrap();
        assert_eq!(numbers.len(), 2);
        let refused = desk.commit(desk.imported("台账-2", "2024-02-11", None)).unwrap_err();
        assert!(refused.to_string().contains("cases_number is taken"), "{refused}");
        desk.verify();
    }

    /// Two agencies on one database have chains of their own, and numbers of their own.
    fn agencies_do_not_meet(backend) {
        let desk = Desk::new(backend);
        let case = desk.registered("2026-03-02");
        let other = Desk::joined(&desk);
        let theirs = other.does(&other.receive(Channel::Counter, "2026-03-02"), Who::Clerk, register(), "2026-03-02");
        assert_eq!(case.row.number, theirs.row.number);
        assert_eq!(desk.read(theirs.case.id), None);
        desk.verify();
        other.verify();
    }
}
