//! The master key from a command: the one place where another program is started.

use std::io::Read as _;
use std::process::{Command, Stdio};

use zeroize::Zeroizing;

use super::{MAX_FILE_BYTES, MasterKey, MasterKeyError};

impl MasterKey {
    /// The key that a command of the shell prints, such as one that asks a vault. What it says on standard error is passed on.
    ///
    /// # Errors
    /// `Command` when it does not end well; those of [`MasterKey::parse`].
    pub fn of_command(command: &str) -> Result<Self, MasterKeyError> {
        let failed = |reason: String| MasterKeyError::Command(reason);
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = shell.spawn().map_err(|error| failed(format!("cannot be run: {error}")))?;
        let mut text = Zeroizing::new(Vec::with_capacity(512));
        if let Some(out) = child.stdout.take() {
            // A key is short: of a command that goes on, no more is read, and it ends by writing to nobody.
            out.take(MAX_FILE_BYTES)
                .read_to_end(&mut text)
                .map_err(|error| failed(format!("cannot be read: {error}")))?;
        }
        let status = child.wait().map_err(|error| failed(format!("cannot be waited for: {error}")))?;
        if !status.success() {
            return Err(failed(format!("failed ({status})")));
        }
        let source = "the command of GONGKAI_MASTER_KEY_COMMAND";
        let text = std::str::from_utf8(&text).map_err(|_| MasterKeyError::MalformedText(source))?;
        Self::parse(text, source)
    }
}
