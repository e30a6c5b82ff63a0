//! The words of the domain as schemas of the OpenAPI document: each an enumeration of its codes.

use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::consultations::Stated;
use super::disposal::Proposed;
use crate::app::attachments::Opening;
use crate::app::people::IdentityKind;
use crate::domain::access::{AccessKind, RevealField};
use crate::domain::applicant::ApplicantKind;
use crate::domain::archive::Retention;
use crate::domain::attachment::{FileType, Purpose};
use crate::domain::calendar::{DayClass, ExceptionKind};
use crate::domain::case::event::{
    AssignmentKind, ContactMeans, ContactWith, ErasureGround, FormWanted, ProposedBy, RatingChannel,
    RemedyPart, ServiceMethod,
};
use crate::domain::case::{Stage, Status};
use crate::domain::channel::Channel;
use crate::domain::notice::{NoticeState, NoticeStep};
use crate::domain::outcome::Outcome;
use crate::domain::portal::Progress;
use crate::domain::remedy::{Procedure, RemedyKind, RemedyResult};
use crate::domain::reorganisation::ReorganisationKind;
use crate::domain::reply::{Fact, RemedyBody};
use crate::domain::review::{Answer, Decision, Finding, Level, Step};
use crate::domain::role::Role;
use crate::domain::sensitivity::Sensitivity;
use crate::domain::statute::{LimitUnit, NoticeTo, Point, Reading, ReceiptRule, Releases, Remedies};
use crate::domain::time_limit::{
    ClockState, ConsultationKind, CorrectionGround, DateOf, Effect, FactKind, Light, ObligationKind,
};
use crate::store::Shelved;

fn codes(values: impl IntoIterator<Item = serde_json::Value>, description: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some(values))
        .description(Some(description))
        .into()
}

/// The schema of an enumeration: its variants' codes, as serde writes them. The match makes the compiler ask for every
/// variant.
macro_rules! schema_of {
    ($($kind:ident, $words:literal: $($variant:ident)+;)+) => {$(
        impl PartialSchema for $kind {
            fn schema() -> RefOr<Schema> {
                fn code(value: $kind) -> serde_json::Value {
                    match value {
                        $($kind::$variant => serde_json::to_value(value).unwrap_or_default(),)+
                    }
                }
                codes([$(code($kind::$variant)),+], $words)
            }
        }

        impl ToSchema for $kind {}
    )+};
}

schema_of! {
    Channel, "How a request came (Art. 31).": Counter RegisteredPost OrdinaryPost Fax Online Email;
    ApplicantKind, "The applicant's column in the annual report.":
        NaturalPerson CommercialEnterprise ResearchInstitution PublicWelfareOrg LegalServiceOrg OtherOrg;
    IdentityKind, "Which document proves the identity.": ResidentId CreditCode Passport Other;
    RevealField, "What a reveal shows unmasked.": Name Identity Phone Email Address Description Reply;
    AccessKind, "In which way somebody saw data of an applicant (查看、检索、查验身份证明、导出、打开附件、连同附件导出).":
        Reveal Search IdentityProof Export Attachment ExportWithFiles;
    Opening, "How somebody may open a file (下载、说明理由后打开、不得打开).": Free WithReason Refused;
    Sensitivity, "A security label (敏感级别), and up to which somebody may read (可阅级别), from the lowest.":
        Ordinary PersonalPrivacy TradeSecret ProposedSecret;
    FormWanted, "The form wanted.": Paper Electronic Inspection;
    AssignmentKind, "Whether a department leads or helps (主办、协办).": Lead CoHandling;
    ServiceMethod, "How a document is served.": Direct Delegated Post Electronic PublicNotice;
    Purpose, "What an attachment is for.":
        Application IdentityProof Evidence ReplyAttachment Consultation Other;
    FileType, "The types of files that are taken.": Pdf Docx Xlsx Ofd Jpg Png Txt;
    Stated, "What an answer says of the disclosure.": Consents Objects Partly;
    Step, "A step of the review route (法制审核、保密审查、签发).": Legal Secrecy SignOff;
    Decision, "What a reviewer decides.": Pass PassWithRemark Return Refer;
    Answer, "An answer of a secrecy review's checklist.": Clear Found Unsure;
    Level, "初审、复审、终审.": First Second Final;
    Finding, "What the secrecy authority found (Art. 17).": NotSecret PartlySecret Secret;
    ReorganisationKind, "What happened to an agency (机关更名、内设机构更名、职能划转、撤并).": Renamed DepartmentRenamed HandedOver Merged;
    NoticeState, "How a supervision notice stands (待答复、逾期、已答复、办结).": Open Overdue Answered Closed;
    NoticeStep, "What was done with a supervision notice (发出、答复、退回、办结).": Sent Answered Returned Closed;
    Stage, "接收、登记、办理、答复、归档.": Receive Register Process Reply Archive;
    Status, "Finer than the stage.": AwaitingConfirmation Received Registered Assigned InProcess InReview
        Approved Replied Withdrawn Lapsed Archived;
    Retention, "How long a file is kept (保管期限).": Years10 Years30 Permanent;
    Proposed, "What an appraisal proposes (销毁、重新划定保管期限、删除个人信息).": Dispose Retain Erase;
    ErasureGround, "On what ground personal data are erased (个人信息保护法 第47条).": RetentionEnded Unlawful OtherLaw;
    ContactMeans, "By what means somebody was talked with.": Phone InPerson Letter Email Other;
    ContactWith, "With whom: the applicant, a third party, somebody else.": Applicant ThirdParty Other;
    RatingChannel, "Where the applicant gave the rating.": Counter Online Phone Letter Other;
    ProposedBy, "Whose idea a proactive publication was (Art. 44).": Applicant Office;
    Shelved, "Which files of the archive.": Due Held Disposed;
    ExceptionKind, "Day off or make-up workday.": Holiday Workday;
    Light, "How the limit stands.": Green Yellow Red Overdue;
    ClockState, "How the clock stands.": NotStarted Running Suspended Stopped;
    Effect, "What days do to the count.": Counted Excluded Superseded Extension;
    DateOf, "Which date of a timeline.": DueOn ReplyMetOn LitigationDueOn HoldUntil;
    DayClass, "The class of a day.": Workday Weekend Holiday MakeUpWorkday;
    FactKind, "What happened.":
        Received CorrectionRequested Corrected CorrectionLapsed ConsultationSent ConsultationAnswered
        ConsultationLapsed Extended FeeNotice FeePaid FeeLapsed ReasonsRequested ReasonsGiven DelayedReplySet
        Replied ReconsiderationDecided Withdrawn RemedyReceived RemedyAnswered AnswerOrdered;
    ConsultationKind, "Whom a consultation asks (Arts. 32, 34, 33(3)).": ThirdParty JointMaker OtherOrgan;
    CorrectionGround, "What was wrong with an application.": UnclearContent Identity Contact Form;
    ObligationKind, "What is owed.":
        CorrectionNotice CorrectionResponse ThirdPartyAnswer JointMakerAnswer ExtensionNotice FeePayment Reply
        Reconsideration Litigation ReconsiderationAnswer LitigationAnswer ComplaintAnswer;
    RemedyKind, "What was brought (复议、诉讼、投诉举报).":
        Reconsideration LitigationDirect LitigationAfterReconsideration Complaint;
    Procedure, "How a remedy is examined (普通程序、简易程序).": Ordinary Simplified;
    RemedyPart, "What of a remedy was entered by mistake.": Filing Answer Result;
    RemedyResult, "How a remedy ended (columns of table 4 of the annual report).": Upheld Corrected OtherResult;
    LimitUnit, "What a period counts.": WorkingDay CalendarDay Month;
    NoticeTo, "To whom a notice goes.": Applicant ThirdParty JointMaker OtherOrgan;
    ReceiptRule, "Which day counts as the date of receipt.": HandedIn Signed Confirmed Submitted;
    Remedies, "What the applicant may do against an outcome.": ReconsiderationFirst ReconsiderationOrLitigation;
    Releases, "Whether an outcome gives the applicant information.": All Part Nothing;
    RemedyBody, "Who is named in the clause on remedies.": ReconsiderationBody Court OnlineFiling;
    Fact, "A fact that a reply states.":
        Provided Way Reason SecrecyLevel SecrecyBasis ForbiddingLaw Endangered ConsultationResult PublicInterest
        InternalAffairs ProcessRecord EnforcementFile SpecialLaw WhereToAsk Search OtherBody OtherBodyUnknown
        WhyCreation CorrectionNoticeOn ProperChannel EarlierReplyNumber EarlierReplyOn PublicationWhere ExcessFacts
        ReasonsGiven WhyUnreasonable ObtainedBefore NoticeOn NoticeServedOn ExpiredOn;
    Point, "A point on which the statute is read in two ways.":
        FirstDay InternetReceipt RestDayReceipt UnsignedMail CorrectionGround LateCorrectionNotice
        FurtherCorrection LateExtensionNotice SeveralExtensions ConsultationInterval OtherOrgan DisclosureHold
        ReasonsRequest FeeClock AdministrativeQuery Silence AnnualReportDay AfterHours MakeUpWorkdays
        ElectronicReply EmailReceipt;
    Reading, "One way of reading one point.":
        NextDay ThatDay Submission Confirmation NextWorkingDay Contact Arrival AnyDefect UnclearContentOnly
        Restarts NoEffect WithApproval Once Invalid ValidIfApproved One Split HalfOpen Open Closed Capped Excluded
        NotExcluded None Wait RunsOn Stops Restart Resume Either ReconsiderationFirst DayBefore Count Rest Sending;
    Progress, "How a request stands, as a portal may tell its applicant.":
        Received InProcess AwaitingCorrection AwaitingPayment Replied Withdrawn Lapsed Archived;
    Role, "What somebody is at an agency.": Clerk Handler LegalReviewer SecrecyReviewer Approver Archivist
        Supervisor SystemAdmin SecurityAdmin Auditor Portal;
    Outcome, "What is answered (rows of table 3 of the annual report).":
        Granted PartiallyGranted DeniedStateSecret DeniedProhibitedByLaw DeniedSecurityStability
        DeniedThirdPartyRights DeniedInternalAffairs DeniedDeliberativeProcess DeniedEnforcementFiles
        DeniedAdministrativeQuery UnableNotHeld UnableNeedsCreation UnableUnclearAfterCorrection
        NotProcessedComplaintPetition NotProcessedRepeat NotProcessedPublication NotProcessedExcessive
        NotProcessedConfirmation OtherOverdueCorrection OtherOverdueFee OtherOther;
}
