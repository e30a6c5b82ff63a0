//! Who asks: the six kinds of applicant that the annual report has a column for.

use serde::{Deserialize, Serialize};

/// The kind of an applicant, one column of table 3 of the annual report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// A human being (自然人).
    NaturalPerson,
    /// A business (商业企业).
    CommercialEnterprise,
    /// A research institution (科研机构).
    ResearchInstitution,
    /// An organisation for the public good (社会公益组织).
    PublicWelfareOrg,
    /// A law firm or another legal service (法律服务机构).
    LegalServiceOrg,
    /// Any other legal person or organisation (其他).
    OtherOrg,
}

impl ApplicantKind {
    /// Every kind, in the order of the form's columns.
    pub const ALL: &'static [Self] = &[
        Self::NaturalPerson,
        Self::CommercialEnterprise,
        Self::ResearchInstitution,
        Self::PublicWelfareOrg,
        Self::LegalServiceOrg,
        Self::OtherOrg,
    ];

    /// The name in the API, in files and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::NaturalPerson => "natural_person",
            Self::CommercialEnterprise => "commercial_enterprise",
            Self::ResearchInstitution => "research_institution",
            Self::PublicWelfareOrg => "public_welfare_org",
            Self::LegalServiceOrg => "legal_service_org",
            Self::OtherOrg => "other_org",
        }
    }

    /// The kind with this code; `None` for any other text. The inverse of [`ApplicantKind::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The Chinese name, as the form's column heading has it.
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::NaturalPerson => "自然人",
            Self::CommercialEnterprise => "商业企业",
            Self::ResearchInstitution => "科研机构",
            Self::PublicWelfareOrg => "社会公益组织",
            Self::LegalServiceOrg => "法律服务机构",
            Self::OtherOrg => "其他",
        }
    }

    /// The English name.
    pub fn label_en(self) -> &'static str {
        match self {
            Self::NaturalPerson => "natural person",
            Self::CommercialEnterprise => "commercial enterprise",
            Self::ResearchInstitution => "research institution",
            Self::PublicWelfareOrg => "public welfare organisation",
            Self::LegalServiceOrg => "legal service organisation",
            Self::OtherOrg => "other organisation",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ApplicantKind;
    use crate::domain::channel::tests::assert_coded;

    #[test]
    fn applicant_kinds_are_coded() {
        assert_coded(
            ApplicantKind::ALL,
            ApplicantKind::code,
            ApplicantKind::parse,
            [ApplicantKind::label_zh, ApplicantKind::label_en],
        );
        assert_eq!(ApplicantKind::ALL.len(), 6);
    }
}
