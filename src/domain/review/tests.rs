use super::*;
use crate::domain::ids::PersonId;

fn step(kind: Step, level: Level, turn: u8) -> RouteStep {
    RouteStep { id: StepId { step: kind, level }, turn, by: Reviewer::Role }
}

#[test]
fn the_default_is_legal_then_secrecy_then_the_signature() {
    let route = Route::default();
    assert_eq!(Route::new(route.steps().to_vec()), Ok(route.clone()));
    let mut passed = Vec::new();
    for kind in Step::ALL {
        let due: Vec<_> = route.due(&passed).map(|step| step.id).collect();
        assert_eq!(due, [StepId::from(*kind)]);
        for other in Step::ALL {
            assert_eq!(route.due_of(*other, &passed).is_some(), other == kind);
        }
        assert!(!route.is_through(&passed));
        passed.push((*kind).into());
    }
    assert!(route.is_through(&passed) && route.due(&passed).next().is_none());
}

/// Every list of up to four steps with turns up to four: those that are routes, told by the rule in its own words.
#[test]
fn exactly_the_sound_routes_are_routes() {
    let mut kinds = Vec::new();
    for kind in Step::ALL {
        for level in Level::ALL {
            kinds.extend((0..=4).map(|turn| step(*kind, *level, turn)));
        }
    }
    let (mut sound, mut tried) = (0_u32, 0_u32);
    for length in 0..=3_u32 {
        for mut way in 0..kinds.len().pow(length) {
            let steps: Vec<_> = (0..length)
                .map(|_| {
                    let one = kinds[way % kinds.len()];
                    way /= kinds.len();
                    one
                })
                .collect();
            tried += 1;
            let route = Route::new(steps.clone());
            assert_eq!(route.is_ok(), is_sound(&steps), "{steps:?} {route:?}");
            sound += u32::from(route.is_ok());
        }
    }
    assert_eq!((tried, sound), (93_196, 720), "of 93,196 lists this many are routes");
}

fn is_sound(steps: &[RouteStep]) -> bool {
    let turns: std::collections::BTreeSet<u8> = steps.iter().map(|step| step.turn).collect();
    let without_gap = turns.iter().copied().eq(1..=u8::try_from(turns.len()).unwrap());
    let pairs = || (0..steps.len()).flat_map(|a| (0..a).map(move |b| (steps[a], steps[b])));
    let each_once = pairs().all(|(a, b)| a.id != b.id);
    let levels_rise = pairs().all(|(a, b)| {
        a.id.step != b.id.step || (a.id.level.cmp(&b.id.level) == a.turn.cmp(&b.turn) && a.turn != b.turn)
    });
    let has = |kind| steps.iter().any(|step| step.id.step == kind);
    let signed_last = steps
        .iter()
        .all(|step| step.id.step == Step::SignOff || turns.last().is_some_and(|last| step.turn < *last));
    (1..=6).contains(&steps.len())
        && without_gap
        && each_once
        && levels_rise
        && has(Step::Secrecy)
        && has(Step::SignOff)
        && signed_last
}

#[test]
fn six_steps_are_the_most_and_a_person_is_named_once() {
    let mut steps: Vec<_> = Level::ALL
        .iter()
        .zip(1..)
        .flat_map(|(level, turn)| [step(Step::Legal, *level, turn), step(Step::Secrecy, *level, turn)])
        .take(5)
        .collect();
    steps.push(step(Step::SignOff, Level::First, 4));
    assert!(Route::new(steps.clone()).is_ok());
    steps.push(step(Step::Secrecy, Level::Final, 3));
    assert_eq!(Route::new(steps.clone()), Err(RouteError::Length));
    steps.truncate(6);
    let somebody = Reviewer::Person(PersonId(uuid::Uuid::from_u128(7)));
    steps[0].by = somebody;
    assert!(Route::new(steps.clone()).is_ok());
    steps[4].by = somebody;
    assert_eq!(Route::new(steps), Err(RouteError::SamePerson(4)));
}
