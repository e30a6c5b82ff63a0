//! What a submission freezes (送审): the draft and the files that go out with it, under one hash. Each decision of the review
//! names that hash, and so does the issue: what is reviewed is what is sent.

use sha2::{Digest as _, Sha256};

use super::event::{Digest, FrozenFile};

/// What is hashed before the parts, so that no other hash of ours has the same bytes.
const LABEL: &[u8] = b"gongkai-reply-submission/v1";

/// The hash of a submission: SHA-256 over the label, the draft's hash, and for each file its id and the keyed hash of its
/// content, in the order in which they were attached, each part behind its length (8 bytes, big endian).
///
/// Without files it is the draft's hash: records of before files were frozen read, and hash, as they did.
///
/// ```
/// use gongkai::domain::case::event::{Digest, FrozenFile};
/// use gongkai::domain::case::submission::frozen_hash;
/// use gongkai::domain::ids::AttachmentId;
///
/// let draft = Digest([7; 32]);
/// assert_eq!(frozen_hash(draft, &[]), draft);
/// let file = FrozenFile { attachment: AttachmentId(uuid::Uuid::from_u128(1)), content: Digest([1; 32]) };
/// assert_ne!(frozen_hash(draft, &[file]), draft);
/// ```
pub fn frozen_hash(draft: Digest, files: &[FrozenFile]) -> Digest {
    if files.is_empty() {
        return draft;
    }
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        // No platform has slices longer than a u64 can say.
        hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(bytes);
    };
    part(LABEL);
    part(&draft.0);
    for file in files {
        part(file.attachment.0.as_bytes());
        part(&file.content.0);
    }
    Digest(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::AttachmentId;

    fn file(id: u128, content: u8) -> FrozenFile {
        FrozenFile { attachment: AttachmentId(Uuid::from_u128(id)), content: Digest([content; 32]) }
    }

    #[test]
    fn it_covers_the_draft_and_every_file_and_their_order() {
        let (draft, other) = (Digest([7; 32]), Digest([8; 32]));
        let (one, two) = (file(1, 1), file(2, 2));
        assert_eq!(frozen_hash(draft, &[]), draft, "old records keep theirs");
        let mut hashes: Vec<Digest> = [
            vec![],
            vec![one],
            vec![two],
            vec![one, two],
            vec![two, one],
            vec![one, one],
            vec![file(1, 2)],
            vec![file(2, 1)],
        ]
        .iter()
        .flat_map(|files| [frozen_hash(draft, files), frozen_hash(other, files)])
        .collect();
        let count = hashes.len();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), count, "two submissions that differ have one hash");
    }

    #[test]
    fn it_is_framed_as_the_other_hashes_of_the_record() {
        let id = Uuid::from_u128(1);
        let parts: [&[u8]; 4] = [LABEL, &[7; 32], id.as_bytes(), &[1; 32]];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap().to_be_bytes());
            hash.update(part);
        }
        assert_eq!(frozen_hash(Digest([7; 32]), &[file(1, 1)]), Digest(hash.finalize().into()));
    }
}
