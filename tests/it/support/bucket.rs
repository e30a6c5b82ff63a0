//! A real S3-compatible server on a folder (`s3s-fs`), which checks signatures: what a MinIO would be to the program.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The bucket's name.
pub const BUCKET: &str = "gongkai";
/// Who may use it.
pub const ACCESS_KEY: &str = "gongkai-files";
pub const SECRET_KEY: &str = "a-secret-of-nobody-0123456789";

/// It listens while it lives.
pub struct BucketServer {
    pub address: SocketAddr,
    root: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl BucketServer {
    /// On a folder, which is made with the bucket in it.
    pub fn start(root: &Path) -> Self {
        Self::at(SocketAddr::from(([127, 0, 0, 1], 0)), root)
    }

    /// The same at an address, where one listened before.
    pub fn at(address: SocketAddr, root: &Path) -> Self {
        std::fs::create_dir_all(root.join(BUCKET)).unwrap();
        let (told, address_of) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let folder = root.to_owned();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind(address).await.unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                let files = s3s_fs::FileSystem::new(&folder).unwrap();
                let mut service = S3ServiceBuilder::new(files);
                service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
                let service = service.build();
                let serving = async {
                    loop {
                        let (socket, _) = listener.accept().await.unwrap();
                        let service = service.clone();
                        // Who goes away in the middle is no mistake of ours.
                        tokio::spawn(async move {
                            let _ =
                                http1::Builder::new().serve_connection(TokioIo::new(socket), service).await;
                        });
                    }
                };
                tokio::select! { () = serving => {}, _ = stopped => {} }
            });
            // Connections end with the runtime.
        });
        let address = address_of.recv().unwrap();
        Self { address, root: root.to_owned(), stop: Some(stop), thread: Some(thread) }
    }

    /// Away, and back at the same address.
    pub fn restart(&mut self) {
        self.stop();
        *self = Self::at(self.address, &self.root.clone());
    }

    /// The settings that name it, with no proxy before it; the secret is in a file of its own.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let secret = self.root.join("secret.key");
        std::fs::write(&secret, SECRET_KEY).unwrap();
        vec![
            ("GONGKAI_S3_URL", format!("http://{}/{BUCKET}/office", self.address)),
            ("GONGKAI_S3_ACCESS_KEY", ACCESS_KEY.to_owned()),
            ("GONGKAI_S3_SECRET_KEY_FILE", secret.display().to_string()),
            ("NO_PROXY", self.address.ip().to_string()),
        ]
    }

    /// It goes away.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for BucketServer {
    fn drop(&mut self) {
        self.stop();
    }
}
