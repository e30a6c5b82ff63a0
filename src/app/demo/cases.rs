//! Which cases there are: those of the year that have ended, those answered of late, and the open ones, whose age
//! decides the light that they show today.

use super::days::Days;
use super::matters::MATTERS;
use super::script::{Case, End, Entry, Twist, entries as entries_of};
use crate::domain::case::Status;
use crate::domain::channel::Channel;

/// How many cases have run their course.
const ENDED: usize = 91;
/// Working days before today in which none of them came: they would not have ended yet.
const LATELY: usize = 34;
/// How many working days longer a reply takes that is extended.
const EXTENSION: usize = 8;
/// Matters and places are taken in steps, so that neighbours in the list differ.
const STRIDE: usize = 16;

/// The ways in which requests come, about as often as they do.
const CHANNELS: &[Channel] = &[
    Channel::Online,
    Channel::Online,
    Channel::Counter,
    Channel::Online,
    Channel::RegisteredPost,
    Channel::Email,
    Channel::Online,
    Channel::OrdinaryPost,
    Channel::Counter,
    Channel::Online,
    Channel::RegisteredPost,
    Channel::Online,
    Channel::Fax,
];

/// Working days to the reply; more than 20 is late.
const SPANS: &[usize] = &[14, 9, 17, 12, 19, 6, 11, 16, 18, 13, 8, 15, 19, 10, 4, 18, 7, 16, 23, 12, 17];

/// What happens to those that have ended.
const ENDED_TWISTS: &[Twist] = &[
    Twist::None,
    Twist::CoHandled,
    Twist::None,
    Twist::Returned,
    Twist::None,
    Twist::LegalReturned,
    Twist::SubjectAmended,
    Twist::None,
    Twist::Reassigned,
    Twist::Late,
    Twist::None,
    Twist::SecrecyReturned,
    Twist::ApplicantAmended,
    Twist::None,
    Twist::ReceiptAmended,
    Twist::SignOffReturned,
    Twist::Redelivered,
    Twist::DescriptionAmended,
    Twist::ChannelAmended,
    Twist::TakenBack,
    Twist::Corrected,
    Twist::Consulted,
    Twist::Extended,
];

/// Those answered, taken back or lapsed of late: age, working days to the reply, end.
const LATE: &[(usize, usize, End)] = &[
    (33, 19, End::Served),
    (31, 18, End::Served),
    (30, 20, End::Served),
    (28, 16, End::Served),
    (26, 19, End::Dispatched),
    (25, 22, End::Dispatched),
    (24, 18, End::Dispatched),
    (22, 19, End::Served),
    (20, 17, End::Dispatched),
    (19, 18, End::At(Status::Replied)),
    (13, 10, End::Served),
    (9, 7, End::At(Status::Replied)),
    (14, 14, End::Withdrawn(Status::InProcess, false)),
    (5, 14, End::Withdrawn(Status::Received, false)),
    (12, 14, End::Lapsed(false)),
];

/// The open ones: status, age in working days, what is out of the ordinary. 15 to 17 is yellow, 18 to 20 red, more
/// is overdue; while the receipt awaits its confirmation there is no limit yet.
const OPEN: &[(Status, usize, Twist)] = &[
    (Status::AwaitingConfirmation, 0, Twist::None),
    (Status::AwaitingConfirmation, 2, Twist::None),
    (Status::AwaitingConfirmation, 3, Twist::None),
    (Status::Received, 0, Twist::None),
    (Status::Received, 1, Twist::ApplicantAmended),
    (Status::Received, 2, Twist::None),
    (Status::Received, 4, Twist::Late),
    (Status::Registered, 2, Twist::None),
    (Status::Registered, 3, Twist::SubjectAmended),
    (Status::Registered, 4, Twist::Corrected),
    (Status::Registered, 6, Twist::Returned),
    (Status::Registered, 16, Twist::Returned),
    (Status::Assigned, 2, Twist::None),
    (Status::Assigned, 3, Twist::None),
    (Status::Assigned, 6, Twist::Reassigned),
    (Status::Assigned, 9, Twist::Returned),
    (Status::Assigned, 17, Twist::None),
    (Status::Assigned, 18, Twist::Returned),
    (Status::InProcess, 4, Twist::None),
    (Status::InProcess, 5, Twist::None),
    (Status::InProcess, 6, Twist::CoHandled),
    (Status::InProcess, 6, Twist::Consulted),
    (Status::InProcess, 7, Twist::None),
    (Status::InProcess, 8, Twist::ReceiptAmended),
    (Status::InProcess, 9, Twist::Reassigned),
    (Status::InProcess, 10, Twist::Late),
    (Status::InProcess, 11, Twist::None),
    (Status::InProcess, 12, Twist::LegalReturned),
    (Status::InProcess, 13, Twist::CoHandled),
    (Status::InProcess, 15, Twist::SignOffReturned),
    (Status::InProcess, 16, Twist::None),
    (Status::InProcess, 17, Twist::TakenBack),
    (Status::InProcess, 18, Twist::SecrecyReturned),
    (Status::InProcess, 19, Twist::CoHandled),
    (Status::InProcess, 21, Twist::Extended),
    (Status::InProcess, 22, Twist::None),
    (Status::InProcess, 27, Twist::Returned),
    (Status::InReview, 10, Twist::None),
    (Status::InReview, 12, Twist::None),
    (Status::InReview, 14, Twist::CoHandled),
    (Status::InReview, 15, Twist::LegalReturned),
    (Status::InReview, 17, Twist::None),
    (Status::InReview, 18, Twist::None),
    (Status::InReview, 19, Twist::SecrecyReturned),
    (Status::InReview, 23, Twist::None),
    (Status::Approved, 13, Twist::None),
    (Status::Approved, 16, Twist::None),
    (Status::Approved, 19, Twist::DescriptionAmended),
    (Status::Approved, 21, Twist::None),
];

/// Everything that is entered in the year, in the order in which it is.
pub(super) fn entries(days: &Days) -> Vec<Entry> {
    let mut all: Vec<Entry> = plan(days).into_iter().flat_map(|case| entries_of(case, days)).collect();
    all.sort_by_key(|entry| entry.at);
    all
}

/// Receipt, working days to the reply, end, what is out of the ordinary.
type Course = (usize, usize, End, Twist);

/// The cases, in no order of time.
pub(super) fn plan(days: &Days) -> Vec<Case> {
    let courses = ended(days)
        .chain(LATE.iter().map(|(age, span, end)| (days.aged(*age), *span, *end, Twist::None)))
        .chain(OPEN.iter().map(|(status, age, twist)| (days.aged(*age), *age, End::At(*status), *twist)));
    let matters = MATTERS.iter().cycle().step_by(STRIDE);
    let channels = CHANNELS.iter().cycle();
    let parts = (1_u32..).zip(0_usize..).zip(courses).zip(matters).zip(channels);
    parts
        .map(|((((n, nth), (received, span, end, twist)), matter), channel)| Case {
            n,
            received,
            span,
            end,
            twist,
            channel: channel_of(*channel, end, twist, n),
            matter: *matter,
            place: nth / MATTERS.len() + nth % MATTERS.len(),
        })
        .collect()
}

/// Those that have ended, evenly over the year; some were taken back, some not corrected in time.
fn ended(days: &Days) -> impl Iterator<Item = Course> {
    let available = days.last().saturating_sub(LATELY);
    let spans = SPANS.iter().cycle();
    let twists = ENDED_TWISTS.iter().cycle();
    (0..ENDED).zip(spans).zip(twists).map(move |((nth, span), twist)| {
        let end = match nth % 19 {
            4 => End::Withdrawn(Status::InProcess, true),
            13 => End::Withdrawn(Status::Registered, true),
            16 => End::Lapsed(true),
            _ => End::Archived,
        };
        let twist = if end == End::Lapsed(true) { Twist::None } else { *twist };
        let span = if twist == Twist::Extended { span + EXTENSION } else { *span };
        (nth * available / (ENDED - 1), span, end, twist)
    })
}

/// Some courses need a way on which they can happen.
fn channel_of(usual: Channel, end: End, twist: Twist, n: u32) -> Channel {
    if end == End::At(Status::AwaitingConfirmation) {
        return if n.is_multiple_of(2) { Channel::Fax } else { Channel::OrdinaryPost };
    }
    match twist {
        Twist::ReceiptAmended => Channel::RegisteredPost,
        Twist::ChannelAmended => Channel::Email,
        Twist::Late => Channel::Counter,
        Twist::None
        | Twist::Returned
        | Twist::Reassigned
        | Twist::CoHandled
        | Twist::LegalReturned
        | Twist::SecrecyReturned
        | Twist::SignOffReturned
        | Twist::TakenBack
        | Twist::SubjectAmended
        | Twist::ApplicantAmended
        | Twist::DescriptionAmended
        | Twist::Redelivered
        | Twist::Corrected
        | Twist::Consulted
        | Twist::Extended => usual,
    }
}
