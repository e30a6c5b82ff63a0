//! The rules, pure: nothing here reads a clock, a file, a socket, an environment variable or randomness,
//! and nothing here knows how a case is stored or served.
