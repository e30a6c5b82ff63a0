//! Files in the export of their case.

use std::io::{Cursor, Read as _, Write as _};

use gongkai::audit::export::verify_export;
use serde_json::Value;

use super::home::all_homes;
use super::received;
use crate::api::archive::export::unzipped;
use crate::support::files::{TEXT, attach, export_with_files};

all_homes! {
    fn the_files_of_a_case_are_handed_out_with_it_and_verified(home) {
        let office = home.open();
        let case = received(&office);
        let clerk = office.as_role("clerk").if_match("*");
        let long: Vec<u8> = b"0123456789abcdef\n".repeat(70_000);
        attach(&clerk, &case.id, "evidence", "收据.txt", TEXT).must(200);
        attach(&clerk, &case.id, "other", "长.txt", &long).must(200);
        attach(&clerk, &case.id, "identity_proof", "身份证明.txt", b"shows who it is").must(200);
        let catalogue = clerk.get(&case.path("/archive")).must(200);
        let title = |n: usize| catalogue.at(&format!("/pieces/{n}/title")).as_str().unwrap().to_owned();
        assert_eq!([title(1), title(2)], ["附件（第1件，凭证）", "附件（第2件，其他材料）"]);
        let bytes = export_with_files(&clerk, &case.id).must(200).bytes;
        let sound = verify_export(Cursor::new(&bytes), None).unwrap();
        assert!(sound.is_sound(), "{:?}", sound.faults);
        let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut anew = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let (mut files, mut page) = (Vec::new(), String::new());
        for n in 0..zip.len() {
            let mut file = zip.by_index(n).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            let name = file.name().unwrap().into_owned();
            if name == "index.html" {
                page = String::from_utf8(content.clone()).unwrap();
            }
            anew.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
            if name.starts_with("attachments/") {
                files.push((name, content.clone()));
                content[3] ^= 1;
            }
            anew.write_all(&content).unwrap();
        }
        let named = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
        let wanted =
            [named("attachments/0002-凭证.txt", TEXT), named("attachments/0003-其他材料.txt", &long)];
        assert!(files == wanted, "each as it was sent, and no proof of identity");
        assert_eq!(page.matches("<a href=\"attachments/").count(), 2);
        let changed = verify_export(anew.finish().unwrap(), None).unwrap();
        let told: Vec<&str> = changed.faults.iter().map(|fault| fault.file.as_str()).collect();
        assert_eq!(told, ["attachments/0002-凭证.txt", "attachments/0003-其他材料.txt"], "{:?}", changed.faults);
        // Without a reason what people wrote is not in it, and it is said that it is not.
        let masked = clerk.get(&case.path("/export")).must(200).bytes;
        assert!(verify_export(Cursor::new(&masked), None).unwrap().is_sound());
        let files = unzipped(&masked);
        assert!(!files.keys().any(|name| name.starts_with("attachments/")), "{:?}", files.keys());
        let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        let reasons: Vec<&str> =
            manifest["left_out"].as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["personal_data", "personal_data", "identity_proof"]);
        let read_me = String::from_utf8(files["README-核验说明.txt"].clone()).unwrap();
        assert!(read_me.contains("附件：附0件，未附1件（身份证明），未附2件（可能载有个人信息）"), "{read_me}");
    }
}
